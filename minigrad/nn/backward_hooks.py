"""The hooks of a module on gradients: called when those of its outputs and inputs are both there.

A module has no node of its own. One is put before it, which all its inputs pass, and one behind it,
which all its outputs pass; what arrives at the two is what the hooks are shown.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..autograd.function import Function
from ..autograd.grad_mode import state
from ..tensor import Tensor
from ..warn import warn

if TYPE_CHECKING:
    from .calls import Called


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
    """One call of a module that has hooks on gradients: on those of its outputs, `before`, and on
    those of its inputs, `after`.
    """

    def __init__(self, module: Called, before: list[Any], after: list[Any]) -> None:
        self.module, self.before, self.after = module, before, after
        self.grad_output: Any = None
        self.inputs: list[int] | None = None
        """The positions of the tensors among the arguments; None if no gradient goes there."""
        self.count = 0

    def enter(self, args: tuple[Any, ...]) -> tuple[Any, ...]:
        """The arguments, after they have passed a node that shows their gradients."""

        def hook(grads: Sequence[Any], _: Any) -> tuple[Any, ...] | None:
            return self._complete(grads)

        self.count = len(args)
        args, self.inputs, node = passed(args)
        if node is not None:
            node.register_hook(hook)
        return args

    def leave(self, result: Any) -> Any:
        """The result, after it has passed a node that shows its gradients.

        Warns about a result whose tensors are not found.
        """

        def hook(_: Any, grads: Sequence[Any]) -> tuple[Any, ...]:
            return self._begin(spread(grads, places, len(outputs)), places)

        if not isinstance(result, (Tensor, tuple)):
            warn(
                "For backward hooks to be called, module output should be a Tensor or a tuple of "
                f"Tensors but received {type(result)}"
            )
        single = not isinstance(result, tuple)
        outputs, places, node = passed((result,) if single else result)
        if node is not None:
            node.register_hook(hook)
        return outputs[0] if single else outputs

    def _begin(self, grads: Any, places: Any) -> tuple[Any, ...]:
        grads = self.grad_output = self._shown(self.before, "pre hook", "grad_output", grads)
        if self.inputs is None:
            self._without_inputs()
            self.grad_output = None
        return tuple(grads[k] for k in places)

    def _without_inputs(self) -> None:
        """No gradient goes on to the inputs: the hooks are called at once."""
        warn(
            "Full backward hook is firing when gradients are computed with respect to module "
            "outputs since no inputs require gradients. See "
            "https://docs.pytorch.org/docs/main/generated/torch.nn.Module.html"
            "#torch.nn.Module.register_full_backward_hook for more details."
        )
        for hook in self.after:
            changed = hook(self.module, (None,) * self.count, self.grad_output)
            nothing = isinstance(changed, tuple) and all(grad is None for grad in changed)
            if changed is not None and not nothing:
                raise RuntimeError(
                    "Backward hook for Modules where no input requires gradient should always "
                    "return None or None for all gradients."
                )

    def _complete(self, grads: Sequence[Any]) -> tuple[Any, ...] | None:
        if self.grad_output is None:  # a gradient that came past the outputs
            return None
        assert self.inputs is not None
        grad_input = self._shown(
            self.after, "hook", "grad_input", spread(grads, self.inputs, self.count), True
        )
        self.grad_output = None
        return tuple(grad_input[k] for k in self.inputs)

    def _shown(self, hooks: Any, what: str, of: str, grads: Any, both: bool = False) -> Any:
        """Gradients that the hooks have seen, and maybe replaced."""
        for hook in hooks:
            changed = hook(self.module, grads, *((self.grad_output,) if both else ()))
            if changed is not None:
                if len(changed) != len(grads):
                    raise RuntimeError(
                        f"Backward {what} returned an invalid number of {of}, got {len(changed)}, "
                        f"but expected {len(grads)}"
                    )
                grads = changed
        return grads


def on_last_node(module: Called, hooks: list[Any], args: Any, result: Any) -> None:
    """Register hooks that are not full on the node that computed the result.

    Warns if that node's gradients are not those of the module.
    """
    first = result
    while not isinstance(first, Tensor):
        of_dict = isinstance(first, dict)
        first = next(v for v in first.values() if isinstance(v, Tensor)) if of_dict else first[0]
    node = first.grad_fn
    if node is None:
        return
    for hook in hooks:
        node.register_hook(functools.wraps(hook)(functools.partial(hook, module)))
    trouble = _trouble(args, result if isinstance(result, tuple) else (result,), node)
    if trouble:
        warn(trouble, FutureWarning)


def _trouble(args: Any, results: tuple[Any, ...], node: Any) -> str:
    """What a hook on the last node does not see, in PyTorch's words; nothing if it sees all."""
    for values, what, part in ((results, "return", "output"), (args, "take as input", "input")):
        if not all(isinstance(value, Tensor) for value in values):
            return (
                f"Using non-full backward hooks on a Module that does not {what} a single Tensor "
                "or a tuple of Tensors is deprecated and will be removed in future versions. This "
                f"hook will be missing some of the grad_{part}. {INSTEAD}"
            )
    if len({value.grad_fn for value in results} - {None}) > 1:
        return (
            "Using a non-full backward hook when outputs are generated by different autograd Nodes "
            "is deprecated and will be removed in future versions. This hook will be missing some "
            f"grad_output. {INSTEAD}"
        )
    if {value.grad_fn for value in args} - {None} != {edge[0] for edge in node.next_functions}:
        return (
            "Using a non-full backward hook when the forward contains multiple autograd Nodes is "
            "deprecated and will be removed in future versions. This hook will be missing some "
            f"grad_input. {INSTEAD}"
        )
    return ""


INSTEAD = "Please use register_full_backward_hook to get the documented behavior."


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
