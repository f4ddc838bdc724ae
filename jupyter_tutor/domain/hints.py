"""Hints: what a learner was given, what they ran, and how far they may climb.

Which rung comes next is told in `domain.ladder`.
"""

import hashlib
import io
import json
import tokenize
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from uuid import UUID

from jupyter_tutor.domain.diagnosis import Diagnosis
from jupyter_tutor.domain.evaluations import Outcome, Verdict
from jupyter_tutor.domain.exercises import ExerciseContent, HintLevel, Visibility
from jupyter_tutor.domain.submissions import Answer, Attempt, Submission

_ALWAYS_OFFERED = frozenset({HintLevel.RESULT, HintLevel.NUDGE, HintLevel.CONCEPT})
_WHEN_WRITTEN = (HintLevel.POINTER, HintLevel.STEPS)
_NO_CODE = (tokenize.COMMENT, tokenize.NL, tokenize.ENCODING, tokenize.ENDMARKER)
_LONG = 20_000
"""Characters beyond which an answer is not tokenised for its fingerprint: that takes its time."""


class HintSource(StrEnum):
    """Who made a hint."""

    RULES = "rules"
    AUTHOR = "author"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class Hint:
    """A hint a learner was given.

    Attributes:
        id: Key (UUIDv7).
        learner_id: Who asked.
        revision_id: For which revision.
        level: Its rung.
        source: Who made it.
        text: Markdown.
        language: Language code of the text.
        created_at: When (UTC, database time).
        cost: Points the learner accepted to lose for it.
    """

    id: UUID
    learner_id: UUID
    revision_id: UUID
    level: HintLevel
    source: HintSource
    text: str
    language: str
    created_at: datetime
    cost: float = 0.0


@dataclass(frozen=True, slots=True)
class Run:
    """A run of the tests with a verdict: an attempt or a submission.

    Attributes:
        at: When it was asked for.
        answer_hash: Fingerprint of what was run, by `fingerprint`.
        passed: Whether every test passed.
        stopped: Whether an error ended it: an answer cell, or each test that failed.
        hidden: Whether it failed in secret tests alone, so that the run itself shows nothing.
    """

    at: datetime
    answer_hash: str
    passed: bool
    stopped: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class LadderState:
    """Where one learner stands on the ladder of one exercise.

    Attributes:
        runs: Their newest runs, oldest first, and of those before them the last one before each
            hint that the ladder looks back on.
        hints: The hints they were given, oldest first.
        revision_id: The newest revision of the exercise, or None where hints are of that one.
    """

    runs: tuple[Run, ...] = ()
    hints: tuple[Hint, ...] = ()
    revision_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class HintPolicy:
    """How far a learner may climb.

    Attributes:
        deepest: The deepest rung the author allows.
        exam: Whether only results are explained.
        most_hints: Hints above the result that one exercise gives, at most, or None.
        costs: Points per rung; rungs not named are free.
    """

    deepest: HintLevel
    exam: bool = False
    most_hints: int | None = None
    costs: Mapping[HintLevel, float] = field(default_factory=dict)

    @property
    def reach(self) -> HintLevel:
        """The deepest rung that can be given."""
        return HintLevel.RESULT if self.exam else self.deepest

    def left(self, hints: Iterable[Hint]) -> int | None:
        """Return how many more hints above the result there may be, or None for no limit.

        What was given anew for another revision does not count again.
        """
        if self.most_hints is None:
            return None
        given = Counter((each.level, each.revision_id) for each in hints)
        most: dict[HintLevel, int] = {}
        for (level, _), times in given.items():
            if level > HintLevel.RESULT:
                most[level] = max(most.get(level, 0), times)
        return max(self.most_hints - sum(most.values()), 0)

    def cost(self, level: HintLevel) -> float:
        """Return the points that a hint of a rung costs; the result is always free."""
        return 0.0 if level is HintLevel.RESULT else self.costs.get(level, 0.0)


@dataclass(frozen=True, slots=True)
class Offer:
    """A request for a hint gives this rung now, to whoever accepts its price in points."""

    level: HintLevel
    cost: float = 0.0


class WaitFor(StrEnum):
    """What has to happen before the next hint."""

    RUN = "run"
    CHANGED_RUN = "changed_run"
    TIME_OR_CHANGED_RUN = "time_or_changed_run"
    MORE_RUNS = "more_runs"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Wait:
    """A request for a hint gives no new one now.

    Attributes:
        reason: What to do first, for the learner.
        waits_for: The same for programs; `NOTHING` when no further hint will come by that.
        until: When the next rung opens by itself, or None.
        last: The last hint that was given, to be read again.
    """

    reason: str
    waits_for: WaitFor
    until: datetime | None = None
    last: Hint | None = None


@dataclass(frozen=True, slots=True)
class HintRequest:
    """Everything a hint may be made from.

    Attributes:
        level: The rung.
        language: Language code wanted.
        content: The exercise.
        verdict: Of the last run, secret tests included, or None when nothing was run yet.
        answer: What was run last; empty when nothing was run yet.
        previous: Hints given before, oldest first.
        diagnosis: What was found out about the answer, or None.
        lesson: The lesson that tells more about the topic, as Markdown; empty when there is none.
    """

    level: HintLevel
    language: str
    content: ExerciseContent
    verdict: Verdict | None
    answer: Answer
    previous: tuple[Hint, ...] = ()
    diagnosis: Diagnosis | None = None
    lesson: str = ""


@dataclass(frozen=True, slots=True)
class HintDraft:
    """A hint as a model makes it: Markdown, who made it, and its language."""

    text: str
    source: HintSource
    language: str


def levels_offered(content: ExerciseContent) -> frozenset[HintLevel]:
    """Return the rungs an exercise has: those made by rules, and those its author wrote.

    The bottom-out is the author's reference; how far a learner may climb says the policy.
    """
    language = next(iter(content.texts))
    written = {level for level in _WHEN_WRITTEN if content.hint(level, language)}
    shown = {HintLevel.BOTTOM_OUT} if any(cell.reference for cell in content.answer_cells) else ()
    return _ALWAYS_OFFERED.union(written, shown)


def runs_of(attempts: Iterable[Attempt], submissions: Iterable[Submission]) -> tuple[Run, ...]:
    """Return the runs that have a verdict, oldest first."""
    runs = [
        Run(
            attempt.created_at,
            fingerprint(attempt.answer),
            attempt.verdict.passed,
            _stopped(attempt.verdict),
            _hidden(attempt.verdict),
        )
        for attempt in attempts
        if attempt.verdict is not None
    ]
    for submission in submissions:
        if submission.evaluations:
            last = submission.evaluations[-1]
            passed = last.verdict.passed if last.verdict else last.score >= 1
            stopped = last.verdict is not None and _stopped(last.verdict)
            hidden = last.verdict is not None and _hidden(last.verdict)
            ran = fingerprint(submission.answer)
            runs.append(Run(submission.submitted_at, ran, passed, stopped, hidden))
    return tuple(sorted(runs, key=lambda run: run.at))


def _stopped(verdict: Verdict) -> bool:
    """Whether an error, and no wrong value, is what a run shows."""
    ended = [each for each in verdict.cells if each.outcome is not Outcome.NOT_RUN]
    if ended:
        return any(each.outcome is Outcome.ERROR for each in ended)
    failing = [each.outcome for each in verdict.results if each.outcome is not Outcome.PASSED]
    ran = [outcome for outcome in failing if outcome is not Outcome.NOT_RUN]
    return bool(ran) and all(outcome is Outcome.ERROR for outcome in ran)


def _hidden(verdict: Verdict) -> bool:
    """Whether secret tests alone failed."""
    if any(each.outcome is Outcome.ERROR for each in verdict.cells):
        return False
    failing = [each for each in verdict.results if each.outcome is not Outcome.PASSED]
    return bool(failing) and all(each.visibility is Visibility.SECRET for each in failing)


def fingerprint(answer: Answer) -> str:
    """Return a hash of what an answer does: comments, blank lines and spacing do not count."""
    parts = {
        "cells": [(cell.id, _tokens(cell.source)) for cell in answer.cells],
        "responses": dict(answer.responses),
    }
    text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def lines_of(answer: Answer) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the lines of each cell of an answer: equal ones have the same text in each line.

    For `fingerprint` lines may be elsewhere; here only blanks at their ends do not count.
    """
    return tuple(
        (cell.id, tuple(line.rstrip() for line in cell.source.rstrip().split("\n")))
        for cell in answer.cells
    )


@lru_cache(maxsize=512)
def _tokens(source: str) -> tuple[str, ...]:
    if len(source) > _LONG:
        return tuple(source.split())
    try:
        return tuple(
            # What is only blanks counts by its kind: a new depth of indentation, not its width.
            token.string if token.string.strip() else tokenize.tok_name[token.type]
            for token in tokenize.generate_tokens(io.StringIO(source).readline)
            if token.type not in _NO_CODE
        )
    except (tokenize.TokenError, SyntaxError, ValueError):
        return tuple(source.split())
