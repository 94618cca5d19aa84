"""Lesson 02, the chain rule by hand."""

import numpy as np

import minigrad as torch
from widgets import Finding, compare, derive, exercise, probe, recognise


def fourth_power():
    x = torch.tensor([0.5, -1.0, 2.0], requires_grad=True)
    y = 1 - 3 * x
    z = y**4
    out = z.sum()
    return locals()


@exercise(
    "02-sum",
    kind="derivation",
    points=4,
    answer="my_factors",
    program=fourth_power,
    hints=(
        "One entry of z grows by a little. How much does the sum of all of them grow?",
        "y = 1 - 3x: what happens to y when x grows? Mind the sign.",
    ),
    idea="A sum passes every entry on as it is. Then come the rule for a power, with its exponent "
    "in front and one less above, and the number that multiplies x.",
)
def of_a_sum(factors):
    v = fourth_power()
    return derive(v["out"], v["x"], names=v).check(factors).findings()


def third(size=3, inner=4, outer=8, reduce="mean"):
    X = torch.ones(size, size, requires_grad=True)
    out = getattr(outer * (inner * X + 2) ** 2, reduce)()
    out.backward()
    return X.grad


CHANGES = {
    "mean() becomes sum()": (
        {"reduce": "sum"},
        "A mean divides by the number of entries; a sum does not divide.",
    ),
    "4 * X becomes -4 * X": (
        {"inner": -4},
        "The -4 stands in two places: it is the inner derivative, and it changes what y is.",
    ),
    "8 becomes 80": ({"outer": 80}, "The 8 is a factor of out, so it is a factor of the gradient."),
    "ones(3, 3) becomes ones(2, 2)": (
        {"size": 2},
        "How many entries does the mean divide by now?",
    ),
}


@exercise(
    "02-changes",
    kind="prediction",
    points=4,
    answer="my_prediction",
    hints=(
        "Write the gradient as 1/n · 16 y · 4 and ask which of these numbers the change touches.",
        "With -4 in place of 4, y itself is another number: y = -4 + 2.",
    ),
    idea="Each change touches one or two factors of 1/n · 2 · outer · y · inner. Put the new "
    "numbers into that formula.",
)
def changes(answers):
    truth = {name: third(**change) for name, (change, _) in CHANGES.items()}
    return compare(answers, truth, {name: said for name, (_, said) in CHANGES.items()})


def _gradient(x):
    """Of g(x) = Σ x³ + x₀ x₁, by autograd."""
    x = torch.tensor(x, requires_grad=True)
    ((x**3).sum() + x[0] * x[1]).backward()
    return x.grad.numpy()


@exercise(
    "02-nudge",
    kind="repair",
    points=4,
    answer="numeric_gradient",
    hints=(
        "Print nudged inside the loop. How many of its entries are nudged at the second turn?",
        "Each turn has to begin with an x in which nothing is nudged.",
    ),
    idea="A partial derivative moves one entry and holds all others where they were. Make the copy "
    "inside the loop.",
)
def nudge(function):
    findings = []
    for size in (2, 4):
        x = probe.numbers(size)
        result = probe.run(function, x)
        truth = _gradient(x)
        named = {
            "These are the partial derivatives.": truth,
            "The first entry is right; then each is the sum of all partial derivatives so far. "
            "The nudges of the turns before are still in it.": np.cumsum(truth),
            "Every entry was nudged at each turn: nudge entry i alone.": np.full(size, truth.sum()),
            "The sign is turned: first comes what was nudged.": -truth,
            "Only the first entry is there: where does the return stand?": truth * np.eye(size)[0],
        }
        otherwise = "These are not the partial derivatives of g."
        findings.append(recognise(f"{size} entries", result, named, otherwise, rtol=1e-4))
    x = probe.numbers(3)
    result = probe.run(function, x, 1e-3)
    plain = [3 * v**2 + 3 * v * 1e-3 + 1e-6 for v in x] + np.array([x[1], x[0], 0])
    both = [3 * v**2 + 1e-6 for v in x] + np.array([x[1], x[0], 0])
    down = [3 * v**2 - 3 * v * 1e-3 + 1e-6 for v in x] + np.array([x[1], x[0], 0])
    kept = any(probe.close(result.value, truth, rtol=1e-7) for truth in (plain, down, both))
    said = "It nudges by the h that it is given."
    if probe.close(result.value, _gradient(x)):
        said = "That is exact, so it is no finite difference. Use g, and nudge."
    elif not kept:
        said = "It must nudge x by h, whatever h is, and compare with g at x itself."
    return [*findings, Finding("another h", kept, said)]


def _all_nudged(x, h):
    """The central difference of g if every entry of x is nudged."""
    up, down = x + h, x - h
    return ((up**3).sum() + up[0] * up[1] - (down**3).sum() - down[0] * down[1]) / (2 * h)


@exercise(
    "02-central",
    kind="code",
    points=4,
    answer="central_difference",
    transfer=True,
    hints=(
        "You need two copies of x: one with h added at entry i, one with h taken away there.",
        "The distance between the two points is not h.",
    ),
    idea="Evaluate g at both copies, subtract, and divide by the distance between the two points.",
)
def central(function):
    findings = []
    for i in (0, 2):
        x = probe.numbers(3, low=0.5)
        h = 0.1
        result = probe.run(function, x, i, h)
        v, rest = x[i], x[1] if i == 0 else 0.0
        exact = 3 * v**2 + rest
        named = {
            "Right: the error is h² and no more.": exact + h**2,
            "That is the difference to one side: it has an error of 3·x·h here.": exact
            + 3 * v * h
            + h**2,
            "That is the difference to the other side: x - h against x.": exact - 3 * v * h + h**2,
            "Twice too large: the two points are 2h apart, not h.": 2 * (exact + h**2),
            "The sign is turned: first comes what was nudged upwards.": -(exact + h**2),
            "That is exact; a finite difference with this h cannot be. Use g itself.": exact,
            "Not divided by the distance of the points yet.": 2 * h * (exact + h**2),
            "a / 2 * h is a / 2, times h. Put the 2 * h into brackets.": h**2 * (exact + h**2),
            "The two points are only h apart. Nudge by a whole h, in both directions.": exact
            + h**2 / 4,
            "All entries were nudged, not only entry i.": _all_nudged(x, h),
            "It is 0: are up and down two copies, or twice the same tensor?": 0.0,
            "The second point is x itself: h was added and taken away again.": (
                exact + 3 * v * h + h**2
            )
            / 2,
        }
        otherwise = "That is not the central difference of g."
        what = f"entry {i}, h = {h}"  # h may have been float32 on the way
        findings.append(recognise(what, result, named, otherwise, rtol=1e-6))
    return findings
