"""Finds author's secrets in a learner's copy: the last look before anything is handed out.

The copy is made of public parts only, so a secret in it was written into a prompt, a set-up cell or
a text by its author, or shows a fault of ours. What every beginner's code shares (`return total`)
is no secret: a line counts when it is telling, and outside its own exercise only a whole block of
them does.
"""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jupyter_tutor.domain.exercises import (
    AssertCell,
    CallCase,
    ExerciseContent,
    ProgramCase,
    Question,
    Visibility,
)

_TOKEN = re.compile(r"\w+|[^\w\s]")
_TELLING_LENGTH = 12
_TELLING_TOKENS = 5
_CALL_TOKENS = 4
_PARAGRAPH_LENGTH = 24
_STRING = re.compile(r"""^[rbfuRBFU]{0,2}(?:'[^']*'|"[^"]*")$""")


@dataclass(frozen=True, slots=True)
class Leak:
    """A secret that stands in a learner's copy.

    Attributes:
        exercise: Slug of the exercise whose secret it is.
        what: What it is, such as "a line of the solution".
        text: The secret, shortened; for the author only.
        cell: 1-based number of the cell in the learner's copy; 0 for the notebook's metadata.
    """

    exercise: str
    what: str
    text: str
    cell: int


@dataclass(frozen=True, slots=True)
class _Place:
    """A cell of the copy: its number, exercise, its lines and its text, blanks made equal."""

    number: int
    exercise: str | None
    lines: tuple[str, ...]
    text: str


def find_leaks(
    contents: Sequence[ExerciseContent],
    expected: Mapping[str, Mapping[str, str]],
    notebook: Mapping[str, Any],
) -> tuple[Leak, ...]:
    """Look for every secret of the exercises in a learner's copy.

    Args:
        contents: The exercises of the lesson.
        expected: Per exercise slug and test name, the expression of the expected value.
        notebook: The learner's copy, nbformat JSON.

    Returns:
        The leaks found, each secret once a cell: as the first thing that it is.
    """
    places = [_place(0, {"metadata": notebook.get("metadata", {})})]
    places += [_place(number, cell) for number, cell in enumerate(notebook["cells"], start=1)]
    found: dict[tuple[str, str, int], Leak] = {}
    for content in contents:
        for place in places:
            for what, text in _in_place(content, expected.get(content.slug, {}), place):
                leak = Leak(content.slug, what, _short(text), place.number)
                found.setdefault((leak.exercise, leak.text, leak.cell), leak)
    return tuple(found.values())


def _in_place(
    content: ExerciseContent, expected: Mapping[str, str], place: _Place
) -> Iterator[tuple[str, str]]:
    own = place.exercise == content.slug
    given = _lines(*(cell.starter for cell in content.answer_cells))
    for cell in content.answer_cells:
        for text in _code_leaks(cell.reference, given, place, own=own):
            yield "a line of the solution", text
    for wrong in content.wrong_answers:
        for source in wrong.sources.values():
            for text in _code_leaks(source, given, place, own=own):
                yield "a line of a known wrong answer", text
    for language in content.texts.values():
        for hint in language.hints.values():
            for paragraph in _paragraphs(hint):
                if paragraph in place.text:
                    yield "a hint", paragraph
    yield from _test_leaks(content, expected, place, own=own)


def _test_leaks(
    content: ExerciseContent, expected: Mapping[str, str], place: _Place, *, own: bool
) -> Iterator[tuple[str, str]]:
    public = [test for test in content.tests if test.visibility is Visibility.PUBLIC]
    shown = {_flat(test.spec.call) for test in public if isinstance(test.spec, CallCase)}
    shown |= _lines(*(test.spec.source for test in public if isinstance(test.spec, AssertCell)))
    shown |= _lines(*content.setup)
    shown |= {_flat(expected[test.name]) for test in public if test.name in expected}
    for test in content.tests:
        if isinstance(test.spec, Question):
            for what, texts in [
                ("the explanation of an answer", [test.spec.explanation]),
                ("the feedback of a choice", [choice.feedback for choice in test.spec.choices]),
            ]:
                for paragraph in (p for one in texts for t in one.values() for p in _paragraphs(t)):
                    if paragraph in place.text:
                        yield what, paragraph
        if test.visibility is Visibility.PUBLIC:
            continue
        for text in _test_secrets(test.spec):
            if text not in shown and _holds(place.text, text):
                yield f"the secret test '{test.name}'", text
        value = _flat(expected.get(test.name, ""))
        telling = len(value) >= _TELLING_LENGTH and not _STRING.match(value)
        if own and telling and value not in shown and _holds(place.text, value):
            yield f"the expected value of the secret test '{test.name}'", value


def _test_secrets(spec: object) -> Iterator[str]:
    match spec:
        case CallCase(call=call):
            if len(_TOKEN.findall(call)) >= _CALL_TOKENS:
                yield _flat(call)
        case ProgramCase(stdin=stdin):
            if len(_TOKEN.findall(stdin)) >= _CALL_TOKENS:
                yield _flat(stdin)
        case AssertCell(source=source):
            yield from (line for line in _lines(source) if _telling(line))


def _code_leaks(source: str, given: set[str], place: _Place, *, own: bool) -> Iterator[str]:
    """Yield what a cell shows of code that is not in the starter."""
    blocks = list(_blocks(source, given))
    if own and len(blocks) == 1 and len(blocks[0]) == 1:
        only = blocks[0][0]
        # The whole answer is one line: then even a short one gives it away.
        if len(_TOKEN.findall(only)) > 2 and _holds(place.text, only):
            yield only
        return
    for block in blocks:
        telling = [line for line in block if _telling(line)]
        if own:
            yield from (line for line in telling if _holds(place.text, line))
        elif len(telling) >= 2 and _contains(place.lines, block):
            yield telling[0]


def _blocks(source: str, given: set[str]) -> Iterator[tuple[str, ...]]:
    block: list[str] = []
    for line in [*map(_flat, source.split("\n")), None]:
        if line is None or line in given:
            if block:
                yield tuple(block)
            block = []
        elif line:
            block.append(line)


def _contains(lines: tuple[str, ...], block: tuple[str, ...]) -> bool:
    return any(
        lines[start : start + len(block)] == block for start in range(len(lines) - len(block) + 1)
    )


def _holds(text: str, part: str) -> bool:
    """Whether a text holds a part that is not the middle of longer words or numbers."""
    start = text.find(part)
    while start >= 0:
        before, after = text[start - 1 : start], text[start + len(part) :][:1]
        inside = (_wordy(before) and _wordy(part[0])) or (_wordy(after) and _wordy(part[-1]))
        if not inside:
            return True
        start = text.find(part, start + 1)
    return False


def _wordy(letter: str) -> bool:
    return letter.isalnum() or letter == "_"


def _telling(line: str) -> bool:
    """Whether a line alone says much; the head of a loop or branch does not."""
    return (
        len(line) >= _TELLING_LENGTH
        and len(_TOKEN.findall(line)) >= _TELLING_TOKENS
        and not line.startswith("#")
        and not line.endswith(":")
    )


def _paragraphs(markdown: str) -> list[str]:
    plain = re.sub(r"^ {0,3}(```|~~~).*?^ {0,3}\1", "", markdown, flags=re.DOTALL | re.MULTILINE)
    flat = [_flat(part) for part in re.split(r"\n\s*\n", plain)]
    return [part for part in flat if len(part) >= _PARAGRAPH_LENGTH]


def _place(number: int, cell: Mapping[str, Any]) -> _Place:
    about = cell["metadata"].get("jupyter_tutor", {})
    texts = list(_strings(cell))
    lines = tuple(flat for text in texts for line in text.split("\n") if (flat := _flat(line)))
    return _Place(number, about.get("exercise"), lines, _flat(" \n".join(texts)))


def _strings(value: object) -> Iterator[str]:
    """Yield every text in a JSON value, also what base64 texts (attachments) hold."""
    if isinstance(value, str):
        yield value
        if len(value) >= _TELLING_LENGTH and re.fullmatch(r"[A-Za-z0-9+/\s]+=*\s*", value):
            try:
                yield base64.b64decode(value, validate=False).decode(errors="ignore")
            except (binascii.Error, ValueError):
                return
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from _strings(key)
            yield from _strings(one)
    elif isinstance(value, list | tuple):
        if all(isinstance(one, str) for one in value):
            yield from _strings("".join(value))
        else:
            for one in value:
                yield from _strings(one)


def _lines(*sources: str) -> set[str]:
    return {_flat(line) for source in sources for line in source.split("\n")}


def _flat(text: str) -> str:
    return " ".join(text.split())


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."
