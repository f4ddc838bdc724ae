"""What others wrote is known by its words, and plain Python is not taken for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_tutor.domain.own_words import OwnWords

TEXTS = ['Write `total(numbers)`: the sum, or "nothing" for ada\'s empty list.', "mean([1, 12])"]
REFERENCE = """def total(numbers):
    result = 0x10 - 16
    for each in numbers:
        result += each
    return result or "it's" 'nothing'
"""
KNOWN = OwnWords(TEXTS, [REFERENCE])


@pytest.mark.parametrize(
    "code",
    [
        "result += sum(numbers)",
        "return [x for x in numbers if x % 2 == 0][::-1]",
        "numbers.append(result) if not total else numbers.sort(reverse=True)",
        "result = 16 - 12",
        "return 'nothing'",
        'return "it\'snothing"',
        "print('', ' ', ', ', '-' * 9, sep='\\n')",
        "while True:\n    break",
    ],
)
def test_what_is_said_in_known_words_is_covered(code: str) -> None:
    assert KNOWN.cover(code)


@pytest.mark.parametrize(
    "code",
    [
        "zephyrine = 0",
        "result += len('Bob Quill, matriculation 2019331')",
        "result += 2019331 * 0",
        "return 'ad'",
        "return 'noth' + 'ing'",
        "return f'{result} of Bob'",
        'return """Bob"""',
        "return b'Bob'",
        "result.quill",
        "def bob(): ...",
        "result = 0  # by Bob",
        "করিম = 0",
        "সুমাইয়া += result",
        "return 'করিম'",
        "return 'quill",
        "return '\\x42\\x6f\\x62'",
        "return '\\\\nBob'",
        "return 'a\\'Bob'",
        "bob17 = result",
    ],
)
def test_what_is_said_in_other_words_is_not(code: str) -> None:
    assert not KNOWN.cover(code)


@given(st.text(alphabet="abZk_0179é'\"\\ \n#{}ক্য", max_size=40))
def test_no_word_is_covered_that_is_not_known(text: str) -> None:
    assert not KNOWN.cover(f"{text} zephyrine {text}")
    KNOWN.cover(text)


def test_many_backslashes_are_read_at_once() -> None:
    assert not KNOWN.cover("'" + "\\\\" * 20_000 + " zephyrine")
