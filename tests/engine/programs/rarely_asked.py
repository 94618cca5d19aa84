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
