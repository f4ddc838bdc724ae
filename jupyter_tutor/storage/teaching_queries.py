"""What instructors read of a whole course: one statement each."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import FunctionFilter, func, select
from sqlalchemy.orm import Session

from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.domain.hint_feedback import FeedbackMark
from jupyter_tutor.services.read_models import FeedbackCount, UsageBy, UsageReport
from jupyter_tutor.storage.tables import (
    CourseRow,
    ExerciseRow,
    HintFeedbackRow,
    HintRequestRow,
    LessonRow,
)
from jupyter_tutor.storage.usage_queries import usage


class PostgresTeachingReads:
    """Implements `ports.TeachingReads`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def feedback_counts(self, course_slug: str) -> Sequence[FeedbackCount]:
        """Return what learners think of the hints, per exercise that gave any, in course order."""

        def marked(mark: FeedbackMark) -> FunctionFilter[int]:
            return func.count().filter(HintFeedbackRow.mark == mark)

        rows = self._session.execute(
            select(
                ExerciseRow.slug,
                func.count().filter(HintRequestRow.level > HintLevel.RESULT),
                marked(FeedbackMark.HELPFUL),
                marked(FeedbackMark.NOT_HELPFUL),
                marked(FeedbackMark.WRONG),
            )
            .join(HintRequestRow, HintRequestRow.exercise_id == ExerciseRow.id)
            .join(LessonRow, LessonRow.id == ExerciseRow.lesson_id)
            .join(CourseRow, CourseRow.id == ExerciseRow.course_id)
            .outerjoin(HintFeedbackRow, HintFeedbackRow.hint_id == HintRequestRow.id)
            .where(CourseRow.slug == course_slug)
            .group_by(ExerciseRow.id, LessonRow.position, LessonRow.slug)
            .order_by(LessonRow.position, LessonRow.slug, ExerciseRow.position, ExerciseRow.slug)
        )
        return [
            FeedbackCount(slug, hints, helpful=helpful, not_helpful=not_helpful, wrong=wrong)
            for slug, hints, helpful, not_helpful, wrong in rows
        ]

    def usage(
        self,
        course_slug: str | None,
        by: UsageBy,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> UsageReport:
        """Return what calls of a language model cost, from a time on and before another."""
        return usage(self._session, course_slug, by, since, until)
