"""Repositories: one per aggregate. They take and return domain values, never rows."""

from jupyter_tutor.storage.repositories.courses import PostgresCourses
from jupyter_tutor.storage.repositories.hint_settings import PostgresHintSettings
from jupyter_tutor.storage.repositories.hints import PostgresHints
from jupyter_tutor.storage.repositories.memories import PostgresMemories
from jupyter_tutor.storage.repositories.people import PostgresPeople
from jupyter_tutor.storage.repositories.records import PostgresAudit, PostgresIdempotencyKeys
from jupyter_tutor.storage.repositories.submissions import PostgresSubmissions

__all__ = [
    "PostgresAudit",
    "PostgresCourses",
    "PostgresHintSettings",
    "PostgresHints",
    "PostgresIdempotencyKeys",
    "PostgresMemories",
    "PostgresPeople",
    "PostgresSubmissions",
]
