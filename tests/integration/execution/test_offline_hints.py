"""Offline hints on failing answers to the whole sample course, at every rung, in every language.

Goals: a line that a pointer names is a verified one; nothing below the bottom-out shows a line of
the reference or of the edit; every hint reads easily.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_tutor.domain.exercises import (
    AssertCell,
    CallCase,
    ExerciseContent,
    HintLevel,
    Visibility,
)
from jupyter_tutor.domain.hints import HintDraft, HintRequest, HintSource
from jupyter_tutor.domain.named_lines import lines_named
from jupyter_tutor.domain.offline_hints import offline_levels
from jupyter_tutor.domain.readability import hint_problems
from jupyter_tutor.execution.runner import SandboxTestRunner
from jupyter_tutor.llm.offline import OfflineHintModel
from tests.integration.execution.failing_answers import Failing, failing_answers

pytestmark = pytest.mark.kernel

LANGUAGES = ("en", "bn")
GOLDEN = Path(__file__).parent / "golden"
SHOWN = (
    "race-clock: mutant 1",
    "share-bill: mutant 1",
    "rock-paper-scissors: Looks for a draw first",
    "turn-the-rota: no remainder",
    "bakery-stockroom: adds up",
    "class-election: forgets people",
    "run-length: mutant 1",
)
BELOW = [level for level in HintLevel if level is not HintLevel.BOTTOM_OUT]
NAMED_LINE = re.compile(r"\bline (\d+)|([০-৯]+) নম্বর লাইন")
TOKEN = re.compile(r"\w+|[^\w\s]")


@pytest.fixture(scope="module")
def answers(runner: SandboxTestRunner) -> list[Failing]:
    """Each failing answer, run and diagnosed once."""
    return list(failing_answers(runner))


def hints(
    failing: Failing, *, of_author: bool = False
) -> Iterator[tuple[HintLevel, str, HintDraft]]:
    """Yield each hint that can be made without a model."""
    content = failing.hinted if of_author else failing.content
    for level in sorted(offline_levels(content, failing.diagnosis)):
        for language in LANGUAGES:
            request = HintRequest(
                level,
                language,
                content,
                failing.verdict,
                failing.answer,
                diagnosis=failing.diagnosis,
                lesson="[Loops](04-loops.ipynb)",
            )
            yield level, language, OfflineHintModel().hint(request)


def flat(text: str) -> str:
    return " ".join(TOKEN.findall(text))


def secrets(failing: Failing) -> set[str]:
    """Return what no hint below the last rung may hold: lines that the learner cannot know."""
    edit = failing.diagnosis.verified if failing.diagnosis else None
    lines = [line for cell in failing.content.answer_cells for line in cell.reference.split("\n")]
    hidden = {flat(line) for line in lines if len(TOKEN.findall(line)) > 2}
    hidden |= {flat(line) for line in (edit.after.split("\n") if edit else ()) if flat(line)}
    return {line for line in hidden if len(line.split()) > 1} - known(failing.content, failing)


def known(content: ExerciseContent, failing: Failing) -> set[str]:
    texts = [cell.source for cell in failing.answer.cells]
    texts += [cell.starter for cell in content.answer_cells]
    texts += [text.prompt for text in content.texts.values()]
    texts += content.setup
    for test in content.tests:
        if test.visibility is Visibility.PUBLIC and isinstance(test.spec, AssertCell):
            texts.append(test.spec.source)
        if test.visibility is Visibility.PUBLIC and isinstance(test.spec, CallCase):
            texts.append(test.spec.call)
    return {flat(line) for text in texts for line in text.split("\n")}


def holds(text: str, secret: str) -> bool:
    return f" {secret} " in f" {flat(text)} "


def test_the_set_is_large_and_varied(answers: list[Failing]) -> None:
    diagnosed = [one.diagnosis for one in answers if one.diagnosis is not None]
    assert len(answers) > 100
    assert sum(one.verified is not None for one in diagnosed) > 60
    assert sum(one.counterexample is not None for one in diagnosed) > 20
    assert len({one.mistake for one in diagnosed}) > 8


def test_nothing_below_the_bottom_out_shows_reference_or_edit(answers: list[Failing]) -> None:
    shown = [
        (failing.name, level.name, secret)
        for failing in answers
        for hidden in [secrets(failing)]
        for level, _, draft in hints(failing)
        if level in BELOW
        for secret in hidden
        if holds(draft.text, secret)
    ]
    assert shown == []


def test_neither_does_any_hint_that_the_course_has_written(answers: list[Failing]) -> None:
    """What all code shares, such as `except ValueError:`, an author may write in an example."""
    shown = {
        (failing.content.slug, level.name, secret)
        for failing in answers
        for hidden in [secrets(failing)]
        for level, _, draft in hints(failing, of_author=True)
        if level in BELOW and draft.source is HintSource.AUTHOR
        for secret in hidden
        if len(secret.split()) > 4 and holds(draft.text, secret)
    }
    assert shown == set()


def test_the_bottom_out_shows_the_edit_or_the_reference(answers: list[Failing]) -> None:
    for failing in answers:
        edit = failing.diagnosis.verified if failing.diagnosis else None
        for level, _, draft in hints(failing):
            if level is HintLevel.BOTTOM_OUT and edit is not None:
                assert edit.after.strip("\n") in draft.text
                assert draft.source is HintSource.RULES
            elif level is HintLevel.BOTTOM_OUT:
                assert any(cell.reference in draft.text for cell in failing.content.answer_cells)
                assert draft.source is HintSource.AUTHOR


def test_a_line_is_named_only_where_an_edit_of_it_is_verified(answers: list[Failing]) -> None:
    pointers = 0
    for failing in answers:
        edit = failing.diagnosis.verified if failing.diagnosis else None
        for level, _, draft in hints(failing):
            named = [int(one or other) for one, other in NAMED_LINE.findall(draft.text)]
            if level in (HintLevel.NUDGE, HintLevel.CONCEPT, HintLevel.STEPS):
                assert named == []
            if level is HintLevel.POINTER and edit is None:
                assert lines_named(draft.text) == set()
            elif level is HintLevel.POINTER:
                assert edit is not None
                assert lines_named(draft.text) == {*named} == {edit.line}
                pointers += 1
    assert pointers > 100


def test_every_hint_reads_easily_asks_one_question_and_says_who_made_it(
    answers: list[Failing],
) -> None:
    wrong = [
        (failing.name, level.name, language, problems, draft.text)
        for failing in answers
        for level, language, draft in hints(failing)
        if (problems := hint_problems(draft.text, level, language))
    ]
    assert wrong == []
    assert all(
        draft.source in (HintSource.RULES, HintSource.AUTHOR) and draft.language == language
        for failing in answers[:20]
        for _, language, draft in hints(failing)
    )


def test_no_hint_shows_what_a_secret_test_asks(answers: list[Failing]) -> None:
    for failing in answers:
        calls = {test.visibility: set[str]() for test in failing.content.tests}
        for test in failing.content.tests:
            if isinstance(test.spec, CallCase) and len(TOKEN.findall(test.spec.call)) > 3:
                calls[test.visibility].add(flat(test.spec.call.replace("'", '"')))
        secret = calls.get(Visibility.SECRET, set()) - calls.get(Visibility.PUBLIC, set())
        texts = [flat(draft.text.replace("'", '"')) for _, _, draft in hints(failing)]
        assert not [(failing.name, call) for call in secret for text in texts if call in text]


@pytest.mark.parametrize("language", LANGUAGES)
def test_hints_as_learners_read_them(answers: list[Failing], language: str) -> None:
    """Compared with a file, to be read by people when it changes: `UPDATE_GOLDEN=1` writes it."""
    parts = []
    for name in SHOWN:
        failing = next(
            one for one in answers if one.name.startswith(name) and one.diagnosis is not None
        )
        code = "\n\n".join(cell.source for cell in failing.answer.cells)
        parts.append(f"# {failing.name}\n\n````python\n{code}\n````")
        for level, of, draft in hints(failing):
            if of == language:
                title = level.name.lower().replace("_", " ")
                parts.append(f"## {level.value} {title} ({draft.source.value})\n\n{draft.text}")
    text = "\n\n".join(parts) + "\n"
    golden = GOLDEN / f"hints.{language}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, "utf-8")
    assert text == golden.read_text("utf-8")
