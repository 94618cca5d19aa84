"""What to call things: the reader's own variable names, expressions and formulas made of them."""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from ..autograd.node import AccumulateGrad, Node
from ..ops.operation import parameters
from ..recording import Record
from ..tensor import Tensor

WORD = re.compile(r"(?<![\\A-Za-z0-9_])[A-Za-z](?:_?[A-Za-z0-9])*")
PART = re.compile(
    rf"\\text{{(?P<text>[^{{}}]*)}}|\\operatorname{{[^{{}}]*}}|(?P<name>{WORD.pattern})(?P<index>[_^]?)"
)
"""Of a derivative's formula: a text, a function's name, a name to be filled in."""
ARGUMENT = re.compile(r"(?<![A-Za-z0-9_.])[A-Za-z_][A-Za-z_0-9]*(?![A-Za-z0-9_(])")


LONGEST = 60  # characters of an argument in an expression


class Labels:
    """Labels for the tensors of a trace. A tensor is known by its edge; a leaf by itself."""

    def __init__(self, names: dict[str, Any], keyed: Callable[[Any], Any] | None = None) -> None:
        self.known: dict[Any, str] = {}
        keyed = keyed or known_key
        # `net.0.weight` goes before the `p` that is left over from a loop over the parameters.
        self._bound({name: value for name, value in names.items() if "." in name}, keyed)
        for name, value in names.items():
            if not name.startswith("_") and callable(getattr(value, "named_parameters", None)):
                self._parameters(name, value, keyed)
        self._bound(names, keyed)
        self.taken = set(names)
        self.made: dict[Any, str] = {}
        self.count: dict[str, int] = {}  # letter → the last number that was tried

    def _bound(self, names: dict[str, Any], keyed: Callable[[Any], Any]) -> None:
        for name, value in names.items():
            identity = None if name.startswith("_") else keyed(value)
            if identity is not None:
                self.known.setdefault(identity, name)

    def also(self, tensor_key: Any, name: str) -> None:
        """Call one more value by a variable's name, unless it has one."""
        self.known.setdefault(tensor_key, name)

    def _parameters(self, module_name: str, module: Any, keyed: Callable[[Any], Any]) -> None:
        """`net.0.weight`: a module's parameters are named by the way that leads to them."""
        if isinstance(module, type):
            return
        with contextlib.suppress(Exception):  # an object that only looks like a module
            for path, parameter in module.named_parameters():
                identity = keyed(parameter)
                if identity is not None:
                    self.known.setdefault(identity, f"{module_name}.{path}")

    def name(self, tensor_key: Any) -> str | None:
        """The variable that a tensor is bound to, or None."""
        return self.known.get(tensor_key)

    def label(self, tensor_key: Any, letter: str) -> str:
        """The variable's name, or a made-up one: the letter and a number that nobody uses."""
        found = self.known.get(tensor_key) or self.made.get(tensor_key)
        if found is None:
            count = self.count.get(letter, 0) + 1
            while f"{letter}{count}" in self.taken:
                count += 1
            self.count[letter] = count
            found = self.made[tensor_key] = f"{letter}{count}"
            self.taken.add(found)
        return found


def key(tensor: Tensor) -> Any:
    """What identifies a tensor in a graph: (node, output), or for a leaf its own identity."""
    edge = tensor._history()
    return id(tensor) if edge is None else (edge[0], 0)  # one node of the trace for all results


def known_key(value: Any) -> Any:
    """The key of a tensor or of an edge; None for anything else."""
    if isinstance(value, Tensor):
        return key(value)
    is_edge = isinstance(value, tuple) and len(value) == 2 and isinstance(value[0], Node)
    return edge_key(value) if is_edge else None


def edge_key(edge: tuple[Node, int]) -> Any:
    """The key of the tensor that an edge leads to."""
    node = edge[0]
    return id(node.variable) if isinstance(node, AccumulateGrad) else (node, 0)


def plain(value: Any) -> str:
    """A Python value in an expression, in one line and cut short: `2`, `0.5`, `(2, 3)`, `:`."""
    if isinstance(value, float) and value.is_integer():
        return f"{value:g}"
    if isinstance(value, tuple) and any(isinstance(part, (np.ndarray, slice)) for part in value):
        return ", ".join(":" if part is None else plain(part) for part in value)
    if isinstance(value, slice):
        ends = ["" if end is None else str(end) for end in (value.start, value.stop, value.step)]
        return ":".join(ends if ends[2] else ends[:2])
    if isinstance(value, np.ndarray):
        value = value.tolist() if value.size <= LONGEST else value
    elif isinstance(value, (list, dict)):
        return "…"
    text = " ".join(repr(value).split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def option(name: str, value: Any) -> str:
    """An option's value as written: a reduction is a number, one axis a tuple, only inside."""
    if name.startswith(AXES) and isinstance(value, tuple) and len(value) == 1:
        value = value[0]
    return plain(REDUCTIONS.get(value, value) if name == "reduction" else value)


AXES = ("dim", "shifts", "repeats")  # what PyTorch takes one or several of
REDUCTIONS: dict[Any, str] = {0: "none", 1: "mean", 2: "sum"}


def expression(record: Record, labels: list[str]) -> str:
    """The operation written out with the labels of its arguments: `y * y`, `clamp(h, 0)`."""
    shown = getattr(record.operation, "shown", None)
    arguments = record.operation.arguments if shown else [str(k) for k in range(len(labels))]
    call = "" if shown else f"{record.operation.__name__}.apply"
    given = dict(zip(arguments, record.arguments))
    shown = settled(short(shown, given), settings_of(record.operation, given))
    return written(shown, call, dict(zip(arguments, labels, strict=True)))


def settings_of(operation: Any, given: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of an operation's call, by PyTorch's names."""
    where = getattr(operation, "settings", {})
    return {
        name: getattr(given[option], own)
        for name, (option, own) in where.items()
        if option in given and hasattr(given[option], own)
    }


USUAL = {
    "accumulate": False, "alpha": 1, "approximate": "none", "correction": 1,
    "descending": False, "diagonal": 0, "dim": None, "ignore_index": -100, "keepdim": False,
    "lambd": 0.5, "largest": True, "max": None, "min": None, "negative_slope": 0.01,
    "padding_idx": -1, "reduction": 1, "scale_grad_by_freq": False, "sorted": True, "weight": None,
}  # fmt: skip
"""What an operation's option is where nothing is said; PyTorch has one default for each name."""

LAST = re.compile(r"(\w+\(.*), (\w+)\)")


def short(shown: str | None, options: Mapping[str, Any]) -> str | None:
    """`argmax(self, dim, keepdim)` without the last options that are what they usually are, and
    `self[:dim, index]` with as many colons as there are axes before.
    """
    if shown is not None and ":dim, " in shown:
        shown = shown.replace(":dim, ", ":, " * int(options.get("dim") or 0))
        if "start" in options:
            shown = shown.replace("start:end:step", _slice(**options))
    while shown is not None and (call := LAST.fullmatch(shown)):
        name = call[2]
        if name not in USUAL or name not in options or not _is(options[name], USUAL[name]):
            break
        shown = f"{call[1]})"
    return shown


AS_USUAL = {
    "stride": 1, "padding": 0, "dilation": 1, "groups": 1, "ceil_mode": False, "eps": 1e-5,
    "training": True, "count_include_pad": True, "divisor_override": None,
}  # fmt: skip
"""What a setting is where nothing is said. Windows of pooling move as far as they are large."""


def settled(shown: str | None, settings: Mapping[str, Any]) -> str | None:
    """`avg_pool2d(self)` with what was set besides: `avg_pool2d(self, kernel_size=2)`."""
    if shown is None or not shown.endswith(")"):
        return shown
    usual = AS_USUAL | ({"stride": settings["kernel_size"]} if "kernel_size" in settings else {})
    said = ""
    for name, value in settings.items():
        value = tuple(value) if name == "normalized_shape" else _alike(value)
        one = _alike(usual.get(name, ()))
        if value != one and value not in ((), None):
            said += f", {name}={plain(value)}"
    return f"{shown[:-1]}{said})"


def _alike(value: Any) -> Any:
    """A number for several that are the same."""
    value = tuple(value) if isinstance(value, (list, tuple)) else value
    several = isinstance(value, tuple) and len(value) > 0 and value.count(value[0]) == len(value)
    return value[0] if several else value


def _slice(start: Any, end: Any, step: Any, **others: Any) -> str:
    """`1:3`, `::2`: without what goes without saying."""
    to_the_end = getattr(end, "written", end) == sys.maxsize
    text = f"{'' if start == 0 else plain(start)}:{'' if to_the_end else plain(end)}"
    return text if step == 1 else f"{text}:{plain(step)}"


def _is(value: Any, usual: Any) -> bool:
    return isinstance(value, (bool, int, float, str, type(None))) and value == usual


def written(shown: str | None, call: str, labels: dict[str, str]) -> str:
    """`shown` with labels in the places of the arguments' names; a call of `call` without it."""
    if shown is None:
        return f"{call}({', '.join(labels.values())})"
    text = ARGUMENT.sub(lambda word: labels.get(word[0], word[0]), shown)
    return UNSAID.sub("", text)


UNSAID = re.compile(r"(, \?)+(?=\)$|, \w+=)")
"""Arguments at the end that were not given: layer_norm(x, g, ?)."""


def listed(shown: str | None, labels: list[str]) -> str | None:
    """`cat([…], dim)` with the tensors of the list, if they are few."""
    parts = ", ".join(labels)
    return shown.replace("[…]", f"[{parts}]") if shown and len(parts) <= LONGEST else shown


@lru_cache(maxsize=4096)
def latex(label: str) -> str:
    """A label in a formula: a single letter in italics, a word upright, a number as it is."""
    if re.fullmatch(r"[A-Za-z]|-?[0-9.]+", label):
        return label
    indexed = re.fullmatch(r"([A-Za-z])_?([0-9]+)", label)
    if indexed:
        return f"{indexed[1]}_{{{indexed[2]}}}"
    return r"\text{" + "".join(ESCAPED.get(c, c) for c in label) + "}"


ESCAPED = {c: "\\" + c for c in "{}$&#%_"} | {"\\": r"\backslash ", "~": " ", "^": " "}


def partial(of: str, by: str) -> str:
    """The LaTeX of ∂of/∂by."""
    return rf"\frac{{\partial {latex(of)}}}{{\partial {latex(by)}}}"


def template(latex: str | Callable[..., str], options: Mapping[str, Any]) -> str:
    """A derivative's formula, as the options have it where they decide."""
    if isinstance(latex, str):
        return latex
    return latex(**{name: options.get(name) for name in parameters(latex)})


def rule(template: str, words: dict[str, str]) -> str:
    r"""A derivative's formula with the reader's names in it; `words` are LaTeX already.

    A name in a text, `\text{its part of grad}`, ends that, and begins another. One with an index or
    an exponent, `grad_{index}`, is put in brackets if it is a fraction. What nobody has named stays
    as it is, as a word.
    """

    def part(found: re.Match[str]) -> str:
        text, name, index = found["text"], found["name"], found["index"]
        if text is not None:
            texts = WORD.sub(lambda w: rf"}}{words[w[0]]}\text{{" if w[0] in words else w[0], text)
            return rf"\text{{{texts}}}".replace(r"\text{}", "")
        if name is None:
            return found[0]
        filled = words.get(name) or latex(name)
        if index and filled.startswith(r"\frac"):
            filled = rf"\left({filled}\right)"
        elif index and index in filled:
            filled = f"{{{filled}}}"
        return filled + index

    template = template.replace(
        r"\frac{grad}{", r"grad \odot \frac{1}{"
    )  # no fraction in a fraction
    formula = ONCE.sub("", PART.sub(part, template))
    return LESS_ONE.sub(_one_less, formula) if " - 1}" in formula else formula


ONCE = re.compile(r"(?<![^- ])1 \\, ")
"""`1 \\, x` is `x`."""

LESS_ONE = re.compile(r"\^\{(-?[0-9.]+) - 1\}")


def _one_less(power: re.Match[str]) -> str:
    """`y^{3 - 1}` reads better as `y^{2}`, and `y^{2 - 1}` as `y`."""
    exponent = plain(float(power[1]) - 1)
    return "" if exponent == "1" else f"^{{{exponent}}}"
