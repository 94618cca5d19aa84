"""Lesson 00, start here: one very small exercise of each kind."""

import minigrad as torch
from widgets import Finding, compare, derive, exercise, probe, recognise


@exercise(
    "00-predict",
    kind="prediction",
    points=1,
    answer="my_prediction",
    hints=(
        "One entry of x becomes 2 in place of 1. What does its part of the sum become?",
        "Before: 5 + 5 + 5. After: 10 + 5 + 5.",
    ),
    idea="Each entry of x counts five times in the sum.",
)
def predict(answers):
    x = torch.ones(3, requires_grad=True)
    (x * 5).sum().backward()
    because = "Compute out once with x = [1, 1, 1] and once with x = [2, 1, 1], and subtract."
    return compare(answers, {"out grows by": x.grad}, {"out grows by": because})


def square():
    x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
    y = x**2
    out = y.sum()
    return locals()


@exercise(
    "00-derive",
    kind="derivation",
    points=1,
    answer="dy_dx",
    program=square,
    hints=(
        "The exponent comes to the front.",
        "The new exponent is one less than the old one.",
    ),
    idea="The derivative of x to the power n is n times x to the power n - 1.",
)
def derivative(formula):
    v = square()
    findings = derive(v["out"], v["x"], names=v).check({"∂y/∂x": formula}).findings()
    return [finding for finding in findings if finding.what == "∂y/∂x"]


@exercise(
    "00-repair",
    kind="repair",
    points=1,
    answer="gradient_of_sum",
    hints=(
        "Compare torch.ones(3) with the first line of section 1.",
        "A tensor only remembers what is done with it if it is asked to.",
    ),
    idea="Make x with requires_grad=True.",
)
def repair(function):
    result = probe.run(function)
    if result.value is None and not result.error:
        said = "It returned None. Return x.grad, after out.backward()."
        return [Finding("the gradient", False, said)]
    named = {
        "Right.": [2.0] * 3,
        "That is x itself. Its gradient is in x.grad.": [1.0] * 3,
        "The gradient is there twice: backward adds to x.grad.": [4.0] * 3,
    }
    failed = result.failed_for({"does not require grad": "Nobody asked x to remember."})
    otherwise = "It should be 2 for each entry."
    return [recognise("the gradient", result, named, otherwise, failed)]


@exercise(
    "00-code",
    kind="code",
    points=1,
    answer="gradient_of_cubes",
    transfer=True,
    hints=(
        "First line: x = x.clone().requires_grad_(). Then compute, and call backward().",
        "After backward(), the gradient is in x.grad. Return it.",
    ),
    idea="Four lines: a leaf, the sum, backward, and return x.grad.",
)
def code(function):
    x = probe.numbers(4)
    result = probe.run(function, x)
    named = {
        "Right.": 3 * x**2,
        "That is the derivative of x * x. There are three factors.": 2 * x,
        "That is x * x * x itself, not its gradient.": x**3,
        "torch.autograd.grad returns a tuple. Take its first entry: [0].": [3 * x**2],
        "A gradient has an entry for each entry of x. Do not add them up.": (3 * x**2).sum(),
        "That is the gradient of the mean. It is the sum that counts here.": 3 * x**2 / x.size,
        "That is the sum itself. Its gradient is in x.grad.": (x**3).sum(),
        "Those are not the entries of x: use the x that the function is given.": [3.0] * 3,
    }
    return [recognise("the gradient", result, named, "Not the gradient of the sum of the cubes.")]
