"""Suspicious lines: what failing runs pass and passing ones do not."""

import math

import pytest

from jupyter_tutor.domain.diagnosis import Region
from jupyter_tutor.domain.spectrum import RunOfLines, ochiai, region_of


def passing(*lines: int) -> RunOfLines:
    return RunOfLines(passed=True, lines=tuple(("answer", line) for line in lines))


def failing(*lines: int) -> RunOfLines:
    return RunOfLines(passed=False, lines=tuple(("answer", line) for line in lines))


def test_ochiai_by_hand() -> None:
    runs = [failing(1, 2, 3), failing(1, 2), passing(1, 3), passing(1)]
    assert ochiai(runs) == {
        ("answer", 1): pytest.approx(2 / math.sqrt(2 * 4)),
        ("answer", 2): pytest.approx(1.0),
        ("answer", 3): pytest.approx(1 / math.sqrt(2 * 2)),
    }


def test_a_line_that_runs_twice_counts_once() -> None:
    assert ochiai([failing(1, 1), passing(1)]) == ochiai([failing(1), passing(1, 1)])


def test_without_failing_runs_nothing_is_suspicious() -> None:
    assert set(ochiai([passing(1, 2)]).values()) == {0.0}
    assert region_of([passing(1, 2)]) is None
    assert region_of([]) is None
    assert region_of([failing()]) is None


def test_a_region_holds_the_most_suspicious_lines_of_one_cell() -> None:
    runs = [failing(1, 2, 3), passing(1), passing(1), passing(1)]
    assert region_of(runs) == Region("answer", (3, 2))


def test_a_region_is_small() -> None:
    region = region_of([failing(*range(1, 40))])
    assert region is not None
    assert region.lines == (39, 38, 37, 36, 35)


def test_a_region_stays_in_its_cell() -> None:
    both = RunOfLines(passed=False, lines=(("a", 1), ("b", 1), ("b", 2)))
    assert region_of([both]) == Region("b", (2, 1))
