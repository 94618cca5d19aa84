# fmt: off
# ruff: noqa
# float16 is computed in float32 and rounded once. (Cells: see observe.py.)

# %% what would overflow on the way
F = torch.nn.functional
x = torch.tensor([12.0, -30.0, 3.0], dtype=torch.float16, requires_grad=True)
for function in (F.softplus, torch.sigmoid, lambda x: x.softmax(0), lambda x: x.logsumexp(0), F.logsigmoid):
    out = function(x)
    print(out, torch.autograd.grad(out.sum(), x))

# %% what would be rounded on the way
F = torch.nn.functional
x = torch.linspace(-3, 4, 8, dtype=torch.float16, requires_grad=True)
for function in (F.gelu, F.selu, F.hardswish, torch.sigmoid, torch.tanh, lambda x: x.softmax(0)):
    out = function(x)
    print(out.tolist(), torch.autograd.grad(out, x, x.detach())[0].tolist())
y = torch.linspace(1, 2, 8, dtype=torch.float16)
print(torch.addcmul(x, y, y, value=0.3).tolist(), torch.addcdiv(x, y, y, value=0.3).tolist())
print(F.layer_norm(x, (8,)).tolist())
