"""Failures of the database as errors people can understand.

Only what a person or a retry can mend is translated; any other failure is a bug and stays what it
is. The texts repeat nothing the server said, which may hold host names, values or SQL.
"""

import psycopg
from procrastinate.exceptions import ConnectorException
from sqlalchemy.exc import DBAPIError, SQLAlchemyError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from jupyter_tutor.domain.errors import (
    Conflict,
    InvalidInput,
    NotFound,
    StorageUnavailable,
    TutorError,
)

_UNANSWERED = (
    "The database does not answer. Try again in a moment; if it stays so, tell whoever runs this "
    "server. Nothing was saved."
)
_BUSY = "The database is busy with the same data. Try again in a moment. Nothing was saved."
_OUTDATED = "The database is not at the right revision. Run: jupyter tutor db upgrade"

_FORBIDDEN = (
    "The database user lacks a right it needs. It has to own the database, or to have CREATE on it "
    "and on its schema public."
)

_UNANSWERED_CLASSES = ("08", "53", "57", "58", "XX")
"""SQLSTATE classes: connection, resources, operator intervention, system, internal error."""

_BUSY_STATES = ("40001", "40P01", "55P03")
"""Serialisation failure, deadlock, lock not available."""

_OUTDATED_STATES = ("3F000", "42P01", "42703", "42704", "42883")
"""Unknown schema, table, column, type, function."""


def translated(error: BaseException) -> TutorError | None:
    """Return the error to raise instead, or None for a bug.

    Args:
        error: What SQLAlchemy, Procrastinate or psycopg raised.
    """
    if isinstance(error, PoolTimeout):
        return StorageUnavailable(_BUSY)
    if isinstance(error, ConnectorException):
        return translated(error.__cause__) if error.__cause__ is not None else None
    if isinstance(error, DBAPIError):
        if error.connection_invalidated:
            return StorageUnavailable(_UNANSWERED)
        return _from_psycopg(error.orig)
    if isinstance(error, StatementError):
        # A column type refused a value before it was sent.
        return error.orig if isinstance(error.orig, TutorError) else None
    if isinstance(error, SQLAlchemyError):
        return None
    return _from_psycopg(error)


def _from_psycopg(error: BaseException | None) -> TutorError | None:
    if not isinstance(error, psycopg.Error):
        return None
    state = error.sqlstate
    if state is None:
        unanswered = isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
        return StorageUnavailable(_UNANSWERED) if unanswered else None
    if state in _BUSY_STATES:
        return StorageUnavailable(_BUSY)
    if state in _OUTDATED_STATES:
        return StorageUnavailable(_OUTDATED)
    if state == "42501":
        return StorageUnavailable(_FORBIDDEN)
    if state.startswith(_UNANSWERED_CLASSES) or state.startswith("28") or state == "3D000":
        return StorageUnavailable(_UNANSWERED)
    return _refused(state, error.diag.constraint_name)


def _refused(state: str, constraint: str | None) -> TutorError | None:
    """Return the error for a value that a constraint or a type refused."""
    if state == "23505":
        return Conflict("Somebody changed the same thing at the same moment. Try again.")
    if state == "23503":
        return NotFound("What this refers to does not exist (any more).")
    if state == "23514" or state.startswith("22"):
        return InvalidInput(
            "A value is outside its bounds and was not saved.",
            details={"constraint": constraint} if constraint else None,
        )
    return None
