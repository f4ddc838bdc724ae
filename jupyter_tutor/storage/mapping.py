"""Rows from domain values, and domain values from rows.

What queries or constraints need stands in columns; the rest of a value is a document (see `codec`).
A published exercise comes back with the hash it was published with, so the documents also keep
what columns would round off: a due date's own zone, and whether points were written 1 or 1.0.
"""

from collections.abc import Iterable
from dataclasses import fields
from hashlib import sha256
from typing import cast
from uuid import UUID

from jupyter_tutor.domain.criterion_grades import CriterionGrade
from jupyter_tutor.domain.disclosure import SecretResults
from jupyter_tutor.domain.evaluations import Evaluation, TestResult, Verdict
from jupyter_tutor.domain.exercises import (
    ExerciseContent,
    Limits,
    Revision,
    TestCase,
)
from jupyter_tutor.domain.hints import Hint
from jupyter_tutor.domain.observations import RaisedError
from jupyter_tutor.domain.people import Profile
from jupyter_tutor.domain.submissions import Answer, Attempt, Submission
from jupyter_tutor.storage.codec import decode, encode
from jupyter_tutor.storage.tables import (
    AttemptRow,
    EvaluationRow,
    HintRequestRow,
    ProfileRow,
    RevisionFileRow,
    RevisionRow,
    RevisionTextRow,
    SubmissionRow,
    TestCaseRow,
    TestResultRow,
)

JsonObject = dict[str, object]

TEST, CELL = "test", "cell"
"""The parts of a verdict."""

_IN_COLUMNS = ("slug", "kind", "topic", "difficulty", "max_submissions", "deepest_hint")
_IN_ROWS = ("texts", "tests", "files")
_RESULT_COLUMNS = tuple(field.name for field in fields(TestResult) if field.name != "error")


def sha256_of(content: bytes) -> str:
    """Return the SHA-256 of a data file, in hex."""
    return sha256(content).hexdigest()


def limits_document(limits: Limits) -> JsonObject:
    """Return limits as a document."""
    return cast("JsonObject", encode(limits))


def to_limits(document: JsonObject) -> Limits:
    """Return the limits of a document."""
    return decode(Limits, document)


def revision_row(
    content: ExerciseContent, *, key: UUID, exercise_id: UUID, topic_id: UUID, number: int
) -> RevisionRow:
    """Return a new revision with its texts, tests and files."""
    document = cast("JsonObject", encode(content))
    for name in (*_IN_COLUMNS, *_IN_ROWS):
        del document[name]
    return RevisionRow(
        id=key,
        exercise_id=exercise_id,
        number=number,
        content_hash=content.content_hash,
        kind=content.kind,
        topic_id=topic_id,
        difficulty=content.difficulty,
        points=content.points,
        max_submissions=content.max_submissions,
        due_at=content.due_at,
        deepest_hint=content.deepest_hint,
        content=document,
        texts=[
            RevisionTextRow(
                language=language,
                position=position,
                title=text.title,
                prompt=text.prompt,
                hints={str(level.value): hint for level, hint in text.hints.items()},
            )
            for position, (language, text) in enumerate(content.texts.items())
        ],
        tests=[_test_row(position, test) for position, test in enumerate(content.tests)],
        files=[
            RevisionFileRow(path=path, position=position, sha256=digest)
            for position, (path, digest) in enumerate(content.files.items())
        ],
    )


def _test_row(position: int, test: TestCase) -> TestCaseRow:
    document = cast("JsonObject", encode(test))
    del document["name"], document["visibility"]
    return TestCaseRow(
        position=position,
        name=test.name,
        visibility=test.visibility,
        points=test.points,
        spec=document,
    )


def to_content(row: RevisionRow, *, slug: str, topic: str) -> ExerciseContent:
    """Return what was published; `texts`, `tests` and `files` of the row have to be loaded."""
    document: JsonObject = {
        **row.content,
        "slug": slug,
        "kind": row.kind.value,
        "topic": topic,
        "difficulty": row.difficulty,
        "max_submissions": row.max_submissions,
        "deepest_hint": row.deepest_hint.value,
        "texts": {
            text.language: {"title": text.title, "prompt": text.prompt, "hints": text.hints}
            for text in row.texts
        },
        "tests": [
            {**test.spec, "name": test.name, "visibility": test.visibility.value}
            for test in row.tests
        ],
        "files": {file.path: file.sha256 for file in row.files},
    }
    return decode(ExerciseContent, document)


def to_revision(
    row: RevisionRow,
    *,
    course: str,
    lesson: str,
    exercise: str,
    topic: str,
    secret_results: SecretResults,
) -> Revision:
    """Return a revision; the slugs come from the tables it refers to."""
    return Revision(
        id=row.id,
        exercise_id=row.exercise_id,
        course_slug=course,
        lesson_slug=lesson,
        number=row.number,
        content=to_content(row, slug=exercise, topic=topic),
        created_at=row.created_at,
        secret_results=secret_results,
    )


def answer_document(answer: Answer) -> JsonObject:
    """Return an answer as a document."""
    return cast("JsonObject", encode(answer))


def criteria_document(criteria: tuple[CriterionGrade, ...]) -> object:
    """Return what was decided by a rubric as a document, or None where the tests were judged."""
    return encode(criteria) if criteria else None


def verdict_document(verdict: Verdict | None) -> JsonObject | None:
    """Return the verdict on an attempt as a document."""
    return cast("JsonObject | None", encode(verdict))


def to_attempt(row: AttemptRow) -> Attempt:
    """Return an attempt."""
    return Attempt(
        id=row.id,
        learner_id=row.learner_id,
        revision_id=row.revision_id,
        answer=decode(Answer, row.answer),
        status=row.status,
        verdict=None if row.verdict is None else decode(Verdict, row.verdict),
        created_at=row.created_at,
        finished_at=row.finished_at,
        source=row.source,
    )


def to_submission(row: SubmissionRow, evaluations: Iterable[EvaluationRow]) -> Submission:
    """Return a submission with evaluations of it, whose `results` have to be loaded."""
    return Submission(
        id=row.id,
        learner_id=row.learner_id,
        revision_id=row.revision_id,
        number=row.number,
        answer=decode(Answer, row.answer),
        status=row.status,
        evaluations=tuple(to_evaluation(each) for each in evaluations),
        submitted_at=row.submitted_at,
        points_lost=row.points_lost,
    )


def to_evaluation(row: EvaluationRow) -> Evaluation:
    """Return an evaluation; `results` of the row have to be loaded."""
    return Evaluation(
        id=row.id,
        submission_id=row.submission_id,
        evaluator=row.evaluator,
        score=row.score,
        verdict=_to_verdict(row),
        feedback=row.feedback,
        created_at=row.created_at,
        source=row.source,
        seed=row.seed,
        criteria=decode(tuple[CriterionGrade, ...], row.criteria or []),
    )


def _to_verdict(row: EvaluationRow) -> Verdict | None:
    """Return the verdict of an evaluation, whose `results` have to be loaded, or None."""
    if row.verdict_score is None:
        return None
    return Verdict(
        results=tuple(_to_result(result) for result in row.results if result.part == TEST),
        cells=tuple(_to_result(result) for result in row.results if result.part == CELL),
        score=row.verdict_score,
    )


def result_values(verdict: Verdict) -> list[dict[str, object]]:
    """Return the column values of the rows that hold a verdict's results."""
    parts = ((TEST, verdict.results), (CELL, verdict.cells))
    return [
        {
            "part": part,
            "position": position,
            "error": encode(result.error),
            **{name: getattr(result, name) for name in _RESULT_COLUMNS},
        }
        for part, results in parts
        for position, result in enumerate(results)
    ]


def _to_result(row: TestResultRow) -> TestResult:
    return TestResult(
        **{name: getattr(row, name) for name in _RESULT_COLUMNS},
        error=None if row.error is None else decode(RaisedError, row.error),
    )


def to_hint(row: HintRequestRow) -> Hint:
    """Return a hint."""
    return Hint(
        id=row.id,
        learner_id=row.learner_id,
        revision_id=row.revision_id,
        level=row.level,
        source=row.source,
        text=row.text,
        language=row.language,
        created_at=row.created_at,
        cost=row.cost,
    )


def profile_values(profile: Profile) -> dict[str, object]:
    """Return the column values of a profile."""
    return {
        "language": profile.language,
        "skill_level": profile.skill_level,
        "learning_style": profile.learning_style,
        "goals": list(profile.goals),
        "interests": list(profile.interests),
        "hours_per_week": profile.hours_per_week,
        "time_zone": profile.time_zone,
        "preferences": dict(profile.preferences),
    }


def to_profile(row: ProfileRow) -> Profile:
    """Return a profile."""
    return Profile(
        language=row.language,
        skill_level=row.skill_level,
        learning_style=row.learning_style,
        goals=tuple(row.goals),
        interests=tuple(row.interests),
        hours_per_week=row.hours_per_week,
        time_zone=row.time_zone,
        preferences=row.preferences,
    )
