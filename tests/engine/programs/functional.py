# fmt: off
# ruff: noqa
# torch.autograd.functional. (Cells: see tests/engine/observe.py.)

# %% vjp and jvp
F = torch.autograd.functional
x = torch.tensor(numbers(2, 3), dtype=torch.float64)
y = torch.tensor(numbers(3), dtype=torch.float64, requires_grad=True)
f = lambda x, y: (x * y.sin()).sum(1)
for create_graph in (False, True):
    see(F.vjp(f, (x, y), torch.tensor([1.0, -2.0], dtype=torch.float64), create_graph=create_graph))
    see(F.jvp(f, (x, y), (x * 2, y.detach() + 1), create_graph=create_graph))
see(F.vjp(lambda x: (x ** 2).sum(), x), F.jvp(lambda x: x ** 3, torch.tensor([2.0])))
see(F.vjp(lambda x: (x * 2, x.exp()), x, (x, x)), F.jvp(lambda x: (x * 2, x.exp()), x, x))

# %% vhp and hvp
F = torch.autograd.functional
x = torch.tensor(numbers(2), dtype=torch.float64)
y = torch.tensor(numbers(3), dtype=torch.float64, requires_grad=True)
f = lambda x, y: (x.sum() * y.exp()).sum() + (x ** 3).sum()
for create_graph in (False, True):
    for product in (F.vhp, F.hvp):
        see(product(f, (x, y), (x * 2, y.detach() + 1), create_graph=create_graph))
see(F.vhp(lambda x: x ** 3, torch.tensor([2.0])), F.hvp(lambda x: x ** 3, torch.tensor([2.0])))
with torch.no_grad():
    see(F.vhp(f, (x, y), (x * 2, y.detach() + 1)))

# %% jacobian and hessian
F = torch.autograd.functional
x = torch.tensor(numbers(2), dtype=torch.float64)
y = torch.tensor(numbers(3, 1), dtype=torch.float64, requires_grad=True)
f = lambda x, y: x.sin() * y
g = lambda x, y: (x.sum() * y.exp()).sum() + (x ** 3).sum()
for options in ({}, {"create_graph": True}, {"vectorize": True}):
    see(F.jacobian(f, (x, y), **options), F.jacobian(lambda x: x * 2, x, **options))
    see(F.jacobian(lambda x, y: (x * 2, (y ** 2).sum()), (x, y), **options))
    see(F.hessian(g, (x, y), **options), F.hessian(lambda x: (x ** 3).sum(), x, **options))

# %% what stays as it was
F = torch.autograd.functional
x = torch.tensor([1.0, 2.0], requires_grad=True)
z = x * 1
see(F.jacobian(lambda a: a * x, x), F.jacobian(lambda a: a * z, z))
see(x.grad, x.requires_grad, z.grad_fn is None)

# %% strict
F = torch.autograd.functional
x = torch.tensor([1.0, 2.0], dtype=torch.float64)
one = torch.tensor(1.0)
cases = ((lambda a, b: (a ** 2).sum(), (x, x)), (lambda a, b: (3 * a * b).sum(), (x, x)),
         (lambda a, b: torch.ones(()), (x, x)), (lambda a, b: a.detach().sum() + b.sum(), (x, x)),
         (lambda a, b: (3 * a + b).sum(), (x, x)), (lambda a, b: (a ** 2 * b ** 2).sum(), (x, x)))
for f, point in cases:
    for name in ("vjp", "jvp", "vhp", "hvp", "jacobian", "hessian"):
        v = () if name in ("vjp", "jacobian", "hessian") else ((x, x),)
        for create_graph in (False, True):
            attempt(lambda: see(name, getattr(F, name)(f, point, *v, create_graph=create_graph, strict=True)))
            attempt(lambda: see(name, getattr(F, name)(f, point, *v, create_graph=create_graph)))

# %% misuse
F = torch.autograd.functional
x = torch.tensor([1.0, 2.0])
for wrong in (lambda: F.vjp(lambda a: a * 2, x), lambda: F.jvp(lambda a: a * 2, x),
              lambda: F.vhp(lambda a: a.sum(), x), lambda: F.hvp(lambda a: a.sum(), x),
              lambda: F.vjp(lambda a: a * 2, x, torch.ones(3)), lambda: F.vjp(lambda a: a * 2, x, (x, x)),
              lambda: F.vjp(lambda a: (a, a), x, x), lambda: F.vjp(lambda a: (a, a), x, (x, torch.ones(1))),
              lambda: F.jvp(lambda a: a, (x,), torch.ones(3)), lambda: F.jvp(lambda a: a, (x,), (x, x)),
              lambda: F.vhp(lambda a: a * 2, x, x), lambda: F.hvp(lambda a: (a.sum(),), x, x),
              lambda: F.hessian(lambda a: a * 2, x), lambda: F.hessian(lambda a: (a.sum(),), x),
              lambda: F.jacobian(lambda a: a, x, strategy="no"), lambda: F.hessian(lambda a: a, x, outer_jacobian_strategy="no"),
              lambda: F.jacobian(lambda a: a, x, strategy="forward-mode"),
              lambda: F.jacobian(lambda a: a, x, strategy="forward-mode", vectorize=True, strict=True),
              lambda: F.jacobian(lambda a: a, x, strategy="forward-mode", create_graph=True),
              lambda: F.jacobian(lambda a: a, x, vectorize=True, strict=True),
              lambda: F.jacobian(lambda a: torch.ones(3).sum(dim=7), x)):
    attempt(wrong)
def kind(action):
    try:
        action()
    except TypeError as error:
        print(str(error).split(" <class")[0])
kind(lambda: F.vjp(lambda a: 3.0, x))
kind(lambda: F.jacobian(lambda a: [a, a], x))
kind(lambda: F.vjp(lambda a: a, 3.0, x))
kind(lambda: F.jvp(lambda a: a, [x], x))
kind(lambda: F.hvp(lambda a: (a, 1), (x,), (x,)))
kind(lambda: F.vhp(lambda a, b: a, (x, 2)))

# %% jacobians of what has no entries, and of one number
o, q, e = torch.zeros(0, 3), torch.tensor([1.0, 2.0]), torch.tensor(1.5)
jacobian = torch.autograd.functional.jacobian
attempt(lambda: jacobian(lambda a: a * 2, o, vectorize=True))
attempt(lambda: torch.autograd.functional.hessian(lambda a: (a.sin() * a).sum(), o, vectorize=True))
see(jacobian(lambda a: a.sum(), o, vectorize=True), jacobian(lambda a: (a, a[:0]), q, vectorize=True))
for inputs in (o, q, e, (o, q), (e, q)):
    see(jacobian(lambda *given: given[0].sin().sum(0), inputs, vectorize=True, strategy="forward-mode"))

# %% a tangent is made of all factors, also of those that stand still
def look(f):
    for ours, its, others in ((1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 1)):
        a = torch.tensor([[0.5, -0.0, 2.0], [1.5, 0.0, -0.75]], dtype=torch.float64)
        t, w = (a * 2 + 1).requires_grad_(bool(its)), torch.tensor([1.0, float("inf"), 3.0], requires_grad=bool(others))
        with torch.autograd.forward_ad.dual_level():
            out = f(torch.autograd.forward_ad.make_dual(a.requires_grad_(bool(ours)), t), w)
            see(torch.autograd.forward_ad.unpack_dual(out).tangent)
for f in (lambda a, w: a * w, lambda a, w: 2 * a, lambda a, w: a / w, lambda a, w: w / (a + 3), lambda a, w: torch.atan2(a, w),
          lambda a, w: a.float(), lambda a, w: a @ w.to(a.dtype), lambda a, w: a + w, lambda a, w: a.max(1)[0], lambda a, w: a.softmax(0),
          lambda a, w: a.log_softmax(1), lambda a, w: a.logsumexp(1), lambda a, w: a.prod(), lambda a, w: a.std(0), lambda a, w: a.norm(),
          lambda a, w: a.max(), lambda a, w: a[...], lambda a, w: torch.where(a > 0, a, w)):
    look(f)

# %% vectors of another dtype
x = torch.tensor([0.5, -1.5], dtype=torch.float32)
v = torch.tensor([1.5, 2.5], dtype=torch.float64)
for create_graph in (False, True):
    see(torch.autograd.functional.jvp(lambda a: a.exp(), x, v, create_graph), torch.autograd.functional.vhp(lambda a: a.exp().sum(), x, v, create_graph))
    y = x.clone().requires_grad_()
    see(torch.autograd.grad(y.exp(), y, v, create_graph=create_graph))
with torch.autograd.forward_ad.dual_level():
    print(torch.autograd.forward_ad.make_dual(torch.tensor(0.5), torch.tensor(2.0)))

# %% what is refused first, and nothing to differentiate
F = torch.autograd.functional
x, none = torch.tensor([0.1, 0.2]), torch.zeros(0, 3)
attempt(lambda: F.jacobian(lambda a: a, (x, 2), strategy="forward-mode"))
attempt(lambda: F.jacobian(lambda a: a, (x, 2), create_graph=True, strategy="forward-mode"))
attempt(lambda: F.jvp(lambda a: a.long(), x, x))
for f in (lambda a: a.long(), lambda a: a.detach(), lambda a: a * 2, lambda a: (3 * a).sum()):
    for vectorize in (False, True):
        attempt(lambda: print(F.jacobian(f, none, vectorize=vectorize).shape))
attempt(lambda: print(F.hessian(lambda a: (3 * a).sum(), none, vectorize=True).shape))
