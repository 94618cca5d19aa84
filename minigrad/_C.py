"""What PyTorch has written in C++ and yet people ask for by name: about a backward pass that runs,
and the kinds of nodes that no operation makes.

    torch._C._current_autograd_node()       in a hook: the node that is at work
    torch._C._functions.AccumulateGrad      for isinstance
"""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from .autograd import forward_ad, grad_mode, saved_tensors
from .autograd.delayed_error import DelayedError, Error
from .autograd.grad_mode import state
from .autograd.gradcheck import UndefinedGrad
from .autograd.node import AccumulateGrad, Node
from .views import CopySlices

if TYPE_CHECKING:
    from .tensor import Tensor


def _current_autograd_node() -> Node | None:
    """The node that is at work, None outside of a backward pass."""
    return None if state.task is None else state.task.node()


def _current_graph_task_id() -> int:
    """The number of the backward pass that runs, -1 outside of one."""
    return -1 if state.task is None else state.task.number


def _current_graph_task_execution_order() -> list[Node]:
    """The nodes of the backward pass that runs, in the order in which they work.

    Raises RuntimeError outside of one, and as long as `set_multithreading_enabled` is on.
    """
    if state.task is None:
        raise RuntimeError(
            "_current_graph_task_execution_order should only be called during the backward pass"
        )
    if state.multithreading:
        raise RuntimeError(
            "get_current_graph_task_execution_order expects the current backward to be executed "
            "with multithreading disabled, e.g. by running:\n\n"
            ">>> with torch.autograd.set_multithreading_enabled(False):\n"
            "...     torch.autograd.grad(...)\n"
        )
    return state.task.order()


def _get_current_graph_task_keep_graph() -> bool:
    """True if the backward pass that runs retains the graph, and outside of one."""
    return state.task is None or state.task.keeps


def _will_engine_execute_node(node: Any) -> bool:
    """True if the backward pass that runs comes to a node.

    Raises RuntimeError outside of one, for what is no node, and for a leaf that `grad` looks for.
    """
    if not isinstance(node, Node):
        raise RuntimeError(
            f"_will_engine_execute_node expects an grad_fn, but got {type(node).__name__}"
        )
    if state.task is None:
        raise RuntimeError(
            "_get_should_execute_nodes should only be called during the backward pass"
        )
    return state.task.executes(node)


def _unsafe_set_version_counter(tensors: Sequence[Tensor], versions: Sequence[int]) -> None:
    """Set how often tensors were written to. Raises RuntimeError for a negative number."""
    for tensor, version in zip(tensors, versions, strict=True):
        if version < 0:
            raise RuntimeError(f"Cannot set a version_counter to a value below 0: {version}")
        tensor._own_counter().value = version


class _WeakTensorRef:
    """Tells of a tensor, which it does not keep, whether it is still there."""

    def __init__(self, tensor: Tensor) -> None:
        self._tensor = weakref.ref(tensor)

    def expired(self) -> bool:
        """True if nobody has the tensor any more."""
        return self._tensor() is None


class UndefinedGradOf:
    """`UndefinedGrad()(y)`: y; to a backward pass it looks as if nobody had used it."""

    def __call__(self, tensor: Tensor) -> Tensor:
        """The same values, behind a node that sends on nothing."""
        edge = tensor._get_edge()
        return tensor if edge is None else tensor._with_edge((UndefinedGrad((edge,)), 0))


is_grad_enabled = grad_mode.is_grad_enabled
is_inference_mode_enabled = grad_mode.is_inference_mode_enabled
_set_fwd_grad_enabled = forward_ad.switch
has_lapack = True  # NumPy's own

_autograd = SimpleNamespace(
    SavedTensor=saved_tensors.SavedTensor,
    _make_saved_tensor=saved_tensors._make_saved_tensor,
    _saved_tensors_hooks_is_enabled=saved_tensors.enabled,
    _get_current_graph_task_keep_graph=_get_current_graph_task_keep_graph,
    _unsafe_set_version_counter=_unsafe_set_version_counter,
)
_functions = SimpleNamespace(
    AccumulateGrad=AccumulateGrad,
    CopySlices=CopySlices,
    DelayedError=DelayedError,
    Error=Error,
    UndefinedGrad=UndefinedGradOf,
)
