"""The side that tests run on: no learner code is here, only stand-ins for what it defined.

Names that the answer defined are looked up when a test uses them. What travels by value arrives as
this side's own trusted type. Anything else is a stand-in: attributes, calls and iteration go back
to the answer's side. How a stand-in compares with a trusted value is decided here, by what was
observed of it, or it is simply not equal: what an answer says of itself does not count.
"""

import builtins
import io
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from .packing import Malformed, Packed, Packer, containers_in
from .stand_ins import Gone, MirrorType, StandIn, make_stand_in
from .wire import Broken, Wire

_FORBIDDEN = ("unittest", "_pytest", "pytest", "nose")
_NO_ANSWER = (
    Broken,
    Malformed,
    OSError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    RecursionError,
    MemoryError,
)


class Borrower:
    """Asks the answer's side."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._packer = Packer(self._export, self._resolve)
        self._stand_ins: dict[int, StandIn] = {}
        self._classes: dict[int, type] = {}
        self._given: list[object] = []
        self._given_numbers: dict[int, int] = {}
        self._sent: list[object] = []
        self._input, self._stdin = builtins.input, sys.stdin
        self.named: frozenset[str] = frozenset()
        self.set_up: dict[str, object] = {}
        """What the set-up defined: the answer's side has its own of each."""

    def begin(self, named: frozenset[str], seed: int) -> None:
        """Begin a test, in which some classes are named."""
        self._input, self._stdin, self.named = builtins.input, sys.stdin, named
        self._wire.send(["begin", seed])

    def end(self) -> None:
        """Tell the answer's side that no further test comes."""
        self._wire.send(["end"])

    def ask(self, verb: str, *values: object) -> Any:
        """Have something done on the answer's side and return the value.

        Raises:
            BaseException: What was raised there.
            Gone: There is nobody any more.
        """
        packed, context = self._packer.pack(values), self._context()
        sent = containers_in(values)
        try:
            self._wire.send([verb, packed, context])
            answer = self._hear()
            kind, told, printed, changed = answer
            self._sent = sent
            value = self._packer.unpack(told) if kind == "value" else self._exception(told)
            self._sent = []
            if changed is not None:
                _take_over(values, self._packer.unpack(changed))
        except _NO_ANSWER as error:
            raise Gone("the answer's process does not answer any more") from error
        for stream, text in zip((sys.stdout, sys.stderr), printed, strict=False):
            if isinstance(text, str) and text:
                stream.write(text)
        if kind == "value":
            return value
        raise _not_a_signal(value, is_next=verb == "operate" and values[0] == "next")

    def _context(self) -> dict[str, object]:
        context: dict[str, object] = {}
        if builtins.input is not self._input:
            context["input"] = self._give(builtins.input)
        if sys.stdin is not self._stdin and isinstance(sys.stdin, io.StringIO):
            context["stdin"] = sys.stdin.read()
        return context

    def _hear(self) -> Packed:
        """Wait for the answer, and serve what is asked back until then."""
        while True:
            answer = self._wire.receive()
            if answer[0] != "callback":
                return answer
            _, number, values, keywords = answer
            function: Any = self._given[number]
            arguments = self._packer.unpack(values), self._packer.unpack(keywords)
            try:
                value = function(*arguments[0], **arguments[1])
                self._wire.send(["value", self._packer.pack(value)])
            except Exception as error:  # noqa: BLE001 - goes to who called
                self._wire.send(["raise", type(error).__name__, str(error)])

    def _give(self, function: object) -> int:
        number = self._given_numbers.get(id(function))
        if number is None:
            number = self._given_numbers[id(function)] = len(self._given)
            self._given.append(function)
        return number

    def _export(self, value: object) -> Packed:
        if isinstance(value, StandIn):
            return ["own", object.__getattribute__(value, "_tutor_number")]
        if isinstance(value, MirrorType):
            return ["own", type.__getattribute__(value, "_tutor_number")]
        if isinstance(value, BaseException) and hasattr(value, "_tutor_number"):
            return ["own", value._tutor_number]
        if callable(value):
            name = str(getattr(value, "__name__", "function"))
            if getattr(builtins, name, None) is value:
                return ["built-in", name]
            return ["callback", self._give(value), name]
        if isinstance(value, Iterator):
            return self._packer.part(list(value))
        name = type(value).__name__
        if self.set_up.get(name) is type(value):
            return ["made", name, self._packer.part(dict(vars(value)))]
        raise TypeError(f"a test can't give a {type(value).__name__} to the answer")

    def _resolve(self, packed: Packed) -> object:
        match packed:
            case ["argument", int(number)]:
                return self._sent[number]
            case ["yours", int(number)]:
                return self._given[number]
            case ["built-in", str()] | ["class", *_]:
                return self._class(packed)
            case ["h", int(number), kind, str(ability), str(name)]:
                return self._stand_in(number, kind, ability, name)
        raise Malformed("neither a value nor a handle")

    def _stand_in(self, number: int, kind: Packed | None, ability: str, name: str) -> object:
        known = self._stand_ins.get(number)
        if known is None:
            cls = self._class(kind) if kind else None
            known = self._stand_ins[number] = make_stand_in(
                self,
                number,
                name,
                cls,
                can_be_called=ability == "callable",
            )
        return _awaitable(self, known) if ability == "coroutine" else known

    def _class(self, packed: Packed) -> type:
        match packed:
            case ["built-in", str(name)]:
                kind = getattr(builtins, name)
                if not isinstance(kind, type):
                    raise Malformed("no class")
                return kind
            case ["class", int(number), str(name), list(bases), str(module)]:
                if number not in self._classes:
                    self._classes[number] = self._mirror(number, name, bases, module)
                return self._classes[number]
        raise Malformed("no class")

    def _mirror(self, number: int, name: str, bases: Packed, module: str) -> type:
        """Make the stand-in of a class; a library's exception is that library's own."""
        of = [self._class(base) for base in bases]
        errors = [base for base in of if issubclass(base, BaseException)]
        if errors:
            known = getattr(sys.modules.get(module), name, None)
            if isinstance(known, type) and issubclass(known, errors[0]) and _may_raise(module):
                return known
            return type(name, tuple(errors), _error_body(self, number))
        mirrors = [base for base in of if issubclass(base, StandIn)] or [StandIn]
        body = {"_tutor_number": number, "_tutor_borrower": self, "__module__": "answer"}
        try:
            return MirrorType(name, tuple(mirrors), body)
        except TypeError:  # bases that can't be ordered
            return MirrorType(name, (StandIn,), body)

    def _exception(self, told: dict[str, Any]) -> BaseException:
        kind = self._class(told["class"])
        if not issubclass(kind, BaseException):
            raise Malformed("no exception")
        arguments = self._packer.unpack(told["arguments"])
        arguments = arguments if type(arguments) is tuple else ()
        try:
            error = kind.__new__(kind, *arguments)
        except Exception:  # noqa: BLE001 - some need arguments that did not come along
            error = kind.__new__(kind)
        error.args = arguments
        if hasattr(kind, "_tutor_number"):
            error._tutor_number = told["handle"]  # type: ignore[attr-defined]
        frames = told.get("frames")
        error.__dict__["_tutor_frames"] = frames if isinstance(frames, list) else []
        error.__dict__["_tutor_message"] = str(told.get("message", ""))
        if told.get("cause") is not None:
            error.__cause__ = self._exception(told["cause"])
        return error


def _error_body(borrower: Borrower, number: int) -> dict[str, Any]:
    """Return the body of a class that stands for an exception class of the answer."""

    def attribute(self: Any, name: str) -> Any:
        if name.startswith("_tutor_"):
            raise AttributeError(name)
        return borrower.ask("get", self, name)

    def message(self: Any) -> str:
        return str(self.__dict__.get("_tutor_message", ""))

    return {"_tutor_number": number, "__getattr__": attribute, "__str__": message}


def _may_raise(module: str) -> bool:
    """Whether an exception of a module may pass through tests: not those that end tests quietly."""
    return module.partition(".")[0] not in _FORBIDDEN


def _not_a_signal(error: BaseException, *, is_next: bool) -> BaseException:
    """Return an exception that loops and generators of a test do not take for their own end."""
    if isinstance(error, StopIteration | StopAsyncIteration | GeneratorExit) and not is_next:
        return RuntimeError(f"the answer raised {type(error).__name__}")
    return error


def _take_over(old: Any, new: Any) -> None:
    """Bring arguments to what the answer made of them, keeping the objects themselves."""
    if type(old) is not type(new) or old is new:
        return
    if isinstance(old, tuple):
        for mine, theirs in zip(old, new, strict=False):
            _take_over(mine, theirs)
    elif isinstance(old, list):
        old[:] = [_kept(mine, new[n]) if n < len(new) else None for n, mine in enumerate(old)][
            : len(new)
        ] + new[len(old) :]
    elif isinstance(old, dict):
        kept = {key: _kept(old[key], value) if key in old else value for key, value in new.items()}
        old.clear()
        old.update(kept)
    elif isinstance(old, set):
        old.clear()
        old.update(new)
    elif isinstance(old, bytearray):
        old[:] = new
    elif hasattr(old, "_update_inplace"):  # of pandas
        old._update_inplace(new)
    elif hasattr(old, "dtype") and old.shape == new.shape:
        old[...] = new
    elif hasattr(old, "extend"):
        old.clear()
        old.extend(new)


def _kept(mine: Any, theirs: Any) -> Any:
    """Return the old object, brought up to date, if it is one that can be; else the new one."""
    if type(mine) is not type(theirs) or not containers_in([mine]):
        return theirs
    _take_over(mine, theirs)
    return mine


def _awaitable(borrower: Borrower, stand_in: object) -> Any:
    async def wait() -> object:
        return borrower.ask("await", stand_in)

    return wait()


class Names(dict[str, Any]):
    """The namespace tests run in: their own names, else the built-in ones, else the answer's.

    Functions, classes and modules that the set-up defined are the tests' own; its other values are
    the answer's, which may have worked on them.
    """

    def __init__(self, borrower: Borrower, own: dict[str, Any], before: frozenset[str]) -> None:
        """Create one.

        Args:
            borrower: Looks names up on the answer's side.
            own: The namespace of the shell, with what the set-up defined if it has run.
            before: The names that were there before the set-up.
        """
        super().__init__(own)
        self._borrower = borrower
        self._lent: set[str] = set()
        self._before = before
        self.open = False

    def lend(self) -> None:
        """Begin to look names up, when the set-up has run."""
        self.open = True
        for name in set(self) - self._before:
            value = self._borrower.set_up[name] = dict.get(self, name)
            if not callable(value) and not isinstance(value, ModuleType):
                self._lent.add(name)

    def __getitem__(self, name: str) -> Any:
        if name in self._lent:
            try:
                return self._borrower.ask("name", name)
            except NameError:
                pass
        return super().__getitem__(name)

    def __setitem__(self, name: str, value: Any) -> None:
        self._lent.discard(name)
        super().__setitem__(name, value)

    def __missing__(self, name: str) -> Any:
        if not self.open or hasattr(builtins, name):
            raise KeyError(name)
        try:
            return self._borrower.ask("name", name)
        except NameError as error:
            raise KeyError(name) from error
