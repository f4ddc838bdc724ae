"""Readings by a rubric through the real SDK: one at once, and many in a batch."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from jupyter_tutor.domain.endpoints import Endpoint, EndpointClient
from jupyter_tutor.domain.errors import ModelUnavailable
from jupyter_tutor.domain.model_calls import CallOutcome, ModelCall, Purpose, Tier
from jupyter_tutor.domain.rubric_readings import CriterionReading, Evidence, Sample
from jupyter_tutor.llm.batches import ClaudeBatches
from jupyter_tutor.llm.replies import ReplyInvalid
from jupyter_tutor.llm.rubrics import read_rubric_reply, rubric_prompt
from jupyter_tutor.services.rubric_ports import MOST_CODE, BatchNotTaken, RubricFacts
from tests.fake_api import Disconnect, Expire, FakeApi, Hang, Reply, Scenario, Status
from tests.unit.llm.asking import with_model
from tests.unit.llm.facts import rubric_facts

FACTS = rubric_facts()
NAMES = {
    "slug": "names",
    "evidence": [{"line": 2, "text": "highest = 0"}],
    "level": 2,
    "confidence": 0.9,
}
STEPS = {"slug": "steps", "evidence": [], "level": 0, "confidence": 0.8}
SAMPLE = Sample(
    {
        "names": CriterionReading(2, (Evidence(2, "highest = 0"),), 0.9),
        "steps": CriterionReading(0, (), 0.8),
    }
)


def said(*criteria: Mapping[str, Any]) -> str:
    return json.dumps({"criteria": criteria})


GOOD = said(STEPS, NAMES)


def test_a_reading_at_once(api: FakeApi, endpoint: Endpoint) -> None:
    api.queue(Reply(GOOD))
    calls: list[ModelCall] = []
    reply = with_model(endpoint, lambda model: model.assess(FACTS, calls.append))

    assert reply == SAMPLE
    ((call,), (sent,)) = (calls, api.calls)
    assert (call.purpose, call.tier) == (Purpose.RUBRIC, Tier.STANDARD)
    assert call.outcome is CallOutcome.COMPLETED
    assert sent.body["messages"][0]["content"][0]["text"] == rubric_prompt(FACTS).question


def test_an_answer_cannot_leave_its_tag() -> None:
    question = rubric_prompt(FACTS).question
    assert question.count("</learner_code>") == 1


@pytest.mark.parametrize(
    "text",
    [
        "no object",
        said(NAMES),
        said(NAMES, NAMES),
        said(NAMES, {**STEPS, "slug": "style"}),
        said(NAMES, {**STEPS, "level": 3}),
        said(NAMES, {**STEPS, "level": -1}),
        said(NAMES, {**STEPS, "level": True}),
        said(NAMES, {**STEPS, "level": "0"}),
        said(NAMES, {**STEPS, "confidence": 2}),
        said(NAMES, {**STEPS, "evidence": "highest"}),
        said(NAMES, {**STEPS, "evidence": [{"line": 1}]}),
        said(NAMES, {**STEPS, "evidence": [{"line": "1", "text": "x"}]}),
        said(NAMES, {**STEPS, "evidence": [{"line": 1, "text": "x" * 401}]}),
        said(NAMES, {**STEPS, "evidence": [{"line": 1, "text": "x"}] * 11}),
        said(NAMES, {key: STEPS[key] for key in STEPS if key != "level"}),
        GOOD + said(NAMES, {**STEPS, "level": 1}),
    ],
)
def test_a_reply_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(ReplyInvalid):
        read_rubric_reply(text, FACTS)


def test_what_could_not_be_read_whole_is_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        replace(FACTS, code="x" * (MOST_CODE + 1))
    with pytest.raises(ValueError, match="nothing to read"):
        replace(FACTS, criteria=())


Results = Mapping[str, Sample | CallOutcome]


def collected(
    endpoint: Endpoint, asked: Mapping[str, RubricFacts], calls: list[ModelCall]
) -> tuple[str, int, Results]:
    """Return the name of a batch, how often it was not ready, and its results."""

    async def go() -> tuple[str, int, Results]:
        batches, early = ClaudeBatches(endpoint, hosts=["lab-pc-17"]), 0
        batch = await batches.begin_batch(asked)
        while (found := await batches.collect(batch, asked, calls.append)) is None:
            assert calls == []
            early += 1
        return batch, early, found

    return asyncio.run(go())


def test_a_batch_gives_each_request_its_own_result(api: FakeApi, endpoint: Endpoint) -> None:
    ends: dict[str, tuple[Scenario, Sample | CallOutcome]] = {
        "good": (Reply(GOOD), SAMPLE),
        "overloaded": (Status(529), CallOutcome.OVERLOADED),
        "broken": (Status(500), CallOutcome.FAILED),
        "expired": (Expire(), CallOutcome.TIMED_OUT),
        "refused": (Reply("", stop_reason="refusal"), CallOutcome.REFUSED),
        "cut": (Reply(GOOD[:40], stop_reason="max_tokens"), CallOutcome.TRUNCATED),
        "odd": (Reply(said(NAMES)), CallOutcome.INVALID),
    }
    api.queue(*(scenario for scenario, _end in ends.values()))
    calls: list[ModelCall] = []
    asked = {name: replace(FACTS, code=f"{FACTS.code}\n# {name} lab-pc-17") for name in ends}
    batch, early, found = collected(endpoint, asked, calls)

    assert early == 1
    assert found == {name: end for name, (_scenario, end) in ends.items()}
    assert [call.request_id for call in calls] == [f"{batch}/{name}" for name in ends]
    assert {(call.purpose, call.tier) for call in calls} == {(Purpose.RUBRIC, Tier.BATCH)}
    used = {call.request_id.partition("/")[2] for call in calls if call.usage is not None}
    assert used == {"good", "refused", "cut", "odd"}
    outcomes = [CallOutcome.COMPLETED if end is SAMPLE else end for _scenario, end in ends.values()]
    assert [call.outcome for call in calls] == outcomes
    sent = api.requests[0].body["requests"]
    assert [each["custom_id"] for each in sent] == list(ends)
    assert "lab-pc-17" not in json.dumps(sent)
    assert all("stream" not in each["params"] for each in sent)


def test_a_result_that_never_came_has_failed(api: FakeApi, endpoint: Endpoint) -> None:
    api.queue(Reply(GOOD))
    calls: list[ModelCall] = []

    async def go() -> Results | None:
        batches = ClaudeBatches(endpoint)
        batch = await batches.begin_batch({"a": FACTS})
        await batches.collect(batch, {"a": FACTS}, calls.append)
        return await batches.collect(batch, {"a": FACTS, "b": FACTS}, calls.append)

    assert asyncio.run(go()) == {"a": SAMPLE, "b": CallOutcome.FAILED}
    assert [call.outcome for call in calls] == [CallOutcome.COMPLETED, CallOutcome.FAILED]


def test_faults_are_of_one_kind_and_nothing_is_reported(api: FakeApi, endpoint: Endpoint) -> None:
    calls: list[ModelCall] = []

    async def lost(at: Endpoint) -> None:
        await ClaudeBatches(at).collect("msgbatch_unknown", {"a": FACTS}, calls.append)

    nobody = replace(endpoint, url="http://127.0.0.1:9")
    bedrock = replace(endpoint, client=EndpointClient.BEDROCK)
    for at in (endpoint, nobody, bedrock):
        with pytest.raises(ModelUnavailable):
            asyncio.run(lost(at))
    for at in (nobody, bedrock):
        with pytest.raises(ModelUnavailable):
            asyncio.run(ClaudeBatches(at).begin_batch({"a": FACTS}))
    assert calls == []


@pytest.mark.parametrize(
    ("status", "surely"),
    [(status, True) for status in (400, 401, 402, 403, 404, 413, 429)]
    + [(status, False) for status in (408, 500, 503, 529)],
)
def test_only_some_answers_say_that_a_batch_was_not_taken(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch, status: int, surely: bool
) -> None:
    monkeypatch.setattr("tests.fake_api.server.refused_headers", lambda *_: Status(status))
    with pytest.raises(ModelUnavailable) as refused:
        asyncio.run(ClaudeBatches(endpoint).begin_batch({"a": FACTS}))
    assert isinstance(refused.value, BatchNotTaken) is surely


def test_a_batch_may_take_longer_than_an_answer(api: FakeApi, endpoint: Endpoint) -> None:
    """No exchange over a network ends within the limit that an answer has here."""
    api.queue(Reply(GOOD))
    short = replace(endpoint, seconds=1e-9)
    assert asyncio.run(ClaudeBatches(short).begin_batch({"a": FACTS}))


def test_results_somewhere_else_are_not_fetched(
    api: FakeApi, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key would go there as well."""
    calls: list[ModelCall] = []
    api.queue(Reply(GOOD))
    monkeypatch.setattr(FakeApi, "url", "http://elsewhere.invalid")
    with pytest.raises(ModelUnavailable):
        collected(endpoint, {"a": FACTS}, calls)
    assert calls == []
    assert not any(each.path.endswith("/results") for each in api.requests)


def test_an_answer_that_placeholders_make_too_long_is_not_sent(
    api: FakeApi, endpoint: Endpoint
) -> None:
    """Cut off, it would be judged by its beginning."""
    facts = replace(FACTS, code="pc1 " * (MOST_CODE // 4))
    with pytest.raises(ModelUnavailable, match="too long"):
        asyncio.run(ClaudeBatches(endpoint, hosts=["pc1"]).begin_batch({"a": facts}))
    assert api.requests == []


@pytest.mark.parametrize("names", [[], ["a b"], [""], ["x" * 65], ["ä"]])
def test_names_that_cannot_be_used_are_refused(endpoint: Endpoint, names: list[str]) -> None:
    with pytest.raises(ValueError, match="batch"):
        asyncio.run(ClaudeBatches(endpoint).begin_batch(dict.fromkeys(names, FACTS)))


@pytest.mark.parametrize("fault", [Status(529), Disconnect(), Hang()])
def test_a_reading_at_once_that_fails_is_reported(
    api: FakeApi, endpoint: Endpoint, fault: Scenario
) -> None:
    api.queue(fault)
    calls: list[ModelCall] = []
    short = replace(endpoint, tries=1)
    with pytest.raises(ModelUnavailable):
        with_model(short, lambda model: model.assess(FACTS, calls.append, seconds=2.0))
    assert len(calls) == 1
    assert calls[0].outcome is not CallOutcome.COMPLETED
