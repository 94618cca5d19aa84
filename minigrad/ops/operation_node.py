"""The node of an operation: what it has saved, and its derivatives applied to that.

`apply_rules` is the backward of one operation in plain words; `carefully` checks what was saved
before it. Where nothing is unusual, code that `unrolled.py` has written out does the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..autograd.grad_mode import no_grad
from ..autograd.node import FREED, AccumulateGrad, CppNode, Edge, Node, Nowhere
from ..autograd.saved_tensors import Packed
from ..tensor import Tensor, made
from ..versions import DETACHED, stale, version_to_save
from . import either, saved_attributes, unrolled

if TYPE_CHECKING:
    from .operation import Operation


class OperationNode(CppNode):
    """The node of an `Operation`: applies its derivatives to what was saved."""

    __slots__ = ("left", "saved", "versions")

    # Of the class: each operation has a subclass, named as PyTorch names it. What is not the same
    # for all of them, `saved_attributes.settle` says.
    operation: Operation
    frees = False  # True if it saves tensors, not only shapes and options
    keeps = False  # True if it saves shapes or options
    tensors: tuple[bool, ...] = ()  # which of what it saves are tensors
    spares = False  # True if it may have no tensor to save

    # Of each node:
    saved: tuple[Any, ...] | None
    left: tuple[Any, ...]
    """What is still shown when the tensors have been freed."""
    versions: tuple[int, ...] | None
    """The versions of the saved values at the time, if any of them had been changed before."""

    @property
    def next_functions(self) -> tuple[tuple[Node | None, int], ...]:
        """The edges as PyTorch shows them; none for an input that has no derivative."""
        edges = super().next_functions
        return tuple([edges[k] for k in self._shown_inputs()])

    def _shown_inputs(self) -> list[int]:
        """The places of the inputs that have a derivative: PyTorch's node knows no other."""
        op = self.operation
        return [k for k, name in enumerate(op.inputs) if name in op.rules]

    def carefully(self, incoming: list[Any], as_tensors: bool) -> Any:
        """`apply_rules` with what was saved: unpacked, and looked at whether it has changed."""
        grad = incoming[0]
        op = self.operation
        if self.saved is None and self.leads_nowhere():
            return [None] * len(self.edges)
        hooked = any(isinstance(value, Packed) for value in self.saved or ())
        saved = dict(zip(op.saving, self.unpack(as_tensors), strict=True))
        if grad is None:  # what was saved has been looked at nevertheless
            op.refuse()
            return [None] * len(self.edges)
        try:
            outgoing = self.apply_rules(grad, saved)
        except ValueError:
            if hooked and not as_tensors:  # on tensors it is said in PyTorch's words
                with no_grad():
                    self.apply_rules(
                        made(np.asarray(grad)), {n: in_tensor(v) for n, v in saved.items()}
                    )
            raise
        if hooked and self.shapes is None:  # an unpack hook may return another dtype
            return [in_dtype_of(grad, value) for value in outgoing]
        return outgoing

    def apply_rules(self, grad: Any, saved: dict[str, Any]) -> list[Any]:
        """One derivative per input that needs it, each given the cotangent and what it saved."""
        op = self.operation
        return [
            op.rules[name](grad, *[saved[need] for need in op.needs[name]])
            if edge is not None and name in op.rules
            else None
            for name, edge in zip(op.inputs, self.edges, strict=True)
        ]

    def leads_nowhere(self) -> bool:
        """True if all edges end in views made under `no_grad`, and what is saved is so for one of
        several inputs: PyTorch has saved nothing then, so nothing can have been freed.
        """
        users = self.operation.saving.values()
        apart = len(self.operation.inputs) > 1 and all(len(who) == 1 for who in users)
        return apart and all(edge is None or type(edge[0]) is Nowhere for edge in self.edges)

    def again(self, incoming: list[Any]) -> None:
        """After arrays have failed: their shapes do not fit, since `.data` or a hook has given a
        saved tensor another one. Raises what tensors say to that.
        """
        if any(isinstance(value, Packed) for value in self.saved or ()):
            return  # the user's unpack hooks have been called, and are not called twice
        with no_grad():
            arrived = [value if value is None else made(np.asarray(value)) for value in incoming]
            self.carefully(arrived, True)

    def note_versions(self) -> None:
        """Note the versions of what is saved; without a note they are all 0."""
        assert self.saved is not None
        self.versions = tuple(
            version_to_save(value) if isinstance(value, Tensor) else 0 for value in self.saved
        )

    def unpack(self, as_tensors: bool) -> list[Any]:
        """What was saved, as arrays or as tensors; checks that nobody has changed it since.

        Raises RuntimeError if it was freed by an earlier backward, or overwritten in place.
        """
        if self.saved is None:
            raise RuntimeError(FREED)
        found = [self.unpack_one(k, as_tensors) for k in range(len(self.saved))]
        for other in (self.extras or {}).get("further", ()):
            other.tensor()
        return found

    def unpack_one(self, k: int, as_tensors: bool, look: bool = False) -> Any:
        """The `k`th of the saved values, as an array or a tensor.

        look: only to look at, so that a tensor may have lost its history by `detach_()`.
        """
        if self.saved is None:
            raise RuntimeError(FREED)
        value, need = self.saved[k], list(self.operation.saving)[k]
        if need in self.operation.options:
            return saved_attributes.unpacked(value)
        place = unrolled.result_number(need)
        own = None if place is None else (self, place)  # a result is saved without its history
        if isinstance(value, Packed):
            value = value.tensor()
        elif isinstance(value, Tensor):
            self.check_unchanged(k, need, value, own or value._history(), look)
        else:
            return value  # a number, or what was read off an input
        if not as_tensors:
            return value._array
        return value._with_edge(own) if own and value._array.dtype.kind == "f" else value

    def check_unchanged(self, k: int, need: str, value: Tensor, edge: Edge, look: bool) -> None:
        """Raise RuntimeError if a saved tensor lost its history or was overwritten since."""
        version = 0 if self.versions is None else self.versions[k]
        if edge is None and not look and self.had_history(need):
            raise RuntimeError(DETACHED)
        if value._counter.value != version:
            raise stale(value, version, edge)

    def had_history(self, need: str) -> bool:
        """True if the input of this name had a history."""
        names = self.operation.inputs
        edge = self.edges[names.index(need)] if need in names else None
        return edge is not None and type(edge[0]) not in (AccumulateGrad, Nowhere)

    def release(self) -> None:
        """Free the saved tensors. What holds none (such as `x + y`) can be walked again."""
        if self.frees and not (self.spares and self.holds_none()):
            if self.keeps and self.saved is not None:
                self.left = saved_attributes.left(self)
            self.saved = None
            if self.extras is not None:
                self.extras.pop("further", None)

    def holds_none(self) -> bool:
        """True if it has no tensor: none of the derivatives that are asked for needs one."""
        kept = zip(self.tensors, self.saved or (), strict=False)
        return not any(tensor and value is not None for tensor, value in kept)


def in_dtype_of(grad: Any, outgoing: Any) -> Any:
    """A cotangent in the dtype of the one that came in."""
    kind = either.numpy_dtype(grad)
    if outgoing is None or either.numpy_dtype(outgoing) == kind:
        return outgoing
    return either.cast(outgoing, kind)


def in_tensor(value: Any) -> Any:
    """An array in a tensor; anything else as it is."""
    return made(value) if isinstance(value, np.ndarray) else value
