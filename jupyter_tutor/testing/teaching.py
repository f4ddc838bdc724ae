"""What instructors read, in memory."""

from collections import Counter
from collections.abc import Sequence

from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.domain.hint_feedback import FeedbackMark
from jupyter_tutor.services.read_models import FeedbackCount
from jupyter_tutor.testing.tables import Tables


class InMemoryTeachingReads:
    """Implements `ports.TeachingReads`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def feedback_counts(self, course_slug: str) -> Sequence[FeedbackCount]:
        """Return what learners think of the hints, per exercise that gave any, in course order."""
        given: Counter[str] = Counter()
        marks: Counter[tuple[str, FeedbackMark]] = Counter()
        for hint in self._tables.hints.values():
            revision = self._tables.revisions[hint.revision_id]
            if revision.course_slug == course_slug:
                slug = revision.content.slug
                given[slug] += hint.level > HintLevel.RESULT
                said = self._tables.hint_feedback.get(hint.id)
                if said is not None:
                    marks[slug, said.mark] += 1
        return [
            FeedbackCount(
                slug,
                given[slug],
                helpful=marks[slug, FeedbackMark.HELPFUL],
                not_helpful=marks[slug, FeedbackMark.NOT_HELPFUL],
                wrong=marks[slug, FeedbackMark.WRONG],
            )
            for slug in sorted(given, key=lambda slug: self._place(course_slug, slug))
        ]

    def _place(self, course: str, slug: str) -> tuple[int, str, int, str]:
        exercise = self._tables.exercises[course, slug]
        lesson = self._tables.lessons[course, exercise.lesson]
        return lesson.position, exercise.lesson, exercise.position, slug
