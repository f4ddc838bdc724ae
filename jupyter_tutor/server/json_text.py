"""JSON text of a body that goes out, such as UTF-8 can carry."""

import json
import re

from pydantic import BaseModel
from pydantic_core import PydanticSerializationError

LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def json_text(body: BaseModel) -> str:
    """Return a body as JSON.

    A learner's program may print half of a surrogate pair, which no valid JSON text holds; it is
    shown as U+FFFD.
    """
    try:
        return body.model_dump_json()
    except PydanticSerializationError:
        text = json.dumps(body.model_dump(mode="json"), ensure_ascii=False)
        return LONE_SURROGATE.sub("\ufffd", text)
