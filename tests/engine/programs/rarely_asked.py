# fmt: off
# ruff: noqa
# Names of PyTorch's that few programs ask for. (Cells: see tests/engine/observe.py.)

# %% a profile for a browser, and whether one is running
import json, os, tempfile
profiler = torch.autograd.profiler
path = os.path.join(tempfile.mkdtemp(), "trace.json")
x = torch.ones(3, requires_grad=True)
print(torch.autograd._profiler_enabled())
with profiler.profile() as prof:
    print(torch.autograd._profiler_enabled())
    x * 2
    x.exp()
print(torch.autograd._profiler_enabled(), prof.export_chrome_trace(path))
with open(path, encoding="utf-8") as file:
    events = json.load(file)["traceEvents"]
events = [event for event in events if event.get("name") in ("aten::mul", "aten::exp")]
for event in sorted(events, key=lambda event: event["ts"]):
    print(event["name"], event["ph"], event["cat"], event["dur"] >= 0)
for average in prof.key_averages():
    if average.key == "aten::mul":
        print(average.count, average.cpu_time_total_str == average.cpu_time_str)

# %% profiles that are switched off
profiler = torch.autograd.profiler
off = profiler.profile(enabled=False, record_shapes=True)
with off as entered:
    torch.ones(2) * 3
print(entered)
with profiler.emit_nvtx(enabled=False) as entered:
    see(torch.ones(2) * 3)
print(entered)
attempt(lambda: profiler.profile(True, True))

# %% modules that are registered, and a hook on that
from importlib import import_module
nn = torch.nn
hook = import_module(nn.Module.__module__).register_module_module_registration_hook(lambda module, name, child: print(type(module).__name__, name, type(child).__name__))
outer = nn.Module()
outer.register_module("first", nn.Linear(1, 1))
outer.add_module("second", nn.Tanh())
outer.third = nn.Sequential(nn.ReLU())
hook.remove()
outer.register_module("fourth", None)
print(outer)
for name, child in (("", nn.Tanh()), ("a.b", nn.Tanh()), (3, nn.Tanh()), ("forward", nn.Tanh()), ("a", torch.ones(1))):
    attempt(lambda: outer.register_module(name, child))
hook = import_module(nn.Module.__module__).register_module_module_registration_hook(lambda module, name, child: nn.Identity())
outer.register_module("fifth", nn.Linear(1, 1))
hook.remove()
print(outer.fifth)

# %% questions about a graphics card that is not there
cuda = torch.cuda
print(cuda.is_bf16_supported(), cuda.max_memory_allocated(), cuda.max_memory_reserved(), cuda.memory_reserved())
for ask in (cuda.current_stream, cuda.current_device, cuda.synchronize, cuda.get_rng_state, lambda: cuda.get_device_properties(0), lambda: cuda.get_device_capability(0), lambda: cuda.get_device_name(0)):
    attempt(ask)

# %% the mean of what is a number
nan = float("nan")
h = torch.tensor([[1.0, nan], [2.0, -1.0]], requires_grad=True)
for given, named in (((), {}), ((0,), {}), ((1, True), {}), (((0, 1), True), {}), ((), {"dtype": torch.float64}), ((), {"dtype": torch.int64}), ((2,), {}), (((0, 0),), {}), ((1, 0), {})):
    attempt(lambda: see(h.nanmean(*given, **named), *torch.autograd.grad(h.nanmean(*given, **named).sum(), h), torch.nanmean(h, *given, **named)))
for t in (torch.ones(2).long(), torch.ones(2) > 0, torch.ones(0), torch.tensor(2.0), torch.full((2,), nan)): attempt(lambda: see(t.nanmean(), torch.nanmean(t, 0)))
out = torch.zeros(2); see(torch.nanmean(h.detach(), 0, out=out), out)

# %% what a probability for all draws has no derivative of
torch.manual_seed(0)
p = torch.rand(2, 3, requires_grad=True)
drawn = torch.bernoulli(p, 0.5)
see(drawn, torch.bernoulli(p.detach().t(), 0.5), torch.bernoulli(torch.arange(3), 0.5))
print(torch.bernoulli(p.detach().t(), 0.5).stride())
attempt(lambda: drawn.sum().backward())
attempt(lambda: torch.bernoulli(p, 2.0))

# %% numbers that a node shows as they were given
F = torch.nn.functional
a = torch.rand(2, 3, requires_grad=True)
print([torch.logit(a, eps).grad_fn._saved_eps for eps in (0, -1, 0.25, None)])
print(F.hardshrink(a, -1).grad_fn._saved_lambd, torch.lerp(a, a, -1).grad_fn._saved_weight)
print(F.celu(a, 1).grad_fn._saved_alpha, F.celu(a, 1.0).grad_fn._saved_alpha)

# %% strides of axes of one entry, of what an index picks
x, y = torch.arange(16.0).view(4, 4), torch.arange(48.0).view(4, 3, 4)
print([t.stride() for t in (x[:, [0]], x[:, [[0]]], x[1:2, [1, 2]], x[None, [0, 1]], x.t()[:, [0]], x.t()[[0], :])])
print([t.stride() for t in (y[:, [0]], y[:, [0], [0]], y[:, :, [1]], y[:, [True, False, False]], y.transpose(0, 2)[[0]])])

# %% an instance of a Function, and a node that is told what it is
from importlib import import_module
class Id(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x): return x
import warnings
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    f = Id()
print(f.next_functions, f._input_metadata, f.metadata, f.saved_tensors, f._raw_saved_tensors, f.needs_input_grad)
print(f.name(), f._set_sequence_nr(2), f.requires_grad)
print(type(f.register_hook(lambda a, b: None)).__name__, type(f.register_prehook(lambda a: None)).__name__)
print(f.save_for_backward(torch.ones(1)), f.mark_dirty(torch.ones(1)), f.set_materialize_grads(True))
attempt(lambda: f.nothing)
f.something = 3; print(f.something)
attempt(lambda: torch.ones(1, requires_grad=True).exp().grad_fn._set_sequence_nr("a"))
t = torch.ones(1, requires_grad=True) * 2
attempt(lambda: setattr(t, "_grad_fn", 1))
t._grad_fn = None
print(t.grad_fn, t.requires_grad, "volatile" in dir(t))
print(torch.autograd._calculate_shape(torch.ones(2), torch.ones(3, 2), True), torch.autograd._calculate_shape(torch.ones(2), torch.ones(3), False))

# %% the end of a level that has not begun
import_module(torch.autograd.forward_ad.__name__)
fw = torch.autograd.forward_ad
for level in (3, 0, None): attempt(lambda: fw.exit_dual_level(level=level))
fw.enter_dual_level()
attempt(lambda: fw.exit_dual_level(level=3))
fw.exit_dual_level(level=0)
