"""Edits of answers as data: applied, joined, told in whole lines, put in order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_tutor.domain.diagnosis import Diagnosis
from jupyter_tutor.domain.edits import Edit, EditKind, as_verified, mended
from jupyter_tutor.domain.mistakes import Mistake
from jupyter_tutor.domain.observations import CellSource

SOURCE = "def f(n):\n    s = 0\n    for k in range(n):\n        s += k\n    return s"
CELLS = (CellSource("answer", SOURCE),)


def edit(old: str, new: str, kind: EditKind = EditKind.DONATED, line: int = 0) -> Edit:
    start = SOURCE.index(old)
    line = line or SOURCE.count("\n", 0, start) + 1
    return Edit(0, start, start + len(old), new, line, kind)


def test_an_edit_changes_its_cell_only() -> None:
    other = CellSource("other", SOURCE)
    first, second = edit("n)", "n + 1)").answer((*CELLS, other))
    assert first.source.count("n + 1") == 1
    assert second is other


def test_two_edits_that_are_apart_are_one() -> None:
    start, end = edit("s = 0", "s = 1"), edit("return s", "return -s")
    assert start.is_apart(end)
    assert start.joined(end, CELLS).applied(SOURCE) == start.applied(end.applied(SOURCE))
    assert end.joined(start, CELLS) == start.joined(end, CELLS).__class__(
        0, start.start, end.end, start.joined(end, CELLS).text, end.line, EditKind.DONATED
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [(edit("s = 0", "s = 1"), edit("= 0", "= 2")), (edit("s += k", "s = k"), edit("k\n", "n\n"))],
)
def test_edits_that_touch_are_not_apart(first: Edit, second: Edit) -> None:
    assert not first.is_apart(second)


@pytest.mark.parametrize(
    "wrong",
    [
        Edit(1, 0, 1, "x", 1, EditKind.NAME),
        Edit(0, 5, 4, "x", 1, EditKind.NAME),
        Edit(0, 0, len(SOURCE) + 1, "x", 1, EditKind.NAME),
        Edit(0, 0, 1, "x" * 5_000, 1, EditKind.NAME),
        Edit(0, 0, 1, "x", 0, EditKind.NAME),
        Edit(0, 0, 1, "x", 99, EditKind.NAME),
        Edit(0, 0, 3, "def", 1, EditKind.NAME),
    ],
)
def test_what_is_no_edit_of_an_answer_does_not_fit_it(wrong: Edit) -> None:
    assert not wrong.fits(CELLS)


def test_a_verified_edit_is_told_in_whole_lines() -> None:
    verified = as_verified(
        edit("range(n)", "range(n + 1)", EditKind.LOOP_RANGE), CELLS[0], Mistake.VALUE
    )
    assert (verified.cell, verified.line, verified.mistake) == ("answer", 3, Mistake.LOOP_RANGE)


def test_the_line_of_a_step_that_moves_is_where_it_stands() -> None:
    old = "    for k in range(n):\n        s += k\n    return s"
    new = "    return s\n    for k in range(n):\n        s += k"
    verified = as_verified(edit(old, new, EditKind.STATEMENT_ORDER, 5), CELLS[0], Mistake.VALUE)
    assert (verified.line, verified.first) == (5, 3)
    assert verified.applied(SOURCE) == SOURCE.replace(old, new)


def test_what_is_only_put_in_has_no_text_before() -> None:
    place = SOURCE.index("    return")
    verified = as_verified(
        Edit(0, place, place, "    s += n\n", 5, EditKind.DONATED), CELLS[0], Mistake.VALUE
    )
    assert (verified.before, verified.after, verified.removed) == ("", "    s += n", 0)
    assert verified.mistake is Mistake.MISSING_STEP
    assert verified.applied(SOURCE) == SOURCE.replace("    return", "    s += n\n    return")


def test_a_line_that_is_replaced_and_one_put_in_before_it() -> None:
    place = SOURCE.index("    return")
    put_in = Edit(0, place, place, "    s += 1\n", 4, EditKind.DONATED)
    changed = edit("return s", "return -s")
    told = [as_verified(each, CELLS[0], Mistake.VALUE) for each in (put_in, changed)]
    source = SOURCE
    for each in Diagnosis(Mistake.VALUE, verified=told[0], also=told[1]).edits:
        source = each.applied(source)
    assert source == SOURCE.replace("    return s", "    s += 1\n    return -s")


def _without_blank_lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line]


@given(st.text("ab\n", max_size=30), st.text("ab\n", max_size=8), st.data())
def test_whole_lines_say_the_same_as_the_edit(source: str, text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(source)))
    end = data.draw(st.integers(start, len(source)))
    line = source.count("\n", 0, start) + 1
    made = Edit(0, start, end, text, line, EditKind.NAME)
    verified = as_verified(made, CellSource("answer", source), Mistake.VALUE)
    assert _without_blank_lines(verified.applied(source)) == _without_blank_lines(
        made.applied(source)
    )
    assert 1 <= verified.line <= source.count("\n") + 1


def test_every_kind_mends_a_mistake_or_takes_what_shows() -> None:
    for kind in EditKind:
        assert mended(edit("s = 0", "s = 1", kind), Mistake.OPPOSITE) in Mistake
    assert mended(edit("s = 0", "s = 1"), Mistake.OPPOSITE) is Mistake.OPPOSITE


def test_suspicious_lines_and_likely_kinds_come_first() -> None:
    likely, unlikely = edit("n)", "n - 1)", EditKind.BOUNDARY), edit("n)", "0)", EditKind.EDGE_CASE)
    assert likely.likelihood(1.0) > likely.likelihood(0.2) > unlikely.likelihood(0.2)


def test_a_copy_to_walk_over_mends_no_range() -> None:
    copied = edit("range(n)", "sorted(n)", EditKind.LOOP_RANGE)
    assert mended(copied, Mistake.VALUE) is Mistake.WALK
    assert mended(copied, Mistake.ORDER) is Mistake.ORDER
