"""Consenting: learners say whether a language model may read their work in a course."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from jupyter_tutor.domain.consents import TEXT_VERSION, Consent, must_ask
from jupyter_tutor.domain.conversations import ChatClosed
from jupyter_tutor.domain.errors import Conflict
from jupyter_tutor.domain.hint_settings import rules_for, visible_to_instructors
from jupyter_tutor.domain.model_access import Allowed, Denied, may_use_model
from jupyter_tutor.domain.model_calls import Purpose
from jupyter_tutor.domain.phrases import say
from jupyter_tutor.domain.quotas import Quota
from jupyter_tutor.services.access import Access, digest
from jupyter_tutor.services.ports import UnitOfWork, UnitOfWorkFactory
from jupyter_tutor.services.usage import UsageService

_IN_A_CHAT: Final = {
    "cloud": "chat.cloud",
    "not_asked": "chat.not_asked",
    "refused": "chat.refused",
}


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who would be sent a learner's work.

    Attributes:
        host: By name, or "" where no model is configured.
        is_cloud: Whether that is outside of the organisation that runs the tutor.
    """

    host: str = ""
    is_cloud: bool = False


@dataclass(frozen=True, slots=True)
class ChatStanding:
    """Whether a model would answer a question about an exercise now.

    Attributes:
        closed: Why not, or None where one would.
        message: What the learner is told of that, or "" where there is nothing to tell.
    """

    closed: ChatClosed | None
    message: str


@dataclass(frozen=True, slots=True)
class ConsentState:
    """What a learner said in a course, and what else decides there.

    Attributes:
        consent: What they said last, or None.
        must_ask: Whether they are to be asked now: where a model is configured that the course
            lets them use, and they were not asked yet.
        recipient: Who would be sent their work.
        model: Whether the course lets a model make hints.
        chat: Whether the course has a chat.
        cloud: Whether the course sends anything outside.
        conversations_visible: Whether instructors may read conversations.
        quota: What is left.
    """

    consent: Consent | None
    must_ask: bool
    recipient: Recipient
    model: bool
    chat: bool
    cloud: bool
    conversations_visible: bool
    quota: Quota


class ConsentService:
    """Asks, remembers, and lets learners change their minds."""

    def __init__(
        self,
        open_uow: UnitOfWorkFactory,
        access: Access,
        usage: UsageService,
        recipient: Recipient | None = None,
    ) -> None:
        self._open = open_uow
        self._access = access
        self._usage = usage
        self._recipient = recipient or Recipient()

    def state(self, learner_id: UUID, course: str) -> ConsentState:
        """Return what a learner said in a course. Raises NotFound."""
        with self._open() as uow:
            self._access.require(uow, learner_id, course)
            return self._read(uow, learner_id, course)

    def save(
        self, learner_id: UUID, course: str, key: str, *, given: bool, version: int
    ) -> ConsentState:
        """Note that a learner agrees, or does not (any more).

        Args:
            learner_id: The learner.
            course: The course.
            key: Idempotency key.
            given: Whether they agree.
            version: Of the text they were shown.

        Raises:
            NotFound: No such course for this learner.
            Conflict: They agree to a text that is not the one shown now.
            IdempotencyKeyReused: The key was used for something else.
        """
        with self._open() as uow:
            self._access.require(uow, learner_id, course)
            if given and version != TEXT_VERSION:
                raise Conflict.of("refusal.consent_text")
            asked = digest(course, given, version)
            if uow.idempotency.claim(learner_id, key, "consent", asked) is None:
                consent = Consent(given=given, version=max(version, 1), at=uow.now())
                uow.consents.add(learner_id, course, consent)
                said = "given" if given else "withdrawn"
                uow.audit.add(learner_id, f"consent.{said}", f"course:{course}", f"text {version}")
                uow.idempotency.settle(learner_id, key, learner_id)
            return self._read(uow, learner_id, course)

    def chat(self, learner_id: UUID, course: str, exercise: str, language: str) -> ChatStanding:
        """Return whether a model would answer a question about an exercise, before it is asked.

        Raises:
            NotFound: No such course or exercise for this learner.
        """
        with self._open() as uow:
            self._access.require(uow, learner_id, course)
            revision = uow.courses.latest_revision(course, exercise)
            chain = uow.hint_settings.chain(course, revision.exercise_id, learner_id)
            allowed = may_use_model(
                rules_for(revision.content, chain),
                uow.consents.latest(learner_id, course) if self._recipient.host else None,
                self._recipient.is_cloud,
                self._usage.read_quota(uow, learner_id, course),
                Purpose.CHAT,
            )
        closed = None if isinstance(allowed, Allowed) else ChatClosed(allowed.code)
        if not self._recipient.host and closed in (None, ChatClosed.QUOTA):
            return ChatStanding(ChatClosed.NO_MODEL, say("chat.no_model", language))
        return ChatStanding(closed, _told(allowed, language))

    def _read(self, uow: UnitOfWork, learner_id: UUID, course: str) -> ConsentState:
        consent = uow.consents.latest(learner_id, course)
        chain = uow.hint_settings.chain(course, None, learner_id)
        said = (chain.learner, chain.course)

        def allowed(name: str) -> bool:
            answers = (getattr(each, name) for each in said)
            return next((each for each in answers if each is not None), True)

        model, chat, cloud = allowed("model"), allowed("chat"), allowed("cloud")
        reachable = bool(self._recipient.host) and (cloud or not self._recipient.is_cloud)
        return ConsentState(
            consent=consent,
            must_ask=reachable and (model or chat) and must_ask(consent),
            recipient=self._recipient,
            model=model,
            chat=chat,
            cloud=cloud,
            conversations_visible=visible_to_instructors(chain.course),
            quota=self._usage.read_quota(uow, learner_id, course),
        )


def _told(allowed: Allowed | Denied, language: str) -> str:
    """Return what a learner is told where they would ask, in words for a chat."""
    if isinstance(allowed, Denied):
        if allowed.code == ChatClosed.QUOTA:
            rests = say("chat.rests", language)
            return f"{allowed.told(language)} {rests}"
        return say(_IN_A_CHAT.get(allowed.code, allowed.phrase), language, **allowed.fields)
    return allowed.told(language)
