"""How long the operations take over HTTP: `python -m tests.benchmarks.http [rounds]`.

A server in a process of its own, with the embedded database and a worker, is asked over connections
that are kept. The baseline is Jupyter Server's own `/api`, which looks nothing up; it is asked
between any two of ours, so that a busy machine slows both. Ratios say more than milliseconds.
Target: an operation that only reads has a median below a tenth of a second.
"""

import http.client
import json
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from jupyter_tutor.storage.database import Database
from tests import small_course
from tests.integration.server.processes import eventually, home, server
from tests.integration.server.requests import cells
from tests.integration.server.serving import API, TOKEN, Client, Json

TARGET = 0.1
WARM_UP = 10
EXERCISE = "/courses/small/exercises/double"

READS = {
    "health": "/health",
    "me": "/me",
    "courses": "/courses",
    "course": "/courses/small",
    "exercise": EXERCISE,
    "submissions": f"{EXERCISE}/submissions",
}


class Kept:
    """A connection that is kept from call to call, as browsers keep theirs."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def seconds(self, method: str, path: str, body: Json | None = None) -> float:
        """Return how long a call takes, until the whole answer is there."""
        headers = {"Authorization": f"token {TOKEN}"}
        if body is not None:
            headers |= {"Content-Type": "application/json", "Idempotency-Key": uuid4().hex}
        text = None if body is None else json.dumps(body)
        began = time.perf_counter()
        self._connection.request(method, path, text, headers)
        reply = self._connection.getresponse()
        answer = reply.read()
        took = time.perf_counter() - began
        if reply.status not in (200, 202):
            raise SystemExit(f"{method} {path}: {reply.status} {answer[:300]!r}")
        return took


@contextmanager
def started() -> Iterator[tuple[Kept, Client]]:
    """A server with a course and a learner who has handed in and been graded."""
    with home() as place, server(place) as (process, client):
        with Database(place.postgres.url) as database:
            small_course.publish(database)
        _settle(client, "/submissions", client.send(f"{EXERCISE}/submissions", cells()))
        yield Kept(client.port), client
        process.terminate()
        process.wait(60)


def _settle(client: Client, path: str, row: Json) -> None:
    def settled() -> bool:
        found = client.get(f"{path}/{row['id']}", wait=20)
        return found["status"] not in ("queued", "running")

    eventually(settled, "it is graded")


def _line(name: str, ours: list[float], base: list[float]) -> float:
    middle, last = statistics.median(ours), statistics.quantiles(ours, n=100)[98]
    bare, bare_last = statistics.median(base), statistics.quantiles(base, n=100)[98]
    print(
        f"{name:14}{middle * 1e3:>9.1f}{last * 1e3:>9.1f}{bare * 1e3:>11.1f}{bare_last * 1e3:>9.1f}"
        f"{middle / bare:>9.1f}{len(ours):>7}"
    )
    return middle


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with started() as (kept, client):
        print(
            f"{'milliseconds':14}{'p50':>9}{'p99':>9}{'/api p50':>11}{'p99':>9}{'ratio':>9}{'n':>7}"
        )
        medians = {}
        for name, path in READS.items():
            ours, base = [], []
            for _ in range(WARM_UP + rounds):
                base.append(kept.seconds("GET", "/api"))
                ours.append(kept.seconds("GET", API + path))
            medians[name] = _line(name, ours[WARM_UP:], base[WARM_UP:])
        ours, base = [], []
        for number in range(rounds):
            base.append(kept.seconds("GET", "/api"))
            body: Json = {"language": "en", "goals": [f"goal {number}"]}
            ours.append(kept.seconds("PUT", f"{API}/me/profile", body))
        _line("profile (PUT)", ours, base)
        ours, base = [], []
        for _ in range(max(rounds // 10, 5)):
            base.append(kept.seconds("GET", "/api"))
            ours.append(kept.seconds("POST", f"{API}{EXERCISE}/checks", cells()))
            # So that nothing is graded while the next one is measured.
            eventually(lambda: not _last(client), "it is graded")
        _line("check (POST)", ours, base)
        slow = [name for name, median in medians.items() if median > TARGET]
    verdict = f"missed by {', '.join(slow)}" if slow else "met"
    print(f"Target of {TARGET * 1e3:.0f} ms for reading: {verdict}.")


def _last(client: Client) -> bool:
    """Whether the newest check still waits or runs."""
    attempt = client.get(EXERCISE)["last_attempt"]
    return attempt is not None and attempt["status"] in ("queued", "running")


if __name__ == "__main__":
    main()
