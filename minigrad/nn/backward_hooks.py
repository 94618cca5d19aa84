"""The hooks of a module on gradients: called when those of its outputs and inputs are both there.

A module has no node of its own. One is put before it, which all its inputs pass, and one behind it,
which all its outputs pass; what arrives at the two is what the hooks are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..autograd.function import Function
from ..autograd.grad_mode import state
from ..tensor import Tensor
from ..warn import warn

if TYPE_CHECKING:
    from .module import Module


class BackwardHookFunction(Function):
    """Passes tensors on, and their gradients back."""

    @staticmethod
    def forward(ctx: Any, *tensors: Any) -> Any:
        """The tensors themselves."""
        ctx.mark_non_differentiable(*[t for t in tensors if not t.requires_grad])
        return tensors

    @staticmethod
    def backward(ctx: Any, *grads: Any) -> Any:
        """The gradients themselves."""
        return grads


class Call:
    """One call of a module that has hooks on gradients."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.grad_output: tuple[Any, ...] | None = None
        self.inputs: list[int] | None = None
        """The positions of the tensors among the arguments; None if no gradient goes there."""
        self.count = 0

    def enter(self, args: tuple[Any, ...]) -> tuple[Any, ...]:
        """The arguments, after they have passed a node that shows their gradients."""
        self.count = len(args)
        args, self.inputs, node = passed(args)
        if node is not None:
            node.register_hook(self._complete)
        return args

    def leave(self, result: Any) -> Any:
        """The result, after it has passed a node that shows its gradients."""
        single = not isinstance(result, tuple)
        outputs, places, node = passed((result,) if single else result)
        if node is not None:
            node.register_hook(lambda _, grads: self._begin(grads, places, len(outputs)))
        return outputs[0] if single else outputs

    def _begin(self, grads: Sequence[Any], places: Any, count: int) -> tuple[Any, ...] | None:
        self.grad_output = spread(grads, places, count)
        for hook in list(self.module._backward_pre_hooks.values()):
            changed = hook(self.module, self.grad_output)
            if changed is not None:
                changed = changed if isinstance(changed, tuple) else (changed,)
                if len(changed) != count:
                    raise RuntimeError(
                        "Backward pre hook returned an invalid number of grad_output, got "
                        f"{len(changed)}, but expected {count}"
                    )
                self.grad_output = changed
        returned = tuple(self.grad_output[k] for k in places)
        if self.inputs is None and self.module._backward_hooks:
            self._without_inputs()
        return returned

    def _without_inputs(self) -> None:
        """No gradient goes on to the inputs: the hooks are called at once."""
        warn(
            "Full backward hook is firing when gradients are computed with respect to module "
            "outputs since no inputs require gradients. See "
            "https://docs.pytorch.org/docs/main/generated/torch.nn.Module.html"
            "#torch.nn.Module.register_full_backward_hook for more details."
        )
        for hook in list(self.module._backward_hooks.values()):
            changed = hook(self.module, (None,) * self.count, self.grad_output)
            if changed is not None and any(grad is not None for grad in changed):
                raise RuntimeError(
                    "Backward hook for Modules where no input requires gradient should always "
                    "return None or None for all gradients."
                )
        self.grad_output = None

    def _complete(self, grads: Sequence[Any], _: Any) -> tuple[Any, ...] | None:
        if self.grad_output is None:  # a gradient that came past the outputs
            return None
        assert self.inputs is not None
        grad_input = spread(grads, self.inputs, self.count)
        for hook in list(self.module._backward_hooks.values()):
            changed = hook(self.module, grad_input, self.grad_output)
            if changed is not None:
                changed = changed if isinstance(changed, tuple) else (changed,)
                if len(changed) != self.count:
                    raise RuntimeError(
                        "Backward hook returned an invalid number of grad_input, got "
                        f"{len(changed)}, but expected {self.count}"
                    )
                grad_input = changed
        self.grad_output = None
        return tuple(grad_input[k] for k in self.inputs)


def passed(values: tuple[Any, ...]) -> tuple[tuple[Any, ...], Any, Any]:
    """The values after their tensors have passed a node; the positions of those; the node.

    Positions and node are None if there is nothing to differentiate.
    """
    places = [k for k, value in enumerate(values) if isinstance(value, Tensor)]
    if not (state.grad_enabled and any(values[k].requires_grad for k in places)):
        return values, None, None
    after = BackwardHookFunction.apply(*[values[k] for k in places])
    new = list(values)
    for k, tensor in zip(places, after, strict=True):
        new[k] = tensor
    return tuple(new), places, next(t.grad_fn for t in after if t.grad_fn is not None)


def spread(grads: Sequence[Any], places: list[int], count: int) -> tuple[Any, ...]:
    """Gradients of tensors among `count` values; None for the others."""
    found: list[Any] = [None] * count
    for k, grad in zip(places, grads, strict=True):
        found[k] = grad
    return tuple(found)
