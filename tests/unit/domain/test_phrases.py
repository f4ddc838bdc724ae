"""The catalogues: complete, alike in every language, used, short and easy to read."""

import re
import string
from pathlib import Path

import pytest

import jupyter_tutor
from jupyter_tutor.domain.causes import _TABLE
from jupyter_tutor.domain.mistakes import Mistake
from jupyter_tutor.domain.phrases import CATALOGUES, say, spoken
from jupyter_tutor.domain.phrases.english import ENGLISH
from jupyter_tutor.domain.reviews import NoDraft

PACKAGE = Path(jupyter_tutor.__file__).parent
BENGALI_LETTERS = re.compile("[\u0980-\u09ff]")
CODE = re.compile(r"`[^`]*`|\{\w+\}")
KEYS = sorted(ENGLISH)


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def grade(text: str) -> float:
    """Return the Flesch-Kincaid grade, with syllables counted as groups of vowels."""
    words = re.findall(r"[A-Za-z]+(?:'[a-z]+)?", text)
    sentences = max(len(re.findall(r"[.?!:;](?:\s|$)", text)), 1)
    syllables = sum(
        max(len(re.findall(r"[aeiouy]+", re.sub(r"e$", "", word.lower()))), 1) for word in words
    )
    return 0.39 * len(words) / sentences + 11.8 * syllables / max(len(words), 1) - 15.59


@pytest.mark.parametrize("language", sorted(CATALOGUES))
def test_every_language_has_every_phrase_with_the_same_fields(language: str) -> None:
    catalogue = CATALOGUES[language]
    assert sorted(catalogue) == KEYS
    differing = [key for key in KEYS if fields(catalogue[key]) != fields(ENGLISH[key])]
    assert differing == []


def test_bengali_phrases_are_bengali_and_english_ones_english() -> None:
    for key in KEYS:
        spelt = CODE.sub("", CATALOGUES["bn"][key])
        if CODE.sub("", ENGLISH[key]).strip(" ,“”()"):
            assert BENGALI_LETTERS.search(spelt), key
        assert not re.search(r"[A-Za-z]{2,}", spelt), key
        assert not BENGALI_LETTERS.search(ENGLISH[key]), key


@pytest.mark.parametrize("language", sorted(CATALOGUES))
def test_phrases_keep_their_code_in_every_language(language: str) -> None:
    # A translation may quote code in another order, and write a number in prose instead.
    for key in KEYS:
        codes = set(re.findall(r"`[^`]+`", ENGLISH[key]))
        kept = set(re.findall(r"`[^`]+`", CATALOGUES[language][key]))
        assert kept <= codes, key
        assert len(codes - kept) <= 1, key


def test_every_phrase_is_used_and_every_key_used_exists() -> None:
    sources = [
        path.read_text("utf-8") for path in PACKAGE.rglob("*.py") if "phrases" not in path.parts
    ]
    rooms = (
        "ladder|practice|explain|place|error|nudge|concept|verdict|difference|status|quiz|refusal|"
        "rule|construct|consent|quota|chat|rubric"
    )
    named = set(re.findall(rf'"((?:{rooms})\.\w+)"', "\n".join(sources)))
    causes = {row.key for row in _TABLE}
    concepts = {f"concept.{mistake.value}" for mistake in Mistake}
    reasons = {f"rubric.{why.value}" for why in NoDraft}
    assert named | causes | concepts | reasons == set(KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_phrases_are_short_and_ask_one_question_at_most(key: str) -> None:
    for catalogue in CATALOGUES.values():
        assert len(catalogue[key].split()) <= 60
        assert CODE.sub("", catalogue[key]).count("?") <= 1
    if key.startswith("nudge."):
        assert all(catalogue[key].count("?") == 1 for catalogue in CATALOGUES.values())


@pytest.mark.parametrize("key", KEYS)
def test_english_phrases_read_like_school_grade_nine_at_most(key: str) -> None:
    assert grade(CODE.sub("it", ENGLISH[key])) <= 9.0


@pytest.mark.parametrize(
    ("wanted", "language"),
    [("en", "en"), ("bn", "bn"), ("bn-BD", "bn"), ("BN", "bn"), ("fr", "en")],
)
def test_a_language_that_is_not_spoken_falls_back_to_english(wanted: str, language: str) -> None:
    assert spoken(wanted) == language
    assert say("explain.passed", wanted) == CATALOGUES[language]["explain.passed"]


def test_whole_numbers_are_written_in_the_digits_of_the_language() -> None:
    assert say("practice.days_ago", "en", days=12) == "Last practised 12 days ago."
    assert say("practice.days_ago", "bn", days=12) == "শেষ অনুশীলন ১২ দিন আগে।"
    assert "`f(12)`" in say("explain.what_call", "bn", called="`f(12)`")


def test_values_with_braces_are_left_alone() -> None:
    assert say("explain.what_call", "en", called="{'a': {0}}") == "{'a': {0}}"


def test_a_missing_field_is_an_error() -> None:
    with pytest.raises(KeyError):
        say("practice.days_ago", "en")
