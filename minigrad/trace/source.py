"""What a recorder asks of a graph, whoever made it: minigrad, or PyTorch."""

from __future__ import annotations

import gc
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

Arrays = Sequence[np.ndarray | None]

Visit = Callable[[Any, Arrays, Arrays], None]
"""Called with a node, an incoming cotangent per output, and an outgoing one per edge."""


class Saved(NamedTuple):
    """One tensor that a node keeps for its backward pass."""

    name: str
    tensor: Any
    version: int | None
    """When it was saved; None: it is freed already."""
    own: bool
    """It is the node's own result."""
    now: int | None = None
    """Its version now."""
    writer: str = ""
    """What overwrote it last, and where."""
    slot: int = 0
    """Of its own results: which one."""


class Described(NamedTuple):
    """One operation, in the words of minigrad's table of operations."""

    operation: str
    """`mul` for MulBackward0, the class name for a custom Function."""
    grad_fn: str
    inputs: Mapping[str, Any]
    """Input name → the tensor, the number, or the edge that it came by; None: not known."""
    options: Mapping[str, Any]
    shown: str | None
    """How an expression is written, with the arguments' names in it; None: as a call."""
    call: str
    """What is called, where `shown` is None: `Cube.apply`."""
    latex: Mapping[str, Any]
    """Input name → the formula of its derivative, of those that have one (see `Operation`)."""
    kept: Mapping[str, Any]
    """What those formulas refer to and the node keeps: tensors, numbers, shapes."""
    value: np.ndarray | None
    """What it computed; None if it was not kept."""
    source: dict[str, Any] | None
    """Where it was written: {where, line, text}."""
    saved: Sequence[Saved]
    further: Sequence[np.ndarray | None] = ()
    """What its other results are; None for one that is not known, or has no gradient."""
    overwritten: Mapping[str, tuple[np.ndarray, str]] = MappingProxyType({})
    """Input name → what it held, and what had written to it, where its node does not know of it."""
    packed: bool = False
    """Something that it saved went through a hook, and is not looked at."""
    held: Mapping[str, np.ndarray] = {}
    """Input name → what it held, of those that no operation computed, as far as it is known."""


class Past(NamedTuple):
    """Something behind the place where a history ends: the walk does not come here."""

    key: Hashable
    kind: str
    """"operation", "leaf" or "constant", as in a trace."""
    described: Described
    shape: tuple[int, ...]
    dtype: str
    requires_grad: bool
    cut: tuple[str, str] | None
    """Why the history of the inputs ends here, in a word and in a sentence; None: it does not."""
    name: str = ""
    """The variable of what is no tensor: of a number that was read off one."""


class Source(ABC):
    """A graph that can be walked once, for real, and leaves no trace behind.

    engine: what made the graph. out: where the backward pass starts.
    order: the operations that `out` was computed by, oldest first.
    """

    engine: str
    out: Any
    order: Sequence[Any]
    refused: Exception | None = None
    """Why there can be no walk, where all the same there is something to draw."""

    @abstractmethod
    def key(self, value: Any) -> Hashable | None:
        """What identifies a tensor in the graph, given itself or its edge; None for all else.

        All results of one node have one key, as they are one node of the trace.
        """

    def slot(self, value: Any) -> int:
        """Which result of its node a tensor is, given itself or its edge."""
        return 0

    @abstractmethod
    def own_key(self, node: Any) -> Hashable:
        """The key of what a node computed."""

    @abstractmethod
    def leaf(self, value: Any) -> Any:
        """The leaf that a value is, or whose edge it is; None for what was computed, and numbers.

        A tensor that requires no grad counts as a leaf.
        """

    @abstractmethod
    def array(self, tensor: Any) -> np.ndarray:
        """A tensor's entries."""

    @abstractmethod
    def describe(self, node: Any) -> Described:
        """What a node is."""

    def scopes(self, names: dict[str, Any]) -> Sequence[Sequence[tuple[str, str, int]]]:
        """What each of `order` was computed in: (kind, name, index), outermost first.

        kind: "module", "function" or "loop"; index: which call or iteration. names: the variables
        and their values. Empty for a graph that does not know.
        """
        return [() for _ in self.order]

    @abstractmethod
    def edges(self, node: Any) -> Sequence[tuple[str, Hashable, int] | None]:
        """(input name, key, slot of the tensor) of each edge; None for one that leads nowhere."""

    @abstractmethod
    def variable(self, node: Any) -> Any:
        """The leaf whose `.grad` a node adds to; None for an operation."""

    @abstractmethod
    def retained(self, node: Any) -> Sequence[Any]:
        """What a node computed and `retain_grad()` was called on."""

    @abstractmethod
    def is_retained(self, node: Any) -> bool:
        """Whether `retain_grad()` was called on what a node computed."""

    def grad(self, tensor: Any) -> np.ndarray | None:
        """A copy of a tensor's `.grad`."""
        return None if tensor.grad is None else np.array(self.array(tensor.grad))

    @abstractmethod
    def send(self, node: Any, cotangents: Arrays) -> Arrays:
        """What a node makes of cotangents, by its own derivative alone: no hooks, nothing freed."""

    @abstractmethod
    def entrywise(self, node: Any) -> bool:
        """Whether each entry of the result depends on the same entry of the inputs only."""

    @abstractmethod
    def tensors(self) -> Sequence[Any]:
        """Every tensor whose `.grad` the walk would change."""

    def again(self, node: Any, position: int) -> tuple[Any, np.ndarray, np.ndarray] | None:
        """(run, x, result): `run(array)` computes a node again with another value of the input at
        `position`, which was `x`; None for what cannot be run again, or is linear.
        """
        return None

    def forward(self, node: Any, position: int) -> tuple[Any, np.ndarray, np.ndarray] | None:
        """As `again`, of a Function that the reader wrote; None for all else."""
        return None

    def writer(self, tensor: Any) -> str:
        """What wrote to a tensor last, and where; empty if nobody knows."""
        return ""

    def past(self, tensor: Any) -> Past | None:
        """Where a tensor without a history came from, as far as that was kept."""
        return None

    def former_names(self, names: dict[str, Any]) -> Mapping[Hashable, str]:
        """Key → the variable's name, of what this graph knows of variables overwritten since."""
        return {}

    def stood(self, problem: Exception) -> tuple[Any, Any]:
        """(node, incoming cotangents) of the step at which a walk failed; None: not known."""
        return None, None

    @abstractmethod
    def walk(self, begin: Callable[[np.ndarray], None], visit: Visit) -> None:
        """The backward pass: `begin` gets the cotangent that it starts with, then `visit` is
        called for every node, outputs before inputs.

        The user's hooks run, once. Afterwards every `.grad` is as it was.
        """


def leaves_elsewhere(kind: type, known: Sequence[Any]) -> list[Any]:
    """All other leaves of an engine: a Function's backward may call `backward()`, as that of a
    checkpoint does. kind: the engine's class of tensors.
    """
    ids = {id(tensor) for tensor in known}
    return [
        value
        for value in gc.get_objects()
        if kind in type(value).__mro__
        and value.requires_grad
        and value.is_leaf
        and id(value) not in ids
    ]
