"""`einsum`: sums of products named by letters, such as "ij,jk->ik".

As in PyTorch it is made of other operations: the axes of each operand are put in one common order
(a missing one gets length 1); then operands are multiplied in pairs from the left, and what must be
summed over is summed by `bmm`, a product of stacks of matrices. So its derivatives are theirs.
"""

from __future__ import annotations

import operator
import string
from math import prod
from typing import Any

from ..tensor import Tensor
from ..type_names import type_name
from .matrix import bmm

DOTS = "..."


def einsum(*args: Any) -> Tensor:
    """The sum of products that an equation describes: letters name axes, `...` all others.

    args: the equation and its operands; or each operand with a list of numbers in place of letters,
        and at the end, if it is to be chosen, such a list for the result.
    Letters that are not behind `->` are summed over. Without `->` the result has the letters that
    occur once, in alphabetical order. Raises RuntimeError for an equation that does not fit,
    ValueError or TypeError for what is none.
    """
    if len(args) < 2:
        raise ValueError(
            "einsum(): must specify the equation string and at least one operand, or at least one "
            "operand and its subscripts list"
        )
    equation, *given = _spelled(args) if isinstance(args[0], Tensor) else args
    if not isinstance(equation, str):
        raise TypeError(
            "einsum(): argument 'equation' (position 1) must be str, not " + type_name(equation)
        )
    operands = tuple(given)
    if len(operands) == 1 and isinstance(operands[0], (tuple, list)):
        operands = tuple(operands[0])
    if not operands:
        raise RuntimeError("einsum(): must provide at least one operand")
    for k, operand in enumerate(operands):
        if not isinstance(operand, Tensor):
            raise TypeError(
                f"expected Tensor as element {k} in argument 1, but got {type_name(operand)}"
            )
    left, arrow, right = equation.replace(" ", "").partition("->")
    terms = left.split(",")
    _check(equation, terms, right, operands)
    dots = max(
        (x.ndim - len(term.replace(DOTS, "")) for term, x in zip(terms, operands) if DOTS in term),
        default=0,
    )
    rest = tuple(f".{k}" for k in range(dots))  # names for the axes under the dots
    named = [_named(term, x, rest, k) for k, (term, x) in enumerate(zip(terms, operands))]
    if arrow:
        out = _letters(right, rest)
    else:
        every = "".join(left.replace(DOTS, "").split(","))
        out = rest + tuple(sorted(c for c in set(every) if every.count(c) == 1))
    summed = sorted({c for names, _ in named for c in names} - set(out))
    order = (*out, *summed)
    _check_lengths(named)
    aligned = [_aligned(names, x, order) for names, x in named]
    return _contract(aligned, len(out))


def _spelled(args: tuple[Any, ...]) -> list[Any]:
    """The equation with letters, and the operands, of what is written with numbers."""
    operands, lists = args[: len(args) // 2 * 2 : 2], args[1::2]
    equation = ",".join(_in_letters(numbers) for numbers in lists)
    if len(args) % 2:
        equation += "->" + _in_letters(args[-1])
    return [equation, *operands]


def _in_letters(numbers: Any) -> str:
    letters = string.ascii_uppercase + string.ascii_lowercase
    text = ""
    for number in numbers:
        if number is not Ellipsis and not (number >= 0 and number < len(letters)):
            raise ValueError(
                "einsum(): subscript in subscript list is not within the valid range [0, 52)"
            )
        text += DOTS if number is Ellipsis else letters[operator.index(number)]
    return text


def _letters(term: str, rest: tuple[str, ...]) -> tuple[str, ...]:
    before, dots, after = term.partition(DOTS)
    return (*before, *(rest if dots else ()), *after)


def _named(
    term: str, x: Tensor, rest: tuple[str, ...], operand: int
) -> tuple[tuple[str, ...], Tensor]:
    """The names of the axes of an operand; of a name that comes twice, the diagonal is taken."""
    own = x.ndim - len(term.replace(DOTS, ""))
    names = list(_letters(term, rest[len(rest) - own :] if DOTS in term else ()))
    if len(names) != x.ndim:
        kind = "does not match" if DOTS not in term else "is more than"
        none = " and no ellipsis was given" if DOTS not in term else ""
        raise RuntimeError(
            f"einsum(): the number of subscripts in the equation ({len(names)}) {kind} the number "
            f"of dimensions ({x.ndim}) for operand {operand}{none}"
        )
    for c in sorted(set(names)):
        while names.count(c) > 1:
            first = names.index(c)
            second = names.index(c, first + 1)
            if x.shape[first] != x.shape[second]:
                raise RuntimeError(
                    f"einsum(): subscript {c} is repeated for operand {operand} but the sizes "
                    f"don't match, {x.shape[second]} != {x.shape[first]}"
                )
            x = x.diagonal(0, first, second).movedim(-1, first)
            del names[second]
    return tuple(names), x


def _aligned(names: tuple[str, ...], x: Tensor, order: tuple[str, ...]) -> Tensor:
    """The axes in the common order; a missing one gets length 1."""
    missing = [c for c in order if c not in names]
    for _ in missing:
        x = x.unsqueeze(x.ndim)
    places = [*names, *missing]
    return x.permute([places.index(c) for c in order])


def _contract(operands: list[Tensor], kept: int) -> Tensor:
    """Multiply the operands from the left; an axis is summed once no other operand needs it."""
    result = operands[0]
    ndim = result.ndim
    summed: set[int] = set()
    for k, other in enumerate([None, *operands[1:]]):
        later = operands[k + 1 :]
        ready = [
            d for d in range(kept, ndim)
            if d not in summed and all(x.shape[d] == 1 for x in later)
        ]  # fmt: skip
        if other is None and later:  # an axis of length 1 needs no sum
            ready = [d for d in ready if result.shape[d] != 1]
        summed |= set(ready)
        if other is None:
            result = result.sum(ready, keepdim=len(operands) > 1) if ready else result
        elif ready:
            result = _product_sum(result, other, ready, only=len(operands) == 2)
        else:
            result = result * other
    return result.reshape(result.shape[:kept]) if result.ndim > kept else result


def _product_sum(a: Tensor, b: Tensor, dims: list[int], only: bool) -> Tensor:
    """`(a * b).sum(dims, keepdim=True)` as a product of stacks of matrices.

    only: there are no other operands.
    """
    both: list[int] = []
    left: list[int] = []
    right: list[int] = []
    summed: list[int] = []
    for d, (n, m) in enumerate(zip(a.shape, b.shape)):
        if d in dims:
            if n != 1 != m:
                summed.append(d)
            elif n != 1:
                a = a.sum(d, keepdim=True)
            elif m != 1:
                b = b.sum(d, keepdim=True)
        elif n == m or min(n, m) > 1:
            both.append(d)
        else:
            (left if n != 1 else right).append(d)
    if not summed:
        return a * b
    if only and left and right and right[-1] < left[0]:  # so that the result lies row after row
        a, b, left, right = b, a, right, left
    gone = [d for d in dims if d not in summed]
    sizes = {d: max(n, m) if n and m else 0 for d, (n, m) in enumerate(zip(a.shape, b.shape))}
    batch, rows, inner, columns = (
        prod(sizes[d] for d in part) for part in (both, left, summed, right)
    )
    a = a.permute(both + left + summed + right + gone).reshape(batch, rows, inner)
    b = b.permute(both + summed + right + left + gone).reshape(batch, inner, columns)
    places = both + left + summed + right + gone
    shape = [1 if d in dims else sizes[d] for d in places]
    return bmm(a, b).view(shape).permute([places.index(d) for d in range(len(places))])


def _check(equation: str, terms: list[str], right: str, operands: Any) -> None:
    """Raise RuntimeError for an equation that is none, or not one of so many operands."""
    arrow = equation.find("->")
    end = arrow if arrow >= 0 else len(equation)
    _check_letters(equation, range(end), " .,")
    for operand, term in enumerate(terms):
        _check_dots(
            term, f"operand {operand}", "for which an ellipsis was already found",
            "that is not part of any ellipsis",
        )  # fmt: skip
    if len(terms) != len(operands):
        word = "fewer" if len(operands) < len(terms) else "more"
        raise RuntimeError(
            f"einsum(): {word} operands were provided than specified in the equation"
        )
    _check_letters(equation, range(end + 2, len(equation)), " .")
    _check_dots(
        right, "output", "but an ellipsis (...) was already found",
        "that is not part of any ellipsis (...)",
    )  # fmt: skip
    for c in right.replace(DOTS, ""):
        if not any(c in term for term in terms):
            raise RuntimeError(
                f"einsum(): output subscript {c} does not appear in the equation for any input "
                "operand"
            )
        if right.count(c) > 1:
            raise RuntimeError(
                f"einsum(): output subscript {c} appears more than once in the output"
            )


def _check_letters(equation: str, places: range, between: str) -> None:
    for k in places:
        if equation[k] not in string.ascii_letters + between:
            raise RuntimeError(
                f"einsum(): invalid subscript given at index {k} in the equation string, "
                "subscripts must be in [a-zA-Z]"
            )


def _check_dots(term: str, owner: str, twice: str, alone: str) -> None:
    if "." in term.replace(DOTS, "", 1):
        raise RuntimeError(f"einsum(): found '.' for {owner} {twice if DOTS in term else alone}")


def _check_lengths(named: list[tuple[tuple[str, ...], Tensor]]) -> None:
    lengths: dict[str, int] = {}
    for operand, (names, x) in enumerate(named):
        for c, n in zip(names, x.shape):
            if lengths.setdefault(c, n) == 1:
                lengths[c] = n
            if n not in (1, lengths[c]) and c.startswith("."):
                raise RuntimeError(
                    f"einsum(): dimension {names.index(c)} covered by ellipsis in operand "
                    f"{operand}has size {n} which does not broadcast with previously seen ellipsis "
                    f"with size {lengths[c]} for the respective dimension"
                )
            if n not in (1, lengths[c]):
                raise RuntimeError(
                    f"einsum(): subscript {c} has size {n} for operand {operand} which does not "
                    f"broadcast with previously seen size {lengths[c]}"
                )
