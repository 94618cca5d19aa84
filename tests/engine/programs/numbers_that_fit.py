# fmt: off
# ruff: noqa
# Numbers and dtypes that a tensor can hold, or not. (Cells: see tests/engine/observe.py.)

# %% numbers that a dtype cannot hold
i, h, k = torch.tensor([[1, 0], [0, 1]]), torch.ones(2, 2).half(), torch.ones(2, 2).int()
mask, inf, nan = i > 0, float("inf"), float("nan")
for x in (i, h, k, mask, h.double()):
    for value in (1e10, inf, nan, 2 ** 40, 1.7):
        attempt(lambda: see(x.clone().fill_(value)))
        attempt(lambda: see(x.masked_fill(mask, value)))
        attempt(lambda: see(x.index_fill(0, torch.tensor([0]), value)))
        attempt(lambda: see(x.scatter(0, i, value)))
        attempt(lambda: x.clone().__setitem__(0, value))
        attempt(lambda: x.clone().__setitem__([0], value))
        attempt(lambda: x.clone().__setitem__(mask, value))
attempt(lambda: h.masked_fill(mask, torch.tensor(1e10)))
attempt(lambda: k.clamp(max=2 ** 40))
attempt(lambda: h.clamp(max=1e10))
attempt(lambda: i.clone().clamp_(max=1.5))
attempt(lambda: i.clone().clamp_(h))
attempt(lambda: mask.clone().clamp_min_(2))

# %% a sum in another dtype is one node
x = torch.tensor(numbers(2, 3), requires_grad=True)
for out in (x.sum(dtype=torch.float64), x.sum(0, dtype=torch.float64), x.mean(dtype=torch.float64),
            x.cumsum(0, dtype=torch.float64), x.prod(dtype=torch.float64), x.nansum(dtype=torch.float64),
            x.cumprod(1, dtype=torch.float64), x.norm(dtype=torch.float64), x.prod(0, dtype=torch.float64)):
    see(out, out.grad_fn.next_functions[0][0].name())
    derivatives(out, x)
for name in ("sum", "prod", "nansum"):
    attempt(lambda: getattr(x, name)(dtype=torch.int64))
attempt(lambda: x.cumsum(0, dtype=torch.int64))
see(x.detach().sum(dtype=torch.bool), (x > 5).sum(dtype=torch.bool), x.detach().sum(dtype=torch.int64))
for out in (x.sum(None), x.sum(dim=None, keepdim=True), x.mean(None), x.amax(None), x.sum(torch.tensor(0))):
    see(out)

# %% what is different has a node and no derivative
x = torch.tensor([[1.0, 2.0], [2.0, 1.0]], requires_grad=True)
for out in (x.unique(), x.unique(dim=0), torch.unique_consecutive(x)):
    see(out)
    attempt(lambda: out.sum().backward())
attempt(lambda: x.unique(dim=5))
attempt(lambda: torch.tensor(1.0).unique(dim=0))
attempt(lambda: torch.zeros(0, 3).unique(dim=1))
see(torch.zeros(0, 3).unique(dim=0), x.unique(return_inverse=True, return_counts=True))

# %% nodes without a derivative
x = torch.tensor([[1.0, 2.0], [3.0, 1.0]], requires_grad=True)
i = torch.tensor([[1, 0], [0, 1]])
d = x * 1
for out in (x // 2, 3 // x, x // x.detach(), 2 % x, x.scatter(0, i, x.detach(), reduce="add"),
            x.scatter(0, i, 2.0, reduce="multiply"), (x * 1).scatter_(0, i, 2.0, reduce="multiply"),
            (x * 1).floor_divide_(x.detach()), (x * 1).set_(x), x.detach().clone().set_(x)):
    see(out, out.grad_fn.name(), [node and node.name() for node, _ in out.grad_fn.next_functions])
    attempt(lambda: out.sum().backward())
attempt(lambda: x.scatter(0, i, x, reduce="prod"))
attempt(lambda: x.detach().scatter(0, i[0], x.detach(), reduce="add"))
attempt(lambda: x.detach().set_(i))
attempt(lambda: x.detach().clone().float_power_(2))
see(x.detach().double().float_power_(2))

# %% random numbers in the shape of a tensor
x = torch.ones(2, 3)
see(torch.randn_like(x).mul(0), torch.randint_like(x, 1), torch.randint_like(x, 1, 2), torch.rand_like(x).mul(0))
for value in (2, 2.5, True, torch.tensor(2.0, dtype=torch.float64), torch.ones(2).half()):
    print(torch.result_type(x, value), torch.result_type(x.long(), value))
