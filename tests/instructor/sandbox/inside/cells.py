"""A cell of a notebook, run as Jupyter would run it, without Jupyter."""

from __future__ import annotations

import ast
import asyncio
import inspect
import linecache
import re
from typing import Any

# No part of these gives back what it took (*+, ++): a long line would take hours otherwise.
MAGIC = re.compile(r"^(\s*+)(?:[\w.,\s]++=\s*+)?[%!]\S")
HELP = re.compile(r"^(\s*+)(?:\?{1,2}[\w.]++|[\w.]++\?{1,2})\s*+$")
TIMED = re.compile(r"^(\s*+)%time\s++")
RUNS_ITS_BODY = ("time", "timeit", "capture", "prun")


def without_magics(source: str) -> str:
    """The Python in a cell. Magics, shell commands and `name?` are left out, never run."""
    try:
        ast.parse(source)
        return source
    except (SyntaxError, ValueError):
        pass
    lines = source.split("\n")
    first = next((k for k, line in enumerate(lines) if line.strip()), 0)
    if lines[first].startswith("%%"):
        if lines[first][2:].split(" ")[0].strip() not in RUNS_ITS_BODY:
            return ""
        lines[first] = ""
    for k, line in enumerate(lines):
        if found := TIMED.match(line):
            lines[k] = found[1] + line[found.end() :]
        elif found := MAGIC.match(line) or HELP.match(line):
            lines[k] = found[1] + "pass"
    return "\n".join(lines)


def run(source: str, name: str, namespace: dict[str, Any]) -> None:
    """Run a cell's Python. Its source can be found again, for inspect and for tracebacks."""
    source = without_magics(source)
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    code = compile(source, name, "exec", flags=flags, dont_inherit=True)
    if code.co_flags & inspect.CO_COROUTINE:
        asyncio.run(eval(code, namespace))
    else:
        exec(code, namespace)
