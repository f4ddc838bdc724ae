"""Arrays and tables on their way between an answer and its tests: shape, kind and parts.

numpy and pandas are never imported here: who has none of them has no values of theirs.
"""

import base64
import re
import sys
from collections.abc import Callable
from typing import Any, Protocol

Packed = list[Any]

_SIMPLE_DTYPE = re.compile(r"[<>|=]?[biufcSUmM?][0-9]*(\[[0-9]*[a-zA-Z]+\])?")


class Packing(Protocol):
    """What packs the parts of a value."""

    def part(self, value: object) -> Packed:
        """Pack a part."""

    def words(self, text: str) -> str:
        """Return a text, counted."""

    def handle(self, value: object) -> Packed:
        """Return a handle of what stays where it is."""


def library_writer(kind: type) -> Callable[[Packing, Any], Packed] | None:
    """Return the writer for exactly a class of numpy or pandas, when these are imported."""
    module = type.__dict__["__module__"].__get__(kind) or ""
    if module == "numpy":
        return _numpy_writer(kind)
    if isinstance(module, str) and module.partition(".")[0] == "pandas":
        return _pandas_writer(kind)
    return None


def _numpy_writer(kind: type) -> Callable[[Packing, Any], Packed] | None:
    numpy = sys.modules.get("numpy")
    if numpy is None:
        return None
    if kind is numpy.ndarray:
        return _pack_array
    scalar = isinstance(kind, type) and getattr(numpy, kind.__name__, None) is kind
    return _pack_scalar if scalar and issubclass(kind, numpy.generic) else None


def _pandas_writer(kind: type) -> Callable[[Packing, Any], Packed] | None:
    pandas = sys.modules.get("pandas")
    if pandas is None:
        return None
    if kind is type(pandas.NA):
        return lambda *_: ["na"]
    if kind is type(pandas.NaT):
        return lambda *_: ["nat"]
    if kind is pandas.Timestamp:
        return lambda _, value: ["ts", value.isoformat()]
    known = {name: getattr(pandas, name, None) for name in _PANDAS}
    name = next((name for name, each in known.items() if each is kind), None)
    if name is not None:
        return _PANDAS[name]
    of_index = getattr(pandas, kind.__name__, None) is kind and issubclass(kind, pandas.Index)
    return _pack_index if of_index else None


def _pack_scalar(to: Packing, value: Any) -> Packed:
    return ["np", _pack_array(to, sys.modules["numpy"].asarray(value))]


def _pack_array(to: Packing, value: Any) -> Packed:
    shape = list(value.shape)
    if value.dtype.kind == "O":
        return ["no", shape, [to.part(each) for each in value.reshape(-1).tolist()]]
    if not _SIMPLE_DTYPE.fullmatch(value.dtype.str):
        return to.handle(value)
    text = base64.b64encode(value.tobytes()).decode("ascii")
    return ["nd", value.dtype.str, shape, to.words(text)]


def read_array(dtype: str, shape: Packed, text: str) -> Any:
    """Return an array of plain numbers."""
    numpy = sys.modules["numpy"]
    if not _SIMPLE_DTYPE.fullmatch(dtype):
        raise ValueError(dtype)
    flat = numpy.frombuffer(base64.b64decode(text, validate=True), numpy.dtype(dtype))
    if any(type(side) is not int or side < 0 for side in shape):
        raise ValueError("no side of an array")
    return flat.reshape(shape).copy()


def read_object_array(shape: Packed, items: Packed) -> Any:
    """Return an array of objects."""
    array = sys.modules["numpy"].empty(len(items), dtype=object)
    array[:] = items
    return array.reshape(shape)


def _column(to: Packing, values: Any) -> Packed:
    """Pack the data of a series or an index with the name of its type."""
    kind = str(values.dtype)
    if kind == "category":
        return ["t", [["n"], _pack_categories(to, getattr(values, "array", values))]]
    simple = type(values.dtype).__module__.partition(".")[0] == "numpy"
    if simple:
        return ["t", [["n"], _pack_array(to, values.to_numpy())]]
    return ["t", [["s", kind], ["l", [to.part(each) for each in values.tolist()]]]]


def _pack_index(to: Packing, value: Any) -> Packed:
    if value.nlevels > 1:
        items = ["l", [to.part(each) for each in value.tolist()]]
        return ["ix", ["t", [["s", "multi"], items]], ["t", [to.part(x) for x in value.names]]]
    frequency = getattr(value, "freqstr", None) if value.dtype.kind in "mM" else None
    return ["ix", _column(to, value), to.part(value.name), to.part(frequency)]


def _pack_series(to: Packing, value: Any) -> Packed:
    return ["sr", _column(to, value), _pack_index(to, value.index), to.part(value.name)]


def _pack_frame(to: Packing, value: Any) -> Packed:
    columns = [_column(to, value.iloc[:, number]) for number in range(value.shape[1])]
    return ["df", ["l", columns], _pack_index(to, value.columns), _pack_index(to, value.index)]


def _pack_categories(to: Packing, value: Any) -> Packed:
    codes = ["l", [["i", code] for code in value.codes.tolist()]]
    return ["cat", codes, _pack_index(to, value.categories), ["b", bool(value.ordered)]]


def _pack_timedelta(_: Packing, value: Any) -> Packed:
    return ["tdp", ["i", value.as_unit("ns").value], ["s", value.unit]]


def _pack_interval(to: Packing, value: Any) -> Packed:
    return ["iv", to.part(value.left), to.part(value.right), ["s", value.closed]]


def _pack_period(_: Packing, value: Any) -> Packed:
    return ["pe", ["s", str(value)], ["s", value.freqstr]]


_PANDAS: dict[str, Callable[[Packing, Any], Packed]] = {
    "DataFrame": _pack_frame,
    "Series": _pack_series,
    "Categorical": _pack_categories,
    "Timedelta": _pack_timedelta,
    "Interval": _pack_interval,
    "Period": _pack_period,
}


def read_categories(codes: list[int], categories: Any, ordered: bool) -> Any:
    """Return what a column of categories was."""
    of: Any = sys.modules["pandas"].Categorical
    return of.from_codes(codes, categories=categories, ordered=ordered)


def read_timedelta(value: int, unit: str) -> Any:
    """Return a span of time."""
    return sys.modules["pandas"].Timedelta(value, "ns").as_unit(unit)


def read_index(column: tuple[str | None, Any], name: object, frequency: str | None = None) -> Any:
    """Return an index."""
    pandas = sys.modules["pandas"]
    kind, items = column
    if kind == "multi":
        return pandas.MultiIndex.from_tuples(items, names=name)
    made = pandas.Index(items, dtype=kind or getattr(items, "dtype", None), name=name)
    if frequency is not None:
        made.freq = frequency
    return made


def read_series(column: tuple[str | None, Any], index: Any, name: object) -> Any:
    """Return a series."""
    kind, items = column
    return sys.modules["pandas"].Series(items, index=index, dtype=kind, name=name)


def read_frame(columns: list[tuple[str | None, Any]], names: Any, index: Any) -> Any:
    """Return a table."""
    pandas = sys.modules["pandas"]
    series = [pandas.Series(items, index=index, dtype=kind) for kind, items in columns]
    frame = pandas.DataFrame(dict(enumerate(series)), index=index)
    frame.columns = names
    return frame
