# fmt: off
# ruff: noqa
# Corners that programs written at random ran into. (Cells: see observe.py.)

# %% a number of NumPy's goes back through an overwritten view
x = torch.as_tensor(np.array(2.5))
factor = torch.tensor(2.0, dtype=torch.float64, requires_grad=True)
x[()] *= factor
x.norm().backward()
print(x, factor.grad)

# %% masks beside slices, in a leaf
x = torch.zeros(2, 3, requires_grad=True)
def put(*index):
    x[index] = 1.0
mask = [True, False]
for index in ((mask,), (mask, slice(None)), (mask, slice(1, None)), (mask, 0), (slice(None), [True, False, True]), (0, [True, False, True])):
    attempt(lambda: put(*index))
attempt(lambda: put([True, False, True], slice(1, None)))

# %% products of narrow integers, of truth values
small = torch.full((2, 2, 2), 3, dtype=torch.uint8)
print(torch.addbmm(small[0], small, small), torch.addbmm(small[0].int(), small.int(), small.int()).dtype)
none = torch.zeros(2, 0, dtype=torch.bool)
print(torch.bmm(none[None], none.t()[None]), torch.mm(none, none.t()), torch.zeros(0, 2, dtype=torch.bool).mv(torch.ones(2, dtype=torch.bool)))
attempt(lambda: torch.mm(none.new_ones(2, 2), none.new_ones(2, 2)))

# %% histories of tangents
import importlib
forward = importlib.import_module(torch.__name__ + ".autograd.forward_ad")
F = torch.nn.functional
def look(function, requires_grad=True):
    x = torch.tensor([2.0, 3.0, 5.0], requires_grad=requires_grad)
    with forward.dual_level():
        dual = forward.make_dual(x * 1, torch.tensor([1.0, -2.0, 0.5], requires_grad=not requires_grad))
        tangent = forward.unpack_dual(function(dual)).tangent
    print(tangent)
y = torch.tensor([2.5, 3.0, 1.0])
for function in (
    lambda x: torch.maximum(x, y), lambda x: torch.minimum(y, x), lambda x: torch.fmod(x, y), lambda x: x % y,
    lambda x: x.amax(0), lambda x: torch.maximum(x, x * y), lambda x: x[:2].aminmax(dim=0)[0],
):
    look(function)
    look(function, False)

# %% how contracted axes lie
for equation, shapes in (("ij,jk->ki", ((2, 3), (3, 4))), ("bij,bjk->bki", ((2, 3, 4), (2, 4, 5))), ("ij,bjk->bik", ((2, 3), (4, 3, 5))), ("bij,jk->bki", ((2, 3, 4), (4, 5))), ("ij,jk,kl->li", ((2, 3), (3, 4), (4, 5)))):
    print(torch.einsum(equation, *(torch.ones(shape) for shape in shapes)).stride())

# %% zeros with a sign, and what is no number
F = torch.nn.functional
x = torch.tensor([-0.0, 0.0, float("nan")], requires_grad=True)
for function in (torch.relu, lambda x: x.clamp(0, 1), F.hardtanh, F.relu6, lambda x: x ** 0.5):
    out = function(x)
    print(out, torch.autograd.grad(out.sum(), x))

# %% gradients lie row after row
x = torch.arange(6.0).reshape(2, 3).requires_grad_()
print(torch.autograd.grad(x.cumsum(0).sin().sum(), x)[0].stride(), torch.autograd.grad(x.cumsum(1).sin().sum(), x)[0].stride())
y = torch.eye(2, 3).expand(2, 2, 3)
print(torch.addcdiv(y, torch.ones(1, 2, 1, dtype=torch.float64), torch.ones(1, 2, 1)).stride())

# %% gradients of stretched leaves, recorded
x = torch.tensor([1.5]).expand(2).requires_grad_()
x.prod().backward(create_graph=True)
print(x.grad)
y = torch.ones(2, requires_grad=True)
(z,) = torch.autograd.grad(y.erf().sum(), y, create_graph=True)
print(torch.autograd.grad(z.sin().sum(), y, create_graph=True)[0].grad_fn.name())

# %% axes of what has none
x = torch.tensor(1.0)
attempt(lambda: x.unbind(-1))
attempt(lambda: x.movedim(-1, 3))
print(x.movedim(0, -1))
attempt(lambda: torch.rsub(torch.ones(2), torch.ones(2), alpha=True))

# %% out= that requires grad, for what has no derivative
x = torch.ones(2, requires_grad=True) * 1
print(torch.gt(x, 0, out=x).tolist(), torch.full((2,), 3, out=x).tolist())

# %% axes of a number, given as none
x = torch.tensor(2.0, requires_grad=True)
print(x.repeat(()), x.tile(()), x.flip(()), torch.autograd.grad(x.permute(()).exp(), x, create_graph=True))
y = x.scatter(0, torch.tensor(0), 1.5)
print(y, torch.autograd.grad(y, x))

# %% masks that are filled with a number of another dtype
half = torch.tensor(0.5, dtype=torch.float64)
mask = torch.tensor([True, False, True])
for index in ((..., mask), (slice(None), mask), (1, mask), (mask[:2], 1), (None, mask[:2])):
    x = torch.zeros(2, 3)
    x[index] = half
    print(x)
x = torch.zeros(2, 3)
def put():
    x[mask[:2], [1]] = half
attempt(put)
x = torch.tensor([3, 4])
x[x > 0] = x[:1]
print(x)

# %% one parameter twice
import warnings
x = torch.ones(2, requires_grad=True)
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    print(torch.optim.SGD([x, x], lr=0.1).state_dict()["param_groups"][0]["params"])

# %% what does not fit first
attempt(lambda: torch.ones(2, 1, dtype=torch.float16).t()[:, ::2].view(torch.float32))
attempt(lambda: torch.ones(2).index_add(0, torch.tensor([5]), torch.ones(1)))
attempt(lambda: torch.ones(2, 2).index_add(0, torch.tensor([5]), torch.ones(1, 2)))
x = torch.arange(3.0)
print(torch.cumsum(x[None], -1, out=x.view(1, 3)))
y = torch.arange(6.0).reshape(2, 3).t().requires_grad_()
print(torch.autograd.grad(x.requires_grad_().sum(), y, materialize_grads=True)[0].stride())

# %% tensors without axes go back
F = torch.nn.functional
for kind in (torch.float32, torch.float16):
    x = torch.tensor(3.0, dtype=kind, requires_grad=True)
    out = F.binary_cross_entropy(x.sigmoid(), torch.tensor(0.75, dtype=kind))
    see(out, torch.autograd.grad(out, x)[0])
x = torch.tensor(3.0, requires_grad=True)
(grad,) = torch.autograd.grad(x.var(correction=0) + x.var(correction=2), x, create_graph=True)
print(grad)

# %% histories of the tangents of differences
import importlib
forward = importlib.import_module(torch.__name__ + ".autograd.forward_ad")
x = torch.ones(2, requires_grad=True)
with forward.dual_level():
    dual = forward.make_dual(x * 1, torch.ones(2, requires_grad=True))
    for out in (dual - 1, dual - dual, dual - x, torch.ones(2) - dual, dual - torch.ones(3, 2, dtype=torch.float64)):
        print(forward.unpack_dual(out).tangent)
