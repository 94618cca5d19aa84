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
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import origins, recording
from ..warn import warn
from . import forward_ad, saved_tensors
from .grad_mode import _GradMode, state
from .graph import FREED, Node, shape_of
from .saved_tensors import Packed

if TYPE_CHECKING:
    pass


class FunctionNode(Node):
    """The node of one call of a `Function`, and the `ctx` that its methods receive."""

    function: type[Function]  # of the class: each Function has a subclass of its own
    needs_input_grad: tuple[bool, ...]
    _freed = False
    _materialize = True
    _to_save: tuple[Any, ...] = ()
    _dirty: tuple[Any, ...] = ()
    _constant: tuple[Any, ...] = ()

    # ---- what a forward or a setup_context may call ------------------------------------------

    def save_for_backward(self, *tensors: Any) -> None:
        """Keep inputs or outputs for `backward`, which finds them in `ctx.saved_tensors`."""
        self._to_save = tensors

    def save_for_forward(self, *tensors: Any) -> None:
        """Keep tensors for `jvp`, which finds them in `ctx.saved_tensors`."""
        self._to_save = self._to_save or tensors

    def mark_dirty(self, *tensors: Any) -> None:
        """Say which inputs `forward` changed in place; they must be among its outputs."""
        self._dirty = tensors

    def mark_non_differentiable(self, *tensors: Any) -> None:
        """Say which outputs have no gradient."""
        self._constant = tensors

    def set_materialize_grads(self, value: bool) -> None:
        """False: `backward` gets None, not zeros, for an output that nobody used."""
        self._materialize = value

    # ---- what a backward may read ------------------------------------------------------------

    @property
    def saved_tensors(self) -> tuple[Any, ...]:
        """What was saved. Raises RuntimeError if it was freed, or overwritten in place since."""
        from ..versions import stale

        if self._to_save:  # asked for before forward is done: by jvp
            return self._to_save
        if self._freed:
            raise RuntimeError(FREED)
        out = []
        for value, version, slot in self._saved:
            if isinstance(value, Packed):
                value = value.tensor()
            elif value is not None and value._counter.value != version:
                raise stale(value, version, value._history() if slot is None else (self, slot))
            out.append(value if slot is None else value._with_edge((self, slot)))
        return tuple(out)

    # ---- for the engine ----------------------------------------------------------------------

    _saved: tuple[tuple[Any, int, int | None], ...] = ()

    def _keep(self, outputs: Sequence[Any]) -> None:
        """Turn what was asked to be saved into what is saved; outputs without their history."""
        from ..tensor import Tensor

        kept: list[tuple[Any, int, int | None]] = []
        for k, value in enumerate(self._to_save):
            if value is not None and not isinstance(value, Tensor):
                raise TypeError(
                    f"save_for_backward can only save variables, but argument {k} is of type "
                    f"{type(value).__name__}"
                )
            slot = next((k for k, out in enumerate(outputs) if out is value), None)
            if value is not None and saved_tensors.active():
                edge = value._get_edge() if slot is None else None
                kept.append((Packed(value, edge), 0, slot))
            elif value is not None and slot is not None and value.grad_fn is self:
                kept.append((value._without_history(), value._counter.value, slot))
            else:
                version = 0 if value is None else value._counter.value
                kept.append((value, version, None))
        self._saved, self._to_save = tuple(kept), ()

    def release(self) -> None:
        """Forget the saved tensors."""
        if self._saved:
            self._saved, self._freed = (), True

    def backward(self, incoming: list[Any], create_graph: bool) -> list[Any]:
        """Call the user's `backward` with tensors and check what it returns."""
        from ..tensor import Tensor, new_tensor

        grads = []
        for cotangent, like in zip(incoming, self._outputs, strict=False):
            if cotangent is None and self._materialize:
                cotangent = np.zeros(*like)
            if cotangent is not None and not isinstance(cotangent, Tensor):
                cotangent = new_tensor(np.asarray(cotangent))
            grads.append(cotangent)
        with _GradMode(create_graph):
            returned = self.function.backward(self, *grads)
        if not isinstance(returned, tuple):
            returned = (returned,)
        returned = self._checked(list(returned))
        if create_graph:
            return returned
        return [None if grad is None else grad._array for grad in returned]

    def _checked(self, returned: list[Any]) -> list[Any]:
        """One gradient per tensor input. Raises RuntimeError, as PyTorch words it, otherwise."""
        from ..tensor import Tensor

        expected = len(self._is_tensor)
        if len(returned) > expected and all(grad is None for grad in returned[expected:]):
            returned = returned[:expected]
        if len(returned) != expected:
            raise RuntimeError(
                f"function {self.name()} returned an incorrect number of gradients "
                f"(expected {expected}, got {len(returned)})"
            )
        for k, (grad, is_tensor) in enumerate(zip(returned, self._is_tensor, strict=True)):
            if grad is None:
                continue
            if not is_tensor:
                raise RuntimeError(
                    f"function {self.name()} returned a gradient different than None at position "
                    f"{k + 1}, but the corresponding forward input was not a Variable"
                )
            if not isinstance(grad, Tensor):
                raise RuntimeError(f"expected Variable or None (got {type(grad).__name__})")
        return [g for g, is_tensor in zip(returned, self._is_tensor, strict=True) if is_tensor]

    _outputs: tuple[Any, ...] = ()
    _is_tensor: tuple[bool, ...] = ()

    def __repr__(self) -> str:
        return f"<torch.autograd.function.{self.name()} object at {id(self):#x}>"


class Function:
    """Base of operations written by users: define `forward` and `backward`, call `apply`."""

    _node: type[FunctionNode]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._node = type(cls.__name__ + "Backward", (FunctionNode,), {"function": cls})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        warn(
            f"{type(self)} should not be instantiated. Methods on autograd functions are all "
            "static, so you should invoke them on the class itself. Instantiating an autograd "
            "function will raise an error in a future version of PyTorch.",
            DeprecationWarning,
        )

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
        raise NotImplementedError(
            "You must implement either the backward or vjp method for your custom "
            "autograd.Function to use it with backward mode AD."
        )

    @staticmethod
    def jvp(ctx: Any, *grad_inputs: Any) -> Any:
        """Tangents of the arguments (None where there is none) → tangents of the outputs."""
        raise NotImplementedError(
            "You must implement the jvp function for custom autograd.Function to use it with "
            "forward mode AD."
        )

    @classmethod
    def apply(cls, *args: Any) -> Any:
        """Run `forward` and record one node for it."""
        from ..tensor import Tensor

        node = cls._node.__new__(cls._node)
        edges = tuple(a._get_edge() if isinstance(a, Tensor) else None for a in args)
        Node.__init__(
            node,
            tuple(e for a, e in zip(args, edges, strict=True) if isinstance(a, Tensor)),
            tuple(shape_of(a) for a in args if isinstance(a, Tensor)),
        )
        node._is_tensor = tuple(isinstance(a, Tensor) for a in args)
        node.needs_input_grad = tuple(edge is not None for edge in edges)
        with _GradMode(False):
            if "setup_context" in cls.__dict__:
                returned = cls.forward(*args)
                cls.setup_context(node, args, returned)  # type: ignore[attr-defined]
            else:
                returned = cls.forward(node, *args)
        outputs = returned if isinstance(returned, tuple) else (returned,)
        outputs = tuple(_fresh(out, args, node) for out in outputs)
        if state.grad_enabled and any(node.needs_input_grad):
            _connect(node, outputs)
            if recording.enabled():
                recording.note(cls, args, next(o for o in outputs if isinstance(o, Tensor)))
        if recording.enabled():
            origins.note(cls, args, outputs)
        if forward_ad.active():
            _send_tangents(cls, node, args, outputs)
        node._keep(returned if isinstance(returned, tuple) else (returned,))
        return outputs if isinstance(returned, tuple) else outputs[0]


def _send_tangents(
    cls: type[Function], node: FunctionNode, args: tuple[Any, ...], outputs: tuple[Any, ...]
) -> None:
    """Forward mode: the `jvp` of the user takes the arguments' tangents to the outputs'."""
    tangents = [forward_ad.tangent_of(a) for a in args]
    if all(tangent is None for tangent in tangents):
        return
    moved = cls.jvp(node, *tangents)
    for out, tangent in zip(outputs, moved if isinstance(moved, tuple) else (moved,), strict=True):
        forward_ad.set_tangent(out, tangent)


def _fresh(out: Any, args: tuple[Any, ...], node: FunctionNode) -> Any:
    """An input that is returned as it is becomes a second tensor on the same memory."""
    from ..tensor import Tensor

    changed = any(out is tensor for tensor in node._dirty)
    if isinstance(out, Tensor) and any(out is a for a in args) and not changed:
        alias = out.detach()
        node._to_save = tuple(alias if value is out else value for value in node._to_save)
        return alias
    return out


def _connect(node: FunctionNode, outputs: tuple[Any, ...]) -> None:
    """Make `node` the history of the outputs that are differentiable."""
    from ..tensor import Tensor

    for tensor in node._dirty:
        if tensor._requires_grad and tensor.is_leaf:
            raise RuntimeError(
                "a leaf Variable that requires grad has been used in an in-place operation."
            )
        tensor._own_counter().bump(node.function.__name__)
    node.outputs = len(outputs)
    node._outputs = tuple(shape_of(out) for out in outputs)
    for slot, out in enumerate(outputs):
        constant = any(out is tensor for tensor in node._constant)
        if isinstance(out, Tensor) and out._array.dtype.kind == "f" and not constant:
            out._set_edge((node, slot))


class DelayedError(Node):
    """The history of something that must not be differentiated."""

    __slots__ = ()

    def backward(self, incoming: list[Any], create_graph: bool) -> list[Any]:
        """Raises RuntimeError."""
        raise RuntimeError(
            "trying to differentiate twice a function that was marked with @once_differentiable"
        )


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
        for value in returned if isinstance(returned, tuple) else (returned,):
            if value is not None:
                value._set_edge((DelayedError(()), 0))
        return returned

    return wrapped
