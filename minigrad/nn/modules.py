"""PyTorch's place for the layers: `nn.modules.Linear` is `nn.Linear`, and `nn.modules.module` has
the hooks on every module.
"""

from typing import Any

from . import module as module


def __getattr__(name: str) -> Any:
    from .. import nn

    return getattr(nn, name)
