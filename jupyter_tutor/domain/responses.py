"""Judging quiz responses: what was picked or typed, against what the author holds to be right."""

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence

from jupyter_tutor.domain.errors import InvalidInput
from jupyter_tutor.domain.exercises import Question, QuestionType, TestCase, Tolerance
from jupyter_tutor.domain.judging import score_of
from jupyter_tutor.domain.languages import in_language
from jupyter_tutor.domain.number_comparison import numbers_equal
from jupyter_tutor.domain.phrases import say
from jupyter_tutor.domain.values import printable
from jupyter_tutor.domain.verdicts import Outcome, TestResult, Verdict

MAX_TEXT = 1_000

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")


def judge_responses(
    tests: Sequence[TestCase], responses: Mapping[str, object], language: str
) -> Verdict:
    """Judge the responses to a quiz.

    Args:
        tests: The tests; those that are no questions are left out.
        responses: By question id: a choice's id (single), a list of ids (multiple), a number or
            its text (number), a text (text). A question without a response, or with None, is not
            passed.
        language: For the texts in the results.

    Raises:
        InvalidInput: A response is of the wrong form; the message says which is right.
    """
    questions = [(test, test.spec) for test in tests if isinstance(test.spec, Question)]
    known = {question.id for _, question in questions}
    for name in responses:
        if name not in known:
            raise InvalidInput.of(
                "refusal.no_question",
                question=repr(printable(str(name))[:60]),
                known=", ".join(sorted(known)) or "-",
            )
    results = [
        _judge(test, question, responses.get(question.id), language) for test, question in questions
    ]
    return Verdict(tuple(results), (), score_of(results))


def _judge(test: TestCase, question: Question, response: object, language: str) -> TestResult:
    outcome, got, message = Outcome.NOT_RUN, "", say("quiz.unanswered", language)
    if response is not None and response != [] and response != "":
        right, got, message = _read(question, response, language)
        outcome = Outcome.PASSED if right else Outcome.FAILED
        if right:
            message = in_language(question.explanation, language)
    return TestResult(
        name=test.name,
        visibility=test.visibility,
        outcome=outcome,
        points=test.points,
        earned=test.points if outcome is Outcome.PASSED else 0.0,
        called=in_language(question.text, language),
        got=printable(got),
        message=message,
    )


def _read(question: Question, response: object, language: str) -> tuple[bool, str, str]:
    """Return whether a response is right, how it reads, and what to say when it is not."""
    match question.type:
        case QuestionType.SINGLE | QuestionType.MULTIPLE:
            return _choices(question, _picked(question, response), language)
        case QuestionType.NUMBER:
            number = _number(question, response)
            right = question.number is not None and numbers_equal(
                question.number, number, question.tolerance or Tolerance()
            )
            return right, f"{number:g}", say("quiz.number", language)
        case QuestionType.TEXT:
            text = _typed(question, response)
            accepted = {_folded(each) for each in question.correct}
            return _folded(text) in accepted, text.strip(), say("quiz.text", language)


def _choices(question: Question, picked: list[str], language: str) -> tuple[bool, str, str]:
    chosen = [choice for choice in question.choices if choice.id in picked]
    right = set(picked) == set(question.correct) and bool(question.correct)
    feedback = [
        in_language(choice.feedback, language)
        for choice in chosen
        if choice.id not in question.correct
    ]
    text = " ".join(each for each in feedback if each)
    got = "; ".join(in_language(choice.text, language) for choice in chosen)
    return right, got, text or say("quiz.choice", language)


def _picked(question: Question, response: object) -> list[str]:
    single = question.type is QuestionType.SINGLE
    ids = [choice.id for choice in question.choices]
    picked = [response] if single else response
    if isinstance(picked, list | tuple) and len(set(map(str, picked))) == len(picked):
        texts = [each for each in picked if isinstance(each, str) and each in ids]
        if len(texts) == len(picked):
            return texts
    key = "refusal.one_choice" if single else "refusal.choices"
    raise InvalidInput.of(key, question=repr(question.id), known=", ".join(ids))


def _number(question: Question, response: object) -> float:
    if isinstance(response, str) and _NUMBER.fullmatch(response.strip()):
        response = float(response)
    if isinstance(response, int | float) and not isinstance(response, bool):
        try:
            number = float(response)
        except OverflowError:
            number = math.inf
        if math.isfinite(number):
            return number
    raise InvalidInput.of("refusal.number", question=repr(question.id))


def _typed(question: Question, response: object) -> str:
    if not isinstance(response, str) or len(response) > MAX_TEXT:
        raise InvalidInput.of("refusal.text", question=repr(question.id), count=MAX_TEXT)
    return response


def _folded(text: str) -> str:
    """Return a text as it counts: without outer blanks, case and ways to compose letters."""
    return unicodedata.normalize("NFC", text.strip().casefold())
