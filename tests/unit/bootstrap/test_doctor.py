"""What the doctor says of each isolation, and when answers count as not runnable."""

import pytest

from jupyter_tutor.bootstrap.doctor import Finding, Report, State, isolation_finding
from jupyter_tutor.bootstrap.engine import told
from jupyter_tutor.config import Settings, Tutor
from jupyter_tutor.execution.levels import Isolation, Level

BEST = Isolation(Level.NAMESPACES)
MIDDLE = Isolation(Level.LANDLOCK, ((Level.NAMESPACES, "[Errno 1] unshare"),))
LEAST = Isolation(Level.LIMITS, (*MIDDLE.reasons, (Level.LANDLOCK, "[Errno 38] landlock")))


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
        text = Report((finding,)).text()
        assert finding.state is state
        assert repr(isolation.level.value) in text
        for level, reason in isolation.reasons:
            assert f"no {level.value!r}: {reason}" in text
        assert ("--security-opt" in text) is (isolation is not BEST)
        assert ("lsm=" in text) is (isolation is LEAST)
        assert Report((finding,)).healthy is (state is not State.BAD)


def test_the_log_says_in_one_line_what_is_in_force_and_why() -> None:
    assert told(BEST) == "Answers run with the isolation 'namespaces'."
    line = told(LEAST)

    assert "\n" not in line
    assert "'limits'" in line
    assert "'namespaces' can't be had: [Errno 1] unshare; 'landlock' can't be had" in line
    assert "doctor" in line


def test_one_bad_finding_is_enough() -> None:
    findings = tuple(Finding(state, "x", "y") for state in State)

    assert not Report(findings).healthy
    assert Report(findings).text().endswith("Answers can't be run here.")
    kept = tuple(each for each in findings if each.state is not State.BAD)
    assert Report(kept).text().endswith("Answers can be run here.")
