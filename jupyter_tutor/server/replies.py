"""The base of every body that goes out, and the one that says what went wrong."""

from pydantic import BaseModel, ConfigDict

from jupyter_tutor.server.json_text import json_text


class Reply(BaseModel):
    """Base of every body that goes out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def as_json(self) -> str:
        """Return the body as JSON that UTF-8 can carry."""
        return json_text(self)


class ErrorReply(Reply):
    """What went wrong: `code` for programs, `message` for people."""

    code: str
    message: str
    details: dict[str, object] = {}
    request_id: str
