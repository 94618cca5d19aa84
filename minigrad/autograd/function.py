"""Your own operation: a forward, a backward, and a `ctx` that carries values from one to the other.

    class Exp(Function):
        @staticmethod
        def forward(ctx, x):
            result = x.exp()
            ctx.save_for_backward(result)
            return result

        @staticmethod
        def backward(ctx, grad):
            (result,) = ctx.saved_tensors
            return grad * result

    y = Exp.apply(x)

The `ctx` is the node of the graph itself, as in PyTorch.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

from .. import origins, recording, watch
from ..warn import warn
from . import anomaly_mode, forward_ad
from .delayed_error import Error
from .function_node import BackwardCFunction, FunctionCtx
from .function_outputs import connect, send_tangents
from .grad_mode import _GradMode, state
from .node import Node

__all__ = [
    "BackwardCFunction",
    "Function",
    "FunctionCtx",
    "InplaceFunction",
    "once_differentiable",
]

NEITHER = (
    "You must implement either the backward or vjp method for your custom autograd.Function to use "
    "it with backward mode AD."
)


class Function:
    """Base of operations written by users: define `forward` and `backward`, call `apply`."""

    _backward_cls: type[BackwardCFunction]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        own = {"function": cls, "__module__": Function.__module__}
        cls._backward_cls = type(cls.__name__ + "Backward", (BackwardCFunction,), own)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        warn(
            f"{type(self)} should not be instantiated. Methods on autograd functions are all "
            "static, so you should invoke them on the class itself. Instantiating an autograd "
            "function will raise an error in a future version of PyTorch.",
            DeprecationWarning,
        )

    def __getattr__(self, name: str) -> Any:
        """An instance answers as a node of nothing would: in PyTorch it is one."""
        node = self.__dict__.get("_node")
        if node is None and not name.startswith("__"):
            kind = type(type(self).__name__, (BackwardCFunction,), {"function": type(self)})
            node = self.__dict__["_node"] = kind(())
            node.order, node.needs_input_grad = 0, None
        try:
            return getattr(node, name)
        except AttributeError:
            raise AttributeError(
                f"'{type(self).__name__}' object has no attribute '{name}'"
            ) from None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Functions were called like this until 2017. Raises RuntimeError."""
        raise RuntimeError(
            "Legacy autograd function with non-static forward method is deprecated. Please use "
            "new-style autograd function with static forward method. (Example: "
            "https://pytorch.org/docs/stable/autograd.html#torch.autograd.Function)"
        )

    @staticmethod
    def forward(*args: Any, **kwargs: Any) -> Any:
        """Compute the result: `forward(ctx, …)`, or `forward(…)` beside a `setup_context`."""
        raise NotImplementedError(
            "You must implement the forward function for custom autograd.Function."
        )

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Any) -> Any:
        """Cotangents of the outputs → one cotangent, or None, per argument of `forward`."""
        raise NotImplementedError(NEITHER)

    @staticmethod
    def jvp(ctx: Any, *grad_inputs: Any) -> Any:
        """Tangents of the arguments (None where there is none) → tangents of the outputs."""
        raise NotImplementedError(
            "You must implement the jvp function for custom autograd.Function to use it with "
            "forward mode AD."
        )

    @staticmethod
    def vjp(ctx: Any, *grad_outputs: Any) -> Any:
        """Another name for `backward`."""
        raise NotImplementedError(NEITHER)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
        """Beside a `forward` without `ctx`: what `forward(ctx, …)` would do with its `ctx`."""
        raise NotImplementedError("setup_context is not implemented.")

    @staticmethod
    def vmap(info: Any, in_dims: Any, *args: Any) -> Any:
        """Raises NotImplementedError: minigrad has no vmap."""
        raise NotImplementedError("minigrad does not have torch.vmap")

    generate_vmap_rule = False
    boxed_grads_call = False
    """True: `backward(ctx, grads)` gets all cotangents in one list, which it may clear."""
    clear_saved_tensors_on_access = False
    """True: `ctx.saved_tensors` can be read once, and then nothing but the reader holds them."""

    @classmethod
    def _rule(cls) -> Callable[..., Any]:
        """The user's `backward`, or `vjp`. Raises RuntimeError if there are both."""
        if cls.vjp is Function.vjp:
            return cls.backward
        if cls.backward is not Function.backward:
            raise RuntimeError(
                "Implementing both 'backward' and 'vjp' for a custom Function is not allowed. You "
                "should only implement one of them."
            )
        return cls.vjp

    @classmethod
    def apply(cls, *args: Any, **kwargs: Any) -> Any:
        """Run `forward` and record one node for it."""
        from ..tensor import Tensor

        apart = cls.setup_context is not Function.setup_context
        if apart:
            bound = inspect.signature(cls.forward).bind(*args, **kwargs)
            bound.apply_defaults()
            args = bound.args
        elif kwargs:
            args = _by_place(cls.forward, args, kwargs)
        node = cls._backward_cls.__new__(cls._backward_cls)
        tensors = [a for a in args if isinstance(a, Tensor)]
        needs = tuple(isinstance(a, Tensor) and a.requires_grad for a in args)
        recorded = state.grad_enabled and any(needs)
        Node.__init__(
            node,
            tuple(a._get_edge() if recorded else None for a in tensors),
            tuple(map(_gradient_like, tensors)),
        )
        node._is_tensor = tuple(isinstance(a, Tensor) for a in args)
        node.needs_input_grad = needs
        try:
            with _GradMode(False), forward_ad.suspended():
                if apart:
                    returned = cls.forward(*args)
                    cls.setup_context(node, args, returned)
                else:
                    returned = cls.forward(node, *args)
        except Exception as error:
            if watch.heard:
                watch.tell("failed", cls, args, error)
            raise
        given = returned if isinstance(returned, tuple) else (returned,)
        outputs = connect(node, args, given, recorded)
        made = next((out for out in outputs if isinstance(out, Tensor)), None)
        if recorded and recording.enabled() and made is not None:
            recording.note(cls, args, tuple(outputs) if outputs[0] is made else made)
        if recorded and watch.heard:
            watch.tell("applied", cls, args, outputs)
        if recording.enabled():
            origins.note(cls, args, outputs)
        if recorded and anomaly_mode.enabled:
            anomaly_mode.remember(node)
        if forward_ad.active():
            send_tangents(cls, node, args, given, outputs)
        node._keep(outputs if recorded else None)
        return outputs if isinstance(returned, tuple) else outputs[0]


def _by_place(
    forward: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[Any, ...]:
    """The arguments of a call, those given by name in the place of their parameter, up to the last
    of these. Raises TypeError, as PyTorch words it, for a name that does not fit, or for a gap.
    """
    known = inspect.signature(forward).parameters.values()
    names = [p.name for p in known if p.kind <= p.POSITIONAL_OR_KEYWORD][1:]  # without ctx
    for name in kwargs:
        if name in names[: len(args)]:
            raise TypeError(f"forward() got multiple values for argument '{name}'")
        if name not in names:
            raise TypeError(f"forward() got an unexpected keyword argument '{name}'")
    last = max(names.index(name) for name in kwargs)
    for k in range(len(args), last + 1):
        if names[k] not in kwargs:
            raise TypeError(f"forward() missing required argument: '{names[k]}' (position {k})")
    return (*args, *(kwargs[names[k]] for k in range(len(args), last + 1)))


# What each subclass is given Function itself has, too: PyTorch shows it there.
Function.__init_subclass__.__func__(Function)  # type: ignore[attr-defined]


class InplaceFunction(Function):
    """The base that functions with `mark_dirty` had until 2018."""

    def __init__(self, inplace: bool = False) -> None:
        super().__init__()
        self.inplace = inplace


TWICE = "trying to differentiate twice a function that was marked with @once_differentiable"


def once_differentiable(backward: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator for a `backward` that cannot itself be differentiated: it runs unrecorded.

    What it returns refuses to be differentiated again, with PyTorch's RuntimeError.
    """

    @functools.wraps(backward)
    def wrapped(ctx: Any, *grads: Any) -> Any:
        with _GradMode(False):
            returned = backward(ctx, *grads)
        if not state.grad_enabled or not any(g is not None and g.requires_grad for g in grads):
            return returned
        values = returned if isinstance(returned, tuple) else (returned,)
        leaves = [None if value is None else value.detach().requires_grad_() for value in values]
        refusing = Error(TWICE, leaves).behind(leaves)
        return refusing if isinstance(returned, tuple) else refusing[0]

    return wrapped


def _gradient_like(tensor: Any) -> tuple[tuple[int, ...], Any]:
    """(shape, NumPy dtype) of the gradient of a tensor; None for a leaf that takes any dtype."""
    array = tensor._array
    return array.shape, None if tensor._grad_dtype is None else array.dtype
