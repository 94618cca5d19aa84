"""Recording a backward pass of minigrad's: what the recorder asks, answered from its graph."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np

from .. import origins, recording
from ..autograd import anomaly_mode, engine
from ..autograd.cotangents import worked
from ..autograd.differentiate import start
from ..autograd.grad_mode import no_grad
from ..autograd.node import NOWHERE, AccumulateGrad, Node
from ..autograd.saved_tensors import Packed
from ..random import fork_rng
from ..tensor import Tensor, on_array
from . import names as naming
from .data import Trace
from .nodes import (
    came_by,
    custom,
    edge_of,
    forward_order,
    input_names,
    kept_values,
    operation_name,
    saved_tensors,
    source,
)
from .past import Pasts
from .recorder import recorded
from .scopes import Scope, scopes
from .source import Arrays, Described, Past, Source, Visit, leaves_elsewhere


def record(
    out: Tensor,
    gradient: Any = None,
    names: dict[str, Any] | None = None,
    partial: bool = False,
    inputs: Sequence[Tensor] = (),
) -> Trace:
    """The trace of a backward pass from `out`, without its consequences.

    gradient: the cotangent of `out`, of its shape; may be left out if `out` has one entry.
    names: variable names and their values, such as `globals()`.
    partial: a walk that fails gives the trace up to the failing node, with its `error`; and if
        `out` has no graph, but what it was computed from is known, the trace shows that.
    inputs: leaves that are shown even if the walk does not reach them.

    The walk is real, but afterwards every `.grad` is as it was and the graph is still there.
    Raises what `out.backward(gradient)` would raise, with `partial` only what it would raise before
    it starts to walk.
    """
    return recorded(Graph(out, gradient, partial), names or {}, partial, inputs)


@contextlib.contextmanager
def grads_kept(tensors: Sequence[Tensor]) -> Iterator[None]:
    """Puts every `.grad` back; inside, a copy of it may be added to.

    What is registered to run after that, such as the step of an optimizer, does not run.
    """
    before = [tensor._grad for tensor in tensors]
    after = [(hooks, dict(hooks)) for tensor in tensors if (hooks := tensor._after_hooks)]
    for tensor, grad in zip(tensors, before, strict=True):
        tensor._grad = None if grad is None else grad.detach().clone()
    for hooks, _ in after:
        hooks.clear()
    try:
        yield
    finally:
        for tensor, grad in zip(tensors, before, strict=True):
            tensor._grad = grad
        for hooks, kept in after:
            hooks.update(kept)


def part_overwritten(name: str, edge: Any) -> str:
    """How a write through a view is written. edge: to what was there, if that had a history."""
    return f"{name if edge is not None else 'constants'}, part overwritten"


def _shown(operation: Any, record: Any, node: Node, names: Sequence[str]) -> str | None:
    """How an operation is written, if it was recorded."""
    if isinstance(record, recording.Record) and record.operation is None:
        return part_overwritten(names[0], node.edges[0])
    return operation.shown if operation is not None and record else None


class Graph(Source):
    """The graph of a minigrad tensor."""

    engine = "minigrad"

    def __init__(self, out: Tensor, gradient: Any, partial: bool = False) -> None:
        try:
            given = gradient.detach() if isinstance(gradient, Tensor) else gradient
            self.roots, self.cotangents = start((out,), given, False)
        except RuntimeError as problem:
            if not partial or out.requires_grad or origins.of(out) is None:
                raise
            self.refused = problem
        self.out = out
        self.order = forward_order(out)
        self.pasts = Pasts({origins.number_of(node): (node, 0) for node in self.order})
        self.constants: dict[int, Tensor] = {}  # whatever history they may have got since
        self.sources: dict[tuple[str, int], Any] = {}  # a loop comes to one line again and again

    def key(self, value: Any) -> Any:
        """See `Source`."""
        if isinstance(value, Past):
            return value.key
        known = id(value) in self.constants and value is not self.out
        return id(value) if known else naming.known_key(value)

    def slot(self, value: Any) -> int:
        """See `Source`."""
        if isinstance(value, Tensor):
            return value.output_nr
        return value[1] if isinstance(value, tuple) and len(value) == 2 else 0

    def own_key(self, node: Node) -> Any:
        """See `Source`."""
        return (node, 0)

    def leaf(self, value: Any) -> Any:
        """See `Source`."""
        if isinstance(value, Tensor):
            return value if value.is_leaf or id(value) in self.constants else None
        is_edge = isinstance(value, tuple) and value and isinstance(value[0], AccumulateGrad)
        return value[0].variable if is_edge else None

    def array(self, tensor: Tensor) -> np.ndarray:
        """See `Source`."""
        return tensor._array

    def describe(self, node: Node) -> Described:
        """See `Source`."""
        record = recording.kept(node)
        own = record if custom(node) else None
        name = operation_name(node) if own is None else own.operation.__name__
        arguments = node.edges if record is None else record.arguments
        names = input_names(node, None if record is None else len(arguments))
        operation = getattr(node, "operation", None)
        kept = kept_values(node)
        unrecorded = {}
        if operation is not None and record is None and set(operation.options) <= kept.keys():
            unrecorded = {name: kept[name] for name in operation.options}
        options: Sequence[str] = operation.options if operation is not None and record else ()
        inputs = came_by(node, dict(zip(names, arguments, strict=record is None)))
        read = {k: self.pasts.number(known) for k, known in origins.numbers_of(node).items()}
        inputs |= {names[k]: past for k, past in read.items() if past and k < len(names)}
        self.constants |= {id(v): v for v in inputs.values() if isinstance(v, Tensor)}
        return Described(
            operation=name,
            grad_fn=type(node).__name__,
            inputs=inputs,
            options={
                name: read.get(len(names) + k) or value
                for k, (name, value) in enumerate(
                    zip(options, arguments[len(names) :], strict=True)
                )
            }
            | unrecorded,
            shown=naming.settled(
                _shown(operation, record or unrecorded, node, names),
                naming.settings_of(
                    operation, dict(zip(options, arguments[len(names) :], strict=True)) | unrecorded
                ),
            ),
            call=name if own is None else f"{name}.apply",
            latex={} if operation is None else operation.latex,
            kept=kept | inputs,
            value=None if record is None else record.value,
            source=self._source(record),
            saved=[
                saved._replace(tensor=edge_of(saved, names, arguments, inputs))
                for saved in saved_tensors(node)
            ],
            further=() if record is None else record.further,
            overwritten={}
            if record is None
            else {names[w.position]: w[1:] for w in record.overwritten if w.position < len(names)},
            packed=any(isinstance(value, Packed) for value in getattr(node, "saved", None) or ()),
            held={}
            if record is None
            else {names[k]: array for k, array in record.held if k < len(names)},
        )

    def writer(self, tensor: Tensor) -> str:
        """See `Source`."""
        return recording.writer(tensor)

    def _source(self, record: Any) -> dict[str, Any] | None:
        """Where an operation was written."""
        if record is None:
            return None
        place = record.file, record.line
        if place not in self.sources:
            self.sources[place] = source(record)
        return self.sources[place]

    def scopes(self, names: dict[str, Any]) -> list[tuple[Scope, ...]]:
        """See `Source`."""
        records = [recording.kept(node) for node in self.order]
        return scopes([() if record is None else record.path for record in records], names)

    def edges(self, node: Node) -> list[Any]:
        """See `Source`."""
        return [
            None if edge is None or edge[0] is NOWHERE else (name, naming.edge_key(edge), edge[1])
            for name, edge in zip(input_names(node), node.edges, strict=True)
        ]

    def variable(self, node: Node) -> Any:
        """See `Source`."""
        return node.variable if isinstance(node, AccumulateGrad) else None

    def retained(self, node: Node) -> list[Tensor]:
        """See `Source`."""
        references = (node.extras or {}).get("retained", {}).values()
        return [tensor for reference in references if (tensor := reference()) is not None]

    def is_retained(self, node: Node) -> bool:
        """See `Source`."""
        return bool((node.extras or {}).get("retained"))

    def send(self, node: Node, cotangents: Arrays) -> Arrays:
        """See `Source`."""
        return worked(node, list(cotangents))

    def entrywise(self, node: Node) -> bool:
        """See `Source`."""
        return getattr(getattr(node, "operation", None), "jvp", None) == "entrywise"

    def tensors(self) -> list[Tensor]:
        """See `Source`."""
        found = [self.out] if self.out.is_leaf else []
        for end in {edge[0] for node in self.order for edge in node.edges if edge}:
            if isinstance(end, AccumulateGrad):
                found.append(end.variable)
        if any(custom(node) for node in self.order):
            found += leaves_elsewhere(Tensor, found)
        return found + [tensor for node in self.order for tensor in self.retained(node)]

    def again(self, node: Node, position: int) -> tuple[Any, np.ndarray, np.ndarray] | None:
        """See `Source`."""
        record, operation = recording.of(node), getattr(node, "operation", None)
        if record is None or operation is None or operation.jvp in ("linear", "multilinear"):
            return None
        values = record.arguments
        x = getattr(values[position], "_array", None)
        if x is None or x.dtype.kind != "f":
            return None

        def run(array: np.ndarray) -> np.ndarray:
            given = [double(value) for value in values]
            given[position] = on_array(array)
            with no_grad(), recording.recording(False):
                out = operation(*given)
            return (out[0] if isinstance(out, tuple) else out)._array

        return run, x, record.value

    def forward(self, node: Node, position: int) -> tuple[Any, np.ndarray, np.ndarray] | None:
        """See `Source`."""
        record = recording.of(node)
        if record is None or not custom(node) or record.operation.__module__.startswith(OWN):
            return None
        given = [double(value) for value in record.arguments]
        at = [k for k, value in enumerate(record.arguments) if isinstance(value, Tensor)][position]
        x = record.arguments[at]._array

        def run(array: np.ndarray) -> np.ndarray:
            moved = [on_array(v._array.copy()) if isinstance(v, Tensor) else v for v in given]
            moved[at] = on_array(array.copy())
            with no_grad(), recording.recording(False), fork_rng():
                out = record.operation.apply(*moved)
            return np.array((out[0] if isinstance(out, tuple) else out)._array)

        return (run, x, record.value) if x.dtype.kind == "f" else None

    def past(self, tensor: Tensor) -> Past | None:
        """See `Source`."""
        return self.pasts.of(tensor)

    def former_names(self, names: dict[str, Any]) -> dict[Any, str]:
        """See `Source`."""
        called = {id(value): name for name, value in names.items() if name[:1] != "_"}
        here = {(node, 0) for node in self.order}
        former = {}
        for node in self.order:
            record = recording.of(node)
            values = record.arguments if record else ()
            if custom(node):
                values = tuple(value for value in values if isinstance(value, Tensor))
            for value, edge in zip(values, node.edges, strict=False):
                if edge is not None and id(value) in called and naming.key(value) not in here:
                    former[naming.edge_key(edge)] = called[id(value)]
        return former

    def stood(self, problem: Exception) -> tuple[Any, Any]:
        """See `Source`. The frame of the walk still knows."""
        found = None, None
        trace = problem.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code in (engine.walk.__code__, Graph.walk.__code__):
                here = trace.tb_frame.f_locals
                found = (here["node"], here.get("incoming")) if "node" in here else found
            trace = trace.tb_next
        return found

    def walk(self, begin: Callable[[np.ndarray], None], visit: Visit) -> None:
        """See `Source`."""
        arrived: dict[Any, Arrays] = {}  # at a Function, whose backward may write into it

        def keep(node: Any, grads: Any) -> None:
            arrived[node] = [None if grad is None else grad._array.copy() for grad in grads]

        handles = [
            node.register_prehook(partial(keep, node)) for node in self.order if custom(node)
        ]
        try:
            with grads_kept(self.tensors()):
                begin(self.cotangents[0])
                steps = engine.walk(self.roots, self.cotangents, keep_graph=True)
                for node, incoming, outgoing in steps:
                    if node is NOWHERE:
                        continue
                    if anomaly_mode.enabled:
                        anomaly_mode.check(node, outgoing, keep_graph=True)
                    visit(node, arrived.get(node, incoming), outgoing)
        finally:
            for handle in handles:
                handle.remove()


OWN = ("minigrad.", "widgets.")
"""Modules whose Functions are no reader's."""


def double(value: Any) -> Any:
    """A floating point tensor in float64; anything else as it is."""
    if isinstance(value, Tensor) and value._array.dtype.kind == "f":
        return on_array(value._array.astype(np.float64))
    return value
