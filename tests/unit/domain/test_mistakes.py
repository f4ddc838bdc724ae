"""What kind of wrong value it is, from how the expected and the observed one are shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_tutor.domain.mistakes import Mistake, value_mistake


@pytest.mark.parametrize(
    ("expected", "got", "mistake"),
    [
        ("16", "15", Mistake.OFF_BY_ONE),
        ("0", "1", Mistake.OFF_BY_ONE),
        ("5", "-5", Mistake.SIGN),
        ("2.5", "-2.5", Mistake.SIGN),
        ("3.14159", "3.14", Mistake.ROUNDING),
        ("3.5", "3", Mistake.ROUNDING),
        ("3.5", "4", Mistake.ROUNDING),
        ("3", "3.02", Mistake.ROUNDING),
        ("0.2", "0.9", Mistake.VALUE),
        ("16", "4", Mistake.VALUE),
        ("1" + "0" * 400, "0.5", Mistake.VALUE),
        ("1e999", "1", Mistake.VALUE),
        ("True", "False", Mistake.OPPOSITE),
        ("3", "'3'", Mistake.KIND),
        ("[1, 2]", "(1, 2)", Mistake.KIND),
        ("True", "1", Mistake.KIND),
        ("[1]", "1", Mistake.KIND),
        ("'a b'", "'a  b'", Mistake.BLANKS),
        ("'Ada'", "'ada'", Mistake.CASE),
        ("'Ada'", "'Bob'", Mistake.VALUE),
        ("[1, 2, 2]", "[2, 1, 2]", Mistake.ORDER),
        ("[1, 2, 2]", "[1, 2]", Mistake.ITEM_MISSING),
        ("[1, 2]", "[1, 2, 2]", Mistake.ITEM_EXTRA),
        ("[1, 2]", "[1, 3]", Mistake.OFF_BY_ONE),
        ("(1, 2)", "(2, 3)", Mistake.OFF_BY_ONE),
        ("(1, 2)", "(2, 9)", Mistake.VALUE),
        ("(2, 3, 4)", "(2.05, 3.1, 4)", Mistake.ROUNDING),
        ("{1, 2}", "{1}", Mistake.ITEM_MISSING),
        ("{'a': 1}", "{'a': 1, 'b': 2}", Mistake.ITEM_EXTRA),
        ("{'a': 1}", "{'a': 2}", Mistake.VALUE),
        ("7\n", "8\n", Mistake.OFF_BY_ONE),
        ("Hello, Ada!\n", "Hello, Ada !\n", Mistake.BLANKS),
        ("Hello\n", "hello\n", Mistake.CASE),
        ("array([1, 2])", "array([1, 3])", Mistake.VALUE),
        ("[1, 2, 3…", "[1, 2, 4…", Mistake.VALUE),
        ("[[1]] * 9", "9", Mistake.VALUE),
    ],
)
def test_the_kind_of_wrong_value(expected: str, got: str, mistake: Mistake) -> None:
    assert value_mistake(expected, got) is mistake


literals = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.tuples(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
).map(repr)


@given(literals | st.text(), literals | st.text())
def test_every_pair_of_texts_has_a_kind(expected: str, got: str) -> None:
    assert value_mistake(expected, got) in Mistake
