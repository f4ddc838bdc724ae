"""Stand-ins: what is asked of an answer's object, and what is decided without it."""

import ast
import operator
from typing import Any

import numpy as np
import pytest

from jupyter_tutor.execution.inside.asserting import class_names
from jupyter_tutor.execution.inside.methods import body_for
from jupyter_tutor.execution.inside.operating import SPECIAL
from jupyter_tutor.execution.inside.stand_ins import MirrorType, StandIn, make_stand_in, mark_made


class Answering:
    """An answer that says yes to everything, and gives what it was told to give."""

    def __init__(self, named: str = "", **given: object) -> None:
        self.named = frozenset(named.split())
        self.given = given
        self.asked: list[tuple[object, ...]] = []

    def ask(self, verb: str, *values: object) -> object:
        self.asked.append((verb, *(value for value in values if isinstance(value, str))))
        name = str(values[0]) if verb == "operate" else verb
        if name in self.given:
            found = self.given[name]
            if isinstance(found, BaseException):
                raise found
            return found
        if verb in ("base", "fields"):
            raise TypeError("no value")
        return True

    def object(self, cls: str = "Answer", special: Any = SPECIAL) -> Any:  # noqa: ANN401 - seen as tests see it
        body = {**body_for(special, self), "_tutor_number": 0}
        made = make_stand_in(self, len(self.asked) + 1, "", MirrorType(cls, (StandIn,), body))
        object.__setattr__(made, "_tutor_seen", 1)
        return made

    def made(self, cls: str) -> Any:  # noqa: ANN401 - as above
        found = self.object(cls)
        mark_made(found)
        return found


@pytest.mark.parametrize("other", [1, 0.0, "x", None, [1], {"a": 1}, np.float64(3)])
def test_it_equals_no_trusted_value_by_its_own_word(other: object) -> None:
    answer = Answering()
    made = answer.object()
    assert not made == other  # noqa: SIM201 - `!=` is another method
    assert not other == made  # noqa: SIM201 - `!=` is another method
    assert made != other
    asked = {name for _, *names in answer.asked for name in names}
    assert not asked & {"eq", "ne", "lt", "sub", "isinstance"}


def test_it_equals_what_was_observed_of_it() -> None:
    made = Answering(base=17).object()
    assert made == 17
    assert made == 17.0
    assert made in (16, 17)
    assert {made: 1}[17] == 1
    assert 16 < made <= 17
    assert made != 18


@pytest.mark.parametrize("operation", ["sub", "truediv", "mod", "xor", "add", "mul"])
def test_it_is_not_calculated_with_where_its_class_is_not_named(operation: str) -> None:
    answer = Answering(named="Account", **{operation: 0.0})
    made = answer.object("area")
    with pytest.raises(TypeError):
        getattr(operator, operation)(made, 5)
    assert answer.asked == [("base",)]


def test_a_difference_of_a_named_class_is_no_plain_number() -> None:
    with pytest.raises(TypeError):
        _ = Answering("Account", sub=0.0).object("Account") - 12.5


def test_what_came_of_a_difference_gives_no_plain_number() -> None:
    answer = Answering("Account", abs=0.0, float=0.0, bool=True, base=0.0, str="Account(2)")
    answer.given["sub"] = answer.object("Account")
    difference: Any = answer.object("Account") - 12.5
    for measure in (abs, float, int, bool, round):
        with pytest.raises(TypeError):
            measure(difference)
    with pytest.raises(TypeError):
        _ = difference < 1e-6
    assert not difference == 0.0  # noqa: SIM201 - `!=` is another method
    assert str(difference) == "Account(2)"


def test_what_the_test_made_is_calculated_with() -> None:
    answer = Answering("Temperature Account area C2F", sub=15, floordiv=2)
    assert answer.made("Temperature") - 5 == 15
    assert answer.made("Temperature") // 5 == 2
    for name in ("Kelvin", "area", "C2F"):  # not named, or named as functions are
        with pytest.raises(TypeError):
            _ = answer.made(name) - 5


def test_what_the_answer_gave_back_is_no_longer_what_the_test_made() -> None:
    answer = Answering("Account", sub=0.0)
    made = answer.made("Account")
    object.__setattr__(made, "_tutor_seen", 2)  # as when an attribute of it is the object itself
    with pytest.raises(TypeError):
        _ = made - 12.5
    mark_made(made)  # as when a class gives the same object for all
    with pytest.raises(TypeError):
        _ = made - 12.5


def test_it_has_the_methods_that_its_object_has() -> None:
    made = Answering(len=3).object(special=["len", "unhashable", "nonsense", 7])
    assert len(made) == 3
    assert not hasattr(made, "__iter__")
    assert not hasattr(made, "__nonsense__")
    assert not callable(made)
    for use in (iter, hash, int):
        with pytest.raises(TypeError):
            use(made)


def test_named_classes_may_add_to_trusted_values() -> None:
    assert Answering("Money", add=15).object("Money") + 5 == 15


def test_what_is_in_it_is_looked_for_here() -> None:
    assert "zeb" not in Answering(contains=True, iter=iter("zebra")).object()
    assert "z" in Answering(iter=iter("zebra")).object()
    assert "zeb" in Answering(base="zebra").object()
    answer = Answering("Basket", contains=True, iter=iter("zebra"))
    assert "zeb" not in answer.object("Basket")
    assert "zeb" in Answering("Basket", contains=True).made("Basket")


def test_comparing_methods_are_those_of_what_was_observed() -> None:
    answer = Answering("Bag", base="zebra", call=True)
    answer.given["get"] = answer.object("method")
    assert answer.object().startswith("zeb")
    assert not answer.object("Bag").startswith("x")
    answer.given["base"] = TypeError("no value")
    for name in ("equals", "startswith", "count", "issubset", "get", "union"):
        with pytest.raises(TypeError):
            getattr(answer.object(), name)("x")
    fresh = Answering("Bag", call=True)
    fresh.given["get"] = fresh.object("method")
    assert fresh.made("Bag").count("x") is True


@pytest.mark.parametrize(
    "name",
    ["__array_function__", "__array_ufunc__", "__array_interface__", "__array__", "__dlpack__"],
)
def test_libraries_do_not_let_it_speak_for_itself(name: str) -> None:
    answer = Answering()
    made = answer.object()
    assert not hasattr(made, name)
    assert not hasattr(type(made), name)
    assert answer.asked == []


def test_numpy_gives_it_no_chance() -> None:
    made = Answering(len=2, getitem=IndexError()).object()
    with pytest.raises((AssertionError, TypeError)):
        np.testing.assert_allclose(made, [1.0, 2.0])


def test_truth_and_size_have_to_be_what_they_are() -> None:
    assert not Answering(bool=1).object()
    with pytest.raises(TypeError):
        len(Answering(len="3").object())


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("assert abs(area(2) - PI) < EPS", set()),
        ("Account('x').deposit(3)", {"Account"}),
        ("assert isinstance(made, (Dog, Cat))", {"Dog", "Cat"}),
        ("try:\n    f()\nexcept (Refused, ValueError):\n    pass", {"Refused", "ValueError"}),
        ("class Mine(Base): pass", {"Mine", "Base"}),
        ("assert Color.RED != WORDS.copy()", {"Color"}),
    ],
)
def test_classes_are_named_as_such(source: str, names: set[str]) -> None:
    assert class_names(ast.parse(source)) == names
