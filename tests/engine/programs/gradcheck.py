# fmt: off
# ruff: noqa
# torch.autograd.gradcheck and gradgradcheck. (Cells: see tests/engine/observe.py.)

# %% right
check, twice = torch.autograd.gradcheck, torch.autograd.gradgradcheck
x = torch.tensor(numbers(2, 3), dtype=torch.float64, requires_grad=True)
y = torch.tensor(numbers(3), dtype=torch.float64, requires_grad=True)
for f in (lambda x, y: x * y, lambda x, y: (x.exp(), (y ** 3).sum()), lambda x, y: [x - y],
          lambda x, y: (x * 2, x.detach()), lambda x, y: x.t()):
    for options in ({}, {"fast_mode": True}, {"check_batched_grad": True}, {"check_undefined_grad": False}):
        print(check(f, (x, y), **options), twice(f, [x, y], **options))
see(x.grad, x)

# %% wrong
class Cube(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x ** 3
def variant(rule):
    return type("Variant", (Cube,), {"backward": staticmethod(lambda ctx, g: rule(*ctx.saved_tensors, g))}).apply
x = torch.tensor(numbers(2, 2), dtype=torch.float64, requires_grad=True)
runs = []
rules = {
    "right": lambda x, g: 3 * x ** 2 * g,
    "a factor": lambda x, g: 2 * x ** 2 * g,
    "a power": lambda x, g: 3 * x * g,
    "transposed": lambda x, g: (3 * x ** 2 * g).t(),
    "no cotangent": lambda x, g: 3 * x ** 2,
    "second": lambda x, g: 3 * x.detach() ** 2 * g,
    "cotangent cut": lambda x, g: 3 * x ** 2 * g.detach(),
    "overwrites": lambda x, g: g.mul_(3 * x ** 2).mul_(2),
    "another every time": lambda x, g: 3 * x ** 2 * g * (1 + 1e-9 * (runs.append(1) or len(runs))),
    "shape": lambda x, g: (3 * x ** 2 * g).reshape(-1),
    "smaller": lambda x, g: (3 * x ** 2 * g).sum(0),
    "dtype": lambda x, g: (3 * x ** 2 * g).float(),
    "nothing": lambda x, g: None,
}
for name, rule in rules.items():
    print(name)
    for options in ({}, {"raise_exception": False}, {"check_grad_dtypes": True}, {"check_undefined_grad": False}):
        attempt(lambda: print(torch.autograd.gradcheck(variant(rule), x, **options)))
    attempt(lambda: print(torch.autograd.gradcheck(variant(rule), x, fast_mode=True, raise_exception=False)))
    attempt(lambda: print(torch.autograd.gradgradcheck(variant(rule), x, torch.ones(2, 2, dtype=torch.float64, requires_grad=True), raise_exception=False)))

# %% outputs that nobody used
class Two(Function):
    @staticmethod
    def forward(ctx, x, y):
        ctx.set_materialize_grads(False)
        return x * 2, y * 3
    @staticmethod
    def backward(ctx, a, b):
        if a is None:
            raise RuntimeError("a is needed")
        return a * 2, None if b is None else b * 3
class Ones(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.set_materialize_grads(False)
        return x * 2
    @staticmethod
    def backward(ctx, a):
        return torch.ones(2, dtype=torch.float64) if a is None else a * 2
x = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
for undefined in (True, False):
    attempt(lambda: print(torch.autograd.gradcheck(Two.apply, (x, x * 1), check_undefined_grad=undefined)))
    attempt(lambda: print(torch.autograd.gradcheck(Ones.apply, x, check_undefined_grad=undefined)))

# %% forward mode
import warnings
warnings.simplefilter("ignore", DeprecationWarning)  # PyTorch's own, about torch.jit
class Cube(Function):
    factor = 3
    @staticmethod
    def forward(ctx, x):
        ctx.x = x
        return x ** 3
    @staticmethod
    def backward(ctx, g):
        return 3 * ctx.x ** 2 * g
    @classmethod
    def moved(cls, ctx, t):
        return cls.factor * ctx.x ** 2 * t
class Right(Cube):
    jvp = staticmethod(lambda ctx, t: 3 * ctx.x ** 2 * t)
class Wrong(Cube):
    jvp = staticmethod(lambda ctx, t: 2 * ctx.x ** 2 * t)
x = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
for f in (Right, Wrong, Cube):
    for backward in (True, False):
        attempt(lambda: print(torch.autograd.gradcheck(f.apply, x, check_forward_ad=True, check_backward_ad=backward)))
print(torch.autograd.gradcheck(lambda a, b: (a * b, a.exp()), (x, x * 2), check_forward_ad=True))

# %% what cannot be checked
check = torch.autograd.gradcheck
x = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
single = torch.tensor([1.0, 2.0], requires_grad=True)
wide = torch.ones(1, dtype=torch.float64, requires_grad=True).expand(3)
for wrong in (lambda: check(lambda a: a ** 2, single, atol=1, rtol=1), lambda: check(lambda a: a * 2, wide),
              lambda: check(lambda a: a * 2, x.detach()), lambda: check(lambda a: a * 2, "a"),
              lambda: check(lambda a: a.detach() * 2, x), lambda: check(lambda a: a.detach() * 0, x),
              lambda: check(lambda a: a * 2, x, check_backward_ad=False),
              lambda: check(lambda a: a * 2, x, check_forward_ad=True, check_backward_ad=False, check_batched_grad=True),
              lambda: check(lambda a: a * 2, x, check_batched_forward_grad=True),
              lambda: torch.autograd.gradgradcheck(lambda a: a, x, check_rev_over_rev=False),
              lambda: check(lambda a: a.mul_(2), x), lambda: check(lambda a: (a * 2)[:1 + int(a[0] > 1)], x),
              lambda: check(lambda a: (a * 2).float() if a[0] > 1 else a * 2, x)):
    attempt(lambda: print(wrong()))

# %% the Jacobians of its first years
import importlib
old = importlib.import_module(torch.__name__ + ".autograd.gradcheck")
a = torch.tensor(numbers(2, 2), dtype=torch.float64, requires_grad=True)
b = torch.tensor(numbers(2), dtype=torch.float64, requires_grad=True)
def f(inputs):
    return inputs[0] @ inputs[1], inputs[0] * 2
see(torch.stack([j.round(decimals=5) for j in old.get_numerical_jacobian(f, (a, b), target=b, eps=1e-6)]))
see(len(old.get_numerical_jacobian(f, (a, b), eps=1e-6)))
attempt(lambda: old.get_numerical_jacobian(f, (a, b), grad_out=2.0))
jacobians, *fine = old.get_analytical_jacobian((a, b), f((a, b))[0])
see(*jacobians)
print(fine)
attempt(lambda: old.get_analytical_jacobian((a, b), f((a, b))[0], grad_out=2.0))

# %% a failed check keeps no graph alive
import gc, weakref
gc.disable()
class Nan(Function):
    @staticmethod
    def forward(ctx, x):
        return x * 1
    @staticmethod
    def backward(ctx, grad):
        return grad + float("nan")
def run():
    out = Nan.apply(torch.ones(1, requires_grad=True))
    class Mark: pass
    mark = out.grad_fn.metadata["mark"] = Mark()
    try:
        with torch.autograd.detect_anomaly():
            out.backward()
    except RuntimeError as error:
        print(error)
    return weakref.ref(mark)
print(run()())
gc.enable()

# %% the random numbers of a check are those of the seed
check, twice = torch.autograd.gradcheck, torch.autograd.gradgradcheck
class Exp(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.result = x.exp()
        return ctx.result * 1
    @staticmethod
    def backward(ctx, grad):
        return grad * ctx.result
torch.manual_seed(3)
x = torch.randn(2, 2, dtype=torch.float64, requires_grad=True)
attempt(lambda: twice(Exp.apply, x))
see(torch.rand(1))
attempt(lambda: twice(Exp.apply, x, gen_non_contig_grad_outputs=True))
see(torch.rand(1))
print(twice(lambda x: (x * x, x.sum()), x), twice(lambda x: x.t() * 2, x, gen_non_contig_grad_outputs=True))
see(torch.rand(1))
print(check(lambda x: x.exp(), x, fast_mode=True), check(lambda x: x.exp(), x, check_batched_grad=True), check(lambda x: (x * 2, x.sin()), x, check_forward_ad=True))
see(torch.rand(1))
print(type(torch.autograd.gradcheck.__globals__["GradcheckError"]).__name__)
