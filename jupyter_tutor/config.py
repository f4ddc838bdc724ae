"""Configuration: traitlets for people, a frozen `Settings` for the code.

Shared by the server extension and the command line: `c.Tutor.<trait>` in `jupyter_tutor_config.py`
or `jupyter_server_config.py`. Secrets come from the environment. Nothing else reads either.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jupyter_core.paths import jupyter_data_dir
from traitlets import Bool, Enum, Float, Int, TraitError, Unicode, validate
from traitlets.config import Configurable

DATABASE_URL_VARIABLE = "JUPYTER_TUTOR_DATABASE_URL"
HUB_SERVICE_VARIABLE = "JUPYTERHUB_SERVICE_NAME"


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

    @validate("database_url")
    def _validate_url(self, proposal: Mapping[str, str]) -> str:
        url = proposal["value"]
        if url and not url.startswith(("postgresql://", "postgresql+psycopg://", "postgres://")):
            raise TraitError(
                "Tutor.database_url must begin with postgresql://, such as "
                "postgresql://tutor@db.example/tutor"
            )
        return url

    def settings(self, environ: Mapping[str, str] = os.environ) -> Settings:
        """Return what was configured; the environment's database URL wins over the trait's."""
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
        )
