"""Lesson 10, where the time and the memory go."""

import numpy as np

import minigrad as torch
from minigrad.autograd.graph import saved_tensors_hooks
from widgets import Finding, compare, exercise, probe, recognise


def _saved(program):
    """Address → bytes of everything that is kept for the backward pass."""
    found = {}

    def note(tensor):
        found[tensor.data_ptr()] = tensor.numel() * tensor.element_size()
        return tensor

    with saved_tensors_hooks(note, lambda tensor: tensor):
        out = program()
    return found if out is not None else {}


KEPT = {
    "x * x": (
        lambda x, y: x * x,
        "Each of the two factors is saved for the other one. But they are the same tensor.",
    ),
    "x * y": (lambda x, y: x * y, "The derivative for x needs y, and the one for y needs x."),
    "x - y": (lambda x, y: x - y, "The derivatives are 1 and -1."),
    "x.relu()": (
        lambda x, y: x.relu(),
        "It has to know where the result is 0. One tensor tells that.",
    ),
    "x.sum()": (lambda x, y: x.sum(), "It has to know the shape, and a shape is no tensor."),
    "(x * y).exp()": (
        lambda x, y: (x * y).exp(),
        "The product keeps both factors; exp keeps its result.",
    ),
}


@exercise(
    "10-kept",
    kind="prediction",
    points=4,
    answer="kept",
    hints=(
        "Write down each derivative. Which tensors stand in it?",
        "saved_bytes(lambda: …) from section 2 tells it; guess first.",
    ),
    idea="4000 bytes for each different tensor that stands in a derivative.",
)
def kept(answers):
    x, y = (torch.randn(1000, requires_grad=True) for _ in range(2))
    truth = {
        name: sum(_saved(lambda program=program: program(x, y)).values())
        for name, (program, _) in KEPT.items()
    }
    return compare(answers, truth, {name: said for name, (_, said) in KEPT.items()})


@exercise(
    "10-leak",
    kind="repair",
    points=4,
    answer="try_mean_loss",
    hints=(
        "Print total.grad_fn after three batches, and follow its next_functions.",
        "total only has to be a number. Which method makes a number of a tensor?",
    ),
    idea="A loss that is kept keeps its whole graph. Add up loss.item(), or loss.detach().",
)
def leak(function):
    w, most = probe.numbers(3), {}
    for count in (4, 12):
        batches = [probe.numbers(3) for _ in range(count)]
        result = probe.run(function, w, batches)
        if result.error:
            return [Finding("it runs", False, result.failed)]
        if not isinstance(result.value, dict) or not {"most", "mean"} <= set(result.value):
            return [Finding("it runs", False, "Leave the cell that tries it as it was.")]
        most[count] = result.value["most"]
    mean = result._replace(value=result.value["mean"])
    losses = [((w * x) ** 2).sum() for x in batches]
    named = {
        "Right.": np.mean(losses),
        "That is the sum of the losses.": np.sum(losses),
        "That is the last loss alone.": losses[-1],
        "Only the last loss is in it: add up, do not overwrite.": losses[-1] / len(losses),
    }
    clean = most[12] == most[4]
    told = f"At most {most[4]} saved tensors at one time, however many batches there are."
    if not clean:
        told = (
            f"With 4 batches {most[4]} saved tensors are alive at one time, with 12 batches "
            f"{most[12]}: the graphs of all batches are still there."
        )
    return [
        recognise("the mean", mean, named, "Not the mean of the losses."),
        Finding("memory", clean, told),
    ]


def _chain(n):
    x = torch.ones(4, requires_grad=True)
    for _ in range(n):
        x = (x * x).exp() + x
    return x.sum()


@exercise(
    "10-count",
    kind="code",
    points=4,
    answer="count_saved",
    hints=(
        "The first function given to saved_tensors_hooks is called for each saved tensor.",
        "Two tensors share their memory if their data_ptr() is the same. A set keeps each once.",
    ),
    idea="A set of data_ptr(), filled by the hook while chain(n) runs; the answer is its length.",
)
def count(function):
    findings = []
    for n in (1, 5):
        result = probe.run(function, n)
        found = _saved(lambda n=n: _chain(n))
        calls = 3 * n  # x * x saves x twice, exp saves its result
        named = {
            "Right.": len(found),
            "Shared memory counts once: x * x saves x for both sides.": calls,
            "Those are bytes; tensors were asked for.": sum(found.values()),
            "Nothing was counted. Does chain(n) run inside of the with block?": 0,
        }
        otherwise = "Not the number of different tensors that are saved."
        findings.append(recognise(f"chain({n})", result, named, otherwise))
    return findings


@exercise(
    "10-stretches",
    kind="code",
    points=6,
    answer="try_in_stretches",
    transfer=True,
    hints=(
        "For each stretch, from the last to the first: a leaf from its copy "
        "(.detach().requires_grad_()), the blocks again, and torch.autograd.grad.",
        "The gradient that comes out at the beginning of a stretch goes in at the end of the one "
        "before. The very first one that goes in is all ones: the gradient of a sum.",
    ),
    idea="A list of copies on the way forward; a loop over that list, reversed, on the way back, "
    "which hands a gradient from stretch to stretch.",
)
def stretches(function):
    findings = []
    for n, every in ((6, 2), (7, 3)):
        x = probe.numbers(3)
        result = probe.run(function, x, n, every)
        what = f"{n} blocks, {every} at a time"
        if result.error:
            findings.append(Finding(what, False, result.failed))
            continue
        value = probe.entries(result, gradient=object, calls=int, deepest=int)
        named = {
            "Right.": _whole(x, n),
            "That is the gradient of the last stretch alone.": _whole(
                x, n, last=n % every or every
            ),
            "That is the gradient of the first stretch alone. What came out of the stretch behind "
            "it has to be sent in.": _whole(x, every),
        }
        gradient = result._replace(value=value["gradient"])
        otherwise = "The gradient is not the right one."
        findings.append(recognise(f"{what}: the gradient", gradient, named, otherwise))
        short = 0 < value["deepest"] <= every
        said = f"The largest graph has {value['deepest']} blocks, and {every} are allowed."
        findings.append(Finding(f"{what}: the graph", short, said))
        fair = 0 < value["calls"] <= 2 * n
        said = f"A block ran {value['calls']} times; {2 * n} are enough."
        findings.append(Finding(f"{what}: the work", fair, said))
    return findings


def _whole(x, n, last=None):
    """The gradient by one graph; of the last few blocks alone, with respect to what went in."""
    x = torch.tensor(x)
    for _ in range(n - (last or n)):
        x = x + 0.5 * (x + x[0]).sin()
    x = y = x.requires_grad_()
    for _ in range(last or n):
        y = y + 0.5 * (y + y[0]).sin()
    return torch.autograd.grad(y.sum(), x)[0].numpy()
