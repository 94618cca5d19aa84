"""Lesson 07, training by hand."""

import numpy as np

import minigrad as torch
from minigrad import optim
from widgets import compare, derive, exercise, probe, recognise


def two_layers():
    torch.manual_seed(11)
    x = torch.randn(3, 2)
    target = torch.randn(3, 1)
    w1 = torch.randn(2, 2, requires_grad=True)
    w2 = torch.randn(2, 1, requires_grad=True)
    h = x.mm(w1)
    r = h.clamp(min=0)
    p = r.mm(w2)
    loss = (p - target).pow(2).sum()
    return locals()


@exercise(
    "07-first-layer",
    kind="derivation",
    points=5,
    answer="my_factors",
    program=two_layers,
    hints=(
        "∂loss/∂r has the shape of r, 3×2. It is made of ∂loss/∂p (3×1) and w2 (2×1): which of "
        "them has to be transposed?",
        "∂loss/∂w1 has the shape of w1, 2×2. The last step is a product with x, transposed.",
    ),
    idea="2(p - target), times w2 transposed, entry by entry times (h > 0), and x transposed from "
    "the left.",
)
def first_layer(factors):
    v = two_layers()
    return derive(v["loss"], v["w1"], names=v).check(factors).findings()


def _gradients(between):
    w = torch.tensor(3.0, requires_grad=True)
    (w * w).backward()
    between(w)
    return w.grad


ADDED = {
    "two backward passes": (
        lambda w: (w * w).backward(),
        "backward adds to what is there: 6, and 6 more.",
    ),
    "backward, w.grad.zero_(), backward": (
        lambda w: (w.grad.zero_(), (w * w).backward()),
        "zero_() empties it in between. One pass brings 2 w.",
    ),
    "backward, then zero_grad of an optimizer, nothing more": (
        lambda w: optim.SGD([w], lr=0.1).zero_grad(),
        "zero_grad does not write zeros today: it takes the gradient away.",
    ),
}


@exercise(
    "07-added",
    kind="prediction",
    points=3,
    answer="w_grad",
    hints=(
        "The gradient of w * w at w = 3 is 6.",
        "Try zero_grad in a cell of your own, and print w.grad afterwards. Is it 0?",
    ),
    idea="Add up what arrives; and look up what zero_grad(set_to_none=True) means, the default.",
)
def added(answers):
    truth = {name: _gradients(between) for name, (between, _) in ADDED.items()}
    return compare(answers, truth, {name: said for name, (_, said) in ADDED.items()})


def _line(x, y, steps, rate, sign=-1, keep=False, total=np.mean):
    w = g = 0.0
    for _ in range(steps):
        new = total(2 * (w * x - y) * x)
        g = g + new if keep else new
        w += sign * rate * g
    return [w]


@exercise(
    "07-loop",
    kind="repair",
    points=4,
    answer="train_line",
    hints=(
        "Print the loss in the loop. Does it fall?",
        "Downhill is against the gradient. And what is in w.grad at the second step?",
    ),
    idea="Subtract in place of adding, and empty w.grad after the step.",
)
def loop(function):
    findings = []
    for steps in (1, 4):
        x, y = probe.numbers(5), probe.numbers(5)
        result = probe.run(function, x, y, steps, 0.05)
        named = {
            "Right.": _line(x, y, steps, 0.05),
            "It goes uphill: the loss grows.": _line(x, y, steps, 0.05, sign=1),
            "It goes uphill, and the gradients of earlier steps are still there.": _line(
                x, y, steps, 0.05, sign=1, keep=True
            ),
            "The gradients of earlier steps are still there.": _line(x, y, steps, 0.05, keep=True),
            "It has not moved.": [0.0],
            "It stopped after one step: where does the return stand?": _line(x, y, 1, 0.05),
            "The loss is another one: it was the mean.": _line(x, y, steps, 0.05, total=np.sum),
        }
        what = "one step" if steps == 1 else f"{steps} steps"
        findings.append(
            recognise(what, result, named, "These are not the steps of gradient descent.")
        )
    return findings


def _two(w, x, rate):
    w = torch.tensor(w, requires_grad=True)
    out = (w * w * torch.tensor(x)).tanh()
    (out.sum() + (out**2).sum()).backward()
    return (w - rate * w.grad).detach().numpy()


def _behind(start, x, rate):
    """Two steps through .data, one after each backward: the second gradient is silently wrong."""
    w = torch.tensor(start, requires_grad=True)
    out = (w * w * torch.tensor(x)).tanh()
    for loss in (out.sum(), (out**2).sum()):
        loss.backward(retain_graph=True)
        w.data -= rate * w.grad
    return w.detach().numpy()


def _one(w, x, rate, power):
    w = torch.tensor(w, requires_grad=True)
    ((w * w * torch.tensor(x)).tanh() ** power).sum().backward()
    return (w - rate * w.grad).detach().numpy()


@exercise(
    "07-two",
    kind="repair",
    points=4,
    answer="two_losses",
    hints=(
        "Which of the lines changes something that the second backward needs?",
        "Both losses go through out. So the first backward must not free what was saved.",
    ),
    idea="Both backward passes first, the first one with retain_graph=True; their gradients add up "
    "in w.grad; then one step.",
)
def two(function):
    findings = []
    for size in (2, 4):
        w, x = probe.numbers(size), probe.numbers(size)
        result = probe.run(function, w, x, 0.1)
        what = f"{size} weights"
        named = {
            "Right.": _two(w, x, 0.1),
            "Only the first loss counts.": _one(w, x, 0.1, 1),
            "Only the second loss counts.": _one(w, x, 0.1, 2),
            "That is two steps: one was asked for.": 2 * _two(w, x, 0.1) - w,
            "The second gradient is the one at other weights: w has moved before it.": _one(
                _one(w, x, 0.1, 1), x, 0.1, 2
            ),
            "It has not moved.": w,
            "The first gradient is lost: w.grad is one tensor, and it was emptied and filled "
            "again. A copy would have kept it.": 2 * _one(w, x, 0.1, 2) - w,
            "w moved between the two, behind autograd's back: no error, and a wrong gradient.": (
                _behind(w, x, 0.1)
            ),
        }
        otherwise = "Not one step with the sum of both gradients, at the same weights."
        findings.append(recognise(what, result, named, otherwise))
    return findings


def _momentum(start, steps, rate, mu):
    """By minigrad's own optimizer."""
    w = torch.tensor(start, requires_grad=True)
    optimizer = optim.SGD([w], lr=rate, momentum=mu)
    for _ in range(steps):
        optimizer.zero_grad()
        ((w**2).sum() + w[0] * w[-1]).backward()
        optimizer.step()
    return w.detach().numpy()


def _by_hand(start, steps, rate, mu, share=1.0, late=False, sign=-1):
    """With a share of g, as other formulas have it; with the v of the step before; uphill."""
    w, v = torch.tensor(start, requires_grad=True), 0
    for _ in range(steps):
        ((w**2).sum() + w[0] * w[-1]).backward()
        before, v = v, mu * v + share * w.grad
        w = (w + sign * rate * (before if late else v)).detach().requires_grad_()
    return w.detach().numpy()


@exercise(
    "07-momentum",
    kind="code",
    points=5,
    answer="with_momentum",
    transfer=True,
    hints=(
        "v is a tensor of its own, without a history. It lives outside the loop.",
        "First the new v from the old one and the gradient; then w, in place, under no_grad.",
    ),
    idea="The loop of section 4, with v between the gradient and the step.",
)
def momentum(function):
    findings = []
    for size, steps in ((2, 1), (3, 5)):
        start = probe.numbers(size)
        result = probe.run(function, start, steps, 0.1, 0.8)
        what = f"{steps} step{'s' * (steps > 1)}"
        named = {
            "Right.": _momentum(start, steps, 0.1, 0.8),
            "That is gradient descent: v has no memory.": _momentum(start, steps, 0.1, 0.0),
            "Nothing fades: v has to be multiplied by mu.": _momentum(start, steps, 0.1, 1.0),
            "In this formula the gradient counts fully, not with 1 - mu.": _by_hand(
                start, steps, 0.1, 0.8, share=0.2
            ),
            "It goes uphill: the step is subtracted.": _by_hand(start, steps, 0.1, 0.8, sign=1),
            "The rate is missing in the step.": _by_hand(start, steps, 1.0, 0.8),
            "The rate is in it twice: v has none.": _by_hand(start, steps, 0.1, 0.8, share=0.1),
            "mu belongs to the old v alone; the new gradient counts fully.": _by_hand(
                start, steps, 0.1, 0.8, share=0.8
            ),
            "v comes first, then w: the step follows the new v, not the one before.": _by_hand(
                start, steps, 0.1, 0.8, late=True
            ),
            "It has not moved.": start,
        }
        findings.append(
            recognise(
                what, result, named, "Not the steps of these two formulas. Was w.grad emptied?"
            )
        )
    return findings
