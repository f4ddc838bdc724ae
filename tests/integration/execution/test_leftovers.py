"""Fifty runs, most of them ended by force, leave no process, descriptor, thread or file."""

import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from jupyter_tutor.domain.exercises import Limits
from jupyter_tutor.domain.observations import Ending
from jupyter_tutor.execution.runner import SandboxTestRunner
from tests.integration.execution.running import left_behind, plan

pytestmark = pytest.mark.kernel

ROUNDS = 5
SHORT = Limits(wall_seconds=0.4, cpu_seconds=5.0, memory_mb=256, output_bytes=10_000, processes=8)
LONG = Limits(wall_seconds=20.0, cpu_seconds=20.0, memory_mb=256, output_bytes=10_000, processes=8)
ENDINGS = (
    ("return 1", LONG, Ending.COMPLETED),
    ("return open('note', 'w').write('a')", LONG, Ending.COMPLETED),
    ("raise ValueError", LONG, Ending.RAISED),
    ("while True: pass", SHORT, Ending.TIMEOUT),
    (
        "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n    while True: pass",
        SHORT,
        Ending.TIMEOUT,
    ),
    ("import subprocess; subprocess.run(['sleep', '600'])", SHORT, Ending.TIMEOUT),
    ("import os\n    while True: os.fork()", LONG, Ending.PROCESS_LIMIT),
    (
        (
            "import os\n    for _ in range(30):\n        if os.fork() == 0:\n"
            "            os.setsid(); os.system('sleep 600')\n    import time; time.sleep(60)"
        ),
        LONG,
        Ending.PROCESS_LIMIT,
    ),
    ("import os; os._exit(3)", LONG, Ending.DIED),
    ("while True: print('x' * 500)", LONG, Ending.OUTPUT_LIMIT),
)


def _held() -> tuple[int, int, list[str]]:
    """Return our descriptors and threads, and the child processes of all of these."""
    children = [
        child
        for task in Path("/proc/self/task").iterdir()
        for child in (task / "children").read_text().split()
    ]
    descriptors = len(list(Path("/proc/self/fd").iterdir()))
    return descriptors, threading.active_count(), children


@pytest.mark.timeout(300)
def test_fifty_runs_leave_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory(prefix="runs-") as name:
        monkeypatch.setattr(tempfile, "tempdir", name)
        runner = SandboxTestRunner()

        def one(body: str, limits: Limits, ending: Ending) -> None:
            report = runner.run(plan(f"def f():\n    {body}\n", "f()", limits=limits))
            assert report.tests[0].ending is ending, body

        try:
            one(*ENDINGS[0])  # loads what is loaded once
            before = _held()
            with ThreadPoolExecutor(2) as pool:
                for run in [pool.submit(one, *each) for each in ENDINGS * ROUNDS]:
                    run.result()
            assert _held() == before
            assert len(list(Path(name).glob("tutor-*"))) == 1  # the template
        finally:
            runner.close()
        assert left_behind(Path(name)) == []
