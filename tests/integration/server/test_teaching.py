"""What instructors read of their course over HTTP: who is in it, and what is left to spend."""

from uuid import UUID

import pytest

from jupyter_tutor.domain.people import Role
from jupyter_tutor.storage.database import Database
from tests import small_course
from tests.integration.server.serving import Client
from tests.integration.server.test_help import other, teach
from tests.integration.server.test_routes import called

pytestmark = pytest.mark.postgres


def test_the_roster_names_everybody_once_and_is_audited(api: Client, database: Database) -> None:
    me = teach(api, database)
    learner = other(database)
    other(database, "stranger", role=None)
    people = called(api, "get_people")["people"]
    assert {(UUID(each["id"]), each["role"]) for each in people} == {
        (me, "instructor"),
        (learner, "learner"),
    }
    assert [each["name"] for each in people] == sorted(each["name"] for each in people)
    (named,) = (each for each in people if each["id"] == str(learner))
    assert (named["name"], named["accounts"]) == ("Other", ["other"])


def test_a_role_that_is_taken_away_takes_the_data_with_it(api: Client, database: Database) -> None:
    me = teach(api, database)
    assert api.get("/courses/small")["role"] == "instructor"
    with database() as uow:
        uow.people.set_role(me, small_course.COURSE, Role.LEARNER)
    assert api.get("/courses/small")["role"] == "learner"
    api.call("GET", "/courses/small/people").refusal(403, "not_allowed")


def test_usage_tells_what_may_be_spent(api: Client, database: Database) -> None:
    teach(api, database)
    budget = called(api, "get_usage")["budget"]
    assert budget == {
        "course_month": None,
        "spent": "0",
        "left": None,
        "soft": False,
        "used_up": False,
        "renews_at": None,
        "learner_day": None,
        "learner_month": "0.1",
    }
