# fmt: off
# ruff: noqa
# Tensors without axes or entries, windows that overlap, statistics of too few. (Cells: see tests/engine/observe.py.)

# %% scatter and gather where some have no axes
z = torch.tensor
for name in ("scatter", "scatter_add"):
    for shape in (z(1.0), z([1.0, 5.0, 6.0])):
        for index in (z(0), z([0]), z([0, 0]), z([], dtype=torch.int64)):
            for src in (z(7.0), z([7.0]), z([7.0, 8.0])):
                a, b = shape.clone().requires_grad_(), src.clone().requires_grad_()
                try:
                    y = getattr(a, name)(0, index, b); print(y, torch.autograd.grad(y.sum() * 2, [a, b]))
                except RuntimeError as error:
                    print(error)
for x in (z(1.0), z([1.0, 5.0, 6.0])):
    for index in (z(0), z([0]), z([0, 0])):
        x = x.detach().requires_grad_(); x.gather(0, index).sum().backward(); print(x.gather(0, index), x.scatter(0, index, 9.0), x.grad)
x = torch.arange(9.0).view(3, 3).requires_grad_()
for f in (lambda: x.scatter(0, torch.zeros((2, 3), dtype=torch.long), x).sum().backward(), lambda: x.scatter_add(0, torch.zeros((1, 3), dtype=torch.long), x).sum().backward(),
          lambda: torch.zeros(2, 3).scatter(0, torch.zeros((1, 3), dtype=torch.long), z(1.0)), lambda: torch.zeros(0).scatter(0, z([], dtype=torch.int64), torch.zeros(1, 1))):
    try:
        print(f())
    except RuntimeError as error:
        print(error)

# %% windows that overlap, written by index
t = torch.arange(9.0).view(3, 3); u = t.unfold(1, 2, 1)
u[[0, -1], [0]] = -2.0; print(t)
u[0, 1] = 7.0; print(t); u[0] = z([[1.0, 2.0], [3.0, 4.0]]); print(t); u[:, 0].mul_(2); print(t); u[u > 4] = 0; print(t)

# %% division of nothing by zero, misfits, places in nothing
n = torch.zeros(0, dtype=torch.long); m = torch.ones(2, dtype=torch.long)
for f in (lambda: n // 0, lambda: n % 0, lambda: n // z(0), lambda: torch.div(n, 0, rounding_mode="trunc"), lambda: torch.fmod(n, 0), lambda: m // n, lambda: m % torch.zeros(3, dtype=torch.long), lambda: m[:1] // n,
          lambda: torch.zeros(0).index_put((z([0, 0]),), torch.zeros(0)), lambda: torch.zeros(0).index_put((z([0, 0]),), torch.ones(2, dtype=torch.float64)), lambda: torch.zeros(0, 3).index_put((z([0]),), torch.ones(2)),
          lambda: torch.einsum("i...,i...->...", torch.ones(2, 1, 3), torch.ones(2, 6)), lambda: z([[0], [3]]).index_add(0, z([0]), torch.ones(2, 2, dtype=torch.int64)), lambda: z(True).median(0), lambda: z(True).nanmedian(0)):
    try:
        print(f())
    except (RuntimeError, IndexError, NotImplementedError) as error:
        print(type(error).__name__, error)
for f in (lambda: torch.mul(k := torch.ones(2, 2, dtype=torch.int64), torch.ones(2, 2, 2), out=k), lambda: torch.add((k := torch.ones(3, dtype=torch.int64))[:2], torch.ones(2), out=k[1:]), lambda: torch.add(k := torch.ones(2, dtype=torch.int64), 1.5, out=k)):
    try:
        print(f())
    except RuntimeError as error:
        print(error)

# %% gradients of a trace, of products with zeros, of variances of too few
for v in (float("nan"), float("inf"), 2.0):
    x = torch.ones(2, 3, requires_grad=True); x.trace().backward(z(v)); print(x.grad)
x = torch.ones(2, 3, requires_grad=True); c = z(2.0, requires_grad=True); g, = torch.autograd.grad(x.trace(), x, c, create_graph=True); print(g, g.grad_fn.next_functions, torch.autograd.grad(g.sum(), c))
for v in ([0.0], [2.0], [0.0, 2.0], [0.0, 0.0], [1.0, 2.0], [[0.0, 1.0], [2.0, 3.0]], 0.0, 3.0):
    a, w = z(v, requires_grad=True), z(1.5, requires_grad=True)
    g, = torch.autograd.grad(a.prod(), a, w, create_graph=True); print(g, torch.autograd.grad(g.sum(), [a, w], allow_unused=True))
for shape in ((1, 1), (2,), (3,), (2, 2), (0,), ()):
    for correction in (0, 1, 2, 3, 5):
        x = (torch.arange(1.0, 1 + torch.Size(shape).numel()) ** 2).view(shape).double().requires_grad_()
        for y in (x.var(correction=correction), x.std(correction=correction), *([x.var(0, correction=correction)] if len(shape) == 2 else [])):
            print(y, torch.autograd.grad(y.sum(), x))

# %% what a saved exponent shares with what is written to
for f in (lambda y, v: y.pow_(v), lambda y, v: y.mul_(v), lambda y, v: y.pow_(v.squeeze()), lambda y, v: y.pow_(y), lambda y, v: y.pow_(v + 1), lambda y, v: y.div_(v), lambda y, v: y.atan2_(v)):
    x = z([1.0, 2.0], requires_grad=True); y = x * 1; f(y, y.view(2))
    try:
        y.sum().backward(); print(x.grad)
    except RuntimeError as error:
        print(error)

# %% tensors from elsewhere that a function returns; zeros for what got no gradient
class Through(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x
    @staticmethod
    def backward(ctx, g):
        return g
a = torch.ones(2, requires_grad=True); b = a * 2; c = b.view(2); d = b[0]
r = Through.apply((b, c, a)); print([v.requires_grad for v in r], [v is w for v, w in zip(r, (b, c, a))], b.requires_grad, b.grad_fn, c.requires_grad, a.requires_grad, d.requires_grad)
class Two(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2, x + 1
    @staticmethod
    def backward(ctx, a, b):
        print(a, a._version, b, b._version)
        return a + b
for k in (0, 1):
    x = torch.ones(2, requires_grad=True); print(torch.autograd.grad(Two.apply(x)[k].exp().sum(), x, create_graph=bool(k)))

# %% leaves of inference mode beside places that are none
with torch.inference_mode():
    q = z([2.0, 1.0], requires_grad=True)
i = z([0]); two = z([0, 1])
for f in (lambda: q.scatter_add(0, two, q), lambda: q.masked_scatter(q > 0, q), lambda: q.scatter(0, i, q), lambda: q.gather(0, i), lambda: q[[0]], lambda: q.index_put((i,), q[:1]), lambda: q.masked_fill(q > 1, 0),
          lambda: q.index_select(0, i), lambda: q.index_fill(0, i, 1.0), lambda: q.take(i), lambda: q * 2, lambda: q.sum(), lambda: -q, lambda: torch.where(q > 1, q, q)):
    try:
        y = f(); print(y, y.requires_grad)
    except RuntimeError as error:
        print(error)
