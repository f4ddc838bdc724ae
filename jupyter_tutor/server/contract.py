"""The route table of the HTTP API as data: handlers, OpenAPI and the auth test are made from it."""

from dataclasses import dataclass
from typing import Literal

from jupyter_tutor.server import schemas as wire

PREFIX = "/jupyter-tutor/api"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A query parameter or header of a route."""

    name: str
    place: Literal["query", "header"]
    kind: Literal["string", "number"]
    description: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """One method on one path.

    Attributes:
        name: Stable operation id; also the name of the handler's method.
        method: HTTP method.
        path: Below `PREFIX`, with `{placeholders}`.
        summary: One line.
        reply: Body of the answer.
        body: Body of the request, or None.
        status: Status of success.
        parameters: Beyond those in the path.
        plain: Whether the reply is not sent as JSON: its `text` alone is.
    """

    name: str
    method: Literal["GET", "POST", "PUT"]
    path: str
    summary: str
    reply: type[wire.Reply]
    body: type[wire.Request] | None = None
    status: int = 200
    parameters: tuple[Parameter, ...] = ()
    plain: bool = False


LANGUAGE = Parameter("language", "query", "string", "Language of texts; default from the profile.")
KEY = Parameter(
    "Idempotency-Key",
    "header",
    "string",
    "8 to 128 characters, fresh for each write; a repeat returns the first answer.",
    required=True,
)
WAIT = Parameter("wait", "query", "number", "Seconds to wait for it to settle, at most 30.")

OPERATIONS: tuple[Operation, ...] = (
    Operation("get_health", "GET", "/health", "Whether the tutor works", wire.HealthReply),
    Operation(
        "get_metrics",
        "GET",
        "/metrics",
        "What is counted, for Prometheus; for instructors, or with the server's token",
        wire.MetricsReply,
        plain=True,
    ),
    Operation("get_me", "GET", "/me", "Who the caller is", wire.MeReply),
    Operation(
        "put_profile",
        "PUT",
        "/me/profile",
        "Replace the caller's profile",
        wire.MeReply,
        wire.ProfileBody,
        parameters=(KEY,),
    ),
    Operation(
        "get_courses",
        "GET",
        "/courses",
        "List courses",
        wire.CourseListReply,
        parameters=(LANGUAGE,),
    ),
    Operation(
        "get_course",
        "GET",
        "/courses/{course}",
        "A course with path, outline and next exercise",
        wire.CourseReply,
        parameters=(LANGUAGE,),
    ),
    Operation(
        "get_progress",
        "GET",
        "/courses/{course}/progress",
        "What the tutor knows of the caller",
        wire.ProgressReply,
        parameters=(LANGUAGE,),
    ),
    Operation(
        "open_lesson",
        "POST",
        "/courses/{course}/lessons/{lesson}/open",
        "Put the learner's copy into their files, never overwriting work",
        wire.OpenLessonReply,
        wire.OpenLessonBody,
        parameters=(KEY,),
    ),
    Operation(
        "get_exercise",
        "GET",
        "/courses/{course}/exercises/{exercise}",
        "What the card shows",
        wire.ExerciseReply,
        parameters=(LANGUAGE,),
    ),
    Operation(
        "post_check",
        "POST",
        "/courses/{course}/exercises/{exercise}/checks",
        "Run the tests without handing in",
        wire.AttemptReply,
        wire.AnswerBody,
        status=202,
        parameters=(KEY,),
    ),
    Operation(
        "get_check",
        "GET",
        "/checks/{id}",
        "A run of the tests; waits for it to settle when asked",
        wire.AttemptReply,
        parameters=(WAIT, LANGUAGE),
    ),
    Operation(
        "post_submission",
        "POST",
        "/courses/{course}/exercises/{exercise}/submissions",
        "Hand in an answer",
        wire.SubmissionReply,
        wire.AnswerBody,
        status=202,
        parameters=(KEY,),
    ),
    Operation(
        "get_submissions",
        "GET",
        "/courses/{course}/exercises/{exercise}/submissions",
        "The caller's submissions to an exercise",
        wire.SubmissionListReply,
        parameters=(LANGUAGE,),
    ),
    Operation(
        "get_submission",
        "GET",
        "/submissions/{id}",
        "A submission; waits for it to be graded when asked",
        wire.SubmissionReply,
        parameters=(WAIT, LANGUAGE),
    ),
    Operation(
        "get_evaluations",
        "GET",
        "/submissions/{id}/evaluations",
        "The evaluations of a submission, oldest first",
        wire.EvaluationListReply,
        parameters=(LANGUAGE,),
    ),
    Operation(
        "post_hint",
        "POST",
        "/courses/{course}/exercises/{exercise}/hints",
        "Ask for the next hint",
        wire.HintReply,
        wire.HintBody,
        parameters=(KEY,),
    ),
    Operation(
        "get_hints",
        "GET",
        "/courses/{course}/exercises/{exercise}/hints",
        "Hints so far and what the next request would give",
        wire.HintReply,
        parameters=(LANGUAGE,),
    ),
)
