"""Lesson 08, your own Function."""

import numpy as np

import minigrad as torch
from widgets import Finding, compare, derive, exercise, probe, recognise


def times_sigmoid():
    x = torch.tensor([-1.0, 0.0, 2.0], requires_grad=True)
    s = x.sigmoid()
    out = (x * s).sum()
    return locals()


@exercise(
    "08-silu",
    kind="derivation",
    points=4,
    answer="my_derivative",
    program=times_sigmoid,
    hints=(
        "x reaches out on two paths: directly, and by way of s.",
        "The derivative of a product u v is u' v + u v'. The derivative of s is s (1 - s).",
    ),
    idea="The product rule, with x and s as the two factors.",
)
def silu(formula):
    v = times_sigmoid()
    question = derive(v["out"], v["x"], names=v)
    return [f for f in question.check(formula).findings() if f.what == "∂out/∂x"]


def there_and_back(function, inputs, cotangent, truth, what):
    """Value and gradients against those of `truth`, which computes the same with autograd."""
    result = probe.vjp(function, inputs, cotangent)
    right = probe.vjp(truth, inputs, cotangent)
    if result.error:
        return [Finding(what, False, result.failed)], result, right
    same = probe.close(result.value, right.value)
    said = "Right." if same else "The result of forward is not the right one."
    if probe.close(result.value, 1 - np.asarray(right.value)):
        said += " Is the minus sign in exp(-x) there?"
    return [Finding(f"{what}: forward", same, said)], result, right


@exercise(
    "08-sigmoid",
    kind="code",
    points=4,
    answer="Sigmoid.apply",
    hints=(
        "The derivative is written with the result alone. Save that, not x.",
        "backward returns the incoming gradient times the derivative, entry by entry.",
    ),
    idea="forward: compute 1 / (1 + exp(-x)), save it, return it. backward: grad_output · s · "
    "(1 - s).",
)
def sigmoid(function):
    x, g = probe.numbers(2, 3), probe.numbers(2, 3)
    found, result, right = there_and_back(function, [x], g, torch.sigmoid, "a 2×3 tensor")
    if result.error:
        return found
    s = 1 / (1 + np.exp(-x))
    named = {
        "Right, with a random incoming gradient.": right.gradients[0],
        "The incoming gradient is missing: multiply by grad_output.": s * (1 - s),
        "Only the incoming gradient is passed on; the derivative is missing.": g,
        "s (1 - s) needs the result of forward in both places, not x.": g * x * (1 - x),
        "The inner derivative of 1 - s is missing a factor: (1 - s) alone is not enough.": g
        * (1 - s),
        "That is the derivative of exp, not of sigma.": g * s,
        "The sign is wrong: sigma grows everywhere.": -g * s * (1 - s),
        "The chain rule multiplies; here the two are added.": g + s * (1 - s),
    }
    return [*found, recognise("backward", result, named, "Not g · s (1 - s).", gradient=0)]


@exercise(
    "08-scale",
    kind="repair",
    points=3,
    answer="Scale.apply",
    hints=(
        "forward has two inputs, x and factor. How many gradients does backward have to return?",
        "What arrives is grad_output. What becomes of it on the way through x * factor?",
    ),
    idea="Return one gradient for x, made from grad_output, and None for the number.",
)
def scale(function):
    findings = []
    for factor in (3.0, -0.5):
        x, g = probe.numbers(4), probe.numbers(4)
        result = probe.vjp(function, [x, factor], g)
        named = {
            "Right.": g * factor,
            "The factor is missing.": g,
            "The incoming gradient is missing.": np.full(4, factor),
            "Times the factor, not divided by it.": g / factor,
            "The chain rule multiplies; here the two are added.": g + factor,
        }
        otherwise = "Not factor · grad_output."
        findings.append(recognise(f"times {factor}", result, named, otherwise, gradient=0))
    return findings


KINKS = {
    "x.relu()": (lambda x: x.relu(), "PyTorch's relu counts 0 to the flat side."),
    "x.clamp(min=0)": (
        lambda x: x.clamp(min=0),
        "clamp lets through what lies within its limits, and 0 lies within.",
    ),
    "x.abs()": (lambda x: x.abs(), "The derivative of |x| is the sign of x. What is sign(0)?"),
    "torch.maximum(x, torch.zeros(1))": (
        lambda x: torch.maximum(x, torch.zeros(1)),
        "A tie: both are the maximum, and they share the gradient.",
    ),
}


@exercise(
    "08-kinks",
    kind="prediction",
    points=4,
    answer="at_the_kink",
    hints=(
        "Two of them were in section 6.",
        "For a tie, ask what would be fair to both inputs.",
    ),
    idea="Each library chooses one of the slopes on either side, or what lies between.",
)
def kinks(answers):
    truth = {}
    for name, (function, _) in KINKS.items():
        x = torch.zeros(1, requires_grad=True)
        function(x).backward()
        truth[name] = x.grad
    return compare(answers, truth, {name: said for name, (_, said) in KINKS.items()})


@exercise(
    "08-linear",
    kind="code",
    points=6,
    answer="Linear.apply",
    transfer=True,
    hints=(
        "Write the shapes beside each other: grad_output is (N, out), x is (N, in), weight is "
        "(out, in). Which products have the shape that you need?",
        "bias was added to every row. So its gradient is a sum over the rows. (If you return "
        "grad_output as it is, the engine takes that sum for you.)",
    ),
    idea="For x: grad_output times weight. For weight: the transpose of grad_output times x. For "
    "bias: grad_output summed over the rows.",
)
def linear(function):
    n, inputs, outputs = 4, 3, 2
    x, w, b = probe.numbers(n, inputs), probe.numbers(outputs, inputs), probe.numbers(outputs)
    g = probe.numbers(n, outputs)
    result = probe.vjp(function, [x, w, b], g)
    if result.error:
        return [Finding("backward", False, result.failed)]
    truth = probe.vjp(lambda x, w, b: x @ w.T + b, [x, w, b], g).gradients
    named = {
        "x": {
            "Right.": truth[0],
            "The incoming gradient is missing.": np.ones((n, outputs)) @ w,
            "That is a mean: each row of x has a gradient of its own.": g @ w / n,
            "That is x itself. What arrives is grad_output: which product has this shape?": x,
        },
        "weight": {
            "Right.": truth[1],
            "That is the mean over the batch; the rows' contributions are added up.": g.T @ x / n,
            "The incoming gradient is missing.": np.ones((outputs, n)) @ x,
            "That is weight itself. What arrives is grad_output: which product has this shape?": w,
        },
        "bias": {
            "Right.": truth[2],
            "That is the mean over the rows. Each row adds its own.": g.mean(0),
            "That counts the rows. It has to be grad_output that is summed.": np.full(outputs, n),
            "That is one row only: every row used bias.": g[0],
            "The incoming gradient is missing.": np.ones(outputs),
        },
    }
    return [
        recognise(f"the gradient of {name}", result, known, "Not the right numbers.", gradient=k)
        for k, (name, known) in enumerate(named.items())
    ]


@exercise(
    "08-where",
    kind="repair",
    points=4,
    answer="safe_sqrt",
    hints=(
        "Make a tensor in which every number that is not positive is replaced by a harmless one, "
        "such as 1. Take the root of that.",
        "The inner where chooses what the root sees; the outer one chooses the result.",
    ),
    idea="torch.where(x > 0, torch.where(x > 0, x, 1.0).sqrt(), 0.0)",
)
def safe_sqrt(function):
    x = np.array([0.0, 4.0, -1.0, 0.25])
    g = probe.numbers(4)
    result = probe.vjp(function, [x], g)
    if result.error:
        return [Finding("it runs", False, result.failed)]
    same = probe.close(result.value, [0.0, 2.0, 0.0, 0.5])
    said = "As before." if same else "The result has changed: roots where x > 0, else 0."
    findings = [Finding("the result", same, said)]
    (back,) = result.gradients
    truth = g * np.array([0.0, 0.25, 0.0, 1.0])
    if back is None:
        said = "No gradient came back to x."
    elif np.isnan(back).any():
        said = "There is still nan in it: the root is still computed where it must not be."
    elif probe.close(back, truth):
        said = "Right."
    elif not np.allclose(back[[0, 2]], 0):
        said = "Where x is not positive the gradient has to be 0."
    else:
        said = "Where x is positive it has to be the derivative of the root."
    return [*findings, Finding("the gradient", said == "Right.", said)]
