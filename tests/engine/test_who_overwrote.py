"""The line that minigrad adds to PyTorch's most famous error: what overwrote the tensor, and where.

A module of the reader's may be called as ours are, `minigrad_homework`: its lines are the reader's.
"""

import importlib
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import minigrad as torch

SOURCE = """
import minigrad as torch

def program():
    x = torch.ones(2, requires_grad=True)
    y = x * 2
    z = y * y
    y.mul_(3)
    y[:1].add_(1)
    z.sum().backward()

def old():
    x = torch.ones(2)
    return x.add(2, x)
"""


@pytest.fixture(params=["minigrad_homework", "homework", "minigradient"])
def homework(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ModuleType]:
    """A reader's module of this name."""
    (tmp_path / f"{request.param}.py").write_text(SOURCE, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield importlib.import_module(request.param)
    del sys.modules[request.param]


def test_the_error_names_the_last_writer_and_its_line(homework: ModuleType) -> None:
    with pytest.raises(RuntimeError) as caught:
        homework.program()
    first, *more = str(caught.value).splitlines()
    assert first.startswith("one of the variables needed for gradient computation has been")
    line = SOURCE.splitlines().index("    y[:1].add_(1)") + 1
    assert len(more) == 1
    assert more[0].startswith("It was overwritten by add_ at ")
    assert f"{homework.__name__}.py" in more[0]
    assert more[0].endswith(f"line {line}.")


def test_a_warning_points_at_the_line_too(homework: ModuleType) -> None:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        homework.old()
    assert [Path(warning.filename).stem for warning in told] == [homework.__name__]
    assert told[0].lineno == len(SOURCE.splitlines())


def test_what_nobody_overwrote_is_not_named() -> None:
    x = torch.ones(2, requires_grad=True)
    y = x * x
    y.sum().backward()
    with pytest.raises(RuntimeError) as caught:
        y.sum().backward()
    assert "It was overwritten" not in str(caught.value)
