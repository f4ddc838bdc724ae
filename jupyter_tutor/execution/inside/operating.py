"""What may be done with an object of the answer besides calling it and reading its attributes."""

import math
import operator
from collections.abc import Callable

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
    "hash": hash,
    "aiter": aiter,
    "anext": lambda value: type(value).__anext__(value),
    "aenter": lambda value: type(value).__aenter__(value),
    "aexit": lambda value, *told: type(value).__aexit__(value, *told),
}

AWAITED = ("anext", "aenter", "aexit")
"""Those whose result is to be waited for."""

_SPECIAL = (
    "lt le gt ge add sub mul truediv floordiv mod pow matmul divmod and or xor lshift rshift "
    "radd rsub rmul rtruediv rfloordiv rmod rpow rmatmul rdivmod rand ror rxor rlshift rrshift "
    "iadd isub imul itruediv ifloordiv imod ipow imatmul iand ior ixor ilshift irshift "
    "neg pos invert abs getitem setitem delitem enter exit round reversed trunc floor ceil "
    "next len int float complex index format bytes iter contains call hash dir "
    "aiter anext aenter aexit"
)
SPECIAL = frozenset(_SPECIAL.split())
"""The special methods that a stand-in has if its object has them."""

SINGLES = (
    ("dataclasses", "_FIELD"),
    ("dataclasses", "_FIELD_CLASSVAR"),
    ("dataclasses", "_FIELD_INITVAR"),
    ("dataclasses", "MISSING"),
    ("inspect", "_empty"),
)
"""Objects of libraries that are told apart by what they are, not by what they hold."""
