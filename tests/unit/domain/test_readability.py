"""How easy texts are to read; and that everything the tutor says by itself is easy enough."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.domain.markdown import block, code
from jupyter_tutor.domain.phrases import CATALOGUES
from jupyter_tutor.domain.readability import (
    count_syllables,
    hint_problems,
    language_problem,
    read,
)

SYLLABLES = {
    1: "the loop list print line lines used called reached closed type times spelt right two whole "
    "quotes piece does once",
    2: "table little number value function create being something people inside because "
    "comma bracket answer index printed ended wanted input places changes returned handled "
    "hundred missing question",
    3: "area idea different condition negative element exercise opposite beginning indexes "
    "characters period video usual carrying previous created",
    4: "variable variables dictionary evaluate information",
}
FIELDS = {
    "count": 3, "seconds": 30, "minutes": 5, "n": 3, "m": 4, "days": 2, "percent": 70, "wins": 3,
    "unaided": 1, "passed": 3, "total": 5, "line": 4, "place": "line 4", "number": 2, "points": 2,
    "message": "`the message`", "title": "Two sums", "topics": "Loops and Lists",
}  # fmt: skip
BLOCKS = ("explain.output", "explain.program", "explain.typed", "explain.counter_output")


def filled(key: str, template: str, language: str) -> str:
    """Fill each field with what it usually holds."""
    names = [name for _, name, _, _ in string.Formatter().parse(template) if name]
    values = {name: FIELDS.get(name, code("median([2, 1, 4])")) for name in names}
    if key.startswith(BLOCKS):
        shown = {name: block("1 2 3\n4 5 6") for name in ("called", "expected", "got")}
        values |= {name: shown.get(name, value) for name, value in values.items()}
    assert language in CATALOGUES
    return template.format(**values)


@pytest.mark.parametrize(
    ("word", "syllables"),
    [(word, number) for number, words in SYLLABLES.items() for word in words.split()],
)
def test_syllables_of_words_that_hints_use(word: str, syllables: int) -> None:
    assert count_syllables(word) == syllables


@pytest.mark.parametrize(
    ("text", "words", "grade"),
    [
        # Worked out by hand: 0.39 * words / sentences + 11.8 * syllables / words - 15.59.
        ("The cat sat on the mat.", 6, 0.39 * 6 + 11.8 - 15.59),
        ("The cat sat. The dog ran.", 6, 0.39 * 3 + 11.8 - 15.59),
        (
            "Information about variables and dictionaries is different.",
            7,
            0.39 * 7 + 11.8 * (4 + 2 + 4 + 1 + 4 + 1 + 3) / 7 - 15.59,
        ),
        ("Look at `a[i] + information_about_variables` again.", 4, 0.39 * 4 + 11.8 * 5 / 4 - 15.59),
        ("", 0, 0.0),
    ],
)
def test_words_and_grade(text: str, words: int, grade: float) -> None:
    measured = read(text)
    assert measured.words == words
    assert measured.grade == pytest.approx(max(grade, 0.0))


def test_code_is_no_prose() -> None:
    text = "Why?\n\n```python\nif x: print('why? why?')\n```\n\nSee `a ? b`."
    measured = read(text)
    assert (measured.words, measured.questions, measured.code_blocks) == (3, 1, 1)
    assert read("1. One.\n2. Two.\n").steps == 2
    assert read("Read [the lesson](loops.ipynb).").words == 3


@pytest.mark.parametrize(
    ("text", "level", "language", "said"),
    [
        ("word " * 121, HintLevel.NUDGE, "bn", "121 words"),
        ("Is it? Or not?", HintLevel.NUDGE, "en", "2 questions"),
        ("Extraordinarily sophisticated considerations.", HintLevel.NUDGE, "en-GB", "grade"),
        ("- one\n- two", HintLevel.CONCEPT, "en", "2 steps"),
        ("See:\n\n```\nx\n```", HintLevel.POINTER, "en", "a block of code"),
    ],
)
def test_what_a_hint_must_not_be(text: str, level: HintLevel, language: str, said: str) -> None:
    (problem,) = hint_problems(text, level, language)
    assert said in problem


def test_what_a_hint_may_be() -> None:
    assert hint_problems("Which value does it have?", HintLevel.NUDGE, "en") == ()
    assert hint_problems("1. One.\n2. Two.", HintLevel.STEPS, "en") == ()
    assert hint_problems("So:\n\n```\nx\n```", HintLevel.BOTTOM_OUT, "en") == ()
    assert hint_problems("Extraordinarily sophisticated.", HintLevel.NUDGE, "bn") == ()


@given(st.text(max_size=300))
def test_any_text_can_be_measured(text: str) -> None:
    measured = read(text)
    assert measured.words >= 0
    assert measured.grade >= 0


@pytest.mark.parametrize("language", sorted(CATALOGUES))
def test_every_phrase_with_every_field_filled_reads_easily(language: str) -> None:
    """120 words, grade 9 (English), one question, one step; only plans are lists of steps."""
    wrong = {}
    for key, template in CATALOGUES[language].items():
        plan = key.startswith("explain.plan_")
        level = HintLevel.STEPS if plan or key.startswith(BLOCKS) else HintLevel.RESULT
        text = filled(key, template, language)
        problems = hint_problems(text, level, language)
        if problems or (read(text).steps > 1) is not plan:
            wrong[key] = problems
    assert wrong == {}


@pytest.mark.parametrize(
    ("text", "language", "problem"),
    [
        ("Look at what your loop does first.", "bn", "not in Bengali"),
        ("তোমার লুপের আগে `highest` কত?", "bn-BD", ""),
        ("তোমার for loop-টি কোথা থেকে শুরু হয়?", "bn", ""),
        ("তোমার লুপের আগে মানটি কত ছিল?", "en", "not in English"),
        ("Schau dir die Schleife an.", "de", ""),
        ("`total(prices)`?", "bn", ""),
        ("```python\nfor each in everything: print(each)\n```", "bn", ""),
    ],
)
def test_a_text_is_in_the_language_that_was_asked_for(
    text: str, language: str, problem: str
) -> None:
    assert language_problem(text, language) == problem


def test_bengali_words_are_counted_whole() -> None:
    """Vowel signs are part of a word, though they are no letters."""
    assert read("তোমার লুপের আগে মানটি কত ছিল?").words == 6
