"""Submissions made for tests: a lesson's notebook with other code in its answer cells."""

import copy
import importlib
import json

import nbformat

from tests.instructor.course import Course

COURSE = Course()


def answers(lesson):
    return importlib.import_module(f"tests.instructor.lesson_{lesson}").ANSWERS


def notebook(lesson, **options):
    """The lesson's notebook with `codes`, exercise → code, in its answer cells, and `extra`, code
    in cells of their own: exercise → the cells before its answer cell; "" → those at the end.
    """
    codes, extra = options.get("codes", {}), options.get("extra", {})
    found = copy.deepcopy(COURSE.lessons[lesson].notebook)
    cells = []
    for cell in found.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        cells += [nbformat.v4.new_code_cell(code) for code in extra.get(name, ()) if name]
        if name in codes:
            cell.source = codes[name]
        cells.append(cell)
    found.cells = cells + [nbformat.v4.new_code_cell(code) for code in extra.get("", ())]
    return found


def content(found):
    """A notebook's bytes."""
    return json.dumps(found).encode()


def solved(lesson, **options):
    """The lesson with all exercises solved, but for those in `codes`."""
    codes = {name: each.solution for name, each in answers(lesson).items()}
    return notebook(lesson, **{**options, "codes": codes | options.get("codes", {})})


def points(result):
    """exercise → share of its points, from 0 to 1."""
    return {name: found["points"] / found["of"] for name, found in result["exercises"].items()}
