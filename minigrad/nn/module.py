"""A module: a function with parameters, that may be made of other modules.

`filing.py` has what happens to its attributes, `state.py` how it is saved and loaded.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .. import dtypes
from ..autograd.hooks import RemovableHandle
from ..call_path import module_calls
from ..tensor import Tensor
from .backward_hooks import Call
from .state import State


class Module(State):
    """Base of all layers and networks: define `forward`, and `__init__`, which calls this one."""

    training: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Takes no arguments. Raises TypeError, in the name of the class, for any."""
        if kwargs:
            raise TypeError(
                f"{type(self).__name__}.__init__() got an unexpected keyword argument "
                f"'{next(iter(kwargs))}'"
            )
        if args:
            raise TypeError(
                f"{type(self).__name__}.__init__() takes 1 positional argument but "
                f"{len(args) + 1} were given"
            )
        super().__init__()
        object.__setattr__(self, "training", True)
        for hooks in (
            "_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks",
        ):  # fmt: skip
            object.__setattr__(self, hooks, {})

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """What the module computes. To be defined."""
        raise NotImplementedError(
            f'Module [{type(self).__name__}] is missing the required "forward" function'
        )

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """`forward`, and the hooks before and after it."""
        for hook in list(self._forward_pre_hooks.values()):
            changed = hook(self, args)
            if changed is not None:
                args = changed if isinstance(changed, tuple) else (changed,)
        call = Call(self) if self._backward_hooks or self._backward_pre_hooks else None
        if call is not None:
            args = call.enter(args)
        result = self.forward(*args, **kwargs)
        for hook in list(self._forward_hooks.values()):
            changed = hook(self, args, result)
            result = result if changed is None else changed
        return result if call is None else call.leave(result)

    module_calls.add(__call__.__code__)  # so that a recording knows which module computed what

    def register_forward_pre_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call `hook(module, args)` before `forward`; it may return other arguments."""
        return RemovableHandle(self._forward_pre_hooks, hook)

    def register_forward_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call `hook(module, args, output)` after `forward`; it may return another output."""
        return RemovableHandle(self._forward_hooks, hook)

    def register_full_backward_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call `hook(module, grad_input, grad_output)` when both are there; it may return another
        `grad_input`.
        """
        return RemovableHandle(self._backward_hooks, hook)

    def register_full_backward_pre_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call `hook(module, grad_output)` before; it may return another `grad_output`."""
        return RemovableHandle(self._backward_pre_hooks, hook)

    # ---- for all of it at once ---------------------------------------------------------------

    def apply(self, function: Callable[[Module], None]) -> Any:
        """Call `function` with every module below and, last, this one. Returns the module."""
        for child in self.children():
            child.apply(function)
        function(self)
        return self

    def train(self, mode: bool = True) -> Any:
        """Training mode on or off: dropout and batch normalisation differ. Returns the module."""
        if not isinstance(mode, bool):
            raise ValueError("training mode is expected to be boolean")
        for module in self.modules():
            module.training = mode
        return self

    def eval(self) -> Any:
        """Evaluation: `train(False)`."""
        return self.train(False)

    def requires_grad_(self, requires_grad: bool = True) -> Any:
        """Let the parameters learn, or freeze them. Returns the module."""
        for parameter in self.parameters():
            parameter.requires_grad_(requires_grad)
        return self

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of all parameters, or set them to zeros."""
        for parameter in self.parameters():
            if set_to_none:
                parameter.grad = None
            elif parameter.grad is not None:
                parameter.grad = parameter.grad.detach()
                parameter.grad.zero_()

    def to(self, *args: Any, dtype: Any = None, **kwargs: Any) -> Any:
        """Parameters and buffers in another floating point dtype. Returns the module itself."""
        for arg in args:
            if isinstance(arg, (dtypes.dtype, Tensor)):
                dtype = arg.dtype if isinstance(arg, Tensor) else arg
            elif str(arg).partition(":")[0] != "cpu":
                raise RuntimeError(f"minigrad computes on the CPU only; it has no device {arg!r}")
        if dtype is None:
            return self
        if dtype.numpy.kind != "f":
            raise TypeError(
                "nn.Module.to only accepts floating point or complex dtypes, but got desired "
                f"dtype={dtype}"
            )
        for tensor in [*self.parameters(), *self.buffers()]:
            if tensor._array.dtype.kind == "f":
                grad, tensor._grad = tensor._grad, None
                tensor.data = tensor.data.to(dtype)
                tensor._grad = None if grad is None else grad.to(dtype)
        return self

    def double(self) -> Any:
        """`to(float64)`."""
        return self.to(dtypes.float64)

    def float(self) -> Any:
        """`to(float32)`."""
        return self.to(dtypes.float32)

    def half(self) -> Any:
        """`to(float16)`."""
        return self.to(dtypes.float16)

    def cpu(self) -> Any:
        """The module itself: it is on the CPU."""
        return self

    # ---- text --------------------------------------------------------------------------------

    def extra_repr(self) -> str:
        """What stands between the brackets of `repr`: the options of a layer."""
        return ""

    def __repr__(self) -> str:
        options = self.extra_repr()
        children = [
            f"({name}): " + repr(module).replace("\n", "\n  ")
            for name, module in self._modules.items()
        ]
        return in_brackets(type(self).__name__, options, children)


def in_brackets(name: str, options: str, children: list[str]) -> str:
    """The text of a module, over several lines if it has children or more than one line to say."""
    lines = options.split("\n") if options else []
    if not children and len(lines) <= 1:
        return f"{name}({options})"
    return f"{name}(\n  " + "\n  ".join(lines + children) + "\n)"
