# fmt: off
# ruff: noqa
# Tensors that change their shape or their memory, and what may be written over. (Cells: see tests/engine/observe.py.)

# %% resize_
a = torch.arange(6.0)
v = a[1:4]
see(v.resize_(2, 2), v._version, a._version, v._is_view(), v.stride())
v[0, 0] = 50.0
see(a)
b = torch.arange(6.0)
see(b.resize_(2), b._version, b.untyped_storage().nbytes())
see(b.resize_([6]), b._version, b.resize_(6)._version)
see(b.resize_as_(torch.ones(3, 2)), b._version, b.resize_as_(torch.ones(3, 2))._version)
print(b.resize_(4, 5)[0, :5].tolist(), b.shape, b.untyped_storage().nbytes())
attempt(lambda: torch.ones(2, requires_grad=True).resize_(3))
attempt(lambda: (torch.ones(2, requires_grad=True) * 1).resize_(2))
with torch.inference_mode():
    c = torch.ones(2, 3, requires_grad=True)
    see(c.resize_(3, 2))

# %% set_
x = torch.tensor([1.0, 2.0], requires_grad=True)
edge = torch.autograd.graph.get_gradient_edge(x)
out = (x * 3).sum()
source = torch.tensor([5.0, 6.0])
with torch.no_grad():
    see(x.set_(source), x._version)
    source += 1
see(x)
attempt(lambda: torch.autograd.grad(out, x, retain_graph=True))
see(torch.autograd.grad(out, edge))
attempt(lambda: x.set_(source))
with torch.no_grad():
    x.set_(x[1:])
torch.cat((x, x)).sum().backward()
see(x.grad)

# %% as_strided_
x = torch.arange(6.0, requires_grad=True)
y = x * 2
see(y.as_strided_((2, 2), (3, 1), 1), y._version)
(y * torch.tensor([[1.0, 10.0], [100.0, 1000.0]])).sum().backward()
see(x.grad)
z = (x * 1)
v = z[1:]
see(v.as_strided_((2,), (2,), 0))
attempt(lambda: torch.ones(3).as_strided_((4,), (1,)))
with torch.no_grad():
    w = z[:]
attempt(lambda: w.as_strided_((1,), (1,)))

# %% saved tensors may be overwritten
allow = torch.autograd.graph.allow_mutation_on_saved_tensors
def run():
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = x * 1
    part = y[:1]
    out = (y ** 2).sum() + part.sin().sum()
    y.mul_(3)
    y[1] = 7.0
    part.zero_()
    out.backward(create_graph=False)
    see(x.grad, y)
attempt(run)
with allow() as saved:
    run()
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = x * 1
    a, b = y ** 2, y ** 2
    y.add_(1)
    print(len(list(saved.cloned.items())))
    c = y ** 2
    torch.mul(torch.ones(2), 5.0, out=y.detach())
    print(len(list(saved.cloned.items())))
    y.zero_()
    (a + b + c).sum().backward()
    see(x.grad)
    out = (x ** 2).sum()
    attempt(lambda: allow().__enter__())
attempt(out.backward)
with allow():
    attempt(out.backward)

# %% versions that do not count
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x * 1
z = (y ** 2).sum()
with torch.autograd._unsafe_preserve_version_counter(y):
    y.mul_(10)
print(y._version)
z.backward()
see(x.grad)

# %% tangents lie as their tensors do
import warnings
warnings.simplefilter("ignore", DeprecationWarning)  # PyTorch's own, once, at the first tangent
forward_ad = torch.autograd.forward_ad
part = torch.arange(5.0)[1:4]
with forward_ad.dual_level():
    tangent = torch.tensor([1.0, 2.0, 3.0])
    dual = forward_ad.make_dual(part, tangent)
    print(forward_ad.unpack_dual(dual).tangent is tangent, forward_ad.unpack_dual(dual.as_strided((5,), (1,), 0)).tangent)
    other = torch.tensor([1.0, 2.0, 3.0])
    print(forward_ad.unpack_dual(forward_ad.make_dual(part.clone(), other)).tangent is other)
    print(forward_ad.unpack_dual(forward_ad.make_dual(torch.ones(2, 3).t(), torch.ones(3, 2))).tangent.stride())
    attempt(lambda: torch.sin(dual, out=torch.ones(3)))
    attempt(lambda: torch.add(other, other, out=dual))
    attempt(lambda: forward_ad.make_dual(other, dual))

# %% tangents of what is overwritten
import warnings
warnings.simplefilter("ignore", DeprecationWarning)  # PyTorch's own, once, at the first tangent
forward_ad = torch.autograd.forward_ad
tangent_of = lambda tensor: forward_ad.unpack_dual(tensor).tangent
with forward_ad.dual_level():
    x, t = torch.tensor([1.0, 2.0]), torch.tensor([1.0, 10.0])
    dual = forward_ad.make_dual(x, t)
    dual *= 2
    print(tangent_of(x), t, tangent_of(dual))
    part = dual[:1]
    part *= 3
    print(t, tangent_of(dual), tangent_of(part))
    y = torch.ones(2)
    y[1] = dual[1]
    print(tangent_of(y))
    z = torch.ones(2, 2)
    z.t()[0].add_(dual)
    print(tangent_of(z))
    w = torch.ones(2)
    w.detach().add_(dual)
    w.copy_(torch.ones(2))
    print(tangent_of(w))
    w.copy_(dual)
    print(tangent_of(w), tangent_of(w) is tangent_of(dual))
    clone = dual.clone()
    clone.detach_()
    print(tangent_of(clone), forward_ad._current_level, forward_ad._is_fwd_grad_enabled())
    with forward_ad._set_fwd_grad_enabled(False):
        print(tangent_of(dual * 2))
print(forward_ad._current_level)

# %% passes within passes
class Down(Function):
    @staticmethod
    def forward(ctx, x):
        with torch.enable_grad():
            ctx.x = x.detach().requires_grad_() - 1
        return ctx.x.detach()
    @staticmethod
    def backward(ctx, grad):
        if ctx.x < 0:
            if stop:
                raise ValueError("at the bottom")
            return grad * 2
        with torch.enable_grad():
            Down.apply(ctx.x).sum().backward()
        return grad
for stop in (False, True):
    x = torch.tensor(300.0, requires_grad=True)
    attempt(lambda: Down.apply(x).backward())
    print(x.grad, torch.is_grad_enabled())
