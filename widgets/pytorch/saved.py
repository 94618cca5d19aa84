"""What a node of PyTorch's keeps for its backward pass, as far as it tells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import torch

from minigrad.trace.source import Saved

from . import writers

EXPECTED = re.compile(r"is at version (\d+); expected version (\d+)")


FREED = "after they have already been freed"


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


def all_tensors(node: Any, overwritten: bool = True) -> Iterator[tuple[str, Any, int]]:
    """(name, tensor, version when it was saved) of every tensor that a node saved and still has.

    overwritten: also those that have changed since.
    """
    names = [name for name in dir(node) if name.startswith("_saved_")]
    if isinstance(node, torch.autograd.function.FunctionCtx):
        names = ["saved_tensors"]
    for name in names:
        value = kept(node, name)
        short = name.removeprefix("_saved_")
        if isinstance(value, torch.Tensor):
            yield short, value, value._version  # the same, or it could not be had
        elif value is None and overwritten and isinstance(stale := _gone(node, name), tuple):
            yield short, *stale[:2]
        elif isinstance(value, (tuple, list)):
            for position, one in enumerate(value):
                if isinstance(one, torch.Tensor):
                    yield f"{short}[{position}]", one, one._version


def packed(node: Any) -> bool:
    """Does something that a node saved go through hooks of the user's?"""
    raws = (getattr(node, name, None) for name in dir(node) if name.startswith("_raw_saved_"))
    return any(
        getattr(one, "unpack_hook", None) is not None
        for raw in raws
        for one in (raw if isinstance(raw, (tuple, list)) else (raw,))
    )


def freed(node: Any) -> list[str]:
    """The names of the tensors that a node had saved and has freed."""
    names = [name for name in dir(node) if name.startswith("_saved_")]
    return [name.removeprefix("_saved_") for name in names if _gone(node, name) == "freed"]


def overwritten(node: Any) -> list[str]:
    """The names of the tensors that a node had saved and that were overwritten since."""
    names = [name for name in dir(node) if name.startswith("_saved_")]
    return [name.removeprefix("_saved_") for name in names if isinstance(_gone(node, name), tuple)]


def _gone(node: Any, name: str) -> tuple[Any, int, int] | str | None:
    """A tensor that was overwritten after it was saved, with its version then and now; "freed";
    None for what was never saved, or goes through hooks of the user's.
    """
    try:
        raw: Any = getattr(node, f"_raw{name}", None)
        several = raw if isinstance(raw, tuple) else (raw,)
        if any(one is None or getattr(one, "unpack_hook", None) is not None for one in several):
            return None
        getattr(node, name)
    except AttributeError:
        return None
    except RuntimeError as problem:
        found = EXPECTED.search(str(problem))
        if found:
            now = int(found[1])
            stale = next(one.data for one in several if one.data._version == now)
            return stale, int(found[2]), now
        return "freed" if FREED in str(problem) else None
    return None


def _now(node: Any, name: str, tensor: Any) -> int:
    """The version of a saved tensor now. One that was overwritten comes with another counter."""
    stale = _gone(node, f"_saved_{name}")
    return stale[2] if isinstance(stale, tuple) else tensor._version


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
    found = []
    for name, tensor, version in tensors:
        now = _now(node, name, tensor)
        writer = "" if now == version else writers.last(tensor, now)
        own = tensor.grad_fn is node or (now != version and name == "result")
        slot = tensor.output_nr if tensor.grad_fn is node else 0
        found.append(Saved(name, tensor, version, own, now, writer, slot))
    found += [Saved(name, None, None, name.startswith("result")) for name in freed(node)]
    if wanted is None:
        return found
    names = {saved: saved.name.partition("[")[0] for saved in found}  # of `indices[0]`, too
    return sorted(
        (saved for saved in found if names[saved] in wanted), key=lambda s: wanted.index(names[s])
    )
