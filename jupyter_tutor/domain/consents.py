"""Consent: whether a learner lets a language model read what they write in a course.

It is asked once per course, and taken back at any time. What is asked has a version: a consent to
an older text is asked for anew, a refusal is not.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from jupyter_tutor.domain.endpoints import is_local
from jupyter_tutor.domain.phrases import say

TEXT_VERSION: Final = 2
"""Raised whenever the texts come to mean something else."""


@dataclass(frozen=True, slots=True)
class Consent:
    """What a learner said, the last time they were asked or changed their mind.

    Attributes:
        given: Whether they agreed.
        version: Of the text they were shown.
        at: When (UTC, database time).
    """

    given: bool
    version: int
    at: datetime

    @property
    def in_force(self) -> bool:
        """Whether it is a consent to what the text says now."""
        return self.given and self.version == TEXT_VERSION

    @property
    def refused(self) -> bool:
        """Whether they said no, to whichever text."""
        return not self.given


@dataclass(frozen=True, slots=True)
class ConsentText:
    """What a learner is told before they agree.

    Attributes:
        version: Of the text.
        question: What is asked.
        sent: What is sent.
        recipient: To whom.
        never: What never is.
        revoke: That it can be taken back, and what then.
    """

    version: int
    question: str
    sent: str
    recipient: str
    never: str
    revoke: str


def must_ask(consent: Consent | None) -> bool:
    """Whether a learner has to be asked: never before, or to an older text."""
    return consent is None or (consent.given and not consent.in_force)


def consent_text(language: str, host: str, *, is_cloud: bool) -> ConsentText:
    """Return what a learner is told.

    Args:
        language: Language code.
        host: Who answers, such as `api.anthropic.com`; "" where no model is configured.
        is_cloud: Whether that is outside of the organisation that runs the tutor.
    """
    if not host:
        recipient = say("consent.to_nobody", language)
    else:
        outside = "consent.to_proxy" if is_local(f"//{host}") else "consent.to_cloud"
        key = outside if is_cloud else "consent.to_local"
        recipient = say(key, language, host=host)
    return ConsentText(
        version=TEXT_VERSION,
        question=say("consent.question", language),
        sent=say("consent.sent", language),
        recipient=recipient,
        never=say("consent.never", language),
        revoke=say("consent.revoke", language),
    )
