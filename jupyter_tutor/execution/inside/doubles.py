"""Doubles: what a test puts in the place of Python's own functions, for the answer to use too.

A test may replace `input`, `print`, `time.sleep` or functions of `random`, give text on standard
input, seed a generator and change the directory. The answer has all that while it is asked.
"""

import builtins
import io
import os
import random
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

_PLAIN = (type(None), int, float, str, bytes)
_REPLACEABLE = {
    "builtins": ("input", "print"),
    "random": tuple(name for name in random.__all__ if name[0].islower() and name != "seed"),
    "time": ("sleep", "time", "perf_counter", "monotonic", "localtime", "ctime"),
}
_SEEDED = ("random", "numpy.random")

Context = dict[str, Any]


class Doubles:
    """On the tests' side: sees what a test has replaced."""

    def __init__(self) -> None:
        """Create one, before any test runs."""
        self._usual = _functions()
        self._seeds: list[list[Any]] = []
        self._seeding: dict[str, object] = {}
        self._stdin = sys.stdin
        self._directory = os.getcwd()  # noqa: PTH109 - pathlib asks the same, later

    def begin(self) -> None:
        """Begin a test."""
        for name in _REPLACEABLE["builtins"]:
            self._usual["builtins", name] = getattr(builtins, name)
        for module in _SEEDED:
            self._watch(module)
        self._seeds.clear()
        self._stdin = sys.stdin

    def context(self, give: Callable[[object], int]) -> Context:
        """Return what the answer is to have while it is asked.

        Args:
            give: Numbers a function, for the answer to call it.
        """
        found: Context = {}
        replaced = [
            [*place, give(function)]
            for place, function in _functions().items()
            if function is not self._usual.get(place)
        ]
        if replaced:
            found["doubles"] = replaced
        if sys.stdin is not self._stdin and isinstance(sys.stdin, io.StringIO):
            found["stdin"] = sys.stdin.getvalue()[sys.stdin.tell() :]
        if self._seeds:
            found["seeds"], self._seeds = self._seeds, []
        with suppress(OSError):
            here = os.getcwd()  # noqa: PTH109 - as above
            if here != self._directory:
                found["directory"] = here
        return found

    def took(self, context: Context, left: object) -> None:
        """Take from standard input what the answer has read.

        Args:
            context: What it was given.
            left: How many characters it has left.
        """
        if "stdin" in context and isinstance(sys.stdin, io.StringIO) and type(left) is int:
            end = len(sys.stdin.getvalue())
            sys.stdin.seek(end - min(max(left, 0), len(context["stdin"])))

    def _watch(self, module: str) -> None:
        """Have a module's `seed` remember what it was called with."""
        place: Any = sys.modules.get(module)
        seed: Any = getattr(place, "seed", None)
        if seed is None or self._seeding.get(module) is seed:
            return

        def remembered(*values: object) -> None:
            seed(*values)
            if all(isinstance(value, _PLAIN) and type(value) is not bytes for value in values):
                self._seeds.append([module, list(values)])

        self._seeding[module] = place.seed = remembered


class Surroundings:
    """On the answer's side: has things as the test has them, in a `with` block."""

    def __init__(self, context: Context, double: Callable[[int, str], object]) -> None:
        """Create one.

        Args:
            context: What the test has.
            double: Makes the function that has the tests' side call one.
        """
        self._context = context
        self._double = double
        self._before: list[tuple[Any, str, object]] = []
        self._input: io.StringIO | None = None
        self.left: int | None = None
        """How much of standard input was left."""

    def __enter__(self) -> None:
        for module, values in self._context.get("seeds", ()):
            with suppress(Exception):  # a learner's own module may have that name
                sys.modules[module].seed(*values)
        if "directory" in self._context:
            with suppress(OSError):
                os.chdir(self._context["directory"])
        if "stdin" in self._context:
            self._input = io.StringIO(self._context["stdin"])
            self._replace(sys, "stdin", self._input)
        for name, function, number in self._context.get("doubles", ()):
            module = sys.modules.get(name)
            if module is not None:
                self._replace(module, function, self._double(number, function))

    def __exit__(self, *_: object) -> None:
        if self._input is not None:
            with suppress(ValueError):  # it may be closed
                self.left = len(self._input.read())
        for place, name, usual in reversed(self._before):
            setattr(place, name, usual)

    def _replace(self, place: Any, name: str, value: object) -> None:
        self._before.append((place, name, getattr(place, name)))
        setattr(place, name, value)


def _functions() -> dict[tuple[str, str], object]:
    """Return the functions that a test may replace, as they are now."""
    places = {"builtins": builtins, "random": random, "time": time}
    return {
        (module, name): getattr(places[module], name, None)
        for module, names in _REPLACEABLE.items()
        for name in names
    }
