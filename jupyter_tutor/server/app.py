"""The server extension: adds the tutor to a Jupyter server, and starts it when it is first used."""

import asyncio
import importlib
from concurrent.futures import Future
from functools import cached_property
from threading import Thread
from typing import cast

from jupyter_server.extension.application import ExtensionApp
from jupyter_server.utils import url_path_join
from traitlets import Bool

from jupyter_tutor.config import Settings, Tutor, forget_secrets
from jupyter_tutor.domain.errors import Unavailable
from jupyter_tutor.server.gateway import Backend, GatewayHandler

PREFIX = "jupyter-tutor/api"
NO_START = (
    "The tutor could not start. Its server's log says why; `jupyter tutor db check` looks at the "
    "database."
)


class TutorApp(ExtensionApp):
    """Jupyter Tutor as an extension of a Jupyter server.

    Its configuration file is `jupyter_tutor_config.py`; its traits are those of `c.Tutor`.
    """

    name = "tutor"
    app_name = "Jupyter Tutor"
    load_other_extensions = True
    classes = [Tutor]  # noqa: RUF012 - traitlets' way of naming what can be configured

    start_now = Bool(
        default_value=False,
        help="Whether the tutor starts with the server. Default: at the first request to it.",
    ).tag(config=True)

    _starting: "Future[Backend] | None" = None
    _stopped = False

    @cached_property
    def _configured(self) -> Settings:
        """What was configured, read once: kernels of this server must not inherit secrets."""
        settings = Tutor(parent=self).settings()
        forget_secrets()
        return settings

    def initialize_handlers(self) -> None:
        """Put the gateway at every path below the prefix."""
        settings = self._configured
        self.handlers.append(
            (
                url_path_join("/", PREFIX, "(.*)"),
                GatewayHandler,
                {"backend": self.backend, "max_body_bytes": settings.max_body_bytes},
            )
        )

    async def _start_jupyter_server_extension(self, serverapp: object) -> None:  # noqa: ARG002
        """Start in the background when `start_now` is set."""
        if self.start_now:
            self._begin()

    async def backend(self) -> Backend:
        """Return the running tutor, starting it when nobody has yet.

        Raises:
            Unavailable: It could not start; the next request tries again.
        """
        if self._stopped:
            raise Unavailable("The server is stopping. Try again when it is back.")
        starting = self._begin()
        try:
            return await asyncio.shield(asyncio.wrap_future(starting))
        except Unavailable:
            self._forget(starting)
            raise

    async def stop_extension(self) -> None:
        """Stop the worker and leave the database, when the tutor was started."""
        self._stopped = True
        starting, self._starting = self._starting, None
        if starting is not None:
            if starting.done() and starting.exception() is None:
                await starting.result().hang_up()
            await asyncio.get_running_loop().run_in_executor(None, _close, starting)

    def _begin(self) -> "Future[Backend]":
        if self._starting is None:
            starting: Future[Backend] = Future()
            self._starting = starting
            Thread(target=self._start, args=(starting,), name="tutor-start", daemon=True).start()
        return self._starting

    def _forget(self, starting: "Future[Backend]") -> None:
        if self._starting is starting:
            self._starting = None

    def _start(self, starting: "Future[Backend]") -> None:
        """Build the tutor in a thread of its own: imports, database, migrations, worker."""
        try:
            serving = importlib.import_module("jupyter_tutor.bootstrap.serving")
            routes = importlib.import_module("jupyter_tutor.server.routes")
            tutor = serving.start(self._configured, self.log)
            starting.set_result(cast("Backend", routes.Routes(tutor)))
        except Unavailable as error:
            # Whoever waits gets it; logged, since with `start_now` nobody may be waiting.
            self.log.error("The tutor could not start: %s", error.message)
            starting.set_exception(error)
        except BaseException as error:
            # Never as it is: a SystemExit that came out of the future would end the whole server.
            self.log.error("The tutor could not start", exc_info=error)
            starting.set_exception(Unavailable(NO_START))


def _close(starting: "Future[Backend]") -> None:
    if starting.exception() is None:
        starting.result().close()
