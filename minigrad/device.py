"""Where and how entries lie: the device, the layout, the memory format.

Always on the CPU and with strides. Here so that programs which name them run.
"""

from __future__ import annotations

import re
from typing import Any

from .type_names import WrittenInC

KNOWN = (
    "cpu, cuda, ipu, xpu, mkldnn, opengl, opencl, ideep, hip, ve, fpga, maia, xla, lazy, vulkan, "
    "mps, meta, hpu, mtia, privateuseone"
)


WRITTEN = re.compile(r"[A-Za-z_]+(:(0|[1-9][0-9]*))?")


class device(metaclass=WrittenInC):  # noqa: N801  (PyTorch's name)
    """`device("cpu")`. Raises RuntimeError for a device that minigrad does not have."""

    type: str
    index: int | None

    def __init__(self, type: Any = None, index: int | None = None) -> None:
        if isinstance(type, int) and not isinstance(type, bool) and index is None:
            raise RuntimeError("Cannot access accelerator device when none is available.")
        if not isinstance(type, (str, device)):
            from .arguments import chosen

            given = () if type is None else (type,) if index is None else (type, index)
            chosen("device", given, {}, False)
        if isinstance(type, str) and not WRITTEN.fullmatch(type):
            raise RuntimeError(f"Invalid device string: '{type}'")
        name = type.type if isinstance(type, device) else str(type).partition(":")[0]
        if name not in KNOWN.split(", "):
            raise RuntimeError(
                f"Expected one of {KNOWN} device type at start of device string: {name}"
            )
        if isinstance(index, int) and index < 0:
            raise RuntimeError("Device index must not be negative")
        if name != "cpu":
            raise AssertionError(f"Torch not compiled with {name.upper()} enabled")
        self.type, self.index = name, index

    def __repr__(self) -> str:
        return f"device(type='{self.type}')"

    def __str__(self) -> str:
        return self.type

    def __eq__(self, other: object) -> bool:
        return isinstance(other, device) and self.type == other.type

    def __hash__(self) -> int:
        return hash(self.type)


CPU = device("cpu")


def refuse_pinned(pin_memory: Any) -> None:
    """Raise RuntimeError if memory for a graphics card is asked for."""
    if pin_memory:
        raise RuntimeError(
            "pin_memory=True requires a CUDA or other accelerator backend; no pinned memory "
            "allocator is available on this system."
        )


class layout(metaclass=WrittenInC):  # noqa: N801  (PyTorch's name)
    """How entries lie in memory: always with strides."""

    def __repr__(self) -> str:
        return "torch.strided"


strided = layout()


class memory_format(metaclass=WrittenInC):  # noqa: N801  (PyTorch's name)
    """The order in which entries lie."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"torch.{self.name}"


contiguous_format = memory_format("contiguous_format")
preserve_format = memory_format("preserve_format")
channels_last = memory_format("channels_last")

for _class in (device, layout, memory_format):
    _class.__module__ = "torch"  # as they print
