"""Settings of help: what instructors say for a course, an exercise or a learner."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from jupyter_tutor.domain.hint_settings import HintSettings
from jupyter_tutor.services.access import Access, digest
from jupyter_tutor.services.ports import UnitOfWorkFactory
from jupyter_tutor.services.read_models import FeedbackCount, StoredSettings


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom settings are for: a learner, an exercise, a learner on it; with neither, a course."""

    course: str
    exercise: str | None = None
    learner_id: UUID | None = None

    @property
    def subject(self) -> str:
        """The same for the audit trail."""
        if self.exercise is not None and self.learner_id is not None:
            return f"person:{self.learner_id}/exercise:{self.course}/{self.exercise}"
        if self.exercise is not None:
            return f"exercise:{self.course}/{self.exercise}"
        if self.learner_id is not None:
            return f"person:{self.learner_id}"
        return f"course:{self.course}"


class HelpSettingsService:
    """Reads and changes settings of help; for the instructors of a course."""

    def __init__(self, open_uow: UnitOfWorkFactory, access: Access) -> None:
        self._open = open_uow
        self._access = access

    def settings(self, actor_id: UUID, course: str) -> Sequence[StoredSettings]:
        """Return all that is said in a course.

        Raises:
            NotFound: There is no such course for them.
            NotAllowed: They are no instructor of it.
        """
        with self._open() as uow:
            self._access.require_instructor(uow, actor_id, course)
            return uow.hint_settings.everything(course)

    def save(
        self, actor_id: UUID, scope: Scope, settings: HintSettings, key: str
    ) -> Sequence[StoredSettings]:
        """Replace what is said for a course, an exercise, a learner or both; returns all of it.

        Raises:
            NotFound: There is no such course for them, or no such exercise or learner in it.
            NotAllowed: They are no instructor of it.
            InvalidInput: A number makes no sense.
            IdempotencyKeyReused: The key was used for something else.
        """
        settings.check()
        with self._open() as uow:
            self._access.require_instructor(uow, actor_id, scope.course)
            asked = digest(scope.subject, scope.course, repr(settings))
            if uow.idempotency.claim(actor_id, key, "hint_settings", asked) is None:
                changed = uow.hint_settings.save(
                    scope.course, settings, exercise=scope.exercise, learner_id=scope.learner_id
                )
                if changed:
                    details = f"{scope.course}: {told(settings)}"
                    uow.audit.add(actor_id, "hint_settings.changed", scope.subject, details)
                uow.idempotency.settle(actor_id, key, actor_id)
            return uow.hint_settings.everything(scope.course)

    def feedback(self, actor_id: UUID, course: str) -> Sequence[FeedbackCount]:
        """Return what learners think of the hints of a course, per exercise; names nobody.

        Raises:
            NotFound: There is no such course for them.
            NotAllowed: They are no instructor of it.
        """
        with self._open() as uow:
            self._access.require_instructor(uow, actor_id, course)
            return uow.teaching.feedback_counts(course)


def told(settings: HintSettings) -> str:
    """Return settings as they stand in the audit trail, such as `exam=True, deepest=2`."""
    said = []
    for name in settings.__slots__:
        value = getattr(settings, name)
        if name == "costs" and value is not None:
            value = {level.name.lower(): cost for level, cost in sorted(value.items())}
        if value is not None:
            said.append(f"{name}={int(value) if name == 'deepest' else value}")
    return ", ".join(said) or "nothing"
