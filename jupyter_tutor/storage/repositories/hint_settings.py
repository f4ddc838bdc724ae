"""Settings of help in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, cast
from uuid import UUID

from sqlalchemy import and_, delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from jupyter_tutor.domain.errors import NotFound
from jupyter_tutor.domain.hint_settings import HintSettings, SettingsChain, visible_to_instructors
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.services.read_models import StoredSettings
from jupyter_tutor.storage.advisory import hold
from jupyter_tutor.storage.codec import decode, encode
from jupyter_tutor.storage.repositories.lookups import course_id, exercise_key
from jupyter_tutor.storage.tables import EnrollmentRow, ExerciseRow, HintSettingsRow, PersonRow

_SCOPE = ("course_id", "exercise_id", "learner_id")
_SINCE: Final = "visible_since"
"""Beside the settings in their document: since when instructors may read conversations."""


class PostgresHintSettings:
    """Implements `ports.HintSettingsStore`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def chain(
        self, course_slug: str, exercise_id: UUID | None, learner_id: UUID | None
    ) -> SettingsChain:
        """Return what is said for a learner and an exercise; for None nothing is.

        Raises:
            NotFound: There is no such course.
        """
        row = HintSettingsRow
        course = course_id(self._session, course_slug)
        wanted = [and_(row.exercise_id.is_(None), row.learner_id.is_(None))]
        if exercise_id is not None:
            wanted.append(and_(row.exercise_id == exercise_id, row.learner_id.is_(None)))
        if learner_id is not None:
            here = or_(row.exercise_id.is_(None), row.exercise_id == exercise_id)
            wanted.append(and_(row.learner_id == learner_id, here))
        found = self._session.scalars(select(row).where(row.course_id == course, or_(*wanted)))
        said = {(each.exercise_id, each.learner_id): to_settings(each) for each in found}
        nothing = HintSettings()
        return SettingsChain(
            course=said.get((None, None), nothing),
            exercise=said.get((exercise_id, None), nothing) if exercise_id else nothing,
            learner=said.get((None, learner_id), nothing) if learner_id else nothing,
            learner_here=(
                said.get((exercise_id, learner_id), nothing)
                if exercise_id and learner_id
                else nothing
            ),
        )

    def everything(self, course_slug: str) -> Sequence[StoredSettings]:
        """Return all that is said in a course: of the course, exercises by slug, learners by name.

        Raises:
            NotFound: There is no such course.
        """
        rows = self._session.execute(
            select(HintSettingsRow, ExerciseRow.slug, PersonRow.display_name)
            .outerjoin(ExerciseRow, ExerciseRow.id == HintSettingsRow.exercise_id)
            .outerjoin(PersonRow, PersonRow.id == HintSettingsRow.learner_id)
            .where(HintSettingsRow.course_id == course_id(self._session, course_slug))
        )
        found = [
            StoredSettings(to_settings(row), slug, row.learner_id, name or "", row.updated_at)
            for row, slug, name in rows
        ]
        return sorted(found, key=order)

    def save(
        self,
        course_slug: str,
        settings: HintSettings,
        *,
        exercise: str | None = None,
        learner_id: UUID | None = None,
    ) -> bool:
        """Replace what is said for a course, an exercise, a learner or both; True when it changed.

        Raises:
            NotFound: There is no such course, exercise or learner.
        """
        row = HintSettingsRow
        course = course_id(self._session, course_slug)
        exercise_id = None if exercise is None else exercise_key(self._session, course, exercise)
        if learner_id is not None:
            self._require_learner(course, learner_id)
        hold(self._session, "hint_settings", course, exercise_id, learner_id)
        scope = (
            row.course_id == course,
            row.exercise_id.is_not_distinct_from(exercise_id),
            row.learner_id.is_not_distinct_from(learner_id),
        )
        known = self._session.scalar(select(row).where(*scope))
        if (to_settings(known) if known is not None else HintSettings()) == settings:
            return False
        if settings.says_nothing:
            self._session.execute(delete(row).where(*scope))
            return True
        document = cast("dict[str, object]", encode(settings))
        if visible_to_instructors(settings):
            since = _visible_since(known) if known is not None else None
            now = self._session.execute(select(func.now())).scalar_one()
            document[_SINCE] = (since or now).isoformat()
        values = {"settings": document, "updated_at": func.now()}
        self._session.execute(
            insert(row)
            .values(
                id=uuid7(),
                course_id=course,
                exercise_id=exercise_id,
                learner_id=learner_id,
                **values,
            )
            .on_conflict_do_update(index_elements=_SCOPE, set_=values)
        )
        return True

    def visible_since(self, course_slug: str) -> datetime | None:
        """Return since when instructors may read conversations; None where they may not.

        Raises:
            NotFound: There is no such course.
        """
        row = HintSettingsRow
        said = self._session.scalar(
            select(row).where(
                row.course_id == course_id(self._session, course_slug),
                row.exercise_id.is_(None),
                row.learner_id.is_(None),
            )
        )
        return None if said is None else _visible_since(said)

    def _require_learner(self, course: UUID, learner_id: UUID) -> None:
        enrolled = select(EnrollmentRow.role).where(
            EnrollmentRow.course_id == course, EnrollmentRow.person_id == learner_id
        )
        if self._session.scalar(enrolled) is None:
            raise NotFound("There is no such learner in this course.")


def order(stored: StoredSettings) -> tuple[bool, str, bool, str, str]:
    """Return the key by which settings are listed: the course, exercises, learners."""
    return (
        stored.learner_id is not None,
        stored.learner,
        stored.exercise is not None,
        stored.exercise or "",
        str(stored.learner_id or ""),
    )


def to_settings(row: HintSettingsRow) -> HintSettings:
    """Return settings."""
    said = {name: value for name, value in row.settings.items() if name != _SINCE}
    return decode(HintSettings, cast("object", said))


def _visible_since(row: HintSettingsRow) -> datetime | None:
    """Return since when; where that was not noted, since the last change at the latest."""
    if not visible_to_instructors(to_settings(row)):
        return None
    noted = row.settings.get(_SINCE)
    return datetime.fromisoformat(str(noted)) if noted else row.updated_at
