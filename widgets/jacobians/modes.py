"""One Jacobian, both ways: a backward pass per row, a forward pass per column. Really run."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np

MOST_PASSES = 512  # a mode that needs more is only sampled
MOST_ENTRIES = 1 << 20  # a larger matrix is not kept
SAMPLE = 16  # passes of a mode that is only sampled
SECONDS = 4.0  # a mode that takes longer stops there


@dataclass
class Mode:
    """What one mode needed.

    needed, run: passes for the whole matrix, and those that were counted while it ran.
    seconds: that these took.
    matrix: of shape (output entries, input entries); None unless every pass was run.
    problem: why it could not be run.
    """

    name: str
    needed: int
    run: int = 0
    seconds: float = 0.0
    matrix: np.ndarray | None = None
    problem: str = ""


def reverse(engine: Any, out: Any, inputs: Sequence[Any]) -> Mode:
    """Row by row: the backward pass of each one-hot vector, `vᵀJ` with v = e_i."""
    needed, columns = out.numel(), sum(x.numel() for x in inputs)
    mode = Mode("reverse", needed)
    if not out.requires_grad:
        mode.matrix = np.zeros((needed, columns)) if needed * columns <= MOST_ENTRIES else None
        return mode

    def passed(_: Any) -> None:
        mode.run += 1  # the hook is called when a backward pass comes through

    def row(i: int) -> np.ndarray:
        grads = engine.autograd.grad(
            out, inputs, one_hot(engine, out, i), retain_graph=True, allow_unused=True
        )
        return np.concatenate(
            [
                np.zeros(x.numel()) if grad is None else flat(grad)
                for grad, x in zip(grads, inputs, strict=True)
            ]
        )

    hook = out.register_hook(passed)
    try:
        rows = _all(mode, row, columns)
    finally:
        hook.remove()
    if rows is not None:
        mode.matrix = np.array(rows)
    return mode


def forward(engine: Any, call: Callable[..., Any] | str, inputs: Sequence[Any], rows: int) -> Mode:
    """Column by column: the forward pass of each one-hot tangent, `J·u` with u = e_j."""
    places = [(k, j) for k, x in enumerate(inputs) for j in range(x.numel())]
    mode = Mode("forward", len(places))
    if isinstance(call, str):
        mode.problem = call
        return mode
    dual = engine.autograd.forward_ad
    plain = [x.detach() for x in inputs]

    def column(place: int) -> np.ndarray:
        moved, entry = places[place]
        with dual.dual_level():
            duals = [
                dual.make_dual(x, one_hot(engine, x, entry if k == moved else None))
                for k, x in enumerate(plain)
            ]
            mode.run += 1
            tangent = dual.unpack_dual(call(*duals)).tangent
            return np.zeros(rows) if tangent is None else flat(tangent)

    try:
        with warnings.catch_warnings():  # PyTorch warns of parts of its own forward mode
            warnings.simplefilter("ignore", DeprecationWarning)
            columns = _all(mode, column, rows)
    except NotImplementedError as problem:
        mode.problem, mode.run = str(problem), 0
        return mode
    if columns is not None:
        mode.matrix = np.array(columns).T
    return mode


def _all(mode: Mode, run: Callable[[int], np.ndarray], length: int) -> list[np.ndarray] | None:
    """Run every pass, or a sample of them; None for a sample."""
    whole = mode.needed <= MOST_PASSES and mode.needed * length <= MOST_ENTRIES
    found = []
    run(0)  # the very first pass also makes what later ones find ready
    mode.run = 0
    started = perf_counter()
    for k in range(mode.needed if whole else min(SAMPLE, mode.needed)):
        found.append(run(k))
        mode.seconds = perf_counter() - started
        if mode.seconds > SECONDS:
            break
    return found if len(found) == mode.needed else None


def one_hot(engine: Any, like: Any, entry: int | None) -> Any:
    """A tensor like another, 1 at one entry (in C order) and 0 elsewhere."""
    with engine.no_grad():
        vector = engine.zeros(like.numel(), dtype=like.dtype)
        if entry is not None:
            vector[entry] = 1
        return vector.reshape(like.shape).to(like.device)


def flat(tensor: Any) -> np.ndarray:
    """The entries in C order, in float64."""
    return np.asarray(tensor.detach().double().cpu(), np.float64).reshape(-1)
