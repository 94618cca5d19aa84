# fmt: off
# ruff: noqa
# What is asked for by name, rarely. (Cells: see tests/engine/observe.py.)

# %% anomaly mode, weak references to tensors, contexts that do nothing
torch.set_anomaly_enabled(True)
print(torch.is_anomaly_enabled(), torch.is_anomaly_check_nan_enabled())
torch.set_anomaly_enabled(enabled=False, check_nan=False)
print(torch.is_anomaly_enabled(), torch.is_anomaly_check_nan_enabled())
torch.set_anomaly_enabled(False)
attempt(lambda: torch.set_anomaly_enabled(1))
x = torch.ones(2, requires_grad=True)
weak = torch._C._WeakTensorRef(x)
print(weak.expired())
y = x.detach()
del x
print(weak.expired())
checkpoint = torch.utils.checkpoint
print(*(type(context).__name__ for context in checkpoint.noop_context_fn()))
x = torch.ones(2, requires_grad=True)
attempt(lambda: checkpoint.checkpoint(torch.sin, x, use_reentrant=False, context_fn=None))
attempt(lambda: checkpoint.checkpoint(torch.sin, x, use_reentrant=True, context_fn=None))
see(checkpoint.checkpoint(torch.sin, x, use_reentrant=True, context_fn=checkpoint.noop_context_fn))

# %% what arrives at a node, as a list; Variables that are no longer
x = torch.ones(2, requires_grad=True)
print((x * x).grad_fn._input_metadata[0].shape, x.sum().grad_fn._input_metadata[0].shape)

class Old(Function):
    def forward(self, x):
        return x

Variable = torch.autograd.Variable
attempt(lambda: Variable(torch.ones(1), requires_grad=True, volatile=True))
attempt(lambda: Variable(torch.ones(1), _grad_fn=Old()))

# %% what a backward pass induces, behind another pass within it
class Nested(Function):
    @staticmethod
    def forward(ctx, x):
        return x.clone()

    @staticmethod
    def backward(ctx, grad):
        with torch.enable_grad():
            y = torch.ones(2, requires_grad=True)
            (y * y).sum().backward()
        return (grad * 0).sqrt() * 0

import warnings

x = torch.ones(2, requires_grad=True)
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    with torch.autograd.detect_anomaly():
        out = Nested.apply(x)
        seed = torch.ones(2, requires_grad=True)
        grad, = torch.autograd.grad(out, x, seed, create_graph=True)
        attempt(lambda: grad.sum().backward())
for warning in said:
    text = str(warning.message).strip()
    if "jit" not in text:
        print(text.partition(". ")[0].partition("\n")[0])

# %% a callback at the end of a backward pass: no node is at work
found = []

class Calling(Function):
    @staticmethod
    def forward(ctx, x):
        return x.clone()

    @staticmethod
    def backward(ctx, grad):
        found.append(torch._C._current_autograd_node() is ctx)
        torch.autograd.Variable._execution_engine.queue_callback(
            lambda: found.append(torch._C._current_autograd_node()))
        return grad

Calling.apply(torch.ones(2, requires_grad=True)).sum().backward()
print(found)

# %% an operation on each tensor of a list
make = lambda: [torch.tensor(numbers(2), requires_grad=True), torch.tensor(numbers(2, 3), requires_grad=True)]
def show(name, *args, **options):
    out = getattr(torch, "_foreach_" + name)(*args, **options)
    print(name, type(out).__name__, len(out))
    see(*(one.detach() for one in out))
    return out
x, y = make(), make()
for name in "abs atan cos erf exp expm1 floor neg round sigmoid sign sin tanh trunc clone norm max".split():
    show(name, x)
for name in "add sub mul div maximum minimum clamp_min clamp_max".split():
    for other in (y, 1.5, [0.5, 2.0]):
        derivatives(show(name, x, other)[1].sum(), x[1])
show("pow", x, 2), show("pow", x, [2, 3]), show("pow", 2.0, x), show("pow", show("abs", x), y), show("mul", x, torch.tensor(3.0))
show("add", x, y, alpha=2), show("lerp", x, y, 0.25), show("addcmul", x, y, y, value=2), show("addcdiv", x, y, show("exp", y), [1.0, 2.0]), show("norm", x, 1)
derivatives(sum(show("norm", show("exp", x))), *x)
with torch.no_grad():
    for name, *others in (("add_", 1), ("mul_", y), ("addcmul_", y, y, 0.5), ("maximum_", y), ("minimum_", 0.5), ("exp_",), ("copy_", y), ("lerp_", x, 0.5), ("pow_", 2), ("zero_",)):
        out = show(name, tuple(y) if name == "exp_" else y, *others)
        print([one is other for one, other in zip(out, y)], [one._version for one in y])
attempt(lambda: torch._foreach_add(x, y[:1]))
attempt(lambda: torch._foreach_add(x, [1]))
attempt(lambda: torch._foreach_exp(x[0]))
attempt(lambda: torch._foreach_exp([]))

# %% what PyTorch's build has; warnings each time; the columns of a unit matrix
print(torch.autograd.kineto_available(), torch._C.has_lapack)
with torch.autograd.profiler.profile(use_kineto=torch.autograd.kineto_available()) as prof:
    torch.ones(2) * 2
print([event.name for event in prof.function_events if event.name == "aten::mul"])
attempt(lambda: torch.set_warn_always(1))
for always in (False, True):
    torch.set_warn_always(always)
    print(torch.is_warn_always_enabled())
inputs = torch.zeros(2), torch.zeros((), dtype=torch.float64), torch.zeros(1, 3)
see(*torch.autograd.functional._construct_standard_basis_for(inputs, tuple(x.numel() for x in inputs)))

# %% a shape by a deprecated name; a saved tensor that no node keeps
x = torch.tensor(numbers(6), requires_grad=True)
y = torch.tensor(numbers(2, 3)).t().requires_grad_()
for out in (x.resize(2, 3), x.resize_as(torch.zeros(3, 2)), y.resize(6), torch.autograd._functions.Resize.apply(x, (1, 6))):
    see(out)
    derivatives((out ** 3).sum(), x if out.numel() and out.grad_fn.next_functions[0][0].variable is x else y)
attempt(lambda: x.resize(5))
attempt(lambda: x.resize_as(torch.zeros(2, 4)))
make = torch._C._autograd._make_saved_tensor
saved = make(x, is_output=False)
print(saved.data is x, saved.unpack() is x, saved.unpack_hook)
saved.register_hooks(lambda x: x * 2, lambda x: x)
see(saved.data.detach(), saved.unpack())
b = x.exp()
with torch.autograd.graph.saved_tensors_hooks(lambda x: x + 1, lambda x: x - 1):
    saved = make(b, is_output=False)
see(saved.unpack(), saved.data.detach())
attempt(lambda: saved.register_hooks(lambda x: x, lambda x: x))
see(torch.autograd.torch.ones(1))
