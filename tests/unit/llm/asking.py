"""Asks a model as a service does, in a loop of its own."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import TypeVar

from jupyter_tutor.domain.endpoints import Endpoint
from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.domain.model_calls import ModelCall
from jupyter_tutor.llm.claude import ClaudeTutorModel
from jupyter_tutor.services.model_ports import HintReply
from tests.unit.llm.facts import hint_facts

T = TypeVar("T")

HINT = json.dumps(
    {
        "message": "Look at `highest = 0`. Is `0` a score?",
        "concept": "accumulators",
        "line": None,
        "quoted_code": ["highest = 0"],
        "question": "Is `0` a score?",
        "confidence": 0.75,
    }
)


def with_model(
    endpoint: Endpoint, ask: Callable[[ClaudeTutorModel], Awaitable[T]], host: str = "lab-pc-17"
) -> T:
    """Return what a model says; it is closed afterwards."""

    async def go() -> T:
        model = ClaudeTutorModel(endpoint, hosts=[host])
        try:
            return await ask(model)
        finally:
            await model.close()

    return asyncio.run(go())


def hint(endpoint: Endpoint, calls: list[ModelCall], seconds: float | None = None) -> HintReply:
    """Ask for one hint, and keep what is reported; a short time is for the endpoint alone."""

    async def ask(model: ClaudeTutorModel) -> HintReply:
        await model.warm()
        facts = hint_facts(HintLevel.NUDGE)
        return await model.hint(facts, calls.append, seconds=seconds)

    return with_model(endpoint, ask)
