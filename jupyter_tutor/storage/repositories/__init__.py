"""Repositories: one per aggregate. They take and return domain values, never rows."""

from jupyter_tutor.storage.repositories.consents import PostgresConsents, PostgresModelReplies
from jupyter_tutor.storage.repositories.conversations import PostgresConversations
from jupyter_tutor.storage.repositories.courses import PostgresCourses
from jupyter_tutor.storage.repositories.hint_settings import PostgresHintSettings
from jupyter_tutor.storage.repositories.hints import PostgresHints
from jupyter_tutor.storage.repositories.ledger import PostgresLedger
from jupyter_tutor.storage.repositories.memories import PostgresMemories
from jupyter_tutor.storage.repositories.people import PostgresPeople
from jupyter_tutor.storage.repositories.personal import PostgresInstallation, PostgresPersonalData
from jupyter_tutor.storage.repositories.records import PostgresAudit, PostgresIdempotencyKeys
from jupyter_tutor.storage.repositories.reviews import PostgresReviews
from jupyter_tutor.storage.repositories.submissions import PostgresSubmissions

__all__ = [
    "PostgresAudit",
    "PostgresConsents",
    "PostgresConversations",
    "PostgresCourses",
    "PostgresHintSettings",
    "PostgresHints",
    "PostgresIdempotencyKeys",
    "PostgresInstallation",
    "PostgresLedger",
    "PostgresMemories",
    "PostgresModelReplies",
    "PostgresPeople",
    "PostgresPersonalData",
    "PostgresReviews",
    "PostgresSubmissions",
]
