# fmt: off
# ruff: noqa
# Convolutions. (Cells: see tests/engine/observe.py.)

# %% a weight slid over images
conv2d, D = torch.nn.functional.conv2d, torch.float64
for options, groups in (({}, 1), ({"stride": 2}, 1), ({"padding": 1}, 1), ({"dilation": 2}, 1), ({"stride": (1, 2), "padding": (2, 0), "dilation": (1, 2)}, 1),
                        ({"padding": "same"}, 1), ({"padding": "valid"}, 1), ({"padding": "same", "dilation": 2}, 1), ({"stride": 2}, 2)):
    x, w, b = (torch.tensor(numbers(*n), dtype=D, requires_grad=True) for n in ((1, 2, 5, 4), (4, 2 // groups, 3, 2), (4,)))
    for bias in (b, None):
        out = conv2d(x, w, bias, groups=groups, **options)
        see(out)
        leaves = [x, w] if bias is None else [x, w, b]
        first = torch.autograd.grad(out, leaves, torch.tensor(numbers(*out.shape), dtype=D), create_graph=True)
        see(first)
        second = torch.autograd.grad(sum((g ** 2).sum() for g in first), leaves, allow_unused=True)
        see(second)
x, w = torch.tensor(numbers(4, 5, 6)), torch.tensor(numbers(6, 4, 3, 2), requires_grad=True)
see(torch.conv2d(x, w), torch.conv2d(x, w).grad_fn.next_functions[0][0].name(), torch.conv2d(x[None][:0], w))
derivatives(torch.conv1d(torch.tensor(numbers(3, 7)), w[:, :3, 0]), w)

# %% what a convolution saves
x, w, b = (torch.tensor(numbers(*n), requires_grad=True) for n in ((2, 4, 5, 6), (6, 2, 3, 2), (6,)))
for bias in (b, None):
    node = torch.conv2d(x, w, bias, 2, 1, groups=2).grad_fn
    see(node._saved_bias_sym_sizes_opt, node._saved_stride, node._saved_padding, node._saved_dilation, node._saved_groups, node._saved_transposed, node._saved_output_padding)
    see(node._saved_input is x, node._saved_weight is w, [n and n.name() for n, k in node.next_functions])
y = x * 1
out = torch.conv2d(y, w, groups=2)
y.add_(1)
attempt(lambda: out.sum().backward())
F = torch.nn.functional
inputs = tuple(torch.tensor(numbers(*n), dtype=torch.float64, requires_grad=True) for n in ((2, 3, 7), (4, 3, 3), (4,)))
see(torch.autograd.gradcheck(lambda x, w, b: F.conv1d(x, w, b, stride=2, padding=1), inputs, check_forward_ad=True))
see(torch.autograd.gradgradcheck(lambda x, w, b: F.conv1d(x, w, b, stride=2), inputs))
ad = torch.autograd.forward_ad
with ad.dual_level():
    see(ad.unpack_dual(F.conv1d(*(ad.make_dual(v.detach(), v.detach().cos()) for v in inputs))).tangent)

# %% convolutions that are refused
x, w, b = (torch.ones(n, dtype=torch.float64) for n in ((2, 4, 5, 6), (6, 4, 3, 2), (6,)))
conv1d, conv2d = torch.nn.functional.conv1d, torch.nn.functional.conv2d
for action in (
    lambda: conv2d(x, w.float()), lambda: conv2d(x, w, b.float()), lambda: conv2d(x, w, b[1:]), lambda: conv2d(x, w[:, 1:]), lambda: conv2d(b, w), lambda: conv2d(x[0, 0], w),
    lambda: conv2d(x, w[..., 0]), lambda: conv2d(x, w, stride=0), lambda: conv2d(x, w, padding=-1), lambda: conv2d(x, w, dilation=0), lambda: conv2d(x, w, groups=3), lambda: conv2d(x, w, groups=0),
    lambda: conv2d(x, w, stride=(1, 2, 3)), lambda: conv2d(x, w, padding="full"), lambda: conv2d(x, w, padding="same", stride=2), lambda: conv2d(x, w.repeat(1, 1, 3, 3)), lambda: conv2d(x, w[:0]),
    lambda: conv2d(3, w), lambda: conv2d(x, 3), lambda: conv2d(x, w, 3), lambda: conv2d(x, w, stride="a"), lambda: conv2d(x, w, b[:, None]), lambda: conv1d(x, w), lambda: conv2d(x, w[:5, :2], groups=2),
):
    attempt(action)

# %% layers that convolve
nn = torch.nn
for layer in (nn.Conv2d(4, 6, (3, 2), stride=2, padding=1, dilation=(1, 2), groups=2, bias=False), nn.Conv1d(1, 2, 3, padding="same"), nn.Conv2d(1, 2, 3, padding_mode="reflect", padding=1)):
    print(layer)
    see(list(layer.state_dict()), layer.weight.shape, layer.kernel_size, layer.padding, layer.stride)
for action in (lambda: nn.Conv2d(3, 4, 2, groups=2), lambda: nn.Conv2d(4, 3, 2, groups=2), lambda: nn.Conv2d(3, 4, 2, padding="same", stride=2), lambda: nn.Conv2d(3, 4, 2, groups=0)):
    attempt(action)
for mode in ("zeros", "circular", "reflect", "replicate"):
    layer = nn.Conv2d(1, 2, (2, 3), padding=1, padding_mode=mode)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(numbers(2, 1, 2, 3)))
        layer.bias.zero_()
    see(layer(torch.tensor(numbers(1, 1, 4, 3))), layer(torch.tensor(numbers(1, 4, 3))).shape)
see(nn.Conv2d(1, 2, (1, 3), padding="same", padding_mode="reflect")(torch.ones(1, 1, 3, 3)).shape)
layer = nn.Conv2d(3, 4, 5)
see(bool((layer.weight.abs() < 75 ** -0.5).all()), bool((layer.bias.abs() < 75 ** -0.5).all()), layer.weight.requires_grad)
net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten(), nn.Linear(8, 1))
net(torch.ones(3, 1, 4, 4)).sum().backward()
see([p.grad.shape for p in net.parameters()])

# %% blocks as columns
F, D = torch.nn.functional, torch.float64
x = torch.tensor(numbers(2, 2, 4, 5), dtype=D, requires_grad=True)
for kernel, options in ((2, {}), ((2, 3), {}), ((3, 1), {"padding": (1, 0)}), (2, {"dilation": (1, 2)}), (2, {"stride": (2, 1), "padding": 1}), ((1, 2), {"stride": 3, "dilation": 2, "padding": 2})):
    columns = F.unfold(x, kernel, **options)
    see(columns, columns.grad_fn.name(), F.unfold(x[0], kernel, **options), F.unfold(x[:0], kernel, **options))
    image = F.fold(columns * columns, (4, 5), kernel, **options)
    see(image, image.grad_fn.name())
    derivatives(image, x)
    see(F.fold(columns[0], (4, 5), kernel, **options), F.fold(columns[:0], (4, 5), kernel, **options))
    for node in (columns.grad_fn, image.grad_fn):
        see({name: getattr(node, name) for name in dir(node) if name.startswith("_saved")})
see(F.unfold(x > 0, (2, 4)))
see(torch.autograd.gradcheck(lambda x: F.unfold(x, 2, stride=2), x, check_forward_ad=True), torch.autograd.gradgradcheck(lambda x: F.unfold(x, 2, padding=1), x))
see(torch.autograd.gradcheck(lambda x: F.fold(x.reshape(2, 8, 5), (2, 6), 2), x, check_forward_ad=True))

# %% blocks that are refused
F = torch.nn.functional
x, y = torch.ones(2, 2, 4, 5), torch.ones(2, 6, 12)
for action in (
    lambda: F.unfold(x[0, 0], 2), lambda: F.unfold(x, 9), lambda: F.unfold(x, 0), lambda: F.unfold(x, 2, 0), lambda: F.unfold(x, 2, 1, -1), lambda: F.unfold(x, 2, 1, 1, 0), lambda: F.unfold(x, (1, 2, 3)),
    lambda: F.unfold(x, "a"), lambda: F.unfold(x.long(), 2), lambda: F.unfold(3, 2), lambda: F.unfold(x[:, :0], 2), lambda: F.unfold(x[..., :0], 2), lambda: F.unfold(x, 2, (1, 2, 3)), lambda: F.unfold(x, 2.5),
    lambda: F.unfold(x, [2]), lambda: F.unfold(x, (2, 1), 0, 0, (1, 2)), lambda: F.unfold(x, 9, 2, 1, 3),
    lambda: F.fold(y, (4, 5), (2, 3)), lambda: F.fold(y, (4, 5), 2), lambda: F.fold(y, 4, (2, 3)), lambda: F.fold(y[0, 0], 4, 2), lambda: F.fold(y, (4, 5), 0), lambda: F.fold(y, (4, 5), 2, 0), lambda: F.fold(y, (4, 5), 2, 1, -1),
    lambda: F.fold(y, (4, 5), 2, 1, 1, 0), lambda: F.fold(y, (4, 5, 6), 2), lambda: F.fold(y, (0, 5), 2), lambda: F.fold(y, (4, -5), (2, 3)), lambda: F.fold(y[:, :0], (4, 5), 2), lambda: F.fold(y[..., :0], (1, 1), (2, 3)),
    lambda: F.fold(y[..., :9].long(), (4, 5), (2, 3)), lambda: F.fold(y[0], (1, 1), (2, 3)), lambda: F.fold(y, (4,), (2, 3)),
):
    attempt(action)
nn = torch.nn
for layer in (nn.Unfold(2), nn.Unfold((2, 3), padding=1, stride=(1, 2)), nn.Fold((4, 5), (2, 3)), nn.Fold(5, 2, stride=3)):
    print(layer)
see(nn.Unfold((2, 3), padding=1)(x), nn.Fold((4, 5), (2, 3))(nn.Unfold((2, 3))(x)))

# %% pooling: values, places, what nodes show, layers
nn, F = torch.nn, torch.nn.functional
x = torch.tensor([[[[1.0, 5.0, 2.0, 5.0], [5.0, 0.5, -3.0, 4.0], [7.0, 7.0, 7.0, 1.0], [0.0, -1.0, 7.0, 7.0]]]], requires_grad=True)
for out in (F.max_pool2d(x, 2), F.max_pool2d(x, 3, 1, 1), F.max_pool2d(x, (2, 1), stride=(1, 2)), F.max_pool2d(x[0], 2, 1, 1, 1, True), F.avg_pool2d(x, 2), F.avg_pool2d(x, 2, 1, 1, True, False),
            F.avg_pool2d(x, 2, divisor_override=3), F.max_pool1d(x[0], 2), F.max_pool1d(x[0, 0], 3, 1, 1), F.avg_pool1d(x[0], 2), F.avg_pool1d(x[0, 0], 3, 2, 1, True, False),
            torch.max_pool2d(x, 2), torch.max_pool1d(x[0], 2), torch.avg_pool1d(x[0], [2]), F.max_pool2d(F.pad(x, (1, 0)), 2, ceil_mode=True)):
    node = out.grad_fn
    see(out, torch.autograd.grad(out.sum(), x, create_graph=True))
    print({name[7:]: getattr(node, name) for name in dir(node) if name.startswith("_saved") and not isinstance(getattr(node, name), torch.Tensor)})
see(F.max_pool2d(x, 2, return_indices=True), F.max_pool1d(x[0], 2, 1, return_indices=True), F.max_pool2d(x.int(), 2), F.max_pool2d(x.detach(), 3, 1, 1, return_indices=True))
for layer in (nn.MaxPool2d(2), nn.MaxPool2d((2, 1), 2, padding=(1, 0), return_indices=True), nn.MaxPool1d(3, dilation=1), nn.AvgPool2d(2, 1), nn.AvgPool2d(3, ceil_mode=True, divisor_override=2), nn.AvgPool1d(2), nn.MaxPool2d(2, ceil_mode=True)):
    print(layer)
    see(layer(x[0] if "1d" in str(layer) else x))
y = x * 1
out = F.max_pool2d(y, 2)
y.add_(1)
attempt(lambda: out.sum().backward())
for call in (lambda: F.max_pool2d(x[0, 0], 2), lambda: F.max_pool2d(x, 2, padding=2), lambda: F.max_pool2d(x, 9), lambda: F.max_pool2d(x, 0), lambda: F.max_pool2d(x, 2, 0), lambda: F.max_pool2d(x, (2, 2, 2)),
             lambda: F.max_pool2d(x, 2, (1, 1, 1)), lambda: F.max_pool2d(x, 2, padding=(0, 0, 0)), lambda: F.max_pool2d(x, 2, dilation=(1, 1, 1)), lambda: F.max_pool2d(x, 2, dilation=0), lambda: F.max_pool2d(x, 2, padding=-1), lambda: F.max_pool2d(x, 2, -1),
             lambda: F.max_pool2d(x.bool(), 2), lambda: F.max_pool2d(x[:, :0], 2), lambda: F.max_pool2d(x[:, :, :0], 2), lambda: see(F.max_pool2d(x[:0], 2)), lambda: F.max_pool2d("a", 2), lambda: F.max_pool2d(x, "a"), lambda: F.max_pool1d(x, 2),
             lambda: F.max_pool1d(x[0], 2, padding=2), lambda: F.max_pool1d(x[0].detach(), 9), lambda: F.avg_pool2d(x, 2, divisor_override=0), lambda: F.avg_pool2d(x[0, 0], 2), lambda: F.avg_pool2d(x, 9), lambda: F.avg_pool2d(x.int(), 2),
             lambda: F.avg_pool2d(x, 2, padding=2), lambda: F.avg_pool1d(x, 2), lambda: F.avg_pool1d(x[0], 2, padding=2), lambda: F.avg_pool2d(x), lambda: F.avg_pool1d(x[0], 2.5)):
    attempt(call)

# %% a network of convolutions, trained
nn, F = torch.nn, torch.nn.functional
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 3, 3), nn.Conv2d(3, 4, 3)
        self.pool = nn.MaxPool2d(2, 2)
        self.fc1, self.fc2 = nn.Linear(16, 8), nn.Linear(8, 3)
    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        x = F.avg_pool2d(F.relu(self.conv2(x)), 2, 1)
        return self.fc2(F.relu(self.fc1(torch.flatten(x, 1))))
torch.manual_seed(0)
net = Net()
print(net)
images, labels = torch.randn(4, 1, 12, 12), torch.tensor([0, 2, 1, 1])
optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
for _ in range(5):
    optimizer.zero_grad()
    loss = F.cross_entropy(net(images), labels)
    loss.backward()
    optimizer.step()
    see(loss)
see(net.conv1.bias, net.fc2.weight)
