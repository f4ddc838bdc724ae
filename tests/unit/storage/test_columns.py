"""The border of the database: characters and numbers it cannot hold."""

import json
from decimal import Decimal

import pytest
from hypothesis import given

from jupyter_tutor.domain.errors import InvalidInput
from jupyter_tutor.storage.columns import escape, from_document, to_document, unescape
from tests.unit.storage.strategies import anything, documents


@given(anything)
def test_any_text_becomes_text_that_can_be_stored_and_back(text: str) -> None:
    stored = escape(text)
    assert "\0" not in stored
    stored.encode()
    assert unescape(stored) == text


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("plain বাংলা \U0001f600", "plain বাংলা \U0001f600"),
        ("a\0b", "a\ufdd00000b"),
        ("\ud83d", "\ufdd0d83d"),
        ("\ufdd0", "\ufdd0fdd0"),
        ("\ufdd00000", "\ufdd0fdd00000"),
    ],
)
def test_the_replacement_is_as_documented(text: str, stored: str) -> None:
    assert escape(text) == stored


def test_text_written_by_others_with_the_reserved_character_is_left_alone() -> None:
    assert (
        unescape("\ufdd0 is no escape, nor is \ufdd012") == "\ufdd0 is no escape, nor is \ufdd012"
    )


@given(documents)
def test_any_document_becomes_json_that_can_be_stored_and_back(document: object) -> None:
    text = json.dumps(to_document(document), ensure_ascii=False, allow_nan=False)
    text.encode()
    assert "\\u0000" not in text
    back = from_document(json.loads(text))
    # repr tells 1 from 1.0 and 0.0 from -0.0, and sees the order of keys.
    assert repr(back) == repr(document)


@pytest.mark.parametrize(
    ("value", "place"),
    [
        (float("nan"), "value"),
        ([1.0, float("inf")], "value[1]"),
        ({"a": {"b": (float("-inf"),)}}, "value.a.b[0]"),
        ({1: 2}, "value"),
        ({"x": Decimal(1)}, "value.x"),
        ([b"bytes"], "value[0]"),
        ([10**5000], "value[0]"),
    ],
)
def test_what_json_lacks_is_refused_by_its_place(value: object, place: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        to_document(value)
    assert f"at {place} " in refused.value.message


def test_large_integers_are_kept() -> None:
    number = 10**3900
    assert json.loads(json.dumps(to_document(number))) == number
