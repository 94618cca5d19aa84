"""The tensor: an array that can remember where it came from.

A tensor holds a NumPy array. If it was computed from something that requires grad, it also holds an
edge: the node that computed it, and which output of that node it is. Everything else about it is
rare, and stands as a default on the class until a tensor differs.
"""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any

import numpy as np

from . import dtypes, watch
from .autograd import assigned, differentiate, hooks
from .autograd.accumulation import OWN
from .autograd.grad_mode import state
from .autograd.inference_leaves import look_out_for
from .autograd.node import NOWHERE, AccumulateGrad, Edge, Node, new_accumulator
from .flags import check_flag
from .tensor_base import TensorBase
from .type_names import type_name
from .versions import INFERENCE, UNTOUCHED, Counter, Noticed
from .views import View
from .warn import warn

USE_DETACH = (
    " If you want to use a computed variable in a subgraph that doesn't require differentiation "
    "use var_no_grad = var.detach()."
)


class Tensor(TensorBase):
    """An n-dimensional array with a history. Make one with `minigrad.tensor`, `ones`, `randn`, …"""

    __slots__ = ("__dict__", "__weakref__", "_array", "_edge")

    _array: np.ndarray
    _edge: Edge  # the node that computed it; None for a leaf, and a view: its edge is in `_view`
    _requires_grad = False  # of a leaf
    _ask = False  # True if the edge is not at hand: a leaf that requires grad, or a view
    _grad: Tensor | None = None
    _grad_dtype: Any = OWN  # of `.grad`, if it may differ; None: any
    _retains_grad = False
    _accumulator: Any = staticmethod(lambda: None)  # weak reference to a leaf's AccumulateGrad
    _counter: Counter = UNTOUCHED
    _hooks: dict[int, Any] | None = None  # of a leaf; those of others are with their node
    _after_hooks: dict[int, Any] | None = None
    _tangent: Any = None  # (level, tangent) in forward mode
    _view: View | None = None  # how it is a view of another tensor
    _apart = False  # `detach()` or `data` of a tensor made in inference mode: it has a version
    _origin: int | None = None  # of what has no history, while recording is on: see origins.py

    __array_priority__ = 1000  # NumPy leaves `array * tensor` to us

    if TYPE_CHECKING:  # attached in methods.py and operators.py

        def __getattr__(self, name: str) -> Any: ...
        def __add__(self, other: Any) -> Tensor: ...
        def __mul__(self, other: Any) -> Tensor: ...

    # ---- history -----------------------------------------------------------------------------

    @property
    def requires_grad(self) -> bool:
        """True if operations on this tensor are recorded."""
        if self._requires_grad or self._edge is not None:
            return True
        view = self._view
        return view is not None and (view.edge is not None or view.base.requires_grad)

    @requires_grad.deleter
    def requires_grad(self) -> None:
        raise RuntimeError("requires_grad must be a bool")

    @requires_grad.setter
    def requires_grad(self, value: bool) -> None:
        if not isinstance(value, bool):
            raise RuntimeError("requires_grad must be a bool")
        if self._known_edge() is not None:
            raise RuntimeError(
                "you can only change requires_grad flags of leaf variables."
                + ("" if value else USE_DETACH)
            )
        if value and self.is_inference() and not state.inference:
            raise RuntimeError(
                "Setting requires_grad=True on inference tensor outside InferenceMode is not "
                "allowed."
            )
        if value and self._array.dtype.kind != "f":
            raise RuntimeError(
                "only Tensors of floating point and complex dtype can require gradients"
            )
        self._requires_grad = value
        self._ask = value or self._view is not None
        if value and self.is_inference():
            look_out_for(self)

    def requires_grad_(self, requires_grad: bool = True) -> Tensor:
        """Set `requires_grad` and return the tensor itself.

        Raises RuntimeError for what is not floating point, or has a history.
        """
        check_flag(requires_grad, "requires_grad_", "requires_grad", 1)
        if requires_grad and self._array.dtype.kind != "f":
            raise RuntimeError("only Tensors of floating point dtype can require gradients")
        if requires_grad and self._known_edge() is not None:
            return self  # it was computed, and requires grad by that
        self.requires_grad = requires_grad
        return self

    @property
    def is_leaf(self) -> bool:
        """True if no recorded operation computed it."""
        return self._history() is None

    @property
    def grad_fn(self) -> Node | None:
        """The node that computed this tensor; None for a leaf."""
        edge = self._history()
        if edge is None:
            return None
        edge[0]._note_output(edge[1], self._array)
        return edge[0]

    @property
    def output_nr(self) -> int:
        """Which output of its `grad_fn` this tensor is, as far as it has found out."""
        edge = self._known_edge()
        return 0 if edge is None else edge[1]

    @property
    def grad(self) -> Tensor | None:
        """The gradient gathered by `backward()`: for leaves, and where `retain_grad()` asked."""
        if self._grad is None and not self._retains_grad and self._known_edge() is not None:
            warn(assigned.NOT_A_LEAF)
        return self._grad

    @grad.deleter
    def grad(self) -> None:
        self._grad = None

    @grad.setter
    def grad(self, value: Tensor | None) -> None:
        if value is not None:
            assigned.check_grad(self, value)
        self._grad = value

    @property
    def grad_dtype(self) -> dtypes.dtype | None:
        """The dtype that `.grad` of this leaf has to have: its own, another, or None for any."""
        if self._known_edge() is not None:
            raise RuntimeError("grad_dtype can only be accessed on leaf tensors.")
        return self.dtype if self._grad_dtype is OWN else self._grad_dtype

    @grad_dtype.setter
    def grad_dtype(self, dtype: dtypes.dtype | None) -> None:
        assigned.check_grad_dtype(self, dtype)
        self._grad_dtype = dtype

    def retain_grad(self) -> None:
        """Keep `.grad` for this tensor although it is not a leaf.

        Raises RuntimeError if the tensor does not require grad.
        """
        if not self.requires_grad:
            raise RuntimeError("can't retain_grad on Tensor that has requires_grad=False")
        edge = None if self._known_edge() is None else self._history()
        if edge is not None and not self._retains_grad:
            self._retains_grad = True
            node, slot = edge
            node._note("retained", dict)[slot] = weakref.ref(self)

    def register_hook(self, hook: Any) -> hooks.RemovableHandle:
        """Call `hook(grad)` when the gradient of this tensor is complete; it may return another.

        Returns a handle whose `remove()` takes the hook away. Raises RuntimeError if the tensor
        does not require grad.
        """
        return hooks.on_tensor(self, hook)

    def register_post_accumulate_grad_hook(self, hook: Any) -> hooks.RemovableHandle:
        """Call `hook(self)` each time `.grad` has been added to. For leaves only."""
        return hooks.after_accumulation(self, hook)

    @property
    def retains_grad(self) -> bool:
        """True if `retain_grad()` was called on a tensor that is not a leaf."""
        return self._retains_grad

    def backward(
        self,
        gradient: Any = None,
        retain_graph: bool | None = None,
        create_graph: bool = False,
        inputs: Any = None,
    ) -> None:
        """Add `gradient`ᵀ · d(self)/d(leaf) to the `.grad` of every leaf.

        gradient: the cotangent of this tensor, of its shape. If the tensor has only one entry it
        may be left out, and is 1.
        retain_graph: keep the saved tensors, so that backward can run again.
        create_graph: record the backward pass itself, for higher derivatives.
        inputs: a tensor or several; only their `.grad` is added to. They need not be leaves.

        Raises RuntimeError as PyTorch does: no graph, not a scalar, a `gradient` of another shape,
        a graph that was already freed, a saved tensor that was overwritten.
        """
        differentiate.backward((self,), gradient, retain_graph, create_graph, inputs=inputs)

    def detach(self) -> Tensor:
        """The same memory without the history. In-place changes of either are noticed."""
        return self._cut(self._without_history(), "self.detach()")

    @property
    def data(self) -> Tensor:
        """The same memory without the history, and without anybody noticing changes."""
        return self._cut(on_array(self._array), "self.data")

    @data.setter
    def data(self, value: Tensor) -> None:
        if not isinstance(value, Tensor):
            raise TypeError(f"Variable data has to be a tensor, but got {type_name(value)}")
        if self.requires_grad and value._array.dtype.kind != "f":
            raise RuntimeError(
                "data set to a tensor that requires gradients must be floating point or complex "
                "dtype"
            )
        if value._array.shape != self._array.shape:
            hooks.expect_shape(self)
        self._array = value._array
        if self._counter is not INFERENCE and value.is_inference() is not self._apart:
            counter, self._apart = self._own_counter(), value.is_inference()
            counter.value = Noticed(counter.value)

    @data.deleter
    def data(self) -> None:
        raise RuntimeError("Deleting tensor data is not allowed. Delete tensor instead!")

    @property
    def _base(self) -> Tensor | None:
        """Of a view: the tensor whose memory it shows, itself no view."""
        return None if self._view is None else self._view.base

    def _is_view(self) -> bool:
        """True if this tensor shows the memory of another one, and autograd knows."""
        return self._view is not None

    @property
    def _version(self) -> int:
        """How often the memory of this tensor was changed in place."""
        if self._counter is INFERENCE:
            raise RuntimeError("Inference tensors do not track version counter.")
        return int(self._counter.value)

    def is_inference(self) -> bool:
        """True if this tensor was made in inference mode."""
        return self._counter is INFERENCE or self._apart

    # ---- for the engine ----------------------------------------------------------------------
    # `_edge` and `_known_edge()`: the history as it is stored. `_history()`: a view first looks
    # whether its base was written to. `_get_edge()`: where the gradient goes, of a leaf, too.

    def _history(self) -> Edge:
        """The node that computed this tensor, as an edge; None for a leaf."""
        return self._edge if self._view is None else self._view.history(self)

    def _known_edge(self) -> Edge:
        """The history as it was when it was last asked for; of a view it may have changed since."""
        return self._edge if self._view is None else self._view.edge

    def _get_edge(self) -> Edge:
        """Where the gradient of this tensor goes; None if it does not require any."""
        view = self._view
        edge = self._edge if view is None else view.history(self)
        if edge is not None:
            return edge
        if self._requires_grad:
            node = self._accumulator()
            return (new_accumulator(self) if node is None else node, 0)
        if view is not None and view.base.requires_grad:
            return (NOWHERE, 0)  # a view made under no_grad
        return None

    def _set_edge(self, edge: Edge) -> None:
        """Make `edge` the history of this tensor."""
        if self._view is None:
            if self._counter is not INFERENCE:  # a view of what was made in inference mode
                self._edge = edge
        else:
            self._view.edge, self._view.version = edge, self._counter.value

    def _cut(self, out: Tensor, how: str) -> Tensor:
        """`out`, a second tensor on this memory. Why it has no history the pictures will say."""
        if self.is_inference():
            out._stem_from_inference()
        if watch.active and watch.seen():
            from . import origins

            origins.cut(self, out, how, origins.DATA if how == "self.data" else origins.DETACH)
        return out

    def _own_counter(self) -> Counter:
        """The version counter, made when it is first shared or bumped."""
        if self._counter is UNTOUCHED:
            self._counter = Counter()
        return self._counter

    def _stem_from_inference(self) -> None:
        """Of the memory of a tensor made in inference mode: outside of it there is a version."""
        self._counter, self._apart = INFERENCE, False
        if not state.inference:
            self._counter, self._apart = Counter(), True
            self._counter.value = Noticed(0)

    def _share_memory_with(self, view: Tensor, creation_meta: str = "default") -> None:
        """`view`, whose array shows a part of this tensor's memory, becomes a view of it."""
        counter = view._counter = INFERENCE if self._apart else self._own_counter()
        if counter is INFERENCE:
            return
        mine = self._view
        if not state.grad_enabled:
            unsure = state.inference or (mine is not None and mine.creation_meta == "inference")
            creation_meta = "inference" if unsure else "no_grad"
        if mine is None:
            view._view = View(self, counter.value, creation_meta)
        else:
            meta = mine.creation_meta if creation_meta == "default" else creation_meta
            view._view = View(mine.base, counter.value, meta)
        view._ask = True

    def _without_history(self) -> Tensor:
        """A second tensor on the same memory and counter, unknown to the graph."""
        shell = on_array(self._array)
        shell._counter = self._own_counter()
        return shell

    def _with_edge(self, edge: Edge) -> Tensor:
        """A second tensor on the same memory, with a history."""
        out = self._without_history()
        if edge is not None and type(edge[0]) is AccumulateGrad:  # that of a leaf
            out._requires_grad, out._ask = True, True
            out._accumulator = weakref.ref(edge[0])
        else:
            out._edge = edge
        out._tangent = self._tangent
        return out

    @staticmethod
    def _of(array: np.ndarray) -> Tensor:
        return on_array(array)

    def _cast(self, dtype: np.dtype) -> Tensor:
        return self.to(dtypes.FROM_NUMPY[dtype])


def on_array(array: np.ndarray) -> Tensor:
    """A tensor on this very array, without a history."""
    out = new(Tensor)
    out._array = array
    out._edge = None
    return out


def made(array: np.ndarray) -> Tensor:
    """A new tensor on this array, without a history; in inference mode one of that mode."""
    out = on_array(array)
    if state.inference:
        out._counter = INFERENCE
    return out


new = object.__new__
