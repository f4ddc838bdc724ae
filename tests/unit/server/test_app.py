"""The extension when the tutor behind it cannot start."""

import asyncio
import logging

import pytest

from jupyter_tutor.config import DATABASE_URL_VARIABLE
from jupyter_tutor.domain.errors import StorageUnavailable
from jupyter_tutor.server.app import TutorApp


def test_why_the_tutor_did_not_start_is_logged_although_nobody_asked(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv(DATABASE_URL_VARIABLE, "mysql://ada:s3cret@localhost/tutor")
    app = TutorApp(log=logging.getLogger("tutor-app-of-a-test"), start_now=True)

    asyncio.run(app._start_jupyter_server_extension(None))
    started = app._starting
    assert started is not None
    assert isinstance(started.exception(60), StorageUnavailable)
    (record,) = caplog.records
    assert record.levelname == "ERROR"
    assert "The tutor could not start: The database URL begins with mysql://" in caplog.text
    assert "s3cret" not in caplog.text
