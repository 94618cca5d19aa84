"""How it is measured: in one process on one thread, one run of each engine in turn, medians of the
time that the processor spent on that thread.

A figure is a time divided by the time of the same work in NumPy by hand, so that the machine, and
what else it does in the meantime, mostly cancel.
"""

from __future__ import annotations

import gc
import importlib.metadata
import importlib.util
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from tests.benchmarks.tasks import TASKS, Run, Task

OTHERS = {"PyTorch": "torch", "HIPS autograd": "autograd"}
IMPORT_LIMIT = 80  # milliseconds that `import minigrad` adds to NumPy's own import


def installed() -> list[str]:
    """The engines that can be measured here, minigrad first."""
    return ["minigrad"] + [n for n, module in OTHERS.items() if importlib.util.find_spec(module)]


def runs(task: Task, engines: list[str]) -> dict[str, Run]:
    """What is timed, per engine, with the hand-written NumPy first."""
    made = {"NumPy": task.by_hand()}
    for engine in engines:
        if engine == "HIPS autograd":
            made[engine] = task.hips()
        else:
            made[engine] = task.torch(module(engine))
    return made


def module(engine: str) -> Any:
    """The module that plays `torch`."""
    import minigrad

    if engine == "minigrad":
        return minigrad
    import torch

    torch.set_num_threads(1)
    return torch


def check(task: Task, engines: list[str]) -> None:
    """Every engine computes what the hand-written NumPy computes."""
    made = {name: run() for name, run in runs(task, engines).items()}
    for name, results in made.items():
        for ours, theirs in zip(results, made["NumPy"], strict=True):
            ours, theirs = np.asarray(ours), np.asarray(theirs)
            size = max(1.0, float(np.max(np.abs(theirs))))
            np.testing.assert_allclose(
                ours / size, theirs / size, 1e-3, 1e-4, err_msg=f"{task.name}: {name}"
            )


def ratios(task: Task, engines: list[str], share: float = 1.0) -> dict[str, float]:
    """Engine → the median time, in medians of the hand-written NumPy; "NumPy" in microseconds."""
    made = runs(task, engines)
    times: dict[str, list[float]] = {name: [] for name in made}
    rounds = max(20, int(task.rounds * share))
    gc.collect()
    gc.disable()
    try:
        for k in range(rounds + 5):
            for name, run in made.items():
                start = time.thread_time()
                run()
                if k >= 5:  # the first ones warm up
                    times[name].append(time.thread_time() - start)
            if k % 50 == 0:
                gc.collect()
    finally:
        gc.enable()
    median = {name: statistics.median(values) for name, values in times.items()}
    result = {name: median[name] / median["NumPy"] for name in engines}
    return result | {"NumPy": median["NumPy"] * 1e6}


def import_time(rounds: int = 9) -> tuple[float, float]:
    """Milliseconds that `import numpy` takes, and what `import minigrad` adds to it."""
    code = "import time; t = time.perf_counter(); import {}; print(time.perf_counter() - t)"

    def once(name: str) -> float:
        done = subprocess.run([sys.executable, "-c", code.format(name)], capture_output=True,
                              text=True, check=True)  # fmt: skip
        return float(done.stdout) * 1e3

    alone, both = [], []
    for _ in range(rounds):
        alone.append(once("numpy"))
        both.append(once("minigrad"))
    base = statistics.median(alone)
    return base, statistics.median(both) - base


def node_bytes() -> int:
    """The bytes of one graph node and its tensor, beside the arrays: of a `y * x` in a chain."""
    import tracemalloc

    import minigrad as torch

    x = torch.ones(2, 2, requires_grad=True)

    def grown(step: Callable[[], Any]) -> float:
        kept = [step() for _ in range(100)]
        tracemalloc.start()
        kept += [step() for _ in range(1000)]
        size = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        return size / 1000

    array = np.ones((2, 2), np.float32)
    return round(grown(lambda: x * x) - grown(lambda: array * array))


def table(share: float = 1.0, say: Callable[[str], Any] = print) -> dict[str, dict[str, float]]:
    """Measure everything, say it row by row as Markdown, and return task → engine → ratio."""
    engines = installed()
    for task in TASKS:
        check(task, engines)
    columns = ["minigrad", "limit", "goal", *engines[1:], "NumPy by hand"]
    say("| | " + " | ".join(columns) + " |")
    say("|---|" + "---|" * len(columns))
    found = {}
    for task in TASKS:
        row = found[task.name] = ratios(task, engines, share)
        cells = [f"**{row['minigrad']:.2f}×**", f"{task.limit}×", f"{task.goal}×"]
        cells += [f"{row[name]:.2f}×" for name in engines[1:]] + [f"{row['NumPy']:.0f} µs"]
        say(f"| {task.name} | " + " | ".join(cells) + " |")
    return found


def machine() -> str:
    """The versions that matter, without a name of a machine."""
    versions = [f"Python {platform.python_version()}", f"NumPy {np.__version__}"]
    for name, package in OTHERS.items():
        if importlib.util.find_spec(package):
            versions.append(f"{name} {importlib.metadata.version(package)}")
    return f"{platform.system()} {platform.machine()}, one thread; " + ", ".join(versions)


def main(arguments: list[str]) -> int:
    """Print the table; 1 if a limit is passed."""
    found = table(0.1 if "--quick" in arguments else 1.0)
    base, added = import_time()
    print(
        f"\n`import minigrad` adds {added:.0f} ms (limit {IMPORT_LIMIT}) to NumPy's {base:.0f} ms."
    )
    print(f"A node of `x * x` with its tensor takes {node_bytes()} bytes beside the arrays.")
    print(f"\n{machine()}")
    over = [t.name for t in TASKS if found[t.name]["minigrad"] > t.limit]
    if added > IMPORT_LIMIT:
        over.append("import")
    print("\nOver the limit: " + ", ".join(over) if over else "\nAll within their limits.")
    return bool(over)
