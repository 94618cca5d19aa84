"""What a node of PyTorch's keeps for its backward pass, as far as it tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import torch

from minigrad.trace.source import Saved

EXPECTED = re.compile(r"expected version (\d+)")


def kept(node: Any, name: str) -> Any:
    """One saved thing by its attribute; None if it is freed, or not to be had.

    What goes through hooks of the user's is left alone: asking for it would run them.
    """
    raw = getattr(node, f"_raw{name}" if name.startswith("_") else f"_raw_{name}", None)
    if any(
        getattr(one, "unpack_hook", None) is not None
        for one in (raw if isinstance(raw, (tuple, list)) else (raw,))
    ):
        return None
    try:
        return getattr(node, name)
    except (AttributeError, RuntimeError):  # freed, or overwritten since
        return None


def all_tensors(node: Any) -> Iterator[tuple[str, Any, int]]:
    """(name, tensor, version when it was saved) of every tensor that a node saved and still has."""
    names = [name for name in dir(node) if name.startswith("_saved_")]
    if isinstance(node, torch.autograd.function.FunctionCtx):
        names = ["saved_tensors"]
    for name in names:
        value = kept(node, name)
        short = name.removeprefix("_saved_")
        if isinstance(value, torch.Tensor):
            yield short, value, value._version  # the same, or it could not be had
        elif value is None and (stale := _overwritten(node, name)):
            yield short, *stale
        elif isinstance(value, (tuple, list)):
            for position, one in enumerate(value):
                if isinstance(one, torch.Tensor):
                    yield f"{short}[{position}]", one, one._version


def _overwritten(node: Any, name: str) -> tuple[Any, int] | None:
    """A tensor that was overwritten after it was saved, and the version that was saved."""
    raw: Any = getattr(node, f"_raw{name}", None)
    if isinstance(getattr(raw, "data", None), torch.Tensor) and raw.unpack_hook is None:
        try:
            getattr(node, name)  # not raw.unpack(): it takes a node's own result for another's
        except RuntimeError as problem:
            found = EXPECTED.search(str(problem))
            return (raw.data, int(found[1])) if found else None
    return None


def is_number(tensor: Any) -> bool:
    """Whether a saved tensor stands for a Python number: PyTorch wraps `3` in `y * 3` like that."""
    return (
        tensor.dim() == 0
        and not tensor.requires_grad
        and tensor.dtype in (torch.float64, torch.int64, torch.bool)
    )


def listed(node: Any, tensors: list[tuple[str, Any, int]], wanted: list[str] | None) -> list[Saved]:
    """The tensors that a node saved.

    wanted: the names that its derivatives ask for, in order; None: all that there are.
    """
    found = [
        Saved(name, tensor, version, tensor.grad_fn is node, tensor._version)
        for name, tensor, version in tensors
    ]
    if wanted is None:
        return found
    return sorted(
        (saved for saved in found if saved.name in wanted), key=lambda s: wanted.index(s.name)
    )
