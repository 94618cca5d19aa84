"""The graph as its users see it: `torch.autograd.graph`. How it is made stands in `node.py`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from ..versions import increment_version
from .delayed_error import DelayedError
from .gradient_edge import GradientEdge, get_gradient_edge
from .hooks import RemovableHandle, register_multi_grad_hook
from .mutation import allow_mutation_on_saved_tensors
from .node import Node as AnyNode
from .saved_tensors import disable_saved_tensors_hooks, save_on_cpu, saved_tensors_hooks

__all__ = [
    "GradientEdge",
    "Node",
    "allow_mutation_on_saved_tensors",
    "disable_saved_tensors_hooks",
    "get_gradient_edge",
    "increment_version",
    "register_multi_grad_hook",
    "save_on_cpu",
    "saved_tensors_hooks",
]


class Node(ABC):
    """What every `grad_fn` can be asked, to annotate it and to test with `isinstance`.

    Nothing inherits from it, as nothing does in PyTorch, where nodes are made in C++.
    """

    @abstractmethod
    def name(self) -> str:
        """Its name, such as `MulBackward0`."""

    @property
    @abstractmethod
    def next_functions(self) -> tuple[tuple[Node | None, int], ...]:
        """Where its gradients go: (node, which of that node's outputs) for each of its inputs."""

    @abstractmethod
    def metadata(self) -> dict[Any, Any]:
        """A dictionary for notes of one's own."""

    @property
    @abstractmethod
    def _input_metadata(self) -> tuple[Any, ...]:
        """The shape and dtype of each gradient that it gets."""

    @abstractmethod
    def _register_hook_dict(self, tensor: Any) -> None:
        """Let it call the hooks of a tensor."""

    @abstractmethod
    def _sequence_nr(self) -> int:
        """How many nodes were made before it."""

    @abstractmethod
    def register_hook(self, fn: Callable[..., Any]) -> RemovableHandle:
        """Call `fn(grad_inputs, grad_outputs)` after its work; it may return other grad_inputs."""

    @abstractmethod
    def register_prehook(self, fn: Callable[..., Any]) -> RemovableHandle:
        """Call `fn(grad_outputs)` before its work; it may return others."""


Node.register(AnyNode)
Node.register(DelayedError)
