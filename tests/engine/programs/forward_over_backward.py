# fmt: off
# ruff: noqa
# Forward mode over a backward pass that is not recorded: gradients have tangents. (Cells: see tests/engine/observe.py.)

# %% the gradient of a leaf, of a tensor on the way, as hooks see it
fw = torch.autograd.forward_ad
x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
with fw.dual_level():
    d = fw.make_dual(x, torch.tensor([1.0, 0.5, 2.0]))
    (d**3).sum().backward()
    print(x.grad, fw.unpack_dual(x.grad), x.grad._version)
    (d**3).sum().backward()
    print(x.grad, fw.unpack_dual(x.grad), x.grad._version, x.grad.requires_grad)
print(x.grad, x.grad._version)
x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
with fw.dual_level():
    d = fw.make_dual(x, torch.tensor([1.0, 0.5, 2.0]))
    h = d * d
    h.retain_grad(); h.register_hook(lambda g: print(fw.unpack_dual(g)))
    y = (h * d.sin()).sum()
    g, = torch.autograd.grad(y, d, retain_graph=True); print(g, g.requires_grad)
    y.backward(inputs=[h]); print(h.grad, x.grad)

# %% cotangents that have tangents, many cotangents at once, nothing that moves
fw = torch.autograd.forward_ad
x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
with fw.dual_level():
    d = fw.make_dual(x, torch.tensor([1.0, 0.5, 2.0])); v = fw.make_dual(torch.ones(3), torch.ones(3) * 5)
    for out, cotangent in ((d * 2, v), (x * x, v), (d * d, v), (d * 2, torch.ones(3))):
        print(fw.unpack_dual(torch.autograd.grad(out, x, cotangent)[0]))
    print(torch.autograd.grad(d * d, x, torch.eye(3), is_grads_batched=True))
    print(torch.autograd.grad((d * d).sum(), x, create_graph=True))
    print(torch.autograd.grad((x * x).sum(), x), torch.autograd.grad((x * x).sum(), [x, d], allow_unused=True))

# %% a Function's own derivative: no history is recorded in it, tangents are
fw = torch.autograd.forward_ad
class Square(torch.autograd.Function):
    @staticmethod
    def forward(x):
        return x * x
    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs); ctx.save_for_forward(*inputs)
    @staticmethod
    def backward(ctx, g):
        x, = ctx.saved_tensors
        print(torch.is_grad_enabled(), fw.unpack_dual(x).tangent)
        return 2 * g * x
    @staticmethod
    def jvp(ctx, t):
        return 2 * t * ctx.saved_tensors[0]
x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
with fw.dual_level():
    d = fw.make_dual(x, torch.tensor([1.0, 0.5, 2.0]))
    print(torch.autograd.grad(Square.apply(d).sum(), x))
    print(torch.autograd.grad(Square.apply(d).sum(), x, create_graph=True))

# %% nodes that PyTorch has in one piece
fw, F = torch.autograd.forward_ad, torch.nn.functional
functions = {"tanh": torch.tanh, "sigmoid": torch.sigmoid, "softmax": lambda x: x.softmax(-1), "log_softmax": lambda x: x.log_softmax(-1), "gelu": F.gelu, "elu": F.elu, "selu": F.selu, "softplus": F.softplus,
    "layer_norm": lambda x: F.layer_norm(x, (3,)), "batch_norm": lambda x: F.batch_norm(x, None, None, training=True), "cross_entropy": lambda x: F.cross_entropy(x, torch.tensor([0, 1])),
    "conv1d": lambda x: F.conv1d(x.view(1, 2, 3), x[:, :2].reshape(1, 2, 2)), "prod": lambda x: x.prod(), "index": lambda x: x[[0, 0]] ** 2, "in place": lambda x: x.clone().mul_(x),
    "part": lambda x: (lambda y: (y[0].mul_(2), y**2)[1])(x * 1), "max": lambda x: x.max(0)[0] ** 2, "inv": lambda x: torch.linalg.inv(x @ x.T + torch.eye(2)), "norm": lambda x: x.norm(), "std": lambda x: x.std()}
for name, f in functions.items():
    x = torch.tensor([[0.3, 0.8, -0.5], [1.2, -0.7, 0.4]], requires_grad=True)
    with fw.dual_level():
        d = fw.make_dual(x, torch.tensor([[1.0, 2.0, 3.0], [0.5, -1.0, 2.0]]))
        y = f(d); g, = torch.autograd.grad(y, x, torch.arange(1.0, 1 + y.numel()).view(y.shape))
        t = fw.unpack_dual(g).tangent
        print(name, g.requires_grad, t.requires_grad, [round(v, 3) + 0.0 for v in t.flatten().tolist()])

# %% a view has the tangent that its base is given later
fw = torch.autograd.forward_ad
with fw.dual_level():
    d = fw.make_dual(torch.ones(2, 3), torch.arange(6.0).view(2, 3))
    for how in (lambda n: n.add_(d), lambda n: n.copy_(d), lambda n: n[0].add_(d[0]), lambda n: n.mul_(d)):
        for view in (lambda n: n.t(), lambda n: n[0], lambda n: n.view(-1), lambda n: n.detach(), lambda n: n.data):
            n = torch.zeros(2, 3); a = view(n); how(n); print(fw.unpack_dual(a).tangent, fw.unpack_dual(n).tangent)
    n = torch.zeros(2, 3); a, b = n.t(), n[0]; a[0] += d[0, :2]
    print(fw.unpack_dual(a).tangent, fw.unpack_dual(n).tangent, fw.unpack_dual(b).tangent)

# %% limits and remainders of stretched numbers, at ties and no numbers
fw, nan, inf = torch.autograd.forward_ad, float("nan"), float("inf")
n = torch.tensor([[0.5, 1.5, 2.0], [3.0, 1.0, 4.0]])
with fw.dual_level():
    def D(v): return fw.make_dual(torch.tensor(v), torch.ones_like(torch.tensor(v)))
    def moved(t): see(fw.unpack_dual(t).tangent)
    for shape in ((3,), (2, 1), ()):
        d = fw.make_dual(torch.full(shape, 2.5), torch.full(shape, 0.5))
        for f in (torch.remainder, torch.fmod): moved(f(d, n)); moved(f(d, n.int())); moved(f(n, d)); moved(f(d, 2)); moved(f(d, n * 0)); moved(f(d, d))
    two = D(2.0)
    for limits in ({"min": n}, {"max": n}, {"min": n, "max": n}): moved(two.clamp(**limits))
    for low, high in ((two, None), (None, two), (two, two), (D(1.0), two), (two, D(1.0)), (two, n), (n, two)): moved(n.clamp(low, high))
    for f in (torch.clamp_min, torch.clamp_max, torch.fmax, torch.fmin, torch.maximum, torch.minimum): moved(f(n, two)); moved(f(two, n)); moved(f(two, two))
    for q in (D([nan, 0.0, -1.0, 5.0, 2.0]), torch.tensor([nan, 0.0, -1.0, 5.0, 2.0])):
        for low, high in ((D(0.0), D(2.0)), (D(0.0), None), (None, D(2.0))): moved(q.clamp(low, high))

# %% a backward pass that is not recorded, over what is one node
fw, nn = torch.autograd.forward_ad, torch.nn.functional
p, t, q = (torch.tensor(v, dtype=torch.double) for v in ([0.3, 0.9, 0.5], [1.0, 2.0, -1.0], [0.1, 0.2, 0.7])); p.requires_grad_()
for f in (lambda d: d.softmax(0) ** 2, lambda d: nn.layer_norm(d, (3,)) ** 2, lambda d: nn.gelu(d.softmax(0)), lambda d: d.log_softmax(0).exp(),
          lambda d: nn.batch_norm(d[:, None], None, None, training=True) ** 2, lambda d: nn.elu(d).sin(), lambda d: nn.softplus(d).sin()):
    with fw.dual_level():
        d = fw.make_dual(p, t)
        g, = torch.autograd.grad((f(d) * q).sum(), d); print(g, g.requires_grad, fw.unpack_dual(g).tangent.requires_grad)
with fw.dual_level():
    p, t = torch.tensor([0.3, 0.9, 0.5], requires_grad=True), torch.tensor([1.0, 2.0, -1.0], requires_grad=True)
    d = fw.make_dual(p, t); o = (d * 1).mul_(d); u = fw.unpack_dual(o).tangent; see(*torch.autograd.grad((u * u).sum(), p))
    z = d * 1; z[0] = d[-1]; z[-1:].mul_(d[:1]); u = fw.unpack_dual(z).tangent; see(*torch.autograd.grad((u * u).sum(), p))
