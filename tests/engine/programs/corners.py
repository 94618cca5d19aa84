# fmt: off
# ruff: noqa
# Corners where several features meet. (Cells: see observe.py.)

# %% one gradient for two inputs
x = torch.ones(3, requires_grad=True)
y = torch.ones(3, requires_grad=True)
a, b, c = torch.autograd.grad((x + y) * 2, [x, y, x], torch.ones(3))
print(a is b, a is c)
a, b = torch.autograd.grad((x - y).exp().sum(), [x, y])
print(a is b)
z, a, b = torch.autograd.grad(x.exp(), [y, x, x], torch.ones(2, 3), is_grads_batched=True, materialize_grads=True)
print(z, a is b, a.shape)

# %% gradients in inference mode
x = torch.ones(3, requires_grad=True)
y = (x * x).sum()
x.register_hook(lambda grad: print("hook", grad.is_inference()))
with torch.inference_mode():
    (grad,) = torch.autograd.grad(y, x, create_graph=True)
    print(grad, grad.is_inference(), grad.requires_grad)
    y.backward(create_graph=True)
print(x.grad, x.grad.is_inference())

# %% forward mode in inference mode
import importlib
forward = importlib.import_module(torch.__name__ + ".autograd.forward_ad")
x = torch.ones(3)
with forward.dual_level():
    before = forward.make_dual(x, torch.ones(3))
    with torch.inference_mode():
        print(before, forward.unpack_dual(before * 2).tangent)
        within = forward.make_dual(x, torch.ones(3))
        before.mul_(2)
    print(before, within)
    attempt(lambda: before // 2)
    attempt(lambda: before.floor_divide_(2))
    attempt(lambda: before.unique())
    whole = torch.zeros(3, dtype=torch.long).copy_(before)
    print(whole, forward.unpack_dual(whole).tangent)

# %% inputs returned as they are, beside a setup_context
class Same(torch.autograd.Function):
    @staticmethod
    def forward(x):
        return x
    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(inputs[0])
    @staticmethod
    def backward(ctx, grad):
        return grad
x = torch.ones(2, requires_grad=True)
attempt(lambda: Same.apply(x))
attempt(lambda: Same.apply(torch.ones(2)))
with torch.no_grad():
    print(Same.apply(x), Same.apply(x) is x)

# %% what a function marks dirty must be writable first
class Dirty(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        y = x.view_as(x)
        ctx.mark_dirty(y)
        return y
    @staticmethod
    def backward(ctx, grad):
        return grad
attempt(lambda: Dirty.apply(torch.ones(2, requires_grad=True)))
attempt(lambda: Dirty.apply(torch.ones(2, requires_grad=True) * 1))

# %% a function's node cannot be called
class Twice(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * 2
    @staticmethod
    def backward(ctx, grad):
        return grad * 2
y = Twice.apply(torch.ones(2, requires_grad=True))
print(callable(y.grad_fn), callable((y * 2).grad_fn), [a for a in dir(y.grad_fn) if a.startswith("_saved")])
attempt(lambda: y.grad_fn(torch.ones(2)))

# %% writing to an expanded tensor
def expanded():
    return torch.ones(1, 3).expand(2, 3)
x = expanded()
x[torch.tensor([0])] = 2
print(x)
x = expanded()
x[x > 0] = torch.arange(6.0)
x = expanded()
x.masked_fill_(x > 0, 2.0)
x = expanded()
x.index_fill_(0, torch.tensor([0]), 2.0)
print(x)

# %% places of true entries, and nan among different entries
x = torch.tensor([[1.0, float("nan")], [float("nan"), 1.0]])
rows, columns = torch.where(x == 1)
print(rows, columns.stride(), columns.storage_offset(), rows._is_view())
print(x.unique(return_counts=True))

# %% a gradient that nobody wants may have any shape
class Odd(torch.autograd.Function):
    @staticmethod
    def forward(ctx, a, b):
        return a * 2
    @staticmethod
    def backward(ctx, grad):
        return grad, grad.sum().double()
a = torch.ones(2, 2, requires_grad=True)
y = Odd.apply(a, torch.ones(3))
y.grad_fn.register_hook(lambda inputs, outputs: print(inputs))
y.sum().backward()
print(a.grad)
attempt(lambda: Odd.apply(a, torch.ones(3, requires_grad=True)).sum().backward())

# %% another shape through data, where a pass begins
x = torch.ones(2, requires_grad=True)
y = x * 2
y.data = torch.ones(3)
attempt(lambda: y.backward(torch.ones(3)))
attempt(lambda: torch.autograd.grad(y, x, torch.ones(3)))
y.data = torch.ones(())
attempt(lambda: y.backward())

# %% what is saved is looked at before what is dirty
class Both(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, k):
        ctx.mark_dirty(x)
        ctx.save_for_backward(x, k)
        return x
attempt(lambda: Both.apply(torch.ones(2, requires_grad=True), 2.0))

# %% forward mode of tensors of inference mode
import importlib
forward = importlib.import_module(torch.__name__ + ".autograd.forward_ad")
with torch.inference_mode():
    x = torch.ones(2)
with forward.dual_level():
    y = torch.ones(2)
    dual = forward.make_dual(x, y)
    for value in (dual, dual * 2, dual[1:], dual.exp(), dual * y, dual * x, torch.stack([dual, x])):
        print(forward.unpack_dual(value).tangent)

# %% places in tensors without entries
for shape in ((0, 0), (0, 3), (3, 0)):
    x = torch.ones(shape)
    attempt(lambda: x[torch.tensor([5])])
    attempt(lambda: x.index_put_((torch.tensor([5]),), torch.tensor(1.0)))
    attempt(lambda: x[:, torch.tensor([5])])

# %% the places of a median, overwritten
x = torch.ones(2, requires_grad=True)
values, places = x.median(0)
places.squeeze_()
attempt(lambda: values.backward())

# %% a gradient's tensor copied into a view of integers
x = torch.ones(2, requires_grad=True) * 1
part = torch.zeros(2, 2, dtype=torch.long).unbind(0)[0]
print(part.copy_(x), part.grad_fn)
rows, _ = torch.where(torch.eye(2) > 0)
print(rows.copy_(x), rows.requires_grad)

# %% versions of what is written in several steps
F = torch.nn.functional
x = torch.ones(2)
print(F.one_hot(torch.tensor([0, 2]))._version, F.one_hot(torch.zeros(0, dtype=torch.long), 3)._version)
for tolerance in (0, 1e-5):
    for equal_nan in (False, True):
        print(torch.isclose(x, x, rtol=tolerance, atol=0, equal_nan=equal_nan)._version)

# %% batches that are none
x = torch.ones(2, 3, requires_grad=True)
attempt(lambda: torch.autograd.grad(x, x, torch.ones(2, 3), is_grads_batched=True))
attempt(lambda: torch.autograd.grad(x[:1, :1], x, is_grads_batched=True))
attempt(lambda: torch.autograd.grad(x.sum(), x, is_grads_batched=True))

# %% what inference mode makes
import copy
x = torch.tensor([2.0, 0.0, 1.0])
with torch.inference_mode():
    made = [
        x.argsort(), torch.nonzero(x), torch.isclose(x, x), torch.searchsorted(x, x), x.unique(return_counts=True)[1],
        torch.nn.functional.one_hot(torch.tensor([1])), copy.copy(x), copy.deepcopy(x),
    ]
print([out.is_inference() for out in made])

# %% derivatives of a norm in one piece
nn = torch.nn
for layer in (nn.LayerNorm(3), nn.BatchNorm1d(3), nn.PReLU()):
    layer(torch.arange(6.0).reshape(2, 3)).sum().backward(create_graph=True)
    print([p.grad.requires_grad for p in layer.parameters()])

# %% no dimensions, no entries
print(torch.flip(torch.tensor(1.0), ()), torch.flip(torch.ones(2), ()), torch.permute(torch.tensor(1.0), ()))
x = torch.ones(1, 3, requires_grad=True)
out = torch.gather(x, 1, torch.tensor([], dtype=torch.long))
print(out.shape, torch.autograd.grad(out.sum(), x))
none = torch.tensor([True, False])
print(none[1:1].cumsum_(0))
attempt(lambda: none.cumsum_(0))
attempt(lambda: none.cumprod_(0))
print(torch.ones(2, dtype=torch.int32).cumsum_(0))
norm = torch.linalg.norm
print(norm(torch.zeros(1, 0), 1), norm(torch.zeros(0, 1), float("inf")), norm(torch.zeros(2, 1, 0), 1, dim=(1, 2)))
attempt(lambda: norm(torch.zeros(1, 0), -1))
attempt(lambda: norm(torch.ones(2, 2, 2), 1))
attempt(lambda: norm(torch.tensor(1.0), 2))
attempt(lambda: torch.tensor(3.0)[torch.tensor([0.5])])

# %% weights without axes, of another dtype
x, y = torch.zeros(2, requires_grad=True), torch.ones(2)
print(torch.lerp(x, y, torch.tensor(1)), torch.lerp(x, y, torch.tensor(0.5, dtype=torch.float64)))
print(torch.lerp(torch.tensor(0.0), torch.tensor(1.0), torch.tensor(0.5, dtype=torch.float64)))
attempt(lambda: torch.lerp(x, y, torch.tensor([1])))

# %% narrow integers contracted along an axis of length 1
print(torch.tensordot(torch.ones(2, 1, dtype=torch.int8), torch.ones(1, 2, dtype=torch.int8), 1))

# %% places that are no integers, or do not belong together
x = torch.ones(2, 3)
attempt(lambda: x.index_add(0, torch.tensor([0.0, 1.0]), x))
attempt(lambda: x.index_add_(0, torch.tensor([0, 1], dtype=torch.uint8), x))
def put():
    x[torch.tensor([0, 1]), torch.tensor([0, 1, 2])] = 1
attempt(put)

# %% what a node's class prints as
x = torch.ones(2, requires_grad=True)
print(type((x * 2).grad_fn), type((x * 2).grad_fn.next_functions[0][0]), type(x.softmax(0).grad_fn).__module__)

# %% a checkpoint nobody needs
import importlib
checkpoint = importlib.import_module(torch.__name__ + ".utils.checkpoint").checkpoint
with torch.no_grad():
    print(checkpoint(torch.sin, torch.ones(2), use_reentrant=True))
