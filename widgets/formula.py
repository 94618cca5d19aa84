r"""LaTeX formulas as MathML, which browsers typeset themselves.

latex2mathml makes the elements. It leaves characters as entities in their texts and would undo all
escaping when it writes them out, so that `\text{<img …>}` became an element: here the elements are
written out again, with every text escaped and only the tags and attributes of a short list.
"""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as ET
from functools import lru_cache
from typing import Any

TAGS = {"mfrac", "mi", "mn", "mo", "mover", "mpadded", "mphantom", "mroot", "mrow", "mspace"}
TAGS |= {"msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr"}
TAGS |= {"munder", "munderover"}
ATTRIBUTES = {"displaystyle", "fence", "form", "linethickness", "lspace", "mathvariant"}
ATTRIBUTES |= {"rspace", "width"}
ENTITY = re.compile(r"&#x?[0-9A-Fa-f]+;")
ESCAPED = re.compile(r"\\([{}$&#%_])")  # latex2mathml leaves the backslash in \text{a\_b}

# cos x, not "cosx": U+2061 is for those who listen, the space for those who look.
THIN = '<mspace width="0.167em"></mspace>'
APPLIED = f"<mo>\u2061</mo>{THIN}"

PLUS_EQUALS = ("<mo>+</mo><mo>=</mo>", "<mo>+=</mo>")


@lru_cache(maxsize=4096)
def mathml(latex: str) -> str:
    """The inside of a `<math>` element for a formula; its LaTeX as text if that fails."""
    try:
        from latex2mathml.converter import convert_to_element

        return _row(convert_to_element(latex)).replace(*PLUS_EQUALS)
    except Exception:  # a formula must never be the reason that nothing is drawn
        return f"<mtext>{html.escape(latex, quote=False)}</mtext>"


def formulas(data: dict[str, Any]) -> dict[str, str]:
    """LaTeX → MathML for every formula of a trace, each once."""
    found: dict[str, str] = {}
    for step in data["backward"]:
        for latex in (*step["rule"], *(product["rule"] for product in step["products"])):
            if latex not in found:
                found[latex] = like_others(latex)
    return found


LABEL = re.compile(r"(?<![\\A-Za-z])([A-Za-z]_)\{(\d+)\}|\\text\{((?:\w|\.|\\_)+)\}")
MARK = re.compile(r"7\d{6}")
FIRST = 7_000_001  # numbers of that pattern stand for labels


def like_others(latex: str) -> str:
    """As `mathml`, but formulas that differ only in their labels are converted once.

    A large graph has thousands of them, `t_{17}` for `t_{16}`.
    """
    if MARK.search(latex):
        return mathml(latex)
    labels: dict[str, str] = {}  # what stands for a label → the label

    def stand_in(match: re.Match[str]) -> str:
        mark = str(FIRST + len(labels))
        labels[mark] = match[2] or match[3].replace("\\_", "_")
        return f"{match[1]}{{{mark}}}" if match[2] else rf"\text{{{mark}}}"

    pattern = LABEL.sub(stand_in, latex)
    text = mathml(pattern)
    return MARK.sub(lambda mark: labels[mark[0]], text)


def _row(parent: ET.Element) -> str:
    """The elements of a row, with a space between a function and what it is applied to."""
    parts = []
    before: ET.Element | None = None
    for element in parent:
        if before is not None and _is_function(before) and _opens_nothing(element):
            parts.append(APPLIED)
        elif before is not None and _is_function(element) and before.tag not in ("mo", "mspace"):
            parts.append(THIN)
        parts.append(_write(element))
        before = element
    return "".join(parts)


def _is_function(element: ET.Element) -> bool:
    """Is it `cos`, `sign` or `tanh²`: a name of several letters, not one in text?"""
    if element.tag in ("msup", "msub", "msubsup") and len(element):
        return _is_function(element[0])
    name = element.text or ""
    return element.tag in ("mi", "mo") and len(name) > 1 and name.isalpha()


def _opens_nothing(element: ET.Element) -> bool:
    """Is it neither a bracket nor another sign?"""
    first = element
    while first.tag == "mrow" and len(first):
        first = first[0]
    text = ENTITY.sub(lambda entity: html.unescape(entity[0]), first.text or "")
    return first.tag not in ("mo", "mspace") or text in ("∂", "−", "|")


def _write(element: ET.Element) -> str:
    text = ENTITY.sub(lambda entity: html.unescape(entity[0]), element.text or "")
    if element.tag == "mtext":
        text = ESCAPED.sub(r"\1", text)
    if text == "∂":
        return "<mi>∂</mi>"  # as an operator it would keep a distance
    in_row = element.tag in ("mrow", "mstyle", "msqrt", "mtd")
    content = _row(element) if in_row else "".join(map(_write, element))
    inside = html.escape(text, quote=False) + content
    one = len(element) == 1 and element.tag in ("mrow", "mo")
    if one or element.tag not in TAGS:
        return inside  # a row of one needs no row
    attributes = "".join(
        f' {name}="{html.escape(value)}"'
        for name, value in element.attrib.items()
        if name in ATTRIBUTES
    )
    return f"<{element.tag}{attributes}>{inside}</{element.tag}>"
