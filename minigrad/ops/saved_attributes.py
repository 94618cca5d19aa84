"""What a node shows of what it saved: `node._saved_self`, and `node._raw_saved_self` for hooks.

By default a node shows what its derivatives need. Where PyTorch's node shows something else, the
operation says so (`Operation.shows`). Numbers are shown as PyTorch shows them: an axis as it was
written, and a negative place as the unsigned number that has the same bits.
"""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..autograd.node import FREED
from ..autograd.saved_tensors import Packed, SavedTensor
from ..tensor import on_array
from .unrolled import result_number

if TYPE_CHECKING:
    from .operation import Operation
    from .operation_node import OperationNode

PYTORCH_NAME = re.compile("_(sizes|numel|strides)$")

TENSORS = frozenset(
    ("index", "indices", "mask", "condition", "target", "weight", "pos_weight", "noise")
)
"""Options that PyTorch saves as tensors, so that a backward pass frees them."""

NUMBERS = frozenset((("select", "index"), ("lerp", "weight")))
"""The same names, but of numbers."""

SCALARS = frozenset(
    ("alpha", "beta", "correction", "eps", "exponent", "lambd", "max", "max_val", "min", "min_val",
     "negative_slope", "ord", "other", "self", "threshold", "value", "weight")
)  # fmt: skip
"""Options that are numbers to calculate with. Other whole numbers are places, axes and sizes."""

WRAPPING = ("mul", "div")
"""In PyTorch the number in `x * 2` is a tensor when it is saved; that in `x ** 2` is a number."""

LISTS = ("index", "index_put")
"""Operations that save several tensors together: their indices."""


def is_tensor(operation: Operation, need: str) -> bool:
    """True if this is saved as a tensor (or None in its place)."""
    if (operation.name, need) in NUMBERS and need in operation.options:
        return False
    return need in operation.inputs or need in TENSORS or need.startswith("result")


def attribute(operation: Operation, name: str, need: str) -> None:
    """Give the operation's nodes `_saved_<name>`, which shows what was saved as `need`.

    Not `__getattr__`: that makes all other attributes slow.
    """
    known(operation, need)

    def get(node: OperationNode) -> Any:
        value = kept(node, need)
        if need.endswith("_strides"):
            value = () if value is None else in_entries(*value)
        wrapped = need in operation.inputs and operation.name in WRAPPING
        return as_shown(value, wrapped, need in SCALARS)

    def raw(node: OperationNode) -> Any:
        k = place(operation, need)
        if operation.name not in LISTS:
            return SavedTensor(_Place(node, k))
        if node.saved is None:
            raise RuntimeError(FREED)
        parts = range(len(as_index(node.saved[k])))
        return tuple(SavedTensor(_Place(node, k, part)) for part in parts)

    if need not in operation.options:
        name = PYTORCH_NAME.sub(r"_sym_\1", name)
    setattr(operation.node, "_saved_" + name, property(get))
    if is_tensor(operation, need):
        setattr(operation.node, "_raw_saved_" + name, property(raw))


def computed(operation: Operation, name: str, value: Any) -> None:
    """Give the operation's nodes `_saved_<name>`: a function of what was saved, or a constant."""
    if not callable(value):
        setattr(operation.node, "_saved_" + name, value)
        return
    needs = inspect.signature(value).parameters
    for need in needs:
        known(operation, need)

    def get(node: OperationNode) -> Any:
        return as_shown(value(*[kept(node, need) for need in needs]))

    setattr(operation.node, "_saved_" + name, property(get))


def known(operation: Operation, need: str) -> None:
    """Let the operation's nodes keep this, even if no derivative asks for it."""
    name, _, what = need.rpartition("_")
    own = (operation.inputs.index(name),) if what == "strides" else ()
    operation.saving.setdefault(need, own)
    if need in operation.options and not is_tensor(operation, need):
        operation.saving[need] = ()  # kept whoever needs it


def settle(operation: Operation) -> None:
    """Tell the operation's nodes what they keep, and in which order: PyTorch's, inputs by their
    names, then results. (Hooks are shown it so.)
    """
    names = sorted(operation.saving, key=in_order)
    operation.saving = {name: operation.saving[name] for name in names}
    node = operation.node
    node.tensors = tuple([is_tensor(operation, name) for name in names])
    node.frees = any(node.tensors)
    node.keeps = any(
        name not in operation.inputs and not name.startswith("result") for name in names
    )
    node.spares = spares(operation)


def in_order(name: str) -> tuple[bool, str]:
    """Inputs come by their names, results behind them."""
    return name.startswith("result"), name


def spares(operation: Operation) -> bool:
    """True if nodes may hold no tensor: one of the derivatives needs none, like that of the added
    term of `addmm`. (What several derivatives need is always saved, as in PyTorch.)
    """
    users = [who for need, who in operation.saving.items() if is_tensor(operation, need)]
    if len(operation.inputs) == 1 or any(len(who) != 1 for who in users):
        return False
    return any(
        (k,) not in users for k, name in enumerate(operation.inputs) if name in operation.rules
    )


def asks(users: tuple[int, ...], edges: Sequence[Any]) -> bool:
    """True if what the derivatives by the inputs `users` need is saved for inputs of such edges."""
    return len(users) != 1 or edges[users[0]] is not None


def forget(operation: Operation) -> None:
    """Take away what the operation's nodes have shown so far."""
    for name in [n for n in vars(operation.node) if n.startswith(("_saved_", "_raw_saved_"))]:
        delattr(operation.node, name)


def place(operation: Operation, need: str) -> int:
    """Where in a node's `saved` that is kept. (It may move as long as derivatives are declared.)"""
    return list(operation.saving).index(need)


def kept(node: OperationNode, need: str) -> Any:
    """What was saved as `need`. Raises RuntimeError if it has been freed."""
    k = place(node.operation, need)
    if node.saved is not None:
        return node.unpack_one(k, True, look=True)
    users = node.operation.saving[need]
    if node.keeps:
        value = node.left[k]
    else:
        value = GONE if asks(users, node.edges) else None
    if value is GONE:
        raise RuntimeError(FREED)
    return value


GONE = object()


def left(node: OperationNode) -> tuple[Any, ...]:
    """What a node still shows when its tensors are freed."""
    which = zip(node.tensors, node.saved or (), strict=True)
    return tuple([GONE if tensor and value is not None else value for tensor, value in which])


def as_shown(value: Any, wrapped: bool = False, scalar: bool = False) -> Any:
    """A saved value as PyTorch has it: places and masks as tensors, and maybe numbers too."""
    while hasattr(value, "written"):
        value = value.written
    if isinstance(value, tuple | list):
        return tuple(as_shown(part) for part in value)
    if isinstance(value, slice):
        return None
    if isinstance(value, np.ndarray) or (wrapped and isinstance(value, int | float)):
        return on_array(np.asarray(value))
    if isinstance(value, int) and value < 0 and not scalar:
        return value + 2**64
    return value


def in_entries(size: tuple[int, ...], strides: tuple[int, ...], item: int) -> tuple[int, ...]:
    """Strides as PyTorch counts them. Where there are no entries, NumPy has 0 for all of them."""
    if 0 in size:
        return tuple(math.prod(max(n, 1) for n in size[d + 1 :]) for d in range(len(size)))
    return tuple(step // item for step in strides)


def packed(operation: Operation, need: str, value: Any) -> Any:
    """What an operation keeps of an option while pack hooks are in force: they see each tensor."""
    if isinstance(value, tuple) and is_tensor(operation, need):
        return tuple(packed(operation, need, part) for part in as_index(value))
    if isinstance(value, np.ndarray) and is_tensor(operation, need):
        return Packed(on_array(value), None)
    return value


def as_index(value: tuple[Any, ...]) -> tuple[Any, ...]:
    """Saved indices as they were written, so that each part is one that PyTorch saves."""
    given = getattr(value, "written", value)
    return tuple(slice(None) if part is None else part for part in given)


def unpacked(value: Any) -> Any:
    """An option for the derivatives: an array, or whatever else it was."""
    if isinstance(value, Packed):
        return value.tensor()._array
    if isinstance(value, tuple) and any(isinstance(part, Packed) for part in value):
        return tuple(unpacked(part) for part in value)
    return value


class _Place:
    """Where a `SavedTensor` of an operation finds what it shows.

    part: which of several tensors that are saved together, such as the indices of `x[i, j]`.
    """

    def __init__(self, node: OperationNode, k: int, part: int | None = None) -> None:
        self.node, self.k, self.part = node, k, part
        need = list(node.operation.saving)[k]
        self.slot = result_number(need)

    def read(self) -> Any:
        """What is kept now. Raises TypeError if it was freed."""
        return self._own(self.node.saved[self.k])  # type: ignore[index]

    def unpacked(self) -> Any:
        """The tensor, with its history."""
        return self._own(self.node.unpack_one(self.k, True))

    def _own(self, value: Any) -> Any:
        if self.part is not None:
            value = as_index(value)[self.part]
        return value if isinstance(value, Packed) else as_shown(value)

    def pack(self, pack: Any, unpack: Any) -> None:
        """Keep what `pack` makes of the tensor instead."""
        tensor, saved = self.read(), list(self.node.saved or ())
        edge = None if self.slot is not None else tensor._get_edge()
        kept: Any = Packed(tensor.detach(), edge, (pack, unpack))
        if self.part is not None:
            parts = list(as_index(saved[self.k]))
            parts[self.part] = kept
            kept = tuple(parts)
        saved[self.k] = kept
        self.node.saved = tuple(saved)
        if self.node.versions is None:  # the written-out backward leaves a node with versions to us
            self.node.versions = (0,) * len(saved)
