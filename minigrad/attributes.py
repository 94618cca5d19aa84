"""What a tensor is asked for: `x.T`, `x.device`, `x.item()`; and what its names once were.

Attributes are read-only unless their class says otherwise; those that are missing say so. Methods
of the class have their arguments checked from here on.
"""

from __future__ import annotations

from typing import Any

from .absent import say_so
from .calling import checked
from .device import CPU, strided
from .explaining import taking_nothing
from .ops import axes, complex_words
from .tensor import Tensor
from .tensor_base import TensorBase
from .warn import warn

PROPERTIES: dict[str, Any] = {
    "device": property(lambda self: CPU, doc="Always the CPU."),
    "layout": property(lambda self: strided, doc="Always `strided`."),
    "is_cpu": property(lambda self: True, doc="Always True."),
    "is_sparse": property(lambda self: False, doc="Always False."),
    "is_quantized": property(lambda self: False, doc="Always False."),
    "is_meta": property(lambda self: False, doc="Always False."),
    "is_cuda": property(lambda self: False, doc="Always False."),
    "name": property(lambda self: None, doc="Always None; PyTorch's first years gave names."),
    "itemsize": property(lambda self: self._array.itemsize, doc="Bytes per entry."),
    "nbytes": property(lambda self: self._array.nbytes, doc="Bytes of all entries."),
    "H": property(axes.one_adjoint),
    "T": property(axes.reversed_axes),
    "mT": property(axes.matrix_transpose),
    "real": property(complex_words.real),
    "imag": property(complex_words.imag),
    "mH": property(lambda self: axes.matrix_transpose(self, "mH")),
}

# ---- from PyTorch's first years ----------------------------------------------------------------


def _cannot_delete(text: str) -> Any:
    def refuse(self: Tensor) -> None:
        raise RuntimeError(text)

    return refuse


def _drop_history(self: Tensor, value: None) -> None:
    if value is not None:
        raise RuntimeError("_grad_fn can be only set to None")
    self.detach_()


def _is_volatile(self: Tensor) -> bool:
    """Until 2018, what `no_grad` is now. Always False."""
    warn("volatile was removed (Variable.volatile is always False)")
    return False


def _make_volatile(self: Tensor, value: Any) -> None:
    warn("volatile was removed and now has no effect. Use `with torch.no_grad():` instead.")


def _names(self: Tensor) -> list[str]:
    """All names but the one that warns when it is asked for."""
    return [name for name in TensorBase.__dir__(self) if name != "volatile"]


PROPERTIES |= {
    "_grad_fn": property(
        lambda self: self.grad_fn,
        _drop_history,
        _cannot_delete("Deletion of _grad_fn not allowed. Detach tensor instead!"),
    ),
    "_backward_hooks": property(
        lambda self: self._hooks,
        lambda self, hooks: setattr(self, "_hooks", hooks),
        _cannot_delete("Deletion of _backwards_hooks not allowed!"),
    ),
    "volatile": property(_is_volatile, _make_volatile),
}
setattr(Tensor, "__dir__", _names)  # noqa: B010

for _name, _property in PROPERTIES.items():
    setattr(Tensor, _name, _property)

for _name in ("_is_view", "data_ptr", "detach", "dim", "is_inference", "item", "numel",
              "retain_grad", "storage_offset", "tolist", "untyped_storage"):  # fmt: skip
    _class = Tensor if _name in vars(Tensor) else TensorBase
    setattr(_class, _name, taking_nothing(vars(_class)[_name], f"TensorBase.{_name}", 1))

TensorBase.storage.__qualname__ = "Tensor.storage"  # what errors call it

for _name in ("is_contiguous", "numpy", "requires_grad_", "size", "stride"):
    _class = Tensor if _name in vars(Tensor) else TensorBase
    setattr(_class, _name, checked(vars(_class)[_name], _name, method=True))


def _read_only(name: str, attribute: property) -> property:
    """The attribute, whose setter is PyTorch's error."""

    def refuse(self: Tensor, *value: Any) -> None:
        raise AttributeError(f"attribute '{name}' of 'torch._C.TensorBase' objects is not writable")

    return property(attribute.fget, refuse, attribute.fdel or refuse, attribute.__doc__)


for _class in (TensorBase, Tensor):
    for _name, _attribute in list(vars(_class).items()):
        if isinstance(_attribute, property) and _attribute.fset is None:
            setattr(_class, _name, _read_only(_name, _attribute))

say_so(Tensor)
