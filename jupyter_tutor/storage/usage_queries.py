"""What calls of a language model cost, added up: one statement each."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, func, literal, select
from sqlalchemy.orm import Session

from jupyter_tutor.domain.model_calls import CallOutcome
from jupyter_tutor.services.read_models import UsageBy, UsageReport, UsageSum
from jupyter_tutor.services.usage_sums import report
from jupyter_tutor.storage.tables import CourseRow, ExerciseRow, PersonRow, UsageRecordRow

_NOBODY = literal("")


def usage(
    session: Session,
    course_slug: str | None,
    by: UsageBy,
    since: datetime | None,
    until: datetime | None,
) -> UsageReport:
    """Return what calls of a language model cost; see `ports.TeachingReads.usage`."""
    row = UsageRecordRow
    key, label = _key(by, everywhere=course_slug is None)
    written = func.coalesce(row.cache_write_5m_tokens, 0) + func.coalesce(
        row.cache_write_1h_tokens, 0
    )
    statement = (
        select(
            key.label("key"),
            label.label("label"),
            func.count(),
            func.count().filter(row.outcome != CallOutcome.COMPLETED),
            func.coalesce(func.sum(row.input_tokens), 0),
            func.coalesce(func.sum(written), 0),
            func.coalesce(func.sum(row.cache_read_tokens), 0),
            func.coalesce(func.sum(row.output_tokens), 0),
            func.sum(row.cost),
        )
        .join(CourseRow, CourseRow.id == row.course_id)
        .outerjoin(ExerciseRow, ExerciseRow.id == row.exercise_id)
        .outerjoin(PersonRow, PersonRow.id == row.learner_id)
        .group_by("key", "label")
    )
    if course_slug is not None:
        statement = statement.where(CourseRow.slug == course_slug)
    if since is not None:
        statement = statement.where(row.created_at >= since)
    if until is not None:
        statement = statement.where(row.created_at < until)
    sums = [UsageSum(*each) for each in session.execute(statement)]
    return report(by, sums)


def _key(by: UsageBy, *, everywhere: bool) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """Return what calls are added up by, and how people call it."""
    row = UsageRecordRow
    if by is UsageBy.LEARNER:
        learner = func.coalesce(cast(row.learner_id, Text), _NOBODY)
        return learner, func.coalesce(PersonRow.display_name, _NOBODY)
    in_course = func.concat(CourseRow.slug, literal("/"), ExerciseRow.slug)
    exercise = in_course if everywhere else func.coalesce(ExerciseRow.slug, _NOBODY)
    keys: dict[UsageBy, ColumnElement[Any]] = {
        UsageBy.EXERCISE: exercise,
        UsageBy.MODEL: func.coalesce(row.model, _NOBODY),
        UsageBy.PURPOSE: cast(row.purpose, Text),
        UsageBy.DAY: func.to_char(func.timezone("UTC", row.created_at), "YYYY-MM-DD"),
    }
    return keys[by], keys[by]
