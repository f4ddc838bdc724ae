"""The ports of privacy: what is stored of one person, and the secret of the installation.

They belong to the unit of work of `ports`, which gives them on.
"""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from jupyter_tutor.domain.personal_data import DataCount, PersonalRecords
from jupyter_tutor.domain.submissions import Attempt, Submission
from jupyter_tutor.domain.tags import InstallationSecret


class Installation(Protocol):
    """What an installation knows of itself."""

    def secret(self) -> InstallationSecret:
        """Return the secret of this installation; it is made when it is asked for first.

        Whoever asks at the same moment is given the same.
        """


class PersonalData(Protocol):
    """All that is stored of one person, to be taken along or to be erased."""

    def records(self, person_id: UUID) -> PersonalRecords:
        """Return what is stored but attempts, submissions and memory. Raises NotFound."""

    def attempts(self, person_id: UUID, after: UUID | None, most: int) -> Sequence[Attempt]:
        """Return some of a person's attempts in any course, in the order of their keys.

        Args:
            person_id: The person.
            after: The last key that is known already; None: from the first on.
            most: How many at most.
        """

    def submissions(self, person_id: UUID, after: UUID | None, most: int) -> Sequence[Submission]:
        """Return some of a person's submissions likewise, each with all its evaluations."""

    def count(self, person_id: UUID) -> DataCount:
        """Return how much is stored of a person. Raises NotFound."""

    def erase(self, person_id: UUID) -> DataCount:
        """Erase a person and everything that is theirs; returns how much there was.

        Jobs that wait for what is theirs, and the audit trail about them, go too. What they did to
        others' data, what they published or released and what they cost stays, under no name.
        Waits for transactions that store something of theirs; what is stored later is refused.

        Raises:
            NotFound: There is no such person.
        """
