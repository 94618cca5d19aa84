"""Which cells of a submission run, in which order, and where each exercise is checked.

The instructor's notebook gives the order. Its own cells run from its own copy. A student's answer
runs where the exercise stands; every other cell of the student's runs after the cell of the lesson
that it follows in the submission. So cells that are missing, moved, doubled or edited do no harm.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import Any

from tests.instructor.course import Lesson
from tests.instructor.sandbox.inside.cells import without_magics
from tests.instructor.submission import Cell, tidy

OURS, ANSWER, OWN, CHECK = "the lesson's", "an answer", "the student's own", "a check"
BINDS = re.compile(r"(?m)^[ \t]*+(?:(?:def|class)[ \t]++)?(\w++)[ \t]*+[=(:]")
INDIRECT = re.compile(r"\b(globals|exec|setattr|vars|run_cell)\b")


@dataclass
class Step:
    """A cell to run, or (role CHECK) an exercise to check.

    place: which cell of the submission, from 1; 0 for one that is not in it.
    """

    role: str
    source: str
    place: int = 0
    id: str = ""
    exercise: str = ""
    state: str = "skipped"
    error: str = ""

    @property
    def name(self) -> str:
        """Its name in tracebacks."""
        return f"cell {self.place or self.id}"


@dataclass
class Plan:
    """The steps, in order; and for each exercise whether anything was written for it."""

    steps: list[Step]
    answered: dict[str, bool]
    notes: list[str]
    recognised: int
    """How many cells of the submission are answers or checks of this lesson."""


def bound(source: str) -> set[str]:
    """The names that a cell binds at its top level, or inside an if, a with, a try, a loop."""
    try:
        tree = ast.parse(without_magics(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set(BINDS.findall(source))
    found: set[str] = set()
    unseen: list[Any] = list(tree.body)
    while unseen:
        node = unseen.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= {alias.asname or alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, (ast.Attribute, ast.Subscript)) and isinstance(node.ctx, ast.Store):
            base: Any = node
            while isinstance(base, (ast.Attribute, ast.Subscript)):
                base = base.value
            found |= {base.id} if isinstance(base, ast.Name) else set()
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            unseen += ast.iter_child_nodes(node)
    return found


def names_in(stub: str, exercise: Any) -> set[str]:
    """The names that an answer may bind: the exercise's, and those that its cell binds already."""
    return bound(stub) | {path.split(".")[0].strip() for path in exercise.answer.split(",")}


class _Place:
    """A code cell of the lesson."""

    def __init__(self, cell: Any, exercises: Any) -> None:
        marked = cell.get("metadata", {}).get("nbgrader", {})
        self.id, self.source = str(cell.get("id", "")), tidy(cell["source"])
        self.grade_id = str(marked.get("grade_id", ""))
        name = self.grade_id.removesuffix("-check")
        self.exercise = name if name in exercises else ""
        self.is_check = bool(self.exercise) and self.grade_id.endswith("-check")
        self.is_answer = bool(self.exercise) and not self.is_check


def make(lesson: Lesson, cells: list[Cell]) -> Plan:
    """The plan for a submission to a lesson."""
    exercises = lesson.exercises
    places = [_Place(cell, exercises) for cell in lesson.cells if cell["cell_type"] == "code"]
    at = _recognise(places, cells)
    given: dict[int, list[Cell]] = {k: [] for k in range(-1, len(places))}
    own: dict[int, list[Cell]] = {k: [] for k in range(-1, len(places))}
    anchor = -1
    for cell, k in zip(cells, at, strict=True):
        if k is None:
            own[anchor].append(cell)
        else:
            anchor = k
            given[k].append(cell)
    notes = [
        f"the cell {places[k].grade_id or places[k].id} is there {len(found)} times"
        for k, found in given.items()
        if len(found) > 1
    ]
    extra = [cell for cells in own.values() for cell in cells]
    plan = Plan([], {}, notes, sum(k is not None and bool(places[k].exercise) for k in at))
    for cell in own[-1]:
        plan.steps.append(_own(cell))
    for k, place in enumerate(places):
        if place.is_answer:
            plan.steps += _answers(place, exercises[place.exercise], given[k], extra, plan)
        elif place.is_check:
            first = given[k][0].place if given[k] else 0
            plan.steps.append(Step(CHECK, "", first, place.id, place.exercise))
        else:
            plan.steps += _ours(place, given[k])
        plan.steps += [_own(cell) for cell in own[k]]
    _check_all(plan, exercises)
    return plan


def _own(cell: Cell) -> Step:
    return Step(OWN, cell.source, cell.place, cell.id)


def _ours(place: _Place, found: list[Cell]) -> list[Step]:
    """Our copy. Where a student has edited theirs, that one runs first: it may hold something that
    is used later, and what it breaks is mended by ours.
    """
    edited = [c for c in found if c.source.strip() != place.source.strip()]
    first = found[0].place if found else 0
    return [*map(_own, edited), Step(OURS, place.source, first, place.id)]


def _answers(
    place: _Place, exercise: Any, found: list[Cell], extra: list[Cell], plan: Plan
) -> list[Step]:
    stub = place.source.strip()
    wanted = names_in(stub, exercise)
    written = [cell for cell in found if cell.source.strip() != stub]
    elsewhere = any(bound(cell.source) & wanted or INDIRECT.search(cell.source) for cell in extra)
    plan.answered[place.exercise] = bool(written) or elsewhere
    if not written and not elsewhere:
        written = found[:1]  # as it was handed out: others of their cells may use it
    return [Step(ANSWER, c.source, c.place, c.id, place.exercise) for c in written]


def _recognise(places: list[_Place], cells: list[Cell]) -> list[int | None]:
    """For each cell of the submission, which one of the lesson it is: by the exercise's id, by the
    cell's id, by its text.
    """
    grade_ids = {place.grade_id: k for k, place in enumerate(places) if place.grade_id}
    ids = {place.id: k for k, place in enumerate(places) if place.id}
    texts = {place.source.strip(): k for k, place in reversed(list(enumerate(places)))}
    return [
        grade_ids.get(cell.grade_id, ids.get(cell.id, texts.get(cell.source.strip())))
        for cell in cells
    ]


def _check_all(plan: Plan, exercises: Any) -> None:
    """Exercises for which the notebook has no check cell, or no answer cell, are checked too."""
    checked = {step.exercise for step in plan.steps if step.role == CHECK}
    plan.steps += [Step(CHECK, "", 0, "", name) for name in exercises if name not in checked]
    for name in exercises:
        plan.answered.setdefault(name, True)
