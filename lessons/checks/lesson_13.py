"""Lesson 13, the same picture on real PyTorch."""

import numpy as np

import minigrad as torch
from widgets import Finding, compare, derive, exercise, probe, recognise

NAMES = {
    "x + 2": (lambda x: x + 2, "The operator + is called add: that with a capital, then Backward."),
    "x - 2": (lambda x: x - 2, "The operator - is called sub: that with a capital, then Backward."),
    "x * x": (lambda x: x * x, "The operator * is called mul: that with a capital, then Backward."),
    "x ** 2": (
        lambda x: x**2,
        "The operator ** is called pow: that with a capital, then Backward.",
    ),
    "x.mean()": (lambda x: x.mean(), "The method's own name, with a capital, then Backward."),
    "x.view(-1)": (lambda x: x.view(-1), "The method's own name, with a capital, then Backward."),
}


@exercise(
    "13-names",
    kind="prediction",
    points=3,
    answer="names",
    hints=(
        "The cell above that prints the names of the nodes shows the pattern.",
        "The name of the operation, with a capital, and then Backward.",
    ),
    idea="Operators have names of three letters: add, sub, mul, pow, div. Methods keep theirs.",
)
def names(answers):
    x = torch.ones(3, requires_grad=True)
    truth = {
        name: type(program(x).grad_fn).__name__.rstrip("0123456789")
        for name, (program, _) in NAMES.items()
    }
    if isinstance(answers, dict):  # with the number is right as well
        answers = {
            name: told.strip("<> ").rstrip("0123456789") if isinstance(told, str) else told
            for name, told in answers.items()
        }
    return compare(answers, truth, {name: said for name, (_, said) in NAMES.items()})


def log_of_sum():
    x = torch.tensor([0.0, 1.0, -2.0], requires_grad=True)
    e = x.exp()
    s = e.sum()
    out = s.log()
    return locals()


@exercise(
    "13-logsumexp",
    kind="derivation",
    points=4,
    answer="my_factors",
    program=log_of_sum,
    hints=(
        "The derivative of log s is 1/s. A sum passes on what arrives.",
        "The derivative of exp is exp: that is e.",
    ),
    idea="1/s times 1 times e. Written out it is the softmax of x.",
)
def logsumexp(factors):
    v = log_of_sum()
    return derive(v["out"], v["x"], names=v).check(factors).findings()


@exercise(
    "13-item",
    kind="repair",
    points=4,
    answer="error_gradient",
    hints=(
        "What does .item() make of a tensor? Does that remember anything?",
        "There are two places: the .item() calls, and the torch.tensor(…) around the error.",
    ),
    idea="Compute with tensors all the way: (weights * features).sum(), and no new tensor after.",
)
def item(function):
    findings = []
    for size in (2, 4):
        w, f = probe.numbers(size), probe.numbers(size)
        target = float(probe.numbers(1)[0])
        off = w @ f - target
        result = probe.run(function, w.tolist(), f.tolist(), target)
        what = f"{size} weights"
        named = {
            "Right.": 2 * off * f,
            "The inner derivative is missing: the square has a factor 2.": off * f,
            "That is the gradient of the prediction, not of the error.": f,
            "Those are the weights, not their gradient.": w,
            "The prediction is the sum over all features, and not their mean.": (
                2 * (w @ f / size - target) * f / size
            ),
            "The prediction is one number: sum first, then take the error.": (
                2 * (w * f - target) * f
            ),
        }
        failed = ""
        if "does not require grad" in result.text:
            cut = " The graph is cut: somewhere a number or a new tensor was made."
            failed = result.failed + cut
        otherwise = "Not the gradient of (prediction - target)²."
        findings.append(recognise(what, result, named, otherwise, failed, rtol=1e-6))
    return findings


ASKED = ("minigrad", "torch", "largest difference")


@exercise(
    "13-compare",
    kind="code",
    points=5,
    answer="try_compare",
    transfer=True,
    hints=(
        "Write one function that takes the engine as an argument, as `program` above does.",
        "dtype=engine.float64 and requires_grad=True when the tensor is made; x.grad is the tensor "
        "to return. To compare, make lists of the two with .tolist().",
    ),
    idea="Run the same few lines with engine=minigrad and with engine=torch; then compare entry by "
    "entry.",
)
def compare_engines(function):
    tries = [_compared(function, size) for size in (5, 40, 40, 40)]  # a sign may be right by chance
    return next((found for found in tries if not all(f.right for f in found)), tries[0])


def _compared(function, size):
    values = probe.numbers(size)
    result = probe.run(function, values.tolist())
    if result.error:
        return [Finding("it runs", False, result.failed)]
    told = result.value if isinstance(result.value, dict) else {}
    found, made, asked = (told.get(name) for name in ("found", "made", "asked"))
    if not all(isinstance(part, dict) for part in (found, made, asked)) or set(found) != set(ASKED):
        said = f"It must return a dictionary with {', '.join(ASKED)}."
        return [Finding("it runs", False, said)]
    findings = [
        _gradient(name, found[name], values, made.get(name), asked.get(name)) for name in ASKED[:2]
    ]
    gap = found["largest difference"]
    if all(finding.right for finding in findings):
        real = np.abs(np.subtract(found["minigrad"], found["torch"])).max()
        plain = isinstance(gap, (int, float, np.ndarray)) and np.size(gap) == 1
        right = plain and abs(float(gap) - real) < 1e-17
        said = "Right." if right else "Not the largest difference of the entries, without a sign."
    else:
        right, said = False, "First the two gradients have to be right."
    return [*findings, Finding("largest difference", right, said)]


def _gradient(name, yours, values, made, asked):
    """One finding about a gradient and about the engine that made it."""
    truth = np.sin(values) + values * np.cos(values)
    named = {
        "Right.": truth,
        "That is the derivative of sin(v). Here it is v · sin(v): the product rule.": (
            np.cos(values)
        ),
        "That is the gradient of the mean. It is the sum that counts here.": truth / len(values),
    }
    otherwise = "Not the gradient of Σ v · sin(v)."
    if probe.close(yours, truth, rtol=1e-5):
        otherwise = "These are not float64's digits: something was float32 on the way."
    finding = recognise(name, probe.Outcome(yours), named, otherwise, rtol=1e-12)
    if not finding.right or made == asked:
        return finding
    who = f"{made} made them" if made in ASKED else "they do not tell who made them"
    said = f"Right numbers, but {who}. Return the tensor x.grad that {name} has made."
    return finding._replace(right=False, said=said)
