"""The methods of stand-ins that Python looks up on classes.

Each stand-in has those that its object has, so that `hasattr`, `isinstance(x, Iterable)` and errors
such as "has no len()" are as the author expects.
"""

import types
from collections.abc import Callable, Iterator
from typing import Any

from .operating import OPERATORS, SPECIAL
from .stand_ins import (
    NOTHING,
    Asker,
    MirrorType,
    StandIn,
    base_of,
    call_guarded,
    is_made,
    is_named,
)


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
        base = base_of(self)
        return NotImplemented if base is NOTHING else getattr(base, f"__{name}__")(other)

    return compare


def _binary(name: str, reflected: bool) -> Callable[[StandIn, object], Any]:
    adding = name.removeprefix("i") in _ADDING
    plain = name.removeprefix("i")
    plain = f"{plain}_" if plain in ("and", "or") else plain

    def on_base(base: Any, other: object) -> Any:
        values = (other, base) if reflected else (base, other)
        return OPERATORS[plain](*values)

    def operate(self: StandIn, other: object) -> Any:
        trusted = not isinstance(other, StandIn)
        if trusted and not is_named(self):
            base = base_of(self)
            return NotImplemented if base is NOTHING else on_base(base, other)
        made = is_made(self) and (not isinstance(other, StandIn) or is_made(other))
        values = (other, self) if reflected else (self, other)
        result = self._tutor_borrower.ask("operate", name, *values)
        told = self._tutor_told or getattr(other, "_tutor_told", False) is True
        if made and isinstance(result, StandIn) and type(result) is type(self):
            if result is self or result._tutor_seen == 1:
                object.__setattr__(result, "_tutor_made", result._tutor_seen)
        elif told or (trusted and not adding and not made):
            return _told(result)
        return result

    return operate


def _unary(name: str) -> Callable[..., Any]:
    def operate(self: StandIn, *more: object) -> Any:
        made = name in ("enter", "neg", "pos", "abs") and is_made(self)
        result = self._tutor_borrower.ask("operate", name, self, *more)
        if made and (result is self or (type(result) is type(self) and result._tutor_seen == 1)):
            object.__setattr__(result, "_tutor_made", result._tutor_seen)
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


def _awaited(name: str) -> Callable[..., Any]:
    async def operate(self: StandIn, *more: object) -> Any:
        return self._tutor_borrower.ask("operate", name, self, *more)

    return operate


def _contains(self: StandIn, other: object) -> bool:
    if isinstance(other, StandIn) or is_made(self):
        found: object = self._tutor_borrower.ask("operate", "contains", self, other)
        return found is True
    base = base_of(self)
    return other in (list(_iterate(self)) if base is NOTHING else base)


def _call(self: StandIn, *values: object, **keywords: object) -> Any:
    """Call it on the answer's side."""
    if self._tutor_guard is not None:
        owner, name = self._tutor_guard
        return call_guarded(owner, name, _method(self), values, keywords)
    return _method(self)(*values, **keywords)


def _method(stand_in: StandIn) -> Callable[..., Any]:
    return lambda *values, **keywords: stand_in._tutor_borrower.ask(
        "call", stand_in, list(values), keywords
    )


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
_AWAITED = "anext aenter aexit"
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
    for name in _AWAITED.split():
        yield name, _awaited(name)
    for name, kind in _CHECKED.items():
        yield name, _checked(name, kind)
    yield "iter", _iterate
    yield "aiter", _unary("aiter")
    yield "contains", _contains
    yield "call", _call


METHODS = {name: method for name, method in _methods() if name in SPECIAL}


def body_for(special: Any, asker: Asker) -> dict[str, Any]:
    """Return the body of the stand-in of a class.

    Args:
        special: The names of the special methods of its objects, without underscores.
        asker: What is asked.
    """
    known = frozenset(name for name in special if isinstance(name, str))
    body: dict[str, Any] = {
        f"__{name}__": METHODS[name] for name in known & METHODS.keys() - {"hash"}
    }
    if "add" in known:  # a text or a list on the left leaves it to the other side
        body["__radd__"] = METHODS["radd"]
    if "unhashable" in known:
        body["__hash__"] = None
    return {
        **body,
        "__doc__": property(lambda self: self._tutor_borrower.ask("get", self, "__doc__")),
        "__annotations__": property(
            lambda self: self._tutor_borrower.ask("get", self, "__annotations__")
        ),
        "__module__": "answer",
        "_tutor_special": known,
        "_tutor_borrower": asker,
    }


def typed(name: str, asker: Asker, *, can_be_called: bool) -> type:
    """Make the stand-in of a type of Python's own, such as that of generators."""
    kind = _TYPES.get(name)
    special: Any = SPECIAL - {"call", "hash"}
    if kind is not None:
        special = {each for each in SPECIAL if hasattr(kind, f"__{each}__")}
        special -= {"lt", "le", "gt", "ge", "hash"}
    special = special | {"call"} if can_be_called else special
    body = body_for(special, asker)
    if kind is not None:
        body["__class__"] = property(lambda _: kind)
    return MirrorType(name, (StandIn,), body)


_PYTHONS: list[type] = [
    types.FunctionType,
    types.BuiltinFunctionType,
    types.MethodType,
    types.GeneratorType,
    types.CoroutineType,
    types.AsyncGeneratorType,
    types.CodeType,
    types.ModuleType,
    types.MappingProxyType,
    types.GetSetDescriptorType,
    types.MemberDescriptorType,
    types.MethodDescriptorType,
    types.WrapperDescriptorType,
    types.MethodWrapperType,
    property,
    staticmethod,
    classmethod,
    map,
    filter,
    zip,
    enumerate,
    reversed,
    memoryview,
]
_OF_THESE: list[Any] = [{}.keys(), {}.values(), {}.items()]
_ITERATED: list[Any] = [[], (), {}, "", range(0)]
_TYPES = {
    kind.__name__: kind
    for kind in (*_PYTHONS, *map(type, _OF_THESE), *(type(iter(each)) for each in _ITERATED))
}
