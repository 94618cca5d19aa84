"""Where a tensor without a history came from: kept, for the pictures, while recording is on.

PyTorch forgets it at once: a loss computed under `no_grad`, a comparison, `x.detach()`, a tensor
made of numbers that were read off another one. Here such a tensor keeps a number under which its
`Origin` is found. An origin holds no graph and no large array alive: of tensors that have a history
it knows what they were (an origin again), and of all origins the last `MOST` are kept.
"""

from __future__ import annotations

import itertools
import weakref
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from . import recording
from .autograd.grad_mode import state
from .autograd.node import NOWHERE, AccumulateGrad
from .readings import Log, Number
from .readings import cut as cut_at
from .versions import caller

if TYPE_CHECKING:
    from .autograd.node import Node
    from .tensor import Tensor

MOST = 2048
WHOLE = 64  # entries up to which a value is kept
LONGEST = 40  # characters of an argument that is no tensor
BACK = 64  # operations of a graph that are remembered when its result is cut off

Cut = tuple[str, str]
"""Why a history ends: in a word or two, and in a sentence."""


class Known(NamedTuple):
    """The origin of that number."""

    number: int


class Written(str):
    """How an argument is written."""

    __slots__ = ()
    __repr__ = str.__str__


class Held(NamedTuple):
    """A tensor that no operation made."""

    tensor: weakref.ref[Tensor]
    requires_grad: bool
    shape: tuple[int, ...]
    dtype: np.dtype
    value: np.ndarray | None


class Origin(NamedTuple):
    """What computed a tensor; `cut` is None where the history did not end here."""

    operation: Any
    """An `Operation`, a `Function` subclass, or how it is written: `self.detach()`."""
    arguments: tuple[Any, ...]
    """Of each argument `Known`, `Held`, or the value itself if it was no tensor."""
    cut: Cut | None
    grad_fn: str | None
    """The name of the node, of what has a history."""
    tensor: Any
    """A weak reference to the tensor, or None."""
    shape: tuple[int, ...]
    dtype: np.dtype
    value: np.ndarray | None
    file: str
    line: int
    name: str = ""
    """The variable, of a number."""


NO_GRAD = ("no_grad", "It was computed under no_grad(), so no operation was recorded.")
INFERENCE = ("inference_mode", "It was computed in inference_mode(), where nothing is recorded.")
DETACH = ("detach()", "detach() gives the same values without their history.")
DATA = (".data", ".data gives the same values without their history, and nobody notices changes.")
COPIED = "It was made of numbers alone: a new tensor does not know where its numbers came from."

_known: OrderedDict[int, Origin] = OrderedDict()
_number = itertools.count(1).__next__
_readings = Log(
    ("minigrad",), ("minigrad.nn", "minigrad.optim"), lambda value: hasattr(value, "_array")
)


def of(tensor: Any) -> Origin | None:
    """Where a tensor without a history came from; None if nothing is known."""
    return None if tensor._origin is None else _known.get(tensor._origin)


def find(known: Known) -> Origin | None:
    """The origin of that number, if it is still kept."""
    return _known.get(known.number)


def number_of(node: Node) -> int | None:
    """The number of the origin that was kept of a node."""
    return (node.extras or {}).get("origin")


def numbers_of(node: Node) -> dict[int, Known]:
    """Position → origin, of those arguments of a node that are numbers read off a tensor."""
    return (node.extras or {}).get("numbers", {})


# ---- while the program runs ----------------------------------------------------------------------


def note(operation: Any, arguments: tuple[Any, ...], result: Any, *times: int) -> None:
    """Remember what computed a result that has no history although an argument has one, and which
    of the arguments are numbers that were read off a tensor.
    """
    numbers = _readings.numbers(arguments)
    if numbers:
        arguments = tuple(numbers.get(k, value) for k, value in enumerate(arguments))
    for out in result if isinstance(result, tuple) else (result,):
        edge = out._known_edge() if numbers and hasattr(out, "_array") else None
        if edge is not None:
            edge[0]._note("numbers", lambda: {k: _small(n) for k, n in numbers.items()})
        lost = hasattr(out, "_array") and out._known_edge() is None
        if lost and any(_comes_from_grad(value) for value in arguments):
            _keep(out, operation, arguments, _why(operation, out))


def cut(tensor: Tensor, out: Tensor, how: str, why: Cut) -> None:
    """Remember that `out` has the values of `tensor`, without its history.

    how: as it is written, with `self` for the tensor.
    """
    if not recording.enabled():
        return
    if tensor.requires_grad:
        _keep(out, how, (tensor,), why)
    else:
        out._origin = tensor._origin


def took(tensor: Tensor, value: Any, how: str) -> None:
    """Remember that `value`, a number, a list or an array, was read off `tensor`."""
    if recording.enabled() and _comes_from_grad(tensor):
        _readings.took(value, how, _argument(tensor, _edge(tensor), [BACK]))


def made(data: Any, out: Tensor, how: str) -> None:
    """Remember what the numbers in `data`, of which `out` was made, were read off."""
    if not recording.enabled():
        return
    sources: list[Any] = []
    read = []
    for part in (data, *(data[:WHOLE] if isinstance(data, (list, tuple)) else ())):
        if hasattr(part, "_array") and _comes_from_grad(part):
            sources.append((part, "self"))
        elif (reading := _readings.itself(part)) is not None:
            read.append(reading)
    written = ""
    if not sources and not read:
        read, written = _readings.call()
    sources += [(reading.source, reading.how) for reading in read]
    if sources:
        first = sources[0][1]
        inside = first if len(sources) == 1 else f"[{first}, …]"
        reason = cut_at(read[0], COPIED) if read else (how, COPIED)
        arguments = tuple(source for source, _ in sources)
        _keep(out, written or f"{how}({inside})", arguments, reason)


def pass_on(out: Tensor, tensor: Tensor) -> None:
    """`tensor` was overwritten with `out`."""
    origin = of(out)
    if origin is not None and not tensor.requires_grad:
        tensor._origin = _store(origin._replace(tensor=weakref.ref(tensor)))


# ---- how it is kept ------------------------------------------------------------------------------


def _edge(tensor: Any) -> Any:
    """The history of a tensor, without its finding out: to watch changes nothing."""
    return tensor._edge if tensor._view is None else tensor._view.seen(tensor)


def _comes_from_grad(value: Any) -> bool:
    if isinstance(value, Number):
        return True
    if not hasattr(value, "_array"):
        return isinstance(value, (list, tuple)) and any(map(_comes_from_grad, value[:WHOLE]))
    return value._origin is not None or value.requires_grad


def _why(operation: Any, out: Tensor) -> Cut:
    name = (getattr(operation, "name", None) or operation.__name__).removesuffix("_copy")
    return why(name, str(out._array.dtype), state.inference, state.grad_enabled)


def why(name: str, dtype: str, inference: bool, grad_enabled: bool) -> Cut:
    """Why the result of the operation of that name has no history although an input has one."""
    if dtype == "bool":
        return name, f"{name} answers with True or False, which has no derivative."
    if "float" not in dtype:
        return f"{name}: {dtype}", f"{name} gives integers ({dtype}), which have no derivative."
    if inference:
        return INFERENCE
    if not grad_enabled:
        return NO_GRAD
    return name, f"{name} is not differentiable here."


def _keep(out: Tensor, operation: Any, arguments: tuple[Any, ...], why: Cut) -> None:
    left = [BACK]
    kept = tuple(
        _argument(value, _edge(value), left) if hasattr(value, "_array") else _small(value)
        for value in arguments
    )
    origin = Origin(
        operation, kept, why, None, weakref.ref(out), *_described(out._array), *caller()
    )
    out._origin = _store(origin)


def _store(origin: Origin) -> int:
    number = _number()
    _known[number] = origin
    while len(_known) > MOST:
        _known.popitem(last=False)
    return number


def _described(array: np.ndarray) -> tuple[tuple[int, ...], np.dtype, np.ndarray | None]:
    return array.shape, array.dtype, array.copy() if array.size <= WHOLE else None


def _argument(tensor: Any, edge: Any, left: list[int]) -> Any:
    """A tensor as an argument of an origin. `left`: how many operations may still be added."""
    if edge is not None and edge[0] is not NOWHERE:
        node = edge[0]
        if isinstance(node, AccumulateGrad):
            return Held(weakref.ref(node.variable), True, *_described(node.variable._array))
        return Known(_of_node(node, tensor, left))
    if tensor._origin is not None and tensor._origin in _known:
        return Known(tensor._origin)
    return Held(weakref.ref(tensor), tensor.requires_grad, *_described(tensor._array))


def _of_node(node: Node, tensor: Any, left: list[int]) -> int:
    """The number of the origin of what a node computed."""
    number = number_of(node)
    if number is not None and number in _known:
        return number
    left[0] -= 1
    record = recording.of(node)
    described = _described(np.zeros(0) if tensor is None else tensor._array)
    operation: Any = node.name()
    arguments: tuple[Any, ...] = ()
    file, line = "", 0
    if record is not None:
        operation, file, line = record.operation, record.file, record.line
        described = _described(record.value)
        if left[0] > 0:
            arguments = _arguments(node, record.arguments, left)
    reference = None if tensor is None else weakref.ref(tensor)
    name = type(node).__name__
    origin = Origin(operation, arguments, None, name, reference, *described, file, line)
    number = _store(origin)
    node._note("origin", lambda: number)
    node.extras["origin"] = number  # type: ignore[index]
    return number


def _arguments(node: Node, values: tuple[Any, ...], left: list[int]) -> tuple[Any, ...]:
    """The arguments of a node; tensors by the edge that they came by, not by what they are now."""
    edges = iter(node.edges)
    of_tensors = not hasattr(node, "operation")
    kept = []
    for position, value in enumerate(values):
        is_tensor = hasattr(value, "_array")
        has_edge = is_tensor if of_tensors else position < len(node.edges)
        edge = next(edges) if has_edge else None
        kept.append(_argument(value, edge, left) if is_tensor else _small(value))
    return tuple(kept)


def _small(value: Any) -> Any:
    """A number or a text as it is; of anything else how it is written, cut short."""
    if isinstance(value, Number):
        sources = tuple(reading.source for reading in value.readings)
        array = np.asarray(float(value.value))
        return Known(_store(Origin(
            value.written, sources, value.cut, None, None, *_described(array), *caller(), value.name
        )))  # fmt: skip
    if value is None or isinstance(value, (bool, int, float, str, Known, Held)):
        return value
    text = repr(value)
    return Written(text if len(text) <= LONGEST else text[:LONGEST] + "…")
