"""What programs ask about other devices and about how to calculate: here there is one way."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from .device import device as device_class
from .type_names import type_name


class Elsewhere:
    """A kind of device that is not here, such as `torch.mps`."""

    def is_available(self) -> bool:
        """False."""
        return False

    def is_built(self) -> bool:
        """False."""
        return False

    def device_count(self) -> int:
        """0."""
        return 0

    def manual_seed(self, seed: int) -> None:
        """Nothing: no random numbers are made there."""


mps, xpu = Elsewhere(), Elsewhere()


class _Accelerator(Elsewhere):
    def current_accelerator(self, check_available: bool = False) -> None:
        """None."""


class _Library(Elsewhere):
    """A library of calculations; its switches may be set, and change nothing."""

    enabled, deterministic, benchmark, allow_tf32 = True, False, False, True


accelerator = _Accelerator()
backends = SimpleNamespace(cuda=Elsewhere(), cudnn=_Library(), mps=Elsewhere())

_deterministic = False


def use_deterministic_algorithms(mode: bool, *, warn_only: bool = False) -> None:
    """Ask that the same input always gives the same result. It does so anyway."""
    global _deterministic
    _deterministic = bool(mode)


def are_deterministic_algorithms_enabled() -> bool:
    """What was asked for with `use_deterministic_algorithms`."""
    return _deterministic


_warn_always = False


def set_warn_always(b: bool) -> None:
    """Ask for PyTorch's warnings each time, not only once. Here Python's filters decide on it."""
    global _warn_always
    if not isinstance(b, bool):
        raise RuntimeError(f"setWarnOnlyOnce expects a bool, but got {type_name(b)}")
    _warn_always = b


def is_warn_always_enabled() -> bool:
    """What was asked for with `set_warn_always`."""
    return _warn_always


def get_default_device() -> device_class:
    """The device of new tensors: the processor."""
    return device_class("cpu")


def set_default_device(device: Any) -> None:
    """Say where new tensors are to be. Raises AssertionError for another device than "cpu"."""
    if device is not None:
        device_class(device)
