"""RMSprop: each entry's gradient over the root of its running mean square."""

from __future__ import annotations

from typing import Any, ClassVar

from ..creation import tensor, zeros_like
from ..dtypes import get_default_dtype
from .optimizer import Optimizer, check, decayed


class RMSprop(Optimizer):
    """`square = alpha * square + (1 - alpha) * grad²`, `param -= lr * grad / (√square + eps)`.

    centered: the variance in place of the mean square. momentum: a running sum of the steps.
    Source: the PyTorch page "RMSprop".
    """

    later_options: ClassVar[dict[str, Any]] = {
        "momentum": 0, "centered": False, "foreach": None, "maximize": False,
        "differentiable": False, "capturable": False,
    }  # fmt: skip

    def __init__(
        self,
        params: Any,
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum: float = 0,
        centered: bool = False,
        capturable: bool = False,
        foreach: bool | None = None,
        maximize: bool = False,
        differentiable: bool = False,
    ) -> None:
        check(
            (lr, "learning rate"),
            (eps, "epsilon value"),
            (momentum, "momentum value"),
            (weight_decay, "weight_decay value"),
            (alpha, "alpha value"),
        )
        super().__init__(
            params,
            {
                "lr": lr,
                "momentum": momentum,
                "alpha": alpha,
                "eps": eps,
                "centered": centered,
                "weight_decay": weight_decay,
                "capturable": capturable,
                "foreach": foreach,
                "maximize": maximize,
                "differentiable": differentiable,
            },
        )

    def update(self, param: Any, grad: Any, state: dict[str, Any], group: dict[str, Any]) -> None:
        """One step of one parameter."""
        alpha = group["alpha"]
        if not state:
            state["step"] = tensor(0.0, dtype=get_default_dtype())
            state["square_avg"] = zeros_like(param)
            if group["momentum"] > 0:
                state["momentum_buffer"] = zeros_like(param)
            if group["centered"]:
                state["grad_avg"] = zeros_like(param)
        state["step"] += 1
        if group["weight_decay"] != 0:
            grad = decayed(param, grad, group["weight_decay"])
        square = state["square_avg"]
        square.mul_(alpha).addcmul_(grad, grad, value=1 - alpha)
        if group["centered"]:
            mean = state["grad_avg"]
            mean.lerp_(grad, 1 - alpha)
            square = square.addcmul(mean, mean, value=-1)
        root = square.sqrt()
        root = (root.add if group["differentiable"] else root.add_)(group["eps"])
        if group["momentum"] > 0:
            buffer = state["momentum_buffer"]
            buffer.mul_(group["momentum"]).addcdiv_(grad, root)
            param.add_(buffer, alpha=-group["lr"])
        else:
            param.addcdiv_(grad, root, value=-group["lr"])
