"""New tensors of random numbers. Where the numbers come from is told in `random.py`."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import dtypes, random
from .autograd.profiler import composed
from .creation import empty_like, made, numpy_type, shape_of
from .from_data import check_options, leaf
from .ops.extremes import argmax
from .ops.filling import normal_around
from .ops.refusals import refuse_kinds, type_word
from .ops.sorting import topk
from .tensor import Tensor, on_array


def _uniform(empty: np.ndarray, generator: Any) -> np.ndarray:
    refuse_kinds(empty, "biu", "check_uniform_bounds")
    return random.uniform_as(empty, generator)


def _normal(empty: np.ndarray, generator: Any) -> np.ndarray:
    refuse_kinds(empty, "biu", "normal_kernel_cpu")
    return random.normal_as(empty, generator)


def _of_size(name: str, draw: Any, word: str, doc: str) -> Any:
    """word: what the drawing is called in a profile."""
    empty, drawn = composed(np.empty, "empty"), composed(draw, word)
    return made(name, doc, lambda shape, kind, generator=None: drawn(empty(shape, kind), generator))


def _like(name: str, draw: Any) -> Any:
    def like(
        input: Tensor, *, dtype: Any = None, device: Any = None, requires_grad: bool = False,
        memory_format: Any = None, generator: Any = None,
    ) -> Tensor:  # fmt: skip
        empty = _as_asked(name, input, dtype, device, requires_grad, memory_format)
        return leaf(draw(empty, generator), requires_grad)

    like.__name__ = like.__qualname__ = name
    like.__doc__ = (
        f"`{name.removesuffix('_like')}` in the shape, the dtype and the memory order of `input`."
    )
    return like


rand = _of_size("rand", _uniform, "uniform_", "Independent random numbers, uniform on [0, 1).")
randn = _of_size(
    "randn", _normal, "normal_", "Independent normal random numbers, mean 0 and variance 1."
)
rand_like, randn_like = _like("rand_like", _uniform), _like("randn_like", _normal)


def randint(
    low: Any = 0, high: Any = None, size: Any = None, *, dtype: Any = None, device: Any = None,
    requires_grad: bool = False, generator: Any = None,
) -> Tensor:  # fmt: skip
    """Independent random integers from `low` (0 if left out) up to but not `high`."""
    if isinstance(high, (tuple, list)) or high is None:
        low, high, size = 0, low, high if size is None else size
    low, high = int(low), int(high)
    if not (dtypes.fits_long(low) and dtypes.fits_long(high)):
        raise ValueError("Overflow when unpacking long long")
    kind = dtypes.int64.numpy if dtype is None else dtypes.named(dtype).numpy
    empty = np.empty(shape_of("randint", (size,)), kind)
    return leaf(random.integers_as(empty, generator, int(low), int(high)), requires_grad)


def randint_like(
    input: Tensor, low: Any, high: Any = None, *, dtype: Any = None, device: Any = None,
    requires_grad: bool = False, memory_format: Any = None, generator: Any = None,
) -> Tensor:  # fmt: skip
    """`randint` in the shape, the dtype and the memory order of `input`."""
    low, high = (0, low) if high is None else (low, high)
    if isinstance(high, Tensor) and high.ndim:
        raise RuntimeError("high must be a scalar tensor and on CPU")
    empty = _as_asked("randint_like", input, dtype, device, requires_grad, memory_format)
    return leaf(random.integers_as(empty, generator, int(low), int(high)), requires_grad)


def _as_asked(name: str, input: Tensor, dtype: Any, device: Any, *options: Any) -> np.ndarray:
    """An array like that of `input`. options: requires_grad, memory_format."""
    check_options(name, input.dtype if dtype is None else dtype, device, options[0])
    return empty_like(input, dtype=dtype, memory_format=options[1])._array


def randperm(
    n: int, *, dtype: Any = None, device: Any = None, requires_grad: bool = False,
    generator: Any = None,
) -> Tensor:  # fmt: skip
    """The numbers 0 … n - 1 in random order. Raises RuntimeError for a negative `n`."""
    check_options("randperm", dtype, device, requires_grad)
    if n < 0:
        raise RuntimeError(f"Trying to create tensor with negative dimension {n}: [{n}]")
    kind = dtypes.int64.numpy if dtype is None else dtypes.named(dtype).numpy
    refuse_kinds(np.empty(0, kind), "b", "randperm")
    return leaf(random.source(generator).permutation(n).astype(kind), requires_grad)


def normal(
    mean: Any, std: Any = 1.0, size: Any = None, *, dtype: Any = None, device: Any = None,
    requires_grad: bool = False, generator: Any = None,
) -> Tensor:  # fmt: skip
    """Independent normal random numbers of given means and standard deviations, numbers with a
    `size` or tensors. Raises RuntimeError for a negative deviation.
    """
    check_options("normal", dtype, device, requires_grad)
    if size is None:
        return normal_around(mean, std, generator)
    if std < 0:
        raise RuntimeError(f"normal expects std >= 0.0, but found std {std:g}")
    empty = np.empty(shape_of("normal", (size,)), numpy_type(dtype))
    refuse_kinds(empty, "biu", "normal_kernel_cpu")
    return leaf(random.normal_as(empty, generator, mean, std), requires_grad)


def multinomial(
    input: Tensor, num_samples: int, replacement: bool = False, *, generator: Any = None
) -> Tensor:
    """Places drawn with given chances, which need not add up to 1: (…, n) →
    (…, num_samples), int64.

    replacement: the same place may come again. Raises RuntimeError for chances that are negative,
    not finite or all 0, and for more samples than there are places to draw without replacement.
    """
    chances = input._array
    if chances.dtype.kind != "f":
        raise RuntimeError(
            f"multinomial only supports floating-point dtypes for input, got: {type_word(chances)}"
        )
    if input.ndim not in (1, 2):
        raise RuntimeError("prob_dist must be 1 or 2 dim")
    if num_samples <= 0:
        raise RuntimeError("cannot sample n_sample <= 0 samples")
    if not replacement and num_samples > input.shape[-1]:
        raise RuntimeError(
            "cannot sample n_sample > prob_dist.size(-1) samples without replacement"
        )
    with_replacement = replacement and num_samples > 1
    _check_chances(chances, with_replacement)
    if with_replacement:
        return on_array(_drawn_again(chances, num_samples, random.source(generator)))
    waiting = random.exponential_as(chances, generator, 1.0).astype(chances.dtype)
    scores = on_array(chances / waiting)  # the likelier, the shorter the wait
    if num_samples == 1:
        return argmax(scores, -1, True)
    return topk(scores, num_samples)[1]


def _check_chances(chances: np.ndarray, separately: bool) -> None:
    if not (np.isfinite(chances) & (chances >= 0)).all():
        words = "probability tensor contains either `inf`, `nan` or element < 0"
        if separately:
            entry = "< 0" if (chances < 0).any() else "= infinity or NaN"
            words = f"invalid multinomial distribution (encountering probability entry {entry})"
        raise RuntimeError(words)
    if (np.add.reduce(chances, -1) == 0).any():
        raise RuntimeError("invalid multinomial distribution (sum of probabilities <= 0)")


def _drawn_again(chances: np.ndarray, count: int, generator: random.Generator) -> np.ndarray:
    """Each number from 0 to 1 falls into the part that a place has of the sum of all chances."""
    ends = np.add.accumulate(chances, -1, np.result_type(chances, np.float32))
    ends = (ends / ends[..., -1:]).reshape(-1, chances.shape[-1])
    numbers = generator.uniform(len(ends) * count, np.float64).reshape(len(ends), count)
    places = [np.searchsorted(row, drawn) for row, drawn in zip(ends, numbers, strict=True)]
    return np.array(places, np.int64).reshape(*chances.shape[:-1], count)
