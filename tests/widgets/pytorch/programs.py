"""Programs that run in both engines: the notes' own, and what networks are made of."""

from __future__ import annotations

from typing import Any

import numpy as np


def numbers(*shape: int, seed: int = 3) -> Any:
    return np.random.default_rng(seed).uniform(0.3, 2, shape).tolist()


def worked(torch: Any) -> dict[str, Any]:
    x = torch.ones(2, 2, requires_grad=True)
    y = x + 2
    z = y * y * 3
    out = z.mean()
    return locals()


def squares(torch: Any) -> dict[str, Any]:
    X = torch.ones(3, 3, requires_grad=True)  # noqa: N806
    y = 4 * X + 2
    z = 8 * (y**2)
    out = z.mean()
    return locals()


def network(torch: Any) -> dict[str, Any]:
    X = torch.tensor(numbers(6, 20))  # noqa: N806
    y = torch.tensor(numbers(6, 3, seed=4))
    w1 = torch.tensor(numbers(20, 5, seed=5), requires_grad=True)
    w2 = torch.tensor(numbers(5, 3, seed=6), requires_grad=True)
    y_pred = X.mm(w1).clamp(min=0).mm(w2)
    out = (y_pred - y).pow(2).sum()
    return locals()


def custom(torch: Any) -> dict[str, Any]:
    class Scaled(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any, k: float, y: Any) -> Any:
            ctx.save_for_backward(x, y)
            ctx.k = k
            return x * k * y

        @staticmethod
        def backward(ctx: Any, grad: Any) -> Any:
            x, y = ctx.saved_tensors
            return grad * ctx.k * y, None, grad * ctx.k * x

    x = torch.tensor(numbers(3), requires_grad=True)
    y = torch.tensor(numbers(3, seed=1), requires_grad=True)
    out = (Scaled.apply(x.exp(), 2.5, y) * x).sum()
    return locals()


def classifier(torch: Any) -> dict[str, Any]:
    nn = torch.nn
    net = nn.Sequential(nn.Linear(4, 5), nn.ReLU(), nn.Linear(5, 3))
    with torch.no_grad():
        for k, parameter in enumerate(net.parameters()):
            parameter.copy_(torch.tensor(numbers(*parameter.shape, seed=k)) - 1)
    x = torch.tensor(numbers(3, 4))
    target = torch.tensor([0, 2, 1])
    scores = net(x)
    out = nn.CrossEntropyLoss()(scores, target) + nn.MSELoss()(scores, torch.ones(3, 3))
    names = {f"net.{name}": parameter for name, parameter in net.named_parameters()}
    return {**locals(), **names}


def settings(torch: Any) -> dict[str, Any]:
    """What decides besides the inputs is in the titles, unless it is as usual."""
    functional = torch.nn.functional
    image = torch.tensor(numbers(1, 2, 6, 6))
    w = torch.tensor(numbers(2, 2, 3, 3, seed=1), requires_grad=True)
    a = functional.conv2d(image, w, stride=(2, 1), padding=1)
    b = functional.max_pool2d(a, 2, stride=1)
    c = functional.avg_pool2d(b, (1, 2), count_include_pad=False)
    d = functional.layer_norm(c, c.shape[2:], eps=0.1)
    out = functional.batch_norm(d, None, None, training=True).pow(2).sum()
    return locals()


def broadcasts(torch: Any) -> dict[str, Any]:
    a = torch.tensor(numbers(2, 1), requires_grad=True)
    b = torch.tensor(numbers(3, seed=1), requires_grad=True)
    choice = torch.tensor([True, False, True])
    out = ((a * b - a) / b + (2 - b) * torch.where(choice, b, b * 2)).sum()
    return locals()


def places(torch: Any) -> dict[str, Any]:
    x = torch.tensor(numbers(3, 4), requires_grad=True)
    a = x[0]
    b = x[:, 1:3]
    c = torch.cat([b, b * 2], 1)
    d = c.sum(0) + a
    e = torch.stack([d, a], -1)
    f = x[[0, 1], [1, 2]].max()
    g, h = x.unbind(1)[:2]
    out = (
        (e.t() @ e).sum() / f + (g * h).mean() - x.view(-1)[3] * x.permute(1, 0).reshape(2, 6)[1, 1]
    )
    return locals()


def reductions(torch: Any) -> dict[str, Any]:
    x = torch.tensor(numbers(3, 4), requires_grad=True)
    y = x.sum(1, keepdim=True).exp().log().std() + x.mean(-1).norm() + (2 - x).prod()
    out = y + x.softmax(-1).pow(2).sum() + (2**x).min() + torch.logsumexp(x, 0).var()
    return locals()


def normalised(torch: Any) -> dict[str, Any]:
    x = torch.tensor(numbers(3, 4), requires_grad=True)
    weight = torch.tensor(numbers(4, seed=7), requires_grad=True)
    bias = torch.tensor(numbers(4, seed=8), requires_grad=True)
    out = torch.nn.functional.layer_norm(x, (4,), weight, bias).tanh().sum()
    return locals()


def in_place(torch: Any) -> dict[str, Any]:
    x = torch.tensor(numbers(3, 4), requires_grad=True)
    y = x * 2
    y.mul_(x)
    y[0].add_(1)
    y[1] = x[2]
    out = (y / x).sum()
    return locals()


def kinked(torch: Any) -> dict[str, Any]:
    x = torch.tensor([-1.0, 0.0, 2.0], requires_grad=True)
    out = (x.relu() + x.abs() + x.clamp(min=0) * x.pow(2)).sum()
    return locals()


def retained(torch: Any) -> dict[str, Any]:
    x = torch.tensor(3.0, requires_grad=True)
    x.grad = torch.tensor(10.0)
    y = x * x
    y.retain_grad()
    out = y + x
    return locals()


def freed(torch: Any) -> dict[str, Any]:
    x = torch.tensor(numbers(3), requires_grad=True)
    y = x.exp() * 2
    out = (y * x).sum()
    out.backward()
    x.grad = None
    return locals()


def cut(torch: Any) -> dict[str, Any]:
    x = torch.tensor(numbers(3), requires_grad=True)
    w = torch.tensor(numbers(3, seed=1), requires_grad=True)
    y = x * 2
    constant = y.detach()
    large = y > 2
    with torch.no_grad():
        frozen = w * w
    out = (constant * w + torch.where(large, y, frozen)).sum()
    return locals()


def cut_off(torch: Any) -> dict[str, Any]:
    x = torch.tensor(numbers(3), requires_grad=True)
    with torch.no_grad():
        out = (x * 2).sum()
    return locals()


def read_off(torch: Any) -> dict[str, Any]:
    x = torch.tensor(numbers(3), requires_grad=True)
    best = (x * 2).argmax()
    out = x[best] * x.data.sum()
    return locals()


def numbers_read(torch: Any) -> dict[str, Any]:
    x = torch.tensor(numbers(3), requires_grad=True)
    w = torch.tensor(numbers(3, seed=1), requires_grad=True)
    total = x.sum()
    number = total.item()
    double = number * 2
    halves = [value / 2 for value in x.tolist()]
    array = (x * x).detach().numpy() + 1
    y = w * double + torch.tensor(halves) * torch.from_numpy(array)
    out = (y / float((w * 2).detach().sum())).clamp(max=number).sum()
    return locals()


def a_number_alone(torch: Any) -> dict[str, Any]:
    x = torch.tensor(numbers(3), requires_grad=True)
    out = torch.tensor((x * x).sum().item() * 0.5)
    return locals()


def leaf_alone(torch: Any) -> dict[str, Any]:
    out = torch.tensor(2.0, requires_grad=True)
    return locals()


def loops(torch: Any) -> dict[str, Any]:
    x = torch.tensor(numbers(2), requires_grad=True)
    w = torch.tensor(numbers(2, 2), requires_grad=True)

    def step(h: Any) -> Any:
        return torch.nn.functional.linear(h.reshape(1, 2), w).reshape(2).tanh()

    h = x
    for _ in range(3):
        h = step(h)
    out = h.sum()
    return locals()


ALL = [
    worked, squares, network, custom, classifier, broadcasts, places, reductions, normalised,
    in_place, kinked, retained, freed, cut, cut_off, read_off, numbers_read, a_number_alone,
    leaf_alone, loops, settings,
]  # fmt: skip
