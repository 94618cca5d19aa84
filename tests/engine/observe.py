"""Programs that run in either engine, and what can be observed when they do.

A program is source text that uses `torch`, which is bound to PyTorch or to minigrad, and these:

    print(...)          the text must be the same to the letter (object addresses aside)
    see(...)            numbers, up to rounding; dtype, shape, requires_grad and grad_fn exactly
    attempt(lambda: …)  an error is noted, type and text, and the program goes on
    numbers(2, 3)       nested lists of "random" numbers, the same ones in every run
    derivatives(out, x) the gradients of `out`, and those of the gradients, by random cotangents
    Function            torch.autograd.Function

Warnings are noted too, and the error that ends a program. What was observed is a list of JSON-able
pairs such as ["print", "tensor(4.5000)"].
"""

from __future__ import annotations

import builtins
import json
import math
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

HERE = Path(__file__).parent
TOLERANCE = {"float64": (1e-9, 1e-10), "float32": (2e-5, 2e-6), "float16": (4e-3, 4e-3)}

Seen = list[list[Any]]


class Program(NamedTuple):
    """`title` is unique in its file; `file` is the name of the file of facts."""

    file: str
    title: str
    source: str

    def __str__(self) -> str:
        return f"{self.file}: {self.title}"


def written() -> list[Program]:
    """The programs in `programs/`: cells that start with `# %% title`."""
    found = []
    for path in sorted((HERE / "programs").glob("*.py")):
        for cell in path.read_text(encoding="utf-8").split("# %% ")[1:]:
            title, _, source = cell.partition("\n")
            found.append(Program(path.stem, title.strip(), source.strip() + "\n"))
    return found


def facts(file: str) -> dict[str, Any]:
    """What PyTorch did: title → {"source": the program, "seen": what was observed}."""
    path = HERE / "facts" / f"{file}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def numbers_from(seed: int) -> Any:
    """A source of numbers in [-2, 2) with three digits; no two runs or machines differ in them."""
    generator = np.random.Generator(np.random.PCG64(seed))

    def numbers(*size: int, low: float = -2.0, high: float = 2.0) -> Any:
        return np.round(low + (high - low) * generator.random(size), 3).tolist()

    return numbers


def run(program: Program, torch: Any) -> Seen:
    """What can be observed when the program runs with this `torch`."""
    seen: Seen = []

    def say(*values: Any, sep: str = " ") -> None:
        flush()
        seen.append(["print", neutral(sep.join(map(str, values)))])

    def see(*values: Any) -> None:
        flush()
        seen.extend(["see", summary(value)] for value in values)

    def attempt(action: Any) -> Any:
        try:
            return action()
        except Exception as error:
            flush()
            seen.append(["error", [type(error).__name__, neutral(str(error))]])

    def flush() -> None:
        seen.extend(
            ["warning", [w.category.__name__, neutral(str(w.message))]]
            for w in caught
            if not str(w.message).startswith("`torch.jit.script`")  # PyTorch about itself, once
        )
        caught.clear()

    numbers = numbers_from(len(program.title))

    def derivatives(out: Any, *leaves: Any) -> None:
        for order in ("first", "second"):
            if not getattr(out, "requires_grad", False):
                return
            for leaf in leaves:
                leaf.grad = None
            out.backward(torch.tensor(numbers(*out.shape), dtype=out.dtype), create_graph=True)
            see(order, *(leaf.grad for leaf in leaves))
            grads = [leaf.grad for leaf in leaves if leaf.grad is not None]
            out = sum((g * torch.tensor(numbers(*g.shape), dtype=g.dtype)).sum() for g in grads)

    names = {"torch": torch, "np": np, "print": say, "see": see, "attempt": attempt,
             "numbers": numbers, "derivatives": derivatives, "Function": torch.autograd.Function,
             "__name__": "program", "__builtins__": builtins}  # fmt: skip
    torch.set_grad_enabled(True)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        code = compile(program.source, f"<{program}>", "exec")
        attempt(lambda: exec(code, names))
        flush()
    return seen


def neutral(text: str) -> str:
    """Without what differs from run to run: addresses, the place in PyTorch's own source."""
    text = re.sub(r"0x[0-9a-fA-F]+", "0x…", text)
    return re.sub(r" \(Triggered internally at .*\)", "", text, flags=re.DOTALL)


def summary(value: Any) -> Any:
    """A value for JSON; a tensor with everything about it that can be compared."""
    if isinstance(value, (bool, int, str, type(None))):
        return value
    if isinstance(value, float):
        return number(value)
    if isinstance(value, (list, tuple)):
        return [summary(part) for part in value]
    if hasattr(value, "requires_grad"):
        return {
            "dtype": str(value.dtype).removeprefix("torch."),
            "shape": list(value.shape),
            "values": [number(v) for v in flat(value.detach().tolist())],
            "requires_grad": value.requires_grad,
            "grad_fn": value.grad_fn and type(value.grad_fn).__name__,
        }
    return neutral(str(value))


def flat(values: Any) -> Iterator[Any]:
    """The entries of nested lists."""
    if isinstance(values, list):
        for part in values:
            yield from flat(part)
    else:
        yield values


def number(value: Any) -> Any:
    """A number for JSON, which has no nan and no infinity."""
    if not isinstance(value, float):
        return value
    return float(f"{value:.12g}") if math.isfinite(value) else str(value)


def difference(ours: Seen, theirs: Seen) -> str | None:
    """The first difference between what two engines did, in words; None if there is none."""
    for k, (mine, other) in enumerate(zip(ours, theirs, strict=False)):
        if mine[0] != other[0] or not _same(*mine, other[1]):
            return f"observation {k}:\n  expected {_shown(other)}\n  got      {_shown(mine)}"
    for name, longer, shorter in (("missing", theirs, ours), ("too many", ours, theirs)):
        if len(longer) > len(shorter):
            return f"{name}: {_shown(longer[len(shorter)])}"
    return None


def _shown(observation: list[Any]) -> str:
    kind, value = observation
    return f"{kind}: {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}"


def _same(kind: str, ours: Any, theirs: Any) -> bool:
    if kind == "error":  # minigrad may say more, on lines of its own
        return ours[0] == theirs[0] and (ours[1] + "\n").startswith(theirs[1] + "\n")
    if kind == "see":
        return _close(ours, theirs)
    return bool(ours == theirs)


def _close(ours: Any, theirs: Any) -> bool:
    if isinstance(theirs, dict) and isinstance(ours, dict):
        about = [key for key in theirs if key != "values"]
        if any(ours[key] != theirs[key] for key in about):
            return False
        rtol, atol = TOLERANCE.get(theirs["dtype"], (0, 0))
        a, b = (np.array(v["values"], dtype=np.float64) for v in (ours, theirs))
        size = np.max(np.abs(b), initial=1, where=np.isfinite(b))  # sums cancel
        return a.shape == b.shape and bool(np.allclose(a, b, rtol, atol * size, equal_nan=True))
    if isinstance(theirs, list) and isinstance(ours, list):
        return len(ours) == len(theirs) and all(map(_close, ours, theirs))
    if isinstance(theirs, float) and isinstance(ours, float):
        return bool(np.isclose(ours, theirs, rtol=2e-5))
    return type(ours) is type(theirs) and bool(ours == theirs)
