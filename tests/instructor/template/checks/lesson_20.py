"""Lesson 20, the template: what is true is computed here, and no answer is written down."""

import minigrad as torch
from widgets import Finding, compare, exercise, probe


def program():
    x = torch.tensor([1.0, -2.0], requires_grad=True)
    y = x * x
    y.sum().backward()
    return x, y


@exercise(
    "20-gradients",
    kind="prediction",
    points=2,
    answer="my_prediction",
    hints=(
        "Which of the two is a leaf?",
        "The derivative of x * x is the sum of two parts, one per factor.",
    ),
    idea="Leaves keep their gradients, others do not; and each factor contributes the other one.",
)
def gradients(prediction):
    x, y = program()
    because = {
        "x.grad": "x is used twice: what comes from both uses is added.",
        "y.grad": "Only leaves keep a gradient.",
    }
    return compare(prediction, {"x.grad": x.grad, "y.grad": y.grad}, because)


@exercise(
    "20-energy",
    kind="code",
    points=3,
    answer="energy",
    transfer=True,
    hints=(
        "The energy of one entry is half of its square.",
        "Add up at the end: the result is one number, with a graph behind it.",
    ),
    idea="Square, halve, add up, with tensors from end to end; then autograd does the rest.",
)
def energy(function):
    findings = []
    for size in (1, 4):
        x = probe.numbers(size)  # other numbers every time: they cannot be learned by heart
        result = probe.vjp(function, [x])
        if result.error:
            right, said = False, result.failed
        elif not probe.close(result.value, (x**2).sum() / 2):
            halved = probe.close(result.value, (x**2).sum())
            right, said = False, "The half is missing." if halved else "That is not the energy."
        elif not probe.close(result.gradients[0], x):
            right, said = False, "The number is right, but no gradient arrives: is the graph cut?"
        else:
            right, said = True, "Right, and so is its gradient."
        findings.append(Finding(f"{size} entries", right, said))
    return findings
