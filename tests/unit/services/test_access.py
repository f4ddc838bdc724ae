"""Who a request is from, and what they may do."""

import pytest

from jupyter_tutor.domain.errors import IdempotencyKeyReused, InvalidInput, NotFound
from jupyter_tutor.domain.people import Identity, LearningStyle, Profile, Role, SkillLevel
from jupyter_tutor.services.access import digest
from tests import small_course
from tests.small_course import COURSE
from tests.unit.services.desk import ADA, BOB, Desk

PROFILE = Profile(
    language="bn",
    skill_level=SkillLevel.BEGINNER,
    learning_style=LearningStyle.VISUAL,
    goals=("read my data",),
    interests=("rivers",),
    hours_per_week=2.5,
    time_zone="Asia/Dhaka",
    preferences={"shortcuts": True},
)


def test_an_identity_is_one_person_for_ever(desk: Desk) -> None:
    person, profile = desk.access.recognise(ADA)
    again, _ = desk.access.recognise(Identity(ADA.provider, ADA.subject, "A. Lovelace"))

    assert person.id == again.id == desk.ada
    assert (person.display_name, profile) == ("Ada", Profile())


@pytest.mark.parametrize("other", [BOB, Identity("jupyterhub", ADA.subject, "Ada")])
def test_another_identity_is_another_person(desk: Desk, other: Identity) -> None:
    assert desk.access.recognise(other)[0].id != desk.ada


def test_where_enrolment_is_open_whoever_comes_learns(desk: Desk) -> None:
    with desk.database() as uow:
        enrolled = desk.access.require(uow, desk.ada, COURSE)
        assert enrolled == desk.access.require(uow, desk.ada, COURSE)
    assert enrolled.role is Role.LEARNER


def test_where_it_is_closed_a_course_is_there_for_those_enrolled() -> None:
    desk = Desk(open_enrollment=False)
    with pytest.raises(NotFound, match="Ask your instructor"):
        desk.submit()
    for course in (COURSE, "nowhere"):
        with pytest.raises(NotFound, match=f"no course '{course}' for you") as refused:
            desk.progress.course(desk.ada, course, "en")
        assert not refused.value.details
    with desk.database() as uow:
        uow.people.enroll(desk.ada, COURSE, Role.ASSISTANT)

    assert desk.progress.course(desk.ada, COURSE, "en").enrollment.role is Role.ASSISTANT
    assert desk.submit().number == 1


def test_a_profile_is_kept_as_it_was_said(desk: Desk) -> None:
    assert desk.access.save_profile(desk.ada, PROFILE, "the-first-key") == PROFILE
    assert desk.access.recognise(ADA)[1] == PROFILE
    assert desk.access.recognise(BOB)[1] == Profile()
    assert [(event.action, event.subject) for event in desk.database.audit_events] == [
        ("profile.saved", f"person:{desk.ada}")
    ]


def test_blanks_around_goals_do_not_count(desk: Desk) -> None:
    said = Profile(goals=("  read  ", "", "  "), interests=("\trivers\n",))

    saved = desk.access.save_profile(desk.ada, said, "the-first-key")
    assert (saved.goals, saved.interests) == (("read",), ("rivers",))


def test_a_repeat_does_not_undo_what_came_between(desk: Desk) -> None:
    desk.access.save_profile(desk.ada, PROFILE, "the-first-key")
    desk.access.save_profile(desk.ada, Profile(language="en"), "the-second-key")

    assert desk.access.save_profile(desk.ada, PROFILE, "the-first-key").language == "en"
    assert len(desk.database.audit_events) == 2
    with pytest.raises(IdempotencyKeyReused):
        desk.access.save_profile(desk.ada, Profile(), "the-first-key")


def test_what_cannot_be_stored_is_refused(desk: Desk) -> None:
    with pytest.raises(InvalidInput, match="NUL"):
        desk.access.save_profile(desk.ada, Profile(goals=("a\0b",)), "the-first-key")
    assert desk.access.recognise(ADA)[1] == Profile()


def test_digests_tell_requests_apart() -> None:
    assert digest("a", 1, {"x": 1, "y": 2}) == digest("a", 1, {"y": 2, "x": 1})
    assert len({digest("a", "b"), digest("ab"), digest(["a", "b"]), digest("a", None)}) == 4
    assert digest("\ud800") != digest("\ud801")


def test_people_outlive_a_course_that_is_published_again(desk: Desk) -> None:
    desk.submit()
    small_course.publish(desk.database, heading="Twice, said better")

    assert desk.access.recognise(ADA)[0].id == desk.ada
