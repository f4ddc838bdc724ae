"""Privacy: people see how much is stored of them, and are erased when they ask for it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from unicodedata import normalize
from uuid import UUID

from jupyter_tutor.domain.errors import NotConfirmed, NotFound, StorageUnavailable
from jupyter_tutor.domain.people import Person
from jupyter_tutor.domain.personal_data import DataCount, Membership
from jupyter_tutor.services.enrolling import several
from jupyter_tutor.services.ports import UnitOfWorkFactory

_TRIES: Final = 3
"""A transaction that grades an answer at the same moment may be in each other's way with this."""


@dataclass(frozen=True, slots=True)
class StoredData:
    """What is stored of a person, as they are told before they take it along or erase it.

    Attributes:
        person: Who it is.
        accounts: What they sign in with.
        memberships: Their courses.
        count: How much is stored.
    """

    person: Person
    accounts: Sequence[str]
    memberships: Sequence[Membership]
    count: DataCount

    def is_confirmed_by(self, typed: str) -> bool:
        """Whether somebody typed their name; blanks around and between words do not matter."""
        return _tidy(self.person.display_name) == _tidy(typed)


class PrivacyService:
    """Tells people what is stored of them, and erases them."""

    def __init__(
        self, open_uow: UnitOfWorkFactory, on_erased: Callable[[], None] = lambda: None
    ) -> None:
        """Create one.

        Args:
            open_uow: Opens transactions.
            on_erased: Is called when somebody was erased, to drop what this process keeps.
        """
        self._open = open_uow
        self._on_erased = on_erased

    def stored(self, person_id: UUID) -> StoredData:
        """Return what is stored of a person. Raises NotFound."""
        with self._open() as uow:
            records = uow.personal_data.records(person_id)
            return StoredData(
                person=records.person,
                accounts=[each.subject for each in records.accounts],
                memberships=records.memberships,
                count=uow.personal_data.count(person_id),
            )

    def find(self, name: str) -> StoredData:
        """Return what is stored of whom an account, a name or a key is of.

        Raises:
            NotFound: There is nobody.
            InvalidInput: Several have that name; says how to tell them apart.
        """
        with self._open() as uow:
            found = uow.people.known_as(name) if name.isprintable() else ()
        if not found:
            raise NotFound(
                f"Nobody here is called {name!r}. Give the name they sign in with, or their key: "
                "`jupyter tutor people --course SLUG` lists who is in a course."
            )
        if len(found) > 1:
            raise several(name, found)
        return self.stored(found[0].person.id)

    def erase_oneself(self, person_id: UUID, confirm: str) -> DataCount:
        """Erase whoever asks; returns how much there was.

        Args:
            person_id: Who asks.
            confirm: Their name, to show that they mean it.

        Raises:
            NotConfirmed: It is another name; nothing was erased.
            NotFound: There is no such person.
        """
        if not self.stored(person_id).is_confirmed_by(confirm):
            raise NotConfirmed.of("refusal.not_confirmed")
        return self.erase(person_id, "by themselves")

    def erase(self, person_id: UUID, how: str) -> DataCount:
        """Erase a person and everything that is theirs; returns how much there was.

        Args:
            person_id: The person.
            how: For the audit trail, which says nothing of who it was.

        Raises:
            NotFound: There is no such person.
        """
        for left in reversed(range(_TRIES)):
            try:
                counted = self._erase(person_id, how)
            except StorageUnavailable:
                if not left:
                    raise
            else:
                break
        self._on_erased()
        return counted

    def _erase(self, person_id: UUID, how: str) -> DataCount:
        with self._open() as uow:
            counted = uow.personal_data.erase(person_id)
            uow.audit.add(None, "person.erased", "person", how)
            return counted


def _tidy(name: str) -> str:
    return " ".join(normalize("NFC", name).split())
