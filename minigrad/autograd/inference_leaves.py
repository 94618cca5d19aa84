"""Leaves that require grad and were made in inference mode, once that mode is over.

By themselves they record nothing: PyTorch's autograd does not see an operation whose tensors were
all made in inference mode. Beside another tensor, or a number, they count as any other leaf.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .. import watch
from .grad_mode import no_grad

if TYPE_CHECKING:
    from ..tensor import Tensor

leaves = 0
"""How many of them there are."""


def look_out_for(leaf: Tensor) -> None:
    """Look at every operation from here on, as long as there is such a leaf."""
    global leaves
    leaves += 1
    weakref.finalize(leaf, _forget)
    watch.inference_runner = _run
    watch.add(_nothing)


def _forget() -> None:
    global leaves
    leaves -= 1
    if not leaves:
        watch.inference_runner = None
        watch.remove(_nothing)


def _run(operation: Any, run: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    """Run an operation, unrecorded if all of its inputs are of inference mode."""
    if all_of_inference(operation, args):
        with no_grad():
            return run(*args)
    return run(*args)


def all_of_inference(operation: Any, args: tuple[Any, ...]) -> bool:
    """True if all inputs of an operation are of inference mode; places, or truth values, that it
    reads are not.
    """
    from ..ops.saved_attributes import TENSORS

    if not TENSORS.isdisjoint(getattr(operation, "options", ())):
        return False
    inputs = args[: len(getattr(operation, "inputs", args))]
    return all(hasattr(value, "is_inference") and value.is_inference() for value in inputs)


def _nothing(*told: Any) -> None:
    pass
