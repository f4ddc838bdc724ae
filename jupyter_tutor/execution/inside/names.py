"""The names that tests use: their own, the built-in ones, and those of the answer."""

import builtins
import re
from typing import Any

from .foreign import running_there
from .making import classes_in
from .oracle import Borrower

_FROM_ANSWER = re.compile(r"^[ \t]*#+[ \t]*FROM ANSWER:(?P<names>.*)$", re.MULTILINE)


def from_answer(source: str) -> frozenset[str]:
    """Return the names of the set-up that a test cell says are to be the answer's."""
    found = _FROM_ANSWER.finditer(source) if "FROM ANSWER:" in source else ()
    return frozenset(name.strip() for each in found for name in each["names"].split(","))


class Names(dict[str, Any]):
    """The namespace tests run in: their own names, else the built-in ones, else the answer's.

    What the set-up defined is the tests' own: the answer has another of each, and may have changed
    that. A test gets the answer's of a value only where it says so, in a comment.
    """

    def __init__(self, borrower: Borrower, own: dict[str, Any], before: frozenset[str]) -> None:
        """Create one.

        Args:
            borrower: Looks names up on the answer's side.
            own: The namespace of the shell, with what the set-up defined if it has run.
            before: The names that were there before the set-up.
        """
        super().__init__(own)
        self._borrower = borrower
        self._lent: frozenset[str] = frozenset()
        self._before = before
        self.open = False

    def lend(self) -> None:
        """Begin to look names up, when the set-up has run."""
        self.open = True
        for name in set(self) - self._before:
            self._borrower.set_up[name] = dict.get(self, name)
        self._borrower.making.know(classes_in(self._borrower.set_up.items()))
        for name, function in running_there(self._borrower.texts, self._borrower.ask).items():
            dict.setdefault(self, name, function)

    def begin(self, source: str) -> None:
        """Begin a test, whose source says which values of the set-up are to be the answer's."""
        self._lent = from_answer(source) & self._borrower.set_up.keys()

    def __getitem__(self, name: str) -> Any:
        if name in self._lent:
            try:
                return self._borrower.ask("name", name)
            except NameError:
                pass
        return super().__getitem__(name)

    def __setitem__(self, name: str, value: Any) -> None:
        if name in self._lent:
            self._lent -= {name}
        super().__setitem__(name, value)

    def __missing__(self, name: str) -> Any:
        if not self.open or hasattr(builtins, name):
            raise KeyError(name)
        try:
            return self._borrower.ask("name", name)
        except NameError as error:
            raise KeyError(name) from error
