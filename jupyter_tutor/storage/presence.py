"""Presence: how a worker shows that it lives, and how the others see that one does not.

A living worker holds an advisory lock on a connection of its own. PostgreSQL lets go of the lock as
soon as that connection ends, and on one computer it ends with the process, whatever ended that. The
lock alone would not do: a connection can be cut while its worker lives on. So a worker counts as
gone when nobody holds its lock *and* it has missed a heartbeat; a living one that lost the
connection takes the lock again long before.

Of a computer that vanished from the network, the connection stays for a while. Such a worker is
found by its heartbeat alone, later (see `shift.Pace.stalled`).
"""

import asyncio
from contextlib import suppress
from typing import Any

import psycopg

from jupyter_tutor.storage.advisory import lock_key
from jupyter_tutor.storage.outages import Outage


async def stay_present(conninfo: str, worker_id: int, pause: float, outage: Outage) -> None:
    """Hold a worker's lock until cancelled; take it again when the connection breaks.

    Args:
        conninfo: How to connect.
        worker_id: The worker.
        pause: Seconds between two attempts to connect.
        outage: Is told when the database does not answer, and when it does again.
    """
    while True:
        try:
            connection = await psycopg.AsyncConnection.connect(conninfo, autocommit=True)
        except psycopg.Error as error:
            await outage.lost(error)
            await asyncio.sleep(pause)
            continue
        outage.over()
        # It breaks with the database, or is cut: both show when connecting again.
        with suppress(psycopg.Error):
            async with connection:
                await connection.execute("SELECT pg_advisory_lock(%s)", (_key(worker_id),))
                # Nothing is ever told here: this waits for the end of the connection.
                async for _ in connection.notifies():
                    pass


async def gone_workers(
    connection: psycopg.AsyncConnection[Any], own_id: int, missed: float
) -> list[int]:
    """Return the workers that live no more; their locks are held until the transaction ends.

    Args:
        connection: In a transaction.
        own_id: The worker that asks.
        missed: Seconds without a heartbeat after which a worker may be gone.
    """
    cursor = await connection.execute(
        "SELECT id FROM procrastinate_workers "
        "WHERE id <> %s AND last_heartbeat < now() - make_interval(secs => %s) ORDER BY id",
        (own_id, missed),
    )
    gone = []
    for (worker_id,) in await cursor.fetchall():
        free = await connection.execute("SELECT pg_try_advisory_xact_lock(%s)", (_key(worker_id),))
        if await free.fetchone() == (True,):
            gone.append(worker_id)
    return gone


async def forget(connection: psycopg.AsyncConnection[Any], worker_ids: list[int]) -> None:
    """Strike workers that are gone off the list; what is left of their jobs has none then."""
    await connection.execute("DELETE FROM procrastinate_workers WHERE id = ANY(%s)", (worker_ids,))


def _key(worker_id: int) -> int:
    return lock_key("worker", worker_id)
