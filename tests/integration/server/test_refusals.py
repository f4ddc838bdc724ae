"""Bad requests: each is refused in the one form, with what to do about it, and never with a 500."""

from uuid import uuid4

import pytest

from jupyter_tutor.server.contract import OPERATIONS, Operation
from tests.integration.server.requests import BODIES, WRITES, cells, found
from tests.integration.server.serving import Client, Json

pytestmark = pytest.mark.postgres

CHECKS = "/courses/small/exercises/double/checks"
SUBMISSIONS = "/courses/small/exercises/double/submissions"
STRANGE = ("nothing", "%00", "a%20b", "..%2e", "x" * 500, "%F0%9F%98%80")
QUIZ = "/courses/small/exercises/slicing/checks"


def _named(operation: Operation) -> str:
    return operation.name


@pytest.mark.parametrize("operation", WRITES, ids=_named)
class TestEveryWrite:
    """What holds for each operation that takes a body."""

    @pytest.mark.parametrize(
        ("raw", "words"),
        [
            (b"", "body"),
            (b"{", "body"),
            (b"cells", "body"),
            (b"null", "body"),
            (b"[]", "body"),
            (b'"text"', "body"),
            (b"\xff\xfe{}", "body"),
            (b"[" * 100_000, "body"),
            (b'{"cells":' * 20_000, "body"),
            (b'{"x": 1e999}', "x"),
            (b'{"x": ' + b"9" * 5_000 + b"}", "body"),
        ],
        ids=lambda value: repr(value)[:20],
    )
    def test_a_body_that_is_no_json_of_this_form(
        self, steady_api: Client, operation: Operation, raw: bytes, words: str
    ) -> None:
        _, path = found(operation.name)
        answer = steady_api.call(operation.method, path, raw=raw)

        assert words in answer.refusal(422, "invalid_input")
        assert len(answer.body) < 1_000

    def test_an_unknown_field(self, steady_api: Client, operation: Operation) -> None:
        _, path = found(operation.name)
        body = BODIES[operation.name] | {"learner_id": str(uuid4())}

        message = steady_api.call(operation.method, path, body).refusal(422, "invalid_input")
        assert "learner_id" in message

    @pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", None])
    def test_another_kind_of_content(
        self, steady_api: Client, operation: Operation, kind: str | None
    ) -> None:
        _, path = found(operation.name)
        answer = steady_api.call(
            operation.method, path, BODIES[operation.name], headers={"Content-Type": kind}
        )

        assert "application/json" in answer.refusal(422, "invalid_input")

    def test_a_body_beyond_the_limit(self, steady_api: Client, operation: Operation) -> None:
        _, path = found(operation.name)
        answer = steady_api.call(operation.method, path, raw=b" " * 300_001)

        assert "at most 300000" in answer.refusal(413, "too_large")

    @pytest.mark.parametrize("key", [None, "", "short", "x" * 129, "spaces\tand-tabs", "schlüssel"])
    def test_an_idempotency_key_that_is_none(
        self, steady_api: Client, operation: Operation, key: str | None
    ) -> None:
        _, path = found(operation.name)
        answer = steady_api.call(
            operation.method, path, BODIES[operation.name], headers={"Idempotency-Key": key}
        )

        assert "Idempotency-Key" in answer.refusal(422, "invalid_input")


@pytest.mark.parametrize("operation", OPERATIONS, ids=_named)
class TestEveryRoute:
    """What holds for each operation."""

    @pytest.mark.parametrize("method", ["DELETE", "PATCH", "TRACE"])
    def test_a_method_it_does_not_have(
        self, steady_api: Client, operation: Operation, method: str
    ) -> None:
        _, path = found(operation.name, id=str(uuid4()))
        if any(each.method == method and each.path == operation.path for each in OPERATIONS):
            method = "PATCH"
        answer = steady_api.call(method, path)

        assert answer.status == 405
        assert answer.json()["code"] in ("method_not_allowed", "http_405")
        if method != "TRACE":
            assert operation.method in answer.headers["allow"].split(", ")

    def test_what_does_not_exist(self, steady_api: Client, operation: Operation) -> None:
        for place in ("course", "exercise", "lesson", "id"):
            if f"{{{place}}}" not in operation.path:
                continue
            for name in (
                "nothing",
                str(uuid4()),
                "%00",
                "a%20b",
                "..%2e",
                "x" * 500,
                "%F0%9F%98%80",
            ):
                known = {"id": str(uuid4())} | {place: name}
                _, path = found(operation.name, **known)
                answer = steady_api.call(operation.method, path, BODIES.get(operation.name))
                if operation.staff and place != "course":
                    answer.refusal(403, "not_allowed")
                else:
                    answer.refusal(404, "not_found")
                assert len(answer.body) < 1_500

    def test_bytes_in_the_address_that_are_no_text(
        self, steady_api: Client, operation: Operation
    ) -> None:
        _, path = found(operation.name, id="%ff", course="%ff")
        if "%ff" in path:
            answer = steady_api.call(operation.method, path, BODIES.get(operation.name))
            answer.refusal(400, "http_400")

    @pytest.mark.parametrize("language", ["English", "e", "en_GB", "../en", "x" * 60])
    def test_a_language_that_is_none(
        self, steady_api: Client, operation: Operation, language: str
    ) -> None:
        if operation.name == "get_health":
            return
        _, path = found(operation.name, id=str(uuid4()))
        answer = steady_api.call(
            operation.method,
            f"{path}?language={language}",
            BODIES.get(operation.name),
        )

        assert "language code" in answer.refusal(422, "invalid_input")


@pytest.mark.parametrize("path", ["/nothing", "/", "/me/", "/courses/small/", "//me", "/me/x"])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_a_route_that_does_not_exist(steady_api: Client, path: str, method: str) -> None:
    assert "no route" in steady_api.call(method, path).refusal(404, "not_found")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"cells": "x = 1"}, "cells"),
        ({"cells": {"id": "answer"}}, "cells"),
        ({"cells": [{"id": "answer"}]}, "cells.0.source"),
        ({"cells": [{"id": 5, "source": ""}]}, "cells.0.id"),
        ({"cells": [{"id": "answer", "source": None}]}, "cells.0.source"),
        ({"cells": [{"id": "answer", "source": 5}]}, "cells.0.source"),
        ({"cells": [{"id": "answer", "source": "", "output": ""}]}, "cells.0.output"),
        ({"cells": [{"id": "an id", "source": ""}]}, "cells.0.id"),
        ({"cells": [{"id": "", "source": ""}]}, "cells.0.id"),
        ({"cells": [{"id": "x" * 65, "source": ""}]}, "cells.0.id"),
        ({"cells": [{"id": "answer", "source": "x" * 200_001}]}, "cells.0.source"),
        ({"cells": [{"id": f"c{n}", "source": ""} for n in range(51)]}, "cells"),
        ({"revision": 3}, "revision"),
        ({"revision": "abc"}, "revision"),
        ({"revision": "0" * 64 + "\n"}, "revision"),
        ({"responses": []}, "responses"),
        ({"responses": {"slices": None}}, "responses.slices"),
        ({"responses": {"slices": {"a": 1}}}, "responses.slices"),
        ({"responses": {"slices": [1]}}, "responses.slices"),
        ({"responses": {"a b": "a"}}, "responses"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_an_answer_of_a_wrong_form_names_the_field(
    steady_api: Client, body: Json, field: str
) -> None:
    for path in (CHECKS, SUBMISSIONS):
        answer = steady_api.call("POST", path, body)
        answer.refusal(422, "invalid_input")
        assert str(answer.json()["details"]["field"]).startswith(field)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_numbers_that_are_not_finite(steady_api: Client, number: str) -> None:
    raw = f'{{"responses": {{"pi": {number}}}}}'.encode()
    assert steady_api.call("POST", QUIZ, raw=raw).refusal(422, "invalid_input")
    raw = f'{{"preferences": {{"zoom": {number}}}, "hours_per_week": {number}}}'.encode()
    assert steady_api.call("PUT", "/me/profile", raw=raw).refusal(422, "invalid_input")


@pytest.mark.parametrize(
    "raw",
    [
        b'{"cells": [{"id": "answer", "source": "\\ud800"}]}',
        b'{"cells": [{"id": "answer", "source": "\\udc00 x"}]}',
        b'{"cells": [{"id": "answer", "source": "\\ud83d\\ud83d"}]}',
        b'{"cells": [{"id": "answer", "source": "\xed\xa0\x80"}]}',
    ],
)
def test_half_a_character_is_refused_in_words(steady_api: Client, raw: bytes) -> None:
    answer = steady_api.call("POST", CHECKS, raw=raw)

    assert "half of a surrogate pair" in answer.refusal(422, "invalid_input")


@pytest.mark.parametrize(
    "profile",
    [
        {"language": "English"},
        {"language": 5},
        {"skill_level": "wizard"},
        {"learning_style": 1},
        {"goals": "all"},
        {"goals": ["x" * 501]},
        {"goals": ["x"] * 21},
        {"interests": [None]},
        {"hours_per_week": -1},
        {"hours_per_week": 101},
        {"hours_per_week": "2"},
        {"time_zone": "x" * 65},
        {"preferences": {"nested": {"a": 1}}},
        {"preferences": {"x" * 65: True}},
        {"preferences": {f"p{n}": n for n in range(51)}},
        {"id": str(uuid4())},
        {"display_name": "Root"},
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_profile_of_a_wrong_form(steady_api: Client, profile: Json) -> None:
    before = steady_api.get("/me")
    answer = steady_api.call("PUT", "/me/profile", profile)

    answer.refusal(422, "invalid_input")
    assert str(next(iter(profile))) in str(answer.json()["details"]["field"])
    assert steady_api.get("/me") == before


def test_an_answer_has_to_fit_the_exercise(steady_api: Client) -> None:
    for body in ({}, {"cells": [{"id": "other", "source": ""}]}, {"cells": cells()["cells"] * 2}):
        assert "answer cells" in steady_api.call("POST", CHECKS, body).refusal(422, "invalid_input")
    answer = steady_api.call("POST", QUIZ, {"responses": {"colour": "red"}})
    assert "no question 'colour'" in answer.refusal(422, "invalid_input")


@pytest.mark.parametrize("wait", ["-1", "31", "nan", "inf", "soon", "1,5", "%00", "1e9"])
def test_a_wait_that_is_none(steady_api: Client, wait: str) -> None:
    answer = steady_api.call("GET", f"/checks/{uuid4()}?wait={wait}")

    assert "0 to 30" in answer.refusal(422, "invalid_input")


def test_text_in_a_query_that_is_none(steady_api: Client) -> None:
    steady_api.call("GET", "/me?language=%ff").refusal(400, "http_400")
    # Jupyter Server itself looks at this one when it answers.
    assert steady_api.call("GET", "/me?no_track_activity=%ff").status == 200
    steady_api.call("GET", "/nothing?no_track_activity=%ff").refusal(404, "not_found")
