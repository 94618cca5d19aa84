"""`backward` and `grad`: check what was asked, then let the engine walk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import tensor as tensors_module
from .. import watch
from ..flags import as_flag
from ..memory import empty_like
from ..size import Size
from ..type_names import type_name
from ..warn import warn
from . import engine, forward_ad, rows
from .arrivals import tell_version
from .grad_mode import state
from .gradient_edge import GradientEdge, like_of_output
from .hooks import as_tensor
from .node import NOWHERE, Node, Nowhere
from .wanted import Wanted

if TYPE_CHECKING:
    from ..tensor import Tensor

Root = tuple[Node, int]


def backward(
    tensors: Any,
    grad_tensors: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    grad_variables: Any = None,
    inputs: Any = None,
) -> None:
    """Add the gradients of `tensors` to the `.grad` of the leaves they were computed from.

    grad_tensors: one cotangent per tensor (None for a tensor with one entry).
    retain_graph: keep saved tensors; by default only with `create_graph`.
    create_graph: record the backward pass itself, for higher derivatives.
    inputs: only these tensors gather a gradient, leaves or not. Where a tensor is expected, here
        and in `grad`, its `GradientEdge` will do, and a dictionary of them where many are.

    Raises RuntimeError with PyTorch's texts (see `Tensor.backward`), TypeError for a mapping that
    is no `dict`.
    """
    if grad_variables is not None:
        warn("`grad_variables` is deprecated. Use `grad_tensors` instead.", FutureWarning)
        if grad_tensors is not None:
            raise RuntimeError(
                "`grad_tensors` and `grad_variables` (deprecated) arguments both passed to "
                "`backward()`. Please only use `grad_tensors`."
            )
        grad_tensors = grad_variables
    if inputs is not None:
        inputs = _inputs(inputs, "backward")
        if not inputs:
            raise RuntimeError("`inputs` argument to `backward()` cannot be empty.")
    outputs = _sequence(tensors)
    record = bool(create_graph) and not state.inference
    roots, cotangents = start(outputs, grad_tensors, record)
    keep = as_flag(create_graph if retain_graph is None else retain_graph)
    create_graph = as_flag(create_graph)
    wanted = None
    if inputs is not None:
        for tensor in inputs:
            if isinstance(tensor, tensors_module.Tensor):
                tensor.retain_grad()
        wanted = Wanted(roots, _targets(inputs), works=True)
        roots, cotangents = wanted.begun(roots, cotangents)
    try:
        engine.run(roots, cotangents, keep, record, wanted)
        if watch.heard:
            watch.tell("backward", create_graph)
    finally:
        if create_graph:
            _warn_of_cycle()


def _warn_of_cycle() -> None:
    warn(
        "Using backward() with create_graph=True will create a reference cycle between the "
        "parameter and its gradient which can cause a memory leak. We recommend using "
        "autograd.grad when creating the graph to avoid this. If you have to use this "
        "function, make sure to reset the .grad fields of your parameters to None after use "
        "to break the cycle and avoid the leak."
    )


def grad(
    outputs: Any,
    inputs: Any,
    grad_outputs: Any = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    only_inputs: bool = True,
    allow_unused: bool | None = None,
    is_grads_batched: bool = False,
    materialize_grads: bool = False,
) -> Any:
    """The gradients of `outputs` with respect to `inputs`; nobody's `.grad` is changed.

    They come as a tuple; for a dictionary of inputs as a dictionary with the same keys.

    grad_outputs: one cotangent per output (None for an output with one entry).
    only_inputs: of PyTorch's first years; False is ignored with a warning.
    allow_unused: None instead of an error for an input that the outputs do not depend on.
    is_grads_batched: the first axis of each cotangent, and of the results, counts cotangents.
    materialize_grads: zeros instead of None.

    Raises RuntimeError, ValueError or TypeError with PyTorch's texts.
    """
    if materialize_grads and allow_unused is False:
        raise ValueError(
            "Expected allow_unused to be True or not passed when materialize_grads=True, but got: "
            "allow_unused=False."
        )
    if not only_inputs:
        warn(
            "only_inputs argument is deprecated and is ignored now (defaults to True). To "
            "accumulate gradient for other parts of the graph, please use "
            "torch.autograd.backward.",
            FutureWarning,
        )
    outs, ins = _sequence(outputs), _inputs(inputs, "grad")
    if not ins:
        raise RuntimeError("`inputs` argument to `grad()` cannot be empty.")
    if is_grads_batched:
        arrived = _batched(outs, ins, grad_outputs, retain_graph, create_graph)
    else:
        record = bool(create_graph) and not state.inference
        roots, cotangents = start(outs, grad_outputs, record)
        wanted = Wanted(roots, _targets(ins))
        roots, cotangents = wanted.begun(roots, cotangents)
        keep = as_flag(create_graph if retain_graph is None else retain_graph)
        create_graph = as_flag(create_graph)
        allow_unused = as_flag(materialize_grads if allow_unused is None else allow_unused)
        engine.run(roots, cotangents, keep, record, wanted)
        arrived = wanted.arrived
        if not engine.of_tensors(cotangents):
            given = () if grad_outputs is None else _sequence(grad_outputs)
            arrived = _as_tensors(
                arrived, [tensor for tensor in given if tensor is not None], wanted.versions
            )
    missing = bool(allow_unused), (materialize_grads, create_graph)
    found = tuple(
        [
            _missing(k, ins[k], *missing) if value is None else value
            for k, value in enumerate(arrived)
        ]
    )
    return dict(zip(inputs, found, strict=True)) if type(inputs) is dict else found


def _missing(
    k: int, tensor: Tensor | GradientEdge, allow_unused: bool, materialize: tuple[bool, bool]
) -> Any:
    """What `grad` returns where there is no gradient. materialize: zeros; that require grad."""
    if materialize[0]:
        if isinstance(tensor, GradientEdge):
            raise RuntimeError(
                "materialize_grads cannot be used when the given input is a GradientEdge"
            )
        zeros = tensors_module.on_array(empty_like(tensor._array))
        zeros._array[...] = 0
        zeros.requires_grad = materialize[1]
        return zeros
    if not allow_unused:
        raise RuntimeError(
            f"The differentiated Tensor at index {k} appears to not have been used in the graph. "
            "Set allow_unused=True if this is the desired behavior."
        )
    return None


def _as_tensors(
    arrived: Sequence[Any], given: Sequence[Tensor], versions: Sequence[int] = ()
) -> list[Any]:
    """The cotangents that arrived, as tensors: one tensor for one that arrived at two places."""
    if len(arrived) == 1:
        return [_of_given(arrived[0], given, versions[0] if versions else 0)]
    made: dict[int, Any] = {}
    for value, version in zip_longest(arrived, versions, fillvalue=0):
        if id(value) not in made:
            made[id(value)] = _of_given(value, given, version)
    return [made[id(value)] for value in arrived]


def _of_given(value: Any, given: Sequence[Tensor], version: int) -> Tensor | None:
    """A cotangent as a tensor. If it went through unchanged it is the one that was given; else it
    may be a view, of that or of what the pass made on the way, and wrote to so many times.
    """
    if value is None:
        return None
    for tensor in given:
        if value is tensor._array:
            return tensor
    base = getattr(value, "base", None)
    if not isinstance(base, np.ndarray):
        return as_tensor(value, version)
    if base.dtype != value.dtype:  # its bits were taken for whole numbers, see `either.mask`
        if base.size == value.size:
            return as_tensor(value, version)
        base = base.view(value.dtype)
    sharing = [tensor for tensor in given if np.may_share_memory(value, tensor._array)]
    view = tensors_module.on_array(value)
    source = sharing[0] if sharing else tensors_module.on_array(base)
    source._share_memory_with(view, "no_grad")
    if not sharing:
        tell_version(view, version)
    return view


def _batched(outs: Any, ins: Any, grad_outputs: Any, retain_graph: Any, create_graph: Any) -> Any:
    """All cotangents in one walk; in a walk for each if that is to be recorded or observed."""
    batches = rows.batches(outs, (None,) if grad_outputs is None else _sequence(grad_outputs))
    count = len(batches[0])
    keep = create_graph if retain_graph is None else retain_graph
    roots, firsts = start(outs, [batch[0].detach() for batch in batches], False)
    wanted = Wanted(roots, _targets(ins))
    if not create_graph and not forward_ad.active() and not wanted.observed():
        arrays = [np.asarray(b._array, a.dtype) for b, a in zip(batches, firsts, strict=True)]
        return _as_tensors(rows.walk(roots, arrays, wanted, keep), batches)
    columns = []
    for row in range(count):
        cotangents = [batch[row] for batch in batches]
        last = keep or row < count - 1
        columns.append(grad(outs, ins, cotangents, last, create_graph, allow_unused=True))
    return rows.stacked(columns)


def _calculate_shape(
    output: Tensor | GradientEdge, grad: Tensor, is_grads_batched: bool
) -> tuple[Size, Size]:
    """The shapes that an output and its cotangent must have in common."""
    if isinstance(output, GradientEdge):
        if is_grads_batched:
            raise RuntimeError("Batched grads are not supported with GradientEdge")
        return Size(output.node._input_metadata[output.output_nr].shape), grad.shape
    return output.shape, grad.shape[1:] if is_grads_batched else grad.shape


def start(
    outputs: Sequence[Tensor | GradientEdge], grad_tensors: Any, record: bool
) -> tuple[list[Root], list[Any]]:
    """The edges that a walk starts from and the cotangents that it starts with: arrays. Tensors, if
    the walk is recorded, in forward mode, and where one that is given requires grad: hooks see it.

    Raises RuntimeError, TypeError or ValueError for cotangents that do not fit.
    """
    Tensor = tensors_module.Tensor  # noqa: N806
    given = [None] * len(outputs) if grad_tensors is None else _sequence(grad_tensors)
    tensors = record or forward_ad.active()
    roots: list[Root] = []
    cotangents: list[Any] = []  # the given ones as tensors, ones as arrays
    for out, cotangent in zip(outputs, given):
        like = like_of_output(out)
        if cotangent is None:
            if like is None or (like.size != 1 and _asks(out)):
                raise RuntimeError("grad can be implicitly created only for scalar outputs")
            cotangents.append(_ones_like(like))
            continue
        if not isinstance(cotangent, Tensor):
            raise TypeError(
                f"gradients can be either Tensors or None, but got {type(cotangent).__name__}"
            )
        if like is not None and cotangent._array.shape != like.shape:
            # Both places are looked up by `==`, as in PyTorch: others before them may raise here.
            here, there = given.index(cotangent), outputs.index(out)
            raise RuntimeError(
                f"Mismatch in shape: grad_output[{here}] has a shape of {cotangent.shape} and "
                f"output[{there}] has a shape of {Size.of(like.shape)}."
            )
        if like is not None and cotangent._array.dtype != like.dtype:
            cotangent = cotangent._cast(like.dtype)
        cotangents.append(cotangent)
        tensors = tensors or cotangent.requires_grad
    if len(given) < len(outputs):
        raise RuntimeError(f"got {len(outputs)} tensors and {len(given)} gradients")
    for k, out in enumerate(outputs):
        edge = out._get_edge()
        if edge is None or edge[0] is NOWHERE:
            raise RuntimeError(
                f"element {k} of tensors does not require grad and does not have a grad_fn"
            )
        roots.append(edge)
    if tensors:
        return roots, [Tensor._of(c) if type(c) is np.ndarray else c for c in cotangents]
    return roots, [c if type(c) is np.ndarray else c._array for c in cotangents]


def _asks(out: Tensor | GradientEdge) -> bool:
    """True if it requires grad, whether its history is in doubt or not."""
    return isinstance(out, GradientEdge) or out.requires_grad


def _ones_like(array: np.ndarray) -> np.ndarray:
    """Ones of its shape and dtype. (For one entry `np.array` is four times as fast.)"""
    if array.size == 1:
        return np.array(1, array.dtype, ndmin=array.ndim)
    return np.ones(array.shape, array.dtype)


def _targets(tensors: Sequence[Tensor | GradientEdge]) -> list[Root]:
    """The places where the gradients of `tensors` arrive. Raises RuntimeError if there is none."""
    targets = []
    for tensor in tensors:
        if not isinstance(tensor, (tensors_module.Tensor, GradientEdge)):
            raise RuntimeError(
                "all inputs have to be Tensors or GradientEdges, but got " + type_name(tensor)
            )
        edge = tensor._get_edge()
        if edge is None:
            raise RuntimeError("One of the differentiated Tensors does not require grad")
        nowhere = edge[0] is NOWHERE  # which all share: what is looked for gets one of its own
        targets.append((Nowhere(), 0) if nowhere else edge)
    return targets


def _sequence(value: Any) -> Sequence[Any]:
    single = isinstance(value, (tensors_module.Tensor, GradientEdge))
    return (value,) if single else tuple(value)


def _inputs(value: Any, caller: str) -> Sequence[Any]:
    """What gradients are asked for: of a dictionary its values."""
    if isinstance(value, Mapping):
        if type(value) is not dict:
            raise TypeError(
                f"`inputs` argument to `{caller}()` must be a dict, not {type(value).__name__}. "
                "Other Mapping types are not supported."
            )
        value = value.values()
    return _sequence(value)
