# fmt: off
# ruff: noqa
# Which dtype comes out of two. (Cells: see tests/engine/observe.py.)

# %% tensors with tensors
kinds = (torch.float16, torch.float32, torch.float64, torch.int32, torch.int64, torch.bool)
for a in kinds:
    for b in kinds:
        for x in (torch.ones(2, dtype=a), torch.ones((), dtype=a)):
            for y in (torch.ones(2, dtype=b), torch.ones((), dtype=b)):
                print(a, x.dim(), b, y.dim(), (x + y).dtype, (x * y).dtype, (x / y).dtype,
                      (x == y).dtype, torch.maximum(x, y).dtype)

# %% tensors with numbers
kinds = (torch.float16, torch.float32, torch.float64, torch.int32, torch.int64, torch.bool)
for a in kinds:
    for number in (True, 2, 2.5):
        for x in (torch.ones(2, dtype=a), torch.ones((), dtype=a)):
            print(a, x.dim(), number, (x + number).dtype, (number * x).dtype, (x / number).dtype,
                  (x > number).dtype, (number / x).dtype)
            attempt(lambda: print((x ** number).dtype))
            attempt(lambda: print((number ** x).dtype))
            attempt(lambda: print(torch.where(x > 0, x, number).dtype, x.clamp(max=number).dtype))

# %% functions of integers
for x in (torch.tensor([1, 2]), torch.tensor([1, 2], dtype=torch.int32), torch.tensor([True])):
    for f in ("exp", "log", "sqrt", "sigmoid", "tanh", "sum", "mean", "abs", "neg", "sign", "relu",
              "reciprocal", "clone", "double", "float", "long"):
        attempt(lambda: see(f, getattr(x, f)()))

# %% the default dtype
print(torch.get_default_dtype())
torch.set_default_dtype(torch.float64)
print(torch.ones(2), torch.tensor(1.5), torch.tensor([1.0]).dtype, torch.tensor([1, 2]) / 2)
print(torch.tensor([1.0], dtype=torch.float32), torch.ones(1).float() + 1.5)
torch.set_default_dtype(torch.float32)
attempt(lambda: torch.set_default_dtype(torch.int64))

# %% making tensors
for data in (1, 1.5, True, [1, 2.5], [True, 2], [True, 2.5], [[1, 2], [3, 4]], (1.0, 2.0), [],
             [[]], np.array([1.5]), np.array([1, 2]), np.float32(2), np.int64(3), [np.float64(1)],
             [[1.5], [True]], 1e40, 2 ** 40):
    see(torch.tensor(data), torch.tensor(data, dtype=torch.float64))
see(torch.full((2,), 3), torch.full((2,), 1.5), torch.full((2,), True), torch.full((), 2))
see(torch.arange(5), torch.arange(1, 2, 0.25), torch.arange(5.0), torch.arange(2, 8, 3))
see(torch.eye(2), torch.eye(2, 3), torch.ones_like(torch.tensor([1, 2])), torch.zeros((2, 3)))
see(torch.zeros(2, 3, dtype=torch.int64), torch.ones([2]), torch.zeros(torch.Size([2])))
print(torch.rand(2, 3).shape, torch.randn(4).dtype, torch.rand_like(torch.ones(2)).shape)

# %% refused
for make in (lambda: torch.tensor([[1, 2], [3]]), lambda: torch.tensor(None), lambda: torch.tensor("a"),
             lambda: torch.tensor([1, "a"]), lambda: torch.tensor([[1], 2]), lambda: torch.ones(-1),
             lambda: torch.tensor([1, [2]]), lambda: torch.tensor({}), lambda: torch.ones(1.5)):
    attempt(make)

# %% a bool of NumPy is a fraction
yes = np.bool_(True)
x = torch.arange(3)
print(x + yes, yes * x, x.float() - yes, torch.full((2,), yes), torch.result_type(x, yes))
attempt(lambda: x.mul_(yes))

# %% gradients beside numbers of NumPy
for number in (np.float64(0.25), np.float32(0.5), np.int64(2), np.sqrt(2.0)):
    for kind in (torch.float32, torch.float16):
        x = torch.tensor([1.0, 4.0], dtype=kind, requires_grad=True)
        for out in (x * number, number * x, x / number, number / x, x ** number, x - number):
            (grad,) = torch.autograd.grad(out.sum(), x)
            print(out.dtype, grad.dtype)
print(torch.arange(3) ** np.float32(0.5))
