"""NumPy's floating point warnings stay silent in the engine, as they do for its users."""

import pytest

from minigrad.warn import silence_numpy


@pytest.fixture(autouse=True)
def quiet() -> None:
    silence_numpy()  # pytest begins every test without the filters set at import
