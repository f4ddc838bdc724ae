"""What a run would have to import after the fork was imported before it: every run would pay."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_tutor.domain.exercises import AssertCell, CallCase, ProgramCase
from jupyter_tutor.execution.runner import SandboxTestRunner
from tests.integration.execution.running import plan, shown

pytestmark = pytest.mark.kernel

CANARY = (
    "import sys\nbefore = set(sys.modules)\n"
    "def f(x):\n    print(x)\n    return {'a': [x, 2.5, None, b'x', {1, 2}], 'b': (1, 'é')}\n"
    "def broken(): return {}['no']\n"
    "def later(): return sorted(set(sys.modules) - before)\n"
)
TEMPLATE = """
import json, os, socket, sys, types
from pathlib import Path
from jupyter_tutor.execution.inside import launch
package = types.ModuleType(launch.PACKAGE)
package.__path__ = []
sys.modules[launch.PACKAGE] = package
loaded = {name: launch.load(name) for name in (*launch.EARLY, *launch.LATE)}
template = loaded["template"].Template(None, None, None)
template.prepare([])
before = set(sys.modules)
ours, theirs = socket.socketpair()
if os.fork() == 0:
    ours.close()
    os.chdir(sys.argv[1])
    loaded["serving"].serve(theirs, template._shell, sys.argv[1], None, "answer")
    os._exit(0)
theirs.close()
wire = loaded["wire"].Wire(ours)
steps = [
    {"kind": "cell", "name": "a", "number": 0, "source": "import sys\\ndef f(): return 1 / 0"},
    {"kind": "cell", "name": "b", "number": 0, "source": "def no Python"},
    {"kind": "call", "source": "f()"},
    {"kind": "program", "stdin": "1", "sources": [{"name": "c", "number": 0, "source": "input()"}]},
    {"kind": "assert", "source": "assert 1 == 2"},
    {"kind": "call", "source": "' '.join(sys.modules)"},
]
wire.send(["execute", [{"seed": 0, "output_bytes": 1000, **step} for step in steps]])
while (message := wire.receive())[0] != "done":
    last = message
after = set(last[1]["value"]["value"].split())
print(json.dumps(sorted(after - before)))
"""


def test_a_run_imports_nothing_of_ours(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", TEMPLATE, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=Path(__file__).parents[3],
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == []


def test_steps_import_nothing_once_the_answer_runs(runner: SandboxTestRunner) -> None:
    """Also where the run is confined, with an oracle and with what printing and failing take."""
    report = runner.run(
        plan(
            CANARY,
            CallCase("f(1)", arguments_unchanged=True),
            CallCase("broken()"),
            AssertCell("assert f(1)['b'][1] == 'e'"),
            ProgramCase("1\n", "1\n"),
            CallCase("later()"),
        )
    )
    assert shown(report.tests[-1]) == "[]"
