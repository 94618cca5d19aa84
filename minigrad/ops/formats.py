"""Copies whose entries lie in a memory format: `contiguous`, `clone`."""

from __future__ import annotations

from typing import Any

from ..device import channels_last, contiguous_format, preserve_format
from ..memory import in_format, lies_in
from ..tensor import Tensor
from . import type_casts
from .operation import Operation

_laid_out = Operation(
    "clone", "self", in_format, options="memory_format", shown="self.contiguous()", jvp="linear"
)
_laid_out.derivative("self", "grad", lambda grad: grad)


def contiguous(input: Tensor, *, memory_format: Any = contiguous_format) -> Tensor:
    """The tensor itself if its entries lie in the order of the format and without gaps, else a
    copy that does.

    Raises RuntimeError for `preserve_format`, and for `channels_last` without four axes.
    """
    if input._array.flags.c_contiguous and memory_format is not channels_last:
        return input
    if memory_format is preserve_format:
        raise RuntimeError("preserve memory format is unsupported by the contiguous operator")
    return input if lies_in(input._array, memory_format) else _laid_out(input, memory_format)


def clone(input: Tensor, *, memory_format: Any = preserve_format) -> Tensor:
    """A copy, whose entries lie as those of `input` unless a format says otherwise."""
    if memory_format in (None, preserve_format):
        return type_casts.clone(input)
    return _laid_out(input, memory_format)
