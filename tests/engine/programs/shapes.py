# fmt: off
# ruff: noqa
# Shapes: how copies are laid out, and what shapes refuse. (Cells: see tests/engine/observe.py.)

# %% copies lie as what they were copied from
a = torch.arange(6.0).reshape(2, 3)
for of in (a.t(), a.expand(2, 2, 3), a.t().expand(2, 3, 2), torch.ones(2, 1, 3).expand(2, 4, 3), torch.ones(2, 1, 3).transpose(0, 2).expand(3, 4, 2),
           torch.ones(3, 1).expand(3, 4), torch.ones(4, 1).t().expand(3, 4), torch.ones(4, 3, 5).permute(2, 0, 1)[::2], a[:, ::2]):
    see(of.clone().stride(), of.double().stride(), torch.ones_like(of).stride(), torch.full_like(of, 2).stride(), of.flip(0).stride(), of.repeat(*of.shape).stride())
    see(of.double().view(-1).shape if of.double().is_contiguous() else None)

# %% shapes that are refused
e, a, i, o = torch.tensor(2.0, requires_grad=True), torch.arange(6.0).reshape(2, 3), torch.tensor([1, 2, 3]), torch.zeros(0, 3)
for wrong in (lambda: e.expand(2, -1, 3), lambda: a.expand(-1, 2, 3), lambda: a.expand(-2, 2, 3), lambda: a.expand(2, -1, 2), lambda: torch.meshgrid(a.flatten(), i),
              lambda: torch.meshgrid(), lambda: torch.meshgrid(i, indexing="xx"), lambda: e.tensor_split(2), lambda: a.tensor_split(0), lambda: a.tensor_split(-1),
              lambda: e[torch.tensor(0)], lambda: e["a"], lambda: e[np.int64(0)], lambda: e[::-1], lambda: e[1:], lambda: e.mv(i), lambda: o.amax(-2), lambda: o.amax((-1, 0)),
              lambda: o.aminmax(dim=-2), lambda: (i > 0).topk(9), lambda: a[0].adjoint(), lambda: a[0].mH, lambda: e.index_add(-1, torch.tensor([0, 1, 0]), e),
              lambda: a.index_add(1, torch.tensor([0, 1, 0]), a[0]), lambda: a[0].index_copy(0, torch.tensor([0, 1]), e), lambda: a.scatter_add(2, i, i),
              lambda: torch.einsum("...j,...j->...", torch.ones(2, 5, 3), torch.ones(4, 3)), lambda: torch.einsum("...j,...j->...", e, e),
              lambda: torch.linspace(0, 3, 4, dtype=torch.bool), lambda: i.exponential_(), lambda: torch.add(a, a, alpha=True), lambda: torch.sub(i, i, alpha=False),
              lambda: torch.autograd.Variable(i, requires_grad=True), lambda: i.masked_scatter(o, i)):
    attempt(wrong)
see(torch.atleast_2d(e), torch.atleast_3d(e), torch.atleast_3d(a), torch.atleast_3d([i, e]), torch.dstack([e, e]), torch.dstack([a, a]), torch.column_stack([i, a.t()]))
see(a.mH, a.adjoint(), e.mT, torch.linspace(-1, 1, 23, dtype=torch.float64)[11])

# %% a leaf is refused before its axes
d = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
for wrong in (lambda: d.transpose_(-3, -4), lambda: d.squeeze_(5), lambda: d.unsqueeze_(7), lambda: d.swapaxes_(0, 5), lambda: d.as_strided_((9,), (1,))):
    attempt(wrong)

# %% places that lie in the memory they write to
i = torch.tensor([1, 2, 0])
def put(): i[i] = 3
def shifted(): i[i - 1] = i
for write in (put, shifted, lambda: i.index_put_((i,), i), lambda: i.__ixor__(d.double())):
    attempt(write)
see(i, i._version)

# %% a cotangent that goes through unchanged is the tensor that was given
a, b, q = (torch.tensor([1.0, 2.0], requires_grad=True) for _ in range(3))
for out in (q, a + b, a.view(2), a * 1, [a, a]):
    found = torch.autograd.grad(out, q if out is q else a, [q, q] if isinstance(out, list) else q)[0]
    see(found, found is q, found._is_view())
found = torch.autograd.grad(a.sum(), a)[0]
see(found._is_view(), torch.ones(3, requires_grad=True).expand(2, 3).grad_fn(torch.ones(2, 3)))

# %% sums that undo broadcasting
x = torch.arange(6.0).view(2, 3).requires_grad_()
for size in ((1, 3), ((1, 3),), (3,), ((),), (2, 1), (2, 3), (1,), (1, 1, 3), (2, 2), (5,), (-1, 3), (0,)):
    try:
        y = x.sum_to_size(*size); print(y, y is x, y.grad_fn and y.grad_fn.next_functions, torch.autograd.grad(y, x, torch.full_like(y, 2.0)))
    except RuntimeError as error:
        print(error)
print(torch.ones(2, dtype=torch.int64).sum_to_size(1), torch.tensor([True, True]).sum_to_size(1), torch.ones(0, 3).sum_to_size(3), x.sum_to_size(size=(1, 3)))
for f in (lambda: x.sum_to_size("a"), lambda: x.sum_to_size(1.5), lambda: x.sum_to_size()):
    try:
        f()
    except TypeError as error:
        print(error)
