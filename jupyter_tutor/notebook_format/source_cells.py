"""The cells of a source notebook, each with its metadata judged by the schema."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from jupyter_tutor.notebook_format.documents import Document
from jupyter_tutor.notebook_format.problems import Problems
from jupyter_tutor.notebook_format.schema import cell_findings

KEY = "jupyter_tutor"
"""The one metadata key of this format, in cells and notebooks."""

_CELL_TYPES = {
    "prompt": ("markdown",),
    "setup": ("code",),
    "answer": ("code",),
    "cases": ("raw",),
    "tests": ("code",),
    "question": ("raw",),
    "hint": ("markdown",),
    "wrong": ("raw",),
    "note": ("code", "markdown", "raw"),
}
_TYPE_NAMES = {"code": "a code cell", "markdown": "a Markdown cell", "raw": "a raw cell"}


@dataclass(frozen=True, slots=True)
class SourceCell:
    """A cell of a source notebook.

    Attributes:
        number: 1-based place in the notebook.
        type: `code`, `markdown` or `raw`.
        source: Its text.
        role: One of the schema's roles, or None for text.
        meta: Its metadata under `KEY`, valid by the schema of its role; empty for text.
        given_id: The nbformat id its file gave it, or None.
        tags: Cell tags.
        attachments: Attachments its Markdown refers to, each MIME value as one text.
        broken: Whether something is wrong with it; its metadata is as the file has it then.
    """

    number: int
    type: str
    source: str
    role: str | None
    meta: dict[str, Any]
    given_id: str | None
    tags: tuple[str, ...]
    attachments: dict[str, dict[str, str]]
    broken: bool = False


def source_cells(document: Document, problems: Problems) -> list[SourceCell]:
    """Return the cells of a notebook; what is wrong with one is noted, and it is marked."""
    read: list[SourceCell] = []
    for index, cell in enumerate(document.notebook["cells"]):
        meta = cell["metadata"].get(KEY)
        number, before = index + 1, len(problems)
        if "\0" in cell["source"]:
            problems.add("holds a NUL character, which cannot be stored", cell=number)
        found = cell_findings(meta) if meta is not None else []
        for finding in found:
            problems.add(finding.text, cell=number, key=finding.key)
        role = str(meta["role"]) if meta is not None and not found else None
        if role is not None and cell["cell_type"] not in _CELL_TYPES[role]:
            wanted = " or ".join(_TYPE_NAMES[one] for one in _CELL_TYPES[role])
            problems.add(
                f"the role '{role}' needs {wanted}, this is {_TYPE_NAMES[cell['cell_type']]}",
                cell=number,
                key="role",
            )
        read.append(
            SourceCell(
                number=number,
                type=cell["cell_type"],
                source=cell["source"],
                role=role,
                meta=dict(meta) if isinstance(meta, dict) else {},
                given_id=document.given_ids[index],
                tags=tuple(cell["metadata"].get("tags", ())),
                attachments=_attachments(cell),
                broken=len(problems) > before,
            )
        )
    return read


def _attachments(cell: dict[str, Any]) -> dict[str, dict[str, str]]:
    if cell["cell_type"] != "markdown":  # nbformat does not say what else attachments may be
        return {}
    return {
        name: {
            mime: value if isinstance(value, str) else "".join(value)
            for mime, value in bundle.items()
        }
        for name, bundle in cell.get("attachments", {}).items()
        if f"attachment:{name}" in cell["source"] or f"attachment:{quote(name)}" in cell["source"]
    }
