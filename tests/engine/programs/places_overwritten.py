# fmt: off
# ruff: noqa
# Places, masks and targets are saved as tensors: to change them before the backward pass is an error. (Cells: see tests/engine/observe.py.)

# %% changed before the backward pass
F = torch.nn.functional
X = torch.arange(6.0).view(2, 3)
def ways(x, i, m, t):
    return {
        "index": lambda: x[i], "two": lambda: x[i, i], "behind": lambda: x[:, i], "mask": lambda: x[m], "gather": lambda: x.gather(0, i.view(1, 2)), "scatter": lambda: x.scatter(0, i.view(1, 2), 1.5), "scatter src": lambda: x.scatter(0, i.view(1, 2), x * 2),
        "scatter_add": lambda: torch.zeros(2, 3).scatter_add(0, i.view(1, 2), x[:1, :2] * 2), "index_select": lambda: x.index_select(0, i), "take": lambda: x.take(i), "index_add self": lambda: x.index_add(0, i, torch.ones(2, 3)),
        "index_add": lambda: X.index_add(0, i, x * 2), "index_copy": lambda: x.index_copy(0, i, X), "index_fill": lambda: x.index_fill(0, i, 1.0), "masked_fill": lambda: x.masked_fill(m, 1.0), "masked_select": lambda: x.masked_select(m),
        "masked_scatter": lambda: x.masked_scatter(m, X), "where": lambda: torch.where(m, x, X), "index_put": lambda: x.index_put((i,), X), "set": lambda: (lambda y: (y.__setitem__(i, 1.0), y)[1])(x * 1), "set values": lambda: (lambda y: (y.__setitem__(i, X), y)[1])(x * 1),
        "set mask": lambda: (lambda y: (y.__setitem__(m, 1.0), y)[1])(x * 1), "fill": lambda: (x * 1).masked_fill_(m, 2.0), "embedding": lambda: F.embedding(i, x), "cross_entropy": lambda: F.cross_entropy(x, t), "nll": lambda: F.nll_loss(x, t),
        "list": lambda: x[[0, 1]], "sort": lambda: x.sort(1)[0], "number": lambda: x[i[0]],
    }
for name in ways(None, None, None, None):
    for change in (lambda i, m, t: (i.add_(0), m.logical_not_(), t.zero_()), lambda i, m, t: None):
        x = X.clone().requires_grad_(); i, m, t = torch.tensor([1, 0]), torch.tensor([[True, False, True]] * 2), torch.tensor([0, 2])
        y = ways(x, i, m, t)[name](); change(i, m, t)
        try:
            y.sum().backward(); print(name, x.grad)
        except RuntimeError as error:
            print(name, str(error).split("Hint")[0])

# %% twice, with the graph retained; when nothing is recorded
x = X.clone().requires_grad_(); i = torch.tensor([1, 0]); y = x[i].sum(); y.backward(retain_graph=True); i[0] = 0
try:
    y.backward()
except RuntimeError as error:
    print(str(error).split("Hint")[0])
with torch.no_grad():
    z = x[i]; i[0] = 1
print(z, x.grad)

# %% weights of losses, averages of a normalisation
def overwritten(f, *tensors):
    z = f()
    for t in tensors:
        t.mul_(5)
    try:
        print(z.backward())
    except RuntimeError as error:
        print(str(error).split("Hint")[0])
for k in range(5):
    x = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True); t = torch.tensor([0, 1]); w = torch.ones(2); y = torch.full((2, 2), 0.5)
    f = [lambda: F.cross_entropy(x, t, weight=w), lambda: F.nll_loss(x, t, weight=w), lambda: F.binary_cross_entropy_with_logits(x, y, weight=w), lambda: F.binary_cross_entropy_with_logits(x, y, pos_weight=w), lambda: F.binary_cross_entropy(x.sigmoid(), y, weight=w)][k]
    overwritten(f, w); overwritten(f)
for training in (False, True):
    for name in ("running_mean", "running_var"):
        b = torch.nn.BatchNorm1d(2).train(training); x = torch.tensor([[1.0, 2.0], [3.0, 5.0]], requires_grad=True)
        overwritten(lambda: b(x).sum(), getattr(b, name)); print(getattr(b, name)._version)
b = torch.nn.BatchNorm1d(2); (b(x) + b(x * 2)).sum().backward(); print(x.grad, b.running_mean._version)

# %% whole numbers that do not fit are wrapped around; lengths of pieces; one level of forward mode used twice
i, l = torch.tensor([1], dtype=torch.int32), torch.tensor([1])
for f in (lambda: i + 3000000000, lambda: i * 3000000000, lambda: 3000000000 - i, lambda: i < 3000000000, lambda: i == 3000000000, lambda: i // 3000000000, lambda: i & 3000000000, lambda: l + 2**63, lambda: l + 2**64, lambda: l < 2**63,
          lambda: i / 3000000000, lambda: i.clone().add_(3000000000), lambda: torch.tensor([1], dtype=torch.uint8) + 300, lambda: torch.tensor([1], dtype=torch.int8) * 200, lambda: i + (-3000000000), lambda: torch.ones(4).split([-1, 5]), lambda: torch.ones(4).split([2, 3])):
    try:
        print(f())
    except (OverflowError, RuntimeError) as error:
        print(type(error).__name__, error)
fw = torch.autograd.forward_ad; d = fw.dual_level()
def use():
    with d as level:
        return level, fw.unpack_dual(fw.make_dual(torch.ones(2), torch.ones(2))).tangent
def nest():
    with d:
        with d:
            pass
@fw.dual_level()
def decorated():
    return fw.unpack_dual(fw.make_dual(torch.ones(2), torch.ones(2))).tangent
for f in (use, use, nest, lambda: fw.dual_level().__exit__(None, None, None), use, decorated, decorated):
    try:
        print(f())
    except RuntimeError as error:
        print(error)
