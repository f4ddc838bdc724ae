"""Notebook files: read with care, upgraded to nbformat 4.5, written as Jupyter writes them."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat.validator import iter_validate

from jupyter_tutor.notebook_format.problems import Problems, refusal

MAX_NOTEBOOK_BYTES = 20 * 2**20
"""A larger file is refused: almost always stored outputs, which no lesson needs."""

_MAX_DEPTH = 100
_CELL_ID = re.compile(r"^[a-zA-Z0-9_-]{1,64}$")

Notebook = dict[str, Any]
"""A notebook as JSON types, nbformat 4.5, each cell's source one text."""


@dataclass(frozen=True, slots=True)
class Document:
    """A notebook, and for each cell the id its file gave it (None where it gave no usable one)."""

    notebook: Notebook
    given_ids: tuple[str | None, ...]


def load_notebook(path: Path, name: str) -> Document:
    """Read a notebook file of any nbformat version.

    Args:
        path: The file.
        name: What messages call it.

    Raises:
        InvalidNotebook: The file is missing, too large or no notebook; says what to do.
    """
    if not path.is_file():
        raise refusal(name, "there is no such file; correct the path or create the notebook.")
    size = path.stat().st_size
    if size > MAX_NOTEBOOK_BYTES:
        raise refusal(
            name,
            f"the file has {size / 2**20:.0f} MiB, more than {MAX_NOTEBOOK_BYTES // 2**20}; "
            "clear its outputs and keep data in files of their own.",
        )
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise refusal(name, "the file is not UTF-8 text; save it again with Jupyter.") from None
    except OSError as error:
        raise refusal(name, f"the file cannot be read ({error.strerror}).") from None
    return parse_notebook(text, name)


def parse_notebook(text: str, name: str) -> Document:
    """Read a notebook from its JSON text; raises `InvalidNotebook` as `load_notebook` does."""
    try:
        raw = json.loads(text)
    except json.JSONDecodeError as error:
        hint = " It holds marks of a merge conflict." if re.search("^<{7} ", text, re.M) else ""
        raise refusal(
            name,
            f"the file is no notebook: not JSON from line {error.lineno} on ({error.msg}).{hint} "
            "Restore an earlier version or save it again with Jupyter.",
        ) from None
    except (RecursionError, ValueError):
        raise refusal(name, "the file is no notebook: its JSON cannot be read.") from None
    return upgrade(raw, name)


def upgrade(raw: object, name: str) -> Document:
    """Bring a parsed notebook to nbformat 4.5 and validate it; the argument is left as it is.

    Raises:
        InvalidNotebook: It has not the form of a notebook.
    """
    if not isinstance(raw, Mapping) or not isinstance(raw.get("nbformat"), int):
        raise refusal(name, "the file is JSON but no notebook: it has no `nbformat` number.")
    version = raw["nbformat"]
    if version > 4:
        raise refusal(name, f"nbformat {version} is newer than 4; save it as nbformat 4.5.")
    notebook = _copied(raw, name)
    if version < 4:
        notebook = _converted(notebook, name)
    cells = notebook.get("cells")
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise refusal(name, "the file is no notebook: its `cells` are not a list of cells.")
    given = _given_ids(cells) if version == 4 else [None] * len(cells)
    taken = {one for one in given if one}
    for index, cell in enumerate(cells):
        cell["id"] = given[index] or unused_id(f"cell-{index}", taken)
        if cell.get("cell_type") == "code":
            cell.setdefault("outputs", [])
            cell.setdefault("execution_count", None)
    notebook["nbformat"], notebook["nbformat_minor"] = 4, 5
    _validate(notebook, name)
    for cell in cells:
        source = cell["source"]
        text = source if isinstance(source, str) else "".join(source)
        cell["source"] = text.replace("\r\n", "\n")
    return Document(notebook, tuple(given))


def unused_id(seed: str, taken: set[str]) -> str:
    """Return a cell id made from the seed that is not taken yet, and take it."""
    number = 0
    while True:
        candidate = hashlib.sha256(f"{seed}\0{number}".encode()).hexdigest()[:24]
        if candidate not in taken:
            taken.add(candidate)
            return candidate
        number += 1


def notebook_text(notebook: Mapping[str, object]) -> str:
    """Return the text of a notebook's file, byte for byte as Jupyter saves it."""
    node = nbformat.from_dict(dict(notebook))  # type: ignore[no-untyped-call]
    text: str = nbformat.writes(node, version=nbformat.NO_CONVERT)  # type: ignore[no-untyped-call]
    return text if text.endswith("\n") else text + "\n"


def _copied(raw: Mapping[str, Any], name: str) -> Notebook:
    """Return a deep copy made of JSON types only."""
    level: list[object] = [raw]
    for _ in range(_MAX_DEPTH):
        level = [inner for value in level for inner in _inside(value)]
        if not level:
            break
    else:
        raise refusal(name, f"the notebook is nested deeper than {_MAX_DEPTH} levels.")
    text = json.dumps(raw, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise refusal(name, "the notebook holds broken characters (lone surrogates).") from None
    copied: Notebook = json.loads(text)
    return copied


def _inside(value: object) -> Iterable[object]:
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list) else ()


def _converted(notebook: Notebook, name: str) -> Notebook:
    try:
        older = nbformat.reader.reads(json.dumps(notebook))  # type: ignore[no-untyped-call]
        node = nbformat.convert(older, 4)  # type: ignore[no-untyped-call]
    except (
        AttributeError,
        LookupError,
        NameError,  # nbformat leaves a name unbound at a cell of unknown type
        TypeError,
        ValueError,
        nbformat.ValidationError,
    ):
        raise refusal(
            name,
            f"the notebook (nbformat {notebook['nbformat']}) cannot be upgraded; "
            "open it in Jupyter and save it again.",
        ) from None
    converted: Notebook = json.loads(json.dumps(node))
    return converted


def _given_ids(cells: list[dict[str, Any]]) -> list[str | None]:
    seen: set[str] = set()
    given: list[str | None] = []
    for cell in cells:
        one = cell.get("id")
        if isinstance(one, str) and _CELL_ID.match(one) and one not in seen:
            seen.add(one)
            given.append(one)
        else:
            given.append(None)
    return given


def _validate(notebook: Notebook, name: str) -> None:
    problems = Problems(name)
    for number, one in enumerate(notebook["cells"], start=1):
        if one.get("cell_type") not in ("code", "markdown", "raw"):
            problems.add("is neither a code, nor a Markdown, nor a raw cell", cell=number)
        if not _outputs_have_types(one.get("outputs", [])):
            problems.add("its outputs are broken; clear them", cell=number)
    problems.refuse()
    errors = iter_validate(  # type: ignore[no-untyped-call]
        notebook, version=4, version_minor=5, relax_add_props=True
    )
    for error in errors:
        path = list(getattr(error, "absolute_path", ()))
        cell = path[1] + 1 if path[:1] == ["cells"] and len(path) > 1 else None
        where = ".".join(str(part) for part in path[2 if cell else 0 :])
        problems.add(
            f"not valid nbformat 4.5: {str(error.message)[:160]}; open the notebook in Jupyter and "
            "save it again",
            cell=cell,
            key=where or None,
        )
    problems.refuse()


def _outputs_have_types(outputs: object) -> bool:
    """Whether outputs can be validated at all: nbformat fails on those without a type."""
    return isinstance(outputs, list) and all(
        isinstance(output, dict) and isinstance(output.get("output_type"), str)
        for output in outputs
    )
