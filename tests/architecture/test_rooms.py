"""A file is one room: it says what it is, is of a size to read, and swallows no error."""

import ast
from collections.abc import Iterator

import pytest
from traitlets import import_item
from traitlets.config import Configurable

from jupyter_tutor.cli import Application, Verb
from jupyter_tutor.config import Tutor
from jupyter_tutor.server.app import TutorApp
from tests.architecture.source import PACKAGE, ROOT, Module, modules

MOST_LINES = 420
MOST_LINES_OF_A_FUNCTION = 60

BOUNDARIES = {
    "jupyter_tutor.server.gateway": 1,
    "jupyter_tutor.server.app": 1,
    "jupyter_tutor.storage.shift": 1,
}
"""Where any error may be caught for good, and how often: the outermost boundaries."""

README = (ROOT / "README.md").read_text("utf-8")


def _functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _swallows(module: Module) -> int:
    """Count the handlers that catch any error and let none out again."""
    found = 0
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ExceptHandler):
            caught = ast.unparse(node.type) if node.type else "BaseException"
            broad = {"Exception", "BaseException"} & set(caught.strip("()").split(", "))
            last = node.body[-1]
            found += bool(broad) and not isinstance(last, ast.Raise)
    return found


def test_every_module_says_what_it_is() -> None:
    assert [each.name for each in modules() if not ast.get_docstring(each.tree)] == []


def test_every_package_says_what_it_may_import() -> None:
    rooms = [PACKAGE, *(path.parent for path in PACKAGE.glob("*/__init__.py"))]
    for module in modules():
        if module.path.name == "__init__.py" and module.path.parent in rooms:
            said = ast.get_docstring(module.tree) or ""
            assert len(said.splitlines()) >= 3, module.name
            assert "May import: " in said, module.name
            assert "Must not import: " in said, module.name


def test_files_are_of_a_size_to_read() -> None:
    assert [(each.name, each.lines) for each in modules() if each.lines > MOST_LINES] == []


def test_functions_are_of_a_size_to_read() -> None:
    long = [
        (module.name, node.name, lines)
        for module in modules()
        for node in _functions(module)
        if (lines := (node.end_lineno or 0) - node.lineno + 1) > MOST_LINES_OF_A_FUNCTION
    ]
    assert long == []


def test_errors_are_swallowed_at_the_outermost_boundaries_only() -> None:
    """What runs inside the kernel is another matter: a learner's code may raise anything."""
    found = {
        module.name: swallowed
        for module in modules()
        if not module.name.startswith("jupyter_tutor.execution.inside")
        and (swallowed := _swallows(module))
    }
    assert found == BOUNDARIES


@pytest.mark.parametrize("configurable", [Tutor, TutorApp])
def test_the_readme_names_every_trait(configurable: type[Configurable]) -> None:
    name = configurable.__name__
    traits = configurable.class_own_traits(config=True)

    assert traits
    assert [each for each in traits if f"c.{name}.{each}" not in README] == []


def test_the_readme_names_every_verb() -> None:
    verbs = _verbs(Application(), "jupyter tutor")

    assert len(verbs) > 10
    assert [verb for verb in verbs if verb.split()[-1] not in README] == []
    for verb in ("lab", "check", "publish", "release", "worker"):
        assert f"jupyter tutor {verb}" in README
    assert "jupyter tutor memory rebuild" in README


def _verbs(application: Verb, name: str) -> list[str]:
    found = []
    for verb, (kind, _) in application.subcommands.items():
        known = import_item(kind) if isinstance(kind, str) else kind
        found += _verbs(known(), f"{name} {verb}") or [f"{name} {verb}"]
    return found
