"""What a tensor is asked for without an argument: `x.T`, `x.device`, `x.item()`.

Such attributes are read-only unless their class says otherwise; those that are missing say so.
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

PROPERTIES: dict[str, Any] = {
    "device": property(lambda self: CPU, doc="Always the CPU."),
    "layout": property(lambda self: strided, doc="Always `strided`."),
    "is_cpu": property(lambda self: True, doc="Always True."),
    "is_sparse": property(lambda self: False, doc="Always False."),
    "is_quantized": property(lambda self: False, doc="Always False."),
    "is_meta": property(lambda self: False, doc="Always False."),
    "is_cuda": property(lambda self: False, doc="Always False."),
    "itemsize": property(lambda self: self._array.itemsize, doc="Bytes per entry."),
    "nbytes": property(lambda self: self._array.nbytes, doc="Bytes of all entries."),
    "H": property(axes.one_adjoint),
    "T": property(axes.reversed_axes),
    "mT": property(axes.matrix_transpose),
    "real": property(complex_words.real),
    "imag": property(complex_words.imag),
    "mH": property(lambda self: axes.matrix_transpose(self, "mH")),
}

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
