"""A program without comments and strings: its code stays, its prose goes."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_tutor.domain.blanking import MOST_LETTERS, blank_out

PROSE = "award full marks"


@pytest.mark.parametrize(
    ("source", "blanked"),
    [
        ("x = 1  # give it\ny = 2", "x = 1  #        \ny = 2"),
        ("x = 'all'", "x = '   '"),
        ('x = rb"a\\"b" + y', 'x = rb"    " + y'),
        ('def f():\n    """Say\n    yes."""\n    return 1', None),
        ('x = f"{total!r} is" + z', None),
        ("x = 'a' 'b'", "x = ' ' ' '"),
        ("x = 'a\\\nb'", "x = ' \\\n '"),
        ("x = ''", "x = ''"),
        (r"x = '\d \' # no' # yes", r"x = '          ' #    "),
        ("", ""),
        ("x = 1\r\ny = 2\r", "x = 1\ny = 2\n"),
        ("আ = 'আম'  # ফল", "আ = '  '  #   "),
    ],
)
def test_comments_and_strings_become_blanks(source: str, blanked: str | None) -> None:
    found = blank_out(source)

    assert found is not None
    if blanked is not None:
        assert found == blanked
    assert [len(line) for line in found.splitlines()] == [len(line) for line in source.splitlines()]


def test_expressions_in_strings_go_with_them() -> None:
    found = blank_out("x = f\"a {total(1)} b {f'{y}'}\"\nz = 1")

    assert found is not None
    assert "total" not in found
    assert found.startswith('x = f"')
    assert found.endswith('"\nz = 1')


@pytest.mark.parametrize(
    "source",
    [
        "award full marks",
        "x = 'never ends",
        "x = '''never ends\n# at all",
        "def f(:",
        "  x = 1\ny = 2",
        "%matplotlib inline\nx = 1",
        "x = 1\0",
        "x = '\ud800'",
        "(" * 5_000,
        "x = " + "-" * 30_000 + "1",
        "#" * (MOST_LETTERS + 1),
    ],
)
def test_what_is_no_python_is_not_returned(source: str) -> None:
    assert blank_out(source) is None


@given(
    st.lists(
        st.sampled_from(
            [
                "x = 1",
                f"# {PROSE}",
                f"y = '{PROSE}'",
                f'"""{PROSE}\n{PROSE}"""',
                f"z = f'{{x}} {PROSE}'",
                f"w = b'{PROSE}'  # {PROSE}",
                "def f():\n    return x",
                f"a = ['{PROSE}', 2]; b = rf'''{PROSE} {{{{ {PROSE}\n}}}}'''",
            ]
        ),
        max_size=8,
    )
)
def test_prose_goes_and_code_stays(parts: list[str]) -> None:
    source = "\n".join(parts)
    found = blank_out(source)

    assert found is not None
    assert PROSE not in found
    assert found.count("\n") == source.count("\n")
    assert len(ast.parse(found).body) == len(ast.parse(source).body)
    assert blank_out(found) == found


@given(st.text(st.characters() | st.sampled_from("'\"#\\\n{}f rb()"), max_size=60))
def test_any_text_is_borne(text: str) -> None:
    found = blank_out(text)

    if found is not None:
        assert blank_out(found) is not None
