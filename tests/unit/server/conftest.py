"""What tests of the server's parts share."""

import pytest

from tests.unit.services.desk import Desk


@pytest.fixture
def desk() -> Desk:
    """Every service on an in-memory database."""
    return Desk()
