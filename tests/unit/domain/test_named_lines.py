"""Which lines a text names: every way that the catalogues and models have of saying it."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_tutor.domain.named_lines import lines_named
from jupyter_tutor.domain.phrases import CATALOGUES, say


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


PLACES = sorted(key for key, text in CATALOGUES["en"].items() if "line" in fields(text))
AROUND = sorted(
    key
    for key, text in CATALOGUES["en"].items()
    if "place" in fields(text) and not key.startswith("verdict.")
)
OF_SOMETHING_ELSE = {"concept.input", "concept.exception"}
"""Of an input, and of Python's message."""


def test_the_catalogues_have_places() -> None:
    assert {"place.line", "place.cell", "place.yours", "place.lines", "place.lines_cell"} <= {
        *PLACES
    }
    assert "explain.pointer" in AROUND


@given(
    language=st.sampled_from(sorted(CATALOGUES)),
    key=st.sampled_from(PLACES),
    around=st.none() | st.sampled_from(AROUND),
    line=st.integers(1, 400),
    more=st.integers(1, 20),
)
def test_every_place_of_the_catalogues_is_recognised(
    language: str, key: str, around: str | None, line: int, more: int
) -> None:
    ranged = "last" in fields(CATALOGUES["en"][key])
    told = {"cell": "`part-b`", "last": line + more}
    text = say(key, language, line=line, **{k: v for k, v in told.items() if ranged or k == "cell"})
    if around is not None:
        names = fields(CATALOGUES["en"][around]) - {"place"}
        text = say(around, language, place=text, **dict.fromkeys(names, "`x = y`"))
    assert lines_named(text) == set(range(line, line + 1 + more * ranged))


@pytest.mark.parametrize("language", sorted(CATALOGUES))
def test_no_other_phrase_of_the_catalogues_names_a_line(language: str) -> None:
    others = [key for key in CATALOGUES[language] if key not in {*PLACES, *OF_SOMETHING_ELSE}]
    naming = [key for key in others if lines_named(CATALOGUES[language][key], 99)]
    assert naming == []


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Look at line 1 again.", {1}),
        ("LINE 5 is the one", {5}),
        ("See line #5, and line `7`.", {5, 7}),
        ("In line **12**", {12}),
        ("Line no. 4 and line number 6", {4, 6}),
        ("line-3", {3}),
        ("lines 2-5", {2, 3, 4, 5}),
        ("Lines 2–4, or lines 7 to 8", {2, 3, 4, 7, 8}),
        ("lines 2, 4 and 6", {2, 4, 6}),
        ("Look at line five.", {5}),
        ("lines two to four", {2, 3, 4}),
        ("line twenty-one", {21}),
        ("Look at the first line again. Which value?", {1}),
        ("the second line", {2}),
        ("your 3rd line", {3}),
        ("the twenty-first line of your code", {21}),
        ("the second and third lines", {2, 3}),
        ("the second indented line", {2}),
        ("Look at your last line.", {9}),
        ("the li\u200bne 5", {5}),
        ("১ নম্বর লাইনটা দেখুন।", {1}),
        ("লাইন ৫-এ কী হয়?", {5}),
        ("লাইন নম্বর ৫", {5}),
        ("লাইন নং পাঁচ", {5}),
        ("পাঁচ নম্বর লাইনে", {5}),
        ("৫ নং লাইন", {5}),
        ("৫ম লাইন", {5}),
        ("২য় লাইনে", {2}),
        ("প্রথম লাইনটি দেখুন", {1}),
        ("দ্বিতীয় লাইনটা", {2}),
        ("দ্বিতীয় ও তৃতীয় লাইন", {2, 3}),
        ("২ থেকে ৪ নম্বর লাইনে", {2, 3, 4}),
        ("লাইন ২-৪", {2, 3, 4}),
        ("আপনার শেষ লাইনটি", {9}),
        ("line ৫", {5}),
    ],
)
def test_every_way_to_name_a_line_is_recognised(text: str, lines: set[int]) -> None:
    assert lines_named(text, 9) == lines


@pytest.mark.parametrize(
    "text",
    [
        "Your code has 5 lines.",
        "Write it in one line.",
        "Which line changes `total`?",
        "First read each line. Then run it 2 times.",
        "Which is the first line of the output that is wrong?",
        "Read the last line of the error message.",
        "What is the last line that runs?",
        "an underline 5, an online 7, a deadline 3",
        "৫টি লাইন আছে।",
        "প্রতিটি লাইন এক এক করে দেখুন।",
        "প্রতি লাইনে ৩টি সংখ্যা আছে।",
        "আউটপুটের প্রথম লাইনটি দেখুন।",
        "প্রথমে লাইনগুলো পড়ুন।",
    ],
)
def test_counts_and_lines_of_something_else_are_no_names(text: str) -> None:
    assert lines_named(text, 9) == set()


ENGLISH = ("line {}", "lines {} and 2", "the line number {}", "{}th line", "on LINE: {}")
BENGALI = ("লাইন {}", "{} নম্বর লাইনটি", "{} নং লাইনে", "{}তম লাইন", "লাইন নম্বর {}", "{}-নম্বর লাইন")


@given(
    form=st.sampled_from([*ENGLISH, *BENGALI]),
    line=st.integers(1, 10_000),
    around=st.sampled_from(["{}", "Look: {}.", "দেখুন, {}।", "**{}**", "1 + {}"]),
    bengali=st.booleans(),
)
def test_a_number_before_or_after_is_that_line(
    form: str, line: int, around: str, bengali: bool
) -> None:
    digits = str(line).translate(str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯")) if bengali else line
    named = lines_named(around.format(form.format(digits)))
    assert named == ({line, 2} if "and 2" in form else {line})


@given(st.text(max_size=200), st.integers(0, 99))
def test_every_text_has_an_answer(text: str, last: int) -> None:
    assert all(isinstance(each, int) for each in lines_named(text, last))
