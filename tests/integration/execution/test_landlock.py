"""Where Landlock stands in for namespaces: what answers can read there, and what still works."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_tutor.execution import templates
from jupyter_tutor.execution.inside import landlock
from jupyter_tutor.execution.levels import Level
from jupyter_tutor.execution.runner import SandboxTestRunner
from jupyter_tutor.execution.visible import hidden_paths, visible_paths
from jupyter_tutor.shipped import shipped
from tests.integration.execution.running import call, shown

pytestmark = [
    pytest.mark.kernel,
    pytest.mark.skipif(not landlock.version(), reason="this kernel has no Landlock"),
]

TRIES = """
def f():
    opened = []
    for path in {paths!r}:
        try:
            with open(path, 'rb') as file:
                file.read(1)
        except OSError:
            continue
        opened.append(path)
    return opened
"""
SHARES = """
import multiprocessing, time
from concurrent.futures import ProcessPoolExecutor
own = multiprocessing.get_context('fork')
def work(queue, value, lock, condition, event):
    with lock:
        value.value += 1
    with condition:
        condition.wait_for(event.is_set, 10)
    queue.put(value.value)
def f():
    queue, value, lock = own.Queue(), own.Value('i', 0), own.RLock()
    condition, event = own.Condition(), own.Event()
    workers = [own.Process(target=work, args=(queue, value, lock, condition, event))
               for _ in range(3)]
    for worker in workers:
        worker.start()
    while value.value < 3:
        time.sleep(0.001)
    with condition:
        event.set()
        condition.notify_all()
    for worker in workers:
        worker.join()
    return [queue.get() for _ in workers]
def pools():
    with ProcessPoolExecutor(1, own) as pool:
        first = list(pool.map(abs, [-1]))
    with own.Pool(1) as pool:
        return first, pool.map(abs, [-2])
def g():
    once, lock = own.BoundedSemaphore(1), own.RLock()
    taken = once.acquire(), once.acquire(False), once.acquire(timeout=0.01)
    once.release()
    with lock, lock:
        pass
    refused = []
    for each in (once, lock):
        try:
            each.release()
        except (ValueError, AssertionError) as error:
            refused.append(type(error).__name__)
    return taken, refused
"""


@pytest.fixture
def packages() -> Iterator[Path]:
    """An installation as a wheel makes it, that every account may read."""
    with tempfile.TemporaryDirectory(prefix="packages-") as name:
        place = Path(name) / "site-packages"
        for path in ("jupyter_tutor/notebooks/a.ipynb", "jupyter_tutor/cli.py", "other/b.py"):
            (place / path).parent.mkdir(parents=True, exist_ok=True)
            (place / path).write_text("x = 1")
        (place / "link").symlink_to("jupyter_tutor")
        for each in (Path(name), *Path(name).rglob("*")):
            if not each.is_symlink():
                each.chmod(0o755)
        yield place


@pytest.fixture
def runner() -> Iterator[SandboxTestRunner]:
    """A runner without namespaces."""
    runner = SandboxTestRunner(strongest=Level.LANDLOCK, weakest=Level.LANDLOCK)
    yield runner
    runner.close()


def test_what_is_installed_can_be_read_but_not_the_tutor_and_its_courses(
    packages: Path, monkeypatch: pytest.MonkeyPatch, runner: SandboxTestRunner
) -> None:
    visible, hidden = (*visible_paths(), str(packages)), str(packages / "jupyter_tutor")
    monkeypatch.setattr(templates, "visible_paths", lambda: visible)
    monkeypatch.setattr(templates, "hidden_paths", lambda: (*hidden_paths(), hidden))
    paths = [
        str(packages / path)
        for path in (
            "other/b.py",
            "jupyter_tutor/notebooks/a.ipynb",
            "link/notebooks/a.ipynb",
            "other/../jupyter_tutor/cli.py",
        )
    ]
    assert shown(call(runner, TRIES.format(paths=paths))) == repr(paths[:1])


def test_neither_the_sample_course_nor_code_of_the_tutor_can_be_read(
    runner: SandboxTestRunner,
) -> None:
    package = Path(templates.__file__).parents[1]
    paths = [str(path) for path in (*shipped("notebooks").rglob("*.ipynb"), *package.rglob("*.py"))]
    paths += [str(path) for path in Path(__file__).parents[2].rglob("*.py")]
    readable = str(Path(pytest.__file__))
    assert shown(call(runner, TRIES.format(paths=[*paths, readable]))) == repr([readable])


def test_processes_share_memory_and_locks(runner: SandboxTestRunner) -> None:
    assert shown(call(runner, SHARES)) == "[3, 3, 3]"
    assert shown(call(runner, SHARES, "pools()")) == "([1], [2])"
    assert shown(call(runner, SHARES, "g()")) == (
        "((True, False, False), ['ValueError', 'AssertionError'])"
    )


def test_a_kernel_without_landlock_is_known_before_anything_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The template says so, instead of each of its runs."""
    launcher = Path(templates.__file__).parent / "inside" / "launch.py"
    with tempfile.TemporaryDirectory(prefix="launcher-") as name:
        for source in launcher.parent.glob("*.py"):
            text = source.read_text()
            if source.name == "landlock.py":
                text = text.replace(
                    "_CREATE, _ADD, _RESTRICT = 444", "_CREATE, _ADD, _RESTRICT = 499"
                )
            (Path(name) / source.name).write_text(text)
        monkeypatch.setattr(templates, "_LAUNCHER", Path(name) / "launch.py")
        with pytest.raises(templates.TemplateFailed, match="Function not implemented"):
            templates.Template(Level.LANDLOCK, as_nobody=False)
