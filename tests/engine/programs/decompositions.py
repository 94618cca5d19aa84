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

# %% systems of equations: memory, what is saved, vectors and stacks
L = torch.linalg
A = torch.tensor(numbers(2, 3, 3), dtype=torch.float64, requires_grad=True)
B = torch.tensor(numbers(2, 3, 2), dtype=torch.float64, requires_grad=True)
for out in (L.solve(A, B), L.solve(A, B[..., 0]), L.solve(A, B[0]), L.solve(A[0], B[0, :, 0]), L.solve(A, B.mT, left=False)):
    print(out, out.stride())
    node = out.grad_fn
    see(node._saved_A, node._saved_LU, node._saved_pivots, node._saved_result)
    print(node._saved_left, node._saved_LU.stride(), node._saved_pivots.dtype)
for out in (L.det(A), L.det(A.mT), L.slogdet(A)[1], L.slogdet(A).sign):
    see(out, out.grad_fn._saved_LU, out.grad_fn._saved_pivots)
print(L.slogdet(A), torch.slogdet(A), L.inv(A).stride(), L.inv(A).grad_fn._saved_inverse.grad_fn.name())
print(torch.autograd.grad(L.slogdet(A)[0].sum(), A, allow_unused=True))
print(L.det(torch.tensor([[2.0, 0.0], [0.0, 3.0]])), torch.logdet(torch.tensor([[-1.0]])), torch.zeros(2, 2).logdet())
g = torch.autograd.grad(L.det(A).sum(), A, create_graph=True)[0].grad_fn
print(g.name())
P = A @ A.mT + torch.eye(3)
for out in (L.cholesky(P), L.cholesky(P, upper=True), L.eigh(P).eigenvectors.abs(), L.eigh(P), L.eigvalsh(P)):
    print(out)
print(L.cholesky(P).grad_fn._saved_L.stride(), L.cholesky(P).grad_fn._saved_upper, L.eigh(P)[1].stride(), L.eigvalsh(P).grad_fn._saved_eigenvalues.shape)
for out, f in ((torch.empty(3), lambda out: L.solve(torch.eye(3), torch.ones(3), out=out)), (torch.empty(3, 3), lambda out: L.inv(torch.eye(3), out=out)),
               (torch.empty(()), lambda out: L.det(torch.eye(3), out=out)), (torch.empty(3, 3), lambda out: L.cholesky(torch.eye(3), out=out))):
    print(f(out) is out, out)

# %% systems of equations: singular matrices
L = torch.linalg
S = torch.zeros(2, 2, dtype=torch.float64, requires_grad=True)
R = torch.tensor([[1.0, 2.0], [2.0, 4.0]], dtype=torch.float64)
I = torch.eye(2, dtype=torch.float64)
print(L.LinAlgError, issubclass(L.LinAlgError, RuntimeError))
for A in (S, R, torch.stack([I, S]), torch.stack([I, I, R])):
    attempt(lambda: L.solve(A, torch.ones(2, 1, dtype=torch.float64)))
    attempt(lambda: L.inv(A))
    attempt(lambda: torch.inverse(A))
print([value.abs() for value in torch.autograd.grad(L.det(S), S)], L.slogdet(R), R.logdet())
for A in (-torch.eye(2), torch.stack([torch.eye(2), -torch.eye(2)]), torch.tensor([[1.0, 0, 0], [0, 2, 0], [0, 0, -1]])):
    attempt(lambda: L.cholesky(A))

# %% systems of equations: what is refused
L = torch.linalg
x = torch.tensor(numbers(3, 3), requires_grad=True)
for f in (L.inv, L.det, L.slogdet, L.cholesky, L.eigh, L.eigvalsh, torch.logdet, torch.inverse, torch.det, torch.slogdet, lambda x: L.solve(x, x)):
    for given in (x[0], x[:2], x.long(), x.half(), x > 0, x[0, 0], 3, None):
        attempt(lambda: f(given))
for f in (L.inv, L.det, L.slogdet, L.cholesky, L.eigh, torch.logdet, torch.inverse, L.solve):
    attempt(lambda: f())
    attempt(lambda: f(x, 2, 3))
    attempt(lambda: f(x, blah=3))
for right in (x[:2], x[0, :2], x[0].double(), x[0].long(), x[0, 0]):
    attempt(lambda: L.solve(x, right))
attempt(lambda: L.solve(x, x[0], left=False))
attempt(lambda: L.eigh(x, "X"))
attempt(lambda: L.eigh(x, UPLO=3))
