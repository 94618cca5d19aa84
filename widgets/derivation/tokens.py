"""A formula's text cut into tokens: numbers, names, operators, as they are typed anywhere."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from .tree import FormulaError


@dataclass(frozen=True)
class Token:
    """One number, name or operator; `text[at:end]` of the formula."""

    kind: str  # number, name, power, op, subscripts (of einsum), end
    text: str
    at: int
    end: int


# What people type for an operator that is on no keyboard (or on theirs).
_SPELLINGS = {"−": "-", "–": "-", "×": "·", "⋅": "·", "∗": "*", "÷": "/", "⊙": "*"}
_SPELLINGS |= {"∘": "*", "≤": "<=", "≥": ">=", "≠": "!=", "∧": "&", "∨": "or", "¬": "~"}
_LATEX = {
    "cdot": "·", "times": "·", "odot": "*", "circ": "*", "top": "⊤", "intercal": "⊤",
    "le": "<=", "leq": "<=", "ge": ">=", "geq": ">=", "ne": "!=", "neq": "!=", "land": "&",
    "lor": "or", "frac": "frac", "dfrac": "frac", "tfrac": "frac", "div": "/", "ast": "*",
    "|": "‖", "Vert": "‖", "lVert": "‖", "rVert": "‖", "lvert": "|", "rvert": "|", "vert": "|",
    "{": "{", "}": "}",
}  # fmt: skip
_LATEX_NAMES = {"sigma": "σ", "pi": "π"}
_SKIPPED = {"left", "right", "big", "Big", "bigl", "bigr", "quad", "mathbf", "mathrm", "mathsf"}
_SKIPPED |= {"text", "operatorname", "bm", "boldsymbol", ",", ";", "!", " ", ":"}
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_TOKEN = re.compile(
    r"(?P<number>(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?)"
    r"|(?P<power>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)"
    r"|\\(?P<latex>[A-Za-z]+|[|{},;!: ])"
    r"|(?P<op>\*\*|<=|>=|==|!=|\.\.\.|[-+*/^@()\[\]{},.:=<>ᵀ⊤−–×·⋅∗÷⊙∘≤≥≠√&∧∨¬~])"
    r"|(?P<bar>\|\||[|‖])"
    r"|(?P<name>[^\W\d]((?![⁰¹²³⁴⁵⁶⁷⁸⁹ᵀ])[\w\u0300-\u036f\u20d0-\u20ff])*)"
)
_SUBSCRIPTS = re.compile(r"(['\"])([A-Za-z., >-]{1,80})\1")
# What PyTorch prints behind a tensor's numbers, and a matrix as NumPy prints it, without commas.
_PRINTED = re.compile(
    r",\s*(grad_fn=<\w{1,60}( object at \w{1,20})?>|device='[\w:]{1,20}'|dtype=[\w.]{1,30}"
    r"|requires_grad=(True|False))"
)
_NUMPY_MATRIX = re.compile(r"\s*\[[\[\]\s\d.,eE+-]*\]\s*")
_BETWEEN_NUMBERS = re.compile(r"(?<=[\d.\]])\s(?=\s*([-+]?[.\d]|\[))")
_ADVICE = {
    "∂": "type only the right-hand side, without the ∂",
    "∑": "write sum(…) instead",
    "'": "quotes and primes have no meaning here; a transpose is .T",
    "′": "quotes and primes have no meaning here; a transpose is .T",
    '"': "quotes have no meaning here",
    "%": "there is no % in a formula here",
    "!": "there is no factorial here",
    "∇": "type the derivative itself, not its name",
    "⊗": "write outer(a, b) instead",
}


def tokens(text: str) -> list[Token]:
    """Cut `text`; the last token is of the kind "end". Raises FormulaError for an odd character."""
    found: list[Token] = []
    bars: list[str] = []
    if _NUMPY_MATRIX.fullmatch(text):
        text = _BETWEEN_NUMBERS.sub(",", text)
    at = 0
    while at < len(text):
        printed = _PRINTED.match(text, at)
        if text[at].isspace() or text[at] == "$" or printed:
            at = printed.end() if printed else at + 1
            continue
        token = _subscripts(text, at, found) or _fraction(text, at) or _bar(text, at, found, bars)
        match = None if token else _TOKEN.match(text, at)
        if match:
            token = _plain(match)
        elif token is None:
            char = text[at]
            advice = _ADVICE.get(char, "use names, numbers, + - * / ** @, brackets and functions")
            raise FormulaError(f"`{char}` cannot be read here: {advice}.", text, at)
        at = token.end
        if token.kind != "skip":
            found.append(token)
    found.append(Token("end", "", len(text), len(text)))
    return found


def _plain(match: re.Match[str]) -> Token:
    kind, word = str(match.lastgroup), match[match.lastgroup or 0]
    if kind == "latex":
        kind = "skip" if word in _SKIPPED else "op" if word in _LATEX else "name"
        word = _LATEX.get(word, _LATEX_NAMES.get(word, word))
    elif kind == "op":
        word = _SPELLINGS.get(word, word)
    elif kind == "name":
        word = unicodedata.normalize("NFKC", word)
    return Token(kind, word, match.start(), match.end())


def _fraction(text: str, at: int) -> Token | None:
    """½ as a number."""
    if not unicodedata.decomposition(text[at]).startswith("<fraction>"):
        return None
    return Token("number", repr(unicodedata.numeric(text[at])), at, at + 1)


def _subscripts(text: str, at: int, before: list[Token]) -> Token | None:
    """The one text in quotes that means something: what stands first in `einsum(…)`."""
    if [token.text for token in before[-2:]] != ["einsum", "("]:
        return None
    match = _SUBSCRIPTS.match(text, at)
    return Token("subscripts", match[2].replace(" ", ""), at, match.end()) if match else None


def _bar(text: str, at: int, before: list[Token], bars: list[str]) -> Token | None:
    """`|x|` and `||x||` as brackets, opening "|(" and closing ")|"; any other `|` is an "or"."""
    match = re.compile(r"\\?(\|\||[|‖])|\\[lr]?[vV]ert(?![A-Za-z])").match(text, at)
    if match is None:
        return None
    word = match.group()
    wide = word in ("||", "‖", "\\|") or "Vert" in word
    after = bool(before) and (
        before[-1].kind in ("number", "name", "power")
        or before[-1].text in (")", "]", "}", ")|", ")‖", "ᵀ", "⊤")
    )
    if after and bars:
        kind, end = bars.pop(), match.end()
        if kind == "|" and word == "||":
            end -= 1
        return Token("op", f"){kind}", at, end)
    if after and not wide and text.count("|", at) % 2:
        return Token("op", "or", at, match.end())
    bars.append("‖" if wide else "|")
    return Token("op", f"{bars[-1]}(", at, match.end())
