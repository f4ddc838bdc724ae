"""What tests of services share."""

import pytest

from tests.unit.services.desk import Desk


@pytest.fixture
def desk() -> Desk:
    """Every service on an in-memory database."""
    return Desk()
