"""Several small ES modules joined into one, which is what anywidget (and a stand-alone page) takes.

The modules share one scope afterwards, so the rules are strict, and breaking one is an error here
rather than a surprise in a browser:

- `import { a, b } from "./other.js";` on one line, nothing renamed, no cycles, nothing from outside
- `export` only before a `function`, `class` or `const`
- a name is declared at top level once in all modules together
- a template literal ends on the line it began on (comments and indentation are taken out by line)
"""

from __future__ import annotations

import re
from pathlib import Path

IMPORT = re.compile(r'^import \{ ([\w$, ]+) \} from "(\.{1,2}/[\w./-]+\.js)";$')
EXPORT = re.compile(r"^export (?=(?:async )?function|class|const)")
REMARK = re.compile(r"""(?<=[;{},(\[])\s+// [^"'`]*$""")  # no quote after it: not inside of a text
DECLARED = re.compile(r"^(?:async )?(?:function\*?|class|const|let|var)\s+([\w$]+)")


def join(entry: Path) -> str:
    """The code of `entry` and of all modules that it imports, without imports and exports.

    Raises ValueError, with the file and the line, where a module breaks a rule.
    """
    bodies: dict[Path, str] = {}
    owner: dict[str, Path] = {}
    exports: dict[Path, set[str]] = {}
    _add(entry.resolve(), bodies, owner, exports, ())
    return "\n".join(bodies.values())


def _add(
    path: Path,
    bodies: dict[Path, str],
    owner: dict[str, Path],
    exports: dict[Path, set[str]],
    parents: tuple[Path, ...],
) -> None:
    if path in parents:
        raise ValueError(f"{path.name} imports itself, by way of {parents[-1].name}")
    if path in bodies:
        return
    if not path.is_file():
        raise ValueError(f"{parents[-1].name + ' imports ' if parents else ''}{path}: no such file")
    kept: list[str] = []
    needed: list[tuple[Path, str, str]] = []
    exported = exports.setdefault(path, set())
    for number, line in enumerate(_without_comments(path), start=1):
        where = f"{path.name}, line {number}: {line.strip()}"
        if line.startswith("import"):
            found = IMPORT.match(line)
            if not found:
                raise ValueError(f'{where}\nwrite: import {{ a, b }} from "./file.js";')
            needed.append((path.parent / found[2], found[1], where))
            continue
        if line.startswith("export") and not EXPORT.match(line):
            raise ValueError(f"{where}\nexport a function, a class or a const")
        bare = EXPORT.sub("", line)
        declared = DECLARED.match(bare)
        if declared:
            name = declared[1]
            if name in owner:
                raise ValueError(f"{where}\n{name} is also declared in {owner[name].name}")
            owner[name] = path
            if bare != line:
                exported.add(name)
        if bare.strip():
            kept.append(bare.strip())
    for other, names, where in needed:
        other = other.resolve()
        _add(other, bodies, owner, exports, (*parents, path))
        for name in names.split(","):
            if name.strip() not in exports[other]:
                raise ValueError(f"{where}\n{other.name} does not export {name.strip()}")
    bodies[path] = "\n".join(kept)


def _without_comments(path: Path) -> list[str]:
    """The lines without comments; those that are comments and nothing else are empty."""
    lines = []
    inside = False
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        text = line.strip()
        if inside or text.startswith("/*"):
            inside = "*/" not in text
            if not inside and not text.endswith("*/"):
                raise ValueError(f"{path.name}, line {number}: code after a comment on one line")
            lines.append("")
            continue
        if text.startswith("//"):
            lines.append("")
            continue
        if text.count("`") % 2:
            raise ValueError(f"{path.name}, line {number}: a template literal over several lines")
        lines.append(REMARK.sub("", line))
    return lines
