"""minigrad: PyTorch's autograd, rebuilt on NumPy, small enough to read in an afternoon.

    import minigrad as torch

Read the files in the order that `minigrad/README.md` gives.
"""

from typing import Any

from . import autograd, methods
from .autograd import (
    enable_grad,
    inference_mode,
    is_grad_enabled,
    is_inference_mode_enabled,
    no_grad,
    set_grad_enabled,
)
from .creation import (
    arange,
    eye,
    full,
    manual_seed,
    ones,
    ones_like,
    rand,
    rand_like,
    randn,
    randn_like,
    tensor,
    zeros,
    zeros_like,
)
from .dtypes import (
    bool,
    double,
    float,
    float16,
    float32,
    float64,
    get_default_dtype,
    half,
    int,
    int32,
    int64,
    long,
    set_default_dtype,
)
from .ops.activations import relu, sigmoid, tanh
from .ops.arithmetic import (
    abs,
    add,
    clone,
    div,
    eq,
    exp,
    ge,
    gt,
    le,
    log,
    lt,
    mul,
    ne,
    neg,
    pow,
    reciprocal,
    rsub,
    sign,
    sqrt,
    sub,
)
from .ops.limits import clamp, maximum, minimum, where
from .ops.matrix import matmul, mm
from .ops.reductions import mean, sum
from .ops.shape import permute, reshape, squeeze, t, transpose, unsqueeze
from .tensor import Size, Tensor

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    raise AttributeError(
        f"module 'minigrad' has no attribute {name!r}: minigrad does not have torch.{name}"
    )
