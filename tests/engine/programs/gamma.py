# fmt: off
# ruff: noqa
# The gamma function. (Cells: see tests/engine/observe.py.)

# %% igamma and igammac: values and gradients of the second input
inf, nan = float("inf"), float("nan")
a = torch.tensor([0.0, 0, 1, 1, -1, 1, inf, 1, inf, 0, nan, 0.5, 1e-3, 100, 200, 1e4, 1e-8, 0.5, 30, 3])
x = torch.tensor([0.0, 1, 0, -1, 1, inf, 1, nan, inf, inf, 1, 0.3, 1e-3, 100, 150, 1e4, 1, 20, 31.5, 2])
see(torch.igamma(a.double(), x.double()), torch.igammac(a.double(), x.double()))
see(torch.igamma(a, x), torch.igammac(a[:16], x[:16]))
a = torch.tensor(numbers(2, 3, low=0.1, high=9), dtype=torch.float64)
x = torch.tensor(numbers(2, 3, low=0.1, high=9), dtype=torch.float64, requires_grad=True)
for function in (torch.igamma, torch.igammac):
    derivatives(function(a, x), x)
    derivatives(function(a[0], x), x)
    out = function(a, x)
    print(out.grad_fn.name(), out.grad_fn.next_functions[0])
    see(out.grad_fn._saved_self, out.grad_fn._saved_other)
see(a.igamma(x), a.igammac(x), a.clone().igamma_(x.detach()), a.clone().igammac_(x.detach()))
print(torch.igamma(torch.ones(2), torch.ones(2).double()).dtype, torch.ones(2).half().igamma(torch.ones(2).half()))
print(torch.igamma(torch.ones(2).long(), torch.ones(2)))

# %% igamma: what is refused
a = torch.ones(2, requires_grad=True)
out = torch.igamma(a, torch.ones(2))
attempt(lambda: out.sum().backward())
attempt(lambda: torch.igammac(a, a).sum().backward())
attempt(lambda: torch.igamma(torch.ones(2).long(), torch.ones(2).long()))
attempt(lambda: torch.igamma(a, 2.0))
forward_ad = torch.autograd.forward_ad
with forward_ad.dual_level():
    dual = forward_ad.make_dual(torch.ones(2), torch.ones(2))
    attempt(lambda: torch.igamma(dual, torch.ones(2)))
    attempt(lambda: torch.igamma(torch.ones(2), dual))

# %% poles and great numbers of lgamma, digamma and polygamma
x = torch.tensor([0.0, -0.0, -1, -2, -1.5, -7.25, 1e-30, 1e30, float("inf"), 0.1, 11, 40, float("nan")])
for kind in (torch.float64, torch.float32):
    see(x.to(kind).lgamma(), x.to(kind).digamma(), x.to(kind)[[0, 6, 7, 9, 10]].polygamma(1))
see(torch.tensor([1, 5]).lgamma(), torch.tensor([2]).digamma(), torch.tensor([3]).polygamma(2))
see(torch.polygamma(2, x[9:12]), torch.polygamma(5, x[9:12].double()))
attempt(lambda: torch.polygamma(-1, x))
attempt(lambda: torch.polygamma(1.5, x))
attempt(lambda: x.polygamma("a"))
