"""The port of a language model: what services tell it, what they get back.

What a model is told is decided here by type: the facts of a low rung have no place for a reference
solution or an edit. Nothing a model says decides whether an answer is right.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from jupyter_tutor.domain.diagnosis import Diagnosis
from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.domain.model_calls import ModelCall

Report = Callable[[ModelCall], None]
"""Takes what is to be recorded of a call; called once for each, also for those that failed."""


@dataclass(frozen=True, slots=True)
class ExerciseFacts:
    """What a model is told of an exercise: the same for every learner, so that it can be cached.

    Attributes:
        title: Of the exercise.
        prompt: What is asked of the learner, Markdown.
        public_tests: The tests that learners see, as text.
        concepts: What the exercise trains, by slug: the only concepts a hint may name.
    """

    title: str
    prompt: str
    public_tests: tuple[str, ...]
    concepts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LearnerFacts:
    """What a model is told of a learner's work.

    No name and no place: adapters redact it before it leaves.

    Attributes:
        code: Their answer, all cells one after another. Lines are counted through all of it, from
            1; whoever shows them to a model writes the numbers.
        failing: The failing tests they see, as text.
        level: What they know of the topic, in words.
        language: Language code of the reply.
        user_tag: An opaque name of the learner.
        earlier: What was said last, oldest first.
        first_lines: By id of a cell the line of `code` on which it begins; empty where the answer
            is one cell.
        names: What the learner and their accounts are called: redacted in all of the above and
            never sent.
    """

    code: str
    failing: str
    level: str
    language: str
    user_tag: str
    earlier: tuple[str, ...] = ()
    first_lines: Mapping[str, int] = field(default_factory=dict)
    names: frozenset[str] = field(default=frozenset(), repr=False)

    def offset(self, cell: str) -> int:
        """Return what to add to a line of a cell so that it counts through all cells."""
        return self.first_lines.get(cell, 1) - 1


@dataclass(frozen=True, slots=True)
class HintFacts:
    """What a hint is made from.

    Attributes:
        level: The rung.
        exercise: The exercise.
        learner: The learner's work.
        diagnosis: What was observed; below the pointer without its verified edit.
        fix: From the pointer on: the edit that mends the answer, in words for the model. None
            below it.
    """

    level: HintLevel
    exercise: ExerciseFacts
    learner: LearnerFacts
    diagnosis: Diagnosis
    fix: str | None = None

    def __post_init__(self) -> None:
        """Refuse to tell a low rung what it must not know."""
        if self.level < HintLevel.POINTER and (self.fix or self.diagnosis.edits):
            raise ValueError("a hint below the pointer must not know the edit")


@dataclass(frozen=True, slots=True)
class HintReply:
    """A hint as a model wrote it, before the guard.

    Attributes:
        message: Markdown, all that is to be shown: the question is in it.
        concept: Slug of the concept it is about, or "".
        line: The line it names, or None.
        quoted_code: What it quotes of the learner's code or the tests.
        question: The question it asks, or "".
        confidence: 0 to 1, by its own account.
    """

    message: str
    concept: str
    line: int | None
    quoted_code: tuple[str, ...]
    question: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Validation:
    """What a second reading says of a hint, or of a reply in a conversation.

    Attributes:
        correct: Whether what it says is true of this answer.
        on_line: Whether it is about the place of the mistake; of a reply: about the question.
        leaks: Whether it gives away the solution.
    """

    correct: bool
    on_line: bool
    leaks: bool

    @property
    def accepts(self) -> bool:
        """Whether the hint may be shown."""
        return self.correct and self.on_line and not self.leaks


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a conversation: `learner` or `tutor`, and its text."""

    speaker: str
    text: str


@dataclass(frozen=True, slots=True)
class ChatFacts:
    """What a reply in a conversation is made from.

    Attributes:
        level: The deepest rung that the learner has been given: a reply may go no further.
        exercise: The exercise the conversation is about.
        learner: The learner's work.
        diagnosis: What was observed, without its verified edit; None when nothing was run.
        turns: The conversation so far, the learner's question last.
    """

    level: HintLevel
    exercise: ExerciseFacts
    learner: LearnerFacts
    diagnosis: Diagnosis | None
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class ChatReply:
    """A reply in a conversation, before the guard.

    Attributes:
        message: Markdown.
        in_scope: Whether the question was about the exercise or what it trains.
        quoted_code: What it quotes of the learner's code or the tests.
    """

    message: str
    in_scope: bool
    quoted_code: tuple[str, ...]


class TutorModel(Protocol):
    """A language model behind an endpoint. Its methods may run at the same time.

    Each raises `ModelUnavailable` when there is no usable reply, whatever the reason; cancelling
    the task that awaits it ends the request at the endpoint within a second. `seconds` is how long
    it may take in all, further tries included; None: as long as the endpoint is configured for.
    A call that ran out of it is reported as timed out, one whose task was cancelled as cancelled.
    """

    async def hint(
        self, facts: HintFacts, report: Report, *, again: str = "", seconds: float | None = None
    ) -> HintReply:
        """Write a hint.

        Args:
            facts: What it is made from.
            report: Takes what is to be recorded.
            again: Why the last one could not be shown, when this is another try.
            seconds: How long it may take.
        """

    async def validate(
        self,
        facts: HintFacts,
        reply: HintReply,
        report: Report,
        *,
        fix: str = "",
        seconds: float | None = None,
    ) -> Validation:
        """Read a hint once more, as somebody else.

        Args:
            facts: What it was made from.
            reply: The hint.
            report: Takes what is to be recorded.
            fix: The edit that mends the answer, whether or not the writer knew it, or "": who is
                to find what leaks in plain words has to know it. No text comes back.
            seconds: How long it may take.
        """

    async def converse(
        self, facts: ChatFacts, report: Report, *, again: str = "", seconds: float | None = None
    ) -> ChatReply:
        """Answer in a conversation."""

    async def validate_answer(
        self,
        facts: ChatFacts,
        reply: ChatReply,
        report: Report,
        *,
        fix: str = "",
        seconds: float | None = None,
    ) -> Validation:
        """Read a reply of a conversation once more, as somebody else; `fix` as in `validate`."""

    async def close(self) -> None:
        """Let go of connections."""
