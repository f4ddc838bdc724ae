"""The extension when the tutor behind it cannot start."""

import asyncio
import logging
import os

import pytest
from traitlets.config import Config

from jupyter_tutor.config import DATABASE_URL_VARIABLE, MODEL_KEY_VARIABLE
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


def test_kernels_inherit_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MODEL_KEY_VARIABLE, "the-key")
    monkeypatch.setenv(DATABASE_URL_VARIABLE, "postgresql://tutor:hush@db.example/tutor")
    app = TutorApp(config=Config({"Tutor": {"model_client": "anthropic"}}))

    for _ in range(2):
        endpoint = app._configured.endpoint
        assert endpoint is not None
        assert endpoint.key == "the-key"
        assert app._configured.database_url.startswith("postgresql://tutor:hush@")
    assert MODEL_KEY_VARIABLE not in os.environ
    assert DATABASE_URL_VARIABLE not in os.environ
