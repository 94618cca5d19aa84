"""Views: tensors that show the memory of another one.

A view shares its base's array and version counter. If somebody overwrites a part of the base
through one view, the history of the base, and with it of every other view, has to be told anew: the
base now comes from `CopySlices` (the old base with a part of it replaced), and a view of it from
`AsStridedBackward0`. A view finds out when it is next asked for its history, by its version.

    x ──▶ v = x[:2]           x ──▶ CopySlices(v.mul_) ──▶ x ──▶ AsStridedBackward0 ──▶ v
          v.mul_(w)                        ▲ w                     (the way of the values)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .autograd.cotangents import worked
from .autograd.grad_mode import state
from .autograd.node import FREED, CppNode, Edge, Node, move_retained, next_order
from .memory import Geometry, address, geometry, laid_out, owner, refuse_stretched, window

if TYPE_CHECKING:
    from .tensor import Tensor


class View:
    """How a tensor is a view: of which base, made in which mode.

    creation_meta: "default"; "no_grad" or "inference", in that mode; "multi", one of several views
    of one call; "custom", by a `Function`.
    """

    __slots__ = ("base", "creation_meta", "edge", "version")

    def __init__(self, base: Tensor, version: int, creation_meta: str) -> None:
        self.base = base
        self.edge: Edge = None  # its history, true as long as `version` is the counter's
        self.version = version
        self.creation_meta = creation_meta

    def history(self, tensor: Tensor) -> Edge:
        """The edge of this view, derived anew if its base was written to since.

        Raises RuntimeError if the view was made in a way that leaves its history in doubt.
        """
        if self.outdated(tensor):
            self.refuse("its base or another view of its base has been")
            before, self.edge = self.edge, self.derived_anew(tensor)
            self.version = tensor._counter.value
            if tensor._retains_grad and before is not None and self.edge is not None:
                move_retained(before, self.edge)  # about what the tensor is from now on
        return self.edge

    def derived_anew(self, tensor: Tensor) -> Edge:
        """How this view comes from its base as it is now."""
        if state.replay and self.edge is not None:
            return replayed(self.edge, self.base._get_edge())
        return as_strided_node(tensor, self.base), 0

    def outdated(self, tensor: Tensor) -> bool:
        """True if the history has to be derived anew."""
        return self.version != tensor._counter.value and (
            self.edge is not None or self.base.requires_grad
        )

    def seen(self, tensor: Tensor) -> Edge:
        """The history for whoever only looks: this view does not find out, nothing is refused."""
        if not self.outdated(tensor):
            return self.edge
        return self.edge if self.creation_meta != "default" else self.derived_anew(tensor)

    def refuse(self, what: str) -> None:
        """Raise PyTorch's errors for views that must not take part in in-place changes."""
        if self.creation_meta == "default":
            return
        mode = self.creation_meta if self.creation_meta in ENABLED else "no_grad"
        if self.edge is None:
            text = (
                f"A view was created in {mode} mode and {what} modified inplace {ENABLED[mode]}. "
            )
        else:
            node, slot = self.edge
            of, how = "", ""
            if mode == self.creation_meta:
                of, how = f"of a view which was created in {mode} mode ", f" {ENABLED[mode]}"
            text = f"Output {slot} of {node.short_name()} is a view {of}and {what} "
            text += f"modified inplace{how}. "
        raise RuntimeError(text + REFUSED[self.creation_meta])


ENABLED = {"no_grad": "with grad mode enabled", "inference": "in normal mode"}

REFUSED = {
    "no_grad": "Given that this use case is ambiguous and error-prone, it is forbidden. You can "
    "clarify your code by moving both the view and the inplace either both inside the no_grad "
    "block (if you don't want the inplace to be tracked) or both outside (if you want the inplace "
    "to be tracked).",
    "inference": "Given that this use case is ambiguous and error-prone, it is forbidden. You can "
    "clarify your code by moving both the view and the inplace either both inside the "
    "inference_mode block (if you don't want the inplace to be tracked) or both outside (if you "
    "want the inplace to be tracked).",
    "multi": "This view is the output of a function that returns multiple views. Such functions do "
    "not allow the output views to be modified inplace. You should replace the inplace operation "
    "by an out-of-place one.",
    "custom": "This view was created inside a custom Function (or because an input was returned "
    "as-is) and the autograd logic to handle view+inplace would override the custom backward "
    "associated with the custom Function, leading to incorrect gradients. This behavior is "
    "forbidden. You can fix this by cloning the output of the custom Function.",
}
"""Why a view must not be written to with history, by the way in which it was made."""


def as_strided_node(view: Tensor, base: Tensor) -> Node:
    """The node by which a view comes from its base, whatever the way it was made."""
    from .ops.strided import as_strided

    as_strided.call  # noqa: B018  (its backward is written when it is first asked for)
    node: Any = as_strided.node.__new__(as_strided.node)
    Node.__init__(node, (base._get_edge(),))
    node.versions = None
    size, stride, offset = lies(view, base)
    known: dict[str, Any] = {"base": geometry(base._array), "size": size, "stride": stride}
    known["storage_offset"] = offset
    node.saved = tuple(known[need] for need in as_strided.saving)
    return node


def lies(view: Tensor, base: Tensor) -> Geometry:
    """How a view lies in the memory of its base, or of its own if `.data =` has parted them."""
    memory = owner(view._array)
    together = address(memory) == address(owner(base._array))
    return geometry(view._array, base._array if together else memory)


def replayed(edge: Edge, base: Edge) -> Edge:
    """The chain of view operations that ends in `edge`, once more, on another history of the base.

    It ends where a node is not that of a view.
    """
    chain: list[tuple[Node, int]] = []
    while edge is not None and getattr(getattr(edge[0], "operation", None), "view", False):
        chain.append(edge)
        edge = edge[0].edges[0]
    for old, slot in reversed(chain):
        node = old.twin()
        node.order, node.extras, node.edges = next_order(), None, (base,)
        base = node, slot
    return base


class CopySlices(CppNode):
    """The history of a base after a part of it, a view, was overwritten by `inner`.

    The first input is the base as it was before; the others are those of the overwriting operation.
    """

    __slots__ = ("base", "inner", "inner_writes", "view")

    writes = 2  # to the cotangent of the base: it is a copy, a part of which is overwritten

    def __init__(self, base: Tensor, inner: Node, view: Tensor) -> None:
        super().__init__((base._get_edge(), *inner.edges[1:]))
        self.inner: Node | None = inner
        self.inner_writes = inner.writes  # `inner` is let go of before the cotangents are sent
        self.base = geometry(base._array)
        self.view = lies(view, base)

    def backward(self, incoming: list[Any], as_tensors: bool) -> list[Any]:
        """Outside the view the cotangent passes; inside it goes through `inner`."""
        grad = incoming[0]
        if grad is None:
            return [None] * len(self.edges)
        if hasattr(grad, "_array"):
            return self.recorded(grad)
        memory = laid_out(grad, self.base, self.view.extent)
        part = window(memory, self.view)
        first, *others = self.through_inner(part.copy(), as_tensors)
        refuse_stretched(part)
        part[...] = 0 if first is None else first
        return [window(memory, self.base), *others]

    def recorded(self, grad: Tensor) -> list[Any]:
        """The same on tensors, for `create_graph=True`: in place, and so with views, as PyTorch."""
        from .creation import empty_strided
        from .dtypes import FROM_NUMPY

        base: Any = empty_strided(
            self.base.size, self.base.stride, dtype=FROM_NUMPY[grad._array.dtype]
        )
        base.copy_(grad)
        part = base.as_strided(*self.view)
        first, *others = self.through_inner(part.clone(), True)
        if first is None:
            part.zero_()
        else:
            part.copy_(first)
        return [base, *others]

    def through_inner(self, part: Any, as_tensors: bool) -> list[Any]:
        """The cotangents of the overwriting operation, the view's first."""
        if self.inner is None:
            raise RuntimeError(FREED)
        return list(worked(self.inner, [part], as_tensors))

    def writes_to(self, edge: Edge) -> int:
        """To the cotangents of the other inputs as often as the overwriting operation does."""
        return self.writes if edge is self.edges[0] else self.inner_writes

    def release(self) -> None:
        """Free what the overwriting operation saved."""
        self.inner = None

    def name(self) -> str:
        """PyTorch gives this one its C++ name."""
        return "torch::autograd::CopySlices"
