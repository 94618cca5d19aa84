# fmt: off
# ruff: noqa
# What a backward pass starts from, in which order leaves come, what hooks are given, what is saved.

# %% leaves come as a heap gives them, not as they were made
L = [torch.ones(2, requires_grad=True) for _ in range(6)]
came = []
for k, leaf in enumerate(L): leaf.register_hook(lambda g, k=k: came.append(k))
kept = L[3] * 2
((torch.stack(L)).sum() + (L[5] * L[0]).sum()).backward(); print(came); came.clear()
torch.cat(L[::-1]).sum().backward(); print(came); came.clear()
torch.autograd.backward([L[2], L[4], L[1], L[0]], [torch.ones(2)] * 4); print(came); came.clear()
torch.autograd.backward([L[2].sum(), L[4], L[1], L[0].sum()], [torch.ones(()), torch.ones(2), torch.ones(2), torch.ones(())]); print(came)
a, b = (torch.ones(2, requires_grad=True) for _ in range(2))
kept = b * 2
y = a * b
for name, leaf in (("a", a), ("b", b)): leaf.register_hook(lambda g, name=name: print(name))
y.sum().backward()
print(y.grad_fn.next_functions[0][0]._sequence_nr())

# %% a cotangent that requires grad stays so
x = torch.ones(2, requires_grad=True); y = x * 2; z = y * 3
y.register_hook(lambda g: print(g, g.requires_grad))
z.register_hook(lambda g: print(g, g.requires_grad))
w = torch.tensor(numbers(2), requires_grad=True)
z.backward(w * 2, retain_graph=True); see(x.grad)
z.backward(w); see(x.grad); print(w.grad)
given, = torch.autograd.grad(x + 0, x, w); see(given); print(given is w)
given, = torch.autograd.grad(x.view(2, 1), x, w.view(2, 1)); see(given)
given, = torch.autograd.grad(x * x, x, w); see(given)
y = x.exp(); y.retain_grad(); y.backward(w * 2); see(y.grad)
class Seen(Function):
    @staticmethod
    def forward(ctx, x): return x.clone()
    @staticmethod
    def backward(ctx, g):
        print(g.requires_grad, torch.is_grad_enabled())
        return g * 2
Seen.apply(x).backward(w)
see(torch.autograd.grad(x * 2, x, torch.stack([w, w]), is_grads_batched=True)[0])

# %% roots that lead nowhere are not begun, unless there is but one
x, other = (torch.ones(2, requires_grad=True) for _ in range(2))
there, astray = (x * 2).sum(), (other * 3).sum()
astray.register_hook(lambda g: print("astray"))
astray.grad_fn.register_prehook(lambda g: print("before astray"))
there.register_hook(lambda g: print("there"))
see(*torch.autograd.grad([there, astray], x, retain_graph=True))
print(torch.autograd.grad([astray], [x], retain_graph=True, allow_unused=True))
torch.autograd.backward([there, astray], inputs=[x]); see(x.grad, other.grad)

# %% a shape changed where nobody recorded it
for change in ("t_", "unsqueeze_", "transpose_", "squeeze_"):
    x = torch.tensor(numbers(1, 3), requires_grad=True); y = x * 2
    with torch.no_grad():
        getattr(y, change)(*{"unsqueeze_": (0,), "transpose_": (0, 1)}.get(change, ()))
    print(change, y.shape, type(y.grad_fn).__name__)
    attempt(lambda: y.sum().backward())
    see(x.grad)

# %% a function that returns its input and saves it
class Same(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x
    @staticmethod
    def backward(ctx, g):
        return g * ctx.saved_tensors[0] * 5
x = torch.tensor(numbers(3), dtype=torch.float64, requires_grad=True)
y = Same.apply(x)
print(y.grad_fn.saved_tensors[0] is x, y._is_view())
derivatives(y, x)
class Both(Function):
    @staticmethod
    def forward(x): return x
    @staticmethod
    def setup_context(ctx, inputs, output): ctx.save_for_forward(inputs[0])
    @staticmethod
    def backward(ctx, g): return g
attempt(lambda: Both.apply(x))
class Marked(Function):
    @staticmethod
    def forward(ctx, x):
        x.add_(1)
        ctx.mark_dirty(x); ctx.mark_non_differentiable(x)
        return x
    @staticmethod
    def backward(ctx, g): return g
x = torch.ones(2, requires_grad=True)
y = Marked.apply(x)
print(y, y is x, y.requires_grad)

# %% what is saved comes in the order of names, results last
def pack(t):
    print(tuple(t.shape))
    return t
x = torch.ones(2, requires_grad=True)
with torch.autograd.graph.saved_tensors_hooks(pack, lambda t: t):
    x ** torch.ones(1); print("-")
    torch.ones(4, 2, requires_grad=True) @ x; print("-")
    torch.nn.functional.linear(torch.ones(4, 3, requires_grad=True), torch.ones(2, 3, requires_grad=True), x); print("-")
    torch.clamp(x, torch.zeros(1), torch.ones(3, 1)); print("-")
    torch.addcmul(x, torch.ones(3, 1), x); print("-")
    x.gather(0, torch.tensor([0])); print("-")
    torch.atan2(x, torch.ones(3, 1))

# %% several hooks on several tensors, the only root among them
a, b = (torch.ones(2, requires_grad=True) for _ in range(2))
e = (a * b).sum()
torch.autograd.graph.register_multi_grad_hook((e, a), lambda g: print(g))
e.backward()

# %% places outside of a view, places that are stretched
x = torch.tensor(numbers(3, 3), dtype=torch.float64, requires_grad=True)
derivatives((x * x).expand(2, 3, 3).as_strided((3, 3), (3, 1), 0), x)
x = torch.tensor(numbers(4), dtype=torch.float64, requires_grad=True)
derivatives((x * x)[2:].as_strided((2,), (1,), 0), x)
derivatives((x * x)[2:].as_strided((3,), (1,), 1), x)
whole = torch.arange(4.)
part = whole[2:].requires_grad_()
see(*torch.autograd.grad(part.as_strided((3,), (1,), 1).sum(), part))
bits = torch.ones(2).view(torch.int32)
see(bits.as_strided((2,), (1,)))

# %% a value put at one place twice
v = torch.tensor(1., requires_grad=True)
torch.zeros(5).index_fill(0, torch.tensor([0, 1, 1]), v).backward(torch.arange(5.)); see(v.grad)
x = torch.tensor(2., requires_grad=True)
x.index_fill(0, torch.tensor([0]), 1.).exp().backward(); see(x.grad)
x.scatter(0, torch.tensor(0), 1.).mul(3).backward(); see(x.grad)
y = torch.tensor(numbers(3), requires_grad=True)
y.register_hook(lambda g: g.mul_(2))
d = y.diag_embed(); d.backward(torch.tensor(numbers(3, 3))); see(y.grad)

# %% norms of nothing but zeros, derived twice
for p in (2, 3, 3.5, 1.5):
    x = torch.tensor([[0., 0.], [1., 0.], [0.5, -2.]], dtype=torch.float64, requires_grad=True)
    g, = torch.autograd.grad(torch.linalg.vector_norm(x, p, dim=1).sum(), x, create_graph=True)
    see(p, g)
    if g.requires_grad: see(*torch.autograd.grad((g * g).sum(), x))

# %% losses, derived and recorded
F = torch.nn.functional
scores, target = torch.tensor(numbers(3, 4), requires_grad=True), torch.tensor([0, 3, 1])
for options in ({}, {"reduction": "sum"}, {"weight": torch.arange(1., 5.)}, {"ignore_index": 3}):
    derivatives(F.nll_loss(scores, target, **options), scores)
    derivatives(F.nll_loss(scores * scores, target, **options), scores)
y = torch.tensor(numbers(3, 4)).sigmoid()
for options in ({}, {"reduction": "sum"}, {"pos_weight": torch.arange(1., 5.)}, {"weight": torch.arange(1., 5.)}):
    derivatives(F.binary_cross_entropy_with_logits(scores, y, **options), scores)

# %% what does not hold any more
x = torch.tensor([1., 3.], requires_grad=True)
m = x.max(); x.data = torch.zeros(2); m.backward(); see(x.grad)
e = torch.ones(2, requires_grad=True) * 2
h = e.sgn(); e.add_(1)
attempt(lambda: h.sum().backward())
b = torch.tensor([[True, False], [True, True]])
see(b.any(()), b.all(()), b.any(dim=(), keepdim=True))
m = torch.autograd.detect_anomaly(check_nan=False)
with torch.autograd.set_detect_anomaly(True):
    with m: pass
    print(torch.is_anomaly_enabled())
print(torch.set_grad_enabled(True))

# %% numbers in a row, whole ones
for ends in ((3.1,), (0.5, 3), (-0.5, 3), (5.9, 1, -1), (0, 2.5, 1), (0.9, 4, 1.9)):
    for kind in (torch.int64, torch.int32, torch.float32): see(torch.arange(*ends, dtype=kind))
attempt(lambda: torch.arange(0, 3, 0.5, dtype=torch.int64))
for ends in ((0.9, 5.9, 3), (-2.5, 2.5, 6), (0.5, 0.9, 3)):
    see(torch.linspace(*ends, dtype=torch.int64), torch.logspace(*ends, base=2, dtype=torch.int32))

# %% refused
F = torch.nn.functional
for low, high in ((2, 1), (0, float("inf")), (float("nan"), 0), (-3e38, 3e38)):
    attempt(lambda: torch.ones(2).uniform_(low, high))
attempt(lambda: torch.ones(2).bernoulli_(2.))
attempt(lambda: torch.ones(2).exponential_(0.))
attempt(lambda: torch.ones(2).normal_(0, float("nan")))
attempt(lambda: F.dropout(torch.ones(2), p=float("nan")))
attempt(lambda: F.conv1d(torch.ones(1, 2, 5), torch.ones(2, 3)))
attempt(lambda: torch.isclose(torch.ones(2), torch.ones(2), rtol=-0.4))
attempt(lambda: torch.ones(4).narrow(0, torch.tensor(1.), 2))
attempt(lambda: torch.diag_embed(torch.ones(2, 2), dim1=1, dim2=1))
attempt(lambda: torch.empty(()).resize_([8, 8, 2**29, 2**29]))
attempt(lambda: torch.broadcast_shapes((1, 1, -12)))
attempt(lambda: torch.hstack([]))
attempt(lambda: torch.bucketize(torch.ones(2), torch.ones(2, 2)))
attempt(lambda: torch.autograd.graph.disable_saved_tensors_hooks(3).__enter__())
attempt(lambda: torch.autograd.grad([torch.ones(2, requires_grad=True) * 2] * 2, torch.ones(2), torch.ones(2, 2), is_grads_batched=True))
with torch.inference_mode(): inferred = torch.ones(2)
attempt(lambda: torch.nn.Parameter(inferred))
print(torch.nn.Parameter(inferred, requires_grad=False).is_inference())

# %% accepted
see(*torch.arange(10.).tensor_split(torch.tensor(3)), *torch.arange(10.).tensor_split(torch.tensor([2, 5])))
edges, values = torch.tensor([1., 3., 5.]), torch.tensor([2., 3.])
see(torch.bucketize(values, edges, out_int32=True), torch.searchsorted(torch.tensor([5., 1., 3.]), values, sorter=torch.tensor([1, 2, 0])))
see(torch.ones(3).broadcast_to(2, 3))
print(torch.nn.functional.pad(torch.ones(1, 3, 4), (1, 1), mode="reflect").stride())
m = torch.arange(6.).view(2, 3)
print(m[:, 3:].stride(), m[2:].t().stride())
x = torch.arange(24.).view(2, 3, 4).requires_grad_()
for name in ("hsplit", "vsplit", "dsplit"):
    for way in (1, 2, 3, 0, -1, (1, 2), (), torch.tensor(2), 1.5, True):
        for t in (x, x[0], x[0, 0], x[0, 0, 0]):
            attempt(lambda: see([list(part.shape) for part in getattr(torch, name)(t, way)]))
parts = x.hsplit(3) + x.vsplit(2) + x.dsplit([1, 3])
see(*parts); print(parts[0]._is_view())
for t in (x, torch.ones(2, dtype=torch.long), torch.ones(2) > 0):
    print(t.conj() is t, t.real is t, torch.real(t) is t, torch.conj_physical(t) is t, t.conj_physical() is t, t.resolve_conj() is t, torch.resolve_neg(t) is t, t.resolve_neg() is t, torch.conj(t) is t, torch.resolve_conj(t) is t)
    print(t.is_conj(), torch.is_conj(t), t.is_neg(), torch.is_neg(t))
    see(t.isreal(), torch.isreal(t))
    attempt(lambda: t.imag); attempt(lambda: torch.imag(t))
x = torch.ones(2, requires_grad=True)
print((x * 2).grad_fn.requires_grad, type(x.round(decimals=0).grad_fn).__name__)
forward_ad = torch.autograd.forward_ad
x = torch.ones(2, dtype=torch.float64, requires_grad=True)
with forward_ad.dual_level():
    print(torch.autograd.gradcheck(lambda x: x * x, (x,)), torch.autograd.gradgradcheck(lambda x: x * x, (x,)))

# %% what is saved for a view made under no_grad is nothing
t = torch.tensor(numbers(1, 3), requires_grad=True) * 1
with torch.no_grad(): c = t.view(-1)
for made in (lambda: c * 2, lambda: c * c, lambda: c.sin()):
    a = made().sum(); a.backward(); a.backward(); print(a.grad_fn.next_functions[0][0].next_functions)
for made in (lambda: c.exp(), lambda: c * torch.ones(3, requires_grad=True)):
    a = made().sum(); a.backward(); attempt(lambda: a.backward())

# %% how often a gradient check calls
def said(f):
    def run(*args): calls.append(1); return f(*args)
    return run
calls = []; p, q = (torch.tensor([0.3, 0.7], dtype=torch.double, requires_grad=True) for _ in range(2))
for check, f, inputs, named in (
    (torch.autograd.gradcheck, lambda p: p * 2, (p,), {}), (torch.autograd.gradcheck, lambda p: p * 2, (p,), {"fast_mode": True}), (torch.autograd.gradcheck, lambda p, q: p * q, (p, q), {}),
    (torch.autograd.gradcheck, lambda p: (p * 2, p * 3), (p,), {}), (torch.autograd.gradcheck, lambda p: p * 2, (p,), {"check_undefined_grad": False}), (torch.autograd.gradgradcheck, lambda p: p * p, (p,), {}),
): print(check(said(f), inputs, **named), len(calls)); calls.clear()

# %% losses of what is no number
for loss in (torch.nn.functional.smooth_l1_loss, torch.nn.functional.huber_loss, torch.nn.functional.l1_loss, torch.nn.functional.mse_loss):
    z = torch.tensor([float("inf"), float("-inf"), float("nan"), 0.0], requires_grad=True); loss(z, torch.zeros(4)).backward(); print(z.grad)

# %% accepted and refused like PyTorch
class Marks(Function):
    @staticmethod
    def forward(ctx, a): ctx.mark_dirty(a); a.mul_(2); return 3, a
    @staticmethod
    def backward(ctx, n, g): return g
attempt(lambda: Marks.apply((torch.ones(3, requires_grad=True) * 1)[:2]))
attempt(lambda: pow(torch.ones(2), 2, 3))
found = torch.ones(2, 3).max(0); print(found.n_fields, found.n_sequence_fields, found.n_unnamed_fields)
attempt(lambda: torch.relu(torch.ones(2), out=torch.ones(2)))
for shape in ((), (3,), (2, 3), (2, 0)):
    for keepdim in (False, True): attempt(lambda: print(torch.ones(shape).logsumexp((), keepdim).shape))
for t in (torch.ones(3), torch.ones(3, requires_grad=True)): attempt(lambda: t.norm(dtype=torch.int64))
attempt(lambda: torch.ones(3).resize_(-1))
attempt(lambda: torch.nn.ReLU(inplace=True)("s"))
attempt(lambda: torch.nn.Sequential(lambda x: x))
attempt(lambda: torch.ones(2).type(dim=5))
attempt(lambda: torch.nn.functional.softmax(None)); attempt(lambda: torch.nn.functional.log_softmax([1.0]))
x = torch.ones(2, requires_grad=True); torch.autograd.backward(x * 2, torch.ones(2), True, False, None, [x]); see(x.grad)
print(list(torch.nn.Sequential(*[torch.nn.ReLU()] * 2).modules(remove_duplicate=False)))
print([hasattr(torch.nn.functional, name) for name in ("prod", "div", "addmm", "matmul")])
with torch.autograd.profiler.profile() as p: torch.ones(2) * 2
try: p.export_chrome_trace(5)
except TypeError: print("no path")
y = torch.ones(2, 3, requires_grad=True) * 1; part = y[:1]
loss = torch.nn.functional.binary_cross_entropy_with_logits(part.data, part); part.sub_(part); attempt(lambda: loss.backward())

# %% what is wrong with an index, in PyTorch's order
import numpy as np
tensors = [torch.tensor(1.0), torch.arange(3.0), torch.arange(6.0).view(2, 3)]
parts = [0, 5, None, ..., True, "a", 2.0, slice(0, 1), [0, 1], [True, False], torch.tensor([[True, False, True], [False, True, True]]), np.array([0]), (0,), [], object, slice(None, None, 0), np.float64(1.0)]
for t in tensors:
    for one in parts:
        attempt(lambda: print(t[one]))
        for other in parts: attempt(lambda: print(t[one, other]))

# %% values that are put more than once, and stretched
for shape, indices in (((1, 3), ([0, 0],)), ((1,), ([0, 0],)), ((2, 3), ([[0, 1], [1, 1]],)), ((2, 1), ([0, 1], [[0], [0]])), ((2, 3), ([1],))):
    for accumulate in (True, False):
        a, w = torch.tensor(numbers(1, *shape), requires_grad=True), torch.tensor(numbers(2, *shape), requires_grad=True)
        places = tuple(torch.tensor(part) for part in indices)
        out = a.index_put(places, w, accumulate=accumulate); see(out, *torch.autograd.grad(out, [a, w], torch.tensor(numbers(3, *out.shape))))
        b = a * 1; b[places] = w; g, = torch.autograd.grad(b, w, torch.tensor(numbers(3, *b.shape)).requires_grad_(), create_graph=True); print(g.shape)
a, b, c = (torch.tensor(numbers(k, 2), requires_grad=True) for k in range(3))
see(*torch.autograd.grad(torch.addr(a, b, c, beta=2), [a, b, c], torch.tensor([[1.0, 2.0], [3.0, 4.0]]))); torch.addr(a, b, c).sum().backward(); see(a.grad)

# %% what leads nowhere may have any shape
leaf = torch.ones(3, 2, requires_grad=True)
with torch.no_grad(): a, b = leaf.split([2, 1]); c, d, e = leaf.unbind()
((a * 2).sum() + (b * 3).sum() + (c * d * e).sum()).backward(); print(leaf.grad)

# %% one tensor returned twice
class Twice(Function):
    @staticmethod
    def forward(ctx, x): y = x ** 2; ctx.save_for_backward(y); return y, y
    @staticmethod
    def backward(ctx, g0, g1): y, = ctx.saved_tensors; return y * g1
x = torch.tensor(numbers(1, 3), requires_grad=True)
a, b = Twice.apply(x); print(a is b, a.output_nr, b.output_nr)
g, = torch.autograd.grad(b.sum(), x, create_graph=True); see(g, *torch.autograd.grad(g.sum(), x))

# %% without axes, and as if with one
for reduce in ("sum", "mean", "prod", "amax", "amin"):
    for own in (True, False):
        t = torch.tensor
        see(t(2.0).scatter_reduce(0, t([0, 0]), t([3.0, 4.0]), reduce, include_self=own), t([2.0, 1.0]).scatter_reduce(0, t(1), t(3.0), reduce, include_self=own), t(2.0).scatter_reduce(0, t(0), t(5.0), reduce, include_self=own))
        x, s = t([2.0, 1.0], requires_grad=True), t(3.0, requires_grad=True)
        x.scatter_reduce(0, t(1), s, reduce, include_self=own).sum().backward(); see(x.grad, s.grad)
see(torch.tensor([2.0, 1.0]).scatter_reduce_(0, torch.tensor(1), torch.tensor(3.0), "sum"), torch.tensor(1.0).scatter(0, torch.tensor([0]), 2.0, reduce="add"))
for value in (2.0, torch.tensor(2.0)):
    for places in ([0, -1], [-4], [-5], [4], []):
        attempt(lambda: see(torch.zeros(4).index_fill(0, torch.tensor(places, dtype=torch.long), value)))

# %% a gradient that was handed out is not told another version later
x = torch.tensor(numbers(1, 3), requires_grad=True)
for f in (lambda n: n.max(), lambda n: n.min(), lambda n: n.median(), lambda n: n[None].max(0)[0], lambda n: n[None][0]):
    n = (x * x).sum()
    gradients = torch.autograd.grad(f(n), [x, n], create_graph=True)
    sum((g * g).sum() for g in gradients).backward(); see(x.grad); x.grad = None

# %% a module that stands twice, a mask over a stretched tensor, a loss that does not depend
checkpoint_sequential = torch.utils.checkpoint.checkpoint_sequential
tanh = torch.nn.Tanh(); see(checkpoint_sequential(torch.nn.Sequential(tanh, tanh), 1, torch.ones(1), use_reentrant=False)); attempt(lambda: checkpoint_sequential(torch.nn.Sequential(tanh, tanh), 2, torch.ones(1), use_reentrant=False))
for shape, whole in (((3,), (2, 3)), ((3,), (2, 2, 3)), ((2, 1), (2, 3))):
    torch.manual_seed(0); y = torch.nn.functional.dropout(torch.ones(shape).expand(whole), 0.5); see(y); print(y.stride())
a, w = torch.tensor(numbers(1, 3, 2), requires_grad=True), torch.tensor(numbers(2, 3, 2), requires_grad=True)
y = torch.nn.functional.batch_norm(a, torch.zeros(2), torch.ones(2), training=False); g, = torch.autograd.grad(y, a, w, create_graph=True); (g * g).sum().backward(); print(a.grad, w.grad)
for pool, x in ((torch.nn.functional.avg_pool1d, torch.ones(1, 1, 6)), (torch.nn.functional.avg_pool2d, torch.ones(1, 1, 4, 4))): print(pool(x, 2, None).shape, pool(x, 2, None, 0).shape)

# %% negative numbers among the unsigned, fractions among the whole
u = torch.zeros(3, dtype=torch.uint8)
for f in (lambda: u.clone().fill_(-1), lambda: u.clone().fill_(300), lambda: u.masked_fill(u == 0, -1), lambda: torch.full((2,), -1, dtype=torch.uint8), lambda: torch.full_like(u, -1), lambda: u.new_full((2,), -1), lambda: u.clone().fill_(torch.tensor(-1)), lambda: u.clone().fill_(-1.5), lambda: torch.full((2,), -1.0, dtype=torch.uint8), lambda: torch.tensor([-1.0], dtype=torch.uint8), lambda: torch.tensor([-1], dtype=torch.uint8)): attempt(lambda: see(f()))
def assigned(index, value): w = u.clone(); w[index] = value; return w
for value in (-1, 300, -1.0, 255.0, 256.0, torch.tensor(-1), torch.tensor(300), torch.tensor(-1.0)):
    for index in (0, torch.tensor([True, False, True])): attempt(lambda: see(assigned(index, value)))
def masked(mask, value): y = torch.zeros(3); y[mask] = value; return y
for value in (-1, torch.tensor([1.0, 2.0])): attempt(lambda: see(masked(torch.tensor([0, 1, 1], dtype=torch.uint8), value)))
ones = torch.ones(2).long()
for f in (lambda: torch.add(ones, ones, alpha=1.0), lambda: ones.add(ones, alpha=1.0), lambda: torch.sub(ones, 1, alpha=2.0), lambda: torch.add(ones, 2.5, alpha=1.0), lambda: ones.clone().add_(1, alpha=1.0)): attempt(lambda: see(f()))
see(torch.empty(0).roll((1, 2), (0, 1)), torch.empty(0, 3).roll(1, 2), torch.cat([torch.ones(0), torch.ones(0)], 1), torch.tensor([True, False]).scatter_reduce(0, torch.tensor([0]), torch.tensor([True]), "amin", include_self=False))
print(torch.rand(3).std(None, unbiased=False).shape)

# %% second derivatives at a bend
a, v, nn = torch.zeros(2, requires_grad=True), torch.ones(2, requires_grad=True), torch.nn.functional
for f in (nn.elu, nn.celu, nn.selu, nn.leaky_relu, nn.relu, nn.hardswish, nn.softplus, nn.gelu, nn.silu, nn.mish, nn.hardtanh, nn.relu6, nn.hardsigmoid):
    g, = torch.autograd.grad(f(a), a, v, create_graph=True); print(torch.autograd.grad(g.sum(), [a, v], allow_unused=True))
x, w = torch.tensor([0.3, -0.9], requires_grad=True), torch.tensor([0.25])
g, = torch.autograd.grad(nn.prelu(x, w).sum(), x, create_graph=True); g.sum().backward(); print(x.grad)

# %% a leaf that is asked for and not reached, among the hooked
a, b = torch.ones(2, requires_grad=True), torch.ones(2, requires_grad=True); v = a * 2
handle = torch.autograd.graph.register_multi_grad_hook((v, b), lambda gradients: print(gradients))
print(torch.autograd.grad(v.sum(), [a, b], allow_unused=True))

# %% zeros that go back from the other outputs of a vectorized Jacobian
jacobian, hessian = torch.autograd.functional.jacobian, torch.autograd.functional.hessian
x = torch.tensor([0.0, -2.0])
for f in (lambda x: (x.log().sum(), x * 2), lambda x: (x.sqrt(), x * 2), lambda x: (x.sum(), x.detach(), x * x)):
    print(jacobian(f, x, vectorize=True), jacobian(f, x))
g = lambda x, y: (x.sum(), y.sum(), x * y)
print(jacobian(g, (torch.tensor([1.0, -2.0]), torch.tensor([-3.0, -4.0])), vectorize=True))
A, y = torch.tensor([[1.0, -2.0], [-3.0, 4.0]]), torch.tensor([-3.0, -4.0])
for create_graph in (False, True): print(hessian(lambda A, y: ((A * A) @ y.sin()).sum(), (A, y), create_graph=create_graph, vectorize=True))

# %% a power's derivative is a product, with 1 as well
x = torch.tensor([1.5, 2.0], requires_grad=True)
for power in (1, 2, 3):
    (g,) = torch.autograd.grad((x**power).sum(), x, create_graph=True)
    print([type(node).__name__ for node, _ in g.grad_fn.next_functions], g)
    (h,) = torch.autograd.grad(g.sum(), x, create_graph=True)
    print(type(h.grad_fn).__name__, [type(node).__name__ for node, _ in h.grad_fn.next_functions], h)
