"""What a text by rules would give away: lines of the reference, or of the edit that mends.

Texts made by rules quote no code of the author. Their examples are fixed, so by chance one can be a
line that the learner is looking for; then the text goes without it.
"""

import re
from collections.abc import Iterable

from jupyter_tutor.domain.diagnosis import VerifiedEdit
from jupyter_tutor.domain.exercises import (
    AssertCell,
    CallCase,
    ExerciseContent,
    Visibility,
)
from jupyter_tutor.domain.submissions import Answer

_TOKEN = re.compile(r"\w+|[^\w\s]")
_CODE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_SENTENCE = re.compile(r"(?<=[.!?।])\s+")
_LEAST_OF_REFERENCE = 3
_LEAST_OF_EDIT = 2
_LEAST_LEFT = 6

Tokens = tuple[str, ...]


def secret_lines(
    content: ExerciseContent, answer: Answer, edits: Iterable[VerifiedEdit] = ()
) -> frozenset[Tokens]:
    """Return the lines that a hint must not show, as tokens: what the learner does not see yet.

    Args:
        content: The exercise.
        answer: What the learner wrote: what stands there is no secret.
        edits: The edits that mend it.
    """
    known = _lines(_visible(content, answer))
    reference = _lines(cell.reference for cell in content.answer_cells)
    hidden = {line for line in reference if len(line) >= _LEAST_OF_REFERENCE}
    mended = _lines(edit.after for edit in edits)
    hidden |= {line for line in mended if len(line) >= _LEAST_OF_EDIT}
    return frozenset(hidden - known)


def without_secrets(text: str, secrets: Iterable[Tokens]) -> str:
    """Return a text without the sentences whose code holds a secret; "" when too little is left."""
    hidden = tuple(secrets)
    if not _reveals(text, hidden):
        return text
    left = " ".join(part for part in _sentences(text) if not _reveals(part, hidden))
    return left if len(left.split()) >= _LEAST_LEFT else ""


def _sentences(text: str) -> list[str]:
    """Return the sentences of a text; what stands in code ends none."""
    bare = _CODE.sub(lambda match: "x" * len(match[0]), text)
    ends = [(match.start(), match.end()) for match in _SENTENCE.finditer(bare)]
    starts = [0, *(end for _, end in ends)]
    stops = [*(start for start, _ in ends), len(text)]
    return [text[start:stop] for start, stop in zip(starts, stops, strict=True)]


def _reveals(text: str, secrets: Iterable[Tokens]) -> bool:
    spans = [_tokens(match[2]) for match in _CODE.finditer(text)]
    return any(_holds(span, secret) for span in spans for secret in secrets)


def _holds(span: Tokens, secret: Tokens) -> bool:
    ends = len(span) - len(secret) + 1
    return any(span[start : start + len(secret)] == secret for start in range(ends))


def _visible(content: ExerciseContent, answer: Answer) -> list[str]:
    texts = [cell.source for cell in answer.cells]
    texts += [cell.starter for cell in content.answer_cells]
    texts += [text.prompt for text in content.texts.values()]
    texts += content.setup
    for test in content.tests:
        if test.visibility is Visibility.PUBLIC:
            spec = test.spec
            texts += [spec.call] if isinstance(spec, CallCase) else []
            texts += [spec.source] if isinstance(spec, AssertCell) else []
    return texts


def _lines(sources: Iterable[str]) -> set[Tokens]:
    return {_tokens(line) for source in sources for line in source.split("\n")}


def _tokens(text: str) -> Tokens:
    return tuple(_TOKEN.findall(text.partition("  #")[0]))
