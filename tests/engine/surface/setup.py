"""What is there when a program of `test_surface_programs.py` begins."""

TENSORS = """
# ruff: noqa: E501
import numpy as np
a = torch.tensor([[0.5, -1.25, 2.0], [1.5, 0.25, -0.75]], dtype=torch.float64, requires_grad=True)
b = torch.tensor([0.75, -0.5, 1.25], dtype=torch.float64, requires_grad=True)
c = torch.tensor([[1.0, 0.5, -2.0], [-1.5, 2.5, 0.25]], dtype=torch.float64)
d = a * 1
e = torch.tensor(1.5, dtype=torch.float64, requires_grad=True)
h = torch.tensor([[0.5, -2.0, 1.5], [0.25, 1.0, -0.5]], requires_grad=True)
i = torch.tensor([[0, 1, 1], [1, 0, 1]])
m = torch.tensor([[True, False, True], [False, False, True]])
"""

MORE = """
o = torch.zeros(0, 3, requires_grad=True)
p = torch.tensor([[-3, 2, 5], [7, -1, 0]], dtype=torch.int32)
q = torch.tensor([[[1.0], [-2.0]], [[0.5], [3.0]]], dtype=torch.float64, requires_grad=True)
r = torch.tensor([0.5, -1.5, 3.0], dtype=torch.float16)
t = (c * 2).t()
u = torch.tensor([1e-6, -12345.678, 3e8])
y = torch.tensor([[1.0, 2.0], [-3.0, 0.5]], dtype=torch.float64, requires_grad=True)
z = torch.tensor([float('inf'), -1.0, float('nan')], dtype=torch.float64)
"""

HELPERS = """
log, handles = [], []
def show(*values):
    log.append(' '.join(repr(v) if not isinstance(v, str) else v for v in values))
def noted(label, factor=None):
    def hook(grad):
        show(label, grad)
        return None if factor is None else grad * factor
    return hook
def on_node(label):
    def hook(*grads):
        show(label, grads)
    return hook
def accumulated(label):
    def hook(x):
        show(label, x.grad)
    return hook
def packed(label):
    def hook(x):
        show(label, 'packs', x)
        return (label, x)
    return hook
def unpacked(label):
    def hook(pair):
        show(pair[0], 'unpacks')
        return pair[1]
    return hook
def failing():
    raise ValueError('fails')
def copied(x):
    return None if x is None else x.clone()
def saved(node):
    def value(name):
        try:
            return getattr(node, name)
        except Exception as error:
            return type(error).__name__, str(error)
    def where_nothing_lies(name):  # NumPy has no strides for a tensor without entries
        return name.endswith('_strides') and 0 in value(name.replace('strides', 'sizes'))
    names = [name for name in sorted(dir(node)) if name.startswith('_saved_')]
    return [(name, value(name)) for name in names if not where_nothing_lies(name)]
def pushed(f, primal, tangent):
    with torch.autograd.forward_ad.dual_level():
        tangent = tangent.to(primal.dtype)  # PyTorch takes others too, and some kernels fail then
        out = f(torch.autograd.forward_ad.make_dual(primal, tangent))
        return torch.autograd.forward_ad.unpack_dual(out)
def written(a, b):
    a = a * 1
    a[0] = b[0]
    return a
net = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.Tanh(), torch.nn.Linear(2, 1))
with torch.no_grad():
    for k, parameter in enumerate(net.parameters()):
        parameter.copy_((torch.arange(parameter.numel()).view(parameter.shape) - 1.5) / (k + 2))
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
"""

CLASSES = """
Function = torch.autograd.Function
class Twice(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x
    @staticmethod
    def backward(ctx, grad):
        show('Twice', torch.is_grad_enabled())
        (x,) = ctx.saved_tensors
        return 2 * x * grad
class Product(Function):
    @staticmethod
    def forward(x, y, k):
        return x * y * k, x + y
    @staticmethod
    def setup_context(ctx, inputs, output):
        x, y, ctx.k = inputs
        ctx.save_for_backward(x, y)
    @staticmethod
    def backward(ctx, first, second):
        show('Product', ctx.needs_input_grad)
        x, y = ctx.saved_tensors
        return first * y * ctx.k + second, first * x * ctx.k + second, None
class Over(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.mark_dirty(x)
        return x.mul_(2)
    @staticmethod
    def backward(ctx, grad):
        return grad * 2
class Rounded(Function):
    @staticmethod
    def forward(ctx, x):
        whole = x.round()
        ctx.mark_non_differentiable(whole)
        ctx.set_materialize_grads(False)
        return x * 3, whole
    @staticmethod
    def backward(ctx, grad, none):
        show('Rounded', grad is None, none is None)
        return None if grad is None else grad * 3
class Wrong(Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2
    @staticmethod
    def backward(ctx, grad):
        return grad, grad
class Same(Function):
    @staticmethod
    def forward(ctx, x):
        return x
    @staticmethod
    def backward(ctx, grad):
        return grad * 3
class Viewed(Function):
    @staticmethod
    def forward(ctx, x):
        return x.view(-1)
    @staticmethod
    def backward(ctx, grad):
        return grad
class Once(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x ** 2
    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx, grad):
        show('Once', torch.is_grad_enabled())
        return grad * 2 * ctx.saved_tensors[0]
class Cube(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x ** 3
    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        return Twice.apply(x) * 3 * grad
class Dropped(Function):
    @staticmethod
    def forward(ctx, x, y):
        ctx.save_for_backward(x)
        return x + y
    @staticmethod
    def backward(ctx, grad):
        return grad, None
class Listed(Function):
    @staticmethod
    def forward(ctx, x):
        return [x, x]
    @staticmethod
    def backward(ctx, grad):
        return grad
class Strange(Function):
    @staticmethod
    def forward(ctx, x, k):
        ctx.k = k
        return x * 2
    @staticmethod
    def backward(ctx, grad):
        return [(grad * 2, None), (grad.sum(), None), (None, None), (grad.float(), None), (3, None),
                (grad * 2, grad), (grad.unsqueeze(0), None)][ctx.k % 7]
class Saving(Function):
    @staticmethod
    def forward(ctx, x, k):
        out = x * 2
        ctx.save_for_backward(*[(x, out), (out,), (x, 3), (x * 1, None), ([x],), ()][k % 6])
        ctx.x = x
        return out
    @staticmethod
    def backward(ctx, grad):
        show([s is None or tuple(s.shape) for s in ctx.saved_tensors])
        return grad * ctx.x, None
class Unmarked(Function):
    @staticmethod
    def forward(ctx, x):
        return x.mul_(2)
    @staticmethod
    def backward(ctx, grad):
        return grad * 2
class Several(Function):
    @staticmethod
    def forward(ctx, x, y):
        ctx.save_for_backward(x, y)
        return x * 2, y * 3, x > 0
    @staticmethod
    def backward(ctx, *grads):
        show(grads)
        return grads[0] * 2, grads[1] * 3
class Half(Function):
    @staticmethod
    def forward(ctx, x, y):
        ctx.save_for_backward(x, y)
        return x * y
    @staticmethod
    def backward(ctx, grad):
        x, y = ctx.saved_tensors
        return (grad * y if ctx.needs_input_grad[0] else None,
                grad * x if ctx.needs_input_grad[1] else None)
class Failing(Function):
    @staticmethod
    def forward(ctx, x):
        failing()
class FailingBackward(Function):
    @staticmethod
    def forward(ctx, x):
        return x * 1
    @staticmethod
    def backward(ctx, grad):
        failing()
class Counted(Function):
    @staticmethod
    def forward(ctx, *args):
        show(ctx.needs_input_grad, torch.is_grad_enabled())
        return args[0] * args[-1]
    @staticmethod
    def backward(ctx, grad):
        return (grad * 2,) + (None,) * (len(ctx.needs_input_grad) - 1)
class Kept(Function):
    @staticmethod
    def forward(ctx, x):
        out = x.exp()
        ctx.save_for_backward(out)
        ctx.mark_non_differentiable()
        return out
    @staticmethod
    def backward(ctx, grad):
        (out,) = ctx.saved_tensors
        show(out)
        return grad * out
class Nothing(Function):
    @staticmethod
    def forward(ctx, x):
        return None
    @staticmethod
    def backward(ctx, grad):
        return grad
class Numbers(Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2, 3, None, 'text'
    @staticmethod
    def backward(ctx, *grads):
        show(grads)
        return grads[0]
class Whole(Function):
    @staticmethod
    def forward(ctx, x):
        return x.long()
    @staticmethod
    def backward(ctx, grad):
        return grad
class Forgot(Function):
    def forward(ctx, x):
        return x * 2
class NoBackward(Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2
class Constant(Function):
    @staticmethod
    def forward(ctx, x):
        out = x * 2
        ctx.mark_non_differentiable(out)
        return out, x * 3
    @staticmethod
    def backward(ctx, none, grad):
        show(none, grad)
        return grad * 3
class Shaped(Function):
    @staticmethod
    def forward(ctx, x, k):
        return x.sum(0).expand(k + 1, *x.shape[1:])
    @staticmethod
    def backward(ctx, grad):
        return grad.sum(0), None
class Jvp(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_forward(x)
        ctx.save_for_backward(x)
        return x * x
    @staticmethod
    def backward(ctx, grad):
        return grad * 2 * ctx.saved_tensors[0]
    @staticmethod
    def jvp(ctx, tangent):
        return tangent * 2 * ctx.saved_tensors[0]
class Apart(Function):
    @staticmethod
    def forward(x, k=3):
        return x * k
    @staticmethod
    def setup_context(ctx, inputs, output):
        show(len(inputs), ctx.needs_input_grad)
        ctx.k = inputs[1]
    @staticmethod
    def backward(ctx, grad):
        return grad * ctx.k, None
class Inside(Function):
    @staticmethod
    def forward(ctx, x):
        with torch.enable_grad():
            ctx.x = x.detach().requires_grad_()
            ctx.out = (ctx.x ** 2).sum()
        return ctx.out.detach()
    @staticmethod
    def backward(ctx, grad):
        ctx.out.backward(retain_graph=True)
        return ctx.x.grad * grad
class Dirty2(Function):
    @staticmethod
    def forward(ctx, x, y):
        ctx.mark_dirty(x, y)
        return x.mul_(2), y.mul_(3)
    @staticmethod
    def backward(ctx, first, second):
        return first * 2, second * 3
class InOut(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.set_materialize_grads(True)
        ctx.save_for_backward(x)
        return x.view_as(x) * 2
    @staticmethod
    def backward(ctx, grad):
        show(ctx.saved_tensors[0].requires_grad, ctx.saved_tensors[0]._version)
        return grad * 2
class Wrapped(Function):
    @staticmethod
    def forward(ctx, xs):
        return sum(xs)
    @staticmethod
    def backward(ctx, grad):
        return grad
"""
