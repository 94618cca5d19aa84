# fmt: off
# ruff: noqa
# QR and triangular systems. (Cells: see tests/engine/observe.py.)

# %% QR: what comes out, how it lies in memory, what is saved
x = torch.tensor(numbers(3, 2), requires_grad=True)
for mode in ("reduced", "complete", "r"):
    found = torch.linalg.qr(x, mode)
    print(found)
    print([value.stride() for value in found])
    node = found.R.grad_fn
    see(node._saved_Q, node._saved_R)
    print(node._saved_mode, node.next_functions[0][1])
print(torch.qr(x).Q.shape, x.qr(False), x.qr().R.grad_fn is None)
batch = torch.linalg.qr(torch.tensor(numbers(2, 4, 3)))
print(batch.Q.stride(), batch.R.stride(), torch.linalg.qr(A=x, mode="r")[1].shape)
for size, mode in (((0, 3), "reduced"), ((3, 0), "reduced"), ((3, 0), "complete")):
    print(torch.linalg.qr(torch.zeros(size), mode))

# %% QR: what is refused, and what has no derivative
for values in ([1.0], [[1]], 2.0, [[True]]):
    attempt(lambda: torch.linalg.qr(torch.tensor(values)))
    attempt(lambda: torch.qr(torch.tensor(values)))
x = torch.tensor(numbers(3, 2), requires_grad=True)
attempt(lambda: torch.linalg.qr(x.half()))
attempt(lambda: torch.linalg.svd(x.half()))
attempt(lambda: torch.linalg.svdvals(x.half()))
attempt(lambda: torch.linalg.solve_triangular(x[0], x[0], upper=True))
attempt(lambda: torch.linalg.solve_triangular(x[:2, :2], x[0], upper=True))
attempt(lambda: torch.linalg.qr(x, "x"))
attempt(lambda: torch.linalg.qr(x, mode=1))
attempt(lambda: torch.linalg.qr(x, "complete").R.sum().backward())
attempt(lambda: torch.linalg.qr(x, "r").R.sum().backward())
attempt(lambda: torch.linalg.qr(x.t(), "r").R.sum().backward())
forward_ad = torch.autograd.forward_ad
with forward_ad.dual_level():
    dual = forward_ad.make_dual(x, torch.ones(3, 2))
    attempt(lambda: torch.linalg.qr(dual, "complete"))
    attempt(lambda: torch.linalg.qr(dual, "r"))

# %% QR of more columns than rows: gradients of Q alone, of R alone
for pick in ("Q", "R"):
    for mode in ("reduced", "complete"):
        x = torch.tensor(numbers(2, 4), dtype=torch.float64, requires_grad=True)
        derivatives(getattr(torch.linalg.qr(x, mode), pick), x)

# %% solve_triangular: memory, what is saved, singular matrices
a = torch.tensor(numbers(2, 3, 3), requires_grad=True)
b = torch.tensor(numbers(3, 2), requires_grad=True)
solve = torch.linalg.solve_triangular
x = solve(a, b, upper=True)
node = x.grad_fn
print(x.stride(), node._saved_left, node._saved_upper, node._saved_unitriangular)
see(x, node._saved_self, node._saved_result)
print(solve(a, a.detach()[:, :2], upper=False, left=False).stride())
print(solve(torch.zeros(2, 2), torch.ones(2, 3), upper=True))
print(solve(torch.ones(2, 0, 0), torch.ones(2, 0, 3), upper=True))

# %% solve_triangular: what is refused
solve = torch.linalg.solve_triangular
one = torch.ones
attempt(lambda: solve(one(2, 2), one(2), upper=True))
attempt(lambda: solve(one(2), one(2, 2), upper=True))
attempt(lambda: solve(one(2, 3), one(2, 2), upper=True))
attempt(lambda: solve(one(2, 2), one(3, 2), upper=True))
attempt(lambda: solve(one(2, 2), one(2, 3), upper=True, left=False))
attempt(lambda: solve(one(2, 2).long(), one(2, 3), upper=True))
attempt(lambda: solve(one(2, 2), one(2, 3)))
attempt(lambda: solve(one(2, 2).half(), one(2, 3).half(), upper=True))
attempt(lambda: solve(one(2, 2), 3, upper=True))
out = torch.empty(2, 2)
print(solve(one(2, 2), one(2, 2), upper=True, out=out) is out, out)
