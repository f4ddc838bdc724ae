"""What the doctor says of each isolation, and when answers count as not runnable."""

import importlib.util
from pathlib import Path

import pytest

from jupyter_tutor.bootstrap.doctor import bytecode_finding, isolation_finding
from jupyter_tutor.bootstrap.engine import told
from jupyter_tutor.bootstrap.findings import Finding, Report, State
from jupyter_tutor.config import Settings, Tutor
from jupyter_tutor.execution.levels import Isolation, Level

BEST = Isolation(Level.NAMESPACES)
MIDDLE = Isolation(Level.LANDLOCK, ((Level.NAMESPACES, "[Errno 1] unshare"),))
LEAST = Isolation(Level.LIMITS, (*MIDDLE.reasons, (Level.LANDLOCK, "[Errno 38] landlock")))


def _report(*findings: Finding) -> Report:
    return Report((("Section", findings),))


def _text(*findings: Finding, width: int = 100) -> str:
    return _report(*findings).text(width=width)


def _settings(*, classroom: bool) -> Settings:
    tutor = Tutor()
    tutor.database_url = "postgresql://somewhere/tutor" if classroom else ""
    return tutor.settings({})


@pytest.mark.parametrize(
    ("isolation", "laptop", "classroom"),
    [
        (BEST, State.GOOD, State.GOOD),
        (MIDDLE, State.WEAK, State.WEAK),
        (LEAST, State.WEAK, State.BAD),
    ],
)
def test_how_good_an_isolation_is_depends_on_the_place(
    isolation: Isolation, laptop: State, classroom: State
) -> None:
    for settings, state in (
        (_settings(classroom=False), laptop),
        (_settings(classroom=True), classroom),
    ):
        finding = isolation_finding(isolation, settings)
        text = _text(finding, width=1000)
        assert finding.state is state
        assert repr(isolation.level.value) in text
        for level, reason in isolation.reasons:
            assert f"no {level.value!r}: " in text
            assert reason in text
        assert ("--security-opt" in text) is (isolation is not BEST)
        assert ("lsm=" in text) is (isolation is LEAST)
        assert _report(finding).healthy is (state is not State.BAD)


def test_the_log_says_in_one_line_what_is_in_force_and_why() -> None:
    assert told(BEST) == "Answers run with the isolation 'namespaces'."
    line = told(LEAST)

    assert "\n" not in line
    assert "'limits'" in line
    assert "'namespaces' can't be had: [Errno 1] unshare; 'landlock' can't be had" in line
    assert "doctor" in line


def test_one_bad_finding_is_enough() -> None:
    findings = tuple(Finding(state, state.name.lower(), "y") for state in State)

    assert not _report(*findings).healthy
    assert _text(*findings).endswith("Answers can't be graded here. To be mended: bad.")
    kept = tuple(each for each in findings if each.state is not State.BAD)
    assert _text(*kept).endswith("Answers can be graded here. What could be better: weak.")
    assert _text(findings[0]).endswith("Answers can be graded here.")


def test_a_command_stands_on_a_line_of_its_own_and_is_not_broken() -> None:
    command = "sysctl -w " + "x" * 200
    finding = Finding(State.WEAK, "level", "long " * 40, ("so " * 40,), (f"Do that:\n{command}",))
    lines = _text(finding, width=60).splitlines()

    assert [line.strip() for line in lines].count(command) == 1
    assert all(len(line) <= 60 for line in lines[:-1] if command not in line)
    assert "\033[" not in _text(finding)
    assert "\033[" in _report(finding).text(colour=True)


def test_modules_that_are_not_compiled_are_told_with_the_command(tmp_path: Path) -> None:
    for name in ("first.py", "second.py"):
        (tmp_path / name).touch()
    never = {"PYTHONDONTWRITEBYTECODE": "1"}

    assert bytecode_finding([tmp_path], {}).state is State.WEAK
    text = _text(bytecode_finding([tmp_path], never), width=1000)
    assert "2 of 2 modules are not compiled" in text
    assert f"-m compileall {tmp_path}" in text
    assert "unset PYTHONDONTWRITEBYTECODE" in text

    for name in ("first.py", "second.py"):
        compiled = Path(importlib.util.cache_from_source(str(tmp_path / name)))
        compiled.parent.mkdir(exist_ok=True)
        compiled.touch()
    assert bytecode_finding([tmp_path], {}).state is State.GOOD
    finding = bytecode_finding([tmp_path], never)
    assert finding.state is State.GOOD
    assert "PYTHONDONTWRITEBYTECODE is set" in finding.text
