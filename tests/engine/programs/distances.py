# fmt: off
# ruff: noqa
# Distances between points: cdist, pdist. (Cells: see tests/engine/observe.py.)

# %% between two sets
x = torch.tensor(numbers(4, 3), dtype=torch.float64, requires_grad=True)
y = torch.tensor(numbers(2, 3), dtype=torch.float64, requires_grad=True)
for p in (0, 0.5, 1, 1.5, 2, 3, float("inf")):
    for a, b in ((x, y), (x, x), (x[:, :0], y[:, :0]), (x[:0], y)):
        out = torch.cdist(a, b, p)
        see(out, out.grad_fn._saved_p)
        see(torch.autograd.grad(out, (x, y), torch.tensor(numbers(*out.shape), dtype=out.dtype), allow_unused=True))
    first = torch.autograd.grad(torch.cdist(x, y, p).sum(), (x, y), create_graph=True)
    see(first)
    attempt(lambda: torch.autograd.grad(first[1].sum(), x))
node = torch.cdist(x, y, 1).grad_fn
see(node._saved_x1, node._saved_x2, node._saved_result)

# %% between two sets through a product of matrices
x = torch.tensor(numbers(2, 1, 4, 3), dtype=torch.float64, requires_grad=True)
y = torch.tensor(numbers(3, 5, 3), dtype=torch.float64, requires_grad=True)
for a, b in ((x, y), (x[0, 0], y[0])):
    for mode in ("use_mm_for_euclid_dist", "donot_use_mm_for_euclid_dist", "use_mm_for_euclid_dist_if_necessary"):
        out = torch.cdist(a, b, compute_mode=mode)
        see(out)
        see(torch.autograd.grad(out, (x, y), torch.tensor(numbers(*out.shape), dtype=out.dtype)))
derivatives(torch.cdist(x[0, 0], y[0], compute_mode="use_mm_for_euclid_dist"), x, y)
see(torch.cdist(x.expand(2, 1, 4, 3)[0, 0].repeat(7, 1), y[0]).grad_fn.name(), torch.cdist(x, y).grad_fn.name())
one = torch.tensor([[0.5, 1]], requires_grad=True)
see(torch.autograd.grad(torch.cdist(one, one.detach(), compute_mode="use_mm_for_euclid_dist"), one, torch.ones(1, 1)))

# %% within one set
x = torch.tensor(numbers(4, 3), dtype=torch.float64, requires_grad=True)
z = torch.tensor([[0., 0], [0, 0], [1, 1], [1, 0]], requires_grad=True)
for p in (0, 0.5, 1, 1.5, 2, 3, float("inf")):
    see(torch.pdist(x[:1], p), torch.pdist(x[:0], p), torch.pdist(x[:, :0], p))
    for a in (x, z):
        out = torch.nn.functional.pdist(a, p)
        see(out)
        see(torch.autograd.grad(out, (x, z), torch.tensor(numbers(*out.shape), dtype=out.dtype), allow_unused=True))
    see(torch.autograd.grad(torch.cdist(z, z.detach(), p).sum(), z))
    (first,) = torch.autograd.grad(torch.pdist(x, p).sum(), x, create_graph=True)
    see(first)
    attempt(lambda: torch.autograd.grad(first.sum(), x))
node = torch.pdist(x, 1).grad_fn
see(node._saved_p, node._saved_self, node._saved_result)

# %% distances that are refused
x, y, I = torch.ones(4, 3, dtype=torch.float64), torch.ones(2, 3, dtype=torch.float64), torch.ones(2, 3).long()
for action in (
    lambda: torch.cdist(x, y.float()), lambda: torch.cdist(x, y.float(), 1), lambda: torch.cdist(x, x[0]), lambda: torch.cdist(x[0], x),
    lambda: torch.cdist(x, torch.ones(2, 4)), lambda: torch.cdist(x, y, -1), lambda: torch.cdist(I, y), lambda: torch.cdist(y, I),
    lambda: torch.cdist(x, y, compute_mode="x"), lambda: torch.cdist(x.half(), y.half(), 1), lambda: torch.cdist(x, y, "a"),
    lambda: torch.cdist(3, y), lambda: torch.cdist(x, y, None), lambda: torch.cdist(torch.ones(2, 2, 3), torch.ones(3, 2, 3)),
    lambda: torch.pdist(x[0]), lambda: torch.pdist(I), lambda: torch.pdist(x, -1), lambda: torch.pdist(x.half()),
    lambda: torch.pdist(3), lambda: torch.pdist(x, "s"), lambda: torch.pdist(torch.ones(2, 2, 2)), lambda: torch.pdist(x, None),
):
    attempt(action)
ad = torch.autograd.forward_ad
with ad.dual_level():
    d = ad.make_dual(x, x)
    for action in (lambda: torch.cdist(d, y), lambda: torch.pdist(d), lambda: torch.cdist(d, y, compute_mode="use_mm_for_euclid_dist")):
        attempt(action)
