"""Trying edits of an answer: which lines run, what a variable holds, what a changed answer gives.

Every run happens in this process, in a copy of the namespace that the set-up left, under an alarm,
with its output swallowed: nothing of what is printed here is shown to anybody, and nothing that is
told from here is a verdict. What was expected is not known here; who knows it compares what came
back, and an edit counts only once a real graded run of the edited answer has passed everything.

Steps of it are

- `mutants`: read the answer's `cells` and list edits of them; runs nothing. With `called` also
  those that give a function the name it is called by; of a cell that is no Python, repairs,
- `donations`: likewise, with statements of `donors`; runs nothing, and is only ever asked for in a
  sandbox in which no answer has run, since whole programs that pass are in it,
- `trace`: run each of some `probes` and tell which lines of the answer ran,
- `watch`: run one `probe` and tell what variables held on some `lines`, the last time,
- `try`: run `probes` on the answer with each of some `edits`, until `budget` seconds are over.
"""

import ast
import builtins
import copy
import io
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import CodeType, ModuleType
from typing import Any, TextIO

from .alarms import Alarm, OutOfTime
from .arguments import ArgumentRecorder, changed, record
from .donating import donations
from .donors import nearest
from .encoding import class_bases, class_name, cut_text, encode
from .grafting import grafts
from .mutating import mutations
from .rearranging import renamed
from .repairing import repairs
from .splicing import Source, Splice
from .streams import OutputLimitReached
from .tracing import LinesRun, ValuesHeld

Step = dict[str, Any]
Described = dict[str, Any]
Namespace = dict[str, Any]

MOST_PARTS = 5_000
MOST_TEXT = 50_000
_MOST_DONOR_TEXT = 20_000
_RECORD = "__tutor_argument__"
_UNREADABLE = (SyntaxError, ValueError, MemoryError, RecursionError)


class Explorer:
    """Explores one answer."""

    def __init__(
        self,
        namespace: Namespace,
        before: frozenset[str],
        compile_cell: Callable[..., CodeType],
        execute: Callable[[CodeType, Namespace], object],
    ) -> None:
        """Create one.

        Args:
            namespace: What the set-up left.
            before: The names that were there before it.
            compile_cell: Compiles a source or a tree, given with a file name.
            execute: Runs compiled code.
        """
        self._namespace = namespace
        self._before = before
        self._compile = compile_cell
        self._execute = execute
        self._builtins = dict(vars(builtins))
        self._codes: dict[tuple[str, str], CodeType | BaseException] = {}
        self._questions: dict[tuple[str, bool], CodeType] = {}
        self._alarm = Alarm()
        self._seed = 0
        self._limit = 0
        self._setup: list[Step] = []
        self._stdout: TextIO | None = None
        self._run: dict[str, Callable[[Step], Described]] = {
            "mutants": self._mutants,
            "donations": self._donations,
            "trace": self._trace,
            "watch": self._watch,
            "try": self._try,
        }

    def explore(self, step: Step) -> Described:
        """Do a step."""
        self._seed, self._limit, self._setup = step["seed"], step["output_bytes"], step["setup"]
        streams, limit = (sys.stdin, sys.stdout, sys.stderr), sys.getrecursionlimit()
        self._stdout = sys.stdout
        try:
            return self._run[step["explore"]](step)
        finally:
            sys.stdin, sys.stdout, sys.stderr = streams
            sys.setrecursionlimit(limit)

    def _mutants(self, step: Step) -> Described:
        edits: list[list[object]] = []
        for number, source in _readable(step["cells"]):
            found = [*renamed(source, step["called"]), *mutations(source)]
            edits += [_told(number, source, each) for each in found]
        for number, cell in enumerate(step["cells"]):
            edits += [_told(number, None, each) for each in repairs(cell["source"])]
        return {"edits": edits}

    def _donations(self, step: Step) -> Described:
        edits = []
        for number, source in _readable(step["cells"]):
            texts = [program[number]["source"] for program in step["donors"]]
            donors = [text for text in texts if len(text) <= _MOST_DONOR_TEXT]
            near = nearest(source, donors)
            found = [*donations(source, near), *grafts(source, near)]
            edits += [_told(number, source, each) for each in found]
        return {"edits": edits}

    def _trace(self, step: Step) -> Described:
        runs = []
        for probe in step["probes"]:
            lines = LinesRun(step["cells"])
            seen = self._probe(step, probe, step["cells"], lines)
            runs.append({**seen, "lines": lines.told()})
        return {"runs": runs}

    def _watch(self, step: Step) -> Described:
        values = ValuesHeld(step["cells"], step["lines"])
        self._probe(step, step["probe"], step["cells"], values)
        return {"values": values.told()}

    def _try(self, step: Step) -> Described:
        runs: list[list[Described]] = []
        until = time.monotonic() + step["budget"]
        for place, (number, start, end, text) in enumerate(step["edits"]):
            if time.monotonic() > until:
                break
            if step.get("careful"):
                self._tell(place)
            cells = [*step["cells"]]
            source = cells[number]["source"]
            cells[number] = {**cells[number], "source": source[:start] + text + source[end:]}
            runs.append([self._probe(step, probe, cells) for probe in step["probes"]])
            self._codes.pop((cells[number]["name"], cells[number]["source"]), None)
        return {"runs": runs}

    def _tell(self, place: int) -> None:
        """Say which edit comes next, in case that one ends this process."""
        if self._stdout is not None:
            self._stdout.write(f"{place}\n")
            self._stdout.flush()

    def _probe(
        self,
        step: Step,
        probe: Step,
        cells: list[Step],
        tracer: LinesRun | ValuesHeld | None = None,
    ) -> Described:
        """Run the cells and one probe, and describe what it showed."""
        with self._prepared(probe.get("stdin", "")) as printed:
            began = time.perf_counter()
            seen: Described = {"ending": "completed"}
            try:
                with self._alarm.within(step["seconds"]):
                    run = self._program if probe["kind"] == "program" else self._call
                    seen |= run(probe, cells, printed, tracer)
            except OutOfTime:
                seen = {"ending": "out_of_time"}
            except OutputLimitReached:
                seen = {"ending": "output_limit"}
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # noqa: BLE001 - learner code may raise anything
                seen = {"ending": "raised", "error": _raised(error)}
            finally:
                self._alarm.stop()
                sys.settrace(None)
            return {**seen, "stdout": printed.text, "seconds": time.perf_counter() - began}

    @contextmanager
    def _prepared(self, stdin: str) -> Iterator["Printed"]:
        """Undo what an earlier run may have left behind, and swallow what is printed."""
        dict.update(builtins.__dict__, self._builtins)
        random.seed(self._seed)
        if "numpy" in sys.modules:
            with suppress(Exception):  # a learner's own module may have that name
                sys.modules["numpy"].random.seed(self._seed % 2**32)
        printed = Printed(self._limit)
        sys.stdin, sys.stdout, sys.stderr = io.StringIO(stdin), printed, Printed(self._limit)
        try:
            yield printed
        finally:
            dict.update(builtins.__dict__, self._builtins)

    def _call(
        self,
        probe: Step,
        cells: list[Step],
        printed: "Printed",
        tracer: LinesRun | ValuesHeld | None,
    ) -> Described:
        namespace = self._fresh()
        for cell in cells[: probe["cells"]]:
            self._cell(cell, namespace)
        printed.begin()
        watched: list[tuple[object, Described]] = []
        code = self._question(probe["source"].strip(), watch=probe.get("watch_arguments", False))
        if probe.get("watch_arguments"):
            namespace[_RECORD] = lambda value: record(watched, value)
        seen: Described = {}
        if tracer is not None:
            tracer.begin()
        try:
            value = self._execute(code, namespace)
            sys.settrace(None)
            seen["value"] = encode(value, MOST_PARTS, MOST_TEXT)
        except (OutOfTime, OutputLimitReached, KeyboardInterrupt):
            raise
        except BaseException as error:  # noqa: BLE001 - what changed is told all the same
            sys.settrace(None)
            seen = {"ending": "raised", "error": _raised(error)}
        if probe.get("watch_arguments"):
            seen["arguments_changed"] = changed(watched)
        return seen

    def _question(self, source: str, *, watch: bool) -> CodeType:
        """Return the expression of a probe compiled."""
        if (source, watch) not in self._questions:
            tree = ast.parse(source, mode="eval")
            if watch:
                tree = ast.fix_missing_locations(ArgumentRecorder(_RECORD).visit(tree))
            self._questions[source, watch] = self._compile(tree, "cell test", "eval")
        return self._questions[source, watch]

    def _cell(self, cell: Step, namespace: Namespace) -> None:
        """Run a cell; when it raises, what follows it is run all the same, as in a real run."""
        code = self._code(cell)
        try:
            if isinstance(code, CodeType):
                self._execute(code, namespace)
        except (OutOfTime, OutputLimitReached, KeyboardInterrupt):
            raise
        except BaseException:  # noqa: BLE001, S110 - the tests then show what is missing
            pass

    def _program(
        self,
        probe: Step,
        cells: list[Step],
        printed: "Printed",
        tracer: LinesRun | ValuesHeld | None,
    ) -> Described:
        codes = [self._code(cell) for cell in [*self._setup, *cells[: probe["cells"]]]]
        module = ModuleType("__main__")
        namespace = vars(module)
        namespace.update({"__builtins__": builtins})
        namespace.update({"get_ipython": self._namespace.get("get_ipython")})
        usual = sys.modules["__main__"]
        sys.modules["__main__"] = module
        printed.begin()
        if tracer is not None:
            tracer.begin()
        try:
            for code in codes:
                if not isinstance(code, CodeType):
                    raise code
                self._execute(code, namespace)
        except SystemExit as leaving:
            if leaving.code not in (None, 0):
                raise
        finally:
            sys.modules["__main__"] = usual
        return {}

    def _code(self, cell: Step) -> CodeType | BaseException:
        """Return a cell compiled, or why it cannot be."""
        key = cell["name"], cell["source"]
        if key not in self._codes:
            try:
                filename = f"cell {cell['name']}" + (f" {n}" if (n := cell.get("number")) else "")
                self._codes[key] = self._compiled(cell["source"], filename)
            except _UNREADABLE as error:
                self._codes[key] = error
        return self._codes[key]

    def _compiled(self, source: str, filename: str) -> CodeType:
        """Compile a cell; only one with magics takes the long way."""
        try:
            flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
            code: CodeType = compile(source, filename, "exec", flags, dont_inherit=True)
        except SyntaxError:
            return self._compile(source, filename)
        return code

    def _fresh(self) -> Namespace:
        """Return the namespace the set-up left, with copies of what an answer could change."""
        fresh = dict(self._namespace)
        fresh.pop(_RECORD, None)
        memo: dict[int, object] = {}
        for name in fresh.keys() - self._before:
            value = fresh[name]
            if not isinstance(value, (ModuleType, type, int, float, str)) and not callable(value):
                with suppress(Exception):  # what cannot be copied is handed on as it is
                    fresh[name] = copy.deepcopy(value, memo)
        return fresh


class Printed(io.TextIOBase):
    """Takes what is printed, up to a limit."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._pieces: list[str] = []
        self._size = 0

    def begin(self) -> None:
        """Forget what was printed so far."""
        self._pieces, self._size = [], 0

    def write(self, text: str) -> int:
        """Take a text.

        Raises:
            OutputLimitReached: It is too much.
        """
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._size += len(text)
        if self._size > self._limit:
            raise OutputLimitReached("too much was printed")
        self._pieces.append(text)
        return len(text)

    @property
    def text(self) -> str:
        """What was printed."""
        return "".join(self._pieces).encode("utf-8", "backslashreplace").decode()


def _readable(cells: list[Step]) -> Iterator[tuple[int, Source]]:
    """Yield the cells that are plain Python, by their numbers."""
    for number, cell in enumerate(cells):
        text = cell["source"]
        with suppress(*_UNREADABLE):
            if "\r" not in text and "\f" not in text:
                yield number, Source(text, ast.parse(text))


def _told(number: int, source: Source | None, edit: Splice) -> list[object]:
    """Return an edit as it is told; without a source, as of a cell that is no Python, no reach."""
    near, reach = round(edit.near, 3), (source and source.reach(edit)) or (0, 0)
    return [number, edit.start, edit.end, edit.text, edit.line, edit.kind, near, *reach]


def _raised(error: BaseException) -> Described:
    """Describe an exception as far as it is compared; where it was raised is not told."""
    cls = type(error)
    bases = [class_name(base) for base in class_bases(cls)[1:-1]]
    try:
        message = str(error)
    except Exception:  # noqa: BLE001 - a learner's class may raise anything here
        message = ""
    return {"type": class_name(cls), "message": cut_text(message, 500), "bases": bases}
