"""Hints, what is said to them, and settings of help in memory."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from jupyter_tutor.domain.errors import InvalidInput, NotFound
from jupyter_tutor.domain.hint_feedback import HintFeedback, SelfExplanation
from jupyter_tutor.domain.hint_settings import HintSettings, SettingsChain, visible_to_instructors
from jupyter_tutor.domain.hints import Hint
from jupyter_tutor.services.read_models import StoredSettings
from jupyter_tutor.testing.lookups import (
    require_course,
    require_exercise,
    require_person,
    require_revision,
)
from jupyter_tutor.testing.tables import StoredHintSettings, Tables


class InMemoryHints:
    """Implements `ports.Hints`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def add(self, hint: Hint) -> None:
        """Insert a hint."""
        require_revision(self._tables, hint.revision_id)
        require_person(self._tables, hint.learner_id)
        # Written so that NaN is refused.
        if not 0 <= hint.cost < float("inf"):
            raise InvalidInput("A value is outside its bounds and was not saved.")
        self._tables.hints[hint.id] = hint

    def given(self, learner_id: UUID, exercise_id: UUID) -> Sequence[Hint]:
        """Return the hints a learner was given on an exercise, any revision, oldest first."""
        found = (
            each
            for each in self._tables.hints.values()
            if each.learner_id == learner_id
            and self._tables.revisions[each.revision_id].exercise_id == exercise_id
        )
        return sorted(found, key=lambda hint: (hint.created_at, hint.id))

    def hint(self, hint_id: UUID) -> Hint:
        """Return a hint. Raises NotFound."""
        if hint_id not in self._tables.hints:
            raise NotFound("There is no such hint.")
        return self._tables.hints[hint_id]

    def save_feedback(self, feedback: HintFeedback) -> None:
        """Store what a learner thinks of a hint, in place of what they thought before."""
        self.hint(feedback.hint_id)
        self._tables.hint_feedback[feedback.hint_id] = feedback

    def feedback(self, learner_id: UUID, exercise_id: UUID) -> Mapping[UUID, HintFeedback]:
        """Return what a learner thinks of the hints on an exercise, by the hint's key."""
        keys = {hint.id for hint in self.given(learner_id, exercise_id)}
        return {key: each for key, each in self._tables.hint_feedback.items() if key in keys}

    def drop_feedback(self, hint_id: UUID) -> None:
        """Forget what a learner thinks of a hint, if they said anything."""
        self._tables.hint_feedback.pop(hint_id, None)

    def save_explanation(self, explanation: SelfExplanation) -> None:
        """Store why a bottom-out works, in place of what was written before."""
        self.hint(explanation.hint_id)
        self._tables.explanations[explanation.hint_id] = explanation

    def explanations(self, learner_id: UUID, exercise_id: UUID) -> Mapping[UUID, SelfExplanation]:
        """Return a learner's explanations on an exercise, by the hint's key."""
        keys = {hint.id for hint in self.given(learner_id, exercise_id)}
        return {key: each for key, each in self._tables.explanations.items() if key in keys}


class InMemoryHintSettings:
    """Implements `ports.HintSettingsStore`."""

    def __init__(self, tables: Tables, now: datetime) -> None:
        self._tables = tables
        self._now = now

    def chain(
        self, course_slug: str, exercise_id: UUID | None, learner_id: UUID | None
    ) -> SettingsChain:
        """Return what is said for a learner and an exercise; for None nothing is."""
        require_course(self._tables, course_slug)
        slugs = [
            slug
            for (course, slug), exercise in self._tables.exercises.items()
            if course == course_slug and exercise.id == exercise_id
        ]
        slug, nothing = slugs[0] if slugs else None, HintSettings()
        both = bool(slug and learner_id)
        return SettingsChain(
            course=self._said(course_slug, None, None),
            exercise=self._said(course_slug, slug, None) if slug else nothing,
            learner=self._said(course_slug, None, learner_id) if learner_id else nothing,
            learner_here=self._said(course_slug, slug, learner_id) if both else nothing,
        )

    def _said(self, course: str, exercise: str | None, learner_id: UUID | None) -> HintSettings:
        stored = self._tables.hint_settings.get((course, exercise, learner_id))
        return stored.settings if stored else HintSettings()

    def everything(self, course_slug: str) -> Sequence[StoredSettings]:
        """Return all that is said in a course: of the course, exercises by slug, learners."""
        require_course(self._tables, course_slug)
        found = [
            StoredSettings(
                stored.settings,
                exercise,
                learner_id,
                self._tables.people[learner_id].display_name if learner_id else "",
                stored.updated_at,
            )
            for (course, exercise, learner_id), stored in self._tables.hint_settings.items()
            if course == course_slug
        ]
        return sorted(
            found,
            key=lambda each: (
                each.learner_id is not None,
                each.learner,
                each.exercise or "",
                str(each.learner_id or ""),
            ),
        )

    def save(
        self,
        course_slug: str,
        settings: HintSettings,
        *,
        exercise: str | None = None,
        learner_id: UUID | None = None,
    ) -> bool:
        """Replace what is said for a course, an exercise, a learner or both; True on a change."""
        require_course(self._tables, course_slug)
        if exercise is not None:
            require_exercise(self._tables, course_slug, exercise)
        if learner_id is not None and (learner_id, course_slug) not in self._tables.enrollments:
            raise NotFound("There is no such learner in this course.")
        key = (course_slug, exercise, learner_id)
        if self._said(*key) == settings:
            return False
        if settings.says_nothing:
            self._tables.hint_settings.pop(key, None)
        else:
            visible = visible_to_instructors(settings)
            since = self._visible_since(key) or self._now if visible else None
            self._tables.hint_settings[key] = StoredHintSettings(settings, self._now, since)
        return True

    def visible_since(self, course_slug: str) -> datetime | None:
        """Return since when instructors may read conversations; None where they may not."""
        require_course(self._tables, course_slug)
        return self._visible_since((course_slug, None, None))

    def _visible_since(self, key: tuple[str, str | None, UUID | None]) -> datetime | None:
        stored = self._tables.hint_settings.get(key)
        return stored.visible_since if stored else None
