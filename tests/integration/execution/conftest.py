"""A runner of one's own, whose kernels live in a directory that must be empty afterwards."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_tutor.execution.runner import SandboxTestRunner
from tests.integration.execution.running import left_behind


@pytest.fixture(scope="module")
def directory() -> Iterator[Path]:
    """A directory on a path short enough for sockets."""
    directory = Path(tempfile.mkdtemp(prefix="runs-"))
    yield directory
    shutil.rmtree(directory)


@pytest.fixture(scope="module")
def runner(directory: Path) -> Iterator[SandboxTestRunner]:
    """A runner with a spare kernel; at the end nothing of it may be left."""
    runner = SandboxTestRunner(directory=directory)
    yield runner
    runner.close()
    assert left_behind(directory) == []
