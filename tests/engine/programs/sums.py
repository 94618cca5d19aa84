# fmt: off
# ruff: noqa
# Gradients of several paths: how they are added up, and whose memory they have. (Cells: see tests/engine/observe.py.)

# %% how often a gradient was written to while it was added up
paths = {
    "x * x": lambda x: x * x, "x + x": lambda x: x + x, "x * x + x": lambda x: x * x + x, "x * x * x": lambda x: x * x * x,
    "3 paths": lambda x: x.exp() + x.sin() + x.cos(), "sums": lambda x: x.sum() + x.exp().sum(), "sums, turned": lambda x: x.exp().sum() + x.sum(),
    "views": lambda x: (x.view(-1) * 2).sum() + (x.view(4) * 3).sum(), "turned": lambda x: (x.t() * torch.arange(4.0).view(2, 2)).sum() + (x * 2).sum(),
    "turned first": lambda x: (x * 2).sum() + (x.t() * torch.arange(4.0).view(2, 2)).sum(), "rows": lambda x: x[0].sum() + x[1].sum() + x[0].exp().sum(),
    "product": lambda x: x @ x, "cat": lambda x: torch.cat([x, x.exp()]) ** 2, "stack": lambda x: torch.stack([x, x, x]) ** 2, "sum of 0-d": lambda x: x.sum() * x.sum(),
    "means": lambda x: x.mean() + (x**2).mean(), "relu": lambda x: x.relu().sum() + (x.relu() * x).sum(), "where": lambda x: torch.where(x > 1, x, x * 2),
    "inner": lambda x: (lambda h: h * h + h)(x * 2), "linear": lambda x: F.linear(x, x, x[0]), "softmax": lambda x: x.softmax(0) * x, "ten": lambda x: sum(x * i for i in range(10)),
    "expand": lambda x: (x.expand(3, 2, 2) * torch.arange(3.0).view(3, 1, 1)).sum() + x.sum(), "pow": lambda x: x**2 + x**3 + 1, "single": lambda x: x * 3, "view": lambda x: x.view(4),
}
for name, f in paths.items():
    def leaf():
        return torch.tensor([[1.0, 2.0], [3.0, 0.5]], requires_grad=True)
    x = leaf(); f(x).sum().backward(); first = x.grad._version; f(x).sum().backward()
    print(name, first, x.grad._version, x.grad.stride())
    x = leaf(); g, = torch.autograd.grad(f(x).sum(), x); f(x).sum().backward(inputs=[x]); h = x.grad._version
    print(g._version, g.stride(), h)
    x = leaf(); seen = []; x.register_hook(lambda g: seen.append(g._version)); f(x).sum().backward()
    y = leaf(); z = y * 1; z.retain_grad(); f(z).sum().backward(create_graph=True)
    print(seen, x.grad._version, z.grad._version, y.grad._version)
x = torch.tensor(2.0, requires_grad=True); (x * x * x).backward(); print(x.grad, x.grad._version)

# %% two gradients in one memory
a, b = torch.ones(2, requires_grad=True), torch.ones(2, requires_grad=True)
for _ in range(2):
    ((a.view(1, 2) + b.view(1, 2)) * 2).sum().backward()
print(a.grad, b.grad)

# %% a part of a gradient that was masked is a view of it
x = torch.tensor([0.5, -0.8, -1.2], requires_grad=True)
y = x.sin()
both = torch.cat([x, y])
g, = torch.autograd.grad(torch.where(both > 0, both, both * 2).sum(), y)
print(g, g._is_view(), g._base.shape, g._base.dtype)
g, = torch.autograd.grad(torch.where(x > 0, x, x * 2).sum(), x)
print(g, g._is_view(), torch.tensor([-0.0, -0.0, 1.0]).cumsum(0), torch.tensor([[-0.0]]).cumsum(1))

# %% how a retained gradient lies
x = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
for f in (lambda: (x * 1).t(), lambda: (x * 1).t() * 1, lambda: x * 1):
    for g in (torch.ones(2, 2), torch.ones(2, 2).t() * 2):
        z = f(); z.retain_grad(); (z * 2).backward(g)
        y = f(); y.retain_grad(); y.t().exp().sum().backward(retain_graph=True); first = y.grad.stride(); y.sum().backward()
        print(z.stride(), z.grad.stride(), first, y.grad.stride())

# %% a masked gradient that was stretched is not written to
x = torch.tensor([[-1.4], [1.0]], dtype=torch.float64, requires_grad=True)
y = torch.where(torch.tensor([[-2.0], [-0.6]]) > 0, torch.tensor([[-2.0], [-0.6]]), x.sum(1, keepdim=True))
(y @ x.T.tanh()).sum().backward()
print(x.grad)

# %% what a formula itself writes to
formulas = {
    "max": lambda x: x.max(), "min": lambda x: x.min(), "median": lambda x: x.median(), "max of rows": lambda x: x.max(1)[0], "median of rows": lambda x: x.median(1).values,
    "sort": lambda x: x.sort()[0], "topk": lambda x: x.topk(1)[0], "gather": lambda x: x.gather(1, torch.tensor([[0], [1]])), "index_select": lambda x: x.index_select(0, torch.tensor([1, 1])),
    "masked_select": lambda x: x.masked_select(x > 1), "index": lambda x: x[[1, 0]], "mask": lambda x: x[x > 1], "trace": lambda x: x.trace(), "maximum": lambda x: torch.maximum(x, x.detach() - 1),
    "bce": lambda x: F.binary_cross_entropy_with_logits(x, torch.ones(2, 2)), "index, twice": lambda x: x[[1, 0]] + x[[0, 1]], "index and more": lambda x: x[[1, 0]] * x, "row": lambda x: x[0],
    "amax": lambda x: x.amax(1), "cumsum": lambda x: x.cumsum(0), "index of a product": lambda x: (x * 2)[[1, 0]], "sorted thrice": lambda x: x.sort()[0].sum() + x.sort()[0].sum() + x.sum(),
}
for name, f in formulas.items():
    x = torch.tensor([[1.0, 2.0], [3.0, 0.5]], requires_grad=True)
    g, = torch.autograd.grad(f(x).sum(), x); seen = []; x.register_hook(lambda g: seen.append(g._version))
    f(x).sum().backward(); first = x.grad._version; f(x).sum().backward()
    print(name, g._version, seen, first, x.grad._version)
