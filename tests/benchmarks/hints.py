"""A server while a class waits for a model: `python -m tests.benchmarks.hints [hints]`.

The server with the extension runs in a process of its own, with the engine that diagnoses answers,
and asks a fake of the Messages API in this one. Printed are how long other requests take while so
many learners ask for a hint, each on an answer of their own that nobody has diagnosed, where the
model hangs for every other one and answers the rest, against the same server before; how long after
a learner left their request to the model ends; and after how long a hint by rules comes for each
fault. Aims: other requests p95 below 200 ms, a request ended within 1 s, a hint within 25 s. Exit
status 1 when one is missed.
"""

import http.client
import itertools
import json
import os
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
from jupyter_server.auth import IdentityProvider, User
from tornado import web

from jupyter_tutor.services.grading import GradingService
from jupyter_tutor.services.submissions import GRADE_ATTEMPT
from jupyter_tutor.storage import schema
from jupyter_tutor.storage.connections import conninfo
from jupyter_tutor.storage.database import Database
from tests import small_course
from tests.benchmarks.http import Kept
from tests.benchmarks.machine import load
from tests.fake_api import FakeApi, Hang, Scenario
from tests.fake_api.tutoring import tutor
from tests.integration.server.processes import eventually, home
from tests.integration.server.serving import API, Client, Json, serving
from tests.integration.server.test_hinting import EXERCISE, FALSE, FAULTS, PRICES

MOST_P95 = 0.2
MOST_CANCEL = 1.0
MOST_HINT = 25.0
ROUNDS = 150
HEADER = "X-Learner"
LEAVERS = 20
READS = {"get_exercise": EXERCISE, "get_course": "/courses/small"}


class Named(IdentityProvider):
    """Knows learners by a header, as a Hub knows them by their tokens."""

    async def get_user_token(self, handler: web.RequestHandler) -> User | None:
        """Return who asks, if they know the token."""
        if await super().get_user_token(handler) is None:
            return None
        return User(username=handler.request.headers.get(HEADER, "benchmark"))


def learner(client: Client, number: int) -> Client:
    """Return a client that asks as another learner."""
    return Client(client.port, headers={**client.headers, HEADER: f"learner-{number}"})


def serve(root: str, database: str, model: str) -> None:
    """Serve until the other end of standard input is closed; prints the port."""
    traits = {
        "database_url": database,
        "model_client": "anthropic",
        "model_url": model,
        "model_prices": PRICES,
        "learner_month_budget": 1000.0,
    }
    with serving(Path(root), traits, ServerApp={"identity_provider_class": Named}) as served:
        print(served.client.port, flush=True)
        sys.stdin.read()


@contextmanager
def served(fake: FakeApi) -> Iterator[tuple[Client, Database]]:
    """A server in a process of its own that asks the fake, and its database."""
    with ExitStack() as stack:
        place = stack.enter_context(home())
        embedded = stack.enter_context(place.postgres)
        schema.upgrade(embedded.url)
        database = stack.enter_context(Database(embedded.url))
        small_course.publish(database)
        root = place.directory / "files"
        root.mkdir()
        url = database.url.render_as_string(hide_password=False)
        process = subprocess.Popen(
            [sys.executable, "-m", __spec__.name, "--serve", str(root), url, fake.url],
            env=place.environment | {"JUPYTER_TUTOR_MODEL_KEY": "a-key-for-tests"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stack.enter_context((place.directory / "log").open("ab")),
            text=True,
        )
        stack.callback(process.wait, 60)
        assert process.stdin is not None
        assert process.stdout is not None
        stack.callback(process.stdin.close)
        client = Client(int(process.stdout.readline()))
        eventually(lambda: client.get("/health")["status"] is not None, "it answers")
        yield client, database


def fail(client: Client, database: Database, value: int) -> None:
    """Run an answer that fails, and is another one each time."""
    runner = small_course.runner()
    runner.answers[f"a = 1\nb = {value}"] = {"both": FALSE}
    cells = [{"id": "part-a", "source": "a = 1"}, {"id": "part-b", "source": f"b = {value}"}]
    row = client.send(f"{EXERCISE}/checks", {"cells": cells})
    GradingService(database, runner).jobs[GRADE_ATTEMPT](UUID(row["id"]))


def begin(client: Client, database: Database, value: int) -> None:
    """Begin the ladder again: fail, and have the result explained, so that a model is next."""
    with psycopg.connect(conninfo(database.url)) as connection:
        connection.execute("DELETE FROM hint_requests")
    fail(client, database, value)
    assert client.send(f"{EXERCISE}/hints", {})["hint"]["level"] == 0


def ask(client: Client) -> tuple[http.client.HTTPConnection, float]:
    """Ask for a hint; return the connection on which it will come, and when it was asked."""
    connection = http.client.HTTPConnection("127.0.0.1", client.port, timeout=60)
    headers = {
        **client.headers,
        "Content-Type": "application/json",
        "Idempotency-Key": uuid4().hex,
    }
    connection.request("POST", f"{API}{EXERCISE}/hints", b"{}", headers)
    return connection, time.perf_counter()


def answer(connection: http.client.HTTPConnection) -> Json:
    """Return what came."""
    body: Json = json.loads(connection.getresponse().read())
    connection.close()
    return body


def soon(condition: Callable[[], bool]) -> float:
    """Wait closely for something; return how long that took."""
    began = time.perf_counter()
    while not condition():
        if time.perf_counter() - began > 60:
            raise SystemExit("it did not happen within a minute")
        time.sleep(0.002)
    return time.perf_counter() - began


def others(client: Client, rounds: int) -> dict[str, list[float]]:
    """Return how long other requests take."""
    kept = Kept(client.port)
    taken: dict[str, list[float]] = {name: [] for name in READS}
    for _ in range(rounds):
        for name, path in READS.items():
            taken[name].append(kept.seconds("GET", API + path))
            time.sleep(0.01)
    return taken


def percentiles(times: list[float]) -> tuple[float, float, float]:
    """Return p50, p95 and p99."""
    cut = statistics.quantiles(times, n=100)
    return statistics.median(times), cut[94], cut[98]


def in_class(client: Client, database: Database, hints: int) -> list[Client]:
    """Have learners fail, each with another answer, and read the result of it."""
    learners = [learner(client, number) for number in range(hints)]
    for number, each in enumerate(learners):
        fail(each, database, 1_000 + number)
        assert each.send(f"{EXERCISE}/hints", {})["hint"]["level"] == 0
    return learners


def every_other() -> Callable[[Mapping[str, Any]], Scenario]:
    """Return what a model does that hangs for every other request and answers the rest."""
    numbers, answers = itertools.count(), tutor()
    return lambda body: Hang(after=3) if next(numbers) % 2 else answers(body)


def measure_others(client: Client, database: Database, fake: FakeApi, hints: int) -> bool:
    """Measure other requests without and with hints in flight; whether the aim is met."""
    learners = in_class(client, database, hints)
    others(client, 20)
    before = others(client, ROUNDS)
    fake.otherwise = every_other()
    asked = len(fake.calls)
    with ThreadPoolExecutor(hints) as pool:
        began = time.perf_counter()
        given = [pool.submit(lambda one=one: timed(one)) for one in learners]  # type: ignore[misc]
        during = others(client, ROUNDS)
        early = sum(each.done() for each in given)
        took = time.perf_counter() - began
        hinted = [each.result() for each in given]
    calls = len(fake.calls) - asked
    print(f"{hints} learners asked; the others were measured for {took:.1f} s")
    print(
        f"{'milliseconds':14}{'p50':>8}{'p95':>8}{'p99':>8}{'alone p50':>12}{'p95':>8}{'ratio':>8}"
    )
    for name in READS:
        now, alone = percentiles(during[name]), percentiles(before[name])
        cells = "".join(f"{each * 1e3:8.1f}" for each in now)
        ratio = now[0] / alone[0]
        print(f"{name:14}{cells}{alone[0] * 1e3:12.1f}{alone[1] * 1e3:8.1f}{ratio:8.2f}")
    waits = [seconds for _, seconds in hinted]
    sources = Counter(source for source, _ in hinted)
    print(f"{calls} calls to the model; {early} hints came while others were measured")
    print(
        f"hints by {dict(sources)}: p50 {statistics.median(waits):.1f} s, most {max(waits):.1f} s"
    )
    p95 = max(percentiles(during[name])[1] for name in READS)
    return p95 < MOST_P95 and not sources["none"] and max(waits) <= MOST_HINT


def timed(client: Client) -> tuple[str, float]:
    """Ask for a hint; return its source, or "none", and after how many seconds it came."""
    connection, began = ask(client)
    given = answer(connection)
    return (given.get("hint") or {}).get("source", "none"), time.perf_counter() - began


def measure_leaving(client: Client, database: Database, fake: FakeApi) -> bool:
    """Measure the time from leaving to the end of the request to the model."""
    begin(client, database, 50)
    # Who leaves while the fake writes is not always counted by it: it says nothing here.
    fake.otherwise = lambda _body: Hang()
    times = []
    for _ in range(LEAVERS):
        asked, gone = len(fake.calls), fake.gone
        connection, _ = ask(client)
        soon(lambda asked=asked: len(fake.calls) > asked)  # type: ignore[misc]
        connection.close()
        times.append(soon(lambda gone=gone: fake.gone > gone))  # type: ignore[misc]
    middle, longest = statistics.median(times), max(times)
    print(f"ended after who asked had left: p50 {middle * 1e3:.0f} ms, most {longest * 1e3:.0f} ms")
    return longest <= MOST_CANCEL


def measure_faults(client: Client, database: Database, fake: FakeApi) -> bool:
    """Measure the time to a hint for each fault."""
    met = True
    for number, (scenario, _) in enumerate(FAULTS):
        begin(client, database, 100 + number)
        fake.otherwise = lambda _body, scenario=scenario: scenario  # type: ignore[misc]
        connection, began = ask(client)
        given = answer(connection)
        took = time.perf_counter() - began
        hint = given.get("hint") or {}
        print(f"{repr(scenario)[:44]:46}{took:6.1f} s  {hint.get('source', 'none')}")
        met = met and took <= MOST_HINT and hint.get("source") == "rules"
    return met


def main() -> None:
    """Print the tables."""
    hints = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    print(f"{os.cpu_count()} cores; {load()}")
    with FakeApi() as fake, served(fake) as (client, database):
        met = {
            "leaving": measure_leaving(client, database, fake),
            "other requests": measure_others(client, database, fake, hints),
            "faults": measure_faults(client, database, fake),
        }
    missed = [name for name, is_met in met.items() if not is_met]
    print(f"Aims: {'missed by ' + ', '.join(missed) if missed else 'met'}.")
    raise SystemExit(bool(missed))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        serve(*sys.argv[2:5])
    else:
        main()
