"""The package's source, parsed: what the tests of its architecture look at."""

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "jupyter_tutor"


@dataclass(frozen=True)
class Import:
    """One imported module.

    Attributes:
        name: In full, such as `jupyter_tutor.domain.errors`.
        line: Where.
        lazy: Whether it stands in a function, and runs when that is called.
    """

    name: str
    line: int
    lazy: bool


@dataclass(frozen=True)
class Module:
    """One file."""

    name: str
    path: Path
    tree: ast.Module
    lines: int

    @property
    def room(self) -> str:
        """The package or module directly below `jupyter_tutor`; "" for the package itself."""
        return self.name.partition(".")[2].partition(".")[0]

    @property
    def imports(self) -> list[Import]:
        """What it imports at run time; what only type checkers see does not count."""
        return list(self._imports(self.tree, lazy=False))

    def _imports(self, node: ast.AST, *, lazy: bool) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            match child:
                case ast.Import(names=names):
                    yield from (Import(each.name, child.lineno, lazy) for each in names)
                case ast.ImportFrom(level=level, module=module, names=names):
                    base = self._absolute(level, module)
                    for each in names:
                        name = f"{base}.{each.name}"
                        known = name if name in _names() else base
                        yield Import(known, child.lineno, lazy)
                case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                    continue
                case ast.Call(
                    func=ast.Attribute(attr="import_module"), args=[ast.Constant(value=str(name))]
                ):
                    yield Import(name, child.lineno, lazy)
                case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                    yield from self._imports(child, lazy=True)
                case _:
                    yield from self._imports(child, lazy=lazy)

    def _absolute(self, level: int, module: str | None) -> str:
        if not level:
            return module or ""
        package = self.name if self.path.name == "__init__.py" else self.name.rpartition(".")[0]
        parts = package.split(".")
        base = ".".join(parts[: len(parts) - level + 1])
        return f"{base}.{module}" if module else base


@functools.cache
def _paths() -> dict[str, Path]:
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if "labextension" not in parts:
            found[".".join(parts).removesuffix(".__init__")] = path
    return found


def _names() -> set[str]:
    return set(_paths())


@functools.cache
def modules() -> tuple[Module, ...]:
    """Return every module of the package."""
    made = []
    for name, path in _paths().items():
        text = path.read_text("utf-8")
        made.append(Module(name, path, ast.parse(text), text.count("\n") + 1))
    return tuple(made)
