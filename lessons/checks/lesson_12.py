"""Lesson 12, build your own engine."""

import random

import numpy as np

import minigrad as torch
from widgets import Finding, compare, exercise, probe, recognise


def operation(function, a, b, truth, named, rtol=1e-9):
    """One operation of the reader's engine against the same one of minigrad.

    named: place of the input → {what is said: the wrong gradient that it is said of}.
    """
    product = truth(torch.tensor(a), torch.tensor(b))
    g = probe.numbers(*product.shape)
    result = probe.run(function, a, b, g)
    if result.error:
        return [Finding("it runs", False, result.failed)]
    value = probe.entries(result, value=object, sent=list)
    if not all(isinstance(pair, list) and len(pair) == 2 for pair in value["sent"]):
        raise probe.Unusable("Each entry of sources must be a pair.")
    if any(place is None for place, _ in value["sent"]):
        said = "Each pair begins with the Array itself: a and not a.data."
        return [Finding("sources", False, said)]
    same = probe.close(value["value"], product.numpy(), rtol)
    said = "Right." if same else "The result is not the right one."
    findings = [Finding("the result", same, said)]
    gradients = probe.vjp(truth, [a, b], g).gradients
    for place, name in enumerate(("a", "b")):
        sent = [np.asarray(back) for where, back in value["sent"] if where == place]
        what = f"what {name} is sent"
        if not sent:
            said = f"Nothing is sent back to {name}: sources needs a pair for it."
            findings.append(Finding(what, False, said))
            continue
        known = {"Right.": gradients[place], **named(g)[place]}
        shapes = [np.shape(one) for one in (sum(sent), gradients[place])]
        otherwise = "The shape is right, the numbers are not."
        if shapes[0] != shapes[1]:
            otherwise = f"It has the shape {shapes[0]}, and {name} has {shapes[1]}."
        one = result._replace(value=sum(sent))
        findings.append(recognise(what, one, known, otherwise, rtol=rtol))
    return findings


@exercise(
    "12-multiply",
    kind="code",
    points=4,
    answer="try_multiply",
    without=("minigrad",),
    hints=(
        "Two pairs in the list, as in add: one for a, one for b.",
        "If a grows by a little, a * b grows by b times as much. So a is sent g times …",
    ),
    idea="Each source is sent the incoming gradient times the data of the other one.",
)
def multiply(function):
    a, b = probe.numbers(2, 3), probe.numbers(2, 3)

    def named(g):
        swapped = "That is for the other one: a is sent g times b, and b is sent g times a."
        alone = "The incoming gradient is missing: the function gets it as g."
        passed = "That is an addition's rule: g alone."
        return [
            {swapped: g * a, alone: b, passed: g},
            {swapped: g * b, alone: a, passed: g},
        ]

    return operation(function, a, b, lambda a, b: a * b, named)


def _random_graph(size):
    chance = random.SystemRandom()
    graph = {"n0": []}
    for k in range(1, size):
        graph[f"n{k}"] = [f"n{chance.randrange(k)}" for _ in range(chance.randint(1, 3))]
    return graph


def _reached(graph, output):
    seen, unseen = {output}, [output]
    while unseen:
        for source in graph[unseen.pop()]:
            if source not in seen:
                seen.add(source)
                unseen.append(source)
    return seen


@exercise(
    "12-order",
    kind="code",
    points=5,
    answer="try_order",
    without=("minigrad",),
    hints=(
        "First count, for every array that can be reached, how many uses point at it.",
        "Then start with the result. Each time an array is put into the list, take one off the "
        "count of each of its sources; a source with nothing left to wait for comes next.",
    ),
    idea="The repair of lesson 04: count the uses, then let each array wait until all arrays that "
    "use it are in the list.",
)
def order(function):
    short_cut = {"r": [], "a": ["r"], "b": ["a"], "c": ["b"], "out": ["r", "c", "a"]}
    twice = {"a": [], "b": ["a", "a"], "c": ["b", "b"]}
    dead_end = {"a": [], "b": ["a"], "unused": ["a", "b"]}
    tries = {
        "every array once": (twice, "c"),
        "a short cut": (short_cut, "out"),
        "an array that the result does not use": (dead_end, "b"),
        "a random graph": (_random_graph(12), "n11"),
    }
    findings = []
    for what, (graph, output) in tries.items():
        said = _order_said(probe.run(function, graph, output), graph, output)
        findings.append(Finding(what, said == "Right.", said))
    if all(finding.right for finding in findings):  # a wrong one might never end
        chain = {"n0": []} | {f"n{k}": [f"n{k - 1}"] * 2 for k in range(1, 5001)}
        said = _order_said(probe.run(function, chain, "n5000"), chain, "n5000")
        findings.append(Finding("5000 operations in a row", said == "Right.", said))
    return findings


def _order_said(result, graph, output):
    if result.error:
        return result.failed
    names = result.value
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return "It must be a list of the arrays."
    reached = _reached(graph, output)
    if set(names) != reached:
        missing = sorted(reached - set(names))
        if not missing:
            return "There is something that it did not use."
        user = next(name for name in graph if missing[0] in graph[name])
        return f"{missing[0]} is missing, and {user} was computed from it."
    place = {}
    for k, name in enumerate(names):
        if name in place:
            return f"{name} is there more than once."
        place[name] = k
    for name in names:
        for source in graph[name]:
            if place[source] < place[name]:
                return f"{source} stands before {name}, which was computed from it."
    return "Right."


@exercise(
    "12-back",
    kind="repair",
    points=4,
    answer="try_back",
    without=("minigrad",),
    hints=(
        "All gradients are 0 at the beginning. Where should the first number come from?",
        "What if a source has been sent something before?",
    ),
    idea="The gradient of the result is 1. What arrives is added to what is there.",
)
def back(function):
    chain = {"x": [], "y": [("x", 4.0)], "out": [("y", -0.5)]}
    shared = {"a": [], "b": [("a", 2.0), ("a", 3.0)], "c": [("b", 0.5), ("a", 1.0)]}
    findings = []
    # other: without adding; ones: if every gradient begins with 1
    for what, graph, output, name, truth, other, ones in (
        ("a chain", chain, "out", "x", -2.0, None, 3.0),
        ("an array that is used three times", shared, "c", "a", 3.5, 1.5, 9.5),
        ("from the middle", shared, "b", "a", 5.0, 3.0, 6.0),
    ):
        result = probe.run(function, graph, output)
        if result.error:
            said = result.failed
        else:
            value = probe.entries(result, **{name: object})[name]
            if value is None:
                said = f"{name} got no gradient."
            else:
                known = {
                    "Right.": truth,
                    f"{name} got 0. Where does the first number come from?": 0.0,
                    "Only the result begins with 1. All others begin with 0.": ones,
                    "Only the last contribution is there: they have to be added.": other,
                    f"{name} is not the result: the 1 belongs to tensors[0].": 1.0,
                }
                one = result._replace(value=value)
                said = recognise(what, one, known, f"The gradient of {name} is not right.").said
        findings.append(Finding(what, said == "Right.", said))
    return findings


@exercise(
    "12-stretched",
    kind="prediction",
    points=3,
    answer="gradient_of_b",
    hints=(
        "How many of the 12 entries of x + b was one entry of b used for?",
        "With the shape (4,), b is one row. It is used for every one of the 3 rows.",
    ),
    idea="Each use sends back 1, and they are added: so count the uses of one entry.",
)
def stretched(answers):
    truth, because = {}, {}
    for shape in ((3, 4), (4,), (3, 1), ()):
        b = torch.zeros(shape, requires_grad=True)
        (torch.zeros(3, 4) + b).sum().backward()
        truth[str(shape)] = b.grad
        because[str(shape)] = f"Entries of b: {b.numel()}, for 12 sums. How often is each used?"
    return compare(answers, truth, because)


@exercise(
    "12-fit",
    kind="code",
    points=5,
    answer="fit",
    without=("minigrad",),
    hints=(
        "NumPy's sum takes axis=…, and keepdims=True to leave an axis of length 1 in place.",
        "First sum away what is missing at the front. Then compare the two shapes axis by axis.",
    ),
    idea="While there are too many axes, sum over the first. Then sum, with keepdims, over each "
    "axis that has length 1 in shape and more in the gradient.",
)
def fit(function):
    findings = []
    for large, small in (
        ((3, 4), (3, 4)), ((3, 4), (4,)), ((3, 4), (3, 1)), ((2, 3, 4), (3, 1)),
        ((2, 3), ()), ((2, 3), (1, 1)), ((1, 3), (1, 3)),
    ):  # fmt: skip
        g = probe.numbers(*large)
        b = torch.zeros(small, dtype=torch.float64, requires_grad=True)
        (b.expand(large) * torch.tensor(g)).sum().backward()
        what = f"from {large} to {small}"
        result = probe.run(_plain(function), g, small)
        if result.error:
            said = result.failed
        elif not isinstance(result.value, (np.ndarray, float, int)):
            said = "It must return an array."
        elif np.shape(result.value) != small:
            said = f"It has the shape {np.shape(result.value)}, not {small}."
        elif probe.close(result.value, b.grad.numpy()):
            said = "Right."
        elif probe.close(np.sum(result.value), np.sum(g)):
            said = "The shape is right, but the wrong entries were added."
        else:
            said = "The shape is right, the numbers are not: is it a sum?"
        findings.append(Finding(what, said == "Right.", said))
    return findings


def _plain(function):
    """The reader's function gets NumPy arrays here, not tensors."""
    if hasattr(function, "probe") or not callable(function):
        return function
    return lambda g, shape: function(g.numpy(), shape)


@exercise(
    "12-matmul",
    kind="code",
    points=5,
    answer="try_matmul",
    without=("minigrad",),
    transfer=True,
    hints=(
        "Write down the three shapes. Which product of g and b has the shape of a?",
        "g is (n, m) and b is (k, m). To multiply them, one of the two has to be transposed.",
    ),
    idea="a is sent g times the transpose of b; b is sent the transpose of a times g.",
)
def matmul(function):
    findings = []
    for shapes in (((2, 3), (3, 4)), ((3, 3), (3, 3))):
        a, b = probe.numbers(*shapes[0]), probe.numbers(*shapes[1])

        def named(g, a=a, b=b):
            if len(a) != len(b):
                alone = "The incoming gradient is missing: the function gets it as g."
                one = np.ones_like(g)
                return [{alone: one @ b.T}, {alone: a.T @ one}]
            missing = "A transpose is missing. With square matrices the shapes do not tell."
            turned = "The two factors are in the wrong order."
            alone = "The incoming gradient is missing: the function gets it as g."
            other = "That is for the other one."
            one = np.ones_like(g)
            unused = "g does not stand in it: the incoming gradient is missing."
            return [
                {missing: g @ b, turned: b.T @ g, alone: one @ b.T, other: a.T @ g, unused: b.T},
                {missing: a @ g, turned: g @ a.T, alone: a.T @ one, other: g @ b.T, unused: a.T},
            ]

        found = operation(function, a, b, lambda a, b: a @ b, named)
        what = f"{shapes[0]} @ {shapes[1]}"
        findings += [f._replace(what=f"{what}: {f.what}") for f in found]
    return findings
