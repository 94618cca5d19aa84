# fmt: off
# ruff: noqa
# Writing by masks and places: what is asked first. (Cells: see tests/engine/observe.py.)

# %% masks and places that do not fit
x, m, o = torch.ones(2, 3), torch.ones(3, 2) > 0, torch.zeros(0, 3)
i, i4 = torch.tensor([[1, 0], [0, 1]]), torch.tensor([[1, 0], [0, 1]]).int()
for action in (
    lambda: x.masked_fill(m, 1), lambda: x.clone().masked_fill_(m, 1), lambda: x.masked_select(m),
    lambda: x.masked_scatter(m, x), lambda: x.clone().masked_scatter_(m, x),
    lambda: x.clone().masked_fill_(torch.ones(2, 2, 3) > 0, 1), lambda: x.masked_fill(x, 1),
    lambda: x.clone().masked_scatter_(torch.ones(2, 2, 3) > 0, x), lambda: m.expand(2),
    lambda: x.index_fill(0, i4, 1.0), lambda: x.index_fill(0, i, 1.0), lambda: torch.take(o, i),
    lambda: o[[0]], lambda: o[:, [5]].shape, lambda: torch.zeros(3, 0)[[5]].shape, lambda: torch.zeros(3, 0)[:, [0]],
    lambda: x.clone().index_put_((m,), x), lambda: x[0].index_put((m,), x), lambda: x.index_put((i, i, i), x),
    lambda: x.index_put((0,), x), lambda: x.index_put((torch.tensor([0.0]),), x),
    lambda: o.index_put((torch.tensor([0]),), o), lambda: x.double().index_put((x > 0,), torch.tensor(1)),
    lambda: torch.where(x > 0, x.long(), x.long(), out=x), lambda: torch.allclose(x, x.t()),
    lambda: torch.isclose(x, x.t()), lambda: x.squeeze((0, 0)), lambda: x.lerp(x.half(), 1),
    lambda: x.__delitem__(0), lambda: x.__setitem__(0, np.ones(3)), lambda: x.clone().__setitem__((0, 1), m),
):
    attempt(lambda: see(action()))
x = torch.ones(2, 3)
attempt(lambda: x.__setitem__(torch.tensor([[0, 1], [5, 0]]), 7.0))
see(x)

# %% what numbers, dtypes and places are asked first
def fresh():
    return torch.arange(6.0).view(2, 3), torch.tensor([[1, 0, 0], [0, 1, 1]]), torch.ones(3, 2) > 0
leaf = torch.tensor(1.5, requires_grad=True)
for action in (
    lambda x, i, m: i.masked_fill(i > 0, leaf), lambda x, i, m: i.index_fill(0, i[0], leaf), lambda x, i, m: x.masked_fill_(x.t(), 1),
    lambda x, i, m: x.masked_fill_(m, x), lambda x, i, m: x.masked_fill_(x.t(), 1e300), lambda x, i, m: i.scatter(0, i * 7, float("inf")),
    lambda x, i, m: i.scatter(0, i, 1e30, reduce="add"), lambda x, i, m: x.index_fill(5, i, -1), lambda x, i, m: x.index_fill(5, i, x),
    lambda x, i, m: x.half().index_fill_(0, i[0], torch.tensor(1e30)), lambda x, i, m: x.index_fill_(5, i.int(), -1),
    lambda x, i, m: x.index_copy(0, i[0], torch.ones(3, 4)), lambda x, i, m: torch.ones(2, 3, 4).index_copy(1, i[0], torch.ones(2, 3, 5)),
    lambda x, i, m: x.half().fill_(torch.tensor(1e30)), lambda x, i, m: x[0].index_put_((i[0], i[0]), x[0], True),
    lambda x, i, m: x.__setitem__((..., True), torch.ones(3, 4)), lambda x, i, m: x.__setitem__((..., True), x),
    lambda x, i, m: leaf.expand(2).__setitem__((..., True), torch.ones(3, 4)), lambda x, i, m: x.__setitem__([True, False, True], x),
    lambda x, i, m: x.__setitem__((True, 0), torch.ones(3)), lambda x, i, m: torch.searchsorted(m[0], m), lambda x, i, m: x[:0].index_select(0, i[0]),
):
    attempt(lambda: see(action(*fresh())))

# %% an output that is read as well
for action in (
    lambda x, u, m: torch.where(m, u, x, out=u), lambda x, u, m: torch.where(m, u, x.double(), out=u), lambda x, u, m: torch.add(u, x, out=u),
    lambda x, u, m: torch.eq(x, u, out=u), lambda x, u, m: torch.add(x, m, out=x.t()), lambda x, u, m: torch.mul(x, u, out=x),
    lambda x, u, m: torch.masked_select(x, m, out=u), lambda x, u, m: torch.cumsum(x, 0, out=x), lambda x, u, m: torch.sub(x, u, out=x.t()[:2]),
    lambda x, u, m: torch.exp(u, out=u.expand(3, 3)[0]), lambda x, u, m: torch.exp(x, out=u.expand(2, 3)),
):
    attempt(lambda: see(action(torch.arange(6.0).view(2, 3), torch.ones(3), torch.tensor([[True, False, True]] * 2))))

# %% whether a leaf may be written to comes before whether a mask fits
x = torch.ones(2, 3, requires_grad=True)
m = torch.ones(3, 2) > 0
attempt(lambda: x.__setitem__(m, 1.0))
attempt(lambda: x.__setitem__((0, [True, False]), 1.0))
attempt(lambda: x.fill_(torch.ones(3)))
attempt(lambda: x.detach().fill_(torch.ones(3)))
attempt(lambda: torch.ones(()).size(-1))
attempt(lambda: torch.ones(()).stride(1))
attempt(lambda: torch.zeros(0, 3, requires_grad=True).__setitem__(slice(1, None), 1.0))
i = torch.tensor([[1, 0, 2]])
i.copy_(x[:1])
i[0] = x[0]
see(i, i.is_leaf)

# %% attributes that only the engine sets
x = torch.ones(2, requires_grad=True)
for name in ("is_leaf", "grad_fn", "shape", "dtype", "output_nr", "_version", "_base", "ndim", "T", "retains_grad", "device"):
    attempt(lambda: setattr(x, name, 3))
for value in (1, None, "a", torch.tensor(True)):
    attempt(lambda: setattr(x, "requires_grad", value))
    attempt(lambda: x.requires_grad_(value))
attempt(lambda: torch.ones(2).long().requires_grad_())
attempt(lambda: setattr(torch.ones(2).long(), "requires_grad", True))
with torch.no_grad():
    v = x.view(-1)
    v.mul_(2)
see(v.output_nr)
attempt(lambda: v.grad_fn)

# %% hooks on several tensors of which some need no gradient
x, i = torch.ones(2, requires_grad=True), torch.ones(2).long()
register = torch.autograd.graph.register_multi_grad_hook
attempt(lambda: register((x, i), print))
attempt(lambda: register((i, x), lambda grad: print("any", grad), mode="any"))
attempt(lambda: register((i,), print, mode="any"))
(x * 2).sum().backward()

# %% a number of what requires grad
x = torch.ones(1, requires_grad=True).sum()
see(torch.tensor([x]), torch.tensor([[x], [x]]), torch.as_tensor([x]), torch.FloatTensor([x]), float(x), int(x))
with torch.no_grad():
    see(torch.tensor([x]), float(x))
y = torch.Tensor(x)
see(y, y._is_view(), y._base is x)

# %% what was freed is missed even where no gradient arrives
class Half(Function):
    @staticmethod
    def forward(ctx, x, y):
        return x * y
    @staticmethod
    def backward(ctx, grad):
        return grad, None
x = torch.ones(2, requires_grad=True)
y = x * 2
y.sum().backward()
attempt(lambda: Half.apply(x, y).sum().backward())

# %% numbers of NumPy
x = torch.zeros(3)
for value in (np.float64(1), np.int32(2), np.float32(3), np.float16(4), np.bool_(True)):
    def put(index):
        x[index] = value
    for index in (0, slice(1), torch.tensor([0]), x > 5):
        attempt(lambda: put(index))
    print(x)
