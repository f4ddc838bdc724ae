"""What every `Explorer` does, the scripted one as the real one."""

from collections.abc import Iterator

import pytest

from jupyter_tutor.domain.edits import Edit, EditKind
from jupyter_tutor.domain.exercises import CallCase, ProgramCase, TestCase
from jupyter_tutor.domain.observations import CellSource, Ending, RunPlan
from jupyter_tutor.domain.values import decode, encode_plain, show
from jupyter_tutor.execution.exploring import SandboxExplorer
from jupyter_tutor.execution.runner import SandboxTestRunner
from jupyter_tutor.services.diagnosis_ports import Explorer, Held
from jupyter_tutor.services.edit_search import passes
from jupyter_tutor.testing import ScriptedExplorer

SETUP = ("step = 2",)
WRONG = "def f(n):\n    total = 0\n    for k in range(n):\n        total += step\n    return k\n"
RIGHT = WRONG.replace("return k", "return total")
CALL = TestCase("call", CallCase("f(3)", expected=encode_plain(6)))
OTHER = TestCase("other", CallCase("f(5)", expected=encode_plain(10)))
LOOP = WRONG.replace("    return k", "    while True: pass")
PROGRAM = "print(int(input()) + 1)\n"
TYPED = TestCase("typed", ProgramCase("4\n", "5"))


def edit_of(old: str, new: str, source: str = WRONG) -> Edit:
    start = source.index(old)
    line = source.count("\n", 0, start) + 1
    return Edit(0, start, start + len(old), new, line, EditKind.NAME)


MENDING = edit_of("return k", "return total")
NOT_MENDING = edit_of("return k", "return n")
ENDLESS = edit_of("    return k", "    while True: pass")


@pytest.fixture(params=["scripted", pytest.param("sandboxes", marks=pytest.mark.kernel)])
def explorer(request: pytest.FixtureRequest) -> Iterator[Explorer]:
    """An explorer of each kind."""
    if request.param == "scripted":
        endless = {"f(3)": Ending.TIMEOUT, "f(5)": Ending.TIMEOUT}
        scripts: dict[str, dict[str, object]] = {
            WRONG: {"f(3)": 2, "f(5)": 4},
            RIGHT: {"f(3)": 6, "f(5)": 10},
            NOT_MENDING.applied(WRONG): {"f(3)": 3, "f(5)": 5},
            LOOP: dict(endless),
            PROGRAM: {"4\n": "5\n"},
        }
        made = ScriptedExplorer(scripts)
        made.made[WRONG] = (MENDING,)
        made.donated[WRONG] = (MENDING,)
        made.lines[WRONG] = tuple(("answer", line) for line in (2, 3, 4, 5))
        made.values[WRONG] = (Held("answer", 5, "k", encode_plain(2)),)
        yield made
        return
    runner = SandboxTestRunner()
    yield SandboxExplorer(runner.supply)
    runner.close()


def plan(source: str = WRONG) -> RunPlan:
    return RunPlan(SETUP, (CellSource("answer", source),), (CALL, OTHER))


def test_edits_of_an_answer_are_listed_and_fit_it(explorer: Explorer) -> None:
    with explorer.open(plan()) as exploration:
        edits = exploration.mutants(["f"])
    assert MENDING.applied(WRONG) in {edit.applied(WRONG) for edit in edits}
    assert all(edit.fits(plan().cells) for edit in edits)


def test_an_answer_is_traced(explorer: Explorer) -> None:
    with explorer.open(plan()) as exploration:
        call, other = exploration.trace((CALL, OTHER), 1.0)
    assert not passes(CALL, call.observation)
    assert not passes(OTHER, other.observation)
    assert set(call.lines) == {("answer", line) for line in (2, 3, 4, 5)}


def test_variables_are_read_where_a_line_is_reached(explorer: Explorer) -> None:
    with explorer.open(plan()) as exploration:
        held = exploration.held(CALL, (("answer", 5),), 1.0)
    assert [(each.name, show(decode(each.value))) for each in held] == [("k", "2")]


def test_each_edit_shows_what_the_edited_answer_does(explorer: Explorer) -> None:
    with explorer.open(plan()) as exploration:
        tried = exploration.attempt((NOT_MENDING, MENDING), (CALL, OTHER), 1.0, 60.0)
    assert [[passes(CALL, seen[0]), passes(OTHER, seen[1])] for seen in tried] == [
        [False, False],
        [True, True],
    ]


def test_an_endless_edit_costs_only_itself(explorer: Explorer) -> None:
    with explorer.open(plan()) as exploration:
        tried = exploration.attempt((ENDLESS, MENDING), (CALL,), 0.05, 60.0)
    assert [seen[0].ending for seen in tried] == [Ending.TIMEOUT, Ending.COMPLETED]


def test_without_time_nothing_is_tried(explorer: Explorer) -> None:
    with explorer.open(plan()) as exploration:
        assert exploration.attempt((MENDING,), (CALL,), 1.0, 0.0) == ()


def test_programs_are_run_with_what_is_typed(explorer: Explorer) -> None:
    asked = RunPlan((), (CellSource("answer", PROGRAM),), (TYPED,))
    with explorer.open(asked) as exploration:
        (seen,) = exploration.trace((TYPED,), 1.0)
    assert passes(TYPED, seen.observation)


def test_statements_are_donated_by_a_program_that_passes(explorer: Explorer) -> None:
    edits = explorer.donations(plan(), ((CellSource("answer", RIGHT),),))
    assert RIGHT in {edit.applied(WRONG) for edit in edits}
