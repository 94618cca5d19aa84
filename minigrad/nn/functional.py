"""The functions that layers are made of, under PyTorch's names."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .. import random
from ..autograd.grad_mode import is_grad_enabled
from ..autograd.profiler import composed
from ..calling import as_float, checked
from ..explaining import passing_on
from ..memory import empty_like
from ..ops import (
    added_products,
    arithmetic,
    convolution,
    distances,
    matrix,
    similarity,
    sliding_blocks,
)
from ..ops.adaptive_pooling import adaptive_avg_pool1d, adaptive_avg_pool2d, adaptive_avg_pool3d
from ..ops.interpolation import interpolate
from ..ops.lookup import _embedding
from ..ops.padding import pad as _pad
from ..ops.refusals import type_word
from ..tensor import Tensor, made, on_array
from ..versions import with_places
from .activations import (
    celu,
    celu_,
    elu,
    elu_,
    gelu,
    gumbel_softmax,
    hardshrink,
    hardsigmoid,
    hardswish,
    hardtanh,
    hardtanh_,
    leaky_relu,
    leaky_relu_,
    log_softmax,
    logsigmoid,
    mish,
    prelu,
    relu,
    relu6,
    relu_,
    rrelu,
    rrelu_,
    selu,
    selu_,
    sigmoid,
    silu,
    softmax,
    softmin,
    softplus,
    softshrink,
    softsign,
    tanh,
    tanhshrink,
    threshold,
    threshold_,
)
from .cross_entropy import cross_entropy as _cross_entropy
from .cross_entropy import nll_loss as _nll_loss
from .losses import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    hinge_embedding_loss,
    huber_loss,
    kl_div,
    l1_loss,
    mse_loss,
    smooth_l1_loss,
)
from .normalization import batch_norm, instance_norm, layer_norm
from .pooling import avg_pool1d, avg_pool2d, max_pool1d, max_pool2d

__all__ = [
    "adaptive_avg_pool1d", "adaptive_avg_pool2d", "adaptive_avg_pool3d", "avg_pool1d", "avg_pool2d",
    "batch_norm", "binary_cross_entropy", "binary_cross_entropy_with_logits", "celu", "celu_",
    "conv1d", "conv2d", "cosine_similarity", "cross_entropy", "dropout", "elu", "elu_", "embedding",
    "fold", "gelu", "gumbel_softmax", "hardshrink", "hardsigmoid", "hardswish", "hardtanh",
    "hardtanh_", "hinge_embedding_loss", "huber_loss", "instance_norm", "interpolate", "kl_div",
    "l1_loss", "layer_norm", "leaky_relu", "leaky_relu_", "linear", "log_softmax", "logsigmoid",
    "max_pool1d", "max_pool2d", "mish", "mse_loss", "nll_loss", "normalize", "one_hot", "pad",
    "pdist", "prelu", "relu", "relu6", "relu_", "rrelu", "rrelu_", "selu", "selu_", "sigmoid",
    "silu", "smooth_l1_loss", "softmax", "softmin", "softplus", "softshrink", "softsign", "tanh",
    "tanhshrink", "threshold", "threshold_", "unfold",
]  # fmt: skip


pad, pdist = passing_on("pad")(_pad), checked(distances.pdist, "pdist")
cosine_similarity = checked(similarity.cosine_similarity, "cosine_similarity")
conv1d, conv2d = (checked(getattr(convolution, name), name) for name in ("conv1d", "conv2d"))
_im2col = checked(sliding_blocks.unfold, "im2col")
_col2im = checked(sliding_blocks.fold, "col2im")


def unfold(
    input: Tensor, kernel_size: Any, dilation: Any = 1, padding: Any = 0, stride: Any = 1
) -> Tensor:
    """The blocks that a window slides over as columns: (batch, channels, height, width) →
    (batch, channels · entries of a block, blocks).
    """
    return _im2col(input, *map(_pair, (kernel_size, dilation, padding, stride)))


def fold(
    input: Tensor, output_size: Any, kernel_size: Any, dilation: Any = 1, padding: Any = 0,
    stride: Any = 1,
) -> Tensor:  # fmt: skip
    """The columns that `unfold` makes, added up where the blocks lay: the result has `output_size`
    (height, width).
    """
    return _col2im(input, *map(_pair, (output_size, kernel_size, dilation, padding, stride)))


def _pair(value: Any) -> Any:
    return tuple(value) if isinstance(value, (tuple, list)) else (value, value)


cross_entropy = passing_on("cross_entropy_loss")(_cross_entropy)
nll_loss = passing_on("nll_loss_nd")(_nll_loss)


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
        return matrix.matmul(input, weight.t())
    if input.ndim == 2:
        return added_products.addmm(bias, input, weight.t())
    if bias.ndim != 1 or not input.is_contiguous():
        return matrix.matmul(input, weight.t()).add_(bias)
    rows = input.view(math.prod(input.shape[:-1]), input.shape[-1])
    return added_products.addmm(bias, rows, weight.t()).view(*input.shape[:-1], weight.shape[0])


linear = checked(composed(_linear, "linear"), "linear")


def dropout(input: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
    """Zeros in random places, with probability `p`; the others grow by 1 / (1 - p).

    In evaluation (`training=False`) the input itself. Raises ValueError if `p` is no probability.
    """
    if p < 0.0 or p > 1.0:
        raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")
    if not p >= 0:  # nan: PyTorch has its error from elsewhere
        raise RuntimeError(f"dropout probability has to be between 0 and 1, but got {p}")
    return _dropout(input, p, training, inplace)


@passing_on("dropout", train="training")
def _dropout(input: Tensor, p: float, training: bool, inplace: bool) -> Tensor:
    if not training or p == 0 or input.numel() == 0:
        return input
    if input._array.dtype.kind != "f" and p < 1:
        raise RuntimeError(
            "result type Float can't be cast to the desired output type " + type_word(input._array)
        )
    factor = np.zeros((), input._array.dtype)
    if p < 1:
        kept = random.below_as(empty_like(input._array), None, np.float64(1 - p))
        factor = (kept / (1 - p)).astype(factor.dtype)
    return input.mul_(on_array(factor)) if inplace else input * on_array(factor)


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
    rows = _embedding(weight, places, padding, scale_grad_by_freq)
    return with_places(rows, "indices", indices)


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
    out = made((places[..., None] == np.arange(classes)).astype(np.int64, "C"))
    out._own_counter().value = 2 if places.size else 0  # zeros, into which ones are scattered
    return out


one_hot = checked(_one_hot, "one_hot")


def normalize(
    input: Tensor, p: float = 2.0, dim: Any = 1, eps: float = 1e-12, out: Tensor | None = None
) -> Tensor:
    """`input` divided by its `p`-norm along `dim`; by `eps` where that is smaller."""
    length = input.norm(p, dim, True).clamp_min(eps).expand_as(input)
    return input / length if out is None else _div(input, length, out=out)


_div = checked(arithmetic.div, "div")
