"""What a model said, read as strictly as if an enemy had written it.

An endpoint may promise to hold a reply to a schema; whether it does is not asked. There has to be
exactly one JSON object of the wanted form, wherever it stands in the text; what is doubtful is
refused, and nothing is guessed.
"""

import json
import math
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from jupyter_tutor.domain.diagnosis import Diagnosis
from jupyter_tutor.domain.errors import ModelUnavailable
from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.llm.prompts import as_data
from jupyter_tutor.services.model_ports import (
    ChatFacts,
    ChatReply,
    ExerciseFacts,
    HintFacts,
    HintReply,
    LearnerFacts,
    Validation,
)

_LONGEST_TEXT: Final = 20_000
_LONGEST_MESSAGE: Final = 3_000
_LONGEST_QUOTE: Final = 400
_MOST_QUOTES: Final = 20
_MOST_OBJECTS: Final = 200

_FENCE: Final = re.compile(r"```[ \t]*(?:json)?[ \t]*\n(.*?)```", re.S | re.I)
_UNSEEN: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff"
    r"\ufff9-\uffff\U000e0000-\U000e007f]"
)
"""Control characters, marks of direction and other letters that nobody sees. Joiners are not among
them: Bengali needs those."""


class ReplyInvalid(ModelUnavailable):
    """A model did not answer in the form that was asked for.

    Its message names the fault and holds nothing of what was said.
    """


def read_hint(text: str, facts: HintFacts) -> HintReply:
    """Return the hint that a text holds.

    Raises:
        ReplyInvalid: It holds none of the wanted form, or says what it must not: a line that there
            is not, or a quotation of something that is not there.
    """
    found = object_with(
        text, {"message", "concept", "line", "quoted_code", "question", "confidence"}
    )
    message, question = _message(found), text_of(found, "question")
    if question and question not in message:
        message = f"{message}\n\n{question}"
    line = _line(found, facts)
    concept = text_of(found, "concept")
    return HintReply(
        message=message,
        concept=concept if concept in facts.exercise.concepts else "",
        line=line,
        quoted_code=_quotes(found, facts.exercise, facts.learner, _observed(facts.diagnosis)),
        question=question,
        confidence=confidence(found),
    )


def read_validation(text: str) -> Validation:
    """Return what a second reading says.

    Raises:
        ReplyInvalid: The text holds none of the wanted form.
    """
    names = ("correct", "on_line", "leaks")
    found = object_with(text, set(names))
    correct, on_line, leaks = (_boolean(found, name) for name in names)
    return Validation(correct=correct, on_line=on_line, leaks=leaks)


def read_chat(text: str, facts: ChatFacts) -> ChatReply:
    """Return the reply in a conversation that a text holds.

    Raises:
        ReplyInvalid: It holds none of the wanted form, or quotes what is not there.
    """
    found = object_with(text, {"message", "in_scope", "quoted_code"})
    said = [*(turn.text for turn in facts.turns), *_observed(facts.diagnosis)]
    return ChatReply(
        message=_message(found),
        in_scope=_boolean(found, "in_scope"),
        quoted_code=_quotes(found, facts.exercise, facts.learner, said),
    )


def object_with(text: str, names: Collection[str]) -> dict[str, Any]:
    """Return the one object in a text that has all these names."""
    if len(text) > _LONGEST_TEXT:
        raise ReplyInvalid("the reply is too long")
    found: list[dict[str, Any]] = []
    for each in _objects(text):
        if set(names) <= set(each) and each not in found:
            found.append(each)
    if len(found) != 1:
        raise ReplyInvalid("the reply holds more than one object" if found else "no such object")
    return found[0]


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """Give the objects of a text: the whole of it, else of its fences, else wherever one begins."""
    for part in (text, *_FENCE.findall(text)):
        whole = _decoded(part.strip())
        if isinstance(whole, dict):
            yield whole
            return
    at, tried = text.find("{"), 0
    while at >= 0 and tried < _MOST_OBJECTS:
        tried += 1
        end = at + 1
        try:
            one, end = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            one = None
        if isinstance(one, dict):
            yield one
        at = text.find("{", end)


def _decoded(text: str) -> object:
    try:
        return _DECODER.decode(text)
    except (ValueError, RecursionError):
        return None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object whose names are all different: of two, who is to say which one counts."""
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ReplyInvalid("the reply has a name twice")
    return made


def _no_number(name: str) -> float:
    raise ReplyInvalid(f"{name} is no number")


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_number)


def _clean(text: str) -> str:
    """Return a text without letters that nobody sees.

    Raises:
        ReplyInvalid: It has half a letter, which can neither be stored nor sent.
    """
    if any("\ud800" <= each <= "\udfff" for each in text):
        raise ReplyInvalid("the reply has half a letter")
    return _UNSEEN.sub("", text.replace("\r\n", "\n"))


def text_of(found: Mapping[str, Any], name: str) -> str:
    """Return a text of an object, clean; "" for null.

    Raises:
        ReplyInvalid: It is no text, or too long.
    """
    value = found[name]
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ReplyInvalid(f"{name} is no text")
    if len(value) > _LONGEST_MESSAGE:
        raise ReplyInvalid(f"{name} is too long")
    return _clean(value).strip()


def _message(found: Mapping[str, Any]) -> str:
    message = text_of(found, "message")
    if not message:
        raise ReplyInvalid("the message is empty")
    return message


def _boolean(found: Mapping[str, Any], name: str) -> bool:
    value = found[name]
    if not isinstance(value, bool):
        raise ReplyInvalid(f"{name} is neither true nor false")
    return value


def confidence(found: Mapping[str, Any]) -> float:
    """Return the confidence of an object.

    Raises:
        ReplyInvalid: It is no number from 0 to 1.
    """
    value = found["confidence"]
    number = float("nan")
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= 1:
        number = float(value)
    if math.isnan(number) or number < 0:
        raise ReplyInvalid("confidence is no number from 0 to 1")
    return number


def _line(found: Mapping[str, Any], facts: HintFacts) -> int | None:
    """Return the line that is named; below the pointer a hint has none, whatever it says."""
    value = found["line"]
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise ReplyInvalid("line is no whole number")
    if not 1 <= value <= facts.learner.code.count("\n") + 1:
        raise ReplyInvalid("the answer has no such line")
    return value if facts.level >= HintLevel.POINTER else None


def _quotes(
    found: Mapping[str, Any],
    exercise: ExerciseFacts,
    learner: LearnerFacts,
    said: Collection[str] = (),
) -> tuple[str, ...]:
    """Return what is quoted, when all of it stands where it is said to; blanks do not count."""
    value = found["quoted_code"]
    if not isinstance(value, list) or len(value) > _MOST_QUOTES:
        raise ReplyInvalid("quoted_code is no list, or too long")
    sources = [learner.code, learner.failing, exercise.prompt, *exercise.public_tests, *said]
    known = [_squeezed(text) for source in sources for text in (source, as_data(source))]
    quotes = []
    for each in value:
        if not isinstance(each, str) or len(each) > _LONGEST_QUOTE:
            raise ReplyInvalid("quoted_code holds no text, or one that is too long")
        quote = _clean(each).strip()
        if not quote:
            continue
        if not any(_squeezed(quote) in source for source in known):
            raise ReplyInvalid("something is quoted that is not there")
        quotes.append(quote)
    return tuple(quotes)


def _observed(diagnosis: Diagnosis | None) -> list[str]:
    """Return what a model was told of what was observed, as far as it can be quoted."""
    found: list[str] = []
    if diagnosis and (example := diagnosis.counterexample):
        found += [example.call, example.expected, example.got]
    if diagnosis and (asked := diagnosis.question):
        found += [asked.name, asked.value, asked.call]
    return found


def _squeezed(text: str) -> str:
    return "".join(text.split())
