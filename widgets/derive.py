"""`derive(out, x)`: type ∂out/∂x by hand, factor by factor, and be told whether it holds.

In a notebook, as the last line of a cell, it draws a field per factor. Without a browser:

    d = derive(out, x)
    d.check("1/4 * 6 * y")                          # the whole
    d.check({"∂z/∂y": "6*y"})                       # one factor; also dz_dy="6*y"

What is right and why something is wrong is decided in `widgets.derivation`; this file only carries
texts to and fro.
"""

from __future__ import annotations

import html
import json
import sys
import threading
from collections.abc import Mapping
from typing import Any

import traitlets

from minigrad.trace.names import partial

from . import advice, engines
from .derivation import AnswerKey, Problem, Result, build, check
from .derivation.report import cells
from .formula import mathml
from .view import View


class Derivation(View):
    """The widget that `derive` returns.

    Everything it needs to judge an answer is computed when it is made. A message from the page can
    therefore be answered on any thread, while cells run, without touching a graph. A page that
    `to_html` writes shows what was answered last; new answers need a kernel, and the page says so.
    """

    page = "derive/derive.js"
    styles = ("derive/derive.css",)
    questions = traitlets.Unicode("{}").tag(sync=True)  # what is asked: JSON, set once
    answers = traitlets.Unicode("{}").tag(sync=True)  # what was typed: JSON, set by the page
    verdict = traitlets.Unicode("{}").tag(sync=True)  # what is said about it: JSON

    def __init__(self, key: AnswerKey) -> None:
        self.key = key
        self.result: Result | None = None
        self._lock = threading.Lock()
        super().__init__(
            title=f"minigrad: derive {key.questions[-1].label}",
            still=_still(key, None),
            questions=self.text(_questions(key)),
        )
        self.observe(self._answered, names="answers")

    def check(self, answers: Any = None, **factors: Any) -> Result:
        """Is it right? A formula or numbers for the whole; or label → formula for any factors.

        `d.check("6*y/4")`, `d.check({"∂z/∂y": "6*y"})` and `d.check(dz_dy="6*y")` all work. The
        result prints as a table with a hint; `.ok` says whether everything answered is right, and
        `.complete` whether everything was answered as well. Raises KeyError for an unknown label.
        """
        result = check(self.key, answers, **factors)
        self._note(result)
        self._show(result)
        return result

    def _note(self, result: Result) -> None:
        self.result = result
        self.still = _still(self.key, result)

    def _show(self, result: Result) -> None:
        """A page that is opened from now on shows what was answered, and what was said of it."""
        texts = {row.label: row.answer for row in result.answered}
        said = {"serial": 0, **_verdict(result)}
        with self._lock:
            self.unobserve(self._answered, names="answers")
            self.answers = json.dumps({"serial": 0, "texts": texts}, ensure_ascii=False)
            self.verdict = json.dumps(said, ensure_ascii=False)
            self.observe(self._answered, names="answers")

    def _answered(self, change: Any) -> None:
        """The page sent what was typed so far: judge it, and send back what is to be shown."""
        with self._lock:
            try:
                typed = json.loads(change["new"])
                texts = {str(label): str(text) for label, text in typed.get("texts", {}).items()}
                answers = {label: text for label, text in texts.items() if text.strip()}
                result = check(self.key, answers)
                self._note(result)
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
    An answer may also name what is in `names` beside the graph: other tensors, arrays, numbers.
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
        "latex": _rule(key),
        "rule": mathml(_rule(key)),
        "questions": [
            {"label": q.label, "whole": q.whole, "formula": mathml(partial(q.of, q.wrt) + " =")}
            for q in key.questions
        ],
    }


def _rule(key: AnswerKey) -> str:
    """The chain rule for this problem as LaTeX: ∂out/∂x = ∂out/∂z · ∂z/∂y · ∂y/∂x."""
    whole = partial(key.out, key.wrt)
    if not _is_chain(key):
        return whole
    factors = [partial(q.of, q.wrt) for q in key.questions if not q.whole]
    return f"{whole} = " + r" \cdot ".join(factors)


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


def _still(key: AnswerKey, result: Result | None) -> str:
    """The questions, and the answers so far with their verdicts, as a table."""
    said = {row.label: (row.answer, row.word) for row in result.answered} if result else {}
    rows = ""
    for question in key.questions:
        answer, word = said.get(question.label, ("not answered", ""))
        tried = "".join(f"<td>{html.escape(text)}</td>" for text in (answer, word))
        rows += f"<tr><th scope='row'>{html.escape(question.label)}</th>{tried}</tr>"
    names = html.escape(", ".join(key.names))
    return (
        f"<p>Derive by hand, in terms of {names}. Run the cell to answer.</p><table>{rows}</table>"
    )
