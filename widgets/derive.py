"""`derive(out, x)`: type ∂out/∂x by hand, factor by factor, and be told whether it holds.

In a notebook, as the last line of a cell, it draws a field per factor. Without a browser:

    d = derive(out, x)
    d.check("1/4 * 6 * y")                          # the whole
    d.check({"∂z/∂y": "6*y"})                       # one factor; also dz_dy="6*y"

What is right and why something is wrong is decided in `widgets.derivation`; this file only carries
texts to and fro.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from . import advice, engines
from .derivation import AnswerKey, Problem, Result, build, check
from .derivation.report import cells

_STATIC = Path(__file__).parent / "static"


class Derivation(anywidget.AnyWidget):
    """The widget that `derive` returns.

    Everything it needs to judge an answer is computed when it is made. A message from the page can
    therefore be answered on any thread, while cells run, without touching a graph.
    """

    _esm = _STATIC / "derive.js"
    _css = _STATIC / "derive.css"
    questions = traitlets.Unicode("{}").tag(sync=True)  # what is asked: JSON, set once
    answers = traitlets.Unicode("{}").tag(sync=True)  # what was typed: JSON, set by the page
    verdict = traitlets.Unicode("{}").tag(sync=True)  # what is said about it: JSON

    def __init__(self, key: AnswerKey) -> None:
        self.key = key
        self.result: Result | None = None
        self._lock = threading.Lock()
        super().__init__(questions=json.dumps(_questions(key), ensure_ascii=False))
        self.observe(self._answered, names="answers")

    def check(self, answers: Any = None, **factors: Any) -> Result:
        """Is it right? A formula or numbers for the whole; or label → formula for any factors.

        `d.check("6*y/4")`, `d.check({"∂z/∂y": "6*y"})` and `d.check(dz_dy="6*y")` all work. The
        result prints as a table with a hint; `.ok` says whether everything answered is right, and
        `.complete` whether everything was answered as well. Raises KeyError for an unknown label.
        """
        result = check(self.key, answers, **factors)
        self.result = result
        return result

    def _answered(self, change: Any) -> None:
        """The page sent what was typed so far: judge it, and send back what is to be shown."""
        with self._lock:
            try:
                typed = json.loads(change["new"])
                texts = {str(label): str(text) for label, text in typed.get("texts", {}).items()}
                result = self.check({label: text for label, text in texts.items() if text.strip()})
                said = {"serial": typed.get("serial"), **_verdict(result)}
            except Exception as problem:  # the page has to hear of it, or it would wait for ever
                said = {"serial": None, "rows": {}, "problem": f"This cannot be checked: {problem}"}
            self.verdict = json.dumps(said, ensure_ascii=False)

    def __repr__(self) -> str:
        asked = ", ".join(question.label for question in self.key.questions)
        return (
            f"derive {asked} in terms of {', '.join(self.key.names)}\n"
            'check with .check("…") for the whole, or for one factor with '
            f'.check({{"{self.key.questions[0].label}": "…"}})'
        )


def derive(out: Any, x: Any = None, names: Mapping[str, Any] | None = None) -> Derivation:
    """Ask for ∂out/∂x, and for every factor on the way, and check what is answered.

    out, x: tensors of one graph, `x` anywhere in it; or `out` alone, a `Problem` or an `AnswerKey`.
        `out` may be a function of no arguments that computes it. A graph of PyTorch's that was not
        recorded (see `recording`) is checked at its own values only, and the result says so.
    names: the variables whose names may be used, such as `{"y": y}`; the caller's unless given.
    Raises ValueError, with what to do, for a tensor that has no graph or does not depend on `x`.
    """
    if isinstance(out, AnswerKey):
        return Derivation(out)
    if isinstance(out, Problem):
        return Derivation(build(out))
    if x is None:
        raise TypeError("derive(out, x) needs the tensor to differentiate with respect to")
    inner: dict[str, Any] = {}
    if not engines.is_tensor(out) and callable(out):
        out, inner = engines.run(out)
    if names is None:
        names = engines.names(sys._getframe(1)) | inner
    try:
        return Derivation(build(engines.problem(out, x, names)))
    except RuntimeError as problem:
        raise RuntimeError(advice.told(str(problem))) from None


def _questions(key: AnswerKey) -> dict[str, Any]:
    """What the page shows before anything is answered; no truth is in it."""
    own = key.values[0]
    return {
        "out": key.out,
        "wrt": key.wrt,
        "oracle": key.oracle,
        "cotangent": key.cotangent,
        "names": [{"name": name, "shape": list(value.shape)} for name, value in own.items()],
        "chain": _is_chain(key),
        "questions": [
            {"label": q.label, "of": q.of, "wrt": q.wrt, "whole": q.whole} for q in key.questions
        ],
    }


def _is_chain(key: AnswerKey) -> bool:
    """Is the whole simply the product of the factors that are asked, entry by entry?"""
    *factors, whole = key.questions
    ends = [key.out, *(q.wrt for q in factors)]
    linked = all(q.of == end and q.kind != "total" for q, end in zip(factors, ends, strict=False))
    return len(factors) > 1 and linked and ends[-1] == key.wrt and whole.kind != "total"


def _verdict(result: Result) -> dict[str, Any]:
    """What the page shows: of several wrong answers only the first has its cause told."""
    rows = {}
    first = result.first_cause
    for row in result.answered:
        cause = row.cause
        told = cause is not None and (row is first or row.status == "unreadable")
        rows[row.label] = {
            "status": row.status,
            "word": row.word,
            "answer": row.answer,
            "hint": cause.hint if cause and told else "",
            "notes": row.notes if row.right else [],
            "cells": cells(row),
            "at": cause.at if cause else None,
            "end": cause.end if cause else None,
        }
    return {
        "rows": rows,
        "right": sum(row.right for row in result.rows),
        "of": len(result.rows),
        "hint": {"label": first.label, "text": result.hint.replace("`", "")} if first else None,
    }
