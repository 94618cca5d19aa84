# fmt: off
# ruff: noqa
# What a user's function may return, save and change. (Cells: see tests/engine/observe.py.)

# %% a function made for a line
def made(forward, backward=None, jvp=None, **more):
    methods = {"forward": forward, "backward": backward, "jvp": jvp}
    return type("Made", (Function,), {k: staticmethod(v) for k, v in methods.items() if v} | more)
def changed(ctx, x):
    ctx.mark_dirty(x)
    return x.add_(1)
def changed_and_more(ctx, x):
    ctx.mark_dirty(x)
    return x.add_(1), x * 2
def changed_and_lost(ctx, x):
    ctx.mark_dirty(x)
    return x.add_(1) * 2
def not_an_input(ctx, x):
    y = x.clone()
    ctx.mark_dirty(y)
    return y
def view_of_no_input(ctx, x):
    y = x.clone().view(3)
    ctx.mark_dirty(y)
    return y
through = lambda ctx, *grads: sum(grads)
leaf = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
for make in (lambda: leaf, lambda: leaf.view(3), lambda: leaf.clone(), lambda: leaf.clone().view(3), lambda: leaf.clone().split([1, 2])[1], lambda: leaf.detach().clone()):
    for forward in (changed, changed_and_more, changed_and_lost, not_an_input):
        x = attempt(make)
        out = attempt(lambda: made(forward, through).apply(x))
        print(x._version, out is x, type(out).__name__)
        see(x.detach(), out if isinstance(out, torch.Tensor) else None)
attempt(lambda: made(view_of_no_input, through).apply(leaf.clone()))
base = leaf * 1
part = base[1:]
made(changed, lambda ctx, grad: grad * 10).apply(part)
print(base.grad_fn.name(), part.grad_fn.name())
(base * torch.tensor([1.0, 10.0, 100.0])).sum().backward()
see(leaf.grad)

# %% views that a function returns
def made(forward, **more):
    return type("Made", (Function,), {"forward": staticmethod(forward), "backward": staticmethod(lambda ctx, *g: g[0])} | more)
as_it_is = lambda ctx, x: x
a_view = lambda ctx, x: x.view(3)
a_view_and = lambda ctx, x: (x.view(3), x * 2)
twice = lambda ctx, x: (x, x)
def same_twice(ctx, x):
    y = x * 2
    return y, y
def pure(ctx, x):
    ctx._is_pure_view = True
    return x.view(3)
def pure_two(ctx, x):
    ctx._is_pure_view = True
    return x.view(3), x * 2
x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
for forward in (as_it_is, a_view, a_view_and, twice, same_twice, pure, pure_two):
    for source in (x * 1, x.detach().clone()):
        out = attempt(lambda: made(forward).apply(source))
        if out is None:
            continue
        first = out if isinstance(out, torch.Tensor) else out[0]
        print(first is source, first._is_view(), first.requires_grad, out is not first and out[0] is out[1])
        attempt(lambda: first.mul_(x))
        attempt(lambda: first.grad_fn and first.grad_fn.name())
with torch.no_grad():
    out = made(a_view).apply(x)
print(out.requires_grad, out.grad_fn)
attempt(lambda: out.zero_())
def constant(ctx, x):
    ctx.mark_non_differentiable(x)
    return x
y = x * 1
out = made(constant).apply(y)
print(out is y, out.requires_grad, y.requires_grad, out._is_view())

# %% what is not a tensor, and what was left out
class Mixed(Function):
    @staticmethod
    def forward(ctx, x, k, y):
        return k, x * k, None, "text", y * k
    @staticmethod
    def backward(ctx, *grads):
        print(grads)
        return grads[1], None, grads[4]
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = torch.tensor([3.0, 4.0], requires_grad=True)
k, a, none, text, b = Mixed.apply(x, 3, y)
print(k, none, text, a.output_nr, b.output_nr)
a.sum().backward()
see(x.grad, y.grad)
class Unset(Function):
    @staticmethod
    def forward(ctx, x):
        a, b = x.clone(), x.clone()
        ctx.mark_non_differentiable(b)
        ctx._materialize_non_diff_grads = False
        return a, b
    @staticmethod
    def backward(ctx, a, b):
        print(a, b)
        return a
Unset.apply(x)[0].sum().backward()

# %% setup_context: defaults, inheritance, class methods
class Power(Function):
    @staticmethod
    def forward(x, n=3):
        return x ** n
    @staticmethod
    def setup_context(ctx, inputs, output):
        print(inputs, output)
        ctx.x, ctx.n = inputs
    @staticmethod
    def backward(ctx, grad):
        return grad * ctx.n * ctx.x ** (ctx.n - 1), None
class Same(Power):
    pass
class OfClass(Function):
    @classmethod
    def forward(cls, x, n=2):
        return x * n
    @classmethod
    def setup_context(cls, ctx, inputs, output):
        ctx.n = inputs[1]
    @classmethod
    def backward(cls, ctx, grad):
        return grad * ctx.n, None
for function in (Power, Same, OfClass):
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    function.apply(x).sum().backward()
    see(x.grad)
print(Power.generate_vmap_rule, hasattr(Power, "vmap"))

# %% vjp, and too much or too little
class Doubled(Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2
    @staticmethod
    def vjp(ctx, grad):
        return grad * 2
class Both(Doubled):
    @staticmethod
    def backward(ctx, grad):
        return grad
class Neither(Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2
x = torch.tensor([1.0, 2.0], requires_grad=True)
see(torch.autograd.grad(Doubled.apply(x).sum(), x))
attempt(lambda: Both.apply(x).sum().backward())
attempt(lambda: Neither.apply(x).sum().backward())
print(torch.autograd.function.InplaceFunction.__name__, Doubled._backward_cls.__name__, Doubled.apply(x).grad_fn.__class__ is Doubled._backward_cls)
print(isinstance(Doubled.apply(x).grad_fn, torch.autograd.function.BackwardCFunction), isinstance(Doubled.apply(x).grad_fn, torch.autograd.graph.Node))

# %% refusing to be differentiated twice
from_torch = torch.autograd.function.once_differentiable
class Once(Function):
    @staticmethod
    def forward(ctx, x, n, y):
        return x * n + y
    @staticmethod
    @from_torch
    def backward(ctx, grad):
        return grad * 2, None, grad
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = torch.tensor([3.0, 4.0], requires_grad=True)
weight = torch.tensor(1.0, requires_grad=True)
gx, gy = torch.autograd.grad(Once.apply(x, 2, y).sum(), (x, y), weight, create_graph=True)
see(gx, gy)
print(gx.grad_fn.name(), gx.output_nr, gy.output_nr, gx.grad_fn is gy.grad_fn)
print([edge[0] is not None and edge[0].name() for edge in gx.grad_fn.next_functions])
attempt(lambda: gx.sum().backward())

# %% tangents of a function
import warnings
warnings.simplefilter("ignore", DeprecationWarning)  # PyTorch's own, once, at the first tangent
forward_ad = torch.autograd.forward_ad
def made(forward, jvp):
    return type("Made", (Function,), {"forward": staticmethod(forward), "jvp": staticmethod(jvp)})
def changed(ctx, x):
    ctx.mark_dirty(x)
    return x.mul_(2)
def constant(ctx, x):
    y = x.clone()
    ctx.mark_non_differentiable(y)
    return x * 1, y
def lazily(ctx, x, y):
    ctx.set_materialize_grads(False)
    return x * 1
as_it_is, a_view = (lambda ctx, x: x), (lambda ctx, x: x.view(3))
dual = lambda: forward_ad.make_dual(torch.ones(3), torch.tensor([1.0, 2.0, 3.0]))
cases = [
    (as_it_is, lambda ctx, t: t, (dual,)), (as_it_is, lambda ctx, t: t * 2, (dual,)), (as_it_is, lambda ctx, t: t.view_as(t), (dual,)),
    (a_view, lambda ctx, t: t * 2, (dual,)), (a_view, lambda ctx, t: (t * 2).view(3), (dual,)), (a_view, lambda ctx, t: t.view(3), (dual,)),
    (a_view, lambda ctx, t: (t * 2).view(3), (lambda: dual().view(3),)), (a_view, lambda ctx, t: t.view(3), (lambda: dual().view(3),)),
    (changed, lambda ctx, t: t * 2, (dual,)), (changed, lambda ctx, t: t, (dual,)), (changed, lambda ctx, t: t.mul_(2), (dual,)),
    (constant, lambda ctx, t: (t, t), (dual,)), (constant, lambda ctx, t: (t, None), (dual,)),
    (lambda ctx, x: (x * 1, x * 2), lambda ctx, t: t * 1, (dual,)), (lambda ctx, x: x * 1, lambda ctx, t: (t * 1, t), (dual,)),
    (lambda ctx, x: x * 1, lambda ctx, t: torch.ones(2), (dual,)), (lambda ctx, x: x * 1, lambda ctx, t: 2.0, (dual,)),
    (lambda ctx, n, x, y, i: x * n, lambda ctx, *ts: print(ts) or ts[1] * 2, (lambda: 2, dual, lambda: torch.ones(2), lambda: torch.ones(2, dtype=torch.int64))),
    (lazily, lambda ctx, *ts: print(ts) or ts[0] * 1, (dual, lambda: torch.ones(2))),
]
for forward, jvp, arguments in cases:
    with forward_ad.dual_level():
        out = attempt(lambda: made(forward, jvp).apply(*[argument() for argument in arguments]))
        if out is not None:
            print([forward_ad.unpack_dual(o).tangent for o in (out if isinstance(out, tuple) else (out,))])
class Saves(Function):
    @staticmethod
    def forward(ctx, x, y):
        ctx.save_for_backward(x)
        ctx.save_for_forward(x, y)
        return x * y
    @staticmethod
    def jvp(ctx, t, u):
        x, y = ctx.saved_tensors
        return t * y + u * x
with forward_ad.dual_level():
    print(forward_ad.unpack_dual(Saves.apply(dual(), torch.tensor([2.0, 3.0, 4.0]))).tangent)

# %% saved tensors, one by one
class Saves(Function):
    @staticmethod
    def forward(ctx, x):
        y = x * 2
        ctx.save_for_backward(x, None, y)
        return y
    @staticmethod
    def backward(ctx, grad):
        x, none, y = ctx.saved_tensors
        print(x, none, y)
        return grad * 2
same = lambda value: value
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = Saves.apply(x)
raw = y.grad_fn._raw_saved_tensors
print(len(raw), type(raw[0]).__name__, raw[0].unpack_hook)
attempt(lambda: raw[1].register_hooks(same, same))
raw[0].register_hooks(lambda value: print("pack", value) or (value * 10), lambda value: print("unpack", value) or value / 10)
attempt(lambda: raw[0].register_hooks(same, same))
raw[2].register_hooks(same, same)
y.sum().backward()
attempt(lambda: y.grad_fn.saved_tensors)
attempt(lambda: y.grad_fn._raw_saved_tensors)
z = (x * 3).exp()
raw = z.grad_fn._raw_saved_result
raw.register_hooks(lambda value: value * 2, lambda value: value / 2)
see(raw.data, z.grad_fn._saved_result)
z.sum().backward()
attempt(lambda: raw.register_hooks(same, same))
def wrong(value):
    value += 1
    return value
attempt(lambda: x.sin().grad_fn._raw_saved_self.register_hooks(wrong, same))
with torch.autograd.graph.saved_tensors_hooks(wrong, same):
    attempt(lambda: x.sin())
attempt(lambda: x.sin().grad_fn._raw_saved_self.register_hooks(lambda a, b: a, same))

# %% saved tensors that are read once
class Once(Function):
    clear_saved_tensors_on_access = True
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * 2
    @staticmethod
    def backward(ctx, grad):
        print(ctx.saved_tensors)
        return grad * ctx.saved_tensors[0]
x = torch.tensor([1.0, 2.0], requires_grad=True)
attempt(lambda: Once.apply(x).sum().backward())
class Old(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * 2
    @staticmethod
    def backward(ctx, grad):
        return grad * ctx.saved_variables[0]
Old.apply(x).sum().backward()
see(x.grad)

# %% hooks on saving end with the backward pass
hooks = torch.autograd.graph.saved_tensors_hooks
def again(value):
    outer.__enter__()
    return value
outer = hooks(lambda value: print("packed") or value, lambda value: value)
inner = hooks(lambda value: value, again)
x = torch.tensor([1.0, 2.0], requires_grad=True)
with inner:
    y = x.sin().sum()
y.backward()
x.cos()
print(x.grad)

# %% decorated classes and generators
class Counts(Exception):
    pass
@torch.no_grad()
def numbers_up_to(n):
    for i in range(n):
        try:
            got = yield i, torch.is_grad_enabled()
            print("got", got, torch.is_grad_enabled())
        except Counts:
            print("counts", torch.is_grad_enabled())
        except GeneratorExit:
            print("closed", torch.is_grad_enabled())
            raise
    return "end"
steps = numbers_up_to(5)
print(next(steps), torch.is_grad_enabled())
print(steps.send("a"), torch.is_grad_enabled())
print(steps.throw(Counts), torch.is_grad_enabled())
steps.close()
attempt(lambda: next(steps))
attempt(lambda: numbers_up_to(3).throw(ValueError("no")))
@torch.no_grad()
class Made:
    def __init__(self):
        print(torch.is_grad_enabled())
    def method(self):
        return torch.is_grad_enabled()
print(Made().method())

# %% views made in a mode
for mode in (torch.no_grad, torch.inference_mode):
    x = torch.zeros(2)
    with mode():
        y = x.view(2)
    y.requires_grad_(True)
    z = y.view(2)
    attempt(lambda: z.add_(1))
x = torch.ones(2, requires_grad=True)
with torch.no_grad():
    y = x[:1]
    y *= 2
print(y)
attempt(lambda: y.grad_fn)

# %% retain_grad on views that change
base = torch.tensor([1.0, 2.0], requires_grad=True) * 1
first, second = base[:1], base[:1]
first.retain_grad()
second.retain_grad()
base.retain_grad()
first.mul_(3)
(first + second * 10 + base.sum() * 100).sum().backward()
print(first.grad, second.grad, base.grad)
