"""What a check says of an answer: a known mistake is named, an error is explained."""

import numpy as np
import pytest

import minigrad as torch
from widgets import compare, probe, recognise
from widgets.probe import Outcome

TRUTH = np.array([1.0, -2.0, 3.5])
NAMED = {"Right.": TRUTH, "That is twice too much.": 2 * TRUTH, "That is the sum.": TRUTH.sum()}


def said(value, **options):
    return recognise("it", Outcome(value), NAMED, "Something else.", **options).said


def test_the_first_is_right_and_a_known_mistake_is_named():
    assert recognise("it", Outcome(TRUTH), NAMED, "Something else.").right
    assert said(TRUTH.tolist()) == "Right."
    assert said(2 * TRUTH) == "That is twice too much."
    assert said(float(TRUTH.sum())) == "That is the sum."
    assert said(TRUTH + 1) == "Something else."
    assert "it returned None" in said(None)


def test_what_stands_in_tuples_of_one():
    assert "Return its entry" in said([TRUTH])
    assert "Return its entry" in said([[number] for number in TRUTH])
    assert said([2 * TRUTH]) == "That is twice too much."
    assert said([TRUTH, TRUTH]) == "Something else."


def test_a_gradient_in_place_of_the_value():
    result = Outcome(TRUTH, [2 * TRUTH, None])
    assert recognise("it", result, NAMED, "", gradient=0).said == "That is twice too much."
    assert "No gradient came back" in recognise("it", result, NAMED, "", gradient=1).said


def needs_nothing():
    pass


@pytest.mark.parametrize(
    ("function", "idea"),
    [
        (lambda x: x.sum().backward(), "The history was cut"),
        (lambda x: unknown(x), "Is it spelt right?"),  # noqa: F821
        (needs_nothing, "Count what the function is given"),
        (lambda x: x.retain_grad(), "was requires_grad asked of the leaf"),
    ],
)
def test_an_error_comes_with_its_idea(function, idea):
    assert idea in probe.run(function, TRUTH).failed


def test_an_idea_of_the_check_takes_the_place_of_the_general_one():
    result = probe.run(lambda x: x.sum().backward(), TRUTH)
    told = result.failed_for({"does not require grad": "Look at x."})
    assert told.endswith("grad_fn. Look at x.")
    assert result.failed_for({"something else": "No."}) == result.failed
    assert Outcome(1).failed_for({"": "No."}) == ""


@pytest.mark.parametrize(
    ("told", "because"),
    [
        ("5", "without the quotes"),
        ("2*x", "Put the numbers into the formula"),
        ("many", "the reason"),
        (None, "the reason"),
        (True, "the reason"),
        (4.97, "the reason"),
        (..., "Not answered yet"),
    ],
)
def test_a_wrong_prediction_is_told_why(told, because):
    (finding,) = compare({"x": told}, {"x": torch.tensor([5.0, 5.0])}, {"x": "the reason"})
    assert not finding.right
    assert because in finding.said
