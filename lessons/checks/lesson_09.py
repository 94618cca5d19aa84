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
    """Backward passes, counted by running the task with `n` inputs in place of 100."""
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
    "the Hessian": (_hessian, "One pass for the gradient, and one for each of its 100 entries."),
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
    "about 100.",
)
def count(answers):
    small = {name: [_passes(task, n) for n in (2, 5)] for name, (task, _) in TASKS.items()}
    truth = {
        name: two + (100 - 2) * (five - two) / 3  # the count grows by so much per input
        for name, (two, five) in small.items()
    }
    return compare(answers, truth, {name: said for name, (_, said) in TASKS.items()})


def _penalty_gradient(w, x, to_x=False):
    w = torch.tensor(w, requires_grad=True)
    x = torch.tensor(x, requires_grad=True)
    (g,) = torch.autograd.grad((w * x).tanh().sum(), x, create_graph=True)
    return torch.autograd.grad((g**2).sum(), x if to_x else w)[0].numpy()


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
        inner = w * (1 - np.tanh(w * x) ** 2)
        named = {
            "Right.": _penalty_gradient(w, x),
            "That is the gradient of out, not of the penalty.": x * (1 - np.tanh(w * x) ** 2),
            "That is with respect to x; asked is with respect to w.": _penalty_gradient(w, x, True),
            "That is the penalty itself, not its gradient.": (inner**2).sum(),
            "The gradient of out is in it as well: backward adds to w.grad.": (
                _penalty_gradient(w, x) + x * (1 - np.tanh(w * x) ** 2)
            ),
        }
        otherwise = "Not the gradient of the penalty. Leave the formulas as they were."
        failed = result.failed_for({"does not require grad": "So g has no history."})
        findings.append(recognise(what, result, named, otherwise, failed))
    return findings


def _energy_hessian(x):
    def energy(x):
        return (x[1:] * x[:-1] ** 2).sum() + x.sin().sum()

    return torch.autograd.functional.hessian(energy, torch.tensor(x)).numpy()


@exercise(
    "09-hvp",
    kind="code",
    points=4,
    answer="try_hessian_times",
    hints=(
        "x arrives without requires_grad. Make a leaf of it first.",
        "The gradient, with a history; times v, summed; the gradient of that.",
    ),
    idea="The trick of section 2, with energy in place of f.",
)
def product(function):
    findings = []
    passes = 0
    for size in (3, 6):
        x, v = probe.numbers(size), probe.numbers(size)
        hessian, gradient = _energy_hessian(x), _energy_gradient(x)
        result = probe.run(function, x, v)
        if isinstance(result.value, dict):
            value = probe.entries(result, passes=int, product=object)
            passes = value["passes"]
            result = result._replace(value=value["product"])
        named = {
            "Right.": hessian @ v,
            "That is the sum of the Hessian's rows: where is v?": hessian.sum(0),
            "v came too late: multiply the gradient by it, before the second pass.": (
                hessian.sum(0) * v
            ),
            "That is only the diagonal of the Hessian times v.": np.diag(hessian) * v,
            "That is v times H v, a single number.": v @ hessian @ v,
            "That is the gradient times v, before the second pass.": gradient * v,
            "That is the number gradient · v, before the second pass.": gradient @ v,
        }
        findings.append(
            recognise(f"{size} entries", result, named, "Not the Hessian of energy times v.")
        )
    if all(finding.right for finding in findings):
        said = "Two backward passes, however many entries there are."
        if passes > 2:
            said = f"{passes} backward passes for 6 entries: the whole Hessian. Two are enough."
        elif not passes:
            said = "A ready-made function did it. torch.autograd.grad alone is enough, twice."
        findings.append(Finding("the work", 0 < passes <= 2, said))
    return findings


def _energy_gradient(x):
    x = torch.tensor(x, requires_grad=True)
    energy = (x[1:] * x[:-1] ** 2).sum() + x.sin().sum()
    return torch.autograd.grad(energy, x)[0].numpy()


ZEROS = {
    "x**3 - 2": (lambda x: x**3 - 2, 1.5),
    "exp(x) - 3": (lambda x: x.exp() - 3, 0.5),
    "cos(x) - x": (lambda x: x.cos() - x, 1.0),
}


def _newton(p, start, steps, sign=-1.0, lowest=False, keep=False):
    """The values on the way; with the sign, the function or the slope of a well-known slip."""
    path, slopes = [start], 0.0
    for _ in range(steps):
        x = torch.tensor(path[-1], dtype=torch.float64, requires_grad=True)
        value = p(x)
        if lowest:
            (value,) = torch.autograd.grad(value, x, create_graph=True)
        slope = torch.autograd.grad(value, x)[0].item()
        slopes = slopes + slope if keep else slope
        path.append(path[-1] + sign * value.item() / slopes)
    return path


@exercise(
    "09-zero",
    kind="code",
    points=4,
    answer="try_find_zero",
    transfer=True,
    hints=(
        "In each step: a leaf with the value of x, p of it, and torch.autograd.grad for p'.",
        "Python numbers in the list: .item() makes one of a tensor.",
    ),
    idea="A loop as in newton above, with p in place of the gradient and p' in place of the "
    "second derivative.",
)
def zero(function):
    findings = []
    for name, (p, start) in ZEROS.items():
        path = _newton(p, start, 4)
        named = {
            "Nearly: something was in float32 on the way. Use float64.": path,
            "The start belongs to the list as well.": path[1:],
            "One step too many.": _newton(p, start, 5),
            "One step too few: the last value is missing.": path[:-1],
            "That is the last value. Return all values on the way, as a list.": path[-1],
            "All entries are the last value: put numbers into the list, not one tensor that "
            "changes in place.": [path[-1]] * 5,
            "Nothing moves. Is the new x used in the next step?": [start] * 5,
            "It runs away from the zero: subtract.": _newton(p, start, 4, sign=1.0),
            "That looks for the lowest point of p. Here p takes the place of the gradient.": (
                _newton(p, start, 4, lowest=True)
            ),
            "The slopes of earlier steps are still there: empty x.grad.": _newton(
                p, start, 4, keep=True
            ),
        }
        result = probe.run(function, name, start, 4)
        exact = probe.close(result.value, path, rtol=1e-12)
        if exact:
            said = "Right, to the last digit."
        else:
            said = recognise(name, result, named, "Not the steps of Newton's method.", rtol=1e-5)
            said = said.said
        findings.append(Finding(f"p(x) = {name}", exact, said))
    return findings
