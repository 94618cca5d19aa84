"""The same formula written otherwise: small trees, rules that keep their value, and spellings.

A tree is ("num", Fraction), ("name", text), ("call", text, tree) or (operator, tree, …) with the
operators + - * / ** @ neg T.
"""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

Tree = tuple[Any, ...]
SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
LEVEL = {"+": 1, "-": 1, "*": 2, "/": 2, "@": 2, "neg": 3, "**": 4, "T": 5}


def num(value: int | str | Fraction) -> Tree:
    """A number."""
    return ("num", Fraction(value))


def name(text: str) -> Tree:
    """A tensor."""
    return ("name", text)


def rewritten(tree: Tree, matrices: set[str], random: Random, rounds: int) -> Tree:
    """The tree after some random rules, each at a random place. `matrices`: names with two axes."""
    for _ in range(rounds):
        path = random.choice(list(places(tree)))
        tree = at(tree, path, lambda part: rule(part, matrices, random))
    return tree


def places(tree: Tree, path: tuple[int, ...] = ()) -> Any:
    """The paths to all parts that a rule may be applied to; an exponent stays as it is."""
    yield path
    for k, part in enumerate(tree[1:], start=1):
        if isinstance(part, tuple) and not (tree[0] == "**" and k == 2):
            yield from places(part, (*path, k))


def at(tree: Tree, path: tuple[int, ...], change: Any) -> Tree:
    """The tree with one part changed."""
    if not path:
        return change(tree)
    k = path[0]
    return (*tree[:k], at(tree[k], path[1:], change), *tree[k + 1 :])


def two_axes(tree: Tree, matrices: set[str]) -> bool:
    """Is it a matrix for certain?"""
    if tree[0] == "name":
        return tree[1] in matrices
    if tree[0] in ("neg", "T", "call"):
        return two_axes(tree[-1], matrices)
    return tree[0] == "@" and all(two_axes(part, matrices) for part in tree[1:])


def rule(tree: Tree, matrices: set[str], random: Random) -> Tree:
    """Another tree of the same value and shape."""
    kind = tree[0]
    k = num(random.randint(2, 5))
    found = [("neg", ("neg", tree)), ("/", ("*", k, tree), k)]
    found += [("*", num(1), tree), ("/", tree, num(1))]
    found += [("**", tree, num(1))] if kind != "@" else []
    if two_axes(tree, matrices):
        found += [("T", ("T", tree))] * 2
    if kind == "num":
        part = num(Fraction(random.randint(1, 9), 2))
        found += [("+", part, num(tree[1] - part[1])), ("*", k, num(tree[1] / k[1]))]
    elif kind in ("+", "*"):
        a, b = tree[1:]
        found += [(kind, b, a)] * 3
        if a[0] == kind:
            found += [(kind, a[1], (kind, a[2], b))] * 2
        if kind == "*" and b[0] in ("+", "-"):
            found += [(b[0], ("*", a, b[1]), ("*", a, b[2]))] * 3
        if kind == "*" and a[0] == "num" and b[0] == "@":
            found += [("@", ("*", a, b[1]), b[2]), ("@", b[1], ("*", a, b[2]))] * 2
    elif kind == "-":
        found += [("+", tree[1], ("neg", tree[2])), ("neg", ("-", tree[2], tree[1]))] * 2
    elif kind == "/":
        found += [("*", tree[1], ("**", tree[2], num(-1)))] * 2
    elif kind == "**" and tree[2][1] == 2:
        found += [("*", tree[1], tree[1])] * 3
    elif kind == "@" and all(two_axes(part, matrices) for part in tree[1:]):
        found += [("T", ("@", ("T", tree[2]), ("T", tree[1])))] * 3
    elif kind == "call" and tree[1] == "exp" and tree[2][0] == "+":
        found += [("*", ("call", "exp", tree[2][1]), ("call", "exp", tree[2][2]))] * 3
    return random.choice(found)


def spelled(tree: Tree, random: Random, around: int = 0) -> str:
    """The tree as somebody might type it, with brackets where they are needed and now and then."""
    kind = tree[0]
    if kind == "num":
        return _number(tree[1], random, around)
    if kind == "name":
        return tree[1] if random.random() < 0.9 else f"({tree[1]})"
    if kind == "call":
        prefix = random.choice(["", "", "torch.", "np."])
        return f"{prefix}{tree[1]}({spelled(tree[2], random)})"
    level = LEVEL[kind]
    text = _operation(tree, level, random)
    return f"({text})" if level <= around or random.random() < 0.1 else text


def _operation(tree: Tree, level: int, random: Random) -> str:
    kind = tree[0]
    if kind == "neg":
        return random.choice(["-", "−"]) + spelled(tree[1], random, level)
    if kind == "T":
        return spelled(tree[1], random, level) + random.choice([".T", ".t()", "ᵀ"])
    if kind == "**":
        base, power = spelled(tree[1], random, level), tree[2][1]
        if power.denominator == 1 and random.random() < 0.4:
            return base + str(power).translate(SUPERSCRIPTS)
        written = f"({power})" if power < 0 or power.denominator > 1 else str(power)
        return base + random.choice(["**", "^", " ** "]) + written
    signs = {"*": ["*", " * ", "·", "×"], "-": [" - ", "-", " − "], "+": [" + ", "+"]}
    signs["@"] = [" @ ", "@"]
    left = spelled(tree[1], random, level - 1)
    right = spelled(tree[2], random, level)
    return left + random.choice(signs.get(kind, [kind])) + right


def _number(value: Fraction, random: Random, around: int) -> str:
    if value.denominator == 1:
        text = random.choice([str(value), f"{float(value):.1f}", f"{value}."])
    elif value.denominator in (2, 4, 5, 8, 10) and random.random() < 0.5:
        text = str(float(value))
    else:
        text = f"{value.numerator}/{value.denominator}"
    return f"({text})" if value < 0 or "/" in text else text
