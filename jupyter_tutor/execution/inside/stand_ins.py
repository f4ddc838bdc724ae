"""Stand-ins: what the objects and classes of the answer look like to its tests.

Attributes, calls and operators go to the answer's side; save for comparisons with what is not a
stand-in. Those are decided here, by what was observed of the object, or it is simply not equal:
what an answer says of itself does not count. The methods that Python looks up on classes are in
`methods`.

A test that subtracts what it expects compares, too, and so does one that looks whether something
is in the value or that calls its `startswith`. Only objects that the test itself has made and never
got from the answer are asked then: `Temperature(20) - 5`, not `account.balance - 5`. Any other has
the methods that built-in values have only as its observed value has them (`guarding`).
"""

from typing import Any, Protocol

from .guarding import is_guarded, only_grows


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
        made = cls._tutor_borrower.ask("call", cls, list(values), keywords)
        if isinstance(made, StandIn) and cls in type(made).__mro__:
            mark_made(made)
        return made

    def __getattr__(cls, name: str) -> Any:
        if not is_asked(name) or not _stands(cls):
            raise AttributeError(name)
        return cls._tutor_borrower.ask("get", cls, name)

    @property
    def __doc__(cls) -> Any:  # type: ignore[override]
        return MirrorType.__getattr__(cls, "__doc__") if _stands(cls) else ""

    @property
    def __annotations__(cls) -> Any:  # type: ignore[override]
        return MirrorType.__getattr__(cls, "__annotations__") if _stands(cls) else {}

    def __dir__(cls) -> Any:
        return cls._tutor_borrower.ask("operate", "dir", cls) if _stands(cls) else type.__dir__(cls)

    def __setattr__(cls, name: str, value: object) -> None:
        if name.startswith("__") or not _stands(cls):
            type.__setattr__(cls, name, value)
        else:
            cls._tutor_borrower.ask("set", cls, name, value)


def _stands(cls: type) -> bool:
    """Whether a class stands for one of the answer."""
    return any("_tutor_number" in base.__dict__ for base in cls.__mro__)


class CollectionType(MirrorType):
    """The class of the stand-ins of classes that have members, such as enumerations."""

    def __iter__(cls) -> Any:
        return iter(cls._tutor_borrower.ask("operate", "iter", cls))

    def __getitem__(cls, key: object) -> Any:
        return cls._tutor_borrower.ask("operate", "getitem", cls, key)

    def __len__(cls) -> int:
        return int(cls._tutor_borrower.ask("operate", "len", cls))

    def __contains__(cls, other: object) -> bool:
        return any(each is other or each == other for each in cls)


_NONE: frozenset[str] = frozenset()


class StandIn(metaclass=MirrorType):
    """What stands here for an object of the answer."""

    _tutor_told = False  # whether it came about by a difference from a trusted value
    _tutor_seen = 0  # how often the answer's side has spoken of it
    _tutor_made = 0  # how often it had when the test made it
    _tutor_guard: Any = None  # the object and the name that it was read from, if it is a method
    _tutor_special = _NONE  # the special methods of its class

    def __getattr__(self, name: str) -> Any:
        if not is_asked(name):
            raise AttributeError(name)
        found = self._tutor_borrower.ask("get", self, name)
        return _guarded(self, name, found) if is_guarded(name) and not is_made(self) else found

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
        base = base_of(self)
        return base is not NOTHING and bool(base == other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        base = base_of(self)
        if base is not NOTHING:
            return hash(base)
        if "hash" not in type(self)._tutor_special:
            return hash(self._tutor_number)
        value: object = self._tutor_borrower.ask("operate", "hash", self)
        return value if type(value) is int else 0

    def __bool__(self) -> bool:
        if self._tutor_told:
            raise TypeError("a difference has no truth of its own")
        true: object = self._tutor_borrower.ask("operate", "bool", self)
        return true is True

    def __str__(self) -> str:
        return str(self._tutor_borrower.ask("operate", "str", self))

    def __repr__(self) -> str:
        return str(self._tutor_borrower.ask("operate", "repr", self))


def make_stand_in(asker: Asker, number: int, name: str, cls: type) -> StandIn:
    """Make the stand-in of an object, of the stand-in of its class."""
    made: StandIn = object.__new__(cls)
    for attribute, value in (("number", number), ("borrower", asker), ("name", name)):
        object.__setattr__(made, f"_tutor_{attribute}", value)
    return made


def mark_made(stand_in: StandIn) -> None:
    """Remember that the test made an object, if the answer's side had not spoken of it before."""
    if stand_in._tutor_seen == 1:
        object.__setattr__(stand_in, "_tutor_made", 1)


def is_made(stand_in: StandIn) -> bool:
    """Whether the test made an object, and the answer's side has not spoken of it since.

    The object is of a class that the test names as classes are named: a function that is replaced
    by a class does not become one by that.
    """
    made = 0 < stand_in._tutor_made == stand_in._tutor_seen
    named = stand_in._tutor_borrower.named
    return made and any(
        kind.__name__ in named
        and kind.__name__[:1].isupper()
        and not kind.__name__.isupper()
        and "_" not in kind.__name__
        and not any(map(str.isdigit, kind.__name__))
        for kind in type(stand_in).__mro__
    )


NOTHING: Any = object()
"""What stands for no value."""


def is_asked(name: str) -> bool:
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


def is_named(stand_in: StandIn) -> bool:
    """Whether the test names the object's class, so that it is about its behaviour."""
    names = {kind.__name__ for kind in type(stand_in).__mro__}
    return bool(names & stand_in._tutor_borrower.named)


def base_of(stand_in: StandIn) -> Any:
    """Return the built-in value under an object of a subclass, as observed; else `NOTHING`."""
    if stand_in._tutor_told:
        return NOTHING
    try:
        return stand_in._tutor_borrower.ask("base", stand_in)
    except Gone:
        raise
    except Exception:  # noqa: BLE001 - whatever the answer does, it has no such value
        return NOTHING


def _guarded(owner: StandIn, name: str, found: Any) -> Any:
    """Keep a method with the name of a built-in one from judging trusted values."""
    if isinstance(found, StandIn):
        object.__setattr__(found, "_tutor_guard", (owner, name))
        return found
    if not callable(found):
        return found
    return lambda *values, **keywords: call_guarded(owner, name, found, values, keywords)


def call_guarded(
    owner: StandIn,
    name: str,
    method: Any,
    values: tuple[object, ...],
    keywords: dict[str, object],
) -> Any:
    """Call such a method; with trusted values that is the one of the observed value.

    Raises:
        TypeError: The object is no built-in value underneath.
    """
    given = (*values, *keywords.values())
    if not only_grows(name):
        if all(isinstance(each, StandIn) for each in given):
            return method(*values, **keywords)
        base = base_of(owner)
        if base is not NOTHING and hasattr(base, name):
            return getattr(base, name)(*values, **keywords)
    else:
        result = method(*values, **keywords)
        if result is None or isinstance(result, StandIn):
            return result
    raise TypeError(
        f"{type(owner).__name__}.{name} is not asked about values of a test that has not made the "
        "object itself"
    )


def _fields(stand_in: StandIn) -> Any:
    try:
        return stand_in._tutor_borrower.ask("fields", stand_in)
    except Gone:
        raise
    except Exception:  # noqa: BLE001 - as above
        return None
