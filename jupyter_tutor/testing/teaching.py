"""What instructors read, in memory."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.domain.hint_feedback import FeedbackMark
from jupyter_tutor.domain.model_calls import CallOutcome, TokenUsage, UsageRecord
from jupyter_tutor.services.read_models import FeedbackCount, UsageBy, UsageReport, UsageSum
from jupyter_tutor.services.usage_sums import report, total
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

    def usage(
        self,
        course_slug: str | None,
        by: UsageBy,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> UsageReport:
        """Return what calls of a language model cost, from a time on and before another."""
        sums: dict[tuple[str, str], list[UsageSum]] = {}
        for each in self._tables.usage.values():
            late = since is None or each.created_at >= since
            early = until is None or each.created_at < until
            if late and early and course_slug in (None, each.course_slug):
                key = self._usage_key(each, by, everywhere=course_slug is None)
                sums.setdefault(key, []).append(_sum(each))
        return report(by, [total(each, *key) for key, each in sums.items()])

    def _usage_key(self, of: UsageRecord, by: UsageBy, *, everywhere: bool) -> tuple[str, str]:
        if by is UsageBy.LEARNER:
            if of.learner_id is None:
                return "", ""
            return str(of.learner_id), self._tables.people[of.learner_id].display_name
        slug = of.exercise_slug
        exercise = f"{of.course_slug}/{slug}" if everywhere else slug
        key = {
            UsageBy.EXERCISE: exercise,
            UsageBy.MODEL: of.call.model,
            UsageBy.PURPOSE: of.call.purpose.value,
            UsageBy.DAY: f"{of.created_at.astimezone(UTC):%Y-%m-%d}",
        }[by]
        return key, key

    def _place(self, course: str, slug: str) -> tuple[int, str, int, str]:
        exercise = self._tables.exercises[course, slug]
        lesson = self._tables.lessons[course, exercise.lesson]
        return lesson.position, exercise.lesson, exercise.position, slug


def _sum(of: UsageRecord) -> UsageSum:
    used = of.call.usage or TokenUsage()
    return UsageSum(
        key="",
        label="",
        calls=1,
        unsuccessful=int(of.call.outcome is not CallOutcome.COMPLETED),
        input=used.input or 0,
        cache_write=(used.cache_write_5m or 0) + (used.cache_write_1h or 0),
        cache_read=used.cache_read or 0,
        output=used.output or 0,
        cost=of.cost,
    )
