"""The backward pass, on one page.

`walk` is a generator: it does one node's work, yields what happened, and goes on when asked. A
person may ask slowly (that is what the stepper shows); `run` drains it at full speed.

The cotangents on the way are NumPy arrays; with `create_graph=True` they are tensors, so that the
backward pass is itself recorded and can be differentiated again. In forward mode they are tensors
too, which have tangents.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from heapq import heappop, heappush
from sys import getrefcount
from threading import Thread
from time import perf_counter_ns
from typing import Any

from .. import watch
from . import anomaly_mode, forward_ad, hooks, profiler, saved_tensors
from .cotangents import fit
from .gathering import NOTHING, Gathered, written_to
from .grad_mode import state
from .graph import Node
from .holding import LAST
from .task import Task
from .wanted import Wanted

Step = tuple[Node, list[Any], Sequence[Any]]
"""(node, [incoming cotangent per output, …, how often it was written to], outgoing cotangent per
edge)"""

Work = Callable[[Node, list[Any]], Sequence[Any]]
"""(node, incoming) → outgoing, made to fit the inputs"""


def walk(
    roots: Sequence[tuple[Node, int]],
    cotangents: Sequence[Any],
    keep_graph: bool = False,
    create_graph: bool = False,
    wanted: Wanted | None = None,
    work: Work | None = None,
) -> Iterator[Step]:
    """Send `cotangents` into `roots` and yield a `Step` for each node, outputs before inputs.

    A node runs once, when every path that leads to it has delivered: that is why a backward pass
    needs a topological order. Of the nodes that are ready the youngest runs first, as in PyTorch.
    `create_graph`: the cotangents are tensors. `wanted` limits the walk to the paths that lead to
    certain tensors. `work` does a node's work in its place: for many cotangents at once, see
    `rows.py`.

    Raises RuntimeError, as PyTorch words it, if a node has freed its saved tensors, or if it
    returned the wrong number or shape of gradients.
    """
    pending = expect(roots, wanted)
    ready: list[tuple[int, Node, list[Any]]] = []  # a heap: the youngest first
    for (node, slot), cotangent in zip(roots, cotangents, strict=True):
        before = pending[node][slot]
        pending[node][slot] = cotangent if before is None else before + cotangent
    for node in {node for node, _ in roots}:
        if not pending[node][-1]:
            heappush(ready, (node.order, node, pending.pop(node)))

    outgoing: Any
    while ready:
        _, node, incoming = heappop(ready)
        known = node.extras
        try:
            if known is not None:
                incoming = hooks.before(node, incoming, create_graph)
            if wanted is not None and not wanted.passes(node, incoming):
                continue
            if known is not None:
                heeded = "posthooks" in known
                incoming = hooks.prepare(node, incoming)
            if work is not None:
                outgoing = work(node, incoming)
            else:
                outgoing = node.backward(incoming, create_graph)
                if node.shapes is not None:
                    outgoing = fit(node, outgoing)  # undoes broadcasting
            if node.extras is not None:
                if wanted is not None:
                    outgoing = wanted.only(node, outgoing)
                told = known is not None and heeded  # else it came too late to be told what came in
                outgoing = hooks.after(node, incoming if told else [], outgoing)
        except Exception as error:
            if anomaly_mode.enabled:
                anomaly_mode.explain(node)
            if watch.heard:
                watch.tell("backward failed", node, error)
            raise
        yield node, incoming, outgoing
        if not keep_graph:
            node.release()
        written = node.written
        came = incoming if incoming[-1] else None
        incoming = NOTHING  # what is handed on as it came is held by those who get it alone

        edges = node.edges if wanted is None else wanted.edges(node)
        products: Any = iter(outgoing)
        for edge in edges:
            cotangent = next(products)
            if edge is None:
                continue
            if came is not None:
                written = written_to(cotangent, came, node)
            following, slot = edge
            gathered = pending.get(following)
            if gathered is None:  # this is the only edge that leads there
                heappush(ready, (following.order, following, [cotangent, written]))
                continue
            gathered[-1] = missing = gathered[-1] - 1
            before = gathered[slot]
            if cotangent is None:
                gathered.version -= 1
            elif getrefcount(before) == LAST and not create_graph and before.base is None:
                before += cotangent  # in place: nobody else holds it
                gathered[slot] = before
            else:
                before = None
                gathered.add(slot, cotangent, outgoing, written)
            if not missing:
                gathered[-1] = gathered.version
                heappush(ready, (following.order, following, pending.pop(following)))
        outgoing = products = cotangent = before = None  # the last who holds a gradient may keep it


def expect(roots: Sequence[tuple[Node, int]], wanted: Wanted | None = None) -> dict[Node, Gathered]:
    """For every root, and every node that several edges lead to: a place per output for the
    cotangents to come and, at the end of the list, the number of edges that will bring one.
    """
    pending: dict[Node, Gathered] = {}
    for node, _ in roots:
        pending[node] = Gathered([None] * node.outputs + [0])
    seen = set(pending)
    unseen = list(pending)
    while unseen:
        node = unseen.pop()
        for edge in node.edges if wanted is None else wanted.edges(node):
            if edge is None:
                continue
            node = edge[0]
            if node not in seen:
                seen.add(node)
                unseen.append(node)
                if node.outputs > 1:
                    pending[node] = Gathered([None] * node.outputs + [1])
            elif node in pending:
                pending[node][-1] += 1
            else:
                pending[node] = Gathered((None, 2))
    return pending


def observed(steps: Iterator[Step]) -> Iterator[Step]:
    """The same steps, timed for the profiler and searched for nan in anomaly mode."""
    started = perf_counter_ns()
    for node, incoming, outgoing in steps:
        profiler.note_step(node, started, perf_counter_ns())
        if anomaly_mode.enabled:
            anomaly_mode.check(node, outgoing)
        yield node, incoming, outgoing
        started = perf_counter_ns()


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
    tensors = create_graph or forward_ad.active()
    try:
        if profiler.active():
            work = profiler.timed(work, tensors)
        steps = task.walk = walk(roots, cotangents, keep_graph, tensors, wanted, work)
        if profiler.active() or anomaly_mode.enabled:
            steps = observed(steps)
        deque(steps, maxlen=0)  # keeps none of them
        for callback in task.callbacks:
            callback()
    finally:
        state.depth -= 1
        state.grad_enabled, state.limited, state.task, packing = outer
        if state.packing is not packing:  # something within did not put its hooks away
            saved_tensors.restore(packing)


DEEP = 40
"""Backward passes within each other, after which the next one gets a thread, and so a stack, of its
own. PyTorch does so too."""


def in_a_thread(function: Callable[..., Any], *args: Any) -> None:
    """Call a function in a thread of its own, in the modes of this one, and wait for it."""
    modes = vars(state) | {"depth": 0}
    errors: list[BaseException] = []

    def work() -> None:
        vars(state).update(modes)
        try:
            function(*args)
        except BaseException as error:
            errors.append(error)

    thread = Thread(target=work)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]


def queue_callback(callback: Callable[[], Any]) -> None:
    """Call `callback()` when the backward pass that is running has ended.

    Raises RuntimeError if none is.
    """
    if state.task is None:
        raise RuntimeError("Final callbacks can only be installed during backward pass.")
    state.task.callbacks.append(callback)
