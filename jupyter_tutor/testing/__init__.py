"""Fakes of the ports, public: for our own tests and for whoever builds on the tutor.

One file per fake; this module re-exports them.
May import: domain, services. Must not import: adapters, server, cli.
"""

from jupyter_tutor.testing.batches import ScriptedBatchModel
from jupyter_tutor.testing.explorer import ScriptedExplorer
from jupyter_tutor.testing.model import ScriptedTutorModel
from jupyter_tutor.testing.runner import ScriptedTestRunner
from jupyter_tutor.testing.tables import AuditEvent, StoredJob
from jupyter_tutor.testing.unit_of_work import InMemoryDatabase, InMemoryUnitOfWork

__all__ = [
    "AuditEvent",
    "InMemoryDatabase",
    "InMemoryUnitOfWork",
    "ScriptedBatchModel",
    "ScriptedExplorer",
    "ScriptedTestRunner",
    "ScriptedTutorModel",
    "StoredJob",
]
