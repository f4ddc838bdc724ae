import pytest

from jupyter_tutor.domain.errors import InvalidInput
from jupyter_tutor.domain.evaluations import judge_responses
from jupyter_tutor.domain.exercises import (
    CallCase,
    Choice,
    Question,
    QuestionType,
    TestCase,
    Tolerance,
)
from jupyter_tutor.domain.verdicts import Outcome, TestResult

CHOICES = (
    Choice("a", {"en": "one", "bn": "এক"}, {"en": "Too few."}),
    Choice("b", {"en": "two", "bn": "দুই"}),
    Choice("c", {"en": "three"}),
)
SINGLE = Question(
    "s", QuestionType.SINGLE, {"en": "How many?", "bn": "কয়টি?"}, CHOICES, ("b",),
    explanation={"en": "Count them."},
)  # fmt: skip
MULTIPLE = Question("m", QuestionType.MULTIPLE, {"en": "Which?"}, CHOICES, ("b", "c"))
NUMBER = Question("n", QuestionType.NUMBER, {"en": "Pi?"}, number=3.14)
ROUGH = Question("r", QuestionType.NUMBER, {"en": "Pi?"}, number=3.1, tolerance=Tolerance(0.0, 0.1))
TEXT = Question("t", QuestionType.TEXT, {"en": "Language?"}, correct=("Python", "CPython"))


def respond(question: Question, response: object, language: str = "en") -> TestResult:
    test = TestCase(f"question {question.id}", question, points=2.0)
    verdict = judge_responses((test,), {question.id: response}, language)
    (only,) = verdict.results
    assert verdict.score == only.earned / 2
    return only


@pytest.mark.parametrize(
    ("question", "response"),
    [
        (SINGLE, "b"),
        (MULTIPLE, ["b", "c"]),
        (MULTIPLE, ["c", "b"]),
        (NUMBER, 3.14),
        (NUMBER, " 3.14 "),
        (ROUGH, 3),
        (ROUGH, "3.2"),
        (TEXT, "python"),
        (TEXT, "  CPYTHON\n"),
    ],
)
def test_right_responses(question: Question, response: object) -> None:
    only = respond(question, response)
    assert (only.outcome, only.earned) == (Outcome.PASSED, 2.0)


@pytest.mark.parametrize(
    ("question", "response"),
    [
        (SINGLE, "a"),
        (MULTIPLE, ["b"]),
        (MULTIPLE, ["a", "b", "c"]),
        (NUMBER, 3.1),
        (NUMBER, -3.14),
        (ROUGH, 4),
        (TEXT, "Java"),
        (TEXT, "Pyt hon"),
        (TEXT, "   "),
    ],
)
def test_wrong_responses(question: Question, response: object) -> None:
    only = respond(question, response)
    assert (only.outcome, only.earned) == (Outcome.FAILED, 0.0)
    assert only.message
    assert only.expected == ""


@pytest.mark.parametrize("response", [None, "", []])
@pytest.mark.parametrize("question", [SINGLE, MULTIPLE, NUMBER, TEXT])
def test_no_response_does_not_pass(question: Question, response: object) -> None:
    only = respond(question, response)
    assert (only.outcome, only.message) == (Outcome.NOT_RUN, "Not answered yet.")


@pytest.mark.parametrize(
    ("question", "response", "words"),
    [
        (SINGLE, "d", "the id of one choice: a, b, c"),
        (SINGLE, ["b"], "the id of one choice"),
        (SINGLE, {"b": True}, "the id of one choice"),
        (MULTIPLE, "b", "a list of different ids"),
        (MULTIPLE, ["b", "b"], "a list of different ids"),
        (MULTIPLE, [1], "a list of different ids"),
        (NUMBER, "three", "a number"),
        (NUMBER, "nan", "a number"),
        (NUMBER, float("inf"), "a number"),
        (NUMBER, 10**400, "a number"),
        (NUMBER, True, "a number"),
        (TEXT, 3, "a text"),
        (TEXT, "x" * 1001, "a text"),
    ],
)
def test_malformed_responses_are_refused_with_the_right_form(
    question: Question, response: object, words: str
) -> None:
    with pytest.raises(InvalidInput, match=words):
        respond(question, response)


def test_unknown_questions_are_refused() -> None:
    with pytest.raises(InvalidInput, match="no question 'x' here; the questions are s"):
        judge_responses((TestCase("q", SINGLE),), {"x": "b"}, "en")


def test_texts_come_in_the_language_asked_for_or_in_the_original() -> None:
    only = respond(SINGLE, "a", "bn")
    assert (only.called, only.got, only.message) == ("কয়টি?", "এক", "Too few.")
    assert respond(SINGLE, "b", "bn").message == "Count them."
    assert respond(MULTIPLE, ["c"], "bn").got == "three"


def test_a_quiz_is_scored_over_all_its_questions() -> None:
    tests = tuple(TestCase(q.id, q) for q in (SINGLE, MULTIPLE, NUMBER, TEXT))
    code = TestCase("code", CallCase("f()"))
    verdict = judge_responses((*tests, code), {"s": "b", "n": 0, "t": "python"}, "en")
    assert [r.name for r in verdict.results] == ["s", "m", "n", "t"]
    assert verdict.score == 0.5
    assert not verdict.passed
