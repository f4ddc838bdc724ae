"""Whatever an answer shows is judged: nothing it returns stops the grading of it."""

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from jupyter_tutor.domain import judging
from jupyter_tutor.domain.exercises import CallCase, TestCase, Tolerance, Visibility
from jupyter_tutor.domain.judging import judge
from jupyter_tutor.domain.observations import Ending, Observation, TestReport
from jupyter_tutor.domain.values import encode_plain
from jupyter_tutor.domain.verdicts import Outcome
from jupyter_tutor.execution.inside.encoding import encode

HUGE = 16**5000
VALUES: tuple[Any, ...] = (
    *(1, True, 1.5, float("nan"), float("inf"), "a", b"x", None, 1 + 2j, 10**40, HUGE),
    *([1, 2], (1,), {1, 2}, {"a": 1}, frozenset([1]), range(3), range(HUGE), range(HUGE, 0, -1)),
    *(slice(1), ..., int, len, [[HUGE]], {HUGE: -HUGE}),
)
ATOMS: tuple[Any, ...] = (
    *(None, True, -1, 0, 10**30, 1e308, "nan", "", "A" * 1_000, [], {}, [[]], ["x"], "<f8", "O"),
    *("|V999999999", "\ud800", {"type": "int", "value": "9" * 5_000}, {"type": "int"}, "-0"),
    *("0x" + "f" * 5_000, "1e999999999", "1/0", "9" * 100_000),
)
ENCODED = [encode(value) for value in VALUES]


class _Mutating:
    """Spoils encodings at random, always the same way."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def everything(self, count: int) -> Iterator[dict[str, Any]]:
        """Yield spoilt encodings."""
        for _ in range(count):
            copied = json.loads(json.dumps(self._random.choice(ENCODED)))
            mutated = self._mutated(copied)
            if isinstance(mutated, dict):
                yield mutated

    def _mutated(self, value: object) -> object:
        chance = self._random.random
        if isinstance(value, dict):
            changed = {k: self._mutated(v) if chance() < 0.5 else v for k, v in value.items()}
            if chance() < 0.25 and changed:
                changed[self._random.choice(list(changed))] = self._random.choice(ATOMS)
            if chance() < 0.2:
                changed["type"] = self._random.choice(ENCODED)["type"]
            return changed
        if isinstance(value, list):
            items = [self._mutated(v) if chance() < 0.5 else v for v in value]
            return [*items, self._random.choice([*ATOMS, *ENCODED])] if chance() < 0.2 else items
        return self._random.choice(ATOMS) if chance() < 0.3 else value


def _judged(value: dict[str, Any], expected: object) -> Outcome:
    case = CallCase("f()", expected=encode_plain(expected), tolerance=Tolerance())
    test = TestCase("t", case, visibility=Visibility.SECRET)
    seen = Observation("t", Ending.COMPLETED, value=value)
    return judge((test,), TestReport((), (seen,), 0.1)).results[0].outcome


@pytest.mark.parametrize("value", ENCODED)
def test_odd_values_have_failed(value: dict[str, Any]) -> None:
    assert _judged(value, "something else") is Outcome.FAILED


@pytest.mark.parametrize("seed", range(4))
def test_spoilt_encodings_have_failed(seed: int, caplog: pytest.LogCaptureFixture) -> None:
    for value in _Mutating(seed).everything(2_000):
        assert _judged(value, ["an", "answer", 4.2]) is Outcome.FAILED
    assert not caplog.records  # without the net below


def test_what_can_not_be_judged_has_failed(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def stumble(*_: object) -> None:
        raise ValueError("the expected value is 42")

    monkeypatch.setattr(judging, "compare", stumble)
    assert _judged(encode_plain(42), 42) is Outcome.FAILED
    assert "ValueError" in caplog.text
    assert "42" not in caplog.text
