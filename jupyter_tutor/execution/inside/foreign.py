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
    "numpy": "ndarray dtype",
    **{
        f"numpy.{core}.{part}": names
        for core in ("core", "_core")
        for part, names in (("multiarray", "_reconstruct scalar"), ("numeric", "_frombuffer"))
    },
}
_ALLOWED = frozenset((module, name) for module, names in _PLAIN.items() for name in names.split())


class Texts:
    """The texts that came from the answer."""

    def __init__(self) -> None:
        self._known: dict[str, None] = {}

    def add(self, value: object) -> None:
        """Remember a text, or those in a sequence."""
        if type(value) is list or type(value) is tuple:
            for each in value[:_MOST_TEXTS]:
                if type(each) is str:
                    self.add(each)
        elif type(value) is str and len(value) <= _MOST_LETTERS:
            self._known[value.strip()] = None
            if len(self._known) > _MOST_TEXTS:
                del self._known[next(iter(self._known))]

    def __contains__(self, text: object) -> bool:
        return type(text) is str and text.strip() in self._known


def running_there(texts: Texts, ask: Callable[[str, str], Any]) -> dict[str, Callable[..., Any]]:
    """Return `eval` and `exec` for tests, which leave texts of the answer to the answer's side.

    Args:
        texts: The texts that came from there.
        ask: Has one evaluated or executed there.
    """

    def run(name: str) -> Callable[..., Any]:
        usual: Callable[..., Any] = getattr(builtins, name)

        def chosen(source: Any, *spaces: Any) -> Any:
            if source in texts:
                return ask(name, source)
            if not spaces:
                frame = sys._getframe(1)
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
