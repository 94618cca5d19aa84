# fmt: off
# ruff: noqa
# What nodes show of what they saved. (Cells: see tests/engine/observe.py.)

# %% what nodes of sums and lengths show
F = torch.nn.functional
x = torch.tensor([[1.5, 2.0, 0.5], [1.0, 3.0, 2.5]], requires_grad=True)
y, i = x.detach() / 2, torch.tensor([[0, 1, 1], [1, 0, 1]])
def value(kept):
    if isinstance(kept, tuple):
        return [value(part) for part in kept]
    return [list(kept.shape), str(kept.dtype)[-7:], kept.grad_fn and kept.grad_fn.name()] if isinstance(kept, torch.Tensor) else kept
def look(out, freed):
    node = out.grad_fn
    shown = [name for name in sorted(dir(node)) if name.startswith("_saved_")]
    print(node.name(), *[f"{name[7:]}={value(getattr(node, name))}" for name in shown])
    if freed:
        out.sum().backward()
        for name in shown:
            attempt(lambda: print(name, value(getattr(node, name))))
for out in (x.prod(-1), x.prod(), x.sum(-1), x.sum((0, -1), True), x.mean(-1), x.var(-1), x.var(), x.std(1, False), x.std(unbiased=False),
            x.std(correction=0), torch.var_mean(x)[0], torch.std_mean(x, -1)[1], x.logsumexp(-1), x.logsumexp((0, -1)), x.softmax(-1),
            x.log_softmax(0), x.cumsum(-1), x.cumprod(-1), x.norm(), x.norm(3), x.norm(2.0, dim=-1), torch.linalg.norm(x), torch.linalg.matrix_norm(x),
            x.nansum(-1), x.nansum(),):
    look(out, False)

# %% what nodes of the largest, and of order show
F = torch.nn.functional
x = torch.tensor([[1.5, 2.0, 0.5], [1.0, 3.0, 2.5]], requires_grad=True)
y, i = x.detach() / 2, torch.tensor([[0, 1, 1], [1, 0, 1]])
def value(kept):
    if isinstance(kept, tuple):
        return [value(part) for part in kept]
    return [list(kept.shape), str(kept.dtype)[-7:], kept.grad_fn and kept.grad_fn.name()] if isinstance(kept, torch.Tensor) else kept
def look(out, freed):
    node = out.grad_fn
    shown = [name for name in sorted(dir(node)) if name.startswith("_saved_")]
    print(node.name(), *[f"{name[7:]}={value(getattr(node, name))}" for name in shown])
    if freed:
        out.sum().backward()
        for name in shown:
            attempt(lambda: print(name, value(getattr(node, name))))
for out in (x.max(), x.max(-1)[0], x.min(0, True)[0], x.median(-1)[0], x.amax(), x.amax(-1), x.amin((0, -1)), x.aminmax(dim=-1)[0], x.aminmax()[1],
            x.sort()[0], x.sort(dim=0, stable=True)[0], x.topk(1)[0], x.topk(1, 0)[0],):
    look(out, False)

# %% what nodes of parts show
F = torch.nn.functional
x = torch.tensor([[1.5, 2.0, 0.5], [1.0, 3.0, 2.5]], requires_grad=True)
y, i = x.detach() / 2, torch.tensor([[0, 1, 1], [1, 0, 1]])
def value(kept):
    if isinstance(kept, tuple):
        return [value(part) for part in kept]
    return [list(kept.shape), str(kept.dtype)[-7:], kept.grad_fn and kept.grad_fn.name()] if isinstance(kept, torch.Tensor) else kept
def look(out, freed):
    node = out.grad_fn
    shown = [name for name in sorted(dir(node)) if name.startswith("_saved_")]
    print(node.name(), *[f"{name[7:]}={value(getattr(node, name))}" for name in shown])
    if freed:
        out.sum().backward()
        for name in shown:
            attempt(lambda: print(name, value(getattr(node, name))))
for out in (x.unbind(-1)[0], x.split(1, -1)[0], x.split([1, 2], 1)[0], x.chunk(2, -1)[0], x.tensor_split(2, -1)[0], x.unsafe_split(1)[0],
            x.select(-1, -1), x.narrow(-1, 0, 1), x[-1], x[..., -1], x[1:], x[-1:], x[:-1], x[:9], x[::2], x[0:1, 1:], x.diagonal(-1),
            x.diagonal(0, -1, 0), x.unfold(-1, 1, 1), x.as_strided((2,), (1,)), x.as_strided((2,), (1,), 1), (x * 1).as_strided_((2,), (1,)),):
    look(out, False)

# %% what nodes of places show
F = torch.nn.functional
x = torch.tensor([[1.5, 2.0, 0.5], [1.0, 3.0, 2.5]], requires_grad=True)
y, i = x.detach() / 2, torch.tensor([[0, 1, 1], [1, 0, 1]])
def value(kept):
    if isinstance(kept, tuple):
        return [value(part) for part in kept]
    return [list(kept.shape), str(kept.dtype)[-7:], kept.grad_fn and kept.grad_fn.name()] if isinstance(kept, torch.Tensor) else kept
def look(out, freed):
    node = out.grad_fn
    shown = [name for name in sorted(dir(node)) if name.startswith("_saved_")]
    print(node.name(), *[f"{name[7:]}={value(getattr(node, name))}" for name in shown])
    if freed:
        out.sum().backward()
        for name in shown:
            attempt(lambda: print(name, value(getattr(node, name))))
for out in (x[[True, False]], x[[0, 0]], x[:, [0, 1]], x[x > 1], x[[0], [1]], x[None, [0]], x[1:, [0]], x[0, [1]], x[..., None], x[True],
            x.gather(-1, i), x.index_select(-1, i[0]), x.take(i), x.index_fill(-1, i[0], 3), x.index_add(-1, i[0], x, alpha=2),
            x.index_copy(0, i[0, :1], x[:1]), x.scatter(-1, i, x), x.scatter(-1, i, 2), x.scatter_add(-1, i, x), x.masked_fill(x > 1, 1),
            x.masked_scatter(x > 1, x), x.masked_select(x > 1), torch.where(x > 1, x, 2), (x * 1).index_put_((i[0, :1],), x[:1]),):
    look(out, True)

# %% what nodes of shapes show
F = torch.nn.functional
x = torch.tensor([[1.5, 2.0, 0.5], [1.0, 3.0, 2.5]], requires_grad=True)
y, i = x.detach() / 2, torch.tensor([[0, 1, 1], [1, 0, 1]])
def value(kept):
    if isinstance(kept, tuple):
        return [value(part) for part in kept]
    return [list(kept.shape), str(kept.dtype)[-7:], kept.grad_fn and kept.grad_fn.name()] if isinstance(kept, torch.Tensor) else kept
def look(out, freed):
    node = out.grad_fn
    shown = [name for name in sorted(dir(node)) if name.startswith("_saved_")]
    print(node.name(), *[f"{name[7:]}={value(getattr(node, name))}" for name in shown])
    if freed:
        out.sum().backward()
        for name in shown:
            attempt(lambda: print(name, value(getattr(node, name))))
for out in (x.transpose(0, -1), x.mT, x.T, x.t(), x.permute(-1, 0), x.squeeze(-1), x[:1].squeeze(0), x.squeeze((0, -1)), x.squeeze(), x.unsqueeze(-1),
            x.flip(-1), x.roll(-1, 0), x.roll(1), x.expand(2, 2, 3), x.repeat(2, 1), torch.cat([x, x], -1), torch.stack([x, x], -1), x.view(-1),
            x.T.reshape(-1), x.tril(-1), x.triu(), x[0].diag(), x.diag_embed(), (x * 1).squeeze_(-1), (x * 1).unsqueeze_(-1),
            (x * 1).transpose_(0, -1),):
    look(out, False)

# %% what nodes of products show
F = torch.nn.functional
x = torch.tensor([[1.5, 2.0, 0.5], [1.0, 3.0, 2.5]], requires_grad=True)
y, i = x.detach() / 2, torch.tensor([[0, 1, 1], [1, 0, 1]])
def value(kept):
    if isinstance(kept, tuple):
        return [value(part) for part in kept]
    return [list(kept.shape), str(kept.dtype)[-7:], kept.grad_fn and kept.grad_fn.name()] if isinstance(kept, torch.Tensor) else kept
def look(out, freed):
    node = out.grad_fn
    shown = [name for name in sorted(dir(node)) if name.startswith("_saved_")]
    print(node.name(), *[f"{name[7:]}={value(getattr(node, name))}" for name in shown])
    if freed:
        out.sum().backward()
        for name in shown:
            attempt(lambda: print(name, value(getattr(node, name))))
for out in (x @ x.T, x.detach() @ x.T, x @ x[0], x[0] @ x[0], torch.addmm(x[:, :2], x, x.T, alpha=2), x[None] @ x.T[None], torch.linalg.svdvals(x),
            torch.linalg.svd(x)[1],):
    look(out, True)

# %% what nodes of numbers show
F = torch.nn.functional
x = torch.tensor([[1.5, 2.0, 0.5], [1.0, 3.0, 2.5]], requires_grad=True)
y, i = x.detach() / 2, torch.tensor([[0, 1, 1], [1, 0, 1]])
def value(kept):
    if isinstance(kept, tuple):
        return [value(part) for part in kept]
    return [list(kept.shape), str(kept.dtype)[-7:], kept.grad_fn and kept.grad_fn.name()] if isinstance(kept, torch.Tensor) else kept
def look(out, freed):
    node = out.grad_fn
    shown = [name for name in sorted(dir(node)) if name.startswith("_saved_")]
    print(node.name(), *[f"{name[7:]}={value(getattr(node, name))}" for name in shown])
    if freed:
        out.sum().backward()
        for name in shown:
            attempt(lambda: print(name, value(getattr(node, name))))
for out in (x + 2, x - x, torch.add(x, 2, alpha=3), torch.sub(x, x, alpha=2), 2 - x, x * 2, x * x, x / 2, 2 / x, x ** 2, x ** -1, x ** True, 2 ** x,
            x ** x, x.clamp(-1), x.clamp(max=1), x.clamp(x, x), torch.div(x, 2, rounding_mode="floor"), torch.div(x, x, rounding_mode=None), x % 2,
            x.fmod(x), x.lerp(x, 0.5), x.addcmul(x, x, value=2), x.round(decimals=2), x.exp(), x.sin(), x.double(), x.clone(), F.batch_norm(x, x[0].detach(), x[1].detach()),):
    look(out, False)

# %% what nodes of networks show
F = torch.nn.functional
x = torch.tensor([[1.5, 2.0, 0.5], [1.0, 3.0, 2.5]], requires_grad=True)
y, i = x.detach() / 2, torch.tensor([[0, 1, 1], [1, 0, 1]])
def value(kept):
    if isinstance(kept, tuple):
        return [value(part) for part in kept]
    return [list(kept.shape), str(kept.dtype)[-7:], kept.grad_fn and kept.grad_fn.name()] if isinstance(kept, torch.Tensor) else kept
def look(out, freed):
    node = out.grad_fn
    shown = [name for name in sorted(dir(node)) if name.startswith("_saved_")]
    print(node.name(), *[f"{name[7:]}={value(getattr(node, name))}" for name in shown])
    if freed:
        out.sum().backward()
        for name in shown:
            attempt(lambda: print(name, value(getattr(node, name))))
for out in (F.elu(x, 2), F.gelu(x, approximate="tanh"), F.softplus(x, 2, 3), F.leaky_relu(x, -1), F.relu6(x), F.hardtanh(x), F.threshold(x, 1, 2),
            F.logsigmoid(x), F.pad(x, (1, -1)), F.mse_loss(x, x), F.smooth_l1_loss(x, y), F.huber_loss(x, y, reduction="sum"), F.nll_loss(x, i[0, :2]),
            F.nll_loss(x, i[0, :2], torch.ones(3), reduction="sum"), F.nll_loss(x, i[0, :2], reduction="none"),
            F.binary_cross_entropy(x.sigmoid(), y.sigmoid()), F.binary_cross_entropy_with_logits(x, y), F.layer_norm(x, (3,)),
            F.batch_norm(x, None, None, training=True), F.embedding(i, x),
            F.embedding(i, x, padding_idx=0),):
    look(out, True)

# %% what stays when the tensors are freed
x = torch.tensor([[1.5, 2.0, 0.5], [1.0, 3.0, 2.5]], requires_grad=True)
for out in (x * 2, x * x, x.prod(-1), x.max(-1)[0], x[[0, 1]], x.lerp(x, 0.5), x[0], x / 2):
    node = out.grad_fn
    out.sum().backward(retain_graph=True)
    out.sum().backward()
    for name in sorted(dir(node)):
        if name.startswith("_saved_"):
            attempt(lambda: print(name, getattr(node, name)))
raw = (x ** 2).grad_fn._raw_saved_self
print(raw.data, raw.unpack_hook)
y = x ** 2
y.sum().backward()
print(y.grad_fn._raw_saved_self.data, y.grad_fn._raw_saved_self.unpack_hook)
attempt(lambda: y.grad_fn._raw_saved_self.register_hooks(lambda x: x, lambda x: x))

# %% hooks on indices and masks
x = torch.tensor([[1.5, 2.0, 0.5], [1.0, 3.0, 2.5]], requires_grad=True)
def pack(kept):
    print("packs", kept)
    return kept + 0
def unpack(kept):
    print("unpacks", kept)
    return kept
y = x[:, torch.tensor([0, 0, 2])]
raw = y.grad_fn._raw_saved_indices
print(len(raw), type(raw[1]).__name__, raw[1].data)
raw[1].register_hooks(pack, unpack)
attempt(lambda: raw[0].register_hooks(pack, unpack))
y.sum().backward()
print(x.grad)
attempt(lambda: y.grad_fn._raw_saved_indices)
attempt(lambda: y.grad_fn._saved_indices)
mask = x > 1
with torch.autograd.graph.saved_tensors_hooks(pack, unpack):
    pass
z = x[mask]
print(z.grad_fn._raw_saved_indices[0].data)
z.grad_fn._raw_saved_indices[0].register_hooks(lambda kept: ~kept, unpack)
grad, = torch.autograd.grad(x[mask].sum(), x)
print(grad)
with torch.autograd.graph.saved_tensors_hooks(lambda kept: (print("packs", kept.tolist()), kept)[1], unpack):
    outs = [x[[1, 0]], x.masked_fill(mask, 0), x.index_select(0, torch.tensor([1]))]
print(torch.autograd.grad(sum(out.sum() for out in outs), x))
with torch.autograd.graph.saved_tensors_hooks(pack, unpack):
    attempt(lambda: x * torch.ones(2))

# %% a gradient handed to a leaf's node by hand
x = torch.zeros(2, 3, requires_grad=True)
node = (x * 1).grad_fn.next_functions[0][0]
for shape in ((3,), (3, 2), (), (2, 3)):
    attempt(lambda: node(torch.ones(shape)))
    print(x.grad)
