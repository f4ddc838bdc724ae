"""Differences: every one that comparing notes is told in every language, with its values."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_tutor.domain.comparison import compare, compare_output
from jupyter_tutor.domain.differences import say_difference
from jupyter_tutor.domain.values import encode_plain
from tests.unit.domain.plain_values import values
from tests.unit.domain.test_comparison import array, frame

ENGLISH = re.compile(r"\b(expected|got|missing|index|key|line|only|differ|order)\b")


@pytest.mark.parametrize(
    ("difference", "bengali"),
    [
        ("expected 3, got 4", "হওয়ার কথা 3, হয়েছে 4"),
        ("at index 2: expected 3, got 4", "ইনডেক্স ২-এ: হওয়ার কথা 3, হয়েছে 4"),
        (
            "at index 1, key 'a, b': expected 3, got 4",
            "ইনডেক্স ১, চাবি 'a, b'-এ: হওয়ার কথা 3, হয়েছে 4",
        ),
        ("at key (1, 2): expected 3, got 4", "চাবি (1, 2)-এ: হওয়ার কথা 3, হয়েছে 4"),
        ("at [1, 0]: expected 3, got 0", "[1, 0]-এ: হওয়ার কথা 3, হয়েছে 0"),
        ("expected 'a, got b', got 'c'", "হওয়ার কথা 'a, got b', হয়েছে 'c'"),
        ("expected 'it's', got 'its'", "হওয়ার কথা 'it's', হয়েছে 'its'"),
        (
            "expected a list, got a tuple: (1, 2)",
            "হওয়ার কথা একটি list, হয়েছে একটি tuple: (1, 2)",
        ),
        (
            "index 1 is missing: expected 2 (expected length 2, got length 1)",
            "ইনডেক্স ১ নেই: হওয়ার কথা 2 (দৈর্ঘ্য হওয়ার কথা ২, হয়েছে ১)",
        ),
        ("2 is missing (and 1 more)", "2 নেই (আরও ১টি)"),
        (
            "line 1: expected 'a·b', got 'a··b' (only the blanks differ)",
            "লাইন ১: হওয়ার কথা 'a·b', হয়েছে 'a··b' (শুধু ফাঁকা জায়গায় তফাত)",
        ),
        ("nothing was printed; expected '7'", "কিছুই ছাপা হয়নি; ছাপার কথা '7'"),
        ("an argument was changed by the call", "ডাকার ফলে একটি আর্গুমেন্ট বদলে গেছে"),
        ("what an older version noted", "what an older version noted"),
        ("", ""),
    ],
)
def test_a_difference_is_told_in_the_language_asked_for(difference: str, bengali: str) -> None:
    assert say_difference(difference, "bn") == bengali
    assert say_difference(difference, "en") == difference


@settings(max_examples=300, deadline=None)
@given(values, values)
def test_every_difference_of_values_can_be_told(expected: object, got: object) -> None:
    difference = compare(encode_plain(expected), encode_plain(got)).difference
    told = say_difference(difference, "bn", lambda _: "#")
    assert bool(told) == bool(difference)
    assert not ENGLISH.search(told), difference
    assert say_difference(difference, "en", lambda text: text) == difference


@settings(max_examples=200, deadline=None)
@given(st.text(), st.text())
def test_every_difference_of_outputs_can_be_told(expected: str, got: str) -> None:
    difference = compare_output(expected, got).difference
    assert not ENGLISH.search(say_difference(difference, "bn", lambda _: "#")), difference
    assert say_difference(difference, "en", lambda text: text) == difference


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (array([1, 2], 2), array([1, 2], 1, 2)),
        (frame({"a": [1]}), frame({"b": [1]})),
        (frame({"a": [1], "b": [2]}), frame({"b": [2], "a": [1]})),
        (frame({"a": [1]}), frame({"a": [1, 2]})),
        (frame({"a": [1, 2]}, ["x", "y"]), frame({"a": [1, 2]}, ["x", "z"])),
        (frame({"a": [1, 2]}), frame({"a": [1, 3]})),
    ],
)
def test_differences_of_arrays_and_frames_can_be_told(
    expected: dict[str, object], got: dict[str, object]
) -> None:
    difference = compare(expected, got).difference
    assert not ENGLISH.search(say_difference(difference, "bn")), difference
    assert say_difference(difference, "en", lambda text: text) == difference


def test_whether_a_difference_is_only_the_two_values() -> None:
    assert compare(encode_plain(73.0), encode_plain(47.5)).whole
    assert compare(encode_plain("cat"), encode_plain("cut")).whole
    assert not compare(encode_plain("cat"), encode_plain("Cat")).whole
    assert not compare(encode_plain([1]), encode_plain([2])).whole
    assert not compare(encode_plain([1]), encode_plain((1,))).whole
    assert not compare(encode_plain([1]), encode_plain([1])).whole
    assert compare_output("7\n", "8\n").whole
    assert not compare_output("7\n", "8\n9").whole
    assert not compare_output("a b", "a  b").whole
