"""What a diagnosis says, in which order, and what it does not say: without a sandbox."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from jupyter_tutor.domain.diagnosis import Counterexample, Diagnosis, Showing, ValueQuestion
from jupyter_tutor.domain.edits import Edit, EditKind
from jupyter_tutor.domain.evaluations import Verdict, judge
from jupyter_tutor.domain.exercises import (
    AnswerCell,
    AssertCell,
    CallCase,
    DataFile,
    ExerciseContent,
    ExerciseKind,
    ExerciseText,
    TestCase,
    Visibility,
)
from jupyter_tutor.domain.mistakes import Mistake
from jupyter_tutor.domain.observations import CellSource, RunPlan
from jupyter_tutor.domain.submissions import Answer
from jupyter_tutor.domain.values import encode_plain
from jupyter_tutor.services.diagnosing import Diagnoser, InputSearch
from jupyter_tutor.services.diagnosis_ports import Held
from jupyter_tutor.testing import ScriptedExplorer, ScriptedTestRunner

REFERENCE = "def f(n):\n    return n + 1\n"
WRONG = "def f(n):\n    m = n\n    return m\n"
MENDED = WRONG.replace("return m", "return m + 1")
FOR_PUBLIC_ONLY = WRONG.replace("return m", "return 4")

Values = Mapping[str, object]
RIGHT_VALUES: Values = {"f(3)": 4, "f(12)": 13, "f(-1)": 0}
WRONG_VALUES: Values = {"f(3)": 3, "f(12)": 12, "f(-1)": -1}


def case(call: str, expected: object, visibility: Visibility = Visibility.PUBLIC) -> TestCase:
    spec = CallCase(call, expected=encode_plain(expected))
    return TestCase(call, spec, visibility=visibility)


TESTS = (case("f(12)", 13), case("f(3)", 4), case("f(-1)", 0, Visibility.SECRET))


def exercise(*tests: TestCase) -> ExerciseContent:
    return ExerciseContent(
        slug="f",
        kind=ExerciseKind.CODING,
        topic="any",
        difficulty=1,
        texts={"en": ExerciseText("f", "")},
        tests=tests or TESTS,
        answer_cells=(AnswerCell("answer", "", REFERENCE),),
    )


def edit(new: str, kind: EditKind = EditKind.OFF_BY_ONE) -> Edit:
    start = WRONG.index("return m")
    return Edit(0, start, start + len("return m"), new, 3, kind)


MENDING, NOT_ENOUGH = edit("return m + 1"), edit("return 4", EditKind.CONSTANT)


class World:
    """A runner and an explorer that know the same answers."""

    def __init__(self, scripts: Mapping[str, Values] | None = None) -> None:
        known = {
            WRONG: WRONG_VALUES,
            MENDED: RIGHT_VALUES,
            FOR_PUBLIC_ONLY: {**WRONG_VALUES, "f(3)": 4, "f(12)": 13},
            **(scripts or {}),
        }
        self.runner = ScriptedTestRunner(known)
        self.explorer = ScriptedExplorer(known)
        self.explorer.made[WRONG] = (NOT_ENOUGH, MENDING)
        self.explorer.lines[WRONG] = (("answer", 2), ("answer", 3))

    def verdict(self, content: ExerciseContent, source: str = WRONG) -> Verdict:
        plan = RunPlan((), (CellSource("answer", source),), content.tests)
        verdict = judge(content.tests, self.runner.run(plan))
        self.runner.plans.clear()
        return verdict

    def diagnose(
        self,
        content: ExerciseContent | None = None,
        *,
        inputs: InputSearch | None = None,
        pairs: bool = True,
        clock: Callable[[], float] = lambda: 0.0,
        **given: object,
    ) -> Diagnosis:
        content = content or exercise()
        diagnoser = Diagnoser(self.runner, self.explorer, inputs=inputs, pairs=pairs, clock=clock)
        answer = Answer((CellSource("answer", WRONG),))
        return diagnoser.diagnose(content, answer, self.verdict(content), **given)  # type: ignore[arg-type]


def test_the_smallest_failing_public_test_is_the_counterexample() -> None:
    assert World().diagnose().counterexample == Counterexample("f(3)", "4", "3", "f(3)")


def test_an_edit_is_verified_by_a_graded_run_of_every_test() -> None:
    world = World()
    found = world.diagnose()
    assert found.verified is not None
    assert (found.verified.line, found.verified.kind) == (3, "off_by_one")
    assert found.verified.applied(WRONG) == MENDED
    assert found.mistake is Mistake.OFF_BY_ONE
    assert found.region is None
    (graded,) = world.runner.plans
    assert graded.cells[0].source == MENDED
    assert graded.tests == TESTS


def test_an_edit_that_fails_a_secret_test_is_not_named() -> None:
    world = World()
    world.explorer.made[WRONG] = (NOT_ENOUGH,)
    found = world.diagnose()
    assert found.verified is None
    assert found.region is not None
    assert found.region.lines == (3, 2)
    assert world.runner.plans == []


def test_an_edit_that_only_the_sandbox_calls_right_is_not_named() -> None:
    world = World()
    world.runner.answers[MENDED] = WRONG_VALUES
    assert world.diagnose().verified is None
    assert len(world.runner.plans) == 1


def test_statements_are_donated_by_the_reference_and_by_earlier_answers() -> None:
    world = World()
    world.explorer.made[WRONG] = ()
    world.explorer.donated[WRONG] = (edit("return m + 1", EditKind.DONATED),)
    earlier = (CellSource("answer", "def f(n): return 1 + n\n"),)
    found = world.diagnose(donors=(earlier,))
    assert world.explorer.donors == [(CellSource("answer", REFERENCE),), earlier]
    assert found.verified is not None
    assert found.verified.kind == "donated"
    assert found.mistake is Mistake.OFF_BY_ONE  # as it shows from outside


@pytest.mark.parametrize(
    "foreign", ["m = zephyrine = m + 1", "return m + len('Q-17')", "return m + 2019331 - 2019330"]
)
def test_what_others_wrote_in_words_of_their_own_is_not_donated(foreign: str) -> None:
    made = edit(foreign, EditKind.DONATED)
    world = World({made.applied(WRONG): RIGHT_VALUES})
    world.explorer.made[WRONG] = ()
    world.explorer.donated[WRONG] = (made,)
    earlier = (CellSource("answer", "def f(n): ..."),)
    assert world.diagnose(donors=(earlier,)).verified is None

    world.explorer.donated[WRONG] += (edit("return m + 1", EditKind.GRAFTED),)
    found = world.diagnose(donors=(earlier,)).verified
    assert found is not None
    assert found.after.strip() == "return m + 1"


def test_edits_are_tried_before_statements_are_donated() -> None:
    world = World()
    world.diagnose()
    assert world.explorer.donors == []


def test_a_value_is_asked_about_where_the_edit_is() -> None:
    world = World()
    world.explorer.values[WRONG] = (
        Held("answer", 2, "n", encode_plain(3)),
        Held("answer", 3, "m", {"type": "nonsense"}),
        Held("answer", 3, "m", encode_plain(3)),
    )
    assert world.diagnose().question == ValueQuestion("answer", 3, "m", "3", "f(3)")


def test_of_what_secret_tests_show_nothing_is_told() -> None:
    world = World({WRONG: {**RIGHT_VALUES, "f(-1)": -1}})
    world.explorer.made[WRONG] = ()
    world.explorer.values[WRONG] = (Held("answer", 3, "m", encode_plain(-1)),)
    found = world.diagnose()
    assert (found.counterexample, found.region, found.question) == (None, None, None)
    assert found.mistake is Mistake.EDGE_CASE


def test_an_input_made_afresh_stands_in_for_a_secret_one() -> None:
    world = World({WRONG: {**RIGHT_VALUES, "f(-1)": -1, "f(0)": 0}})
    world.explorer.made[WRONG] = ()
    world.explorer.values[WRONG] = (Held("answer", 3, "m", encode_plain(0)),)
    made = Counterexample("f(0)", "1", "0")
    asked: list[float] = []

    def search(
        content: ExerciseContent, answer: Answer, seconds: float, files: tuple[DataFile, ...]
    ) -> Counterexample:
        asked.append(seconds)
        return made

    found = world.diagnose(inputs=search)
    assert found.counterexample == made
    assert found.question == ValueQuestion("answer", 3, "m", "0", "f(0)")
    assert found.region is not None
    assert asked == [pytest.approx(1.0)]


def test_no_input_is_made_where_a_public_test_fails() -> None:
    def search(*_: object) -> Counterexample:
        raise AssertionError("not asked for")

    assert World().diagnose(inputs=search).counterexample is not None


def test_two_edits_are_found_where_one_is_not_enough() -> None:
    first = Edit(0, WRONG.index("m = n"), WRONG.index("m = n") + 5, "m = n + 9", 2, EditKind.NAME)
    second = edit("return m - 8 if m > 9 else m", EditKind.CONSTANT)
    both = first.joined(second, (CellSource("answer", WRONG),)).applied(WRONG)
    world = World(
        {
            first.applied(WRONG): {**WRONG_VALUES, "f(3)": 4},
            second.applied(WRONG): WRONG_VALUES,
            both: RIGHT_VALUES,
        }
    )
    world.explorer.made[WRONG] = (first, second)
    found = world.diagnose()
    assert found.verified is not None
    assert found.also is not None
    assert (found.verified.line, found.also.line) == (2, 3)
    source = WRONG
    for each in found.edits:
        source = each.applied(source)
    assert source == both
    assert world.diagnose(pairs=False).verified is None


def test_without_time_what_shows_is_returned() -> None:
    world = World()
    found = world.diagnose(budget_seconds=0.0, clock=iter(range(1_000)).__next__)
    assert found.verified is None
    assert found.counterexample is not None
    assert found.seconds > 0
    assert world.explorer.tried == []


def test_without_a_sandbox_what_shows_is_returned() -> None:
    world = World()
    world.explorer.unavailable = True
    found = world.diagnose()
    assert (found.verified, found.region) == (None, None)
    assert found.counterexample is not None


def test_of_a_cell_that_cannot_be_read_a_repair_is_looked_for_and_nothing_else() -> None:
    world = World({WRONG: {**WRONG_VALUES, "answer": SyntaxError("invalid syntax")}})
    donor = CellSource("answer", REFERENCE)
    world.explorer.made[WRONG] = (edit("return m + 1", EditKind.SYNTAX),)
    found = world.diagnose(donors=[(donor,)])
    assert (found.mistake, found.region, found.question) == (Mistake.SYNTAX, None, None)
    assert found.verified is not None
    assert (found.verified.line, found.verified.kind) == (3, "syntax")
    assert found.verified.applied(WRONG) == MENDED
    assert world.explorer.donors == []
    assert len(world.runner.plans) == 1

    world.explorer.made[WRONG] = (NOT_ENOUGH,)
    found = world.diagnose()
    assert (found.verified, found.mistake) == (None, Mistake.SYNTAX)


LARGE = f"f({'1' * 40})"


@pytest.mark.parametrize(
    ("made", "is_taken"),
    [
        (Counterexample("f(0)", "1", "0"), True),
        (Counterexample(f"f({'2' * 30})", "1", "0"), False),
        (Counterexample("f(0)", "1", "0", "another test"), False),
        (Counterexample("f(0)", "1", "ValueError", showing=Showing.ERROR), False),
        (None, False),
    ],
    ids=["smaller", "not much smaller", "of a test", "shows something else", "none"],
)
def test_where_a_public_test_is_large_a_smaller_input_takes_its_place(
    made: Counterexample | None, is_taken: bool
) -> None:
    number = int("1" * 40)
    world = World({WRONG: {**WRONG_VALUES, LARGE: number}, MENDED: {LARGE: number + 1}})
    asked: list[float] = []

    def inputs(_: object, __: object, budget: float, ___: object) -> Counterexample | None:
        asked.append(budget)
        return made

    found = world.diagnose(exercise(case(LARGE, number + 1)), inputs=inputs, budget_seconds=4.0)
    assert asked == [1.0]
    assert found.counterexample is not None
    assert (found.counterexample is made) is is_taken
    assert is_taken or found.counterexample.test == LARGE
    # Nothing is looked for where the test is small enough.
    world.diagnose(inputs=inputs)
    assert len(asked) == 1


def test_calls_of_test_cells_are_tried_by_themselves() -> None:
    cell = TestCase("cell", AssertCell("assert f(3) == 4\nassert f(12) == 13"))
    world = World({MENDED: {**RIGHT_VALUES, "cell": True}})
    world.runner.answers[WRONG] = {**WRONG_VALUES, "cell": AssertionError("3")}
    world.explorer.made[WRONG] = (MENDING,)
    found = world.diagnose(exercise(cell))
    assert found.verified is not None
    assert len(world.runner.plans) == 1


def test_what_cannot_be_read_of_test_cells_is_tried_in_few_graded_runs() -> None:
    cell = TestCase("cell", AssertCell("check(f)"))
    world = World({MENDED: {"cell": True}})
    world.runner.answers[WRONG] = {"cell": AssertionError("3")}
    wrong = AssertionError("no")
    edits = [edit(f"return {n}", EditKind.CONSTANT) for n in range(40)]
    world.runner.answers |= {each.applied(WRONG): {"cell": wrong} for each in edits}
    world.explorer.made[WRONG] = (*edits, replace(MENDING, near=0.1))
    assert world.diagnose(exercise(cell)).verified is None
    assert len(world.runner.plans) == 12


def test_an_answer_that_passes_is_not_explored() -> None:
    world = World({WRONG: RIGHT_VALUES})
    assert world.diagnose().verified is None
    assert world.explorer.tried == []
