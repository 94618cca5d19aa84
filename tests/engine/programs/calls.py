# fmt: off
# ruff: noqa
# How functions may be called: names of arguments, forms, out=, and what Python asks of a tensor.

# %% by name, and by NumPy's names
x = torch.tensor(numbers(2, 3), requires_grad=True)
for call in (lambda: torch.sum(input=x, dim=1), lambda: torch.sum(x, axis=1, keepdims=True),
             lambda: x.view(size=(3, 2)), lambda: x.reshape(shape=(6,)), lambda: x.permute(dims=(1, 0)),
             lambda: x.expand(size=(4, 2, 3)), lambda: torch.add(x, other=2, alpha=3),
             lambda: torch.cat(tensors=[x, x], dim=-1), lambda: torch.clamp(x, max=0.5),
             lambda: x.split(split_size=1)[1], lambda: torch.div(x, 2, rounding_mode="floor"),
             lambda: torch.sub(x2=x, input=x), lambda: x.transpose(dim0=0, dim1=1)):
    see(call())

# %% arguments of a wrong type or number
x = torch.ones(2, 3)
for wrong in (lambda: x.sum("a"), lambda: torch.sum(x, "a"), lambda: torch.sum([1, 2]), lambda: torch.sum(),
              lambda: torch.add(x, "a"), lambda: torch.add(x), lambda: x.add("a"), lambda: x.add_("a"),
              lambda: torch.exp(2.0), lambda: torch.exp(x, x), lambda: torch.exp(x, foo=1),
              lambda: torch.exp(np.ones(3)), lambda: x.exp(1), lambda: torch.flip(x, 0),
              lambda: x.view("a"), lambda: x.view(2.0, 3), lambda: x.view([2.0, 3]), lambda: x.reshape("a"),
              lambda: x.permute(), lambda: x.permute("a"), lambda: torch.permute(x, 1, 0),
              lambda: torch.max(x, "a"), lambda: torch.max(x, dim="a"), lambda: torch.cat(x),
              lambda: torch.cat(x, x), lambda: torch.stack(x), lambda: torch.matmul(x, 2), lambda: x.matmul(2),
              lambda: torch.where(x > 0, x), lambda: torch.maximum(x, 1), lambda: torch.lerp(x, 1, 0.5),
              lambda: torch.softmax(x), lambda: x.softmax("a"), lambda: torch.clamp(x, "a"),
              lambda: x.clamp(min="a"), lambda: x.mean(0, "a"), lambda: x.var("a"), lambda: x.topk("a"),
              lambda: x.gather(0, 1), lambda: x.index_select(0, [0]), lambda: x.scatter(0, 1, 2),
              lambda: x.masked_fill(1, 2), lambda: x.unsqueeze(), lambda: x.unsqueeze("a"),
              lambda: x.transpose(0), lambda: x.squeeze("a"), lambda: x.expand("a"), lambda: x.repeat("a"),
              lambda: x.fill_("a"), lambda: x.copy_("a"), lambda: x.zero_(1), lambda: x.argmax("a"),
              lambda: torch.pow(x, "a"), lambda: torch.eq(x, "a"), lambda: torch.zeros("a"),
              lambda: torch.ones(2.5), lambda: torch.full((2,)), lambda: torch.zeros_like(1),
              lambda: x.sum(dim=0, wrong=1), lambda: x.sum(0, dim=0), lambda: torch.mean(x, 0, True, 1)):
    attempt(wrong)

# %% out=
x, y = torch.tensor(numbers(2, 3)), torch.tensor(numbers(2, 3))
out = torch.zeros(2, 3)
see(torch.add(x, y, out=out) is out, out, out._version, torch.exp(x, out=torch.empty(0)))
see(torch.mul(x, 2, out=torch.zeros(1)), torch.sum(x, 0, out=torch.empty(0)))
see(torch.max(x, 0, out=(torch.empty(0), torch.empty(0).long()))[1], torch.cat([x, y], out=torch.empty(0)))
see(torch.matmul(x, y.t(), out=torch.empty(0)), torch.clamp(x, 0, 1, out=torch.empty(2, 3)))
attempt(lambda: torch.add(x, y, out=torch.zeros(2, 3).long()))
attempt(lambda: torch.add(x, y.requires_grad_(), out=torch.zeros(2, 3)))
with torch.no_grad():
    see(torch.add(x, y, out=torch.zeros(2, 3)))

# %% forms that are deprecated
x, y = torch.tensor(numbers(3), requires_grad=True), torch.tensor(numbers(3))
for call in (lambda: (x * 1).add_(2, y), lambda: x.add(2, y), lambda: (x * 1).sub_(2, y),
             lambda: torch.add(x, 2, y), lambda: x.addcmul(2, y, y), lambda: torch.addcdiv(x, 2, y, y)):
    see(call())

# %% functions that write
for name in ("exp_", "relu_", "sigmoid_", "tanh_", "neg_", "zero_", "sqrt_", "detach_"):
    x = torch.tensor(numbers(3, low=0.1), requires_grad=True)
    y = x * 1
    see(name, getattr(torch, name)(y) is y, y, y._version)
y = torch.tensor(numbers(3))
see(torch.clamp_(y, 0, 1) is y, y, torch.fill_(y, 2), torch.index_put_(y, (torch.tensor([0]),), torch.ones(1)))
see(torch.positive(y) is y, torch.detach(y), torch.numel(y), torch.is_floating_point(y), torch.is_complex(y),
    torch.is_inference(y), torch.zeros_like(y), torch.empty_like(y).shape)
attempt(lambda: torch.exp_(torch.ones(2, requires_grad=True)))

# %% activations that write
for name in ("relu", "leaky_relu", "elu", "silu", "hardtanh", "relu6"):
    x = torch.tensor(numbers(4), requires_grad=True)
    y = x * 2
    z = getattr(torch.nn.functional, name)(y, inplace=True)
    print(name, z is y, y._version)
    z.backward(torch.tensor(numbers(4)))
    see(x.grad)
attempt(lambda: torch.nn.functional.relu(x, inplace=True))

# %% as Python's objects
import copy, math, operator
x = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
s, i, b = torch.tensor(2.5, requires_grad=True), torch.tensor([[1, 2], [3, 4]]), torch.tensor([True, False])
for ask in (lambda: float(s), lambda: int(s), lambda: complex(s), lambda: math.sqrt(s), lambda: float(x), lambda: int(x),
            lambda: complex(x), lambda: operator.index(s), lambda: round(s), lambda: 3.0 in x, lambda: 9 in i,
            lambda: "a" in x, lambda: None in x, lambda: x in x, lambda: +b, lambda: see(+x), lambda: see(reversed(i)),
            lambda: see(1 << i), lambda: see(64 >> i), lambda: 2 @ x, lambda: x @ None, lambda: x @ np.ones(2),
            lambda: copy.deepcopy(x * 1), lambda: see(copy.deepcopy(x), copy.copy(x)), lambda: list(s), lambda: len(s),
            lambda: x.T.shape, lambda: i[0].T.shape, lambda: s.detach().T.shape, lambda: divmod(i, 2)):
    attempt(lambda: print(ask()))
j = i.clone()
j <<= 1
j >>= 2
j //= 1
print(j, x.layout)
x.grad = torch.ones(2, 2)
y = copy.deepcopy(x)
print(y.grad, y.grad is x.grad, y.requires_grad, copy.copy(x).grad, copy.copy(x).data_ptr() == x.data_ptr())

# %% other dtypes, other norms
d = torch.tensor([[1.5, 2.5, -1.0]], dtype=torch.float64)
for look in (lambda: d.view(torch.int64), lambda: d.view(dtype=torch.float32), lambda: d.float().view(torch.float64),
             lambda: d.t().view(torch.float32), lambda: torch.tensor(1.5).view(torch.int16),
             lambda: torch.tensor(1.5).view(torch.int32), lambda: d.view(torch.int64)._is_view()):
    attempt(lambda: see(look()))
x = torch.tensor(numbers(3, 4), dtype=torch.float64, requires_grad=True)
for order in (1, -1, float("inf"), -float("inf"), "fro", 3, "x"):
    attempt(lambda: see(torch.linalg.norm(x, order), torch.linalg.matrix_norm(x, order, keepdim=True)))
attempt(lambda: torch.norm(x, p="x", dim=0))
derivatives(torch.linalg.norm(x, 1) * torch.linalg.norm(x, float("inf")), x)
