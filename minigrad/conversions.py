"""A tensor among Python's own objects and NumPy's: as a number, in `in`, copied, as an array."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np

from . import watch
from .autograd.grad_mode import state
from .from_data import NOT_ONE_ENTRY, warn_of_history
from .memory import address, geometry, owner, window
from .ops import axes, comparison
from .tensor import Tensor, on_array
from .versions import INFERENCE
from .warn import warn

NUMBER = (bool, int, float, np.number, np.bool_)


def _only(self: Tensor) -> Any:
    """The only entry as a Python number; PyTorch has an error of its own for `float(x)`."""
    if self._array.size != 1:
        raise ValueError(NOT_ONE_ENTRY)
    return self._array.item()


def to_float(self: Tensor) -> float:
    """`float(x)`. Raises ValueError if there is not exactly one entry."""
    warn_of_history(self)
    value = float(_only(self))
    return self._read(value, "float(self)") if watch.active else value


def to_complex(self: Tensor) -> complex:
    """`complex(x)`. Raises ValueError if there is not exactly one entry."""
    warn_of_history(self)
    return complex(_only(self))


def to_int(self: Tensor) -> int:
    """`int(x)`. Raises ValueError if there is not exactly one entry."""
    return int(_only(self))


def contains(self: Tensor, value: Any) -> bool:
    """`value in x`: True if some entry equals it. Raises RuntimeError for what is no number."""
    if not isinstance(value, (Tensor, *NUMBER)):
        raise RuntimeError(
            "Tensor.__contains__ only supports Tensor or scalar, but you passed in a "
            f"{type(value)}."
        )
    own = self.detach()
    equal = comparison.eq(value, own) if isinstance(value, Tensor) else comparison.eq(own, value)
    return bool(equal._array.any())


def positive(self: Tensor) -> Tensor:
    """`+x`: the tensor itself. Raises RuntimeError for truth values."""
    if self._array.dtype.kind == "b":
        raise RuntimeError("The `+` operator, on a bool tensor is not supported.")
    return self


def backwards(self: Tensor) -> Tensor:
    """`reversed(x)`: the first axis run through from its end. A tensor, not an iterator."""
    return axes.flip(self, 0) if self.ndim else self


def deepcopy(self: Tensor, memo: dict[int, Any]) -> Tensor:
    """A leaf with memory and `.grad` of its own. Raises RuntimeError if it is not a leaf."""
    if not self.is_leaf:
        raise RuntimeError(
            "Only Tensors created explicitly by the user (graph leaves) support the deepcopy "
            "protocol at the moment.  If you were attempting to deepcopy a module, this may be "
            "because of a torch.nn.utils.weight_norm usage, see "
            "https://github.com/pytorch/pytorch/pull/103001"
        )
    if id(self) in memo:
        return memo[id(self)]
    out = object.__new__(type(self))
    memo[id(self)] = out
    memory = owner(self._array)  # all of it: what shares it shares the copy, too
    where = geometry(self._array, memory)
    whole: Any = ("memory", address(memory))
    if whole not in memo:
        memo[whole] = memory.copy()
    out._array, out._edge = window(memo[whole].view(memory.dtype), where), None
    if state.inference:
        out._counter = INFERENCE
    out._own_counter().bump("deepcopy")  # PyTorch writes the copy into a new tensor
    out.requires_grad = self.requires_grad
    for name, value in _own_attributes(self):
        setattr(out, name, copy.deepcopy(value, memo))
    out._grad = copy.deepcopy(self._grad, memo)
    return out


def shallow(self: Tensor) -> Tensor:
    """`copy.copy(x)`: a leaf on the same memory, without `.grad`."""
    _warn_of_hooks(self)
    out = object.__new__(type(self))
    out._array, out._edge = self._array, None
    if state.inference:
        out._counter = INFERENCE
    out._own_counter().bump("copy")
    out.requires_grad = self.requires_grad
    for name, value in _own_attributes(self):
        setattr(out, name, value)
    return out


def _own_attributes(tensor: Tensor) -> list[tuple[str, Any]]:
    """What the reader has put on a tensor."""
    return [(name, value) for name, value in vars(tensor).items() if not hasattr(Tensor, name)]


def from_numpy_function(
    self: Tensor, array: np.ndarray, context: Any = None, return_scalar: bool = False
) -> Tensor:
    """What a NumPy function of a tensor returns: a tensor. Truth values come as uint8."""
    array = np.asarray(array)
    return on_array(array.astype(np.uint8) if array.dtype == np.bool_ else array)


def reduced(self: Tensor, protocol: Any) -> Any:
    """For `pickle`: the array and the flag; neither history nor `.grad` nor hooks."""
    _warn_of_hooks(self)
    return rebuilt, (type(self), self._array, self.requires_grad)


def _warn_of_hooks(tensor: Tensor) -> None:
    for hook in (tensor._hooks or {}).values():
        warn(
            f"backward hook {hook!r} on tensor will not be serialized.  If this is expected, you "
            "can decorate the function with @torch.utils.hooks.unserializable_hook to suppress "
            "this warning"
        )


def rebuilt(kind: type[Tensor], array: np.ndarray, requires_grad: bool) -> Tensor:
    """A leaf from what `reduced` kept."""
    out = object.__new__(kind)
    out._array, out._edge = array, None
    out._own_counter().bump("loads")  # PyTorch writes what it has read into a new tensor
    out.requires_grad = requires_grad
    return out


PROTOCOLS: dict[str, Any] = {
    "__float__": to_float,
    "__complex__": to_complex,
    "__int__": to_int,
    "__contains__": contains,
    "__pos__": positive,
    "__reversed__": backwards,
    "__deepcopy__": deepcopy,
    "__copy__": shallow,
    "__reduce_ex__": reduced,
    "__array_wrap__": from_numpy_function,
}
