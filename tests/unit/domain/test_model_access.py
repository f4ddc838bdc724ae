"""Whether a model may be asked: exams, switches, consent, money; and keys of equal requests."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from jupyter_tutor.domain.consents import (
    TEXT_VERSION,
    Consent,
    consent_text,
    must_ask,
)
from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.domain.hint_settings import HelpRules
from jupyter_tutor.domain.model_access import Allowed, Denied, may_use_model
from jupyter_tutor.domain.model_calls import Purpose
from jupyter_tutor.domain.observations import CellSource
from jupyter_tutor.domain.quotas import SOFT_SHARE, BudgetScope, Quota
from jupyter_tutor.domain.reply_keys import ReplyRequest, reply_key
from jupyter_tutor.domain.submissions import Answer
from jupyter_tutor.domain.verdicts import Outcome
from tests.unit.domain.test_hints import verdict

NOON = datetime(2031, 3, 2, 12, tzinfo=UTC)
RULES = HelpRules(HintLevel.STEPS)
YES = Consent(given=True, version=TEXT_VERSION, at=NOON)
NO = replace(YES, given=False)
OLD = replace(YES, version=TEXT_VERSION - 1)
FREE = Quota()
CLOUD, LOCAL = True, False


def spent(dollars: str, scope: BudgetScope = BudgetScope.LEARNER_MONTH) -> Quota:
    return Quota(scope, Decimal(1), Decimal(dollars), NOON, soft=Decimal(dollars) >= SOFT_SHARE)


@pytest.mark.parametrize(
    ("rules", "consent", "cloud", "quota", "code"),
    [
        (RULES, YES, CLOUD, FREE, None),
        (RULES, None, CLOUD, FREE, "not_asked"),
        (RULES, OLD, CLOUD, FREE, "not_asked"),
        (RULES, NO, CLOUD, FREE, "refused"),
        (RULES, None, LOCAL, FREE, None),
        (RULES, OLD, LOCAL, FREE, None),
        (RULES, NO, LOCAL, FREE, "refused"),
        (replace(RULES, cloud=False), YES, CLOUD, FREE, "cloud"),
        (replace(RULES, cloud=False), YES, LOCAL, FREE, None),
        (replace(RULES, model=False), YES, LOCAL, FREE, "switched_off"),
        (replace(RULES, chat=False), YES, LOCAL, FREE, None),
        (replace(RULES, exam=True), YES, LOCAL, FREE, "exam"),
        (RULES, YES, CLOUD, spent("0.99"), None),
        (RULES, YES, CLOUD, spent("1"), "quota"),
        (RULES, YES, CLOUD, spent("2", BudgetScope.LEARNER_DAY), "quota"),
        (RULES, YES, CLOUD, spent("1", BudgetScope.COURSE_MONTH), "quota"),
    ],
)
def test_each_reason_by_itself(
    rules: HelpRules, consent: Consent | None, cloud: bool, quota: Quota, code: str | None
) -> None:
    answer = may_use_model(rules, consent, cloud, quota)
    if code is None:
        assert answer == Allowed(nearly_used_up=quota.soft)
    else:
        assert isinstance(answer, Denied)
        assert answer.code == code
        assert answer.told("en") != answer.told("bn")


def test_the_chat_has_a_switch_of_its_own() -> None:
    quiet = replace(RULES, chat=False)
    answer = may_use_model(quiet, YES, CLOUD, FREE, Purpose.CHAT)
    assert isinstance(answer, Denied)
    assert "chat" in answer.told("en")
    written = replace(RULES, model=False)
    assert may_use_model(written, YES, CLOUD, FREE, Purpose.CHAT) == Allowed()


def test_learners_are_told_when_little_is_left() -> None:
    soft = may_use_model(RULES, YES, CLOUD, spent("0.8"))
    assert isinstance(soft, Allowed)
    assert "nearly" in soft.told("en")
    assert Allowed().told("en") == ""


def test_which_budget_is_used_up_is_told() -> None:
    told = {
        scope: may_use_model(RULES, YES, CLOUD, spent("1", scope)).told("en")
        for scope in BudgetScope
    }
    assert "today" in told[BudgetScope.LEARNER_DAY]
    assert "this month" in told[BudgetScope.LEARNER_MONTH]
    assert "course" in told[BudgetScope.COURSE_MONTH]


def test_a_learner_is_asked_once_and_again_for_another_text() -> None:
    assert must_ask(None)
    assert must_ask(OLD)
    assert not must_ask(YES)
    # No means no, to whichever text.
    assert not must_ask(NO)
    assert not must_ask(replace(NO, version=TEXT_VERSION - 1))


@pytest.mark.parametrize("language", ["en", "bn"])
def test_the_text_says_to_whom(language: str) -> None:
    cloud = consent_text(language, "api.example", is_cloud=True)
    local = consent_text(language, "localhost:11434", is_cloud=False)
    proxy = consent_text(language, "localhost:4000", is_cloud=True)
    nobody = consent_text(language, "", is_cloud=False)
    assert "api.example" in cloud.recipient
    assert "localhost:11434" in local.recipient
    assert "localhost:4000" in proxy.recipient
    told = [each.recipient for each in (cloud, local, proxy, nobody)]
    plain = {re.sub(r"\S*(?:localhost|example)\S*", "", each) for each in told}
    assert len(plain) == 4
    assert cloud.never == local.never


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("last messages", "a correction", "solved", "only others wrote", "taken out first")),
        ("bn", ("বার্তা ও ইঙ্গিত", "সংশোধন", "সমাধান", "শুধু অন্যরা লিখেছে", "সরিয়ে ফেলা হয়")),
    ],
)
def test_the_text_names_all_that_is_sent(language: str, said: tuple[str, ...]) -> None:
    text = consent_text(language, "api.example", is_cloud=True)
    for each in said[:3]:
        assert each in text.sent
    for each in said[3:]:
        assert each in text.never


def request(source: str = "x = 1", **changes: object) -> ReplyRequest:
    made = ReplyRequest(
        answer=Answer((CellSource("answer", source),)),
        verdict=verdict(Outcome.FAILED),
        level=HintLevel.NUDGE,
        language="en",
        revision_id=UUID(int=1),
        model="a-model",
        prompt_version="1",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def test_equal_requests_have_equal_keys() -> None:
    assert reply_key(request()) == reply_key(request("x = 1  \n\n"))
    assert len(reply_key(request())) == 64


@pytest.mark.parametrize(
    "changes",
    [
        {"source": "x = 2"},
        {"source": "x = 1  # I am Ada"},
        {"source": "\nx = 1"},
        {"source": "x  =  1"},
        {"verdict": None},
        {"verdict": verdict(Outcome.PASSED)},
        {"level": HintLevel.CONCEPT},
        {"language": "bn"},
        {"revision_id": UUID(int=2)},
        {"model": "another"},
        {"prompt_version": "2"},
        {"earlier": ("Look at n = 1.",)},
    ],
)
def test_whatever_a_reply_depends_on_is_in_its_key(changes: dict[str, object]) -> None:
    assert reply_key(request(**changes)) != reply_key(request())  # type: ignore[arg-type]
