"""The provisioner on its own: ordinary clients of Jupyter get a kernel that was forked."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from nbclient import NotebookClient

from jupyter_tutor.execution.provisioner import ForkProvisioner

pytestmark = pytest.mark.kernel

NAME = "tutor-fork-provisioner"
WHERE = "import os, sys\n[os.getpid(), os.listdir('/proc/self/fd') != [], 'pandas' in sys.modules]"


@pytest.fixture(scope="module", autouse=True)
def supplies() -> Iterator[None]:
    """End the templates that the provisioners of this process share."""
    yield
    ForkProvisioner.close_all()


@pytest.fixture
def kernel_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An installed kernel specification that names the provisioner."""
    place = tmp_path / "kernels" / "forked"
    place.mkdir(parents=True)
    config = {"provisioner_name": NAME, "config": {"memory_mb": 512}}
    spec = {
        "argv": ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "Forked",
        "language": "python",
        "metadata": {"kernel_provisioner": config},
    }
    (place / "kernel.json").write_text(json.dumps(spec))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    factory = KernelProvisionerFactory.instance()
    if NAME not in factory.provisioners:
        from importlib.metadata import EntryPoint

        value = "jupyter_tutor.execution.provisioner:ForkProvisioner"
        factory.provisioners[NAME] = EntryPoint(NAME, value, factory.GROUP_NAME)
    return "forked"


def test_nbclient_runs_a_notebook_in_it(kernel_name: str) -> None:
    cells = [
        "x = 20\nprint('hello')",
        "x + 1",
        "import os\nos.path.basename(os.getcwd())",
        "import socket\ntry: socket.socket()\nexcept OSError as e: print('no network')",
        "from IPython.display import display, HTML\ndisplay(HTML('<b>b</b>'))",
    ]
    made = [nbformat.v4.new_code_cell(cell) for cell in cells]  # type: ignore[no-untyped-call]
    notebook = nbformat.v4.new_notebook(cells=made)  # type: ignore[no-untyped-call]
    client = NotebookClient(notebook, kernel_name=kernel_name, timeout=60)
    client.execute()
    outputs = [cell.outputs[0] for cell in notebook.cells]
    assert outputs[0]["text"] == "hello\n"
    assert outputs[1]["data"]["text/plain"] == "21"
    assert outputs[2]["data"]["text/plain"] == "'work'"
    assert outputs[3]["text"] == "no network\n"
    assert outputs[4]["data"]["text/html"] == "<b>b</b>"


def test_a_kernel_is_interrupted_restarted_and_ended(kernel_name: str) -> None:
    async def live() -> None:
        manager = AsyncKernelManager(kernel_name=kernel_name)
        await manager.start_kernel()
        assert isinstance(manager.provisioner, ForkProvisioner)
        client = manager.client()
        client.start_channels()
        try:
            await client.wait_for_ready(timeout=30)
            client.execute("import time\ntime.sleep(60)")
            await asyncio.sleep(0.5)
            await manager.interrupt_kernel()
            reply = await client.get_shell_msg(timeout=20)
            assert reply["content"]["ename"] == "KeyboardInterrupt"
            await manager.restart_kernel(now=True)
            await client.wait_for_ready(timeout=30)
            assert await manager.is_alive()
        finally:
            client.stop_channels()
            await manager.shutdown_kernel(now=True)
        assert not await manager.is_alive()

    asyncio.run(live())
