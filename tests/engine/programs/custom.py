# fmt: off
# ruff: noqa
# Functions written by users. (Cells: see tests/engine/observe.py.)

# %% saved tensors, needs_input_grad
class Mul(Function):
    @staticmethod
    def forward(ctx, x, y, k):
        ctx.save_for_backward(x, y)
        ctx.k = k
        print(x.requires_grad, torch.is_grad_enabled(), ctx.needs_input_grad)
        return x * y * k
    @staticmethod
    def backward(ctx, grad):
        x, y = ctx.saved_tensors
        print(ctx.needs_input_grad, torch.is_grad_enabled(), grad)
        return grad * y * ctx.k, grad * x * ctx.k if ctx.needs_input_grad[1] else None, None
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = torch.tensor([3.0, 4.0])
z = Mul.apply(x, y, 2)
print(z, z.grad_fn.name(), z.is_leaf)
z.sum().backward()
print(x.grad, y.grad)
attempt(lambda: z.sum().backward())
y.requires_grad = True
Mul.apply(x, y, 0.5).sum().backward()
print(x.grad, y.grad)
with torch.no_grad():
    print(Mul.apply(x, y, 1))
print(Mul.apply(y.detach(), y.detach(), 1))
print(z.grad_fn)

# %% wrong number of gradients
def made(result):
    class Wrong(Function):
        @staticmethod
        def forward(ctx, x, y):
            return x * y
        @staticmethod
        def backward(ctx, grad):
            return result(grad)
    return Wrong
x = torch.ones(2, requires_grad=True)
y = torch.ones(2, requires_grad=True)
attempt(lambda: made(lambda g: g).apply(x, y).sum().backward())
attempt(lambda: made(lambda g: (g, g, g)).apply(x, y).sum().backward())
attempt(lambda: made(lambda g: (g, g, None)).apply(x, y).sum().backward())
print(x.grad, y.grad)
attempt(lambda: made(lambda g: None).apply(x, y).sum().backward())
attempt(lambda: made(lambda g: (None, None)).apply(x, y).sum().backward())
attempt(lambda: made(lambda g: (g, None)).apply(x, y).sum().backward())
print(x.grad, y.grad)
attempt(lambda: made(lambda g: (g, 3.0)).apply(x, y).sum().backward())
attempt(lambda: made(lambda g: (g, "text")).apply(x, y).sum().backward())
attempt(lambda: made(lambda g: (g, torch.ones(3))).apply(x, y).sum().backward())
attempt(lambda: made(lambda g: (g, torch.ones(2, 2))).apply(x, y).sum().backward())
attempt(lambda: made(lambda g: (g, torch.ones(1))).apply(x, y).sum().backward())
attempt(lambda: made(lambda g: (g, g.double())).apply(x, y).sum().backward())
print(x.grad, y.grad)
attempt(lambda: made(lambda g: [g, g]).apply(x, y).sum().backward())
attempt(lambda: made(lambda g: (g, g)).apply(x, 3.0).sum().backward())
attempt(lambda: made(lambda g: (g, g)).apply(x, y.detach()).sum().backward())
print(x.grad, y.grad)

# %% several outputs
class Both(Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2, x * 3
    @staticmethod
    def backward(ctx, a, b):
        print(a, b)
        return a * 2 + b * 3
x = torch.ones(2, requires_grad=True)
p, q = Both.apply(x)
print(p, q, p.grad_fn is q.grad_fn, p.output_nr, q.output_nr)
(p * 5 + q).sum().backward()
print(x.grad)
p, q = Both.apply(x)
q.sum().backward()
print(x.grad)
p, q = Both.apply(x)
q.retain_grad()
(p + q).sum().backward()
print(q.grad)

# %% several outputs, gradients not materialised
class Both(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.set_materialize_grads(False)
        return x * 2, x * 3
    @staticmethod
    def backward(ctx, a, b):
        print(a, b)
        return b * 3
x = torch.ones(2, requires_grad=True)
p, q = Both.apply(x)
q.sum().backward()
print(x.grad)

# %% an output that is not differentiable
class Top(Function):
    @staticmethod
    def forward(ctx, x):
        mask = x > 0
        plain = x * 2
        ctx.mark_non_differentiable(mask, plain)
        ctx.save_for_backward(mask)
        return x * mask, mask, plain
    @staticmethod
    def backward(ctx, grad, none, zero):
        mask, = ctx.saved_tensors
        print(none, zero)
        return grad * mask
x = torch.tensor([1.0, -1.0], requires_grad=True)
y, mask, plain = Top.apply(x)
print(y, mask, plain, mask.requires_grad, plain.requires_grad)
y.sum().backward()
print(x.grad)

# %% forgotten staticmethod on backward
class Twice(Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2
    #staticmethod
    def backward(ctx, grad):
        return grad * 2
x = torch.ones(2, requires_grad=True)
Twice.apply(x).sum().backward()
print(x.grad)

# %% missing methods, instances
class NoBackward(Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2
class NoForward(Function):
    @staticmethod
    def backward(ctx, g):
        return g
x = torch.ones(2, requires_grad=True)
y = NoBackward.apply(x)
print(y)
attempt(lambda: y.sum().backward())
attempt(lambda: NoForward.apply(x))
attempt(lambda: NoBackward()(x))

# %% setup_context
class Square(Function):
    @staticmethod
    def forward(x):
        return x * x
    @staticmethod
    def setup_context(ctx, inputs, output):
        x, = inputs
        ctx.save_for_backward(x)
    @staticmethod
    def backward(ctx, grad):
        x, = ctx.saved_tensors
        return grad * 2 * x
x = torch.tensor([1.0, 3.0], requires_grad=True)
y = Square.apply(x)
print(y)
y.sum().backward()
print(x.grad)

# %% double backward of a custom Function
class Cube(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x * x
    @staticmethod
    def backward(ctx, grad):
        x, = ctx.saved_tensors
        print(torch.is_grad_enabled())
        return grad * 3 * x * x
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = Cube.apply(x).sum()
y.backward(create_graph=True)
g = x.grad
see(g)
x.grad = None
g.sum().backward()
see(x.grad)

# %% returns its input
class Same(Function):
    @staticmethod
    def forward(ctx, x):
        return x
    @staticmethod
    def backward(ctx, grad):
        return grad * 7
x = torch.ones(2, requires_grad=True)
y = Same.apply(x)
print(y is x, y.is_leaf, y.requires_grad)
y.sum().backward()
print(x.grad)
z = Same.apply(x * 2)
z.sum().backward()
print(x.grad)

# %% view of the input, saved output, error inside
class Exp(Function):
    @staticmethod
    def forward(ctx, x):
        y = x.exp()
        ctx.save_for_backward(y)
        return y
    @staticmethod
    def backward(ctx, grad):
        y, = ctx.saved_tensors
        return grad * y
x = torch.tensor([0.5, 1.0], requires_grad=True)
y = Exp.apply(x)
y.mul_(2)
attempt(lambda: y.sum().backward())
class Broken(Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2
    @staticmethod
    def backward(ctx, grad):
        raise ValueError("my own error")
attempt(lambda: Broken.apply(x).sum().backward())
print(x.grad, torch.is_grad_enabled())

# %% mark_dirty
class AddOne(Function):
    @staticmethod
    def forward(ctx, x):
        x.add_(1)
        ctx.mark_dirty(x)
        return x
    @staticmethod
    def backward(ctx, grad):
        return grad * 5
x = torch.ones(2, requires_grad=True)
y = x * 2
z = AddOne.apply(y)
print(z is y, y, y._version)
z.sum().backward()
print(x.grad)
attempt(lambda: AddOne.apply(x))

# %% once_differentiable
from importlib import import_module
once = torch.autograd.function.once_differentiable
class Sq(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x
    @staticmethod
    @once
    def backward(ctx, g):
        x, = ctx.saved_tensors
        return g * 2 * x
x = torch.ones(2, requires_grad=True)
Sq.apply(x).sum().backward()
print(x.grad)
x.grad = None
Sq.apply(x).sum().backward(create_graph=True)
g = x.grad
print(g.requires_grad)
attempt(lambda: g.sum().backward())

# %% saving what is neither input nor output, and nothing
class Sinh(Function):
    @staticmethod
    def forward(ctx, x):
        e = x.exp()
        ctx.save_for_backward(e, None)
        return (e - 1 / e) / 2
    @staticmethod
    def backward(ctx, g):
        e, nothing = ctx.saved_tensors
        print(nothing)
        return g * (e + 1 / e) / 2
x = torch.tensor([0.5], requires_grad=True)
Sinh.apply(x).backward()
see(x.grad)

# %% all cotangents in one list
class Boxed(torch.autograd.Function):
    boxed_grads_call = True
    @staticmethod
    def forward(ctx, x):
        return x * 2, x * 3
    @staticmethod
    def backward(ctx, grads):
        print(type(grads).__name__, [grad is None for grad in grads])
        a, b = grads
        grads.clear()
        return a * 2 + b * 3
x = torch.tensor(numbers(3), requires_grad=True)
a, b = Boxed.apply(x)
(a.sum() + (b * b).sum()).backward()
see(x.grad)
a, b = Boxed.apply(x)
see(torch.autograd.grad(b.sum(), x)[0])
see(a.grad_fn.apply(torch.ones(3), torch.ones(3) * 2))
class Plain(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2
    @staticmethod
    def backward(ctx, grad):
        return grad * 2
see(Plain.apply(x).grad_fn.apply(torch.ones(3)))
attempt(lambda: torch.autograd.SavedTensor())

# %% marks that a forward sets by itself
for name in ("dirty_tensors", "to_save", "non_differentiable"):
    for value in ("no tuple", ("no tensor",), None, 5, (), (torch.ones(2),), [torch.ones(2)]):
        class Marked(torch.autograd.Function):
            @staticmethod
            def forward(ctx, x):
                setattr(ctx, name, value)
                return x * 2
            @staticmethod
            def backward(ctx, grad):
                return grad
        attempt(lambda: print(name, Marked.apply(torch.ones(2, requires_grad=True))))
class Late(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.mark_dirty("a")
        print("went on")
        return x
attempt(lambda: Late.apply(torch.ones(2)))
