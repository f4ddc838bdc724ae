"""A runner of one's own, whose kernels live in a directory that must be empty afterwards."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_tutor.execution.runner import NbclientTestRunner
from tests.integration.execution.running import left_behind


@pytest.fixture(scope="module")
def runner() -> Iterator[NbclientTestRunner]:
    """A runner with a spare kernel; at the end nothing of it may be left."""
    usual = tempfile.tempdir
    directory = Path(tempfile.mkdtemp(prefix="runs-"))
    tempfile.tempdir = str(directory)
    runner = NbclientTestRunner(spares=1)
    try:
        yield runner
    finally:
        runner.close()
        tempfile.tempdir = usual
    assert left_behind(directory) == []
    shutil.rmtree(directory)
