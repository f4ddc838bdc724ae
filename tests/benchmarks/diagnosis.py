"""How much the diagnosis of wrong programs finds: `python -m tests.benchmarks.diagnosis`.

Measured on the frozen set of `course_programs`, and with `--refactory PATH` on a labelled set (see
`labelled`), whose wrong submissions are diagnosed with its correct ones as earlier answers that
passed. Printed per operator or exercise:

- exc: a cell or a public test raised an exception, which is explained,
- None: what was asked for was printed, or nothing was returned,
- verified: an edit was found with which every test passes (two: it takes two edits at a time),
- input: an input is shown with what was expected and what came,
- special: exc, None or verified; with input: that or an input,
- p50 and p90 of the time of a diagnosis, in seconds, and of the processor time of all processes for
  it, which a busy machine does not change.

With `--unreadable` also on programs that are no Python (see `unreadable`).

Each verified edit is checked anew by another road: its whole lines are put into the program, which
is then graded. Exit status 1 when one does not pass, or when an aim for the whole frozen set is
missed: a special hint for 90 %, an edit for 55 %, and 2 s for nine in ten. The baseline, measured
on the same programs in the same process, explains exceptions and nothing else.
"""

import argparse
import json
import logging
import random
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from jupyter_tutor.domain.diagnosis import Diagnosis
from jupyter_tutor.domain.evaluations import Outcome, Verdict
from jupyter_tutor.domain.exercises import (
    AnswerCell,
    ExerciseContent,
    ExerciseKind,
    ExerciseText,
    Limits,
    Visibility,
)
from jupyter_tutor.domain.explain import first_failure
from jupyter_tutor.domain.mistakes import Mistake
from jupyter_tutor.domain.observations import CellSource
from jupyter_tutor.domain.submissions import Answer
from jupyter_tutor.execution.exploring import SandboxExplorer
from jupyter_tutor.execution.runner import SandboxTestRunner
from jupyter_tutor.services.counterexamples import CounterexampleSearch
from jupyter_tutor.services.diagnosing import Diagnoser
from tests.benchmarks.course_programs import FROZEN, KNOWN, CourseExercise, exercises
from tests.benchmarks.labelled import read
from tests.benchmarks.machine import cpu_seconds, load
from tests.benchmarks.unreadable import unreadable

_NOTHING = (Mistake.NO_RETURN, Mistake.PRINTED, Mistake.NONE)
_MOST_DONORS = 40
_SPECIAL = 0.90
_LOCATED = 0.55
_P90 = 2.0


@dataclass(frozen=True, slots=True)
class Program:
    """A wrong program.

    Attributes:
        group: The line of the table that it counts in.
        cells: The answer.
        donors: Other answers that pass.
    """

    group: str
    exercise: CourseExercise
    cells: tuple[CellSource, ...]
    donors: tuple[tuple[CellSource, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What was found out about a program.

    Attributes:
        raised: Whether an exception shows.
        nothing: Whether nothing was returned, or it was printed.
        confirmed: Whether the edit that was found stood the test by another road.
        cpu_seconds: Processor time of the diagnosis, of all processes.
    """

    group: str
    diagnosis: Diagnosis
    raised: bool
    nothing: bool
    confirmed: bool
    cpu_seconds: float

    @property
    def verified(self) -> bool:
        """Whether an edit was found."""
        return self.diagnosis.verified is not None

    @property
    def special(self) -> bool:
        """Whether a hint can say what is wrong."""
        return self.raised or self.nothing or self.verified

    @property
    def shown(self) -> bool:
        """Whether a hint can say that, or show an input that fails."""
        return self.special or self.diagnosis.counterexample is not None


def frozen(runner: SandboxTestRunner) -> Iterator[Program]:
    """Yield the programs of the frozen set; one of two operators counts as such."""
    known = exercises(runner)
    for line in FROZEN.read_text("utf-8").splitlines():
        item = json.loads(line)
        exercise = known.get(item["exercise"])
        if exercise is not None:
            made = item["made"]
            group = made[0] if len(made) == 1 else "two at a time"
            yield Program(group, exercise, exercise.cells(item["cells"]))


def slips(runner: SandboxTestRunner) -> Iterator[Program]:
    """Yield programs of the sample course that are no Python."""
    for exercise in exercises(runner).values():
        for kind, cells in unreadable(exercise):
            yield Program(kind, exercise, cells)


def aims_missed(found: Sequence[Found]) -> list[str]:
    """Return which aims for the frozen set are missed."""
    times = sorted(each.diagnosis.seconds for each in found)
    special = sum(each.special for each in found) / len(found)
    located = sum(each.verified for each in found) / len(found)
    slow = times[int(0.9 * (len(times) - 1))]
    missed = [f"special {100 * special:.1f} %, below 90 %"] if special < _SPECIAL else []
    missed += [f"verified {100 * located:.1f} %, below 55 %"] if located < _LOCATED else []
    return [*missed, f"p90 {slow:.2f} s, above 2 s"] if slow > _P90 else missed


def refactory(path: Path, runner: SandboxTestRunner) -> Iterator[Program]:
    """Yield the wrong submissions of a labelled set."""
    file = path / "items.jsonl" if path.is_dir() else path
    items = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
    references = {
        item["exercise_id"]: item["reference"] for item in items if item["kind"] == "exercise"
    }
    for each in read(path, runner):
        content = ExerciseContent(
            slug=each.id,
            kind=ExerciseKind.CODING,
            topic="any",
            difficulty=1,
            texts={"en": ExerciseText(each.id, "")},
            tests=each.tests,
            answer_cells=(AnswerCell("answer", "", references[each.id]),),
            setup=each.before,
            limits=Limits(wall_seconds=2.0, cpu_seconds=2.0),
        )
        correct = [one.code for one in each.submissions if one.correct]
        chosen = random.Random(0).sample(correct, min(_MOST_DONORS, len(correct)))
        donors = tuple((CellSource("answer", code),) for code in chosen)
        for one in each.submissions:
            if not one.correct:
                cells = (CellSource("answer", one.code),)
                yield Program(each.id, CourseExercise(content, ()), cells, donors)


def raised(verdict: Verdict) -> bool:
    """Whether a learner sees an exception."""
    public = [each for each in verdict.results if each.visibility is Visibility.PUBLIC]
    return any(each.error is not None for each in (*verdict.cells, *public)) or any(
        each.outcome in (Outcome.TIMEOUT, Outcome.CPU_LIMIT) for each in public
    )


def measure(
    program: Program, runner: SandboxTestRunner, diagnoser: Diagnoser, seconds: float
) -> Found | None:
    """Diagnose a program; None when it passes after all."""
    exercise, answer = program.exercise, Answer(program.cells)
    verdict = exercise.judged(runner, program.cells)
    if verdict.passed:
        return None
    cpu_before = cpu_seconds()
    diagnosis = diagnoser.diagnose(
        exercise.content,
        answer,
        verdict,
        donors=program.donors,
        files=exercise.files,
        budget_seconds=seconds,
    )
    cpu = cpu_seconds() - cpu_before
    failure = first_failure(verdict, exercise.content, program.cells)
    nothing = failure is not None and failure.mistake in _NOTHING
    confirmed = _confirmed(program, diagnosis, runner)
    return Found(program.group, diagnosis, raised(verdict), nothing, confirmed, cpu)


def _confirmed(program: Program, diagnosis: Diagnosis, runner: SandboxTestRunner) -> bool:
    """Whether the whole lines of an edit, put into the program, make it pass everything."""
    cells = {cell.id: cell.source for cell in program.cells}
    for edit in diagnosis.edits:
        cells[edit.cell] = edit.applied(cells[edit.cell])
    mended = tuple(CellSource(cell, source) for cell, source in cells.items())
    verdict = program.exercise.judged(runner, mended)
    return all(each.outcome is Outcome.PASSED for each in verdict.results)


def table(found: Sequence[Found], by: Callable[[Found], str]) -> None:
    """Print a line per group, and one for all."""
    names = sorted({by(each) for each in found})
    print(
        f"{'':24}{'n':>5}{'exc':>6}{'None':>6}{'verified':>10}{'two':>6}{'input':>7}"
        f"{'special':>9}{'+input':>8}{'p50':>7}{'p90':>7}"
        f"{'cpu50':>7}{'cpu90':>7}"
    )
    for name in names:
        _row(name, [each for each in found if by(each) == name])
    _row("all", found)


def _row(name: str, found: Sequence[Found]) -> None:
    def share(chosen: Iterable[bool]) -> str:
        return f"{100 * sum(chosen) / len(found):.0f} %"

    def times(taken: Iterable[float]) -> str:
        ordered = sorted(taken)
        return f"{statistics.median(ordered):7.2f}{ordered[int(0.9 * (len(ordered) - 1))]:7.2f}"

    print(
        f"{name:24}{len(found):5}"
        f"{share(each.raised for each in found):>6}{share(each.nothing for each in found):>6}"
        f"{share(each.verified for each in found):>10}"
        f"{share(len(each.diagnosis.edits) > 1 for each in found):>6}"
        f"{share(each.diagnosis.counterexample is not None for each in found):>7}"
        f"{share(each.special for each in found):>9}{share(each.shown for each in found):>8}"
        f"{times(each.diagnosis.seconds for each in found)}"
        f"{times(each.cpu_seconds for each in found)}"
    )


def _report(
    title: str,
    programs: Iterable[Program],
    options: argparse.Namespace,
    aims: Callable[[Sequence[Found]], list[str]] = lambda _: [],
) -> bool:
    """Measure a set and print it; whether every edit was confirmed, and every aim was reached."""
    runner = options.runner
    explorer = SandboxExplorer(runner.supply)
    diagnoser = Diagnoser(runner, explorer, inputs=CounterexampleSearch(runner))
    began = time.perf_counter()
    measured = (
        measure(each, runner, diagnoser, options.seconds)
        for number, each in enumerate(programs)
        if number % options.every == 0
    )
    found = [each for each in measured if each is not None]
    edits = [each for each in found if each.verified]
    right = sum(each.confirmed for each in edits)
    print(f"\n{title}: {len(found)} programs, {time.perf_counter() - began:.0f} s, {load()}")
    table(found, lambda each: each.group)
    only = sum(each.raised for each in found)
    print(f"baseline, exceptions only: {100 * only / len(found):.1f} % have a hint")
    for each in edits:
        if not each.confirmed:
            print(f"NOT CONFIRMED: {each.diagnosis.edits}")
    print(f"location: {right} of {len(edits)} edits confirmed by another road")
    if options.kinds:
        table(edits, lambda each: each.diagnosis.verified.kind if each.diagnosis.verified else "")
    missed = aims(found)
    print(*(f"MISSED: {each}" for each in missed), sep="\n")
    return right == len(edits) and not missed


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--refactory", type=Path, metavar="PATH")
    parser.add_argument("--seconds", type=float, default=4.0, help="time budget of a diagnosis")
    parser.add_argument("--every", type=int, default=1, help="measure each so-manieth program")
    parser.add_argument("--kinds", action="store_true", help="also a table by kind of edit")
    parser.add_argument("--unreadable", action="store_true", help="also what is no Python")
    parser.add_argument("--no-course", action="store_true", help="leave the frozen set out")
    options = parser.parse_args()
    logging.getLogger().setLevel(logging.ERROR)
    options.runner = SandboxTestRunner(sandboxes=4)
    try:
        sound = True
        if not options.no_course:
            known = f"frozen set of the sample course ({KNOWN}s and mutants)"
            sound &= _report(known, frozen(options.runner), options, aims_missed)
        if options.unreadable:
            sound &= _report("programs that are no Python", slips(options.runner), options)
        if options.refactory is not None:
            programs = refactory(options.refactory, options.runner)
            sound &= _report("labelled set", programs, options)
    finally:
        options.runner.close()
    raise SystemExit(0 if sound else 1)


if __name__ == "__main__":
    main()
