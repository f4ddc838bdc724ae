"""A model that answers what the tutor asks, for tests of everything around it."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from tests.fake_api.scenarios import Reply, Scenario


def tutor(
    message: str = "Look at what your program returns. Is that one of the values?",
    *,
    line: int | None = None,
    quoted_code: tuple[str, ...] = (),
    leaks: bool = False,
    in_scope: bool = True,
) -> Callable[[Mapping[str, Any]], Scenario]:
    """Return what `FakeApi.otherwise` may be: hints, second readings and conversations.

    Args:
        message: What a hint and a reply in a conversation say.
        line: The line that a hint names.
        quoted_code: What they quote.
        leaks: What a second reading finds.
        in_scope: Whether a question belongs to the exercise.
    """
    quoted = list(quoted_code)
    hint = {"message": message, "concept": "", "line": line, "quoted_code": quoted}
    replies = {
        '"leaks"': {"correct": True, "on_line": True, "leaks": leaks},
        '"in_scope"': {"message": message, "in_scope": in_scope, "quoted_code": quoted},
        '"confidence"': {**hint, "question": "", "confidence": 0.8},
    }

    def answer(body: Mapping[str, Any]) -> Scenario:
        policy = body["system"][0]["text"]
        return next(Reply(json.dumps(said)) for sign, said in replies.items() if sign in policy)

    return answer
