"""Functions of matrices: products, transposes, einsum, inverses."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .budget import MAX_ENTRIES, Budget, TooMuch, refuse, shown, whole


def matmul(budget: Budget, a: Any, b: Any) -> Any:
    """`a @ b`; shapes as torch.matmul."""
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        raise ValueError("@ multiplies matrices; for a number use *")
    inner = a.shape[-1]
    if inner != b.shape[0 if b.ndim == 1 else -2]:
        raise ValueError(f"shapes {shown(a)} and {shown(b)} do not fit for a matrix product")
    rows = a.shape[:-1] if b.ndim == 1 else a.shape[:-1] + b.shape[-1:]
    budget.spend(*rows, *(b.shape[:-2] if b.ndim > 2 else ()), each=inner)
    return np.matmul(a, b)


def transpose(budget: Budget, x: Any, first: Any = None, second: Any = None) -> Any:
    """x.T, or two axes swapped. A vector or a number is its own transpose."""
    if first is None:
        return x.T if np.ndim(x) < 3 else np.swapaxes(x, -1, -2)
    return np.swapaxes(x, whole(first), whole(second))


def outer(budget: Budget, a: Any, b: Any) -> Any:
    """Every entry of a times every entry of b."""
    budget.spend(np.size(a), np.size(b))
    return np.outer(a, b)


def diag(budget: Budget, x: Any) -> Any:
    """The matrix with this diagonal, or the diagonal of a matrix."""
    if np.ndim(x) < 2:
        budget.spend(np.size(x), np.size(x))
        return np.diag(np.ravel(x))
    return np.diagonal(x) if np.ndim(x) == 2 else refuse("diag takes a vector or a matrix")


def eye(budget: Budget, n: Any, m: Any = None) -> Any:
    """The unit matrix."""
    rows, columns = whole(n), whole(n if m is None else m)
    budget.spend(rows, columns)
    return np.eye(rows, columns)


def diag_embed(budget: Budget, x: Any) -> Any:
    """A matrix on whose diagonal the last axis stands."""
    budget.spend(*np.shape(x), np.shape(x)[-1])
    return np.asarray(x)[..., None] * np.eye(np.shape(x)[-1])


def square(budget: Budget, x: Any) -> Any:
    """A square matrix, whose inverse or determinant may be computed."""
    if np.ndim(x) != 2 or x.shape[0] != x.shape[1]:
        raise ValueError(f"a square matrix is needed here, and this has the shape {shown(x)}")
    budget.take(x.size * x.shape[0])
    return x


def inverse(budget: Budget, x: Any) -> Any:
    """The inverse of a square matrix."""
    try:
        return np.linalg.inv(square(budget, x))
    except np.linalg.LinAlgError:
        return np.full(np.shape(x), np.inf)


def solve(budget: Budget, a: Any, b: Any) -> Any:
    """inverse(a) @ b."""
    return matmul(budget, inverse(budget, a), b)


def kron(budget: Budget, a: Any, b: Any) -> Any:
    """Every entry of a, times the whole of b."""
    budget.spend(np.size(a), np.size(b))
    return np.kron(a, b)


def einsum(budget: Budget, subscripts: Any, *operands: Any) -> Any:
    """Einstein's sum, with the subscripts written out: `einsum('ij,j->i', A, x)`."""
    if not isinstance(subscripts, str) or "." in subscripts or not operands:
        raise ValueError("einsum takes subscripts in quotes, and tensors: einsum('ij,j->i', A, x)")
    inputs, arrow, output = subscripts.partition("->")
    terms = inputs.split(",")
    if len(terms) != len(operands):
        raise ValueError(f"{len(terms)} groups of subscripts for {len(operands)} tensors")
    sizes: dict[str, int] = {}
    for term, operand in zip(terms, operands):
        shape = np.shape(operand)
        if len(term) != len(shape):
            raise ValueError(f"the subscripts {term} do not fit the shape {shown(operand)}")
        for letter, size in zip(term, shape):
            if sizes.setdefault(letter, size) != size:
                raise ValueError(f"the subscript {letter} means {sizes[letter]} and {size} entries")
    letters = output if arrow else "".join(c for c in sorted(sizes) if inputs.count(c) == 1)
    if len(set(letters)) != len(letters) or not set(letters) <= set(sizes):
        raise ValueError("every subscript behind the -> stands before it, too, and only once")
    if math.prod(sizes[letter] for letter in letters) > MAX_ENTRIES:
        raise TooMuch("this would make an array that is too large")
    budget.take(math.prod(sizes.values()))
    return np.einsum(f"{inputs}->{letters}", *operands)
