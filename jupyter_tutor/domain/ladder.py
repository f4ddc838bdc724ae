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

The result is free and explains one run, so it is given again for another one that failed: where
nothing deeper is open now, where what is open has a price or is one of few hints, and where the
run itself shows nothing, since secret tests alone failed. Otherwise what comes next is about that
run as well. A result neither counts nor paces.

A run that an error stopped may be helped by a pointer at once, because talk of concepts does not
mend a typing mistake (Xiao et al. 2024): such a ladder begins at 3 where that pointer is about the
error. Nothing deeper opens by it, and once the answer runs, the rungs passed by come in order, a
pointer about the answer itself included.

A rung may cost points. The price is told first, and the rung is given to whoever accepts it; what
was paid stands in the hint, and in the submissions made after it.

A ladder goes on over the revisions of its exercise, so that no publication opens a cap or sells a
hint twice. Where nothing new is left, the rungs that were given for an earlier revision are given
anew, in the same order and at the same pace: they cost nothing and do not count.

The functions are pure: a service that reads the state, asks and records in one transaction, with
the learner's exercise locked, gives two open tabs one ladder.
"""

import math
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.domain.hints import Hint, HintPolicy, LadderState, Offer, Run, Wait, WaitFor
from jupyter_tutor.domain.phrases import say

READING_TIME: Final = timedelta(seconds=60)
RUNS_BEFORE_STEPS: Final = 3

_OF_NO_USE_TO_AN_ERROR = frozenset({HintLevel.NUDGE, HintLevel.CONCEPT})


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
    if state.runs and state.runs[-1].passed:
        return Wait(say("ladder.passed", language), WaitFor.NOTHING, last=_last(state))
    rungs = frozenset(available)
    step = _climb(state, policy, rungs, now, language, direct=direct)
    if HintLevel.RESULT in rungs and _is_of_another_run(state):
        limited = isinstance(step, Offer) and (step.cost > 0 or policy.most_hints is not None)
        if limited or isinstance(step, Wait) or state.runs[-1].hidden:
            return Offer(HintLevel.RESULT)
    return step


def looked_back_on(hints: Sequence[Hint]) -> tuple[datetime, ...]:
    """Return the moments at which the ladder asks what the last run was: all but old results."""
    return tuple(
        each.created_at for each in hints if each.level > HintLevel.RESULT or each is hints[-1]
    )


def _climb(
    state: LadderState,
    policy: HintPolicy,
    available: frozenset[HintLevel],
    now: datetime,
    language: str,
    *,
    direct: bool,
) -> Offer | Wait:
    """Return what comes next, the result of a run that none was explained of before included."""
    open_rungs = _open(state, policy, available, direct=direct)
    # Without a run there is no result to explain.
    climbable = [level for level in open_rungs if state.runs or level is not HintLevel.RESULT]
    capped = policy.left(state.hints) == 0
    if climbable and (climbable[0] is HintLevel.RESULT or not capped):
        return _gate(climbable[0], policy.cost(climbable[0]), state, now, language)
    if open_rungs and not climbable:
        return Wait(say("ladder.run_first", language), WaitFor.RUN, last=_last(state))
    again = _outdated(state, policy, available)
    if again:
        return _gate(again[0], 0.0, state, now, language)
    reason = "ladder.capped" if climbable else "ladder.all_given"
    key = "ladder.exam" if policy.exam else reason
    return Wait(say(key, language), WaitFor.NOTHING, last=_last(state))


def _open(
    state: LadderState, policy: HintPolicy, available: frozenset[HintLevel], *, direct: bool
) -> list[HintLevel]:
    """Return the rungs that can still be given for the first time, the next one first."""
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


def _outdated(
    state: LadderState, policy: HintPolicy, available: frozenset[HintLevel]
) -> list[HintLevel]:
    """Return the rungs above the result that were last given for another revision."""
    newest = {hint.level: hint.revision_id for hint in state.hints}
    return sorted(
        level
        for level, revision_id in newest.items()
        if state.revision_id not in (None, revision_id)
        and level in available
        and HintLevel.RESULT < level <= policy.reach
    )


def _is_of_another_run(state: LadderState) -> bool:
    """Whether the last run is another than the one that was last told about.

    The same answer is another run where it met another revision.
    """
    last = _last(state)
    if last is None or not state.runs or state.runs[-1].at <= last.created_at:
        return False
    before = _before(last, state.runs)
    renewed = state.revision_id not in (None, last.revision_id)
    return renewed or before is None or before.answer_hash != state.runs[-1].answer_hash


def _was_helped_otherwise(state: LadderState) -> bool:
    """Whether the last answer got a nudge or an idea: then no pointer could be made for it."""
    last = state.runs[-1].answer_hash
    helped = (hint for hint in state.hints if hint.level in _OF_NO_USE_TO_AN_ERROR)
    runs = (_before(hint, state.runs) for hint in helped)
    return any(run is not None and run.answer_hash == last for run in runs)


def _was_stopped(hint: Hint, runs: Sequence[Run]) -> bool:
    """Whether the run that a hint was given on was ended by an error."""
    run = _before(hint, runs)
    return run is not None and run.stopped


def _gate(
    level: HintLevel, cost: float, state: LadderState, now: datetime, language: str
) -> Offer | Wait:
    """Offer a rung, or say what has to happen before it."""
    last = _last(state)
    missing = RUNS_BEFORE_STEPS - len(state.runs) if level >= HintLevel.STEPS else 0
    if missing > 0:
        key = "ladder.more_runs_one" if missing == 1 else "ladder.more_runs"
        return Wait(say(key, language, count=missing), WaitFor.MORE_RUNS, last=last)
    offer = Offer(level, cost)
    above = [hint for hint in state.hints if hint.level > HintLevel.RESULT]
    begins = level is HintLevel.POINTER and not above
    if level <= HintLevel.NUDGE or begins or last is None:
        return offer
    paced = above[-1] if above else last
    if _changed_since(paced, state.runs):
        return offer
    if level > HintLevel.CONCEPT:
        return Wait(say("ladder.changed_run", language), WaitFor.CHANGED_RUN, last=last)
    opens_at = paced.created_at + READING_TIME
    if now >= opens_at:
        return offer
    seconds = math.ceil((opens_at - now).total_seconds())
    reason = say("ladder.time_or_run", language, seconds=seconds)
    return Wait(reason, WaitFor.TIME_OR_CHANGED_RUN, until=opens_at, last=last)


def _changed_since(hint: Hint, runs: Sequence[Run]) -> bool:
    """Whether something else was run after a hint than the last time before it."""
    before = _before(hint, runs)
    since = (run.answer_hash for run in runs if run.at > hint.created_at)
    return any(before is None or answer != before.answer_hash for answer in since)


def _before(hint: Hint, runs: Sequence[Run]) -> Run | None:
    """Return the last run that was made by the time a hint was given."""
    return next((run for run in reversed(runs) if run.at <= hint.created_at), None)


def _last(state: LadderState) -> Hint | None:
    return state.hints[-1] if state.hints else None
