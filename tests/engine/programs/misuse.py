# fmt: off
# ruff: noqa
# Errors in shapes and types. (Cells: see tests/engine/observe.py.)

# %% shapes that do not fit
x = torch.ones(2, 3)
y = torch.ones(2, 4)
for wrong in (lambda: x + y, lambda: x * y, lambda: x / y, lambda: x - y, lambda: x == y, lambda: x < y,
              lambda: torch.maximum(x, y), lambda: x ** y, lambda: torch.where(x > 0, x, y),
              lambda: x + torch.ones(4, 3), lambda: torch.ones(2, 3, 4) + torch.ones(3, 3),
              lambda: x @ y, lambda: x.mm(y), lambda: x.mm(torch.ones(3)), lambda: torch.ones(3).mm(x),
              lambda: x @ torch.ones(2), lambda: torch.ones(2) @ torch.ones(3),
              lambda: torch.ones(3) @ x, lambda: torch.tensor(1.0) @ x, lambda: x @ torch.tensor(1.0),
              lambda: torch.ones(2, 3, 4) @ torch.ones(2, 3, 4), lambda: x @ torch.ones(3, 2).double(),
              lambda: torch.ones(2, 3, 4) @ torch.ones(3, 4, 5), lambda: x.mm(torch.ones(2, 3, 4))):
    attempt(wrong)

# %% shapes that cannot be
x = torch.ones(2, 3)
for wrong in (lambda: x.view(4), lambda: x.view(-1, -1), lambda: x.view(5, -1), lambda: x.reshape(7),
              lambda: x.t().view(6), lambda: x.view(-2, 3), lambda: torch.ones(1, 2, 3).t(),
              lambda: x.permute(0), lambda: x.permute(0, 0), lambda: x.permute(0, 2), lambda: x.sum(2),
              lambda: x.sum(-3), lambda: x.sum((0, 0)), lambda: x.mean(5), lambda: x.transpose(0, 2),
              lambda: x.expand(2, 4), lambda: x.expand(3), lambda: x.expand(4, 3), lambda: x.unsqueeze(4),
              lambda: x.squeeze(3), lambda: x.expand(-1, 2, 3), lambda: x.unsqueeze(-4),
              lambda: x.item(), lambda: torch.zeros(0).item(), lambda: bool(x), lambda: float(x),
              lambda: bool(torch.zeros(0)), lambda: int(x), lambda: len(torch.tensor(1.0)),
              lambda: x.size(3), lambda: [1, 2][torch.tensor(1.0)], lambda: range(3)[torch.tensor(1)]):
    attempt(wrong)

# %% wrong types
x = torch.ones(2, requires_grad=True)
i = torch.tensor([1, 2])
for wrong in (lambda: x + "a", lambda: x * None, lambda: "a" + x, lambda: x @ 2, lambda: x / [1],
              lambda: i.mean(), lambda: x.clamp(), lambda: x.numpy(), lambda: np.asarray(x),
              lambda: i ** -1, lambda: x.nothing, lambda: torch.nothing_at_all, lambda: x < "a"):
    error = None
    try:
        wrong()
    except Exception as e:
        error = type(e).__name__
    print(error)
attempt(lambda: x.numpy())
attempt(lambda: i.mean())
attempt(lambda: x.clamp())
attempt(lambda: i ** -1)
print(x == None, x != None, x.detach().numpy(), i.numpy().dtype)

# %% what takes no arguments, and NumPy's whole numbers
x = torch.ones(2, 3)
for name in ("data_ptr", "detach", "dim", "is_inference", "item", "numel", "retain_grad", "storage_offset", "tolist", "untyped_storage"):
    for args in ("1", "1, None", "dim=1"):
        attempt(lambda: eval(f"x.{name}({args})"))
for function in (torch.get_default_dtype, torch.is_grad_enabled, torch.is_inference_mode_enabled):
    attempt(lambda: function(1))
    attempt(lambda: function(x=1))
one = np.int64(1)
see(x.amax(one), x.sum(one), x.sum(dim=one), x.roll(one, one), torch.tensor_split(x, one + 1), x.mean((one,)), x.flip(one), x.chunk(one + 1), x.argmax(one), x.softmax(one), x.cumsum(one))

# %% equations, pieces and norms that are none
a, i = torch.ones(2, 3), torch.tensor([1, 2])
for wrong in (lambda: torch.einsum(a, [0, 99]), lambda: torch.einsum(a, [0, -1]), lambda: torch.einsum(a, None), lambda: torch.einsum(a, "ij"), lambda: torch.einsum(), lambda: torch.einsum("ij"),
              lambda: torch.einsum([a], None), lambda: torch.einsum(3, a), lambda: torch.einsum("ij->ji", 3), lambda: torch.einsum("ij,jk", a, 3), lambda: torch.einsum("ij->ji", [3]),
              lambda: a.split(a), lambda: a.split("a"), lambda: a.split(None), lambda: a.split(1.5), lambda: a.split([1.5]), lambda: a.split(np.array([1, 1])), lambda: torch.norm(a, a),
              lambda: a.norm([1]), lambda: a.norm(2, a), lambda: torch.norm(i, a), lambda: torch.repeat_interleave(a, a), lambda: torch.repeat_interleave(a, torch.tensor([1.0, 2.0]), 0),
              lambda: torch.repeat_interleave(a, torch.tensor([-1, 2]), 0), lambda: torch.repeat_interleave(a, -1), lambda: torch.normal(i), lambda: torch.normal(a, torch.tensor([-1.0, 1.0, 1.0])),
              lambda: torch.normal(a, -1.5), lambda: torch.normal(0.0, i), lambda: torch.autograd.profiler.profile(dim=3), lambda: torch.as_tensor(a, None)):
    attempt(wrong)
b = torch.ones(3, 4)
see(torch.einsum(a, [0, 1], b, [1, 2], [0, 2]), torch.einsum(a, [0, 1], b, [1, 2]), torch.einsum(a, [..., 1], b, [1, 30], [..., 30]), torch.einsum(a, [25, 26]))

# %% sizes, strides, arrays and flags asked for wrongly
a, i = torch.ones(2, 3), torch.tensor([1, 2])
d = torch.ones(2, requires_grad=True)
for wrong in (lambda: a.size(a), lambda: a.size(0, 1), lambda: a.size("a"), lambda: a.size(foo=1), lambda: a.size(1.5), lambda: a.size(7), lambda: a.stride(a), lambda: a.stride(0, 1),
              lambda: a.stride(9), lambda: a.numpy(1), lambda: a.numpy(foo=1), lambda: d.numpy(), lambda: d.numpy(force=1), lambda: a.is_contiguous(1), lambda: a.is_contiguous(foo=1),
              lambda: a.requires_grad_(1), lambda: a.requires_grad_(None), lambda: a.requires_grad_(foo=1), lambda: a.requires_grad_(True, 3), lambda: i.requires_grad_(),
              lambda: a.storage(1), lambda: a.storage(foo=3), lambda: a.norm(foo=3), lambda: a.split(1, foo=3)):
    attempt(wrong)
see(a.size(dim=1), a.size(-1), a.stride(dim=0), a.size(None), d.numpy(force=True).sum(), a.requires_grad_(requires_grad=False).requires_grad)
