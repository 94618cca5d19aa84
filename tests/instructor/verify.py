"""Are the lessons fit to be handed out and graded? Asked of the grader itself.

Of every lesson: as it is handed out it runs, and earns nothing; with its solutions, however they
are written, it earns all points; and every wrong answer loses points and is told its own reason.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from types import ModuleType
from typing import Any

from launch.problem import Problem
from tests.instructor.answers import Answers, Wrong
from tests.instructor.course import Course
from tests.instructor.exercises import answered
from tests.instructor.progress import Progress
from tests.instructor.release import chosen, student_copy
from tests.instructor.workers import local
from tests.instructor.workers.task import Material, Task

OWN = Path(__file__).parent
FINE = ("ran", "skipped")


def answers_of(folder: Path, number: str) -> dict[str, Answers]:
    """exercise → its solution and wrong answers, of `lesson_NN.py` in a folder. Raises Problem."""
    path = folder / f"lesson_{number}.py"
    spec = importlib.util.spec_from_file_location(f"answers_to_{number}", path)
    try:
        assert spec is not None
        assert spec.loader is not None
        module: ModuleType = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module.ANSWERS
    except Exception as error:
        raise Problem(
            f"The answers in {path} cannot be read ({type(error).__name__}: {error}).",
            "It must have ANSWERS, exercise → Answers; the guide shows one.",
        ) from error


class Trial:
    """A notebook that is graded to see what is said: the answers in it, and what must be said."""

    def __init__(self, lesson: Any, what: str, codes: dict[str, str | Wrong]) -> None:
        self.lesson, self.what, self.codes = lesson, what, codes

    def content(self) -> bytes:
        """The notebook's bytes."""
        if not self.codes:
            return student_copy(self.lesson)
        plain = {n: c.code if isinstance(c, Wrong) else c for n, c in self.codes.items()}
        return answered(self.lesson, plain)

    def complaints(self, result: dict[str, Any]) -> Iterator[str]:
        """A sentence for everything that is not as it must be."""
        where = f"Lesson {self.lesson.number}, {self.what}"
        if result["state"] != "graded":
            yield f"{where}: {result['state']}: {result['reason']}"
        for cell in result["cells"]:
            graded = self.lesson.exercises.keys() & {str(cell["id"]).removesuffix("-check")}
            if cell["state"] not in FINE and not graded and not self._has_mistakes():
                yield f"{where}: cell {cell['place']} {cell['state']}: {cell['error']}"
        for name, found in result["exercises"].items():
            complaint = self._about(self.codes.get(name), found)
            if complaint:
                yield f"{where}, {name}: {complaint}"

    def _has_mistakes(self) -> bool:
        return any(isinstance(code, Wrong) for code in self.codes.values())

    def _about(self, code: str | Wrong | None, found: dict[str, Any]) -> str:
        said = "\n".join(
            f"{'✓' if f['right'] else '✗'} {f['what']}: {f['said']}" for f in found["findings"]
        )
        full = found["points"] >= found["of"]
        if isinstance(code, str):
            return "" if full else f"the solution is told {said or found['reason']}"
        if full:
            return f"all points for {'no answer' if code is None else code.code}"
        if code is None:
            return f"{found['points']:g} points for no answer" if found["points"] else ""
        if found["state"] == "not answered" or code.because in said:
            return ""
        return f"{code.code}\n  is told {said or found['reason']}\n  and not {code.because!r}"


def trials(lesson: Any, answers: dict[str, Answers]) -> Iterator[Trial]:
    """Everything that is tried with a lesson. Raises Problem if an exercise has no answers."""
    missing = lesson.exercises.keys() - answers.keys()
    if missing:
        raise Problem(
            f"Lesson {lesson.number} has no answers to {', '.join(sorted(missing))}.",
            "Write a solution and wrong answers; the guide shows one.",
        )
    yield Trial(lesson, "as handed out", {})
    yield Trial(lesson, "solved", {name: each.solution for name, each in answers.items()})
    # Exercises do not depend on one another, so a notebook tries one answer to each.
    for k, row in enumerate(_rows({name: each.also for name, each in answers.items()}), 1):
        yield Trial(lesson, f"solved otherwise {k}", row)
    for k, row in enumerate(_rows({name: each.wrong for name, each in answers.items()}), 1):
        yield Trial(lesson, f"wrong answers {k}", row)


def _rows(answers: dict[str, tuple[Any, ...]]) -> Iterator[dict[str, Any]]:
    """The first answer to each exercise, the second answers, … as long as there are any."""
    columns = ([(name, answer) for answer in each] for name, each in answers.items())
    for row in zip_longest(*columns):
        yield dict(pair for pair in row if pair is not None)


def verify(
    course: Course,
    lessons: list[str],
    answers: Path | None,
    material: Material,
    *,
    jobs: int,
    isolation: str,
    limit: float,
) -> list[str]:
    """A sentence for everything that is wrong with the lessons. Raises Problem."""
    folder = answers or OWN
    tried: dict[str, Trial] = {}
    for number in lessons or list(course.lessons):
        lesson = chosen(course, number)
        for trial in trials(lesson, answers_of(folder, number)):
            tried[f"{number} {trial.what}"] = trial
    tasks = (
        Task(key, material, trial.lesson.number, trial.content(), isolation, limit)
        for key, trial in tried.items()
    )
    progress = Progress(len(tried), "tried")
    found: dict[str, list[str]] = {}
    for key, result in local.run(tasks, jobs, limit):
        found[key] = list(tried[key].complaints(result))
        progress.step(bool(found[key]))
    return [sentence for key in tried for sentence in found[key]]
