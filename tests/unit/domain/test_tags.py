"""Opaque names of learners: what tells them apart, and what never shows the secret."""

import pickle
from uuid import UUID

import pytest

from jupyter_tutor.domain.tags import SECRET_BYTES, InstallationSecret

ADA, BOB = UUID(int=1), UUID(int=2)
SECRET = InstallationSecret(bytes(range(SECRET_BYTES)))
OTHER = InstallationSecret(bytes(SECRET_BYTES))


def test_a_learner_has_one_name_at_a_place() -> None:
    tag = SECRET.tagger("anthropic", "home", "api.example")
    assert tag(ADA) == SECRET.tagger("anthropic", "home", "api.example")(ADA)
    assert len(tag(ADA)) == 64
    assert int(tag(ADA), 16)


def test_no_two_learners_places_or_installations_share_a_name() -> None:
    places = [("a", "b", "c"), ("a", "b", "d"), ("a", "d", "c"), ("ab", "", "c"), ("a", "bc", "")]
    names = {
        secret.tagger(*place)(learner)
        for secret in (SECRET, OTHER)
        for place in places
        for learner in (ADA, BOB)
    }
    assert len(names) == 2 * len(places) * 2


def test_the_secret_is_not_shown() -> None:
    shown = f"{SECRET} {SECRET!r} {[SECRET]} {SECRET.tagger('a')} {SECRET.tagger('a')(ADA)}"
    assert SECRET.value.hex() not in shown
    assert repr(SECRET.value)[2:-1] not in shown
    assert pickle.loads(pickle.dumps(SECRET)) == SECRET


@pytest.mark.parametrize("short", [b"", b"x" * (SECRET_BYTES - 1), b"x" * (SECRET_BYTES + 1)])
def test_what_could_be_guessed_is_refused(short: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        InstallationSecret(short)
