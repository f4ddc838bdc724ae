"""Sentences about different exercises come out alike once each word is the part it plays."""

import pytest

from jupyter_tutor.domain.guard.checking import GuardAllowed, GuardSecrets, SecretTest, check_reply
from jupyter_tutor.domain.guard.material import material_of
from jupyter_tutor.domain.guard.rewriting import rewritten, rules_of
from jupyter_tutor.domain.guard.roles import Parts, exchanges, roles_of

_OR = Parts(frozenset({"and"}), frozenset({"or"}), frozenset({"height", "age"}))
_ZERO = Parts(frozenset({"0"}), frozenset({"1"}), frozenset({"word"}))
_SOURCE = "def f(height, age, word):\n    return 1\n"


def _roles(text: str, parts: Parts) -> tuple[str, ...]:
    material = material_of(GuardSecrets(references=(_SOURCE,)), GuardAllowed(learner=(_SOURCE,)))
    return roles_of(text, parts, material)


def test_two_exercises_are_one_sentence() -> None:
    one = _roles("Use 0 instead of 1", _ZERO)
    assert one == ("use", "NEW", "instead", "of", "OLD")
    assert _roles("use `and` instead of `or`", _OR) == one


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("`or` → `and`", True),
        ("Take `and` instead of `or`.", True),
        ("`or` should become `and`", True),
        ("Look at age and height", False),
        ("What does `or` mean?", False),
    ],
)
def test_an_exchange_is_seen_in_either_order(text: str, *, is_one: bool) -> None:
    assert exchanges(_roles(text, _OR)) is is_one


def test_rules_are_applied_in_turn() -> None:
    rules = rules_of((r"a", "b"), (r"B", lambda found: found[0] * 2), flags=2)
    assert rewritten("xa", rules) == "xbb"


@pytest.mark.parametrize(
    "text",
    [
        'Call it with {31: ["owl"], 9: ["elk"]} and look.',
        "A hidden test: 31 gives 5.",
    ],
)
def test_a_secret_test_is_found_by_its_arguments(text: str) -> None:
    tests = (SecretTest('g({31: ["owl"], 9: ["elk"]})', "5"), SecretTest("g(31)", "5"))
    finding = check_reply(text, GuardSecrets((_SOURCE,), tests=tests), GuardAllowed((_SOURCE,)))
    assert finding is not None
    assert finding.family == "secret_test"
