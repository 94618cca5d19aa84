"""What PyTorch has and minigrad has not: said by name, when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def absent(module: str) -> Callable[[str], Any]:
    """The `__getattr__` of a module, which raises AttributeError; `module` is "nn", "optim", …"""

    def missing(name: str) -> Any:
        raise AttributeError(
            f"module 'minigrad{'.' * bool(module)}{module}' has no attribute {name!r}: minigrad "
            f"does not have torch.{module}{'.' * bool(module)}{name}"
        )

    return missing
