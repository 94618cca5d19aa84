"""New tensors: filled, counted. Those from data are made in `from_data.py`, random ones in
`random_tensors.py`.
"""

from __future__ import annotations

import math
import operator
from typing import Any

import numpy as np

from . import dtypes
from .autograd.profiler import composed
from .device import preserve_format
from .from_data import check_options, copy_warning, leaf, tensor
from .memory import Geometry, in_format, window
from .memory import empty_like as laid_out_like
from .ops.refusals import check_range
from .tensor import Tensor
from .type_names import type_name


def shape_of(name: str, size: Any) -> tuple[int, ...]:
    """`ones(2, 3)`, `ones((2, 3))` and `ones(shape)` mean the same."""
    if len(size) == 1 and isinstance(size[0], (tuple, list)):
        size = size[0]
    sizes = tuple(map(operator.index, size))
    for n in sizes:
        if n < 0 and name == "zeros":
            raise RuntimeError("zeros: Dimension size must be non-negative.")
        if n < 0:
            raise RuntimeError(
                f"Trying to create tensor with negative dimension {n}: {list(sizes)}"
            )
    return sizes


def numpy_type(dtype: Any) -> np.dtype:
    """NumPy's dtype for one of ours; for None that of new floating point tensors."""
    return (dtypes.get_default_dtype() if dtype is None else dtypes.named(dtype)).numpy


def made(name: str, doc: str, make: Any) -> Any:
    """A function of a size and the usual options. `make(shape, NumPy dtype)` gives the array; its
    third argument is the generator of random numbers, if one was given.
    """

    def function(
        *size: Any, dtype: Any = None, device: Any = None, requires_grad: bool = False,
        layout: Any = None, generator: Any = None, **named: Any,
    ) -> Tensor:  # fmt: skip
        if "size" in named:
            size = (named.pop("size"),)
        memory_format = named.pop("memory_format", None)
        if memory_format is preserve_format:
            raise RuntimeError("unsupported memory format Preserve")
        if not size:
            raise TypeError(f'{name}() missing 1 required positional arguments: "size"')
        if named:
            raise TypeError(f"{name}() got an unexpected keyword argument '{next(iter(named))}'")
        check_options(name, dtype, device, requires_grad)
        source = () if generator is None else (generator,)
        shape = shape_of(name, size)
        if math.prod(shape) >= 2**62:
            raise RuntimeError(f"Storage size calculation overflowed with sizes={list(shape)}")
        array = np.asarray(make(shape, numpy_type(dtype), *source))
        if memory_format is not None:
            array = in_format(array, memory_format)
        return leaf(array, requires_grad)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = doc
    return composed(function, name)


def arranged(out: Tensor, like: Tensor, memory_format: Any = None) -> Tensor:
    """`out`, with its entries laid out as those of `like` are, unless a format says otherwise."""
    if memory_format not in (None, preserve_format):
        out._array = in_format(out._array, memory_format)
    elif not like._array.flags.c_contiguous:
        values, out._array = out._array, laid_out_like(like._array, out._array.dtype)
        out._array[...] = values
    return out


def _like(make: Any, name: str) -> Any:
    def like(
        input: Tensor, *, dtype: Any = None, device: Any = None, requires_grad: bool = False,
        layout: Any = None, memory_format: Any = None,
    ) -> Tensor:  # fmt: skip
        if not isinstance(input, Tensor):
            raise TypeError(
                f"{name}(): argument 'input' (position 1) must be Tensor, not {type_name(input)}"
            )
        check_options(name, dtype, device, requires_grad)
        kind = input.dtype if dtype is None else dtype
        out = make(tuple(input.shape), dtype=kind, requires_grad=requires_grad)
        return arranged(out, input, memory_format)

    like.__name__ = like.__qualname__ = name
    like.__doc__ = f"A tensor like `{make.__name__}` of the shape and dtype of `input`."
    return like


ones = made("ones", "A tensor of ones, float32 unless said otherwise.", np.ones)
zeros = made("zeros", "A tensor of zeros, float32 unless said otherwise.", np.zeros)
empty = made("empty", "A tensor whose entries are whatever was in memory.", np.empty)
ones_like, zeros_like = _like(ones, "ones_like"), _like(zeros, "zeros_like")
empty_like = _like(empty, "empty_like")


def empty_strided(
    size: Any, stride: Any, *, dtype: Any = None, device: Any = None, requires_grad: bool = False,
    layout: Any = None,
) -> Tensor:  # fmt: skip
    """A tensor of whatever was in memory, whose entries lie `stride` entries apart.

    Raises RuntimeError if there are more strides than axes, or a negative one.
    """
    check_options("empty_strided", dtype, device, requires_grad)
    if len(size) != len(stride):
        raise RuntimeError(
            f"dimensionality of sizes ({len(size)}) must match dimensionality of strides "
            f"({len(stride)})"
        )
    if min(stride, default=0) < 0:
        raise RuntimeError(
            f"Storage size calculation overflowed with sizes={list(size)} and "
            f"strides={list(stride)}"
        )
    where = Geometry(tuple(size), tuple(stride), 0)
    return leaf(window(np.empty(where.extent, numpy_type(dtype)), where), requires_grad)


def full(
    size: Any, fill_value: Any, *, dtype: Any = None, device: Any = None,
    requires_grad: bool = False,
) -> Tensor:  # fmt: skip
    """A tensor with `fill_value` in every entry, of that number's dtype.

    Raises TypeError for what is no number.
    """
    check_options("full", dtype, device, requires_grad)
    if isinstance(fill_value, Tensor) and not fill_value.requires_grad:
        fill_value = fill_value.item()
    if not isinstance(fill_value, (bool, int, float, np.number, np.bool_)):
        raise TypeError(
            "full(): argument 'fill_value' (position 2) must be Number, not "
            f"{type_name(fill_value)}"
        )
    kind = dtypes.of_scalar(fill_value) if dtype is None else dtypes.named(dtype).numpy
    check_range(fill_value, kind)
    value = np.asarray(fill_value).astype(kind)  # -1 becomes 255
    return leaf(np.full(shape_of("full", (size,)), value, kind), requires_grad)


def full_like(
    input: Tensor, fill_value: Any, *, dtype: Any = None, device: Any = None,
    requires_grad: bool = False, memory_format: Any = None,
) -> Tensor:  # fmt: skip
    """A tensor with `fill_value` in every entry, of the shape and dtype of `input`."""
    kind = input.dtype if dtype is None else dtype
    out = full(
        tuple(input.shape), fill_value, dtype=kind, device=device, requires_grad=requires_grad
    )
    return arranged(out, input, memory_format)


def _number(name: str, argument: str, position: int, value: Any) -> Any:
    if isinstance(value, Tensor):
        return value.item()
    if not isinstance(value, (bool, int, float, np.number, np.bool_)):
        raise TypeError(
            f"{name}(): argument '{argument}' (position {position}) must be Number, not "
            f"{type_name(value)}"
        )
    return value


def arange(
    start: Any = 0, end: Any = None, step: Any = 1, *, dtype: Any = None, device: Any = None,
    requires_grad: bool = False,
) -> Tensor:  # fmt: skip
    """Numbers from `start` up to but not `end`. int64 if all three are integers.

    Raises RuntimeError if `step` is 0 or leads away from `end`.
    """
    if end is None:
        start, end = 0, _number("arange", "end", 1, start)
    start, end = _number("arange", "start", 1, start), _number("arange", "end", 2, end)
    step = _number("arange", "step", 3, step)
    check_options("arange", dtype, device, requires_grad)
    if step == 0:
        raise RuntimeError("step must be nonzero")
    if not (math.isfinite(start) and math.isfinite(end)):
        raise RuntimeError(f"unsupported range: {start} -> {end}")
    if (end - start) * step < 0:
        raise RuntimeError("upper bound and lower bound inconsistent with step sign")
    whole = all(isinstance(v, (int, np.integer)) for v in (start, end, step))
    kind = dtypes.int64.numpy if whole and dtype is None else numpy_type(dtype)
    if kind.kind == "b":
        raise NotImplementedError("\"arange_cpu\" not implemented for 'Bool'")
    if kind.kind != "f" and not (dtypes.fits_long(start) and dtypes.fits_long(end)):
        raise RuntimeError("value cannot be converted to type int64_t without overflow")
    count = math.ceil((float(end) - float(start)) / step)
    if count >= 1 << 63 or (whole and end - start >= (1 << 63) - 1):
        raise RuntimeError("invalid size, possible overflow?")
    if kind.kind != "f":
        start, step = int(start), int(step)
        if not step:  # a fraction, cut off
            raise ValueError("step must be nonzero")
    if kind == np.int64:  # all three are cut off before it is counted how many fit
        count = len(range(start, int(end), step))
    return leaf((start + step * np.arange(count)).astype(kind), requires_grad)


def linspace(
    start: Any, end: Any, steps: int, *, dtype: Any = None, device: Any = None,
    requires_grad: bool = False,
) -> Tensor:  # fmt: skip
    """`steps` numbers at equal distances, from `start` to `end`, both included."""
    kind, *ends = _spaced("linspace", start, end, steps, dtype, device, requires_grad)
    exact = kind.type if kind.kind == "f" else np.float64
    first, last = map(exact, ends)
    step = (last - first) / exact(max(steps - 1, 1))
    k = np.arange(steps)
    wide = np.longdouble  # PyTorch multiplies and adds in one go, with one rounding
    there = wide(first) + wide(step) * k
    back = wide(last) - wide(step) * (steps - 1 - k)  # from the other end, as PyTorch does
    values = np.where(k < steps // 2, there, back) if steps != 1 else there
    return leaf(values.astype(kind), requires_grad)


def _spaced(
    name: str, start: Any, end: Any, steps: int, dtype: Any, device: Any, requires_grad: bool
) -> tuple[Any, Any, Any]:
    """The NumPy dtype and both ends of a row of numbers, all checked."""
    if steps < 0:
        raise RuntimeError("number of steps must be non-negative")
    check_options(name, dtype, device, requires_grad)
    ends_given = [(w, v) for w, v in (("start", start), ("end", end)) if isinstance(v, Tensor)]
    wrong = [f"{word} with {value.ndim} dimension(s)" for word, value in ends_given]
    if any(value.ndim for _, value in ends_given):
        raise RuntimeError(
            f"{name} only supports 0-dimensional start and end tensors, but got "
            f"{' and '.join(wrong)}."
        )
    kind = numpy_type(dtype)
    if kind.kind == "b":
        raise NotImplementedError(f"\"{name}_cpu\" not implemented for 'Bool'")
    ends = _number(name, "start", 1, start), _number(name, "end", 2, end)
    return kind, *(ends if kind.kind == "f" else map(int, ends))


def logspace(
    start: Any, end: Any, steps: int, base: float = 10.0, *, dtype: Any = None, device: Any = None,
    requires_grad: bool = False,
) -> Tensor:  # fmt: skip
    """`steps` powers of `base`, whose exponents lie at equal distances from `start` to `end`."""
    kind, first, last = _spaced("logspace", start, end, steps, dtype, device, requires_grad)
    values = np.power(float(base), np.linspace(first, last, steps))
    return leaf(values.astype(kind), requires_grad)


def eye(
    n: int, m: int | None = None, *, dtype: Any = None, device: Any = None,
    requires_grad: bool = False,
) -> Tensor:  # fmt: skip
    """Ones on the diagonal, zeros elsewhere; shape (n, m).

    Raises RuntimeError for a negative length.
    """
    for name, value in (("n", n), ("m", m)):
        if value is not None and value < 0:
            raise RuntimeError(f"{name} must be greater or equal to 0, got {value}")
    check_options("eye", dtype, device, requires_grad)
    return leaf(np.eye(n, m, dtype=numpy_type(dtype)), requires_grad)


def _new(make: Any, name: str) -> Any:
    """The method `new_…`: as `make`, of the dtype of the tensor."""

    def method(self: Tensor, *args: Any, dtype: Any = None, **options: Any) -> Tensor:
        if not args and "size" not in options:
            raise TypeError(f'{name}() missing 1 required positional arguments: "size"')
        kind = self.dtype if dtype is None else dtype
        if make is not full:
            args = (shape_of("new", args or (options.pop("size"),)),)
        return make(*args, dtype=kind, **options)

    method.__name__ = method.__qualname__ = name
    method.__doc__ = f"`{make.__name__}`, of the dtype of this tensor."
    return method


def _new_tensor(self: Tensor, data: Any, *, dtype: Any = None, **options: Any) -> Tensor:
    """`tensor`, of the dtype of this tensor."""
    if isinstance(data, Tensor):
        copy_warning("tensor.new_tensor")
        data = data._array
    return tensor(data, dtype=self.dtype if dtype is None else dtype, **options)


METHODS = {
    "new_tensor": _new_tensor,
    "new_zeros": _new(zeros, "new_zeros"),
    "new_ones": _new(ones, "new_ones"),
    "new_empty": _new(empty, "new_empty"),
    "new_full": _new(full, "new_full"),
}
