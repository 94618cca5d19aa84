# fmt: off
# ruff: noqa
# Images made larger or smaller. (Cells: see tests/engine/observe.py.)

# %% interpolate: the usual ways, and what the nodes save
x = torch.tensor(numbers(1, 2, 3, 4), requires_grad=True)
F = torch.nn.functional
for mode in ("nearest", "nearest-exact", "bilinear", "bicubic"):
    out = F.interpolate(x, scale_factor=(1.5, 2), mode=mode)
    print(out.shape, out.stride(), out.grad_fn.name())
    node = out.grad_fn
    print(node._saved_output_size, node._saved_scales_h, node._saved_scales_w)
    print(node._saved_self_sym_sizes, getattr(node, "_saved_align_corners", "none"))
    (grad,) = torch.autograd.grad(out, x, torch.ones_like(out).requires_grad_(), create_graph=True)
    see(out, grad)
    print(grad.grad_fn.name(), grad.grad_fn._saved_output_size, grad.grad_fn._saved_scales_w)
for size, mode in (((5,), "linear"), ((2, 5, 3), "trilinear"), (4, "nearest"), (4, "linear")):
    axes = len(size) if isinstance(size, tuple) else 1
    out = F.interpolate(torch.tensor(numbers(1, 1, *(3, 4, 2)[:axes])), size, mode=mode)
    see(out)
see(F.interpolate(x, scale_factor=1.7, mode="bilinear", recompute_scale_factor=True))
see(F.interpolate(x, 5, None, "bicubic", True))
see(F.interpolate(x.double(), 1), F.interpolate(x.half(), scale_factor=0.5, mode="bilinear"))
see(F.interpolate(torch.tensor([[[1, 2, 3]]], dtype=torch.uint8), 5))

# %% interpolate refuses what PyTorch refuses
F, one = torch.nn.functional, torch.ones
for kind in (torch.int64, torch.bool, torch.int32):
    attempt(lambda: F.interpolate(one(1, 1, 3, dtype=kind), 2))
    attempt(lambda: F.interpolate(one(1, 1, 3, dtype=kind), 2, mode="linear"))
attempt(lambda: F.interpolate(one(1, 0, 3), 2))
print(F.interpolate(one(0, 1, 3), 2).shape)
attempt(lambda: F.interpolate(one(1, 1, 0), scale_factor=2))
attempt(lambda: F.interpolate(one(1, 1, 3, 2), 0))
attempt(lambda: F.interpolate(one(1, 1, 3, 2, 1), 0))
attempt(lambda: F.interpolate(one(3), 0))
attempt(lambda: F.interpolate(one(1, 1, 3), scale_factor=-1.0))
attempt(lambda: F.interpolate(one(1, 1, 3), 2, mode="bicubic"))
attempt(lambda: F.interpolate(one(1, 1, 3), 2, 2))
attempt(lambda: F.interpolate(one(1, 1, 3)))
attempt(lambda: F.interpolate(one(1, 1, 3), (2, 2)))
attempt(lambda: F.interpolate(one(1, 1, 3), (2.5,)))
attempt(lambda: F.interpolate(one(1, 1, 3), scale_factor=(2, 2)))
attempt(lambda: F.interpolate(one(1, 1, 3), 2, recompute_scale_factor=True))
attempt(lambda: F.interpolate(one(1, 1, 3), 2, align_corners=True))
attempt(lambda: F.interpolate(one(1, 1, 3), 2, mode="linear", antialias=True))

# %% Upsample as a layer
for layer in (
    torch.nn.Upsample(3),
    torch.nn.Upsample(scale_factor=2, mode="bilinear"),
    torch.nn.Upsample((2, 3), mode="bicubic", align_corners=True),
    torch.nn.Upsample(scale_factor=(1.5, 2)),
):
    print(layer)
    see(layer(torch.tensor(numbers(1, 1, 2, 2))))
