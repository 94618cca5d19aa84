# fmt: off
# ruff: noqa
# What arrives at nodes: by edges made by hand, and through hooks. (Cells: see tests/engine/observe.py.)

# %% an edge made by hand
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = (x * x).sum()
Edge, grad = torch.autograd.graph.GradientEdge, torch.autograd.grad
edge = Edge(y.grad_fn, y.output_nr)
see(grad(edge, x, retain_graph=True), grad(y, Edge(x.view_as(x).grad_fn.next_functions[0][0], 0), retain_graph=True))
see(grad(edge, x, torch.tensor(2.0, dtype=torch.float64), retain_graph=True))
torch.autograd.backward(edge, torch.tensor(3.0), retain_graph=True)
see(x.grad)
for action in (lambda: grad(edge, x, torch.ones(3), retain_graph=True), lambda: grad(Edge(y.grad_fn, 1), x), lambda: grad(Edge(y.grad_fn, 1), x, torch.ones(())),
               lambda: grad(Edge((x * x).grad_fn, 0), x), lambda: torch.autograd.graph.get_gradient_edge(3), lambda: torch.autograd.graph.get_gradient_edge(x.detach())):
    attempt(action)
with torch.no_grad():
    lost = x[:1]
attempt(lambda: torch.autograd.graph.get_gradient_edge(lost))

# %% what a node is told about
def look(node):
    for known in node._input_metadata:
        see(known.shape, known.dtype, str(known.device), known.is_nested_tensor, known.is_cpp_nested_tensor)
class Twice(Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2, x.double()
    @staticmethod
    def backward(ctx, a, b):
        return a * 2 + b.float()
x = torch.ones(2, 3, requires_grad=True)
look((x * x).grad_fn)
look(x.sum(0).grad_fn)
look(torch.var_mean(x, dim=1)[1].grad_fn)
look(Twice.apply(x)[1].grad_fn)
look((x * 2).grad_fn.next_functions[0][0])
y = x * 2
y.unsqueeze_(0)
look(y.grad_fn)

# %% a hook that comes while its node works
def late(values):
    node = torch._C._current_autograd_node()
    node.register_hook(lambda outgoing, incoming: see("late", outgoing, incoming))
    return values
x = torch.tensor([1.0, 2.0], requires_grad=True)
with torch.autograd.graph.saved_tensors_hooks(lambda values: values, late):
    y = x * 3.0 * x
see(y.grad_fn.name())
y.sum().backward(retain_graph=True)
y.grad_fn.register_hook(lambda outgoing, incoming: see("early", outgoing, incoming))
y.sum().backward()

# %% hooks that fail in anomaly mode
x = torch.tensor([1.0, 2.0], requires_grad=True)
def fails(*values):
    raise ValueError("from a hook")
for place in range(4):
    y = x * 2.0
    register = (y.register_hook, y.grad_fn.register_prehook, y.grad_fn.register_hook, (lambda hook: y.register_hook(lambda grad: torch.ones(3))))[place]
    register(fails)
    with torch.autograd.detect_anomaly():
        attempt(lambda: y.sum().backward())
see(x.grad)

# %% hooks on several tensors, and a leaf that is only looked for
x, y = (torch.tensor([k, 2.0], requires_grad=True) for k in (1.0, 3.0))
z, called = x * y, []
several = torch.autograd.graph.register_multi_grad_hook
handle = several((x, z), lambda grads: called.append(grads))
attempt(lambda: torch.autograd.grad(z.sum(), x, retain_graph=True))
attempt(lambda: see(torch.autograd.grad(z.sum(), y, retain_graph=True)))
z.sum().backward(retain_graph=True)
see(called)
handle.remove()
with torch.no_grad():
    lost = x[:1]
for action in (lambda: several((lost,), print), lambda: several((3,), print), lambda: several((x.detach(),), print), lambda: several((x.detach(), 3), print, mode="any")):
    attempt(action)
attempt(lambda: torch.autograd.graph.saved_tensors_hooks(3, len).__enter__())
see(torch._C.is_grad_enabled(), torch._C.is_inference_mode_enabled(), torch._C._autograd._saved_tensors_hooks_is_enabled())
with torch.no_grad(), torch.autograd.graph.disable_saved_tensors_hooks("no"):
    see(torch._C.is_grad_enabled(), torch._C._autograd._saved_tensors_hooks_is_enabled())
see(isinstance(x.register_hook(len), torch.utils.hooks.RemovableHandle), issubclass(torch.autograd.function.BackwardCFunction, torch.autograd.function.FunctionCtx))

# %% hooks are told of inputs that have a derivative
x = torch.tensor([[1.0, -0.5]], requires_grad=True)
y = torch.where(x > 0, x, x * 2)
print([f.name() for f, _ in y.grad_fn.next_functions])
y.grad_fn.register_hook(lambda gi, go: print(gi, go))
y.grad_fn.register_hook(lambda gi, go: (gi[0] * 10, gi[1]))
y.sum().backward()
print(x.grad)
attempt(lambda: torch.where(x > 0, x, x).grad_fn.register_hook(lambda gi, go: (None, *gi)) and None)
z = torch.where(x > 0, x, x)
z.grad_fn.register_hook(lambda gi, go: (None, *gi))
attempt(lambda: z.sum().backward())

# %% gradients that were stretched can be written to
def leaf():
    return torch.tensor([[1.0], [2.0]], requires_grad=True)
x = leaf(); x.sum(1).exp().sum().backward(); x.sum(1).exp().sum().backward(); print(x.grad)
x = leaf(); g, = torch.autograd.grad(x.sum(1).exp().sum(), x); g[0] = 5; print(g)
x = leaf(); x.register_hook(lambda g: g.mul_(3)); x.sum(1).exp().sum().backward(); print(x.grad)
x = leaf(); y = x * 1; y.retain_grad(); y.mean(1).exp().sum().backward(); y.grad.add_(1); print(y.grad)
x = leaf(); attempt(lambda: torch.autograd.grad(x.sum(), x)[0].mul_(2))
x = leaf(); v = torch.autograd.functional.vjp(lambda x: x.sum(1).exp(), x, torch.ones(2))[1]; print(v.add_(1))
forward_ad = torch.autograd.forward_ad
with forward_ad.dual_level():
    for values in ([1.0, float("nan"), 2.0], [1.0, 2.0, 2.0]):
        d = forward_ad.make_dual(torch.tensor(values), torch.tensor([1.0, 2.0, 3.0]))
        print([forward_ad.unpack_dual(f).tangent for f in (d.max(), d.min(), d.median(), d.amax(), d.max(0)[0])])

# %% the version of what a hook returned
for hook in (lambda g: g * 2, lambda g: None, lambda g: g, lambda g: g.mul_(2), lambda g: (g * 2).add_(1), lambda g: g.clone()):
    for f in (lambda x: x * 2, lambda x: x * x, lambda x: x + x * 0.5):
        x = torch.ones(2, requires_grad=True)
        x.register_hook(hook)
        f(x).sum().backward()
        print(x.grad, x.grad._version, torch.autograd.grad(f(x).sum(), x)[0]._version)

# %% a gradient that is passed on is still somebody's
class Passes(Function):
    @staticmethod
    def forward(ctx, a, b, how): ctx.how = how; return a * 1, b * 1
    @staticmethod
    def backward(ctx, g, h): return *ctx.how(g, h), None
class Both(torch.nn.Module):
    def forward(self, x, y): return x.clone(), y.clone()
def ways():
    for how in (lambda g, h: (g, h), lambda g, h: (g * 1, h), lambda g, h: (h, g), lambda g, h: (h, h * 1), lambda g, h: (h, h), lambda g, h: (g + h, h.view(2)), lambda g, h: (h.clone(), h.detach())):
        yield lambda a, b: Passes.apply(a, b, how)
    for register in ("register_full_backward_hook", "register_full_backward_pre_hook"):
        looked_at = Both(); getattr(looked_at, register)(lambda *a: None)
        yield looked_at
for way in ways():
    for turned in (False, True):
        b, c = torch.tensor([3.0, -1.0], requires_grad=True), torch.tensor([1.0, 1.0], requires_grad=True)
        c.register_hook(lambda g: print("c", g))
        w = b * 1
        p, q = way(w, c)
        p, q = (q, p) if turned else (p, q)
        (p + (q + w) * 2 + (w - c) * 3).sum().backward(); print(b.grad, c.grad)
        p, q = way(w, b)
        torch.autograd.backward([(q + w) * 2, q], [torch.tensor([1.0, 2.0])] * 2); print(b.grad)
