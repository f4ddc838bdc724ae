"""Templates that can't be had, crash, or were wrecked by an answer that nothing isolates."""

from dataclasses import replace
from pathlib import Path

import pytest

from jupyter_tutor.domain.exercises import CallCase, Visibility
from jupyter_tutor.domain.exercises import TestCase as Case
from jupyter_tutor.domain.observations import Ending
from jupyter_tutor.execution.inside.confinement import LIMITS, Confinement
from jupyter_tutor.execution.levels import Level
from jupyter_tutor.execution.runner import SandboxTestRunner
from jupyter_tutor.execution.templates import Template, TemplateFailed
from tests.integration.execution.running import left_behind, plan

pytestmark = pytest.mark.kernel

WRECKS = (
    "import os\n"
    "place = os.path.realpath('../..')\n"
    "def f():\n    return os.path.basename(place)\n"
    "for way in (lambda: os.rename(place, place + '-gone'), lambda: os.chmod(place, 0)):\n"
    "    try: way()\n"
    "    except OSError: pass\n"
)


def test_what_a_template_wrote_at_last_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ends_it.py").write_text("raise SystemExit('these are the last words')")
    usual = Template._environment
    monkeypatch.setattr(
        Template, "_environment", lambda self: {**usual(self), "PYTHONPATH": str(tmp_path)}
    )
    parent = tmp_path / "parent"
    parent.mkdir()
    with pytest.raises(TemplateFailed, match="these are the last words"):
        Template(Level.LIMITS, ("ends_it",), parent=parent, as_nobody=False)
    assert list(parent.iterdir()) == []


def test_a_place_to_write_is_tried_before_a_run_needs_it(tmp_path: Path) -> None:
    Confinement(LIMITS, (), str(tmp_path)).try_scratch()
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(FileNotFoundError):
        Confinement(LIMITS, (), str(tmp_path / "missing")).try_scratch()


def test_a_template_that_an_answer_wrecked_is_replaced(tmp_path: Path) -> None:
    """The run that wrecked it gets its report, and so do those that come after it."""
    runner = SandboxTestRunner(strongest=Level.LIMITS, directory=tmp_path)
    tests = tuple(
        Case(str(each), CallCase("f()"), visibility=each)
        for each in (Visibility.PUBLIC, Visibility.SECRET)
    )
    try:
        for answer in (WRECKS, "def f():\n    return 1", WRECKS, "def f():\n    return 1"):
            report = runner.run(replace(plan(answer), tests=tests))
            assert [each.ending for each in report.tests] == [Ending.COMPLETED] * 2
        assert runner.supply.templates_started > 1
    finally:
        runner.close()
    assert left_behind(tmp_path) == []
