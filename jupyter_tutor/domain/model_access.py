"""Whether a language model may be asked for a learner now; if not, the rules help."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from jupyter_tutor.domain.consents import Consent
from jupyter_tutor.domain.hint_settings import HelpRules
from jupyter_tutor.domain.model_calls import Purpose
from jupyter_tutor.domain.phrases import say
from jupyter_tutor.domain.quotas import BudgetScope, Quota


@dataclass(frozen=True, slots=True)
class Allowed:
    """A model may be asked.

    Attributes:
        nearly_used_up: Whether the learner is to be told that little of the budget is left.
    """

    nearly_used_up: bool = False

    def told(self, language: str) -> str:
        """Return what the learner is told beside the help, or ""."""
        return say("quota.soft", language) if self.nearly_used_up else ""


@dataclass(frozen=True, slots=True)
class Denied:
    """No model may be asked.

    Attributes:
        code: Why, for programs: exam, switched_off, cloud, not_asked, refused, quota.
        phrase: Key of the sentence that tells the learner.
        fields: Its fields.
    """

    code: str
    phrase: str
    fields: Mapping[str, object] = field(default_factory=dict)

    def told(self, language: str) -> str:
        """Return what the learner is told."""
        return say(self.phrase, language, **self.fields)


def may_use_model(
    rules: HelpRules,
    consent: Consent | None,
    endpoint_is_cloud: bool,
    quota: Quota,
    purpose: Purpose = Purpose.HINT,
) -> Allowed | Denied:
    """Decide whether a model may be asked for a learner now.

    An endpoint outside is asked only with a consent in force; one of the organisation's own also
    before anybody was asked, but never against a learner's no.

    Args:
        rules: What holds for them on the exercise.
        consent: What they said, or None when they were never asked.
        endpoint_is_cloud: Whether the endpoint is outside of the organisation.
        quota: What is left.
        purpose: What for: a hint (and its validation), or the chat.
    """
    refusal = refusal_of(rules, consent, endpoint_is_cloud, purpose)
    if refusal is not None:
        return refusal
    if quota.used_up:
        return denied_by(quota)
    return Allowed(nearly_used_up=quota.soft)


def refusal_of(
    rules: HelpRules,
    consent: Consent | None,
    endpoint_is_cloud: bool,
    purpose: Purpose = Purpose.HINT,
) -> Denied | None:
    """Return why nothing may be sent, whatever is left to spend: exam, settings, consent.

    Args:
        rules: What holds for the learner on the exercise.
        consent: What they said, or None when they were never asked.
        endpoint_is_cloud: Whether the endpoint is outside of the organisation.
        purpose: What for.
    """
    chat = purpose is Purpose.CHAT
    if rules.exam:
        return Denied("exam", "quota.exam")
    if not (rules.chat if chat else rules.model):
        return Denied("switched_off", "quota.chat_off" if chat else "quota.model_off")
    if endpoint_is_cloud and not rules.cloud:
        return Denied("cloud", "quota.no_cloud")
    if consent is not None and consent.refused:
        return Denied("refused", "consent.refused")
    if endpoint_is_cloud and (consent is None or not consent.in_force):
        return Denied("not_asked", "consent.not_asked")
    return None


def denied_by(quota: Quota) -> Denied:
    """Return the refusal of a call that a budget has no room for."""
    key = "quota.day" if quota.scope is BudgetScope.LEARNER_DAY else "quota.month"
    return Denied("quota", "quota.course" if quota.scope is BudgetScope.COURSE_MONTH else key)
