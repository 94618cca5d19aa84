# fmt: off
# ruff: noqa
# Products of matrices: what fits, and how they are recorded. (Cells: see tests/engine/observe.py.)

# %% products that do not fit
D = torch.ones(2, 3, dtype=torch.float64, requires_grad=True)
F, H, B, I = torch.ones(2, 3), torch.ones(3).half(), torch.ones(2, 3) > 0, torch.ones(2, 3).long()
V, Q, O = torch.ones(3, dtype=torch.float64), torch.ones(2, 2, 1, dtype=torch.float64), torch.zeros(0, 3)
linear = torch.nn.functional.linear
for action in (
    lambda: torch.inner(D, F), lambda: torch.inner(D, D[:, :2]), lambda: torch.inner(I, I[:, :2]),
    lambda: torch.addmm(Q, V, H), lambda: torch.addmm(D, F, D.t()), lambda: torch.addmm(F, D, D.t()),
    lambda: torch.addmm(D, V, V), lambda: torch.addmm(D, D, D), lambda: torch.addmm(Q, D, D.t()),
    lambda: torch.addmm(B, B, B.t()), lambda: torch.addmm(I, I, I.t(), beta=0.5),
    lambda: torch.einsum("ij,ij->i", B, D), lambda: torch.einsum("ij,kj->ik", F, D),
    lambda: torch.einsum("ii->i", O), lambda: torch.einsum("i,i", V, H),
    lambda: linear(3, D), lambda: linear(D, H, V), lambda: linear(F, D, V), lambda: linear(D, D, F[0, :2]),
    lambda: linear(D, D, torch.ones(3, 2, 2, dtype=torch.float64)), lambda: B.trace(),
    lambda: see(*[norm(V[0]) for norm in (torch.linalg.vector_norm, torch.linalg.matrix_norm)]), lambda: torch.linalg.matrix_norm(I),
    lambda: torch.linalg.matrix_norm(D, dim=(0, -2)), lambda: torch.linalg.matrix_norm(D, dim=(0, 5)), lambda: torch.linalg.matrix_norm(D, dim=(0,)),
    lambda: torch.linalg.matrix_norm(D.half(), 2), lambda: torch.linalg.norm(D, 2, dim=(0, 1, 2)), lambda: torch.linalg.norm(V, "fro"),
):
    attempt(action)
see(torch.einsum("ij,kj->ik", O, F), torch.einsum("ij,jk->ik", torch.zeros(2, 0), torch.zeros(0, 3)))

# %% products of nothing
for a, b in (((2, 3, 0), (0, 4)), ((0, 3, 2), (2, 4)), ((2, 0, 3), (2, 3, 4)), ((2, 3, 0), (2, 0, 4)), ((3, 0), (2, 0, 4)),
             ((2, 2, 3), (3, 0)), ((0, 3, 2), (2,)), ((5, 0, 2, 3), (1, 3, 4))):
    x, y = (torch.ones(n, requires_grad=True) for n in (a, b))
    see(x @ y)
    (x @ y).sum().backward()
    see(x.grad, y.grad)
see(torch.zeros(2, 3, 0) @ torch.zeros(2, 0, 4, dtype=torch.float64), torch.nn.functional.linear(torch.zeros(2, 3, 0), torch.zeros(4, 0), torch.ones(4)))

# %% axes summed over
D, O, T = torch.ones(2, 3, dtype=torch.float64, requires_grad=True), torch.zeros(0, 3), torch.tensor
for a, b, dims in ((D, D, 2), (D, D.t(), 1), (D, D[0], 0), (D, D, ([0], [0])), (D, D, ([0, -1], [0, 1])), (D, D[:1], ([1, 0], [1, 0])),
                   (D, D, T(2)), (D, D, T([[0], [0]])), (O, O, 2), (O, O, ([1], [1])), (D, D, -1), (D, D, 3), (D, D, 1), (D, O, 2),
                   (D, D, ([5], [0])), (D, D, ([0, 1], [0])), (D, D, ([0, -2], [0, 0])), (D, D, ([0, 1], [0, 0])), (D, D, "x"), (D[:1, :1], D[:1, :1], 1), (D[:1], D[:1], ([1], [1]))):
    attempt(lambda: see(torch.tensordot(a, b, dims)))
see(torch.tensordot(D, D.detach(), 1 + 1).grad_fn.name(), torch.autograd.grad(torch.tensordot(D ** 2, D, ([0], [0])).sum(), D))

# %% how products are recorded
def chain(node, depth=5):
    return node and (node.name(), [chain(n, depth - 1) for n, _ in node.next_functions] if depth else 0)
def tensor(*size):
    return torch.tensor(numbers(*size), dtype=torch.float64, requires_grad=True)
D, V, Q = tensor(2, 3), tensor(3), tensor(2, 2, 3)
for out in (torch.inner(V, V), torch.inner(D, V), torch.inner(D, D), torch.inner(Q, D), torch.inner(D[:1], D[1:]),
            torch.inner(D[:, :1], D[:1, :1]), torch.inner(V[:1], V[:1]), torch.tensordot(Q, D.t(), 1), torch.tensordot(D, Q, ([1, 0], [2, 0])),
            torch.einsum("ij,jk", D[:, :1], D), torch.einsum("ij,jk", D[:, :1], D[:1]), torch.einsum("i,j,ij->", V[:2], V, D)):
    see(out, chain(out.grad_fn), out._is_view())
for input in (Q, Q.transpose(0, 1), Q[:, :1], V, D):
    for bias in (V[:2], V.detach()[:2], torch.ones(1, dtype=torch.float64)):
        out = torch.nn.functional.linear(input, D, bias)
        see(out, chain(out.grad_fn), out._is_view())
for a, b in (((2, 2, 3), (1, 3, 4)), ((1, 2, 3), (2, 3, 4)), ((1, 2, 3), (1, 3, 4)), ((2, 1, 3), (1, 3, 4)),
             ((2, 5, 2, 3), (1, 1, 3, 4)), ((1, 2, 2), (2, 2, 1))):
    left, right = tensor(*a), tensor(*b)
    for x, y in ((left, right), (left, right.detach()), (left.detach(), right)):
        see(x @ y, chain((x @ y).grad_fn), (x @ y)._is_view())

# %% products with something added: shapes, dtypes and factors that do not fit
n, s, v = torch.ones(3, 5), torch.ones(2, 3, 4), torch.ones(4)
for stack, other in ((s, torch.ones(2, 4, 5)), (s, torch.ones(2, 3, 5)), (s, torch.ones(3, 4, 5)), (s[0], torch.ones(2, 4, 5)), (s, torch.ones(4, 5)), (s.double(), torch.ones(2, 4, 5))):
    for added in (n, torch.ones(5), torch.ones(2, 3, 5), torch.ones(4, 5), n.double()):
        attempt(lambda: print(torch.addbmm(added, stack, other).shape))
        attempt(lambda: print(torch.baddbmm(added, stack, other).shape))
for added, matrix, vector in ((v[:3], s[0], v), (v[:1], s[0], v), (v[0], s[0], v), (v[:2], s[0], v), (v[:3], s[0], v[:3]), (v[:3], v, s[0]), (v[:3], s[0].double(), v), (n, s[0], v)):
    attempt(lambda: print(torch.addmv(added, matrix, vector)))
for added, one, other in ((n[:, :4], v[:3], v), (v, v[:3], v), (v[0], v[:3], v), (n, v[:3], v), (v, n, v), (v, v, n), (v.double(), v[:3], v), (v.long(), v.long(), v.long()), (v > 0, v > 0, v > 0)):
    for factors in ({}, {"beta": 1.5}, {"alpha": 0.5}, {"beta": 0, "alpha": True}):
        attempt(lambda: print(torch.addr(added, one, other, **factors)))
whole = (torch.arange(4).view(2, 2), torch.arange(1, 5).view(2, 2), torch.arange(2, 6).view(2, 2))
print(torch.addmm(*whole, alpha=2.5), torch.addmm(*whole, beta=1.5), torch.addmm(torch.tensor(float("nan")), torch.ones(1, 2), torch.ones(2, 1), beta=0))

# %% products with something added: what they save, and in place
shapes = {"addbmm_": ((2, 3), (2, 2, 1), (2, 1, 3)), "baddbmm_": ((2, 2, 3), (2, 2, 1), (2, 1, 3)), "addmv_": ((2,), (2, 3), (3,)), "addr_": ((2, 3), (2,), (3,))}
for name, sizes in shapes.items():
    given = [torch.ones(size, requires_grad=True) for size in sizes]
    out = getattr(given[0].clone(), name)(*given[1:], beta=3, alpha=2)
    node = out.grad_fn
    print(node.name(), [(saved, getattr(node, saved)) for saved in sorted(dir(node)) if saved.startswith("_saved")])
    grads = torch.autograd.grad(out.sum(), given, create_graph=True)
    print([grad.grad_fn and grad.grad_fn.name() for grad in grads])
    see(*grads)

# %% tangents that have a history because a factor has one
fw = torch.autograd.forward_ad
with fw.dual_level():
    x, w = torch.ones(2, 2), torch.full((2, 2), 0.5, requires_grad=True)
    for p, q, r in ((x, w, fw.make_dual(x, x)), (fw.make_dual(x, x), x, w), (x, fw.make_dual(w, x), x), (fw.make_dual(w, x), x, x), (x, x, fw.make_dual(w, x))):
        for out in (torch.addmm(r, p, q), torch.nn.functional.linear(p, q, r[0]), torch.baddbmm(r, p[None], q[None]), torch.addmv(r[0], p, q[0]), torch.addr(r, p[0], q[0]), torch.lerp(p, q, r),
                    torch.addbmm(r, p[None], q[None], beta=2, alpha=3)):
            t = fw.unpack_dual(out).tangent
            see(t)
            print(t is not None and t.requires_grad)

# %% cross products, and repeats of a known number
x = torch.arange(6.0).reshape(2, 3).requires_grad_()
y = torch.tensor([[1.0, -2.0, 0.5], [2.0, 1.0, 3.0]], requires_grad=True)
i = torch.tensor([1, 2])
def look(out):
    see(out)
    print(out.grad_fn and [getattr(out.grad_fn, n) for n in dir(out.grad_fn) if n.startswith("_saved")], out.stride())
for call in (lambda: torch.cross(x, y), lambda: torch.cross(x, y, dim=1), lambda: torch.linalg.cross(x, y), lambda: torch.linalg.cross(x, y, dim=0), lambda: x.cross(y, 1), lambda: torch.linalg.cross(x, y[0]), lambda: torch.linalg.cross(x, torch.ones(4, 3)),
             lambda: torch.cross(x.t(), y.t()), lambda: torch.linalg.cross(x.t(), y.t()), lambda: torch.linalg.cross(x, y.double()), lambda: torch.linalg.cross(x.int(), y.int()), lambda: torch.linalg.cross(x, 2), lambda: torch.cross(torch.ones(2), torch.ones(2)),
             lambda: torch.linalg.cross(x, y, dim=2), lambda: torch.linalg.cross(x.t(), y.t(), dim=-2), lambda: torch.repeat_interleave(x, i, dim=0, output_size=3), lambda: torch.repeat_interleave(x, i, dim=0, output_size=4), lambda: torch.repeat_interleave(i),
             lambda: torch.repeat_interleave(i, output_size=3), lambda: x.repeat_interleave(2, dim=1, output_size=6), lambda: x.repeat_interleave(2, dim=1, output_size=5), lambda: torch.repeat_interleave(torch.tensor([2, 0, 1]), output_size=5)):
    attempt(lambda: look(call()))

# %% repeats of a tensor without axes
e = torch.tensor(2.0, requires_grad=True)
for call in (lambda: e.repeat_interleave(2), lambda: e.repeat_interleave(2, 0), lambda: e.repeat_interleave(2, dim=-1), lambda: e.repeat_interleave(torch.tensor([2])), lambda: torch.repeat_interleave(torch.tensor(3)), lambda: e.repeat_interleave(2, output_size=2)):
    attempt(lambda: see(call()))
