"""What all optimizers share: groups of parameters with their options, and a state per parameter."""

from __future__ import annotations

import copy
import functools
from collections import OrderedDict, defaultdict
from collections.abc import Callable
from typing import Any, ClassVar

from .. import watch
from ..autograd.assigned import forget
from ..autograd.grad_mode import enable_grad, set_grad_enabled
from ..autograd.hooks import RemovableHandle
from ..tensor import Tensor
from ..type_names import typename
from ..warn import warn

_global_optimizer_pre_hooks: OrderedDict[int, Callable[..., Any]] = OrderedDict()
_global_optimizer_post_hooks: OrderedDict[int, Callable[..., Any]] = OrderedDict()


def register_optimizer_step_pre_hook(hook: Callable[..., Any]) -> RemovableHandle:
    """Call `hook(optimizer, args, kwargs)` before each step of any optimizer."""
    return RemovableHandle(_global_optimizer_pre_hooks, hook)


def register_optimizer_step_post_hook(hook: Callable[..., Any]) -> RemovableHandle:
    """Call `hook(optimizer, args, kwargs)` after each step of any optimizer."""
    return RemovableHandle(_global_optimizer_post_hooks, hook)


def observed(step: Callable[..., Any]) -> Callable[..., Any]:
    """A `step` with what happens around it: it is told, schedulers notice it, hooks are called."""

    @functools.wraps(step)
    def call(*args: Any, **kwargs: Any) -> Any:
        self = args[0]
        before = _global_optimizer_pre_hooks, self._optimizer_step_pre_hooks
        for hook in [hook for hooks in before for hook in hooks.values()]:
            changed = hook(self, args, kwargs)
            if isinstance(changed, tuple) and len(changed) == 2:
                args, kwargs = changed
            elif changed is not None:
                raise RuntimeError(
                    f"{step} must return None or a tuple of (new_args, new_kwargs), but got "
                    f"{changed}."
                )
        if self.stepped is False:
            self.stepped = True
        if watch.heard:
            watch.tell("step", self)
        result = step(*args, **kwargs)
        after = self._optimizer_step_post_hooks, _global_optimizer_post_hooks
        for hook in [hook for hooks in after for hook in hooks.values()]:
            hook(self, args, kwargs)
        return result

    return call


class Optimizer:
    """Base of optimizers: define `update(parameter, grad, state, group)`, or `step`.

    params: tensors, (name, tensor) pairs, or dictionaries {"params": tensors, option: value, …}.
    defaults: the options of groups that do not say otherwise.

    Raises ValueError for no parameters, one that is no leaf, or one in two groups; TypeError for
    what is no tensor.
    """

    stepped: bool | None = None
    """Has a step been made? None before there is a learning rate scheduler that asks."""
    later_options: ClassVar[dict[str, Any]] = {}
    """Options that the states of older versions do not have: their values then."""

    def __init_subclass__(cls) -> None:
        if "step" in vars(cls):
            cls.step = observed(cls.step)  # type: ignore[method-assign]

    def __init__(self, params: Any, defaults: dict[str, Any]) -> None:
        for when in ("step_pre", "step_post", "state_dict_pre", "state_dict_post",
                     "load_state_dict_pre", "load_state_dict_post"):  # fmt: skip
            setattr(self, f"_optimizer_{when}_hooks", OrderedDict())
        if isinstance(params, Tensor):
            raise TypeError(
                "params argument given to the optimizer should be an iterable of Tensors or dicts, "
                f"but got {params.type()}"
            )
        self.defaults = defaults
        self.state: defaultdict[Tensor, dict[str, Any]] = defaultdict(dict)
        self.param_groups: list[dict[str, Any]] = []
        groups = list(params)
        if not groups:
            raise ValueError("optimizer got an empty parameter list")
        for group in groups if isinstance(groups[0], dict) else [{"params": groups}]:
            self.add_param_group(group)
        fused = defaults.get("fused")
        if fused and defaults.get("differentiable"):
            raise RuntimeError("`fused` does not support `differentiable`")
        if fused and defaults.get("foreach"):
            raise RuntimeError("`fused` and `foreach` cannot be `True` together.")

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Add parameters with options of their own: `{"params": …, "lr": …}`.

        Raises TypeError or ValueError for what is no group, or a parameter that is no leaf or in
        another group.
        """
        if not isinstance(param_group, dict):
            raise TypeError(f"param_group must be a dict, but got {type(param_group)}")
        params = param_group["params"]
        if isinstance(params, set):
            raise TypeError(
                "optimizer parameters need to be organized in ordered collections, but the "
                "ordering of tensors in sets will change between runs. Please use a list instead."
            )
        params = [params] if isinstance(params, Tensor) else list(params)
        names = [param[0] for param in params if isinstance(param, tuple)]
        params = [param[1] if isinstance(param, tuple) else param for param in params]
        if names and len(names) < len(params):
            raise ValueError(
                "all optimizer params should be with/without names. Some param names are missing"
            )
        param_group.update(
            {"params": params, "param_names": names} if names else {"params": params}
        )
        for param in params:
            if not isinstance(param, Tensor):
                raise TypeError(
                    "optimizer can only optimize Tensors, but one of the params is "
                    f"{typename(param)}"
                )
            if not (self.defaults.get("differentiable") or param.is_leaf or param.retains_grad):
                raise ValueError("can't optimize a non-leaf Tensor")
        for name, value in self.defaults.items():
            param_group.setdefault(name, value)
        if len(set(params)) != len(params):
            warn(
                "optimizer contains a parameter group with duplicate parameters; in future, this "
                "will cause an error; see github.com/pytorch/pytorch/issues/40967 for more "
                "information"
            )
        named = "param_names" in param_group
        if any(("param_names" in group) != named for group in self.param_groups):
            raise ValueError(
                "all optimizer param groups should be with/without names. cannot add param group "
                f"{'with' if named else 'without'} names to the optimizer"
            )
        if not set(params).isdisjoint(self._parameters()):
            raise ValueError("some parameters appear in more than one parameter group")
        self.param_groups.append(param_group)

    def _parameters(self) -> list[Tensor]:
        return [param for group in self.param_groups for param in group["params"]]

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients, or set them to zeros."""
        for param in self._parameters():
            forget(param, set_to_none)

    @observed
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """One step for all parameters that have a gradient, unrecorded.

        closure: computes the loss and the gradients anew; its result is returned.
        """
        if type(self).update is Optimizer.update:
            raise NotImplementedError
        loss = None
        if closure is not None:
            with enable_grad():
                loss = closure()
        with set_grad_enabled(self.defaults.get("differentiable", False)):
            for group in self.param_groups:
                if group.get("capturable"):
                    raise AssertionError(
                        "If capturable=True, params and state_steps must be on supported devices: "
                        "['cuda', 'xpu', 'hpu', 'privateuseone', 'xla']."
                    )
                for param in group["params"]:
                    if param.grad is not None:
                        grad = -param.grad if group["maximize"] else param.grad
                        try:
                            self.update(param, grad, self.state[param], group)
                        finally:
                            if not self.state[param]:
                                del self.state[param]
        return loss

    def update(self, param: Any, grad: Any, state: dict[str, Any], group: dict[str, Any]) -> None:
        """Change one parameter in place. To be defined."""
        raise NotImplementedError

    # ---- state -------------------------------------------------------------------------------

    def state_dict(self) -> dict[str, Any]:
        """The state and the options; parameters are named by their number."""
        for hook in self._hooks("state_dict_pre").values():
            hook(self)
        numbers = {param: k for k, param in enumerate(self._parameters())}
        groups = []
        for group in self.param_groups:
            options = {name: value for name, value in group.items() if name != "params"}
            groups.append({**options, "params": [numbers[param] for param in group["params"]]})
        state = {numbers.get(param, param): values for param, values in self.state.items()}
        found = {"state": state, "param_groups": groups}
        for hook in self._hooks("state_dict_post").values():
            changed = hook(self, found)
            found = found if changed is None else changed
        return found

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take over a `state_dict`. Raises ValueError if the groups are not of the same sizes."""
        state_dict = state_dict.copy()
        for hook in self._hooks("load_state_dict_pre").values():
            changed = hook(self, state_dict)
            state_dict = state_dict if changed is None else changed
        saved = copy.deepcopy(state_dict["param_groups"])
        if len(saved) != len(self.param_groups):
            raise ValueError("loaded state dict has a different number of parameter groups")
        pairs = list(zip(self.param_groups, saved, strict=True))
        if any(len(own["params"]) != len(other["params"]) for own, other in pairs):
            raise ValueError(
                "loaded state dict contains a parameter group that doesn't match the size of "
                "optimizer's group"
            )
        numbers = [number for group in saved for number in group["params"]]
        by_number = dict(zip(numbers, self._parameters(), strict=True))
        state: defaultdict[Any, Any] = defaultdict(dict)
        for number, values in state_dict["state"].items():
            if number in by_number:
                param = by_number[number]
                state[param] = {name: _fitting(v, param, name) for name, v in values.items()}
            else:
                state[number] = values
        for own, other in pairs:
            other["params"] = own["params"]
            if "param_names" in own:
                other.setdefault("param_names", own["param_names"])
            for name, value in self.later_options.items():
                other.setdefault(name, value)
        self.state, self.param_groups = state, saved
        for hook in self._hooks("load_state_dict_post").values():
            hook(self)

    # ---- hooks -------------------------------------------------------------------------------

    def _hooks(self, when: str) -> OrderedDict[int, Callable[..., Any]]:
        found: OrderedDict[int, Callable[..., Any]] = getattr(self, f"_optimizer_{when}_hooks")
        return found

    def _register(self, when: str, hook: Callable[..., Any], first: bool = False) -> Any:
        return RemovableHandle(self._hooks(when), hook, first)

    def register_step_pre_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call `hook(optimizer, args, kwargs)` before a step; it may return others of these."""
        return self._register("step_pre", hook)

    def register_step_post_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call `hook(optimizer, args, kwargs)` after a step."""
        return self._register("step_post", hook)

    def register_state_dict_pre_hook(
        self, hook: Callable[..., Any], prepend: bool = False
    ) -> RemovableHandle:
        """Call `hook(optimizer)` before the state is written."""
        return self._register("state_dict_pre", hook, prepend)

    def register_state_dict_post_hook(
        self, hook: Callable[..., Any], prepend: bool = False
    ) -> RemovableHandle:
        """Call `hook(optimizer, state_dict)` after; it may return another state."""
        return self._register("state_dict_post", hook, prepend)

    def register_load_state_dict_pre_hook(
        self, hook: Callable[..., Any], prepend: bool = False
    ) -> RemovableHandle:
        """Call `hook(optimizer, state_dict)` before it is read; it may return another state."""
        return self._register("load_state_dict_pre", hook, prepend)

    def register_load_state_dict_post_hook(
        self, hook: Callable[..., Any], prepend: bool = False
    ) -> RemovableHandle:
        """Call `hook(optimizer)` after."""
        return self._register("load_state_dict_post", hook, prepend)

    def __repr__(self) -> str:
        lines = [f"{type(self).__name__} ("]
        for k, group in enumerate(self.param_groups):
            lines += [""] * (k > 0) + [f"Parameter Group {k}"]
            lines += [f"    {name}: {group[name]}" for name in sorted(group) if name != "params"]
        return "\n".join([*lines, ")"])


def _fitting(value: Any, param: Tensor, name: str) -> Any:
    """A value of a loaded state; what is like the parameter takes over its dtype."""
    return value.to(param.dtype) if isinstance(value, Tensor) and name != "step" else value


def learned(option: Any) -> bool:
    """True for an option that is a tensor and to be differentiated by, as in meta-learning."""
    return isinstance(option, Tensor) and option.requires_grad


def decayed(param: Any, grad: Any, weight_decay: Any) -> Any:
    """The gradient and `weight_decay * param`."""
    if learned(weight_decay):
        return grad.addcmul(param.clone(), weight_decay)
    return grad.add(param, alpha=weight_decay)


def _below_zero(value: Any) -> bool:
    return not 0.0 <= value  # noqa: SIM300  # errors name the two in this order


def check(*options: tuple[Any, str], negative: Callable[[Any], bool] = _below_zero) -> None:
    """Raise ValueError for a negative option, or for a tensor of several entries as learning rate.

    Each option comes with its name in the text. negative: how the values are compared with 0.
    """
    for value, name in options:
        if name == "learning rate" and isinstance(value, Tensor) and value.numel() != 1:
            raise ValueError("Tensor lr must be 1-element")
        if negative(value):
            raise ValueError(f"Invalid {name}: {value}")
