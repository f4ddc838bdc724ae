"""One request as a route sees it."""

from collections.abc import Coroutine
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from pydantic import ValidationError

from jupyter_tutor.domain.errors import InvalidInput, NotFound
from jupyter_tutor.domain.people import Person, Profile
from jupyter_tutor.server import schemas as wire
from jupyter_tutor.server.gateway import GatewayHandler
from jupyter_tutor.services.submissions import Request

B = TypeVar("B", bound=wire.Request)
R = TypeVar("R")
_BROKEN_CHARACTER = ("hex escape", "surrogate", "unicode code point")


@dataclass(frozen=True, slots=True)
class Call:
    """One authenticated request, ready for a route.

    Attributes:
        person: Who asks.
        profile: What they say of themselves.
        path: The placeholders of the route.
        handler: For query, headers and body.
        language: Language code the texts should have.
    """

    person: Person
    profile: Profile
    path: dict[str, str]
    handler: GatewayHandler
    language: str

    @property
    def person_id(self) -> UUID:
        """The key of who asks."""
        return self.person.id

    def body(self, kind: type[B]) -> B:
        """Return the request's body.

        Raises:
            InvalidInput: It is no JSON, or not of this form; names the field and what is wrong.
        """
        kind_of_content = self.handler.request.headers.get("Content-Type", "")
        if kind_of_content.partition(";")[0].strip().lower() != "application/json":
            raise InvalidInput("Send the body as application/json.")
        try:
            return kind.model_validate_json(self.handler.request.body)
        except ValidationError as error:
            raise _refusal(error) from None

    def key(self) -> str:
        """Return the idempotency key. Raises InvalidInput when it is missing or odd."""
        key = self.handler.request.headers.get("Idempotency-Key", "")
        if not (8 <= len(key) <= 128 and key.isascii() and key.isprintable()):
            raise InvalidInput(
                "Send an Idempotency-Key header of 8 to 128 printable characters, fresh for each "
                "write and the same for a repeat."
            )
        return key

    def wait(self, longest: float) -> float:
        """Return how many seconds the caller wants to wait, at most `longest`."""
        text = self.handler.get_query_argument("wait", "0")
        try:
            seconds = float(text)
        except ValueError:
            seconds = -1.0
        if not 0 <= seconds <= 30:
            raise InvalidInput("wait: give a number of seconds from 0 to 30.")
        return min(seconds, longest)

    async def until_closed(self, answer: Coroutine[object, object, R]) -> R:
        """Return what a coroutine returns; who closes the connection cancels it."""
        return await self.handler.until_closed(answer)

    def id(self, name: str = "id") -> UUID:
        """Return a key in the path. Raises NotFound when it is no UUID."""
        try:
            return UUID(self.path[name])
        except ValueError:
            raise NotFound("There is nothing with this id.") from None

    def request(self) -> Request:
        """Return the write to an exercise that this call asks for."""
        return Request(self.person_id, self.path["course"], self.path["exercise"], self.key())


def _refusal(error: ValidationError) -> InvalidInput:
    """Return what is wrong with a body, without repeating what stood in it."""
    errors = error.errors(include_url=False, include_input=False, include_context=False)
    # A name that is not known says more than one that lacks: it may be the same, misspelt.
    first = next((each for each in errors if each["type"] == "extra_forbidden"), errors[0])
    place = ".".join(str(part) for part in first["loc"]) or "the body"
    message = f"{place}: {first['msg']}."
    if first["type"] == "json_invalid" and any(sign in message for sign in _BROKEN_CHARACTER):
        message = (
            "A text in the request holds a broken character (half of a surrogate pair). Delete it "
            "and try again."
        )
    return InvalidInput(message[:500], details={"field": place[:200], "type": first["type"]})
