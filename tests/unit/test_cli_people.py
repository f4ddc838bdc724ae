"""`jupyter tutor people`: the list for people."""

from datetime import UTC, datetime
from uuid import UUID

from jupyter_tutor.cli_people import as_table
from jupyter_tutor.domain.people import Member, Person, Role

AT = datetime(2031, 5, 1, tzinfo=UTC)
ADA = Member(Person(UUID(int=1), "Ada Lovelace", AT), ("ada", "lovelace"), Role.INSTRUCTOR)
BOB = Member(Person(UUID(int=2), "Bob", AT), (), Role.LEARNER)


def test_a_line_for_each_with_all_that_names_them() -> None:
    head, ada, bob = as_table([ADA, BOB]).splitlines()
    assert head.split() == ["role", "name", "account", "key"]
    assert ada == f"instructor  Ada Lovelace  ada, lovelace  {UUID(int=1)}"
    assert bob.split() == ["learner", "Bob", str(UUID(int=2))]
    assert bob.index(str(UUID(int=2))) == head.index("key")
