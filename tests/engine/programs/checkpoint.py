# fmt: off
# ruff: noqa
# torch.utils.checkpoint. (Cells: see tests/engine/observe.py.)

# %% both ways
import importlib
checkpoint = importlib.import_module(torch.__name__ + ".utils.checkpoint").checkpoint
runs = []
def f(x, w):
    runs.append("run")
    return (x * w).sin().exp()
x = torch.tensor([1.0, 2.0], requires_grad=True)
w = torch.tensor([0.5, 0.3], requires_grad=True)
for options in ({"use_reentrant": True}, {"use_reentrant": False}, {"use_reentrant": False, "preserve_rng_state": False}):
    x.grad = w.grad = None
    out = checkpoint(f, x, w, **options)
    see(out)
    out.sum().backward()
    see(len(runs), x.grad, w.grad)
    attempt(lambda: see(torch.autograd.grad(checkpoint(f, x, w, **options).sum(), x)))
    attempt(lambda: see(torch.autograd.grad(torch.autograd.grad(checkpoint(f, x, w, **options).sum(), x, create_graph=True)[0].sum(), (x, w))))
    see(checkpoint(f, x.detach(), w.detach(), **options))
    print(checkpoint(lambda a: (a * 2, 3, None), x, **options))
    for keep in (False, True):
        y = checkpoint(f, x, w, **options).sum()
        y.backward(retain_graph=keep)
        attempt(y.backward)
    attempt(lambda: see(checkpoint(lambda a, b=1: a * b, x, b=2, **options)))
    with torch.no_grad():
        see(checkpoint(f, x, w, **options))
see(checkpoint(f, x, w))

# %% nested, in a row, and another the second time
import importlib
module = importlib.import_module(torch.__name__ + ".utils.checkpoint")
x = torch.tensor([1.0, 2.0], requires_grad=True)
inner = lambda a: module.checkpoint(lambda b: b.sin(), a, use_reentrant=False).exp()
module.checkpoint(inner, x, use_reentrant=False).sum().backward()
see(x.grad)
layers = [lambda a: a.sin(), lambda a: a * 2, lambda a: a.exp(), lambda a: a ** 2]
for use_reentrant in (True, False):
    x.grad = None
    module.checkpoint_sequential(layers, 2, x, use_reentrant=use_reentrant).sum().backward()
    see(x.grad)
def other(first, second):
    runs = []
    def f(a):
        runs.append(1)
        return first(a) if len(runs) == 1 else second(a)
    try:
        module.checkpoint(f, x, use_reentrant=False).sum().backward()
    except RuntimeError as error:
        print(type(error).__name__, str(error).split("\n\nTip")[0].strip())
other(lambda a: a.sin().exp(), lambda a: a.sin())
other(lambda a: a.sin(), lambda a: a.sin().exp().exp())
other(lambda a: a.sin(), lambda a: a.expand(3, 2).sin())

# %% random numbers come again
import importlib
checkpoint = importlib.import_module(torch.__name__ + ".utils.checkpoint").checkpoint
x = torch.ones(100, requires_grad=True)
for use_reentrant in (True, False):
    torch.manual_seed(0)
    out = checkpoint(lambda a: torch.nn.functional.dropout(a, 0.5) * a, x, use_reentrant=use_reentrant)
    after = torch.rand(3).tolist()
    x.grad = None
    out.sum().backward()
    print(x.grad.tolist() == (2 * out).tolist(), 0 < out.sum().item() < 200, after != torch.rand(3).tolist())
