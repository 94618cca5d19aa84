"""The backward pass, on one page.

`walk` is a generator: it does one node's work, yields what happened, and goes on when asked: step
by step by hand, or drained by `run`. In short:

    while ready:
        node, incoming = the youngest that is ready
        outgoing = fit(node, node.backward(incoming))
        yield node, incoming, outgoing
        for (following, slot), cotangent in zip(node.edges, outgoing):
            add cotangent to pending[following][slot]
            if nothing is missing there, following is ready

The rest is hooks (`extras`), limits (`wanted`), PyTorch's `_version` (`written`, `came`), and
letting go of arrays early (`= None`).

The cotangents on the way are NumPy arrays; with `create_graph=True` they are tensors, so that the
backward pass is itself recorded and can be differentiated again. They are tensors in forward mode,
too (they carry tangents), and where a given cotangent requires grad (hooks see that it does).

`written`, `came` and `arrivals.version` count how often PyTorch would have written to a gradient,
so that `x.grad._version` agrees. No value depends on them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from heapq import heappop, heappush
from time import perf_counter_ns
from typing import Any

from .. import watch
from . import anomaly_mode, hooks, profiler, saved_tensors
from .arrivals import Arrivals, Lost, written_to
from .cotangents import fit
from .grad_mode import state
from .nesting import DEEP, in_a_thread
from .node import NOWHERE, Node
from .task import Task
from .wanted import Wanted

Step = tuple[Node, list[Any], Sequence[Any]]
"""(node, [incoming cotangent per output, …], [outgoing cotangent per edge, …])"""

Work = Callable[[Node, list[Any]], Sequence[Any]]
"""(node, incoming) → outgoing, made to fit the inputs"""


def walk(
    roots: Sequence[tuple[Node, int]],
    cotangents: Sequence[Any],
    keep_graph: bool = False,
    as_tensors: bool = False,
    wanted: Wanted | None = None,
    work: Work | None = None,
) -> Iterator[Step]:
    """Send `cotangents` into `roots` and yield a `Step` for each node, outputs before inputs.

    A node runs once, when every path that leads to it has delivered: that is why a backward pass
    needs a topological order. Of the nodes that are ready the youngest runs first, as in PyTorch.
    `as_tensors`: the cotangents are tensors, not arrays. `wanted` limits the walk to the paths that
    lead to certain tensors. `work` does a node's work in its place: for many cotangents at once,
    see `rows.py`.

    Raises RuntimeError, as PyTorch words it, if a node has freed its saved tensors, or if it
    returned the wrong number or shape of gradients.
    """
    pending = expect(roots, wanted)
    ready: list[tuple[int, Node, Any]] = []  # a heap: the youngest first
    for (node, slot), cotangent in zip(roots, cotangents, strict=True):
        before = pending[node][slot]
        pending[node][slot] = cotangent if before is None else before + cotangent
    for node in dict.fromkeys([node for node, _ in roots]):
        if not pending[node].missing:
            heappush(ready, (node.order, node, pending.pop(node)))

    outgoing: Any
    sent: Any
    arrivals: Any
    while ready:
        _, node, incoming = heappop(ready)  # read by `task.py` and `trace/record.py`
        extras = node.extras
        try:
            if extras is not None:
                incoming = hooks.before(node, incoming, as_tensors, wanted)
            if wanted is not None and not wanted.passes(node, incoming):
                continue
            had_posthooks = extras is not None and "posthooks" in extras  # others get no incoming
            if extras is not None:
                incoming = hooks.prehooks(node, incoming)
            if work is not None:
                outgoing = work(node, incoming)
            else:
                outgoing = node.backward(incoming, as_tensors)
                if node.shapes is not None:
                    outgoing = fit(node, outgoing)  # undoes broadcasting
            if node.extras is not None:
                if wanted is not None:  # hooks see no others; nor do `wanted.edges` lead there
                    outgoing = wanted.only(node, outgoing)
                outgoing = hooks.after(node, incoming if had_posthooks else [], outgoing)
        except Exception as error:
            if anomaly_mode.enabled:
                anomaly_mode.explain(node)
            if watch.heard:
                watch.tell("backward failed", node, error)
            if isinstance(error, ValueError):
                node.again(incoming)  # on tensors, which say it as PyTorch does
            raise
        yield node, incoming, outgoing
        if not keep_graph:
            node.release()

        written = node.writes
        came = incoming if written or (type(incoming) is not list and incoming.version) else None
        incoming = NOTHING  # so that only those hold an array, from here on, who are sent it
        edges = node.edges if wanted is None else wanted.edges(node)
        products: Any = iter(outgoing)
        for edge in edges:
            cotangent = next(products)
            if edge is None:
                continue
            if came is not None:
                written = written_to(cotangent, came, node, edge)
            following, slot = edge
            arrivals = pending.get(following)
            if arrivals is None:  # only this edge leads there, and the node has one output
                sent = Arrivals.complete([cotangent], written) if written else [cotangent]
                heappush(ready, (following.order, following, sent))
                continue
            arrivals.missing -= 1
            if cotangent is None:
                arrivals.version -= 1
            else:
                arrivals.add(slot, cotangent, outgoing, products, written)
            if not arrivals.missing:
                heappush(ready, (following.order, following, pending.pop(following)))
        came = outgoing = products = cotangent = sent = arrivals = None
        # Nothing here holds an array any more: the last who does may keep it (see `holding.py`).


NOTHING: list[Any] = []


def expect(roots: Sequence[tuple[Node, int]], wanted: Wanted | None = None) -> dict[Node, Arrivals]:
    """For every root, every node with several outputs, and every node that several edges lead to:
    places for the cotangents to come, and how many edges will bring one.
    """
    pending = {node: Arrivals.complete([None] * node.outputs, 0) for node, _ in roots}
    seen, unseen = set(pending), list(pending)
    while unseen:
        node = unseen.pop()
        for edge in node.edges if wanted is None else wanted.edges(node):
            if edge is None:
                continue
            following = edge[0]
            if following not in seen:
                seen.add(following)
                unseen.append(following)
                if following.outputs > 1:
                    pending[following] = arrivals = Arrivals([None] * following.outputs)
                    arrivals.missing, arrivals.version = 1, 0
            elif following in pending:
                pending[following].missing += 1
            else:
                kind = Lost if following is NOWHERE else Arrivals
                pending[following] = arrivals = kind((None,))
                arrivals.missing, arrivals.version = 2, 0
    return pending


def observed(steps: Iterator[Step], keep_graph: bool) -> Iterator[Step]:
    """The same steps, timed for the profiler and searched for nan in anomaly mode."""
    started = perf_counter_ns()
    for node, incoming, outgoing in steps:
        profiler.note_step(node, started, perf_counter_ns())
        if anomaly_mode.enabled:
            anomaly_mode.check(node, outgoing, keep_graph)
        yield node, incoming, outgoing
        started = perf_counter_ns()


def of_tensors(cotangents: Sequence[Any]) -> bool:
    """True if what a walk starts with are tensors, not arrays."""
    return bool(cotangents) and hasattr(cotangents[0], "_array")


def run(
    roots: Sequence[tuple[Node, int]],
    cotangents: Sequence[Any],
    keep_graph: bool,
    create_graph: bool,
    wanted: Wanted | None = None,
    work: Work | None = None,
) -> None:
    """The whole walk at once: what `backward()` does."""
    if state.depth == DEEP:
        in_a_thread(run, roots, cotangents, keep_graph, create_graph, wanted, work)
        return
    state.depth += 1
    outer = state.grad_enabled, state.limited, state.task, state.packing
    state.grad_enabled, state.limited = create_graph, state.limited or wanted is not None
    task = state.task = Task(roots, wanted, keep_graph)
    as_tensors = of_tensors(cotangents)
    try:
        if profiler.active():
            work = profiler.timed(work, as_tensors)
        steps = task.walk = walk(roots, cotangents, keep_graph, as_tensors, wanted, work)
        if profiler.active() or anomaly_mode.enabled:
            steps = observed(steps, keep_graph)
        deque(steps, maxlen=0)  # keeps none of them
        for callback in task.callbacks:
            callback()
    finally:
        state.depth -= 1
        state.grad_enabled, state.limited, state.task, packing = outer
        if state.packing is not packing:  # something within did not put its hooks away
            saved_tensors.restore(packing)
