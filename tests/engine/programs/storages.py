# fmt: off
# ruff: noqa
# The memory under tensors as a thing of its own; sums of products that are written wrongly; places that are none.

# %% what a storage shows
import warnings
def storage(x):
    with warnings.catch_warnings():  # PyTorch warns of typed storages once
        warnings.simplefilter("ignore")
        return x.storage()
x = torch.tensor(numbers(3)); s, u = storage(x), x[1:].untyped_storage()
print(s); print(len(s), s.dtype, s.device, s.type(), s.tolist() == x.tolist(), s.nbytes(), s.element_size(), s.size(), s.is_shared(), s.is_cuda)
print(len(u), u.size(), u.element_size(), u == x.untyped_storage(), u == torch.ones(3).untyped_storage(), hash(u) == hash(x.untyped_storage()))
print(torch.arange(2).untyped_storage()); print(storage(torch.zeros(0))); print(storage(torch.tensor([True, False])))
print(s[-1] == x[2].item(), list(u) == u.tolist(), list(s) == s.tolist(), torch.is_storage(s), torch.is_storage(u), torch.is_storage(x))
print(s.double()); print(s.float() is s, s.long(), s.untyped() == u)

# %% what is written to a storage is written to all views, and no version counts it
import warnings
def storage(x):
    with warnings.catch_warnings():  # PyTorch warns of typed storages once
        warnings.simplefilter("ignore")
        return x.storage()
x = torch.arange(3.0); y = x[1:]; s = storage(x)
s[1] = 5; see(x); see(y); print(x._version)
s[0:2] = 7; see(x); x.untyped_storage()[0:4] = 0; see(x)
s.fill_(2); see(y); s.copy_(storage(torch.tensor([3.0, 4.0, 5.0]))); see(x)
c = s.clone(); c[0] = 9; see(x); print(c); u = x.untyped_storage(); u[0] = 300; u[1] = -1; print(u[0:4])
z = torch.zeros(5); z.set_(s); print(z.data_ptr() == x.data_ptr(), z.shape)

# %% what a storage refuses
import warnings
def storage(x):
    with warnings.catch_warnings():  # PyTorch warns of typed storages once
        warnings.simplefilter("ignore")
        return x.storage()
s, u = storage(torch.arange(3.0)), torch.arange(3.0).untyped_storage()
for run in (
    lambda: s[3], lambda: s[-4], lambda: s[0:2], lambda: s["a"], lambda: s.__setitem__(0, "a"), lambda: s.__setitem__(3, 1), lambda: s.fill_("a"),
    lambda: s.copy_(torch.ones(3)), lambda: s.copy_(storage(torch.ones(2))), lambda: u["a"], lambda: u.__setitem__(99, 0), lambda: u[12],
): attempt(run)

# %% an equation that is none
m = torch.ones(2, 3)
for equation in ("ij-ij", "ij->ij->i", "..ij->ij", "...ij...->ij", "ij->..ij", "ij->...i...j", "i.j->ij", "ij>ij", "ij->i-", "ij->i,j", "ij- >i", ",", "....", "ij->."):
    attempt(lambda: torch.einsum(equation, m)); attempt(lambda: torch.einsum(equation, m, m))

# %% searchsorted refuses
row = torch.tensor([1.0, 2.0, 3.0])
for named in (dict(side="left", right=True), dict(side="bad"), dict(sorter=torch.tensor([0, 1])), dict(sorter=torch.tensor([0, 1, 5])), dict(sorter=torch.tensor([0.0, 1, 2])),
              dict(side="right", right=False), dict(side="right", right=True), dict(sorter=torch.tensor([2, 1, 0]))):
    attempt(lambda: print(torch.searchsorted(row, torch.tensor([2.0]), **named)))
attempt(lambda: torch.searchsorted(torch.tensor(1.0), 2.0)); attempt(lambda: torch.searchsorted(torch.tensor(1.0), row))

# %% the same axis by two names
m = torch.ones(2, 3); m.sum(axis=1); m.sum(dim=0)
attempt(lambda: m.sum(axis=1, dim=0)); attempt(lambda: m.mean(dim=1, keepdim=True, keepdims=True)); attempt(lambda: m.max(0).foo)

# %% an index smaller than what it puts has a result, and no derivative
for how in ("sum", "prod", "mean", "amax", "amin"):
    for shape in ((2, 2), (1, 1), (1, 2), (2, 1), (3, 1)):
        x = torch.tensor(numbers(3, 2), requires_grad=True); src = torch.tensor(numbers(3, 2), requires_grad=True)
        y = torch.scatter_reduce(x, 0, torch.zeros(shape, dtype=torch.int64), src, how); see(y)
        attempt(lambda: y.sum().backward()); see(x.grad); see(src.grad)

# %% what has no axes is put and reduced without a detour
b = torch.tensor(2.0, requires_grad=True) * 1
import warnings
warnings.simplefilter("ignore")  # PyTorch warns of index_reduce once
for how in ("prod", "mean", "amax", "amin"):
    for y in (b.scatter_reduce(-1, torch.tensor(0), b * 2, reduce=how), b.scatter_reduce(0, torch.tensor([0]), b * 2, reduce=how), b.index_reduce(0, torch.tensor(0), b * 2, how), b.index_reduce(0, torch.tensor([0]), b * 2, how)):
        print(y.grad_fn.name(), [node.name() for node, _ in y.grad_fn.next_functions]); see(torch.autograd.grad(y, b)[0])

# %% the derivative of the huber loss is for one dtype
for kind, other in ((torch.float64, torch.int64), (torch.float32, torch.float64), (torch.float64, torch.float32)):
    x = torch.tensor([1.0, 2.0], dtype=kind, requires_grad=True); loss = torch.nn.functional.huber_loss(x, torch.tensor([1, 4], dtype=other)); see(loss)
    attempt(lambda: loss.backward()); print(x.grad)

# %% the same gradient twice, stretched
class Sums(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, y): return x.sum() + y.sum()
    @staticmethod
    def backward(ctx, grad): return grad.expand(1), grad.expand(1)
x = torch.ones(1, requires_grad=True); Sums.apply(x, x).add_(1).sum().backward(); see(x.grad)

# %% ends and places of the wrong kind
for run in (
    lambda: torch.linspace(torch.ones(1), 2, 3), lambda: torch.linspace(1, torch.ones(2, 2), 3), lambda: torch.logspace(torch.ones(1), torch.ones(2), 3), lambda: torch.linspace(torch.ones(()), 2, 3),
    lambda: torch.index_select(torch.ones(2, 3), 1, torch.tensor([0, 3])), lambda: torch.index_select(torch.ones(2, 3), 0, torch.tensor([0, 3])), lambda: torch.index_select(torch.ones(2, 3, 4), 1, torch.tensor([0, -1])),
    lambda: torch.index_select(torch.ones(2, 3, 4), 2, torch.tensor([9])), lambda: torch.nn.functional.conv1d(torch.ones(1, 1, 5), torch.ones(1, 1, 2), dilation=0), lambda: print(torch.zeros(2, 2).gather(0, torch.empty(0, dtype=torch.uint8))),
    lambda: print(torch.ones(2, 3).resize_(3, 2, memory_format=torch.contiguous_format)),
): attempt(run)
