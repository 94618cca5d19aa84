"""Checkpointing: do not keep what a function saves for the backward pass; compute it again.

    y = checkpoint(f, x, use_reentrant=False)    # f(x); only x is kept
    y.sum().backward()                           # f(x) once more, then its backward pass

It takes a second forward pass and saves the memory of all intermediate values. There are two ways:

- with saved-tensor hooks (`use_reentrant=False`): the graph of `f` is built as always, but in place
  of each saved tensor stands its number. The first number that backward asks for makes `f` run
  again, and what it saves this time is handed out.
- as one operation (`use_reentrant=True`, the older way): `f` runs unrecorded; its backward runs it
  again, recorded, and goes backward through that: a backward pass within a backward pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from typing import Any

from .. import random
from ..autograd import differentiate
from ..autograd.function import Function
from ..autograd.grad_mode import enable_grad, no_grad, state
from ..tensor import Tensor
from ..warn import warn
from .recompute import (
    CheckpointError,
    GraphExecGroup,
    set_checkpoint_debug_enabled,
    set_checkpoint_early_stop,
    with_hooks,
)
from .selective import (
    CheckpointPolicy,
    SelectiveCheckpointContext,
    create_selective_checkpoint_contexts,
)

__all__ = [
    "CheckpointError",
    "CheckpointPolicy",
    "GraphExecGroup",
    "SelectiveCheckpointContext",
    "checkpoint",
    "checkpoint_sequential",
    "create_selective_checkpoint_contexts",
    "noop_context_fn",
    "set_checkpoint_debug_enabled",
    "set_checkpoint_early_stop",
]

BOTH_WAYS = (
    "use_reentrant=False is recommended, but if you need to preserve the current default behavior, "
    "you can pass use_reentrant=True. Refer to docs for more details on the differences between "
    "the two variants."
)


def noop_context_fn() -> tuple[Any, Any]:
    """The usual contexts of the two runs: none."""
    return nullcontext(), nullcontext()


def checkpoint(
    function: Callable[..., Any],
    *args: Any,
    use_reentrant: bool | None = None,
    preserve_rng_state: bool = True,
    context_fn: Callable[[], tuple[Any, Any]] = noop_context_fn,
    determinism_check: str = "default",
    debug: bool = False,
    early_stop: bool = True,
    **kwargs: Any,
) -> Any:
    """`function(*args)`, which is run again in the backward pass in place of keeping its values.

    It must do the same both times. preserve_rng_state: random numbers are drawn again the same.
    With `use_reentrant=False` only: context_fn returns two context managers, for the first run and
    for the second; determinism_check "none" allows other shapes in the second; debug lists what
    both did if they differ; early_stop=False lets the second run to its end.

    Raises ValueError for keyword arguments with `use_reentrant=True`, and for another
    determinism_check; in the backward pass RuntimeError if an argument was overwritten since, and
    CheckpointError if the second run saves something else than the first.
    """
    if use_reentrant is None:
        warn(
            "torch.utils.checkpoint: the use_reentrant parameter should be passed explicitly. "
            "Starting in PyTorch 2.9, calling checkpoint without use_reentrant will raise an "
            "exception. " + BOTH_WAYS
        )
        use_reentrant = True
    again: Any = nullcontext
    if preserve_rng_state:
        again = partial(_drawn_again, random.get_rng_state())
    if not use_reentrant:
        if determinism_check not in ("default", "none"):
            raise ValueError(
                "determinism_check should be one of ['default', 'none'], but got "
                f"{determinism_check}"
            )
        return with_hooks(
            function,
            args,
            kwargs,
            again,
            context_fn(),
            early_stop,
            determinism_check != "none",
            debug,
        )
    if context_fn is not noop_context_fn or debug:
        raise ValueError(
            "Passing `context_fn` or `debug` is only supported when use_reentrant=False."
        )
    if kwargs:
        raise ValueError("Unexpected keyword arguments: " + ",".join(kwargs))
    if not any(isinstance(a, Tensor) and a.requires_grad for a in args):
        warn("None of the inputs have requires_grad=True. Gradients will be None")
    return CheckpointFunction.apply(function, again, *args)


@contextmanager
def _drawn_again(state: Tensor) -> Iterator[None]:
    """Within `with` the random numbers go on from this state, afterwards from where they were."""
    with random.fork_rng():
        random.set_rng_state(state)
        yield


# ---- as one operation --------------------------------------------------------------------------


class CheckpointFunction(Function):
    """Runs a function unrecorded; its backward runs it again, recorded, and goes backward there."""

    @staticmethod
    def forward(ctx: Any, function: Any, again: Any, *args: Any) -> Any:
        """`function(*args)`, of which only the arguments are kept."""
        ctx.run, ctx.again = function, again
        ctx.places = [k for k, a in enumerate(args) if isinstance(a, Tensor)]
        ctx.others = [None if isinstance(a, Tensor) else a for a in args]
        ctx.save_for_backward(*[args[k] for k in ctx.places])
        with no_grad():
            return function(*args)

    @staticmethod
    def backward(ctx: Any, *grads: Any) -> Any:
        """The gradients of the arguments, by a backward pass through a second run."""
        if state.limited:
            raise RuntimeError(
                "When use_reentrant=True, torch.utils.checkpoint is incompatible with .grad() or "
                "passing an `inputs` parameter to .backward(). To resolve this error, you can "
                "either set use_reentrant=False, or call .backward() without passing the `inputs` "
                "argument."
            )
        args = list(ctx.others)
        for k, tensor in zip(ctx.places, ctx.saved_tensors, strict=True):
            args[k] = tensor.detach()
            args[k].requires_grad = tensor.requires_grad
        with enable_grad(), ctx.again():
            outputs = ctx.run(*args)
        outputs = outputs if isinstance(outputs, tuple) else (outputs,)
        pairs = [
            (out, grad)
            for out, grad in zip(outputs, grads, strict=True)
            if isinstance(out, Tensor) and out.requires_grad
        ]
        if not pairs:
            raise RuntimeError(
                "none of output has requires_grad=True, this checkpoint() is not necessary"
            )
        roots, cotangents = zip(*pairs, strict=True)
        differentiate.backward(roots, cotangents)
        return (None, None, *[a.grad if isinstance(a, Tensor) else None for a in args])


# ---- many in a row -----------------------------------------------------------------------------


def checkpoint_sequential(
    functions: Any, segments: int, input: Tensor, use_reentrant: bool | None = None, **kwargs: Any
) -> Any:
    """The functions one after the other, in `segments` checkpointed parts; the last is kept.

    Raises ValueError for arguments other than `preserve_rng_state`.
    """
    if use_reentrant is None:
        warn(
            "torch.utils.checkpoint.checkpoint_sequential: the use_reentrant parameter should be "
            "passed explicitly. In version 2.9 we will raise an exception if use_reentrant is not "
            "passed. " + BOTH_WAYS
        )
        use_reentrant = True
    if unknown := set(kwargs) - {"preserve_rng_state"}:
        raise ValueError("Unexpected keyword arguments: " + ",".join(sorted(unknown)))
    children = getattr(functions, "children", None)  # of a Sequential, each once, as in PyTorch
    functions = list(functions if children is None else children())
    size = len(functions) // segments

    def part(first: int, last: int) -> Callable[[Any], Any]:
        def run(value: Any) -> Any:
            for function in functions[first:last]:
                value = function(value)
            return value

        return run

    done = 0
    for first in range(0, size * (segments - 1), size):
        done = first + size
        input = checkpoint(part(first, done), input, use_reentrant=use_reentrant, **kwargs)
    return part(done, len(functions))(input)
