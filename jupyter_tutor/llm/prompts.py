"""What a model is asked: pure functions from facts to texts.

The order is that of storing: policy, exercise, [stored up to here], then what is the learner's. So
a class shares the first two, and nothing in them depends on a learner, a time or a rung. What
learners wrote stands inside tags, which it cannot open or close.
"""

import json
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Any, Final

from jupyter_tutor.domain.conversations import LONGEST_MESSAGE
from jupyter_tutor.domain.diagnosis import Diagnosis
from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.llm.policies import ANSWER_VALIDATION, CHAT, HINT, RUNGS, VALIDATION
from jupyter_tutor.services.model_ports import (
    ChatFacts,
    ChatReply,
    ExerciseFacts,
    HintFacts,
    HintReply,
    LearnerFacts,
    Turn,
)

_LANGUAGES: Final = {"en": "English", "bn": "Bengali (বাংলা)"}

_MOST_CODE: Final = 12_000
_MOST_LINES: Final = 1_000
_MOST_TEXT: Final = 4_000
_MOST_TURNS: Final = 4 * LONGEST_MESSAGE
"""Letters of a conversation: as many of its last messages as fit, and none of them cut."""
_WIDE: Final = 3
"""Letters of English that take as much room as one of another script."""
_LAST_HINTS: Final = 3
_LAST_TURNS: Final = 12

_TAGS: Final = (
    *("exercise", "exercise_title", "task", "public_tests", "concepts"),
    *("level", "language", "diagnosis", "fix", "failing_test", "learner_level", "learner_code"),
    *("earlier", "said", "conversation", "learner", "tutor", "hint", "again", "answer"),
    *("criteria", "criterion"),
)


@dataclass(frozen=True, slots=True)
class Prompt:
    """One question to a model.

    Attributes:
        policy: What its work is.
        exercise: The exercise; what comes up to its end is worth storing.
        question: What is the learner's.
        schema: The JSON schema of the reply.
    """

    policy: str
    exercise: str
    question: str
    schema: Mapping[str, Any]


def object_schema(**properties: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the schema of an object that has these properties, all of them and no other."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


_TEXT: Final = {"type": "string"}
_BOOLEAN: Final = {"type": "boolean"}
_TEXTS: Final = {"type": "array", "items": _TEXT}

HINT_SCHEMA: Final = object_schema(
    message=_TEXT,
    concept=_TEXT,
    line={"anyOf": [{"type": "integer"}, {"type": "null"}]},
    quoted_code=_TEXTS,
    question=_TEXT,
    confidence={"type": "number"},
)
VALIDATION_SCHEMA: Final = object_schema(correct=_BOOLEAN, on_line=_BOOLEAN, leaks=_BOOLEAN)
CHAT_SCHEMA: Final = object_schema(message=_TEXT, in_scope=_BOOLEAN, quoted_code=_TEXTS)


def hint_prompt(facts: HintFacts, again: str = "") -> Prompt:
    """Ask for a hint.

    Args:
        facts: What it is made from.
        again: Why the last one could not be shown, or "".

    Raises:
        ValueError: The rung is the result, which no model makes.
    """
    parts = [*_work(facts), _earlier(facts.learner), _again(again)]
    ask = "Write the hint, as one JSON object."
    return Prompt(HINT, exercise_part(facts.exercise), _joined(parts, ask), HINT_SCHEMA)


def validation_prompt(facts: HintFacts, reply: HintReply, fix: str = "") -> Prompt:
    """Ask for a second reading of a hint.

    Args:
        facts: What it was made from.
        reply: The hint.
        fix: The edit that mends the answer, also where the writer must not know it, or "".
    """
    told = {"message": reply.message, "line": reply.line, "question": reply.question}
    hint = as_data(json.dumps(told, ensure_ascii=False, indent=1))
    parts = [*_work(facts, fix), tagged("hint", hint)]
    ask = "Check the hint, and reply with one JSON object."
    return Prompt(VALIDATION, exercise_part(facts.exercise), _joined(parts, ask), VALIDATION_SCHEMA)


def chat_prompt(facts: ChatFacts, again: str = "") -> Prompt:
    """Ask for a reply in a conversation.

    Args:
        facts: What it is made from.
        again: Why the last one could not be shown, or "".
    """
    parts = [*_talk(facts), _again(again)]
    ask = "Answer the learner's last question, as one JSON object."
    return Prompt(CHAT, exercise_part(facts.exercise), _joined(parts, ask), CHAT_SCHEMA)


def answer_validation_prompt(facts: ChatFacts, reply: ChatReply, fix: str = "") -> Prompt:
    """Ask for a second reading of a reply in a conversation; `fix` as in `validation_prompt`."""
    parts = [*_talk(facts, fix), tagged("answer", as_data(reply.message))]
    ask = "Check the answer, and reply with one JSON object."
    exercise = exercise_part(facts.exercise)
    return Prompt(ANSWER_VALIDATION, exercise, _joined(parts, ask), VALIDATION_SCHEMA)


def _talk(facts: ChatFacts, fix: str = "") -> list[str]:
    """Return what a reply in a conversation is made from, the conversation last."""
    # Before any hint was given, a conversation may ask questions as a nudge does.
    level = max(facts.level, HintLevel.NUDGE)
    learner = facts.learner
    return [
        *_frame(level, learner),
        _diagnosis(facts.diagnosis, learner) if facts.diagnosis else "",
        _fix(fix),
        *_learners(learner),
        _earlier(learner),
        tagged("conversation", _conversation(facts.turns)),
    ]


def _conversation(turns: Sequence[Turn]) -> str:
    """Return the last messages whole, the newest always, and say how many are left out."""
    kept: list[Turn] = []
    for turn in reversed(turns[-_LAST_TURNS:]):
        if kept and sum(_size(each.text) for each in (*kept, turn)) > _MOST_TURNS:
            break
        kept.insert(0, turn)
    told = [
        tagged("learner" if turn.speaker == "learner" else "tutor", as_data(turn.text))
        for turn in kept
    ]
    left = len(turns) - len(kept)
    return "\n".join([f"[{left} earlier messages left out]", *told] if left else told)


def _work(facts: HintFacts, fix: str = "") -> list[str]:
    """Return rung, language, what was observed, and the learner's work."""
    learner = facts.learner
    return [
        *_frame(facts.level, learner),
        _diagnosis(facts.diagnosis, learner),
        _fix(facts.fix or fix),
        *_learners(learner),
    ]


def _fix(fix: str) -> str:
    return tagged("fix", _told(fix, _MOST_TEXT)) if fix else ""


def _frame(level: HintLevel, learner: LearnerFacts) -> list[str]:
    if level not in RUNGS:
        raise ValueError("no model makes the result")
    base = learner.language.split("-")[0].lower()
    language = _LANGUAGES.get(base) or _told(learner.language, 40)
    rung = f"{level.value} {level.name.lower().replace('_', ' ')}"
    return [tagged("level", rung), tagged("language", language)]


def _learners(learner: LearnerFacts) -> list[str]:
    known = _told(learner.level, 200)
    return [
        tagged("failing_test", _told(learner.failing, _MOST_TEXT)) if learner.failing else "",
        tagged("learner_level", known) if known else "",
        tagged("learner_code", numbered(learner.code)),
    ]


def _diagnosis(found: Diagnosis, learner: LearnerFacts) -> str:
    mistake = found.verified.mistake if found.verified else found.mistake
    lines = [f"Kind of mistake: {mistake.value.replace('_', ' ')}"]
    if example := found.counterexample:
        lines += [f"Input: {example.call}", f"Expected: {example.expected}", f"Got: {example.got}"]
    if edit := found.verified:
        line = edit.line + learner.offset(edit.cell)
        lines.append(f"Verified: changing line {line} makes every test pass ({edit.kind}).")
    elif region := found.region:
        where = ", ".join(str(each + learner.offset(region.cell)) for each in region.lines)
        place = f" in `{region.function}`" if region.function else ""
        lines.append(f"Lines that only failing runs pass{place}: {where}. It may be none of them.")
    if value := found.question:
        line = value.line + learner.offset(value.cell)
        lines.append(f"With {value.call}, `{value.name}` is {value.value} in line {line}.")
    return tagged("diagnosis", _told("\n".join(lines), _MOST_TEXT))


def exercise_part(exercise: ExerciseFacts) -> str:
    """Return what all learners share."""
    concepts = "\n".join(f"{slug}: {name}" for slug, name in sorted(exercise.concepts.items()))
    tests = "\n".join(exercise.public_tests)
    parts = [
        tagged("exercise_title", _told(exercise.title, 300)),
        tagged("task", _told(exercise.prompt, _MOST_CODE)),
        tagged("public_tests", _told(tests, _MOST_TEXT)),
        tagged("concepts", _told(concepts, _MOST_TEXT)),
    ]
    return tagged("exercise", "\n".join(part for part in parts if part))


def _earlier(learner: LearnerFacts) -> str:
    last = learner.earlier[-_LAST_HINTS:]
    said = "\n".join(tagged("said", _told(each, _MOST_TEXT)) for each in last)
    return tagged("earlier", said) if said else ""


def _again(reason: str) -> str:
    return tagged("again", "The last try could not be shown: " + as_data(reason)) if reason else ""


def _joined(parts: Iterable[str], ask: str) -> str:
    return "\n".join([*(part for part in parts if part), ask])


def tagged(name: str, text: str) -> str:
    """Return a text inside a tag."""
    return f"<{name}>\n{text}\n</{name}>" if "\n" in text else f"<{name}>{text}</{name}>"


def numbered(code: str) -> str:
    """Return code with the number of each line before it, and with no tag of ours in it."""
    lines = _told(code, _MOST_CODE).split("\n")
    if (left := len(lines) - _MOST_LINES) > 0:
        lines[_MOST_LINES:] = [f"[{left} more lines left out]"]
    return "\n".join(f"{number:4}| {line}" for number, line in enumerate(lines, start=1))


def _told(text: str, most: int) -> str:
    return as_data(_cut(text, most))


def _size(text: str) -> int:
    """Return the length of a text in letters of English, by what it costs of a model's room.

    Bengali has up to a token a letter, and English one for three.
    """
    return len(text) if text.isascii() else sum(map(_width, text))


def _width(letter: str) -> int:
    return 1 if letter.isascii() else _WIDE


def _cut(text: str, most: int) -> str:
    """Return the beginning of a text that is too long, up to the end of a line."""
    if _size(text) <= most:
        return text
    sizes = list(accumulate(map(_width, text[:most])))
    kept = text[: bisect_right(sizes, most)]
    kept = kept[: kept.rfind("\n")] if "\n" in kept[len(kept) // 2 :] else kept
    return f"{kept}\n[{len(text) - len(kept)} more characters left out]"


# The same tag, however it is written: with blanks or characters that nobody sees in between.
_BETWEEN: Final = (
    r"[\s\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]*"
)
_NAMES: Final = "|".join(
    _BETWEEN.join(re.escape(each) for each in name) for name in sorted(_TAGS, key=len, reverse=True)
)
_OURS: Final = re.compile(
    rf"<(?={_BETWEEN}/{_BETWEEN}(?:{_NAMES})(?![a-z0-9_])"
    rf"|{_BETWEEN}(?:{_NAMES})(?:{_BETWEEN}|\s[^<>\n]*=[^<>\n]*)/?{_BETWEEN}>)"
)
_ALIKE: Final = str.maketrans(
    "‹〈⟨❮˂ᐸ›〉⟩❯˃ᐳ⁄∕⧸╱авсеһіјкмноргѕтухԁɡոսАВСЕНІЈКМОРЅТХУ",
    "<<<<<<>>>>>>////abcehijkmhoprstyxdgnuabcehijkmopstxy",
)


def as_data(text: str) -> str:
    """Return a text in which no tag of ours begins or ends; all other text stays as it is.

    The `<` of what reads as one of our tags becomes `&lt;`, also where it is written with letters
    that look the same or are two in one, or with invisible characters in between.
    """
    if not text:
        return text
    folded, places = _folded(text)
    starts = [places[found.start()] for found in _OURS.finditer(folded)]
    for start in reversed(starts):
        text = f"{text[:start]}&lt;{text[start + 1 :]}"
    return text


def _folded(text: str) -> tuple[str, Sequence[int]]:
    """Return a text in plain small letters, and where each of them stands in the text."""
    if text.isascii():
        return text.lower(), range(len(text))
    letters = [_plain(letter) for letter in text]
    places = [at for at, plain in enumerate(letters) for _ in plain]
    return "".join(letters), places


@lru_cache(maxsize=4_096)
def _plain(letter: str) -> str:
    return unicodedata.normalize("NFKC", letter.translate(_ALIKE)).lower()
