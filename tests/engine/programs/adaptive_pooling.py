# fmt: off
# ruff: noqa
# Pooling to a given size. (Cells: see tests/engine/observe.py.)

# %% sizes, histories and what the nodes save
F = torch.nn.functional

def names(node):
    return [node.name()] + [name for fn, _ in node.next_functions if fn for name in names(fn)]

for axes, shape in ((1, (2, 3, 5)), (2, (2, 3, 5, 6)), (3, (1, 2, 3, 4, 5))):
    pool = getattr(F, f"adaptive_avg_pool{axes}d")
    for size in (1, 3, (2,) * axes, 7):
        for whole in (torch.tensor(numbers(*shape), dtype=torch.float64, requires_grad=True),
                      torch.tensor(numbers(*shape[1:]), requires_grad=True)):
            out = pool(whole, size)
            print(out.shape, out.stride(), names(out.grad_fn))
            derivatives(out, whole)
x = torch.tensor(numbers(1, 2, 5, 4), requires_grad=True)
out = F.adaptive_avg_pool2d(x, (None, 3))
grad, = torch.autograd.grad(out, x, torch.ones_like(out).requires_grad_(), create_graph=True)
node = grad.grad_fn
print(node._saved_grad_output_sym_argsize_minus_1, node._saved_grad_output_sym_argsize_minus_2)
see(out.grad_fn._saved_self, grad)
print(len(node.next_functions))
see(F.adaptive_avg_pool2d(x.half(), 2), F.interpolate(x, scale_factor=0.7, mode="area"))
see(F.interpolate(x[0], 3, mode="area"), F.adaptive_avg_pool2d(torch.ones(0, 1, 3, 3), 2))
for layer in (torch.nn.AdaptiveAvgPool2d(3), torch.nn.AdaptiveAvgPool2d((None, 2))):
    print(layer)
    see(layer(x))
layer = torch.nn.AdaptiveAvgPool1d(2)
print(layer)
see(layer(x[0]))

# %% what pooling to a given size refuses
F, one = torch.nn.functional, torch.ones
attempt(lambda: F.adaptive_avg_pool2d(one(3, 3), 2))
attempt(lambda: F.adaptive_avg_pool2d(one(1, 1, 3, 3).long(), 2))
attempt(lambda: F.adaptive_avg_pool2d(one(1, 1, 3, 3), (2, 2, 2)))
attempt(lambda: F.adaptive_avg_pool2d(one(1, 1, 0, 3), 2))
print(F.adaptive_avg_pool2d(one(1, 0, 3, 3), 2).shape, F.adaptive_avg_pool2d(one(1, 1, 3, 3), 0).shape)
attempt(lambda: F.adaptive_avg_pool2d(one(1, 1, 3, 3), -1))
attempt(lambda: F.adaptive_avg_pool1d(one(3), 2))
attempt(lambda: F.adaptive_avg_pool1d(one(1, 1, 3), (2, 2)))
attempt(lambda: F.adaptive_avg_pool3d(one(1, 1, 3, 3), (1, 2)))
attempt(lambda: F.adaptive_avg_pool3d(one(3, 3), 2))
attempt(lambda: F.adaptive_avg_pool2d(one(3, 3), (2, 2)))
