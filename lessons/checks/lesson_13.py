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


@exercise(
    "13-compare",
    kind="code",
    points=5,
    answer="compare_engines",
    transfer=True,
    hints=(
        "Write one function that takes the engine as an argument, as `program` above does.",
        "dtype=engine.float64 and requires_grad=True when the tensor is made; .tolist() at the "
        "end.",
    ),
    idea="Run the same few lines with engine=minigrad and with engine=torch; then compare entry by "
    "entry.",
)
def compare_engines(function):
    values = probe.numbers(5)
    result = probe.run(function, values.tolist())
    if result.error:
        return [Finding("it runs", False, result.failed)]
    asked = ("minigrad", "torch", "largest difference")
    if not isinstance(result.value, dict) or set(result.value) != set(asked):
        return [Finding("it runs", False, f"It must return a dictionary with {', '.join(asked)}.")]
    truth = np.sin(values) + values * np.cos(values)
    findings = []
    for engine in asked[:2]:
        said = _gradient_said(result.value[engine], values, truth)
        findings.append(Finding(engine, said == "Right.", said))
    gap = result.value["largest difference"]
    if all(finding.right for finding in findings):
        pairs = zip(result.value["minigrad"], result.value["torch"], strict=True)
        real = max(abs(a - b) for a, b in pairs)
        right = isinstance(gap, (int, float, np.ndarray)) and abs(float(gap) - real) < 1e-15
        said = "Right." if right else "Not the largest difference of the two lists, without a sign."
    else:
        right, said = False, "First the two gradients have to be right."
    return [*findings, Finding("largest difference", right, said)]


def _gradient_said(yours, values, truth):
    if yours is None:
        return "It is None."
    if probe.close(yours, truth, rtol=1e-12):
        return "Right."
    if probe.close(yours, truth, rtol=1e-5):
        return "These are not float64's digits: something was float32 on the way."
    if probe.close(yours, np.cos(values), rtol=1e-5):
        return "That is the derivative of sin(v). Here it is v · sin(v): the product rule."
    return "Not the gradient of Σ v · sin(v)."
