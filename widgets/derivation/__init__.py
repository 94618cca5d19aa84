"""Derivations by hand: read a formula, decide whether it is right, say why not.

Needs NumPy alone; draws nothing. Read in this order: `formula` (text to tree), `functions` and
`evaluate` (tree to numbers), `problem` (what is derived), `key` (all truths as plain data), `check`
(right or wrong), `variants` and `causes` (why), `report` (in words).
"""

from .check import Cause, Result, Row, check
from .evaluate import evaluate
from .formula import Formula, FormulaError, parse
from .key import AnswerKey, Question, build
from .problem import FormulaProblem, FunctionProblem, Problem

__all__ = [
    "AnswerKey", "Cause", "Formula", "FormulaError", "FormulaProblem", "FunctionProblem", "Problem",
    "Question", "Result", "Row", "build", "check", "evaluate", "parse",
]  # fmt: skip
