"""What people may have meant: exercises that are spelt alike."""

import pytest

from jupyter_tutor.services.near import no_such_exercise


@pytest.mark.parametrize(
    ("slug", "known", "words"),
    [
        ("doubel", ["parts", "double"], "Did you mean 'double'?"),
        ("sum", ["sum-up", "sum-all", "loops"], "Did you mean 'sum-up' or 'sum-all'?"),
        ("nope", ["double", "parts"], "It has: double, parts."),
        ("nope", [f"exercise-{number}" for number in range(10)], "exercise-7 and 2 more."),
        ("nope", [], "It has none yet."),
    ],
)
def test_near_ones_are_named_or_else_the_first(slug: str, known: list[str], words: str) -> None:
    error = no_such_exercise(slug, "small", known)

    assert error.code == "not_found"
    assert str(error).startswith(f"There is no exercise {slug!r} in the course 'small'.")
    assert str(error).endswith(words)
