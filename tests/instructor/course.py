"""The lessons of a course, each with its notebook and its exercises.

    course = Course()                                   # the lessons of this project
    course = Course(Path("my_lessons"), Path("my_checks"))
    course.lessons["01"].exercises["01-repair"].points

A lesson is a notebook `NN_name.ipynb`; its exercises are those of `lesson_NN.py` in the folder of
checks. What is broken in one lesson is said when that lesson is used; the others work.
"""

from __future__ import annotations

import functools
import importlib.util
import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from widgets.exercise import Exercise

ROOT = Path(__file__).resolve().parents[2]
LESSONS = ROOT / "lessons"
CHECKS = LESSONS / "checks"


class CourseError(Exception):
    """What is wrong with a course, in a sentence for its instructor."""


def load_checks(path: Path) -> ModuleType:
    """The module of checks in a file, under a name of its own. Raises CourseError."""
    if not path.is_file():
        raise CourseError(f"There is no {path.name} in {path.parent}: no checks for this lesson.")
    path = path.resolve()
    # The project's own lessons find their checks by this name; any others get one of their own.
    ours = path.parent == CHECKS
    name = f"lessons.checks.{path.stem}" if ours else f"checks_{abs(hash(path))}_{path.stem}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException as error:
        del sys.modules[name]
        if isinstance(error, KeyboardInterrupt):
            raise
        raise CourseError(f"{path} cannot be imported: {type(error).__name__}: {error}") from error
    return module


def exercises_in(module: ModuleType) -> dict[str, Exercise]:
    """id → exercise, in the order of the file."""
    from widgets.exercise import Exercise

    found = [value for value in vars(module).values() if isinstance(value, Exercise)]
    return {exercise.id: exercise for exercise in found}


@dataclass(frozen=True)
class Lesson:
    """A lesson: its number, such as "01", its notebook's path, and its checks' path."""

    number: str
    path: Path
    checks: Path

    @functools.cached_property
    def notebook(self) -> Any:
        """The instructor's notebook, nbformat version 4. Raises CourseError."""
        import nbformat  # late, as it takes a second: who grades needs the cells alone

        try:
            return nbformat.read(self.path, as_version=4)
        except Exception as error:
            raise CourseError(f"{self.path} is not a readable notebook: {error}") from error

    @functools.cached_property
    def cells(self) -> list[dict[str, Any]]:
        """The notebook's cells as plain data, each source in one piece. Raises CourseError."""
        try:
            notebook = json.loads(self.path.read_text(encoding="utf-8"))
            if notebook["nbformat"] == 4:
                return [{**cell, "source": "".join(cell["source"])} for cell in notebook["cells"]]
        except (OSError, ValueError, KeyError, TypeError):
            pass  # as a notebook it may be readable; if not, that is said
        return list(self.notebook.cells)

    @functools.cached_property
    def exercises(self) -> dict[str, Exercise]:
        """id → exercise. Raises CourseError where the checks cannot be used."""
        found = exercises_in(load_checks(self.checks))
        if not found:
            raise CourseError(f"{self.checks} holds no exercise.")
        return found


class Course:
    """Lessons by number, in the order of their numbers.

    lessons: the folder of the notebooks. checks: the folder of the `lesson_NN.py`.
    """

    def __init__(self, lessons: Path = LESSONS, checks: Path = CHECKS) -> None:
        self.folder, self.checks = Path(lessons), Path(checks)
        for folder in (self.folder, self.checks):
            if not folder.is_dir():
                raise CourseError(f"{folder} is not a folder.")
        self.lessons: dict[str, Lesson] = {}
        for path in sorted(self.folder.glob("*.ipynb")):
            found = re.match(r"(\d\d)_", path.name)
            if found is None:
                continue
            number = found[1]
            if number in self.lessons:
                twice = self.lessons[number].path.name
                raise CourseError(f"{twice} and {path.name} are both lesson {number}.")
            self.lessons[number] = Lesson(number, path, self.checks / f"lesson_{number}.py")
        if not self.lessons:
            raise CourseError(f"{self.folder} holds no lesson: no NN_name.ipynb.")
