"""What a fixed example would give away by chance is left out of a hint."""

from dataclasses import replace

from jupyter_tutor.domain.diagnosis import VerifiedEdit
from jupyter_tutor.domain.exercises import AnswerCell
from jupyter_tutor.domain.mistakes import Mistake
from jupyter_tutor.domain.phrases import CATALOGUES, say
from jupyter_tutor.domain.revealing import secret_lines, without_secrets
from jupyter_tutor.domain.submissions import Answer
from tests.unit.domain.failures import ANSWER, content

REFERENCE = "def mean(marks):\n    if not marks: return 0\n    return sum(marks) / len(marks)\n"
EXERCISE = replace(content(), answer_cells=(AnswerCell("answer", "pass", REFERENCE),))
EDIT = VerifiedEdit("answer", 1, "border", Mistake.BORDER, "n < 3", "n <= 3  # so")


def test_lines_that_the_learner_does_not_see_are_secret() -> None:
    hidden = secret_lines(EXERCISE, ANSWER, [EDIT])
    assert ("if", "not", "marks", ":", "return", "0") in hidden
    assert ("n", "<", "=", "3") in hidden
    assert secret_lines(EXERCISE, Answer()) >= secret_lines(EXERCISE, ANSWER)
    assert ("def", "mean", "(", "marks", ")", ":") not in hidden


def test_an_example_that_is_the_answer_is_left_out_with_its_sentence() -> None:
    hidden = secret_lines(EXERCISE, ANSWER)
    for language in CATALOGUES:
        whole = say("concept.zero", language)
        left = without_secrets(whole, hidden)
        assert "`if not marks: return 0`" in whole
        assert left
        assert "return" not in left
        assert whole.startswith(left)


def test_a_text_without_secrets_stays_as_it_is() -> None:
    whole = say("concept.border", "en")
    assert without_secrets(whole, secret_lines(EXERCISE, ANSWER, [EDIT])) == whole


def test_where_too_little_is_left_nothing_is() -> None:
    assert without_secrets("Write `n <= 3` here. So.", [("n", "<", "=", "3")]) == ""


def test_a_secret_in_the_middle_of_longer_code_is_found() -> None:
    text = "First comes this long sentence about loops. Then `while True: n <= 3 and go()`."
    left = without_secrets(text, [("n", "<", "=", "3")])
    assert left == "First comes this long sentence about loops."
