"""Lesson 09, backward of backward."""

import numpy as np

import minigrad as torch
from widgets import Finding, compare, derive, exercise, probe, recognise


def penalised():
    x = torch.tensor([1.0, 2.0, -1.0], requires_grad=True)
    (g,) = torch.autograd.grad((x**3 / 3).sum(), x, create_graph=True)
    out = (g**2).sum()
    return locals()


@exercise(
    "09-penalty",
    kind="derivation",
    points=4,
    answer="my_factors",
    program=penalised,
    hints=(
        "First find out what g is: the derivative of x³/3.",
        "∂g/∂x is the derivative of that, so it is a second derivative.",
    ),
    idea="g = x². So out is the sum of x⁴, and its derivative is the product of the two factors.",
)
def penalty(factors):
    v = penalised()
    question = derive(v["out"], v["x"], names=v)
    return question.check(factors).findings()


def _passes(task, n):
    """Backward passes, counted by running the task with `n` inputs in place of 1000."""
    count = 0
    real = torch.autograd.grad

    def counted(*arguments, **options):
        nonlocal count
        count += 1
        return real(*arguments, **options)

    x = torch.tensor(probe.numbers(n), requires_grad=True)
    task(counted, x, (x.exp() * x).sum())
    return count


def _hessian(grad, x, out):
    (g,) = grad(out, x, create_graph=True)
    for entry in g:
        grad(entry, x, retain_graph=True)


def _times_vector(grad, x, out):
    (g,) = grad(out, x, create_graph=True)
    grad((g * 2).sum(), x)


TASKS = {
    "the gradient": (
        lambda grad, x, out: grad(out, x),
        "One pass brings all entries of the gradient.",
    ),
    "the Hessian times a vector": (
        _times_vector,
        "One pass for the gradient, one more for the gradient of gradient · v.",
    ),
    "the Hessian": (_hessian, "One pass for the gradient, and one for each of its 1000 entries."),
    "the change in one direction, with dual numbers": (
        lambda grad, x, out: None,
        "Dual numbers go forward only.",
    ),
}


@exercise(
    "09-count",
    kind="prediction",
    points=3,
    answer="passes",
    hints=(
        "Count the calls of torch.autograd.grad in the cells of sections 1 and 2.",
        "The Hessian has a row for every entry of the gradient.",
    ),
    idea="A backward pass answers for one number. The gradient is about one number, a Hessian is "
    "about 1000.",
)
def count(answers):
    small = {name: [_passes(task, n) for n in (2, 5)] for name, (task, _) in TASKS.items()}
    truth = {
        name: two + (1000 - 2) * (five - two) / 3  # the count grows by so much per input
        for name, (two, five) in small.items()
    }
    return compare(answers, truth, {name: said for name, (_, said) in TASKS.items()})


def _penalty_gradient(w, x):
    w = torch.tensor(w, requires_grad=True)
    x = torch.tensor(x, requires_grad=True)
    (g,) = torch.autograd.grad((w * x).tanh().sum(), x, create_graph=True)
    return torch.autograd.grad((g**2).sum(), w)[0].numpy()


@exercise(
    "09-smooth",
    kind="repair",
    points=4,
    answer="penalty_gradient",
    hints=(
        "Does g have a grad_fn? Print it.",
        "The first of the two calls has to record what it does.",
    ),
    idea="Ask the first torch.autograd.grad for create_graph=True.",
)
def smooth(function):
    findings = []
    for size in (1, 4):
        w, x = probe.numbers(size), probe.numbers(size)
        result = probe.run(function, w, x)
        what = f"{size} entries" if size > 1 else "1 entry"
        if result.error:
            said = result.failed
            if "does not require grad" in result.text:
                said += " So g has no history."
        elif probe.close(result.value, _penalty_gradient(w, x)):
            said = "Right."
        elif probe.close(result.value, x * (1 - np.tanh(w * x) ** 2)):
            said = "That is the gradient of out, not of the penalty."
        else:
            said = "Not the gradient of the penalty. Leave the formulas as they were."
        findings.append(Finding(what, said == "Right.", said))
    return findings


def _energy_hessian(x):
    def energy(x):
        return (x[1:] * x[:-1] ** 2).sum() + x.sin().sum()

    return torch.autograd.functional.hessian(energy, torch.tensor(x)).numpy()


@exercise(
    "09-hvp",
    kind="code",
    points=4,
    answer="hessian_times",
    hints=(
        "x arrives without requires_grad. Make a leaf of it first.",
        "The gradient, with a history; times v, summed; the gradient of that.",
    ),
    idea="The trick of section 2, with energy in place of f.",
)
def product(function):
    findings = []
    for size in (3, 6):
        x, v = probe.numbers(size), probe.numbers(size)
        hessian = _energy_hessian(x)
        result = probe.run(function, x, v)
        named = {
            "Right.": hessian @ v,
            "That is the sum of the Hessian's rows: where is v?": hessian.sum(0),
            "That is only the diagonal of the Hessian times v.": np.diag(hessian) * v,
            "That is v times H v, a single number.": v @ hessian @ v,
        }
        findings.append(
            recognise(f"{size} entries", result, named, "Not the Hessian of energy times v.")
        )
    return findings


def _newton(c, x, steps, slope=3, power=2):
    path = [x]
    for _ in range(steps):
        x = x - (x**3 - c) / (slope * x**power)
        path.append(x)
    return path


@exercise(
    "09-root",
    kind="code",
    points=4,
    answer="cube_root",
    transfer=True,
    hints=(
        "In each step: a leaf with the value of x, p of it, and torch.autograd.grad for p'.",
        "Python numbers in the list: .item() makes one of a tensor.",
    ),
    idea="A loop as in newton above, with p in place of the gradient and p' in place of the "
    "second derivative.",
)
def root(function):
    findings = []
    for c, start in ((2.0, 1.5), (-5.0, -1.0)):
        result = probe.run(function, c, start, 4)
        truth = _newton(c, start, 4)
        what = f"the cube root of {c:g}"
        if result.error:
            said = result.failed
        elif result.value is None:
            said = "Not answered yet: it returned None."
        elif probe.close(result.value, truth, rtol=1e-12):
            said = "Right, to the last digit."
        elif probe.close(result.value, truth, rtol=1e-5):
            said = "Nearly: something was in float32 on the way. Use float64."
        elif probe.close(result.value, truth[1:], rtol=1e-5):
            said = "The start belongs to the list as well."
        elif probe.close(result.value, truth[-1], rtol=1e-5):
            said = "That is the last value. Return all values on the way, as a list."
        elif probe.close(result.value, [truth[0]] * 5, rtol=1e-5):
            said = "Nothing moves. Is the new x used in the next step?"
        else:
            said = "Not the steps of Newton's method for x³ - c."
        findings.append(Finding(what, said.startswith("Right"), said))
    return findings
