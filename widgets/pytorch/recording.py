"""Keeping what PyTorch forgets: every operation's arguments, value and line of code.

PyTorch calls a dispatch mode right after it has made the node of an operation. The node itself is
not in sight there, but its number is; the record is put into the node's own `metadata` as soon as
its tensor is seen again. So it lives as long as the graph, and no longer.
"""

from __future__ import annotations

import functools
import warnings
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import torch
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

from minigrad import call_path
from minigrad.readings import Number
from minigrad.recording import COMPARED, KEPT_WHOLE

from . import origins, writers

KEY = "widgets.record"
WAITING = 1000  # numbers whose node was not seen yet that are kept in mind

LIBRARIES = ("torch", "minigrad", "widgets", "contextlib")
WATCHING = (__name__, "torch._compile", "torch._dynamo.eval_frame")
"""Modules between an operation and its record. PyTorch calls a mode through the latter two: frames
that are new each time, which must not be taken for a loop that went round."""

call_path.module_calls.add(torch.nn.Module._call_impl.__code__)


class Edge(NamedTuple):
    """An argument that was computed: by which node, which of its results, and in which tensor."""

    node: Any
    output_nr: int
    tensor: Any
    """A weak reference: a tensor that is overwritten in place would refer to its own history."""


def memory(tensor: Any) -> Any:
    """Where a tensor's entries stand; the same for tensors that share exactly their memory."""
    if isinstance(tensor, Constant):
        return tensor.memory
    return tensor.data_ptr(), tuple(tensor.shape), tensor.stride()


class Constant:
    """An argument that requires no grad. As it may become part of the graph later, its entries are
    held and not itself.
    """

    requires_grad = False

    def __init__(self, tensor: Any) -> None:
        self._of = weakref.ref(tensor)
        self._entries = _snapshot(tensor)
        origins.pass_on(tensor, self._entries)
        self.memory = memory(tensor)
        self._storage = tensor.untyped_storage()  # so that nothing else takes this memory

    @property
    def held(self) -> Any:
        """What it held, of a small one; of a large one what its memory holds now."""
        return self._entries

    @property
    def tensor(self) -> Any:
        """The tensor itself, if it is still there and still a constant; else what it held."""
        tensor = self._of()
        return self._entries if tensor is None or tensor.requires_grad else tensor


class Record(NamedTuple):
    """What is kept of one operation."""

    operation: Any
    """An `OpOverload`, or a `Function` subclass; None: a view of this tensor was written to."""
    arguments: dict[str, Any]
    """Name → `Edge`, leaf, `Constant`, number, or a tuple of these."""
    value: Any
    """The first result, without its history."""
    file: str
    line: int
    path: tuple[call_path.Call, ...]
    numbers: dict[str, Number]
    """Name → number, of those arguments that were read off a tensor."""
    further: tuple[Any, ...] = ()
    """The other results, without their histories; None for one that has none."""
    version: int = 0
    """Of the first result, when it was computed."""
    overwritten: dict[str, tuple[Any, str]] = {}  # noqa: RUF012
    """Name → what it held and what wrote last, of arguments that had been written to since."""
    held: dict[str, Any] = {}  # noqa: RUF012
    """Name → what it held, of the small leaves among the arguments."""


_active: list[Recording] = []


def of(node: Any) -> Record | None:
    """The record of a node that an operation made, so that it can be run again; else None."""
    record = kept(node)
    return None if record is None or record.operation is None else record


def kept(node: Any) -> Record | None:
    """The record of a node, or None if it was made outside of a recording."""
    if KEY not in node.metadata:
        for mode in _active:
            mode.settle()
    return node.metadata.get(KEY)


@contextmanager
def paused() -> Iterator[None]:
    """Nothing is recorded inside."""
    modes = [mode for mode in _active if not mode.paused]
    for mode in modes:
        mode.paused = True
    try:
        yield
    finally:
        for mode in modes:
            mode.paused = False


class Calls(TorchFunctionMode):
    """Counts calls of PyTorch's functions: `linear` is one call, and several operations."""

    count = 0
    numbers: tuple[Number, ...] = ()
    """What was read off a tensor and is given to the call that is running."""
    given: tuple[Any, ...] = ()
    """All that this call is given."""

    def __torch_function__(
        self, func: Any, types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Count, and go on; notice where a history ends."""
        kwargs = kwargs or {}
        self.count += 1
        if _active[-1].paused:
            return func(*args, **kwargs)
        given = (*args, *kwargs.values())
        numbers = {} if origins.makes(func) else origins.readings.numbers(given)
        self.numbers, self.given = tuple(numbers.values()), given
        try:
            out = func(*args, **kwargs)
        finally:
            self.numbers = self.given = ()
        writers.note_data(func, out)
        origins.note(func, [numbers.get(k, v) for k, v in enumerate(given)], out, _where)
        return out


ITEM = torch.ops.aten._local_scalar_dense.default


def _where() -> tuple[str, int]:
    return call_path.call_path(WATCHING, LIBRARIES)[:2]


INSIDE = Calls.__torch_function__.__code__


class Recording(TorchDispatchMode):
    """Records every operation on PyTorch tensors inside a `with` block."""

    def __enter__(self) -> Recording:
        self.calls = Calls()
        self.calls.__enter__()
        self.done = 0
        self.paused = False
        self.waiting: dict[int, list[tuple[Record, Any]]] = {}
        self.written: list[tuple[Record, Any]] = []
        self._apply = torch.autograd.Function.__dict__["apply"]
        torch.autograd.Function.apply = classmethod(_noting(self._apply.__func__))
        self._from_numpy = torch.from_numpy  # which no mode sees either
        torch.from_numpy = _noting_array(self._from_numpy)
        self._show = warnings.showwarning
        warnings.showwarning = _showing_where(self._show)
        _active.append(self)
        super().__enter__()
        return self

    def __exit__(self, *exc: Any) -> None:
        super().__exit__(*exc)
        self.calls.__exit__(*exc)
        _active.remove(self)
        torch.autograd.Function.apply = self._apply
        torch.from_numpy = self._from_numpy
        warnings.showwarning = self._show
        self.settle()

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """Run an operation, and keep what it was given and what came out."""
        kwargs = kwargs or {}
        if func is ITEM and not isinstance(args[0], torch.Tensor):
            return args[0]  # the 3 of `y * 3`, read off its node, arrives as a number already
        if self.paused:
            return func(*args, **kwargs)
        number = torch.autograd._get_sequence_nr() - 1  # first: a stale view makes a node when seen
        self._attach_written()
        given = _by_name(func, args, kwargs)
        views = sum(
            isinstance(value, torch.Tensor) and value._is_view() for value in given.values()
        )
        if self.waiting:
            for value in _flat(given.values()):
                if isinstance(value, torch.Tensor):
                    self._attach(value)
        if func._schema.is_mutable:
            writers.note(func, args, kwargs, _where)
        if not torch.is_grad_enabled():
            return func(*args, **kwargs)
        arguments = {name: keep(value) for name, value in given.items()}
        written, held = dict(_overwritten(given)), dict(_held(given))
        out = func(*args, **kwargs)
        results = [value for value in _flat((out,)) if isinstance(value, torch.Tensor)]
        if results:
            self.done += 1
            file, line, path = call_path.call_path(WATCHING, LIBRARIES)
            # Within one call of PyTorch's, operations go on as instructions do within a frame.
            path = (*path, call_path.Call(INSIDE, self.done, self.calls.count, None, True))
            numbers = self._numbers(given)
            value, *further = map(_snapshot, results)
            in_place = func._schema.name.endswith("_")  # which is counted when it has returned
            shown = _flat(given.values()) if func.is_view else results  # a view shares its counter
            version = next(v._version for v in shown if isinstance(v, torch.Tensor)) + in_place
            record = Record(
                func, arguments, value, file, line, path, numbers, tuple(further), version,
                written, held,
            )  # fmt: skip
            self._wait(number, record, results)
            for before in range(views):  # whose new nodes may have come after that of the operation
                self._wait(number - 1 - before, record, results)
            if in_place:  # it copies its input first, which makes a node
                self._wait(number - 1, record, results)
                if (base := results[0]._base) is not None:
                    whole = record._replace(operation=None, arguments={}, value=_snapshot(base))
                    self.written.append((whole, weakref.ref(base)))
        return out

    def _numbers(self, given: dict[str, Any]) -> dict[str, Number]:
        """Those arguments that were read off a tensor; one operation of a call gets them."""
        found = {}
        left = list(self.calls.numbers)
        for name, value in given.items() if left else ():
            plain = value.item() if self._stands_for_a_number(value) else value
            for number in left:
                if isinstance(plain, (int, float)) and plain == number.value:
                    found[name] = number
                    left.remove(number)
                    break
        self.calls.numbers = tuple(left)
        return found

    def _stands_for_a_number(self, value: Any) -> bool:
        """Is it the tensor that PyTorch makes of the 3 in `s / 3`?"""
        if not isinstance(value, torch.Tensor) or value.dim() or value.requires_grad:
            return False
        return not any(value is given for given in self.calls.given)

    def _wait(self, number: int, record: Record, results: list[Any]) -> None:
        candidates = self.waiting.setdefault(number, [])
        candidates.append((record, [weakref.ref(tensor) for tensor in results]))
        if len(self.waiting) > WAITING:
            self.waiting.pop(next(iter(self.waiting)))

    def _attach_written(self) -> None:
        """Attach the records of tensors of which views were written to, before anything else is."""
        for record, reference in self.written:
            node = getattr(reference(), "grad_fn", None)
            if node is not None and node.name().endswith("CopySlices"):
                node.metadata.setdefault(KEY, record)
        self.written.clear()

    def settle(self) -> None:
        """Attach the records of all tensors that are in sight."""
        self._attach_written()
        for candidates in list(self.waiting.values()):
            for _, results in candidates:
                for reference in results:
                    if (tensor := reference()) is not None:
                        self._attach(tensor)

    def _attach(self, tensor: Any) -> None:
        node = tensor.grad_fn
        if node is None or node._sequence_nr() not in self.waiting:
            return
        for record, _ in self.waiting.pop(node._sequence_nr()):
            if _fits(record.operation, node):
                further = [
                    value if k < len(node._input_metadata) else None
                    for k, value in enumerate(record.further, 1)
                ]
                node.metadata.setdefault(KEY, record._replace(further=tuple(further)))


def _noting(apply: Callable[..., Any]) -> Callable[..., Any]:
    """`Function.apply`, which no mode sees, noting what it is called with."""

    def noted(cls: Any, *args: Any, **kwargs: Any) -> Any:
        arguments = {f"input{k}": keep(value) for k, value in enumerate(args)}
        where = call_path.call_path(WATCHING, LIBRARIES)
        out = apply(cls, *args, **kwargs)
        results = out if isinstance(out, tuple) else (out,)
        for result in results:
            node = getattr(result, "grad_fn", None)
            if node is not None and not result.output_nr:
                further = [
                    _snapshot(other) if _is_of(node, other) else None for other in results[1:]
                ]
                record = Record(cls, arguments, _snapshot(result), *where, {}, tuple(further))
                node.metadata.setdefault(KEY, record)
        return out

    return noted


def _overwritten(given: dict[str, Any]) -> Iterator[tuple[str, tuple[Any, str]]]:
    """Those arguments that hold something else than their nodes' records say."""
    for name, value in given.items():
        if isinstance(value, torch.Tensor) and value.grad_fn is not None:
            record = value.grad_fn.metadata.get(KEY)
            if record is not None and value._version > record.version:
                yield name, (_snapshot(value), writers.last(value, value._version))


def _held(given: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in given.items():
        is_leaf = isinstance(value, torch.Tensor) and value.requires_grad and value.is_leaf
        if is_leaf and value.numel() <= COMPARED:
            yield name, _snapshot(value)


def _is_of(node: Any, value: Any) -> bool:
    return isinstance(value, torch.Tensor) and value.grad_fn is node


def _noting_array(from_numpy: Callable[..., Any]) -> Callable[..., Any]:
    """`torch.from_numpy`, noting what the array was read off."""

    @functools.wraps(from_numpy)
    def noted(array: Any) -> Any:
        out = from_numpy(array)
        if not _active[-1].paused:
            origins.note(from_numpy, (array,), out, _where)
        return out

    return noted


def _showing_where(show: Callable[..., Any]) -> Callable[..., Any]:
    """`warnings.showwarning`, with the reader's line for a warning of PyTorch's that names ours."""

    def shown(message: Any, category: Any, file: str, line: int, *others: Any) -> None:
        if file == __file__:
            file, line = call_path.call_path((*WATCHING, "warnings"), LIBRARIES)[:2]
        show(message, category, file, line, *others)

    return shown


def _by_name(func: Any, args: Any, kwargs: dict[str, Any]) -> dict[str, Any]:
    """The arguments by the names in the operation's schema, with those that were left out."""
    given = {}
    for position, argument in enumerate(func._schema.arguments):
        if position < len(args):
            given[argument.name] = args[position]
        else:
            given[argument.name] = kwargs.get(argument.name, argument.default_value)
    return given


def keep(value: Any) -> Any:
    """An argument in the form in which it is kept."""
    if isinstance(value, torch.Tensor):
        if value.grad_fn is not None:
            return Edge(value.grad_fn, value.output_nr, weakref.ref(value))
        return value if value.requires_grad else Constant(value)
    return tuple(map(keep, value)) if isinstance(value, (tuple, list)) else value


def _flat(values: Any, whole: Any = ()) -> Iterator[Any]:
    for value in values:
        if isinstance(value, (tuple, list)) and not isinstance(value, whole):
            yield from _flat(value, whole)
        else:
            yield value


def _snapshot(tensor: Any) -> Any:
    """The entries as they are now; those of a large tensor are not copied."""
    with torch.no_grad():
        kept = tensor.detach()
        return kept.clone() if kept.numel() <= KEPT_WHOLE else kept


def _fits(operation: Any, node: Any) -> bool:
    """Is it the operation that the node is named after, and not one that this is made of?"""
    done = _plain(operation._schema.name.partition("::")[2])
    named = _plain(node.name().rpartition(":")[2].partition("Backward")[0])
    return done.startswith(named) or named.startswith(done)


def _plain(name: str) -> str:
    return name.replace("_", "").lower()
