"""Identical answers: when the report on one answer is also that on another."""

import json
import re
from collections.abc import Iterable
from hashlib import blake2b
from typing import Final

from jupyter_tutor.domain.exercises import TestCase
from jupyter_tutor.domain.submissions import Answer
from jupyter_tutor.domain.verdicts import Outcome, TestResult, Verdict

_BLANKS: Final = re.compile(r"[ \t]+$", re.MULTILINE)
_MEANT: Final = re.compile(
    r"'''|\"\"\"|\\[ \t]+$|^[ \t]*%%|\b[rR]?[fFtT][rR]?['\"]",
    re.MULTILINE,
)
"""Where blanks at the end of a line may be meant: texts of several lines, what follows a backslash,
the body of a cell magic, and f-strings, which may run over lines and show their own source."""


def answer_digest(answer: Answer, engine: str) -> str:
    """Return what an identical answer to the same revision has in common with this one.

    Blanks at the ends of lines and blank lines at the end of a cell do not count, where they can't
    change what the cell does; nothing that would shift a line number is left out.

    Args:
        answer: What the learner wrote.
        engine: Version of all that judges, so that what an older one said is not found.

    Returns:
        64 hexadecimal digits.
    """
    cells = [[cell.id, normalised(cell.source)] for cell in answer.cells]
    told = json.dumps([engine, cells, dict(answer.responses)], sort_keys=True)
    return blake2b(told.encode("utf-8", "surrogatepass"), digest_size=32).hexdigest()


def normalised(source: str) -> str:
    """Return a cell's source without the blanks that mean nothing."""
    if not _MEANT.search(source):
        source = _BLANKS.sub("", source)
        return source.rstrip("\n")
    return source


def is_reusable(verdict: Verdict, tests: Iterable[TestCase]) -> bool:
    """Whether another run of the same answer would say the same.

    It may not where time or another limit played a part, and it has to be of just these tests.

    Args:
        verdict: The whole verdict of an earlier run.
        tests: What would be run now.
    """
    names = [result.name for result in verdict.results]
    decided = all(map(_is_decided, (*verdict.results, *verdict.cells)))
    return decided and names == [test.name for test in tests]


def _is_decided(result: TestResult) -> bool:
    """Whether a result follows from the answer: a process that died may have been killed."""
    if result.outcome is Outcome.ERROR:
        return result.error is not None
    return result.outcome in (Outcome.PASSED, Outcome.FAILED)
