# fmt: off
# ruff: noqa
# Writing to places of a tensor, new tensors like one, and what a tensor says of itself.

# %% written in place
k = torch.tensor([[0, 1, 1], [1, 0, 0]])
i = torch.tensor([1, 0, 1])
for write in (lambda z, w: z.index_add_(1, i, w), lambda z, w: z.index_copy_(1, i[:2], w[:, :2]),
              lambda z, w: z.index_fill_(1, i[:2], 3), lambda z, w: z.index_put_((i[:2],), w),
              lambda z, w: z.masked_fill_(z > 0, 2), lambda z, w: z.masked_scatter_(z > 0, w),
              lambda z, w: z.scatter_(0, k, w), lambda z, w: z.scatter_add_(0, k, w),
              lambda z, w: z.tril_(), lambda z, w: z.triu_(1), lambda z, w: z.addmm_(w, w.t() @ w),
              lambda z, w: z.swapaxes_(0, 1), lambda z, w: z.swapdims_(0, 1)):
    x = torch.tensor(numbers(2, 3), dtype=torch.float64, requires_grad=True)
    w = torch.tensor(numbers(2, 3), dtype=torch.float64, requires_grad=True)
    z = x * 1
    out = write(z, w)
    see(out, out is z, z._version)
    z.backward(torch.tensor(numbers(*z.shape), dtype=torch.float64))
    see(x.grad, w.grad)

# %% new ones like it
x = torch.tensor(numbers(2, 3), dtype=torch.float64, requires_grad=True)
see(x.new_zeros(2), x.new_ones((1, 2)), x.new_full((2,), 3), x.new_tensor([1, 2]), x.new(2, 1).shape)
print(x.new_empty(2, 3).shape, x.new_empty((0,)))
see(torch.ones(2).type_as(x), x.expand_as(x), x.view_as(torch.ones(3, 2)), x.reshape_as(torch.ones(6)))

# %% of itself
x = torch.tensor(numbers(2, 3), requires_grad=True)
print(x.is_floating_point(), x.is_complex(), x.is_signed(), x.ndimension(), x.nelement())
print(x.element_size(), x.double().element_size(), x.get_device(), x.cpu() is x, x.t().contiguous().stride())
y = x * 2
print(y.detach_() is y, y.requires_grad, y.is_leaf)

# %% products by places (the warning comes again where the backward pass multiplies)
import warnings
place = torch.tensor([1, 0, 1])
with warnings.catch_warnings(record=True):
    for first in (1.5, 0.0):
        for include in (True, False):
            x = torch.tensor([[first, -2.0, 3.0], [0.5, 1.0, -1.0]], dtype=torch.float64, requires_grad=True)
            y = torch.tensor([[2.0, first, 0.25], [-1.0, 2.0, 0.5]], dtype=torch.float64, requires_grad=True)
            out = torch.index_reduce(x, 1, place, y, "prod", include_self=include)
            grads = torch.autograd.grad(out, (x, y), torch.arange(6.0, dtype=torch.float64).reshape(2, 3), create_graph=True)
            print(out, [grad.detach() for grad in grads])
            print(torch.autograd.grad((grads[0] * grads[1]).sum(), (x, y), allow_unused=True))
