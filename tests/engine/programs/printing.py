# fmt: off
# ruff: noqa
# How tensors print. (Cells: see tests/engine/observe.py.)

# %% floats
for values in ([1.0, 2.0], [1.5, 2.0], [0.0], [0.0, 0.0], [-1.0, 1.0], [-0.0], [1e-5, 1.0],
               [1e-4], [1e-5], [9.99999e-5], [99999.0], [100000.0, 0.5], [1e8], [1.1e8], [1e8 + 1],
               [123456.789], [0.1, 1000.0], [0.1, 100.01], [1.0, 1001.0], [1.5, 1501.0],
               [3.0, 1e9], [-1e-7, 2], [1e10], [1e38, 1e-38], [0.00012345, 0.1], [27.0] * 3,
               [1 / 3, 2 / 3], [99999.5], [9999999.0], [16777216.0], [12345678.0, 1.0]):
    print(torch.tensor(values))
    print(torch.tensor(values, dtype=torch.float64))

# %% nan and infinity
nan, inf = float("nan"), float("inf")
for values in ([nan], [inf], [-inf], [nan, 1.0], [inf, 1.5], [nan, inf, -inf], [nan, 1e-6],
               [inf, 1e10, 0.1], [nan, 0.0], [1.0, -inf], [-1.5, nan, 20.25]):
    print(torch.tensor(values))
    print(torch.tensor(values).reshape(-1, 1))

# %% scalars
for value in (0.0, 1.0, -1.0, 0.5, 1e-5, 1e9, 123456.0, 1e-40, float("nan"), float("inf"),
              -float("inf"), 3, -7, True, False, 29824080.0, 4.5, 1e8, 100000000.0, 0.1 + 0.2):
    print(torch.tensor(value))
    print(repr(torch.tensor(value)), str(torch.tensor(value, dtype=torch.float64)))

# %% integers and truth values
print(torch.tensor([1, -2, 300]))
print(torch.tensor([[1, 2], [30, 4]], dtype=torch.int32))
print(torch.tensor([True, False]))
print(torch.tensor([[True], [False]]))
print(torch.tensor([0, 10 ** 12]))
print(torch.tensor(5, dtype=torch.int32))
print(torch.tensor([1, 2]).to(torch.float16), torch.tensor([0.5, 1e-3]).to(torch.float16))
print(torch.arange(40))
print(torch.arange(2000))
print(torch.arange(2000) % 2 == 0 if False else torch.arange(1200) > 600)

# %% empty
print(torch.tensor([]))
print(torch.zeros(0))
print(torch.zeros(0, 3))
print(torch.zeros(2, 0, dtype=torch.float64))
print(torch.zeros(0, dtype=torch.int64))
print(torch.zeros(0, 2, dtype=torch.int32))
print(torch.zeros(0, requires_grad=True))
print(torch.zeros(3, 0, requires_grad=True) * 2)
print(torch.zeros(0, dtype=torch.bool))

# %% shapes
for shape in ((1,), (3,), (7,), (20,), (21,), (2, 2), (1, 1), (3, 1), (1, 3), (2, 3, 4), (1, 1, 1),
              (2, 1, 2, 2), (2, 2, 2, 2), (12, 3), (2, 30), (1, 1, 1, 1, 2)):
    x = torch.tensor(numbers(*shape))
    print(x)
    print(x * 100)
    print((x > 0))
    print((x * 1000).long())

# %% large, the middle left out
for shape in ((1000,), (1001,), (5000,), (100, 10), (100, 11), (10, 101), (2, 600), (600, 2),
              (7, 7, 30), (6, 6, 40), (3, 3, 200), (20, 8, 9), (5, 5, 5, 5, 5)):
    x = torch.tensor(numbers(*shape))
    print(x)
    print((x * 1000).long())
print(torch.ones(40, 40) * 1e-5)
x = torch.zeros(2000)
print(x)
print(torch.arange(1001.0))
print(torch.arange(10001.0))
print(torch.arange(10001.0) * 1e4)

# %% suffixes
x = torch.ones(2, 2, requires_grad=True)
print(x)
print(x * 3)
print(x.double())
print(torch.ones(2, dtype=torch.float64, requires_grad=True))
print(torch.ones(1, dtype=torch.float16, requires_grad=True))
print(x.sum())
print(x.mean() * 1.23456789)
print(x.detach())
print(x.data)
print(x[0], x[0, 1], x[:, 1:])
print(x.view(4), x.t(), x.unsqueeze(0), x.squeeze(), x.expand(2, 2, 2))
print((x * 2.25).sqrt())
print((x > 0))
with torch.no_grad():
    print(x * 2)

# %% suffixes on long lines
for n in range(1, 17):
    x = torch.ones(n, requires_grad=True)
    print(x * 0.5)
    print(x)
    print(x.double() * 0.25)
    print(torch.ones(n, 12, requires_grad=True).sum(0))
print(torch.ones(1500, requires_grad=True) * 1.5)
print(torch.ones(1500, dtype=torch.float64, requires_grad=True))

# %% scientific, side by side
print(torch.tensor([1e-6, 123456.0]))
print(torch.tensor([[1e-6, 123456.0], [-1.0, 0.0]]))
print(torch.tensor([1e-6, float("nan"), float("inf")]))
print(torch.tensor([1e-6] * 12))
print(torch.tensor([-1e-6] * 12, requires_grad=True))
print(torch.tensor(numbers(3, 3)) * 1e12)
print(torch.tensor([2.0 ** k for k in range(-12, 12)]))

# %% containers and format
x = torch.tensor([1.5, 2.5])
print([x, x], (x,), {"a": x})
print(f"{x}", f"{x.sum()}", f"{x.sum():.2f}", f"{x.sum().item():.3f}")
print(torch.Size([2, 3]), x.shape, torch.ones(()).shape, repr(x.shape))
print(x.dtype, torch.float64, torch.long, torch.half, torch.bool)
print(x.tolist(), x.sum().item(), torch.tensor([[1, 2]]).tolist(), torch.tensor(True).item())
print(len(x), x.size(), x.size(0), x.dim(), x.numel(), x.ndim)
print(x.type(), torch.tensor([1]).type(), torch.tensor([True]).type(), x.double().type())

# %% how it prints, as set by the reader
x, n = torch.arange(40.0).reshape(4, 10) / 7, torch.arange(30)
for options in ({"precision": 2}, {"sci_mode": True}, {"sci_mode": False}, {"threshold": 5}, {"threshold": 5, "edgeitems": 1}, {"threshold": 5, "edgeitems": 0}, {"linewidth": 40}, {"profile": "short"},
                {"profile": "full"}, {"profile": "short", "precision": 1}, {"precision": 10}, {"profile": "foo"}, {}):
    torch.set_printoptions(**options)
    print(x, n, x * 1e6, torch.tensor([1.5]), torch.tensor(0.1, requires_grad=True) * 2)
    torch.set_printoptions(profile="default")
attempt(lambda: torch.set_printoptions(foo=3))
print(torch.pi, torch.e, torch.inf, torch.nan, torch.newaxis, x[torch.newaxis].shape)
print(torch.logspace(0, 4, 5), torch.logspace(0, 2, 3, base=2), torch.logspace(0.1, 1.0, 4, dtype=torch.float64), torch.logspace(0, 2, 3, dtype=torch.int64), torch.logspace(0, 1, 0), torch.logspace(2, 1, 1))
for wrong in (lambda: torch.logspace(0, 1, -1), lambda: torch.logspace(0, 1), lambda: torch.logspace("a", 1, 2), lambda: torch.logspace(0, 1, 3, base="x"), lambda: torch.logspace(0, 1, 3, dtype=torch.bool)):
    attempt(wrong)
