"""Control groups on a made-up tree: where they are found, what is written, when they are gone."""

import os
from pathlib import Path

import pytest

from jupyter_tutor.execution.cgroups import Groups, find_groups


class Tree:
    """A tree of control groups whose new directories get the kernel's files when they are asked."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.membership = place / "membership"

    def unified(self, enabled: str) -> Path:
        own = self.place / "user.slice"
        own.mkdir()
        (own / "cgroup.subtree_control").write_text(enabled)
        self.membership.write_text("0::/user.slice\n")
        return own


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path)


def test_without_controllers_there_are_none(tree: Tree) -> None:
    own = tree.unified("cpu io")
    assert find_groups(tree.place, tree.membership) is None
    assert sorted(path.name for path in own.iterdir()) == ["cgroup.subtree_control"]


def test_a_group_that_no_process_can_enter_is_of_no_use(tree: Tree) -> None:
    own = tree.unified("memory pids")  # an ordinary directory: no `cgroup.procs` appears in it
    assert find_groups(tree.place, tree.membership) is None
    assert sorted(path.name for path in own.iterdir()) == ["cgroup.subtree_control"]


@pytest.mark.parametrize("text", ["", "0::/nowhere\n", "1:name=systemd:/\n", "4:memory:/\n"])
def test_other_machines_have_none(tree: Tree, text: str) -> None:
    tree.membership.write_text(text)
    assert find_groups(tree.place, tree.membership) is None
    assert find_groups(tree.place, tree.place / "missing") is None


@pytest.mark.parametrize("unified", [True, False])
def test_limits_and_members_are_written(tmp_path: Path, unified: bool) -> None:
    memory, pids = tmp_path / "a", tmp_path / ("a" if unified else "b")
    for place in (memory, pids):
        place.mkdir(exist_ok=True)
    group = Groups(memory, pids, unified=unified).make()
    assert group is not None
    door = "cgroup.procs" if unified else "tasks"
    doors = {group.memory / door, group.pids / door}
    for file in (
        *doors,
        group.memory / ("memory.max" if unified else "memory.limit_in_bytes"),
        group.pids / "pids.max",
    ):
        file.touch()
    group.limit(100, 40)
    for descriptor in group.doors():
        os.write(descriptor, b"0")
        os.close(descriptor)
    limit = str(196 * 2**20)
    name = "memory.max" if unified else "memory.limit_in_bytes"
    assert (group.memory / name).read_text() == limit
    assert (group.pids / "pids.max").read_text() == "40"
    assert {file.read_text() for file in doors} == {"0"}


@pytest.mark.parametrize(
    ("unified", "text", "starved"),
    [
        (True, "low 0\noom 1\noom_kill 1\n", True),
        (True, "low 0\noom 0\noom_kill 0\n", False),
        (False, "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n", True),
        (False, "oom_kill_disable 0\nunder_oom 0\n", False),
    ],
)
def test_who_was_ended_for_memory_is_known(
    tmp_path: Path, unified: bool, text: str, starved: bool
) -> None:
    group = Groups(tmp_path, tmp_path, unified=unified).make()
    assert group is not None
    assert not group.ran_out_of_memory
    (group.memory / ("memory.events" if unified else "memory.oom_control")).write_text(text)
    assert group.ran_out_of_memory is starved


def test_a_group_that_is_busy_is_removed_later(tmp_path: Path) -> None:
    groups = Groups(tmp_path, tmp_path, unified=True)
    group = groups.make()
    assert group is not None
    (group.memory / "busy").touch()
    groups.give_back(group)
    assert group.memory.exists()
    (group.memory / "busy").unlink()
    groups.close()
    assert not group.memory.exists()
