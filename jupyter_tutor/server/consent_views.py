"""Views of usage, people, consent and conversations. See `views`."""

from collections.abc import Sequence
from decimal import Decimal

from jupyter_tutor.domain.consents import consent_text
from jupyter_tutor.domain.conversations import Conversation, Message, Speaker
from jupyter_tutor.domain.model_access import denied_by
from jupyter_tutor.domain.people import Member
from jupyter_tutor.domain.phrases import say
from jupyter_tutor.domain.quotas import Budgets, Quota
from jupyter_tutor.server import help_schemas as help_wire
from jupyter_tutor.services.chatting import Said, source_of
from jupyter_tutor.services.consenting import ChatStanding, ConsentState
from jupyter_tutor.services.read_models import UsageReport, UsageSum


def usage(of: UsageReport, left: Quota, budgets: Budgets) -> help_wire.UsageReply:
    """Show what a language model cost, and what is left of the course's budget."""
    return help_wire.UsageReply(
        by=of.by,
        sums=[_sum(each) for each in of.sums],
        total=_sum(of.total),
        budget=help_wire.BudgetView(
            course_month=_dollars(left.budget),
            spent=f"{left.spent:f}",
            left=_dollars(left.left),
            soft=left.soft,
            used_up=left.used_up,
            renews_at=left.renews_at,
            learner_day=_dollars(budgets.learner_day),
            learner_month=_dollars(budgets.learner_month),
        ),
    )


def _dollars(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"


def roster(of: Sequence[Member]) -> help_wire.RosterReply:
    """Show who is in a course."""
    return help_wire.RosterReply(
        people=[
            help_wire.MemberView(
                id=each.person.id,
                name=each.person.display_name,
                accounts=list(each.accounts),
                role=each.role,
            )
            for each in of
        ]
    )


def _sum(of: UsageSum) -> help_wire.UsageSumView:
    return help_wire.UsageSumView(
        key=of.key,
        label=of.label,
        calls=of.calls,
        unsuccessful=of.unsuccessful,
        input=of.input,
        cache_write=of.cache_write,
        cache_read=of.cache_read,
        output=of.output,
        cache_share=of.cache_share,
        cost=f"{of.cost:f}",
    )


def consent(of: ConsentState, language: str) -> help_wire.ConsentReply:
    """Show what a learner said, and what they are told."""
    text = consent_text(language, of.recipient.host, is_cloud=of.recipient.is_cloud)
    return help_wire.ConsentReply(
        given=of.consent.given if of.consent else None,
        version=of.consent.version if of.consent else None,
        at=of.consent.at if of.consent else None,
        must_ask=of.must_ask,
        text=help_wire.ConsentTextView(
            version=text.version,
            question=text.question,
            sent=text.sent,
            recipient=text.recipient,
            never=text.never,
            revoke=text.revoke,
            conversations=who_reads(language, visible=of.conversations_visible),
        ),
        model=of.model,
        chat=of.chat,
        cloud=of.cloud,
        conversations_visible=of.conversations_visible,
        quota_message=_quota(of.quota, language),
        quota_used_up=of.quota.used_up,
        quota_renews_at=of.quota.renews_at if of.quota.soft else None,
    )


def _quota(of: Quota, language: str) -> str:
    if of.used_up:
        return denied_by(of).told(language)
    return say("quota.soft", language) if of.soft else ""


def who_reads(language: str, *, visible: bool) -> str:
    """Say who can read a conversation."""
    key = "consent.conversations_seen" if visible else "consent.conversations_own"
    return say(key, language)


def conversations(
    of: Sequence[Conversation],
    language: str,
    *,
    visible: bool,
    standing: ChatStanding | None = None,
) -> help_wire.ConversationsReply:
    """Show what a learner and the tutor said, and whether a model would answer now."""
    chat = None
    if standing is not None:
        chat = help_wire.ChatView(closed=standing.closed, message=standing.message)
    return help_wire.ConversationsReply(
        conversations=[
            help_wire.ConversationView(
                exercise=each.exercise, messages=[_message(message) for message in each.messages]
            )
            for each in of
        ],
        told=who_reads(language, visible=visible),
        chat=chat,
    )


def said(of: Said) -> help_wire.SaidReply:
    """Show a question and the reply to it."""
    question, reply = _message(of.question), _message(of.reply)
    return help_wire.SaidReply(question=question, reply=reply, source=of.source, note=of.note)


def _message(of: Message) -> help_wire.MessageView:
    return help_wire.MessageView(
        id=of.id,
        speaker=of.speaker,
        source=None if of.speaker is Speaker.LEARNER else source_of(of),
        text=of.text,
        language=of.language,
        hint_level=int(of.hint_level),
        created_at=of.created_at,
    )
