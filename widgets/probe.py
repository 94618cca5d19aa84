"""Trying out code that somebody wrote as an answer.

    result = run(my_function, 2.0, 3.0)         # Outcome: what it returned, or how it failed
    result = vjp(MyRelu.apply, [x], cotangent)  # its output, and the gradients that come back

A check uses an answer through these functions alone. What goes in and comes out is plain: numbers,
texts, lists, dictionaries, arrays. So a grader can hand in a stand-in with a method `probe`, which
has the same done in another process, and the check cannot tell.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

try:
    import minigrad
    from minigrad import Tensor
except ImportError:  # where readers build an engine of their own there is none: arrays stay arrays

    class Tensor:  # type: ignore[no-redef]
        """No tensor is one of these."""

    minigrad = None  # type: ignore[assignment]


class Unusable(Exception):
    """An answer that cannot be looked at, said in a sentence for whoever gave it."""


class NotPlain(Exception):
    """What came back cannot be handed on: it is neither number, text, list nor tensor."""


class Outcome(NamedTuple):
    """What came of trying out an answer."""

    value: Any = None
    """What it returned, as plain data: arrays in place of tensors."""
    gradients: list[np.ndarray | None] | None = None
    """Of `vjp`: one per input that requires grad; None where nothing came back."""
    error: str | None = None
    """The error's type, such as "RuntimeError", if it raised one."""
    text: str = ""
    """The error's text, or the warnings that were given."""

    @property
    def failed(self) -> str:
        """How it failed, in words; empty if it did not."""
        if self.error == NotPlain.__name__:
            return self.text
        if not self.error:
            return ""
        from .ideas import idea  # not above: a grader loads this file alone

        return self._failed(idea(self._own_text))

    def failed_for(self, ideas: Mapping[str, str]) -> str:
        """How it failed, and why: the idea whose key is a part of the error's text; in place of
        the one that `failed` would give.
        """
        found = next((idea for part, idea in ideas.items() if part in self.text), "")
        return self._failed(found) if found and self.error else self.failed

    def _failed(self, idea: str) -> str:
        full = f"It raised {self.error}: {self._own_text}"
        return f"{full}{'' if full.endswith('.') else '.'} {idea}" if idea else full

    @property
    def _own_text(self) -> str:
        return self.text.partition(" Hint:")[0]  # PyTorch's hint is about its own tools


def run(answer: Any, *arguments: Any) -> Outcome:
    """Call an answer with plain data; arrays reach it as tensors. Raises Unusable if it is no
    function.
    """
    return _try("run", answer, arguments)


def vjp(answer: Any, inputs: Sequence[Any], cotangent: Any = None) -> Outcome:
    """Call an answer with tensors that require grad, and send `cotangent` back through it.

    inputs: arrays; those of a floating point dtype require grad. Others are handed on as they are.
    cotangent: an array of the shape of the output; may be left out if that has one entry.
    """
    return _try("vjp", answer, (list(inputs), cotangent))


def entries(result: Outcome, **kinds: Any) -> dict[str, Any]:
    """The dictionary that the lesson's own lines around an answer return: name → type of entry.

    Raises Unusable if it is anything else: then those lines have been changed.
    """
    value = result.value
    if isinstance(value, dict) and all(
        name in value and isinstance(value[name], kind) for name, kind in kinds.items()
    ):
        return value
    asked = ", ".join(kinds)
    raise Unusable(f"Leave the lesson's own lines as they were: they return {asked}.")


def _try(name: str, answer: Any, arguments: Sequence[Any]) -> Outcome:
    elsewhere = getattr(answer, "probe", None)
    if elsewhere is not None:
        return elsewhere(name, arguments)
    if answer is None or answer is ...:
        raise Unusable("Not answered yet.")
    if not callable(answer):
        raise Unusable(f"It must be a function, not {type(answer).__name__}.")
    return PROBES[name](answer, *arguments)


def _run(function: Callable[..., Any], *arguments: Any) -> Outcome:
    return _outcome(lambda: Outcome(plain(function(*map(_tensors, arguments)))))


def _vjp(function: Callable[..., Any], inputs: Sequence[Any], cotangent: Any) -> Outcome:
    def there_and_back() -> Outcome:
        given = [_tensors(value) for value in inputs]
        wanted = [t for t in given if isinstance(t, Tensor) and t.dtype.is_floating_point]
        for tensor in wanted:
            tensor.requires_grad_()
        out = function(*given)
        if out is None:
            raise NotPlain("Not answered yet: it returned None. Is there a return?")
        if not isinstance(out, Tensor):
            raise NotPlain(f"It returned {type(out).__name__}, not a tensor.")
        if not out.requires_grad:
            return Outcome(plain(out), [None] * len(wanted))
        back = minigrad.autograd.grad(
            out, wanted, None if cotangent is None else _tensors(cotangent), allow_unused=True
        )
        return Outcome(plain(out), [plain(gradient) for gradient in back])

    return _outcome(there_and_back)


PROBES: dict[str, Callable[..., Outcome]] = {"run": _run, "vjp": _vjp}
"""What can be done with an answer, by name: here, or wherever a stand-in has it done."""


def _outcome(attempt: Callable[[], Outcome]) -> Outcome:
    try:
        return attempt()
    except Exception as problem:
        return Outcome(error=type(problem).__name__, text=str(problem))


def _tensors(value: Any) -> Any:
    """Arrays, alone or in lists and dictionaries, as tensors of their own."""
    if isinstance(value, np.ndarray):
        return value.copy() if minigrad is None else minigrad.tensor(value.copy())
    if isinstance(value, (list, tuple)):
        return type(value)(map(_tensors, value))
    if isinstance(value, dict):
        return {name: _tensors(part) for name, part in value.items()}
    return value


def plain(value: Any) -> Any:
    """The same as plain data: arrays in place of tensors. Raises NotPlain for anything else."""
    if isinstance(value, Tensor):
        return value.detach().numpy().copy()
    if isinstance(value, (np.ndarray, np.generic)):
        return np.array(value)
    if type(value).__module__.partition(".")[0] == "torch" and hasattr(value, "detach"):
        return value.detach().cpu().numpy().copy()
    if value is ...:
        raise NotPlain("Not answered yet: there is still a … in what it returned.")
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    if isinstance(value, dict):
        return {str(name): plain(part) for name, part in value.items()}
    raise NotPlain(
        f"It returned {type(value).__name__}. Numbers, texts, lists and tensors will do."
    )


def numbers(
    *shape: int, away_from: float = 0.0, low: float = -2.0, high: float = 2.0
) -> np.ndarray:
    """Random float64 numbers of a shape, none nearer than 0.1 to `away_from` (a kink, say)."""
    count = int(np.prod(shape, dtype=int))
    found: list[float] = []
    while len(found) < count:
        number = random.SystemRandom().uniform(low, high)
        if abs(number - away_from) >= 0.1:
            found.append(number)
    return np.array(found).reshape(shape)


def close(yours: Any, truth: Any, rtol: float = 1e-9) -> bool:
    """True if two results are the same in shape and, up to rounding, in every number."""
    if yours is None or truth is None:
        return yours is None and truth is None
    try:
        a, b = np.asarray(yours, float), np.asarray(truth, float)
    except (TypeError, ValueError, OverflowError):
        return False
    return a.shape == b.shape and bool(np.allclose(a, b, rtol=rtol, atol=rtol, equal_nan=True))
