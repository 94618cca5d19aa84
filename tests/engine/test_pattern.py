"""The map of a large local Jacobian, against the Jacobian itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import minigrad as torch
from minigrad import recording
from minigrad.trace import pattern, record


@pytest.fixture(autouse=True)
def recorded() -> Any:
    with recording.recording():
        yield


def jacobians(out: Any, **names: Any) -> dict[str, Any]:
    """Label of an input → the local Jacobian of the step that leads to it."""
    data = record(out.sum(), None, names).data
    labels = {node["id"]: node["label"] for node in data["nodes"]}
    products = [product for step in data["backward"] for product in step["products"]]
    return {labels[product["to"]]: product["jacobian"] for product in products}


def cells(found: Any) -> np.ndarray:
    """The map as an array of characters."""
    return np.array(list(found["cells"])).reshape(found["rows"], found["columns"])


def matrix(shape: tuple[int, ...], seed: int = 0) -> Any:
    values = np.random.default_rng(seed).uniform(-2, 2, shape)
    return torch.tensor(values, requires_grad=True)


def test_an_entrywise_operation_is_a_diagonal_however_large() -> None:
    x = matrix((300, 400))
    found = jacobians(x * x * x, x=x)["x"]
    assert (found["kind"], found["structure"], found["shape"]) == (
        "large",
        "diagonal",
        [120000] * 2,
    )
    assert found["map"]["rows"] == 1
    assert found["map"]["columns"] == pattern.CELLS
    assert jacobians(x.relu(), x=x)["x"]["structure"] == "diagonal"


def test_a_diagonal_by_chance_is_none() -> None:
    x = matrix((80,))
    found = jacobians(x.softmax(0), x=x)["x"]
    assert found["structure"] is None
    assert found["map"]["exact"]


def test_the_map_is_the_largest_entry_of_each_block() -> None:
    a, x = matrix((128, 70)), matrix((70,), 1)
    found = jacobians(a.detach() @ x, x=x)["x"]["map"]
    assert (found["rows"], found["columns"], found["exact"]) == (64, 64, True)
    whole = a.detach().numpy()
    starts = np.linspace(0, 70, 65).astype(int)[:-1]
    high = np.maximum.reduceat(np.maximum.reduceat(whole, np.arange(0, 128, 2), 0), starts, 1)
    low = np.minimum.reduceat(np.minimum.reduceat(whole, np.arange(0, 128, 2), 0), starts, 1)
    positive = np.char.islower(cells(found))
    np.testing.assert_array_equal(positive, high >= -low)
    size = np.where(high >= -low, high, -low)
    level = np.char.lower(cells(found)).view(np.uint32).astype(int) - 96
    largest = np.abs(whole).max()
    assert found["max"] == pytest.approx(largest, rel=0.01)
    assert np.all(size <= largest * (level / 9) ** 2 * 1.0001)
    assert np.all(size > largest * ((level - 1) / 9) ** 2 * 0.9999)


def test_what_is_zero_is_zero_where_rows_are_taken_together() -> None:
    a, b = matrix((64, 40)), matrix((40, 64), 1)
    found = jacobians(a @ b, a=a, b=b)
    assert found["a"]["shape"] == [4096, 2560]
    assert not found["a"]["map"]["exact"]
    # Row i of the product depends on row i of a: the blocks of the rows lie on the diagonal.
    filled = cells(found["a"]["map"]) != "0"
    assert filled.shape == (64, 64)
    np.testing.assert_array_equal(filled, np.eye(64, dtype=bool))
    assert (cells(found["b"]["map"]) != "0").all()
    assert not any(map(str.isupper, found["a"]["map"]["cells"]))


def test_a_broadcast_says_so() -> None:
    a, b = matrix((90, 30)), matrix((30,), 1)
    found = jacobians(a + b, a=a, b=b)
    assert found["a"]["structure"] == "diagonal"
    assert found["b"]["structure"] == "broadcast"


def test_nan_and_infinity_are_marked_and_nothing_else_suffers() -> None:
    x = torch.tensor(np.r_[0.0, np.arange(1.0, 100)], requires_grad=True)
    found = jacobians(x.log(), x=x)["x"]
    assert found["structure"] == "diagonal"
    assert found["map"]["cells"][0] == "!"
    assert found["map"]["cells"][1:].isalpha()


def test_nothing_is_tried_beyond_all_bounds() -> None:
    def never(cotangent: Any) -> Any:
        raise AssertionError("the derivative was called")

    like = np.zeros(2**18)
    assert pattern.patterns(never, like, {0: 2**17}, False) == {}
    assert pattern.patterns(never, np.zeros(0), {0: 5}, False) == {}


def test_it_stays_small() -> None:
    x, w = matrix((100, 200)), matrix((200, 50), 1)
    trace = record((x @ w).relu().mean(), None, {"x": x, "w": w})
    assert len(trace.to_json()) < 25_000
    assert "5000×5000, diagonal, not written out" in str(trace)
