"""What the SDK takes of `botocore` to read Bedrock's stream, where that package is not installed.

It is only asked to take frames apart: the requests, and what becomes of the events, are the SDK's.
"""

import base64
import importlib.util
import json
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from tests.fake_api.frames import unframed


class _Event:
    def __init__(self, headers: dict[str, str], payload: bytes) -> None:
        self._headers = headers
        self._payload = payload

    def to_response_dict(self) -> dict[str, Any]:
        failed = self._headers[":message-type"] != "event"
        return {
            "status_code": 400 if failed else 200,
            "headers": self._headers,
            "body": self._payload,
        }


class EventStreamBuffer:
    """Takes bytes, and gives the events that are whole."""

    def __init__(self) -> None:
        self._rest = b""

    def add_data(self, data: bytes) -> None:
        """Take the next bytes."""
        self._rest += data

    def __iter__(self) -> Iterator[_Event]:
        frames, self._rest = unframed(self._rest)
        return (_Event(*frame) for frame in frames)


class EventStreamJSONParser:
    """Reads an event."""

    def parse(self, response: dict[str, Any], shape: object) -> dict[str, Any]:
        """Return a chunk, or an error."""
        del shape
        told = json.loads(response["body"])
        if response["status_code"] != 200:
            code = response["headers"][":exception-type"]
            return {"Error": {"Code": code, "Message": told["message"]}}
        return {"chunk": {"bytes": base64.b64decode(told["bytes"])}}


class _Anything:
    def __init__(self, *_told: object) -> None:
        pass

    def load_service_model(self, *_told: object) -> dict[str, object]:
        return {}

    def shape_for(self, _name: str) -> object:
        return None


def provide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in for the package, unless it is there."""
    if importlib.util.find_spec("botocore") is not None:
        return
    parts: dict[str, dict[str, object]] = {
        "": {},
        ".exceptions": {
            "BotoCoreError": type("BotoCoreError", (Exception,), {}),
            "ClientError": type("ClientError", (Exception,), {}),
        },
        ".eventstream": {"EventStreamBuffer": EventStreamBuffer},
        ".parsers": {"EventStreamJSONParser": EventStreamJSONParser},
        ".model": {"ServiceModel": _Anything},
        ".loaders": {"Loader": _Anything},
    }
    for name, attributes in parts.items():
        module = ModuleType(f"botocore{name}")
        for each, value in attributes.items():
            setattr(module, each, value)
        monkeypatch.setitem(sys.modules, f"botocore{name}", module)
