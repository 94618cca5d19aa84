# fmt: off
# ruff: noqa
# Nodes that were numbered anew, edges in the place of tensors, errors that wait, what `grad` sees of hooks. (Cells: see tests/engine/observe.py.)

# %% nodes that somebody has numbered
def run(number, *numbers):
    a = torch.tensor(2.0, requires_grad=True); b = a * 3; c = b * 4; d = a * 2
    for node, n in zip((b, c, d), (number, *numbers)):
        node.grad_fn._set_sequence_nr(n)
    print(torch.autograd.grad(c + d, [a, b, d], retain_graph=True)); (c + d).backward(); print(a.grad)
run(5000); run(50, 50, 50); run(7000, 1, 3); run(1, 7000)

# %% an edge is no tensor
a = torch.ones(2, requires_grad=True); y = a * 2; y.register_hook(lambda g: torch.autograd.graph.get_gradient_edge(a * 2))
for f in (lambda: torch.autograd.graph.increment_version(torch.autograd.graph.get_gradient_edge(a * 2)), lambda: (a * 2).grad_fn(torch.autograd.graph.get_gradient_edge(a * 2)), lambda: y.sum().backward(),
          lambda: torch.autograd.grad(torch.autograd.graph.get_gradient_edge(a * 2), a), lambda: torch.autograd.grad(torch.autograd.graph.get_gradient_edge(a * 2), a, torch.ones(3)),
          lambda: torch.autograd.grad(torch.autograd.graph.get_gradient_edge(a * 2), a, torch.eye(2), is_grads_batched=True)):
    try:
        print(f())
    except (RuntimeError, TypeError, IndexError) as error:
        print(type(error).__name__, error)

# %% errors that wait
D = torch._C._functions.DelayedError
a = torch.ones(2, requires_grad=True)
first, second = D("Boom!", 2)(a, torch.ones(2)); print(first, second, first.grad_fn.next_functions, second.output_nr)
for f in (lambda: second.sum().backward(), lambda: D("Boom!", 2)(a), lambda: D("Boom!", 1)(torch.ones(2)), lambda: D("Boom!", 1)(a)):
    try:
        print(f())
    except (RuntimeError, TypeError) as error:
        print(type(error).__name__, error)
class Double(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2
    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx, g):
        return g * 2
w = torch.ones(2, requires_grad=True)
g, = torch.autograd.grad(Double.apply(a), a, w, create_graph=True); print(g, isinstance(g.grad_fn, torch._C._functions.Error))

# %% grad sees what arrives at a tensor before its hooks if the pass goes on from there, else after them
for wanted in ("y", "x", "yx", "xy", "yxy"):
    for hook in (lambda g: 10 * g, lambda g: g.mul_(10)):
        x = torch.tensor([1.0, 2.0], requires_grad=True); y = x * 2
        y.register_hook(hook); x.register_hook(lambda g: g + 100); y.retain_grad()
        print(wanted, torch.autograd.grad((y * y).sum(), [{"x": x, "y": y}[name] for name in wanted]), y.grad)

# %% many cotangents at once in a pass deep within others
out = []
class Nested(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, k):
        ctx.k = k
        return x * 1
    @staticmethod
    def backward(ctx, g):
        with torch.enable_grad():
            if ctx.k > 1:
                Nested.apply(torch.ones(1, requires_grad=True), ctx.k - 1).sum().backward()
            else:
                y = torch.ones(3, requires_grad=True)
                out.append(torch.autograd.grad((y.reshape(3, 1) * torch.full((3, 2), 2.0)).sum(), y, torch.tensor([1.0, 2.0]), is_grads_batched=True))
        return g, None
for k in (1, 38, 39, 40, 41):
    Nested.apply(torch.ones(1, requires_grad=True), k).sum().backward()
print(out)

# %% comparisons in place, by name; old forms of products; the largest averages of Adam; copies for NumPy
x = torch.tensor([1.0, 2.0])
for name in ("eq_", "lt_", "gt_", "le_", "ge_", "ne_", "greater_"):
    print(getattr(x.clone(), name)(other=torch.tensor([1.0, 1.0])), getattr(x.clone(), name)(other=2), getattr(x.clone(), name)(1))
y = torch.ones(2, 2); z = torch.ones(2, 2, 2)
for f in (lambda: y.addmm(), lambda: y.addmm(y), lambda: x.addmv(), lambda: y.addr(), lambda: y.addbmm(), lambda: z.baddbmm(), lambda: torch.addmm(y), lambda: torch.addmv(), lambda: y.copy_(),
          lambda: y.addmm(2, y, y), lambda: torch.addmm(2, y, 3, y, y), lambda: y.addmm(2, 3, y, y), lambda: torch.addr(2, y, x, x), lambda: x.resize(other=4), lambda: x.resize(size=2), lambda: x.view(size=(2, 1))):
    try:
        print(f())
    except TypeError as error:
        print(error)
p = torch.nn.Parameter(torch.tensor([1.0, 2.0])); adam = torch.optim.Adam([p], amsgrad=True)
for k in range(3):
    adam.zero_grad(); (p * p * (3 - k)).sum().backward(); adam.step()
print(p, [(key, adam.state[p][key]._version) for key in ("exp_avg", "exp_avg_sq", "max_exp_avg_sq")], adam.state[p]["max_exp_avg_sq"])
import warnings
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # NumPy's, about PyTorch's own arrays
    n = np.array(x); n[0] = 9; m = np.copy(x); m[0] = 8; print(x, n, m)
n = np.asarray(x); n[0] = 7; print(x, np.asarray(x, dtype=np.float64))

# %% one object for modes that lie within each other; a flag that is none; steps that fail
g = torch.no_grad()
with g:
    with g:
        pass
print(torch.is_grad_enabled()); torch.set_grad_enabled(True); g = torch.enable_grad()
with torch.no_grad():
    with g:
        with g:
            pass
    print(torch.is_grad_enabled())
s = torch.set_grad_enabled(False)
with s:
    with s:
        pass
    print(torch.is_grad_enabled())
print(torch.is_grad_enabled()); torch.no_grad().__exit__(None, None, None); print(torch.is_grad_enabled()); torch.set_grad_enabled(True)
class Flag(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, value):
        ctx.set_materialize_grads(value)
        return x * 1
    @staticmethod
    def backward(ctx, g):
        return g, None
for value in ("no", 1, None, True):
    try:
        print(Flag.apply(torch.ones(2), value))
    except TypeError as error:
        print(error)
p = torch.nn.Parameter(torch.ones(2)); sgd = torch.optim.SGD([p], lr=0.1); p.grad = torch.ones(2); p.data = torch.ones(3)
try:
    sgd.step()
except RuntimeError as error:
    print(error, sgd.state_dict()["state"])
