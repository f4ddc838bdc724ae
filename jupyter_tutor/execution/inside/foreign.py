"""Text and pickles that came from an answer: data on the tests' side, whatever a test does with it.

`eval(repr(point))` is evaluated on the answer's side. A pickle, in a file of the answer or in its
bytes, makes plain values only: with one class that can be changed, or one function that calls
others, it could change what tests compare with.
"""

import builtins
import sys
from collections.abc import Callable
from pickle import UnpicklingError
from typing import Any

_MOST_TEXTS = 1_000
_MOST_LETTERS = 10_000
_PLAIN = {
    "builtins": (
        "bool bytearray bytes complex dict float frozenset int list object range set slice "
        "str tuple"
    ),
    "collections": "OrderedDict defaultdict deque",
    "datetime": "date datetime time timedelta timezone",
    "decimal": "Decimal",
    "_codecs": "encode",
}
_ALLOWED = frozenset((module, name) for module, names in _PLAIN.items() for name in names.split())


class Texts:
    """The texts that came from the answer."""

    def __init__(self) -> None:
        self._known: dict[str, list[str]] = {}
        self._number = 0

    def add(self, value: object) -> None:
        """Remember a text, or those in a container."""
        waiting = [value]
        while waiting and self._number <= _MOST_TEXTS:
            each = waiting.pop()
            kind = type(each)
            if kind is str:
                self._add(each)  # type: ignore[arg-type]
            elif kind is dict:
                waiting += [*each.keys(), *each.values()]  # type: ignore[attr-defined]
            elif kind in (list, tuple, set, frozenset):
                waiting += each  # type: ignore[arg-type]

    def _add(self, text: str) -> None:
        if len(text) > _MOST_LETTERS:
            self._number = _MOST_TEXTS
        if len(text) > 1:  # each single letter is there only once in a process
            self._known.setdefault(text.strip(), []).append(text)
            self._number += 1

    def has(self, text: object) -> bool:
        """Whether it is the very text that came from the answer."""
        return type(text) is str and any(each is text for each in self._known.get(text.strip(), ()))

    def may_have(self, text: object) -> bool:
        """Whether it may have come from the answer: it reads alike, or there were too many."""
        if type(text) is not str:
            return False
        return self._number > _MOST_TEXTS or text.strip() in self._known


def _is_constant(text: object, constants: tuple[object, ...]) -> bool:
    """Whether a text stands in the code that has these constants."""
    return any(
        each is text or (type(each) is tuple and _is_constant(text, each)) for each in constants
    )


def running_there(texts: Texts, ask: Callable[[str, str], Any]) -> dict[str, Callable[..., Any]]:
    """Return `eval` and `exec` for tests, which leave texts of the answer to the answer's side.

    A text that a test has put together and that reads like one of the answer's is refused: it may
    be a part of one, or one that the answer has returned for it to be taken for its own.

    Args:
        texts: The texts that came from there.
        ask: Has one evaluated or executed there.
    """

    def run(name: str) -> Callable[..., Any]:
        usual: Callable[..., Any] = getattr(builtins, name)

        def chosen(source: Any, *spaces: Any) -> Any:
            if texts.has(source):
                return ask(name, source)
            frame = sys._getframe(1)
            if texts.may_have(source) and not _is_constant(source, frame.f_code.co_consts):
                raise ValueError(f"{name}: this text may be the answer's, and is not run here")
            if not spaces:
                spaces = frame.f_globals, frame.f_locals
            return usual(source, *spaces)

        chosen.__name__ = name
        return chosen

    return {"eval": run("eval"), "exec": run("exec")}


def keep_pickles_plain() -> None:
    """Have pickles make plain values only, from now on, in this process."""
    sys.addaudithook(_look)


def _look(event: str, values: tuple[Any, ...]) -> None:
    if event == "pickle.find_class" and values not in _ALLOWED:
        raise UnpicklingError(f"{values[0]}.{values[1]} is not unpickled in the tests' process")
