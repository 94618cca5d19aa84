"""Operations that overwrite their first input: `add_`, `mul_`, `exp_`, `x -= y`, …

None is written twice: `overwrite` computes the result as always and copies it over the tensor,
whose version goes up by one and whose history becomes the new node. If the derivative needs the old
values, the node keeps a copy of them. `filling.py` has those that exist in place only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .. import origins, recording, watch
from ..autograd import forward_ad
from ..autograd.grad_mode import state
from ..autograd.node import move_retained
from ..autograd.profiler import composed
from ..dtypes import CATEGORY, result_type
from ..memory import geometry, is_stretched, may_share, refuse_stretched, same_place
from ..tensor import Tensor, on_array
from ..versions import about_to_write
from ..views import CopySlices
from ..warn import warn
from . import either
from .operands import mismatch
from .operation import FLOATS, Operation
from .type_casts import edge_of_clone

NAMES = set(
    """
    abs absolute acos acosh add addbmm addcdiv addcmul addmm addmv addr arccos arcsin arctan arctan2
    asin asinh atan atan2 atanh baddbmm bitwise_and bitwise_not bitwise_or bitwise_xor
    bitwise_left_shift bitwise_right_shift ceil clamp clamp_max clamp_min clip copysign cos cosh
    cumprod cumsum digamma div divide eq erf erfc exp exp2 expm1 fix floor floor_divide fmod frac ge
    greater greater_equal gt hypot igamma igammac index_add index_copy index_reduce le lerp less
    less_equal lgamma log log10 log1p log2 logical_and logical_not logical_or logical_xor logit lt
    mul multiply nan_to_num ne neg negative not_equal pow reciprocal relu remainder round rsqrt
    scatter_reduce sgn sigmoid sign sin sinh sqrt square sub subtract tan tanh tril triu true_divide
    trunc xlogy
    """.split()  # noqa: SIM905
)
"""The operations that have an in-place form, `name_`. See `methods.py`."""

COMPARISONS = {name: name for name in ("eq", "ne", "lt", "le", "gt", "ge")} | {
    "greater": "gt", "greater_equal": "ge", "less": "lt", "less_equal": "le", "not_equal": "ne",
}  # fmt: skip
"""Their results are truth values, kept as 0 and 1 in the tensor's dtype."""


CARELESS = frozenset(
    "fill_ zero_ masked_fill_ index_fill_ tril_ triu_".split()  # noqa: SIM905
)
"""These write even where several entries lie at one place, as in an expanded tensor."""

SCATTERED = frozenset(
    "index_add_ index_copy_ index_put_ scatter_ scatter_add_ scatter_reduce_".split()  # noqa: SIM905
)
"""These do not read their own tensor as a source, not even all of it."""


def check_writable(tensor: Tensor) -> None:
    """Raise RuntimeError, as PyTorch words it, if `tensor` must not be overwritten with history."""
    if tensor._view is not None:
        tensor._view.refuse("is being")
        if tensor.requires_grad and tensor._view.base.is_leaf:
            raise RuntimeError(
                "a view of a leaf Variable that requires grad is being used in an in-place "
                "operation."
            )
    if tensor.requires_grad and tensor._known_edge() is None:
        raise RuntimeError(
            "a leaf Variable that requires grad is being used in an in-place operation."
        )


OVERLAP = (
    "unsupported operation: some elements of the input tensor and the written-to tensor refer to a "
    "single memory location. Please clone() the tensor before performing the operation."
)


def check_memory(tensor: Tensor, writer: str, *others: Any) -> None:
    """Raise RuntimeError if entries to be written lie at one place, or over those to be read."""
    array = tensor._array
    if writer in CARELESS or (writer == "copy_" and same_place(array, others[0]._array)):
        return
    if writer != "index_put_":
        refuse_stretched(array)
    for other in others:
        shared = "all" if other is tensor else may_share(array, other._array)
        if shared == "partly" or (shared == "all" and writer in SCATTERED):
            raise RuntimeError(OVERLAP)


def warn_of_stretched(tensor: Tensor, writer: str) -> None:
    """Warn, as PyTorch does, of writing by index where several entries lie at one place."""
    if is_stretched(tensor._array):
        like = "indices] = tensor" if writer == "index_put_" else "mask] = scalar"
        warn(
            f"Use of {writer} on expanded tensors is deprecated. Please clone() the tensor before "
            f"performing this operation. This also applies to advanced indexing e.g. tensor[{like}"
        )


LIMITING = frozenset(("clamp_", "clip_", "clamp_min_", "clamp_max_"))
"""Where limits are numbers, errors of these name the dtype as C++ does: "float", not "Float"."""


def overwrite(
    function: Callable[..., Tensor],
    tensor: Tensor,
    *args: Any,
    writer: str,
    casts: bool = False,
    **kwargs: Any,
) -> Tensor:
    """`tensor` := function(tensor, *args), in the memory of `tensor`.

    writer: the name of the operation. casts: the result may be of any dtype.

    Raises RuntimeError if the result has another shape, or a dtype that would lose its meaning, or
    if `tensor` is a leaf that requires grad (outside `no_grad`).
    """
    tensors = [a for a in (*args, *kwargs.values()) if isinstance(a, Tensor)]
    logical = writer.startswith("logical")  # truth values: not differentiable, history stays
    recorded = state.grad_enabled and not logical and not _cuts(tensor, writer)
    if recorded and any(a.requires_grad for a in (tensor, *tensors)):
        check_writable(tensor)
        for value in tensors:
            value._get_edge()  # raises if a history is in doubt
    late = writer in ("scatter_", "scatter_add_", "index_add_")  # shapes before memory
    if not late and writer != "index_put_":  # which looks itself, once it has counted its indices
        check_memory(tensor, writer, *tensors)
    before = on_array(tensor._array.copy("K") if watch.active else tensor._array)
    before._edge = tensor._get_edge() if state.grad_enabled and not logical else None
    if watch.active and (tangent := forward_ad.tangent_of(tensor)) is not None:
        forward_ad.set_tangent(before, tangent.clone())  # its own is overwritten below
    try:
        out = function(before, *args, **kwargs)
    except RuntimeError as error:
        if late and "out of bounds for dimension" in str(error):
            check_memory(tensor, writer, *tensors)
        if not isinstance(error, NotImplementedError) and str(error) != "ZeroDivisionError":
            raise
        arrays = [value._array for value in (tensor, *tensors)]
        try:
            shape = np.broadcast_shapes(*(array.shape for array in arrays))
        except ValueError:
            raise mismatch(*arrays) from None
        counted = writer.startswith("bitwise_") or str(error) == "ZeroDivisionError"
        numbers = args if counted and not tensors else ()
        kind = result_type((*arrays, *numbers))
        check_result(tensor, on_array(np.broadcast_to(np.empty((), kind), shape)), casts)
        raise  # the shape and the result's dtype come before
    if out is before:
        tensor._own_counter().bump(writer)
        return tensor
    if late:
        check_memory(tensor, writer, *tensors)
    limited = writer in LIMITING and not tensors
    check_result(tensor, out, casts, tensor.dtype.c_name if limited else None)
    return replace(tensor, before, out, writer)


DIRECT = {"add_": np.add, "sub_": np.subtract, "mul_": np.multiply, "div_": np.true_divide}
"""What a training loop does to its weights: NumPy writes these where they belong, without the copy.
Measured on `w.data -= lr * w.grad.data` of 100,000 entries: 21 µs, with the copy 58 µs."""


def direct(writer: str, general: Callable[..., Any]) -> Callable[..., Any]:
    """`general`, but where nothing except the entries has to change NumPy writes them at once."""
    write = DIRECT[writer]

    def method(self: Tensor, *args: Any, **kwargs: Any) -> Any:
        if kwargs or len(args) != 1 or not unrecorded(self, args[0]):
            return general(self, *args, **kwargs)
        other, array = args[0], self._array
        about_to_write(self)
        write(array, other._array if isinstance(other, Tensor) else other, out=array)
        self._own_counter().bump(writer)
        return self

    return method


def unrecorded(tensor: Tensor, other: Any) -> bool:
    """True if nothing but the entries has to change: nobody records or watches, and the other is a
    number, or a tensor of the same dtype and shape in a memory of its own.
    """
    array = tensor._array
    if watch.active or array.dtype not in FLOATS or 0 in array.strides:
        return False
    if type(other) in (int, float):
        return not (state.grad_enabled and tensor.requires_grad)
    if not isinstance(other, Tensor):
        return False
    there = other._array
    if there.dtype is not array.dtype or there.shape != array.shape or there is array:
        return False
    if (there.base is not None or array.base is not None) and np.may_share_memory(array, there):
        return False
    return not (state.grad_enabled and (tensor.requires_grad or other.requires_grad))


def check_shape(tensor: Tensor, shape: tuple[int, ...]) -> None:
    """Raise RuntimeError if a result of this shape does not fit in the memory of `tensor`."""
    if shape != tensor._array.shape:
        raise RuntimeError(
            f"output with shape {list(tensor.shape)} doesn't match the broadcast shape "
            f"{list(shape)}"
        )


def check_result(tensor: Tensor, out: Tensor, casts: bool = False, own: str | None = None) -> None:
    """Raise RuntimeError if `out` does not fit in the memory of `tensor`, whose dtype is `own`."""
    here, there = tensor._array, out._array
    check_shape(tensor, there.shape)
    if not casts and CATEGORY[there.dtype.kind] > CATEGORY[here.dtype.kind]:
        own = own or tensor.dtype.type_name.removesuffix("Tensor")
        raise RuntimeError(
            f"result type {out.dtype.type_name.removesuffix('Tensor')} can't be cast to the "
            f"desired output type {own}"
        )


def _cuts(tensor: Tensor, writer: str) -> bool:
    """True for a copy into integers: it has no history. What else is written into them has one."""
    return writer == "copy_" and tensor._array.dtype.kind != "f"


def replace(tensor: Tensor, before: Tensor, out: Tensor, writer: str) -> Tensor:
    """Copy `out` and its history into `tensor`; `before` stands for what it was."""
    cuts = _cuts(tensor, writer)
    node: Any = None if out._edge is None or cuts else out._edge[0]
    own = [] if node is None else list(zip(node.operation.saving, node.saved, strict=True))
    if any(saved is before for _, saved in own):
        before._array, before._edge = before._array.copy(), edge_of_clone(before._edge)
        if watch.active and (tangent := forward_ad.tangent_of(before)) is not None:
            forward_ad.set_tangent(before, tangent.clone())  # its own is overwritten below
    here = tensor._array
    changed: Any = True
    if not here.flags.forc and geometry(here).overlaps:  # several entries at one place: those that
        changed = out._array != here  # stay must not be written back
    about_to_write(tensor)
    np.copyto(here, out._array, casting="unsafe", where=changed)
    tensor._own_counter().bump(writer)
    for k, (need, saved) in enumerate(own):
        if need == "result" and isinstance(saved, Tensor):
            saved._array, saved._counter = here, tensor._counter
            versions = list(node.versions or [0] * len(own))
            versions[k] = tensor._counter.value  # what else lies there has been overwritten
            node.versions = tuple(versions)
    if node is not None:
        set_history(tensor, node)
    elif watch.active and watch.seen():
        origins.pass_on(out, tensor)
    if watch.active and not cuts and (tangent := forward_ad.tangent_of(out)) is not None:
        was, present = forward_ad.tangent_of(before), forward_ad.tangent_of(tensor)
        together = present is not None and np.may_share_memory(present._array, here)
        if together and was is not None and np.array_equal(was._array, tangent._array):
            tangent = present  # it stays, and shows what has been written to both
        forward_ad.write_tangent(tensor, tangent)  # last: it may be refused
    return tensor


def set_history(tensor: Tensor, node: Any) -> None:
    """`node` has overwritten `tensor`: that is its history now, or a part of that of its base."""
    base = tensor if tensor._view is None else tensor._view.base
    before = base._known_edge()
    base._edge = (node if base is tensor else CopySlices(base, node, tensor), 0)
    if base is not tensor and recording.enabled():
        recording.note(None, base._edge[0].edges, base)
    tensor._history()  # a view finds out at once
    if base._retains_grad and before is not None:  # about what the tensor is from now on
        move_retained(before, base._edge)


def _changing(name: str, function: Callable[..., Any]) -> Callable[..., Tensor]:
    casts = name.startswith("logical")

    def method(self: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        return overwrite(function, self, *args, writer=name + "_", casts=casts, **kwargs)

    return method


def _comparing(name: str, function: Callable[..., Any]) -> Callable[..., Tensor]:
    """Truth values take the place of what was compared; the derivatives are 0."""
    with_tensor = _between(COMPARISONS[name], function)
    with_number = constant(COMPARISONS[name], function)

    def method(self: Tensor, other: Any) -> Tensor:
        changes = with_tensor if isinstance(other, Tensor) else with_number
        return overwrite(changes, self, other, writer=name + "_", casts=True)

    return method


def form(name: str, function: Callable[..., Any]) -> Callable[..., Tensor]:
    """The in-place form of the operation `name`, as a method."""
    if name in COMPARISONS:
        method = _comparing(name, function)
    else:
        method = _changing(name, function)
    method = composed(method, name + "_")
    if name + "_" in DIRECT:
        method = direct(name + "_", method)
    method.__name__ = method.__qualname__ = name + "_"
    method.__doc__ = f"`{name}`, in place. Returns the tensor itself."
    return method


def constant(
    name: str, values: Callable[..., Any], node: str | None = None
) -> Callable[..., Tensor]:
    """A function that overwrites a tensor with `values(tensor, …)`, whatever they are; the
    derivative is 0.
    """
    operation = Operation(
        name, "self", lambda self, values: values.astype(self.dtype), options="values",
        jvp="entrywise", shown=f"{name}(self)", node=node,
    )  # fmt: skip
    operation.derivative("self", "0", either.zeros)

    def written(before: Tensor, *args: Any, **kwargs: Any) -> Tensor:
        plain = on_array(before._array)
        return operation(before, np.asarray(values(plain, *args, **kwargs)._array))

    return written


def _between(name: str, compare: Callable[..., Any]) -> Callable[..., Tensor]:
    """A comparison with a tensor, in place; both derivatives are 0."""
    operation = Operation(
        name, "self other", lambda self, other: compare(
            on_array(self), on_array(other))._array.astype(self.dtype),
        node=f"{name.capitalize()}Backward1", fit=True, jvp="entrywise",
    )  # fmt: skip
    operation.derivative("self", "0", either.zeros)
    operation.derivative("other", "0", either.zeros)
    return operation  # whose code is written when it is first used
