"""What the leak guard keeps of messages that were deleted: digests of lines, no text.

A learner who deletes a conversation deletes its texts for good. What a guard against leaks that are
split over messages needs of them is less: which lines of code were told. Of each line of a solution
that the tutor's messages told, or told a part of, and of each line of code that they said, a digest
is kept. It holds no text, is of no use for another learner or exercise, and goes when the exercise
is passed, with the learner, or after some weeks.

A later reply is held against the lines of today's solutions whose digests are there, as if the
tutor had said them. Words that spelled a line without naming anything of it are not remembered.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from jupyter_tutor.domain.guard.decoding import clear
from jupyter_tutor.domain.guard.secrets import GuardAllowed, GuardSecrets
from jupyter_tutor.domain.guard.spans import spans, token_line

KEPT: Final = timedelta(days=90)
"""How long a digest is kept where the exercise is not passed before."""

_PART: Final = 0.5
"""Of what is new in a line, the part from which on it counts as told."""
_TOKEN: Final = re.compile(r"[^\W\d]\w*|\d+(?:\.\d+)?|==|!=|<=|>=|//|\*\*|[-+*/%]=|%")
_MOST_DIGESTS: Final = 500


def told_digests(
    messages: Iterable[str],
    secrets: GuardSecrets,
    allowed: GuardAllowed,
    learner_id: UUID,
    exercise_id: UUID,
) -> frozenset[str]:
    """Return the digests of the lines that messages of the tutor told, whole or in part.

    Args:
        messages: What the tutor said.
        secrets: What it was not to give away.
        allowed: What was shown to the learner anyhow, which is no secret.
        learner_id: Whose conversation it was.
        exercise_id: About which exercise.
    """
    shown = {token_line(line) for line in _lines(_shown(allowed))}
    known = {token for line in shown for token in _TOKEN.findall(line)}
    said = [clear(text) for text in messages]
    told = {token_line(line) for text in said for line in _code(text)}
    words = {token for text in said for token in _TOKEN.findall(text)}
    for line in _solution(secrets):
        normal = token_line(line)
        fresh = set(_TOKEN.findall(normal)) - known
        in_part = bool(fresh) and len(fresh & words) >= _PART * len(fresh)
        if in_part or any(piece and piece in normal for piece in told - shown):
            told.add(normal)
    kept = sorted(line for line in told - shown if line.strip())[:_MOST_DIGESTS]
    return frozenset(_digest(line, learner_id, exercise_id) for line in kept)


def told_again(
    digests: Collection[str], secrets: GuardSecrets, learner_id: UUID, exercise_id: UUID
) -> str:
    """Return a message that tells the lines of solutions whose digests are kept, or "".

    It is for the guard alone.
    """
    if not digests:
        return ""
    lines = dict.fromkeys(line.strip() for line in _solution(secrets))
    known = (
        line for line in lines if _digest(token_line(line), learner_id, exercise_id) in digests
    )
    return "\n".join(f"`{line}`" for line in known)


def _digest(line: str, learner_id: UUID, exercise_id: UUID) -> str:
    return sha256(f"{learner_id} {exercise_id} {line}".encode("utf-8", "replace")).hexdigest()


def _code(text: str) -> Iterator[str]:
    """Yield the lines of code in a message."""
    for span in spans(text, ()):
        if span.place != "words":
            yield from _lines((span.code,))


def _solution(secrets: GuardSecrets) -> Iterator[str]:
    """Yield every line of a solution."""
    edits = (edit.after for edit in secrets.edits)
    yield from _lines((*secrets.references, *secrets.passing, *edits))


def _shown(allowed: GuardAllowed) -> Sequence[str]:
    return (*allowed.learner, *allowed.given, *allowed.tests)


def _lines(sources: Iterable[str]) -> Iterator[str]:
    return (line for source in sources for line in source.split("\n") if line.strip())
