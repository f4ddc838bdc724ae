"""Domain values to documents and rows and back."""

import json
from dataclasses import dataclass, fields, replace

import pytest
from hypothesis import given, settings

from jupyter_tutor.domain.evaluations import Evaluation, Evaluator, TestResult, Verdict
from jupyter_tutor.domain.exercises import CallCase, ExerciseContent, TestSpec
from jupyter_tutor.domain.hints import Hint
from jupyter_tutor.domain.people import Profile
from jupyter_tutor.domain.submissions import Answer, Attempt, Submission
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.storage import mapping
from jupyter_tutor.storage.codec import BrokenDocument, decode, encode
from jupyter_tutor.storage.columns import from_document, to_document
from jupyter_tutor.storage.tables import (
    AttemptRow,
    EvaluationRow,
    HintRequestRow,
    ProfileRow,
    SubmissionRow,
    TestResultRow,
)
from tests.contract import samples
from tests.unit.storage.strategies import answers, contents, verdicts


def through_json(document: object) -> object:
    return from_document(json.loads(json.dumps(to_document(document), allow_nan=False)))


@given(answers)
def test_answers_come_back(answer: Answer) -> None:
    back = decode(Answer, through_json(encode(answer)))
    assert repr(back) == repr(answer)


@given(verdicts)
@settings(max_examples=50)
def test_verdicts_come_back_from_documents_and_from_rows(verdict: Verdict) -> None:
    assert decode(Verdict, through_json(encode(verdict))) == verdict
    row = EvaluationRow(
        id=uuid7(),
        submission_id=uuid7(),
        run="tests-1",
        evaluator=Evaluator.TESTS,
        score=verdict.score,
        verdict_score=verdict.score,
        passed=verdict.passed,
        feedback="",
        created_at=None,
        results=[TestResultRow(**values) for values in mapping.result_values(verdict)],
    )
    assert mapping.to_evaluation(row).verdict == verdict


@given(contents)
@settings(max_examples=60)
def test_content_comes_back_with_its_hash_and_its_order(content: ExerciseContent) -> None:
    row = mapping.revision_row(
        content, key=uuid7(), exercise_id=uuid7(), topic_id=uuid7(), number=1
    )
    row.content = through_json(row.content)  # type: ignore[assignment]
    for test in row.tests:
        test.spec = through_json(test.spec)  # type: ignore[assignment]
    for text in row.texts:
        text.hints = through_json(text.hints)  # type: ignore[assignment]
    back = mapping.to_content(row, slug="slug", topic="topic")
    assert back == content
    assert back.content_hash == content.content_hash == row.content_hash
    assert list(back.texts) == list(content.texts)


def test_every_field_has_a_place() -> None:
    """A field that is added to a value must be added to its table, or come back as a default."""
    columns = {
        TestResult: TestResultRow,
        Attempt: AttemptRow,
        Submission: SubmissionRow,
        Hint: HintRequestRow,
        Profile: ProfileRow,
        Evaluation: EvaluationRow,
    }
    held_elsewhere = {(Evaluation, "verdict")}
    for kind, table in columns.items():
        known = set(table.__mapper__.attrs.keys())
        missing = {field.name for field in fields(kind)} - known
        assert {(kind, name) for name in missing} <= held_elsewhere


class TestCodec:
    def test_a_union_says_its_class(self) -> None:
        assert encode(CallCase("f()"), TestSpec)["class"] == "CallCase"  # type: ignore[index]

    def test_a_field_that_is_not_there_gets_its_default(self) -> None:
        assert decode(Answer, {"cells": []}) == Answer()

    def test_a_field_that_is_not_known_is_passed_over(self) -> None:
        assert decode(Answer, {"cells": [], "mood": "good"}) == Answer()

    @pytest.mark.parametrize(
        "document",
        [
            [],
            {"cells": {}},
            {"cells": [{"id": "a"}]},
            {"cells": [{"id": "a", "source": 1}]},
            {"cells": [None]},
        ],
    )
    def test_a_document_of_another_form_is_broken(self, document: object) -> None:
        with pytest.raises(BrokenDocument):
            decode(Answer, document)

    @pytest.mark.parametrize(
        "change",
        [
            {"kind": "essay"},
            {"texts": []},
            {"due_at": "yesterday"},
            {"due_at": 5},
            {"difficulty": "4"},
            {"tests": [{"name": "a", "spec": {"class": "Magic"}}]},
            {"limits": None},
        ],
    )
    def test_broken_content_is_told_by_its_place(self, change: dict[str, object]) -> None:
        document = encode(samples.exercise())
        assert isinstance(document, dict)
        with pytest.raises(BrokenDocument, match=f"ExerciseContent.{next(iter(change))}"):
            decode(ExerciseContent, {**document, **change})

    def test_a_due_date_keeps_its_zone(self) -> None:
        content = samples.exercise()
        assert content.due_at is not None
        local = replace(content, due_at=content.due_at.astimezone())
        back = decode(ExerciseContent, through_json(encode(local)))
        assert str(back.due_at) == str(local.due_at)

    def test_optional_scalars(self) -> None:
        @dataclass
        class Loose:
            value: str | int | None

        assert decode(Loose, {"value": None}) == Loose(None)
        assert decode(Loose, {"value": 1}) == Loose(1)
        with pytest.raises(BrokenDocument):
            decode(Loose, {"value": 1.5})
