"""Plus, minus, times, divided by: entry by entry, with broadcasting.

The shape of a result is the broadcast shape of its inputs. Derivatives ignore broadcasting: the
engine sums a cotangent back to the shape of its input (`autograd/cotangents.py`).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..tensor import Tensor
from .operands import to_common
from .operation import Operation
from .refusals import no_bools

# rows=True: these derivatives are right for many cotangents at once. Of "entrywise" operations that
# goes without saying, but for those to which `arithmetic_tangents.py` gives a rule for tangents.

add = Operation("add", "self other", np.add, shown="self + other", promote="common")
add.derivative("self", "grad", lambda grad: grad)
add.derivative("other", "grad", lambda grad: grad)
add.shows("", alpha=1)  # what PyTorch's node shows: `_saved_alpha`, and no tensor

sub = Operation("sub", "self other", np.subtract, shown="self - other", promote="common", rows=True)
sub.derivative("self", "grad", lambda grad: grad)
sub.derivative("other", "-grad", lambda grad: -grad)
sub.shows("", alpha=1)
to_common_unless_bool = no_bools(to_common)  # `-` refuses truth values
sub.promotion = to_common_unless_bool

mul = Operation("mul", "self other", np.multiply, shown="self * other", promote="common", rows=True)
mul.derivative("self", r"grad \odot other", lambda grad, other: grad * other)
mul.derivative("other", r"grad \odot self", lambda grad, self: grad * self)

div = Operation(
    "div", "self other", np.true_divide, shown="self / other", promote="float", rows=True
)
div.derivative("self", r"\frac{grad}{other}", lambda grad, other: grad / other)
div.derivative(
    "other",
    r"-grad \odot \frac{self}{other^2}",
    lambda grad, self, other: -grad * ((self / other) / other),  # as PyTorch, to the last bit
)

neg = Operation("neg", "self", np.negative, shown="-self", jvp="linear", rows=True)
neg.derivative("self", "-grad", lambda grad: -grad)

reciprocal = Operation("reciprocal", "self", np.reciprocal, shown="1 / self", promote="float")
reciprocal.derivative(
    "self", r"-grad \odot result^2", lambda grad, result: -grad * (result * result)
)


def rdiv(input: Tensor, other: Any) -> Tensor:
    """`other / input`: PyTorch computes the reciprocal first."""
    return reciprocal(input) * other
