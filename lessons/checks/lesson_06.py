"""Lesson 06, in place."""

import numpy as np

import minigrad as torch
from widgets import Finding, compare, exercise, probe, recognise


def _a(x):
    y = x.sin()
    y.add_(1)
    return y


def _b(x):
    y = x.tanh()
    y.add_(1)
    return y


def _c(x):
    y = x * 3
    z = y * y
    y.zero_()
    return z


def _d(x):
    y = x * 3
    z = y + 1
    y.zero_()
    return z


def _e(x):
    y = x * 1
    z = y.sin()
    y[0] = 5
    return z


def _f(x):
    y = x.exp()
    y.detach().add_(1)
    return y


def _g(x):
    x[0] = 5
    return x


def _h(x):
    y = x * 1
    y[0] = 5
    return y


PROGRAMS = {
    "A": (_a, "The derivative of sin needs its input x, not its result."),
    "B": (_b, "The derivative of tanh is written with its result: 1 - y²."),
    "C": (_c, "z = y * y needs y on both sides."),
    "D": (_d, "z = y + 1 does not need y, and neither does y = x * 3."),
    "E": (_e, "sin has saved its input y, and one entry of it was written to."),
    "F": (_f, "exp has saved its result. A detached tensor shares the counter."),
    "G": (_g, "x is a leaf that requires grad, and recording is on. Section 4 shows what is said."),
    "H": (_h, "y is no leaf, and x * 1 has not saved it. Its history is told anew."),
}


def _fails(program):
    try:
        program(torch.tensor([1.0, 2.0], requires_grad=True)).sum().backward()
    except RuntimeError:
        return True
    return False


@exercise(
    "06-raises",
    kind="prediction",
    points=5,
    answer="raises",
    hints=(
        "For each operation before the writing: does its derivative need the tensor that is "
        "overwritten?",
        "sin needs its input; tanh and exp need their result; a product needs both factors.",
    ),
    idea="Mark on each line what is saved. An error comes where a marked tensor is overwritten "
    "later.",
)
def raises(answers):
    truth = {name: _fails(program) for name, (program, _) in PROGRAMS.items()}
    return compare(answers, truth, {name: said for name, (_, said) in PROGRAMS.items()})


def overwritten():
    x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
    y = x * x
    y[1] = 7.0
    y[2] *= 10
    out = y.sum()
    return locals()


@exercise(
    "06-written",
    kind="derivation",
    points=4,
    answer="my_gradient",
    program=overwritten,
    hints=(
        "Does out still depend on x[1], after 7 was written over y[1]?",
        "y[2] is 10 · x[2]² at the end.",
    ),
    idea="Write down each entry of y at the end, as a formula in x, and differentiate.",
)
def written(gradient):
    v = overwritten()
    v["out"].backward()
    truth = v["x"].grad.tolist()
    values = getattr(gradient, "tolist", lambda: gradient)()
    if not isinstance(values, (list, tuple)) or len(values) != 3:
        return [Finding("three numbers", False, "It must be a list of 3 numbers.")]
    because = {
        "x[0]": "Nothing was written to y[0]: it is x[0]².",
        "x[1]": "What was there was overwritten by a number. Does that depend on x[1]?",
        "x[2]": "y[2] was multiplied by 10, after it was x[2]².",
    }
    names = list(because)
    asked = dict(zip(names, values, strict=True))
    return compare(asked, dict(zip(names, truth, strict=True)), because)


@exercise(
    "06-memory",
    kind="repair",
    points=4,
    answer="gradient",
    hints=(
        "tanh needs its result in the backward pass. Which line overwrites it?",
        "The square may have a tensor of its own.",
    ),
    idea="Write the square out of place: y * y in place of y.mul_(y).",
)
def memory(function):
    findings = []
    for size in (3, 5):
        x = probe.numbers(size)
        t = np.tanh(x)
        result = probe.run(function, x)
        what = f"{size} entries"
        named = {
            "Right.": 2 * t * (1 - t**2),
            "That is the gradient of the sum of tanh: the square is missing.": 1 - t**2,
            "tanh is cut off: only the square is differentiated.": 2 * t,
            "The derivative is computed from y that was overwritten by its square.": 2
            * t
            * (1 - t**4),
            "The square is not differentiated.": t * (1 - t**2),
            "y was overwritten behind autograd's back: no error, and a wrong number.": 1 - t**4,
            "That is the gradient of the mean. It is the sum that counts here.": 2
            * t
            * (1 - t**2)
            / size,
        }
        failed = ""
        if "inplace operation" in result.text:
            failed = (
                "It raised the error of section 2: what is still needed was overwritten. "
                "tanh needs its result, and a product needs its factors."
            )
        otherwise = "Not the gradient of Σ tanh(x)²."
        findings.append(recognise(what, result, named, otherwise, failed))
    return findings


def _clamped(start, x, steps, rate, kept=0.0):
    """The weights after training, clamped after each step; `kept` of the gradients stays."""
    w, gradient = start.copy(), 0.0
    for _ in range(steps):
        gradient = kept * gradient + 2 * w * x
        w = np.clip(w - rate * gradient, -1, 1)
    return w


def _clamped_too_early(start, x, steps, rate):
    """Clamped between backward and the step."""
    w = start.copy()
    for _ in range(steps):
        w = np.clip(w, -1, 1) - rate * 2 * w * x
    return w


def _clamped_once(start, x, steps, rate):
    """Clamped after the last step."""
    w = start.copy()
    for _ in range(steps):
        w = w - rate * 2 * w * x
    return np.clip(w, -1, 1)


def _clamped_gradient(start, x, steps, rate):
    """The gradients are clamped, not the weights."""
    w = start.copy()
    for _ in range(steps):
        w = w - rate * np.clip(2 * w * x, -1, 1)
    return w


def _as_it_stood(start, x, steps, rate):
    w = start.copy()
    for _ in range(steps):
        w = np.clip(w, -1, 1)
        w = w - rate * 2 * w * x
    return w


@exercise(
    "06-clamp",
    kind="repair",
    points=4,
    answer="train",
    hints=(
        "Between which two lines does nobody need the old values of w any more?",
        "Inside with torch.no_grad():, right after the step, w itself may be overwritten: "
        "w.clamp_(-1, 1).",
    ),
    idea="After the step, under no_grad, in place. (With .data the numbers are the same there. But "
    "if the line ever moves back, nothing warns you.)",
)
def clamp(function):
    findings = []
    for steps in (1, 3):
        start = probe.numbers(4, low=-3.0, high=3.0)
        start[:3] = 2.5, -2.0, 2.5
        x = probe.numbers(4)
        x[0], x[1] = 0.5 + abs(x[0]), -abs(x[1])  # one weight is driven inwards, one outwards
        x[2] = -abs(x[2])
        result = probe.run(function, start, x, steps, 0.1)
        what = "one step" if steps == 1 else f"{steps} steps"
        plain = start.copy()
        for _ in range(steps):
            plain = plain - 0.1 * 2 * plain * x
        tried = (start, x, steps, 0.1)
        named = {
            "Right.": _clamped(*tried),
            "As it stood: the weights are clamped before the gradient is computed from them.": (
                _as_it_stood(*tried)
            ),
            "The weights are not clamped any more.": plain,
            "Clamped, and then stepped: the step may lead out of the range again.": (
                _clamped_too_early(*tried)
            ),
            "The gradients of earlier steps are still in w.grad.": _clamped(*tried, kept=1.0),
            "Clamped only after the last step. It belongs into the loop.": _clamped_once(*tried),
            "It is the weights that are kept in the range, not their gradients.": (
                _clamped_gradient(*tried)
            ),
        }
        ideas = {
            "does not require grad": "w = w.clamp(…) is a new tensor, not the leaf.",
            "leaf Variable": "Overwrite a leaf only where nothing is recorded.",
        }
        otherwise = "Not these steps, each clamped at its end."
        findings.append(recognise(what, result, named, otherwise, result.failed_for(ideas)))
    return findings


def _flat(value):
    """Two numbers, however they are wrapped; other things as they are."""
    try:
        numbers = np.ravel(np.array(value, float))
    except (TypeError, ValueError, OverflowError):
        return value
    return numbers if numbers.size == 2 else value


@exercise(
    "06-fibonacci",
    kind="code",
    points=5,
    answer="fibonacci_gradient",
    transfer=True,
    hints=(
        "f = torch.zeros(n, dtype=torch.float64) is no leaf that requires grad, so it may be "
        "written to. Its history grows with each entry.",
        "a and b have to be tensors that require grad before they are written into f.",
    ),
    idea="Two leaves; f[0] = a, f[1] = b, a loop with f[i] = f[i-1] + f[i-2]; backward from the "
    "last entry. An addition saves nothing, so no overwritten value is needed.",
)
def fibonacci(function):
    findings = []
    for n in (2, 6, 12):
        numbers = [(1, 0), (0, 1)]  # how often a and b are in each entry
        while len(numbers) < n:
            numbers.append(tuple(np.add(numbers[-1], numbers[-2]).tolist()))
        result = probe.run(function, 1.5, -0.5, n)
        truth = [float(k) for k in numbers[n - 1]]
        value = 1.5 * truth[0] - 0.5 * truth[1]
        totals = [sum(entry[k] for entry in numbers[:n]) for k in range(2)]
        named = {
            "Right.": truth,
            "Those are exchanged: first the gradient for a, then for b.": truth[::-1],
            "That is the gradient of the sum of all entries.": totals,
            "That is the number itself, not its gradient.": value,
            "Nothing arrives: some entry was written without its history.": [0.0, 0.0],
        }
        result = result._replace(value=_flat(result.value))
        ideas = {"leaf Variable": "f is to be filled, so it must not be a leaf that learns."}
        otherwise = f"For n = {n} these are not the two gradients."
        findings.append(recognise(f"n = {n}", result, named, otherwise, result.failed_for(ideas)))
    return findings
