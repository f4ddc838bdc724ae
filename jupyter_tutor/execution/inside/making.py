"""Objects of classes of the set-up, which both sides have: they travel by their fields.

Each side has an object of its own class for one of the other. What the class does with it is the
author's code on each side; an answer can change its fields, but not what its class does. Objects
keep their identity: each has a number of the side it was first on.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from enum import Enum
from itertools import islice
from typing import Any

from .packing import Malformed, Packed
from .telling import base_of

_PLAIN = (type(None), bool, int, float, complex, str, bytes, tuple, list, dict, set, frozenset)
_BASES = (int, float, complex, str, bytes, tuple, frozenset, list, dict, set)
_FILLED: dict[type, Callable[[Any, Any], object]] = {
    list: list.extend,
    dict: dict.update,
    set: set.update,
}
_MOST_FOLLOWED = 300
_SLOT = type(type("_", (), {"__slots__": ("slot",)}).__dict__["slot"])


def classes_in(names: Iterable[tuple[str, object]]) -> dict[str, type]:
    """Return the classes among what a set-up has defined."""
    return {
        name: value
        for name, value in sorted(names, key=lambda pair: pair[0])
        if isinstance(value, type) and value.__module__ == "__main__"
    }


class Making:
    """One side's objects of the classes of the set-up."""

    def __init__(self, side: str) -> None:
        """Create one.

        Args:
            side: A letter, which begins the numbers of this side.
        """
        self._side = side
        self._kinds: dict[str, type] = {}
        self._names: dict[type, str] = {}
        self._forms: dict[type, str] = {}
        self._objects: dict[str, object] = {}
        self._keys: dict[int, str] = {}
        self._last: dict[str, Packed] = {}
        self._waiting: list[str] = []
        self._listed: set[str] = set()
        self.sent: set[str] = set()
        """The numbers of those that were sent since this was last cleared."""

    def know(self, kinds: dict[str, type]) -> None:
        """Take the classes of the set-up."""
        self._kinds = kinds
        self._names = {kind: name for name, kind in reversed(kinds.items())}
        self._forms = {kind: _form(kind) for kind in self._names}

    def name_of(self, kind: type) -> str | None:
        """Return the name of a class of the set-up; None for any other."""
        return self._names.get(kind)

    def kind_of(self, name: str) -> type:
        """Return a class of the set-up.

        Raises:
            Malformed: There is none of that name.
        """
        if name not in self._kinds:
            raise Malformed("no class of the set-up")
        return self._kinds[name]

    def begin(self) -> None:
        """Begin a message."""
        self._waiting.clear()
        self._listed.clear()

    def part(self, value: object, pack: Callable[[object], Packed]) -> Packed | None:
        """Refer to an object in a message; None if it is of no class of the set-up."""
        kind = type(value)
        form = self._forms.get(kind)
        if form == "fields":
            key = self._key(value)
            if key not in self._listed:
                self._listed.add(key)
                self._waiting.append(key)
            return ["made", key]
        if form == "member":
            return ["member", self._names[kind], object.__getattribute__(value, "_name_")]
        if form == "of":
            fields = {**getattr(value, "__dict__", {})}
            return ["of", self._names[kind], pack(base_of(value)), pack(fields)]
        return None

    def table(self, pack: Callable[[object], Packed]) -> Packed:
        """Return the objects that the message refers to."""
        found: Packed = []
        while self._waiting:
            key = self._waiting.pop()
            found.append(self._entry(key, pack))
            self.sent.add(key)
        return found

    def changes(self, pack: Callable[[object], Packed]) -> Packed:
        """Return those that are not as the other side has them, and what they refer to."""
        self.begin()
        followed = list(islice(reversed(self._objects), _MOST_FOLLOWED))
        before = {key: self._last.get(key) for key in followed}
        entries = [self._entry(key, pack) for key in followed]
        changed = [each for each in entries if each[2] != before[each[0]]]
        known = set(followed)
        return changed + [each for each in self.table(pack) if each[0] not in known]

    def resolve(self, packed: Packed, read: Callable[[Packed], Any]) -> object:
        """Return what was referred to.

        Raises:
            Malformed: There is no such object or class.
        """
        match packed:
            case ["made", str(key)] if key in self._objects:
                return self._objects[key]
            case ["set-up", str(name)]:
                return self.kind_of(name)
            case ["member", str(name), str(member)]:
                kind = self.kind_of(name)
                if issubclass(kind, Enum):
                    return kind[member]
            case ["of", str(name), list(base), list(fields)]:
                return self._of(self.kind_of(name), read(base), read(fields))
        raise Malformed("no object of the set-up")

    def take(
        self, table: Packed, read: Callable[[Packed], Any], only: frozenset[str] | None = None
    ) -> None:
        """Make objects, and bring those there are to what was told.

        Args:
            table: The objects.
            read: Unpacks a value.
            only: The numbers of those of this side that may be changed; None for all.

        Raises:
            Malformed: It is no such table.
        """
        for key, name, _ in table:
            if key not in self._objects:
                kind = self.kind_of(name)
                if type(key) is not str or key[:1] == self._side or self._forms[kind] != "fields":
                    raise Malformed("no object of the set-up")
                self._keep(key, object.__new__(kind))
        for key, _, fields in table:
            own = key[:1] == self._side
            if self._last.get(key) != fields and not (own and only is not None and key not in only):
                self._fill(self._objects[key], read(fields))
                self._last[key] = fields

    def fill(self, value: object, fields: Any) -> None:
        """Give an object its fields, save for what belongs to its class."""
        if type(fields) is dict:
            self._fill(value, fields)

    def _of(self, kind: type, base: Any, fields: Any) -> object:
        if self._forms[kind] != "of" or type(base) not in kind.__mro__:
            raise Malformed("no object of the set-up")
        fill = _FILLED.get(type(base))
        of: Any = type(base)
        made: object = of.__new__(kind) if fill is not None else of.__new__(kind, base)
        if fill is not None:
            fill(made, base)
        self.fill(made, fields)
        return made

    def _fill(self, value: object, fields: dict[str, object]) -> None:
        for name in fields_of(value).keys() - fields.keys():
            object.__delattr__(value, name)
        for name, field in fields.items():
            if type(name) is str and _is_field(type(value), name):
                object.__setattr__(value, name, field)

    def _entry(self, key: str, pack: Callable[[object], Packed]) -> Packed:
        value = self._objects[key]
        fields = self._last[key] = pack(fields_of(value))
        return [key, self._names[type(value)], fields]

    def _key(self, value: object) -> str:
        key = self._keys.get(id(value))
        if key is None:
            key = f"{self._side}{len(self._objects)}"
            self._keep(key, value)
        return key

    def _keep(self, key: str, value: object) -> None:
        self._objects[key] = value
        self._keys[id(value)] = key


def fields_of(value: object) -> dict[str, object]:
    """Return the fields of an object, those in slots too."""
    found: dict[str, object] = {}
    for base in type(value).__mro__:
        for name, slot in vars(base).items():
            if type(slot) is _SLOT and hasattr(value, name):
                found[name] = slot.__get__(value)
    with suppress(AttributeError):
        found.update(object.__getattribute__(value, "__dict__"))
    return found


def _form(kind: type) -> str:
    """Return how objects of a class travel."""
    if issubclass(kind, Enum):
        return "member"
    if issubclass(kind, BaseException):
        return ""
    if any(base in kind.__mro__ for base in _BASES):
        return "of"
    try:
        object.__new__(kind)
    except TypeError:  # it has something else in it
        return ""
    return "fields"


def _is_field(kind: type, name: str) -> bool:
    """Whether a name is none that the class gives a meaning of its own."""
    for base in kind.__mro__:
        if name in vars(base):
            there = vars(base)[name]
            return type(there) is _SLOT or (type(there) in _PLAIN and not name.startswith("__"))
    return not name.startswith("__")
