"""What the doctor found, and how it is told."""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from jupyter_tutor import __version__

_NARROWEST: Final = 60


class State(StrEnum):
    """How something is: `BAD` keeps answers from being run or graded."""

    GOOD = "ok"
    WEAK = "weak"
    BAD = "BAD"
    FACT = "-"


_COLOURS: Final = {State.GOOD: "32", State.WEAK: "33", State.BAD: "1;31", State.FACT: "2"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        state: How it is.
        topic: What was looked at.
        text: What was found.
        reasons: Why it is not better.
        advice: What to do about it; a command stands on a line of its own.
    """

    state: State
    topic: str
    text: str
    reasons: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that was found, in sections."""

    sections: tuple[tuple[str, tuple[Finding, ...]], ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that was found, without the sections."""
        return tuple(finding for _, findings in self.sections for finding in findings)

    @property
    def healthy(self) -> bool:
        """Whether answers can be run and graded, or will be as soon as the tutor is started."""
        return all(finding.state is not State.BAD for finding in self.findings)

    def text(self, *, width: int = 100, colour: bool = False) -> str:
        """Return it for people.

        Args:
            width: Columns to fill; commands are not broken.
            colour: Whether to use the colours of terminals.
        """
        topics = max(len(finding.topic) for finding in self.findings)
        lines = [f"Jupyter Tutor {__version__}"]
        for title, findings in self.sections:
            lines += ["", _coloured(title, "1", colour)]
            for finding in findings:
                lines += _lines(finding, topics, max(width, _NARROWEST), colour)
        return "\n".join([*lines, "", self._verdict(colour)])

    def _verdict(self, colour: bool) -> str:
        bad, weak = (
            ", ".join(finding.topic for finding in self.findings if finding.state is state)
            for state in (State.BAD, State.WEAK)
        )
        if bad:
            return _coloured(f"Answers can't be graded here. To be mended: {bad}.", "1;31", colour)
        better = f" What could be better: {weak}." if weak else ""
        return _coloured(f"Answers can be graded here.{better}", "1;32", colour)


def _lines(finding: Finding, topics: int, width: int, colour: bool) -> Iterator[str]:
    """Yield the lines of a finding; what hangs over is indented."""
    mark = _coloured(f"{finding.state.value:>4}", _COLOURS[finding.state], colour)
    indent = " " * (topics + 8)
    first, *more = textwrap.wrap(finding.text, width - len(indent), break_on_hyphens=False)
    yield f"{mark}  {finding.topic:<{topics}}  {first}"
    yield from (indent + line for line in more)
    for lead, each in [("why: ", why) for why in finding.reasons] + [
        ("do:  ", advice) for advice in finding.advice
    ]:
        said, colon, command = each.partition("\n")
        wrapped = textwrap.wrap(
            lead + said,
            width - len(indent),
            subsequent_indent=" " * len(lead),
            break_on_hyphens=False,
            break_long_words=False,
        )
        yield from (indent + line for line in wrapped)
        if colon:
            yield indent + " " * (len(lead) + 2) + _coloured(command, "36", colour)


def _coloured(text: str, code: str, colour: bool) -> str:
    return f"\033[{code}m{text}\033[0m" if colour else text
