"""How tightly the operators bind, and the words and brackets that the parser knows."""

from __future__ import annotations

import math

# Binding powers. ** binds its left side tighter than a sign and groups to the right, as in Python.
IF, OR, AND, COMPARE, SUM, TIMES, SIGN, POWER = 2, 4, 6, 10, 20, 30, 40, 50
BINARY = {"+": SUM, "-": SUM, "*": TIMES, "·": TIMES, "/": TIMES, "@": TIMES}
BINARY |= dict.fromkeys(("<", "<=", ">", ">=", "==", "!="), COMPARE)
BINARY |= {"or": OR, "&": AND}
WORDS = {"if": IF, "or": OR, "and": AND}
LOGICAL = {"or": "logical_or", "and": "logical_and", "&": "logical_and"}
OPEN = {"(": ")", "[": "]", "{": "}", "|(": ")|", "‖(": ")‖"}
BARS = {"|(": "|…|", "‖(": "norm"}
CONSTANTS = {"e": math.e, "pi": math.pi, "π": math.pi, "inf": math.inf}
MODULES = {"torch", "np", "numpy", "math", "F", "nn", "functional", "minigrad", "linalg", "special"}
ATTRIBUTES = {"T", "mT", "H", "mH", "shape", "ndim", "size"}
CASTS = {"to", "type", "astype"}
IGNORED = {"dtype", "device", "requires_grad"}
