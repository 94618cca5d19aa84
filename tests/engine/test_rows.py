"""Many cotangents at once give, bit for bit, what each gives alone: for every operation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as torch
from minigrad.autograd import differentiate, engine, rows
from tests.engine.rows import Row
from tests.engine.test_operations import CASES, Case, operations

pytestmark = pytest.mark.filterwarnings("ignore:index_reduce")  # it warns, as PyTorch's does


def numbers(*shape: int, seed: int = 1) -> Any:
    return torch.tensor(np.random.default_rng(seed).standard_normal(shape))


def same(batched: Any, alone: list[Any]) -> None:
    """The same numbers, down to the sign of a zero."""
    if batched is None:
        assert alone == [None] * len(alone)
        return
    stacked = np.stack([one._array for one in alone])
    assert batched._array.shape == stacked.shape
    assert batched._array.dtype == stacked.dtype
    assert np.ascontiguousarray(batched._array).tobytes() == stacked.tobytes()


@pytest.mark.parametrize("row, expression, shapes", CASES)
def test_every_operation(row: Row, expression: str, shapes: Any) -> None:
    case = Case(row, expression, shapes)
    if not case.smooth:
        return
    out = case.out()
    for count in (1, 2, 3):  # 2 and 3 are lengths of axes too, so that none is taken for another
        cotangents = numbers(count, *out.shape, seed=count)
        batched = torch.autograd.grad(out, case.inputs, cotangents, retain_graph=True,
                                      allow_unused=True, is_grads_batched=True)  # fmt: skip
        alone = [
            torch.autograd.grad(out, case.inputs, one, retain_graph=True, allow_unused=True)
            for one in cotangents
        ]
        for k, found in enumerate(batched):
            same(found, [grads[k] for grads in alone])


def test_who_takes_rows_says_so() -> None:
    """Of the operations that are no sums, shapes or places, all but a few take all rows at once."""
    takes = {operation.name for operation in operations().values() if operation.rows}
    assert {"add", "mul", "div", "tanh", "relu", "exp", "pow", "mm", "mv", "bmm", "addmm"} <= takes


def two_layers() -> tuple[Any, Any]:
    x, w1, w2 = numbers(5), numbers(4, 5), numbers(3, 4)
    x.requires_grad = True
    return x, (w2 @ (w1 @ x).tanh()).relu() * 2


def test_one_walk_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    x, y = two_layers()
    steps = []
    walk = engine.walk
    monkeypatch.setattr(
        engine, "walk", lambda *args: (steps.append(step) or step for step in walk(*args))
    )
    torch.autograd.grad(y, x, numbers(7, 3), is_grads_batched=True)
    assert [type(node).__name__ for node, *_ in steps] == [
        "MulBackward0", "ReluBackward0", "MvBackward0", "TanhBackward0", "MvBackward0"]  # fmt: skip
    assert {incoming[0].shape[0] for _, incoming, _ in steps} == {7}


def test_in_parts_where_they_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    x, y = two_layers()
    cotangents = numbers(7, 3)
    together = torch.autograd.grad(y, x, cotangents, retain_graph=True, is_grads_batched=True)[0]
    parts = []
    run = engine.run
    monkeypatch.setattr(rows, "ENTRIES", 2 * 20)  # the largest saved tensor is w1, of 20 entries
    monkeypatch.setattr(
        engine,
        "run",
        lambda roots, part, *rest: (parts.append(len(part[0])), run(roots, part, *rest)),
    )
    apart = torch.autograd.grad(y, x, cotangents, is_grads_batched=True)[0]
    assert parts == [2, 2, 2, 1]
    assert np.array_equal(together._array, apart._array)
    with pytest.raises(RuntimeError, match="second time"):  # the last walk frees
        y.backward(numbers(3))


def test_hooks_see_one_at_a_time() -> None:
    x, y = two_layers()
    seen: list[Any] = []
    y.register_hook(lambda grad: seen.append(grad.shape))
    x.register_hook(lambda grad: grad * 2)
    (found,) = torch.autograd.grad(y, x, numbers(4, 3), is_grads_batched=True)
    assert seen == [(3,)] * 4
    x, y = two_layers()
    (plain,) = torch.autograd.grad(y, x, numbers(4, 3), is_grads_batched=True)
    assert np.array_equal(found._array, 2 * plain._array)


def test_a_custom_function_is_asked_row_by_row() -> None:
    shapes = []

    class Odd(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            return x * 2

        @staticmethod
        def backward(ctx: Any, grad: Any) -> Any:
            shapes.append(grad.shape)
            return None if grad[0] < 0 else grad * 2

    x = numbers(3).requires_grad_()
    (found,) = torch.autograd.grad(
        Odd.apply(x), x, torch.tensor([[1.0, 2, 3], [-1, 2, 3]]).double(), is_grads_batched=True
    )
    assert found.tolist() == [[2, 4, 6], [0, 0, 0]]
    assert shapes == [(3,), (3,)]


def test_blocks_of_a_jacobian_share_nothing() -> None:
    x, y = numbers(3), numbers(3, seed=2)
    blocks = torch.autograd.functional.jacobian(lambda x, y: x + y, (x, y))
    for block in blocks:
        assert block.tolist() == np.eye(3).tolist()
    assert not np.shares_memory(blocks[0]._array, blocks[1]._array)
    blocks[0].mul_(2)


def test_errors_are_those_of_pytorch() -> None:
    x, y = two_layers()
    for given, error, words in [
        (numbers(), IndexError, "invalid index of a 0-dim tensor"),
        (numbers(2, 4), RuntimeError, "is_grads_batched=True"),
        (None, RuntimeError, "implicitly created only for scalar outputs"),
        ([[1.0]], TypeError, "either Tensors or None, but got list"),
        (numbers(0, 3), IndexError, "index 0 is out of bounds for dimension 0 with size 0"),
    ]:
        with pytest.raises(error, match=words):
            torch.autograd.grad(y, x, given, is_grads_batched=True)
    with pytest.raises(ValueError, match=r"got sizes \[2, 3\] for the mapped dimension"):
        torch.autograd.grad((y, y), x, (numbers(2, 3), numbers(3, 3)), is_grads_batched=True)
    with pytest.raises(ValueError, match="in_dims=0"):
        torch.autograd.grad((y, y.sum()), x, (numbers(2, 3), None), is_grads_batched=True)
    assert differentiate.grad(y, x, numbers(2, 3), is_grads_batched=True)[0].shape == (2, 5)
