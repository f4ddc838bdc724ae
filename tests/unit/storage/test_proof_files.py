"""Remembered proofs: what comes back, for whom, and that nothing of it can stop anybody."""

import os
import time
from pathlib import Path

import pytest

from jupyter_tutor.domain.proofs import Proof, ProofKind, Standing
from jupyter_tutor.storage import proof_files
from jupyter_tutor.storage.proof_files import KEPT_SECONDS, ProofFiles, environment_digest

PROOFS = [
    Proof(ProofKind.REFERENCE, Standing.HOLDS, "", "double"),
    Proof(ProofKind.COVERAGE, Standing.WARNING, "", "double", "It has 3 tests", "Write 10."),
]


def test_what_was_remembered_is_recalled_without_its_lesson(tmp_path: Path) -> None:
    memory = ProofFiles(tmp_path / "proofs", environment="here")
    assert memory.recall("hash") is None
    memory.remember("hash", PROOFS)

    assert ProofFiles(tmp_path / "proofs", environment="here").recall("hash") == PROOFS
    assert memory.recall("another hash") is None
    assert [file.suffix for file in (tmp_path / "proofs").iterdir()] == [".json"]


def test_another_environment_proves_for_itself(tmp_path: Path) -> None:
    ProofFiles(tmp_path, environment="here").remember("hash", PROOFS)
    assert ProofFiles(tmp_path, environment="there").recall("hash") is None


def test_again_recalls_nothing_and_remembers(tmp_path: Path) -> None:
    again = ProofFiles(tmp_path, environment="here", again=True)
    again.remember("hash", PROOFS)
    assert again.recall("hash") is None
    assert ProofFiles(tmp_path, environment="here").recall("hash") == PROOFS


@pytest.mark.parametrize("text", ["", "{", "[[1]]", '[["reference","guessed","","",""]]', "7"])
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, text: str) -> None:
    memory = ProofFiles(tmp_path, environment="here")
    memory.remember("hash", PROOFS)
    (file,) = tmp_path.iterdir()
    file.write_text(text)
    assert memory.recall("hash") is None


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path) -> None:
    in_the_way = tmp_path / "proofs"
    in_the_way.write_text("a file where a folder is needed")
    memory = ProofFiles(in_the_way, environment="here")
    memory.remember("hash", PROOFS)
    assert memory.recall("hash") is None


def test_old_ones_are_deleted(tmp_path: Path) -> None:
    memory = ProofFiles(tmp_path, environment="here")
    memory.remember("old", PROOFS)
    (file,) = tmp_path.iterdir()
    before = time.time() - KEPT_SECONDS - 60
    os.utime(file, (before, before))
    memory.remember("new", PROOFS)
    assert memory.recall("old") is None
    assert memory.recall("new") == PROOFS


def test_the_environment_is_what_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    first = environment_digest()
    assert environment_digest() == first
    monkeypatch.setattr(proof_files, "_packages", lambda: iter(["numpy 99"]))
    second = environment_digest()
    monkeypatch.setattr(proof_files, "_own_files", lambda: iter(["a.py 1 2"]))
    assert len({first, second, environment_digest()}) == 3
