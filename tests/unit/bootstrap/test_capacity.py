"""How many runs a machine bears, and which isolation a configuration asks for."""

from pathlib import Path

import pytest
from traitlets.config import Config

from jupyter_tutor.bootstrap import capacity
from jupyter_tutor.bootstrap.advice import CONTAINER, remedies, switches
from jupyter_tutor.config import Settings, Tutor

URL = "postgresql://somewhere/tutor"
HUB = {"JUPYTERHUB_SERVICE_NAME": "tutor"}


def _settings(environ: dict[str, str] | None = None, **traits: object) -> Settings:
    return Tutor(config=Config({"Tutor": traits})).settings(environ or {})


@pytest.mark.parametrize(
    ("environ", "traits", "weakest"),
    [
        ({}, {}, "limits"),
        ({}, {"isolation": "limits"}, "limits"),
        ({}, {"isolation": "landlock"}, "landlock"),
        ({}, {"isolation": "namespaces"}, "namespaces"),
        ({}, {"database_url": URL}, "landlock"),
        ({}, {"database_url": URL, "isolation": "limits"}, "landlock"),
        ({}, {"database_url": URL, "isolation": "namespaces"}, "namespaces"),
        (HUB, {}, "landlock"),
        ({"JUPYTERHUB_USER": "ada"}, {}, "limits"),
    ],
)
def test_a_classroom_accepts_nothing_below_landlock(
    environ: dict[str, str], traits: dict[str, object], weakest: str
) -> None:
    assert _settings(environ, **traits).weakest_isolation == weakest


@pytest.mark.parametrize(
    ("processors", "memory", "expected"),
    [(1, 8_000, 2), (2, 8_000, 2), (8, 64_000, 8), (8, 1_600, 3), (8, 600, 1), (8, 0, 1)],
)
def test_runs_at_a_time_fit_processors_and_memory(
    monkeypatch: pytest.MonkeyPatch, processors: int, memory: int, expected: int
) -> None:
    monkeypatch.setattr(capacity, "processors", lambda: processors)
    monkeypatch.setattr(capacity, "available_mb", lambda: memory)

    assert capacity.sandboxes(_settings()) == expected
    assert capacity.sandboxes(_settings(sandboxes=5)) == 5


@pytest.mark.parametrize(
    ("given", "expected"), [({}, 3), ({"worker_concurrency": 2}, 2), ({"worker_concurrency": 9}, 3)]
)
def test_a_worker_takes_no_job_that_would_wait_for_a_sandbox(
    given: dict[str, object], expected: int
) -> None:
    assert capacity.concurrency(_settings({}, sandboxes=3, **given)) == expected


def test_the_tightest_of_machine_and_container_counts(tmp_path: Path) -> None:
    proc, cgroups = tmp_path / "proc", tmp_path / "cgroup"
    proc.mkdir()
    (cgroups / "memory").mkdir(parents=True)
    assert capacity.available_mb(proc, cgroups) == 8_192

    (proc / "meminfo").write_text("MemTotal: 9000000 kB\nMemAvailable:    4096000 kB\n")
    assert capacity.available_mb(proc, cgroups) == 4_000
    (cgroups / "memory.max").write_text("max\n")
    assert capacity.available_mb(proc, cgroups) == 4_000
    (cgroups / "memory.max").write_text(f"{3_000 * 2**20}\n")
    (cgroups / "memory.current").write_text(f"{1_000 * 2**20}\n")
    assert capacity.available_mb(proc, cgroups) == 2_000
    (cgroups / "memory" / "memory.limit_in_bytes").write_text(f"{1_500 * 2**20}\n")
    (cgroups / "memory" / "memory.usage_in_bytes").write_text(f"{1_600 * 2**20}\n")
    assert capacity.available_mb(proc, cgroups) == 0


def test_this_machine_bears_something() -> None:
    assert capacity.processors() >= 1
    assert capacity.available_mb() > 0


@pytest.mark.parametrize(
    ("name", "bad", "good", "setting"),
    [
        ("user/max_user_namespaces", "0", "9", "user.max_user_namespaces=15000"),
        ("kernel/unprivileged_userns_clone", "0", "1", "kernel.unprivileged_userns_clone=1"),
        (
            "kernel/apparmor_restrict_unprivileged_userns",
            "1",
            "0",
            "kernel.apparmor_restrict_unprivileged_userns=0",
        ),
    ],
)
def test_what_the_kernel_forbids_is_named(
    tmp_path: Path, name: str, bad: str, good: str, setting: str
) -> None:
    (tmp_path / name).parent.mkdir()
    (tmp_path / name).write_text(f"{good}\n")
    assert switches(tmp_path) == {name: int(good)}
    assert not any("sysctl" in each for each in remedies(tmp_path))
    (tmp_path / name).write_text(f"{bad}\n")

    assert any(each.endswith(f"sysctl -w {setting}") for each in remedies(tmp_path))
    assert CONTAINER in remedies(tmp_path)
