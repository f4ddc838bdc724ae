"""What a kernel can see, and what is left when it is gone."""

import ast
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from jupyter_tutor.domain.errors import InvalidInput, KernelUnavailable
from jupyter_tutor.domain.exercises import AssertCell, CallCase, DataFile, Limits
from jupyter_tutor.domain.exercises import TestCase as Case
from jupyter_tutor.domain.judging import judge
from jupyter_tutor.domain.observations import CellSource, Ending, RunPlan
from jupyter_tutor.domain.values import encode_plain, show
from jupyter_tutor.domain.verdicts import Outcome
from jupyter_tutor.execution.inside.sweeping import sweep
from jupyter_tutor.execution.levels import Level
from jupyter_tutor.execution.runner import SandboxTestRunner
from tests.integration.execution.running import (
    QUICK,
    call,
    left_behind,
    plan,
    processes_with,
    run,
    shown,
)

pytestmark = pytest.mark.kernel

ALLOWED = {
    "HOME",
    "LANG",
    "LC_CTYPE",
    "MKL_NUM_THREADS",
    "MPLBACKEND",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "OLDPWD",
    "PATH",
    "PWD",
    "PYTHONHASHSEED",
    "PYTHONUSERBASE",
    "SHLVL",
    "TMPDIR",
    "_",
}
FAST = Limits(wall_seconds=10.0)


def test_the_environment_is_made_of_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = ("ANTHROPIC_API_KEY", "JUPYTER_TOKEN", "JUPYTERHUB_API_TOKEN", "PGPASSWORD", "MINE")
    for name in secrets:
        monkeypatch.setenv(name, "hush-hush")
    runner = SandboxTestRunner()
    answer = (
        "import os, subprocess\n"
        "def own(): return sorted(os.environ)\n"
        "def ancestors():\n"
        "    try: seen = [pid for pid in os.listdir('/proc') if pid.isdigit()]\n"
        "    except PermissionError: seen = []\n"
        "    texts = [open(f'/proc/{pid}/environ').read() for pid in seen]\n"
        "    return ''.join([*texts, subprocess.getoutput('env')]).count('hush'), seen\n"
        "def place(): return os.getcwd(), os.path.expanduser('~'), os.listdir()\n"
    )
    try:
        report = run(runner, answer, "own()", "ancestors()", "place()")
        level = runner.supply.isolation.level
    finally:
        runner.close()
    assert report.tests[0].value is not None
    names = set(ast.literal_eval(show(report.tests[0].value, limit=5_000)))
    assert names <= ALLOWED
    assert "HOME" in names
    if level is not Level.LIMITS:
        seen = {Level.NAMESPACES: "['1']", Level.LANDLOCK: "[]"}[level]
        assert shown(report.tests[1]) == f"(0, {seen})"
    assert str(Path.home()) not in shown(report.tests[2])
    assert shown(report.tests[2]).endswith("/home', [])")


def test_expected_values_never_enter_the_kernel(runner: SandboxTestRunner) -> None:
    answer = (
        "import gc, sys\n"
        "def f(*_):\n"
        "    wanted, frame, seen = ''.join(['7316', '2049']), sys._getframe().f_back, []\n"
        "    while frame:\n"
        "        seen.append(repr(frame.f_locals)); frame = frame.f_back\n"
        "    seen += [repr(x) for x in gc.get_objects() if type(x) in (dict, list, tuple)]\n"
        "    return any(wanted in text for text in seen)\n"
    )
    case = CallCase("f()", expected=encode_plain(73162049))
    cell = AssertCell("wanted = 73162049\nassert not f()")
    report = runner.run(plan(answer, case, cell, limits=FAST))
    assert shown(report.tests[0]) == "False"
    assert report.tests[1].ending is Ending.COMPLETED
    control = runner.run(plan(answer, "f(73162049)", limits=FAST))
    assert shown(control.tests[0]) == "True", "the search itself does not work"


@pytest.mark.parametrize(
    "answer",
    [
        (
            "class Liar(float):\n    def __eq__(self, other): return True\n"
            "    __hash__ = float.__hash__\n    def __repr__(self): return '16'\n"
            "def f(): return Liar(7)"
        ),
        (
            "class Liar:\n    __class__ = int\n    def __eq__(self, other): return True\n"
            "    def __int__(self): return 16\n    def __repr__(self): return '16'\n"
            "def f(): return Liar()"
        ),
        (
            "class Meta(type):\n    def __eq__(self, other): return True\n"
            "    def __hash__(self): return hash(int)\n    __name__ = 'int'\n"
            "class Liar(metaclass=Meta):\n    def __repr__(self): return '16'\n"
            "def f(): return Liar()"
        ),
        (
            "import builtins\nbuiltins.isinstance = lambda *_: True\ndel builtins.type\n"
            "def f(): return 7"
        ),
        (
            "import builtins\nfor name in list(vars(builtins)):\n"
            "    if name not in ('__build_class__', '__import__'): delattr(builtins, name)\n"
            "def f(): return 7"
        ),
        (
            "import sys, types\nfor module in list(sys.modules.values()):\n"
            "    if getattr(module, 'encode', None): module.encode = lambda *_: 16\n"
            "def f(): return 15"
        ),
        "import json\njson.dumps = lambda *_, **__: '{}'\ndef f(): return 7",
        "import sys\ndef f(): sys.exit(0)",
        "import os\ndef f(): os._exit(0)",
        "def f():\n    get_ipython().kernel.do_execute = None\n    return 7",
        "def f(): get_ipython().kernel.do_shutdown(False)",
    ],
)
def test_liars_earn_nothing(runner: SandboxTestRunner, answer: str) -> None:
    tests = (Case("t", CallCase("f()", expected=encode_plain(16))),)
    cells = (CellSource("answer", answer),)
    (result,) = judge(tests, runner.run(RunPlan((), cells, tests, FAST))).results
    assert result.outcome in (Outcome.FAILED, Outcome.ERROR, Outcome.NOT_RUN), result
    assert result.earned == 0


def test_a_forged_report_beside_the_real_one_counts_for_nothing(
    runner: SandboxTestRunner,
) -> None:
    answer = (
        "import json, os, struct\n"
        "def f():\n"
        "    seen = {'ending': 'completed', 'value': {'type': 'int', 'value': '16'}}\n"
        "    data = json.dumps(['observation', seen]).encode()\n"
        "    for descriptor in range(3, 64):\n"
        "        try: os.write(descriptor, struct.pack('>I', len(data)) + data)\n"
        "        except OSError: pass\n"
        "    return 7\n"
    )
    assert call(runner, answer).ending is Ending.DIED


def test_deleted_builtins_do_not_hurt_the_next_test(runner: SandboxTestRunner) -> None:
    answer = (
        "import builtins\ndef f(): del builtins.len, builtins.print, builtins.isinstance; return 1"
    )
    report = run(runner, answer, "f()", "len('ab')")
    assert [shown(test) for test in report.tests] == ["1", "2"]


def test_nothing_is_left_of_many_runs() -> None:
    with tempfile.TemporaryDirectory(prefix="runs-") as name:
        runner = SandboxTestRunner(directory=Path(name))
        try:
            run(runner, "1", "1")
            before = _descriptors(), threading.active_count()
            for answer in ("1", "import os; os._exit(0)", "while True: pass"):
                run(runner, answer, "1")
            assert (_descriptors(), threading.active_count()) == before
            assert len(list(Path(name).glob("tutor-*"))) == 1
        finally:
            runner.close()
            runner.close()
        assert left_behind(Path(name)) == []
        with pytest.raises(KernelUnavailable, match="closed"):
            runner.run(plan("1"))


def _descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_runs_in_parallel_do_not_meet(runner: SandboxTestRunner) -> None:
    answer = (
        "import os, time\n"
        "def f(n):\n"
        "    with open('mine', 'w') as file: file.write(str(n))\n"
        "    time.sleep(0.1)\n"
        "    return open('mine').read(), os.listdir()\n"
    )

    def one(number: int) -> str:
        return shown(runner.run(plan(answer, f"f({number})", limits=FAST)).tests[0])

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(one, range(4))) == [f"('{n}', ['mine'])" for n in range(4)]


def test_closing_ends_a_run_under_way() -> None:
    runner = SandboxTestRunner()
    with ThreadPoolExecutor(1) as pool:
        under_way = pool.submit(runner.run, plan("while True: pass", limits=Limits()))
        time.sleep(1.5)
        runner.close()
        with pytest.raises(KernelUnavailable, match="closed"):
            under_way.result(timeout=20)


def test_kernels_die_with_their_server() -> None:
    with tempfile.TemporaryDirectory(prefix="runs-") as name:
        script = (
            "from pathlib import Path\n"
            "from jupyter_tutor.execution.runner import SandboxTestRunner\n"
            "from tests.integration.execution.running import plan\n"
            f"runner = SandboxTestRunner(directory=Path({name!r}))\n"
            "from jupyter_tutor.domain.exercises import Limits\n"
            "answer = 'import os; os.system(\"sleep 77\")'\n"
            "runner.run(plan(answer, '1', limits=Limits(wall_seconds=60.0)))\n"
        )
        server = subprocess.Popen(
            [sys.executable, "-c", script], cwd=Path(__file__).parents[3], start_new_session=True
        )
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and not processes_with("sleep\x0077"):
            time.sleep(0.05)
        assert processes_with("sleep\x0077")
        assert len(processes_with(name)) >= 3
        server.send_signal(signal.SIGKILL)
        server.wait()
        assert left_behind(Path(name)) == []
        assert processes_with("sleep\x0077") == []


def test_files_are_put_beside_the_answer_and_nowhere_else(runner: SandboxTestRunner) -> None:
    for path in ("/etc/passwd", "../a.txt", "a/../../b", "", "a\\b"):
        files = (DataFile(path, b"x"),)
        with pytest.raises(InvalidInput, match="outside"):
            runner.run(RunPlan((), (), (), QUICK, files))


def test_sweeping_takes_whatever_is_there(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "file").touch()
    top = tmp_path / "top"
    top.mkdir()
    (top / "link").symlink_to(kept, target_is_directory=True)
    (top / "dangling").symlink_to("/nowhere")
    (top / "closed").mkdir()
    (top / "closed" / "inner").mkdir()
    (top / "closed").chmod(0)
    here = Path.cwd()
    os.chdir(top)
    try:
        for _ in range(60):
            Path("deep" * 50).mkdir()
            os.chdir("deep" * 50)
    finally:
        os.chdir(here)
    assert sweep(str(top))
    assert not top.exists()
    assert (kept / "file").exists()
    assert sweep(str(top))


def test_where_no_sandbox_can_live_it_is_said(tmp_path: Path) -> None:
    runner = SandboxTestRunner(directory=tmp_path / "nowhere")
    with pytest.raises(KernelUnavailable, match="doctor"):
        runner.run(plan("1"))
    runner.close()


def test_a_template_that_does_not_become_ready_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tempfile.TemporaryDirectory(prefix="runs-") as name:
        broken = tmp_path / "launch.py"
        broken.write_text("raise SystemExit('no kernel here')")
        monkeypatch.setattr("jupyter_tutor.execution.templates._LAUNCHER", broken)
        runner = SandboxTestRunner(directory=Path(name))
        with pytest.raises(KernelUnavailable, match="doctor"):
            runner.run(plan("1"))
        broken.write_text("import time; time.sleep(60)")
        runner = SandboxTestRunner(start_seconds=0.1, directory=Path(name))
        with pytest.raises(KernelUnavailable, match="doctor"):
            runner.run(plan("1"))
        assert left_behind(Path(name)) == []
