"""A local stand-in for the Messages API, that the real SDK talks to.

`with FakeApi() as api:` serves at `api.url`. What it does is queued with `api.queue(...)`, a
scenario for each call; without one it answers with a reply that fits the schema it was given, or as
a tutor's model would after `api.otherwise = tutor()`. `api.requests` holds what arrived, `api.gone`
counts the clients that left before their answer.
"""

from tests.fake_api.reading import reader
from tests.fake_api.scenarios import (
    Cut,
    Disconnect,
    Drip,
    Expire,
    Garbage,
    Hang,
    Html,
    Plain,
    Reply,
    Scenario,
    Status,
    StreamError,
    Truncate,
)
from tests.fake_api.server import FakeApi, Received
from tests.fake_api.tutoring import tutor

__all__ = [
    "Cut",
    "Disconnect",
    "Drip",
    "Expire",
    "FakeApi",
    "Garbage",
    "Hang",
    "Html",
    "Plain",
    "Received",
    "Reply",
    "Scenario",
    "Status",
    "StreamError",
    "Truncate",
    "reader",
    "tutor",
]
