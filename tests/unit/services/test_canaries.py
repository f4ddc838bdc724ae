"""Canaries: what is planted wherever a learner can write never leaves, and never gets into a log.

All of it is real but the endpoint, which is a fake that the real SDK talks to, and the runs.
"""

import asyncio
import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from jupyter_tutor.domain.diagnosis import (
    Counterexample,
    Diagnosis,
    Region,
    ValueQuestion,
    VerifiedEdit,
)
from jupyter_tutor.domain.endpoints import Endpoint, EndpointClient
from jupyter_tutor.domain.errors import ModelUnavailable
from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.domain.hint_feedback import FeedbackMark
from jupyter_tutor.domain.mistakes import Mistake
from jupyter_tutor.domain.observations import (
    CellSource,
    Ending,
    Frame,
    Observation,
    RaisedError,
)
from jupyter_tutor.domain.people import Identity, Profile
from jupyter_tutor.domain.person_names import names_of
from jupyter_tutor.domain.pricing import PRICES
from jupyter_tutor.domain.quotas import Budgets
from jupyter_tutor.domain.redaction import user_tag
from jupyter_tutor.domain.rubrics import Anchor, Criterion, RubricLevel
from jupyter_tutor.domain.submissions import Answer
from jupyter_tutor.llm.claude import ClaudeTutorModel
from jupyter_tutor.llm.offline import OfflineHintModel
from jupyter_tutor.llm.sdk import load
from jupyter_tutor.services.chatting import ChatService, ModelTalk
from jupyter_tutor.services.hinting import HintingService, ModelHelp
from jupyter_tutor.services.model_asking import ModelDesk
from jupyter_tutor.services.model_chat import ModelChat
from jupyter_tutor.services.model_hints import ModelHints
from jupyter_tutor.services.model_ports import ExerciseFacts
from jupyter_tutor.services.rubric_ports import RubricFacts
from jupyter_tutor.services.usage import UsageService
from tests.fake_api import FakeApi, Reply, tutor
from tests.small_course import COURSE
from tests.unit.services.desk import Desk
from tests.unit.services.test_hinting import PLACE, Found

WHO = Identity("jupyterhub", "zquill-7", "Zephyrine Quillfeather প্রিয়াঙ্কা")
HOST = "lab-pc-1742"
KEY = "the-key-of-the-endpoint"
CANARIES = [
    *("zephyrine", "quillfeather", "zquill", "birdmail", "secret-notes", HOST, "141.76.3.9"),
    *("0a1b2c3d4e5f6071", "abcdefghijABCDEFGHIJ", "প্রিয়াঙ্কা"),
    "midterm",
]
"""In small letters where case does not count."""

MAIL = "z.q@birdmail.org"
TOKEN = "gh" + "p_0123456789abcdefghijABCDEFGHIJ"
PLANTED = (
    f"Zephyrine Quillfeather zquill-7 {MAIL} /home/zquill-7/secret-notes/x.py {TOKEN} "
    f"http://hub/lab?token=0a1b2c3d4e5f6071 {HOST} 141.76.3.9 প্রিয়াঙ্কার zephyrineScore "
    "/opt-courses/zq/midterm/x.csv"
)
FINDS = Diagnosis(
    Mistake.CONSTANT,
    Counterexample(f"f({PLANTED!r})", PLANTED, PLANTED),
    VerifiedEdit("part-b", 2, "constant", Mistake.CONSTANT, f"b = 3  # {PLANTED}", "b = 2"),
    Region("part-b", (2,), "zquill_function"),
    ValueQuestion("part-b", 2, "zephyrine_score", PLANTED, f"f({PLANTED!r})"),
)


@pytest.fixture
def api() -> Iterator[FakeApi]:
    """The endpoint."""
    with FakeApi() as started:
        started.otherwise = tutor()
        yield started


class Class:
    """A learner with a name, and all that asks a model."""

    def __init__(self, api: FakeApi) -> None:
        load(EndpointClient.ANTHROPIC)
        self.api = api
        self.desk = desk = Desk()
        self.learner = desk.person(WHO)
        endpoint = Endpoint(
            name="anthropic",
            client=EndpointClient.ANTHROPIC,
            model="claude-haiku-5-5",
            price=PRICES["claude-haiku-5-5"],
            url=api.url,
            key=KEY,
        )
        self.model = ClaudeTutorModel(endpoint, hosts=[HOST], places=["/opt-courses/zq"])
        usage = UsageService(desk.database, desk.access, Budgets())
        place, rules = replace(PLACE, seconds=60.0), OfflineHintModel()
        calls = ModelDesk(place, usage)
        found = Found(FINDS)

        def tag(learner: UUID) -> str:
            return user_tag(b"a secret", learner)

        self.hinting = HintingService(
            desk.database,
            desk.access,
            desk.tutoring,
            rules,
            usage,
            diagnoses=found,
            model=ModelHelp(place, ModelHints(self.model, calls), tag),
        )
        self.chatting = ChatService(
            desk.database,
            desk.access,
            rules,
            usage,
            diagnoses=found,
            model=ModelTalk(place, ModelChat(self.model, calls), tag),
        )

    def introduce(self) -> None:
        """Have the learner say what they can of themselves."""
        profile = Profile(goals=(PLANTED,), interests=(PLANTED,))
        self.desk.access.save_profile(self.learner, profile, "the-profile")

    def fail(self, number: int) -> None:
        """Run an answer that fails, with something planted in all of it."""
        first = f"a = 1  # {PLANTED}\nzquill_7 = {PLANTED!r}"
        second = f'"""{PLANTED}"""\nb = 3 + {number}'
        cells = (CellSource("part-a", first), CellSource("part-b", second))
        says = Observation(
            "both",
            Ending.RAISED,
            stdout=PLANTED,
            error=RaisedError(
                "AssertionError",
                PLANTED,
                ("Exception", "BaseException"),
                (Frame("part-b", 2, "zquill_7", f"assert b, {PLANTED!r}"),),
            ),
        )
        self.desk.runner.answers[f"{first}\n{second}"] = {"both": says}
        request = self.desk.request("parts", learner=self.learner)
        self.desk.submissions.check(request, Answer(cells), None)
        self.desk.work()

    async def climb(self) -> list[HintLevel]:
        """Ask for every rung there is, and say something to each."""
        levels = []
        for number in range(6):
            self.fail(number)
            self.desk.clock.now += timedelta(minutes=2)
            request = self.desk.request("parts", learner=self.learner)
            given = (await self.hinting.hint(request, "en")).hint
            if given is not None:
                levels.append(given.level)
                key, mark = f"mark-{number}", FeedbackMark.WRONG
                self.desk.tutoring.rate(self.learner, given.id, mark, PLANTED, key)
        return levels

    async def talk(self) -> None:
        """Ask questions, and read what a rubric says."""
        for _ in range(3):
            request = self.desk.request("parts", learner=self.learner)
            await self.chatting.say(request, f"Is {PLANTED} right?", "en")

    async def be_read(self) -> None:
        """Have the answer read by a rubric."""
        levels = tuple(RubricLevel(number, {"en": "So."}) for number in range(2))
        anchor = Anchor(0, "a = b", {"en": "It says nothing."})
        criterion = Criterion("names", {"en": "Names"}, {"en": "Do they tell?"}, levels, anchor)
        with self.desk.database() as uow:
            names = names_of(uow.people.names(self.learner))
        facts = RubricFacts(
            ExerciseFacts("Parts", "Do it.", (), {}),
            (criterion,),
            f"x = 1  # {PLANTED}\nzephyrine_x = {PLANTED!r}",
            "en",
            user_tag(b"a secret", self.learner),
            names,
        )
        self.api.otherwise = lambda _body: Reply("no reading")
        with pytest.raises(ModelUnavailable):
            await self.model.assess(facts, lambda _call: None)


def test_nothing_planted_leaves_or_gets_into_a_log(
    api: FakeApi, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    room = Class(api)

    async def go() -> list[HintLevel]:
        try:
            room.introduce()
            levels = await room.climb()
            await room.talk()
            await room.be_read()
        finally:
            await room.model.close()
        return levels

    assert set(asyncio.run(go())) == {0, 1, 2, 3, 4}
    purposes = {each.call.purpose for each in room.desk.database.tables.usage.values()}
    assert purposes == {"hint", "validation", "chat"}
    # Hints of four rungs, three replies, each read twice where the guard lets it through; a rubric.
    assert len(api.calls) >= 12
    for each in api.requests:
        sent = json.dumps([each.path, dict(each.body)], ensure_ascii=False)
        assert "b = 3" in sent or "x = 1" in sent
        for private in (*CANARIES, str(room.learner), KEY):
            assert private.lower() not in sent.lower(), private
        headers = {name: value for name, value in each.headers.items() if name != "authorization"}
        for private in (*CANARIES, str(room.learner), KEY):
            assert private.lower() not in json.dumps(headers).lower(), private
    assert caplog.records
    logged = "\n".join(f"{each.getMessage()} {each.exc_text or ''}" for each in caplog.records)
    for private in (*CANARIES, KEY):
        assert private.lower() not in logged.lower(), private


def test_the_canaries_are_where_they_are_looked_for() -> None:
    """Without redaction each of them would be found."""
    for each in CANARIES:
        assert each.lower() in PLANTED.lower()
    assert COURSE not in PLANTED
