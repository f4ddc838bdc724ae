"""Repairs of what is no Python: each kind on a small example, and whatever is made can be read."""

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_tutor.execution.inside.repairing import MOST_REPAIRS, repairs
from jupyter_tutor.execution.inside.splicing import Splice

GOOD = """def total(prices):
    result = 0
    for price in prices:
        if price == 1:
            result += min(price, 2)
        else:
            result += prices[0]
    print("sum", result)
    return result
"""

BROKEN = {
    "no colon": GOOD.replace("in prices:", "in prices"),
    "a semicolon for a colon": GOOD.replace("in prices:", "in prices;"),
    "no colon after else": GOOD.replace("else:", "else"),
    "a bracket not closed": GOOD.replace("min(price, 2)", "min(price, 2"),
    "a bracket not closed before a colon": GOOD.replace("(prices):", "(prices:"),
    "a bracket too many": GOOD.replace("min(price, 2)", "min(price, 2))"),
    "another bracket": GOOD.replace("prices[0]", "prices[0)"),
    "no bracket opened": GOOD.replace("min(price, 2)", "min price, 2)"),
    "a quotation mark not closed": GOOD.replace('"sum"', '"sum'),
    "a quotation mark not opened": GOOD.replace('"sum"', 'sum"'),
    "other quotation marks": GOOD.replace('"sum"', '“sum"'),
    "an assignment for a comparison": GOOD.replace("price == 1", "price = 1"),
    "three signs of equality": GOOD.replace("price == 1", "price === 1"),
    "no indentation": GOOD.replace("    result = 0", "result = 0"),
    "too much indentation": GOOD.replace("    result = 0", "      result = 0"),
    "an indentation between": GOOD.replace("    return result", "  return result"),
    "a block that is not indented": GOOD.replace(
        "            result += min", "        result += min"
    ),
    "a keyword misspelt": GOOD.replace("return", "retrun"),
    "another keyword misspelt": GOOD.replace("for price", "fro price"),
    "no comma": GOOD.replace("(price, 2)", "(price 2)"),
    "no def": GOOD.replace("def total", "total"),
    "no in": GOOD.replace("price in prices", "price prices"),
    "print without brackets": GOOD.replace('print("sum", result)', 'print "sum", result'),
    "a sign of another language": GOOD.replace("price == 1", "price == 1 && price"),
    "a return outside of the function": GOOD.replace("    return result", "return result"),
}


def applied(text: str, edit: Splice) -> str:
    return text[: edit.start] + edit.text + text[edit.end :]


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN.keys())
def test_the_program_that_was_meant_is_among_the_repairs(broken: str) -> None:
    meant = GOOD.replace("price == 1", "price == 1 and price") if "&&" in broken else GOOD
    made = [ast.dump(ast.parse(applied(broken, each))) for each in repairs(broken)]

    assert ast.dump(ast.parse(meant)) in made
    assert len(set(made)) == len(made) <= MOST_REPAIRS


@pytest.mark.parametrize("text", [GOOD, "", "x = 1", "%time x(", "!ls (", "x = (1,\r\n"])
def test_what_can_be_read_or_is_no_python_at_all_needs_none(text: str) -> None:
    assert repairs(text) == ()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_is_taken_away_every_repair_can_be_read(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(GOOD) - 1))
    end = data.draw(st.integers(start, min(start + 4, len(GOOD))))
    put_in = data.draw(st.sampled_from(["", ":", "(", "]", "'", " ", "=", "é", "\n", "\t"]))
    broken = GOOD[:start] + put_in + GOOD[end:]
    for each in repairs(broken):
        ast.parse(applied(broken, each))
        assert 1 <= each.line <= broken.count("\n") + 1
        assert 0 <= each.start <= each.end <= len(broken)
