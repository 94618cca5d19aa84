# fmt: off
# ruff: noqa
# What goes wrong by a slip: numbers that do not fit, gradients in odd memory, old names. (Cells: see
# tests/engine/observe.py.)

# %% numbers that a dtype cannot hold are not written
p, d, h, i, b = torch.tensor([1.0, 2.0, 3.0]), torch.zeros(3, dtype=torch.float64), torch.zeros(3).half(), torch.tensor([0, 1, 2]), torch.tensor([True, False, True])
def put(tensor, index, value):
    tensor[index] = value
for tensor in (p, d, h, i, b):
    for value in (1e40, -1e39, 2 ** 63, -2 ** 63 - 1, 2 ** 64, 1j, 2 + 0j, float("inf"), float("nan"), 7e4, 2 ** 62):
        if tensor is not i or value == value and abs(value) != float("inf"):
            for index in (0, slice(0, 2), b, [0, 1]):
                attempt(lambda: put(tensor, index, value))
see(p, d, i, b)
print(p._version)

# %% nor computed with
p, i, b = torch.tensor([1.0, 2.0, 3.0]), torch.tensor([1, 2, 3], dtype=torch.int32), torch.tensor([True, False, True])
attempt(lambda: torch.where(b, p, 1e40))
attempt(lambda: torch.where(b, 1e40, p))
attempt(lambda: torch.where(b, i, 2 ** 40))
attempt(lambda: torch.where(b, 2 ** 40, i))
see(torch.where(b, p, float("inf")), torch.where(b, 2.5, i), torch.where(b, True, i))
attempt(lambda: torch.lerp(p, p * 2, 1e40))
attempt(lambda: torch.add(p, p, alpha=1e40))
attempt(lambda: torch.sub(p, p, alpha=-1e40))
attempt(lambda: torch.rsub(p, p, alpha=1e40))
attempt(lambda: torch.add(i, i, alpha=2 ** 40))
attempt(lambda: torch.arange(0, 2 ** 63 - 1, 2 ** 62))
attempt(lambda: torch.arange(2 ** 63))
attempt(lambda: torch.arange(0, 1, 1e-20))
print(torch.arange(2 ** 53, 2 ** 53 + 3, dtype=torch.float64).shape)
attempt(lambda: torch.randint(0, 2 ** 63, (2,)))
for index in ([2 ** 70], [2 ** 63], [-2 ** 70], [0, 2 ** 70], 2 ** 70):
    attempt(lambda: p[index])

# %% a gradient in memory that it shares with itself, or in another order
x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
x.grad = torch.zeros(1).expand(3)
attempt(lambda: (x * 2).sum().backward())
see(x.grad)
w = torch.ones(2, 3, requires_grad=True)
w.grad = torch.zeros(3, 2).t()
w.sum().backward()
see(w.grad)
print(w.grad.stride())

# %% thrown with the probabilities in a tensor
x, p = torch.tensor([1.0, 2.0, 3.0], requires_grad=True), torch.ones(3)
torch.manual_seed(0)
p.bernoulli_(x / 4)
see(p)
print(p.grad_fn.name(), p._version, [edge and edge.name() for edge, _ in p.grad_fn.next_functions])
p.sum().backward()
see(x.grad)
q = torch.ones(2, 3, requires_grad=True) * 1
q.bernoulli_(x / 4)
see(q)
attempt(lambda: torch.ones(3).bernoulli_(torch.tensor([0.5, 0.5])))
attempt(lambda: torch.ones(3).bernoulli_(torch.tensor([1, 0, 1])))
see(torch.ones(2, 3).bernoulli_(), torch.ones(3).long().bernoulli_(x.detach() / 4), torch.ones(2).bernoulli_(torch.tensor(0.2).double()))

# %% a value and its tangent in one memory
forward_ad = torch.autograd.forward_ad
dual_level, make_dual, unpack_dual = forward_ad.dual_level, forward_ad.make_dual, forward_ad.unpack_dual
p = torch.tensor([1.0, 2.0, 3.0])
with dual_level():
    t = make_dual(p, p)
    t.add_(1)
    see(*unpack_dual(t))
    t = make_dual(p, p)
    t.mul_(2)
    see(*unpack_dual(t))
    attempt(lambda: unpack_dual(t, level=1))
see(p)

# %% limits of gradcheck; a function that changes the size of its output
gradcheck = torch.autograd.gradcheck
x = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
attempt(lambda: gradcheck(lambda a: a * a, x, eps="a"))
attempt(lambda: gradcheck(lambda a: a * a, x, atol=-1))
attempt(lambda: gradcheck(lambda a: a * a, x, rtol=-1))
calls = []
def grows(a):
    calls.append(1)
    return a * a if len(calls) < 2 else torch.cat([a, a])[:3]
attempt(lambda: gradcheck(grows, x))
see(x)

# %% sizes, old names, modes
for value in (torch.tensor([1.0, 2.0]), [torch.tensor(2.5)], torch.tensor([1.5]), [np.float64(1)], [1.0], [True], torch.tensor([1, 2]), torch.tensor([[1]]), [torch.tensor([2])], [torch.tensor([1, 2])]):
    attempt(lambda: torch.Size(value))
x = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
print(x.name)
attempt(lambda: setattr(x, "name", "a"))
see(x.__rmatmul__(x * 2), x.__div__(2), x.__rdiv__(2), x.__idiv__(2))
print(torch.ones(1).__nonzero__(), torch.ones(1).__long__())
mode = torch.no_grad()
print(mode.prev)
mode.__enter__()
print(mode.prev)
attempt(lambda: mode.__exit__())
mode.__exit__(None, None, None)
attempt(lambda: x.type("DoubleTensor"))
attempt(lambda: torch.nn.Linear(1, 1).load_state_dict({1: x}))
see(torch.nn.functional.mse_loss(x, x * 2, reduction="elementwise_mean"))
see(torch.tensor(bytearray(b"abc")), torch.tensor(memoryview(b"abc")))
attempt(lambda: torch.tensor([1.0], dtype=np.dtype("float32")))
see(torch.where(torch.tensor([[1, 0], [0, 1]], dtype=torch.uint8), x, x * 2))
attempt(lambda: torch.linspace(torch.tensor(2.5), torch.ones(3), 3))
attempt(lambda: torch.autograd.Variable(x, foo=1))
attempt(lambda: torch.save(x, "/nowhere/at/all.pt"))

# %% hooks that unpack what was saved are called once, whatever they raise
saved_tensors_hooks, checkpoint = torch.autograd.graph.saved_tensors_hooks, torch.utils.checkpoint.checkpoint
calls = []
def failing(tensor):
    calls.append("unpacked")
    raise ValueError("mine")
x = torch.ones(2, requires_grad=True)
with saved_tensors_hooks(lambda tensor: tensor, failing):
    y = x * x
attempt(lambda: y.sum().backward())
print(calls)
with saved_tensors_hooks(lambda tensor: tensor, lambda tensor: calls.append("again") or tensor):
    y = x * x
def before(grads):
    raise ValueError("before")
y.grad_fn.register_prehook(before)
attempt(lambda: y.sum().backward())
print(calls)
runs = []
def twice(a):
    runs.append(1)
    if len(runs) > 1:
        raise ValueError("second run")
    return (a * a).exp()
attempt(lambda: checkpoint(twice, x, use_reentrant=False).sum().backward())

# %% what a node is
Node = torch.autograd.graph.Node
x = torch.ones(2, requires_grad=True)
y = x.exp()
print(isinstance(y.grad_fn, Node), issubclass(type(y.grad_fn), Node), Node in type(y.grad_fn).mro(), isinstance(None, Node))
print(isinstance(y.grad_fn.next_functions[0][0], Node), issubclass(torch._C._functions.AccumulateGrad, Node), issubclass(torch._C._functions.DelayedError, Node), issubclass(int, Node))
attempt(lambda: Node())

# %% tangents of second derivatives
F, forward_ad = torch.nn.functional, torch.autograd.forward_ad
a = torch.tensor([-0.5, 0.3, 1.2], dtype=torch.float64, requires_grad=True)
t = torch.tensor([-0.5, 0.2, 0.7], dtype=torch.float64)
for f in (lambda x: x.sigmoid() * x.cos(), lambda x: x.tanh() * x, lambda x: x.log_softmax(0) * x, lambda x: F.mse_loss(x, x * x), lambda x: F.gelu(x) * x, lambda x: F.softplus(x) * x, lambda x: F.elu(x) * x, lambda x: F.binary_cross_entropy_with_logits(x, x * x), lambda x: F.cross_entropy(x * x, torch.tensor(1)), lambda x: F.silu(x) * x):
    with forward_ad.dual_level():
        x = forward_ad.make_dual(a, t)
        g, = torch.autograd.grad(f(x).sum(), x, create_graph=True)
        h, = torch.autograd.grad((g * g).sum(), x, create_graph=True)
        see(forward_ad.unpack_dual(h).tangent.detach())

# %% what may be written to, and what is shared
with torch.inference_mode():
    e = torch.ones(()).expand(2)
    attempt(lambda: e.__setitem__(slice(None), 3.0))
with torch.autograd.forward_ad.dual_level():
    e = torch.ones(()).expand(2)
    attempt(lambda: e.__setitem__(slice(None), 3.0))
    attempt(lambda: e.__setitem__(None, 0))
see(e)
a = torch.tensor([True, False])
b, c = torch.sign(a), torch.sgn(a)
b[0] = c[0] = False
see(a, b, c)
x = torch.ones(3, requires_grad=True)
g, = torch.autograd.grad((torch.diag(x) * 2).sum(), x)
g.mul_(2)
g[0] = 5.0
see(g)
v, b = torch.ones(2), torch.arange(4.0)
attempt(lambda: torch.cat([b[:2], b[2:]], out=b))
attempt(lambda: torch.stack([b[:2], b[2:]], out=b.view(2, 2)))
see(b)

# %% gradients that are passed on as they are; nodes of what does nothing
x = torch.ones(2, 1, requires_grad=True)
g, = torch.autograd.grad(x.cumprod(1).sum(), x, create_graph=True)
see(g)
e = torch.zeros(0, 3, requires_grad=True)
print(e.roll(1, -1).grad_fn.name(), e.roll(1).grad_fn.name(), x.roll(0, 0).grad_fn.name())
x = torch.ones(2, 3, 4, requires_grad=True)
print(x.movedim(-2, -1).grad_fn._saved_dims, x.movedim(-1, 0).grad_fn._saved_dims, x.permute(-1, 0, 1).grad_fn._saved_dims)
class Nothing(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, y):
        return x * y
    @staticmethod
    def backward(ctx, grad):
        return None, grad
v = torch.tensor([1.0, 2.0], requires_grad=True)
attempt(lambda: Nothing.apply(v // v, v).sum().backward())
with torch.no_grad():
    part = v[:1]
print((3 // part).grad_fn.next_functions)
see(F(x) if False else torch.nn.functional.layer_norm(torch.full((6,), 1.1752012), (6,)))

# %% tangents of other dtypes, and of views of what has none
forward_ad = torch.autograd.forward_ad
with forward_ad.dual_level():
    for name in ("mul_", "add_", "sub_", "div_", "pow_", "atan2_"):
        c = forward_ad.make_dual(torch.ones(2), torch.ones(2))
        d = forward_ad.make_dual(torch.ones(2).double(), torch.ones(2).double())
        getattr(c, name)(d)
        see(*forward_ad.unpack_dual(c))
    p, _ = forward_ad.unpack_dual(d.float())
    print([forward_ad.unpack_dual(q).tangent for q in (p.view_as(p), p.view(-1), p[0:1], p * 2, p.t(), p.detach())])

# %% nothing to reduce, kinds of which there is no such thing, nan among what is ordered
F = torch.nn.functional
e, nan, inf = torch.zeros(0, dtype=torch.int64), float("nan"), float("inf")
no, b = torch.zeros(0, dtype=torch.bool), torch.tensor([True, False])
see(e.softmax(0), e.log_softmax(0), no.median(), torch.ones(3, 3, dtype=torch.bool)[:, :0].log_softmax(0))
attempt(lambda: torch.ones(2, dtype=torch.int64).softmax(0))
attempt(lambda: no @ no)
attempt(lambda: b @ b)
see(F.cross_entropy(torch.zeros(0, dtype=torch.float64), torch.tensor([]), label_smoothing=0.1), F.cross_entropy(torch.zeros(2, 0), torch.zeros(2, 0), label_smoothing=0.1))
attempt(lambda: F.batch_norm(torch.tensor([1, 2, 3]), None, None, training=True))
attempt(lambda: F.batch_norm(torch.tensor([[1, 2, 3]]), None, None, training=True))
z = torch.zeros(0)
attempt(lambda: z.amin((0, -1)))
attempt(lambda: torch.ones(2).amin((0, -1)))
attempt(lambda: torch.zeros(0, 2).amax(0))
attempt(lambda: torch.zeros(0, 2).amin(5))
see(torch.zeros(0, 2).amin(1))
attempt(lambda: b.clone().floor_divide_(0))
attempt(lambda: b.clone().remainder_(0))
attempt(lambda: b // 0)
attempt(lambda: torch.tensor([1, 2]).fmod_(0))
T = torch.tensor
see(torch.searchsorted(T([nan, nan]), 0.5), torch.searchsorted(T([1.0, nan]), nan), torch.searchsorted(T([1.0, 2.0, nan]), T([0.0, 1.0, 1.5, nan, inf]), right=True), torch.bucketize(T([nan, 1.0]), T([0.0, 2.0])))
v = T([nan, 1.0, -1.0, 0.0], requires_grad=True)
(0 ** v).sum().backward()
see(v.grad)

# %% cotangents of another shape, and powers of truth values
x = torch.ones(2, requires_grad=True)
for outputs, grads in (((x * 2,), (torch.ones(3),)), ((x * 2, x * 3), (torch.ones(2), torch.ones(3))), ((x.sum(), x * 3), (None, torch.ones(1))), ((x * 2, x * 3), (torch.ones(1), torch.ones(2)))):
    attempt(lambda: torch.autograd.grad(outputs, x, grads))
    attempt(lambda: torch.autograd.backward(outputs, grads))
attempt(lambda: (x ** torch.tensor([True, False])).sum().backward())
see(x.grad)
for shape in ((0,), (0, 3), (2, 0, 2)):
    for f in (lambda x: x * 2, lambda x: x.sum(), lambda x: x.cumsum(0), lambda x: x.view(-1) * 2, lambda x: x.expand(2, *x.shape), lambda x: x.mean()):
        x = torch.zeros(shape, requires_grad=True)
        f(x).sum().backward()
        print(x.grad._version)

# %% hooks see all that is saved, also what only PyTorch needs
F, log = torch.nn.functional, []
def pack(tensor):
    log.append(("packed", tuple(tensor.shape), str(tensor.dtype).rpartition(".")[2], tensor.requires_grad, tensor.grad_fn and tensor.grad_fn.name()))
    return tensor
def unpack(tensor):
    log.append(("unpacked", tuple(tensor.shape)))
    return tensor
x, w, b = torch.randn(2, 3, requires_grad=True), torch.ones(3, requires_grad=True), torch.zeros(3, requires_grad=True)
t = torch.tensor([0, 1])
for f in (lambda: F.layer_norm(x, (3,), w, b), lambda: F.layer_norm(x, (3,)), lambda: F.batch_norm(x, None, None, w, b, training=True), lambda: F.batch_norm(x, torch.zeros(3), torch.ones(3), w, b), lambda: F.cross_entropy(x, t), lambda: F.nll_loss(x, t, torch.ones(3)), lambda: F.nll_loss(x, t, reduction="none"), lambda: F.instance_norm(x[None])):
    log.clear()
    with torch.autograd.graph.saved_tensors_hooks(pack, unpack):
        y = f()
    print(log)
    log.clear()
    y.sum().backward()
    print(log)
    attempt(lambda: y.sum().backward())

# %% a slope that is drawn, under hooks; bounds and numbers at the edge of float16
F = torch.nn.functional
x = torch.tensor([-1.0, 2.0], requires_grad=True)
torch.manual_seed(0)
with torch.autograd.graph.save_on_cpu():
    y = F.rrelu(x, training=True)
y.sum().backward()
see(y, x.grad)
y = F.rrelu(x, training=True)
see(y.grad_fn._saved_noise)
y.sum().backward()
attempt(lambda: y.grad_fn._saved_noise)
attempt(lambda: F.rrelu(x, float("nan"), 1.0))
attempt(lambda: F.rrelu(x, 0.0, float("inf")))
see(torch.randint(torch.tensor(3), (2,)), torch.randint(1, torch.tensor(3), (2,)))
h, b = torch.zeros(2, dtype=torch.float16), torch.tensor([True, False])
see(torch.where(b, h, 1e6), torch.lerp(h + 1, h, 1e5), torch.xlogy(h + 1, 1e6), torch.tensor([-float("inf"), 4.0, -2.0], dtype=torch.float16) ** 0.5)
attempt(lambda: torch.lerp(h + 1, h, 1e40))
u = torch.tensor([2, 3], dtype=torch.uint8)
see(torch.add(u, u, alpha=-1), torch.ones(3)[[np.uint64(1)]])
attempt(lambda: torch.logcumsumexp(torch.tensor(1), 0))
attempt(lambda: torch.amax(torch.zeros(2, 0), []))
with torch.autograd.graph.saved_tensors_hooks(lambda t: t, lambda t: t.reshape(-1)[:4]):
    y = torch.ones(2, 3, requires_grad=True) * torch.ones(2, 3, requires_grad=True)
attempt(lambda: y.sum().backward())

# %% the least whole number; a gradient of a tensor that was given another shape
see(torch.arange(-2 ** 63, -2 ** 63 + 3))
for other in (torch.ones(2, 2), torch.ones(6)):
    x = torch.ones(4, requires_grad=True)
    (x * 2).sum().backward()
    x.data = other
    attempt(lambda: (x * 2).sum().backward())

# %% factories that write into tensors with a history
x = torch.ones(2, requires_grad=True)
makers = dict(ones=lambda o: torch.ones(2, out=o), full=lambda o: torch.full((2,), 3.0, out=o), rand=lambda o: torch.rand(2, out=o), randn=lambda o: torch.randn(2, out=o), empty=lambda o: torch.empty(2, out=o), eye=lambda o: torch.eye(2, out=o), linspace=lambda o: torch.linspace(0, 1, 2, out=o), randperm=lambda o: torch.randperm(2, out=o), arange=lambda o: torch.arange(2, out=o), bernoulli=lambda o: torch.bernoulli(torch.ones(2), out=o))
for name, make in makers.items():
    for out in (x, x * 2, torch.ones(2)):
        attempt(lambda: make(out))
        print(name, out.grad_fn and out.grad_fn.name(), out.requires_grad, tuple(out.shape), out._version)
y = torch.zeros(2, out=x * 2)
attempt(lambda: y.sum().backward())
for out in ((torch.ones(1),), (torch.ones(1), torch.ones(1), torch.ones(1))):
    attempt(lambda: torch.max(torch.ones(2, 3), 0, out=out))
    attempt(lambda: torch.topk(torch.ones(3), 1, out=out))
    see(*out)

# %% what is called that is no function, what is taken for a tensor
for what in (torch.ones(2).shape, torch.float32, torch.device("cpu"), torch.strided, torch.optim, torch.nn, torch.utils.checkpoint):
    attempt(lambda: what(3))
for what in (torch.float32, torch.finfo(torch.float32), torch.Generator(), torch.Size([1])):
    attempt(lambda: what.nothing)
print(type(torch.float32).__name__, type(torch.Size([1])).__name__, torch.dtype)
import copy, pickle
print(pickle.loads(pickle.dumps(torch.float16)) is torch.float16, copy.deepcopy(torch.int64) is torch.int64)
class Own(torch.nn.Module):
    pass
class One:
    def __index__(self):
        return 1
class Row:
    def __len__(self):
        return 2
    def __getitem__(self, k):
        if k > 1:
            raise IndexError
        return float(k)
attempt(lambda: torch.optim.SGD([torch.nn.Linear(1, 1).parameters()], lr=0.1))
attempt(lambda: torch.optim.SGD([len], lr=0.1))
attempt(lambda: torch.optim.SGD([np.ones(2)], lr=0.1))
attempt(lambda: torch.tensor([1.0], requires_grad=None))
attempt(lambda: torch.tensor([1.0], pin_memory=True))
attempt(lambda: torch.ones(2, pin_memory=True))
attempt(lambda: torch.is_inference(3))
attempt(lambda: torch.device())
attempt(lambda: torch.device("cpu", -2))
attempt(lambda: torch.broadcast_tensors([torch.ones(2)]))
attempt(lambda: torch.randperm(3, dtype=torch.bool))
x = torch.zeros(3)
x[One()] = 2
see(x, x[One()], torch.tensor(Row()), torch.tensor([Row(), Row()]))
x = torch.ones(2, requires_grad=True)
attempt(lambda: torch.tensor([x]))
attempt(lambda: torch.autograd.backward([x * 2, None]))
attempt(lambda: torch.autograd.backward([(x * 2).sum(), None]))
attempt(lambda: torch.ones(3) in torch.ones(2))
t = torch.ones(3)
def put(mask):
    t[mask] = torch.tensor(2.0)
for mask in ([0, 1], [0, 1, 1]):
    attempt(lambda: put(torch.tensor(mask, dtype=torch.uint8)))
l = torch.nn.Linear(1, 1)
attempt(lambda: l.load_state_dict({"weight": torch.ones(1, 1, dtype=torch.int64), "bias": torch.ones(1)}, assign=True))

# %% convolutions of other dtypes, of nothing
F = torch.nn.functional
for kind in (torch.float64, torch.int64, torch.float16):
    attempt(lambda: torch.nn.Conv2d(1, 1, 3)(torch.ones(1, 1, 5, 5).to(kind)))
attempt(lambda: F.conv2d(torch.ones(1, 1, 5, 5).double(), torch.ones(1, 1, 3, 3), torch.ones(1).double()))
attempt(lambda: F.conv2d(torch.ones(1, 1, 5, 5), torch.ones(1, 1, 0, 3)))
attempt(lambda: F.conv1d(torch.ones(1, 1, 5), torch.ones(1, 1, 0)))

# %% what a relu saved was changed behind its back; a graph that anomaly mode has walked; errors that run first
F = torch.nn.functional
x = torch.arange(4.0, requires_grad=True)
y = F.relu(x - 1)
y.data.sub_(1)
y.sum().backward()
see(x.grad)
x = torch.tensor([float("nan"), 1.0, -1.0, 0.0], requires_grad=True)
x.relu().sum().backward()
see(x.grad)
for keep in (False, True):
    x = torch.ones(2, requires_grad=True)
    y = (x - 100).sqrt().sum()
    def checked():
        with torch.autograd.detect_anomaly():
            y.backward(retain_graph=keep)
    attempt(checked)
    attempt(y.backward)
    see(x.grad)
x = torch.ones(2, requires_grad=True)
a, b = x // x, x.exp()
b.sum().backward()
attempt(lambda: torch.autograd.backward([a.sum(), b.sum()]))
class Once(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x * 1
    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx, grad):
        return grad * 2
grad = torch.ones((), requires_grad=True)
g, = torch.autograd.grad(Once.apply(x).sum(), x, grad, create_graph=True)
print(g.grad_fn.name(), g.grad_fn._sequence_nr())
class Dirty(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.mark_dirty(x * 1)
        return x
attempt(lambda: Dirty.apply(torch.ones(2)))

# %% nothing to save, nothing to sum, nothing to repeat
x = torch.zeros(0, 2, requires_grad=True)
with torch.autograd.graph.saved_tensors_hooks(lambda t: (t,), lambda t: t[0]):
    print(list(x), len(x.unbind(1)))
x = torch.tensor(1.0, requires_grad=True)
y = x.sum_to_size(())
print(y is x, y.grad_fn.name())
x = torch.zeros(0, requires_grad=True)
y = x.repeat_interleave(2, dim=0)
print(y._base is x, y.grad_fn.name())
with torch.no_grad():
    print(x.repeat_interleave(2, dim=0).requires_grad)
for f in (torch.digamma, torch.lgamma, lambda t: torch.polygamma(1, t), lambda t: torch.igamma(t, t)):
    print(f(torch.full((2, 3), 0.5).T).stride())
D = torch.ones(2, dtype=torch.float64, requires_grad=True)
for f in (lambda t: t > 1, lambda t: (t * 2, t > 1)):
    attempt(lambda: torch.autograd.gradcheck(f, D))
    attempt(lambda: torch.autograd.gradcheck(f, D, fast_mode=True))

# %% a tangent that must not be written to: what it moves along has been; errors on the way to what is asked for
fw = torch.autograd.forward_ad
for f in (lambda d: d.mul_(2), lambda d: d.add_(1), lambda d: d.copy_(d * 2), lambda d: d.sin_(), lambda d: d.zero_(), lambda d: d[:1].mul_(2), lambda d: d.clamp_(0, 1), lambda d: d.masked_fill_(d > 1.5, 0.0), lambda d: d.__setitem__(0, 5.0)):
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = x * 1
    with fw.dual_level():
        d = fw.make_dual(y, x)
        attempt(lambda: f(d))
        see(y, x, fw.unpack_dual(d).tangent)
for f in (lambda d: d.mul_(2), lambda d: d.sin_(), lambda d: d.zero_(), lambda d: d.fill_(2.0), lambda d: d.clamp_(0, 1)):
    p = torch.tensor([1.0, 2.0])
    with fw.dual_level():
        d = fw.make_dual(p, p)
        f(d)
        see(d, p)
with fw.dual_level():
    attempt(lambda: fw.make_dual(torch.ones(2), torch.ones(2), level=-1))
    attempt(lambda: fw.make_dual(torch.ones(2), torch.ones(2), level="a"))
x, w = torch.ones(3, requires_grad=True), torch.ones(3, requires_grad=True)
for y in (x.unique(), 3 // x, x // 2):
    attempt(lambda: torch.autograd.grad(y.mean(), x, allow_unused=True))
    print(torch.autograd.grad((y.exp() * w).sum() if y.shape == w.shape else w.sum(), w, allow_unused=True))

# %% written until an error; a copy of what is overwritten has its own history
def put(shape, index, value):
    t = torch.zeros(shape)
    attempt(lambda: t.__setitem__(index, value))
    see(t)
for value in (3.0, torch.ones(2) * 2, torch.arange(1.0, 9.0).reshape(4, 2)):
    put((4, 3), (slice(None), [0, 3]), value)
    put((4, 3), (slice(None), [3, 0]), value)
for value in (3.0, torch.ones(2) * 2):
    for shape, index in (((2, 2, 3), (Ellipsis, [0, 3])), ((2, 3, 2), (slice(None), [0, 3])), ((3, 2, 2), ([0, 3],)), ((2, 3), (0, [1, 3]))):
        put(shape, index, value)
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x * 2
z = y * 1
z.mul_(y)
print(z.grad_fn._saved_self.grad_fn.name(), z.grad_fn._saved_other.grad_fn.name(), [f.name() for f, _ in z.grad_fn.next_functions])
y = x * 2
y.sin_()
y[:1].pow_(3)
g, = torch.autograd.grad(y.sum(), x, create_graph=True)
def names(node, depth=0):
    if node is not None and depth < 8:
        print(depth, node.name())
        for following, _ in node.next_functions:
            names(following, depth + 1)
names(g.grad_fn)
see(g, torch.autograd.grad(g.sum(), x)[0])

# %% an infinite cotangent where the slope is 0; stale views of nothing
F = torch.nn.functional
x = torch.tensor([-1.0, 0.2, 2.0, float("nan")], requires_grad=True)
for f in (F.softshrink, F.hardshrink, torch.relu, F.relu6, F.hardtanh, lambda t: F.threshold(t, 0.5, 1.0), lambda t: t.clamp(0, 1)):
    for infinite in (float("inf"), float("nan"), -2.0):
        see(torch.autograd.grad(f(x), x, torch.full((4,), infinite))[0])
y = x.relu()
g, = torch.autograd.grad(y, x, torch.ones(4), create_graph=True)
see(torch.autograd.grad(g, x, torch.full((4,), float("inf")), allow_unused=True)[0])
y = x * 2
part = y.split_with_sizes([4, 0])[1]
y *= 3
attempt(lambda: list(part))

# %% how often a gradient was written to, when a part of a copy was overwritten
def parts(x):
    yield from (lambda y: y[:2].mul_(2), lambda y: y[:2].mul_(x[2:4]), lambda y: y.view(2, 3)[0].fill_(1), lambda y: y[1:3].copy_(x[:2]), lambda y: y[torch.tensor([0, 1])].zero_(), lambda y: y.__setitem__(0, 0), lambda y: y.__setitem__(x > 2, x[x > 2]), lambda y: y.__setitem__(x > 2, 0.0))
for k in range(8):
    x = torch.arange(1.0, 7.0, requires_grad=True)
    for start in (lambda: x.clone(), lambda: x * 2, lambda: torch.zeros(6)):
        y = start()
        list(parts(x))[k](y)
        if y.requires_grad:
            g, = torch.autograd.grad(y.sum(), x)
            see(g)
            print(g._version)

# %% many cotangents, none given
x = torch.ones(3, requires_grad=True)
for out in (torch.ones(3).sum(), torch.ones(3), x * 2, x.sum(), [x.sum(), torch.ones(2)]):
    attempt(lambda: torch.autograd.grad(out, x, is_grads_batched=True))
attempt(lambda: torch.matmul(torch.ones(()), torch.ones(2, requires_grad=True), out=torch.ones(())))

# %% a class of the reader's own, made of Tensor
class Noted(torch.Tensor):
    def __init__(self, a):
        self.note = 3
class Plain(torch.Tensor):
    pass
class Made(torch.Tensor):
    @staticmethod
    def __new__(cls, a, *rest):
        return super().__new__(cls, a)
    def __init__(self, a, b):
        super().__init__()
        self.b = b
t = Noted([1.0, 2.0])
print(t.note, t, float(t.sum()), isinstance(t, Noted), t.requires_grad, t._version)
print(Plain([1.0, 2.0]), tuple(Plain(2, 3).shape), tuple(Plain().shape), Made([1.0, 2.0], 5), Made([1.0], 5).b)
class Wrong(torch.Tensor):
    def __init__(self, a):
        super().__init__(a)
attempt(lambda: Wrong([1.0]))
x = torch.Tensor([1.0, 2.0])
x.__init__([3.0])
see(x, torch.Tensor.__new__(torch.Tensor, [1.0, 2.0]), type(x)([3.0, 4.0]))
t = Plain([1.0, 2.0])
t.requires_grad_()
(t * t).sum().backward()
see(t.grad)

# %% how often the gradient of what was put into a part was written to
for put in (lambda y, x: y[:3].copy_(x), lambda y, x: y[:3].add_(x), lambda y, x: y[:3].mul_(x), lambda y, x: y.__setitem__(slice(3), x), lambda y, x: y.view(2, 3)[0].addcmul_(x, torch.ones(3))):
    x = torch.arange(1.0, 4.0, requires_grad=True)
    for keep in (False, True):
        y = torch.ones(6)
        put(y, x)
        print(torch.autograd.grad(y.sum(), x, retain_graph=keep)[0]._version)
    y = torch.ones(6)
    put(y, x)
    y.sum().backward()
    print(x.grad._version)
