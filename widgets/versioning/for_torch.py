"""What PyTorch tells of memory, versions and saved tensors."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import torch

from minigrad.trace import names as naming

from ..pytorch import saved as saving
from ..pytorch import writers
from .text import operands

AT_VERSION = re.compile(r"is at version (\d+)")


class Torch:
    """Answers the questions of `tell` about PyTorch's tensors."""

    tensor = torch.Tensor
    silent = (
        "PyTorch keeps no record of who wrote: only what ran inside `with widgets.recording():` "
        "is known. Nor does it tell which tensors share a counter: here those of one memory with "
        "equal versions stand together."
    )

    def __init__(self) -> None:
        self._now: dict[int, tuple[Any, int]] = {}  # id → (saved tensor, the version it is at)

    def storage(self, tensor: Any) -> Any:
        """What identifies the memory of a tensor."""
        return tensor.untyped_storage().data_ptr(), tensor.untyped_storage().nbytes()

    def memory(self, tensor: Any) -> Any:
        """All entries of that memory, in order."""
        plain = tensor.detach()
        count = tensor.untyped_storage().nbytes() // tensor.element_size()
        return torch.as_strided(plain, (count,), (1,), 0).cpu().numpy()

    def geometry(self, tensor: Any) -> tuple[Sequence[int], Sequence[int], int]:
        """(shape, strides, offset), in entries."""
        return tuple(tensor.shape), tuple(tensor.stride()), tensor.storage_offset()

    def counter(self, tensor: Any) -> Any:
        """What identifies the version counter of a tensor, as far as one can tell."""
        return self.storage(tensor), self.version(tensor)

    def version(self, tensor: Any) -> int | None:
        """The version; None for an inference tensor, which keeps none."""
        if id(tensor) in self._now:
            return self._now[id(tensor)][1]
        return None if tensor.is_inference() else tensor._version

    def writes(self, tensor: Any) -> Sequence[Any]:
        """Those that were recorded."""
        now = self.version(tensor)
        return [] if now is None else [w for w in writers.of(tensor) if w.version <= now]

    def base(self, tensor: Any) -> Any:
        """Of a view: the tensor that it shows."""
        return tensor._base

    def nodes(self, tensors: Sequence[Any]) -> Iterator[Any]:
        """The operations behind the tensors, oldest first."""
        seen: dict[Any, None] = {}
        unseen = [tensor.grad_fn for tensor in tensors if tensor.grad_fn is not None]
        while unseen:
            node = unseen.pop()
            if node not in seen and not hasattr(node, "variable"):
                seen[node] = None
                unseen += [following for following, _ in node.next_functions if following]
        return iter(sorted(seen, key=lambda node: node._sequence_nr()))

    def node_name(self, node: Any) -> str:
        """Such as `MulBackward0`."""
        return node.name().rpartition("::")[2]

    def expression(self, node: Any, label: Any) -> str:
        """An operation that was recorded, written out; `label` is asked for the word of a tensor,
        or of the node that computed one that is gone.
        """
        from ..pytorch.describe import Node

        about = Node(node)
        if about.record is None:
            return ""
        told = about.described(None)
        given = {name: about.given.get(name, value) for name, value in told.inputs.items()}
        words = {name: self._word(value, label) for name, value in given.items()}
        words |= {name: naming.plain(value) for name, value in told.options.items()}
        shown = naming.short(told.shown, told.options)
        return naming.written(shown, told.call, operands(shown, words))

    def _word(self, value: Any, label: Any) -> str:
        """One argument: a tensor, the edge that it came by, or a number."""
        from ..pytorch.recording import Constant, Edge

        tensor = value.tensor if isinstance(value, Constant) else value
        if isinstance(value, Edge):
            tensor = value.tensor()
        elif isinstance(value, tuple) and value and hasattr(value[0], "variable"):
            tensor = value[0].variable
        if isinstance(tensor, torch.Tensor):
            return label(tensor)
        is_edge = isinstance(value, tuple) and value and hasattr(value[0], "next_functions")
        return label(value[0]) if is_edge else naming.plain(value)

    def place(self, node: Any) -> tuple[str, int] | None:
        """(file, line) of an operation that was recorded."""
        from ..pytorch import recording

        record = recording.of(node)
        return None if record is None else (record.file, record.line)

    def saved(self, node: Any) -> list[tuple[str, Any, int, bool]]:
        """(name, tensor, version, whether it is the node's own result)."""
        found = []
        for name, tensor, version in saving.all_tensors(node):
            if saving.is_number(tensor):
                continue
            now = self._at_version(node, name)
            if now is not None:  # what is overwritten comes as a tensor with a counter of its own
                self._now[id(tensor)] = (tensor, now)
            found.append((name, tensor, version, tensor.grad_fn is node))
        return found

    def _at_version(self, node: Any, name: str) -> int | None:
        """At which version a saved tensor is now, by the error of asking for it."""
        try:
            getattr(node, f"_saved_{name}", None)
        except RuntimeError as problem:
            told = AT_VERSION.search(str(problem))
            return int(told[1]) if told else None
        return None

    def freed(self, node: Any) -> bool:
        """Has it let go of what it had saved?"""
        for name in dir(node):
            if name.startswith("_saved_"):
                try:
                    getattr(node, name)
                except RuntimeError as problem:
                    return "freed" in str(problem)
        return False

    def result_of(self, node: Any, tensor: Any) -> bool:
        """Is that what the node computed?"""
        return tensor.grad_fn is node
