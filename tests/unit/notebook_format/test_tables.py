"""Cases and questions in TOML."""

import pytest

from jupyter_tutor.domain.errors import InvalidNotebook
from jupyter_tutor.domain.exercises import (
    CallCase,
    ExpectedException,
    ProgramCase,
    Question,
    QuestionType,
    Tolerance,
    Visibility,
)
from jupyter_tutor.notebook_format.problems import Problems
from jupyter_tutor.notebook_format.tables import read_cases, read_questions

LANGUAGES = ("en", "bn")


def _case_problem(text: str) -> str:
    problems = Problems("a.ipynb")
    read_cases(text, Visibility.PUBLIC, 7, problems)
    with pytest.raises(InvalidNotebook) as caught:
        problems.refuse()
    assert caught.value.details["cell"] == 7
    return caught.value.message


def _question_problem(text: str) -> str:
    problems = Problems("a.ipynb")
    read_questions(text, LANGUAGES, 7, problems)
    with pytest.raises(InvalidNotebook) as caught:
        problems.refuse()
    return caught.value.message


def test_every_form_of_case() -> None:
    problems = Problems("a.ipynb")
    read = read_cases(
        """
        [[case]]
        name = "value"
        call = " f(7) "
        expected = "16"
        [[case]]
        name = "raises"
        call = "f(0)"
        raises = "ValueError"
        visibility = "withheld"
        points = 2
        [[case]]
        name = "raises with message"
        call = "f(-1)"
        raises = { type = "ValueError", match = "posi.*" }
        [[case]]
        name = "rounding"
        call = "mean([0.1, 0.2])"
        expected = "0.15"
        tolerance = 1e-6
        arguments_unchanged = true
        [[case]]
        name = "only absolute"
        call = "mean([1])"
        expected = "1.0"
        tolerance = { absolute = 0.5 }
        [[case]]
        name = "prints"
        call = "greet('Ada')"
        stdout = "Hello, Ada!\\n"
        [[case]]
        name = "program"
        stdin = "3 4\\n"
        stdout = "7\\n"
        points = 0.5
        """,
        Visibility.SECRET,
        1,
        problems,
    )
    problems.refuse()
    specs = [test.spec for test, _ in read]
    assert specs == [
        CallCase("f(7)"),
        CallCase("f(0)", raises=ExpectedException("ValueError")),
        CallCase("f(-1)", raises=ExpectedException("ValueError", "posi.*")),
        CallCase("mean([0.1, 0.2])", tolerance=Tolerance(1e-6, 1e-6), arguments_unchanged=True),
        CallCase("mean([1])", tolerance=Tolerance(0.0, 0.5)),
        CallCase("greet('Ada')", stdout="Hello, Ada!\n"),
        ProgramCase("3 4\n", "7\n"),
    ]
    assert [expression for _, expression in read] == [
        *("16", None, None, "0.15", "1.0", None, None)
    ]
    assert [test.points for test, _ in read] == [1, 2, 1, 1, 1, 1, 0.5]
    assert read[0][0].visibility is Visibility.SECRET
    assert read[1][0].visibility is Visibility.WITHHELD


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[case]\n", ["TOML", "line 1"]),
        ("", ["case", "missing"]),
        ("[[case]]\nname = 'a'", ["case 1 (a)", "either `call`, or both `stdin` and `stdout`"]),
        ("[[case]]\nname = 'a'\nstdin = 'x'", ["both `stdin` and `stdout`"]),
        ("[[case]]\nname = 'a'\ncall = 'f()'", ["`expected`, `raises` or `stdout`"]),
        ("[[case]]\nname = 'a'\ncall = 'f('\nexpected = '1'", ["`call` is no Python expression"]),
        ("[[case]]\nname = 'a'\ncall = 'x = 1'\nexpected = '1'", ["`call` is no Python"]),
        ("[[case]]\nname = 'a'\ncall = 'f()'\nexpected = 'return 1'", ["`expected` is no Python"]),
        ("[[case]]\nname = 'a'\ncall = 'f()'\nexpected = 1", ["expected", "text in quotes"]),
        (
            "[[case]]\nname = 'a'\ncall = 'f()'\nexpected = '1'\nraises = 'ValueError'",
            ["both `expected` and `raises`"],
        ),
        ("[[case]]\nname = 'a'\ncall = 'f()'\nraises = 'not a name'", ["exception class"]),
        (
            "[[case]]\nname = 'a'\ncall = 'f()'\nraises = {type = 'E', match = '('}",
            ["no regular expression"],
        ),
        ("[[case]]\nname = 'a'\ncall = 'f()'\nexpcted = '1'", ["did you mean 'expected'?"]),
        (
            "[[case]]\nname = 'a'\ncall = 'f()'\nstdout = 'x'\nstdin = 'y'",
            ["leave out `call`"],
        ),
        (
            "[[case]]\nname = 'a'\nstdin = 'x'\nstdout = 'y'\nexpected = '1'",
            ["`expected` needs a `call`"],
        ),
        (
            "[[case]]\nname = 'a'\ncall = 'f()'\nraises = 'E'\ntolerance = 1",
            ["`tolerance` needs `expected`"],
        ),
        (
            "[[case]]\nname = 'a'\ncall = 'f()'\nexpected = '1'\ntolerance = nan",
            ["finite number"],
        ),
        (
            "[[case]]\nname = 'a'\ncall = 'f()'\nexpected = '1'\ntolerance = -1",
            ["tolerance", "1e-6"],
        ),
        ("[[case]]\nname = 'a'\ncall = 'f()'\nexpected = '1'\npoints = inf", ["points"]),
        ("[[case]]\nname = 'a'\nstdin = \"\\u0000\"\nstdout = 'x'", ["NUL character"]),
    ],
)
def test_broken_cases_say_what_is_right(text: str, words: list[str]) -> None:
    message = _case_problem(text)
    for word in words:
        assert word in message


SINGLE = """
[[question]]
id = "one"
type = "single"
text.en = "Which?"
correct = ["b"]
[[question.choice]]
id = "a"
text.en = "this"
feedback.en = "no"
[[question.choice]]
id = "b"
text.en = "that"
"""


def test_every_form_of_question() -> None:
    problems = Problems("a.ipynb")
    tests = read_questions(
        SINGLE
        + """
        [[question]]
        id = "many"
        type = "multiple"
        text = { en = "Which ones?", bn = "কোনগুলো?" }
        correct = ["a", "b"]
        points = 3
        choice = [{ id = "a", text.en = "x" }, { id = "b", text.en = "y" }]
        [[question]]
        id = "pi"
        type = "number"
        text.en = "Pi?"
        number = 3.14
        tolerance = { absolute = 0.01 }
        explanation.en = "Archimedes."
        [[question]]
        id = "word"
        type = "text"
        text.en = "A word?"
        correct = ["def", "lambda"]
        """,
        LANGUAGES,
        1,
        problems,
    )
    problems.refuse()
    specs = [test.spec for test in tests]
    assert all(isinstance(spec, Question) for spec in specs)
    assert [spec.type for spec in specs if isinstance(spec, Question)] == list(QuestionType)
    assert [test.name for test in tests] == ["one", "many", "pi", "word"]
    assert [test.points for test in tests] == [1, 3, 1, 1]
    number = specs[2]
    assert isinstance(number, Question)
    assert number.number == 3.14
    assert number.tolerance == Tolerance(0.0, 0.01)
    assert number.explanation == {"en": "Archimedes."}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('correct = ["b"]', 'correct = ["c"]', ["names 'c'", "no choice"]),
        ('correct = ["b"]', 'correct = ["a", "b"]', ["exactly one", "multiple"]),
        ('correct = ["b"]', "", ["needs `correct`"]),
        ('correct = ["b"]', "number = 2", ["needs `correct`", "`number` does not belong"]),
        ('id = "b"', 'id = "a"', ["two choices have the id 'a'"]),
        ('text.en = "Which?"', 'text.bn = "কী?"', ["original language 'en'"]),
        ('text.en = "Which?"', 'text = { en = "a", bm = "b" }', ["'bm'", "there is en, bn"]),
        ('type = "single"', 'type = "singel"', ["did you mean 'single'?"]),
        ('type = "single"', 'type = "number"', ["needs `number`", "`choice` does not belong"]),
        ('id = "one"', "", ["question 1, id", "missing"]),
    ],
)
def test_broken_questions_say_what_is_right(old: str, new: str, words: list[str]) -> None:
    message = _question_problem(SINGLE.replace(old, new, 1))
    for word in words:
        assert word in message
