"""What programs ask about graphics cards, answered as PyTorch does on a machine without one."""

from __future__ import annotations

from typing import Any


def is_available() -> bool:
    """False: there is no graphics card here."""
    return False


def is_initialized() -> bool:
    """False."""
    return False


def is_bf16_supported(including_emulation: bool = True) -> bool:
    """False."""
    return False


def device_count() -> int:
    """0."""
    return 0


def manual_seed(seed: int) -> None:
    """Nothing: no random numbers are made there."""
    int(seed)


def manual_seed_all(seed: int) -> None:
    """Nothing: no random numbers are made there."""
    int(seed)


def seed() -> None:
    """Nothing: no random numbers are made there."""


def get_rng_state_all() -> list[Any]:
    """An empty list."""
    return []


def empty_cache() -> None:
    """Nothing: no memory is kept there."""


def memory_allocated(device: Any = None) -> int:
    """0 bytes."""
    return 0


max_memory_allocated = memory_reserved = max_memory_reserved = memory_allocated


def refuse(*args: Any, **kwargs: Any) -> Any:
    """Raise AssertionError: there is no graphics card."""
    raise AssertionError("Torch not compiled with CUDA enabled")


synchronize = current_device = get_device_name = get_device_properties = current_stream = refuse
get_rng_state = get_device_capability = refuse
