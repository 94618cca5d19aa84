# fmt: off
# ruff: noqa
# How the entries of results lie in memory. (Cells: see observe.py.)

# %% the first operand decides
x = torch.arange(12.).reshape(3, 4).t() + 1
y = torch.arange(12.).reshape(4, 3) + 1
for a, b in ((x, y), (y, x)):
    for out in (a + b, a / b, a // b, a % b, a > b, a ** b, a.int() * b, torch.rsub(a, b), torch.add(a, b, alpha=2)):
        print(out.stride())
    print(torch.maximum(a, b).stride(), torch.atan2(a, b).stride(), torch.logical_and(a, b).stride())
    print(torch.isclose(a, b).stride(), ((a > 1) & (b > 1)).stride())
    print(torch.where(a > 2, a, b).stride(), torch.where(b > 2, a, 1.0).stride())
    print(torch.lerp(a, b, 0.5).stride(), torch.addcmul(a, b, b).stride(), a.clamp(b, b + 1).stride())
    print(torch.addr(a, b[:, 0], b[0]).stride())
p = torch.arange(24.).reshape(2, 3, 4).permute(2, 0, 1)
print((p * torch.ones(4, 2, 3)).stride(), (torch.ones(2, 3) * p).stride(), (p[:1] + p).stride())

# %% row after row, however the input lies
x = (torch.arange(24.).reshape(2, 3, 4) / 24).permute(2, 0, 1)
for out in (2 ** x, x.softmax(0), x.log_softmax(-1), x.sum(-1), x.mean(1, keepdim=True), x.prod(-1), x.var(-1), x.amax(-1), x.norm(dim=-1)):
    print(out.stride())
for outs in (torch.std_mean(x, -1), x.max(-1), x.aminmax(dim=-1), x.nanmedian(-1)):
    print([out.stride() for out in outs])
print(x.all(-1).stride(), x.argmax(-1).stride(), x.logsumexp(-1).stride(), x.count_nonzero(-1).stride())
F = torch.nn.functional
for out in (F.logsigmoid(x), F.layer_norm(x, (3,)), torch.nn.BatchNorm1d(2)(x), F.pad(x, (1, 1)), F.one_hot(x.long(), 2), torch.cdist(x, x)):
    print(out.stride())
place = torch.tensor([0])
places = torch.zeros(4, 2, 3, dtype=torch.long)
for out in (x.scatter(0, places, 1.0), x.scatter_add(0, places, x), x.index_add(0, place, x[:1]), x.index_copy(0, place, x[:1]), x.masked_scatter(x > 0.5, x), x.scatter_reduce(0, places, x, "sum"), x.gather(0, places)):
    print(out.stride())

# %% as what is read lies
x = torch.arange(24.).reshape(2, 3, 4).permute(2, 0, 1)
print([out.stride() for out in x.sort(-1)], x.argsort(0).stride())
for out in (x[[0, 1]], x[:, [0, 1]], x[..., [0, 1]], x[1:, [0, 1]], x[[0, 1], :, [1, 0]], x[True], x[x[:, 0, 0] > 1], x[torch.tensor([[0, 1], [2, 3]]).t()]):
    print(out.shape, out.stride())
stretched = torch.arange(3.).expand(2, 3)
for out in (torch.tensor(stretched.tolist()), stretched.nan_to_num(), stretched.index_fill(0, torch.tensor([0]), 1), stretched.index_put((torch.tensor([0]),), torch.tensor(1.0))):
    print(out.stride())

# %% a deep copy has all of the memory
import copy
x = torch.arange(12.).reshape(3, 4)
for part in (x.t(), x[1:, ::2], x[1].expand(2, 4), x[2]):
    twin = copy.deepcopy(part)
    print(twin, twin.stride(), twin.storage_offset(), len(twin.untyped_storage()))

# %% a copy keeps the strides of axes of one entry, if there are no gaps
for x in (torch.ones(2, 2)[::2], torch.ones(3, 2)[:, :1], torch.ones(4, 2, 2)[::4], torch.ones(4, 2)[1:2].t(), torch.ones(3, 1, 2).transpose(0, 1)):
    for out in (x.clone(), x.to(torch.float64), x.long(), x.detach().clone(), x.clone().view(-1)):
        print(out.shape, out.stride(), out.storage_offset(), out._is_view(), len(out.untyped_storage()))
