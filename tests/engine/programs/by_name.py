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
