"""Code and values stay what they are inside Markdown."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_tutor.domain.markdown import block, code, count_words


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("f(1)", "`f(1)`"),
        ("a `b` c", "``a `b` c``"),
        ("`", "`` ` ``"),
        ("a\nb", "`a b`"),
        ("", "` `"),
        ("x" * 70, "`" + "x" * 59 + "…`"),
    ],
)
def test_code_spans(text: str, shown: str) -> None:
    assert code(text) == shown


@given(st.text(alphabet="`ab \n", max_size=100))
def test_a_code_span_ends_where_it_should(text: str) -> None:
    shown = code(text)
    fence = re.match("`+", shown)
    assert fence is not None
    inner = shown[len(fence[0]) : -len(fence[0])]
    assert shown == fence[0] + inner + fence[0]
    assert all(len(run) < len(fence[0]) for run in re.findall("`+", inner))
    assert "\n" not in shown


def test_a_block_is_cut_by_lines_and_words() -> None:
    assert block("a\nb\n") == "```text\na\nb\n```"
    assert block("1\n2\n3\n4\n5\n6") == "```text\n1\n2\n3\n4\n5\n…\n```"
    assert block("one two three", words=2) == "```text\none two…\n```"
    assert block("x" * 200) == "```text\n" + "x" * 120 + "…\n```"


@given(st.text(max_size=400))
def test_a_block_is_closed_and_short(text: str) -> None:
    shown = block(text)
    fence = shown.split("text")[0]
    assert shown.endswith("\n" + fence)
    inner = shown[len(fence) + 5 : -len(fence) - 1]
    assert fence not in inner
    assert count_words(inner) <= 27
