"""Version counters: how an in-place change of a saved tensor is noticed.

Every in-place operation adds one to the counter of the memory it wrote to. Tensors that share
memory share the counter. A node notes the version of what it saves, and compares before it uses it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from .autograd.grad_mode import state
from .warn import PACKAGE, inside

if TYPE_CHECKING:
    from .tensor import Tensor


KEPT_WRITES = 50
"""The writes to one memory that are remembered while recording is on: the last ones."""

remembering = False
"""True while counters remember more than the last write (`recording.enable` sets it)."""


class Write(NamedTuple):
    """One write: the version that it led to, the operation, the reader's file and line."""

    version: int
    operation: str
    file: str
    line: int


class Noticed(int):
    """A version that compares as any other, but is true even if it is 0.

    Nodes ask `if tensor._counter.value:` first and look closer only then; after `detach_()`, and in
    what stems from inference mode, they have to look closer even if nothing was written.
    """

    def __bool__(self) -> bool:
        return True


DETACHED = (
    "Trying to use a saved tensor that has been detached in-place, i.e. with .detach_().This is "
    "not supported, please use out-of-place `.detach()` instead"
)


class Counter:
    """How often a piece of memory was written to in place, and by which operation last."""

    __slots__ = ("value", "writer", "writes")

    def __init__(self) -> None:
        self.value = 0
        self.writer: tuple[str, str, int] | None = None
        self.writes: list[Write] | None = None

    def bump(self, operation: str) -> None:
        """One more write, by `operation`, called from the nearest line outside this package."""
        self.value += 1
        self.writer = (operation, *caller())
        if remembering:
            self.writes = [*(self.writes or ())[1 - KEPT_WRITES :], Write(self.value, *self.writer)]


def version_to_save(tensor: Tensor) -> int:
    """The version of a tensor that a node saves. Raises RuntimeError if it must not be saved."""
    if tensor._apart:
        raise RuntimeError(UNSAVED)
    return tensor._counter.value


def with_places(out: Tensor, need: str, *tensors: Any) -> Tensor:
    """`out`, whose node has saved what these tensors held as `need`: places, a mask, targets. As
    tensors they are saved, too: `check_places` finds out if they are overwritten before they are
    used.
    """
    if out._edge is not None and not state.packing:
        node: Any = out._edge[0]
        saving = getattr(node, "operation", None) and node.operation.saving
        if saving and need in saving and node.saved[list(saving).index(need)] is not None:
            kept = [(t, version_to_save(t)) for t in tensors]
            node._note("places", list).extend(kept)
    return out


def check_places(places: Iterable[tuple[Tensor, int]]) -> None:
    """Raise RuntimeError if one of these saved tensors has been overwritten."""
    for tensor, version in places:
        if tensor._counter.value != version:
            raise stale(tensor, version, None)


UNSAVED = (
    "Inference tensors cannot be saved for backward. Please do not use Tensors created in "
    "inference mode in computation tracked by autograd. To work around this, you can make a clone "
    "to get a normal tensor and use it in autograd, or use `torch.no_grad()` instead of "
    "`torch.inference_mode()`."
)


class NoCounter(Counter):
    """Of tensors made in inference mode: they keep no version, so they cannot be saved."""

    __slots__ = ()

    @property
    def value(self) -> int:
        """Raises RuntimeError: whoever asks wants to save the tensor."""
        raise RuntimeError(UNSAVED)

    @value.setter
    def value(self, value: int) -> None:
        pass

    def bump(self, operation: str) -> None:
        """Writing is free in inference mode, and an error outside of it."""
        if not state.inference:
            raise RuntimeError(
                "Inplace update to inference tensor outside InferenceMode is not allowed."
                "You can make a clone to get a normal tensor before doing inplace update."
                "See https://github.com/pytorch/rfcs/pull/17 for more details."
            )


INFERENCE = NoCounter()


UNTOUCHED = Counter()
"""Stands for the counter of every tensor that was never written to nor shared; never bumped."""


@contextmanager
def _unsafe_preserve_version_counter(tensors: Any) -> Iterator[None]:
    """Context manager: changes of these tensors inside are not counted, so nobody notices them."""
    tensors = (tensors,) if hasattr(tensors, "_array") else tuple(tensors)
    before = [(tensor._own_counter(), tensor._version) for tensor in tensors]
    try:
        yield
    finally:
        for counter, value in before:
            counter.value = value


keepers: list[Callable[[Tensor], None]] = []
"""Those that want to know that a tensor is about to be overwritten (see `autograd/mutation.py`)."""


def about_to_write(tensor: Tensor) -> None:
    """Tell them. Whoever writes into the memory of a tensor says so before."""
    for keeper in keepers:
        keeper(tensor)


def caller() -> tuple[str, int]:
    """File name and line of the nearest frame outside this package."""
    frame: Any = sys._getframe(1)
    while inside(frame, (PACKAGE,)) and frame.f_back is not None:
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno


def stale(tensor: Tensor, expected: int, origin: Any) -> RuntimeError:
    """PyTorch's error for a saved tensor that was overwritten, and what overwrote it last."""
    from .autograd import anomaly_mode
    from .recording import place

    made = ""
    if origin is not None and tensor._array.dtype.kind == "f":
        made = f", which is output {origin[1]} of {origin[0].short_name()},"
    hint = (
        "the backtrace further above shows the operation that failed to compute its gradient. The "
        "variable in question was changed in there or anywhere later. Good luck!"
        if anomaly_mode.enabled
        else "enable anomaly detection to find the operation that failed to compute its gradient, "
        "with torch.autograd.set_detect_anomaly(True, check_nan=False)."
    )
    kind = "CPUBoolType" if tensor._array.dtype == bool else tensor.type()
    text = (
        "one of the variables needed for gradient computation has been modified by an inplace "
        f"operation: [{kind} {list(tensor.shape)}]{made} is at version "
        f"{tensor._counter.value}; expected version {expected} instead. Hint: {hint}"
    )
    if tensor._counter.writer is not None:
        operation, file, line = tensor._counter.writer
        text += f"\nIt was overwritten by {operation} at {place(file, line)}."
    return RuntimeError(text)


def increment_version(tensor: Any) -> None:
    """Count an in-place change that happened where nobody could see it."""
    changes = (tensor,) if hasattr(tensor, "_array") else tensor
    if not isinstance(changes, Iterable):
        raise RuntimeError("increment_version expect a Iterable[Tensor] as input")
    for changed in changes:
        if not hasattr(changed, "_array"):
            raise RuntimeError(
                "increment_version expects each element of the iterable to be a tensor"
            )
        if not changed.is_inference():
            changed._own_counter().bump("increment_version")
