"""Verdicts as their learner may see them: told in a language, and without what is secret."""

from dataclasses import dataclass

from jupyter_tutor.domain.evaluations import Verdict, for_learner, judge_responses, tell
from jupyter_tutor.domain.exercises import Question, Revision
from jupyter_tutor.domain.rule_telling import without_notes
from jupyter_tutor.domain.submissions import Answer


@dataclass(frozen=True, slots=True)
class ShownVerdict:
    """A verdict as its learner may see it.

    Attributes:
        counted: With a result for every test: what is counted.
        shown: With the results that the course tells of: what is shown.
        quiz: Whether the tests are the questions of a quiz.
    """

    counted: Verdict
    shown: Verdict
    quiz: bool


def shown_verdict(of: Verdict, revision: Revision, answer: Answer, language: str) -> ShownVerdict:
    """Return a verdict in the language asked for, whichever it was stored in.

    Args:
        of: The whole verdict.
        revision: What was answered.
        answer: What was judged.
        language: Language code.
    """
    content = revision.content
    quiz = bool(content.tests) and all(isinstance(test.spec, Question) for test in content.tests)
    if quiz:
        told = judge_responses(content.tests, answer.responses, language)
    else:
        told = without_notes(tell(of, content.tests, content.limits, language), content.tests)
    return ShownVerdict(
        counted=for_learner(told, language),
        shown=for_learner(told, language, revision.secret_results),
        quiz=quiz,
    )
