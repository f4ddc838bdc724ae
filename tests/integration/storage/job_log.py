"""A worker in a process of its own: `python -m tests.integration.storage.job_log URL FILE MODE`.

Its handler writes the key it was called with into the file, a line each. Mode "hang" then never
returns; "done" does.
"""

import os
import sys
import threading
from pathlib import Path
from uuid import UUID

from jupyter_tutor.storage.worker import Pace, Worker

JOB = "grade_submission"
PACE = Pace(
    heartbeat=0.2,
    missed=0.6,
    stalled=3.0,
    sweep=0.2,
    poll=0.1,
    retry=0.05,
    reconnect=0.1,
    grace=5.0,
)


def main(url: str, file: str, mode: str) -> None:
    """Work until killed or terminated."""

    def handle(subject_id: UUID) -> None:
        with Path(file).open("a") as log:
            log.write(f"{os.getpid()} {subject_id}\n")
        if mode == "hang":
            threading.Event().wait()

    worker = Worker(url, {JOB: handle}, concurrency=1, pace=PACE)
    worker.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
