"""A module: a function with parameters, that may be made of other modules.

`filing.py` has what happens to its attributes, `state.py` how it is saved and loaded, `calls.py`
what happens when it is called.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any

from .. import cuda, dtypes
from ..autograd.assigned import forget
from ..autograd.grad_mode import no_grad
from ..autograd.hooks import RemovableHandle
from ..casting import asked_for
from .calls import Called
from .filing import ON_REGISTERING, Filing
from .hooks import EVERY_MODULE, Hooked
from .state import State


class Module(Called):
    """Base of all layers and networks: define `forward`, and `__init__`, which calls this one."""

    training: bool

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Takes no arguments. Raises TypeError, in the name of the class, for any."""
        if kwargs:
            raise TypeError(
                f"{self._get_name()}.__init__() got an unexpected keyword argument "
                f"'{next(iter(kwargs))}'"
            )
        if args:
            raise TypeError(
                f"{self._get_name()}.__init__() takes 1 positional argument but "
                f"{len(args) + 1} were given"
            )
        super().__init__()
        object.__setattr__(self, "training", True)

    # ---- for all of it at once ---------------------------------------------------------------

    def apply(self, fn: Callable[[Module], None]) -> Any:
        """Call `fn` with every module below and, last, this one. Returns the module."""
        for child in self.children():
            child.apply(fn)
        fn(self)
        return self

    def train(self, mode: bool = True) -> Any:
        """Training mode on or off: dropout and batch normalisation differ. Returns the module.

        Raises ValueError for what is not True or False.
        """
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
            forget(parameter, set_to_none)

    def _apply(self, function: Callable[[Any], Any]) -> Any:
        """Give each parameter and its gradient the data that the function makes of them; put what
        it makes of a buffer in the place of that. Returns the module.
        """
        for child in self.children():
            child._apply(function)
        for parameter in self._parameters.values():
            if parameter is not None:
                grad, parameter._grad = parameter._grad, None
                with no_grad():
                    parameter.data = function(parameter)
                    if grad is not None:
                        grad.data = function(grad)
                parameter._grad = grad
        for name, buffer in self._buffers.items():
            self._buffers[name] = None if buffer is None else function(buffer)
        return self

    def to(self, *args: Any, **kwargs: Any) -> Any:
        """Parameters and buffers in another floating point dtype. Returns the module itself.

        Takes what a tensor's `to` takes. Raises TypeError for a dtype of another kind.
        """
        dtype, copy = asked_for(*args, **kwargs)
        if copy:
            raise RuntimeError(".to() does not accept copy argument")
        if dtype is None:
            return self
        dtype = dtypes.named(dtype)
        if dtype.numpy.kind != "f":
            raise TypeError(
                "nn.Module.to only accepts floating point or complex dtypes, but got desired "
                f"dtype={dtype}"
            )
        return self._apply(lambda t: t.to(dtype) if t.is_floating_point() else t)

    def type(self, dst_type: Any) -> Any:
        """All parameters and buffers in another dtype. Returns the module itself."""
        return self._apply(lambda tensor: tensor.type(dst_type))

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

    def cuda(self, device: Any = None) -> Any:
        """Raise AssertionError: there is no graphics card."""
        cuda.refuse()

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
        return in_brackets(self._get_name(), options, children)


for _part in (Filing, State, Hooked, Called):
    for _method in vars(_part).values():
        if isinstance(_method, FunctionType):
            _method.__qualname__ = f"Module.{_method.__name__}"  # what errors call it


def in_brackets(name: str, options: str, children: list[str]) -> str:
    """The text of a module, over several lines if it has children or more than one line to say."""
    lines = options.split("\n") if options else []
    if not children and len(lines) <= 1:
        return f"{name}({options})"
    return f"{name}(\n  " + "\n  ".join(lines + children) + "\n)"


# ---- hooks on every module -----------------------------------------------------------------------

register_module_forward_pre_hook = EVERY_MODULE.register_forward_pre_hook
register_module_forward_hook = EVERY_MODULE.register_forward_hook
register_module_full_backward_pre_hook = EVERY_MODULE.register_full_backward_pre_hook
register_module_full_backward_hook = EVERY_MODULE.register_full_backward_hook
register_module_backward_hook = EVERY_MODULE.register_backward_hook


def register_module_buffer_registration_hook(hook: Callable[..., Any]) -> RemovableHandle:
    """Call `hook(module, name, buffer)` when a buffer is registered; it may return another."""
    return RemovableHandle(ON_REGISTERING["buffer"], hook)


def register_module_module_registration_hook(hook: Callable[..., Any]) -> RemovableHandle:
    """Call `hook(module, name, submodule)` when one is registered; it may return another."""
    return RemovableHandle(ON_REGISTERING["module"], hook)


def register_module_parameter_registration_hook(hook: Callable[..., Any]) -> RemovableHandle:
    """Call `hook(module, name, param)` when a parameter is registered; it may return another."""
    return RemovableHandle(ON_REGISTERING["parameter"], hook)
