"""Problems of a source file, collected so that an author sees all of them at once."""

import difflib
from collections.abc import Iterable

from jupyter_tutor.domain.errors import InvalidNotebook

_SHOWN = 25


class Problems:
    """What is wrong with one file.

    Args:
        file: Name of the file as the author knows it; never a path of the machine.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self._lines: list[str] = []
        self._cells: list[int | None] = []

    def __len__(self) -> int:
        return len(self._lines)

    @property
    def lines(self) -> tuple[str, ...]:
        """All of them, each with its place."""
        return tuple(self._lines)

    def add(self, text: str, *, cell: int | None = None, key: str | None = None) -> None:
        """Note a problem.

        Args:
            text: What is wrong and what would be right.
            cell: 1-based number of the cell.
            key: The key in the cell's metadata or TOML, such as `difficulty` or `case 2, points`.
        """
        place = [f"cell {cell}"] if cell else []
        if key:
            place.append(key if " " in key else f"key '{key}'")
        line = f"{', '.join(place)}: {text}" if place else text
        if line not in self._lines:
            self._lines.append(line)
            self._cells.append(cell)

    def refuse(self) -> None:
        """Raise when there is a problem.

        Raises:
            InvalidNotebook: With all problems; `details` has `file`, `cell` (of the first, or None)
                and `problems`, a list of lines without the file's name.
        """
        if not self._lines:
            return
        if len(self._lines) == 1:
            first = self._lines[0]
            message = f"{self.file}{', ' if self._cells[0] else ': '}{first}"
        else:
            shown = [f"  {line}" for line in self._lines[:_SHOWN]]
            if len(self._lines) > _SHOWN:
                shown.append(f"  ... and {len(self._lines) - _SHOWN} more")
            message = "\n".join([f"{self.file} has {len(self._lines)} problems:", *shown])
        raise InvalidNotebook(
            message,
            details={"file": self.file, "cell": self._cells[0], "problems": list(self._lines)},
        )


def refusal(file: str, text: str) -> InvalidNotebook:
    """Return the error for a file with a single problem that stops the reading."""
    return InvalidNotebook(f"{file}: {text}", details={"file": file, "problems": [text]})


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return "did you mean 'x'?", or the list of what is known where nothing is near."""
    choices = list(known)
    near = difflib.get_close_matches(word, choices, n=1, cutoff=0.6)
    if near:
        return f"did you mean '{near[0]}'?"
    return f"there is {', '.join(choices)}" if choices else "there is none"
