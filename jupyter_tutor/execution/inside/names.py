"""The names that tests use: their own, the built-in ones, and those of the answer."""

import builtins
from types import ModuleType
from typing import Any

from .foreign import running_there
from .oracle import Borrower


class Names(dict[str, Any]):
    """The namespace tests run in: their own names, else the built-in ones, else the answer's.

    Functions, classes and modules that the set-up defined are the tests' own; its other values are
    the answer's, which may have worked on them.
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
        self._lent: set[str] = set()
        self._before = before
        self.open = False

    def lend(self) -> None:
        """Begin to look names up, when the set-up has run."""
        self.open = True
        for name in set(self) - self._before:
            value = self._borrower.set_up[name] = dict.get(self, name)
            if not callable(value) and not isinstance(value, ModuleType):
                self._lent.add(name)
        for name, function in running_there(self._borrower.texts, self._borrower.ask).items():
            dict.setdefault(self, name, function)

    def __getitem__(self, name: str) -> Any:
        if name in self._lent:
            try:
                return self._borrower.ask("name", name)
            except NameError:
                pass
        return super().__getitem__(name)

    def __setitem__(self, name: str, value: Any) -> None:
        self._lent.discard(name)
        super().__setitem__(name, value)

    def __missing__(self, name: str) -> Any:
        if not self.open or hasattr(builtins, name):
            raise KeyError(name)
        try:
            return self._borrower.ask("name", name)
        except NameError as error:
            raise KeyError(name) from error
