"""What a model says reaches a learner without pictures, links and HTML."""

import pytest

from jupyter_tutor.domain.hints import HintSource
from jupyter_tutor.testing import ScriptedTutorModel
from tests.unit.services import test_chatting as chats
from tests.unit.services import test_hinting as hints
from tests.unit.services.desk import Desk

ASKS = "What is `b` after your cell has run?"
LOADING = {
    f"{ASKS} ![x](https://evil.example/p.png?u=1)": f"{ASKS} x",
    f"{ASKS} [Read this](https://evil.example/login)": f"{ASKS} Read this",
    f"{ASKS} <img src=x>": f"{ASKS} &lt;img src=x>",
}
told = pytest.mark.parametrize("message", LOADING)


@told
def test_a_hint_holds_nothing_that_loads(desk: Desk, message: str) -> None:
    room = hints.Room(desk, ScriptedTutorModel([message]))
    hint = room.nudge().hint
    assert hint is not None
    assert (hint.source, hint.text) == (HintSource.MODEL, LOADING[message])


@told
def test_an_answer_holds_nothing_that_loads(desk: Desk, message: str) -> None:
    room = chats.Room(desk, ScriptedTutorModel(replies=[message]))
    room.fail()
    said = room.say()
    assert (said.source, said.reply.text) == (HintSource.MODEL, LOADING[message])
    assert room.model.checked == [LOADING[message]]


def test_what_a_link_hides_is_looked_at_as_well(desk: Desk) -> None:
    """The solution in an address that is taken out, and one that only comes about by that."""
    for message in (
        f"{ASKS} [Look](https://evil.example/?`b = 2`)",
        f"{ASKS} `b` [=](https://evil.example) [2](https://evil.example/x)",
        "Wri[](a.b)te `b = 2`.",
    ):
        room = hints.Room(Desk(), ScriptedTutorModel([message]), found=chats.FOUND)
        hint = room.nudge().hint
        assert hint is not None
        assert hint.source is HintSource.RULES, message
