"""Wire types of what comes in: bodies of requests, which refuse unknown fields and wrong types."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from jupyter_tutor.domain.conversations import LONGEST_MESSAGE
from jupyter_tutor.domain.hint_feedback import FeedbackMark
from jupyter_tutor.domain.people import LearningStyle, SkillLevel
from jupyter_tutor.domain.reviews import LONGEST_COMMENT, ReadingMode

Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)]
CellId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class Request(BaseModel):
    """Base of every body that comes in."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class ProfileBody(Request):
    """What a person says of themselves."""

    language: Language | None = None
    skill_level: Annotated[SkillLevel | None, Field(strict=False)] = None
    learning_style: Annotated[LearningStyle | None, Field(strict=False)] = None
    goals: Annotated[list[Annotated[str, Field(max_length=500)]], Field(max_length=20)] = []
    interests: Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=20)] = []
    hours_per_week: Annotated[float | None, Field(ge=0, le=100, allow_inf_nan=False)] = None
    time_zone: Annotated[str | None, Field(max_length=64)] = None
    preferences: Annotated[
        dict[Annotated[str, Field(max_length=64)], bool | int | float | str], Field(max_length=50)
    ] = {}


class OpenLessonBody(Request):
    """Put the learner's copy of a lesson into their files.

    `update`: what to do when the learner's copy comes from an older revision: "keep" leaves it,
    "merge" brings in the new one and keeps every answer.
    """

    exercise: Slug | None = None
    update: Literal["keep", "merge"] = "keep"


class CellBody(Request):
    """The source of one answer cell."""

    id: CellId
    source: Annotated[str, Field(max_length=200_000)]


class AnswerBody(Request):
    """What the learner wrote, and the revision their copy was made from (its content hash)."""

    revision: Annotated[str | None, Field(pattern=r"^[0-9a-f]{64}$")] = None
    cells: Annotated[list[CellBody], Field(max_length=50)] = []
    responses: Annotated[dict[CellId, str | float | int | list[str]], Field(max_length=200)] = {}


class HintBody(Request):
    """Ask for the next hint, about the latest run; its level is decided by the server.

    `accept_cost`: the price the learner was told and accepts to pay, in points.
    """

    language: Language | None = None
    accept_cost: Annotated[float, Field(ge=0, le=1000)] = 0.0


class ConsentBody(Request):
    """Whether the caller agrees, and the version of the text they were shown."""

    given: bool
    version: Annotated[int, Field(ge=1, le=1_000_000)]


class SayBody(Request):
    """Ask the tutor something about an exercise; Markdown."""

    text: Annotated[str, Field(max_length=LONGEST_MESSAGE)]
    language: Language | None = None


class FeedbackBody(Request):
    """What the learner thinks of a hint."""

    mark: Annotated[FeedbackMark, Field(strict=False)]
    text: Annotated[str, Field(max_length=2_000)] = ""


class ExplanationBody(Request):
    """Why the code of a bottom-out works, in the learner's words."""

    text: Annotated[str, Field(max_length=2_000)]


Points = Annotated[float, Field(ge=0, le=1000)]


class HintCosts(Request):
    """Points that a hint of a rung costs; rungs not named are free."""

    nudge: Points | None = None
    concept: Points | None = None
    pointer: Points | None = None
    steps: Points | None = None
    bottom_out: Points | None = None


class HintSettingsBody(Request):
    """Settings of help, as a whole; null says nothing and leaves it to the more general.

    `deepest`: the deepest rung, 0 to 5; 5 also where the author allows less. `exam`: only results
    are explained; said for a learner, false takes the exam of course or exercise from them.
    `conversations_visible`: whether instructors read conversations; said for a course only.
    """

    deepest: Annotated[int | None, Field(ge=0, le=5)] = None
    exam: bool | None = None
    most_hints: Annotated[int | None, Field(ge=0, le=20)] = None
    costs: HintCosts | None = None
    model: bool | None = None
    chat: bool | None = None
    cloud: bool | None = None
    conversations_visible: bool | None = None


Remark = Annotated[str, Field(max_length=LONGEST_COMMENT)]


class ReadingsBody(Request):
    """Have the waiting answers to an exercise read: "now", or in a "batch" at half the price."""

    mode: Annotated[ReadingMode, Field(strict=False)]


class NothingBody(Request):
    """Nothing is to be said: the address says what is to be done."""


class ReleasesBody(Request):
    """Release drafts as they are: those of `submissions` that nothing is in doubt about.

    They are what the instructor was shown; what has been drafted since is not released.
    """

    submissions: Annotated[list[UUID], Field(max_length=10_000)]


class ReleaseBody(Request):
    """What an instructor decided.

    Each criterion has its level. `reasons` says why one differs from what was drafted or released
    before; `comments` and `comment` are for the learner. `releases` is how many releases the
    instructor has seen: with another number somebody else has released it meanwhile. `draft` is the
    reading that made the draft they saw, null where they saw none: another has come meanwhile.
    """

    levels: Annotated[dict[CellId, Annotated[int, Field(ge=0, le=100)]], Field(max_length=50)]
    reasons: Annotated[dict[CellId, Remark], Field(max_length=50)] = {}
    comments: Annotated[dict[CellId, Remark], Field(max_length=50)] = {}
    comment: Remark = ""
    releases: Annotated[int, Field(ge=0, le=1_000_000)]
    draft: UUID | None = None
