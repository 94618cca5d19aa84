"""The node of one call of a `Function`: the `ctx` that the user's methods receive.

It keeps what `forward` asks it to keep, and in the backward pass gives the user's `backward`
tensors and checks what comes back.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..type_names import type_name
from ..warn import warn
from . import saved_tensors
from .grad_mode import _GradMode, state
from .node import FREED, Node
from .saved_tensors import Packed, SavedTensor

if TYPE_CHECKING:
    from .function import Function

Kept = tuple[Any, int, int | None]
"""A saved tensor (or None, or what a pack hook made of it), its version, its output number."""


class FunctionCtx:
    """What a `forward` or a `setup_context` may ask its `ctx` to do."""

    to_save: tuple[Any, ...] = ()
    saved_for_forward: tuple[Any, ...] = ()
    dirty_tensors: tuple[Any, ...] = ()
    non_differentiable: tuple[Any, ...] = ()
    materialize_grads = True

    def save_for_backward(self, *tensors: Any) -> None:
        """Keep inputs or outputs for `backward`, which finds them in `ctx.saved_tensors`."""
        self.to_save = tensors

    def save_for_forward(self, *tensors: Any) -> None:
        """Keep tensors for `jvp`, which finds them in `ctx.saved_tensors`.

        Raises AssertionError for what is neither a tensor nor None.
        """
        for value in tensors:
            assert value is None or hasattr(value, "_array"), (
                "save_for_forward expects all arguments to be tensors; you should save non-tensors "
                "as attributes on ctx."
            )
        self.saved_for_forward = tensors

    def mark_dirty(self, *tensors: Any) -> None:
        """Say which inputs `forward` changed in place; they must be among its outputs."""
        self.dirty_tensors = tensors

    def mark_non_differentiable(self, *tensors: Any) -> None:
        """Say which outputs have no gradient."""
        self.non_differentiable = tensors

    def set_materialize_grads(self, value: bool) -> None:
        """False: `backward` gets None, not zeros, for an output that nobody used.

        Raises TypeError for what is neither True nor False.
        """
        if not isinstance(value, bool):
            raise TypeError(
                "set_materialize_grads received an invalid combination of arguments - got (), but "
                "expected (bool)"
            )
        self.materialize_grads = value


class BackwardCFunction(Node, FunctionCtx):
    """The node of one call of a `Function`, and the `ctx` that its methods receive."""

    function: type[Function]  # of the class: each Function has a subclass of its own
    needs_input_grad: tuple[bool, ...]
    selective = False  # the user's function computes what it computes
    _freed = False
    _read = False
    _materialize_non_diff_grads = True
    _is_pure_view = False
    _in_forward_mode = False
    _kept: tuple[Kept, ...] = ()
    _outputs: tuple[Any, ...] = ()
    """(shape, NumPy dtype) of each output; None for what is no tensor, or needs no zeros."""
    _is_tensor: tuple[bool, ...] = ()

    # ---- what a backward may read ------------------------------------------------------------

    @property
    def saved_tensors(self) -> tuple[Any, ...]:
        """What was saved. Raises RuntimeError if it was freed, or overwritten in place since."""
        if self._in_forward_mode:
            return self.saved_for_forward
        if self._freed:
            raise RuntimeError(FREED)
        if self.function.clear_saved_tensors_on_access:
            if self._read:
                raise RuntimeError(
                    "saved_tensors can only be accessed once when "
                    "clear_saved_tensors_on_access=True is set on the autograd.Function. Either "
                    "access saved_tensors only once, or set clear_saved_tensors_on_access=False."
                )
            self._read = True
        found = tuple(self._unpacked(kept) for kept in self._kept)
        if self._read:
            self._kept = ()
        return found

    @property
    def saved_variables(self) -> tuple[Any, ...]:
        """The name that `saved_tensors` had until 2018. Deprecated."""
        warn("'saved_variables' is deprecated; use 'saved_tensors'", DeprecationWarning)
        return self.saved_tensors

    @property
    def _raw_saved_tensors(self) -> tuple[SavedTensor, ...]:
        """The saved tensors as they are kept; hooks may be registered on each."""
        if self._freed:
            raise RuntimeError(FREED)
        return tuple(SavedTensor(_Place(self, k)) for k in range(len(self._kept)))

    def _known_outputs(self) -> dict[int, tuple[tuple[int, ...], Any]]:
        """The node knows of the outputs that it makes zeros for."""
        known = {k: output for k, output in enumerate(self._outputs) if output is not None}
        return known | super()._known_outputs()

    # ---- for the engine ----------------------------------------------------------------------

    def _unpacked(self, kept: Kept) -> Any:
        from ..versions import stale

        value, version, slot = kept
        if isinstance(value, Packed):
            value = value.tensor()
        elif value is not None and value._counter.value != version:
            raise stale(value, version, value._history() if slot is None else (self, slot))
        return value if slot is None else value._with_edge((self, slot))

    def _keep(self, outputs: Sequence[Any] | None) -> None:
        """Turn what was asked to be saved into what is saved; outputs without their history.

        outputs: None if nobody records; then nothing is saved.
        """
        from ..versions import version_to_save

        kept: list[Kept] = []
        to_save, self.to_save = self.to_save, ()
        self.dirty_tensors = self.non_differentiable = ()  # they hold outputs, which hold this node
        for value in () if outputs is None else to_save:
            slots = [k for k, out in enumerate(outputs or ()) if out is value]
            slot = slots[-1] if slots else None  # of one that is returned twice, the last
            history = None if value is None else value._known_edge()
            if value is not None and saved_tensors.active():
                edge = value._get_edge() if slot is None else None
                kept.append((Packed(value, edge), 0, slot))
            elif value is not None and slot is not None and history is not None:
                kept.append((value._without_history(), value._counter.value, slot))
            else:
                version = 0 if value is None else version_to_save(value)
                kept.append((value, version, None))
        self._kept = tuple(kept)

    def release(self) -> None:
        """Forget the saved tensors; to ask for them again is an error, even if there were none."""
        self._kept, self._freed = (), True

    def backward(self, incoming: list[Any], as_tensors: bool) -> list[Any]:
        """Call the user's `backward` with tensors and check what it returns."""
        from ..tensor import Tensor, on_array

        grads = []
        for cotangent, like in zip(incoming, self._outputs, strict=False):
            if cotangent is None and self.materialize_grads and like is not None:
                cotangent = on_array(np.zeros(*like))
                cotangent._own_counter().value = 1  # PyTorch has written the zeros into it
            if cotangent is not None and not isinstance(cotangent, Tensor):
                cotangent = on_array(np.asarray(cotangent))
            grads.append(cotangent)
        with _GradMode(as_tensors and state.grad_enabled):
            returned = self._call(grads)
        if not isinstance(returned, tuple):
            returned = (returned,)
        returned = self._checked(list(returned))
        if as_tensors:
            return returned
        return [None if grad is None else grad._array for grad in returned]

    def apply(self, *grads: Any) -> Any:
        """The user's `backward` alone, of these cotangents; what it returns, unchecked."""
        return self._call(list(grads))

    def _call(self, grads: list[Any]) -> Any:
        """What the user's `backward` returns."""
        rule = self.function._rule()
        if not self.function.boxed_grads_call:
            return rule(self, *grads)
        boxed = grads[:]
        grads.clear()  # the user's list is the only one that holds them
        return rule(self, boxed)

    def _checked(self, returned: list[Any]) -> list[Any]:
        """One gradient per tensor input. Raises RuntimeError, as PyTorch words it, otherwise."""
        from ..tensor import Tensor

        expected = len(self._is_tensor)
        if len(returned) > expected and all(grad is None for grad in returned[expected:]):
            returned = returned[:expected]
        if len(returned) != expected:
            raise RuntimeError(
                f"function {self.name()} returned an incorrect number of gradients "
                f"(expected {expected}, got {len(returned)})"
            )
        for k, (grad, is_tensor) in enumerate(zip(returned, self._is_tensor, strict=True)):
            if grad is None:
                continue
            if not is_tensor:
                raise RuntimeError(
                    f"function {self.name()} returned a gradient different than None at position "
                    f"{k + 1}, but the corresponding forward input was not a Variable"
                )
            if not isinstance(grad, Tensor):
                raise RuntimeError(f"expected Variable or None (got {type_name(grad)})")
        return [g for g, is_tensor in zip(returned, self._is_tensor, strict=True) if is_tensor]

    def __repr__(self) -> str:
        return f"<torch.autograd.function.{self.name()} object at {id(self):#x}>"


class _Place:
    """Where a `SavedTensor` of a user's function finds what it shows."""

    def __init__(self, node: BackwardCFunction, k: int) -> None:
        self.node, self.k = node, k

    def read(self) -> Any:
        """What is kept now. Raises IndexError if it was freed."""
        return self.node._kept[self.k][0]

    def unpacked(self) -> Any:
        """The tensor, with its history."""
        return self.node._unpacked(self.node._kept[self.k])

    def pack(self, pack: Any, unpack: Any) -> None:
        """Keep what `pack` makes of the tensor instead."""
        saved = list(self.node._kept)
        value, _, slot = saved[self.k]
        edge = None if slot is not None else value._get_edge()
        packed = Packed(value.detach(), edge, (pack, unpack))
        saved[self.k] = (packed, 0, slot)
        self.node._kept = tuple(saved)
