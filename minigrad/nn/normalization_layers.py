"""Layers that normalise: over the features of a sample, over a batch, over an image."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import creation
from ..tensor import Tensor
from ..warn import warn
from . import functional, init
from .layers import empty
from .module import Module


class LayerNorm(Module):
    """Each part of shape `normalized_shape` with mean 0 and variance 1, then `* weight + bias`."""

    def __init__(
        self,
        normalized_shape: Any,
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        alone = isinstance(normalized_shape, (int, np.integer))
        shape = (normalized_shape,) if alone else normalized_shape
        self.normalized_shape = tuple(shape)
        self.eps, self.elementwise_affine = eps, elementwise_affine
        for name, wanted in (("weight", True), ("bias", bias)):
            wanted = elementwise_affine and wanted
            self.register_parameter(
                name, empty(self.normalized_shape, device, dtype) if wanted else None
            )
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Weights of 1, biases of 0."""
        if self.weight is not None:
            init.ones_(self.weight)
        if self.bias is not None:
            init.zeros_(self.bias)

    def forward(self, input: Tensor) -> Tensor:
        """The normalised input."""
        return functional.layer_norm(input, self.normalized_shape, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        """The options."""
        return (
            f"{self.normalized_shape}, eps={self.eps}, "
            f"elementwise_affine={self.elementwise_affine}, bias={self.bias is not None}"
        )


class _BatchNorm(Module):
    """Batch normalisation; `_axes`: with how many axes an input may come."""

    _axes: tuple[int, int]
    _version = 2  # the first had no num_batches_tracked

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        device: Any = None,
        dtype: Any = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__()
        self.num_features, self.eps, self.momentum = num_features, eps, momentum
        self.affine, self.track_running_stats = affine, track_running_stats
        for name, wanted in (("weight", affine), ("bias", affine and bias)):
            self.register_parameter(name, empty(num_features, device, dtype) if wanted else None)
        tracked = track_running_stats
        mean, variance = (f(num_features, dtype=dtype) for f in (creation.zeros, creation.ones))
        self.register_buffer("running_mean", mean if tracked else None)
        self.register_buffer("running_var", variance if tracked else None)
        self.register_buffer("num_batches_tracked", creation.tensor(0) if tracked else None)
        self.reset_parameters()

    def reset_running_stats(self) -> None:
        """No batch has been seen: mean 0, variance 1."""
        if self.track_running_stats:
            self.running_mean.zero_()
            self.running_var.fill_(1)
            self.num_batches_tracked.zero_()

    def reset_parameters(self) -> None:
        """Weights of 1, biases of 0, and no batch has been seen."""
        self.reset_running_stats()
        if self.weight is not None:
            init.ones_(self.weight)
        if self.bias is not None:
            init.zeros_(self.bias)

    def _load_from_state_dict(
        self, state_dict: Any, prefix: str, local_metadata: Any, *rest: Any
    ) -> None:
        """A state of the first version keeps the count that there is."""
        if (local_metadata.get("version") or 1) < 2 and self.track_running_stats:
            state_dict.setdefault(f"{prefix}num_batches_tracked", self.num_batches_tracked)
        super()._load_from_state_dict(state_dict, prefix, local_metadata, *rest)

    def forward(self, input: Tensor) -> Tensor:
        """The normalised input."""
        self._check_input_dim(input)
        momentum = 0.0 if self.momentum is None else self.momentum
        if self.training and self.track_running_stats:
            self.num_batches_tracked.add_(1)
            if self.momentum is None:  # the mean of all batches so far
                momentum = 1.0 / self.num_batches_tracked.item()
        follow = not self.training or self.track_running_stats
        return functional.batch_norm(
            input,
            self.running_mean if follow else None,
            self.running_var if follow else None,
            self.weight,
            self.bias,
            self.training or (self.running_mean is None and self.running_var is None),
            momentum,
            self.eps,
        )

    def extra_repr(self) -> str:
        """The options."""
        return (
            f"{self.num_features}, eps={self.eps}, momentum={self.momentum}, "
            f"affine={self.affine}, bias={self.bias is not None}, "
            f"track_running_stats={self.track_running_stats}"
        )

    def _check_input_dim(self, input: Tensor) -> None:
        """Raise ValueError for an input with other numbers of axes."""
        if input.dim() not in self._axes:
            few, many = (f"{count}D" for count in self._axes)
            expected = few if few == many else f"{few} or {many}"
            raise ValueError(f"expected {expected} input (got {input.dim()}D input)")


class BatchNorm1d(_BatchNorm):
    """Each feature with mean 0 and variance 1 over the batch: (N, C) or (N, C, L) → the same.

    In evaluation the running mean and variance of the training take the place of the batch's.
    """

    _axes = (2, 3)


class BatchNorm2d(_BatchNorm):
    """The same for images: (N, C, H, W) → the same."""

    _axes = (4, 4)


class _InstanceNorm(_BatchNorm):
    """The same for each sample alone."""

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = False,
        track_running_stats: bool = False,
        device: Any = None,
        dtype: Any = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__(
            num_features, eps, momentum, affine, track_running_stats, device, dtype, bias=bias
        )

    def forward(self, input: Tensor) -> Tensor:
        """The normalised input; without a batch as well."""
        self._check_input_dim(input)
        alone = input.dim() == self._axes[0]
        axis = 0 if alone else 1
        if input.size(axis) != self.num_features:
            if self.affine:
                raise ValueError(
                    f"expected input's size at dim={axis} to match num_features "
                    f"({self.num_features}), but got: {input.size(axis)}."
                )
            warn(
                f"input's size at dim={axis} does not match num_features. You can silence this "
                "warning by not passing in num_features, which is not used because affine=False"
            )
        out = functional.instance_norm(
            input.unsqueeze(0) if alone else input,
            self.running_mean,
            self.running_var,
            self.weight,
            self.bias,
            self.training or not self.track_running_stats,
            0.0 if self.momentum is None else self.momentum,
            self.eps,
        )
        return out.squeeze(0) if alone else out


class InstanceNorm1d(_InstanceNorm):
    """Each channel of each sample with mean 0 and variance 1: (N, C, L) or (C, L) → the same."""

    _axes = (2, 3)


class InstanceNorm2d(_InstanceNorm):
    """The same for images: (N, C, H, W) or (C, H, W) → the same."""

    _axes = (3, 4)
