# fmt: off
# ruff: noqa
# Rules of hooks, functions and calls, tried from all sides. (Cells: see tests/engine/observe.py.)

# %% what hooks may return
x = torch.tensor([1.0, 2.0], requires_grad=True)
def run(reg, hook):
    y = x * 1; z = y * torch.tensor([3.0, 4.0], requires_grad=True)
    x.grad = None
    h = reg(y, z, hook)
    attempt(lambda: z.sum().backward())
    print(x.grad)
T = lambda y, z, h: y.register_hook(h)
P = lambda y, z, h: z.grad_fn.register_prehook(h)
Q = lambda y, z, h: z.grad_fn.register_hook(h)
for h in (lambda g: g * 2, lambda g: None, lambda g: 3, lambda g: g.double(), lambda g: torch.ones(3), lambda g: (g,), lambda g: "x"):
    run(T, h)
for h in (lambda g: (g[0] * 2,), lambda g: g[0] * 2, lambda g: [g[0]], lambda g: (g[0], g[0]), lambda g: (None,), lambda g: (3,), lambda g: (torch.ones(3),), lambda g: (g[0].double(),)):
    run(P, h)
for h in (lambda i, o: (i[0] * 2, i[1]), lambda i, o: i[0], lambda i, o: (None, None), lambda i, o: (i[0], None), lambda i, o: [i[0], i[1]], lambda i, o: (3, 4), lambda i, o: (torch.ones(3), i[1]), lambda i, o: (i[0].double(), i[1])):
    run(Q, h)
attempt(lambda: x.register_hook("no"))
attempt(lambda: x.register_hook())
attempt(lambda: torch.ones(2).register_hook(print))
attempt(lambda: torch.ones(2).register_post_accumulate_grad_hook(print))
attempt(lambda: x.register_post_accumulate_grad_hook(3))

# %% hooks that come and go
x = torch.tensor([1.0], requires_grad=True)
def first(g):
    print("first"); h2.remove(); x.register_hook(lambda g: print("new"))
h1 = x.register_hook(first); h2 = x.register_hook(lambda g: print("second")); h3 = x.register_hook(lambda g: print("third"))
(x * 2).backward(); (x * 2).backward()
h1.remove(); h1.remove()

# %% retain_grad, again and again
x = torch.tensor([1.0], requires_grad=True)
y = x * 2
print(y.retains_grad, x.retains_grad); y.retain_grad(); x.retain_grad(); print(y.retains_grad, x.retains_grad)
y.backward(retain_graph=True); print(y.grad); y.backward(retain_graph=True); print(y.grad)
g = y.grad; y.grad = None; y.backward(retain_graph=True); print(y.grad, g)
y.grad.zero_(); y.register_hook(lambda g: g * 5); y.backward(create_graph=True); print(y.grad)
attempt(lambda: torch.ones(1).retain_grad())
z = y.detach(); attempt(lambda: z.retain_grad())
with torch.no_grad(): w = x * 2
attempt(lambda: w.retain_grad())

# %% what a function is called with, and returns
class F(Function):
    @staticmethod
    def forward(ctx, x, y=None):
        ctx.note = "kept"
        print(ctx.needs_input_grad, type(ctx).__name__)
        return x * 2
    @staticmethod
    def backward(ctx, g):
        print(ctx.note, ctx.needs_input_grad)
        return g * 2, None
x = torch.tensor([1.0], requires_grad=True)
y = F.apply(x); print(y.grad_fn.note, y.grad_fn.needs_input_grad); y.backward()
attempt(lambda: F.apply(x, y=2))
attempt(lambda: F.apply())
attempt(lambda: F(1))
attempt(lambda: F.forward(None, x))
attempt(lambda: Function.apply(x))
z = F.apply(x, None); attempt(lambda: z.backward())
attempt(lambda: F.apply(x, torch.ones(1)).backward())
class G(Function):
    @staticmethod
    def forward(ctx, x):
        return [x * 2, x * 3]
    @staticmethod
    def backward(ctx, *g): return g[0]
attempt(lambda: G.apply(x))
class H(Function):
    @staticmethod
    def forward(ctx, x): return 5
    @staticmethod
    def backward(ctx, g): return g
attempt(lambda: print(H.apply(x)))
class I(Function):
    @staticmethod
    def forward(ctx, x): return None
    @staticmethod
    def backward(ctx, g): return g
attempt(lambda: print(I.apply(x)))
class J(Function):
    @staticmethod
    def forward(ctx, x): return ()
    @staticmethod
    def backward(ctx): return None
attempt(lambda: print(J.apply(x)))

# %% what may be saved
class S(Function):
    @staticmethod
    def forward(ctx, x, what):
        ctx.save_for_backward(*what(x))
        return x * 2
    @staticmethod
    def backward(ctx, g):
        print(len(ctx.saved_tensors)); return g, None
x = torch.tensor([1.0], requires_grad=True)
for what in (lambda x: (x,), lambda x: (3,), lambda x: ("a",), lambda x: (None,), lambda x: (x, x), lambda x: ()):
    attempt(lambda: S.apply(x, what).backward())
y = x * 1; z = S.apply(y, lambda x: (x,)); y.add_(1); attempt(lambda: z.backward())
z = S.apply(x * 1, lambda x: (x,)); z.backward(retain_graph=True); z.backward(); attempt(lambda: z.backward())

# %% backward and grad, called in every way
x = torch.tensor([1.0, 2.0], requires_grad=True); y = x * 2
attempt(lambda: torch.autograd.grad(y, x)); attempt(lambda: torch.autograd.grad(y.sum(), (x, x), retain_graph=True))
attempt(lambda: see(torch.autograd.grad([y.sum(), y.prod()], [x], retain_graph=True)))
attempt(lambda: torch.autograd.grad(y.sum(), x, grad_outputs=[torch.ones(()), torch.ones(())], retain_graph=True))
attempt(lambda: torch.autograd.grad([y, y], x, grad_outputs=[torch.ones(2)], retain_graph=True))
attempt(lambda: torch.autograd.grad(y, x, grad_outputs=torch.ones(2, dtype=torch.int64), retain_graph=True))
attempt(lambda: see(torch.autograd.grad(y, x, grad_outputs=torch.ones(2, dtype=torch.float64), retain_graph=True)))
attempt(lambda: torch.autograd.grad(y, x, grad_outputs=[None], retain_graph=True))
attempt(lambda: torch.autograd.backward([y], [None]))
attempt(lambda: y.backward(torch.ones(2), retain_graph=True) )
attempt(lambda: y.backward(3.0)); attempt(lambda: y.backward([1.0, 2.0])); attempt(lambda: torch.autograd.backward([], []))
attempt(lambda: torch.autograd.grad([], [x])); attempt(lambda: torch.autograd.grad(y.sum(), []))
attempt(lambda: torch.autograd.backward((y, y), (torch.ones(2),), retain_graph=True))
attempt(lambda: torch.autograd.grad(y, y, torch.ones(2))); attempt(lambda: torch.autograd.grad(x.sum(), x)); attempt(lambda: torch.autograd.grad(x, x, torch.ones(2)))
print(x.grad)
attempt(lambda: x.backward(torch.ones(2))); print(x.grad)
attempt(lambda: torch.autograd.backward(x.sum(), grad_variables=torch.ones(())))

# %% hooks on saving, in order
hooks = torch.autograd.graph.saved_tensors_hooks
log = []
def mk(n): return hooks(lambda t: (print("pack", n, t), t)[1], lambda t: (print("unpack", n, t), t)[1])
x = torch.tensor([1.0, 2.0], requires_grad=True); w = torch.tensor([3.0, 4.0])
with mk("a"):
    y = x * w
    with mk("b"):
        z = y.exp()
    q = z.sin() + (z * 3) + z ** 2
with mk("c"):
    q.sum().backward(retain_graph=True)
print(x.grad)
with mk("d"), torch.no_grad(): x * w
with mk("e"): (x.detach() * w)
with mk("f"): torch.sum(x); x.view(2); x[0]; x.mean(); torch.cat([x, x]); x.reshape(2, 1)
with mk("g"): torch.var(x); x.max(); torch.nn.functional.softmax(x, 0); x @ w; x.t(); torch.where(x > 0, x, w); x.clamp(0, 1); x.relu(); x.pow(2.0); x.sqrt(); x / w

# %% copies and hooks
import copy, pickle, io
x = torch.tensor([1.0, 2.0], requires_grad=True)
x.sum().backward()
y = copy.deepcopy(x)
print(y, y.grad, y.grad is x.grad, y.is_leaf)
attempt(lambda: copy.deepcopy(x * 2))
attempt(lambda: copy.deepcopy([x, x])[0] is copy.deepcopy([x, x])[1])
z = copy.copy(x); print(z is x, z.requires_grad, z.data_ptr() == x.data_ptr())
attempt(lambda: pickle.loads(pickle.dumps(x)))
attempt(lambda: pickle.loads(pickle.dumps(x * 2)).requires_grad)
d = (x*2).detach(); print(copy.deepcopy(d))
p = torch.nn.Parameter(torch.ones(2)); q = copy.deepcopy(p); print(type(q).__name__, q.requires_grad)
attempt(lambda: pickle.loads(pickle.dumps(p)))
x.register_hook(print)
attempt(lambda: copy.deepcopy(x))
attempt(lambda: pickle.loads(pickle.dumps(x)))

# %% views of no_grad
x = torch.ones(2, requires_grad=True); y = x * 1
with torch.no_grad(): v = y[:1]
attempt(lambda: v.add_(1)); print(v.requires_grad, v.grad_fn)
with torch.no_grad(): v.add_(1)
attempt(lambda: print(v)); y.add_(1); attempt(lambda: print(v)); attempt(lambda: v * 2)
u = y.unbind(); attempt(lambda: u[0].add_(1)); w = y.view(2); w.mul_(3); print(w.grad_fn.name(), y.grad_fn.name()); attempt(lambda: u[1] * 1)
