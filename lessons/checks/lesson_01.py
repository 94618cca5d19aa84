"""Lesson 01, tensors that remember."""

import warnings

import numpy as np

import minigrad as torch
from widgets import Finding, compare, derive, exercise, probe, recognise


def mean_of_three():
    x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
    y = 4 * x + 2
    z = 8 * y**2
    out = z.mean()
    return locals()


@exercise(
    "01-derivation",
    kind="derivation",
    points=4,
    answer="my_factors",
    program=mean_of_three,
    hints=(
        "How many entries does the mean divide by here? Not 4.",
        "Take one operation at a time: out from z, then z from y, then y from x.",
    ),
    idea="Each factor is the derivative of one line of the program; the whole is their product.",
)
def derivation(factors):
    v = mean_of_three()
    return derive(v["out"], v["x"], names=v).check(factors).findings()


def squares_and_one():
    a = torch.full((2, 2), 3.0, requires_grad=True)
    b = a * a
    b.retain_grad()
    c = b + 1
    s = c.sum()
    s.backward()
    return locals()


SECOND = "the second backward raises"


@exercise(
    "01-prediction",
    kind="prediction",
    points=4,
    answer="my_prediction",
    program=squares_and_one,
    hints=(
        "What saves values for later: a * a, or b + 1?",
        "The second walk goes from s to c, to b, and then wants to go through a * a.",
    ),
    idea="Walk through the program twice on paper, and note at each step what is freed and what is "
    "added to a .grad before the step that fails.",
)
def prediction(answers):
    v = squares_and_one()
    try:
        v["s"].backward()
        raised = False
    except RuntimeError:
        raised = True
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # reading c.grad warns, as the lesson has shown
        truth = {name: v[name[0]].grad for name in ("a.grad", "b.grad", "c.grad")}
    truth[SECOND] = raised
    because = {
        "a.grad": "a is a leaf, so it keeps its gradient: that of s, through a * a, where a "
        "is used twice. Did the second backward get as far as a?",
        "b.grad": "b is not a leaf, but retain_grad() asked to keep its gradient. What is "
        "retained is added as soon as it arrives at b, before the step through a * a.",
        "c.grad": "c is not a leaf, and nobody asked to keep its gradient.",
        SECOND: "backward frees saved values. a * a saved some; b + 1 and the sum saved none.",
    }
    return compare(answers, truth, because)


@exercise(
    "01-repair",
    kind="repair",
    points=3,
    answer="inner_gradient",
    hints=(
        "The program returns y.grad. What is y.grad of a tensor that is no leaf?",
        "One line is missing, and it has to stand before backward().",
    ),
    idea="Ask y to keep its gradient, as the lesson did.",
)
def repair(function):
    findings = []
    for shape in ((2, 2), (5,)):
        x = probe.numbers(*shape)
        result = probe.run(function, x)
        what = f"a tensor of shape {list(shape)}"
        if result.value is None and not result.error:
            said = "It returned None: y is no leaf, and nobody asked to keep its gradient."
            findings.append(Finding(what, False, said))
            continue
        truth = 6 * (x + 2) / x.size
        named = {
            "That is ∂out/∂y.": truth,
            "That is ∂z/∂y. The gradient of out has the mean in it as well.": truth * x.size,
            "That is ∂y/∂x. y.grad is the gradient of out with respect to y.": np.ones(shape),
            "That is ∂out/∂z. Asked is the gradient with respect to y.": np.full(shape, 1 / x.size),
            "That is twice ∂out/∂y. Did backward run twice? It adds.": 2 * truth,
        }
        otherwise = "It is not ∂out/∂y at these values. Leave the four formulas as they were."
        findings.append(recognise(what, result, named, otherwise, rtol=1e-5))
    return findings


@exercise(
    "01-cast",
    kind="code",
    points=4,
    answer="cubes_gradient",
    transfer=True,
    hints=(
        "Print is_leaf for torch.ones(2, requires_grad=True) and for the same with .double().",
        "torch.tensor takes dtype=torch.float64 and requires_grad=True at once.",
    ),
    idea="A change of dtype is an operation with a grad_fn of its own. Make the leaf in the right "
    "dtype from the beginning.",
)
def cast(function):
    values = [float(v) for v in probe.numbers(4)]
    result = probe.run(function, values)
    truth = [3 * v**2 for v in values]
    if result.error:
        return [Finding("it runs", False, result.failed)]
    if result.value is None:
        said = (
            "It returned None. If it is answered already: the result of .double() is no leaf. The "
            "cast is an operation, so .grad arrives at what was cast."
        )
        return [Finding("a gradient comes back", False, said)]
    findings = [Finding("a gradient comes back", True, "Yes.")]
    right = probe.close(result.value, truth, rtol=1e-3)
    said = "Right." if right else "It is not the gradient of the sum of the cubes."
    if probe.close(result.value, [v / len(values) for v in truth], rtol=1e-3):
        said = "That is the gradient of the mean. It is the sum that counts here."
    findings.append(Finding("3 v² for each v", right, said))
    if not right:
        said = "First the numbers have to be the right ones."
        return [*findings, Finding("in double precision", False, said)]
    precise = probe.close(result.value, truth, rtol=1e-12)
    said = (
        "All 15 digits are there."
        if precise
        else "These are not float64's digits: something was float32 on the way."
    )
    findings.append(Finding("in double precision", precise, said))
    return findings
