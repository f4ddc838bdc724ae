"""Brings a newer release into a learner's copy; nothing the learner wrote is ever lost."""

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from jupyter_tutor.domain.errors import InvalidInput
from jupyter_tutor.domain.sources import CellRole, MergeReport
from jupyter_tutor.notebook_format.documents import Notebook, unused_id, upgrade
from jupyter_tutor.notebook_format.release import VERSION, digest
from jupyter_tutor.notebook_format.source_cells import KEY

_NAME = "Your notebook"
_ROLES = frozenset(role.value for role in CellRole)
_OURS = (KEY, "editable", "deletable")

Key = tuple[str, str | None, str]
"""Role, exercise and id: what finds a cell of one release in another."""

Cell = dict[str, Any]


class Merger:
    """Implements `services.ports.NotebookMerger`."""

    def is_current(self, existing: Mapping[str, object], newest: Mapping[str, object]) -> bool:
        """Whether a learner's file was made from, or brought up to, this release."""
        mine = _about_notebook(existing).get("release")
        return mine is not None and mine == _about_notebook(newest).get("release")

    def merge(self, existing: Mapping[str, object], newest: Mapping[str, object]) -> Notebook:
        """Return the newest copy with everything of the learner's in it; see `merge`."""
        return merge(existing, newest)[0]


def merge(
    existing: Mapping[str, object], newest: Mapping[str, object]
) -> tuple[Notebook, MergeReport]:
    """Merge a newer release into a learner's copy.

    The result is the release, with: the source of each answer cell the learner changed; each cell
    the learner added, after the neighbour it followed; other cells of the lesson the learner
    changed, in place where the author left them alone, else as a copy below the new text; and at
    the end, under a heading that says so, the answers of exercises that are gone. Merging twice
    gives the same as merging once.

    Args:
        existing: The learner's file as parsed JSON, of any nbformat version.
        newest: A release, as `release` makes it.

    Raises:
        InvalidNotebook: The learner's file is no notebook.
        InvalidInput: It is a notebook of another lesson.
    """
    learner = upgrade(existing, _NAME).notebook
    mine, theirs = _about_notebook(learner), _about_notebook(newest)
    if isinstance(mine.get("lesson"), str) and mine["lesson"] != theirs.get("lesson"):
        raise InvalidInput(
            f"This notebook is of the lesson '{mine['lesson']}', not of '{theirs.get('lesson')}'; "
            "move it away or give it another name, then open the lesson again."
        )
    released: Notebook = copy.deepcopy(dict(newest))
    metadata = {
        **released["metadata"],
        **{k: v for k, v in learner["metadata"].items() if not k.startswith("orig_nbformat")},
        KEY: released["metadata"][KEY],
    }
    merging = _Merging(learner["cells"], released["cells"])
    merged: Notebook = {
        "cells": merging.cells(),
        "metadata": metadata,
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return merged, merging.report()


@dataclass(slots=True)
class _Own:
    """A cell to keep below the released cell at `anchor` (-1: above all)."""

    anchor: int
    cell: Cell


class _Merging:
    def __init__(self, learner: list[Cell], released: list[Cell]) -> None:
        self._released = released
        self._place = {
            key: index for index, cell in enumerate(released) if (key := _key(cell)) is not None
        }
        by_id = {released[place]["id"]: key for key, place in self._place.items()}
        # An editor that drops unknown metadata still leaves the ids.
        self._learner = [(cell, _key(cell) or by_id.get(cell["id"])) for cell in learner]
        self._claims = self._claim()
        self._own: list[_Own] = []
        self._vanished: list[Cell] = []
        self._kept: list[Key] = []
        self._renewed: list[Key] = []
        self._gone: list[Key] = []
        self._added = 0
        self._edited = 0

    def cells(self) -> list[Cell]:
        anchor = -1
        for index, (cell, key) in enumerate(self._learner):
            if key is not None and self._claims.get(key) == index:
                anchor = self._place[key]
                self._settle(cell, key, anchor)
            elif key is None or key[0] == CellRole.KEPT or key in self._place:
                self._add(cell, anchor)
            elif _changed(cell) and cell["source"].strip():
                if key[0] == CellRole.ANSWER:
                    self._gone.append(key)
                    self._vanished.append(cell)
                else:
                    self._edited += 1
                    self._own.append(_Own(anchor, _without_marks(cell)))
        return self._assembled()

    def report(self) -> MergeReport:
        return MergeReport(
            kept=_names(self._kept),
            renewed=_names(self._renewed),
            vanished=_names(self._gone),
            added=self._added,
            edited=self._edited,
        )

    def _claim(self) -> dict[Key, int]:
        """Return which learner's cell stands for each released cell.

        Copying or splitting a cell leaves several with the same marks: the one that still has the
        released id is the cell, else the first.
        """
        claims: dict[Key, int] = {}
        exact: set[Key] = set()
        for index, (cell, key) in enumerate(self._learner):
            if key is None or key not in self._place:
                continue
            same_id = cell["id"] == self._released[self._place[key]]["id"]
            if key not in claims or (same_id and key not in exact):
                claims[key] = index
            if same_id:
                exact.add(key)
        return claims

    def _settle(self, cell: Cell, key: Key, place: int) -> None:
        released = self._released[place]
        if key[0] == CellRole.ANSWER:
            self._settle_answer(cell, key, released)
        elif _changed(cell) and cell["source"] != released["source"] and cell["source"].strip():
            self._edited += 1
            untouched_by_author = _about(cell).get("digest") == _about(released).get("digest")
            if key[0] == CellRole.TEXT and untouched_by_author:
                _carry(cell, released)
            else:
                self._own.append(_Own(place, _without_marks(cell)))

    def _settle_answer(self, cell: Cell, key: Key, released: Cell) -> None:
        if _changed(cell):
            self._kept.append(key)
            _carry(cell, released)
        elif cell["source"] == released["source"]:
            _carry(cell, released)
        else:
            self._renewed.append(key)

    def _add(self, cell: Cell, anchor: int) -> None:
        self._added += 1
        key = _key(cell)
        kept = key is not None and key[0] == CellRole.KEPT
        self._own.append(_Own(anchor, copy.deepcopy(cell) if kept else _without_marks(cell)))

    def _assembled(self) -> list[Cell]:
        below: dict[int, list[Cell]] = {}
        for own in self._own:
            below.setdefault(own.anchor, []).append(own.cell)
        cells = list(below.get(-1, ()))
        for index, released in enumerate(self._released):
            cells += [released, *below.get(index, ())]
        for cell in self._vanished:
            cells += _kept_cells(cell)
        taken = {cell["id"] for cell in self._released}
        released_cells = {id(cell) for cell in self._released}
        for cell in cells:
            if id(cell) in released_cells:
                continue
            if cell["id"] in taken:
                cell["id"] = unused_id(cell["id"], taken)
            taken.add(cell["id"])
        return cells


def _about_notebook(notebook: Mapping[str, Any]) -> Mapping[str, Any]:
    metadata = notebook.get("metadata")
    about = metadata.get(KEY) if isinstance(metadata, Mapping) else None
    return about if isinstance(about, Mapping) else {}


def _about(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    about = cell["metadata"].get(KEY)
    return about if isinstance(about, Mapping) else {}


def _key(cell: Mapping[str, Any]) -> Key | None:
    """Return what the cell is, or None for a learner's own (or one with broken marks)."""
    about = _about(cell)
    role, exercise, name = about.get("role"), about.get("exercise"), about.get("id")
    if not isinstance(role, str) or not isinstance(name, str) or role not in _ROLES:
        return None
    return (role, exercise, name) if isinstance(exercise, str | None) else None


def _changed(cell: Mapping[str, Any]) -> bool:
    """Whether the source differs from what was released; without a digest, assume so."""
    return bool(_about(cell).get("digest") != digest(cell["source"]))


def _carry(cell: Cell, released: Cell) -> None:
    """Put the learner's source, outputs and further metadata into the released cell."""
    released["source"] = cell["source"]
    if released["cell_type"] == "code" and cell["cell_type"] == "code":
        released["outputs"] = copy.deepcopy(cell["outputs"])
        released["execution_count"] = cell["execution_count"]
    if cell.get("attachments") and released["cell_type"] != "code":
        released["attachments"] = copy.deepcopy(cell["attachments"])
    for key, value in cell["metadata"].items():
        if key not in _OURS:
            released["metadata"].setdefault(key, copy.deepcopy(value))


def _without_marks(cell: Cell) -> Cell:
    own = copy.deepcopy(cell)
    for key in _OURS:
        own["metadata"].pop(key, None)
    return own


def _kept_cells(cell: Cell) -> list[Cell]:
    """Return a heading that says what follows, and the learner's answer as it was."""
    exercise, name = _about(cell).get("exercise", ""), _about(cell)["id"]
    about = {"version": VERSION, "role": CellRole.KEPT.value, "exercise": exercise}
    heading: Cell = {
        "cell_type": "markdown",
        "id": f"{cell['id'][:58]}-about",
        "metadata": {KEY: {**about, "id": f"{name}-about"}},
        "source": (
            "### Kept from an earlier version of this lesson\n\n"
            f"The exercise `{exercise}` is no longer here. Below is what you wrote for it."
        ),
    }
    kept = _without_marks(cell)
    kept["metadata"][KEY] = {**about, "id": name}
    return [heading, kept]


def _names(keys: Iterable[Key]) -> tuple[tuple[str, str], ...]:
    return tuple((key[1] or "", key[2]) for key in keys)
