"""The state of a module, out and in: `state_dict` and `load_state_dict`."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from typing import Any, NamedTuple

from ..autograd.grad_mode import no_grad
from ..tensor import Tensor
from .filing import Filing


class IncompatibleKeys(NamedTuple):
    """What `load_state_dict` returns: the names that were missing, and those that nobody knows."""

    missing_keys: list[str]
    unexpected_keys: list[str]

    def __repr__(self) -> str:
        if not self.missing_keys and not self.unexpected_keys:
            return "<All keys matched successfully>"
        return (
            f"_IncompatibleKeys(missing_keys={self.missing_keys!r}, "
            f"unexpected_keys={self.unexpected_keys!r})"
        )


class State(Filing):
    """The part of a `Module` that saves and loads its parameters and buffers."""

    def _state(self) -> Iterator[tuple[str, Tensor]]:
        """Parameters and saved buffers with their paths, shared ones as often as they have one."""
        for path, module in self.named_modules(remove_duplicate=False):
            own = {**module._parameters, **module._buffers}
            for name, tensor in own.items():
                if tensor is not None and name not in module._not_saved:
                    yield (f"{path}.{name}" if path else name), tensor

    def state_dict(
        self, *, destination: Any = None, prefix: str = "", keep_vars: bool = False
    ) -> dict[str, Any]:
        """All parameters and buffers by their paths, on the same memory, without history."""
        found: Any = OrderedDict() if destination is None else destination
        for path, tensor in self._state():
            found[prefix + path] = tensor if keep_vars else tensor.detach()
        return found

    def load_state_dict(
        self, state_dict: Any, strict: bool = True, assign: bool = False
    ) -> IncompatibleKeys:
        """Copy the values of a `state_dict` into the parameters and buffers.

        strict: the names must be the same. Raises RuntimeError, once all that fits is copied, with
        every name that is missing or unknown and every shape that does not fit.
        """
        if not hasattr(state_dict, "keys"):
            raise TypeError(f"Expected state_dict to be dict-like, got {type(state_dict)}.")
        own = dict(self._state())
        missing = [name for name in own if name not in state_dict]
        unexpected = [name for name in state_dict if name not in own]
        problems = []
        for name, tensor in own.items():
            if name in state_dict:
                problem = _copy(name, tensor, state_dict[name])
                problems += [problem] if problem else []
        if strict:
            named = (("Missing", missing), ("Unexpected", unexpected))
            problems = [
                f"{word} key(s) in state_dict: " + ", ".join(f'"{k}"' for k in keys) + ". "
                for word, keys in named
                if keys
            ] + problems
        if problems:
            raise RuntimeError(
                f"Error(s) in loading state_dict for {type(self).__name__}:\n\t"
                + "\n\t".join(problems)
            )
        return IncompatibleKeys(missing, unexpected)


def _copy(name: str, tensor: Tensor, value: Any) -> str:
    """Copy a value of a state into a tensor; returns the problem, or an empty text."""
    if not isinstance(value, Tensor):
        return (
            f'While copying the parameter named "{name}", expected torch.Tensor or Tensor-like '
            f"object from checkpoint but received {type(value)}"
        )
    if value.shape != tensor.shape:
        return (
            f"size mismatch for {name}: copying a param with shape {value.shape} from checkpoint, "
            f"the shape in current model is {tensor.shape}."
        )
    with no_grad():
        tensor.copy_(value)
    return ""
