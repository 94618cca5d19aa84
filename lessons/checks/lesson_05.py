"""Lesson 05, what is differentiated."""

import numpy as np

import minigrad as torch
from widgets import Finding, compare, derive, exercise, probe, recognise

SPREADS = {
    "a + b": (lambda a, b: a + b, "One of its inputs requires grad. That is enough."),
    "b.exp() * 3": (lambda a, b: b.exp() * 3, "Nobody in it requires grad."),
    "a.detach() * b": (
        lambda a, b: a.detach() * b,
        "a.detach() has a's numbers and none of its history.",
    ),
    "a > 0": (lambda a, b: a > 0, "A comparison gives truth values. They cannot grow a little."),
    "(a > 0) * a": (
        lambda a, b: (a > 0) * a,
        "The comparison is cut off, but a itself is a factor as well.",
    ),
    "a.double()": (
        lambda a, b: a.double(),
        "A change of dtype is an operation like others; float64 can have gradients.",
    ),
}


@exercise(
    "05-spreads",
    kind="prediction",
    points=4,
    answer="requires_grad",
    hints=(
        "Ask for each: is there any input that requires grad?",
        "Then ask: does the result consist of numbers with a fraction?",
    ),
    idea="A result requires grad if an input does, nothing cuts the graph, and its dtype can have "
    "gradients.",
)
def spreads(answers):
    a, b = torch.ones(2, requires_grad=True), torch.ones(2)
    truth = {name: program(a, b).requires_grad for name, (program, _) in SPREADS.items()}
    return compare(answers, truth, {name: said for name, (_, said) in SPREADS.items()})


def one_constant():
    x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
    y = x**2
    k = y.detach()
    out = (k * y).sum()
    return locals()


@exercise(
    "05-constant",
    kind="derivation",
    points=3,
    answer="my_derivative",
    program=one_constant,
    hints=(
        "k has the same numbers as y. But what happens to k when x grows a little?",
        "Treat k as if somebody had typed in its numbers.",
    ),
    idea="Only y depends on x: the gradient is k times the derivative of y.",
)
def constant(formula):
    v = one_constant()
    result = derive(v["out"], v["x"], names=v).check(formula)
    found, yours = result.findings()[-1], result.rows[-1].yours
    x = v["x"].detach().numpy()
    if not found.right and yours is not None:
        if probe.close(yours, 4 * x**3, rtol=1e-6):
            said = "That is twice too much: it follows k back to x as well. k is detached."
            found = found._replace(said=said)
        elif probe.close(yours, 2 * x**3, rtol=1e-6):  # y or x² for k
            found = Finding(found.what, True, "It holds, since k has the numbers of y here.")
    return [found]


def _trained(start, steps, rate):
    w = start.copy()
    for _ in range(steps):
        w -= rate * 2 * (w - 1)
    return w


def _not_cleared(start, steps, rate):
    w, gradient = start.copy(), 0
    for _ in range(steps):
        gradient = gradient + 2 * (w - 1)
        w -= rate * gradient
    return w


@exercise(
    "05-train",
    kind="repair",
    points=4,
    answer="train",
    hints=(
        "After w = w - …, is w still the tensor that requires_grad_() was called on?",
        "Change w in place, where nothing is recorded. And what is in w.grad at the next step?",
    ),
    idea="Inside with torch.no_grad(): subtract in place. After that, empty w.grad.",
)
def train(function):
    start = probe.numbers(3, away_from=1.0)
    result = probe.run(function, start, 3, 0.1)
    if result.error:
        ideas = {
            "NoneType": "w.grad is None. Either it was emptied too early, or w is not the leaf any "
            "more that it was at the beginning.",
            "does not require grad": "The new w has no history, and nobody asked it to remember.",
            "leaf Variable": "A leaf is overwritten, and that would be recorded. Switch it off.",
        }
        return [Finding("three steps", False, result.failed_for(ideas))]
    if not isinstance(result.value, dict) or "w" not in result.value:
        return [Finding("three steps", False, "Leave the last line of the function as it was.")]
    named = {
        "Right.": _trained(start, 3, 0.1),
        "The gradients of earlier steps are still in w.grad: it was not emptied.": _not_cleared(
            start, 3, 0.1
        ),
        "Nothing has moved. Was the weight itself changed?": start,
        "It went the other way: subtract, so that the loss gets smaller.": _trained(start, 3, -0.1),
    }
    stepped = result._replace(value=result.value["w"])
    findings = [recognise("three steps", stepped, named, "Not three steps of gradient descent.")]
    for what in ("is a leaf", "requires grad"):
        right = result.value.get(what) is True
        findings.append(Finding(f"the weight {what}", right, "Yes." if right else "Not any more."))
    return findings


@exercise(
    "05-round",
    kind="code",
    points=5,
    answer="soft_round",
    transfer=True,
    hints=(
        "The result has to be x plus something, so that x's gradient passes with a factor of 1.",
        "That something is x.round() - x, and the gradient must not see it.",
    ),
    idea="x plus a detached difference: its numbers count, its history does not.",
)
def soft_round(function):
    x, g = probe.numbers(5), probe.numbers(5)
    result = probe.vjp(function, [x], g)
    if result.error:
        return [Finding("it runs", False, result.failed)]
    forward = probe.close(result.value, np.round(x))
    said = "Right." if forward else "The result has to be x.round(), number for number."
    findings = [Finding("forward: rounded", forward, said)]
    (back,) = result.gradients
    if back is None:
        said = "No gradient came back at all: the result has no history."
    elif probe.close(back, g):
        said = "Right: it passes unchanged."
    elif probe.close(back, 0 * g):
        said = "It is 0: the only path from x leads through round, which is flat."
    elif probe.close(back, 2 * g):
        said = "It is doubled: x reaches the result on two paths."
    else:
        said = "It should arrive at x as it came in."
    right = back is not None and probe.close(back, g)
    return [*findings, Finding("backward: as if nothing had happened", right, said)]
