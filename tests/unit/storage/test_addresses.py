"""Database URLs as people may see them."""

import pytest

from jupyter_tutor.domain.errors import StorageUnavailable
from jupyter_tutor.storage.addresses import without_password

SECRET = "s3cret"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://ada@db.example/tutor?sslmode=require",
        "postgresql://db.example:5432/tutor",
        "postgresql:///tutor?host=/var/run/post@gres",
        "postgresql+psycopg://tutor@:5432/tutor?host=/tmp/x",
    ],
)
def test_a_url_without_a_password_stays_as_it_is(url: str) -> None:
    assert without_password(url) == url


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://ada:s3cret@db/tutor?a=b", "postgresql://ada:***@db/tutor?a=b"),
        ("postgresql://ada:s3cret/?@db/tutor", "postgresql://ada:***@db/tutor"),
        ("postgresql://ada:with@s3cret@db/tutor", "postgresql://ada:***@db/tutor"),
        ("postgresql://:s3cret@db/tutor", "postgresql://:***@db/tutor"),
        ("postgresql://db/tutor?password=s3cret&a=b", "postgresql://db/tutor?password=***&a=b"),
    ],
)
def test_a_password_is_never_shown(url: str, shown: str) -> None:
    assert without_password(url) == shown


def test_what_is_no_url_is_refused_and_not_repeated() -> None:
    with pytest.raises(StorageUnavailable) as refused:
        without_password("ada:s3cret@db")
    assert SECRET not in str(refused.value)
