"""`minigrad/README.md` leads to every file, and its heart is as short as it says.

What is asserted of minigrad's code in docstrings, and can be looked up, is looked up here too.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import minigrad
from minigrad.ops import unrolled
from minigrad.ops.arithmetic import mul

HERE = Path(minigrad.__file__).parent
README = (HERE / "README.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    """The text under a heading."""
    return README.partition(f"## {title}")[2].partition("\n## ")[0]


def named(text: str) -> list[str]:
    """The files that a text names, from the folder of minigrad. An item of a list may begin with
    the folder that the names after it are in.
    """
    files = []
    for item in re.split(r"\n(?=- )", text):
        folder = re.match(r"- `(\w+/)`", item)
        for name in re.findall(r"`([\w/]+\.py)`", item):
            files.append(f"{folder[1] if folder else ''}{name}")
    return files


def test_every_module_is_named_once():
    titles = ("The heart", "Around it", "Then, as you like", "The rest, by folder")
    found = Counter(file for title in titles for file in named(section(title)))
    modules = [path for path in HERE.rglob("*.py") if path.name != "__init__.py"]
    there = Counter(path.relative_to(HERE).as_posix() for path in modules)
    assert not there - found, "not named in minigrad/README.md"
    assert not found - there, "named there twice, or not a file"


def test_the_heart_is_as_short_as_it_says():
    text = section("The heart")
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    stated = re.search(r"(\w+) files, together at most ([\d,]+) lines", text)
    assert stated is not None
    files = named(text)
    lines = [len((HERE / name).read_text(encoding="utf-8").splitlines()) for name in files]
    assert len(files) == words.index(stated[1].lower())
    assert sum(lines) <= int(stated[2].replace(",", ""))


def test_what_an_operation_becomes_begins_as_it_is_quoted():
    quoted = re.findall(r"^    (.*)\n", unrolled.__doc__ or "", re.MULTILINE)
    assert quoted[-1].strip() == "..."
    assert mul.source.splitlines()[: len(quoted) - 1] == quoted[:-1]
