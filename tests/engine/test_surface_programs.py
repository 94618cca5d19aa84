"""Random programs over the whole surface, area by area, do here what they do in PyTorch.

A program is a list of lines, drawn while PyTorch runs it: most are of one area (`surface/`), the
others make and change tensors. After each line all that can be seen is compared: errors, warnings,
what was shown, and of each tensor everything about it.

    python -m tests.engine.test_surface_programs 2000 [first seed] [area]
"""

from __future__ import annotations

import random
import re
import sys
import warnings
from typing import Any

import numpy as np
import pytest

import minigrad
from tests.engine.surface import AREAS, setup

PROGRAMS = 25
"""Of each area; more of them by hand: `python -m tests.engine.test_surface_programs 1000`."""

USUAL = [
    "{n} = {v} * {w}", "{n} = {v} + {w}", "{n} = {v}.sin()", "{n} = {v}[{j}]", "{n} = {v}.view(-1)",
    "{n} = {v}.detach()", "{n} = {v} * 2", "{n} = {v}.sum(0)", "{v}.mul_(2)", "{v}[{j}] = {c}",
    "{n} = {v}.t()", "{v}.sum().backward()", "{n} = {v}.clone().requires_grad_()",
    "{n} = {x} * {w}", "with torch.no_grad(): {v}.add_({w})", "{n} = {v}.expand(2, *{v}.shape)",
    "{n} = {v}.unbind()[0]", "{n} = {v}.float()", "{n} = {v} > 0", "{n} = {v}.long()",
]  # fmt: skip
NUMBERS = ("2", "-1", "0", "0.5", "-1.5", "3", "True", "1e-3", "7", "float('inf')", "2.0", "-0.25")
DTYPES = tuple(
    f"torch.{t}" for t in ("float32", "float64", "int64", "bool", "int32", "float16", "float64")
)
INDICES = (
    "0", "-1", "1", "1:", ":1", "::2", "None", "...", "[0]", "[1, 0]", "0, 1", ":, 0", "..., 0",
    "torch.tensor([0])", "2", "-1:", "()", "True", "slice(None)", "[True, False]",
)  # fmt: skip
BEGUN = tuple("abcdehimopqrtuyz")


ONCE = ("TypedStorage is deprecated", "`torch.jit.script`", "__array_wrap__ must accept")
"""Warnings that PyTorch gives once in a process, or about its own use of other packages."""


class Engine:
    """A namespace in which a program runs, line by line."""

    def __init__(self, torch: Any) -> None:
        self.torch = torch
        self.names: dict[str, Any] = {"torch": torch, "__name__": "program"}
        torch.set_grad_enabled(True)
        torch.set_default_dtype(torch.float32)
        torch.manual_seed(0)
        for text in (setup.HELPERS, setup.CLASSES, setup.TENSORS, setup.MORE):
            exec(text, self.names)

    def run(self, line: str) -> tuple[str, list[str], list[str]]:
        """Run a line: its error, its warnings, what it showed."""
        self.names["log"].clear()
        error = ""
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                exec(line, self.names)
            except Exception as raised:
                error = f"{type(raised).__name__}: {plain(str(raised))}"
        said = [
            f"{w.category.__name__}: {plain(str(w.message))}"
            for w in caught
            if not str(w.message).startswith(ONCE)
        ]
        return error, said, [plain(text) for text in self.names["log"]]

    def tensors(self) -> dict[str, Any]:
        """The tensors that have a name."""
        return {n: t for n, t in self.names.items() if isinstance(t, self.torch.Tensor)}

    def close(self) -> None:
        """Leave everything as it was."""
        self.torch.set_grad_enabled(True)
        self.torch.set_default_dtype(self.torch.float32)
        forward_ad = self.torch.autograd.forward_ad
        while forward_ad._current_level >= 0:
            forward_ad.exit_dual_level()


def look(x: Any, tensors: dict[str, Any]) -> dict[str, Any]:
    """All that can be seen of a tensor."""

    def ask(question: Any) -> Any:
        try:
            return question()
        except Exception as error:
            return f"{type(error).__name__}: {plain(str(error))}"

    def history() -> Any:
        node = x.grad_fn
        return node and (
            node.name(), [(edge and edge.name(), slot) for edge, slot in node.next_functions]
        )  # fmt: skip

    def gradient() -> Any:
        grad = x.grad
        return grad if grad is None else (
            str(grad.dtype)[-7:], np.array(grad.tolist()), grad.requires_grad
        )  # fmt: skip

    base = x._base
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {
            "is_grad": any(t._grad is x for t in tensors.values()),
            "kind": type(x).__name__, "shape": list(x.shape),
            "dtype": str(x.dtype).rpartition(".")[2], "stride": list(x.stride()),
            "offset": x.storage_offset(), "version": ask(lambda: x._version), "view": x._is_view(),
            "inference": x.is_inference(), "requires_grad": x.requires_grad,
            "base": next((n for n, t in tensors.items() if t is base), base is not None),
            "is_leaf": ask(lambda: x.is_leaf), "history": ask(history),
            "output_nr": ask(lambda: x.output_nr), "retains": x.retains_grad,
            "values": ask(lambda: np.array(x.tolist())), "grad": ask(gradient),
            "text": ask(lambda: repr(x)),
        }  # fmt: skip


def plain(text: str) -> str:
    """Without addresses, places in PyTorch's source, and what only minigrad adds."""
    text = re.sub(r"0x[0-9a-fA-F]+", "0x…", text.partition("\nIt was overwritten")[0])
    text = re.sub(r" \(Triggered internally at .*\)", "", text, flags=re.DOTALL)
    return text.replace("minigrad.", "torch.")


ROUNDING = {"float64": 1e-7, "float32": 2e-4, "float16": 2e-2}
"""How far values may be apart, of the largest: sums are added in another order here, and a program
may take differences of what was rounded."""
NUMBER = re.compile(r"(?<![\w.])-?\d+\.\d*(?:e[+-]?\d+)?")


def same(mine: Any, other: Any, rounding: float) -> bool:
    """True if two things that were seen agree, floating point numbers up to rounding."""
    if isinstance(other, np.ndarray) and isinstance(mine, np.ndarray):
        if mine.shape != other.shape:
            return False
        if mine.dtype.kind != "f" or other.dtype.kind != "f":
            return mine.dtype.kind == other.dtype.kind and bool((mine == other).all())
        size = np.max(np.abs(other), initial=1, where=np.isfinite(other))
        return bool(np.allclose(mine, other, rounding, rounding * size, equal_nan=True))
    if isinstance(other, tuple) and isinstance(mine, tuple):
        return len(mine) == len(other) and all(same(*p, rounding) for p in zip(mine, other))
    if isinstance(other, str) and isinstance(mine, str):
        return mine == other or (alike(mine, other, rounding))
    return type(mine) is type(other) and bool(mine == other)


def alike(mine: str, other: str, rounding: float) -> bool:
    """True if two texts differ in the last digits of numbers only, or in the sign of a zero."""
    if NUMBER.sub("#", mine) != NUMBER.sub("#", other):
        return False
    a, b = ([float(n) for n in NUMBER.findall(text)] for text in (mine, other))
    rounding = max(rounding, 1.1e-4)  # the last digit that is printed
    size = max([1.0, *map(abs, b)])
    return bool(np.allclose(a, b, rounding, rounding * min(size, 10)))


def differs(ours: dict[str, Any], theirs: dict[str, Any]) -> str | None:
    """The first difference between what was seen of two tensors."""
    rounding = ROUNDING.get(theirs["dtype"], 1e-7)
    for key, other in theirs.items():
        if key in ("stride", "offset") and (any(n < 2 for n in ours["shape"]) or not ours["view"]):
            continue  # how a new tensor lies in memory is NumPy's choice
        if key == "version" and (ours["is_grad"] or theirs["is_grad"]):
            continue  # whether a gradient was copied or kept as it came is not told
        if not same(ours[key], other, rounding):
            return f"{key}: expected {other}, got {ours[key]}"
    return None


def compare(theirs: Engine, ours: Engine) -> str | None:
    """The first difference between all the tensors of two engines."""
    expected, got = theirs.tensors(), ours.tensors()
    if expected.keys() != got.keys():
        return f"names: expected {sorted(expected)}, got {sorted(got)}"
    for name, other in expected.items():
        if found := differs(look(got[name], got), look(other, expected)):
            return f"{name}.{found}"
    return None


def unfit(theirs: Engine) -> bool:
    """True if it makes no sense to go on: rounding has grown with the numbers, or PyTorch itself
    has a tensor without memory, or one of whole numbers that requires grad.
    """
    for x in theirs.tensors().values():
        if x.numel() > 3000 or (x.requires_grad and not x.is_floating_point()):
            return True
        try:
            values = np.array(x.tolist())
        except RuntimeError:
            return True
        if x.is_floating_point():
            limit = 1e5 if x.element_size() > 4 else 1e9
            if np.max(np.abs(values), initial=0, where=np.isfinite(values)) > limit:
                return True
    return False


def step(theirs: Engine, ours: Engine, line: str) -> tuple[str | None, bool]:
    """Run a line in both; what differs, and whether to go on."""
    expected, got = theirs.run(line), ours.run(line)
    for name, other, mine in zip(("error", "warnings", "shown"), expected, got):
        if name == "error" and other and (mine + "\n").startswith(other + "\n"):
            continue  # minigrad may say more, on lines of its own
        rounding = ROUNDING["float16" if "float16" in str(other) else "float32"]
        if not same(tuple(mine) if name != "error" else mine,
                    tuple(other) if name != "error" else other, rounding):  # fmt: skip
            return f"{name}: expected {other!r}, got {mine!r}", False
    if unfit(theirs):
        return None, False
    found = compare(theirs, ours)
    return found, found is None


class Dice:
    """Draws lines that may run with the tensors that are there."""

    def __init__(self, seed: int, area: str) -> None:
        self.random = random.Random(f"{area} {seed}")
        self.area = AREAS[area]
        self.templates: list[str] = []

    def line(self, tensors: dict[str, Any], fresh: str) -> str:
        choice, chance = self.random.choice, self.random.random
        template = choice(self.area if chance() < 0.75 else USUAL)
        self.templates.append(template)
        names = list(tensors)
        v = (
            choice([n for n in names if not tensors[n].dim()] or names)
            if (".item()" in template or "bool(" in template) and chance() < 0.7
            else choice(names)
        )
        floats = [n for n in names if tensors[n].is_floating_point()]
        if chance() < 0.5:
            v = choice(floats)
        f = choice(floats)
        if chance() < 0.7:
            f = choice([n for n in floats if tensors[n].dim() == 2] or floats)

        def like(x: str, among: list[str], share: float = 0.75) -> str:
            alike = [n for n in among if tensors[n].shape == tensors[x].shape]
            return choice(alike if alike and chance() < share else among)

        ints = [
            n
            for n in names
            if not tensors[n].is_floating_point() and str(tensors[n].dtype) != "torch.bool"
        ] or names
        masks = [n for n in names if str(tensors[n].dtype) == "torch.bool"] or names
        dims = tensors[v].dim()

        def axis() -> int:
            wide = max(dims, 1) + (chance() < 0.06)
            return self.random.randrange(-wide, wide)

        begun = [n for n in names if n in BEGUN and tensors[n].requires_grad] or names
        values = {
            "v": v, "w": like(v, names), "f": f, "g": like(f, floats), "i": choice(ints),
            "m": like(v, masks), "n": fresh, "s": tuple(tensors[v].shape), "x": like(v, begun, 0.5),
            "d": axis(), "e": axis(), "t": choice(DTYPES), "k": self.random.randrange(4),
        }  # fmt: skip
        line = re.sub(r"(?<!\{)\{c\}", lambda _: choice(NUMBERS), template)
        line = re.sub(r"(?<!\{)\{j\}", lambda _: choice(INDICES), line)
        line = line.format(**values)
        line = line.replace("..., ...", "...")  # by a second one PyTorch reads beyond the shape
        return line if dims or "[-1]" not in line else v + " * 1"  # PyTorch reads beyond its memory


def difference(seed: int, area: str, torch: Any) -> tuple[list[str], str] | None:
    """Run the program of this seed in both engines: its lines, and what differs first."""
    dice = Dice(seed, area)
    theirs, ours = Engine(torch), Engine(minigrad)
    lines: list[str] = []
    for k in range(dice.random.randint(3, 9)):
        lines.append(dice.line(theirs.tensors(), f"x{k}"))
        found, more = step(theirs, ours, lines[-1])
        if not more:
            break
    theirs.close()
    ours.close()
    return (lines, found) if found else None


@pytest.mark.oracle
@pytest.mark.parametrize("area", list(AREAS))
def test_as_in_pytorch(area: str, torch: Any) -> None:
    torch.set_warn_always(True)
    found = [text for seed in range(PROGRAMS) if (text := difference(seed, area, torch))]
    text = f"{len(found)} of {PROGRAMS} programs differ; one of them:\n"
    assert not found, text + shown(min(found))


def shown(found: tuple[list[str], str]) -> str:
    """A program that differs, and how."""
    return "\n".join([*found[0], found[1]])


if __name__ == "__main__":
    import torch as real

    real.set_num_threads(1)
    real.set_warn_always(True)
    count, first = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    for area in sys.argv[3:] or AREAS:
        wrong = [f for s in range(first, first + count) if (f := difference(s, area, real))]
        for program in sorted(wrong, key=lambda found: len(found[0]))[:5]:
            print(shown(program), end="\n\n")
        print(f"{area}: {len(wrong)} of {count} programs differ", flush=True)
