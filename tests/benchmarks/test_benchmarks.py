"""The benchmarks as tests: `pytest tests/benchmarks -m benchmark`. The table: see README.md."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.benchmarks import measure
from tests.benchmarks.tasks import TASKS, Task


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_same_work(task: Task) -> None:
    measure.check(task, ["minigrad"])


@pytest.mark.oracle
@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_same_work_in_torch(task: Task) -> None:
    measure.check(task, ["PyTorch"])


@pytest.mark.benchmark
@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_within_the_limit(task: Task) -> None:
    found = min(measure.ratios(task, ["minigrad"], 0.3)["minigrad"] for _ in range(3))
    assert found <= task.limit, f"{task.name}: {found:.2f}×, limit {task.limit}×"


@pytest.mark.benchmark
def test_import_is_quick() -> None:
    assert measure.import_time(5)[1] < measure.IMPORT_LIMIT


def test_imports_only_numpy_and_the_standard_library() -> None:
    code = (
        "import sys, numpy; before = set(sys.modules); import minigrad;"
        "print(*{name.partition('.')[0] for name in set(sys.modules) - before})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    others = set(done.stdout.split()) - {"minigrad", "numpy"} - set(sys.stdlib_module_names)
    assert not [name for name in others if "cython" not in name]  # that is numpy.random
