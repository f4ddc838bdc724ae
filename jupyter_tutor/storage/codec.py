"""Domain values as JSON documents and back, led by the type hints of the dataclasses.

A dataclass is an object with all its fields, a tuple an array, an enumeration its value, a time its
ISO form, a mapping an object (keys of `HintLevel` as digits), a union of dataclasses an object with
the class in `"class"`. Types declared `object` are JSON already. A field that a document lacks gets
its default, so documents written before the field existed stay readable; a field that is not known
is passed over, so that they stay readable after a downgrade too.
"""

import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import datetime
from enum import Enum, IntEnum
from functools import cache
from typing import Any, TypeAlias, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")

Hint: TypeAlias = Any
"""A type as an annotation writes it, `tuple[X, ...]` and `X | None` included."""

CLASS = "class"


class BrokenDocument(ValueError):
    """A stored document is not of the form its type asks for."""


def encode(value: object, kind: Hint = None) -> object:
    """Return a domain value as JSON.

    Args:
        value: A dataclass instance, or anything its fields hold.
        kind: The declared type, which says whether the class of a dataclass has to be written.
    """
    if is_dataclass(value) and not isinstance(value, type):
        hints = _hints(type(value))
        document = {
            field.name: encode(getattr(value, field.name), hints[field.name])
            for field in fields(value)
        }
        return {CLASS: type(value).__name__, **document} if len(_classes(kind)) > 1 else document
    match value:
        case Enum():
            return value.value
        case datetime():
            return value.isoformat()
        case Mapping():
            item = _argument(kind, 1)
            return {_encode_key(key): encode(each, item) for key, each in value.items()}
        case tuple() | list():
            item = _argument(kind, 0)
            return [encode(each, item) for each in value]
        case _:
            return value


def decode(kind: type[T], document: object) -> T:
    """Return the value of a type that `encode` was given.

    Raises:
        BrokenDocument: Says which part does not fit its type.
    """
    return cast("T", _decode(kind, document, getattr(kind, "__name__", "value")))


def _decode(kind: Hint, document: object, place: str) -> object:
    origin: Hint = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _decode_union(kind, document, place)
    if kind is object:
        return document
    if origin is tuple:
        _check(document, list, place)
        item = get_args(kind)[0]
        return tuple(
            _decode(item, each, f"{place}[{i}]")
            for i, each in enumerate(cast("list[object]", document))
        )
    if origin is not None and issubclass(origin, Mapping):
        _check(document, dict, place)
        key, item = get_args(kind)
        return {
            _decode_key(key, name): _decode(item, each, f"{place}.{name}")
            for name, each in cast("dict[str, object]", document).items()
        }
    if is_dataclass(kind):
        return _decode_dataclass(kind, document, place)
    return _decode_scalar(kind, document, place)


def _decode_dataclass(kind: Hint, document: object, place: str) -> object:
    _check(document, dict, place)
    stored = cast("dict[str, object]", document)
    hints = _hints(kind)
    missing = [f.name for f in fields(kind) if f.name not in stored and not _has_default(f)]
    if missing:
        raise BrokenDocument(f"{place} lacks {missing[0]!r}")
    return kind(
        **{
            field.name: _decode(hints[field.name], stored[field.name], f"{place}.{field.name}")
            for field in fields(kind)
            if field.name in stored
        }
    )


def _decode_union(kind: Hint, document: object, place: str) -> object:
    if document is None and type(None) in get_args(kind):
        return None
    classes = _classes(kind)
    if len(classes) > 1:
        _check(document, dict, place)
        name = cast("dict[str, object]", document).get(CLASS)
        for each in classes:
            if each.__name__ == name:
                return _decode_dataclass(each, document, place)
        raise BrokenDocument(f"{place} is of the unknown class {name!r}")
    rest = [each for each in get_args(kind) if each is not type(None)]
    if len(rest) == 1:
        return _decode(rest[0], document, place)
    _check(document, tuple(rest), place)
    return document


def _decode_scalar(kind: Hint, document: object, place: str) -> object:
    try:
        if issubclass(kind, Enum):
            return kind(document)
        if kind is datetime:
            _check(document, str, place)
            return datetime.fromisoformat(cast("str", document))
    except ValueError as error:
        raise BrokenDocument(f"{place}: {error}") from error
    # An integer counts as a float and stays what it is: content hashes tell 1 from 1.0.
    _check(document, (int, float) if kind is float else kind, place)
    return document


def _check(document: object, kind: Hint, place: str) -> None:
    if not isinstance(document, kind):
        raise BrokenDocument(f"{place} is a {type(document).__name__}")


def _encode_key(key: object) -> str:
    return str(key.value) if isinstance(key, Enum) else cast("str", key)


def _decode_key(kind: Hint, name: str) -> object:
    if issubclass(kind, IntEnum):
        return kind(int(name))
    return kind(name) if issubclass(kind, Enum) else name


def _argument(kind: Hint, index: int) -> Hint:
    arguments = get_args(kind)
    return arguments[index] if index < len(arguments) else None


def _classes(kind: Hint) -> list[type]:
    """Return the dataclasses of a union."""
    return [each for each in get_args(kind) if is_dataclass(each) and isinstance(each, type)]


def _has_default(field: Field[Any]) -> bool:
    return field.default is not MISSING or field.default_factory is not MISSING


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)
