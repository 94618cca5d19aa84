# fmt: off
# ruff: noqa
# Reading with square brackets. (Cells: see tests/engine/observe.py.)

# %% what comes out
x = torch.tensor(numbers(3, 4, 5), requires_grad=True)
for read in (lambda: x[0], lambda: x[-1], lambda: x[0, 1], lambda: x[0, 1, 2], lambda: x[1:],
             lambda: x[:, 1], lambda: x[..., 1], lambda: x[0, ..., 1], lambda: x[::2, 1:3, -2:],
             lambda: x[None], lambda: x[:, None, 1], lambda: x[[0, 2]], lambda: x[[0, 2], [1, 3]],
             lambda: x[x > 0], lambda: x[:, [1, 1]], lambda: x[[0, 2], :, [1, 3]], lambda: x[()],
             lambda: x[torch.tensor(1)], lambda: x[torch.tensor([1, 2])], lambda: x[...],
             lambda: x[torch.tensor([[0, 1], [2, 0]])], lambda: x[0, torch.tensor([1, 3])],
             lambda: x[torch.tensor([True, False, True])], lambda: x[1, [0, 1], [2, 3]],
             lambda: x[:, torch.tensor([True, False, True, False])], lambda: x[np.int64(1)],
             lambda: x[5:], lambda: x[2:1], lambda: x[-100:100], lambda: x[[-1, -2]],
             lambda: x[np.array([0, 1])], lambda: x[:, :, [0, 1]][0], lambda: x[True],
             lambda: x[[[0, 1], [1, 2]]], lambda: x[[0], [1], 2:], lambda: x[0:2, [1, 2], 3]):
    attempt(lambda: see(read()))

# %% gradients of reading
for read in (lambda x: x[[0, 0, 2]], lambda x: x[x > 0], lambda x: x[:, 1:], lambda x: x[1, 2],
             lambda x: x[[0, 0], [1, 1]], lambda x: x[..., 0], lambda x: x[None, 0],
             lambda x: x[torch.tensor([[0, 0], [1, 0]])], lambda x: x[1:][0] * x[0]):
    x = torch.tensor(numbers(3, 4), requires_grad=True)
    y = read(x)
    y.backward(torch.tensor(numbers(*y.shape)))
    see(y, x.grad)

# %% wrong indices
x = torch.ones(3, 4)
for read in (lambda: x[3], lambda: x[-4], lambda: x[0, 4], lambda: x[0, 0, 0], lambda: x[1.5],
             lambda: x["a"], lambda: x[[0, 3]], lambda: x[::-1], lambda: x[::0],
             lambda: x[torch.tensor([5])], lambda: x[torch.tensor([1.0])], lambda: x[..., 0, 0, 0],
             lambda: x[torch.tensor([True, False])], lambda: x[[0, 1], [0, 1, 2]],
             lambda: torch.tensor(1.0)[0], lambda: x[None, None, 3], lambda: x[0, 1.0]):
    attempt(read)

# %% loops over a tensor
x = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
print([row for row in x])
a, b = x
(a * b).sum().backward()
print(x.grad, 3.0 in x, len(x))
attempt(lambda: list(torch.tensor(1.0)))
