"""The workbench: runs one step at a time in the kernel's namespace and describes what it showed.

A step is a JSON object; `kind` is one of

- `facts`: read the answer's source (`setup`, `cells`) and tell what stands in it; runs nothing,
- `cell`: run a cell (`name`, `number`, `source`); with `only_compile` it is only compiled,
- `call`: evaluate an expression (`source`) and encode its value; with `watch_arguments` also tell
  whether an argument of a call in it was changed,
- `program`: run the `sources` as one program with `stdin`,
- `assert`: run a test cell (`source`), in the oracle with the names of the answer's side,
- `shared`: run a test cell (`source`) here, and give back the `token` when it has run to its end,
- `lend`: serve the oracle until it is done,
- `open`: in the oracle: the set-up has run, tests follow,
- `return`: in the oracle: no further test comes,
- `explore`: try edits of the answer (`explore` says what, see `exploring`).

Each also has `seed` and `output_bytes`. The answer has an `ending` (completed, raised,
output_limit, memory_limit, process_limit) and what belongs to it. It never says whether anything is
right.
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
from collections.abc import Callable
from contextlib import suppress
from types import CodeType, ModuleType
from typing import Any

from .arguments import ArgumentRecorder, changed, record
from .asserting import EXPLAIN, class_names_in, explained
from .encoding import encode
from .exploring import Explorer
from .facts import read_source
from .foreign import keep_pickles_plain
from .interrupts import Interrupts
from .lending import Lender
from .making import classes_in
from .names import Names
from .oracle import Borrower
from .proving import run_to_end
from .raising import CellSources, Described, describe
from .sharing import SharedFolder
from .streams import Streams
from .wire import Wire

Step = dict[str, Any]
Namespace = dict[str, Any]

_RECORD = "__tutor_argument__"
_NO_THREAD = "can't start new thread"
_FUTURES = sum(getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)


class Bench:
    """Runs steps in the namespace of a kernel's shell."""

    def __init__(
        self,
        namespace: Namespace,
        transform: Callable[[str], str],
        streams: Streams,
        interrupts: Interrupts,
        begun: "Bench | None" = None,
    ) -> None:
        """Create one.

        Args:
            namespace: The user's namespace.
            transform: What turns magics and shell lines of a cell into Python.
            streams: Where what is printed goes.
            interrupts: Says when a step may be interrupted.
            begun: The bench that has run the set-up in the process this one was forked from.
        """
        self._namespace = namespace
        self._transform = transform
        self._streams = streams
        self._interrupts = interrupts
        self._sources: CellSources = CellSources() if begun is None else begun._sources
        self._builtins = dict(vars(builtins))
        self._directory = os.getcwd()  # noqa: PTH109 - pathlib asks the same, later
        self._process = os.getpid()
        self._flags: int = 0 if begun is None else begun._flags
        self._link: Wire | None = None
        self._folder: SharedFolder | None = None
        self._lender: Lender | None = None
        self._borrower: Borrower | None = None
        self._explorer: Explorer | None = None
        self._named: set[str] = set() if begun is None else set(begun._named)
        self._before: frozenset[str] = frozenset(namespace) if begun is None else begun._before
        self._set_up: dict[str, type] = {} if begun is None else begun._set_up
        self._loop: asyncio.AbstractEventLoop | None = None
        self._run: dict[str, Callable[[Step], Described]] = {
            "facts": self._facts,
            "cell": self._cell,
            "call": self._call,
            "program": self._program,
            "assert": self._assert,
            "shared": self._shared,
            "lend": self._lend,
            "open": self._open,
            "return": self._return,
            "explore": self._explore,
        }

    @property
    def has_loop(self) -> bool:
        """Whether an event loop was needed, which no other process could go on with."""
        return self._loop is not None

    def link(self, wire: Wire) -> None:
        """Have the oracle at the other end of a wire."""
        self._link = wire
        self._folder = SharedFolder(self._directory, of_answer=True)

    def borrow(self, wire: Wire) -> None:
        """Become the oracle, with the answer's side at the other end of a wire."""
        keep_pickles_plain()
        self._folder = SharedFolder(self._directory, of_answer=False)
        self._borrower = Borrower(wire, self._folder)
        self._namespace = Names(self._borrower, self._namespace, self._before)

    def observe(self, step: Step) -> Described:
        """Run a step and describe what it showed."""
        self._begin(step)
        seen: Described
        started = time.perf_counter()
        try:
            with self._interrupts.allowed():
                seen = {"ending": "completed", **self._run[step["kind"]](step)}
        except BaseException as error:  # noqa: BLE001 - learner code may raise anything
            seconds = time.perf_counter() - started
            self._restore()
            seen = self._raised(error)
        else:
            seconds = time.perf_counter() - started
        if os.getpid() != self._process:
            os._exit(0)
        self._restore()
        seen["seconds"] = seconds
        if self._streams.end():
            seen["ending"] = "output_limit"
        return seen

    def _raised(self, error: BaseException) -> Described:
        """Describe an exception, and tell it from a limit that showed as one."""
        seen: Described = {"ending": "raised", "error": describe(error, self._sources)}
        if isinstance(error, MemoryError) and seen["error"]["frames"]:
            seen["ending"] = "memory_limit"
        elif type(error) is BlockingIOError or _is_no_thread(error):
            seen["ending"] = "process_limit"
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
        sys.stdin = io.TextIOWrapper(
            io.BytesIO(step.get("stdin", "").encode("utf-8", "surrogatepass")), encoding="utf-8"
        )
        self._streams.begin(step["output_bytes"])

    def _restore(self) -> None:
        """Put back the built-in names, without which nothing here and in the kernel works."""
        dict.update(builtins.__dict__, self._builtins)

    def _facts(self, step: Step) -> Described:
        return read_source(step["setup"], step["cells"], self._parse)

    def _cell(self, step: Step) -> Described:
        filename = self._sources.add(step["name"], step["number"], step["source"])
        if step["name"] == "setup":  # tests may name its classes
            tree = self._parse(step["source"], filename)
            self._named |= class_names_in(step["source"], tree)
            code = self._compile(tree, filename)
        else:
            code = self._compile(step["source"], filename)
        if not step.get("only_compile"):
            self._execute(code, self._namespace)
        if step["name"] == "setup":
            made = [(name, self._namespace[name]) for name in set(self._namespace) - self._before]
            self._set_up = classes_in(made)
        if step["name"] == "setup" and self._folder is not None:
            self._folder.agree()  # it leaves the same files on both sides
        return {}

    def _assert(self, step: Step) -> Described:
        filename = self._sources.add("test", 0, step["source"])
        tree = self._parse(step["source"], filename)
        if self._borrower is not None:
            named = class_names_in(step["source"], tree)
            self._borrower.begin(frozenset(self._named | named), step["seed"])
            assert isinstance(self._namespace, Names)
            self._namespace.begin(step["source"])
        self._namespace[EXPLAIN] = explained(tree)
        try:
            self._execute(self._compile(tree, filename), self._namespace)
        finally:
            self._namespace.pop(EXPLAIN, None)
        return {}

    def _shared(self, step: Step) -> Described:
        # No magics, no top-level await, no words for both sides: code of an answer, which has run
        # here, can change whatever that takes.
        kept = [step.pop("token")]
        filename = self._sources.add("test", 0, step["source"])
        code = compile(step["source"], filename, "exec", dont_inherit=True)
        return {"token": run_to_end(code, self._namespace, kept)}

    def _lend(self, step: Step) -> Described:
        assert self._link is not None
        assert self._folder is not None

        def begin(seed: int) -> None:
            self._begin({**step, "seed": seed})

        self._streams.keep()
        try:
            if self._lender is None:  # what it has lent the oracle goes on using
                self._lender = Lender(
                    self._link,
                    self._namespace,
                    self._sources,
                    self._interrupts,
                    self._folder,
                    self._set_up,
                )
            with self._interrupts.held():
                self._lender.serve(begin, self._streams.take, self._complete)
        finally:
            self._streams.send()
        return {}

    def _open(self, _: Step) -> Described:
        assert isinstance(self._namespace, Names)
        self._namespace.lend()
        return {}

    def _return(self, _: Step) -> Described:
        assert self._borrower is not None
        self._borrower.end()
        return {}

    def _explore(self, step: Step) -> Described:
        if self._explorer is None:
            self._explorer = Explorer(self._namespace, self._before, self._compile, self._execute)
        return self._explorer.explore(step)

    def _call(self, step: Step) -> Described:
        filename = self._sources.add("test", 0, step["source"])
        source: str | ast.AST = step["source"].strip()
        watched: list[tuple[object, Described]] = []
        if step.get("watch_arguments"):
            tree = self._read(source, filename, "eval", ast.PyCF_ONLY_AST)
            source = ast.fix_missing_locations(ArgumentRecorder(_RECORD).visit(tree))
            self._namespace[_RECORD] = lambda value: record(watched, value)
        seen: Described = {}
        code = self._compile(source, filename, "eval")
        try:
            value = self._execute(code, self._namespace)
            self._restore()
            seen["value"] = encode(value)
        except BaseException as error:  # noqa: BLE001 - what changed is told all the same
            self._restore()
            seen = self._raised(error)
        finally:
            self._namespace.pop(_RECORD, None)
        if step.get("watch_arguments"):
            seen["arguments_changed"] = changed(watched)
        return seen

    def _program(self, step: Step) -> Described:
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
                self._execute(code, namespace)
        except SystemExit as leaving:
            if leaving.code not in (None, 0):
                raise
        finally:
            sys.modules["__main__"] = usual
        return {}

    def _execute(self, code: CodeType, namespace: Namespace) -> object:
        """Run compiled code and return its value; with top-level `await` in a loop that stays."""
        value: object = eval(code, namespace)  # noqa: S307 - this is what runs answers
        if not code.co_flags & inspect.CO_COROUTINE:
            return value
        return self._complete(value)

    def _complete(self, coroutine: Any) -> object:
        """Run a coroutine to its end."""
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
        return self._loop.run_until_complete(coroutine)

    def _parse(self, source: str, filename: str) -> ast.Module:
        tree: ast.Module = self._read(source, filename, "exec", ast.PyCF_ONLY_AST)
        return tree

    def _compile(self, source: str | ast.AST, filename: str, mode: str = "exec") -> CodeType:
        code: CodeType = self._read(source, filename, mode, 0)
        self._flags |= code.co_flags & _FUTURES
        return code

    def _read(self, source: str | ast.AST, filename: str, mode: str, flags: int) -> Any:
        """Compile, to code or, with such flags, only to a tree."""
        flags |= ast.PyCF_ALLOW_TOP_LEVEL_AWAIT | self._flags
        try:
            return compile(source, filename, mode, flags, dont_inherit=True)  # type: ignore[arg-type]
        except SyntaxError:  # what is Python already has no magics, and is spared looking for them
            if not isinstance(source, str) or mode != "exec":
                raise
        lines = source.splitlines()
        blank = next((n for n, line in enumerate(lines) if line.strip()), 0)
        text = "\n" * blank + self._transform(source)  # which drops blank lines at the top
        return compile(text, filename, mode, flags, dont_inherit=True)


def _is_no_thread(error: BaseException) -> bool:
    return type(error) is RuntimeError and error.args == (_NO_THREAD,)
