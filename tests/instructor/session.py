"""One run of `grade`: what is new is graded, each result is kept at once, the reports are made."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from launch.exclusive import exclusive
from launch.problem import Problem
from tests.instructor import reporting, scratch
from tests.instructor.course import Course, CourseError
from tests.instructor.exercises import about
from tests.instructor.intake import Submission, collect
from tests.instructor.intake.found import Unreadable
from tests.instructor.progress import Progress
from tests.instructor.results import SCHEMA, Record, Results, checks_digest, key
from tests.instructor.workers import local
from tests.instructor.workers.task import Do, Material, Task, do, unfinished


@dataclass
class Options:
    """What is graded, with what, where to, and how."""

    submissions: list[Path]
    out: Path
    lessons: Path
    checks: Path
    lesson: str | None = None
    jobs: int = 1
    scheduler: str | None = None
    isolation: str = "bubblewrap"
    limit: float = 300.0
    again: bool = False
    work: Do = do


def grade(options: Options) -> int:
    """Grade and report; the exit status. Raises Problem for what stops all of it."""
    for path in options.submissions:
        if not path.exists():
            raise Problem(f"There is no {path}.", "Name the folder or archive of the submissions.")
    course = open_course(options.lessons, options.checks)
    if options.lesson is not None and options.lesson not in course.lessons:
        raise Problem(
            f"There is no lesson {options.lesson} in {options.lessons}.",
            f"There are {', '.join(course.lessons)}.",
        )
    results = Results(options.out)
    busy = f"Another run writes to {options.out}; waiting for it."
    with exclusive(options.out / ".lock", lambda: print(busy, flush=True)):
        results.sweep()
        scratch.sweep()
        return Session(options, course, results).run()


def open_course(lessons: Path, checks: Path) -> Course:
    """The course. Raises Problem."""
    try:
        return Course(lessons, checks)
    except CourseError as problem:
        raise Problem(str(problem), "Name the folders with --lessons and --checks.") from problem


class Session:
    """A run over one set of submissions."""

    def __init__(self, options: Options, course: Course, results: Results) -> None:
        self.options, self.course, self.results = options, course, results
        self.material = Material(options.lessons.resolve(), options.checks.resolve())
        self.broken: dict[str, str] = {}
        self._digests: dict[str, str] = {}
        self._exercises: dict[str, dict[str, Any]] = {}

    def run(self) -> int:
        """Grade what is not known, report, and say what is left to do."""
        submissions = collect(self.options.submissions, self.course, self.options.lesson)
        if not submissions:
            where = ", ".join(map(str, self.options.submissions))
            which = f" of lesson {self.options.lesson}" if self.options.lesson else ""
            raise Problem(f"There is no notebook{which} in {where}.", "Is it the right folder?")
        todo = self._unknown(submissions)
        if len(todo) < len(submissions):
            print(f"{len(todo)} of {len(submissions)} are to be graded.", flush=True)
        stopped = False
        try:
            if todo:
                self._grade(todo)
        except KeyboardInterrupt:
            stopped = True
        wrong = reporting.report(self.options.out, self.results, self.course)
        for lesson, why in self.broken.items():
            print(f"Lesson {lesson} was not graded: {why}", file=sys.stderr)
        if stopped:
            raise KeyboardInterrupt  # the command says how to go on
        return 1 if wrong or self.broken else 0

    def _unknown(self, submissions: list[Submission]) -> dict[str, Submission]:
        """key → submission, of those whose result is not there. What is set aside is recorded."""
        todo = {}
        for submission in submissions:
            try:
                name = key(submission, self._digest(submission.lesson), self.options.isolation)
                record = self.results.read(name)
                if record is not None and not (self.options.again and _undecided(record)):
                    self._refresh(record, submission)
                elif submission.problem:
                    self._keep(name, submission, set_aside(submission))
                else:
                    self._about(submission.lesson)
                    todo[name] = submission
            except CourseError as problem:
                self.broken[submission.lesson] = str(problem)
        return todo

    def _digest(self, number: str) -> str:
        """A lesson's digest; empty without a lesson. Raises CourseError."""
        if number and number not in self._digests:
            self._digests[number] = checks_digest(self.course.lessons[number])
        return self._digests.get(number, "")

    def _about(self, number: str) -> dict[str, Any]:
        """What a lesson's exercises are called. Raises CourseError."""
        if number and number not in self._exercises:
            self._exercises[number] = about(self.course.lessons[number])
        return self._exercises.get(number, {})

    def _grade(self, todo: dict[str, Submission]) -> None:
        progress = Progress(len(todo))
        tasks = self._tasks(todo, progress)
        options = self.options
        if options.scheduler:
            from tests.instructor.workers import cluster

            done = cluster.run(tasks, options.scheduler, options.work)
        else:
            done = local.run(tasks, options.jobs, options.limit, options.work)
        try:
            for name, result in done:
                self._keep(name, todo[name], result)
                progress.step(result["state"] != "graded")
        finally:
            done.close()

    def _tasks(self, todo: dict[str, Submission], progress: Progress) -> Iterator[Task]:
        """The tasks, each read when its turn has come."""
        for name, submission in todo.items():
            assert submission.read is not None
            try:
                content = submission.read()
            except Unreadable as problem:  # it was readable a moment ago
                self._keep(name, submission, unfinished(submission.lesson, str(problem)))
                progress.step(True)
                continue
            options = self.options
            yield Task(
                name, self.material, submission.lesson, content, options.isolation, options.limit
            )

    def _keep(self, name: str, submission: Submission, result: dict[str, Any]) -> None:
        record: Record = {
            "schema": SCHEMA,
            "key": name,
            "student": submission.student,
            "lesson": submission.lesson,
            "file": submission.file,
            "when": submission.when,
            "digest": submission.digest,
            "flags": list(submission.flags),
            "checks": self._digest(submission.lesson),
            "graded": time.time(),
            "exercises": self._about(submission.lesson),
            "result": result,
        }
        self.results.write(record)

    def _refresh(self, record: Record, submission: Submission) -> None:
        """A known result, handed in under another name or once more."""
        new = {"file": submission.file, "when": submission.when, "flags": list(submission.flags)}
        if any(record[name] != value for name, value in new.items()):
            self.results.write({**record, **new})


def _undecided(record: Record) -> bool:
    result = record["result"]
    parts = [result, *result["exercises"].values()]
    return any(part["state"] == "needs a look" for part in parts)


def set_aside(submission: Submission) -> dict[str, Any]:
    """The result of what cannot be graded: its student is told why."""
    return unfinished(submission.lesson, submission.problem, "set aside")
