"""What is saved is there again; nothing else can be in a file, whatever is in it."""

from __future__ import annotations

import contextlib
import io
import json
import pickle
import random
import zipfile
from collections import OrderedDict
from pathlib import Path
from typing import Any

import pytest

import minigrad
from minigrad import nn


def again(value: Any) -> Any:
    file = io.BytesIO()
    minigrad.save(value, file)
    file.seek(0)
    return minigrad.load(file)


def archive(structure: Any, compression: int = zipfile.ZIP_STORED, **entries: bytes) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as made:
        made.writestr("minigrad.json", json.dumps(structure))
        for name, data in entries.items():
            made.writestr(name.removeprefix("_"), data)
    file.seek(0)
    return file


@pytest.mark.parametrize(
    "value",
    [
        None, True, 3, -(2**70), 1.5, float("inf"), float("-inf"), "name", "", "é\ud800", [], {},
        (), [1, [2.5, None]], (1, (2, [3])), {"a": 1, 2: "b", None: (), (1, "x"): [True]}, {1, "a"},
        OrderedDict(z=1, a=2), minigrad.Size((2, 3)), minigrad.float16, {"kind": "tensor"},
        {"dtype": minigrad.int64},
    ],
)  # fmt: skip
def test_values(value: Any) -> None:
    found = again(value)
    assert type(found) is type(value)
    assert found == value
    assert repr(found) == repr(value)


def test_nan() -> None:
    assert again({"x": float("nan")})["x"] != again(float("nan"))


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "int32", "int64", "bool"])
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3), (2, 0, 3)])
def test_tensors(dtype: str, shape: tuple[int, ...]) -> None:
    kind = getattr(minigrad, dtype)
    for tensor in (minigrad.ones(shape, dtype=kind), minigrad.zeros(shape, dtype=kind)):
        found = again(tensor)
        assert found.dtype == kind
        assert found.shape == shape
        assert found.tolist() == tensor.tolist()
        assert not found.requires_grad


def test_history_is_not_kept_but_requires_grad_is() -> None:
    x = minigrad.tensor([1.0, 2.0], requires_grad=True)
    a, b, c = again([x, x * 2, nn.Parameter(x)])
    assert a.requires_grad
    assert b.requires_grad
    assert a.is_leaf
    assert b.is_leaf
    assert type(c) is nn.Parameter
    assert again(x.t()).tolist() == x.tolist()


def test_not_contiguous() -> None:
    x = minigrad.arange(6.0).view(2, 3)
    assert again([x.t(), x[:, 1:], x.expand(2, 2, 3)])[0].tolist() == x.t().tolist()
    assert again(x[:, 1:]).tolist() == [[1.0, 2.0], [4.0, 5.0]]
    turned = again(x.t())
    assert turned.stride() == (1, 3)
    assert turned.storage_offset() == 0
    assert again(x[1:, 1:]).storage_offset() == 4
    assert again(x.view(minigrad.int32)).tolist() == x.view(minigrad.int32).tolist()


def test_views_share_their_memory() -> None:
    x = minigrad.arange(6.0).view(2, 3)
    row, whole, column = again([x[1], x, x[:, 0]])
    whole[1, 0] = 9
    assert row.tolist() == [9, 4, 5]
    assert column.tolist() == [0, 9]
    assert not row._is_view()


def test_the_format_of_before() -> None:
    (found,) = minigrad.load(archive({"format": 1, "value": [tensor()["value"]]}, _0=b"\0" * 8))
    assert found.tolist() == [0.0, 0.0]


def test_one_tensor_twice_is_one_memory() -> None:
    x = minigrad.ones(2)
    a, b, c = again([x, x, x.detach()])
    a.add_(1)
    assert a is b
    assert c.tolist() == [2.0, 2.0]


def test_training_goes_on(tmp_path: Path) -> None:
    def network() -> tuple[Any, Any]:
        model = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.Linear(3, 1))
        return model, minigrad.optim.Adam(model.parameters(), lr=0.1)

    def train(model: Any, optimizer: Any) -> list[float]:
        x = minigrad.arange(8.0).view(4, 2)
        losses = []
        for _ in range(3):
            optimizer.zero_grad()
            loss = (model(x) ** 2 + model(x)).mean()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        return losses

    model, optimizer = network()
    train(model, optimizer)
    state = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "epoch": 3}
    minigrad.save(state, tmp_path / "state.pt")
    loaded = minigrad.load(tmp_path / "state.pt", weights_only=True)
    assert loaded["epoch"] == 3
    model2, optimizer2 = network()
    model2.load_state_dict(loaded["model"])
    optimizer2.load_state_dict(loaded["optimizer"])
    assert train(model2, optimizer2) == train(model, optimizer)


@pytest.mark.parametrize(
    "value",
    [object(), lambda: 1, nn.ReLU(), b"x", 1j, [nn.Linear(1, 1)], {"a": {1: range(3)}}, int],
)
def test_refused(value: Any, tmp_path: Path) -> None:
    with pytest.raises(TypeError, match=r"save: obj.* is of type .* state_dict"):
        minigrad.save(value, tmp_path / "file")
    assert not (tmp_path / "file").exists()


def test_where_it_is() -> None:
    with pytest.raises(TypeError, match=r"save: obj\['a'\]\[1\] is of type builtins.range"):
        again({"a": [1, range(3)]})


def test_cycles_and_depth() -> None:
    cycle: list[Any] = []
    cycle.append({"x": cycle})
    with pytest.raises(ValueError, match="contains itself"):
        again(cycle)
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(ValueError, match="too deeply"):
        again(deep)


def test_no_file() -> None:
    with pytest.raises(FileNotFoundError):
        minigrad.load("/nowhere/at/all")


class Evil:
    def __reduce__(self) -> Any:
        return (pytest.fail, ("the file ran code",))


def test_pickle_is_never_run() -> None:
    for data in (pickle.dumps(Evil()), b"", b"PK", b"not a zip"):
        with pytest.raises(RuntimeError, match=r"is not a file that minigrad\.save wrote"):
            minigrad.load(io.BytesIO(data))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("archive/data.pkl", pickle.dumps(Evil()))
    with pytest.raises(RuntimeError, match="written by PyTorch, with pickle"):
        minigrad.load(file)


def tensor(**changed: Any) -> Any:
    written = {"kind": "tensor", "entries": "0", "dtype": "float32", "shape": [2],
               "requires_grad": False}  # fmt: skip
    return {"format": 1, "value": written | changed}


@pytest.mark.parametrize(
    "structure",
    [
        [], {}, {"format": 1}, {"format": 1, "value": {}}, {"format": 1, "value": {"kind": "code"}},
        {"format": 1, "value": {"kind": "dict", "items": [[1]]}},
        {"format": 1, "value": {"kind": "dict", "items": [[[1], 1]]}},
        {"format": 1, "value": {"kind": "tuple"}}, {"format": 1, "value": {"kind": []}},
        {"format": 1, "value": {"kind": "dtype", "name": "__class__"}},
        {"format": 1, "value": {"kind": "float", "text": "__import__('os')"}},
        tensor(shape=[3]), tensor(shape=[-1]), tensor(shape=[-1, -2]), tensor(shape=2),
        tensor(shape=[10**30]), tensor(shape=[2.0]), tensor(shape=[1] * 100 + [2]),
        tensor(entries="1"), tensor(entries="../0"), tensor(dtype="object"),
        tensor(dtype="int64", requires_grad=True, shape=[1]), tensor(dtype="no"),
        tensor(shape=None), tensor(kind="size"), tensor(shape=[1]),
        tensor(stride=[2]), tensor(stride=[-1]), tensor(stride=[1, 1]), tensor(stride=["1"]),
        tensor(stride=[1], offset=1), tensor(stride=[1], offset=-1), tensor(offset=10**30),
        tensor(stride=[10**30]), tensor(number=[]), tensor(stride=[1], shape=[10**30]),
    ],
)  # fmt: skip
def test_damaged(structure: Any) -> None:
    with pytest.raises(RuntimeError):
        minigrad.load(archive(structure, _0=b"\0" * 8))


def test_a_later_format() -> None:
    with pytest.raises(RuntimeError, match="format 3, of a later minigrad"):
        minigrad.load(archive({"format": 3, "value": None}))


def test_deep_files() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("minigrad.json", '{"format": 1, "value": ' + "[" * 10**5 + "]" * 10**5 + "}")
    with pytest.raises(RuntimeError, match="is damaged"):
        minigrad.load(file)


def test_bombs() -> None:
    bomb = archive(tensor(shape=[10**7]), zipfile.ZIP_DEFLATED, _0=b"\0" * (4 * 10**7))
    assert len(bomb.getvalue()) < 10**5
    with pytest.raises(RuntimeError, match="compressed"):
        minigrad.load(bomb)
    shapes = [tensor(shape=[1] * k + [1000])["value"] for k in range(50)]
    many = minigrad.load(archive({"format": 1, "value": shapes}, _0=b"\0" * 4000))
    assert len({t._array.__array_interface__["data"][0] for t in many}) == 1


def test_random_damage() -> None:
    file = io.BytesIO()
    minigrad.save({"a": minigrad.ones(3), "b": [1, (2.5, "x")]}, file)
    whole = file.getvalue()
    chance = random.Random(0)
    for _ in range(500):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        if chance.random() < 0.2:
            del data[chance.randrange(len(data)) :]
        with contextlib.suppress(RuntimeError):
            minigrad.load(io.BytesIO(bytes(data)))
