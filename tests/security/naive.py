"""The positive control: deliberately naive graders, each in a process and directory of its own."""

import json
import os
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jupyter_tutor.domain.exercises import AssertCell, CallCase, ProgramCase, TestCase
from jupyter_tutor.domain.values import show
from tests.security.exercises import Exercise
from tests.security.playing import WON, Control

_DRIVER: Final = Path(__file__).with_name("naive_driver.py")
_SECONDS: Final = 8.0
_MOST: Final = 200_000
_SWAMPED: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Graded:
    """What a naive grader says.

    Attributes:
        passed: The tests that it thinks have passed.
        shown: What its learner sees: everything printed.
        ended: Whether it came to its end in time and without a crash.
    """

    passed: frozenset[str]
    shown: str
    ended: bool


def grade(exercise: Exercise, answer: str, mode: Control, seconds: float = _SECONDS) -> Graded:
    """Grade an answer naively."""
    tests = [_plain(test) for test in exercise.tests]
    job = {"mode": mode.value, "setup": exercise.setup, "answer": answer, "tests": tests}
    with tempfile.TemporaryDirectory(prefix="naive-") as name:
        Path(name, "tests.json").write_text(json.dumps(tests))
        output = Path(name, "output")
        with output.open("wb") as file:
            process = subprocess.Popen(
                [sys.executable, "-u", "-P", "-W", "ignore", str(_DRIVER)],
                cwd=name,
                stdin=subprocess.PIPE,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_limits,
            )
            ended = _wait(process, json.dumps(job).encode(), seconds)
        wire = Path(name, "wire")
        ended = ended and not (wire.exists() and wire.stat().st_size > _SWAMPED)
        with output.open("rb") as file:
            text = file.read(_MOST).decode("utf-8", "replace")
        told = text
        if mode is Control.RESULT_FILE:
            result = Path(name, "result.json")
            told = result.read_text() if result.exists() else ""
    return Graded(_verdict(told), text, ended)


def _limits() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
    resource.setrlimit(resource.RLIMIT_FSIZE, (80 << 20, 80 << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (8, 8))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _wait(process: "subprocess.Popen[bytes]", job: bytes, seconds: float) -> bool:
    try:
        process.communicate(job, timeout=seconds)
    except subprocess.TimeoutExpired:
        return False
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, 9)
        process.wait()
    return process.returncode == 0


def _verdict(text: str) -> frozenset[str]:
    """Return what the last line that is a verdict says has passed."""
    for line in reversed(text.splitlines()):
        try:
            results = json.loads(line)["results"]
        except (ValueError, TypeError, KeyError):
            continue
        return frozenset(name for name, passed in results if passed)
    return frozenset()


def _plain(test: TestCase) -> dict[str, str]:
    match test.spec:
        case AssertCell(source=source):
            return {"name": test.name, "source": source}
        case CallCase(call=call, raises=None, expected=expected):
            assert expected is not None
            return {"name": test.name, "call": call, "expected": show(expected)}
        case CallCase(call=call, raises=error):
            assert error is not None
            return {"name": test.name, "call": call, "raises": error.type}
        case ProgramCase(stdin=stdin, stdout=stdout):
            return {"name": test.name, "stdin": stdin, "stdout": stdout}
    raise AssertionError(test)


def gained(exercise: Exercise, graded: Graded, planted: str) -> list[str]:
    """Return what an answer gained from a naive grader."""
    found = [f"points for {name}" for name in sorted(graded.passed) if name.startswith("hard")]
    texts = (*exercise.secrets, planted, WON)
    return found + [f"saw {text}" for text in texts if text in graded.shown]
