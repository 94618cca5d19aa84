# fmt: off
# ruff: noqa
# Normalisation of each sample alone. (Cells: see tests/engine/observe.py.)

# %% instance_norm is a batch norm of all channels of all samples
F = torch.nn.functional
x = torch.tensor(numbers(2, 3, 2, 2), dtype=torch.float64, requires_grad=True)
w, b = (torch.tensor(numbers(3), dtype=torch.float64, requires_grad=True) for _ in range(2))
derivatives(F.instance_norm(x), x)
derivatives(F.instance_norm(x, weight=w, bias=b), x)
mean, var = torch.zeros(3, dtype=torch.float64), torch.ones(3, dtype=torch.float64)
out = F.instance_norm(x, mean, var, w, b, momentum=0.5, eps=0.1)
see(out, *torch.autograd.grad(out, (x, w, b), torch.tensor(numbers(2, 3, 2, 2)).double()))
see(mean, var)
out = F.instance_norm(x, mean, var, w, use_input_stats=False)
see(out)
node = out.grad_fn.next_functions[0][0]
print(node.name(), [fn and fn.name() for fn, _ in node.next_functions])
see(F.instance_norm(x.float(), mean.float(), var.float()))

# %% instance_norm: what is refused
F, one = torch.nn.functional, torch.ones
attempt(lambda: F.instance_norm(one(2, 3, 1)))
attempt(lambda: F.instance_norm(one(3)))
attempt(lambda: F.instance_norm(one(2, 3, 4), use_input_stats=False))
attempt(lambda: F.instance_norm(one(2, 3, 4), one(3), None))
attempt(lambda: F.instance_norm(one(2, 3, 4).long()))
attempt(lambda: F.instance_norm(one(2, 3, 4), weight=one(4)))
attempt(lambda: F.instance_norm(one(2, 3, 4), one(4), one(4)))
attempt(lambda: F.instance_norm(one(2, 3, 4), weight=one(3).double()))
print(F.instance_norm(one(0, 3, 4)).shape)

# %% instance and batch norm as layers, with and without a batch
nn = torch.nn
for layer in (
    nn.InstanceNorm1d(3),
    nn.InstanceNorm2d(3, affine=True, track_running_stats=True),
    nn.BatchNorm2d(3, momentum=None),
    nn.InstanceNorm1d(3, 0.1, 0.5, True, bias=False),
):
    print(layer, list(layer.state_dict()))
    for size in (
        (2, 3),
        (3, 2),
        (2, 3, 2),
        (3, 2, 2),
        (2, 3, 2, 2),
        (2, 4, 2),
        (2, 4, 2, 2),
        (1,),
        (3, 1),
    ):
        attempt(lambda: see(layer(torch.tensor(numbers(*size)))))
    see(*layer.buffers())
    layer.eval()
    attempt(lambda: see(layer(torch.tensor(numbers(2, 3, 2)))))
    attempt(lambda: see(layer(torch.tensor(numbers(2, 3, 2, 2)))))
