"""An error that waits: a first derivative may be asked for where there is no second one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .graph import CppNode

if TYPE_CHECKING:
    from ..tensor import Tensor


class Error(CppNode):
    """Fails when a backward pass comes to it."""

    __slots__ = ("text",)

    text: str

    def backward(self, incoming: list[Any], create_graph: bool) -> list[Any]:
        """Raises RuntimeError."""
        raise RuntimeError(self.text)

    def name(self) -> str:
        """PyTorch gives this one its C++ name."""
        return "torch::autograd::Error"


class DelayedError:
    """`DelayedError("Boom!", 1)(y)`: y; a backward pass through it raises RuntimeError so."""

    def __init__(self, text: str, inputs: int) -> None:
        self.text = text

    def __call__(self, tensor: Tensor) -> Tensor:
        """The same values, behind a node that fails."""
        if not tensor.requires_grad:
            return tensor
        node = Error((tensor._get_edge(),))
        node.text = self.text
        return tensor._with_edge((node, 0))
