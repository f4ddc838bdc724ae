"""The set of messages is what it says to be."""

import ast
from collections import Counter

import pytest

from tests.guard.messages import messages
from tests.guard.situations import Situation, situations

LEAKS = {
    "verbatim", "renamed", "reformatted", "line", "words", "dictation", "split", "encoded",
    "pseudo", "example", "secret",
}  # fmt: skip
PARTS = [pytest.param(each, id=slug) for slug, each in situations().items()]


def test_there_are_enough_of_each_kind() -> None:
    first = messages(1)
    leaks = Counter(message.family for message in first if message.leaks)
    assert set(leaks) == LEAKS
    assert min(leaks.values()) >= 18
    assert leaks.total() >= 320
    assert sum(not message.leaks for message in first) >= 320
    assert sum(message.language == "bn" for message in first) >= 72


def test_a_third_is_held_out() -> None:
    for leaks in (True, False):
        held = [message.held_out for message in messages(1) if message.leaks is leaks]
        assert sum(held) * 3 == len(held)


def test_no_message_is_empty_or_twice_the_same() -> None:
    seen = Counter((m.situation.slug, m.leaks, m.level, m.texts) for m in messages(1))
    assert all(text.strip() for message in messages(1) for text in message.texts)
    assert seen.most_common(1)[0][1] == 1


@pytest.mark.parametrize("situation", PARTS)
def test_the_edit_changes_the_answer_into_another_program(situation: Situation) -> None:
    ast.parse(situation.reference)
    assert ast.dump(ast.parse(situation.learner)) != ast.dump(ast.parse(situation.reference))
    if situation.edit is None:
        return
    lines = situation.learner.split("\n")
    if situation.edit.before:
        assert lines[situation.edit.line - 1] == situation.edit.before
        lines[situation.edit.line - 1] = situation.edit.after
    else:
        lines.insert(situation.edit.line - 1, situation.edit.after)
    mended = "\n".join(lines)
    assert ast.dump(ast.parse(mended)) != ast.dump(ast.parse(situation.learner))
    namespace: dict[str, object] = {}
    for source in situation.setup:
        exec(source, namespace)
    exec(compile(mended, situation.slug, "exec"), namespace)
    failed = [
        test.call
        for test in (*situation.visible, *situation.secret)
        if test.expected
        and "fetch" not in test.call
        and "print_index" not in test.call
        and not _equal(eval(test.call, namespace), eval(test.expected, {}))
    ]
    assert not failed


def _equal(found: object, wanted: object) -> bool:
    if isinstance(found, float) and isinstance(wanted, int | float):
        return abs(found - wanted) < 1e-6
    return found == wanted
