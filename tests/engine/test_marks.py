"""`emit_nvtx` marks operations through the package `nvtx`, or says that it is missing."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest

import minigrad as torch
from minigrad.autograd import profiler


def test_every_operation_is_marked(monkeypatch):
    marks: list[str] = []
    nvtx = SimpleNamespace(mark=lambda message: marks.append(message))
    monkeypatch.setitem(sys.modules, "nvtx", nvtx)
    x = torch.ones(2, requires_grad=True)
    with profiler.emit_nvtx(record_shapes=True) as entered:
        (x * 2).sin()
    x.exp()
    assert isinstance(entered, profiler.emit_nvtx)
    assert marks == ["aten::mul", "aten::sin"]


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "nvtx", None)
    with pytest.raises(RuntimeError, match="pip install nvtx"):
        profiler.emit_nvtx()
