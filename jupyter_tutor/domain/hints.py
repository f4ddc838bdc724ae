"""The hint ladder: which rung a learner may climb to now, and what is to be done first.

    rung        opens
    0 result    when a run failed
    1 nudge     when asked
    2 concept   a changed run, or 60 seconds to read, after the last hint
    3 pointer   a changed run after the last hint
    4 steps     likewise, and after three runs in all
    5 bottom    likewise

Every rung is given once, the lowest that is not given yet comes next, and none is passed over that
the exercise has. Nothing is hinted at while the last run passed. In an exam the ladder ends at 0.
Pacing after Aleven et al. on hint abuse: between rungs lies a changed run or time to read.

A run that an error stopped may be helped by a pointer at once, because talk of concepts does not
mend a typing mistake (Xiao et al. 2024): such a ladder begins at 3 where that pointer is about the
error. Nothing deeper opens by it, and once the answer runs, the rungs passed by come in order, a
pointer about the answer itself included.

A rung may cost points. The price is told first, and the rung is given to whoever accepts it; what
was paid stands in the hint, and in the submissions made after it.

The functions are pure: a service that reads the state, asks and records in one transaction, with
the learner's exercise locked, gives two open tabs one ladder.
"""

import hashlib
import io
import json
import math
import tokenize
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final
from uuid import UUID

from jupyter_tutor.domain.diagnosis import Diagnosis
from jupyter_tutor.domain.evaluations import Outcome, Verdict
from jupyter_tutor.domain.exercises import ExerciseContent, HintLevel
from jupyter_tutor.domain.phrases import say
from jupyter_tutor.domain.submissions import Answer, Attempt, Submission

READING_TIME: Final = timedelta(seconds=60)
RUNS_BEFORE_STEPS: Final = 3

_ALWAYS_OFFERED = frozenset({HintLevel.RESULT, HintLevel.NUDGE, HintLevel.CONCEPT})
_WHEN_WRITTEN = (HintLevel.POINTER, HintLevel.STEPS)
_OF_NO_USE_TO_AN_ERROR = frozenset({HintLevel.NUDGE, HintLevel.CONCEPT})
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
    """

    at: datetime
    answer_hash: str
    passed: bool
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class LadderState:
    """Where one learner stands on the ladder of one exercise.

    Attributes:
        runs: Their runs, oldest first.
        hints: The hints they were given, oldest first.
    """

    runs: tuple[Run, ...] = ()
    hints: tuple[Hint, ...] = ()


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
        """Return how many more hints above the result there may be, or None for no limit."""
        if self.most_hints is None:
            return None
        return max(self.most_hints - sum(each.level > HintLevel.RESULT for each in hints), 0)

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
        )
        for attempt in attempts
        if attempt.verdict is not None
    ]
    for submission in submissions:
        if submission.evaluations:
            last = submission.evaluations[-1]
            passed = last.verdict.passed if last.verdict else last.score >= 1
            stopped = last.verdict is not None and _stopped(last.verdict)
            runs.append(
                Run(submission.submitted_at, fingerprint(submission.answer), passed, stopped)
            )
    return tuple(sorted(runs, key=lambda run: run.at))


def _stopped(verdict: Verdict) -> bool:
    """Whether an error, and no wrong value, is what a run shows."""
    ended = [each for each in verdict.cells if each.outcome is not Outcome.NOT_RUN]
    if ended:
        return any(each.outcome is Outcome.ERROR for each in ended)
    failing = [each.outcome for each in verdict.results if each.outcome is not Outcome.PASSED]
    ran = [outcome for outcome in failing if outcome is not Outcome.NOT_RUN]
    return bool(ran) and all(outcome is Outcome.ERROR for outcome in ran)


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


def next_rung(
    state: LadderState,
    policy: HintPolicy,
    available: Iterable[HintLevel],
    now: datetime,
    language: str = "en",
    *,
    direct: bool = False,
) -> Offer | Wait:
    """Decide what a request for a hint gives now.

    Args:
        state: The learner's runs and hints on this exercise.
        policy: How far they may climb.
        available: The rungs that can be made for it, such as `levels_offered`.
        now: Database time.
        language: Language code of the reason to wait.
        direct: Whether a pointer would be about the error that stopped the last run: then the
            ladder of that run begins at the pointer.
    """
    last = state.hints[-1] if state.hints else None
    if state.runs and state.runs[-1].passed:
        return Wait(say("ladder.passed", language), WaitFor.NOTHING, last=last)
    open_rungs = _open(state, policy, available, direct=direct)
    # Without a run there is no result to explain.
    climbable = [level for level in open_rungs if state.runs or level is not HintLevel.RESULT]
    if climbable:
        if climbable[0] > HintLevel.RESULT and policy.left(state.hints) == 0:
            return Wait(say("ladder.capped", language), WaitFor.NOTHING, last=last)
        return _gate(climbable[0], state, policy, now, language)
    if open_rungs:
        return Wait(say("ladder.run_first", language), WaitFor.RUN, last=last)
    reason = say("ladder.exam" if policy.exam else "ladder.all_given", language)
    return Wait(reason, WaitFor.NOTHING, last=last)


def _open(
    state: LadderState, policy: HintPolicy, available: Iterable[HintLevel], *, direct: bool
) -> list[HintLevel]:
    """Return the rungs that can still be given, the next one first."""
    stopped = bool(state.runs) and state.runs[-1].stopped
    given: set[HintLevel] = set()
    for hint in state.hints:
        at_an_error = hint.level is HintLevel.POINTER and not given >= _OF_NO_USE_TO_AN_ERROR
        # A pointer at an error says nothing of the answer that runs.
        if stopped or not (at_an_error and _was_stopped(hint, state.runs)):
            given.add(hint.level)
    rungs = {level for level in available if level <= policy.reach} - given
    pointing = direct and stopped and HintLevel.POINTER in rungs
    if pointing and not _was_helped_otherwise(state):
        rungs -= _OF_NO_USE_TO_AN_ERROR
    return sorted(rungs)


def _was_helped_otherwise(state: LadderState) -> bool:
    """Whether the last answer got a nudge or an idea: then no pointer could be made for it."""
    last = state.runs[-1].answer_hash
    for hint in state.hints:
        before = [run.answer_hash for run in state.runs if run.at <= hint.created_at]
        if hint.level in _OF_NO_USE_TO_AN_ERROR and before[-1:] == [last]:
            return True
    return False


def _was_stopped(hint: Hint, runs: Sequence[Run]) -> bool:
    """Whether the run that a hint was given on was ended by an error."""
    before = [run.stopped for run in runs if run.at <= hint.created_at]
    return before[-1:] == [True]


def _gate(
    level: HintLevel, state: LadderState, policy: HintPolicy, now: datetime, language: str
) -> Offer | Wait:
    """Offer a rung, or say what has to happen before it."""
    last = state.hints[-1] if state.hints else None
    missing = RUNS_BEFORE_STEPS - len(state.runs) if level >= HintLevel.STEPS else 0
    if missing > 0:
        key = "ladder.more_runs_one" if missing == 1 else "ladder.more_runs"
        return Wait(say(key, language, count=missing), WaitFor.MORE_RUNS, last=last)
    offer = Offer(level, policy.cost(level))
    begins = all(hint.level is HintLevel.RESULT for hint in state.hints)
    if level <= HintLevel.NUDGE or (level is HintLevel.POINTER and begins) or last is None:
        return offer
    if _changed_since(last.created_at, state.runs):
        return offer
    if level > HintLevel.CONCEPT:
        return Wait(say("ladder.changed_run", language), WaitFor.CHANGED_RUN, last=last)
    opens_at = last.created_at + READING_TIME
    if now >= opens_at:
        return offer
    seconds = math.ceil((opens_at - now).total_seconds())
    reason = say("ladder.time_or_run", language, seconds=seconds)
    return Wait(reason, WaitFor.TIME_OR_CHANGED_RUN, until=opens_at, last=last)


def _changed_since(moment: datetime, runs: Sequence[Run]) -> bool:
    """Whether something else was run after a moment than the last time before it."""
    before = [run.answer_hash for run in runs if run.at <= moment]
    return any(run.at > moment and run.answer_hash not in before[-1:] for run in runs)


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
