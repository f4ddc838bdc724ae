"""The hint ladder: each gate by an example, and walks of two tabs that try to cheat."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from jupyter_tutor.domain.evaluations import Evaluation, Evaluator, Outcome, TestResult, Verdict
from jupyter_tutor.domain.exercises import (
    AnswerCell,
    ExerciseContent,
    ExerciseKind,
    ExerciseText,
    HintLevel,
    Visibility,
)
from jupyter_tutor.domain.hints import (
    Hint,
    HintPolicy,
    HintSource,
    LadderState,
    Offer,
    Run,
    Wait,
    WaitFor,
    fingerprint,
    levels_offered,
    runs_of,
)
from jupyter_tutor.domain.ladder import next_rung
from jupyter_tutor.domain.observations import CellSource
from jupyter_tutor.domain.submissions import Answer, Attempt, GradingStatus, Submission

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
RESULT, NUDGE, CONCEPT, POINTER, STEPS, BOTTOM_OUT = HintLevel
USUAL = (RESULT, NUDGE, CONCEPT, STEPS)
EVERY = tuple(HintLevel)
FAR = HintPolicy(BOTTOM_OUT)
FIRST, SECOND = UUID(int=2), UUID(int=3)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def run(
    seconds: float,
    answer: str,
    *,
    passed: bool = False,
    stopped: bool = False,
    hidden: bool = False,
) -> Run:
    return Run(at(seconds), answer, passed, stopped, hidden)


def hint(seconds: float, level: HintLevel, revision: UUID = FIRST) -> Hint:
    return Hint(
        id=UUID(int=int(seconds * 1000) + level),
        learner_id=UUID(int=1),
        revision_id=revision,
        level=level,
        source=HintSource.RULES,
        text=f"hint {level}",
        language="en",
        created_at=at(seconds),
    )


def state(*happened: Run | Hint, revision: UUID = FIRST) -> LadderState:
    return LadderState(
        runs=tuple(each for each in happened if isinstance(each, Run)),
        hints=tuple(each for each in happened if isinstance(each, Hint)),
        revision_id=revision,
    )


def step(
    stands: LadderState,
    seconds: float,
    *,
    policy: HintPolicy = FAR,
    available: Iterable[HintLevel] = USUAL,
    direct: bool = False,
) -> Offer | Wait:
    return next_rung(stands, policy, available, at(seconds), direct=direct)


def test_a_failed_run_is_explained_first() -> None:
    assert step(state(run(0, "a")), 1) == Offer(RESULT)


def test_a_nudge_comes_when_asked() -> None:
    assert step(state(run(0, "a"), hint(1, RESULT)), 1) == Offer(NUDGE)


def test_before_any_run_a_nudge_can_be_asked_for() -> None:
    assert step(state(), 0) == Offer(NUDGE)


def test_a_result_that_was_not_there_before_comes_before_deeper_rungs() -> None:
    stands = state(hint(0, NUDGE), run(10, "a"))
    assert step(stands, 100) == Offer(RESULT)
    read = state(*stands.hints, *stands.runs, hint(100, RESULT))
    assert step(read, 101) == Offer(CONCEPT)


def test_a_concept_waits_for_a_minute() -> None:
    stands = state(run(0, "a"), hint(1, RESULT), hint(2, NUDGE))
    wait = step(stands, 20)
    assert isinstance(wait, Wait)
    assert (wait.waits_for, wait.until) == (WaitFor.TIME_OR_CHANGED_RUN, at(62))
    assert "42 seconds" in wait.reason
    assert wait.last == hint(2, NUDGE)
    assert step(stands, 61.9) != Offer(CONCEPT)
    assert step(stands, 62) == Offer(CONCEPT)


def test_a_concept_comes_at_once_after_a_changed_run() -> None:
    stands = state(run(0, "a"), hint(1, RESULT), hint(2, NUDGE), run(3, "b"))
    assert step(stands, 4) == Offer(CONCEPT)


def test_running_the_same_again_opens_nothing() -> None:
    stands = state(run(0, "a"), hint(1, RESULT), hint(2, NUDGE), run(3, "a"))
    assert isinstance(step(stands, 4), Wait)


def test_going_back_to_an_older_answer_is_a_change() -> None:
    stands = state(run(0, "a"), run(1, "b"), hint(2, RESULT), hint(3, NUDGE), run(4, "a"))
    assert step(stands, 5) == Offer(CONCEPT)


def test_a_pointer_does_not_open_by_waiting() -> None:
    stands = state(run(0, "a"), hint(1, RESULT), hint(2, NUDGE), hint(70, CONCEPT))
    wait = step(stands, 5_000, available=EVERY)
    assert isinstance(wait, Wait)
    assert (wait.waits_for, wait.until) == (WaitFor.CHANGED_RUN, None)


def test_steps_need_a_changed_run_and_three_runs() -> None:
    climbed = (run(0, "a"), hint(1, RESULT), hint(2, NUDGE), hint(70, CONCEPT))
    two = state(*climbed, run(80, "b"))
    assert step(two, 500) == Offer(RESULT)
    wait = step(state(*climbed, run(80, "b"), hint(81, RESULT)), 500)
    assert isinstance(wait, Wait)
    assert (wait.waits_for, wait.until) == (WaitFor.MORE_RUNS, None)
    assert "one more run" in wait.reason
    unchanged = state(run(0, "x"), run(0.1, "y"), *climbed, run(80, "a"))
    wait = step(unchanged, 500)
    assert isinstance(wait, Wait)
    assert wait.waits_for is WaitFor.CHANGED_RUN
    assert step(state(*climbed, run(80, "a"), run(90, "b")), 91) == Offer(STEPS)


def test_more_runs_are_counted_in_words() -> None:
    stands = state(run(0, "a"), hint(1, RESULT), hint(2, NUDGE), hint(70, CONCEPT))
    wait = step(stands, 100)
    assert isinstance(wait, Wait)
    assert "2 more runs" in wait.reason


def test_a_pointer_is_a_rung_only_where_it_exists() -> None:
    stands = state(
        run(0, "a"), run(1, "b"), hint(2, RESULT), hint(3, NUDGE), hint(70, CONCEPT), run(80, "c")
    )
    assert step(stands, 81, available=USUAL) == Offer(STEPS)
    assert step(stands, 81, available=(*USUAL, POINTER)) == Offer(POINTER)


def test_nothing_is_hinted_at_after_a_pass() -> None:
    wait = step(state(run(0, "a"), hint(1, RESULT), run(2, "b", passed=True)), 100)
    assert isinstance(wait, Wait)
    assert wait.waits_for is WaitFor.NOTHING
    assert "passed" in wait.reason


def test_failing_after_a_pass_takes_up_the_ladder_again() -> None:
    assert step(state(run(0, "a", passed=True), run(1, "b")), 2) == Offer(RESULT)


def test_the_policy_is_never_exceeded() -> None:
    stands = state(run(0, "a"), hint(1, RESULT), hint(2, NUDGE))
    wait = step(stands, 100, policy=HintPolicy(NUDGE))
    assert isinstance(wait, Wait)
    assert wait.waits_for is WaitFor.NOTHING


def test_an_exam_explains_the_result_and_ends_there() -> None:
    exam = HintPolicy(STEPS, exam=True)
    assert step(state(run(0, "a")), 1, policy=exam) == Offer(RESULT)
    wait = step(state(run(0, "a"), hint(1, RESULT)), 100, policy=exam)
    assert isinstance(wait, Wait)
    assert "exam" in wait.reason


EXAM = HintPolicy(STEPS, exam=True)


def test_another_failing_run_is_explained_again_where_nothing_deeper_is_open() -> None:
    read = (run(0, "a"), hint(1, RESULT))
    assert step(state(*read, run(2, "b")), 3, policy=EXAM) == Offer(RESULT)
    again = (*read, run(2, "b"), hint(3, RESULT))
    for same in ((), (run(4, "b"),)):
        wait = step(state(*again, *same), 9, policy=EXAM)
        assert isinstance(wait, Wait)
        assert "exam" in wait.reason
    assert step(state(*again, run(5, "a")), 9, policy=EXAM) == Offer(RESULT)
    passed = step(state(*again, run(5, "c", passed=True)), 9, policy=EXAM)
    assert isinstance(passed, Wait)

    climbed = (*read, hint(2, NUDGE), hint(70, CONCEPT))
    shallow = HintPolicy(CONCEPT)
    assert isinstance(step(state(*climbed), 71, policy=shallow), Wait)
    later = state(*climbed, run(80, "b"))
    assert step(later, 81, policy=shallow) == Offer(RESULT)
    capped = HintPolicy(BOTTOM_OUT, most_hints=2)
    assert step(later, 81, policy=capped) == Offer(RESULT)


def test_a_result_again_is_never_in_the_way_of_a_free_rung() -> None:
    stands = state(run(0, "a"), hint(1, RESULT), hint(2, NUDGE), run(3, "b"))
    assert step(stands, 4) == Offer(CONCEPT)


@pytest.mark.parametrize(
    "policy", [HintPolicy(STEPS, costs={CONCEPT: 2.0}), HintPolicy(STEPS, most_hints=3)]
)
def test_a_result_comes_before_what_is_paid_or_counted(policy: HintPolicy) -> None:
    happened = (run(0, "a"), hint(1, RESULT), hint(2, NUDGE), run(3, "b"))
    assert step(state(*happened), 4, policy=policy) == Offer(RESULT)
    read = state(*happened, hint(5, RESULT))
    assert step(read, 6, policy=policy) == Offer(CONCEPT, policy.cost(CONCEPT))


def test_a_run_that_shows_nothing_itself_is_explained_first() -> None:
    happened = (run(0, "a"), hint(1, RESULT), hint(2, NUDGE), run(3, "b", hidden=True))
    assert step(state(*happened), 4) == Offer(RESULT)
    assert step(state(*happened, hint(5, RESULT)), 6) == Offer(CONCEPT)


def test_a_result_again_neither_counts_nor_paces() -> None:
    capped = HintPolicy(BOTTOM_OUT, most_hints=2)
    read = state(
        run(0, "a"), hint(1, RESULT), hint(2, NUDGE), run(3, "b"), hint(4, RESULT), hint(5, RESULT)
    )
    assert capped.left(read.hints) == 1
    assert step(read, 6, policy=capped) == Offer(CONCEPT)
    unchanged = state(*read.hints[:2], read.runs[0], hint(30, RESULT))
    assert step(unchanged, 62) == Offer(CONCEPT)
    early = step(unchanged, 61)
    assert isinstance(early, Wait)
    assert early.until == at(62)


CLIMBED = (run(0, "a"), run(1, "b"), hint(2, RESULT), hint(3, NUDGE), hint(70, CONCEPT))


def test_once_nothing_new_is_left_the_hints_of_another_revision_come_free_and_uncounted() -> None:
    dear = HintPolicy(CONCEPT, most_hints=2, costs={NUDGE: 1.0, CONCEPT: 2.0})
    wait = step(state(*CLIMBED), 80, policy=dear)
    assert isinstance(wait, Wait)
    corrected = state(*CLIMBED, revision=SECOND)
    assert step(corrected, 80, policy=dear) == Offer(NUDGE, 0.0)
    nudged = (*CLIMBED, hint(81, NUDGE, SECOND))
    early = step(state(*nudged, revision=SECOND), 90, policy=dear)
    assert isinstance(early, Wait)
    assert early.until == at(141)
    tried = (*nudged, run(91, "c"), hint(92, RESULT, SECOND))
    assert step(state(*tried, revision=SECOND), 93, policy=dear) == Offer(CONCEPT, 0.0)
    done = state(*tried, hint(94, CONCEPT, SECOND), revision=SECOND)
    assert isinstance(step(done, 95, policy=dear), Wait)
    assert dear.left(done.hints) == 0
    assert HintPolicy(BOTTOM_OUT, most_hints=3).left(done.hints) == 1


def test_a_new_rung_comes_before_one_that_is_given_anew() -> None:
    corrected = state(*CLIMBED, run(80, "c"), revision=SECOND)
    assert step(corrected, 81) == Offer(STEPS)
    assert step(corrected, 81, policy=EXAM) == Offer(RESULT)


def test_the_same_answer_is_explained_again_when_it_met_another_revision() -> None:
    read = (run(0, "a"), hint(1, RESULT))
    assert step(state(*read, run(2, "a"), revision=SECOND), 3, policy=EXAM) == Offer(RESULT)
    assert isinstance(step(state(*read, revision=SECOND), 3, policy=EXAM), Wait)


def test_a_price_is_part_of_the_offer_and_results_are_free() -> None:
    costly = HintPolicy(BOTTOM_OUT, costs={RESULT: 9.0, NUDGE: 0.5})
    assert step(state(run(0, "a")), 1, policy=costly) == Offer(RESULT)
    read = state(run(0, "a"), hint(1, RESULT))
    assert step(read, 1, policy=costly) == Offer(NUDGE, 0.5)
    assert step(state(*read.runs, *read.hints, hint(2, NUDGE)), 99, policy=costly) == Offer(CONCEPT)


def test_there_are_no_more_hints_than_the_policy_says_and_results_do_not_count() -> None:
    capped = HintPolicy(BOTTOM_OUT, most_hints=1)
    nudged = state(run(0, "a"), hint(2, NUDGE))
    assert step(nudged, 3, policy=capped) == Offer(RESULT)
    wait = step(state(*nudged.runs, *nudged.hints, hint(4, RESULT)), 99, policy=capped)
    assert isinstance(wait, Wait)
    assert wait.waits_for is WaitFor.NOTHING
    assert "as many hints" in wait.reason
    assert [capped.left(each) for each in ((), nudged.hints)] == [1, 0]
    assert FAR.left(nudged.hints) is None


STOPPED = run(0, "a", stopped=True)


def test_an_error_is_pointed_at_first_where_a_pointer_is_about_it() -> None:
    read = (STOPPED, hint(1, RESULT))
    assert step(state(*read), 2, available=EVERY, direct=True) == Offer(POINTER)
    assert step(state(*read), 2, available=EVERY) == Offer(NUDGE)
    assert step(state(*read), 2, direct=True) == Offer(NUDGE)
    shallow = HintPolicy(CONCEPT)
    assert step(state(*read), 2, available=EVERY, direct=True, policy=shallow) == Offer(NUDGE)
    value = (run(0, "a"), hint(1, RESULT))
    assert step(state(*value), 2, available=EVERY, direct=True) == Offer(NUDGE)


def test_where_no_pointer_could_be_made_for_an_error_the_idea_comes_after_the_nudge() -> None:
    helped = (STOPPED, hint(1, RESULT), hint(2, NUDGE))
    early = step(state(*helped), 3, available=EVERY, direct=True)
    assert isinstance(early, Wait)
    assert early.waits_for is WaitFor.TIME_OR_CHANGED_RUN
    assert step(state(*helped), 99, available=EVERY, direct=True) == Offer(CONCEPT)
    another = state(*helped, run(5, "b", stopped=True))
    assert step(another, 6, available=EVERY, direct=True) == Offer(POINTER)


def test_a_pointer_at_an_error_opens_nothing_deeper() -> None:
    climbed = state(STOPPED, run(1, "b"), run(2, "c"), hint(3, RESULT), hint(4, POINTER))
    still = state(*climbed.runs, *climbed.hints, run(5, "d", stopped=True))
    assert step(still, 6, available=EVERY, direct=True) == Offer(NUDGE)


def test_once_the_answer_runs_its_own_pointer_comes_in_its_turn() -> None:
    happened: list[Run | Hint] = [STOPPED, hint(1, RESULT), hint(2, POINTER)]
    for number, level in enumerate((NUDGE, CONCEPT, POINTER, STEPS, BOTTOM_OUT), start=1):
        happened.append(run(number * 10, f"answer {number}"))
        assert step(state(*happened), number * 10 + 1, available=EVERY, direct=True) == Offer(level)
        happened.append(hint(number * 10 + 1, level))


def test_an_exam_without_a_run_asks_for_one() -> None:
    wait = step(state(), 0, policy=HintPolicy(STEPS, exam=True))
    assert isinstance(wait, Wait)
    assert wait.waits_for is WaitFor.RUN


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ("x = 1\n", "x = 1  # one\n\n\n", True),
        ("x=1", "x  =  1", True),
        ("if x:\n    y()\n", "if x:\n  y()\n", True),
        ("x = 1", "x = 2", False),
        ("if x:\n    y()\nz()\n", "if x:\n    y()\n    z()\n", False),
        ("print('a b')", "print('a  b')", False),
        ("x = (1,\n", "x = (1,   \n", True),
        ("x = (1,\n", "x = (2,\n", False),
        ("x\0y", "x\0z", False),
    ],
)
def test_only_what_an_answer_does_makes_it_another(before: str, after: str, same: bool) -> None:
    prints = {fingerprint(Answer((CellSource("answer", text),))) for text in (before, after)}
    assert len(prints) == (1 if same else 2)


def test_cells_and_responses_count() -> None:
    answers = [
        Answer(),
        Answer((CellSource("one", "x"),)),
        Answer((CellSource("two", "x"),)),
        Answer(responses={"q": "a"}),
        Answer(responses={"q": ["a"]}),
    ]
    assert len({fingerprint(answer) for answer in answers}) == len(answers)
    one = Answer(responses={"p": 1, "q": 2})
    assert fingerprint(one) == fingerprint(Answer(responses={"q": 2, "p": 1}))


@given(st.text())
def test_every_text_has_a_fingerprint(source: str) -> None:
    assert len(fingerprint(Answer((CellSource("answer", source),)))) == 64


def test_a_long_answer_has_a_fingerprint_too() -> None:
    long = "x = 1\n" * 4_000
    one, other = (Answer((CellSource("a", text),)) for text in (long, long + "y = 2\n"))
    assert fingerprint(one) != fingerprint(other)


def verdict(outcome: Outcome) -> Verdict:
    earned = float(outcome is Outcome.PASSED)
    return Verdict((TestResult("t", Visibility.PUBLIC, outcome, 1.0, earned),), (), earned)


def test_runs_are_attempts_and_submissions_with_a_verdict_in_order() -> None:
    def attempt(seconds: float, of: Verdict | None) -> Attempt:
        status = GradingStatus.GRADED if of else GradingStatus.RUNNING
        key = UUID(int=int(seconds))
        return Attempt(key, key, key, Answer(), status, of, at(seconds), None)

    def submission(seconds: float, *evaluations: Evaluation) -> Submission:
        key = UUID(int=int(seconds))
        done = GradingStatus.GRADED
        return Submission(key, key, key, 1, Answer(), done, evaluations, at(seconds))

    def evaluation(of: Verdict | None, score: float) -> Evaluation:
        key = UUID(int=9)
        return Evaluation(key, key, Evaluator.TESTS, score, of, "", at(50))

    failed, passed = verdict(Outcome.FAILED), verdict(Outcome.PASSED)
    runs = runs_of(
        [attempt(3, failed), attempt(5, None), attempt(1, passed)],
        [
            submission(2, evaluation(failed, 0.0)),
            submission(4),
            submission(6, evaluation(failed, 0.0), evaluation(None, 1.0)),
        ],
    )
    assert [(each.at, each.passed) for each in runs] == [
        (at(1), True),
        (at(2), False),
        (at(3), False),
        (at(6), True),
    ]


def exercise(*written: HintLevel) -> ExerciseContent:
    hints = {level: f"text {level}" for level in written}
    return ExerciseContent(
        slug="zip",
        kind=ExerciseKind.CODING,
        topic="loops",
        difficulty=3,
        texts={"en": ExerciseText("Zip", "Zip it.", hints), "bn": ExerciseText("জিপ", "জিপ করো।")},
        tests=(),
    )


def test_the_rungs_of_an_exercise_are_those_by_rules_and_those_its_author_wrote() -> None:
    assert levels_offered(exercise()) == {RESULT, NUDGE, CONCEPT}
    assert levels_offered(exercise(NUDGE, STEPS)) == {RESULT, NUDGE, CONCEPT, STEPS}
    assert levels_offered(exercise(POINTER)) == {RESULT, NUDGE, CONCEPT, POINTER}
    cells = (AnswerCell("answer", "", "zip(a, b)"),)
    assert levels_offered(replace(exercise(), answer_cells=cells)) == {
        RESULT,
        NUDGE,
        CONCEPT,
        BOTTOM_OUT,
    }


@pytest.mark.parametrize("language", ["en", "bn"])
def test_reasons_are_given_in_the_language_asked_for(language: str) -> None:
    wait = next_rung(state(run(0, "a", passed=True)), FAR, USUAL, at(1), language)
    assert isinstance(wait, Wait)
    assert ("passed" in wait.reason) is (language == "en")


@given(
    policy=st.builds(HintPolicy, st.sampled_from(HintLevel), st.booleans()),
    available=st.sets(st.sampled_from(HintLevel)),
)
def test_who_keeps_trying_reaches_every_rung_that_is_open(
    policy: HintPolicy, available: set[HintLevel]
) -> None:
    happened: list[Run | Hint] = []
    for number in range(20):
        happened.append(run(number * 10, f"answer {number}"))
        offer = step(state(*happened), number * 10 + 1, policy=policy, available=available)
        if isinstance(offer, Offer):
            happened.append(hint(number * 10 + 1, offer.level))
    climbed = [each.level for each in happened if isinstance(each, Hint)]
    open_rungs = sorted(level for level in available if level <= policy.reach)
    assert list(dict.fromkeys(climbed)) == open_rungs
    # What each new run shows is told where nothing deeper is open yet, or any more; all else once.
    deeper = [level for level in climbed if level is not RESULT]
    assert len(deeper) == len(set(deeper))


class TwoTabs(RuleBasedStateMachine):
    """A learner with two tabs runs, waits and asks; the service decides by the newest state."""

    @initialize(
        deepest=st.sampled_from(HintLevel),
        exam=st.sampled_from([False, False, True]),
        available=st.sets(st.sampled_from(HintLevel)).map(lambda extra: extra | {*USUAL}),
        most=st.none() | st.integers(0, 4),
        costs=st.dictionaries(st.sampled_from([*EVERY]), st.sampled_from([0.0, 0.5, 2.0])),
        direct=st.booleans(),
    )
    def begin(
        self,
        deepest: HintLevel,
        exam: bool,
        available: set[HintLevel],
        most: int | None,
        costs: dict[HintLevel, float],
        direct: bool,
    ) -> None:
        self.policy = HintPolicy(deepest, exam, most, costs)
        self.direct = direct
        self.available = available
        self.seconds = 0.0
        self.happened: list[Run | Hint] = []
        self.revision = FIRST
        self.seen: dict[int, LadderState] = {0: LadderState(), 1: LadderState()}
        self.asked_in_vain: LadderState | None = None

    def now(self) -> LadderState:
        return state(*self.happened, revision=self.revision)

    @rule(
        answer=st.sampled_from("abc"),
        outcome=st.sampled_from(["wrong", "wrong", "stopped", "stopped", "hidden", "passed"]),
    )
    def runs_tests(self, answer: str, outcome: str) -> None:
        self.seconds += 1
        ended = {each: outcome == each for each in ("passed", "stopped", "hidden")}
        self.happened.append(run(self.seconds, answer, **ended))

    @rule()
    def runs_the_same_again_and_again(self) -> None:
        last = self.now().runs[-1:]
        for _ in range(30 if last else 0):
            self.seconds += 1
            self.happened.append(replace(last[0], at=at(self.seconds)))

    @rule()
    def the_author_corrects_something(self) -> None:
        self.revision = UUID(int=self.revision.int + 1)

    @rule(seconds=st.floats(0, 90))
    def waits(self, seconds: float) -> None:
        self.seconds += seconds

    @rule(tab=st.sampled_from([0, 1]))
    def reloads(self, tab: int) -> None:
        self.seen[tab] = self.now()

    @rule(tab=st.sampled_from([0, 1]), times=st.integers(1, 4))
    def presses_hint(self, tab: int, times: int) -> None:
        """Press the button; what the tab saw may be old, only what is stored decides."""
        for _ in range(times):
            stands = self.now()
            decision = self.decide(stands)
            if isinstance(decision, Offer):
                self.check_offer(decision, stands)
                self.happened.append(hint(self.seconds, decision.level, self.revision))
            else:
                self.check_wait(decision, stands)
                assert self.decide(stands) == decision
        stale = self.decide(self.seen[tab])
        if isinstance(stale, Offer):
            assert stale.level <= self.policy.reach

    def decide(self, stands: LadderState) -> Offer | Wait:
        return step(
            stands,
            self.seconds,
            policy=self.policy,
            available=self.available,
            direct=self.direct,
        )

    def check_offer(self, offer: Offer, stands: LadderState) -> None:
        level = offer.level
        assert level in self.available
        assert level <= (RESULT if self.policy.exam else self.policy.deepest)
        assert not (stands.runs and stands.runs[-1].passed)
        if level is RESULT:
            self.check_result(offer, stands)
            return
        given = [each.level for each in stands.hints]
        stopped = bool(stands.runs) and stands.runs[-1].stopped
        at_error = level is POINTER and self.direct and stopped and not {NUDGE, CONCEPT} <= {*given}
        corrected = [each.revision_id for each in stands.hints if each.level is level][-1:]
        anew = corrected not in ([], [self.revision])
        new = level not in given or (level is POINTER and {NUDGE, CONCEPT} <= {*given})
        assert new or anew
        if offer.cost != self.policy.costs.get(level, 0):
            assert (anew, offer.cost) == (True, 0)
        for lower in self.available:
            if lower < level and not (lower is RESULT and not stands.runs):
                assert lower in given or (at_error and lower is not RESULT), f"skips {lower!r}"
        if self.policy.left(stands.hints) == 0:
            assert (anew, offer.cost) == (True, 0)
        self.check_pace(level, at_error and not any(each > RESULT for each in given), stands)

    def check_result(self, offer: Offer, stands: LadderState) -> None:
        """Check that it is of a run that no hint was about, and free."""
        assert offer.cost == 0
        assert stands.runs
        if RESULT in [each.level for each in stands.hints]:
            last = max(n for n, each in enumerate(self.happened) if isinstance(each, Hint))
            told = [each.answer_hash for each in self.happened[:last] if isinstance(each, Run)]
            assert stands.runs[-1] in self.happened[last:]
            changed = told[-1:] != [stands.runs[-1].answer_hash]
            assert changed or stands.hints[-1].revision_id != self.revision

    def check_pace(self, level: HintLevel, first: bool, stands: LadderState) -> None:
        if level >= CONCEPT and not first:
            above = [
                n
                for n, each in enumerate(self.happened)
                if isinstance(each, Hint) and each.level > RESULT
            ]
            paced = self.happened[above[-1]]
            assert isinstance(paced, Hint)
            earlier, since = self.happened[: above[-1]], self.happened[above[-1] + 1 :]
            was = [each.answer_hash for each in earlier if isinstance(each, Run)]
            tried = [each.answer_hash for each in since if isinstance(each, Run)]
            changed = any(each not in was[-1:] for each in tried)
            read = at(self.seconds) - paced.created_at >= timedelta(seconds=60)
            assert changed or (level is CONCEPT and read)
        if level >= STEPS:
            assert len(stands.runs) >= 3

    def check_wait(self, wait: Wait, stands: LadderState) -> None:
        assert wait.reason
        assert wait.last == (stands.hints[-1] if stands.hints else None)
        if wait.until is not None:
            assert wait.until > at(self.seconds)
            until = (wait.until - NOON).total_seconds()
            opened = step(
                stands, until, policy=self.policy, available=self.available, direct=self.direct
            )
            assert isinstance(opened, Offer)
        if wait.waits_for in (WaitFor.CHANGED_RUN, WaitFor.TIME_OR_CHANGED_RUN):
            tried = state(
                *self.happened, run(self.seconds + 1, "something new"), revision=self.revision
            )
            assert isinstance(step_on(self, tried), Offer)

    @invariant()
    def no_rung_is_given_twice(self) -> None:
        """But a pointer, once at an error and once at the answer that runs; for one revision."""
        given = [
            (each.level, each.revision_id)
            for each in self.happened
            if isinstance(each, Hint) and each.level is not RESULT
        ]
        for level, revision in set(given):
            most = 2 if level is POINTER and self.direct else 1
            assert given.count((level, revision)) <= most


def step_on(machine: TwoTabs, stands: LadderState) -> Offer | Wait:
    return step(
        stands,
        machine.seconds + 1,
        policy=machine.policy,
        available=machine.available,
        direct=machine.direct,
    )


TwoTabs.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestTwoTabs = TwoTabs.TestCase
