"""Configuration: traitlets for people, a frozen `Settings` for the code.

Shared by the server extension and the command line: `c.Tutor.<trait>` in `jupyter_tutor_config.py`
or `jupyter_server_config.py`. Secrets come from the environment. Nothing else reads either.
"""

import math
import os
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from jupyter_core.paths import jupyter_data_dir
from traitlets import Bool, Dict, Enum, Float, Int, TraitError, Unicode, validate
from traitlets.config import Configurable

from jupyter_tutor.domain.endpoints import (
    Endpoint,
    EndpointClient,
    KeyHeader,
    check_transport,
    endpoint_host,
    is_local,
    reaches_cloud,
    takes_effort,
)
from jupyter_tutor.domain.errors import InvalidInput
from jupyter_tutor.domain.pricing import price_from, price_of
from jupyter_tutor.domain.quotas import Budgets

DATABASE_URL_VARIABLE = "JUPYTER_TUTOR_DATABASE_URL"
MODEL_KEY_VARIABLE = "JUPYTER_TUTOR_MODEL_KEY"
ANTHROPIC_KEY_VARIABLE = "ANTHROPIC_API_KEY"
HUB_SERVICE_VARIABLE = "JUPYTERHUB_SERVICE_NAME"


def forget_secrets(environ: MutableMapping[str, str] = os.environ) -> None:
    """Take the secrets out of an environment, once they were read: kernels inherit that.

    `ANTHROPIC_API_KEY` stays: it is for notebooks as well, and documented to be.
    """
    environ.pop(MODEL_KEY_VARIABLE, None)
    environ.pop(DATABASE_URL_VARIABLE, None)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the tutor was told.

    Attributes:
        database_url: A PostgreSQL URL, or "" for the embedded server.
        data_dir: Where the embedded server keeps its data.
        run_worker: Whether this server grades too.
        worker_concurrency: Runs of a worker at the same time; 0 means as many as `sandboxes`.
        open_enrollment: Whether anybody the server knows may learn in any course.
        max_body_bytes: Largest request body.
        long_poll_seconds: Longest wait for a result in one request.
        language: Language code of people who have not chosen one.
        publish_sample_course: Whether an empty embedded database gets the sample course, and
            later versions of it.
        keep_keys_days: How long idempotency keys are kept.
        keep_failed_jobs_days: How long jobs that failed for good are kept.
        isolation: The weakest isolation of runs that is accepted, or "auto".
        sandboxes: Runs at the same time on this machine; 0 means what it can bear.
        secret_tries: Submissions within an hour to an exercise with secret tests that need no
            pause.
        worker_metrics_port: Where a worker process serves metrics, or 0.
        hub_service: Whether this runs as a service of a JupyterHub.
        endpoint: Where a language model is asked, or None: then none is.
        model_problem: Why none is asked although one is configured, or "".
        budgets: The most that it may cost.
    """

    database_url: str
    data_dir: Path
    run_worker: bool
    worker_concurrency: int
    open_enrollment: bool
    max_body_bytes: int
    long_poll_seconds: float
    language: str
    publish_sample_course: bool
    keep_keys_days: float = 30.0
    keep_failed_jobs_days: float = 30.0
    isolation: str = "auto"
    sandboxes: int = 0
    secret_tries: int = 10
    worker_metrics_port: int = 0
    hub_service: bool = False
    endpoint: Endpoint | None = None
    model_problem: str = ""
    budgets: Budgets = field(default_factory=Budgets)

    @property
    def embedded(self) -> bool:
        """Whether the embedded PostgreSQL is used."""
        return not self.database_url

    @property
    def classroom(self) -> bool:
        """Whether other people's answers run here: with a database of one's own, or on a Hub."""
        return not self.embedded or self.hub_service

    @property
    def weakest_isolation(self) -> str:
        """The weakest level that runs may have: in a classroom at least "landlock"."""
        if self.classroom and self.isolation in ("auto", "limits"):
            return "landlock"
        return "limits" if self.isolation == "auto" else self.isolation


class Tutor(Configurable):
    """The traits of Jupyter Tutor."""

    database_url = Unicode(
        "",
        help="URL of a PostgreSQL >= 15, such as postgresql://user@host/name. Empty: the embedded "
        f"server. The environment variable {DATABASE_URL_VARIABLE} is better for a password.",
    ).tag(config=True)
    data_dir = Unicode(
        "",
        help="Directory of the embedded PostgreSQL. Empty: `tutor` in the user's Jupyter data "
        "directory.",
    ).tag(config=True)
    run_worker = Bool(
        None,
        allow_none=True,
        help="Whether this server grades too. Default: only with the embedded PostgreSQL; else "
        "start `jupyter tutor worker` somewhere.",
    ).tag(config=True)
    worker_concurrency = Int(
        0,
        min=0,
        help="How many runs a worker does at the same time, at most `sandboxes`. 0: as many as "
        "those.",
    ).tag(config=True)
    isolation = Enum(
        ("auto", "namespaces", "landlock", "limits"),
        "auto",
        help="The weakest isolation of answers that is accepted. auto: on a laptop whatever can be "
        "had, in a classroom (with a database of your own, or as a service of a JupyterHub) at "
        "least landlock, which `limits` means there too.",
    ).tag(config=True)
    sandboxes = Int(
        0,
        min=0,
        help="How many answers run at the same time on this machine. 0: one for each processor "
        "(two on one), as far as memory reaches.",
    ).tag(config=True)
    secret_tries = Int(
        10,
        min=1,
        help="How often a learner may submit to an exercise with secret tests within an hour "
        "before the next submission has to wait, a minute at first and then longer. Three times "
        "as often the tests may be run.",
    ).tag(config=True)
    worker_metrics_port = Int(
        0,
        min=0,
        max=65_535,
        help="Port on 127.0.0.1 where `jupyter tutor worker` serves metrics for Prometheus. 0: "
        "nowhere.",
    ).tag(config=True)
    open_enrollment = Bool(
        default_value=True,
        help="Whether anybody this server knows may learn in any course.",
    ).tag(config=True)
    max_body_bytes = Int(
        2 * 1024 * 1024, min=1024, help="The largest request body the tutor accepts, in bytes."
    ).tag(config=True)
    long_poll_seconds = Float(
        25.0, min=0.0, max=30.0, help="The longest wait for a result in one request, in seconds."
    ).tag(config=True)
    language = Unicode("en", help="Language code for people who have not chosen one.").tag(
        config=True
    )
    publish_sample_course = Bool(
        default_value=True,
        help="Whether an empty embedded database gets the sample course, and later versions of it "
        "as long as nobody changed it.",
    ).tag(config=True)
    keep_keys_days = Float(
        30.0,
        min=1.0,
        help="How many days a worker keeps the keys by which it knows a repeated request.",
    ).tag(config=True)
    keep_failed_jobs_days = Float(
        30.0, min=1.0, help="How many days a worker keeps jobs that failed for good."
    ).tag(config=True)

    model_client = Enum(
        ("", *(client.value for client in EndpointClient)),
        "",
        help="How a language model is asked: anthropic (also for servers of one's own that speak "
        "the Messages API), bedrock, bedrock-mantle, vertex or foundry. Empty: no model is asked, "
        f"whatever the environment holds. The key comes from {MODEL_KEY_VARIABLE}, with anthropic "
        f"and no address of its own else from {ANTHROPIC_KEY_VARIABLE}.",
    ).tag(config=True)
    model = Unicode("claude-haiku-5-5", help="The model, by its name at the endpoint.").tag(
        config=True
    )
    model_url = Unicode(
        "",
        help="Address of the endpoint without /v1, such as http://localhost:11434. Empty: that of "
        "the client. Foundry needs one.",
    ).tag(config=True)
    model_is_cloud = Bool(
        None,
        allow_none=True,
        help="Whether what is sent leaves your organisation: then learners are asked, and courses "
        "can rule it out. Default: yes, unless model_url is on this machine. True is for a proxy "
        "there that hands on to a cloud, False for a server of your own elsewhere.",
    ).tag(config=True)
    model_region = Unicode("", help="Region of bedrock or vertex.").tag(config=True)
    model_project = Unicode("", help="Project of vertex.").tag(config=True)
    model_key_header = Enum(
        tuple(header.value for header in KeyHeader),
        KeyHeader.BEARER.value,
        help="The header in which the key goes; some gateways look at x-api-key only.",
    ).tag(config=True)
    model_headers = Dict(
        key_trait=Unicode(),
        value_trait=Unicode(),
        help="Further headers of each request. Not for secrets.",
    ).tag(config=True)
    model_prices = Dict(
        key_trait=Unicode(),
        value_trait=Dict(),
        help="Prices by model, in US dollars for a million tokens: {'model': {'input': 0.1, "
        "'output': 0.5}}, and where they differ cache_write_5m, cache_write_1h, cache_read, "
        "long_context_over, long_context_factor, batch_factor, version. They win over the known "
        "ones; a model that is neither known nor on this machine needs one.",
    ).tag(config=True)
    model_structured_output = Bool(
        None,
        allow_none=True,
        help="Whether the endpoint is asked to hold replies to a schema. Default: only Anthropic's "
        "own. Replies are checked in any case.",
    ).tag(config=True)
    model_caching = Bool(
        None,
        allow_none=True,
        help="Whether the endpoint is asked to store what all learners share. Default: yes, except "
        "with anthropic at an address of your own.",
    ).tag(config=True)
    model_batches = Bool(
        None,
        allow_none=True,
        help="Whether the endpoint takes batches, at half the price and within a day. Default: "
        "only Anthropic's own. It needs the client anthropic.",
    ).tag(config=True)
    model_effort = Enum(
        ("auto", "", "low", "medium", "high"),
        "auto",
        help="How much the model is to think. auto: low, where Anthropic's own endpoint has a "
        "model that takes it. Empty: the endpoint is not told.",
    ).tag(config=True)
    model_seconds = Float(
        20.0, min=1.0, max=60.0, help="The longest time for one answer, further tries included."
    ).tag(config=True)
    model_most_tokens = Int(
        2_000, min=200, max=16_000, help="The longest reply in tokens, thinking included."
    ).tag(config=True)

    learner_day_budget = Float(
        None,
        allow_none=True,
        help="The most that a language model may cost on one learner in a day, in US dollars. "
        "Default: no limit.",
    ).tag(config=True)
    learner_month_budget = Float(
        0.10,
        allow_none=True,
        help="The most that a language model may cost on one learner in a month, in US dollars. "
        "From 80 % on learners are told; then hints come from rules. None: no limit.",
    ).tag(config=True)
    course_month_budget = Float(
        None,
        allow_none=True,
        help="The most that a language model may cost on a course in a month, in US dollars. "
        "Default: no limit.",
    ).tag(config=True)

    @validate("learner_day_budget", "learner_month_budget", "course_month_budget")
    def _validate_budget(self, proposal: Mapping[str, float | None]) -> float | None:
        budget = proposal["value"]
        if budget is not None and not 0 <= budget < math.inf:
            raise TraitError("A budget is 0 US dollars or more; None is no limit.")
        return budget

    @validate("database_url")
    def _validate_url(self, proposal: Mapping[str, str]) -> str:
        url = proposal["value"]
        if url and not url.startswith(("postgresql://", "postgresql+psycopg://", "postgres://")):
            raise TraitError(
                "Tutor.database_url must begin with postgresql://, such as "
                "postgresql://tutor@db.example/tutor"
            )
        return url

    @validate("model_url")
    def _validate_model_url(self, proposal: Mapping[str, str]) -> str:
        url = proposal["value"].rstrip("/")
        if url and not url.startswith(("https://", "http://")):
            raise TraitError("Tutor.model_url must begin with https:// or http://")
        return url

    def settings(self, environ: Mapping[str, str] = os.environ) -> Settings:
        """Return what was configured; the environment's database URL wins over the trait's.

        A model that is configured in part only keeps nobody from learning: it is not asked, and
        `model_problem` says what is missing.
        """
        endpoint, problem = None, ""
        try:
            endpoint = self._endpoint(environ) if self.model_client else None
        except InvalidInput as error:
            problem = error.message
        url = environ.get(DATABASE_URL_VARIABLE, "") or self.database_url
        data_dir = Path(self.data_dir) if self.data_dir else Path(jupyter_data_dir()) / "tutor"
        return Settings(
            database_url=url,
            data_dir=data_dir,
            run_worker=not url if self.run_worker is None else self.run_worker,
            worker_concurrency=self.worker_concurrency,
            open_enrollment=self.open_enrollment,
            max_body_bytes=self.max_body_bytes,
            long_poll_seconds=self.long_poll_seconds,
            language=self.language,
            publish_sample_course=self.publish_sample_course,
            keep_keys_days=self.keep_keys_days,
            keep_failed_jobs_days=self.keep_failed_jobs_days,
            isolation=self.isolation,
            sandboxes=self.sandboxes,
            secret_tries=self.secret_tries,
            worker_metrics_port=self.worker_metrics_port,
            hub_service=HUB_SERVICE_VARIABLE in environ,
            endpoint=endpoint,
            model_problem=problem,
            budgets=Budgets(
                learner_day=_dollars(self.learner_day_budget),
                learner_month=_dollars(self.learner_month_budget),
                course_month=_dollars(self.course_month_budget),
            ),
        )

    def _endpoint(self, environ: Mapping[str, str]) -> Endpoint:
        """Return where a model is asked, or say what is missing."""
        client, url = EndpointClient(self.model_client), self.model_url
        own = client is EndpointClient.ANTHROPIC and not url
        key = environ.get(MODEL_KEY_VARIABLE, "")
        key = key or (environ.get(ANTHROPIC_KEY_VARIABLE, "") if own else "")
        self._complain(client, has_key=bool(key) or is_local(url))
        is_cloud = reaches_cloud(client, url, self.model, self.model_is_cloud)
        configured = {name: price_from(told) for name, told in self.model_prices.items()}
        price = price_of(self.model, configured, local=is_local(url) and not is_cloud)
        if price is None:
            raise InvalidInput(
                f"What {self.model} costs is not known: set c.Tutor.model_prices for it."
            )
        effort = self.model_effort
        if effort == "auto":
            hosted = own or client is not EndpointClient.ANTHROPIC
            effort = "low" if hosted and takes_effort(self.model) else ""
        structured, caching = self.model_structured_output, self.model_caching
        batches = self.model_batches
        if batches and client is not EndpointClient.ANTHROPIC:
            raise InvalidInput(f"The model client {client.value} takes no c.Tutor.model_batches.")
        return Endpoint(
            name=client.value if not url else f"{client.value} {endpoint_host(url)}",
            client=client,
            model=self.model,
            price=price,
            url=url,
            region=self.model_region,
            project=self.model_project,
            key=key,
            key_header=KeyHeader(self.model_key_header),
            headers=dict(self.model_headers),
            structured_output=own if structured is None else structured,
            caching=(own or client is not EndpointClient.ANTHROPIC) if caching is None else caching,
            batches=own if batches is None else batches,
            effort=effort,
            seconds=self.model_seconds,
            most_tokens=self.model_most_tokens,
            is_cloud=is_cloud,
        )

    def _complain(self, client: EndpointClient, *, has_key: bool) -> None:
        """Raise when what a client needs is not configured."""
        needed = {
            EndpointClient.BEDROCK: (("model_region", self.model_region),),
            EndpointClient.BEDROCK_MANTLE: (("model_region", self.model_region),),
            EndpointClient.VERTEX: (
                ("model_region", self.model_region),
                ("model_project", self.model_project),
            ),
            EndpointClient.FOUNDRY: (("model_url", self.model_url),),
        }
        missing = [f"c.Tutor.{name}" for name, value in needed.get(client, ()) if not value]
        if self.model_url.endswith("/v1") and client is not EndpointClient.VERTEX:
            raise InvalidInput("c.Tutor.model_url ends before /v1, which the client adds.")
        check_transport(self.model_url)
        if missing:
            raise InvalidInput(f"The model client {client.value} needs {' and '.join(missing)}.")
        if client in (EndpointClient.ANTHROPIC, EndpointClient.FOUNDRY) and not has_key:
            raise InvalidInput(
                f"The model client {client.value} needs a key: set {MODEL_KEY_VARIABLE} in the "
                "environment of the server."
            )


def _dollars(amount: float | None) -> Decimal | None:
    """Return an amount as it was written, so that 0.10 is ten cents."""
    return None if amount is None else Decimal(str(amount))
