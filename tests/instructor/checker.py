"""The process that runs the checks: trusted, and yet one that can be ended.

It reads a lesson's checks once and keeps them. For each submission it makes a copy of itself
(fork), and in that copy the checks run on one student's answers: what a check changes, or what one
student's answer makes of it, ends with the copy. Started by checking.py, which it asks to have
answers tried out in the sandbox.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import select
import sys
import threading
import time
import traceback
import warnings
from pathlib import Path
from typing import Any

import minigrad
from tests.instructor.course import CourseError, exercises_in, load_checks
from tests.instructor.sandbox.inside import wire
from widgets.probe import NotPlain, Outcome

MEMORY = 4_000_000_000
SECONDS = 1800  # of processor time, for all checks of a submission
LONGEST_SAID = 2000
MOST_FINDINGS = 100
EARLY = ("latex2mathml.converter", "numpy.random", "widgets.ideas")
"""What checks import when they first need it: here once, and not in every copy."""


class Pipe:
    """Lines of JSON, read no further than asked: what follows may be meant for another process."""

    def read(self) -> Any:
        """The next message. Ends the process where there is none."""
        line = bytearray()
        while not line.endswith(b"\n"):
            part = os.read(0, 65536)
            if not part:
                os._exit(0)
            line += part
        return json.loads(line)

    def write(self, message: Any) -> None:
        """Send one."""
        data = json.dumps(message).encode() + b"\n"
        while data:
            data = data[os.write(3, data) :]


class StandIn:
    """In place of an answer that is code: it is tried out where it is."""

    def __init__(self, pipe: Pipe, path: str) -> None:
        self._pipe, self._path = pipe, path

    def __call__(self, *arguments: Any) -> Any:
        """A check has no business here."""
        raise TypeError("A check uses an answer through widgets.probe alone.")

    def probe(self, name: str, arguments: Any) -> Outcome:
        """What comes of trying it out."""
        asked = {"probe": name, "path": self._path, "arguments": wire.encode(list(arguments))}
        self._pipe.write(asked)
        try:
            return _outcome(self._pipe.read(), name, arguments)
        except (wire.Garbled, KeyError, TypeError):
            return _not_plain("What it returned cannot be read.")


def _not_plain(text: str) -> Outcome:
    return Outcome(error=NotPlain.__name__, text=text)


def _outcome(sent: Any, name: str, arguments: Any) -> Outcome:
    """An Outcome of the form that a check may rely on."""
    if "failed" in sent:
        return _not_plain(_text(sent["failed"]))
    if sent["error"] is not None:
        return Outcome(error=_text(sent["error"])[:100] or "Exception", text=_text(sent["text"]))
    value, gradients = wire.decode(sent["value"]), None
    if name == "vjp":
        gradients = wire.decode(sent["gradients"])
        wanted = [v for v in arguments[0] if getattr(getattr(v, "dtype", None), "kind", "") == "f"]
        fits = isinstance(gradients, list) and len(gradients) == len(wanted)
        if not fits or not all(
            g is None or (hasattr(g, "dtype") and g.shape == given.shape)
            for g, given in zip(gradients, wanted, strict=True)
        ):
            return _not_plain("The gradients that came back cannot be read.")
    return Outcome(value, gradients, None, _text(sent["text"]))


def _text(sent: Any) -> str:
    if not isinstance(sent, str):
        raise TypeError("no text")
    return sent[:LONGEST_SAID]


def answer(pipe: Pipe, path: str, sent: Any) -> Any:
    """An answer as a check takes it: data, or a stand-in for code."""
    if "code" in sent:
        return StandIn(pipe, path)
    return wire.decode(sent["data"], minigrad.tensor)


def verdict(pipe: Pipe, exercise: Any, sent: list[Any]) -> dict[str, Any]:
    """What the check says of the answers."""
    paths = [path.strip() for path in exercise.answer.split(",")]
    try:
        given = [answer(pipe, path, one) for path, one in zip(paths, sent, strict=True)]
    except (wire.Garbled, KeyError, TypeError) as problem:
        said = f"The answer cannot be read: {problem}."[:LONGEST_SAID]
        finding = {"what": "your answer", "right": False, "said": said}
        return {"points": 0.0, "findings": [finding]}
    said = exercise(*given)
    findings = [
        {
            "what": str(finding.what)[:LONGEST_SAID],
            "right": bool(finding.right),
            "said": str(finding.said)[:LONGEST_SAID],
        }
        for finding in said.findings
    ]
    return {"points": float(said.earned), "findings": findings[:MOST_FINDINGS]}


def _leave_with_the_grader() -> None:
    """A check that never ends must not outlive the grader: the pipe from it closes with it."""
    watched = select.poll()
    watched.register(0, 0)  # for nothing but its end
    watched.poll()
    os._exit(1)


def one_submission(pipe: Pipe, exercises: dict[str, Any]) -> None:
    """Check what is sent, until the end is sent."""
    threading.Thread(target=_leave_with_the_grader, daemon=True).start()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    warnings.simplefilter("ignore")
    pipe.write({"ready": True})
    while True:
        request = pipe.read()
        if "end" in request:
            pipe.write({"cpu": time.process_time()})
            return
        try:
            pipe.write({"verdict": verdict(pipe, exercises[request["exercise"]], request["with"])})
        except Exception as problem:
            said = f"{type(problem).__name__}: {problem}"
            pipe.write({"broken": said, "traceback": traceback.format_exc()[-4000:]})


def main() -> None:
    """Serve one submission after the other."""
    pipe = Pipe()
    for module in EARLY:
        importlib.import_module(module)
    pipe.write({"hello": os.getpid()})
    while True:
        request = pipe.read()
        try:
            exercises = exercises_in(load_checks(Path(request["checks"])))
        except CourseError as problem:
            pipe.write({"unusable": str(problem)})
            continue
        child = os.fork()
        if child == 0:
            try:
                one_submission(pipe, exercises)
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        pipe.write({"over": True})


if __name__ == "__main__":
    # Whatever a check prints goes nowhere: the pipe is another one.
    os.dup2(int(sys.argv[1]), 3)
    main()
