"""What models say is read strictly."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_tutor.domain.errors import ModelUnavailable
from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.llm.replies import ReplyInvalid, read_chat, read_hint, read_validation
from jupyter_tutor.services.model_ports import Validation
from tests.unit.llm.facts import chat_facts, hint_facts

POINTER = hint_facts(HintLevel.POINTER)
GOOD: dict[str, Any] = {
    "message": "Look at line 2. Is `0` one of the scores?",
    "concept": "accumulators",
    "line": 2,
    "quoted_code": ["highest = 0"],
    "question": "Is `0` one of the scores?",
    "confidence": 0.9,
}
TEXT = json.dumps(GOOD)


def said(**other: object) -> str:
    return json.dumps({**GOOD, **other})


def changed(name: str, values: list[object]) -> list[str]:
    return [json.dumps({**GOOD, name: value}) for value in values]


def without(name: str) -> str:
    return json.dumps({key: value for key, value in GOOD.items() if key != name})


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        f"\n  {TEXT}\n",
        f"```json\n{TEXT}\n```",
        f"```\n{TEXT}\n```",
        f"Here is the hint:\n\n{TEXT}\n\nI hope it helps.",
        f"I thought about {{this}} and {{'that': 1}}.\n```json\n{TEXT}\n```\nDone.",
        f"{TEXT}\n{TEXT}",
        json.dumps({**GOOD, "more": {"deep": [1]}}),
        f'{{"draft": true}} then {TEXT}',
    ],
)
def test_a_hint_is_found_wherever_it_stands(text: str) -> None:
    reply = read_hint(text, POINTER)

    assert reply.message == GOOD["message"]
    assert (reply.concept, reply.line, reply.confidence) == ("accumulators", 2, 0.9)
    assert reply.quoted_code == ("highest = 0",)
    assert reply.question == GOOD["question"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "No.",
        "null",
        "[]",
        TEXT[:-1],
        TEXT[: len(TEXT) // 2],
        f"```json\n{TEXT[:60]}",
        TEXT.replace('"line": 2', '"line": 2, "line": 3'),
        f"{TEXT}\n{said(message='Another one.')}",
        said(confidence=float("nan")),
        said(confidence=float("inf")),
        TEXT.replace("0.9", "1e999"),
        TEXT.replace("0.9", "9" * 400),
        *(without(name) for name in GOOD),
        *changed("message", ["", "  ", "\u200b", 3, None, ["a"]]),
        said(message="a" * 3_001),
        said(message="a" * 30_000),
        *changed("line", [0, 7, -1, 2.5, "2", True, [2]]),
        *changed("confidence", [-0.1, 1.1, "0.9", None, True]),
        *changed("question", [3, True, []]),
        *changed("concept", [3, ["loops"]]),
        *changed("quoted_code", [None, "highest", [3]]),
        *changed("quoted_code", [["a" * 401], ["a"] * 21]),
        said(quoted_code=["highest = scores[0]"]),
        TEXT.replace("one of", "\\ud800"),
        "{" * 5_000,
        "[" * 15_000,
        '{"a":' * 3_000,
    ],
)
def test_what_is_doubtful_is_refused(text: str) -> None:
    with pytest.raises(ReplyInvalid) as raised:
        read_hint(text, POINTER)
    assert isinstance(raised.value, ModelUnavailable)
    assert len(raised.value.message) < 80


def test_a_fault_tells_nothing_of_what_was_said() -> None:
    with pytest.raises(ReplyInvalid) as raised:
        read_hint(said(quoted_code=["canary = 4711"]), POINTER)
    assert "4711" not in str(raised.value)


def test_a_concept_that_is_not_the_exercises_is_none() -> None:
    assert read_hint(said(concept="recursion"), POINTER).concept == ""
    assert read_hint(said(concept=None), POINTER).concept == ""


@pytest.mark.parametrize("level", [HintLevel.NUDGE, HintLevel.CONCEPT])
def test_low_rungs_name_no_line(level: HintLevel) -> None:
    assert read_hint(TEXT, hint_facts(level)).line is None


def test_a_question_is_shown() -> None:
    reply = read_hint(said(message="Look at line 2.", question="What is it?"), POINTER)

    assert reply.message == "Look at line 2.\n\nWhat is it?"
    assert read_hint(said(question=None), POINTER).question == ""


def test_letters_that_nobody_sees_are_taken_out() -> None:
    reply = read_hint(said(message="a\x00b\u202ec\u200bd\r\ne\tf"), replace(POINTER))
    assert reply.message.startswith("abcd\ne\tf")

    bengali = "ক্‌ষ এবং র‍্য"
    assert read_hint(said(message=bengali, question=""), POINTER).message == bengali


def test_quotations_are_what_stands_there() -> None:
    quotes = ["if score>highest:", "assert best([-5, -2]) == -2", "best([-2])", " "]

    assert read_hint(said(quoted_code=quotes), POINTER).quoted_code == tuple(quotes[:3])


def test_a_second_reading() -> None:
    text = '{"correct": true, "on_line": true, "leaks": false}'

    assert read_validation(text) == Validation(correct=True, on_line=True, leaks=False)
    assert read_validation(f"Let me see.\n{text}").accepts
    for wrong in ("yes", 1, None, "true"):
        with pytest.raises(ReplyInvalid):
            read_validation(json.dumps({"correct": wrong, "on_line": True, "leaks": False}))


def test_a_reply_in_a_conversation() -> None:
    facts = chat_facts()
    text = json.dumps({"message": "See.", "in_scope": True, "quoted_code": ["Why is it 0?"]})
    reply = read_chat(text, facts)

    assert (reply.message, reply.in_scope, reply.quoted_code) == ("See.", True, ("Why is it 0?",))
    for wrong in ({"in_scope": "yes"}, {"message": ""}, {"quoted_code": ["return scores[0]"]}):
        with pytest.raises(ReplyInvalid):
            read_chat(json.dumps({**json.loads(text), **wrong}), facts)


_json = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*GOOD]), inner),
    max_leaves=8,
)


@given(st.text() | _json.map(json.dumps) | st.sampled_from([TEXT]).map(lambda text: text[::-1]))
def test_whatever_is_said_is_a_reply_or_a_fault(text: str) -> None:
    told = 0
    for read in (
        lambda: read_hint(text, POINTER),
        lambda: read_validation(text),
        lambda: read_chat(text, chat_facts()),
    ):
        try:
            told += read() is not None
        except ReplyInvalid:
            told += 1
    assert told == 3
