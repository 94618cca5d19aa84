"""The process in the sandbox: runs cells, hands out answers that are data, tries out those that
are code. Started by client.py with one argument, a JSON object of settings.

Requests come as lines of JSON on one pipe, replies go out on another, one per request and with its
number. Nothing that a student's code can do to this process changes what the other end believes:
a reply can only ever be right, wrong, or garbled.
"""

from __future__ import annotations

import builtins
import importlib.util
import json
import os
import sys
from types import ModuleType
from typing import Any

settings = json.loads(sys.argv[1])
if settings["alone"]:  # without namespaces: nobody else ends this process with the grader
    import fences

    fences.end_with_the_grader()
sys.path[:] = [settings["packages"], settings["inside"], *sys.path]
sys.dont_write_bytecode = True

import cells  # noqa: E402
import fences  # noqa: E402
import stubs  # noqa: E402
import wire  # noqa: E402
from settle import Settler  # noqa: E402

sys.path.remove(settings["inside"])
LONGEST_ERROR = 1000


def _engine() -> Any:
    if "minigrad" in settings["without"]:
        return None
    import minigrad

    return minigrad


def _probes() -> Any:
    """widgets.probe, the real one, in a package that is otherwise a stand-in."""
    import widgets

    spec = importlib.util.spec_from_file_location("widgets.probe", settings["probe"])
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["widgets.probe"] = widgets.probe = module
    spec.loader.exec_module(module)
    return module


class Worker:
    """One namespace, in which the cells of a notebook run."""

    def __init__(self) -> None:
        stubs.install(tuple(settings["without"]))
        self.engine = _engine()
        self.tensor = self.engine.Tensor if self.engine is not None else ()
        self.probe = _probes()
        self.probes = dict(self.probe.PROBES)
        self.settler = Settler(self.engine, settings["folder"], (self.probe, wire, cells))
        main = ModuleType("__main__")
        sys.modules["__main__"] = main
        self.namespace = vars(main)
        self.namespace["display"] = stubs.NOTHING
        self.namespace["get_ipython"] = stubs.NOTHING
        for name in ("exit", "quit"):
            setattr(builtins, name, _leave)

    def cell(self, source: str, name: str) -> dict[str, Any]:
        """Run a cell."""
        try:
            cells.run(source, name, self.namespace)
            reply = {"state": "ran", "error": ""}
        except BaseException as problem:
            reply = {"state": "raised", "error": _said(problem)}
        return reply

    def read(self, path: str) -> dict[str, Any]:
        """What a name stands for: its data, or that it is code, or nothing."""
        try:
            value = self._find(path)
        except LookupError as problem:
            return {"missing": str(problem)}
        if callable(value):
            return {"code": type(value).__name__[:100]}
        return {"data": wire.encode(value, self.tensor, other=True)}

    def attempt(self, name: str, path: str, arguments: Any) -> dict[str, Any]:
        """The Outcome of a probe on what a name stands for."""
        given = wire.decode(arguments)
        outcome = self.probes[name](self._find(path), *given)
        try:
            return {
                "value": wire.encode(outcome.value, self.tensor),
                "gradients": wire.encode(outcome.gradients, self.tensor),
                "error": outcome.error and str(outcome.error)[:LONGEST_ERROR],
                "text": str(outcome.text)[:LONGEST_ERROR],
            }
        except wire.Unsendable as problem:
            return {"value": None, "gradients": None, "error": "NotPlain", "text": str(problem)}

    def _find(self, path: str) -> Any:
        first, *rest = path.split(".")
        if first not in self.namespace:
            raise LookupError(f"There is no {first}.")
        value = self.namespace[first]
        for name in rest:
            if not hasattr(value, name):
                raise LookupError(f"There is no {path}.")
            value = getattr(value, name)
        return value

    def reply(self, request: dict[str, Any]) -> dict[str, Any]:
        """To one request."""
        do = {"cell": self.cell, "read": self.read, "probe": self.attempt}[request["do"]]
        try:
            reply = do(*request["with"])
        except BaseException as problem:
            reply = {"failed": _said(problem)}
        reply["changed"] = self.settler.settle()[:20]
        return reply


def _leave(*ignored: Any) -> None:
    raise SystemExit("A cell cannot end the grading.")


def _said(problem: BaseException) -> str:
    try:
        said = str(problem)
    except BaseException:
        said = "its text cannot be read"
    return f"{type(problem).__name__}: {said}"[:LONGEST_ERROR]


def main() -> None:
    """Say that the sandbox stands, then answer until there is nobody to ask."""
    incoming, outgoing = settings["pipes"]
    os.chdir(settings["folder"])
    worker = Worker()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    fences.limit(**settings["limits"])
    fence = fences.forbid()
    requests = os.fdopen(incoming, "rb")
    dumps, write, longest = json.dumps, os.write, wire.LONGEST_LINE

    def send(reply: dict[str, Any]) -> None:
        line = dumps(reply).encode()
        if len(line) >= longest:
            line = dumps({"n": reply["n"], "failed": "It is too large."}).encode()
        line += b"\n"
        while line:
            line = line[write(outgoing, line) :]

    send({"n": 0, "fence": fence})
    for line in requests:
        request = json.loads(line)
        send({**worker.reply(request), "n": request["n"]})


main()
