"""Hooks on saving: what is kept for the backward pass may be packed away and unpacked again.

    with saved_tensors_hooks(pack, unpack):
        y = f(x)              # pack(tensor) is called for each tensor saved; its result is kept
    y.backward()              # unpack(kept) is called when the tensor is needed

`save_on_cpu` and checkpointing are made of these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from .. import watch
from ..type_names import type_name
from .grad_mode import no_grad, state

Hooks = tuple[Callable[[Any], Any], Callable[[Any], Any]]


class Packed:
    """What a pack hook made of a saved tensor, and how to get the tensor back.

    edge: the tensor's history. It is kept here, as hooks may pass on values alone; None for a
    result of the node that saves it, which gives it its history itself.
    """

    __slots__ = ("edge", "kept", "unpack")

    def __init__(self, tensor: Any, edge: Any, hooks: Any = None) -> None:
        pack: Callable[[Any], Any]
        self.unpack: Callable[[Any], Any]
        pack, self.unpack = hooks or state.packing[-1]
        version = tensor._counter.value
        with no_grad():
            self.kept, self.edge = pack(tensor), edge
        if tensor._counter.value != version:
            raise RuntimeError(
                "A saved tensor pack hook is modifying its input in place. Tensors provided as "
                "input to pack hook cannot be modified by in-place operations as this can lead to "
                "unexpected side-effects. Please open an issue if you need to perform in-place "
                "operations on the input to a pack hook."
            )

    def tensor(self) -> Any:
        """The tensor again. Raises TypeError if the unpack hook returns something else."""
        from ..tensor import Tensor

        value = self.unpack(self.kept)
        if not isinstance(value, Tensor):
            raise TypeError(
                "Output of saved tensor unpack_hook expected to be a Tensor but got result of type "
                + type_name(value)
            )
        return value if self.edge is None else value._with_edge(self.edge)


class SavedTensor:
    """A saved tensor as its node keeps it, shown by `node._raw_saved_…`: hooks may be set on it."""

    __slots__ = ("_place",)

    def __init__(self, place: Any = None) -> None:
        if place is None:
            raise RuntimeError("Trying to create a SavedTensor object from Python is forbidden.")
        self._place = place  # read() what is kept, unpacked() to a tensor, pack(pack, unpack)

    @property
    def data(self) -> Any:
        """What is kept: a tensor, or what the pack hook made of it; None if it was freed."""
        kept = self._kept()
        return kept.kept if isinstance(kept, Packed) else kept

    @property
    def unpack_hook(self) -> Any:
        """The hook that makes a tensor of it again, or None."""
        kept = self._kept()
        return kept.unpack if isinstance(kept, Packed) else None

    def _kept(self) -> Any:
        try:
            return self._place.read()
        except (IndexError, TypeError):
            return None

    def unpack(self) -> Any:
        """The tensor."""
        return self._place.unpacked()

    def register_hooks(self, *hooks: Any) -> None:
        """Keep `pack(tensor)` from here on; `unpack` makes the tensor of it when it is needed.

        Raises TypeError if these are no two functions, RuntimeError if there is no tensor to pack.
        """
        if len(hooks) != 2 or not all(map(callable, hooks)):
            raise TypeError(
                "register_hooks(): incompatible function arguments. It takes two functions: "
                "pack_hook, unpack_hook"
            )
        try:
            kept = self._place.read()
        except (IndexError, TypeError):
            raise RuntimeError(
                "Calling register_hooks on a saved tensor after it has been freed. Saved "
                "intermediate values of the graph are freed when you call .backward() or "
                "autograd.grad(). Specify retain_graph=True if you need to backward through the "
                "graph a second time or if you need to access saved variables after calling "
                "backward."
            ) from None
        if kept is None:
            raise RuntimeError(
                "Calling register_hooks on a saved tensor with value None is forbidden"
            )
        if isinstance(kept, Packed):
            raise RuntimeError(
                "Calling register_hooks on a saved tensor whose hooks have already been set. Hint: "
                "only one pair of hooks is allowed at a time."
            )
        self._place.pack(*hooks)


class _Alone:
    """Where a `SavedTensor` that no node keeps finds what it shows."""

    def __init__(self, tensor: Any) -> None:
        self.kept: Any = Packed(tensor, tensor._get_edge()) if state.packing else tensor

    def read(self) -> Any:
        """What is kept."""
        return self.kept

    def unpacked(self) -> Any:
        """The tensor, with its history."""
        return self.kept.tensor() if isinstance(self.kept, Packed) else self.kept

    def pack(self, pack: Any, unpack: Any) -> None:
        """Keep what `pack` makes of the tensor instead."""
        self.kept = Packed(self.kept, self.kept._get_edge(), (pack, unpack))


def _make_saved_tensor(
    tensor: Any, is_output: bool, is_inplace_on_view: bool = False
) -> SavedTensor:
    """A tensor as a node would save it: the hooks that are in force pack it."""
    return SavedTensor(_Alone(tensor))


class saved_tensors_hooks:  # noqa: N801  (PyTorch's name)
    """Context manager: `pack_hook` sees each tensor that is saved inside, `unpack_hook` gives it
    back. Raises RuntimeError where such hooks were disabled.
    """

    def __init__(self, pack_hook: Callable[[Any], Any], unpack_hook: Callable[[Any], Any]) -> None:
        self.pack_hook = pack_hook
        self.unpack_hook = unpack_hook

    def __enter__(self) -> None:
        if state.no_packing:
            raise RuntimeError(state.no_packing[-1])
        if not (callable(self.pack_hook) and callable(self.unpack_hook)):
            raise TypeError(
                "_push_saved_tensors_default_hooks(): incompatible function arguments. The "
                "following argument types are supported:\n    1. (arg0: collections.abc.Callable, "
                "arg1: collections.abc.Callable) -> None\n\nInvoked with: "
                f"{self.pack_hook!r}, {self.unpack_hook!r}"
            )
        restore((*state.packing, (self.pack_hook, self.unpack_hook)))

    def __exit__(self, *exc: object) -> None:
        restore(state.packing[:-1])


class save_on_cpu(saved_tensors_hooks):  # noqa: N801  (PyTorch's name)
    """Keeps what is saved on the CPU. Everything is there, so nothing moves."""

    def __init__(self, pin_memory: bool = False, device_type: str = "cuda") -> None:
        super().__init__(lambda tensor: tensor.detach(), lambda kept: kept)


@contextmanager
def disable_saved_tensors_hooks(error_message: str) -> Iterator[None]:
    """Context manager: using `saved_tensors_hooks` inside raises RuntimeError(error_message).

    Raises TypeError for a message that is no string.
    """
    if not isinstance(error_message, str):
        raise TypeError(
            "_saved_tensors_hooks_disable(): incompatible function arguments. The following "
            "argument types are supported:\n    1. (error_message: str, fail_if_non_empty: bool = "
            f"True) -> None\n\nInvoked with: {error_message!r}"
        )
    outer = state.no_packing
    state.no_packing = (*outer, error_message)
    try:
        if state.packing:
            raise RuntimeError(error_message)
        yield
    finally:
        state.no_packing = outer


def active() -> bool:
    """True where saved tensors are to be packed."""
    return bool(state.packing)


def enabled() -> bool:
    """True where `saved_tensors_hooks` may be used."""
    return not state.no_packing


def restore(hooks: tuple[Hooks, ...]) -> None:
    """Put `hooks` in force in this thread, the innermost last."""
    state.packing = hooks
    if hooks:
        watch.add(pack_saved, state.thread)
        watch.listen(pack_in_vain, state.thread)
    else:
        watch.remove(pack_saved, state.thread)
        watch.unlisten(pack_in_vain, state.thread)


def pack_in_vain(word: str, *details: Any) -> None:
    """Show the hooks what an operation would have saved of its inputs, had it not failed.

    In PyTorch they come first, and may raise an error of their own. (See `minigrad.watch`.)
    """
    from ..ops import saved_attributes

    if word != "failed" or not (state.packing and state.grad_enabled):
        return
    if not getattr(details[0], "rules", None):
        return
    operation, args = details[:2]
    given = dict(zip(operation.inputs, args, strict=False))
    edges = [value._get_edge() if hasattr(value, "_array") else None for value in given.values()]
    for need, users in operation.saving.items():
        asked = any(edges) and saved_attributes.asks(users, edges)
        if asked and hasattr(given.get(need), "_array"):
            Packed(given[need], None)


def pack_further(node: Any, make: Callable[..., Any], given: dict[str, Any]) -> None:
    """Pack what PyTorch saves besides: it is unpacked with the rest, and then not needed here."""
    from ..ops.operation import parameters
    from ..tensor import on_array

    value = make(*[given[name] for name in parameters(make)])
    if value is not None:
        tensor = value if hasattr(value, "_array") else on_array(np.asarray(value))
        node._note("further", list).append(Packed(tensor, None))


def pack_saved(operation: Any, args: tuple[Any, ...], result: Any, *times: int) -> None:
    """Pack what an operation has just saved. (A watcher; see `minigrad.watch`.)"""
    if not state.packing:  # it is another thread that packs
        return
    from ..ops import saved_attributes
    from ..tensor import Tensor

    outs = result if isinstance(result, tuple) else (result,)
    node = getattr(outs[0], "grad_fn", None) if outs else None
    if node is None or not getattr(operation, "rules", None) or node.operation is not operation:
        return
    given = dict(zip(operation.arguments, args, strict=False))
    saved = dict(zip(operation.saving, node.saved, strict=True))
    for need in sorted((*saved, *operation.further), key=saved_attributes.in_order):
        if need in operation.further:
            pack_further(node, operation.further[need], given)
            continue
        value = saved[need]
        if isinstance(value, Tensor):
            if (place := saved_attributes.result_number(need)) is not None:
                saved[need] = Packed(outs[place], None)
            else:
                saved[need] = Packed(value, value._get_edge())
        elif need in operation.options:
            saved[need] = saved_attributes.packed(operation, need, value)
    node.saved = tuple(saved.values())
    node.versions = (0,) * len(saved)  # not None: the written-out backward leaves it to `unpack`
