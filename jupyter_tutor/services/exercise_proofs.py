"""Proves one exercise: its tests tell right from wrong, on the author's own evidence."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from jupyter_tutor.domain.comparison import compare
from jupyter_tutor.domain.constructs import SourceRule
from jupyter_tutor.domain.errors import InvalidInput
from jupyter_tutor.domain.evaluations import judge, judge_responses
from jupyter_tutor.domain.exercises import (
    DataFile,
    ExerciseContent,
    ExerciseKind,
    HintLevel,
    Question,
    QuestionType,
    TestCase,
)
from jupyter_tutor.domain.observations import CellSource, RunPlan
from jupyter_tutor.domain.proofs import Proof, ProofKind, Standing
from jupyter_tutor.domain.sources import ExerciseSource
from jupyter_tutor.domain.values import decode, literal
from jupyter_tutor.domain.verdicts import Outcome, TestResult, Verdict
from jupyter_tutor.services.ports import TestRunner
from jupyter_tutor.services.strategies import strategy_fault
from jupyter_tutor.services.weaker_tests import weaker_tests

MIN_TESTS = 10
MIN_WRONG_ANSWERS = 2
WANTED_HINTS = (HintLevel.NUDGE, HintLevel.CONCEPT, HintLevel.STEPS)
_SHOWN_FAILURES = 3
_SLOW_SHARE = 0.5


class ExerciseProver:
    """Proves exercises of one lesson.

    Args:
        runner: Runs answers and tests.
        lesson: Name of the notebook, for the proofs.
        files: The lesson's data files.
    """

    def __init__(self, runner: TestRunner, lesson: str, files: tuple[DataFile, ...]) -> None:
        self._runner = runner
        self._lesson = lesson
        self._files = files

    def evaluate(self, exercise: ExerciseSource) -> tuple[ExerciseContent | None, list[Proof]]:
        """Evaluate the expected values.

        Returns:
            The whole content, or None when a value cannot be had, and the proof that says why.

        Raises:
            KernelUnavailable: No kernel could be started.
        """
        values, proofs = self._values(exercise)
        if proofs or not exercise.whole:
            return None, proofs
        return exercise.evaluated(values), [self._holds(exercise.content, ProofKind.VALUES)]

    def prove_part(self, exercise: ExerciseSource) -> list[Proof]:
        """Prove what can be proven of an exercise that is not whole, or lacks expected values.

        That is: the reference passes the tests that are there. What tests let pass says nothing as
        long as some are missing.

        Raises:
            KernelUnavailable: No kernel could be started.
        """
        proofs = []
        content = exercise.content
        if not exercise.whole:
            detail = "It could not be read whole: only the reference was run"
            remedy = "Correct what is said of the notebook, then check again."
            proofs.append(self._warning(content, ProofKind.FORMAT, detail, remedy))
        values, _ = self._values(exercise)
        there = [
            test
            for test in content.tests
            if test.name not in exercise.expected or test.name in values
        ]
        if content.kind is ExerciseKind.QUIZ or not there:
            return proofs
        part = replace(exercise, content=replace(content, tests=tuple(there)))
        known = replace(part, expected={name: part.expected[name] for name in values})
        proven = known.evaluated(values)
        reference = self._reference(proven, self._run(proven, {}))
        return proofs + ([] if reference.standing is Standing.HOLDS else [reference])

    def _values(
        self, exercise: ExerciseSource
    ) -> tuple[dict[str, Mapping[str, object]], list[Proof]]:
        """Evaluate the expected values; return those that can be had, and a proof per other one."""
        content = exercise.content
        values: dict[str, Mapping[str, object]] = {}
        proofs: list[Proof] = []
        pending: dict[str, str] = {}
        for name, expression in exercise.expected.items():
            value = literal(expression)
            if value is None:
                pending[name] = expression
            else:
                values[name] = _canonical(value)
        found, refusals = self._evaluated(content, pending)
        values |= found
        remedy = (
            "`expected` is evaluated after the set-up and without any answer: use a literal, or "
            "only names that the set-up defines."
        )
        proofs += [self._broken(content, ProofKind.VALUES, why, remedy) for why in refusals]
        for name, encoded in list(values.items()):
            why = _incomparable(encoded)
            if why:
                del values[name]
                detail = f"The expected value of the test '{name}' cannot be compared ({why})"
                remedy = "Let the call return something that can, such as a number, a text or a "
                proofs.append(self._broken(content, ProofKind.VALUES, detail, f"{remedy}list."))
        return values, proofs

    def _evaluated(
        self, content: ExerciseContent, pending: Mapping[str, str]
    ) -> tuple[dict[str, Mapping[str, object]], list[str]]:
        """Evaluate expressions after the set-up: all at once, and where one fails, each alone."""
        if not pending:
            return {}, []
        files = self._used(content)
        try:
            found = self._runner.evaluate(content.setup, tuple(pending.values()), files)
            return {n: _canonical(one) for n, one in zip(pending, found, strict=True)}, []
        except InvalidInput as error:
            if "expression" not in error.details or len(pending) == 1:
                return {}, [error.message]
        values: dict[str, Mapping[str, object]] = {}
        refusals: list[str] = []
        for name, expression in pending.items():
            value, why = self._evaluated(content, {name: expression})
            values |= value
            refusals += why
        return values, list(dict.fromkeys(refusals))

    def prove(self, content: ExerciseContent) -> list[Proof]:
        """Prove that the tests accept the reference and reject the starter and every wrong answer.

        Raises:
            KernelUnavailable: No kernel could be started.
        """
        try:
            reference, starter, wrong = self._verdicts(content)
        except InvalidInput as error:
            remedy = "Correct the response in the known wrong answer."
            return [self._broken(content, ProofKind.WRONG_ANSWERS, error.message, remedy)]
        proofs = [self._reference(content, reference), *self._starter(content, starter)]
        for note, verdict in wrong:
            proofs += self._wrong(content, note, verdict)
        if not wrong:
            proofs.append(
                self._broken(
                    content,
                    ProofKind.WRONG_ANSWERS,
                    "There is no known wrong answer",
                    "Add a raw cell of role 'wrong' with a mistake learners make.",
                )
            )
        return proofs + self._strategies(content) + self._coverage(content, reference)

    def _strategies(self, content: ExerciseContent) -> list[Proof]:
        if not content.strategies:
            return []
        found = strategy_fault(self._runner, content, self._used(content))
        if found is None:
            return [self._holds(content, ProofKind.STRATEGIES)]
        tell = self._warning if found.unproven else self._broken
        return [tell(content, ProofKind.STRATEGIES, found.detail, found.remedy)]

    def _verdicts(
        self, content: ExerciseContent
    ) -> tuple[Verdict, Verdict, list[tuple[str, Verdict]]]:
        """Judge the reference, the starter and each known wrong answer (with its note)."""
        if content.kind is ExerciseKind.QUIZ:
            quiz = _Quiz(content)
            answers = [(one.note, quiz.wrong(one.responses)) for one in content.wrong_answers]
            return quiz.reference(), quiz.answered({}), answers
        starters = {cell.id: cell.starter for cell in content.answer_cells}
        reference, starter = self._run(content, {}), self._run(content, starters)
        answers = [
            # In a debugging exercise the starter often is one of the known wrong answers.
            (
                one.note,
                starter if dict(one.sources) == starters else self._run(content, one.sources),
            )
            for one in content.wrong_answers
        ]
        return reference, starter, answers

    def _run(self, content: ExerciseContent, sources: Mapping[str, str]) -> Verdict:
        """Run all tests with some answer cells replaced; the others hold the reference."""
        plan = RunPlan(
            setup=content.setup,
            cells=tuple(
                CellSource(cell.id, sources.get(cell.id, cell.reference))
                for cell in content.answer_cells
            ),
            tests=content.tests,
            limits=content.limits,
            files=self._used(content),
        )
        return judge(content.tests, self._runner.run(plan), content.limits)

    def _used(self, content: ExerciseContent) -> tuple[DataFile, ...]:
        return tuple(file for file in self._files if file.path in content.files)

    def _reference(self, content: ExerciseContent, verdict: Verdict) -> Proof:
        failed = [one for one in verdict.results if one.outcome is not Outcome.PASSED]
        if verdict.results and not failed:
            return self._holds(content, ProofKind.REFERENCE)
        lines = [f"cell {cell.name}: {cell.message}" for cell in verdict.cells]
        lines += [_failure(one) for one in failed[:_SHOWN_FAILURES]]
        if len(failed) > _SHOWN_FAILURES:
            lines.append(f"and {len(failed) - _SHOWN_FAILURES} more")
        return self._broken(
            content,
            ProofKind.REFERENCE,
            f"The reference fails {len(failed)} of {len(verdict.results)} tests:\n"
            + "\n".join(lines),
            "Mend the reference solution, or the tests where they expect too much.",
        )

    def _starter(self, content: ExerciseContent, verdict: Verdict) -> list[Proof]:
        if verdict.passed:
            return [
                self._broken(
                    content,
                    ProofKind.STARTER,
                    "The untouched starter passes every test",
                    "Add a test that only a real answer passes, or take the answer out of the "
                    "starter.",
                )
            ]
        proofs = [self._holds(content, ProofKind.STARTER)]
        rules = [test.name for test in content.tests if isinstance(test.spec, SourceRule)]
        passed = [
            one.name
            for one in verdict.results
            if one.outcome is Outcome.PASSED and one.name not in rules
        ]
        if passed and content.kind is ExerciseKind.CODING:
            proofs.append(
                self._warning(
                    content,
                    ProofKind.STARTER,
                    f"{_count(len(passed), 'test')} already passed on the untouched starter: "
                    + _listed(passed),
                    "Ask for something the starter does not do yet.",
                )
            )
        return proofs

    def _wrong(self, content: ExerciseContent, note: str, verdict: Verdict) -> list[Proof]:
        if verdict.passed:
            return [
                self._broken(
                    content,
                    ProofKind.WRONG_ANSWERS,
                    f"The known wrong answer '{note}' passes every test",
                    "Add a test that it fails.",
                )
            ]
        if verdict.cells:
            stopped = "; ".join(cell.message for cell in verdict.cells)
            return [
                self._warning(
                    content,
                    ProofKind.WRONG_ANSWERS,
                    f"The known wrong answer '{note}' does not even run: {stopped}",
                    "Make it a mistake that only tests can find.",
                )
            ]
        return [self._holds(content, ProofKind.WRONG_ANSWERS)]

    def _coverage(self, content: ExerciseContent, reference: Verdict) -> list[Proof]:
        found: list[tuple[str, str]] = []
        if len(content.tests) < MIN_TESTS:
            found.append(
                (f"It has {_count(len(content.tests), 'test')}", f"Write {MIN_TESTS} or more.")
            )
        if len(content.wrong_answers) == 1:
            found.append(("It has 1 known wrong answer", f"Write {MIN_WRONG_ANSWERS} or more."))
        hints = next(iter(content.texts.values())).hints
        missing = [
            level.name.lower()
            for level in WANTED_HINTS
            if level not in hints and level <= content.deepest_hint
        ]
        if missing:
            found.append((f"It has no hint for {_listed(missing)}", "Write one for each rung."))
        allowed = content.limits.wall_seconds * _SLOW_SHARE
        slow = [one.name for one in reference.results if one.seconds > allowed]
        if slow:
            found.append(
                (
                    f"The reference takes more than half of the time allowed in {_listed(slow)}",
                    "Raise the limit or make the test smaller; other machines are slower.",
                )
            )
        found += weaker_tests(content)
        return [self._warning(content, ProofKind.COVERAGE, *one) for one in found]

    def _holds(self, content: ExerciseContent, kind: ProofKind) -> Proof:
        return Proof(kind, Standing.HOLDS, self._lesson, content.slug)

    def _warning(
        self, content: ExerciseContent, kind: ProofKind, detail: str, remedy: str
    ) -> Proof:
        return Proof(kind, Standing.WARNING, self._lesson, content.slug, detail, remedy)

    def _broken(self, content: ExerciseContent, kind: ProofKind, detail: str, remedy: str) -> Proof:
        return Proof(kind, Standing.BROKEN, self._lesson, content.slug, detail, remedy)


class _Quiz:
    """Judges responses to the questions of a quiz."""

    def __init__(self, content: ExerciseContent) -> None:
        self._tests: tuple[TestCase, ...] = content.tests
        self._language = next(iter(content.texts))
        self._right: dict[str, object] = {
            test.spec.id: _right_response(test.spec)
            for test in content.tests
            if isinstance(test.spec, Question)
        }

    def answered(self, responses: Mapping[str, object]) -> Verdict:
        return judge_responses(self._tests, responses, self._language)

    def reference(self) -> Verdict:
        return self.answered(self._right)

    def wrong(self, responses: Mapping[str, object]) -> Verdict:
        return self.answered({**self._right, **responses})


def _right_response(question: Question) -> object:
    match question.type:
        case QuestionType.NUMBER:
            return question.number
        case QuestionType.MULTIPLE:
            return list(question.correct)
        case QuestionType.SINGLE | QuestionType.TEXT:
            return question.correct[0]


def _canonical(value: Mapping[str, object]) -> dict[str, object]:
    """Return an encoded value with the items of sets in one order, so that its hash is stable."""
    return {key: _ordered(one, value.get("type")) for key, one in value.items()}


def _ordered(value: object, kind: object) -> object:
    if isinstance(value, Mapping):
        return _canonical(value)
    if isinstance(value, list | tuple):
        items = [_ordered(one, None) for one in value]
        if kind in ("set", "frozenset"):
            items.sort(key=lambda one: json.dumps(one, sort_keys=True))
        return items
    return value


def _incomparable(value: Mapping[str, object]) -> str:
    """Return why a value does not even equal itself, or an empty text when it does."""
    try:
        form = decode(value)
    except InvalidInput as error:
        return error.message
    return compare(form, form).difference


def _failure(result: TestResult) -> str:
    said = result.message or result.outcome.value
    return f"'{result.name}': {said}" + (f" ({result.difference})" if result.difference else "")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_SHOWN_FAILURES])
    more = len(names) - _SHOWN_FAILURES
    return f"{shown} and {more} more" if more > 0 else shown
