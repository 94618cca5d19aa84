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

# %% the arguments are saved tensors too
from importlib import import_module
checkpoint = import_module(torch.__name__ + ".utils.checkpoint").checkpoint
x = torch.ones(2, requires_grad=True)
for entries in (False, True):
    y = x * 2
    out = checkpoint(lambda x: x.sin().exp(), y, use_reentrant=entries)
    y.add_(1)
    attempt(lambda: out.sum().backward())
log = []
hooks = torch.autograd.graph.saved_tensors_hooks(lambda t: (log.append(t.tolist()), t)[1], lambda t: (log.append("out"), t)[1])
for call in (lambda: checkpoint(lambda a, b, k: (a * b).sin() * k, x, torch.ones(2) * 5, 3, use_reentrant=False),
             lambda: checkpoint(lambda a, b=None: (a * b).sin(), x, b=torch.ones(2) * 5, use_reentrant=False),
             lambda: checkpoint(lambda pair: (pair[0] * pair[1]).sin(), [x, x * 2], use_reentrant=False)):
    with hooks:
        out = call()
    print(log)
    out.sum().backward()
    print(log)
    log.clear()
with torch.no_grad():
    print(checkpoint(lambda x: x * 2, x, use_reentrant=False).requires_grad)
attempt(lambda: checkpoint(lambda x: x, x, use_reentrant=False, determinism_check="strict"))

# %% a checkpoint within another computes its arguments again
from importlib import import_module
module = import_module(torch.__name__ + ".utils.checkpoint")
calls = []
def f(x): calls.append("f"); return x.sin().exp()
def g(x): calls.append("g"); return module.checkpoint(f, x, use_reentrant=False).cos()
def h(x): calls.append("h"); return module.checkpoint(g, x, use_reentrant=False) * 2
x = torch.tensor(numbers(2), requires_grad=True)
for early in (True, False):
    with module.set_checkpoint_early_stop(early):
        out = module.checkpoint(h, x, use_reentrant=False)
        print(calls)
        out.sum().backward(retain_graph=True)
        print(calls)
        out.sum().backward()
        print(calls)
        see(x.grad)
        grad, = torch.autograd.grad(module.checkpoint(h, x, use_reentrant=False).sum(), x, create_graph=True)
        grad.sum().backward()
        print(calls)
        see(grad, x.grad)
        calls.clear()

# %% what goes wrong around a checkpoint
from contextlib import nullcontext
from importlib import import_module
module = import_module(torch.__name__ + ".utils.checkpoint")
class Swallows:
    def __enter__(self): print("in")
    def __exit__(self, kind, *rest):
        print("out", kind.__name__)
        return self.swallows
def fails(x): raise ValueError("forward failed")
x = torch.ones(1, requires_grad=True)
for swallows in (True, False):
    context = Swallows()
    context.swallows = swallows
    attempt(lambda: module.checkpoint(fails, x, use_reentrant=False, context_fn=lambda: (context, nullcontext())))
for enabled, debug in ((True, False), (False, True), (None, True), (None, False)):
    runs = []
    def changes(x):
        runs.append(1)
        return x.sin().exp() if len(runs) == 1 else x.sin() * torch.ones(2)
    with module.set_checkpoint_debug_enabled(enabled):
        out = module.checkpoint(changes, x, use_reentrant=False, debug=debug)
    try:
        out.backward()
    except module.CheckpointError as error:
        print("because you passed `debug=True`" in str(error))

# %% checkpoints: contexts, and how far the second run goes
import contextlib, importlib
module = importlib.import_module(torch.__name__ + ".utils.checkpoint")
runs = []
@contextlib.contextmanager
def told(name):
    print("enter", name)
    yield
    print("leave", name)
def f(x):
    y = x.sin().cos()
    runs.append("end")
    return y.clone()
x = torch.tensor([1.0, 2.0], requires_grad=True)
module.checkpoint(f, x, use_reentrant=False, context_fn=lambda: (told("first"), told("second"))).sum().backward()
attempt(lambda: module.checkpoint(f, x, use_reentrant=True, context_fn=lambda: (told("first"), told("second"))))
attempt(lambda: module.checkpoint(f, x, use_reentrant=True, debug=True))
for early in ((), (True,), (False,), (False, True), (True, False)):
    for options in ({}, {"early_stop": True}, {"early_stop": False}):
        runs.clear()
        with contextlib.ExitStack() as stack:
            for value in early:
                stack.enter_context(module.set_checkpoint_early_stop(value))
            out = module.checkpoint(f, x, use_reentrant=False, **options)
        out.sum().backward()
        print(early, options, len(runs))
see(x.grad)

# %% checkpoints: what is handed out, and how often
import importlib
module = importlib.import_module(torch.__name__ + ".utils.checkpoint")
runs = []
def f(x):
    runs.append(1)
    y = x.sin().cos()
    return y, y.sin().cos()
x = torch.tensor([1.0, 2.0], requires_grad=True)
def in_two_steps():
    runs.clear()
    y, z = module.checkpoint(f, x, use_reentrant=False)
    grad, = torch.autograd.grad(z, y, torch.ones(2))
    see(torch.autograd.grad(y, x, grad), len(runs))
in_two_steps()
with module.GraphExecGroup():
    in_two_steps()
    out = module.checkpoint(lambda a: a.sin().exp(), x, use_reentrant=False).sum()
    out.backward(retain_graph=True)
    attempt(out.backward)
y, z = module.checkpoint(f, x, use_reentrant=False)
runs.clear()
see(z.grad_fn._saved_self, z.grad_fn._saved_self, len(runs))
class Twice(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * 2
    @staticmethod
    def backward(ctx, grad):
        see(ctx.saved_tensors)
        return grad * ctx.saved_tensors[0]
attempt(lambda: module.checkpoint(lambda a: Twice.apply(a * 1), x, use_reentrant=False).sum().backward())
constant = torch.tensor([5.0, 6.0])
class Keeps(Function):
    @staticmethod
    def forward(ctx, x, y):
        ctx.save_for_backward(y)
        return x * y
    @staticmethod
    def backward(ctx, grad):
        print(ctx.saved_tensors[0] is constant)
        return grad, None
module.checkpoint(Keeps.apply, x, constant, use_reentrant=False).sum().backward()
def inner(a):
    with torch.enable_grad():
        grad, = torch.autograd.grad(a.sin().exp().sum(), a, create_graph=True)
    return grad.cos()
for early in (True, False):
    with module.set_checkpoint_early_stop(early):
        x.grad = None
        module.checkpoint(lambda a: module.checkpoint(inner, a, use_reentrant=False), x, use_reentrant=False).sum().backward()
        see(x.grad)

# %% some results are kept
import importlib
module = importlib.import_module(torch.__name__ + ".utils.checkpoint")
aten, Policy = torch.ops.aten, module.CheckpointPolicy
print(list(Policy))
print(module.SelectiveCheckpointContext(is_recompute=False).is_recompute, aten.mm.default is aten.mm.default, aten.mm.default == aten.sin.default)
weight, x = torch.tensor(numbers(3, 3), requires_grad=True), torch.tensor(numbers(2, 3), requires_grad=True)

def f(x):
    var, mean = torch.var_mean((x.cos() @ weight).sin() @ weight, dim=1)
    return (var * mean).exp()

def kept(what, function=f, **options):
    from functools import partial
    return module.checkpoint(function, x, use_reentrant=False, context_fn=partial(module.create_selective_checkpoint_contexts, what, **options))

asked = []
def policy(context, op, *args, **kwargs):
    if op == aten.mm.default:
        asked.append((context.is_recompute, context.op_output.shape, [list(a.shape) for a in args]))
    return Policy.MUST_SAVE if op in (aten.mm.default, aten.sin.default) else Policy.PREFER_RECOMPUTE

expected = torch.autograd.grad(f(x).sum(), (x, weight))
see(*expected)
for what in ([aten.mm.default], [aten.var_mean.correction, aten.cos.default], policy, *(lambda *args, answer=answer, **named: answer for answer in (True, Policy.PREFER_SAVE, Policy.MUST_RECOMPUTE, False)), []):
    out = kept(what)
    see(out, *torch.autograd.grad(out.sum(), (x, weight)))
see(*torch.autograd.grad(kept(policy).sum(), (x, weight), create_graph=False, retain_graph=False))
print(asked)
out = kept([aten.mm.default])
see(*torch.autograd.grad(out.sum(), (x, weight), retain_graph=True))
attempt(lambda: torch.autograd.grad(out.sum(), (x, weight)))
see(*torch.autograd.grad(torch.autograd.grad(kept([aten.mm.default], lambda x: (x @ weight).sin() ** 3).sum(), x, create_graph=True)[0].sum(), (x, weight)))

# %% what is kept, and is overwritten; lists of something else
import importlib
from functools import partial
module = importlib.import_module(torch.__name__ + ".utils.checkpoint")
aten, contexts = torch.ops.aten, module.create_selective_checkpoint_contexts
x = torch.tensor(numbers(3), requires_grad=True)
f = lambda x: x.sin().mul_(2).cos().exp()
for options in ({}, {"allow_cache_entry_mutation": True}):
    for what in ([aten.sin.default], [aten.cos.default], [aten.exp.default]):
        x.grad = None
        out = module.checkpoint(f, x, use_reentrant=False, context_fn=partial(contexts, what, **options))
        attempt(lambda: out.sum().backward())
        see(x.grad if x.grad is not None else x)
for wrong in ([aten.sin], 2, None):
    try:
        contexts(wrong)
    except (TypeError, ValueError) as error:
        print(type(error).__name__, str(error).partition(" but got")[0])
integers = torch.tensor([1, 2, 3])
both = module.checkpoint(lambda n, x: (n.view(-1), x.sin().view(3, 1).cos()), integers, x, use_reentrant=False, context_fn=partial(contexts, [aten.view.default, aten.sin.default]))
see(both[0], *torch.autograd.grad(both[1].sum(), x))
inner = lambda x: module.checkpoint(lambda x: x.sin().exp(), x, use_reentrant=False, context_fn=partial(contexts, [aten.exp.default])).cos()
for outer in ([], [aten.sin.default], [aten.exp.default, aten.cos.default]):
    see(*torch.autograd.grad(module.checkpoint(inner, x, use_reentrant=False, context_fn=partial(contexts, outer)).sum(), x))
