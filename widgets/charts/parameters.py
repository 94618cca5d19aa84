"""Which parameters a training has, under which names, and the norms of their gradients."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .. import engines


class Parameter:
    """A parameter of minigrad's or PyTorch's, and its name."""

    def __init__(self, name: str, tensor: Any) -> None:
        self.name = name
        self.tensor = tensor

    @property
    def frozen(self) -> bool:
        """It requires no gradient."""
        return not self.tensor.requires_grad

    def norm(self) -> float | None:
        """The 2-norm of its gradient, in float64; None if it has none."""
        grad = self.tensor.grad
        if grad is None:
            return None
        array = getattr(grad, "_array", None)
        if array is None:  # PyTorch's
            return float(grad.detach().to_dense().double().norm())
        flat = array.reshape(-1).astype(np.float64)
        with np.errstate(all="ignore"):
            return float(np.sqrt(np.dot(flat, flat)))


def parameters(source: Any, names: Mapping[str, Any]) -> list[Parameter]:
    """The parameters of a module, an optimizer, a dictionary, or of a list of tensors or pairs.

    names: the caller's variables, for tensors without a name. Raises TypeError for anything else.
    """
    if callable(getattr(source, "named_parameters", None)):
        pairs = list(source.named_parameters())
    elif isinstance(source, Mapping):
        pairs = list(source.items())
    elif hasattr(source, "param_groups"):
        tensors = [tensor for group in source.param_groups for tensor in group["params"]]
        pairs = [(_name(tensor, k, names), tensor) for k, tensor in enumerate(tensors)]
    else:
        pairs = _listed(source, names)
    for name, tensor in pairs:
        if not engines.is_tensor(tensor):
            raise TypeError(_wanted(f"{name} is a {type(tensor).__name__}"))
        if not tensor.is_leaf and not tensor.retains_grad:
            raise TypeError(_wanted(f"{name} was computed, and its .grad stays None"))
    if not pairs and not isinstance(source, (Mapping, list, tuple)):
        raise TypeError(_wanted(f"this {type(source).__name__} has none"))
    return [Parameter(str(name), tensor) for name, tensor in pairs]


def _listed(source: Any, names: Mapping[str, Any]) -> list[tuple[str, Any]]:
    if engines.is_tensor(source):
        source = [source]
    try:
        given = list(source)
    except TypeError:
        raise TypeError(_wanted(f"got {type(source).__name__}")) from None
    return [
        item if isinstance(item, tuple) and len(item) == 2 else (_name(item, k, names), item)
        for k, item in enumerate(given)
    ]


def _name(tensor: Any, k: int, names: Mapping[str, Any]) -> str:
    bound = (n for n, value in names.items() if value is tensor and not n.startswith("_"))
    return next(bound, f"parameter {k}")


def _wanted(but: str) -> str:
    return (
        f"training_view() takes a model, an optimizer, or its parameters, but {but}. Write "
        "training_view(model, steps=200), or give {name: tensor}."
    )
