"""The functions that layers are made of, under PyTorch's names."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from .. import creation
from ..absent import absent
from ..autograd.grad_mode import is_grad_enabled
from ..calling import as_float, as_number, checked, explain, passing_on
from ..ops import activations, distances
from ..ops.arithmetic import div
from ..ops.in_place import overwrite
from ..ops.losses import _embedding
from ..ops.matrix import addmm, matmul
from ..ops.padding import pad as _pad
from ..ops.refusals import type_word
from ..tensor import Tensor, new_tensor
from ..warn import warn
from .cross_entropy import cross_entropy as _cross_entropy
from .cross_entropy import nll_loss as _nll_loss
from .losses import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    huber_loss,
    l1_loss,
    mse_loss,
    smooth_l1_loss,
)
from .normalization import batch_norm, layer_norm

__all__ = [
    "batch_norm", "binary_cross_entropy", "binary_cross_entropy_with_logits", "cross_entropy",
    "dropout", "elu", "embedding", "gelu", "hardtanh", "huber_loss", "l1_loss", "layer_norm",
    "leaky_relu", "linear", "log_softmax", "logsigmoid", "mse_loss", "nll_loss", "normalize",
    "one_hot", "pad", "pdist", "relu", "relu6", "sigmoid", "silu", "smooth_l1_loss", "softmax",
    "softplus", "tanh", "threshold",
]  # fmt: skip


def _bend(name: str, input: Tensor, inplace: bool, *options: Any) -> Tensor:
    """An activation, which may overwrite its input."""
    function = getattr(activations, name)
    if not (isinstance(input, Tensor) and all(type(o) in (float, int) for o in options)):
        explain(f"{name}_" if inplace else name, (input, *options), {})
        options = tuple([as_number(option) for option in options])
    if inplace:
        own = activations.IN_PLACE.get(name, function)
        return overwrite(own, input, *options, writer=f"{name}_")
    return function(input, *options)


def relu(input: Tensor, inplace: bool = False) -> Tensor:
    """The larger of the entry and 0."""
    return _bend("relu", input, inplace)


def silu(input: Tensor, inplace: bool = False) -> Tensor:
    """The entry times its sigmoid."""
    return _bend("silu", input, inplace)


def relu6(input: Tensor, inplace: bool = False) -> Tensor:
    """The entry, but at least 0 and at most 6."""
    return _bend("relu6", input, inplace)


def leaky_relu(input: Tensor, negative_slope: float = 0.01, inplace: bool = False) -> Tensor:
    """The entry, times `negative_slope` if it is negative."""
    return _bend("leaky_relu", input, inplace, negative_slope)


def elu(input: Tensor, alpha: float = 1.0, inplace: bool = False) -> Tensor:
    """The entry; `alpha * (exp(x) - 1)` if it is negative."""
    return _bend("elu", input, inplace, alpha)


def hardtanh(
    input: Tensor, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False
) -> Tensor:
    """The entry, but at least `min_val` and at most `max_val`.

    Raises ValueError if `min_val` is the larger of the two.
    """
    if min_val > max_val:
        raise ValueError("min_val cannot be greater than max_val")
    return _bend("hardtanh", input, inplace, min_val, max_val)


pad, gelu = passing_on("pad")(_pad), checked(activations.gelu, "gelu")
softplus = checked(activations.softplus, "softplus")
logsigmoid = checked(activations.logsigmoid, "log_sigmoid")
pdist = checked(distances.pdist, "pdist")


cross_entropy = passing_on("cross_entropy_loss")(_cross_entropy)
nll_loss = passing_on("nll_loss_nd")(_nll_loss)


def sigmoid(input: Tensor) -> Tensor:
    """1 / (1 + exp(-x))."""
    return input.sigmoid()


def tanh(input: Tensor) -> Tensor:
    """The hyperbolic tangent."""
    return input.tanh()


def _threshold(input: Tensor, threshold: float, value: float, inplace: bool = False) -> Tensor:
    """`input` where it is above `threshold`, `value` elsewhere."""
    return _bend("threshold", input, inplace, threshold, value)


threshold = _threshold  # its errors name it so


def relu_(input: Tensor) -> Tensor:
    """`relu` in place."""
    return _bend("relu", input, True)


def leaky_relu_(input: Tensor, negative_slope: float = 0.01) -> Tensor:
    """`leaky_relu` in place."""
    return _bend("leaky_relu", input, True, negative_slope)


def elu_(input: Tensor, alpha: float = 1.0) -> Tensor:
    """`elu` in place."""
    return _bend("elu", input, True, alpha)


def hardtanh_(input: Tensor, min_val: float = -1.0, max_val: float = 1.0) -> Tensor:
    """`hardtanh` in place."""
    return _bend("hardtanh", input, True, min_val, max_val)


def threshold_(input: Tensor, threshold: float, value: float) -> Tensor:
    """`threshold` in place."""
    return _bend("threshold", input, True, threshold, value)


def _linear(input: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """`input @ weight.T + bias`: (…, in) and (out, in) → (…, out)."""
    if not isinstance(input, Tensor):
        raise TypeError(
            f"linear(): argument 'input' (position 1) must be Tensor, not {type(input).__name__}"
        )
    if input.ndim == 0 or weight.ndim == 0:
        raise RuntimeError(
            f"both arguments to linear need to be at least 1D, but they are {input.ndim}D and "
            f"{weight.ndim}D"
        )
    if bias is None:
        return matmul(input, weight.t())
    if input.ndim == 2:
        return addmm(bias, input, weight.t())
    if bias.ndim != 1 or not input.is_contiguous():
        return matmul(input, weight.t()).add_(bias)
    rows = input.view(prod(input.shape[:-1]), input.shape[-1])
    return addmm(bias, rows, weight.t()).view(*input.shape[:-1], weight.shape[0])


linear = checked(_linear, "linear")


def softmax(
    input: Tensor, dim: int | None = None, _stacklevel: int = 3, dtype: Any = None
) -> Tensor:
    """Positive numbers that add up to 1 along `dim`."""
    return input.softmax(_dim(input, dim, "softmax"), dtype=dtype)


def log_softmax(
    input: Tensor, dim: int | None = None, _stacklevel: int = 3, dtype: Any = None
) -> Tensor:
    """The logarithm of `softmax`."""
    return input.log_softmax(_dim(input, dim, "log_softmax"), dtype=dtype)


def _dim(input: Tensor, dim: int | None, name: str) -> int:
    if dim is not None:
        return dim
    warn(
        f"Implicit dimension choice for {name} has been deprecated. Change the call to include "
        "dim=X as an argument."
    )
    return 0 if input.ndim in (0, 1, 3) else 1


def dropout(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """Zeros in random places, with probability `p`; the others grow by 1 / (1 - p).

    In evaluation (`training=False`) the input itself. Raises ValueError if `p` is no probability.
    """
    if p < 0.0 or p > 1.0:
        raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")
    return _dropout(input, p, training, inplace)


@passing_on("dropout", train="training")
def _dropout(input: Tensor, p: float, training: bool, inplace: bool) -> Tensor:
    if not training or p == 0 or input.numel() == 0:
        return input
    if input._array.dtype.kind != "f" and p < 1:
        raise RuntimeError(
            "result type Float can't be cast to the desired output type " + type_word(input._array)
        )
    kept = creation.numbers().random(input.shape) >= p
    factor = new_tensor((kept / (1 - p if p < 1 else 1)).astype(input._array.dtype))
    return input.mul_(factor) if inplace else input * factor


def embedding(
    input: Tensor,
    weight: Tensor,
    padding_idx: int | None = None,
    max_norm: float | None = None,
    norm_type: float = 2.0,
    scale_grad_by_freq: bool = False,
    sparse: bool = False,
) -> Tensor:
    """The rows of `weight` at the places `input` (integers): (…) and (n, d) → (…, d).

    padding_idx: the row that gets no gradient. max_norm: rows that are longer (by `norm_type`) are
    first shortened to it, in place. scale_grad_by_freq: gradients are divided by how often a row is
    asked for. Raises IndexError for a place that does not exist, NotImplementedError for `sparse`.
    """
    padding_idx = padding_row(padding_idx, weight.size(0) if padding_idx else 0)
    if max_norm is not None:
        _renorm(weight.detach(), input.contiguous(), max_norm, norm_type)
    return _rows(weight, input, padding_idx, scale_grad_by_freq, sparse)


@passing_on("embedding_renorm_", input="weight")
def _renorm(weight: Tensor, indices: Tensor, max_norm: float, norm_type: float) -> None:
    """Shorten the rows at these places to `max_norm`, in place."""
    if weight.ndim != 2:
        raise RuntimeError(
            f"Expected 2-dimensional tensor, but got {weight.ndim}-dimensional tensor for argument "
            "#1 'self' (while checking arguments for embedding_renorm_)"
        )
    _check_places(indices, 2, "embedding_renorm_")
    for place in np.unique(indices._array):
        row = weight.select(0, int(place))
        norm = row.norm(as_float(norm_type)).item()
        if norm > max_norm:
            row._array *= row._array.dtype.type(max_norm / (norm + 1e-7))
    weight._own_counter().bump("embedding_renorm_")


def padding_row(padding_idx: int | None, rows: int) -> int | None:
    """Which of the rows it is, counted from the front. Raises AssertionError if it is none."""
    if padding_idx is None:
        return None
    if not (padding_idx < rows if padding_idx > 0 else padding_idx >= -rows):
        raise AssertionError("Padding_idx must be within num_embeddings")
    return padding_idx % rows if padding_idx else 0


@passing_on("embedding")
def _rows(
    weight: Tensor, indices: Tensor, padding_idx: int | None, scale_grad_by_freq: bool, sparse: bool
) -> Tensor:
    if weight.ndim != 2:
        if is_grad_enabled() and weight.requires_grad:
            weight.size(0)  # what a derivative needs comes first; without axes there is none
        raise RuntimeError("'weight' must be 2-D")
    if sparse is True:
        raise NotImplementedError("minigrad has no sparse gradients: leave out `sparse`")
    places = _check_places(indices, 1, "embedding")
    if places.size and not weight.shape[0]:
        raise RuntimeError("index_select(): self indexing axis dim should be positive")
    if places.size and (places.min() < 0 or places.max() >= weight.shape[0]):
        raise IndexError("index out of range in self")
    padding = -1 if padding_idx is None else padding_idx
    return _embedding(weight, places, padding, scale_grad_by_freq)


def _check_places(indices: Tensor, position: int, name: str) -> np.ndarray:
    """The places. Raises RuntimeError if they are no integers."""
    places = indices._array
    if places.dtype not in (np.int64, np.int32):
        kind = "CPUBoolType" if places.dtype == np.bool_ else indices.type()
        raise RuntimeError(
            f"Expected tensor for argument #{position} 'indices' to have one of the following "
            f"scalar types: Long, Int; but got {kind} instead (while checking arguments for {name})"
        )
    return places


def _one_hot(tensor: Tensor, num_classes: int = -1) -> Tensor:
    """A 1 at the place that each entry names, zeros elsewhere: int64, with one axis more."""
    places = tensor._array
    if places.dtype != np.int64:
        raise RuntimeError("one_hot is only applicable to index tensor of type LongTensor.")
    if not places.size and num_classes <= 0:
        raise RuntimeError("Can not infer total number of classes from empty tensor.")
    if places.size and places.min() < 0:
        raise RuntimeError("Class values must be non-negative.")
    classes = int(places.max()) + 1 if num_classes == -1 else num_classes
    if places.size and places.max() >= classes:
        raise RuntimeError("Class values must be smaller than num_classes.")
    return new_tensor((places[..., None] == np.arange(classes)).astype(np.int64))


one_hot = checked(_one_hot, "one_hot")


def normalize(
    input: Tensor, p: float = 2.0, dim: Any = 1, eps: float = 1e-12, out: Tensor | None = None
) -> Tensor:
    """`input` divided by its `p`-norm along `dim`; by `eps` where that is smaller."""
    length = input.norm(p, dim, True).clamp_min(eps).expand_as(input)
    return input / length if out is None else _div(input, length, out=out)


_div = checked(div, "div")


__getattr__ = absent("nn.functional")
