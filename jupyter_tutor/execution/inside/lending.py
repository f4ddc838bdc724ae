"""The answer's side of tests that run elsewhere: looks names up, calls, and tells what came of it.

The oracle, which runs the tests, asks over a socket: `[verb, packed values, context]`. The answer
is `["value", packed, printed, changed]` or `["raise", error, printed, changed]`; `changed` has the
arguments as they are afterwards if they are not what they were. In between this side may ask
back, when the answer calls a function that the tests gave it:
`["callback", number, arguments, keywords]`.
"""

import builtins
import inspect
import io
import math
import operator
import sys
from collections.abc import Callable, Coroutine
from typing import Any

from .encoding import class_bases, class_name, cut_text
from .interrupts import Interrupts
from .packing import Malformed, Packed, Packer, containers_in
from .raising import CellSources, describe
from .wire import Broken, Wire

_SHOWN = 2_000
_MOST_CAUSES = 5
_BUILT_IN = {kind: name for name, kind in vars(builtins).items() if isinstance(kind, type)}
_VALUES = (bool, int, float, complex, str, bytes, bytearray, tuple, list, dict, set, frozenset)

OPERATORS: dict[str, Callable[..., object]] = {
    **{
        name: getattr(operator, name)
        for name in (
            "add",
            "sub",
            "mul",
            "truediv",
            "floordiv",
            "mod",
            "pow",
            "matmul",
            "and_",
            "or_",
            "xor",
            "lshift",
            "rshift",
            "iadd",
            "isub",
            "imul",
            "itruediv",
            "ifloordiv",
            "imod",
            "ipow",
            "iand",
            "ior",
            "ixor",
            "ilshift",
            "irshift",
            "imatmul",
            "neg",
            "pos",
            "invert",
            "abs",
            "eq",
            "ne",
            "lt",
            "le",
            "gt",
            "ge",
            "getitem",
            "setitem",
            "delitem",
            "contains",
            "index",
        )
    },
    "divmod": divmod,
    "len": len,
    "iter": iter,
    "next": next,
    "str": str,
    "repr": repr,
    "bytes": bytes,
    "format": format,
    "bool": bool,
    "int": int,
    "float": float,
    "complex": complex,
    "round": round,
    "reversed": reversed,
    "dir": dir,
    "trunc": math.trunc,
    "floor": math.floor,
    "ceil": math.ceil,
    "enter": lambda value: type(value).__enter__(value),
    "exit": lambda value, *told: type(value).__exit__(value, *told),
}


class Lender:
    """Serves the oracle's requests in the namespace of the answer."""

    def __init__(
        self, wire: Wire, namespace: dict[str, Any], sources: CellSources, interrupts: Interrupts
    ) -> None:
        self._wire = wire
        self._interrupts = interrupts
        self._namespace = namespace
        self._sources = sources
        self._packer = Packer(self._export, self._resolve, self._argument)
        self._objects: dict[int, object] = {}
        self._numbers: dict[int, int] = {}
        self._arguments: list[object] = []
        self._run: Callable[[Coroutine[Any, Any, object]], object] | None = None
        self._verbs: dict[str, Callable[..., object]] = {
            "name": self._name,
            "call": self._call,
            "get": lambda value, name: getattr(value, name),
            "set": lambda value, name, new: setattr(value, name, new),
            "del": lambda value, name: delattr(value, name),
            "operate": lambda name, *values: OPERATORS[name](*values),
            "await": self._await,
            "base": _base,
            "fields": _fields,
        }

    def serve(
        self,
        begin: Callable[[int], None],
        printed: Callable[[], list[str]],
        run: Callable[[Coroutine[Any, Any, object]], object],
    ) -> None:
        """Serve until the oracle says that it is done.

        Args:
            begin: Called with the seed when a test begins.
            printed: Returns what was printed since the last call, on both streams.
            run: Runs a coroutine to its end.
        """
        self._run = run
        while True:
            request = self._wire.receive()
            if request[0] == "end":
                return
            if request[0] == "begin":
                begin(request[1])
            else:
                self._answer(request, printed)

    def _answer(self, request: Packed, printed: Callable[[], list[str]]) -> None:
        verb, packed, context = request
        told: Packed
        arguments: Any = ()
        try:
            arguments = self._packer.unpack(packed)
            with _Input(context, self._ask_back), self._interrupts.allowed():
                value = self._verbs[verb](*arguments)
            self._arguments = containers_in(arguments)
            told = ["value", self._packer.pack(value)]
        except (Broken, Malformed):
            raise
        except BaseException as error:  # noqa: BLE001 - learner code may raise anything
            told = ["raise", self._error(error)]
        self._arguments = []
        again = self._packer.pack(arguments) if containers_in(arguments) else packed
        self._wire.send([*told, printed(), None if again == packed else again])

    def _name(self, name: str) -> object:
        if name not in self._namespace:
            raise NameError(f"name {name!r} is not defined")
        return self._namespace[name]

    def _call(
        self, target: Callable[..., object], values: Packed, keywords: dict[str, Any]
    ) -> object:
        return target(*values, **keywords)

    def _await(self, value: Any) -> object:
        assert self._run is not None
        return self._run(value)

    def _ask_back(self, number: int, values: tuple[object, ...], keywords: Any) -> object:
        """Have the oracle call one of its own functions."""
        packed = [self._packer.pack(list(values)), self._packer.pack(keywords)]
        with self._interrupts.held():
            self._wire.send(["callback", number, *packed])
            return self._answered()

    def _answered(self) -> object:
        """Wait for what the oracle's function gave; serve its own questions until then."""
        while True:
            answer = self._wire.receive()
            if answer[0] == "value":
                return self._packer.unpack(answer[1])
            if answer[0] == "raise":
                raise _exception(answer[1], answer[2])
            self._answer(answer, lambda: ["", ""])

    def _error(self, error: BaseException, depth: int = 0) -> dict[str, Any]:
        cause = BaseException.__dict__["__cause__"].__get__(error)
        told = cause is not None and depth < _MOST_CAUSES
        described = describe(error, self._sources)
        arguments = BaseException.__dict__["args"].__get__(error)
        return {
            "class": self._class(type(error)),
            "arguments": self._packer.pack(arguments),
            "handle": self._number(error),
            "cause": self._error(cause, depth + 1) if told else None,
            **described,
        }

    def _export(self, value: object) -> Packed:
        if type(value) is Callback:
            return ["yours", value.number]
        if isinstance(value, type):
            return self._class(value)
        number = self._number(value)
        own = type.__dict__["__flags__"].__get__(type(value)) & 1 << 9
        coroutine = type(value).__name__ == "coroutine"
        kind = "coroutine" if coroutine else "callable" if callable(value) else "object"
        name = _text_of(value, "__qualname__")
        return ["h", number, self._class(type(value)) if own else None, kind, name]

    def _argument(self, value: object) -> Packed | None:
        """Refer to an argument of the present call, so that it stays the same object there."""
        for number, argument in enumerate(self._arguments):
            if argument is value:
                return ["argument", number]
        return None

    def _class(self, kind: type) -> Packed:
        """Describe a class: a built-in one by its name, others with their bases."""
        name = _BUILT_IN.get(kind)
        if name is not None:
            return ["built-in", name]
        bases = [self._class(base) for base in kind.__bases__]
        return ["class", self._number(kind), class_name(kind), bases, _module(kind)]

    def _number(self, value: object) -> int:
        number = self._numbers.get(id(value))
        if number is None:
            number = self._numbers[id(value)] = len(self._objects)
            self._objects[number] = value
        return number

    def _resolve(self, packed: Packed) -> object:
        match packed:
            case ["own", int(number)]:
                return self._objects[number]
            case ["callback", int(number), str(name)]:
                return Callback(number, name, self._ask_back)
            case ["built-in", str(name)]:
                return getattr(builtins, name)
            case ["made", str(name), list(fields)]:
                return self._made(name, fields)
        raise Malformed("neither a value nor a handle")

    def _made(self, name: str, fields: Packed) -> object:
        """Make an object of a class of the set-up, as the tests have one."""
        kind = self._namespace.get(name)
        if not isinstance(kind, type):
            raise Malformed(f"{name} is no class of the set-up")
        made: object = object.__new__(kind)
        for field, value in self._packer.unpack(fields).items():
            object.__setattr__(made, field, value)
        return made


class Callback:
    """A function of the tests, as the answer sees it: it can be called, and nothing else."""

    def __init__(self, number: int, name: str, ask: Callable[..., object]) -> None:
        self.number = number
        self.__name__ = name
        self.__ask = ask

    def __call__(self, *values: object, **keywords: object) -> object:
        """Have the tests' side call it."""
        return self.__ask(self.number, values, keywords)


class _Input:
    """Gives the answer what the tests put in the place of `input` and of standard input."""

    def __init__(self, context: dict[str, Any], ask: Callable[..., object]) -> None:
        self._context = context
        self._ask = ask

    def __enter__(self) -> None:
        self._stdin, self._input = sys.stdin, builtins.input
        if self._context.get("stdin") is not None:
            sys.stdin = io.StringIO(self._context["stdin"])
        if self._context.get("input") is not None:
            builtins.input = Callback(self._context["input"], "input", self._ask)  # type: ignore[assignment]

    def __exit__(self, *_: object) -> None:
        sys.stdin, builtins.input = self._stdin, self._input


def _base(value: object) -> object:
    """Return what a value of a subclass of a built-in type is underneath.

    Raises:
        TypeError: It is of no such class.
    """
    kinds = class_bases(type(value))
    for kind in _VALUES:
        if kind in kinds:
            read: Callable[[object], object] = _READ.get(kind, kind)
            return read(value)
    raise TypeError("no value")


_READ: dict[type, Callable[[Any], object]] = {
    int: int.__int__,
    float: float.__float__,
    str: str.__str__,
    tuple: lambda value: tuple(tuple.__iter__(value)),
    list: lambda value: list(list.__iter__(value)),
    dict: lambda value: dict(dict.items(value)),
    set: lambda value: set(set.__iter__(value)),
    frozenset: lambda value: frozenset(frozenset.__iter__(value)),
}


def _fields(value: object) -> list[tuple[str, object]]:
    """Return the fields of an instance of a dataclass.

    Raises:
        TypeError: It is none.
    """
    for kind in class_bases(type(value)):
        declared = kind.__dict__.get("__dataclass_fields__")
        if declared is not None:
            return [(name, object.__getattribute__(value, name)) for name in declared]
    raise TypeError("no dataclass")


def _exception(name: str, message: str) -> BaseException:
    """Return an exception that a function of the tests raised, as far as it may be known here."""
    kind = getattr(builtins, name, None)
    if not (isinstance(kind, type) and issubclass(kind, Exception)):
        return RuntimeError(f"{name}: {message}")
    try:
        return kind(message)
    except Exception:  # noqa: BLE001 - some can't be made from a text
        return RuntimeError(f"{name}: {message}")


def _module(kind: type) -> str:
    module = type.__dict__["__dict__"].__get__(kind).get("__module__")
    return module if type(module) is str else ""


def _text_of(value: object, name: str) -> str:
    text = inspect.getattr_static(value, name, "")
    if not isinstance(text, str):
        text = getattr(value, name, "") if inspect.isroutine(value) else ""
    return cut_text(text, _SHOWN) if isinstance(text, str) else ""
