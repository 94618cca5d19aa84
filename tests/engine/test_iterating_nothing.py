"""A tensor without rows has none to give, while recording is on too."""

import minigrad as torch
from minigrad import recording


def test_iterating_over_nothing() -> None:
    with recording.recording():
        assert list(torch.zeros(0, 3, requires_grad=True) * 2) == []
