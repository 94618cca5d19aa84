"""Records what PyTorch does: `python -m tests.engine.record_facts`, from the project's folder.

Needs torch 2.13 (`pip install torch==2.13.0`). Runs the programs of `programs/` and of the table in
`operations.py` that are new or were changed, and writes what it observed to `facts/`. The tests
compare minigrad with that. With `--all` every program runs anew; on another processor the last
digits of many figures will change.
"""

from __future__ import annotations

import json
import sys

from tests.engine import observe, operations

VERSION = "2.13"
FACTS = observe.HERE / "facts"


def main(everything: bool) -> int:
    """Write the facts, `everything` anew; 1 if the PyTorch that is installed is another one."""
    import torch

    if not torch.__version__.startswith(VERSION + "."):
        print(f"The facts are those of torch {VERSION}; this one is {torch.__version__}.")
        return 1
    torch.set_warn_always(True)
    torch.set_num_threads(1)
    programs = sorted([*observe.written(), *operations.programs()], key=lambda p: p.file)
    files = {p.file: [q for q in programs if q.file == p.file] for p in programs}
    for path in FACTS.glob("*.json"):
        if path.stem not in files:
            path.unlink()
    for file, group in files.items():
        path = FACTS / f"{file}.json"
        known = json.loads(path.read_text("utf-8")) if path.exists() and not everything else {}
        facts = {p.title: known.get(p.title) for p in group}
        changed = [p for p in group if (facts[p.title] or {}).get("source") != p.source]
        for p in changed:
            facts[p.title] = {"source": p.source, "seen": observe.run(p, torch)}
        lines = [
            f"{json.dumps(title)}: {json.dumps(fact, ensure_ascii=False)}"
            for title, fact in facts.items()
        ]
        path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
        if changed:
            print(f"{path.name}: {len(changed)} of {len(group)} programs")
    return 0


if __name__ == "__main__":
    sys.exit(main("--all" in sys.argv[1:]))
