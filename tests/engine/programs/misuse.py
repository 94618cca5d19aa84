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

# %% arguments of wrong kinds, by wrong names, too many of them
a, v, k = torch.ones(2, 3), torch.ones(3), torch.tensor([True, False, True])
for wrong in (lambda: torch.argmax(a, axis="x"), lambda: torch.sum(a, axis=0, dim=0), lambda: torch.median(a, axis=None), lambda: torch.sum(a, 0, keepdims=None), lambda: a.mm(a, foo=1),
              lambda: a.mm(1, 2), lambda: a.addmm(a, 3, 4), lambda: a.add(a, alpha=2, dtype=torch.int64), lambda: a.multiply(other="x"), lambda: torch.sum(a, k), lambda: torch.unsqueeze(a, a),
              lambda: torch.unsqueeze(a, 2**70), lambda: torch.sum(a, 0, dtype=np.float32), lambda: torch.sum(a, 0, np.bool_(True)), lambda: torch.cat([a, 3]),
              lambda: a.logsumexp([], 0), lambda: torch.zeros(2, layout=3), lambda: torch.abs(torch.float32), lambda: a.sum(torch.strided), lambda: a.eq(torch.device("cpu")),
              lambda: torch.Tensor.abs(), lambda: torch.Tensor.add(3, a), lambda: torch.sum(input=a, dim=0, foo=3), lambda: a.positive(1), lambda: a.adjoint(foo=1), lambda: v.ger(3)):
    attempt(wrong)
see(torch.ones(2, True), torch.sum(a, t) if (t := torch.tensor([1])) is not None else None, v.ger(v), a.to(1.5).dtype == torch.float64)

# %% methods of PyTorch that are written in Python
a, v = torch.ones(2, 3), torch.ones(3)
for wrong in (lambda: torch.norm("x"), lambda: torch.norm(a, keepdim=1), lambda: torch.norm(a, dim=True), lambda: torch.norm(a, dtype=1), lambda: torch.norm(a, 2, out=3),
              lambda: torch.norm(v, "nuc"), lambda: a.norm(2, 0, 3), lambda: torch.split("x", 1), lambda: torch.split(a, True), lambda: torch.split(a, [1, 1], "x"), lambda: a.split(1, foo=2),
              lambda: a.split(split_size_or_sections=1), lambda: torch.split(a, split_size=1), lambda: torch.unique(a, 3), lambda: torch.unique(None), lambda: torch.unique(a, dim="x"),
              lambda: torch.unique_consecutive(a, dim="x"), lambda: a.unique(foo=3), lambda: a.unflatten(1, ()), lambda: a.unflatten(1, 3), lambda: a.unflatten(1, (2, 2)),
              lambda: torch.unflatten(a, 1, [3.0])):
    attempt(wrong)
see(torch.norm(a, 2, 0, out=torch.ones(0)), a.split(split_size=1), a.unflatten(dim=1, sizes=(3, 1)))

# %% types of old, called wrongly
a = torch.ones(2, 3)
for wrong in (lambda: torch.Tensor(2, "x"), lambda: torch.Tensor("x", 2), lambda: torch.FloatTensor(a, 3), lambda: torch.FloatTensor(2, foo=3), lambda: torch.FloatTensor(foo=3),
              lambda: torch.Tensor([1.0], requires_grad=True), lambda: torch.Tensor(2, 3, dtype=torch.float64), lambda: torch.Tensor(-1), lambda: torch.Tensor(b"x"),
              lambda: torch.Tensor(torch.float32), lambda: a.new("x", 2), lambda: a.new(foo=3), lambda: a.new([1, 2], 3)):
    attempt(wrong)
print(torch.Tensor(2, True).shape, torch.Tensor(size=(2,)).shape, torch.Tensor(2, 3, device="cpu").shape, torch.Tensor(data=[1.0]))

# %% to, set_, and the order of entries
a, w, g = torch.ones(2, 3), torch.ones(1, 2, 3, 4), torch.ones(2, 3, requires_grad=True)
for wrong in (lambda: a.to(foo=1), lambda: a.to(1), lambda: a.to(dtype="x"), lambda: a.to([1]), lambda: a.to(a, a), lambda: a.to(torch.float64, copy=1), lambda: a.to(torch.float64, dtype=torch.int64),
              lambda: a.to(memory_format=torch.channels_last), lambda: a.contiguous(memory_format=torch.channels_last), lambda: a.contiguous(memory_format=3),
              lambda: torch.empty(2, memory_format=torch.preserve_format), lambda: a.clone(memory_format="x"), lambda: a.set_(3), lambda: a.set_(a, 3), lambda: a.set_(foo=a)):
    attempt(wrong)
for t in (w.contiguous(memory_format=torch.channels_last), w.clone(memory_format=torch.channels_last), a.t().clone(memory_format=torch.contiguous_format), w.transpose(1, 2).to(memory_format=torch.contiguous_format),
          torch.zeros_like(a.t(), memory_format=torch.contiguous_format), torch.zeros_like(a.t(), memory_format=torch.preserve_format), torch.empty(1, 2, 3, 4, memory_format=torch.channels_last)):
    print(t.stride(), t.is_contiguous(), t.is_contiguous(memory_format=torch.channels_last), torch.channels_last)
see(g.t().clone(memory_format=torch.contiguous_format), torch.ones(4).set_(torch.tensor([1.0, 2.0, 3.0]), 1, (2,)), torch.ones(2).set_(), torch.ones(2).set_(torch.zeros(4).untyped_storage(), 0, (2, 2), (1, 2)), a.to(True))

# %% data of wrong kinds; options of new tensors
a, b, g = torch.ones(2, 3), torch.zeros(2, 3), torch.ones(2, requires_grad=True)
for wrong in (lambda: torch.tensor(foo=1), lambda: torch.tensor([1.0], "x", dtype=torch.float64), lambda: torch.tensor(1.5, device=a), lambda: torch.tensor(1.5, dtype=np.float32), lambda: torch.tensor(1.5, device=1),
              lambda: torch.tensor(None, dtype=torch.float64), lambda: torch.tensor(object(), dtype=torch.int64), lambda: torch.tensor([["x"]], dtype=torch.float64), lambda: torch.tensor([1, "x"], dtype=torch.float64),
              lambda: torch.tensor(torch.device("cpu")), lambda: torch.as_tensor(), lambda: torch.as_tensor(a, 3), lambda: a.new_tensor(1, foo=2), lambda: a.new_tensor(1, dtype="x"), lambda: a.new_tensor(1, pin_memory=False),
              lambda: torch.asarray(foo=3), lambda: torch.asarray([1.0], copy=False), lambda: torch.asarray(a.double(), dtype=torch.float32, copy=False), lambda: torch.asarray([1], requires_grad=True),
              lambda: torch.from_numpy(a), lambda: torch.device(a), lambda: torch.device(1.5), lambda: torch.device("x"), lambda: torch.dtype("x"), lambda: torch.finfo("x"), lambda: torch.iinfo(a), lambda: torch.zeros(2, requires_grad=3),
              lambda: torch.add(a, b, out=3), lambda: a.std(1, 2), lambda: a.std(0, [], True), lambda: torch.randint_like(a, a), lambda: torch.sum(a, 0, out=3)):
    attempt(wrong)
print(torch.randint(5, (2,), layout=torch.strided).shape, torch.rand(2, generator=None, pin_memory=False).shape, torch.normal(0.0, 1.0, (2,), dtype=torch.float64).dtype, torch.randperm(3, device="cpu").shape)
print(torch.randint_like(a, 5, requires_grad=True).requires_grad, torch.full_like(a.t(), 2, memory_format=torch.contiguous_format).stride(), torch.asarray(a) is a, torch.asarray(a, copy=True) is a)
see(torch.asarray(g, requires_grad=False), torch.asarray(g, copy=True, requires_grad=True), torch.asarray(a, dtype=torch.float64), torch.zeros(2, requires_grad=None), a.new_full((2,), 3, layout=torch.strided))
see(torch.tensor_split(a, indices=(1,), dim=0), torch.tensor_split(a, sections=2), torch.pow(self=2, exponent=a), torch.where(condition=a > 0, self=-9, other=b), torch.isin(element=1, test_elements=a), torch.searchsorted(sorted_sequence=a, self=1.5))

# %% a graph, a file and a grid, asked wrongly
x = torch.ones(2, requires_grad=True)
y = (x * x).sum()
for wrong in (lambda: torch.autograd.Variable([1.0]), lambda: torch.autograd.Variable(x, 1.5), lambda: torch.autograd.Variable(x, -1), lambda: y.backward(None, "x"), lambda: torch.autograd.grad(y, x, create_graph=-1),
              lambda: torch.autograd.functional.vjp(lambda v: v * v, x, x, create_graph=[1]), lambda: torch.autograd.graph.GradientEdge(y.grad_fn), lambda: torch.save(x, 3), lambda: torch.load([1]),
              lambda: torch.meshgrid(), lambda: torch.meshgrid(x, x, indexing=3), lambda: torch.autograd.grad(y, np.array([1, 2])), lambda: setattr(x, "grad", np.ones(2)), lambda: setattr(x, "grad_dtype", torch.strided)):
    attempt(wrong)
see(torch.autograd.Variable(x, requires_grad=1), torch.autograd.functional.vjp(lambda v: v * v, x, torch.ones(2), create_graph=1), torch.autograd.grad(y, x, create_graph=1))
