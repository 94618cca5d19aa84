"""Stochastic gradient descent: a step against the gradient, or against its running sum."""

from __future__ import annotations

from typing import Any, ClassVar

from .optimizer import Optimizer, check, decayed, learned


class SGD(Optimizer):
    """`param -= lr * grad`; with momentum, `buffer = momentum * buffer + grad` in place of grad.

    weight_decay: adds `weight_decay * param` to the gradient. dampening: takes a part of each new
    gradient away. nesterov: looks one step ahead. maximize: climbs. Source: the PyTorch page "SGD".
    """

    later_options: ClassVar[dict[str, Any]] = {
        "nesterov": False, "maximize": False, "foreach": None, "differentiable": False,
        "fused": False,
    }  # fmt: skip

    def __init__(
        self,
        params: Any,
        lr: float = 1e-3,
        momentum: float = 0,
        dampening: float = 0,
        weight_decay: float = 0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
        foreach: bool | None = None,
        differentiable: bool = False,
        fused: bool | None = None,
    ) -> None:
        check(
            (lr, "learning rate"),
            (momentum, "momentum value"),
            (weight_decay, "weight_decay value"),
            negative=lambda value: value < 0.0,
        )
        if nesterov and (momentum <= 0 or dampening != 0):
            raise ValueError("Nesterov momentum requires a momentum and zero dampening")
        super().__init__(
            params,
            {
                "lr": lr,
                "momentum": momentum,
                "dampening": dampening,
                "weight_decay": weight_decay,
                "nesterov": nesterov,
                "maximize": maximize,
                "foreach": foreach,
                "differentiable": differentiable,
                "fused": fused,
            },
        )

    def update(self, param: Any, grad: Any, state: dict[str, Any], group: dict[str, Any]) -> None:
        """One step of one parameter."""
        momentum = group["momentum"]
        if group["weight_decay"] != 0:
            grad = decayed(param, grad, group["weight_decay"])
        if momentum != 0:
            buffer = state.get("momentum_buffer")
            if buffer is None:
                buffer = state["momentum_buffer"] = grad.detach().clone()
            else:
                buffer.mul_(momentum).add_(grad, alpha=1 - group["dampening"])
            grad = grad.add(buffer, alpha=momentum) if group["nesterov"] else buffer
        if learned(group["lr"]):
            param.addcmul_(grad, group["lr"], value=-1)
        else:
            param.add_(grad, alpha=-group["lr"])
