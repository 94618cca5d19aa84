"""Jacobians to look at: computed by both modes of differentiation, described, taken apart.

Needs NumPy and whatever made the tensors; draws nothing. Read in this order:

    question      what was handed in: a function and its inputs, or a tensor and its graph
    modes         the matrix row by row and column by column, with passes counted and timed
    graph         a recorded graph run again, and the tensors that all its paths lead through
    chain         the factors of the chain rule, and what multiplying them costs
    structure     what the zeros say
    data          all of it as plain data for the page
"""

from .data import described
from .question import Question, ask

__all__ = ["Question", "ask", "described"]
