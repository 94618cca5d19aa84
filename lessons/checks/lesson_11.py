"""Lesson 11, how it was written before."""

import numpy as np

import minigrad as torch
from minigrad.autograd import Variable
from widgets import Finding, compare, derive, exercise, probe, recognise


@exercise(
    "11-variable",
    kind="prediction",
    points=4,
    answer="prediction",
    hints=(
        "Print type(v), and compare v.data_ptr() with x.data_ptr().",
        "Whoever writes Variable(x) gets another tensor that looks at the same memory.",
    ),
    idea="Variable is a door: what comes out is a tensor of its own, a leaf, over the memory of x.",
)
def variable(answers):
    x = torch.ones(2)
    v = Variable(x, requires_grad=True)
    truth = {
        "v is x": v is x,
        "isinstance(v, torch.Tensor)": isinstance(v, torch.Tensor),
        "isinstance(x, Variable)": isinstance(x, Variable),
        "x.requires_grad": x.requires_grad,
        "v.is_leaf": v.is_leaf,
    }
    v.data.zero_()
    truth["after v.data.zero_(), x.sum() is 0"] = x.sum().item() == 0
    because = {
        "v is x": "A new tensor comes out, otherwise x would require grad as well.",
        "isinstance(v, torch.Tensor)": "Print type(v).",
        "isinstance(x, Variable)": "Every tensor counts as a Variable today.",
        "x.requires_grad": "It was asked of v, not of x.",
        "v.is_leaf": "No recorded operation computed it.",
        "after v.data.zero_(), x.sum() is 0": "The two share their memory.",
    }
    return compare(answers, truth, because)


def _fitted(x, y, steps, rate, keep=False):
    a = b = 0.0
    ga = gb = 0.0
    losses = []
    for _ in range(steps):
        off = a * x + b - y
        losses.append(float(np.mean(off**2)))
        da, db = float(np.mean(2 * off * x)), float(np.mean(2 * off))
        ga, gb = (ga + da, gb + db) if keep else (da, db)
        a, b = a - rate * ga, b - rate * gb
    return {"losses": losses, "a": [a], "b": [b]}


@exercise(
    "11-fit",
    kind="repair",
    points=5,
    answer="try_fit_line",
    hints=(
        "Go through the table of section 2, line by line.",
        "The update needs with torch.no_grad():, and an operation in place.",
    ),
    idea="Leaves made with requires_grad=True, loss.item(), an in-place update under no_grad, and "
    "gradients set to None.",
)
def fit_line(function):
    x, y = probe.numbers(6), probe.numbers(6)
    result = probe.run(function, x, y, 4, 0.1)
    if result.error:
        return [Finding("it runs", False, result.failed)]
    value = probe.entries(result, old=list)
    if not {"losses", "a", "b"} <= set(value):
        return [Finding("it runs", False, "Leave the last line of the function as it was.")]
    truth, kept = _fitted(x, y, 4, 0.1), _fitted(x, y, 4, 0.1, keep=True)
    still = _fitted(x, y, 4, 0.0)
    findings = []
    for name in ("losses", "a", "b"):
        named = {
            "As before.": truth[name],
            "The gradients of earlier steps are still there: empty them.": kept[name],
            "It has not moved.": still[name],
        }
        given = result._replace(value=value[name])
        findings.append(recognise(name, given, named, "This is not what it computed before."))
    old = value["old"]
    said = "None is left." if not old else f"There is still {' and '.join(map(str, old))} in it."
    return [*findings, Finding("old words", not old, said)]


def third_of_the_notes():
    X = Variable(torch.ones(3, 3), requires_grad=True)
    y = 4 * X + 2
    z = 8 * (y**2)
    out = z.mean()
    return locals()


@exercise(
    "11-notes",
    kind="derivation",
    points=4,
    answer="my_factors",
    hints=(
        "How many entries has z?",
        "y = 4 X + 2 has an inner derivative.",
    ),
    idea="One factor per line of the program, and their product. Variable changes nothing in it.",
)
def notes(factors):
    v = third_of_the_notes()
    return derive(v["out"], v["X"], names=v).check(factors).findings()


@exercise(
    "11-leaky",
    kind="code",
    points=5,
    answer="LeakyRelu.apply",
    transfer=True,
    hints=(
        "slope is an argument of forward now. What is no tensor may be stored in ctx directly.",
        "forward has two inputs, so backward returns two values. The second one is None.",
    ),
    idea="ctx.slope in place of self.slope, ctx.save_for_backward(x), and None for the slope.",
)
def leaky(function):
    findings = []
    for slope in (0.1, -0.5):
        x, g = probe.numbers(6), probe.numbers(6)
        signs = np.array([[-1, 1, 1, -1], [1, -1, 1, -1]])  # all four pairs of them
        x[:4], g[:4] = signs * np.abs([x[:4], g[:4]])
        result = probe.vjp(function, [x, slope], g)
        what = f"slope {slope}"
        if result.error:
            findings.append(Finding(what, False, result.failed))
            continue
        same = probe.close(result.value, np.where(x > 0, x, slope * x), rtol=1e-6)
        said = "Right." if same else "The result is not the right one."
        findings.append(Finding(f"{what}: forward", same, said))
        named = {
            "Right.": np.where(x > 0, g, slope * g),
            "The gradient passes unchanged; where x is negative it must be times slope.": g,
            "Negative entries pass nothing: that is relu.": np.where(x > 0, g, 0),
            "The two sides are exchanged.": np.where(x < 0, g, slope * g),
            "The incoming gradient is missing.": np.where(x > 0, 1.0, slope),
            "slope belongs to the negative entries alone.": slope * g,
            "x was changed here; it is grad_output that is sent on.": np.where(x > 0, x, slope * x),
            "x decides, not the sign of grad_output.": np.where(g > 0, g, slope * g),
            "Multiply by slope; do not put slope in its place.": np.where(x > 0, g, slope),
        }
        otherwise = "Not grad_output, times slope where x is negative."
        findings.append(
            recognise(f"{what}: backward", result, named, otherwise, rtol=1e-6, gradient=0)
        )
    return findings
