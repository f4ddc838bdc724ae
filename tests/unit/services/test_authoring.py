"""Checking and releasing courses, with a runner that answers from a script."""

import re
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from jupyter_tutor.domain.constructs import ConstructKind, Fact, SourceFacts
from jupyter_tutor.domain.errors import InvalidInput, KernelUnavailable
from jupyter_tutor.domain.exercises import DataFile
from jupyter_tutor.domain.observations import Ending, Observation, RunPlan, TestReport
from jupyter_tutor.domain.proofs import Proof, ProofKind, Standing
from jupyter_tutor.domain.reports import FileState
from jupyter_tutor.domain.values import encode_plain
from jupyter_tutor.notebook_format import CourseFolder
from jupyter_tutor.services.authoring import AuthoringService
from jupyter_tutor.testing import InMemoryDatabase, ScriptedTestRunner
from jupyter_tutor.testing.runner import FACTS
from tests.unit.notebook_format.lessons import cell, notebook, write_course
from tests.unit.services.courses import (
    ANSWER,
    CALLS,
    NOTHING,
    REFERENCE,
    SQUARE,
    STARTER,
    Cells,
    double_cells,
    quiz_cells,
    scripted_runner,
    two_lessons,
)


def _proofs(folder: Path, cells: Cells, runner: ScriptedTestRunner | None = None) -> list[Proof]:
    write_course(folder, notebook(cells))
    report = AuthoringService(CourseFolder(), runner or scripted_runner()).check([folder])
    assert report.proven is not any(
        proof.standing is Standing.BROKEN for proof in report.courses[0].proofs
    )
    return list(report.courses[0].proofs)


def _broken(proofs: Sequence[Proof]) -> list[Proof]:
    return [proof for proof in proofs if proof.standing is Standing.BROKEN]


def _warned(proofs: Sequence[Proof]) -> list[str]:
    return [proof.detail for proof in proofs if proof.standing is Standing.WARNING]


def test_a_good_exercise_is_proven_with_one_run_for_each_answer(tmp_path: Path) -> None:
    runner = scripted_runner()
    proofs = _proofs(tmp_path, double_cells(), runner)
    assert [(proof.kind, proof.standing) for proof in proofs] == [
        (ProofKind.VALUES, Standing.HOLDS),
        (ProofKind.REFERENCE, Standing.HOLDS),
        (ProofKind.STARTER, Standing.HOLDS),
        (ProofKind.WRONG_ANSWERS, Standing.HOLDS),
        (ProofKind.WRONG_ANSWERS, Standing.HOLDS),
        (ProofKind.COPY, Standing.HOLDS),
    ]
    assert sorted(plan.cells[0].source for plan in runner.plans) == sorted(
        [REFERENCE, STARTER, SQUARE, NOTHING]
    )
    assert all(plan.limits.wall_seconds == 2.5 for plan in runner.plans)


def test_the_summary_counts(tmp_path: Path) -> None:
    write_course(tmp_path, notebook([*double_cells(), *quiz_cells()]))
    report = AuthoringService(CourseFolder(), scripted_runner()).check([tmp_path])
    course = report.courses[0]
    assert (course.course, course.lessons) == ("small", ("loops.ipynb",))
    assert course.exercises == {"loops.ipynb": ("double", "slicing")}
    assert (course.tests, course.wrong_answers) == (12, 3)
    assert "All proven: 2 exercises" in report.text()


def test_a_reference_that_fails_is_told_with_the_test_and_the_difference(tmp_path: Path) -> None:
    proofs = _broken(_proofs(tmp_path, double_cells({**CALLS, "double(3)": 7})))
    assert [proof.kind for proof in proofs] == [ProofKind.REFERENCE]
    assert "fails 1 of 10 tests" in proofs[0].detail
    assert "'double(3)': `double(3)` returned 6, not 7." in proofs[0].detail
    assert proofs[0].exercise == "double"
    assert "Mend the reference" in proofs[0].remedy


def test_a_reference_that_does_not_run_names_its_cell(tmp_path: Path) -> None:
    runner = scripted_runner()
    runner.answers[REFERENCE] = {"answer": Ending.TIMEOUT}
    proofs = _broken(_proofs(tmp_path, double_cells(), runner))
    assert "cell answer:" in proofs[0].detail
    assert "and 7 more" in proofs[0].detail


def test_a_starter_that_passes_is_refused(tmp_path: Path) -> None:
    runner = scripted_runner()
    runner.answers[STARTER] = CALLS
    proofs = _broken(_proofs(tmp_path, double_cells(), runner))
    assert [(proof.kind, proof.detail) for proof in proofs] == [
        (ProofKind.STARTER, "The untouched starter passes every test")
    ]


def test_a_test_that_passes_on_the_starter_is_a_warning(tmp_path: Path) -> None:
    runner = scripted_runner()
    runner.answers[STARTER] = {"double(0)": 0, "double(2)": 4}
    proofs = _proofs(tmp_path, double_cells(), runner)
    assert _broken(proofs) == []
    assert _warned(proofs) == [
        "2 tests already passed on the untouched starter: double(0), double(2)"
    ]


def test_no_such_warning_in_a_debugging_exercise(tmp_path: Path) -> None:
    runner = scripted_runner()
    runner.answers[STARTER] = {"double(0)": 0}
    cells = double_cells()
    cells[0]["metadata"]["jupyter_tutor"]["kind"] = "debugging"
    assert _warned(_proofs(tmp_path, cells, runner)) == []


def test_a_wrong_answer_that_passes_is_refused(tmp_path: Path) -> None:
    calls = {"double(0)": 0, "double(2)": 4}
    proofs = _broken(_proofs(tmp_path, double_cells(calls)))
    assert [proof.detail for proof in proofs] == [
        "The known wrong answer 'squares' passes every test"
    ]
    assert proofs[0].remedy == "Add a test that it fails."


def test_a_wrong_answer_that_does_not_run_is_a_warning(tmp_path: Path) -> None:
    runner = scripted_runner()
    runner.answers[SQUARE] = {"answer": SyntaxError("invalid syntax")}
    warned = _warned(_proofs(tmp_path, double_cells(), runner))
    assert len(warned) == 1
    assert "'squares' does not even run" in warned[0]


def test_without_a_wrong_answer_nothing_is_proven(tmp_path: Path) -> None:
    proofs = _broken(_proofs(tmp_path, double_cells()[:-2]))
    assert [proof.detail for proof in proofs] == ["There is no known wrong answer"]


def test_thin_coverage_is_a_warning(tmp_path: Path) -> None:
    calls = {"double(1)": 2, "double(3)": 6}
    cells = double_cells(calls)
    del cells[6]
    del cells[3]
    proofs = _proofs(tmp_path, cells)
    assert _broken(proofs) == []
    assert _warned(proofs) == [
        "It has 2 tests",
        "It has 1 known wrong answer",
        "It has no hint for nudge",
    ]


def test_hints_deeper_than_learners_may_go_are_not_missed(tmp_path: Path) -> None:
    cells = double_cells()
    del cells[4:6]
    cells[0]["metadata"]["jupyter_tutor"]["deepest_hint"] = "nudge"
    assert _warned(_proofs(tmp_path, cells)) == []


def test_a_slow_reference_is_a_warning(tmp_path: Path) -> None:
    runner = scripted_runner()
    slow = Observation("", Ending.COMPLETED, encode_plain(6), arguments_changed=False, seconds=1.3)
    runner.answers[REFERENCE] = {**CALLS, "double(3)": slow}
    warned = _warned(_proofs(tmp_path, double_cells(), runner))
    assert warned == ["The reference takes more than half of the time allowed in double(3)"]


def test_a_starter_that_is_a_wrong_answer_is_run_once(tmp_path: Path) -> None:
    cells = double_cells()
    commented = "".join(f"    # {line.strip()}\n" for line in SQUARE.split("\n")[1:])
    cells[1]["source"] = f"{ANSWER}\n    ### BEGIN STARTER\n{commented}    ### END STARTER"
    runner = scripted_runner()
    assert _broken(_proofs(tmp_path, cells, runner)) == []
    assert len(runner.plans) == 3


@pytest.mark.parametrize(
    ("responses", "words"),
    [
        ('slices = "a"', None),
        ("pi = 3.2", None),
        ('slices = "b"', "passes every test"),
        ('slices = "z"', "has to be the id of one choice"),
        ('pi = "three"', "has to be a number"),
    ],
)
def test_quizzes_are_judged_without_a_kernel(
    tmp_path: Path, responses: str, words: str | None
) -> None:
    runner = scripted_runner()
    runner.unavailable = True
    cells = quiz_cells()
    cells[-1]["source"] = f"[responses]\n{responses}"
    broken = _broken(_proofs(tmp_path, cells, runner))
    assert [words in proof.detail for proof in broken if words] == ([True] if words else [])
    assert bool(broken) is (words is not None)


class _Counting(ScriptedTestRunner):
    """Remembers what was evaluated, with which set-up."""

    def __init__(self, answers: Mapping[str, Mapping[str, object]], **values: object) -> None:
        super().__init__(answers, values)
        self.evaluated: list[tuple[tuple[str, ...], tuple[str, ...]]] = []

    def evaluate(
        self, setup: tuple[str, ...], expressions: tuple[str, ...], files: tuple[DataFile, ...]
    ) -> tuple[dict[str, object], ...]:
        self.evaluated.append((setup, expressions))
        return super().evaluate(setup, expressions, files)


def test_literals_need_no_kernel_and_the_rest_one_call(tmp_path: Path) -> None:
    runner = _Counting(scripted_runner().answers, six=6, eight=8)
    cells = double_cells({**CALLS, "double(3)": "six", "double(4)": "eight"})
    cells.insert(0, cell("code", "six, eight = 6, 8", {"role": "setup"}))
    assert _broken(_proofs(tmp_path, cells, runner)) == []
    assert runner.evaluated == [(("six, eight = 6, 8",), ("six", "eight"))]


def test_an_expression_that_cannot_be_evaluated(tmp_path: Path) -> None:
    broken = _broken(_proofs(tmp_path, double_cells({**CALLS, "double(3)": "double(3)"})))
    assert [proof.kind for proof in broken] == [ProofKind.VALUES]
    assert "`double(3)` can't be evaluated" in broken[0].detail
    assert "without any answer" in broken[0].remedy


class _Fixed(ScriptedTestRunner):
    """Evaluates everything to one value, and only the reference returns it."""

    def __init__(self, value: Mapping[str, object]) -> None:
        super().__init__()
        self.value = dict(value)

    def evaluate(
        self,
        setup: tuple[str, ...],  # noqa: ARG002 - the value is the same after any
        expressions: tuple[str, ...],
        files: tuple[DataFile, ...],  # noqa: ARG002
    ) -> tuple[dict[str, object], ...]:
        return (self.value,) * len(expressions)

    def run(self, plan: RunPlan) -> TestReport:
        right = plan.cells[0].source == REFERENCE
        value = self.value if right else encode_plain(0)
        tests = tuple(
            Observation(test.name, Ending.COMPLETED, value, arguments_changed=False)
            for test in plan.tests
        )
        return TestReport((), tests, 0.0)


def test_an_expected_value_that_can_never_be_equal(tmp_path: Path) -> None:
    value = {"type": "opaque", "class": "Thing", "repr": "<Thing at 0x7f00>"}
    cells = double_cells({**CALLS, "double(3)": "Thing()"})
    broken = _broken(_proofs(tmp_path, cells, _Fixed(value)))
    # The other tests are run all the same, and here no answer gives what they expect.
    assert [proof.kind for proof in broken] == [ProofKind.VALUES, ProofKind.REFERENCE]
    assert "'double(3)' cannot be compared" in broken[0].detail


def test_sets_have_one_hash_in_every_process(tmp_path: Path) -> None:
    """Items of a set come in another order in each process; the revision must not change."""
    words = [f"w{number}" for number in range(40)]
    orders = [words, words[::-1]]
    hashes = []
    for order in orders:
        cells = double_cells({"double(0)": "words()"})
        items = [encode_plain(word) for word in order]
        nested = {"type": "list", "items": [{"type": "set", "items": items}]}
        database = InMemoryDatabase()
        runner = _Fixed(nested)
        service = AuthoringService(CourseFolder(), runner, database)
        write_course(tmp_path, notebook(cells))
        assert service.publish("small", [tmp_path]).proof.proven
        with database() as uow:
            hashes.append(uow.courses.latest_revision("small", "double").content.content_hash)
    assert hashes[0] == hashes[1]


def test_a_prompt_that_gives_the_solution_away_is_refused(tmp_path: Path) -> None:
    cells = double_cells()
    cells[0]["source"] += "\n\nYou will write `return 2 * x` in it."
    broken = _broken(_proofs(tmp_path, cells))
    assert [proof.kind for proof in broken] == [ProofKind.COPY]
    assert "cell 1 of the learner's copy shows a line of the solution" in broken[0].detail


def test_problems_of_the_format_are_proofs_each(tmp_path: Path) -> None:
    cells = double_cells()
    cells[0]["metadata"]["jupyter_tutor"]["topic"] = "lops"
    cells[3]["source"] = ""
    broken = _broken(_proofs(tmp_path, cells))
    assert [(proof.kind, proof.lesson, proof.exercise) for proof in broken] == [
        (ProofKind.FORMAT, "loops.ipynb", "")
    ] * 2
    assert any("did you mean 'loops'?" in proof.detail for proof in broken)


def test_the_advice_on_the_format_names_the_manual(tmp_path: Path) -> None:
    broken = quiz_cells()
    broken[1]["source"] = "no TOML"
    write_course(tmp_path, notebook([*double_cells(), *broken]))
    service = AuthoringService(CourseFolder(), scripted_runner(), manual="/doc/AUTHORING.md")
    text = service.check([tmp_path]).text()
    assert "error: cell " in text
    assert "-> Correct the format as /doc/AUTHORING.md describes." in text


def test_a_course_that_cannot_be_read_is_a_broken_proof(tmp_path: Path) -> None:
    write_course(tmp_path, notebook(double_cells()), "slug = ")
    report = AuthoringService(CourseFolder(), scripted_runner()).check([tmp_path])
    assert not report.proven
    assert "TOML" in report.text()
    report = AuthoringService(CourseFolder(), scripted_runner()).check([tmp_path / "absent"])
    assert "neither a notebook nor a folder" in report.text()


def test_slugs_are_unique_in_the_course(tmp_path: Path) -> None:
    two_lessons(tmp_path, double_cells(), double_cells())
    broken = AuthoringService(CourseFolder(), scripted_runner()).check([tmp_path]).courses[0].broken
    assert [(proof.lesson, proof.exercise) for proof in broken] == [("more.ipynb", "double")]
    assert "loops.ipynb has an exercise 'double' too" in broken[0].detail


def with_twin(twin: str) -> Cells:
    """Return the exercise `double` with a twin."""
    cells = double_cells()
    cells[0]["metadata"]["jupyter_tutor"]["twin"] = twin
    return cells


@pytest.mark.parametrize(
    ("twin", "told"),
    [
        ("slicing", ""),
        ("slicng", "its twin 'slicng' is no exercise of this course; did you mean 'slicing'?"),
        ("elsewhere", "its twin 'elsewhere' is no exercise of this course"),
        ("double", "it is named as its own twin"),
    ],
)
def test_a_twin_is_an_exercise_of_the_course(tmp_path: Path, twin: str, told: str) -> None:
    two_lessons(tmp_path, with_twin(twin), quiz_cells())
    database = InMemoryDatabase()
    service = AuthoringService(CourseFolder(), scripted_runner(), database)
    checked = service.check([tmp_path]).courses[0]
    found = [(each.lesson, each.exercise, each.detail) for each in checked.broken]
    assert found == ([("loops.ipynb", "double", f"cell 1: {told}")] if told else [])
    assert service.publish(None, [tmp_path]).proof.proven is (not told)
    # Of a single lesson nobody can say what is in the others; what is stored is known.
    assert service.check([tmp_path / "loops.ipynb"]).proven
    two_lessons(tmp_path, double_cells(), quiz_cells())
    service.publish(None, [tmp_path])
    two_lessons(tmp_path, with_twin(twin), quiz_cells())
    if told:
        with pytest.raises(InvalidInput, match=re.escape(told)):
            service.publish(None, [tmp_path / "loops.ipynb"])
    else:
        assert service.publish(None, [tmp_path / "loops.ipynb"]).lessons


def test_a_hint_that_is_hard_to_read_is_a_warning(tmp_path: Path) -> None:
    hint = {"role": "hint", "level": "nudge"}
    cells = [each for each in double_cells() if each["metadata"]["jupyter_tutor"] != hint]
    hard = cell("markdown", "What is it? And why? " + "Word. " * 120, hint)
    write_course(tmp_path, notebook([*cells[:3], hard, *cells[3:]]))
    course = AuthoringService(CourseFolder(), scripted_runner()).check([tmp_path]).courses[0]
    assert course.proven
    told = [each.detail for each in course.warnings if each.detail.startswith("the hint")]
    assert told == [
        "the hint nudge (en) has 125 words, more than 120",
        "the hint nudge (en) has 2 questions, more than 1",
    ]


def test_one_broken_lesson_does_not_hide_the_others(tmp_path: Path) -> None:
    two_lessons(tmp_path, double_cells(), [])
    course = AuthoringService(CourseFolder(), scripted_runner()).check([tmp_path]).courses[0]
    assert [proof.lesson for proof in course.broken] == ["more.ipynb"]
    assert ProofKind.REFERENCE in [p.kind for p in course.proofs if p.lesson == "loops.ipynb"]


def test_notebooks_of_one_course_are_one_report_and_courses_one_each(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one, two):
        folder.mkdir()
        two_lessons(folder, double_cells(), quiz_cells())
    service = AuthoringService(CourseFolder(), scripted_runner())
    report = service.check([one / "more.ipynb", two, one / "loops.ipynb"])
    assert [course.lessons for course in report.courses] == [("loops.ipynb", "more.ipynb")] * 2
    report = service.check([one / "more.ipynb"])
    assert [course.lessons for course in report.courses] == [("more.ipynb",)]


def test_a_kernel_that_cannot_start_proves_nothing(tmp_path: Path) -> None:
    runner = scripted_runner()
    runner.unavailable = True
    write_course(tmp_path, notebook(double_cells()))
    with pytest.raises(KernelUnavailable):
        AuthoringService(CourseFolder(), runner).check([tmp_path])


class _Meeting(ScriptedTestRunner):
    """Lets a run go on only when another one is there."""

    def __init__(self) -> None:
        super().__init__(scripted_runner().answers)
        self.barrier = threading.Barrier(2, timeout=30)

    def run(self, plan: RunPlan) -> TestReport:
        self.barrier.wait()
        return super().run(plan)


def test_two_exercises_are_proven_at_the_same_time(tmp_path: Path) -> None:
    cells = [*double_cells(), *double_cells()]
    cells[8]["metadata"]["jupyter_tutor"]["exercise"] = "again"
    told: list[tuple[str, str, bool]] = []
    write_course(tmp_path, notebook(cells))
    report = AuthoringService(CourseFolder(), _Meeting(), workers=2).check(
        [tmp_path], lambda lesson, exercise, *, holds: told.append((lesson, exercise, holds))
    )
    assert report.proven
    assert sorted(told) == [("loops.ipynb", "again", True), ("loops.ipynb", "double", True)]


def test_release_writes_copies_and_files_and_leaves_changed_ones_alone(tmp_path: Path) -> None:
    source, out = tmp_path / "course", tmp_path / "deep" / "out"
    (source / "data").mkdir(parents=True)
    (source / "data" / "rain.csv").write_bytes(b"1,2\n")
    write_course(source, notebook(double_cells(), files=["data/rain.csv"]))
    runner = scripted_runner()
    service = AuthoringService(CourseFolder(), runner)
    first = service.release([source], out)
    assert first.complete
    assert [state for _, state in first.files] == [FileState.WRITTEN] * 2
    assert (out / "data" / "rain.csv").read_bytes() == b"1,2\n"
    text = (out / "loops.ipynb").read_text(encoding="utf-8")
    assert "raise NotImplementedError()" in text
    assert "2 * x" not in text
    assert runner.plans == []

    again = service.release([source], out)
    assert [state for _, state in again.files] == [FileState.UNCHANGED] * 2
    (out / "loops.ipynb").write_text("my work")
    held = service.release([source], out)
    assert not held.complete
    assert (out / "loops.ipynb").read_text() == "my work"
    assert service.release([source], out, force=True).complete
    assert (out / "loops.ipynb").read_text(encoding="utf-8") == text
    assert sorted(one.name for one in out.iterdir()) == ["data", "loops.ipynb"]


def test_release_never_touches_the_source(tmp_path: Path) -> None:
    path = write_course(tmp_path, notebook(double_cells()))
    before = path.read_bytes()
    with pytest.raises(InvalidInput, match="release into another folder"):
        AuthoringService(CourseFolder(), scripted_runner()).release(
            [tmp_path], tmp_path, force=True
        )
    assert path.read_bytes() == before


def test_release_refuses_what_would_leak(tmp_path: Path) -> None:
    source, out = tmp_path / "course", tmp_path / "out"
    source.mkdir()
    cells = double_cells()
    cells[0]["source"] += "\n\nYou will write `return 2 * x` in it."
    write_course(source, notebook(cells))
    report = AuthoringService(CourseFolder(), scripted_runner()).release([source], out)
    assert not report.complete
    assert not out.exists()


def test_tests_in_the_answers_process_are_told_to_the_author(tmp_path: Path) -> None:
    cells = double_cells()
    for name, visibility in (("by hand", "public"), ("in secret", "secret")):
        meta = {"role": "tests", "name": name, "visibility": visibility, "shared_process": True}
        cells.append(cell("code", f"assert double(1) == 2  # {name}", meta))
    calls = {**CALLS, "by hand": True, "in secret": True}
    proofs = _proofs(tmp_path, cells, ScriptedTestRunner({REFERENCE: calls, NOTHING: {}}))
    warned = "\n".join(_warned(proofs))
    assert "In the process of the answer: by hand, in secret." in warned
    assert "can read what they test: in secret" in warned


def _with_rule(**rule: object) -> Cells:
    cells = double_cells()
    cells[0]["metadata"]["jupyter_tutor"]["rules"] = [{"name": "style", **rule}]
    return cells


def test_a_rule_that_the_starter_keeps_is_no_warning(tmp_path: Path) -> None:
    runner = scripted_runner()
    runner.answers = {source: {**script, FACTS: SourceFacts()} for source, script in
                      runner.answers.items()}  # fmt: skip
    assert _warned(_proofs(tmp_path, _with_rule(forbid={"calls": ["sorted"]}), runner)) == []


def test_the_reference_keeps_every_rule_also_one_without_points(tmp_path: Path) -> None:
    (broken,) = _broken(_proofs(tmp_path, _with_rule(require={"loops": True}, points=0)))
    assert broken.kind is ProofKind.REFERENCE
    assert "style" in broken.detail


def test_a_rule_without_points_rejects_no_wrong_answer(tmp_path: Path) -> None:
    looping = SourceFacts((Fact(ConstructKind.LOOP, "for", "answer", 2),))
    runner = ScriptedTestRunner(
        {REFERENCE: {**CALLS, FACTS: looping}, SQUARE: {**CALLS, FACTS: SourceFacts()}}
    )
    (broken,) = _broken(_proofs(tmp_path, _with_rule(require={"loops": True}, points=0), runner))
    assert broken.kind is ProofKind.WRONG_ANSWERS
    assert "passes every test" in broken.detail
