"""What a model is told of an exercise and an answer, and what its replies are held against.

Nothing here is of a secret test, and of the reference nothing but the edit, from the pointer on.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from jupyter_tutor.domain.diagnosis import Counterexample, Diagnosis
from jupyter_tutor.domain.evaluations import Verdict
from jupyter_tutor.domain.exercises import (
    AssertCell,
    CallCase,
    ExerciseContent,
    HintLevel,
    ProgramCase,
    TestCase,
    Visibility,
)
from jupyter_tutor.domain.guard.secrets import GuardAllowed, GuardSecrets, SecretTest
from jupyter_tutor.domain.hints import Hint
from jupyter_tutor.domain.observations import CellSource
from jupyter_tutor.domain.person_names import words_in
from jupyter_tutor.domain.submissions import Answer
from jupyter_tutor.domain.telling import tell
from jupyter_tutor.domain.values import show
from jupyter_tutor.domain.verdicts import Outcome, TestResult
from jupyter_tutor.services.model_ports import ExerciseFacts, HintFacts, LearnerFacts

_MOST_TESTS: Final = 40
_MOST_FAILING: Final = 3
_LAST: Final = 3
_SHOWN: Final = 400
_IDENTIFIER: Final = re.compile(r"[^\W_]+")


def exercise_facts(
    content: ExerciseContent, language: str, concepts: Mapping[str, str]
) -> ExerciseFacts:
    """Return what a model is told of an exercise: what every learner sees of it.

    Args:
        content: The exercise.
        language: Language code of title and prompt.
        concepts: What it trains: slugs of topics and their titles.
    """
    text = content.text(language)
    public = [test for test in content.tests if test.visibility is Visibility.PUBLIC]
    return ExerciseFacts(
        title=text.title,
        prompt=text.prompt,
        public_tests=tuple(_test_text(test) for test in public[:_MOST_TESTS]),
        concepts=concepts,
    )


def learner_facts(
    content: ExerciseContent,
    answer: Answer,
    verdict: Verdict | None,
    *,
    level: str,
    language: str,
    user_tag: str,
    earlier: Sequence[str],
    names: Iterable[str] = (),
) -> LearnerFacts:
    """Return what a model is told of a learner's work.

    Args:
        content: The exercise.
        answer: What they wrote.
        verdict: On it, or None; of its secret tests nothing is told.
        level: What they know of the topic, in words.
        language: Language code of the reply.
        user_tag: An opaque name of the learner.
        earlier: What was said to them, oldest first.
        names: What they and their accounts are called.
    """
    first_lines, line = {}, 1
    for cell in answer.cells:
        first_lines[cell.id] = line
        line += cell.source.count("\n") + 1
    return LearnerFacts(
        code="\n".join(cell.source for cell in answer.cells),
        failing=_failing(content, verdict) if verdict else "",
        level=level,
        language=language,
        user_tag=user_tag,
        earlier=tuple(earlier[-_LAST:]),
        first_lines=first_lines if len(first_lines) > 1 else {},
        names=telling_names(content, names),
    )


def telling_names(content: ExerciseContent, names: Iterable[str]) -> frozenset[str]:
    """Return the names that tell who a learner is: those that the exercise does not use itself.

    Without them its own words, such as `price` for a learner of that name, could not be spoken of.
    """
    used = {
        word.casefold()
        for text in shown_texts(content)
        for word in (*words_in(text), *_IDENTIFIER.findall(text))
    }
    return frozenset(name for name in names if name.casefold() not in used)


def shown_texts(content: ExerciseContent) -> list[str]:
    """Return what every learner sees of an exercise, in all its languages, without its hints."""
    public = (test for test in content.tests if test.visibility is Visibility.PUBLIC)
    own = [*content.setup, *map(_test_text, public)]
    own += [cell.starter for cell in content.answer_cells]
    return own + [part for text in content.texts.values() for part in (text.title, text.prompt)]


def hint_facts(
    level: HintLevel, exercise: ExerciseFacts, learner: LearnerFacts, diagnosis: Diagnosis
) -> HintFacts:
    """Return what a hint is made from: the edit from the pointer on, and nothing of it below."""
    verified = diagnosis.verified
    if level < HintLevel.POINTER or verified is None:
        return HintFacts(level, exercise, learner, without_edits(diagnosis))
    return HintFacts(level, exercise, learner, diagnosis, fix_told(diagnosis, learner))


def fix_told(diagnosis: Diagnosis | None, learner: LearnerFacts) -> str:
    """Return the edit that mends the answer, in words, or "" where none is known.

    Below the pointer it is for second readings alone: what they reply is no text.
    """
    verified = diagnosis.verified if diagnosis else None
    if verified is None:
        return ""
    line = verified.line + learner.offset(verified.cell)
    return f"line {line}, now `{verified.before}`, becomes `{verified.after}`"


def without_edits(diagnosis: Diagnosis) -> Diagnosis:
    """Return a diagnosis for who must not know what mends the answer."""
    return replace(diagnosis, verified=None, also=None)


def guard_secrets(
    content: ExerciseContent,
    diagnosis: Diagnosis | None,
    passing: Iterable[Sequence[CellSource]] = (),
) -> GuardSecrets:
    """Return what no reply may give away.

    Args:
        content: The exercise.
        diagnosis: What was found out, the edits that mend the answer among it.
        passing: Answers of others that pass.
    """
    found = (diagnosis.verified, diagnosis.also) if diagnosis else ()
    secret = (test for test in content.tests if test.visibility is not Visibility.PUBLIC)
    return GuardSecrets(
        references=tuple(cell.reference for cell in content.answer_cells),
        edits=tuple(edit for edit in found if edit is not None),
        passing=tuple("\n".join(cell.source for cell in cells) for cells in passing),
        tests=tuple(each for test in secret if (each := _secret_test(test)) is not None),
    )


def guard_allowed(
    content: ExerciseContent,
    answer: Answer,
    counterexample: Counterexample | None = None,
    said: Sequence[str] = (),
) -> GuardAllowed:
    """Return what a reply may repeat.

    Args:
        content: The exercise.
        answer: What the learner wrote.
        counterexample: The input they are shown, or None.
        said: What else they wrote, such as in a conversation.
    """
    public = [test for test in content.tests if test.visibility is Visibility.PUBLIC]
    tests = [_test_text(test) for test in public]
    if counterexample is not None:
        tests += [counterexample.call, counterexample.expected, counterexample.got]
    return GuardAllowed(
        learner=(*(cell.source for cell in answer.cells), *said),
        given=(*(cell.starter for cell in content.answer_cells), *content.setup),
        tests=tuple(tests),
        texts=tuple(
            text
            for each in content.texts.values()
            for text in (each.title, each.prompt, *_shallow(each.hints))
        ),
    )


def said_before(hints: Iterable[Hint]) -> tuple[str, ...]:
    """Return the texts of hints, oldest first."""
    return tuple(hint.text for hint in hints)


def _shallow(hints: Mapping[HintLevel, str]) -> list[str]:
    """Return the author's hints of rungs that show no code of the solution."""
    return [text for level, text in hints.items() if level < HintLevel.STEPS]


def _failing(content: ExerciseContent, verdict: Verdict) -> str:
    """Return the cells and public tests that failed, as a learner reads them, in English."""
    told = tell(verdict, content.tests, content.limits, "en")
    public = [
        each
        for each in (*told.cells, *told.results)
        if each.visibility is Visibility.PUBLIC and each.outcome is not Outcome.PASSED
    ]
    return "\n".join(_result_text(each) for each in public[:_MOST_FAILING])


def _result_text(result: TestResult) -> str:
    parts = [result.message or result.outcome.value]
    parts += [f"called: {result.called}"] if result.called else []
    parts += [f"expected: {result.expected}", f"got: {result.got}"] if result.expected else []
    return "; ".join(part[:_SHOWN] for part in parts)


def _test_text(test: TestCase) -> str:
    """Return what a test asks, in a line or a few."""
    match test.spec:
        case CallCase() as case if case.raises is not None:
            return f"{case.call} raises {case.raises.type}"
        case CallCase() as case if case.expected is not None:
            return f"{case.call} == {show(case.expected, _SHOWN)}"
        case CallCase() as case:
            return f"{case.call} prints {(case.stdout or '')[:_SHOWN]!r}"
        case ProgramCase() as case:
            return f"input {case.stdin[:_SHOWN]!r} prints {case.stdout[:_SHOWN]!r}"
        case AssertCell() as cell:
            return cell.source
    return test.name


def _secret_test(test: TestCase) -> SecretTest | None:
    match test.spec:
        case CallCase() as case:
            expected = show(case.expected, _SHOWN) if case.expected is not None else ""
            return SecretTest(case.call, expected or case.stdout or "")
        case ProgramCase() as case:
            return SecretTest(case.stdin, case.stdout)
        case AssertCell() as cell:
            return SecretTest(cell.source)
    return None
