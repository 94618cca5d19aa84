"""NumPy's floating point warnings stay silent in the engine, as they do for its users."""

import pytest

from minigrad import recording
from minigrad.warn import silence_numpy


@pytest.fixture(autouse=True)
def quiet() -> None:
    silence_numpy()  # pytest begins every test without the filters set at import


@pytest.fixture(autouse=True)
def bare():
    """Nothing is recorded unless a test asks for it, whoever has imported the pictures before."""
    with recording.recording(False):
        yield
