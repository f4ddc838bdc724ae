"""Stand-ins: what the objects and classes of the answer look like to its tests.

A stand-in has every method that Python looks up on classes, and each goes to the answer's side;
save for comparisons with what is not a stand-in. Those are decided here, by what was observed of
the object, or it is simply not equal: what an answer says of itself does not count.

A test that subtracts what it expects compares, too, and so does one that looks whether something
is in the value or that calls its `startswith`. Only objects of classes that the test names are
asked then; and of what such a class made of a difference no plain number is ever taken.
"""

from collections.abc import Callable, Iterator
from typing import Any, Protocol


class Gone(BaseException):
    """The answer's process has ended, or does not keep to the protocol.

    It is no `Exception`: a test that is content with any of these must not be content with this.
    """


class Asker(Protocol):
    """What a stand-in asks."""

    named: frozenset[str]
    """The names of the classes that the present test is about."""

    def ask(self, verb: str, *values: object) -> Any:
        """Have something done on the answer's side and return the value."""


class MirrorType(type):
    """The class of the stand-ins of classes: calling one makes an object on the answer's side."""

    _tutor_borrower: Asker
    _tutor_number: int

    def __call__(cls, *values: object, **keywords: object) -> Any:
        """Make an object on the answer's side."""
        return cls._tutor_borrower.ask("call", cls, list(values), keywords)

    def __getattr__(cls, name: str) -> Any:
        if not _is_asked(name):
            raise AttributeError(name)
        return cls._tutor_borrower.ask("get", cls, name)

    @property
    def __doc__(cls) -> Any:  # type: ignore[override]
        return cls.__getattr__("__doc__") if "_tutor_number" in cls.__dict__ else ""

    def __iter__(cls) -> Any:
        return iter(cls._tutor_borrower.ask("operate", "iter", cls))

    def __getitem__(cls, key: object) -> Any:
        return cls._tutor_borrower.ask("operate", "getitem", cls, key)

    def __len__(cls) -> int:
        return int(cls._tutor_borrower.ask("operate", "len", cls))


class StandIn(metaclass=MirrorType):
    """What stands here for an object of the answer."""

    _tutor_borrower: Asker
    _tutor_number: int
    _tutor_name: str
    _tutor_told = False
    """Whether it came about by a difference from a trusted value."""

    def __getattr__(self, name: str) -> Any:
        if not _is_asked(name):
            raise AttributeError(name)
        if name in _COMPARING and not _is_named(self):
            return getattr(_base(self), name)
        return self._tutor_borrower.ask("get", self, name)

    @property
    def __doc__(self) -> Any:  # type: ignore[override]
        return self._tutor_borrower.ask("get", self, "__doc__")

    @property
    def __dict__(self) -> Any:  # type: ignore[override]
        return self._tutor_borrower.ask("get", self, "__dict__")

    def __setattr__(self, name: str, value: object) -> None:
        self._tutor_borrower.ask("set", self, name, value)

    def __delattr__(self, name: str) -> None:
        self._tutor_borrower.ask("del", self, name)

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if isinstance(other, StandIn):
            mine, theirs = _fields(self), _fields(other)
            if mine is not None and theirs is not None and type(self) is type(other):
                return bool(mine == theirs)
            equal: object = self._tutor_borrower.ask("operate", "eq", self, other)
            return equal is True
        base = _base(self)
        return base is not _NOTHING and bool(base == other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        base = _base(self)
        return hash(self._tutor_number) if base is _NOTHING else hash(base)

    def __contains__(self, other: object) -> bool:
        if isinstance(other, StandIn) or _is_named(self):
            found: object = self._tutor_borrower.ask("operate", "contains", self, other)
            return found is True
        base = _base(self)
        return other in (_iterate(self) if base is _NOTHING else base)

    def __bool__(self) -> bool:
        if self._tutor_told:
            raise TypeError("a difference has no truth of its own")
        true: object = self._tutor_borrower.ask("operate", "bool", self)
        return true is True

    def __str__(self) -> str:
        return str(self._tutor_borrower.ask("operate", "str", self))

    def __repr__(self) -> str:
        return str(self._tutor_borrower.ask("operate", "repr", self))


class CallableStandIn(StandIn):
    """What stands for a function, or for another object that can be called."""

    def __call__(self, *values: object, **keywords: object) -> Any:
        """Call it on the answer's side."""
        return self._tutor_borrower.ask("call", self, list(values), keywords)


def make_stand_in(
    asker: Asker, number: int, name: str, cls: type | None, *, can_be_called: bool
) -> StandIn:
    """Make the stand-in of an object, of the stand-in of its class where that is known."""
    base: type = CallableStandIn if can_be_called else StandIn
    if cls is None or not issubclass(cls, StandIn):
        cls = base
    elif not issubclass(cls, base):
        cls = MirrorType(cls.__name__, (cls, base), {})
    made: StandIn = object.__new__(cls)
    for attribute, value in (("number", number), ("borrower", asker), ("name", name)):
        object.__setattr__(made, f"_tutor_{attribute}", value)
    return made


_NOTHING = object()


def _is_asked(name: str) -> bool:
    """Whether an attribute is the answer's to tell.

    Not those by which libraries let an object speak for itself, or give them memory to read, such
    as `__array_function__` and `__array_interface__`.
    """
    if name.startswith("_tutor_"):
        return False
    return not (name.startswith("__") and name.endswith("__")) or name in _INTROSPECTION


_INTROSPECTION = frozenset(
    f"__{name}__"
    for name in [
        "annotations",
        "bases",
        "call",
        "closure",
        "code",
        "dataclass_fields",
        "defaults",
        "dict",
        "doc",
        "func",
        "globals",
        "init",
        "kwdefaults",
        "match_args",
        "members",
        "module",
        "mro",
        "name",
        "post_init",
        "qualname",
        "self",
        "slots",
        "wrapped",
    ]
)
_COMPARING = frozenset(
    [
        "count",
        "endswith",
        "eq",
        "equals",
        "find",
        "ge",
        "gt",
        "index",
        "isdisjoint",
        "isin",
        "issubset",
        "issuperset",
        "le",
        "lt",
        "ne",
        "rfind",
        "rindex",
        "startswith",
    ]
)


def _is_named(stand_in: StandIn) -> bool:
    """Whether the test names the object's class, so that it is about its behaviour."""
    names = {kind.__name__ for kind in type(stand_in).__mro__}
    return bool(names & stand_in._tutor_borrower.named)


def _base(stand_in: StandIn) -> Any:
    """Return the built-in value under an object of a subclass, as observed; else `_NOTHING`."""
    if stand_in._tutor_told:
        return _NOTHING
    try:
        return stand_in._tutor_borrower.ask("base", stand_in)
    except Gone:
        raise
    except Exception:  # noqa: BLE001 - whatever the answer does, it has no such value
        return _NOTHING


def _fields(stand_in: StandIn) -> Any:
    try:
        return stand_in._tutor_borrower.ask("fields", stand_in)
    except Gone:
        raise
    except Exception:  # noqa: BLE001 - as above
        return None


def _told(result: object) -> Any:
    """Mark what came of a difference from a trusted value.

    Raises:
        TypeError: It is a plain value: an object that is always 0 apart would be close to all.
    """
    if not isinstance(result, StandIn):
        raise TypeError("this difference is not an object of its class")
    object.__setattr__(result, "_tutor_told", True)
    return result


def _ordering(name: str) -> Callable[[StandIn, object], Any]:
    def compare(self: StandIn, other: object) -> Any:
        if isinstance(other, StandIn):
            return self._tutor_borrower.ask("operate", name, self, other)
        base = _base(self)
        return NotImplemented if base is _NOTHING else getattr(base, f"__{name}__")(other)

    return compare


def _binary(name: str, reflected: bool) -> Callable[[StandIn, object], Any]:
    adding = name.removeprefix("i") in _ADDING

    def operate(self: StandIn, other: object) -> Any:
        trusted = not isinstance(other, StandIn)
        if trusted and not _is_named(self):
            return NotImplemented
        values = (other, self) if reflected else (self, other)
        result = self._tutor_borrower.ask("operate", name, *values)
        told = self._tutor_told or getattr(other, "_tutor_told", False) is True
        return _told(result) if told or (trusted and not adding) else result

    return operate


def _unary(name: str) -> Callable[..., Any]:
    def operate(self: StandIn, *more: object) -> Any:
        result = self._tutor_borrower.ask("operate", name, self, *more)
        return _told(result) if self._tutor_told and name in _MEASURING else result

    return operate


def _checked(name: str, kind: type) -> Callable[..., Any]:
    def operate(self: StandIn, *more: object) -> Any:
        if self._tutor_told and kind is not str:
            raise TypeError("this difference is no plain value")
        value = self._tutor_borrower.ask("operate", name, self, *more)
        if type(value) is not kind:
            raise TypeError(f"expected {kind.__name__}, got {type(value).__name__}")
        return value

    return operate


def _iterate(self: StandIn) -> Any:
    found = self._tutor_borrower.ask("operate", "iter", self)
    return _values(found) if isinstance(found, StandIn) else iter(found)


def _values(iterator: StandIn) -> Iterator[Any]:
    while True:
        try:
            value = iterator._tutor_borrower.ask("operate", "next", iterator)
        except StopIteration:
            return
        yield value


_ORDERING = "lt le gt ge"
_BINARY = "add sub mul truediv floordiv mod pow matmul divmod and or xor lshift rshift"
_ADDING = ("add", "mul", "matmul", "pow")
_MEASURING = ("neg", "pos", "invert", "abs", "round", "trunc", "floor", "ceil")
_UNARY = (
    "neg pos invert abs getitem setitem delitem enter exit round reversed trunc floor ceil next dir"
)
_CHECKED = {
    "len": int,
    "int": int,
    "float": float,
    "complex": complex,
    "index": int,
    "format": str,
    "bytes": bytes,
}


def _methods() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield the methods that Python looks up on classes, by name."""
    for name in _ORDERING.split():
        yield name, _ordering(name)
    for name in _BINARY.split():
        operator = f"{name}_" if name in ("and", "or") else name
        yield name, _binary(operator, reflected=False)
        yield f"r{name}", _binary(operator, reflected=True)
        if name != "divmod":
            yield f"i{name}", _binary(f"i{name}", reflected=False)
    for name in _UNARY.split():
        yield name, _unary(name)
    for name, kind in _CHECKED.items():
        yield name, _checked(name, kind)
    yield "iter", _iterate


for _name, _method in _methods():
    setattr(StandIn, f"__{_name}__", _method)
