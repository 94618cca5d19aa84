"""What the engine's tests begin with."""

import pytest

from minigrad import recording


@pytest.fixture(autouse=True)
def bare():
    """Nothing is recorded unless a test asks for it, whoever has imported the pictures before."""
    with recording.recording(False):
        yield
