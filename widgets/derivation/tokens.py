"""A formula's text cut into tokens: numbers, names, operators, as they are typed anywhere."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from .tree import FormulaError


@dataclass(frozen=True)
class Token:
    """One number, name or operator; `text[at:end]` of the formula."""

    kind: str  # number, name, op, end
    text: str
    at: int
    end: int


# What people type for an operator that is on no keyboard (or on theirs).
_SPELLINGS = {"−": "-", "–": "-", "×": "*", "·": "*", "⋅": "*", "∗": "*", "÷": "/", "⊙": "*"}
_SPELLINGS |= {"∘": "*", "≤": "<=", "≥": ">=", "≠": "!=", "′": "'"}
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_TOKEN = re.compile(
    r"(?P<number>(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?)"
    r"|(?P<power>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)"
    r"|(?P<op>\*\*|<=|>=|==|!=|\.\.\.|[-+*/^@()\[\]{},.:=<>ᵀ⊤−–×·⋅∗÷⊙∘≤≥≠])"
    r"|(?P<name>[^\W\d]((?![⁰¹²³⁴⁵⁶⁷⁸⁹ᵀ])[\w\u0300-\u036f\u20d0-\u20ff])*)"
)
_ADVICE = {
    "∂": "type only the right-hand side, without the ∂",
    "∑": "write sum(…) instead",
    "√": "write sqrt(…) instead",
    "|": "write abs(…) instead of bars",
    "'": "quotes and primes have no meaning here",
    '"': "quotes have no meaning here",
    "%": "there is no % in a formula here",
    "&": "multiply 0/1 conditions instead: (x > 0) * (x < 1)",
    "!": "there is no factorial here",
    "∇": "type the derivative itself, not its name",
}


def tokens(text: str) -> list[Token]:
    """Cut `text`; the last token is of the kind "end". Raises FormulaError for an odd character."""
    found, at = [], 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        fraction = unicodedata.decomposition(text[at])
        if fraction.startswith("<fraction>"):
            plain = unicodedata.normalize("NFKC", text[at]).replace("⁄", "/")
            reason = f"`{text[at]}` cannot be read here: write {plain} instead."
            raise FormulaError(reason, text, at)
        match = _TOKEN.match(text, at)
        if match is None:
            char = text[at]
            advice = _ADVICE.get(char, "use names, numbers, + - * / ** @, brackets and functions")
            raise FormulaError(f"`{char}` cannot be read here: {advice}.", text, at)
        kind, word = str(match.lastgroup), match.group()
        if kind == "op":
            word = _SPELLINGS.get(word, word)
        elif kind == "name":
            word = unicodedata.normalize("NFKC", word)
        found.append(Token(kind, word, at, match.end()))
        at = match.end()
    found.append(Token("end", "", len(text), len(text)))
    return found
