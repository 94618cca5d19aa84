"""What a `Function` returned, made a part of the graph.

An output may be an input, changed in place or not, or a view of one: each is treated as PyTorch's
page "Extending torch.autograd" and its notes on views say, so that no history is overridden.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..type_names import type_name
from ..warn import warn
from . import forward_ad
from .function_node import BackwardCFunction
from .node import like_of, move_retained

if TYPE_CHECKING:
    from ..tensor import Tensor
    from .function import Function

DIRTY = (
    "ctx.mark_dirty() received a tensor that was not an input. Only input Tensors that have been "
    "mutated should be passed to ctx.mark_dirty()."
)


SAVED_AS_IT_IS = (
    "An input that has been returned as-is as output is being saved for backward. This is not "
    "supported if you override setup_context. You should return and save a view of the input "
    "instead, e.g. with x.view_as(x) or setup ctx inside the forward function itself."
)


def connect(
    node: BackwardCFunction, args: tuple[Any, ...], outputs: tuple[Any, ...], recorded: bool
) -> tuple[Any, ...]:
    """The outputs, each with `node` as its history if it is differentiable and `recorded`.

    Raises RuntimeError, as PyTorch words it, for an input that must not be changed in place, or
    that was changed and not returned.
    """
    from ..tensor import Tensor

    if recorded and isinstance(node.to_save, tuple):
        _check_saved(node.to_save)
    _check_marks(node)
    tensors = [out for out in outputs if isinstance(out, Tensor)]
    if node._is_pure_view and (len(tensors) != 1 or sum(node._is_tensor) != 1):
        raise RuntimeError(
            "Pure view custom Function can only have one input Tensor and one output Tensor. Open "
            "an issue if you need to support more."
        )
    for tensor in node.dirty_tensors:
        tensor._own_counter().bump(node.function.__name__)
    node.outputs = len(outputs)
    connected = []
    for slot, out in enumerate(outputs):
        if isinstance(out, Tensor):
            if recorded and _is(out, node.dirty_tensors) and _differentiable(node, out):
                _check_dirty(out, args, len(outputs))
            out = _with_history(node, _own(node, out, args, recorded), slot, recorded)
        connected.append(out)
    _check_returned(node, tensors)
    node._outputs = tuple(_like(node, out) for out in connected)
    if recorded and sum(_differentiable(node, out) for out in connected) > 1:
        for out in connected:
            if isinstance(out, Tensor) and out._view is not None:
                out._view.creation_meta = "multi"
    return tuple(connected)


MARKS = {
    "dirty_tensors": "mark_dirty can only accept variables, but argument ",
    "to_save": None,  # see `_check_saved`
    "non_differentiable": "mark_non_differentiable only accepts variable arguments, but got ",
}
"""What a forward may note of its tensors, by itself or by `mark_dirty` and its like; and the error
if one of them is none. (PyTorch's texts break off like that.)
"""


def _check_saved(tensors: tuple[Any, ...]) -> None:
    for k, value in enumerate(tensors):
        if value is not None and not hasattr(value, "_array"):
            raise TypeError(
                f"save_for_backward can only save variables, but argument {k} is of type "
                f"{type(value).__name__}"
            )


def _check_marks(node: BackwardCFunction) -> None:
    for name, text in MARKS.items():
        marked = getattr(node, name)
        if marked is None:
            setattr(node, name, ())
        elif not isinstance(marked, tuple):
            raise RuntimeError(
                f"autograd internal error: {name} attribute is expected to be a tuple but is "
            )
        elif text and not all(hasattr(value, "_array") for value in marked):
            raise RuntimeError(text)


def _is(value: Any, among: Any) -> bool:
    return any(value is other for other in among)


def _differentiable(node: BackwardCFunction, out: Any) -> bool:
    array = getattr(out, "_array", None)
    return array is not None and array.dtype.kind == "f" and not _is(out, node.non_differentiable)


def _like(node: BackwardCFunction, out: Any) -> Any:
    """Of what shape and dtype zeros stand for the missing gradient of an output, if any do."""
    if _is(out, node.non_differentiable) and not node._materialize_non_diff_grads:
        return None
    return like_of(out)


def _check_returned(node: BackwardCFunction, outputs: list[Tensor]) -> None:
    """Raise RuntimeError if something that is said to have been changed is no output."""
    for tensor in node.dirty_tensors:
        if not _is(tensor, outputs):
            raise RuntimeError(
                "Some elements marked as dirty during the forward method were not returned as "
                "output. The inputs that are modified inplace must all be outputs of the Function."
            )


def _check_dirty(tensor: Tensor, args: tuple[Any, ...], outputs: int) -> None:
    """Raise RuntimeError for an output, one of `outputs`, that must not be changed in place."""
    from ..ops.in_place import check_writable

    if tensor.requires_grad and tensor._known_edge() is None:
        raise RuntimeError(
            "a leaf Variable that requires grad has been used in an in-place operation."
        )
    if not _is(tensor, args):
        if tensor._view is not None:
            raise RuntimeError(DIRTY)
        warn(DIRTY)
        return
    if tensor._view is not None and outputs > 1:
        raise RuntimeError(
            "If your Function modifies inplace an input that is a view of another Tensor, your "
            "Function cannot return more than one Tensor. This is not supported by the current "
            "autograd engine. You should either make sure the input is not a view (using .clone() "
            "for example) or make your Function only return one Tensor (potentially splitting it "
            "into two Functions: one doing the inplace that returns a single Tensor and a second "
            "one that does the other operations). You can ask on the forum "
            "https://discuss.pytorch.org/ if you need help to do this change."
        )
    check_writable(tensor)


def _own(node: BackwardCFunction, out: Tensor, args: tuple[Any, ...], recorded: bool) -> Tensor:
    """The tensor to return for an output: a view of an input that is returned as it is.

    Raises RuntimeError if a `setup_context` has saved such an input.
    """
    if not _is(out, args) or _is(out, node.dirty_tensors):
        return out
    if out.requires_grad and not (recorded and _differentiable(node, out)):
        alias = out.detach()
    else:
        from ..tensor import on_array
        from .function import Function

        apart = node.function.setup_context is not Function.setup_context
        if apart and _is(out, (*node.to_save, *node.saved_for_forward)):
            raise RuntimeError(SAVED_AS_IT_IS)
        alias = on_array(out._array)
        out._share_memory_with(alias)
    if _is(out, node.non_differentiable):
        node.non_differentiable = (*node.non_differentiable, alias)
    return alias


def _with_history(node: BackwardCFunction, out: Tensor, slot: int, recorded: bool) -> Tensor:
    from ..ops.in_place import set_history

    dirty = _is(out, node.dirty_tensors)
    if out._view is not None and not dirty:
        out._view.creation_meta = "default" if node._is_pure_view else "custom"
    if recorded and _differentiable(node, out):
        if dirty:
            out._grad = None  # of what it was before
        if dirty and out._view is not None:
            set_history(out, node)
        else:
            before = out._known_edge()
            out._set_edge((node, slot))
            if out._retains_grad and before is not None:
                move_retained(before, (node, slot))
    elif dirty and out.requires_grad:  # the input keeps its history
        return out._without_history()
    elif not recorded and out.requires_grad and out._view is None:  # from elsewhere
        out.detach_()
    return out


# ---- forward mode --------------------------------------------------------------------------------


def send_tangents(
    function: type[Function],
    node: BackwardCFunction,
    args: tuple[Any, ...],
    returned: tuple[Any, ...],
    outputs: tuple[Any, ...],
) -> None:
    """The user's `jvp` takes the arguments' tangents to the outputs'.

    returned: what `forward` returned; outputs: what is made of it. Raises RuntimeError, as PyTorch
    words it, if a tangent does not stand to its argument's as the output stands to the argument.
    """
    from ..tensor import Tensor

    given = [forward_ad.tangent_of(a) for a in args]
    if all(tangent is None for tangent in given):
        return
    if node.materialize_grads:
        given = [
            forward_ad.zeros(a)
            if tangent is None and isinstance(a, Tensor) and a._array.dtype.kind == "f"
            else tangent
            for a, tangent in zip(args, given, strict=True)
        ]
    versions = [None if tangent is None else tangent._counter.value for tangent in given]
    node._in_forward_mode = True
    try:
        with forward_ad.suspended():
            moved = function.jvp(node, *given)
    finally:
        node._in_forward_mode = False
    moved = moved if isinstance(moved, tuple) else (moved,)
    if len(moved) != len(outputs):
        raise RuntimeError(
            "Function's jvp returned an invalid number of forward gradients (expected "
            f"{len(outputs)} but got {len(moved)})"
        )
    for k, (was, out, tangent) in enumerate(zip(returned, outputs, moved, strict=True)):
        if tangent is None:
            continue
        if not isinstance(tangent, Tensor):
            raise RuntimeError(
                f"expected Variable or None (got {type_name(tangent)}) for grad output {k}."
            )
        if not _differentiable(node, out):
            raise RuntimeError(
                f"Function's jvp returned a gradient at position {k}, but  the corresponding "
                "forward output is not a differentiable Tensor.You should return None at that "
                "position instead."
            )
        source = next((j for j, a in enumerate(args) if a is was), None)
        if source is not None and _is(was, node.dirty_tensors):
            if tangent is not given[source] or tangent._counter.value == versions[source]:
                raise RuntimeError(
                    "An inplace custom Function is not modifying the forward mode gradients "
                    "inplace. If the forward is modifying an input inplace, then the jvp function "
                    "must modify the corresponding gradient inplace."
                )
        elif out._view is not None:
            _check_view(out, tangent, args, given)
        forward_ad.check_shape(out, tangent)
        forward_ad.set_tangent(out, tangent)


def _check_view(out: Tensor, tangent: Tensor, args: tuple[Any, ...], given: list[Any]) -> None:
    """Raise RuntimeError unless `tangent` is a view of a tangent as `out` is one of an input."""
    assert out._view is not None
    base = out._view.base
    for arg, own in zip(args, given, strict=True):
        view = getattr(arg, "_view", None)
        if own is None or not (base is arg or (view is not None and view.base is base)):
            continue
        if tangent._view is None:
            raise RuntimeError(
                "A custom Function's forward is returning a view (or an input as-is) but the jvp "
                "is not returning a view."
            )
        expected, of = (own, "") if own._view is None else (own._view.base, "same base as the ")
        if tangent._view.base is not expected:
            raise RuntimeError(
                "A custom Function is returning a view but the jvp is not returning a view of the "
                f"{of}given grad input."
            )
        return
