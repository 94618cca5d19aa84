"""Adam: each entry's step is its mean gradient over the root of its mean squared gradient."""

from __future__ import annotations

import math
from typing import Any, ClassVar

from ..calling import as_number
from ..creation import tensor, zeros_like
from ..dtypes import get_default_dtype
from ..ops.limits import maximum
from ..tensor import Tensor
from .optimizer import Optimizer, check, decayed, learned


class Adam(Optimizer):
    """Adam (Kingma and Ba 2015): running means of the gradient and of its square, corrected for
    having begun at 0.

    betas: how slowly the two means forget. eps: keeps the quotient finite. weight_decay: adds
    `weight_decay * param` to the gradient. amsgrad: the largest mean square so far. maximize:
    climbs. Source: the PyTorch page "Adam".
    """

    later_options: ClassVar[dict[str, Any]] = {
        "amsgrad": False, "maximize": False, "foreach": None, "capturable": False,
        "differentiable": False, "decoupled_weight_decay": False, "fused": None,
    }  # fmt: skip

    def __init__(
        self,
        params: Any,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        amsgrad: bool = False,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
        capturable: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
        decoupled_weight_decay: bool = False,
    ) -> None:
        apart = foreach and not capturable  # from the parameters, tensors then are not accepted
        if isinstance(lr, Tensor) and apart:
            raise ValueError(
                "lr as a Tensor is not supported for capturable=False and foreach=True"
            )
        check((lr, "learning rate"), (eps, "epsilon value"))
        for place, beta in enumerate((betas[0], betas[1])):
            if not 0.0 <= beta < 1.0:
                raise ValueError(f"Invalid beta parameter at index {place}: {beta}")
        check((weight_decay, "weight_decay value"))
        if not any(all(isinstance(beta, kind) for beta in betas[:2]) for kind in (float, Tensor)):
            raise ValueError("betas must be either both floats or both Tensors")
        for place, beta in enumerate(betas):
            if isinstance(beta, Tensor) and apart:
                raise ValueError(
                    f"betas[{place}] as a Tensor is not supported for capturable=False and "
                    "foreach=True"
                )
        super().__init__(
            params,
            {
                "lr": lr,
                "betas": tuple(betas),
                "eps": eps,
                "weight_decay": weight_decay,
                "amsgrad": amsgrad,
                "maximize": maximize,
                "foreach": foreach,
                "capturable": capturable,
                "differentiable": differentiable,
                "fused": fused,
                "decoupled_weight_decay": decoupled_weight_decay,
            },
        )

    def update(self, param: Any, grad: Any, state: dict[str, Any], group: dict[str, Any]) -> None:
        """One step of one parameter."""
        (beta1, beta2), lr = map(as_number, group["betas"]), group["lr"]
        if not state:
            state["step"] = tensor(0.0, dtype=get_default_dtype())
            state["exp_avg"], state["exp_avg_sq"] = zeros_like(param), zeros_like(param)
            if group["amsgrad"]:
                state["max_exp_avg_sq"] = zeros_like(param)
        state["step"] += 1
        step = state["step"].item()
        if group["weight_decay"] != 0 and group["decoupled_weight_decay"]:
            param.mul_(1 - lr * group["weight_decay"])
        elif group["weight_decay"] != 0:
            grad = decayed(param, grad, group["weight_decay"])

        mean, square = state["exp_avg"], state["exp_avg_sq"]
        mean.lerp_(grad, 1 - beta1)
        if learned(beta2):
            square.lerp_(grad.square(), 1 - beta2)
        else:
            square.mul_(beta2).addcmul_(grad, grad, value=1 - beta2)
        if group["amsgrad"]:
            largest = state["max_exp_avg_sq"]
            square = largest.copy_(maximum(largest.clone(), square))
        if group["differentiable"]:  # every factor may be a tensor, and be overwritten later
            (beta1, beta2), step = group["betas"], state["step"].clone()
            size = -lr / (1 - beta1**step)
            denominator = square.sqrt() / ((1 - beta2**step) ** 0.5 * size)
            param.addcdiv_(mean.clone(), denominator + group["eps"] / size)
            return
        denominator = (square.sqrt() / math.sqrt(1 - beta2**step)).add_(group["eps"])
        param.addcdiv_(mean, denominator, value=-lr / (1 - beta1**step))


class AdamW(Adam):
    """Adam whose weight decay shrinks the parameter itself (Loshchilov and Hutter 2019)."""

    later_options: ClassVar[dict[str, Any]] = {**Adam.later_options, "decoupled_weight_decay": True}

    def __init__(
        self,
        params: Any,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        capturable: bool = False,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        super().__init__(
            params, lr, betas, eps, weight_decay, amsgrad, maximize=maximize, foreach=foreach,
            capturable=capturable, differentiable=differentiable, fused=fused,
            decoupled_weight_decay=True,
        )  # fmt: skip
