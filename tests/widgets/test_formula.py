"""LaTeX to MathML: what comes out is well formed, and what goes in stays text."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

import pytest

from tests.widgets.example_traces import ALL, HOSTILE
from tests.widgets.large_traces import FOLDED
from widgets.formula import TAGS, formulas, like_others, mathml


def parsed(latex: str) -> ET.Element:
    return ET.fromstring(f"<math>{mathml(latex)}</math>")


def text(latex: str) -> str:
    return "".join(parsed(latex).itertext())


def test_a_rule_is_a_fraction_and_a_product() -> None:
    rule = parsed(r"\frac{\partial \text{out}}{\partial y} \mathrel{+}= 3 \odot y")
    assert len(rule.findall(".//mfrac")) == 1
    assert "".join(rule.itertext()) == "∂out∂y+=3⊙y"


@pytest.mark.parametrize(
    "label",
    [HOSTILE, "a & b < c", "&lt;b&gt;", "&#x3c;script&#x3e;", '"quoted"', "名前", "]]>", "<!--"],
)
def test_markup_in_a_label_stays_text(label: str) -> None:
    escaped = label.replace("&", r"\&").replace("#", r"\#").replace("_", r"\_")
    tree = parsed(rf"\text{{{escaped}}} = 1")
    assert {element.tag for element in tree.iter()} <= TAGS | {"math"}
    assert label in "".join(tree.itertext()).replace("\xa0", " ")


def test_an_underscore_is_shown_without_its_backslash() -> None:
    assert text(r"\text{my\_x}") == "my_x"


@pytest.mark.parametrize(
    "latex, read",
    [
        (r"\cos t_{30}", "cos\u2061 t30"),
        (r"3 \odot \tanh^2 x", "3⊙tanh2\u2061 x"),
        (r"2 \ln x", "2 ln\u2061 x"),
        (r"\frac{1}{\log \text{my\_x}}", "1log\u2061 my_x"),
        (r"\operatorname{sign}(x)", "sign(x)"),
        (r"\operatorname{sign} x", "sign\u2061 x"),
    ],
)
def test_a_function_stands_apart_from_what_it_is_applied_to(latex: str, read: str) -> None:
    tree = parsed(latex)
    for space in tree.iter("mspace"):
        space.text = " "
    assert "".join(tree.itertext()) == read


@pytest.mark.parametrize("latex", [r"\frac{", r"\begin{nothing", "}{", r"\unknowncommand{x}", ""])
def test_what_is_no_formula_is_still_well_formed(latex: str) -> None:
    assert parsed(latex) is not None


@pytest.mark.parametrize("example", ALL)
def test_every_formula_of_a_trace(example: str) -> None:
    data = ALL[example]().to_dict()
    found = formulas(data)
    for step in data["backward"]:
        for latex in (*step["rule"], *(product["rule"] for product in step["products"])):
            tree = ET.fromstring(f"<math>{found[latex]}</math>")
            assert {element.tag for element in tree.iter()} <= TAGS | {"math"}
            assert "".join(tree.itertext()).strip()
            assert "\\" not in "".join(tree.itertext())


@pytest.mark.parametrize("example", [*ALL.values(), *FOLDED.values()])
def test_a_formula_is_the_same_whether_or_not_it_is_like_others(example: Any) -> None:
    rules = {latex for step in example().to_dict()["backward"] for latex in step["rule"]}
    for latex in sorted(rules)[:60]:
        assert like_others(latex) == mathml(latex)


def test_labels_of_all_kinds_stand_in_for_each_other() -> None:
    for label in (r"t_{1}", r"x", r"\text{net.0.weight}", r"\text{a\_b}", r"\text{7000001}"):
        latex = rf"\frac{{\partial {label}}}{{\partial t_{{12}}}} \cdot 7000002 \odot {label}"
        assert like_others(latex) == mathml(latex)
