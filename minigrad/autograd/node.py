"""The graph that a backward pass walks: nodes, and edges between them.

A tensor that was computed points to the `Node` that computed it (its `grad_fn`). A node points on
to the nodes of its inputs. Nobody points the other way, so a graph lives exactly as long as
somebody holds one of its outputs, and is freed without the help of Python's cycle collector.

    x (leaf) ◀── AccumulateGrad ◀── AddBackward0 ◀── y
"""

from __future__ import annotations

import itertools
import re
import weakref
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .accumulation import accumulate
from .arrivals import version_of
from .holding import is_last_holder

if TYPE_CHECKING:
    from ..tensor import Tensor

Edge = tuple["Node", int] | None
"""Where a cotangent goes next: (node, which of that node's outputs it belongs to), or nowhere."""

FREED = (
    "Trying to backward through the graph a second time (or directly access saved tensors after "
    "they have already been freed). Saved intermediate values of the graph are freed when you call "
    ".backward() or autograd.grad(). Specify retain_graph=True if you need to backward through the "
    "graph a second time or if you need to access saved tensors after calling backward."
)
"""PyTorch's words for a graph whose saved tensors are gone."""

next_order = itertools.count(0, -1).__next__
"""Numbers the nodes as the forward pass makes them: the younger, the smaller."""


class Node:
    """One recorded operation: where its input gradients go, and what it needs to compute them.

    `edges` has one entry per input: None for a number, and for what needs no gradient. Of the nodes
    that are ready, the one of smallest `order` runs first: the youngest, as in PyTorch. `shapes`
    holds (shape, NumPy dtype) of each input if the gradients must still be made to fit (after
    broadcasting, or a change of dtype); None if the derivatives return them so already.
    """

    __slots__ = ("edges", "extras", "order", "shapes")

    outputs = 1  # how many tensors it computed
    writes = 0  # how often it writes to what it returns, which the gradient's `_version` tells
    renumbered = False  # of all nodes: True if an edge may lead to a younger one
    requires_grad = True  # that it is there says so
    selective = True  # hooks see None for a gradient that a limited pass does not ask for

    edges: tuple[Edge, ...]
    order: int
    shapes: tuple[tuple[tuple[int, ...], Any] | None, ...] | None
    extras: dict[str, Any] | None
    """None, or what is rare: `hooks`, `retained`, `expected` (by output, of what arrives);
    `prehooks`, `posthooks` (of the node); `after` (of a leaf, when its gradient has been added);
    `places`, `further` (saved besides); `met` (shapes of outputs); `metadata` (the user's);
    `record`, `origin`, `numbers` (for the pictures).
    """

    def __lt__(self, other: Node) -> bool:
        """Nodes of one number, such as all `AccumulateGrad`s, may work in either order."""
        return False

    def __init__(self, edges: tuple[Edge, ...], shapes: Any = None) -> None:
        self.edges = edges
        self.order = next_order()
        self.shapes = shapes
        self.extras = None

    def backward(self, incoming: list[Any], as_tensors: bool) -> list[Any]:
        """Cotangents of the outputs → cotangents of the inputs, one per edge (None: nothing).

        as_tensors: they are tensors, as with `create_graph=True` and in forward mode, or arrays.
        """
        raise NotImplementedError

    def writes_to(self, edge: Edge) -> int:
        """How often it writes to what it sends along an edge."""
        return self.writes

    def release(self) -> None:
        """Forget the saved tensors; a second backward through this node is then an error."""

    def _note(self, key: str, default: Any) -> Any:
        """Something that only few nodes carry, made by `default()` when it is first asked for.

        The name leaves `note` to users: a `Function`'s ctx is its node.
        """
        if self.extras is None:
            self.extras = {}
        if key not in self.extras:
            self.extras[key] = default()
        return self.extras[key]

    # ---- what users ask a node -------------------------------------------------------------------

    def name(self) -> str:
        """The name that PyTorch prints, such as `MulBackward0`."""
        return type(self).__name__

    def short_name(self) -> str:
        """The name as error texts give it: `Mul` for MulBackward0, `Pow1` for PowBackward1."""
        return re.sub(r"Backward(0$|(?=\d|$))", "", self.name())

    def _sequence_nr(self) -> int:
        """How many nodes were made before this one; for the node of a leaf a number above all."""
        return -self.order

    def _set_sequence_nr(self, number: int) -> None:
        """Say so otherwise: of those that are ready, the node of the largest number runs first."""
        if not isinstance(number, int):
            raise TypeError("an integer is required")
        self.order = -number
        Node.renumbered = True

    @property
    def next_functions(self) -> tuple[tuple[Node | None, int], ...]:
        """The edges as PyTorch shows them: `(None, 0)` for an input that needs no gradient."""
        return tuple(
            (None, 0) if edge is None or edge[0] is NOWHERE else edge for edge in self.edges
        )

    def _shown_inputs(self) -> Sequence[int]:
        """The places of the edges of which hooks are told."""
        return range(len(self.edges))

    def again(self, incoming: list[Any]) -> None:
        """After arrays have failed in `backward`: raise what tensors say to it, if they do."""

    def twin(self) -> Node:
        """A node that does the same and holds the same."""
        other = object.__new__(type(self))
        for kind in type(self).__mro__:
            for name in vars(kind).get("__slots__", ()):
                if name != "__weakref__" and hasattr(self, name):
                    setattr(other, name, getattr(self, name))
        return other

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise TypeError(f"cannot pickle '{type(self).__name__}' object")

    @property
    def metadata(self) -> dict[Any, Any]:
        """A dictionary for the user's own notes on this node."""
        return self._note("metadata", dict)

    def _note_output(self, slot: int, array: np.ndarray) -> None:
        """Learn of what shape and dtype an output is; nodes do not know that by themselves."""
        self._note("met", dict)[slot] = array.shape, array.dtype

    def _known_outputs(self) -> dict[int, tuple[tuple[int, ...], Any]]:
        """(shape, NumPy dtype) of the outputs that the node has learned of."""
        return (self.extras or {}).get("met", {})

    @property
    def _input_metadata(self) -> tuple[Any, ...]:
        """What arrives at the node, as far as it has learned of it: one entry per output."""
        met = self._known_outputs()
        from .gradient_edge import _InputMetadata

        return tuple(_InputMetadata(*met[slot]) for slot in range(self.outputs) if slot in met)

    def register_prehook(self, hook: Any) -> Any:
        """Call `hook(grad_outputs)` before this node works; it may return a tuple of others."""
        from .hooks import RemovableHandle

        return RemovableHandle(self._note("prehooks", dict), hook)

    def register_hook(self, hook: Any) -> Any:
        """Call `hook(grad_inputs, grad_outputs)` after this node's work; it may return others."""
        from .hooks import RemovableHandle

        return RemovableHandle(self._note("posthooks", dict), hook)

    def _register_hook_dict(self, tensor: Any) -> None:
        """Nothing to do: hooks that a tensor has are called by the node that computed it."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__} object at {id(self):#x}>"


class CppNode(Node):
    """Any node but that of a `Function`: in PyTorch they are written in C++, and can be called."""

    __slots__ = ()

    def __init_subclass__(cls) -> None:
        cls.__module__ = "builtins"  # as it prints

    def __call__(self, *grads: Any, **named: Any) -> Any:
        """This node's work alone: tensors, one per output → tensors, one per input, not yet made
        to fit it.

        Raises TypeError if there are too many or too few, or others than tensors and None.
        """
        if named:
            raise TypeError("keyword arguments are not supported")
        for k, grad in enumerate(grads):
            if grad is not None and not hasattr(grad, "_array"):
                raise TypeError(f"argument {k} is not a Variable")
        if len(grads) != self.outputs:
            raise TypeError(f"expected {self.outputs} arguments, got {len(grads)} instead")
        outgoing = list(self.backward(list(grads), True))
        returned = tuple(outgoing[k] for k in self._shown_inputs() if k < len(outgoing))
        return returned[0] if len(returned) == 1 else returned


def move_retained(before: tuple[Node, int], now: tuple[Node, int]) -> None:
    """A tensor that retains its gradient has a new history; it keeps that of its new edge."""
    reference = before[0]._note("retained", dict).pop(before[1], None)
    if reference is not None:
        now[0]._note("retained", dict)[now[1]] = reference


FIRST = 1 - (1 << 64)
"""The number of the ends of paths: they run as soon as they are ready."""


def first_of_all() -> int:
    """The same number, for a node that has edges all the same."""
    Node.renumbered = True
    return FIRST


class Nowhere(CppNode):
    """Where a gradient is lost: a view made under `no_grad`, of a tensor that requires grad, says
    that it requires grad too, and leads nowhere.
    """

    __slots__ = ()

    def __init__(self) -> None:
        self.edges, self.order, self.shapes, self.extras = (), FIRST, None, None

    def backward(self, incoming: list[Any], as_tensors: bool) -> list[Any]:
        """Nothing."""
        return []

    def _note(self, key: str, default: Any) -> Any:
        """Nothing is noted: all such views share this one node."""
        return default()


NOWHERE = Nowhere()


def like_of(value: Any) -> tuple[tuple[int, ...], Any] | None:
    """(shape, NumPy dtype) of a tensor; None for a number."""
    array = getattr(value, "_array", None)
    return None if array is None else (array.shape, array.dtype)


class AccumulateGrad(CppNode):
    """The end of a path: adds what arrives to the `.grad` of its leaf."""

    __slots__ = ("__weakref__", "variable")

    def __init__(self, variable: Tensor) -> None:
        self.edges = ()
        self.order = FIRST
        self.shapes = self.extras = None
        self.variable = variable

    def _known_outputs(self) -> dict[int, tuple[tuple[int, ...], Any]]:
        """Its leaf tells."""
        return {0: (self.variable._array.shape, self.variable._array.dtype)}

    def backward(self, incoming: list[Any], as_tensors: bool) -> list[Any]:
        """`variable.grad += incoming`, or the first value if there is none yet."""
        variable = self.variable
        if variable._edge is not None and incoming[0] is not None and variable.grad_fn is not None:
            raise RuntimeError("leaf variable has been moved into the graph interior")
        if incoming[0] is not None and variable._requires_grad:  # not detached since
            keep = is_last_holder(incoming)
            accumulate(variable, incoming[0], as_tensors, keep, version_of(incoming))
        return []

    def __call__(self, *grads: Any, **named: Any) -> Any:
        """The same by hand: what does not have the leaf's shape is copied into one that has."""
        leaf, shape = self.variable, getattr(grads[0], "shape", None) if grads else None
        if shape is not None and shape != leaf.shape:
            grads = (leaf.detach().clone().copy_(grads[0]), *grads[1:])
        return super().__call__(*grads, **named)

    def name(self) -> str:
        """PyTorch gives this one its C++ name."""
        return "torch::autograd::AccumulateGrad"


def new_accumulator(leaf: Tensor) -> AccumulateGrad:
    """An `AccumulateGrad` for a leaf that has none. The leaf holds it weakly, so no cycle forms."""
    node = AccumulateGrad(leaf)
    if leaf._hooks is not None:
        node._note("hooks", dict)[0] = leaf._hooks
    if leaf._after_hooks is not None:
        node._note("after", lambda: leaf._after_hooks)
    leaf._accumulator = weakref.ref(node)
    return node
