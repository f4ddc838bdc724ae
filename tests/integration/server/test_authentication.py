"""Who may call: nobody unknown on any route, no other site, nobody the server's rules refuse."""

import warnings
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path

import psycopg
import pytest
from jupyter_server.auth import Authorizer, IdentityProvider, User
from jupyter_server.base.handlers import APIHandler, JupyterHandler
from jupyter_server.utils import JupyterServerAuthWarning
from tornado import web

from jupyter_tutor.server.contract import OPERATIONS
from jupyter_tutor.storage.connections import conninfo
from tests.integration.server.requests import BODIES, cells, found
from tests.integration.server.serving import TOKEN, Client, Served, serving

pytestmark = pytest.mark.postgres

CHECKS = "/courses/small/exercises/double/checks"


@pytest.mark.parametrize("authorization", [None, "", "token", "token wrong", f"Basic {TOKEN}"])
def test_every_route_refuses_whoever_is_not_known(
    steady_api: Client, authorization: str | None
) -> None:
    for operation in OPERATIONS:
        _, path = found(operation.name, id="00000000-0000-0000-0000-000000000000")
        for method in {operation.method, "GET", "POST", "PUT", "DELETE", "PATCH"}:
            answer = steady_api.call(
                method, path, BODIES.get(operation.name), headers={"Authorization": authorization}
            )
            assert "sign in again" in answer.refusal(403, "http_403")
    for path in ("/openapi.json", "/nothing", "/"):
        answer = steady_api.call("GET", path, headers={"Authorization": authorization})
        answer.refusal(403, "http_403")
        assert steady_api.call("HEAD", path, headers={"Authorization": authorization}).status == 403


def test_a_question_before_a_request_says_nothing_of_anybody(steady_api: Client) -> None:
    answer = steady_api.call("OPTIONS", "/me", headers={"Authorization": None})

    assert (answer.status, answer.body) == (200, b"")
    assert "idempotency-key" in answer.headers["access-control-allow-headers"]


class Naked(APIHandler):
    """A handler that forgot to ask who calls."""

    def get(self) -> None:
        self.finish("{}")


def test_jupyter_servers_own_check_finds_nothing(
    jupyter_directories: None, tmp_path: Path, shared_database: str
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", JupyterServerAuthWarning)
        strict = {"allow_unauthenticated_access": False}
        with serving(tmp_path, {"database_url": shared_database}, ServerApp=strict) as server:
            client = server.client
            assert client.call("GET", "/me", headers={"Authorization": None}).status == 403
            assert client.call("GET", "/me").status == 200
            # The check does find what it is there for.
            with pytest.raises(JupyterServerAuthWarning, match="/naked"):
                server.app.web_app.add_handlers(  # type: ignore[no-untyped-call]
                    ".*$", [("/naked", Naked)]
                )


class Browser:
    """Knows no token any more, but has the cookies it got for it."""

    def __init__(self, client: Client) -> None:
        page = Client(client.port, api="")
        answer = page.call("GET", f"/api/status?token={TOKEN}", headers={"Authorization": None})
        assert answer.status == 200
        jar: SimpleCookie = SimpleCookie(answer.headers["set-cookie"])
        login = page.call("GET", "/login", headers={"Authorization": None})
        self.xsrf = SimpleCookie(login.headers["set-cookie"])["_xsrf"].value
        cookies = {name: morsel.coded_value for name, morsel in jar.items()} | {"_xsrf": self.xsrf}
        self.headers: dict[str, str | None] = {
            "Authorization": None,
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        }


@pytest.fixture
def browser(api: Client) -> Browser:
    """A browser that is signed in."""
    return Browser(api)


def test_a_browser_that_is_signed_in_may_read(api: Client, browser: Browser) -> None:
    assert api.call("GET", "/me", headers=browser.headers).json() == api.get("/me")


def test_a_browser_writes_with_the_servers_own_token_against_forgery(
    api: Client, browser: Browser
) -> None:
    refused = api.call("POST", CHECKS, cells(), headers=browser.headers)
    refused.refusal(403, "http_403")
    headers = browser.headers | {"X-XSRFToken": "another"}
    api.call("POST", CHECKS, cells(), headers=headers).refusal(403, "http_403")
    assert api.get("/courses/small/exercises/double")["attempts"] == 0

    headers = browser.headers | {"X-XSRFToken": browser.xsrf}
    assert api.call("POST", CHECKS, cells(), headers=headers).status == 202


def test_another_site_gets_nothing_through_a_browser(api: Client, browser: Browser) -> None:
    headers = browser.headers | {"Origin": "https://elsewhere.example"}

    assert api.call("GET", "/me", headers=headers).status in (403, 404)
    headers |= {"X-XSRFToken": browser.xsrf}
    assert api.call("POST", CHECKS, cells(), headers=headers).status in (403, 404)


class ReadOnly(Authorizer):
    """Lets people read."""

    def is_authorized(
        self,
        handler: JupyterHandler,  # noqa: ARG002 - theirs
        user: User,  # noqa: ARG002 - theirs
        action: str,
        resource: str,
    ) -> bool:
        return action == "read" or resource != "jupyter-tutor"


class Hub(IdentityProvider):
    """Knows people by a header, as a Hub knows them by their tokens."""

    def get_user(self, handler: web.RequestHandler) -> User | None:
        name = handler.request.headers.get("X-Known-As")
        return User(username=name, display_name=f"{name} of the Hub") if name else None


@pytest.fixture
def as_on_a_hub(
    jupyter_directories: None, api: Client, tmp_path: Path, shared_database: str
) -> Iterator[Served]:
    """A server that knows several people, and lets them only read."""
    with serving(
        tmp_path,
        {"database_url": shared_database},
        ServerApp={"authorizer_class": ReadOnly, "identity_provider_class": Hub},
    ) as server:
        yield server


def test_the_servers_rules_hold_here_too(as_on_a_hub: Served) -> None:
    client, ada = as_on_a_hub.client, {"X-Known-As": "ada"}

    assert client.call("GET", "/courses/small", headers=ada).status == 200
    client.call("POST", CHECKS, cells(), headers=ada).refusal(403, "http_403")
    client.call("PUT", "/me/profile", {}, headers=ada).refusal(403, "http_403")


def test_people_of_a_hub_are_told_apart(as_on_a_hub: Served) -> None:
    client = as_on_a_hub.client
    ada, bob = (
        client.call("GET", "/me", headers={"X-Known-As": name}).json() for name in ("ada", "bob")
    )

    assert ada["display_name"] == "ada of the Hub"
    assert ada["id"] != bob["id"]
    assert client.call("GET", "/me", headers={"X-Known-As": "ada"}).json() == ada
    client.call("GET", "/me").refusal(403, "http_403")


def test_identity_never_comes_from_the_request(api: Client) -> None:
    me = api.get("/me")
    for headers in ({"X-User": "root"}, {"X-Forwarded-User": "root"}, {"From": "root@example"}):
        assert api.call("GET", "/me", headers=headers).json() == me
    assert api.get("/me", user="root", person_id="1") == me


def test_a_person_who_was_erased_is_a_new_one(api: Client, shared_database: str) -> None:
    before = api.get("/me")
    with psycopg.connect(conninfo(shared_database)) as connection:
        for table, column in (("external_identities", "person_id"), ("people", "id")):
            connection.execute(f"DELETE FROM {table} WHERE {column} = %s", [before["id"]])

    assert api.get("/me")["id"] != before["id"]
    assert api.send(CHECKS, cells())["status"] == "queued"
