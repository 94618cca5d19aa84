"""Derivations by hand: read a formula, decide whether it is right, say why not.

Needs NumPy alone (`graph_problem` minigrad as well); draws nothing. Read in this order:

    tree, tokens, parser (reader, paper, precedence), meanings, formula    text to tree
    budget, functions (reductions, matrices, shaping), evaluate    tree to numbers
    problem, graph_problem     what is derived (graph_engine: whose graph it is; cut_off: what is
                               constant only for the gradient; beside: what else has a name)
    key, build                 all truths, as plain data
    judge, check               right or wrong
    variants, case, …_causes, causes     why it is wrong
    report                     in words
"""

from .build import build
from .case import Cause
from .check import Result, Row, check
from .evaluate import evaluate
from .formula import parse
from .key import AnswerKey, Question
from .problem import FormulaProblem, FunctionProblem, Problem
from .tree import Formula, FormulaError

__all__ = [
    "AnswerKey", "Cause", "Formula", "FormulaError", "FormulaProblem", "FunctionProblem", "Problem",
    "Question", "Result", "Row", "build", "check", "evaluate", "parse",
]  # fmt: skip
