"""The graph of a PyTorch tensor, and a real backward pass through it, as a recorder asks for them.

The pass is PyTorch's own: `torch.autograd.backward` with `retain_graph=True`. Hooks on each node
see what arrives and what is sent on. They are taken away afterwards, and every `.grad` is put back,
also if the pass fails. Hooks of the user's run as in any backward pass, once.
"""

from __future__ import annotations

import gc
import heapq
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import torch

from minigrad.trace.scopes import scopes
from minigrad.trace.source import Arrays, Described, Past, Source, Visit, leaves_elsewhere

from . import again, origins, saved, unrecorded, writers
from .describe import FUNCTION, UNKNOWN, Node
from .past import Pasts
from .recording import Constant, Edge, _flat
from .tensors import array, arrays, check, fit, grads_kept, one_thread, refuse_complex

ACCUMULATE = "torch::autograd::AccumulateGrad"


class Graph(Source):
    """The graph of a PyTorch tensor.

    gradient: the cotangent of `out`; may be left out if `out` has one entry.
    names: variable names and their values. partial: draw also an `out` without a graph, if it is
        known where it came from.
    Raises what `out.backward(gradient)` raises before it starts, and TypeError for a tensor that
    cannot be drawn: on another device, sparse, complex.
    """

    engine = "torch"

    def __init__(
        self, out: Any, gradient: Any, names: dict[str, Any], partial: bool = False
    ) -> None:
        check(out, "the tensor that you step through")
        wrong = gradient is not None and getattr(gradient, "shape", None) != out.shape
        if not out.requires_grad or wrong or (gradient is None and out.numel() != 1):
            try:
                torch.autograd.backward((out,), (gradient,), retain_graph=True)  # raises its error
            except RuntimeError as problem:
                if not partial or out.requires_grad or origins.of(out) is None:
                    raise
                self.refused = problem
        self.out = out
        self.gradient = torch.ones_like(out) if gradient is None else gradient
        check(self.gradient, "the gradient")
        self.order, self.ends = collect(out) if out.requires_grad else ([], [])
        self.pasts = Pasts(self)
        for node in self.ends:
            check(node.variable, "a leaf of the graph")
        for node in self.order:
            refuse_complex(node)
        self.nodes = {node: Node(node) for node in self.order}
        self.known = self._values(names.values())
        self._retained = self._find_retained()
        self._standing: tuple[Any, Any] = (None, None)
        self._seen: list[tuple[Any, Arrays, Arrays]] = []  # the steps of the walk that were done

    def _values(self, named: Iterable[Any]) -> dict[Any, np.ndarray]:
        """What is known of computed tensors without a recording: saved ones, and named ones."""
        known: dict[Any, np.ndarray] = {}
        kept = [t for node in self.order for _, t, _ in saved.all_tensors(node, overwritten=False)]
        for tensor in (self.out, *named, *kept):
            node = tensor.grad_fn if isinstance(tensor, torch.Tensor) else None
            if node in self.nodes and node not in known and not tensor.output_nr:
                known[node] = array(tensor)
        return known

    def _find_retained(self) -> dict[Any, list[Any]]:
        """The tensors that `retain_grad()` was called on; PyTorch's nodes do not tell."""
        found: dict[Any, list[Any]] = {}
        for value in gc.get_objects():
            if torch.Tensor not in type(value).__mro__ or not value.requires_grad:
                continue
            if value.retains_grad and value.grad_fn in self.nodes:
                found.setdefault(value.grad_fn, []).append(value)
        return found

    # ---- what the recorder asks ----------------------------------------------------------------

    def key(self, value: Any) -> Any:
        """See `Source`."""
        if isinstance(value, Past):
            return value.key
        if isinstance(value, Constant):
            value = value.tensor
        if isinstance(value, torch.Tensor):
            return id(value) if value.grad_fn is None else (value.grad_fn, 0)
        if isinstance(value, tuple) and value and hasattr(value[0], "next_functions"):
            node = value[0]
            return id(node.variable) if node.name() == ACCUMULATE else (node, 0)
        return None

    def slot(self, value: Any) -> int:
        """See `Source`."""
        if isinstance(value, torch.Tensor):
            return value.output_nr
        if isinstance(value, Past):
            return 0
        return value[1] if self.key(value) is not None and isinstance(value, tuple) else 0

    def own_key(self, node: Any) -> Any:
        """See `Source`."""
        return (node, 0)

    def leaf(self, value: Any) -> Any:
        """See `Source`."""
        if isinstance(value, Constant):
            return value.tensor
        if isinstance(value, torch.Tensor):
            return value if value.grad_fn is None else None
        is_end = self.key(value) is not None and value[0].name() == ACCUMULATE
        return value[0].variable if is_end else None

    def array(self, tensor: Any) -> np.ndarray:
        """See `Source`."""
        return array(tensor)

    def describe(self, node: Any) -> Described:
        """See `Source`."""
        described = self.nodes[node].described(self.known.get(node))
        record = self.nodes[node].record
        if record is None:
            return self._found_again(node, described)
        if not record.numbers:
            return described
        past = {name: self.pasts.number(n, record) for name, n in record.numbers.items()}
        return described._replace(
            inputs={name: past.get(name, value) for name, value in described.inputs.items()},
            options={name: past.get(name, value) for name, value in described.options.items()},
        )

    def _found_again(self, node: Any, described: Described) -> Described:
        """What is known of a node that was not recorded, with the number that it does not keep."""
        operation, edges = self.nodes[node].operation, self.nodes[node].edges
        result = self.known.get(node)
        given = {name: self._known_value(v) for name, v in described.inputs.items()}
        given |= {name: None if v is UNKNOWN else v for name, v in described.options.items()}
        missing = [name for name, value in given.items() if value is None]
        if operation is None or result is None or len(missing) != 1 or missing[0] in edges:
            return described
        found = unrecorded.number(operation, given, missing[0], result)
        if found is None:
            return described
        return described._replace(
            inputs={n: found if n == missing[0] else v for n, v in described.inputs.items()},
            options={n: found if n == missing[0] else v for n, v in described.options.items()},
        )

    def _known_value(self, value: Any) -> Any:
        """The entries of an input, as far as they are known."""
        leaf = self.leaf(value)
        if leaf is not None:
            return array(leaf)
        key = self.key(value)
        return value if key is None else self.known.get(key[0])

    def scopes(self, names: dict[str, Any]) -> Any:
        """See `Source`."""
        records = [self.nodes[node].record for node in self.order]
        return scopes([() if record is None else record.path for record in records], names)

    def edges(self, node: Any) -> list[Any]:
        """See `Source`."""
        return [
            None if edge[0] is None else (name, self.key(edge), edge[1])
            for name, edge in zip(self.nodes[node].names, node.next_functions, strict=True)
        ]

    def variable(self, node: Any) -> Any:
        """See `Source`."""
        return node.variable if node.name() == ACCUMULATE else None

    def retained(self, node: Any) -> Sequence[Any]:
        """See `Source`."""
        return self._retained.get(node, ())

    def is_retained(self, node: Any) -> bool:
        """See `Source`."""
        return node in self._retained

    def tensors(self) -> list[Any]:
        """See `Source`."""
        leaves = [node.variable for node in self.ends]
        if any(isinstance(node, FUNCTION) for node in self.order):
            leaves += leaves_elsewhere(torch.Tensor, leaves)
        return leaves + [tensor for tensors in self._retained.values() for tensor in tensors]

    def entrywise(self, node: Any) -> bool:
        """See `Source`."""
        return getattr(self.nodes[node].operation, "jvp", None) == "entrywise"

    def writer(self, tensor: Any) -> str:
        """See `Source`."""
        return writers.last(tensor, tensor._version)

    def past(self, tensor: Any) -> Past | None:
        """See `Source`."""
        return self.pasts.of(tensor)

    def again(self, node: Any, position: int) -> Any:
        """See `Source`."""
        described = self.nodes[node]
        linear = getattr(described.operation, "jvp", "linear") in ("linear", "multilinear")
        found = None if linear else again.at(node, described.names[position])
        if found is None or described.record is None:
            return None
        return (*found, array(described.record.value))

    def forward(self, node: Any, position: int) -> Any:
        """See `Source`."""
        record = self.nodes[node].record
        if record is None or not isinstance(node, FUNCTION):
            return None
        found = again.at(node, self.nodes[node].names[position])
        library = record.operation.__module__.startswith(("torch.", "widgets."))
        return None if found is None or library else (*found, array(record.value))

    def former_names(self, names: dict[str, Any]) -> dict[Any, str]:
        """See `Source`."""
        called = {id(value): name for name, value in names.items() if name[:1] != "_"}
        former = {}
        for node in self.nodes.values():
            for value in _flat(node.given.values(), whole=Edge):
                tensor = value.tensor() if isinstance(value, Edge) else None
                if tensor is not None and id(tensor) in called and tensor.grad_fn not in self.nodes:
                    former[self.key(value)] = called[id(tensor)]
        return former

    # ---- the pass ------------------------------------------------------------------------------

    def send(self, node: Any, cotangents: Arrays) -> Arrays:
        """See `Source`."""
        given = []
        for value, like in zip(cotangents, node._input_metadata, strict=True):
            if value is not None:
                given.append(torch.from_numpy(value).to(like.dtype))
            elif isinstance(node, FUNCTION) and _materializes(node):
                given.append(torch.zeros(tuple(like.shape), dtype=like.dtype))
            else:
                given.append(None)
        with torch.no_grad():
            outgoing = node.apply(*given) if isinstance(node, FUNCTION) else node(*given)
        outgoing = outgoing if isinstance(outgoing, tuple) else (outgoing,)
        if len(outgoing) != len(node.next_functions):  # numbers among a Function's arguments
            needed = zip(outgoing, node.needs_input_grad, strict=False)
            sent = iter([value for value, need in needed if need])
            outgoing = tuple(None if e[0] is None else next(sent) for e in node.next_functions)
        return [
            None if value is None or edge[0] is None else array(fit(value, edge))
            for value, edge in zip(outgoing, node.next_functions, strict=True)
        ]

    def stood(self, problem: Exception) -> tuple[Any, Any]:
        """See `Source`. Where the last step was done, a hook of the next node's tensor raised."""
        done = {node for node, _, _ in self._seen}
        return (self._next(done), None) if self._standing[0] in done else self._standing

    def _next(self, done: set[Any]) -> Any:
        """The node that PyTorch goes to: of those that wait for nobody, leaves first, then the
        youngest.
        """
        waiting = [node for node in (*self.order, *self.ends) if node not in done]
        held_up = {following for node in waiting for following, _ in node.next_functions}
        ready = [node for node in waiting if node not in held_up]
        return max(ready, key=lambda n: (n.name() == ACCUMULATE, n._sequence_nr()), default=None)

    def walk(self, begin: Callable[[np.ndarray], None], visit: Visit) -> None:
        """See `Source`.

        The visits come after the pass: they ask for saved tensors again, and while a pass is on
        its way a checkpoint gives each but once.
        """
        handles = []
        seen = self._seen

        def before(node: Any) -> Callable[[Any], None]:
            def stand(incoming: Any) -> None:
                self._standing = node, arrays(incoming)

            return stand

        def after(node: Any) -> Callable[[Any, Any], None]:
            def sent(outgoing: Any, incoming: Any) -> None:
                at, arrived = self._standing  # as it was before a derivative wrote into it
                seen.append((node, arrived if at is node else arrays(incoming), arrays(outgoing)))

            return sent

        with grads_kept(self.tensors()), one_thread():
            begin(array(self.gradient))
            try:
                for node in (*self.order, *self.ends):
                    handles.append(node.register_prehook(before(node)))
                    handles.append(node.register_hook(after(node)))
                torch.autograd.backward((self.out,), (self.gradient,), retain_graph=True)
            finally:
                for handle in handles:
                    handle.remove()
                for step in seen:
                    visit(*step)


def collect(out: Any) -> tuple[list[Any], list[Any]]:
    """The operations that `out` was computed by, inputs before outputs and else oldest first; and
    the ends of the graph, one `AccumulateGrad` per leaf.
    """
    root = torch.autograd.graph.get_gradient_edge(out).node
    users = {root: 0}
    unseen = [root]
    while unseen:
        for following, _ in unseen.pop().next_functions:
            if following is not None:
                if following not in users:
                    users[following] = 0
                    unseen.append(following)
                users[following] += 1
    ready = [(0, 0, root)]
    found = []
    while ready:
        found.append(heapq.heappop(ready)[2])
        for following, _ in found[-1].next_functions:
            if following is not None:
                users[following] -= 1
                if not users[following]:
                    entry = (-following._sequence_nr(), len(found) + len(ready), following)
                    heapq.heappush(ready, entry)
    found.reverse()
    ends = [node for node in found if node.name() == ACCUMULATE]
    return [node for node in found if node.name() != ACCUMULATE], ends


def _materializes(node: Any) -> bool:
    """Does a Function get zeros in place of None? Some versions of PyTorch do not tell: they do."""
    try:
        return bool(node.materialize_grads)
    except AttributeError:
        return True
