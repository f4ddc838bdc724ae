"""The workbench: runs one step at a time in the kernel's namespace and describes what it showed.

A step is a JSON object; `kind` is one of

- `cell`: run a cell (`name`, `number`, `source`); with `only_compile` it is only compiled,
- `call`: evaluate an expression (`source`) and encode its value; with `watch_arguments` also tell
  whether an argument of a call in it was changed,
- `program`: run the `sources` as one program with `stdin`,
- `assert`: run a test cell (`source`).

Each also has `seed`, `output_bytes` and `memory_mb`. The answer has an `ending` (completed, raised,
output_limit, memory_limit) and what belongs to it. It never says whether anything is right.
"""

import __future__

import ast
import asyncio
import builtins
import importlib
import inspect
import io
import os
import random
import sys
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from types import CodeType, ModuleType
from typing import Any

from .asserting import EXPLAIN, explain, explained
from .encoding import encode
from .limits import limit_memory
from .raising import CellSources, Described, describe
from .streams import Streams

Step = dict[str, Any]
Namespace = dict[str, Any]

_RECORD = "__tutor_argument__"
_FUTURES = sum(getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)


class Bench:
    """Runs steps in the namespace of a kernel's shell."""

    def __init__(self, namespace: Namespace, transform: Callable[[str], str]) -> None:
        """Create one.

        Args:
            namespace: The user's namespace.
            transform: What turns magics and shell lines of a cell into Python.
        """
        self._namespace = namespace
        self._transform = transform
        self._streams = Streams()
        self._sources = CellSources()
        self._builtins = dict(vars(builtins))
        self._directory = os.getcwd()  # noqa: PTH109 - pathlib asks the same, later
        self._process = os.getpid()
        self._flags = 0
        self._run: dict[str, Callable[[Step], Coroutine[Any, Any, Described]]] = {
            "cell": self._cell,
            "call": self._call,
            "program": self._program,
            "assert": self._assert,
        }

    async def observe(self, step: Step) -> Described:
        """Run a step and describe what it showed."""
        self._begin(step)
        seen: Described
        started = time.perf_counter()
        try:
            seen = {"ending": "completed", **await self._run[step["kind"]](step)}
        except BaseException as error:  # noqa: BLE001 - learner code may raise anything
            seconds = time.perf_counter() - started
            self._restore()
            seen = {"ending": "raised", "error": describe(error, self._sources)}
            if isinstance(error, MemoryError) and seen["error"]["frames"]:
                seen["ending"] = "memory_limit"
        else:
            seconds = time.perf_counter() - started
        if os.getpid() != self._process:
            os._exit(0)
        self._restore()
        seen["seconds"] = seconds
        if self._streams.end():
            seen["ending"] = "output_limit"
        return seen

    def _begin(self, step: Step) -> None:
        """Undo what earlier steps may have left behind, seed, and set the limits."""
        self._restore()
        sys.settrace(None)
        sys.setprofile(None)
        with suppress(OSError):
            os.chdir(self._directory)
        random.seed(step["seed"])
        if "numpy" in sys.modules:
            with suppress(Exception):  # a learner's own module may have that name
                importlib.import_module("numpy.random").seed(step["seed"] % 2**32)
        limit_memory(step["memory_mb"])
        sys.stdin = io.TextIOWrapper(
            io.BytesIO(step.get("stdin", "").encode("utf-8", "surrogatepass")), encoding="utf-8"
        )
        self._streams.begin(step["output_bytes"])

    def _restore(self) -> None:
        """Put back the built-in names, without which nothing here and in the kernel works."""
        dict.update(builtins.__dict__, self._builtins)

    async def _cell(self, step: Step) -> Described:
        filename = self._sources.add(step["name"], step["number"], step["source"])
        code = self._compile(step["source"], filename)
        if not step.get("only_compile"):
            await self._execute(code, self._namespace)
        return {}

    async def _assert(self, step: Step) -> Described:
        filename = self._sources.add("test", 0, step["source"])
        tree = explained(self._parse(step["source"], filename))
        self._namespace[EXPLAIN] = explain
        try:
            await self._execute(self._compile(tree, filename), self._namespace)
        finally:
            self._namespace.pop(EXPLAIN, None)
        return {}

    async def _call(self, step: Step) -> Described:
        filename = self._sources.add("test", 0, step["source"])
        flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        tree = compile(step["source"].strip(), filename, "eval", flags, dont_inherit=True)
        watched: list[tuple[object, Described]] = []
        if step.get("watch_arguments"):
            tree = ast.fix_missing_locations(_ArgumentRecorder().visit(tree))
            self._namespace[_RECORD] = lambda value: _record(watched, value)
        seen: Described = {}
        code = self._compile(tree, filename, "eval")
        try:
            if code.co_flags & inspect.CO_COROUTINE:
                value = await eval(code, self._namespace)  # noqa: S307 - this is what runs answers
            else:
                with _NoRunningLoop():
                    value = eval(code, self._namespace)  # noqa: S307 - as above
            self._restore()
            seen["value"] = encode(value)
        except BaseException as error:  # noqa: BLE001 - what changed is told all the same
            self._restore()
            seen = {"ending": "raised", "error": describe(error, self._sources)}
            if isinstance(error, MemoryError):
                seen["ending"] = "memory_limit"
        finally:
            self._namespace.pop(_RECORD, None)
        if step.get("watch_arguments"):
            seen["arguments_changed"] = _changed(watched)
        return seen

    async def _program(self, step: Step) -> Described:
        codes = []
        for cell in step["sources"]:
            filename = self._sources.add(cell["name"], cell["number"], cell["source"])
            codes.append(self._compile(cell["source"], filename))
        module = ModuleType("__main__")
        shell = {"get_ipython": self._namespace.get("get_ipython")}
        namespace = vars(module)
        namespace.update({"__builtins__": builtins, **shell})
        usual = sys.modules["__main__"]
        sys.modules["__main__"] = module
        sys.argv = ["program"]
        try:
            for code in codes:
                if code.co_flags & inspect.CO_COROUTINE:
                    await self._execute(code, namespace)
                else:
                    with _NoRunningLoop():
                        exec(code, namespace)  # noqa: S102 - this is what runs answers
        except SystemExit as leaving:
            if leaving.code not in (None, 0):
                raise
        finally:
            sys.modules["__main__"] = usual
        return {}

    async def _execute(self, code: CodeType, namespace: Namespace) -> None:
        if code.co_flags & inspect.CO_COROUTINE:
            await eval(code, namespace)  # noqa: S307 - this is what runs answers
        else:
            exec(code, namespace)  # noqa: S102 - this is what runs answers

    def _parse(self, source: str, filename: str) -> ast.Module:
        lines = source.splitlines()
        blank = next((n for n, line in enumerate(lines) if line.strip()), 0)
        text = "\n" * blank + self._transform(source)  # which drops the blank lines at the top
        flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT | self._flags
        tree = compile(text, filename, "exec", flags, dont_inherit=True)
        assert isinstance(tree, ast.Module)
        return tree

    def _compile(self, source: str | ast.AST, filename: str, mode: str = "exec") -> CodeType:
        tree = self._parse(source, filename) if isinstance(source, str) else source
        flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT | self._flags
        code: CodeType = compile(tree, filename, mode, flags, dont_inherit=True)  # type: ignore[call-overload]
        self._flags |= code.co_flags & _FUTURES
        return code


class _ArgumentRecorder(ast.NodeTransformer):
    """Hands every argument of every call in an expression to the recorder on its way."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        for number, argument in enumerate(node.args):
            if isinstance(argument, ast.Starred):
                argument.value = _recorded(argument.value)
            else:
                node.args[number] = _recorded(argument)
        for keyword in node.keywords:
            keyword.value = _recorded(keyword.value)
        return node


def _recorded(argument: ast.expr) -> ast.expr:
    call = ast.Call(ast.Name(_RECORD, ast.Load()), [argument], [])
    return ast.copy_location(call, argument)


def _record(watched: list[tuple[object, Described]], value: object) -> object:
    watched.append((value, encode(value)))
    return value


def _changed(watched: list[tuple[object, Described]]) -> bool | None:
    """Tell whether any argument differs from what it was; None when one is too large to tell."""
    if any(before["type"] == "cut" for _, before in watched):
        return None
    return any(encode(value) != before for value, before in watched)


class _NoRunningLoop:
    """Hides the kernel's own event loop, so that `asyncio.run` works as it does in a program."""

    def __enter__(self) -> None:
        self._loop = asyncio.events._get_running_loop()  # noqa: SLF001 - there is no other way
        asyncio.events._set_running_loop(None)  # noqa: SLF001

    def __exit__(self, *exception: object) -> None:
        asyncio.events._set_running_loop(self._loop)  # noqa: SLF001
