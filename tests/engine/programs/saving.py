# fmt: off
# ruff: noqa
# What is saved and loaded again. (Cells: see tests/engine/observe.py.)

# %% layouts, views of one memory, one tensor twice, versions
import io
def again(value):
    file = io.BytesIO(); torch.save(value, file); file.seek(0)
    return torch.load(file)
x = torch.arange(6.0).view(2, 3)
for y in (x, x.t(), x[1:, 1:], x[:, ::2], x.expand(2, 2, 3), x[0, 0], torch.zeros(0, 2), torch.tensor(3), x > 2, x.double().t()[1:]):
    z = again(y); print(z, z.stride(), z.storage_offset(), z._version, z._is_view(), z.dtype)
row, whole, column, twice = again([x[1], x, x[:, 0], x]); whole[1, 0] = 9
print(row, column, twice is whole, row._version, whole._version)
p = again(torch.nn.Parameter(torch.ones(2))); print(p, p._version, p.is_leaf)
a, b = again([torch.ones(2, requires_grad=True), torch.ones(2, requires_grad=True) * 2]); print(a, b.is_leaf, b.requires_grad)
layer = torch.nn.Linear(2, 2); adam = torch.optim.Adam(layer.parameters()); layer(torch.ones(1, 2)).sum().backward(); adam.step()
print([v._version for v in again(layer.state_dict()).values()], {k: v._version for k, v in again(adam.state_dict())["state"][0].items()})
other = torch.nn.Linear(2, 2); other.load_state_dict(again(layer.state_dict())); print(torch.equal(other.weight, layer.weight), other.weight._version)
