"""Whether the engine agrees with teachers: `python -m tests.benchmarks.agreement PATH...`.

Every submission of a labelled set (see `labelled` for the form) is graded by the engine as a
learner's answer would be, and its verdict compared with the label: all tests passed means correct.
Printed per exercise: agreement, programs that were wrongly failed and wrongly passed, with the
first test that decided, and the time. Exit status 1 when a correct program was failed.

With `--repeat N` one correct and one wrong submission of each exercise are graded N times instead,
and it is told whether all verdicts were equal.
"""

import argparse
import logging
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from jupyter_tutor.domain.exercises import Limits
from jupyter_tutor.domain.judging import judge
from jupyter_tutor.domain.verdicts import Outcome, Verdict
from jupyter_tutor.execution.runner import SandboxTestRunner
from tests.benchmarks.labelled import Exercise, Labelled, read
from tests.benchmarks.machine import load

SLOW = {"quixbugs/levenshtein": 60.0, "quixbugs/knapsack": 900.0}
"""Seconds for a test of exercises whose fixed programs are slow by design."""


@dataclass(frozen=True, slots=True)
class Graded:
    """A submission with its verdict."""

    submission: Labelled
    verdict: Verdict
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether it passed all tests."""
        return self.verdict.passed

    @property
    def agrees(self) -> bool:
        """Whether that is what the label says."""
        return self.passed == self.submission.correct

    @property
    def reason(self) -> str:
        """What decided, in one line."""
        for result in self.verdict.results:
            if result.outcome is not Outcome.PASSED:
                said = " ".join(result.message.split())[:150]
                return f"test {result.name}: {result.outcome.value}: {said}"
        return "all tests passed"


def grade(runner: SandboxTestRunner, exercise: Exercise, one: Labelled, limits: Limits) -> Graded:
    """Grade one submission."""
    began = time.perf_counter()
    verdict = judge(exercise.tests, runner.run(exercise.plan(one.code, limits)), limits)
    return Graded(one, verdict, time.perf_counter() - began)


def agree(
    runner: SandboxTestRunner, exercise: Exercise, limits: Limits, pool: ThreadPoolExecutor
) -> list[Graded]:
    """Grade all submissions of an exercise, and print its line."""
    began = time.perf_counter()
    graded = list(pool.map(lambda one: grade(runner, exercise, one, limits), exercise.submissions))
    took = time.perf_counter() - began
    failed = [each for each in graded if each.submission.correct and not each.passed]
    passed = [each for each in graded if not each.submission.correct and each.passed]
    print(
        f"{exercise.id:38}{len(graded):6}{len(exercise.tests):6}{_share(graded):9.2f}"
        f"{len(failed):8}{len(passed):8}{took:8.1f}{len(graded) / took:7.1f}",
        flush=True,
    )
    for what, wrong in (("wrongly failed", failed), ("wrongly passed", passed)):
        for each in wrong:
            print(f"    {what} {each.submission.id}: {each.reason}")
    return graded


def repeat(
    runner: SandboxTestRunner,
    exercise: Exercise,
    limits: Limits,
    times: int,
    pool: ThreadPoolExecutor,
) -> bool:
    """Grade the first correct and the first wrong submission again and again; tell if equal."""
    equal = True
    for correct in (True, False):
        chosen = [one for one in exercise.submissions if one.correct is correct][:1]
        for one in chosen:
            runs = pool.map(lambda one: grade(runner, exercise, one, limits), [one] * times)
            verdicts = [_without_times(each.verdict) for each in runs]
            same = all(verdict == verdicts[0] for verdict in verdicts)
            equal = equal and same
            print(
                f"{exercise.id:38}{one.id:32}{times:5} runs  {'equal' if same else 'DIFFER'}",
                flush=True,
            )
            if not same:
                for result, other in _differences(verdicts):
                    print(f"    {result}\n    {other}")
    return equal


def _without_times(verdict: Verdict) -> Verdict:
    """Return a verdict without what is measured and not judged."""
    results, cells = (
        tuple(replace(each, seconds=0.0, memory_mb=None) for each in side)
        for side in (verdict.results, verdict.cells)
    )
    return replace(verdict, results=results, cells=cells)


def _differences(verdicts: Sequence[Verdict]) -> Iterator[tuple[object, object]]:
    for verdict in verdicts[1:]:
        for result, other in zip(verdicts[0].results, verdict.results, strict=True):
            if result != other:
                yield result, other
                return


def _share(graded: Sequence[Graded]) -> float:
    return 100 * sum(each.agrees for each in graded) / max(len(graded), 1)


def _limits(exercise: Exercise, options: argparse.Namespace) -> Limits:
    given = dict(each.rsplit("=", 1) for each in options.limit)
    usual = SLOW.get(exercise.id, options.seconds)
    seconds = float(given.get(exercise.id, usual))
    return Limits(wall_seconds=seconds, cpu_seconds=seconds, memory_mb=options.memory_mb)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    parser.add_argument("--repeat", type=int, default=0, metavar="N")
    parser.add_argument("--seconds", type=float, default=5.0, help="limit of each test")
    parser.add_argument("--memory-mb", type=int, default=512, help="limit of each run")
    parser.add_argument(
        "--limit", action="append", default=[], metavar="EXERCISE=SECONDS", help="for one exercise"
    )
    parser.add_argument("--slow", action="store_true", help="run what the tests skip as too slow")
    parser.add_argument("--only", default="", help="exercises whose id has this in it")
    parser.add_argument("--at-once", type=int, default=2)
    return parser.parse_args()


def main() -> None:
    """Print the table."""
    options = _options()
    logging.getLogger().setLevel(logging.ERROR)
    runner = SandboxTestRunner(sandboxes=options.at_once)
    graded: list[Graded] = []
    equal, began = True, time.perf_counter()
    if not options.repeat:
        print(
            f"{load()}\n{'exercise':38}{'subm.':>6}{'tests':>6}{'agree %':>9}"
            f"{'failed':>8}{'passed':>8}{'s':>8}{'per s':>7}"
        )
    try:
        with ThreadPoolExecutor(options.at_once) as pool:
            for path in options.paths:
                for exercise in read(path, runner, slow=options.slow):
                    if options.only not in exercise.id:
                        continue
                    limits = _limits(exercise, options)
                    if options.repeat:
                        equal &= repeat(runner, exercise, limits, options.repeat, pool)
                    else:
                        graded += agree(runner, exercise, limits, pool)
    finally:
        runner.close()
    if options.repeat:
        print("all verdicts equal" if equal else "verdicts differ")
        raise SystemExit(not equal)
    _summary(graded, time.perf_counter() - began)


def _summary(graded: Sequence[Graded], took: float) -> None:
    """Print the whole, and exit with 1 when a correct program was failed."""
    correct = [each for each in graded if each.submission.correct]
    wrong = [each for each in graded if not each.submission.correct]
    failed, passed = (sum(not each.agrees for each in side) for side in (correct, wrong))
    print(
        f"{len(graded)} submissions: {_share(graded):.2f} % agree; {failed} of {len(correct)} "
        f"correct ones failed, {passed} of {len(wrong)} wrong ones passed; {took:.0f} s, "
        f"{len(graded) / took:.1f} a second, {load()}"
    )
    raise SystemExit(1 if failed or not graded else 0)


if __name__ == "__main__":
    main()
