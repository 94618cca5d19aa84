"""Learning rates that change with the epoch. Call `scheduler.step()` after `optimizer.step()`."""

from __future__ import annotations

from typing import Any

from ..warn import warn
from .optimizer import Optimizer


class LRScheduler:
    """Base: define `get_lr`, the learning rates of the groups at `last_epoch`.

    Raises TypeError for what is no optimizer; KeyError if `last_epoch` says that training goes on
    but the optimizer does not know its first learning rate.
    """

    def __init__(self, optimizer: Optimizer, last_epoch: int = -1) -> None:
        if not isinstance(optimizer, Optimizer):
            raise TypeError(f"{type(optimizer).__name__} is not an Optimizer")
        for k, group in enumerate(optimizer.param_groups):
            if last_epoch == -1:
                group["initial_lr"] = group["lr"]
            elif "initial_lr" not in group:
                raise KeyError(
                    f"param 'initial_lr' is not specified in param_groups[{k}] when resuming "
                    "scheduler with last_epoch >= 0.\nThis typically happens when:\n"
                    "1. You're trying to resume training from a checkpoint but haven't properly "
                    "loaded the optimizer state\n2. You're using last_epoch >= 0 for a fresh "
                    "training run (not recommended)"
                )
        self.optimizer = optimizer
        self.base_lrs = [group["initial_lr"] for group in optimizer.param_groups]
        self.last_epoch = last_epoch
        self._step_count = 0
        self._steps_before = optimizer.steps
        self.step()

    def get_lr(self) -> list[float]:
        """The learning rates at `last_epoch`. To be defined."""
        raise NotImplementedError

    def get_last_lr(self) -> list[float]:
        """The learning rates that were set last."""
        return self._last_lr

    def step(self) -> None:
        """The next epoch: set the learning rates of the optimizer."""
        self._step_count += 1
        if self._step_count == 2 and self.optimizer.steps == self._steps_before:
            warn(
                "Detected call of `lr_scheduler.step()` before `optimizer.step()`. In PyTorch "
                "1.1.0 and later, you should call them in the opposite order: `optimizer.step()` "
                "before `lr_scheduler.step()`.  Failure to do this will result in PyTorch skipping "
                "the first value of the learning rate schedule. See more details at "
                "https://pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate"
            )
        self.last_epoch += 1
        for group, lr in zip(self.optimizer.param_groups, self.get_lr(), strict=True):
            group["lr"] = lr
        self._last_lr = [group["lr"] for group in self.optimizer.param_groups]

    def state_dict(self) -> dict[str, Any]:
        """Everything but the optimizer."""
        hidden = ("optimizer", "_steps_before", "lr_lambdas")
        return {name: value for name, value in self.__dict__.items() if name not in hidden}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take over a `state_dict`."""
        self.__dict__.update(state_dict)

    def _factor(self, factor: float, when: bool = True) -> list[float]:
        """All learning rates times a factor, from the first epoch on."""
        factor = factor if when and self.last_epoch > 0 else 1.0
        return [
            group["lr"] if factor == 1.0 else group["lr"] * factor
            for group in self.optimizer.param_groups
        ]


class StepLR(LRScheduler):
    """Every `step_size` epochs the learning rates are multiplied by `gamma`."""

    def __init__(
        self, optimizer: Optimizer, step_size: int, gamma: float = 0.1, last_epoch: int = -1
    ) -> None:
        self.step_size, self.gamma = step_size, gamma
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        """The learning rates at `last_epoch`."""
        return self._factor(self.gamma, self.last_epoch % self.step_size == 0)


class ExponentialLR(LRScheduler):
    """Every epoch the learning rates are multiplied by `gamma`."""

    def __init__(self, optimizer: Optimizer, gamma: float, last_epoch: int = -1) -> None:
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        """The learning rates at `last_epoch`."""
        return self._factor(self.gamma)


class LambdaLR(LRScheduler):
    """The first learning rates times `lr_lambda(epoch)`; one function, or one per group."""

    def __init__(
        self,
        optimizer: Optimizer,
        lr_lambda: Any,
        last_epoch: int = -1,
    ) -> None:
        several = isinstance(lr_lambda, (list, tuple))
        groups = len(optimizer.param_groups)
        self.lr_lambdas: list[Any] = list(lr_lambda) if several else [lr_lambda] * groups
        if len(self.lr_lambdas) != groups:
            raise ValueError(f"Expected {groups} lr_lambdas, but got {len(self.lr_lambdas)}")
        super().__init__(optimizer, last_epoch)

    def get_lr(self) -> list[float]:
        """The learning rates at `last_epoch`."""
        pairs = zip(self.lr_lambdas, self.base_lrs, strict=True)
        return [base * factor(self.last_epoch) for factor, base in pairs]
