"""Inputs that author's cases speak for: inferred, drawn, made smaller, and never a secret one."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_tutor.domain.exercises import (
    AnswerCell,
    AssertCell,
    CallCase,
    ExerciseContent,
    ExerciseKind,
    ExerciseText,
    ProgramCase,
    TestCase,
    Visibility,
)
from jupyter_tutor.domain.inputs.drawing import domains_of, normal_call, secret_calls
from jupyter_tutor.domain.inputs.inference import Seen, Unknown, infer
from jupyter_tutor.domain.inputs.literals import literal_of
from jupyter_tutor.domain.inputs.shapes import Fixed, Formatted
from jupyter_tutor.domain.inputs.shrinking import simpler_values, weight
from jupyter_tutor.domain.inputs.typed import text_weight, typed_domain_of
from jupyter_tutor.domain.probes import probing_of
from jupyter_tutor.domain.values import encode_plain

PUBLIC, SECRET = Visibility.PUBLIC, Visibility.SECRET
REFERENCE = "def f(items, n=0):\n    return items\n"

plain = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 99) | st.text("abc", max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text("xyz", max_size=2), inner, max_size=2)
    ),
    max_leaves=6,
)


def exercise(*calls: str, secret: tuple[str, ...] = (), source: str = "") -> ExerciseContent:
    tests = [TestCase(call, CallCase(call, encode_plain(0))) for call in calls]
    tests += [
        TestCase(f"secret {call}", CallCase(call, encode_plain(0)), visibility=SECRET)
        for call in secret
    ]
    if source:
        tests.append(TestCase("secret assert", AssertCell(source), visibility=SECRET))
    return ExerciseContent(
        slug="f",
        kind=ExerciseKind.CODING,
        topic="lists",
        difficulty=1,
        texts={"en": ExerciseText("F", "Do it.")},
        tests=tuple(tests),
        answer_cells=(AnswerCell("answer", "", REFERENCE),),
    )


def program(*public: str, secret: str = "") -> ExerciseContent:
    typed = [(text, PUBLIC) for text in public] + ([(secret, SECRET)] if secret else [])
    tests = tuple(
        TestCase(f"{number}", ProgramCase(text, ""), visibility=visibility)
        for number, (text, visibility) in enumerate(typed)
    )
    whole = exercise("f([1])")
    return ExerciseContent(
        slug="p",
        kind=whole.kind,
        topic="lists",
        difficulty=1,
        texts=whole.texts,
        tests=tests,
        answer_cells=whole.answer_cells,
    )


@given(st.lists(plain, min_size=1, max_size=5), st.integers(0, 9))
def test_a_shape_admits_what_it_was_inferred_from_and_mostly_what_it_draws(
    values: list[object], seed: int
) -> None:
    shape = infer([Seen(value) for value in values])
    assert all(shape.admits(value) or repr(value) for value in values)
    drawn = [shape.draw(random.Random(seed), size) for size in range(4)]
    assert {type(one) for one in drawn} <= {type(value) for value in values} | {bool, type(None)}


@pytest.mark.parametrize(
    ("examples", "inside", "outside"),
    [
        ([3, 7, 50], [1, 2, 50], [0, -1, 51, 2.5, True]),
        ([0, -3, 9], [0, -3, 1], [-4, 10]),
        ([1.5, 2.25], [1.5, 2, 1.75], [1.333, 9.0]),
        ([[4, 1, 2], [9, 3]], [[1], [9, 1]], [[], [1, 1, 1, 1], (1,), [-1]]),
        ([[1, 2, 3], [2, 5]], [[1, 2]], [[5, 2]]),
        ([[1, 2, 9], [3, 3, 1], [2]], [[3, 3], [1, 2, 1]], []),
        ([[[1, 0], [0, 1]], [[1, 1, 1], [0, 0, 1]]], [[[1], [0]]], [[[1], [0, 1]]]),
        ([("a", 1), ("b", 2)], [("a", 2)], [("a",), ["a", 1]]),
        ([{"n": 1, "t": "x"}, {"n": 2, "t": "y"}], [{"n": 2, "t": "x"}], [{"n": 1}]),
        ([{"a": 1}, {"b": 2, "c": 3}, {}], [{}, {"a": 2}], [{"a": "x"}]),
        (["12", "7", "250"], ["1", "99"], ["x", "0", "9999"]),
        (["09:15", "10:40", "21:05"], ["09:40", "21:15"], ["99:99", "9:15"]),
        (["Mon", "Tue", "Mon"], ["Tue"], ["Mo", "M", "mon"]),
        (["", "abc"], ["a", ""], ["xyz", "abca"]),
        ([True, False, None], [None, True], [1, 0]),
        ([[1, "a"], [2, "b"]], [[2, "a"]], [["a", 1], [1]]),
    ],
)
def test_what_examples_allow_and_what_they_do_not(
    examples: list[object], inside: list[object], outside: list[object]
) -> None:
    shape = infer([Seen(value) for value in examples])
    assert [value for value in inside if not shape.admits(value)] == []
    assert [value for value in outside if shape.admits(value)] == []


def test_what_stands_in_secret_cases_only_widens_bounds() -> None:
    shape = infer([Seen("ab"), Seen("b"), Seen("secretword", shown=False)])
    drawn = {str(shape.draw(random.Random(n), 3)) for n in range(200)}
    assert not any("s" in text or "w" in text for text in drawn)
    assert any(len(text) > 2 for text in drawn)
    words = infer([Seen("Mon"), Seen("Mon"), Seen("Zzz", shown=False)])
    assert words == Fixed(("Mon",))
    times = infer([Seen("1:2"), Seen("3:4"), Seen("9:9", shown=False)])
    assert isinstance(times, Formatted)
    assert not times.admits("9:2")


def test_a_type_of_its_own_has_no_shape() -> None:
    with pytest.raises(Unknown):
        infer([Seen(b"x")])
    with pytest.raises(Unknown):
        infer([Seen(float("nan"))])


@given(plain)
def test_simpler_values_are_of_the_same_type_and_come_to_an_end(value: object) -> None:
    steps = 0
    while lighter := [one for one in simpler_values(value) if weight(one) < weight(value)]:
        assert {type(one) for one in lighter} <= {type(value), int}
        value = min(lighter, key=weight)
        steps += 1
    assert steps < 200


def test_light_means_few_elements_then_short_then_small() -> None:
    ordered = [([],), ([1],), ([-1],), ([9],), ([1, 1],), ([1, 1, 1],)]
    assert sorted(ordered, key=weight) == ordered
    assert weight(("a",)) < weight(("Z",)) < weight(("ab",))
    assert weight((1,)) < weight((1.5,))


def test_too_few_cases_say_nothing() -> None:
    assert domains_of(exercise("f([1])", "f([2])")) == []
    assert probing_of(exercise("f(g)", "f(h)", "f(x)")) is None
    assert len(domains_of(exercise("f([1])", "f([2])", "f([5])"))) == 1


def test_draws_are_different_within_the_domain_and_the_same_again() -> None:
    (domain,) = domains_of(exercise("f([4, 1], 3)", "f([2], 9)", "f([7, 7, 8], 1)"))
    drawn = domain.draw(40)
    assert len({repr(one) for one in drawn}) == len(drawn) == 40
    assert all(domain.admits(one) for one in drawn)
    assert drawn == domain.draw(40) != domain.draw(40, seed=1)
    assert drawn == sorted(drawn, key=weight)


def test_lists_that_are_always_of_one_length_stay_so() -> None:
    cases = ("f([1, 2], [3, 4])", "f([1], [2])", "f([5, 2, 9], [0, 0, 1])")
    (domain,) = domains_of(exercise(*cases))
    for first, second in [*domain.draw(30), *domain.simpler(([5, 2, 9], [0, 0, 1]))]:
        assert isinstance(first, list)
        assert isinstance(second, list)
        assert len(first) == len(second)


def test_calls_inside_of_a_test_count_too() -> None:
    (domain,) = domains_of(exercise("[f([1]), f([2])]", "f([9]) + 1", "sorted([3, 1])"))
    assert domain.function == "f"


@pytest.mark.parametrize(
    "secret",
    ["f([2, 1])", "f( [2,1] )", "f([2.0, 1])", "f(items=[2, 1])", "list(f([2, 1]))"],
)
def test_a_secret_input_is_known_however_it_is_written(secret: str) -> None:
    content = exercise("f([1])", "f([2, 3])", "f([3, 9])", secret=(secret,))
    assert normal_call("f", ([2, 1],)) in secret_calls(content)


@given(st.integers(0, 3))
def test_no_secret_input_is_drawn_or_shrunk_to(number: int) -> None:
    secret = tuple(f"f([{one}])" for one in range(1, 6))
    content = exercise(
        "f([1, 7])", "f([2, 3])", "f([3, 9, 8])", secret=secret, source="assert f([9]) == 0"
    )
    probing = probing_of(content)
    assert probing is not None
    drawn = probing.draw(60, number)
    lighter = [other for one in drawn for other in probing.simpler(one)]
    hidden = {*secret, "f([9])"}
    assert drawn
    assert hidden.isdisjoint(one.text for one in (*drawn, *lighter))


def test_programs_are_typed_what_their_cases_look_like() -> None:
    content = program("2\nAda 3\nBob 40\n", "1\nCy 7\n", secret="3\nEve 1\nDan 2\nFay 3\n")
    domain = typed_domain_of(content)
    assert domain is not None
    drawn = domain.draw(40)
    assert drawn == domain.draw(40)
    assert not any("Eve" in text or "Dan" in text for text in drawn)
    for text in (*drawn, *domain.simpler("2\nAda 3\nBob 40\n")):
        count, *rest = text.splitlines()
        assert int(count) == len(rest) <= 3
    lighter = domain.simpler("2\nAda 3\nBob 40\n")
    assert lighter == sorted(lighter, key=text_weight)
    assert "1\nAda 3\n" in lighter


def test_what_secret_tests_type_is_never_a_probe() -> None:
    probing = probing_of(program("1 2\n", "3 4\n", secret="\n0 0\n"))
    assert probing is not None
    probes = [one for number in range(3) for one in probing.draw(60, number)]
    lighter = [other for one in probes for other in probing.simpler(one)]
    assert probes
    assert "0 0\n" not in {one.text for one in (*probes, *lighter)}


@given(plain)
def test_encoded_values_come_back_as_they_were(value: object) -> None:
    assert repr(literal_of(encode_plain(value))) == repr(value)


def test_what_is_no_literal_comes_back_as_nothing() -> None:
    assert literal_of(encode_plain([float("inf")])) is None
    assert literal_of({"type": "opaque", "class": "X", "repr": "<X>"}) is None
