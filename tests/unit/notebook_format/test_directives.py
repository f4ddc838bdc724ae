"""Regions of answer and assert cells."""

import pytest

from jupyter_tutor.notebook_format.directives import DirectiveError, split_answer, split_tests

STUB = "# YOUR CODE HERE\nraise NotImplementedError()"


def test_a_solution_region_becomes_the_stub_at_its_indentation() -> None:
    reference, starter = split_answer(
        "def f(x):\n    ### BEGIN SOLUTION\n    y = x\n    return y\n    ### END SOLUTION\n"
    )
    assert reference == "def f(x):\n    y = x\n    return y"
    assert starter == "def f(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"


def test_several_regions_and_the_code_between_them() -> None:
    reference, starter = split_answer(
        "a = 1\n### BEGIN SOLUTION\nb = 2\n### END SOLUTION\nc = 3\n"
        "# BEGIN SOLUTION\nd = 4\n# END SOLUTION"
    )
    assert reference == "a = 1\nb = 2\nc = 3\nd = 4"
    assert starter == f"a = 1\n{STUB}\nc = 3\n{STUB}"


def test_without_a_region_the_whole_cell_is_the_solution() -> None:
    assert split_answer("total = 1 + 2\n") == ("total = 1 + 2", STUB)


def test_a_starter_replaces_its_solution_with_one_comment_mark_taken_off() -> None:
    reference, starter = split_answer(
        "def mean(marks):\n"
        "    ### BEGIN SOLUTION\n"
        "    total = sum(marks)\n"
        "    return total / len(marks)\n"
        "    ### END SOLUTION\n"
        "    ### BEGIN STARTER\n"
        "    # total = 0\n"
        "    # for mark in marks:\n"
        "    #     total += mark\n"
        "\n"
        "    #return total / (len(marks) - 1)\n"
        "    # # why?\n"
        "    ### END STARTER\n"
    )
    assert reference == ("def mean(marks):\n    total = sum(marks)\n    return total / len(marks)")
    assert starter == (
        "def mean(marks):\n    total = 0\n    for mark in marks:\n        total += mark\n\n"
        "    return total / (len(marks) - 1)\n    # why?"
    )


def test_an_empty_starter_leaves_nothing() -> None:
    source = (
        "x = 1\n### BEGIN SOLUTION\ny = 2\n### END SOLUTION\n### BEGIN STARTER\n### END STARTER"
    )
    assert split_answer(source) == ("x = 1\ny = 2", "x = 1")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("### BEGIN SOLUTION\nx = 1", ["line 1", "not closed", "### END SOLUTION"]),
        ("x = 1\n### END SOLUTION", ["line 2", "without a BEGIN"]),
        ("### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION", ["line 2", "nested"]),
        ("### BEGIN SOLUTION\n### END STARTER", ["line 2", "without a BEGIN STARTER"]),
        ("### BEGIN STARTER\n# x\n### END STARTER", ["right after the SOLUTION"]),
        (
            "### BEGIN SOLUTION\n### END SOLUTION\ny = 1\n### BEGIN STARTER\n### END STARTER",
            ["right after the SOLUTION"],
        ),
        (
            "### BEGIN SOLUTION\n### END SOLUTION\n### BEGIN STARTER\nx = 1\n### END STARTER",
            ["'x = 1'", "must be a comment"],
        ),
        ("### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS", ["does not belong"]),
        (
            "### BEGIN SOLUTION\nx = 1\n### END SOLUTON",
            ["line 3", "'### END SOLUTON'", "did you mean ### END SOLUTION?"],
        ),
        ("# BEGINN SOLUTION\nx = 1", ["line 1", "did you mean ### BEGIN SOLUTION?"]),
        ("x = 1 ### BEGIN SOLUTION\n", ["line 1", "alone on its line", "### BEGIN SOLUTION"]),
        ("### begin solution\nx = 1", ["alone on its line, as ### BEGIN SOLUTION"]),
        ("### BEGIN  SOLUTION", ["alone on its line"]),
        ("### BEGIN SOLUTION please", ["alone on its line"]),
    ],
)
def test_broken_regions_are_refused(source: str, words: list[str]) -> None:
    with pytest.raises(DirectiveError) as caught:
        split_answer(source)
    for word in words:
        assert word in str(caught.value)


def test_tests_without_a_hidden_region_are_one_test() -> None:
    split = split_tests("assert f(1) == 1\nassert f(2) == 4\n")
    assert split.public == "assert f(1) == 1\nassert f(2) == 4"
    assert split.hidden is None
    assert (split.public_asserts, split.hidden_asserts) == (2, 0)


def test_a_hidden_test_has_the_preparation_but_not_the_public_asserts() -> None:
    split = split_tests(
        "numbers = [3, 1]\nassert f(numbers) == 4, (\n    'the sum'\n)\n"
        "### BEGIN HIDDEN TESTS\nassert f([]) == 0\n### END HIDDEN TESTS\n"
        "numbers.append(2)\nassert f(numbers) == 6\n"
        "### BEGIN HIDDEN TESTS\nfor n in range(3):\n    assert f([n]) == n\n"
        "### END HIDDEN TESTS\n"
    )
    assert "f([])" not in split.public
    assert "f([n])" not in split.public
    assert split.hidden == (
        "numbers = [3, 1]\nassert f([]) == 0\nnumbers.append(2)\n"
        "for n in range(3):\n    assert f([n]) == n"
    )
    assert (split.public_asserts, split.hidden_asserts) == (2, 2)


def test_a_statement_beside_an_assert_is_kept() -> None:
    split = split_tests(
        "x = 1; assert x\n### BEGIN HIDDEN TESTS\nassert x == 1\n### END HIDDEN TESTS"
    )
    assert split.hidden == "x = 1; assert x\nassert x == 1"


def test_tests_with_magics_are_split_by_their_lines() -> None:
    split = split_tests(
        "%timeit -n1 f(1)\nassert f(1)\n### BEGIN HIDDEN TESTS\n  \nassert f(2)\n"
        "### END HIDDEN TESTS"
    )
    assert (split.public_asserts, split.hidden_asserts) == (1, 1)
    assert split.hidden is not None
    assert "assert f(2)" in split.hidden


def test_a_misspelt_hidden_region_never_stays_public() -> None:
    with pytest.raises(DirectiveError, match="### BEGIN HIDDEN TESTS"):
        split_tests("### BEGIN HIDDEN TEST\nassert f(1)\n### END HIDDEN TEST")
