"""Published content that is remembered."""

from uuid import UUID

from jupyter_tutor.storage.contents import Contents
from tests.contract import samples

KEYS = [UUID(int=number) for number in range(4)]


def test_what_was_used_longest_ago_makes_room() -> None:
    contents = Contents(size=3)
    made = {key: samples.exercise(f"exercise-{key.int}") for key in KEYS}
    for key in KEYS[:3]:
        contents.keep({key: made[key]})
    assert contents.find([KEYS[0]]) == {KEYS[0]: made[KEYS[0]]}
    contents.keep({KEYS[3]: made[KEYS[3]]})
    assert contents.find(KEYS) == {key: made[key] for key in KEYS if key != KEYS[1]}
