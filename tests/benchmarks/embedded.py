"""What the embedded server costs to start and stop: `python -m tests.benchmarks.embedded [rounds]`.

The baseline is the textbook way with the same programs and the same disk in the same minute:
`initdb`, `pg_ctl -w start` and `pg_ctl stop`, each to the first answered query. Trust the ratios
more than the times.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from jupyter_tutor.storage.account import server_account
from jupyter_tutor.storage.binaries import server_binaries
from jupyter_tutor.storage.embedded import EmbeddedPostgres

COLD, WARM, JOIN, STOP = "cold start", "warm start", "join a running one", "stop"
Times = dict[str, list[float]]


@contextmanager
def timed(times: Times, name: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    times.setdefault(name, []).append(time.perf_counter() - began)


def ask(conninfo: str) -> None:
    with psycopg.connect(conninfo) as connection:
        connection.execute("SELECT 1")


def measure_embedded(place: Path, times: Times) -> None:
    server = EmbeddedPostgres(place / "embedded")
    for name in (COLD, WARM):
        with timed(times, name):
            ask(server.attach().replace("+psycopg", ""))
        other = EmbeddedPostgres(place / "embedded")
        with timed(times, JOIN):
            ask(other.attach().replace("+psycopg", ""))
        other.detach()
        with timed(times, STOP):
            server.detach()


def measure_textbook(place: Path, times: Times) -> None:
    account = server_account(place / "none")
    programs = server_binaries(account)
    data, sockets = place / "data", place / "s"
    for directory in (data, sockets):
        directory.mkdir(mode=0o700)
        os.chown(directory, account.uid, account.gid)

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [programs.program(program), "-D", str(data), *arguments],
            check=True,
            cwd="/",
            env=programs.environment(),
            stdout=subprocess.DEVNULL,
            **account.identity,
        )

    options = f"-k {sockets} -c listen_addresses="
    start = ("-w", "-l", str(sockets / "log"), "-o", options, "start")
    conninfo = f"host={sockets} user=tutor dbname=postgres"
    with timed(times, COLD):
        run("initdb", "-U", "tutor", "-A", "trust")
        run("pg_ctl", *start)
        ask(conninfo)
    with timed(times, JOIN):
        run("pg_ctl", "status")
        ask(conninfo)
    with timed(times, STOP):
        run("pg_ctl", "-m", "fast", "stop")
    with timed(times, WARM):
        run("pg_ctl", *start)
        ask(conninfo)
    run("pg_ctl", "-m", "fast", "stop")


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    ours: Times = {}
    textbook: Times = {}
    for _ in range(rounds):
        # Turn by turn, so that both meet the same load.
        place = Path(tempfile.mkdtemp(prefix="jt-"))
        place.chmod(0o755)
        try:
            measure_textbook(place, textbook)
            measure_embedded(place, ours)
        finally:
            shutil.rmtree(place)
    print(f"{'milliseconds, least / median':28}{'embedded':>16}{'textbook':>16}{'ratio':>14}")
    for name in (COLD, WARM, JOIN, STOP):
        pairs = [(min(times[name]), statistics.median(times[name])) for times in (ours, textbook)]
        cells = [f"{least * 1e3:.0f} / {median * 1e3:.0f}" for least, median in pairs]
        ratios = [mine / theirs for mine, theirs in zip(*pairs, strict=True)]
        print(f"{name:28}{cells[0]:>16}{cells[1]:>16}{ratios[0]:>7.2f}{ratios[1]:>7.2f}")


if __name__ == "__main__":
    main()
