"""A model that reads answers by a rubric, for tests of everything around it."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from tests.fake_api.scenarios import Reply, Scenario

_CODE = re.compile(r"<learner_code>\n?(.*?)\n?</learner_code>", re.S)
_SLUG = re.compile(r"^Slug: (\S+)$", re.M)


def reader(
    level: Callable[[str, str], int] = lambda _slug, _code: 1, confidence: float = 0.9
) -> Callable[[Mapping[str, Any]], Scenario]:
    """Return what `FakeApi.otherwise` may be: each criterion on a level, its first line quoted.

    Args:
        level: Says the level, by the slug of a criterion and the answer as it is told.
        confidence: How sure it is.
    """

    def answer(body: Mapping[str, Any]) -> Scenario:
        blocks = [each["content"] for each in body["messages"]]
        told = "\n".join(
            part if isinstance(part, str) else "\n".join(one["text"] for one in part)
            for part in blocks
        )
        found = _CODE.search(told)
        if found is None:
            return Reply("There is nothing to read.")
        code = found[1]
        number, _, line = code.split("\n")[0].partition("| ")
        quote = {"line": int(number), "text": line}
        criteria = [
            {
                "slug": slug,
                "evidence": [quote],
                "level": level(slug, code),
                "confidence": confidence,
            }
            for slug in _SLUG.findall(told)
        ]
        return Reply(json.dumps({"criteria": criteria}))

    return answer
