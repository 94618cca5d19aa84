"""Every operation, from one table: its derivatives against finite differences, and none forgotten.

Values, dtypes, gradients and second gradients against PyTorch are in `test_facts.py`, made from the
same table. Here: central differences in float64, contracted with random cotangents and along random
directions, so that neither a missing transpose nor a wrong sum can hide.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import minigrad
import minigrad.ops
from minigrad import methods
from minigrad.absent import OF_TENSORS
from minigrad.ops.operation import Operation
from tests.engine import observe
from tests.engine.operations import REACHED_OTHERWISE, TABLE, Row, setup

pytestmark = pytest.mark.filterwarnings("ignore:index_reduce")  # it warns, as PyTorch's does

STEP = 1e-6
CASES = [
    pytest.param(row, expression, shapes, id=f"{row.covers} {expression} {shapes}")
    for row in TABLE
    for expression in row.expressions
    for shapes in row.shapes
    if not any(0 in shape for shape in shapes)  # those are in test_facts
]


class Case:
    """An expression of x, y, z as a function of arrays, with a fixed random cotangent."""

    def __init__(self, row: Row, expression: str, shapes: Any) -> None:
        self.run: Callable[..., Any] = eval(
            f"lambda torch, x=None, y=None, z=None: {expression}", {"np": np}
        )
        names: dict[str, Any] = {
            "torch": minigrad,
            "numbers": observe.numbers_from(len(expression)),
        }
        exec(setup(shapes, "float64", row.low, row.high), names)
        self.inputs = [names[name] for name, _ in zip("xyz", shapes)]
        self.random = np.random.default_rng(7)
        self.smooth = False
        try:
            out = self.out()
        except NotImplementedError:  # for integers only
            return
        self.smooth = out.requires_grad and out.dtype is minigrad.float64
        """Not a comparison, nor rounded by a cast to fewer digits (`x.float()`)."""
        self.cotangent = minigrad.tensor(self.random.standard_normal(out.shape)).to(out.dtype)

    def out(self) -> Any:
        return self.run(minigrad, *self.inputs)

    def scalar(self) -> Any:
        """The output against the cotangent, as a float."""
        return float((self.out().detach().numpy() * self.cotangent.numpy()).sum())

    def gradients(self, create_graph: bool) -> list[Any]:
        """d scalar / d input, for each input."""
        return list(minigrad.autograd.grad(self.out(), self.inputs, self.cotangent,
                    create_graph=create_graph, materialize_grads=True))  # fmt: skip

    def along(self, function: Callable[[], Any], direction: list[np.ndarray]) -> Any:
        """The central difference of a function of the inputs along a direction."""
        kept = [x._array for x in self.inputs]
        ends = []
        for sign in (1, -1):
            for x, array, part in zip(self.inputs, kept, direction):
                x._array = np.asarray(array + sign * STEP * part)
            ends.append(function())
        for x, array in zip(self.inputs, kept):
            x._array = array
        return (ends[0] - ends[1]) / (2 * STEP)

    def directions(self, count: int) -> Any:
        for _ in range(count):
            yield [np.asarray(self.random.standard_normal(x.shape)) for x in self.inputs]


def dot(a: list[np.ndarray], b: list[np.ndarray]) -> float:
    return float(sum((u * v).sum() for u, v in zip(a, b)))


@pytest.mark.parametrize("row, expression, shapes", CASES)
def test_against_finite_differences(row: Row, expression: str, shapes: Any) -> None:
    case = Case(row, expression, shapes)
    if not case.smooth or "float16" in expression:
        return
    gradients = [g.numpy() for g in case.gradients(False)]
    for direction in case.directions(3):
        expected = case.along(case.scalar, direction)
        assert dot(gradients, direction) == pytest.approx(expected, rel=2e-6, abs=2e-7)
    if sum(x.numel() for x in case.inputs) <= 12:
        for k, x in enumerate(case.inputs):
            for place in np.ndindex(*x.shape):
                direction = [np.zeros(v.shape) for v in case.inputs]
                direction[k][place] = 1
                expected = case.along(case.scalar, direction)
                assert gradients[k][place] == pytest.approx(expected, rel=2e-6, abs=2e-7)


@pytest.mark.parametrize("row, expression, shapes", CASES)
def test_second_against_finite_differences(row: Row, expression: str, shapes: Any) -> None:
    case = Case(row, expression, shapes)
    if not case.smooth or "float16" in expression:
        return
    weights = [minigrad.tensor(v) for v in next(case.directions(1))]

    def contracted() -> float:
        return dot([g.numpy() for g in case.gradients(False)], [w.numpy() for w in weights])

    first = case.gradients(True)
    scalar = sum((g * w).sum() for g, w in zip(first, weights))
    second = [np.zeros(x.shape) for x in case.inputs]
    if scalar.requires_grad:
        second = [g.numpy() for g in minigrad.autograd.grad(scalar, case.inputs,
                                                            materialize_grads=True)]  # fmt: skip
    for direction in case.directions(2):
        expected = case.along(contracted, direction)
        assert dot(second, direction) == pytest.approx(expected, rel=2e-6, abs=2e-7)


def tangent_along(case: Case, torch: Any, inputs: list[Any], direction: list[np.ndarray]) -> Any:
    """The derivative of the output along a direction, by forward mode; an array."""
    forward_ad = torch.autograd.forward_ad
    with forward_ad.dual_level():
        duals = [forward_ad.make_dual(x, torch.tensor(part))
                 for x, part in zip(inputs, direction)]  # fmt: skip
        tangent = forward_ad.unpack_dual(case.run(torch, *duals)).tangent
    return None if tangent is None else np.asarray(tangent.detach().tolist())


@pytest.mark.parametrize("row, expression, shapes", CASES)
def test_forward_mode(row: Row, expression: str, shapes: Any) -> None:
    """The tangent against the gradient, contracted both ways: v (J t) = (v J) t."""
    case = Case(row, expression, shapes)
    if not case.smooth or "float16" in expression:
        return
    gradients = [g.numpy() for g in case.gradients(False)]
    for direction in case.directions(2):
        tangent = tangent_along(case, minigrad, case.inputs, direction)
        along = 0.0
        if tangent is not None:
            along = dot([tangent.reshape(case.cotangent.shape)], [case.cotangent.numpy()])
        assert along == pytest.approx(dot(gradients, direction), rel=1e-9, abs=1e-10)


@pytest.mark.parametrize("row, expression, shapes", CASES)
def test_forward_over_reverse(row: Row, expression: str, shapes: Any) -> None:
    """The tangent of the gradients, recorded or not, against their finite differences."""
    case = Case(row, expression, shapes)
    if not case.smooth or "float16" in expression:
        return
    weights = [w.copy() for w in next(case.directions(1))]
    forward_ad = minigrad.autograd.forward_ad

    def contracted() -> float:
        return dot([g.numpy() for g in case.gradients(False)], weights)

    for direction, recorded in zip(case.directions(2), (True, False)):
        with forward_ad.dual_level():
            duals = [forward_ad.make_dual(x, minigrad.tensor(part))
                     for x, part in zip(case.inputs, direction)]  # fmt: skip
            out = case.run(minigrad, *duals)
            grads = minigrad.autograd.grad(out, duals, case.cotangent, create_graph=recorded,
                                           materialize_grads=True)  # fmt: skip
            assert recorded or not any(g.requires_grad for g in grads)
            tangents = [forward_ad.unpack_dual(g).tangent for g in grads]
        moved = sum(float((t.detach().numpy() * w).sum())
                    for t, w in zip(tangents, weights) if t is not None)  # fmt: skip
        assert moved == pytest.approx(case.along(contracted, direction), rel=2e-6, abs=2e-7)


@pytest.mark.parametrize("row, expression, shapes", CASES)
def test_forward_over_second(row: Row, expression: str, shapes: Any) -> None:
    """The tangent of the second gradients against their finite differences."""
    case = Case(row, expression, shapes)
    if not case.smooth or "float16" in expression:
        return
    weights, others = ([w.copy() for w in part] for part in case.directions(2))
    forward_ad = minigrad.autograd.forward_ad

    def second(inputs: list[Any]) -> list[Any]:
        out = case.run(minigrad, *inputs)
        first = minigrad.autograd.grad(out, inputs, case.cotangent, create_graph=True,
                                       materialize_grads=True)  # fmt: skip
        scalar = sum((g * minigrad.tensor(w)).sum() for g, w in zip(first, weights))
        if not scalar.requires_grad:
            return []
        return list(minigrad.autograd.grad(scalar, inputs, create_graph=True,
                                           materialize_grads=True))  # fmt: skip

    def contracted() -> float:
        return dot([g.detach().numpy() for g in second(case.inputs)], others)

    (direction,) = case.directions(1)
    with forward_ad.dual_level():
        duals = [forward_ad.make_dual(x, minigrad.tensor(part))
                 for x, part in zip(case.inputs, direction)]  # fmt: skip
        tangents = [forward_ad.unpack_dual(g).tangent for g in second(duals)]
    moved = sum(float((t.detach().numpy() * w).sum())
                for t, w in zip(tangents, others) if t is not None)  # fmt: skip
    assert moved == pytest.approx(case.along(contracted, direction), rel=2e-6, abs=5e-7)


@pytest.mark.oracle
@pytest.mark.parametrize("row, expression, shapes", CASES)
def test_forward_mode_as_in_torch(row: Row, expression: str, shapes: Any, torch: Any) -> None:
    """The tangents of live PyTorch; where it has none, its NotImplementedError."""
    case = Case(row, expression, shapes)
    lost = "scatter_reduce" in expression and "'prod'" in expression  # there, without a word
    if not case.smooth or "float16" in expression or lost:
        return
    theirs = [torch.tensor(x.tolist(), dtype=torch.float64) for x in case.inputs]
    for direction in case.directions(1):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # PyTorch's own, of its jit
                expected = tangent_along(case, torch, theirs, direction)
        except NotImplementedError:
            return  # what PyTorch cannot do may work here
        found = tangent_along(case, minigrad, case.inputs, direction)
        expected, found = (np.zeros(()) if v is None else v for v in (expected, found))
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("row", [pytest.param(row, id=f"{row.covers} {row.expressions[0]}")
                                 for row in TABLE])  # fmt: skip
def test_gradcheck(row: Row) -> None:
    """The package's own check of both modes, on the first shapes."""
    case = Case(row, row.expressions[0], row.shapes[0])
    if case.smooth:
        inputs = [x for x in case.inputs if x.dtype.is_floating_point]
        assert minigrad.autograd.gradcheck(
            lambda *values: case.run(minigrad, *values), inputs, check_forward_ad=True
        )


def operations() -> dict[str, Operation]:
    """Every `Operation` object of the package, under each of its names: "file.name" → operation."""
    return {
        f"{module.name}.{name}": value
        for module in pkgutil.iter_modules(minigrad.ops.__path__)
        for name, value in vars(importlib.import_module(f"minigrad.ops.{module.name}")).items()
        if isinstance(value, Operation)
    }


def function(name: str) -> Any:
    """A row may also be about a plain function of `minigrad.ops`."""
    home, _, name = name.partition(".")
    return getattr(importlib.import_module(f"minigrad.ops.{home}"), name)


def test_no_operation_without_a_row() -> None:
    everything = operations()
    named = {row.covers for row in TABLE} | set(REACHED_OTHERWISE)
    covered = {id(everything[name]) for name in named & set(everything)}
    missing = sorted(name for name, value in everything.items() if id(value) not in covered)
    assert not missing, f"add rows to tests/engine/operations.py for {missing}"


def test_rows_run_what_they_cover() -> None:
    """A row's expressions really run the operation that the row is about."""
    everything = operations()
    for row in TABLE:
        operation: Any = everything.get(row.covers) or function(row.covers)
        if not isinstance(operation, Operation) or "forward" not in operation.call.__globals__:
            continue
        code, calls = operation.call.__globals__, []
        original = code["forward"]

        def spy(*args: Any, original: Any = original, calls: Any = calls, **kwargs: Any) -> Any:
            calls.append(args)
            return original(*args, **kwargs)

        code["forward"] = spy
        try:
            for expression in row.expressions:
                Case(row, expression, row.shapes[0])
        finally:
            code["forward"] = original
        assert calls, f"no expression of {row.covers} runs it"


def names_of(kind: Any) -> set[str]:
    return {name for name in kind if not name.startswith("_")}


def test_no_public_name_without_a_row() -> None:
    """Every function of the package and every method of a tensor that computes is called by a row
    or in a program."""
    text = " ".join(
        [e for row in TABLE for e in row.expressions] + [p.source for p in observe.written()]
    )
    functions = {
        name for name in names_of(vars(minigrad))
        if callable(value := getattr(minigrad, name)) and not isinstance(value, type)
        and getattr(value, "__module__", "").startswith(("minigrad.ops", "minigrad.calling"))
    }  # fmt: skip
    unused = sorted(n for n in functions if not re.search(rf"torch\.{n}\b|\"{n}\"", text))
    assert not unused, f"functions that no row and no program calls: {unused}"
    unused = sorted(
        n for n in names_of(methods.METHODS) if not re.search(rf"\.{n}\b|\"{n}\"", text)
    )
    assert not unused, f"methods that no row and no program calls: {unused}"
    for module in (minigrad.nn.functional, minigrad.linalg):
        unused = sorted(n for n in module.__all__ if not re.search(rf"\b{n}\b", text))
        assert not unused, (
            f"functions of {module.__name__} that no row and no program calls: {unused}"
        )


def test_a_missing_attribute_says_so() -> None:
    x = minigrad.ones(2)
    with pytest.raises(AttributeError, match=r"minigrad does not have torch\.Tensor\.stft"):
        x.stft()
    assert not hasattr(x, "stft")
    assert "stft" not in dir(x)
    assert "mul" in dir(x)


@pytest.mark.oracle
def test_all_missing_attributes_say_so(torch: Any) -> None:
    has = names_of(name for name in dir(torch.Tensor))
    missing = {name for name in has if not hasattr(minigrad.Tensor, name)}
    assert missing == set(OF_TENSORS.split())


def test_what_has_no_row_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    planted = Operation("planted", "self", np.exp)
    monkeypatch.setattr(minigrad.ops.arithmetic, "planted", planted, raising=False)
    with pytest.raises(AssertionError, match=r"arithmetic\.planted"):
        test_no_operation_without_a_row()
    for where, name in ((minigrad, "planted_function"), (minigrad.nn.functional, "planted_layer")):
        with monkeypatch.context() as patch:
            patch.setattr(where, name, minigrad.exp, raising=False)
            if hasattr(where, "__all__"):
                patch.setattr(where, "__all__", [*where.__all__, name])
            with pytest.raises(AssertionError, match=name):
                test_no_public_name_without_a_row()
    monkeypatch.setitem(methods.METHODS, "planted_", methods.METHODS["exp_"])
    with pytest.raises(AssertionError, match="planted_"):
        test_no_public_name_without_a_row()
