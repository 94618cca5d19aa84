# fmt: off
# ruff: noqa
# Lists that are no tensors, copies that share memory, outputs beside dtypes, shapes that `.data` has changed.

# %% ragged lists
import warnings
warnings.simplefilter("ignore")  # PyTorch warns of lists of arrays once
for data in ([[[1]], [2]], [1, [2]], [1.0, [2]], [[1], 2], [[1], 2.0], [[1, 2], [3]], [[], [1]], [[1], []], [[[1, 2]], [[3]]], [[1, [2]]], [[1.5, [2]]], [[[1], [2]], [[3], 4]], [[1, 2], [3, "a"]], ["a"], [[None]]):
    for dtype in (None, torch.float32, torch.int64, torch.bool): attempt(lambda: see(torch.tensor(data, dtype=dtype)))
attempt(lambda: torch.tensor([torch.ones(2), torch.ones(3)])); attempt(lambda: torch.tensor((np.ones(2), np.ones(3))))
attempt(lambda: see(torch.tensor((np.ones(2), np.zeros(2)))))

# %% sizes and places that are too large
for run in (lambda: torch.zeros(2**62), lambda: torch.empty(2**40, 2**40), lambda: torch.arange(4.0)[2**70], lambda: torch.ones(1).to("float64"), lambda: torch.ones(1).to("gpu"), lambda: torch.device("cpu:01")): attempt(run)
x = torch.arange(4.0); see(x[np.array(1)]); see(x[np.array([True, False, True, False])]); see(x[np.array([1, 2])])

# %% copies of what shares memory share memory
import copy, pickle
x = torch.arange(4.0); a, b, c = copy.deepcopy([x, x[1:3], torch.ones(2)])
a[1] = 9; see(b); print(b.storage_offset(), b.data_ptr() - a.data_ptr(), a.untyped_storage() == b.untyped_storage(), c.untyped_storage() == a.untyped_storage(), x)
p = torch.ones(3, requires_grad=True)
with torch.no_grad(): part = p[0]
print(copy.deepcopy(part).requires_grad, pickle.loads(pickle.dumps(p))._version)
y = p * 2
for run in (lambda: copy.copy(y.grad_fn), lambda: copy.deepcopy(y.grad_fn), lambda: pickle.dumps(y.grad_fn)): attempt(run)

# %% out= beside another dtype
for run in (
    lambda: torch.sum(torch.ones(3, 3), 0, dtype=torch.double, out=torch.zeros(3)), lambda: torch.mean(torch.ones(3, 3), 0, dtype=torch.double, out=torch.zeros(3)), lambda: torch.cumsum(torch.ones(3, 3), 0, dtype=torch.double, out=torch.zeros(3, 3)),
    lambda: torch.prod(torch.ones(3, 3), 0, dtype=torch.double, out=torch.zeros(3)), lambda: torch.ones(2, 2, dtype=torch.long, out=torch.zeros(3)),
): attempt(run)

# %% what .data has made of another shape
for other in (torch.ones(4), torch.ones(4, 1), torch.ones(2, 3)):
    for made in (lambda q: q * q, lambda q: q * 2):
        q = torch.ones(2, 3, requires_grad=True); s = made(q).sum(); q.data = other; attempt(lambda: s.backward()); print(q.grad)

q = torch.ones(2, 3, requires_grad=True); s = (q @ q.t()).sum(); q.data = torch.ones(4, 1); attempt(lambda: s.backward()); print(q.grad)

# %% a leaf that has become a result
p = torch.tensor([1.0, 2.0, 3.0], requires_grad=True); z = p * 1; p.requires_grad_(False); p.mul_(z); attempt(lambda: z.sum().backward())
p = torch.tensor([1.0, 2.0, 3.0], requires_grad=True); z = p * 2; p.requires_grad_(False); p[0].mul_(z[0]); attempt(lambda: z.sum().backward())
p = torch.tensor([1.0, 2.0, 3.0], requires_grad=True); z = p * 2; p.requires_grad_(False); z.sum().backward(); print(p.grad)

# %% several axes, ends and chances as tensors
x = torch.ones(1, 1, 3, 1); print(x.squeeze(0, 1).shape, x.clone().squeeze_(0, 1).shape, torch.ones(2, 2).count_nonzero(0, 1)); attempt(lambda: x.squeeze(0, 0))
torch.manual_seed(0); see(torch.ones(2).uniform_(torch.tensor(2.0), torch.tensor(3.0)))
for run in (lambda: torch.ones(2).uniform_(torch.tensor(2.0)), lambda: torch.tensor(2.0).bernoulli_(torch.tensor(2.0)), lambda: torch.ones(2).bernoulli_(torch.tensor([1, 0])), lambda: torch.ones(2).bernoulli_(torch.tensor([True, False]))): attempt(run)
for word in ("__iand__", "__ior__", "__ixor__", "__ilshift__"): attempt(lambda: getattr(torch.tensor([1, 2]), word)(2.5))

# %% a written tangent is differentiated as it was
fwAD = torch.autograd.forward_ad
for step in ("mul_(x)", "div_(x)", "exp_()", "tanh_()", "sigmoid_()", "pow_(2)", "sqrt_()", "log_()", "cos_()", "square_()", "atan2_(x)", "pow_(x)", "mul_(d)", "pow_(d)"):
    x = torch.ones(2, requires_grad=True) * 2
    with fwAD.dual_level():
        d = fwAD.make_dual(x * 1, torch.ones(2)); y = d * 1; eval("y." + step); t = fwAD.unpack_dual(y).tangent
    see(t); see(torch.autograd.grad(t, x, torch.ones_like(t), allow_unused=True)[0])
with fwAD.dual_level(): attempt(lambda: fwAD.make_dual(torch.ones(2), torch.ones(2)).resize_(1))

# %% what a failing step leaves behind
net = torch.nn.BatchNorm1d(2)
with torch.inference_mode(): t = torch.tensor([[0.0, 1.0], [0.0, 1.0]])
attempt(lambda: net(t)); print(net.running_mean, net.running_var)
x = torch.ones(2, requires_grad=True)
import warnings
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    with torch.autograd.set_detect_anomaly(True): y = x.exp()
print(sorted(y.grad_fn.metadata), type(y.grad_fn.metadata["traceback_"]))
x = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], requires_grad=True); (x.sort(-1).values.reciprocal().chunk(2, -1)[0] ** 2).sum().backward(); print(x.grad)
for how in ("amax", "amin"):
    t = torch.tensor([float("nan"), 1.0], requires_grad=True); t.scatter_reduce(0, torch.tensor([1, 1]), t * 2, reduce=how, include_self=False).sum().backward(); print(t.grad)
checkpoint_sequential = torch.utils.checkpoint.checkpoint_sequential
attempt(lambda: checkpoint_sequential([torch.nn.Linear(2, 2)] * 2, 2, torch.ones(2, 2, requires_grad=True), use_reentrant=False, determinism_check="none"))
