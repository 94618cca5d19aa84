# fmt: off
# ruff: noqa
# `out=`, writing by index, and other places where results go. (Cells: see tests/engine/observe.py.)

# %% out= of another dtype
x = torch.tensor([[1.0, -2.0, 0.5], [0.3, 0.2, 0.1]])
v, i = x[0], torch.tensor([0])
def of(*shape): return [torch.zeros(shape, dtype=d) for d in (torch.int64, torch.float64, torch.float16, torch.bool)]
for name in ("abs", "neg", "floor", "round", "trunc", "exp", "sqrt", "sin", "tanh", "reciprocal", "nan_to_num", "logical_not", "isposinf", "signbit", "tril", "triu"):
    for out in of(2, 3):
        attempt(lambda: print(name, getattr(torch, name)(x, out=out).dtype))
for name in ("add", "mul", "div", "pow", "maximum", "eq", "lt", "logical_and", "float_power", "hypot"):
    for out in of(2, 3):
        attempt(lambda: print(name, getattr(torch, name)(x, x + 3, out=out).dtype))
for name in ("sum", "prod", "mean", "amax", "amin", "all", "any", "argmax"):
    for out in of(3):
        attempt(lambda: see(name, getattr(torch, name)(x, 0, out=out)))
for name in ("softmax", "log_softmax", "cumsum", "cumprod"):
    for out in of(2, 3):
        attempt(lambda: see(name, getattr(torch, name)(x, 0, out=out)))
for out in of(2, 2):
    attempt(lambda: torch.mm(x, x.t(), out=out))
    attempt(lambda: torch.matmul(x, x.t(), out=out))
    attempt(lambda: torch.addmm(x[:, :2], x, x.t(), out=out))
for out in of(2, 3):
    for write in (lambda: torch.clamp(x, 0, 1, out=out), lambda: torch.clamp_min(x, 0, out=out), lambda: torch.where(x > 0, x, x, out=out),
                  lambda: torch.scatter(x, 0, i[None], x, out=out), lambda: torch.scatter_add(x, 0, i[None], x, out=out),
                  lambda: torch.index_add(x, 0, i, x[:1], out=out), lambda: torch.index_copy(x, 0, i, x[:1], out=out), lambda: torch.msort(x, out=out)):
        attempt(write)
for out in of(4, 3):
    attempt(lambda: see(torch.cat([x, x], out=out)))
for out in of(2, 2, 3):
    attempt(lambda: see(torch.stack([x, x], out=out)))
for write in (lambda: torch.mv(x, v, out=torch.zeros(2, dtype=torch.int64)), lambda: torch.dot(v, v, out=torch.zeros((), dtype=torch.int64)),
              lambda: torch.index_select(x, 0, i, out=torch.zeros(1, 3, dtype=torch.float64)), lambda: torch.masked_select(x, x > 0, out=torch.zeros(1, dtype=torch.int64)),
              lambda: torch.take(x, i, out=torch.zeros(1, dtype=torch.int64)), lambda: torch.logsumexp(x, 0, out=torch.zeros(3, dtype=torch.int64)),
              lambda: torch.gather(x, 0, i[None], out=torch.zeros(1, 1, dtype=torch.int64)), lambda: torch.nonzero(x, out=torch.zeros(1)),
              lambda: torch.diag(v, out=torch.zeros(3, 3, dtype=torch.int64)), lambda: torch.diag(x, out=torch.zeros(2, dtype=torch.int64)),
              lambda: torch.searchsorted(v.sort()[0], v, out=torch.zeros(3)), lambda: torch.max(x, 0, out=(torch.zeros(3), torch.zeros(3))),
              lambda: torch.sort(x, out=(torch.zeros(2, 3, dtype=torch.int64), torch.zeros(2, 3, dtype=torch.int64))),
              lambda: torch.median(x, 0, out=(torch.zeros(3, dtype=torch.int64), torch.zeros(3, dtype=torch.int64))),
              lambda: torch.median(x, 0, out=(torch.zeros(3), torch.zeros(3))), lambda: torch.topk(x, 1, out=(torch.zeros(2, 1), torch.zeros(2, 1))),
              lambda: torch.add(x, x, out=torch.zeros(5, dtype=torch.int64)), lambda: torch.mm(x, x.t(), out=torch.zeros(5, dtype=torch.int64)),
              lambda: see(torch.sum(x, 0, out=torch.zeros(5, dtype=torch.int64)))):
    attempt(write)
see(torch.zeros(2, out=torch.ones(2, dtype=torch.int64)), torch.ones(2, out=torch.zeros(2, dtype=torch.bool)), torch.full((2,), 1.5, out=torch.zeros(2, dtype=torch.int64)),
    torch.eye(2, out=torch.zeros(2, 2, dtype=torch.int64)), torch.linspace(0, 1, 3, out=torch.zeros(3, dtype=torch.int64)))

# %% written by index where several entries lie at one place
x = torch.tensor([[1.0, -2.0, 0.5], [0.3, 0.2, 0.1]])
def stretched(): return x[:1].clone().expand(2, 3)
for index, value in ((torch.tensor([0]), 5.0), ([0], 5.0), (torch.tensor([True, False]), 5.0), (torch.tensor([True, False]), torch.ones(3)), (x > 0, 5.0), (torch.tensor([5]), 5.0),
                     (torch.tensor([0]), torch.ones(5)), (torch.tensor([True]), 5.0), (0, 5.0), (True, 5.0)):
    e = stretched()
    attempt(lambda: e.__setitem__(index, value))
    see(e, e._version)
column = torch.tensor([[True], [False]])
for write in (lambda e: e.index_put_((torch.tensor([0]),), torch.tensor(5.0)), lambda e: e.masked_fill_(column, 5.0), lambda e: e.index_fill_(0, torch.tensor([0]), 5.0),
              lambda e: e.masked_fill_(column.long(), 5.0), lambda e: e.masked_fill_(column, torch.ones(2)), lambda e: e.index_fill_(5, torch.tensor([0]), 5.0),
              lambda e: e.index_fill_(0, torch.tensor([0.0]), 5.0), lambda e: e.index_put_((torch.tensor([0.0]),), torch.tensor(5.0)), lambda e: e.fill_(1.0)):
    e = stretched()
    attempt(lambda: write(e))
    see(e)
m = torch.tensor([True, False, True])
attempt(lambda: m.__setitem__(m, torch.tensor([True, False])))
m[m] = False
see(m)
leaf = torch.ones(3, requires_grad=True).expand(2, 3)
attempt(lambda: leaf.__setitem__([0], 5.0))
i = torch.tensor([[2, 0, 1], [0, 1, 2]])
attempt(lambda: i.scatter_(0, i, i))
attempt(lambda: i.scatter_add_(0, i, i))

# %% integers that get a history, and copies of what inference mode made
s = torch.tensor(2.0, requires_grad=True)
for write in (lambda i, m: i.fill_(s), lambda i, m: i.masked_fill_(m, s), lambda i, m: i.eq_(s), lambda i, m: i[0].fill_(s), lambda i, m: i.index_fill_(0, torch.tensor([0]), s), lambda i, m: m.fill_(s),
              lambda i, m: i.copy_(s)):
    i, m = torch.tensor([2, 0, 1]), torch.tensor([True, False, True])
    write(i, m)
    see(i, m)
    print(i.requires_grad, i.grad_fn is None, i._version)
with torch.inference_mode():
    x = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
print(x.clone()._version, x.double()._version, x.long()._version, x.float().is_inference(), x.t().clone()._version, torch.clone(x)._version)
with torch.inference_mode():
    print(x.clone().is_inference())

# %% what does not fit, as it is expanded; nan, counted apart
x, m = torch.ones(3), torch.tensor([True, False])
for wrong in (lambda: x.expand(2, -1, 3), lambda: x.expand(2, -1, 4), lambda: x.expand(-1, -2), lambda: x.expand(-1, 3), lambda: x.expand(2, -2, 3), lambda: torch.tensor(1.0).expand(-1),
              lambda: torch.sub(m, True), lambda: torch.rsub(m, True), lambda: m - True, lambda: True - m, lambda: m - 1.5, lambda: torch.ones(2, dtype=torch.int64) - True):
    attempt(wrong)
y = torch.tensor([1.0, float("nan"), float("nan"), 2.0])
see(y.unique(), *y.unique(return_inverse=True, return_counts=True), *y.unique_consecutive(return_counts=True))
see(torch.bucketize(m, torch.tensor([0.0, 0.5])), torch.tensor([60000.0, 60000.0], dtype=torch.float16).cumsum(0), torch.tensor([3e38, -3e38]).cumsum(0).std())

# %% among Python's and NumPy's objects
import copy
x = torch.tensor([1.0, -2.0, 0.5], requires_grad=True)
x.note = [1]
for y in (copy.copy(x), copy.deepcopy(x), copy.copy(x * 2)):
    print(y._version, y.is_leaf, y.requires_grad, getattr(y, "note", None), getattr(y, "note", None) is x.note)
d = x.detach()
see(d == np.array([1.0, -2.0, 1.0]), np.array([1.0, -2.0, 1.0]) == d, x == np.ones((2, 3)), d == np.array("a"), d == [1], d != [1])
attempt(lambda: d == np.ones(2))
for wrong in (lambda: np.ones(3) / x, lambda: [1] / x, lambda: None / x, lambda: torch.Size(["a"]), lambda: torch.Size([1.5]), lambda: torch.Size([None]), lambda: torch.Size("ab"), lambda: torch.Size(3),
              lambda: torch.Size([1]) + [2], lambda: [2] + torch.Size([1]), lambda: torch.tensor(["a"]), lambda: torch.tensor([["a"]]), lambda: torch.tensor([1, "a"]), lambda: torch.tensor([""]),
              lambda: torch.tensor(b"a"), lambda: torch.tensor("a"), lambda: torch.as_tensor(["ab"])):
    attempt(wrong)
print(torch.Size([torch.tensor(2)]), torch.Size([True]), torch.Size([1, 2]) + (3,), (3,) + torch.Size([1]), torch.Size([1, 2]) * 2, torch.Size())

# %% out= and functions without a derivative
x = torch.tensor([1.0, -2.0], requires_grad=True)
for function in (torch.gt, torch.eq, torch.logical_and):
    print(function(x, x, out=torch.zeros(0)))
for function in (torch.argmax, torch.signbit, torch.nonzero, torch.square, torch.msort):
    attempt(lambda: function(x, out=torch.zeros(0)))
attempt(lambda: torch.hstack([x, x], out=torch.zeros(0)))
attempt(lambda: torch.all(x, 0, out=torch.zeros(0)))

# %% out= of another size, for what has a size of its own
for function in (torch.zeros, torch.ones, torch.eye):
    print(function(2, out=torch.ones(5)))
print(torch.full((2,), 3, out=torch.ones(5)), torch.linspace(0, 1, 3, out=torch.ones(5)))
print(torch.logspace(0, 1, 3, out=torch.ones(5, dtype=torch.int32)))
print(torch.arange(4, out=torch.ones(5)), torch.arange(4, out=torch.ones(2, 2)))

# %% out= of another dtype, for limits and norms
x = torch.tensor([1.0, -2.0])
print(torch.clamp(x, x, x + 1, out=torch.zeros(0, dtype=torch.float64)))
attempt(lambda: torch.clamp(x, x, x, out=torch.zeros(0, dtype=torch.int32)))
attempt(lambda: torch.clamp(x, 0, 1, out=torch.zeros(0, dtype=torch.int32)))
attempt(lambda: torch.norm(x, out=torch.zeros(0, dtype=torch.float64)))
attempt(lambda: torch.isin(x, x, out=torch.zeros(0)))

# %% out= of what is copied into it
x = torch.tensor([[1.0, 2.0], [2.0, 4.0]], requires_grad=True)
print(torch.linalg.norm(x, out=torch.zeros(0)), torch.linalg.matrix_norm(x, out=torch.zeros(0)))
print(torch.inner(x, x, out=torch.zeros(0)))
for kind in (torch.float64, torch.int32):
    for function in (torch.linalg.norm, torch.linalg.matrix_norm, torch.linalg.vector_norm):
        attempt(lambda: function(x.detach(), out=torch.zeros(0, dtype=kind)))

# %% out= over the memory that is there
x = torch.arange(6.0)
part = x[1:]
torch.arange(3, out=part)
print(x, part)
y = torch.ones(3, 4).t()
print(torch.atan2(y, y, out=torch.zeros(0)).stride(), torch.add(y, y, out=torch.zeros(0, dtype=torch.float64)).stride())

# %% out= with a history that leads nowhere
for function in (lambda x, out: torch.softmax(x, 0, out=out), lambda x, out: torch.log_softmax(x, 0, out=out), lambda x, out: torch.floor_divide(x, x, out=out)):
    out = torch.zeros(0)
    x = torch.ones(2, requires_grad=True)
    print(function(x, out), out.grad_fn.name(), out._version, [edge[0].name() for edge in out.grad_fn.next_functions])
    attempt(lambda: out.sum().backward())
    print(function(x.detach(), x * 1))
    attempt(lambda: function(x, x))
