"""Forward mode: tangents that travel along with the values, from inputs to outputs.

    with dual_level():
        x = make_dual(primal, tangent)
        value, tangent = unpack_dual(f(x))      # tangent = (Jacobian of f) · (tangent of x)

One forward pass gives one column of the Jacobian, where a backward pass gives one row. The same
derivatives serve both: for an operation that works entry by entry, the local Jacobian is diagonal,
so multiplying by it from the left or from the right is the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ContextDecorator, contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from .. import watch
from ..type_names import type_name
from .grad_mode import state
from .inference_leaves import all_of_inference

if TYPE_CHECKING:
    from ..tensor import Tensor


class UnpackedDualTensor(NamedTuple):
    """What `unpack_dual` returns; the tangent is None if the tensor has none."""

    primal: Any
    tangent: Any


class Level:
    """One `dual_level`. Tangents belong to it, and are forgotten with it."""


_level: Level | None = None


def enter_dual_level() -> int:
    """Begin forward mode. Raises RuntimeError if it has begun already; it cannot be nested."""
    global _level
    if _level is not None:
        raise RuntimeError("Nested forward mode AD is not supported at the moment")
    _level = Level()
    watch.add(propagate)
    return 0


def exit_dual_level(*, level: int | None = None) -> None:
    """End forward mode and forget all tangents. Raises RuntimeError if it has not begun."""
    global _level
    if _level is None and level is None:
        raise RuntimeError("Dual level must be a positive number.")
    check_level(
        level if _level is not None else -1,
        "Trying to exit a forward AD level that was not the last one that was created. This is not "
        "supported.",
    )
    _level = None
    watch.remove(propagate)


def check_level(level: int | None, text: str) -> None:
    """Raise RuntimeError for another level than 0, the only one that there is."""
    if level not in (None, 0):
        raise RuntimeError(text)


class dual_level(ContextDecorator):  # noqa: N801  (PyTorch's name)
    """Forward mode for the length of a `with` block, or of a decorated function."""

    def __enter__(self) -> int:
        return enter_dual_level()

    def __exit__(self, *exc: object) -> None:
        exit_dual_level()


def make_dual(tensor: Tensor, tangent: Tensor, *, level: int | None = None) -> Tensor:
    """`tensor` with a tangent of the same shape, as a second tensor on the same memory.

    Raises RuntimeError outside a `dual_level` or if the shapes differ, ValueError if one of the two
    is not of a floating point dtype.
    """
    if level is not None and not isinstance(level, int):
        raise TypeError(f"'<' not supported between instances of '{type_name(level)}' and 'int'")
    if _level is None or (level is not None and level < 0):
        raise RuntimeError(
            "Trying to create a dual Tensor for forward AD but no level exists, make sure to "
            "enter_dual_level() first."
        )
    for place, (name, value) in enumerate((("primal", tensor), ("tangent", tangent)), 1):
        if not hasattr(value, "_array"):
            if hasattr(value, "is_floating_point"):  # a tensor of another library
                raise TypeError(
                    f"_make_dual(): argument '{name}' (position {place}) must be Tensor, not "
                    + type_name(value)
                )
            raise AttributeError(
                f"'{type_name(value)}' object has no attribute 'is_floating_point'"
            )
        if value._array.dtype.kind != "f":
            raise ValueError(
                f"Expected {name} to be floating point or complex, but got: {value.dtype}"
            )
    check_level(level, "Invalid level given to _make_dual")
    check_shape(tensor, tangent)
    if tangent_of(tensor) is not None:
        raise RuntimeError(
            "Making a dual Tensor based on a Tensor that already has a forward gradient at the "
            "same level 0 is not supported."
        )
    if tangent_of(tangent) is not None:
        raise RuntimeError(
            "Setting a forward grad that itself has a forward gradient at the same level0 is not "
            "supported."
        )
    dual = tensor.view(tensor.shape)
    if not state.inference:
        dual._tangent = (_level, alike(tangent, tensor))
    return dual


def alike(tangent: Tensor, tensor: Tensor) -> Tensor:
    """The tangent, in a memory like its tensor's: a view of the one is then one of the other."""
    from ..memory import geometry, owner, window
    from ..tensor import on_array

    own, other = tensor._array, tangent._array
    memory = owner(own)
    where, there = geometry(own, memory), geometry(other, owner(other))
    same = own.size == 0 or (
        memory.size == owner(other).size
        and where.offset == there.offset
        and all(n == 1 or s == t for n, s, t in zip(own.shape, where.stride, there.stride))
    )
    if same:
        return tangent
    return on_array(window(np.zeros(memory.size, own.dtype), where)).copy_(tangent)


def check_shape(tensor: Tensor, tangent: Tensor) -> None:
    """Raise RuntimeError, as PyTorch words it, if a tangent is not of its tensor's shape."""
    if tensor._array.shape != tangent._array.shape:
        raise RuntimeError(
            "Trying to set a forward gradient that has a different size than that of the original "
            f"Tensor, this is not supported. Tensor is of size {list(tensor.shape)} while the "
            f"given forward gradient is of size {list(tangent.shape)}."
        )


def unpack_dual(tensor: Tensor, *, level: int | None = None) -> UnpackedDualTensor:
    """The value and the tangent of a tensor; outside of a `dual_level` there is none.

    Raises TypeError for what is no tensor.
    """
    if _level is None and level is None:
        return UnpackedDualTensor(tensor, None)
    if not hasattr(tensor, "_array"):
        raise TypeError(
            "_unpack_dual(): argument 'dual' (position 1) must be Tensor, not "
            + type(tensor).__name__
        )
    if level and _level is not None:
        raise RuntimeError("Invalid level given to _fw_primal")
    from ..ops.axes import primal

    tangent = tangent_of(tensor)
    with suspended():
        plain = primal(tensor)
    set_tangent(plain, None)  # nor will it show that of `tensor`
    return UnpackedDualTensor(plain, tangent)


def tangent_of(value: Any) -> Any:
    """The tangent of a tensor at the present level, or None. Inference mode sees none.

    A view that has none of its own shows the one that its base was given since.
    """
    if _level is None or not state.tangents or state.inference:
        return None
    pair = getattr(value, "_tangent", None)
    if pair is not None and pair[0] is _level:
        return pair[1]
    view = getattr(value, "_view", None)
    lent = None if view is None else tangent_of(view.base)
    return None if lent is None else part_of(lent, value)


def part_of(tangent: Tensor, view: Any) -> Tensor | None:
    """The tangent of a view: a view, too, of the tangent of its base. (None for one that was saved,
    and then got a memory of its own.)
    """
    from ..memory import geometry

    base = view._view.base._array
    if not np.may_share_memory(view._array, base):
        return None
    own = tangent.as_strided(*geometry(view._array, base))
    set_tangent(view, own)
    return own


def active() -> bool:
    """True within a `dual_level`."""
    return _level is not None


def write_tangent(tensor: Tensor, tangent: Tensor) -> None:
    """`tensor` was overwritten, and `tangent` is what it moves along from now on.

    A tangent that is there is overwritten too, so that views of it stay views. A view without one
    lends it to its base, whose other entries stand still.
    """
    own = tangent_of(tensor)
    if own is None and tensor._view is not None and tangent_of(tensor._view.base) is None:
        base = tensor._view.base
        set_tangent(base, zeros(base))
        own = tangent_of(tensor)
    if own is None:
        set_tangent(tensor, tangent.clone())
    else:
        own.copy_(tangent)


@contextmanager
def suspended() -> Iterator[None]:
    """Tangents stay where they are: what runs inside sees and makes none."""
    with _set_fwd_grad_enabled(False):
        yield


@contextmanager
def _set_fwd_grad_enabled(mode: bool) -> Iterator[None]:
    """Context manager: with False, tangents are neither seen nor made inside."""
    outer = state.tangents
    switch(mode)
    try:
        yield
    finally:
        switch(outer)


def switch(mode: bool) -> None:
    """Switch forward mode on or off from here on."""
    state.tangents = mode


def _is_fwd_grad_enabled() -> bool:
    """False where forward mode is switched off."""
    return state.tangents


def __getattr__(name: str) -> Any:
    if name == "_current_level":  # 0 within a `dual_level`, else -1
        return -1 if _level is None else 0
    raise AttributeError(f"module 'minigrad.autograd.forward_ad' has no attribute {name!r}")


def set_tangent(tensor: Any, tangent: Any) -> None:
    """Give a tensor a tangent at the present level."""
    tensor._tangent = (_level, tangent)


def propagate(operation: Any, args: tuple[Any, ...], result: Any, *times: int) -> None:
    """Give the result of an operation its tangent. (A watcher; see `minigrad.watch`.)"""
    names = getattr(operation, "inputs", None)
    if names is None or not operation.rules:
        return
    tangents = {
        name: tangent
        for name, arg in zip(names, args, strict=False)
        if (tangent := tangent_of(arg)) is not None
    }
    if not tangents and operation.view and _is_plain(args[0]):
        set_tangent(result, None)  # a view of what has none, whatever its base is given
    if not tangents or all_of_inference(operation, args):
        return
    outs = result if isinstance(result, tuple) else (result,)
    moved = moved_by(operation, args, tangents, result)
    for out, tangent in zip(outs, moved if isinstance(moved, tuple) else (moved,), strict=False):
        if tangent is not None:
            set_tangent(out, tangent)
            for shell in saved_results(operation, out):
                set_tangent(shell, tangent)


def _is_plain(tensor: Any) -> bool:
    """True if it was said of a tensor that it has no tangent, as `unpack_dual` does."""
    pair = tensor._tangent
    return pair is not None and pair[0] is _level and pair[1] is None


def saved_results(operation: Any, out: Any) -> list[Any]:
    """What the node of `out` saved of `out` itself: forward over reverse needs its tangent too."""
    node: Any = out.grad_fn
    if node is None or node.operation is not operation:
        return []
    kept = zip(node.operation.saving, node.saved, strict=True)
    return [saved for _, saved in kept if getattr(saved, "_array", None) is out._array]


def moved_by(operation: Any, args: tuple[Any, ...], tangents: dict[str, Any], result: Any) -> Any:
    """The tangent of a result: the local Jacobian times the tangents of the inputs.

    Raises NotImplementedError for an operation that does not say how.
    """
    names = operation.inputs
    if operation.jvp == "none":
        raise not_implemented(operation.name)
    if operation.jvp != "linear":
        args = (*map(primal_of, args[: len(names)]), *args[len(names) :])
    if operation.tangent_rule is not None:
        return operation.tangent_rule(tangents, **needed(operation, args, result))
    if operation.jvp == "linear":
        return operation(
            *(tangents.get(name, zeros(arg)) for name, arg in zip(names, args, strict=False)),
            *args[len(names) :],
        )
    parts = []
    for name, tangent in tangents.items():
        if operation.jvp == "multilinear":
            replaced = [tangent if n == name else arg for n, arg in named(operation, args)]
            parts.append(operation(*replaced))
        elif operation.jvp == "entrywise":
            tangent = tangent.to(result.dtype)  # a number of a wider dtype does not widen others
            if tangent.shape != result.shape:
                tangent = tangent.expand(result.shape)
            saved = needed(operation, args, result)
            rule = operation.rules[name]
            parts.append(rule(tangent, *[saved[need] for need in operation.needs[name]]))
        elif isinstance(result, tuple):
            raise not_implemented(operation.name)
        else:
            parts.append(turned(operation, name, tangent, args, result))
    if operation.promote or operation.jvp == "multilinear":
        given = dict(named(operation, args))
        for name in [n for n in names if n not in tangents]:  # what stands still adds nothing
            factors = [given.get(need) for need in operation.needs[name]]
            parts.append(sum(map(nothing, factors), -0.0))
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total


def not_implemented(name: str) -> NotImplementedError:
    """PyTorch's error for an operation that no tangent goes through."""
    from ..ops.refusals import NOT_YET

    return NotImplementedError(
        f"Trying to use forward AD with {name} that does not support it{NOT_YET}"
    )


def nothing(of: Any) -> Any:
    """What an input adds that stands still: -0.0 (which changes nothing, not even a sign), but with
    a history if the factor `of` has one, as in PyTorch.

    The sum of none of its entries, as 0 times an infinity is no number.
    """
    return -of.reshape(-1)[:0].sum() if hasattr(of, "_array") else -0.0


def turned(
    operation: Any, name: str, tangent: Tensor, args: tuple[Any, ...], result: Tensor
) -> Any:
    """The tangent of a result, from the derivative that goes backward.

    That is linear in the cotangent v: v ↦ vJ. Its own derivative takes a tangent t to Jt.
    """
    from ..ops import either
    from ..tensor import on_array
    from . import differentiate
    from .grad_mode import _GradMode

    saved, rule = needed(operation, args, result), operation.rules[name]
    with _GradMode(True), suspended():
        v = on_array(np.zeros_like(result._array)).requires_grad_()
        row = rule(v, *[saved[need] for need in operation.needs[name]])
        if row is None or not row.requires_grad:  # flat
            return on_array(np.zeros_like(result._array))
        if row.shape != tangent.shape:
            row = either.sum_to(row, tangent.shape)
        (moved,) = differentiate.grad(row, v, tangent, create_graph=True, materialize_grads=True)
    return moved if moved.grad_fn is not None and state.grad_enabled else moved.detach()


def named(operation: Any, args: tuple[Any, ...]) -> list[tuple[str, Any]]:
    """The arguments of an operation with their names."""
    return list(zip(operation.arguments, args, strict=True))


def needed(operation: Any, args: tuple[Any, ...], result: Any) -> dict[str, Any]:
    """All that a derivative may name: arguments, results, and what is read off inputs."""
    from ..ops.unrolled import read_off

    values = dict(named(operation, args))
    for k, out in enumerate(result if isinstance(result, tuple) else (result,)):
        values[f"result{k or ''}"] = out
    if operation.tangent_rule is not None:
        return {name: values[name] for name in operation.tangent_needs}
    read = [need for need in operation.saving if need not in values]
    return values | {need: read_off(need, values) for need in read}


def primal_of(value: Any) -> Any:
    """An argument as the rule for a tangent reads it: where it has a history, through a node."""
    from ..ops.axes import primal

    with suspended():
        return primal(value) if getattr(value, "requires_grad", False) else value


def zeros(value: Any) -> Any:
    """The tangent of an argument that has none: zeros; 0 for a number."""
    from ..tensor import Tensor, on_array

    return on_array(np.zeros_like(value._array)) if isinstance(value, Tensor) else 0
