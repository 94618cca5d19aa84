# fmt: off
# ruff: noqa
# Functions that are a second name, or that answer with a Python value. (Cells: see observe.py.)

# %% second names
x = torch.tensor(numbers(2, 3), requires_grad=True)
y = torch.tensor(numbers(2, 3))
for f in (lambda: torch.clip(x, -1, 1), lambda: torch.fix(x), lambda: torch.true_divide(x, y),
          lambda: torch.acosh(x * x + 1.5), lambda: x.clip(max=0)):
    see(f())

# %% truth values
a = torch.tensor([True, True, False])
b = torch.tensor([True, False, False])
i = torch.tensor([1, 2, 5])
for f in (torch.logical_and, torch.logical_or, torch.logical_xor, torch.bitwise_and,
          torch.bitwise_or, torch.bitwise_xor):
    see(f(a, b), f(i > 1, i > 2), f(i, 3 * i))
see(torch.logical_not(a), torch.bitwise_not(i))
see(torch.bitwise_left_shift(i, 1), torch.bitwise_right_shift(i, 1))

# %% answers
x = torch.tensor([1.0, 2.0, float("nan")])
y = torch.tensor([1.0, 2.0 + 1e-7, float("nan")])
print(torch.equal(x, x), torch.equal(x[:2], x[:2].clone()), torch.equal(x, x[:2]))
print(torch.allclose(x, y), torch.allclose(x, y, equal_nan=True), torch.allclose(x[:2], y[:2]))
print(torch.isclose(x, y), torch.isclose(x, y, equal_nan=True), torch.isclose(x, y + 1, atol=2))
print(torch.is_nonzero(torch.tensor(0.0)), torch.is_nonzero(torch.tensor([3])))
attempt(lambda: torch.is_nonzero(x))

# %% an array and its tensor share the memory, not the shape
import numpy as np
x = torch.ones(2, 3)
a = x.numpy()
a.shape = (3, 2)
a[0, 1] = 7
print(x.shape, x, x.numpy() is x.numpy(), a.base is None)
b = np.ones((2, 3), np.float32)
for made in (torch.from_numpy(b), torch.as_tensor(b), torch.asarray(b)):
    b.shape = (6,)
    b[0] += 1
    print(made.shape, made)
    b.shape = (2, 3)
c = np.asarray(x)
c.shape = (6,)
c.setflags(write=False)
x.add_(1)
see(x, x.numpy().flags.writeable)
