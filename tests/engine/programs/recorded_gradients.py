# fmt: off
# ruff: noqa
# The nodes of gradients that are themselves recorded. (Cells: see tests/engine/observe.py.)

# %% what a recorded gradient comes from
x = torch.tensor(numbers(2, 3, low=0.25, high=2), dtype=torch.float64, requires_grad=True)
y = torch.tensor(numbers(2, 3, low=0.25, high=2), dtype=torch.float64)
i, m = torch.tensor([[0, 1, 1], [1, 0, 1]]), torch.tensor([[True, False, True], [False, False, True]])
F = torch.nn.functional
for f in (
    lambda: x * 2, lambda: x / 2, lambda: x ** 2, lambda: x ** 3, lambda: 1 - x, lambda: x.exp2(), lambda: x.tanh(),
    lambda: x.sigmoid(), lambda: x.lerp(y, 0.3), lambda: torch.add(y, x, alpha=2), lambda: torch.sub(y, x, alpha=2),
    lambda: torch.maximum(x, y), lambda: torch.fmin(x, y), lambda: torch.hypot(x, y), lambda: x.nan_to_num(),
    lambda: x.masked_fill(m, 1), lambda: F.gelu(x), lambda: F.gelu(x, approximate="tanh"), lambda: F.elu(x - 1),
    lambda: F.leaky_relu(x - 1, 0.1), lambda: F.softplus(x), lambda: F.hardtanh(x - 1), lambda: F.logsigmoid(x),
    lambda: x.mean(), lambda: x.mean(0), lambda: x.max(), lambda: x.max(0)[0], lambda: x.min(1, True)[0],
    lambda: x.median(), lambda: x.cumsum(0), lambda: x.nansum(), lambda: x.softmax(0), lambda: x.log_softmax(1),
    lambda: x.sort(0)[0], lambda: x.topk(1)[0], lambda: x[0], lambda: x[1:], lambda: x[:, 1], lambda: x[m],
    lambda: x[[0, 0]], lambda: x.narrow(0, 0, 1), lambda: x.diagonal(), lambda: x.unfold(0, 2, 1), lambda: torch.cat([x, y]),
    lambda: x.gather(0, i), lambda: x.index_select(0, i[0]), lambda: x.masked_select(m), lambda: x.scatter(0, i, y),
    lambda: y.scatter(0, i, x), lambda: y.scatter_add(0, i, x), lambda: x.diag(), lambda: F.mse_loss(x, y),
    lambda: F.mse_loss(x, y, reduction="none"), lambda: F.smooth_l1_loss(x, y), lambda: F.huber_loss(x, y),
    lambda: F.cross_entropy(x, i[0, :2]), lambda: F.embedding(i, x),
    lambda: (x * 1).tanh_(), lambda: (x * 1).sigmoid_(), lambda: (y * 1).add_(x, alpha=2), lambda: x.squeeze(),
):
    out = f()
    by = torch.tensor(numbers(*out.shape), dtype=torch.float64, requires_grad=True)
    first, = torch.autograd.grad(out, x, by, create_graph=True)
    see(first)
    again = torch.tensor(numbers(2, 3), dtype=torch.float64)
    second = torch.autograd.grad(first, (x, by), again, create_graph=True, allow_unused=True)
    see([None if g is None else g.detach() for g in second])
    if second[0] is not None and second[0].requires_grad:
        third = torch.autograd.grad(second[0], (x, by), again, allow_unused=True)
        see([None if g is None else g.detach() for g in third])
out = F.layer_norm(x, (3,))  # but not its third derivative, which is wrong in PyTorch
see(torch.autograd.grad(out, x, torch.tensor(numbers(2, 3), dtype=torch.float64), create_graph=True)[0])

# %% the value of a dual tensor is a view of it
forward_ad = torch.autograd.forward_ad
x = torch.ones(2, 3, requires_grad=True)
with forward_ad.dual_level():
    dual = forward_ad.make_dual(x, torch.ones(2, 3)).sin()
    for tensor in (dual, x, x.detach()):
        primal = forward_ad.unpack_dual(tensor).primal
        print(primal)
        see(primal, primal._is_view(), primal.grad_fn and primal.grad_fn.name())

# %% through a part that was overwritten
x = torch.tensor(numbers(3, 2), requires_grad=True)
w = torch.tensor(numbers(2), requires_grad=True)
for write in (lambda v: v.mul_(w), lambda v: v.copy_(w), lambda v: v.zero_(), lambda v: v.relu_()):
    y = x * 2
    write(y[1])
    first = torch.autograd.grad((y ** 3).sum(), (x, w), create_graph=True, allow_unused=True)
    node = first[0].grad_fn.next_functions[0][0]
    print(node.name(), [m and m.name() for m, _ in node.next_functions])
    see(first[0])
    for grad in first:
        if grad is not None:
            see(*torch.autograd.grad((grad * grad).sum(), (x, w), retain_graph=True, allow_unused=True))

# %% numbers beside tensors in derivatives are no inputs of a node
def names(node, depth):
    return node and (node.name(), *(names(n, depth - 1) for n, _ in node.next_functions if depth))
x = torch.tensor([0.25, 0.5], dtype=torch.float64, requires_grad=True)
for name in "sqrt log2 log10 log1p expm1 tan asin acos atan asinh".split():
    first, = torch.autograd.grad(getattr(torch, name)(x).sum(), x, create_graph=True)
    print(name, names(first.grad_fn, 3))
    see(first, *torch.autograd.grad((first * first).sum(), x))

# %% what a recorded tangent comes from: each factor that is read is a node, and so is a product with what stands still
forward_ad = torch.autograd.forward_ad
def names(node, depth):
    return node and (node.name(), *(names(n, depth - 1) for n, _ in node.next_functions if depth))
x, y = (torch.tensor(values, dtype=torch.float64, requires_grad=True) for values in ([0.25, 0.5], [2.0, float("inf")]))
for f in (
    lambda d: d * y, lambda d: y * d, lambda d: d / y, lambda d: y / d, lambda d: d * 2, lambda d: d * d, lambda d: d ** 2,
    lambda d: d.sin(), lambda d: d.log(), lambda d: d.exp(), lambda d: d * y.detach(), lambda d: d * y[0], lambda d: -d * 0 * y,
):
    with forward_ad.dual_level():
        t = forward_ad.unpack_dual(f(forward_ad.make_dual(x, torch.ones_like(x)))).tangent
    print(t, names(t.grad_fn, 3))

# %% what was put is read again
X, Y = torch.arange(6.0).view(2, 3).requires_grad_() * 1, torch.arange(6.0).view(2, 3).sub(2.5).requires_grad_() * 1
i = torch.tensor([[0, 1, 0], [1, 0, 1]])
for f in (lambda: X.repeat(2, 1), lambda: X.repeat(2, 2), lambda: X.repeat(2, 1, 1), lambda: X.repeat(1, 1), lambda: X.repeat(3, 2, 1, 2), lambda: X.tile(2), lambda: X.repeat(0, 1), lambda: X.repeat(2, 0, 1),
          lambda: X.scatter(1, i, 2.0), lambda: X.index_add(0, torch.tensor([0, 0]), Y), lambda: X.index_add(0, torch.tensor([0, 1]), Y, alpha=2), lambda: X.index_copy(0, torch.tensor([1]), Y[:1]),
          lambda: X[0].index_add(0, torch.tensor([1]), Y[0, 0]), lambda: X[0, 0].index_copy(0, torch.tensor([0]), Y[0, 0]), lambda: X[0].index_copy(0, torch.tensor([1]), Y[0, 0])):
    out = f()
    v = torch.arange(1.0, out.numel() + 1).view(out.shape).requires_grad_()
    for g in torch.autograd.grad(out, [X, Y], v, create_graph=True, allow_unused=True):
        if g is not None: see(g); print(g is v, g._is_view(), g.grad_fn and [n and n.name() for n, _ in g.grad_fn.next_functions])
