"""Reading what processes use."""

import os
import subprocess
import sys
import time
from pathlib import Path

from jupyter_tutor.execution.usage import waited_seconds

COUNTED = Path("/proc/self/schedstat").exists()


def test_a_process_that_has_to_share_a_processor_has_waited() -> None:
    """Two that never rest, on one processor: each waits while the other runs."""
    if not (COUNTED and hasattr(os, "sched_setaffinity")):
        assert waited_seconds(os.getpid()) == 0.0
        return
    cpu = min(os.sched_getaffinity(0))
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2)]
    try:
        for process in busy:
            os.sched_setaffinity(process.pid, {cpu})
        before = waited_seconds(busy[0].pid)
        deadline = time.monotonic() + 30
        while waited_seconds(busy[0].pid) < before + 0.1 and time.monotonic() < deadline:
            time.sleep(0.01)
        assert waited_seconds(busy[0].pid) >= before + 0.1
    finally:
        for process in busy:
            process.kill()
            process.wait()
    assert waited_seconds(busy[0].pid) == 0.0
