# fmt: off
# ruff: noqa
# Leaves, .grad, accumulation, freeing, modes, gradient=. (Cells: see tests/engine/observe.py.)

# %% leaf or not
x = torch.ones(2, requires_grad=True)
c = torch.ones(2)
y = x * 2
for t in (x, c, y, y.detach(), y.data, x.data, c * 2, x.clone(), x.double(), x.float(), x.t()):
    print(t.is_leaf, t.requires_grad, t.grad_fn, t.output_nr, t.retains_grad)

# %% grad of a non-leaf
x = torch.ones(2, requires_grad=True)
y = x * 2
print(y.grad)
y.sum().backward()
print(x.grad, y.grad)
z = y.detach()
print(z.grad)
print((x * 3).grad is None)

# %% retain_grad
x = torch.ones(2, requires_grad=True)
y = x * 2
y.retain_grad()
y.retain_grad()
x.retain_grad()
print(y.retains_grad, x.retains_grad)
z = (y * y * 3).sum()
z.retain_grad()
print(y.grad)
z.backward()
print(x.grad, y.grad, z.grad)
attempt(lambda: torch.ones(2).retain_grad())

# %% accumulation
x = torch.tensor([1.0, 2.0], requires_grad=True)
for k in range(3):
    (x * x).sum().backward()
    print(x.grad)
g = x.grad
(x * 3).sum().backward()
print(g is x.grad, g)
x.grad.zero_()
print(x.grad, g)
x.grad = None
(x * 3).sum().backward()
print(x.grad, g)

# %% a use counted twice
a = torch.tensor(1.0, requires_grad=True)
b = a + a
c = b + b
c.backward()
print(a.grad)
x = torch.tensor(3.0, requires_grad=True)
y = x * x * x
y.backward()
print(x.grad)

# %% the same tensor, many paths
x = torch.tensor(numbers(3), requires_grad=True)
y = x.exp()
z = (y * x + y / (x * x + 1) - x * y * y).sum() + (y * y).mean()
z.backward()
see(x.grad, z)

# %% backward twice
x = torch.ones(2, requires_grad=True)
y = (x * x).sum()
y.backward()
attempt(lambda: y.backward())
z = (x + x).sum()
z.backward()
z.backward()
print(x.grad)
w = (x.exp() * 2).sum()
w.backward(retain_graph=True)
w.backward()
attempt(lambda: w.backward())
see(x.grad)

# %% backward through a part that was freed
x = torch.ones(2, requires_grad=True)
y = x * x
a = y.sum()
b = (y * 2).sum()
a.backward()
attempt(lambda: b.backward())
print(x.grad)

# %% no graph, not a scalar
attempt(lambda: torch.ones(2).sum().backward())
attempt(lambda: torch.ones(2).backward())
x = torch.ones(2, requires_grad=True)
attempt(lambda: (x * 2).backward())
attempt(lambda: x.backward())
attempt(lambda: (x * 2).detach().sum().backward())
attempt(lambda: torch.zeros(0, requires_grad=True).backward())
y = torch.ones(1, 1, requires_grad=True)
y.backward()
print(y.grad)

# %% gradient of a wrong shape, dtype or type
x = torch.ones(2, requires_grad=True)
attempt(lambda: (x * 2).backward(torch.ones(3)))
attempt(lambda: (x * 2).backward(torch.ones(1)))
attempt(lambda: (x * 2).backward(torch.tensor(1.0)))
attempt(lambda: (x * 2).backward(1.0))
attempt(lambda: (x * 2).backward([1.0, 1.0]))
attempt(lambda: (x * 2).sum().backward(torch.ones(2)))
attempt(lambda: (x * 2).backward(torch.ones(2, dtype=torch.float64)))
print(x.grad)
attempt(lambda: (x * 2).backward(torch.tensor([1, 2])))
print(x.grad)

# %% gradient
x = torch.tensor(numbers(2, 3), requires_grad=True)
y = x * x
v = torch.tensor(numbers(2, 3))
y.backward(v)
see(x.grad)
x.grad = None
(x * 2).backward(gradient=v, retain_graph=True)
see(x.grad)
x.backward(v)
see(x.grad)
v.zero_()
see(x.grad)

# %% requires_grad
x = torch.ones(2)
x.requires_grad = True
y = x * 2
attempt(lambda: setattr(y, "requires_grad", False))
y.requires_grad = True
attempt(lambda: y.requires_grad_(False))
print(x.requires_grad_(False).requires_grad, x.requires_grad_() is x)
attempt(lambda: torch.tensor([1, 2], requires_grad=True))
attempt(lambda: torch.tensor([1, 2]).requires_grad_())
attempt(lambda: torch.ones(2, dtype=torch.int64, requires_grad=True))
attempt(lambda: torch.tensor([True]).requires_grad_(True))
torch.tensor([1]).requires_grad_(False)

# %% assigning grad
x = torch.ones(2, requires_grad=True)
x.grad = torch.tensor([5.0, 6.0])
(x * 2).sum().backward()
print(x.grad)
attempt(lambda: setattr(x, "grad", torch.ones(3)))
attempt(lambda: setattr(x, "grad", torch.ones(2, dtype=torch.float64)))
attempt(lambda: setattr(x, "grad", 3))
attempt(lambda: setattr(x, "grad", x))
x.grad = None
print(x.grad)

# %% no_grad, enable_grad
x = torch.ones(2, requires_grad=True)
with torch.no_grad():
    y = x * 2
    print(y.requires_grad, torch.is_grad_enabled())
    with torch.enable_grad():
        z = x * 2
        print(z.requires_grad, torch.is_grad_enabled())
    w = torch.ones(2, requires_grad=True)
    print(w.requires_grad, w.is_leaf)
print(torch.is_grad_enabled(), y.is_leaf)
@torch.no_grad()
def f(x):
    return x * 2
@torch.no_grad
def g(x):
    "g's text"
    return x * 2
@torch.enable_grad()
def h(x):
    return x * 2
print(f(x).requires_grad, g(x).requires_grad, g.__doc__, g.__name__)
with torch.no_grad():
    print(h(x).requires_grad)
try:
    with torch.no_grad():
        1 / 0
except ZeroDivisionError:
    print(torch.is_grad_enabled())

# %% set_grad_enabled
x = torch.ones(2, requires_grad=True)
torch.set_grad_enabled(False)
print((x * 2).requires_grad, torch.is_grad_enabled())
torch.set_grad_enabled(True)
print((x * 2).requires_grad)
with torch.set_grad_enabled(False):
    print((x * 2).requires_grad)
    with torch.set_grad_enabled(True):
        print((x * 2).requires_grad)
    print((x * 2).requires_grad)
print((x * 2).requires_grad)
mode = torch.set_grad_enabled(False)
print(torch.is_grad_enabled())
torch.set_grad_enabled(True)
@torch.set_grad_enabled(False)
def f(x):
    return x * 2
print(torch.is_grad_enabled(), f(x).requires_grad)

# %% generators and backward under no_grad
x = torch.ones(2, requires_grad=True)
y = (x * x).sum()
with torch.no_grad():
    y.backward()
print(x.grad, x.grad.requires_grad, torch.is_grad_enabled())
@torch.no_grad()
def g():
    yield torch.is_grad_enabled()
    yield (x * 2).requires_grad
for value in g():
    print(value, torch.is_grad_enabled())

# %% detach and data
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x * x
d = y.detach()
print(d, d.requires_grad, d.is_leaf, d._version, y._version)
d[0:1]
e = y.data
e.mul_(10)
print(y, y._version, e._version, d)
d.mul_(2)
print(y, y._version, d._version)
(x.detach() * x).sum().backward()
print(x.grad)
x.data = torch.tensor([7.0, 8.0])
print(x, x.grad)

# %% graph
x = torch.ones(2, 2, requires_grad=True)
c = torch.ones(2, 2)
def walk(node, depth=0):
    print("  " * depth + (node.name() if node is not None else "None"))
    for following, slot in node.next_functions if node is not None else ():
        walk(following, depth + 1)
for t in (x + 2, 2 - x, x * x, x * c, c / x, x @ c, x.mm(x), (x.clamp(min=0) - c).pow(2).sum(),
          x.mean(), x[0], x[0, 1:], x[[0]], x.view(4), x.t(), 2 ** x, x ** x, 1 / x, x == 1,
          x.sum(0), x.mean(1), torch.where(c > 0, x, c), torch.maximum(x, c), x.clone(), x.double(),
          -x, x.exp().log(), x.reshape(4), x.unsqueeze(0), x.squeeze(), x.expand(3, 2, 2), x.T,
          x.permute(1, 0), x.transpose(0, 1), x @ c[0], x[0] @ c[0], c[0] @ x, x.abs(), x.sqrt(),
          x.relu(), x.sigmoid(), x.tanh(), x.matmul(torch.ones(3, 2, 1)), x - c, x.sub(2), x / 2):
    print(t.requires_grad)
    if t.grad_fn is not None:
        walk(t.grad_fn)
print(x.grad_fn, (x + 2).grad_fn)
n = (x + 2).grad_fn
print(n.next_functions[0][0].variable is x, n.name(), type(n).__name__, n.metadata)

# %% saved tensors of a node
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x.exp()
print(y.grad_fn._saved_result, y.grad_fn._saved_result.grad_fn is y.grad_fn)
z = y * x
print(z.grad_fn._saved_self, z.grad_fn._saved_other)
p = x ** 3
print(p.grad_fn._saved_self is x, p.grad_fn._saved_exponent)
print(x.sum().grad_fn._saved_self_sym_sizes, x.mean().grad_fn._saved_self_sym_numel)
z.sum().backward()
attempt(lambda: z.grad_fn._saved_self)
attempt(lambda: y.grad_fn._saved_result)

# %% create_graph
x = torch.tensor([1.0, 2.0, -0.5], dtype=torch.float64, requires_grad=True)
y = (x ** 3 + x.exp() * x).sum()
y.backward(create_graph=True)
g = x.grad
print(g)
x.grad = None
g.sum().backward(create_graph=True)
h = x.grad
see(h)
x.grad = None
h.pow(2).sum().backward()
see(x.grad)

# %% dtypes on the way back
x = torch.tensor([1.0, 2.0], requires_grad=True)
d = torch.tensor([1.5, 2.5], dtype=torch.float64, requires_grad=True)
(x * d).sum().backward()
see(x.grad, d.grad)
(x.double() * 3).sum().backward()
see(x.grad)
(x.half() * x).sum().backward()
see(x.grad)
(x * torch.tensor([1, 2])).sum().backward()
see(x.grad)

# %% zero and None
x = torch.ones(2, requires_grad=True)
w = torch.ones(2, requires_grad=True)
(x * 0 + 1).sum().backward()
print(x.grad, w.grad)
(x.sign() + x.detach()).sum().backward()
print(x.grad)

# %% freed intermediates keep what they need
def f(x):
    y = x.exp()
    return (y * y).sum()
x = torch.tensor([0.5, 1.0], requires_grad=True)
f(x).backward()
see(x.grad)

# %% the data of a leaf get another shape before the gradient comes
for shape in ((3,), (3, 2), (1, 3), ()):
    for create in (False, True):
        x = torch.ones(2, 3, requires_grad=True)
        y = (x * 3).sum()
        x.data = torch.zeros(shape)
        attempt(lambda: y.backward(create_graph=create))
        print(x.shape, x.grad)

# %% what stems from inference mode cannot be saved
w = torch.ones(2, requires_grad=True)
with torch.inference_mode():
    x = torch.ones(2)
for y in (x, x.detach(), x.data, x.clone()):
    attempt(lambda: print((y * w).requires_grad))
y = x.detach()
y.mul_(2)
z = y.detach()
print(y._version, z._version, z.is_inference(), y.view(-1).is_inference(), y.view(-1)._is_view())
w.data = torch.zeros(2)
print(w.is_inference(), w._version)
with torch.inference_mode():
    w.data = x.clone()
print(w.is_inference(), w._version)
attempt(lambda: w * torch.ones(2, requires_grad=True))

# %% views of views made in modes
for first in (torch.inference_mode, torch.no_grad, torch.enable_grad):
    for second in (torch.inference_mode, torch.no_grad, torch.enable_grad):
        base = torch.ones(2, 3, requires_grad=True) * 1
        with first():
            x = base[:1]
        with second():
            y = x.t()
        base.mul_(2)
        attempt(lambda: print(y.grad_fn))

# %% a function in a mode that records nothing asks for no history
class Twice(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        print(ctx.needs_input_grad)
        return x * 2

base = torch.ones(2, 3, requires_grad=True) * 1
with torch.no_grad():
    x = base[:1]
base.mul_(2)
attempt(lambda: Twice.apply(x))
for mode in (torch.no_grad, torch.inference_mode):
    with mode():
        print(Twice.apply(x).requires_grad)

# %% a leaf of inference mode that requires grad
s = torch.ones(2, requires_grad=True)
with torch.inference_mode():
    c = torch.ones(2, requires_grad=True)
for f in (lambda: c * c, lambda: c.sin(), lambda: c * 2, lambda: c.pow(2), lambda: c + s, lambda: c * s, lambda: c.view(-1), lambda: c.sum(), lambda: torch.cat([c, c]), lambda: c.add_(1)):
    attempt(lambda: print(f().requires_grad))
(c + s).sum().backward()
see(c.grad, s.grad, c.is_leaf, c.requires_grad)

# %% the data get another shape while a graph still knows the old one
for old in ((2, 3), (3,), (2, 1)):
    for new in ((3,), (2, 3), (2,), (3, 2)):
        for f in (lambda a: a.sum(), lambda a: (a * 2).sum(), lambda a: a.view(-1).sum()):
            a = torch.ones(old, requires_grad=True)
            b = a * 1
            a.data = torch.ones(new)
            attempt(lambda: f(a).backward())
            b.data = torch.ones(new)
            attempt(lambda: f(b).backward())
            print(old, new, a.grad is None)

# %% hooks on a view whose base was changed, and a root whose history is in doubt
x = torch.ones(2, 2, requires_grad=True) * 1
for mode in (torch.no_grad, torch.inference_mode):
    with mode():
        view, other = x[0], x[1]
    attempt(lambda: print(view.register_hook(print) is None))
    x.mul_(2)
    attempt(lambda: print(view.register_hook(print) is None))
    attempt(lambda: print(other.register_hook(print) is None))
    attempt(lambda: view.backward())
    attempt(lambda: view[0].backward())
