"""Advisory locks: what several transactions have to do one after the other, row or no row yet."""

from hashlib import blake2b

from sqlalchemy import func, select
from sqlalchemy.orm import Session


def lock_key(*parts: object) -> int:
    """Return the 64-bit key of a lock; different things seldom share one, which only costs time."""
    text = "\0".join(str(part) for part in parts)
    return int.from_bytes(
        blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), signed=True
    )


def hold(session: Session, *parts: object) -> None:
    """Wait until no other transaction holds this lock; hold it until this one ends."""
    session.execute(select(func.pg_advisory_xact_lock(lock_key(*parts))))
