"""Traces to draw: small, branchy, long, with nan, with HTML in the names, with large arrays."""

from __future__ import annotations

import inspect
import warnings
from typing import Any

import numpy as np

import minigrad as torch
from minigrad import recording
from minigrad.trace import Trace, record


def worked() -> Trace:
    """The example that everybody uses: 4.5 arrives at x."""
    with recording.recording():
        x = torch.ones(2, 2, requires_grad=True)
        y = x + 2
        z = y * y * 3
        out = z.mean()
    return record(out, None, {"x": x, "y": y, "z": z, "out": out})


def branchy() -> Trace:
    """A matmul with a constant, a broadcast bias, a clamp and a sum."""
    torch.manual_seed(0)
    with recording.recording():
        data = torch.randn(3, 4)
        weight = torch.randn(4, 2, requires_grad=True)
        bias = torch.zeros(2, requires_grad=True)
        hidden = (data.mm(weight) + bias).clamp(min=0)
        loss = (hidden**2).sum()
    names = {"X": data, "W": weight, "b": bias, "h": hidden, "loss": loss}
    return record(loss, None, names)


def long(rounds: int = 16) -> Trace:
    """A chain of diamonds in which one leaf is used in every round; three nodes a round."""
    with recording.recording():
        a = torch.ones(2, 2, requires_grad=True)
        b = torch.ones(2, 2, requires_grad=True)
        c = a
        for _ in range(rounds):
            c = (c * b) + (c + 0.5)
        out = c.sum()
    return record(out, None, {"a": a, "b": b, "out": out})


def not_finite() -> Trace:
    """0 × inf on the way: the gradient is nan."""
    with warnings.catch_warnings(), recording.recording():
        warnings.simplefilter("ignore")
        v = torch.ones(3, requires_grad=True)
        w = torch.log(v - 1)
        loss = (w * 0).sum()
        return record(loss, None, {"v": v, "w": w, "loss": loss})


def large() -> Trace:
    """Arrays that are summarised and a Jacobian that is not written out."""
    torch.manual_seed(0)
    with recording.recording():
        data = torch.randn(100, 200)
        weight = torch.randn(200, 50, requires_grad=True)
        loss = (data @ weight).clamp(min=0).mean()
    return record(loss, None, {"data": data, "weight": weight, "loss": loss})


HOSTILE = "<img src=x onerror=alert(1)>"


def hostile() -> Trace:
    """Markup wherever a text of the reader's can be."""
    data = worked().to_dict()
    for node in data["nodes"]:
        node["label"] = node["name"] = node["label"] + HOSTILE
        node["expression"] += f"</script><!--{HOSTILE}"
        node["source"] = {"where": HOSTILE, "line": 1, "text": f"</style></script>{HOSTILE}" * 9}
        node["saved"] = [{**item, "label": HOSTILE} for item in node["saved"]]
    for step in data["backward"]:
        step["text"] += HOSTILE
        step["rule"] = [rf"\text{{{HOSTILE}}} = 1"] * len(step["rule"])
        for product in step["products"]:
            product["rule"] = rf"\text{{{HOSTILE}}} \cdot 2"
        if step["accumulate"]:
            step["accumulate"]["text"] += HOSTILE
    return Trace.from_dict(data)


def scalars() -> Trace:
    """Numbers without a shape, a leaf used directly and twice, and a retained tensor."""
    with recording.recording():
        a = torch.tensor(3.0, requires_grad=True)
        b = a * a
        b.retain_grad()
        c = b + a
    return record(c, None, {"a": a, "b": b, "c": c})


def product() -> Trace:
    """A small matrix product, whose local Jacobians are written out."""
    with recording.recording():
        a = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
        b = torch.tensor([[1.0, 0.5], [-1.0, 2.0]], requires_grad=True)
        y = a @ b
        out = (y * y).sum()
        return record(out, None, {"a": a, "b": b, "y": y, "out": out})


def dead_branch() -> Trace:
    """where(x > 0, sqrt(x), 0) at 0: the branch that was not chosen makes nan."""
    with recording.recording():
        x = torch.tensor([0.0, 1.0, 4.0], requires_grad=True)
        y = torch.where(x > 0, torch.sqrt(x), 0.0)
        with np.errstate(all="ignore"):
            return record(y.sum(), None, {"x": x, "y": y})


def kink() -> Trace:
    """relu at 0."""
    with recording.recording():
        x = torch.tensor([0.0, 1.0, -1.0], requires_grad=True)
        return record((x.relu() * 2).sum(), None, {"x": x})


class Wrong(torch.autograd.Function):
    """A cube whose derivative is that of a square."""

    @staticmethod
    def forward(ctx: Any, x: Any) -> Any:
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx: Any, grad: Any) -> Any:
        (x,) = ctx.saved_tensors
        return grad * 2 * x


def distrusted() -> Trace:
    """A Function with a wrong backward, a hook on a node, and nan that is masked."""
    with recording.recording():
        x = torch.tensor([2.0, -1.0], requires_grad=True)
        y = Wrong.apply(x)
        y.grad_fn.register_hook(lambda sent, arrived: (sent[0] * 10,))
        z = y.masked_fill(torch.tensor([False, True]), 0.0)
        w = z.sqrt() * z
        return record(w.sum(), None, {"x": x, "y": y, "z": z, "w": w})


def severed() -> Trace:
    """A mean computed under no_grad, beside a graph that is whole."""
    with recording.recording():
        x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
        w = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
        with torch.no_grad():
            centre = (x * 2).mean()
        out = ((w - centre) ** 2).sum()
        return record(out, None, {"x": x, "w": w, "centre": centre, "out": out})


def no_history() -> Trace:
    """An accuracy: argmax has cut the history."""
    with recording.recording():
        w = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
        guess = (w * w).softmax(0)
        accuracy = (guess.argmax() == 2).float()
        names = {"w": w, "guess": guess, "accuracy": accuracy}
        return record(accuracy, None, names, partial=True)


def overwritten() -> Trace:
    """A saved tensor that was overwritten: backward fails on its way."""
    with recording.recording():
        x = torch.tensor([0.5, 1.0, 2.0], requires_grad=True)
        y = x.exp()
        out = (y * x).sum()
        y.add_(1)
        return record(out, None, {"x": x, "y": y, "out": out}, partial=True)


def far_away() -> Trace:
    """The same from a file with a long path that has no place to break at."""
    path = "/" + "a_folder_with_a_long_name/" * 8 + "training.py"
    code = compile(inspect.getsource(overwritten), path, "exec")
    space = dict(globals())
    exec(code, space)  # our own source, read from this file
    trace: Trace = space["overwritten"]()
    return trace


class Pair(torch.autograd.Function):
    """Two results, of which both are used."""

    @staticmethod
    def forward(ctx: Any, x: Any) -> Any:
        return x * 2, x * 3

    @staticmethod
    def backward(ctx: Any, a: Any, b: Any) -> Any:
        return a * 2 + b * 3


def odd() -> Trace:
    """No entries, no axes, two results, and an input that nothing leads to."""
    with recording.recording():
        nothing = torch.zeros(0, 3, requires_grad=True)
        number = torch.tensor(2.0, requires_grad=True)
        apart = torch.tensor([1.0], requires_grad=True)
        twice, thrice = Pair.apply(number)
        out = (nothing * 2).sum() + twice * thrice
        names = {"nothing": nothing, "number": number, "apart": apart, "out": out}
        names |= {"twice": twice, "thrice": thrice}
        return record(out, None, names, inputs=[nothing, number, apart])


def again() -> Trace:
    """A leaf that holds a gradient already."""
    with recording.recording():
        x = torch.tensor([1.0, 2.0], requires_grad=True)
        x.grad = torch.tensor([10.0, 20.0])
        return record((x * 3).sum(), None, {"x": x})


ALL: dict[str, Any] = {
    function.__name__: function
    for function in (
        *(worked, branchy, long, not_finite, large, hostile, scalars, product),
        *(dead_branch, kink, severed, no_history, overwritten, far_away, odd, again),
    )
}
