"""Whether a chat is open, told before a question is asked, and in the words of who asks."""

from decimal import Decimal

import pytest

from jupyter_tutor.domain.consents import TEXT_VERSION, Consent
from jupyter_tutor.domain.conversations import ChatClosed
from jupyter_tutor.domain.errors import NotFound
from jupyter_tutor.domain.hint_settings import HintSettings
from jupyter_tutor.domain.phrases import say
from jupyter_tutor.domain.quotas import Budgets
from jupyter_tutor.services.consenting import ChatStanding, ConsentService, Recipient
from jupyter_tutor.services.usage import UsageService
from tests.small_course import COURSE
from tests.unit.services.desk import Desk

CLOUD = Recipient("api.example", is_cloud=True)
LOCAL = Recipient("localhost")
OPEN = ChatStanding(None, "")


def standing(
    desk: Desk,
    recipient: Recipient | None,
    *,
    budget: str | None = None,
    language: str = "en",
    exercise: str = "double",
) -> ChatStanding:
    """Return what Ada is told."""
    budgets = Budgets(learner_month=Decimal(budget)) if budget is not None else Budgets()
    usage = UsageService(desk.database, desk.access, budgets)
    service = ConsentService(desk.database, desk.access, usage, recipient)
    return service.chat(desk.ada, COURSE, exercise, language)


def settle(desk: Desk, settings: HintSettings) -> None:
    """Have the course say something of help."""
    with desk.database() as uow:
        uow.hint_settings.save(COURSE, settings)


def agree(desk: Desk, *, given: bool) -> None:
    """Have Ada say whether a model may read her work."""
    with desk.database() as uow:
        consent = Consent(given=given, version=TEXT_VERSION, at=uow.now())
        uow.consents.add(desk.ada, COURSE, consent)


def test_a_model_on_this_machine_answers_unless_the_learner_says_no(desk: Desk) -> None:
    assert standing(desk, LOCAL) == OPEN
    agree(desk, given=False)
    refused = standing(desk, LOCAL)
    assert refused == ChatStanding(ChatClosed.REFUSED, say("chat.refused", "en"))


def test_a_model_outside_answers_once_the_learner_agreed(desk: Desk) -> None:
    asked = standing(desk, CLOUD, language="bn")
    assert asked == ChatStanding(ChatClosed.NOT_ASKED, say("chat.not_asked", "bn"))
    agree(desk, given=True)
    assert standing(desk, CLOUD) == OPEN
    settle(desk, HintSettings(cloud=False))
    assert standing(desk, CLOUD) == ChatStanding(ChatClosed.CLOUD, say("chat.cloud", "en"))


@pytest.mark.parametrize("recipient", [None, LOCAL])
@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (HintSettings(exam=True), ChatStanding(ChatClosed.EXAM, say("quota.exam", "en"))),
        (
            HintSettings(chat=False),
            ChatStanding(ChatClosed.SWITCHED_OFF, say("quota.chat_off", "en")),
        ),
    ],
)
def test_what_the_instructor_says_is_told_first(
    desk: Desk, recipient: Recipient | None, settings: HintSettings, told: ChatStanding
) -> None:
    settle(desk, settings)
    assert standing(desk, recipient) == told


def test_without_a_model_nobody_is_told_of_consent_or_money(desk: Desk) -> None:
    told = ChatStanding(ChatClosed.NO_MODEL, say("chat.no_model", "en"))
    assert standing(desk, None) == told
    agree(desk, given=False)
    assert standing(desk, None, budget="0") == told


def test_a_budget_that_is_used_up_is_told_and_that_hints_go_on(desk: Desk) -> None:
    used_up = standing(desk, LOCAL, budget="0")
    assert used_up.closed is ChatClosed.QUOTA
    assert used_up.message == f"{say('quota.month', 'en')} {say('chat.rests', 'en')}"


def test_a_chat_is_about_an_exercise_that_there_is(desk: Desk) -> None:
    with pytest.raises(NotFound):
        standing(desk, LOCAL, exercise="nothing")
