"""An error that waits: a first derivative may be asked for where there is no second one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .node import CppNode, first_of_all

if TYPE_CHECKING:
    from ..tensor import Tensor


class Error(CppNode):
    """Fails when a backward pass comes to it."""

    __slots__ = ("outputs", "text")

    outputs: int
    text: str

    def __init__(self, text: str, tensors: Sequence[Any]) -> None:
        super().__init__(tuple([None if t is None else t._get_edge() for t in tensors]))
        self.text, self.outputs, self.order = text, len(tensors), first_of_all()

    def behind(self, tensors: Sequence[Any]) -> tuple[Any, ...]:
        """The same values, but with this node for their history."""
        places = enumerate(tensors)
        return tuple([None if t is None else t._with_edge((self, k)) for k, t in places])

    def backward(self, incoming: list[Any], as_tensors: bool) -> list[Any]:
        """Raises RuntimeError."""
        raise RuntimeError(self.text)

    def name(self) -> str:
        """PyTorch gives this one its C++ name."""
        return "torch::autograd::Error"


class DelayedError:
    """`DelayedError("Boom!", 1)(y)`: y; a backward pass through it raises RuntimeError so.

    With as many tensors as `inputs` says: a tuple of them. Raises TypeError for more or fewer.
    """

    def __init__(self, text: str, inputs: int) -> None:
        self.text, self.inputs = text, inputs

    def __call__(self, *tensors: Tensor) -> Any:
        """The same values, behind a node that fails."""
        if len(tensors) != self.inputs:
            raise TypeError(f"expected {self.inputs} arguments, got {len(tensors)} instead")
        results = tensors
        if any(tensor.requires_grad for tensor in tensors):
            results = Error(self.text, tensors).behind(tensors)
        return results[0] if len(results) == 1 else results
