# fmt: off
# ruff: noqa
# In-place operations on tensors that are no views, and stale tensors. (Cells: see observe.py.)

# %% every one
for write in (lambda y: y.add_(1), lambda y: y.sub_(1), lambda y: y.mul_(2), lambda y: y.div_(2),
              lambda y: y.neg_(), lambda y: y.exp_(), lambda y: y.sqrt_(), lambda y: y.relu_(),
              lambda y: y.sigmoid_(), lambda y: y.tanh_(), lambda y: y.clamp_(0.2, 1),
              lambda y: y.fill_(3), lambda y: y.zero_(), lambda y: y.copy_(torch.ones(3)),
              lambda y: y.add_(torch.ones(3)), lambda y: y.mul_(y), lambda y: y.clamp_(min=1),
              lambda y: y.__iadd__(2), lambda y: y.__imul__(2), lambda y: y.__isub__(1)):
    x = torch.tensor(numbers(3, low=0.1), requires_grad=True)
    y = x * 1
    z = write(y)
    see(z is y, y, y._version, y.is_leaf)
    y.backward(torch.tensor(numbers(3)))
    see(x.grad)
    c = torch.tensor(numbers(3, low=0.1))
    see(write(c), c._version)

# %% stale
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x.exp()
y.add_(1)
attempt(lambda: y.sum().backward())
y = x * 2
z = y * y
y.add_(1)
attempt(lambda: z.sum().backward())
y = x * 2
z = y + 1
y.mul_(3)
z.sum().backward()
print(x.grad)
w = torch.tensor([1.0, 2.0], requires_grad=True)
z = (w * x).sum()
with torch.no_grad():
    w -= 0.1
attempt(lambda: z.backward())
y = x.sigmoid()
y.mul_(2)
attempt(lambda: y.sum().backward())
print(y._version, y.grad_fn)
y = x.tanh()
y *= 2
y += 1
attempt(lambda: y.sum().backward())
c = torch.ones(2)
z = x * c
c.zero_()
attempt(lambda: z.sum().backward())
print(x.grad)

# %% leaves
x = torch.ones(2, requires_grad=True)
attempt(lambda: x.add_(1))
attempt(lambda: x.zero_())
attempt(lambda: x.__iadd__(1))
attempt(lambda: x[0].add_(1))
attempt(lambda: x.view(2).mul_(2))
with torch.no_grad():
    x.add_(1)
    x -= 3
    print(x, x._version, x.is_leaf)
x.data.add_(5)
print(x, x._version)
x.detach().add_(5)
print(x, x._version)
c = torch.ones(2)
c.add_(x)
print(c, c.is_leaf, c.requires_grad)
c.sum().backward()
print(x.grad)

# %% shapes and dtypes
x = torch.ones(2)
attempt(lambda: x.add_(torch.ones(3)))
attempt(lambda: x.add_(torch.ones(2, 2)))
attempt(lambda: torch.ones((), dtype=torch.float32).add_(x))
i = torch.tensor([1, 2])
attempt(lambda: i.add_(1.5))
attempt(lambda: i.div_(2))
attempt(lambda: i.mul_(torch.ones(2)))
attempt(lambda: i.exp_())
i += 1
b = torch.tensor([True])
attempt(lambda: b.add_(1))
d = torch.ones(2, dtype=torch.float64)
x += d
print(i, b, x, x.dtype)
x.fill_(2.5)
i.fill_(2)
attempt(lambda: i.fill_(2.5))
print(x, i)
x.copy_(torch.tensor([True, False]))
print(x)
x.copy_(torch.tensor(7))
print(x)

# %% history rewritten
x = torch.tensor([1.0, -2.0], requires_grad=True)
y = x * 2
first = y.grad_fn
y.mul_(x)
print(y.grad_fn, y.grad_fn.next_functions[0][0] is first, y)
y.relu_()
print(y)
y.sum().backward()
print(x.grad)
z = torch.zeros(2)
z += x
z *= 3
z.sum().backward()
print(x.grad, z)
y = x * 2
y.retain_grad()
y.mul_(3)
y.sum().backward()
print(y.grad)

# %% under no_grad the history stays
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x * 2
with torch.no_grad():
    y.mul_(10)
print(y, y._version)
y.sum().backward()
print(x.grad)

# %% the writer of a stale tensor is the first line
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x.exp()
z = y * y
with torch.no_grad():
    y.zero_()
attempt(lambda: z.sum().backward())
attempt(lambda: z.grad_fn._saved_self)

# %% forward over reverse, through what was overwritten
fwd = torch.autograd.forward_ad
x, t = torch.tensor([0.5, 1.5], dtype=torch.float64, requires_grad=True), torch.tensor([1.0, 2.0], dtype=torch.float64)
for f in (lambda x: (x * 1).pow_(3), lambda x: (x * 1).sin_(), lambda x: (x * 1).mul_(x), lambda x: (x * 1).clamp_(0.2, 0.9), lambda x: (x * 1).log_(),
          lambda x: (x * 1).exp_(), lambda x: (x * 1).div_(x * x), lambda x: (x * 1).sigmoid_(), lambda x: (x * 1).addcmul_(x, x), lambda x: (x * 1).sub_(x * x).square_()):
    with fwd.dual_level():
        out = f(fwd.make_dual(x, t))
        (grad,) = torch.autograd.grad(out.sum(), x, create_graph=True)
        moved = fwd.unpack_dual(grad).tangent
        see(fwd.unpack_dual(out).tangent.detach(), moved is None or moved.detach())
