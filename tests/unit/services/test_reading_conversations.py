"""What instructors read of conversations: from when learners were told that they would."""

import pytest

from jupyter_tutor.domain.conversations import Speaker
from jupyter_tutor.domain.errors import NotAllowed
from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.domain.hint_settings import HintSettings
from jupyter_tutor.domain.people import Role
from jupyter_tutor.services.conversations import ConversationService, record
from jupyter_tutor.services.help_settings import HelpSettingsService, Scope
from tests.small_course import COURSE
from tests.unit.services.desk import BOB, Desk

VISIBLE = HintSettings(conversations_visible=True)


class Staff:
    """Bob teaches, Ada talks with the tutor."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.bob = desk.person(BOB)
        with desk.database() as uow:
            uow.people.enroll(self.bob, COURSE, Role.INSTRUCTOR)
            uow.people.enroll(desk.ada, COURSE, Role.LEARNER)
        self._settings = HelpSettingsService(desk.database, desk.access)
        self._conversations = ConversationService(desk.database, desk.access)
        self._saved = 0

    def settle(self, settings: HintSettings) -> None:
        """Say something for the course."""
        self._saved += 1
        self._settings.save(self.bob, Scope(COURSE), settings, f"settings-{self._saved}")

    def say(self, text: str, exercise: str = "double") -> None:
        """Have Ada say something."""
        with self.desk.database() as uow:
            place = (uow, self.desk.ada, COURSE, exercise)
            record(*place, Speaker.LEARNER, text, "en", hint_level=HintLevel.RESULT)

    def read(self) -> dict[str, list[str]]:
        """Return what Bob reads, by exercise."""
        found = self._conversations.of_learner(self.bob, COURSE, self.desk.ada)
        return {each.exercise: [said.text for said in each.messages] for each in found}

    def own(self) -> list[str]:
        """Return what Ada reads herself."""
        found = self._conversations.own(self.desk.ada, COURSE)
        return [said.text for each in found for said in each.messages]


@pytest.fixture
def staff(desk: Desk) -> Staff:
    """The two of them."""
    return Staff(desk)


def test_what_was_said_before_stays_the_learners_own(staff: Staff) -> None:
    staff.say("I feel stupid.")
    staff.say("So do I.", "parts")
    with pytest.raises(NotAllowed):
        staff.read()
    staff.settle(VISIBLE)
    assert staff.read() == {}
    staff.say("Why 3?")
    assert staff.read() == {"double": ["Why 3?"]}
    assert staff.own() == ["I feel stupid.", "Why 3?", "So do I."]


def test_other_settings_hide_nothing_and_off_and_on_again_does(staff: Staff) -> None:
    staff.settle(VISIBLE)
    staff.say("Why 3?")
    staff.settle(HintSettings(conversations_visible=True, most_hints=2))
    assert staff.read() == {"double": ["Why 3?"]}
    staff.settle(HintSettings())
    staff.say("Just for me.")
    staff.settle(VISIBLE)
    assert staff.read() == {}
