"""A submission's cells run in a sandbox, and its exercises are checked on the way.

Where a cell or an answer never ends, or ends the sandbox, another sandbox is started and all is
run again without it, so that the other exercises keep their points. Where that happens too often,
each exercise that is left is checked by itself, with the lesson's cells and its answer alone.
"""

from __future__ import annotations

from typing import Any

from tests.instructor.checking import CheckFailed, Checks
from tests.instructor.deadline import Deadline
from tests.instructor.plan import ANSWER, CHECK, OURS, OWN, Plan, Step
from tests.instructor.sandbox.client import Limits, Sandbox, Trouble


class WornOut(Exception):
    """Too many sandboxes have come to an end."""


class Run:
    """One walk through a plan.

    names: the exercises to check. without: the packages that are not to be had.
    """

    def __init__(
        self,
        plan: Plan,
        exercises: dict[str, Any],
        names: list[str],
        without: tuple[str, ...],
        isolation: str,
        limits: Limits,
        checks: Checks,
        deadline: Deadline,
    ) -> None:
        self.plan, self.exercises, self.names = plan, exercises, names
        self.without, self.isolation, self.limits, self.checks = without, isolation, limits, checks
        self.deadline = deadline
        self.flags: list[str] = []
        self.cpu = 0.0
        self._sandbox: Sandbox | None = None
        self._started = 0
        self._done: list[Step] = []
        self._failed: dict[str, Trouble] = {}  # by exercise

    def run(self) -> dict[str, Any]:
        """id → result, of the exercises that were to be checked. Raises SandboxFailed, GivenUp."""
        found: dict[str, Any] = {}
        try:
            self._walk(self.plan.steps, found)
            self._again_at_the_end(found)
        except WornOut:
            self.flags.append("it ended too many sandboxes: the rest was checked answer by answer")
        finally:
            self._end()
        for name in self.names:
            if name not in found or (self._in_trouble() and not _is_full(found[name])):
                alone = self._by_itself(name)
                if name not in found or alone["points"] > found[name]["points"]:
                    found[name] = alone
        return found

    def _in_trouble(self) -> bool:
        """Whether something went wrong that may have cost an answer points it deserves: a sandbox
        has ended (under the last answer as well, after which none is started), or a cell of the
        lesson, which runs by itself, did not run here.
        """
        broken = any(s.role == OURS and s.state == "raised" for s in self.plan.steps)
        return self._started > 1 or bool(self._failed) or broken

    def cells(self) -> list[dict[str, Any]]:
        """What became of each cell."""
        return [
            {"place": step.place, "id": step.id, "state": step.state, "error": step.error}
            for step in self.plan.steps
            if step.role != CHECK
        ]

    def _walk(self, steps: list[Step], found: dict[str, Any]) -> None:
        for step in steps:
            if step.role != CHECK:
                self._cell(step)
            elif step.exercise in self.names:
                found[step.exercise] = self._check(step.exercise)

    def _ready(self) -> Sandbox:
        """A sandbox in which everything so far has been run."""
        while self._sandbox is None:
            if self._started > self.limits.restarts:
                raise WornOut
            self._started += 1
            self._sandbox = Sandbox(self.isolation, self.without, self.limits, self.deadline)
            if self._sandbox.fence and self._started == 1:
                self.flags.append(self._sandbox.fence)
            for step in list(self._done):
                try:
                    self._sandbox.ask("cell", step.source, step.name)
                except Trouble as trouble:
                    self._blame(step, trouble)
                    break
        return self._sandbox

    def _blame(self, step: Step, trouble: Trouble) -> None:
        step.state, step.error = trouble.state, str(trouble)
        self._done = [other for other in self._done if other is not step]
        self._end()

    def _end(self) -> None:
        if self._sandbox is not None:
            self._sandbox.close()
            self.cpu += self._sandbox.cpu
            self._sandbox = None

    def _cell(self, step: Step) -> None:
        sandbox = self._ready()
        try:
            reply = sandbox.ask("cell", step.source, step.name)
        except Trouble as trouble:
            self._blame(step, trouble)
            return
        self._done.append(step)
        raised = reply.get("state") == "raised"
        step.error = _text(reply.get("error"))[:1000] if raised else ""
        step.state = "raised" if raised else "ran"
        if step.role == OURS and "is not to be had here" in step.error:
            step.state, step.error = "skipped", "It needs what this exercise does without."
        self._note(step.name, reply)

    def _note(self, where: str, reply: dict[str, Any]) -> None:
        changed = reply.get("changed")
        if isinstance(changed, list) and changed:
            names = ", ".join(_text(name)[:60] for name in changed[:5])
            self.flags.append(f"{where} replaced {names} (put back)")

    def _check(self, name: str) -> dict[str, Any]:
        """One exercise, as things stand now."""
        exercise = self.exercises[name]
        said = {"of": exercise.points, "state": "graded", "reason": "", "instructor": ""}
        try:
            answers = [self._read(name, path.strip()) for path in exercise.answer.split(",")]
        except Trouble as trouble:
            return {**said, **_wrong(str(trouble))}
        missing = [a["missing"] for a in answers if isinstance(a.get("missing"), str)]
        if missing:
            return {**said, **_wrong(missing[0][:200])}
        try:
            verdict = self.checks.check(name, answers, lambda *probe: self._attempt(name, *probe))
        except CheckFailed as problem:
            said |= {"state": "needs a look", "reason": f"The check failed. {problem}"}
            return {**said, "points": 0.0, "findings": [], "instructor": problem.traceback}
        return {**said, **verdict}

    def _read(self, name: str, path: str) -> dict[str, Any]:
        try:
            reply = self._ready().ask("read", path)
        except Trouble as trouble:
            self._failed[name] = trouble
            self._end()
            raise
        self._note(f"reading {path}", reply)
        if "failed" in reply:
            raise Trouble("raised", f"The answer cannot be read: {_text(reply['failed'])[:300]}")
        return reply

    def _attempt(self, name: str, probe: str, path: str, arguments: Any) -> dict[str, Any]:
        """One probe of an answer. After one that did not end, that answer is not tried again."""
        if name not in self._failed:
            try:
                reply = self._ready().ask("probe", probe, path, arguments)
                self._note(f"the answer to {name}", reply)
                return reply
            except Trouble as trouble:
                self._failed[name] = trouble
                self._end()
            except WornOut:
                self._failed[name] = Trouble("died", "It was not tried: too much had ended before.")
        return {"failed": str(self._failed[name])}

    def _again_at_the_end(self, found: dict[str, Any]) -> None:
        """What is not right where its check stands may be right once all cells have run."""
        steps = self.plan.steps
        for k, step in enumerate(steps):
            if step.role != CHECK or step.exercise not in found or step.exercise in self._failed:
                continue
            later = any(s.role == OWN for s in steps[k + 1 :])
            if later and not _is_full(found[step.exercise]):
                again = self._check(step.exercise)
                if again["points"] > found[step.exercise]["points"]:
                    found[step.exercise] = again

    def _by_itself(self, name: str) -> dict[str, Any]:
        """An exercise with the lesson's cells and its answer alone, in a sandbox of its own."""
        steps = [
            Step(step.role, step.source, step.place, step.id, step.exercise)
            for step in self.plan.steps
            if step.role == OURS or (step.role in (ANSWER, CHECK) and step.exercise == name)
        ]
        plan = Plan(steps, self.plan.answered, [], 0)
        run = Run(plan, self.exercises, [name], self.without, self.isolation, self.limits,
                  self.checks, self.deadline)  # fmt: skip
        found: dict[str, Any] = {}
        try:
            run._walk(steps, found)
        except WornOut:
            pass
        finally:
            run._end()
            self.cpu += run.cpu
        if name in found:
            return found[name]
        said = _wrong("It ended the process that ran it, again and again.")
        return {"of": self.exercises[name].points, "state": "graded", "reason": "",
                "instructor": "", **said}  # fmt: skip


def _text(sent: Any) -> str:
    """A text that came out of a sandbox; of anything else, which was forged, nothing is shown."""
    return sent if isinstance(sent, str) else "(no text)"


def _is_full(found: dict[str, Any]) -> bool:
    return bool(found["state"] == "graded" and found["points"] >= found["of"])


def _wrong(said: str) -> dict[str, Any]:
    return {"points": 0.0, "findings": [{"what": "your answer", "right": False, "said": said}]}
