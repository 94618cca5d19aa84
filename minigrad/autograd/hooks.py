"""Hooks: functions of the user's that look at a gradient on its way, and may replace it.

In the order in which a node meets them: the hooks of the tensor that it computed, then that
tensor's `retain_grad()`, then the node's prehooks, its own work, and the node's hooks. A leaf's
hooks belong to its `AccumulateGrad`; what is registered for after the accumulation comes right
after that. A tensor that got no gradient shows its hooks None.
"""

from __future__ import annotations

import functools
import itertools
import weakref
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import tensor as tensors_module
from ..type_names import type_name
from ..versions import check_places
from .accumulation import retain
from .arrivals import Arrivals, tell_version, version_of
from .grad_mode import state
from .node import NOWHERE, Node

if TYPE_CHECKING:
    from ..tensor import Tensor
    from .wanted import Wanted


class RemovableHandle:
    """What registering a hook returns; `remove()` takes the hook away again."""

    _next = itertools.count().__next__

    def __init__(
        self, hooks: Any, hook: Callable[..., Any], first: bool = False, flags: Sequence[Any] = ()
    ) -> None:
        """hooks: where to put the hook. first: before all others, in an ordered dictionary.
        flags: dictionaries of what else is to be known of it.
        """
        self.id = RemovableHandle._next()
        self._hooks, self._flags = hooks, flags
        hooks[self.id] = hook
        for flag in flags:
            flag[self.id] = True
        if first:
            hooks.move_to_end(self.id, last=False)

    def remove(self) -> None:
        """Take the hook away. Doing so twice is no error."""
        for hooks in (self._hooks, *self._flags):
            hooks.pop(self.id, None)

    def hooks_dict_ref(self) -> Any:
        """The dictionary that the hook was put into."""
        return self._hooks

    def __enter__(self) -> RemovableHandle:
        return self

    def __exit__(self, *exc: object) -> None:
        self.remove()


def on_tensor(tensor: Tensor, hook: Callable[[Any], Any]) -> RemovableHandle:
    """Register a hook for the gradient of a tensor. Raises RuntimeError if it gets none."""
    _expect_gradient(tensor)
    before = tensor._known_edge()
    if before is not None and before[0].extras is not None:
        hooks = before[0].extras.get("hooks", {}).get(before[1])
        if hooks is not None:  # of a view that has not been asked for its history since, those
            return RemovableHandle(hooks, hook)
    if before is None and tensor._hooks is not None:
        return RemovableHandle(tensor._hooks, hook)
    edge = tensor._get_edge()
    assert edge is not None
    if tensor.is_leaf:
        if tensor._hooks is None:
            tensor._hooks = {}
        edge[0]._note("hooks", dict)[0] = tensor._hooks
        return RemovableHandle(tensor._hooks, hook)
    return RemovableHandle(edge[0]._note("hooks", dict).setdefault(edge[1], {}), hook)


def after_accumulation(leaf: Tensor, hook: Callable[[Any], Any]) -> RemovableHandle:
    """Register a hook that is called with the leaf once its `.grad` is complete.

    Raises RuntimeError if the tensor is not a leaf that requires grad.
    """
    _expect_gradient(leaf)
    if not leaf.is_leaf:
        raise RuntimeError("post accumulate grad hooks cannot be registered on non-leaf tensors")
    if leaf._after_hooks is None:
        leaf._after_hooks = {}
    edge = leaf._get_edge()
    assert edge is not None
    edge[0]._note("after", lambda: leaf._after_hooks)
    return RemovableHandle(leaf._after_hooks, hook)


def _expect_gradient(tensor: Tensor) -> None:
    if not tensor.requires_grad:
        raise RuntimeError("cannot register a hook on a tensor that doesn't require gradient")


def before(node: Node, incoming: list[Any], as_tensors: bool, wanted: Wanted | None) -> list[Any]:
    """What happens where cotangents arrive at a node, whether it works or is an end of `grad()`.

    Saved places are looked at, `grad()` notes the cotangents, hooks and `retain_grad` of the
    tensors that the node computed see them. Returns them, maybe replaced.
    """
    extras = node.extras
    assert extras is not None
    if "places" in extras:
        check_places(extras["places"])
    if wanted is not None:
        wanted.before_hooks(node, incoming)
    for slot, shape in extras.get("expected", {}).items():
        if incoming[slot] is not None and incoming[slot].shape != shape:
            incoming[slot] = _of_shape(node, slot, incoming[slot], shape)
    for slot, hooks in extras.get("hooks", {}).items():
        tensor = through(list(hooks.values()), as_tensor(incoming[slot], version_of(incoming)))
        if tensor is not None:
            version = 0 if tensor.is_inference() else tensor._version
            incoming = Arrivals.complete(incoming, version)
            incoming[slot] = like(tensor, incoming[slot])
    for slot, reference in extras.get("retained", {}).items():
        tensor = reference()
        if tensor is not None and incoming[slot] is not None:
            retain(tensor, incoming[slot], as_tensors)
    return incoming


def expect_shape(tensor: Tensor) -> None:
    """`.data` is about to get another shape: what computed the tensor, or gathers its gradient,
    knows only that which it had.
    """
    edge = tensor._known_edge() or (tensor._accumulator(), 0)
    if edge[0] is not None:
        edge[0]._note("expected", dict).setdefault(edge[1], tensor._array.shape)


def _of_shape(node: Node, slot: int, cotangent: Any, shape: tuple[int, ...]) -> Any:
    """A cotangent summed to a shape. Raises RuntimeError, in PyTorch's words, if it cannot be."""
    from ..ops import either
    from .cotangents import broadcasts, misfit

    if broadcasts(shape, tuple(cotangent.shape)):
        return either.sum_to(cotangent, shape)
    assert state.task is not None
    edges = ((one, k, edge) for one in state.task.order() for k, edge in enumerate(one.edges))
    begun = next((k for k, root in enumerate(state.task.roots) if root == (node, slot)), 0)
    senders = ((one, k) for one, k, edge in edges if edge == (node, slot))
    sender, position = next(senders, (None, begun))
    raise misfit(sender, position, cotangent, shape)


def prehooks(node: Node, incoming: list[Any]) -> list[Any]:
    """The node's prehooks; returns the incoming cotangents, maybe replaced."""
    assert node.extras is not None
    for hook in list(node.extras.get("prehooks", {}).values()):
        given = tuple(as_tensor(value) for value in incoming)
        returned = hook(given)
        if returned is not None:
            check_all(hook, returned, given)
            incoming = [like(new, some(incoming)) for new in returned]
    return incoming


def after(node: Node, incoming: list[Any], outgoing: Sequence[Any]) -> Sequence[Any]:
    """What happens after a node's own work; returns the outgoing cotangents, maybe replaced."""
    extras = node.extras
    assert extras is not None
    if "after" in extras:
        leaf = seen = node.variable  # type: ignore[attr-defined]
        for hook in list(extras["after"].values()):
            returned = hook(seen)
            check(hook, returned, leaf)
            seen = seen if returned is None else returned  # what the next one sees, as in PyTorch
        if seen is not leaf:
            raise RuntimeError("Tensor post accumulate grad hooks should return None.")
    for hook in list(extras.get("posthooks", {}).values()):
        places = node._shown_inputs()
        given = tuple([as_tensor(outgoing[k]) for k in places])
        arrived = tuple(as_tensor(value) for value in incoming)
        returned = hook(given, arrived)
        if returned is not None:
            check_all(hook, returned, given)
            replaced = [like(value, some(outgoing, incoming)) for value in returned]
            outgoing = [None] * len(outgoing)
            for k, value in zip(places, replaced, strict=True):
                outgoing[k] = value
    return outgoing


def through(hooks: list[Callable[[Any], Any]], tensor: Any) -> Any:
    """A cotangent as hooks see it, after it has passed those of a tensor.

    Raises TypeError or RuntimeError if a hook returned something that cannot replace it.
    """
    for hook in hooks:
        returned = hook(tensor)
        check(hook, returned, tensor)
        tensor = tensor if returned is None else returned
    return tensor


def check(hook: Callable[..., Any], returned: Any, given: Any) -> None:
    """Raise TypeError or RuntimeError, as PyTorch words it, for what cannot replace a gradient."""
    if returned is None:
        return
    name = getattr(hook, "__name__", "<unknown>")
    if not hasattr(returned, "_array"):
        raise TypeError(f"expected Variable, but hook returned '{type_name(returned)}'")
    if given is None:
        raise RuntimeError("can't replace a None gradient with a non-None value")
    if returned._array.dtype != given._array.dtype:
        raise RuntimeError(
            f"hook '{name}' has changed the type of value (was {given.type()} got "
            f"{returned.type()})"
        )
    if returned._array.shape != given._array.shape:
        raise RuntimeError(f"hook '{name}' has changed the size of value")


def check_all(hook: Callable[..., Any], returned: Any, given: tuple[Any, ...]) -> None:
    """The same for the gradients of a node: one for each of those that were `given`."""
    if not isinstance(returned, tuple):
        raise TypeError(f"expected tuple, but hook returned '{type_name(returned)}'")
    check_count(hook, returned, given)
    for new, old in zip(returned, given, strict=True):
        check(hook, new, old)


def check_count(hook: Callable[..., Any], returned: tuple[Any, ...], given: Sequence[Any]) -> None:
    """Raise RuntimeError, as PyTorch words it, if a hook returned too many or too few."""
    if len(returned) != len(given):
        name = getattr(hook, "__name__", "<unknown>")
        raise RuntimeError(
            f"hook '{name}' has returned an incorrect number of values (got {len(returned)}, but "
            f"expected {len(given)})"
        )


def as_tensor(cotangent: Any, version: int = 0) -> Any:
    """A cotangent as hooks see it: a tensor, or None."""
    if cotangent is None or hasattr(cotangent, "_array"):
        return cotangent
    array = np.asarray(cotangent)
    if not array.flags.writeable and isinstance(array.base, np.ndarray):
        array.flags.writeable = array.base.flags.writeable  # of NumPy's diagonals
    tensor = tensors_module.made(array)
    tell_version(tensor, version)
    return tensor


def like(tensor: Any, cotangent: Any) -> Any:
    """A tensor in the form in which cotangents are travelling: as an array, or as it is."""
    if tensor is None or hasattr(cotangent, "_array"):
        return tensor
    return tensor._array


def some(*cotangents: Sequence[Any]) -> Any:
    """Any cotangent that is there, to tell in which form they travel."""
    return next((value for values in cotangents for value in values if value is not None), None)


def register_multi_grad_hook(
    tensors: Sequence[Tensor], fn: Callable[..., Any], *, mode: str = "all"
) -> RemovableHandle:
    """Call `fn` once per backward pass: with "all", with the gradients of all these tensors (None
    for one that gets none) when the last is there; with "any", with the first that is there.

    Returns a handle whose `remove()` takes the hook away. Raises ValueError for another mode.
    """
    if mode not in ("all", "any"):
        raise ValueError(f"Expects mode to be one of ('all', 'any') but got {mode}")
    if mode == "any":
        tensors = [tensor for tensor in tensors if tensor.requires_grad]
    edges = [tensor._get_edge() if tensor.requires_grad else None for tensor in tensors]
    if mode == "all" and any(edge is None or edge[0] is NOWHERE for edge in edges):
        raise AssertionError("Expected gradient function to be set")
    passes: Any = weakref.WeakKeyDictionary()  # the running one → the gradients so far

    def hook(k: int, grad: Any) -> None:
        task = state.task
        assert task is not None
        if mode == "any":
            if task not in passes and grad is not None:
                passes[task] = True
                fn(grad)
            return
        if task not in passes:
            expected = [edge is not None and task.executes(edge[0]) for edge in edges]
            passes[task] = (sum(expected), {})
        count, gathered = passes[task]
        gathered[k] = grad
        if len(gathered) == count:
            del passes[task]  # the only root is not counted: who comes after it begins anew
            fn([gathered.get(k) for k in range(len(edges))])

    return _MultiHandle(
        [tensor.register_hook(functools.partial(hook, k)) for k, tensor in enumerate(tensors)]
    )


class _MultiHandle(RemovableHandle):
    """Several handles as one."""

    def __init__(self, handles: list[RemovableHandle]) -> None:
        self.handles = handles

    def remove(self) -> None:
        """Take all the hooks away."""
        for handle in self.handles:
            handle.remove()
