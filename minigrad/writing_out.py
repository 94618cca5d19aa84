"""`out=`: a function's result written into a tensor that is there already."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from . import return_types
from .autograd import forward_ad
from .autograd.grad_mode import state
from .memory import empty_like, may_share, reshaped
from .ops.in_place import OVERLAP, check_memory, check_shape, set_history
from .ops.operation import Operation
from .out_dtypes import (
    CALLS,
    CLAMPS,
    COMPUTED_IN_ITS_DTYPE,
    COPIED,
    MADE,
    RESIZED,
    SAYS,
    UNDERIVED,
    WITHOUT_DERIVATIVE,
    check_dtype,
)
from .tensor import Tensor, on_array
from .versions import about_to_write
from .warn import warn


def into(
    out: Any, name: str, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """Call `function` and copy what it returns into `out`, a tensor or a tuple of them.

    `out` takes the shape of the result, with a warning if it had entries of another shape. Raises
    RuntimeError if something requires grad, or if the dtype of `out` cannot hold the result.
    """
    outs = tuple(out) if isinstance(out, (tuple, list)) else (out,)
    if isinstance(out, (bool, int, float)):  # stands for a tensor in arithmetic, so here too
        out = on_array(np.asarray(out))
        outs = (out,)
    inputs = [v for v in (*args, *kwargs.values()) if isinstance(v, Tensor)]
    name = CALLS.get(name, name)
    for part in args:
        if isinstance(part, (tuple, list)):
            inputs += [value for value in part if isinstance(value, Tensor)]
    watched: tuple[Tensor, ...] = (*inputs, *outs)
    if name in WITHOUT_DERIVATIVE:
        watched = ()
    elif name in COPIED:
        watched = outs
    elif name in UNDERIVED:
        watched = tuple(value for value in outs if value.is_leaf)
    if name in RESIZED and any(value.requires_grad for value in outs):
        raise RuntimeError("cannot resize variables that require grad")
    if name == "matmul" and any(value.ndim == 0 for value in inputs):
        function(*args, **kwargs)  # which says so before anything else
    if state.grad_enabled and any(value.requires_grad for value in watched):
        raise RuntimeError(
            f"{'aten::' * (name in UNDERIVED)}{name}(): functions with out=... arguments don't "
            "support automatic differentiation, but one of the arguments requires grad."
        )
    if any(forward_ad.tangent_of(value) is not None for value in (*inputs, *outs)):
        raise NotImplementedError(
            f"Trying to use forward AD with {name}_out that does not support it because it is an "
            "out= function"
        )
    _check_asked(name, kwargs.get("dtype"), outs[0])
    if name in COMPUTED_IN_ITS_DTYPE or (name == "mean" and outs[0].is_floating_point()):
        kwargs.setdefault("dtype", outs[0].dtype)
    results = function(*args, **kwargs)
    several = results if isinstance(results, tuple) else (results,)
    if len(several) != len(outs) and len(several) > 1:
        raise TypeError(f"expected tuple of {len(several)} elements but got {len(outs)}")
    for k, (target, result) in enumerate(zip(outs, several, strict=True)):
        promotes = name in CLAMPS and len(inputs) > 1  # with limits that are tensors
        if name not in SAYS:
            _check_memory(target, result, name, inputs)
        check_dtype(target, result, "" if promotes else name, k, len(several) > 1)
        if name in SAYS:  # these look at the dtype first
            _check_memory(target, result, name, inputs)
        _write(target, result, name)
        if name in UNDERIVED and state.grad_enabled:
            edge = _leading_nowhere(name, len(inputs) + 1)(*inputs, target)._edge
            if edge is not None:
                set_history(target, edge[0])
    return out if isinstance(results, Tensor) else return_types.of_out(type(results), outs)


def _check_asked(name: str, dtype: Any, out: Tensor) -> None:
    """Raise RuntimeError for a `dtype=` that is not that of `out`."""
    if dtype is None or dtype is out.dtype:
        return
    if name in MADE:
        asked, own = (kind.type_name.removesuffix("Tensor") for kind in (dtype, out.dtype))
        raise RuntimeError(f"dtype {asked} does not match dtype of out parameter ({own})")
    raise RuntimeError(
        f"Expected out tensor to have dtype {dtype.c_name}, but got {out.dtype.c_name} instead"
    )


@functools.cache
def _leading_nowhere(name: str, count: int) -> Operation:
    """An operation on so many inputs that returns the last; its node raises in a backward pass."""
    return Operation(
        name, " ".join(f"input{k}" for k in range(count)), lambda *arrays: arrays[-1],
        node="NotImplemented",
    ).refusing(RuntimeError(f"derivative for aten::{name} is not implemented"))  # fmt: skip


def _check_memory(target: Tensor, result: Tensor, name: str, inputs: list[Tensor]) -> None:
    """Raise RuntimeError if an entry by entry operation would overwrite what it has yet to read."""
    if name in ("cumsum", "cumprod", "softmax", "log_softmax"):
        return
    joined = inputs if name in ("cat", "stack") else []
    if any(may_share(target._array, value._array) != "no" for value in joined):
        raise RuntimeError(OVERLAP)
    try:
        shape = np.broadcast_shapes(*(value._array.shape for value in inputs))
    except ValueError:
        return
    if shape == result._array.shape:
        check_memory(target, "out", *inputs)
        if any(value is target for value in inputs):  # what is read is not resized
            check_shape(target, shape)


def _write(target: Tensor, result: Tensor, name: str) -> None:
    shape = result._array.shape
    if name == "arange" and target._array.size == result._array.size:
        shape = target._array.shape
    if target._array.shape != shape:
        if target._array.size and name == "arange":
            warn(
                f"The number of elements in the out tensor of shape {list(target.shape)} is "
                f"{target._array.size} which does not match the computed number of elements "
                f"{result._array.size}. Note that this may occur as a result of rounding error. "
                f"The out tensor will be resized to a tensor of shape {shape}."
            )
        elif target._array.size and name not in MADE:
            warn(
                "An output with one or more elements was resized since it had shape "
                f"{list(target.shape)}, which does not match the required output shape "
                f"{list(shape)}. This behavior is deprecated, and in a future PyTorch release "
                "outputs will not be resized unless they have zero elements. You can explicitly "
                "reuse an out tensor t by resizing it, inplace, to zero elements with "
                "t.resize_(0)."
            )
        here = target._array
        whole = empty_like(result._array, here.dtype)
        target._array = reshaped(here, shape) if here.size else whole
    if name in COPIED:
        target.copy_(result)
        return
    if name == "empty":
        return
    about_to_write(target)
    np.copyto(target._array, result._array.reshape(shape), casting="unsafe")
    target._own_counter().bump(name)
