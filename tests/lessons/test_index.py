"""The index: every link leads to a heading that is there, and nothing of the course is missing."""

import re
from pathlib import Path

import nbformat
import pytest

FOLDER = Path(__file__).resolve().parents[2] / "lessons"
INDEX = (FOLDER / "index.md").read_text(encoding="utf-8")
LINKS = re.findall(r"\]\(([\w.]+\.(?:ipynb|md))(?:#((?:[^()]|\([^()]*\))+))?\)", INDEX)
MISCONCEPTIONS = 15 + 2  # those that are collected from forums, and two from the notes


def headings(path):
    """The headings of a notebook as JupyterLab names them in links: spaces become hyphens."""
    text = "\n".join(
        cell.source
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "markdown"
    )
    return [line.replace(" ", "-") for line in re.findall(r"^#+ (.+)$", text, re.MULTILINE)]


@pytest.mark.parametrize(("name", "heading"), sorted(set(LINKS)))
def test_links_lead_somewhere(name, heading):
    assert (FOLDER / name).is_file()
    if heading:
        assert heading in headings(FOLDER / name)


def test_every_lesson_is_linked():
    assert {path.name for path in FOLDER.glob("*.ipynb")} <= {name for name, _ in LINKS}


def test_every_misconception_has_a_place():
    part = INDEX.split("## What people get wrong")[1].split("\n## ")[0]
    rows = [line for line in part.splitlines() if line.startswith("|")][2:]
    assert len(rows) == MISCONCEPTIONS
    assert all(".ipynb#" in row for row in rows)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.ipynb")), ids=lambda path: path.stem)
def test_links_of_lessons_lead_somewhere(path):
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            for target in re.findall(r"\]\(([\w.]+\.(?:ipynb|md))", cell.source):
                assert (FOLDER / target).is_file(), target
