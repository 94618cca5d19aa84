"""Records anew what PyTorch does: `python -m tests.engine.record_facts`, from the project's folder.

Needs torch 2.13 (`pip install torch==2.13.0`). Runs every program of `programs/` and of the table
in `operations.py`, and writes what it observed to `facts/`. The tests compare minigrad with that.
"""

from __future__ import annotations

import itertools
import json
import sys

from tests.engine import observe, operations

VERSION = "2.13"


def main() -> int:
    """Write the facts; 1 if the PyTorch that is installed is not the one to record from."""
    import torch

    if not torch.__version__.startswith(VERSION + "."):
        print(f"The facts are those of torch {VERSION}; this one is {torch.__version__}.")
        return 1
    torch.set_warn_always(True)
    torch.set_num_threads(1)
    for old in (observe.HERE / "facts").glob("*.json"):
        old.unlink()
    programs = sorted([*observe.written(), *operations.programs()], key=lambda p: p.file)
    for file, group in itertools.groupby(programs, key=lambda p: p.file):
        lines = [
            f"{json.dumps(p.title)}: "
            + json.dumps({"source": p.source, "seen": observe.run(p, torch)}, ensure_ascii=False)
            for p in group
        ]
        path = observe.HERE / "facts" / f"{file}.json"
        path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
        print(f"{path.name}: {len(lines)} programs")
    return 0


if __name__ == "__main__":
    sys.exit(main())
