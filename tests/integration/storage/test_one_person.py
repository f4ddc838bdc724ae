"""All of a person is taken along, and nothing of them is left: by the word of the catalogue.

A table that is added later, or a column, makes these tests fail until it is exported (or said here
why not) and planted.
"""

import io
import json
from dataclasses import dataclass
from typing import Final
from uuid import UUID
from zipfile import ZipFile

import psycopg
import pytest
from psycopg import sql

from jupyter_tutor.domain.people import Identity
from jupyter_tutor.notebook_format import AnswerNotebooks
from jupyter_tutor.services.exporting import ExportService
from jupyter_tutor.services.privacy import PrivacyService
from jupyter_tutor.storage.connections import conninfo
from jupyter_tutor.storage.database import Database
from tests.integration.storage.one_person import (
    SEALED,
    Planting,
    foreign_keys,
    publish,
    rows_of,
    tables_of_people,
    texts_of,
)

pytestmark = pytest.mark.postgres

ADA, BOB, GRACE = "adacanary", "bobcanary", "gracecanary"

NOT_TOLD: Final = {
    "attempts.answer_digest": "finds identical answers; made from the answer, which is told",
    "submissions.answer_digest": "finds identical answers; made from the answer, which is told",
    "evaluations.run": "a name of ours for a run",
    "evaluations.created_at": "that of a model's draft, which is none of the learner's grades",
    "evaluations.criteria": "told but for reasons and evidence, which are between instructors",
    "test_results.name": "told of public tests; of secret ones only a number is",
    "test_results.error": "told of public tests, but for the classes an exception stands below",
    "idempotency_keys.digest": "made from a request whose outcome is told",
    "idempotency_keys.created_at": "the time of the write, which is told where it wrote",
    "model_replies.key": "made from the answer, the course and the model, which are told",
    "model_replies.created_at": "the time of the hint that it became, which is told",
    "conversations.created_at": "the time of the first message, which is told",
    "told_lines.told_at": "the time of the deletion, which is in the audit trail",
    "usage_reservations.created_at": "two minutes before it expires, which is told",
    "attempts.verdict": "told as the learner may see it: words of it are looked for below",
    "reviews.read_source": "the answer without names; the course's until an instructor releases",
    "reviews.draft": "a proposal to the instructor, and none of the learner's grades",
    "reviews.made_by": "goes with the draft",
    "reviews.status": "told as waiting or released",
    "reviews.no_draft": "goes with the draft",
    "reviews.updated_at": "goes with the draft",
    "reviews.claimed_until": "goes with the draft",
    "profiles.updated_at": "the time of the last change, which is in the audit trail",
}
"""Columns whose texts and times are not exported, and why. Keys only join rows: documents nest."""

LEFT: Final = {
    "audit_events": "what they did to the courses' or others' data, under no name",
    "usage_records": "amounts, so that sums stay right; whose they were is gone",
    "reading_batches": "keys of answers that are gone, by which an endpoint's bill is checked",
}
"""Tables in which keys of rows that were a person's may be left; no text of theirs ever is."""


@dataclass(frozen=True)
class Class:
    """Two learners of one instructor, each with something of every kind."""

    ada: Planting
    bob: Planting
    grace: Planting


@pytest.fixture
def people(database: Database) -> Class:
    with database() as uow:
        revision = publish(uow)
        ada, bob = Planting(uow, ADA, revision, 2), Planting(uow, BOB, revision, 3)
        grace = Planting(uow, GRACE, revision, 4)
        for learner in (ada, bob):
            learner.as_learner()
            grace.as_instructor(learner.submission, learner.evaluation)
        uow.installation.secret()
    return Class(ada, bob, grace)


def exported(database: Database, person: UUID) -> dict[str, str]:
    """Return the files of a person's archive."""
    file = io.BytesIO()
    ExportService(database, AnswerNotebooks()).export(person, file, actor_id=person)
    with ZipFile(file) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def everything(database: Database) -> dict[str, list[str]]:
    """Return the rows of every table of the database, job queue included, as text."""
    found = {}
    with psycopg.connect(conninfo(database.url)) as connection:
        names = connection.execute(
            "SELECT table_schema, table_name FROM information_schema.tables WHERE table_type = "
            "'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        for name in names:
            query = sql.SQL("SELECT t::text FROM {} AS t").format(sql.Identifier(*name))
            found[name[1]] = [str(row[0]) for row in connection.execute(query)]
    assert len(found) > 40
    return found


def test_every_table_that_leads_to_people_is_planted(database: Database, people: Class) -> None:
    planted = {*rows_of(database, people.ada.key), *rows_of(database, people.grace.key)}
    assert tables_of_people(foreign_keys(database)) == planted
    assert set(rows_of(database, people.bob.key)) == set(rows_of(database, people.ada.key))


def test_every_text_and_time_of_a_person_is_exported(database: Database, people: Class) -> None:
    rows = rows_of(database, people.ada.key)
    text = "\n".join(exported(database, people.ada.key).values())
    missing = {
        f"{table}.{column}"
        for table, found in rows.items()
        for row in found
        for column, value in row.items()
        for each in texts_of(value)
        if each not in text and SEALED not in each
    }
    assert missing - set(NOT_TOLD) == set()
    # A reason that is not needed any more is taken away.
    columns = {f"{table}.{column}" for table, found in rows.items() for column in found[0]}
    assert set(NOT_TOLD) <= columns


def test_every_word_of_a_person_is_exported(database: Database, people: Class) -> None:
    """Also those inside of documents whose columns are told in other words."""
    files = exported(database, people.ada.key)
    text = "\n".join(files.values())
    words = {
        each
        for table, found in rows_of(database, people.ada.key).items()
        if table != "reviews"
        for row in found
        for value in row.values()
        for each in texts_of(value)
        if ADA in each
    }
    assert len(words) > 60
    assert {each for each in words if each not in text} == {
        each for each in words if SEALED in each
    }
    assert "\"'" in json.loads(files["submissions.json"])[0]["answer"]["cells"][0]["source"]


@pytest.mark.parametrize("who", ["ada", "grace"])
def test_of_others_nothing_is_exported(database: Database, people: Class, who: str) -> None:
    mine: Planting = getattr(people, who)
    text = "\n".join(exported(database, mine.key).values())
    assert mine.word in text
    for other in {people.ada, people.bob, people.grace} - {mine}:
        assert other.word not in text
        shared = {
            str(key)
            for found in rows_of(database, mine.key).values()
            for row in found
            for key in row.values()
        }
        for found in rows_of(database, other.key).values():
            keys = {str(key) for row in found for key in row.values() if isinstance(key, UUID)}
            assert [key for key in keys - shared if key in text] == []


def test_what_nobody_may_see_is_exported_to_nobody(database: Database, people: Class) -> None:
    with database() as uow:
        secret = uow.installation.secret().value.hex()
    for person in (people.ada, people.bob, people.grace):
        text = "\n".join(exported(database, person.key).values())
        assert SEALED not in text
        assert secret not in text.lower()
    (handed_in,) = json.loads(exported(database, people.ada.key)["submissions.json"])
    assert [each["by"] for each in handed_in["evaluations"]] == ["tests", "instructor"]
    tests = handed_in["evaluations"][0]["results"]["tests"]
    assert [(each["visibility"], bool(each["called"])) for each in tests] == [
        ("public", True),
        ("secret", False),
    ]
    assert handed_in["review"] == {"state": "released", "points": 1.5, "points_possible": 4.0}


def test_of_who_is_erased_nothing_is_left_in_any_table(database: Database, people: Class) -> None:
    rows = rows_of(database, people.ada.key)
    keys = {
        str(value)
        for table, found in rows.items()
        for row in found
        for column, value in row.items()
        if isinstance(value, UUID) and column == "id"
    }
    assert len(keys) > 10
    before = everything(database)
    assert {"procrastinate_jobs", "procrastinate_events"} <= {
        table for table, found in before.items() if found
    }
    PrivacyService(database).erase(people.ada.key, "in a test")

    after = everything(database)
    words = {each for each in (ADA, str(people.ada.key)) for each in (each, each.encode().hex())}
    assert [row for found in after.values() for row in found if any(w in row for w in words)] == []
    left = {table for table, found in after.items() for row in found if any(k in row for k in keys)}
    assert left == set(LEFT)
    assert (
        {table for table in rows if after[table]}
        == set(rows)
        == set(rows_of(database, people.bob.key))
    )


def test_of_others_nothing_is_erased(database: Database, people: Class) -> None:
    bobs, before = rows_of(database, people.bob.key), everything(database)
    PrivacyService(database).erase(people.ada.key, "in a test")
    assert rows_of(database, people.bob.key) == bobs
    after = everything(database)
    assert [each for each in after["procrastinate_jobs"] if each in before["procrastinate_jobs"]]
    assert len(after["procrastinate_jobs"]) == len(before["procrastinate_jobs"]) - 2
    unchanged = {"courses", "exercises", "revisions", "revision_texts", "test_cases", "lessons"}
    assert {table: after[table] for table in unchanged} == {
        table: before[table] for table in unchanged
    }


def test_what_was_spent_stays_in_the_sums(database: Database, people: Class) -> None:
    total = "SELECT sum(cost), count(*), count(learner_id) FROM usage_records"
    with psycopg.connect(conninfo(database.url)) as connection:
        cost, calls, named = connection.execute(total).fetchone() or ()
    for person in (people.ada, people.grace):
        PrivacyService(database).erase(person.key, "in a test")
    with psycopg.connect(conninfo(database.url)) as connection:
        assert connection.execute(total).fetchone() == (cost, calls, named - 1)


def test_what_an_instructor_made_stays_under_no_name(database: Database, people: Class) -> None:
    mine = rows_of(database, people.grace.key)
    PrivacyService(database).erase(people.grace.key, "in a test")
    after = everything(database)
    # What they did to whose data is still known, and not that it was they.
    assert [row for found in after.values() for row in found if str(people.grace.key) in row] == []
    left = {table for table, found in after.items() for row in found if GRACE in row}
    assert left == {"audit_events"}
    for table in ("reading_batches", "review_releases"):
        assert len(after[table]) == len(mine[table]) == 2


def test_who_comes_again_is_new(database: Database, people: Class) -> None:
    name = people.ada.word
    identity = Identity(f"{name}-provider", f"{name}-subject", f"{name}-name")
    PrivacyService(database).erase(people.ada.key, "in a test")
    with database() as uow:
        again = uow.people.identify(identity)
        assert again.id != people.ada.key
        kinds = uow.personal_data.count(again.id).kinds
    assert {kind: number for kind, number in kinds.items() if number} == {"profile": 2}
