"""The bounds of what the leak guard reads: babble is refused unread, hints are not."""

import pytest

from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.domain.guard import checking
from jupyter_tutor.domain.guard.bounds import beyond_bounds
from jupyter_tutor.domain.guard.checking import GuardAllowed, GuardSecrets, check_reply
from jupyter_tutor.domain.guard.decoding import clear
from tests.guard.messages import WAVES, messages

BABBLE = {
    "brackets": "(" * 1500 + ")" * 1500,
    "brackets with blanks": "( " * 21 + "x" + " )" * 21,
    "calls": f"`{'f(' * 200}x{')' * 200}`",
    "signs before a name": f"`{'-' * 1400}x`",
    "signs with blanks": "- " * 1400,
    "a line under a title": "=" * 200,
    "a word": "a" * 3000,
    "base64": "aGVsbG8gd29ybGQgdGhpcyBpcyBhIHRlc3Q=" * 80,
    "digits": "3" * 150,
    "attributes": "a." * 1400,
    "a sentence": "look at your loop and think about which value " * 40,
    "code in lines": "You have " + " ".join(f"`x{i}`" for i in range(150)),
    "tags of code": "<code>x</code> " * 100,
    "lines": "\n".join(["a = b"] * 60),
    "blanks": "Look." + " " * 200 + "Here.",
    "long": "Look at your loop. " * 200,
}
KIND = {
    "a table": "| x | y |\n|---|---|\n| 1 | 2 |\n\nWhat is `y` when `x` is 3?",
    "a nested call": "`print(len(str(sum([abs(round(x, 2)) for x in [1, [2, [3]]]]))))` prints 1.",
    "smileys": "Nearly there :) :( Look at (the first line of (your) loop.",
    "a rule": f"Your result:\n\n{'-' * 79}\n\n1 2 3",
    "Bengali": "তোমার লুপটা আবার দেখো, আর ভাবো কোন মানটা বাদ যায়।" * 8,
}


@pytest.mark.parametrize("name", BABBLE)
def test_babble_is_refused_without_being_read(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing looks at it: on every rung it can't be shown."""

    def read(*_: object) -> None:
        raise AssertionError("it was read")

    for function in ("decodings", "find_input", "_find_code", "_find_words"):
        monkeypatch.setattr(checking, function, read)
    for level in HintLevel:
        finding = check_reply(BABBLE[name], GuardSecrets(), GuardAllowed(), level=level)
        assert finding is not None
        assert finding.family in ("uncheckable", "too_long")


def test_babble_in_another_alphabet_is_refused() -> None:
    """What a message turns into when it is decoded has the same bounds."""
    hidden = "7b" * 70  # 70 braces that open
    finding = check_reply(f"Look: {hidden}", GuardSecrets(), GuardAllowed())
    assert finding is not None
    assert finding.family == "uncheckable"
    assert finding.reason == "hex: 70 brackets open at once"


@pytest.mark.parametrize("name", KIND)
def test_a_hint_is_within_bounds(name: str) -> None:
    """Tables, rules, nested calls and other scripts are read."""
    assert beyond_bounds(KIND[name]) == ""


def test_no_message_of_the_sets_is_beyond() -> None:
    """Neither leaks nor safe ones: what holds them back is what they say."""
    texts = {text for wave in WAVES for each in messages(wave) for text in each.texts}
    assert len(texts) > 2_000
    assert [text for text in texts if beyond_bounds(clear(text))] == []
