"""Checkpointing with saved-tensor hooks: what `checkpoint(…, use_reentrant=False)` is made of.

The graph of the function is built as always, but in place of each saved tensor stands its number.
The first number that a backward pass asks for makes the function run again; what it saves this time
is handed out, once to each backward pass.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from .. import watch
from ..autograd import saved_tensors
from ..autograd.grad_mode import enable_grad, state
from ..autograd.saved_tensors import Packed, saved_tensors_hooks
from ..autograd.task import Task
from ..tensor import Tensor
from ..versions import stale

_early_stop: list[bool] = []
_debug: list[bool | None] = []
_groups: list[GraphExecGroup] = []


class CheckpointError(RuntimeError):
    """The function did not do the same when it was run again."""


class GraphExecGroup:
    """Context manager: the backward passes inside share one second run of a checkpointed function.

    They must not need the same saved tensor twice.
    """

    def __enter__(self) -> GraphExecGroup:
        if _groups:
            raise RuntimeError("GraphExecGroup contexts cannot be nested.")
        _groups.append(self)
        return self

    def __exit__(self, *exc: object) -> None:
        _groups.pop()


@contextmanager
def set_checkpoint_early_stop(enable: bool) -> Iterator[None]:
    """Context manager: whether a second run ends as soon as all that was saved is there.

    It concerns the functions that are checkpointed inside, whatever `early_stop` they are given.
    """
    _early_stop.append(enable)
    try:
        yield
    finally:
        _early_stop.pop()


@contextmanager
def set_checkpoint_debug_enabled(enabled: bool | None) -> Iterator[None]:
    """Context manager: whether functions that are checkpointed inside list what they did, whatever
    `debug` they are given; None leaves it to them.
    """
    _debug.append(enabled)
    try:
        yield
    finally:
        _debug.pop()


def with_hooks(
    function: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    again: Any,
    contexts: tuple[Any, Any],
    early_stop: bool,
    compares: bool,
    debug: bool,
) -> Any:
    """`function(*args, **kwargs)`, which will be run again when it is needed, within a
    context manager that `again()` makes. Where nothing is recorded it is only run.

    contexts: two context managers, for the first and for the second run.
    compares: raise CheckpointError if the second run saves tensors of other shapes or dtypes.
    debug: such an error lists the operations of both runs.
    Raises RuntimeError if the first context manager swallows an error of the function.
    """
    first, second = contexts
    early_stop = _early_stop[-1] if _early_stop else early_stop
    if _debug and _debug[-1] is not None:
        debug = _debug[-1]
    if not state.grad_enabled:
        return function(*args, **kwargs)
    inputs = _Inputs(args)

    def run() -> None:
        function(*inputs.again(), **kwargs)

    kept = _Saved(run, (again, second), early_stop, compares, debug)
    with saved_tensors_hooks(kept.pack, kept.unpack), first, kept.listing(kept.operations):
        result = function(*args, **kwargs)
        kept.complete = True
    if not kept.complete:
        raise RuntimeError(
            "torch.utils.checkpoint: the forward context provided by context_fn suppressed an "
            "exception raised during the checkpointed forward. This is not supported because "
            "checkpoint cannot return a value for a failed forward."
        )
    return result


class _Inputs:
    """The arguments, kept for the second run as a node keeps what it saves: the hooks that are in
    force outside see the tensors (so an outer checkpoint computes them again), and it is noticed if
    they are overwritten.
    """

    def __init__(self, args: tuple[Any, ...]) -> None:
        self.kept = [self._keep(value) if isinstance(value, Tensor) else value for value in args]

    def _keep(self, value: Tensor) -> Any:
        if saved_tensors.active():
            return Packed(value, value._get_edge())
        return _Versioned(value, value._counter.value)

    def again(self) -> list[Any]:
        """The arguments. Raises RuntimeError if one was overwritten since."""
        return [
            value.tensor() if isinstance(value, Packed | _Versioned) else value
            for value in self.kept
        ]


class _Versioned(NamedTuple):
    """A tensor, and the version that it had."""

    value: Tensor
    version: int

    def tensor(self) -> Tensor:
        """The tensor. Raises RuntimeError if it has another version now."""
        if self.value._counter.value != self.version:
            raise stale(self.value, self.version, self.value._history())
        return self.value


class _Saved:
    """What a function saves: counted in the first run, handed out from the second."""

    def __init__(
        self,
        run: Callable[[], Any],
        contexts: tuple[Any, Any],
        early_stop: bool,
        compares: bool,
        debug: bool,
    ) -> None:
        self.run, self.contexts = run, contexts
        self.early_stop, self.compares, self.debug = early_stop, compares, debug
        self.complete = False  # a backward pass within the first run asks before that
        self.operations: list[str] = []
        self.shapes: list[tuple[Any, Any]] = []  # of each saved tensor, and its dtype
        self.values: Any = weakref.WeakKeyDictionary()
        """For each backward pass, the tensors that were computed again and not yet used."""

    def pack(self, tensor: Tensor) -> int:
        """In place of the tensor, its number."""
        self.shapes.append((tensor.shape, tensor.dtype))
        return len(self.shapes) - 1

    def unpack(self, number: int) -> Tensor:
        """The tensor of that number, from a second run. Raises CheckpointError if it was given."""
        task = (_groups[-1] if _groups else state.task) or Task()
        if task not in self.values:
            self.values[task] = {}
            self._run_again(self.values[task])
        if number not in self.values[task]:
            overlap = (
                "Performing two backward calls that overlap (i.e. require the same saved "
                "activation in order to compute gradients) is not allowed while under the "
                "torch.utils.checkpoint.GraphExecGroup context. "
            )
            raise CheckpointError(
                "torch.utils.checkpoint: Unpack is being triggered for a tensor that was already "
                f"unpacked once. {overlap if _groups else ''}If you are calling ctx.saved_tensors "
                "in backward, make sure to do so only once. Otherwise please open an issue with "
                "details on your use case."
            )
        return self.values[task].pop(number)

    def _run_again(self, values: dict[int, Tensor]) -> None:
        again, second = self.contexts
        operations: list[str] = []

        def collect(tensor: Tensor) -> Tensor:
            number = len(values)
            if number == len(self.shapes) and not self.complete:
                return tensor
            if number == len(self.shapes):
                raise CheckpointError(
                    "torch.utils.checkpoint: trying to save more tensors during recomputation than "
                    f"during the original forward pass.\n{TIP}"
                )
            values[number] = kept = tensor.detach() if tensor.requires_grad else tensor
            if len(values) == len(self.shapes) and self.early_stop:
                raise _Enough  # the rest of the function is not needed
            return kept

        try:
            with (
                saved_tensors_hooks(collect, lambda kept: kept),
                enable_grad(),
                again(),
                second,
                self.listing(operations),
            ):
                self.run()
        except _Enough:
            pass
        try:
            self._check(values)
        except CheckpointError as error:
            if not self.debug:
                raise
            raise CheckpointError(DEBUG.format("\n".join(self.operations), "\n".join(operations))
                                  + f"\n{error}") from error  # fmt: skip

    def _check(self, values: dict[int, Tensor]) -> None:
        if len(values) != len(self.shapes):
            raise CheckpointError(
                "torch.utils.checkpoint: A different number of tensors was saved during the "
                "original forward and recomputation.\n"
                f"Number of tensors saved during forward: {len(self.shapes)}\n"
                f"Number of tensors saved during recomputation: {len(values)}.\n{TIP}"
            )
        wrong = [
            f"tensor at position {number}:\nsaved metadata: {_shown(*self.shapes[number])}\n"
            f"recomputed metadata: {_shown(value.shape, value.dtype)}"
            for number, value in values.items()
            if (value.shape, value.dtype) != self.shapes[number]
        ]
        if wrong and self.compares:
            raise CheckpointError(
                "torch.utils.checkpoint: Recomputed values for the following tensors have "
                "different metadata than during the forward pass.\n" + "\n".join(wrong) + "\n."
            )

    @contextmanager
    def listing(self, names: list[str]) -> Iterator[None]:
        """Note the operations that run inside, if asked to."""

        def note(operation: Any, *rest: Any) -> None:
            names.append(operation.name)

        if self.debug:
            watch.add(note)
        try:
            yield
        finally:
            watch.remove(note)


class _Enough(Exception):
    """Ends a second run as soon as all that was saved is there."""


TIP = (
    "\nTip: To see what both runs did, pass `debug=True` to "
    "`torch.utils.checkpoint.checkpoint(...)`."
)

DEBUG = """An error happened while unpacking tensors; dumping the operations of both runs.

Operations of the first run:

{}

Operations of the second run:

{}

 You are seeing this error because you passed `debug=True` to checkpoint: the tensors that the two
 runs save differ. Compare the operations above, and find the first that is not the same.
"""


def _shown(shape: Any, dtype: Any) -> str:
    return f"{{'shape': {shape}, 'dtype': {dtype}, 'device': device(type='cpu')}}"
