# fmt: off
# ruff: noqa
# Modules: how they are called, saved, searched and put together. (Cells: see tests/engine/observe.py.)

# %% hooks before and after a call
nn = torch.nn
x = torch.tensor([[0.5, -1.0, 2.0], [1.0, 0.25, -0.5]])
def layer():
    m = nn.Linear(3, 2)
    with torch.no_grad():
        m.weight.copy_(torch.arange(6.0).reshape(2, 3) / 4)
        m.bias.copy_(torch.tensor([0.5, -1.0]))
    return m
m = layer()
handles = [
    m.register_forward_hook(lambda m, a, o: print("first", len(a), o.shape)),
    m.register_forward_hook(lambda m, a, k, o: print("named", len(a), list(k)), with_kwargs=True, prepend=True),
    m.register_forward_pre_hook(lambda m, a, k: print("before", len(a), list(k)), with_kwargs=True),
    m.register_forward_pre_hook(lambda m, a: tuple(v * 2 for v in a), prepend=True),
]
see(m(x), m(input=x))
for handle in handles:
    handle.remove()
    see(m(x))
for hook in (lambda m, a, k: (a, {"bad": 1}), lambda m, a, k: a[0], lambda m, a, k: ((), {"input": a[0] * 0}), lambda m, a: 3):
    with m.register_forward_pre_hook(hook, with_kwargs=hook.__code__.co_argcount == 3):
        attempt(lambda: see(m(x)))
m.register_forward_hook(lambda m, a, o: print("always", o), always_call=True)
m.register_forward_hook(lambda m, a, o: print(o.nothing), always_call=True)
attempt(lambda: m("a"))
attempt(lambda: m(x))
for wrong in (lambda: m.register_forward_hook(), lambda: m.register_forward_hook(3, 4), lambda: m.register_forward_pre_hook(3, False),
              lambda: m.register_full_backward_hook(unknown=1)):
    attempt(wrong)

# %% hooks on gradients that return what does not fit
nn = torch.nn
x = torch.tensor([[0.5, -1.0, 2.0], [1.0, 0.25, -0.5]], requires_grad=True)
for given in (3, "a", (3,), [torch.ones(2, 3)], torch.ones(2, 3), torch.ones(1, 2, 3), (torch.ones(5),), (torch.ones(2, 3), None), (None,), ()):
    for register in ("register_full_backward_hook", "register_full_backward_pre_hook", "register_backward_hook"):
        m = nn.ReLU()
        x.grad = None
        y = x * 1
        getattr(m, register)(lambda *seen: given)
        attempt(lambda: m(y).sum().backward())
        see(x.grad)
log = []
m = nn.ReLU()
for k in range(2):
    m.register_full_backward_hook(lambda m, gi, go, k=k: log.append(("hook", k)), prepend=True)
    m.register_full_backward_pre_hook(lambda m, go, k=k: log.append(("before", k)), prepend=True)
out = m(x).sum()
m._backward_hooks.clear()
out.backward()
print(log)
attempt(lambda: m.register_backward_hook(print))
class Any(nn.Module):
    def forward(self, x, *more):
        return {"dict": {"a": x * 2}, "list": [x * 2, x * 3], "nothing": None, "tuple": (x * 2, x * 3), "deep": x * 2 + 1, "plain": x * 2}[self.kind]
for kind in ("dict", "list", "nothing", "tuple", "deep", "plain"):
    for register in ("register_full_backward_hook", "register_backward_hook"):
        m = Any()
        m.kind = kind
        getattr(m, register)(lambda m, gi, go: print([g is not None for g in gi], go))
        attempt(lambda: print(type(m(x, 3)).__name__))
        out = attempt(lambda: m(x))
        first = out if torch.is_tensor(out) else out and (out["a"] if kind == "dict" else out[0])
        if first is not None:
            first.sum().backward()

# %% paths
nn = torch.nn
m = nn.Sequential(nn.Linear(3, 2), nn.Sequential(nn.ReLU(), nn.BatchNorm1d(2)))
m.register_buffer("count", torch.zeros(2))
for get in (m.get_submodule, m.get_parameter, m.get_buffer):
    for path in ("", "1", "1.1", "1.1.weight", "0.weight", "0.weight.x", "7", "0.nope", "count", "1.1.running_mean", "a.b", 3):
        attempt(lambda: print(path, type(get(path)).__name__))
for path, new, strict in (("0", nn.ReLU(), False), ("", nn.ReLU(), False), ("7", nn.ReLU(), True), ("7", nn.Tanh(), False), ("1.1", nn.ELU(), True),
                          ("1.1.2.3", nn.ReLU(), False), ("0", 3, False), ("count", nn.ReLU(), False)):
    attempt(lambda: m.set_submodule(path, new, strict))
print(m, m.parameters(), m.named_buffers(), m.children())

# %% states that do not fit
nn = torch.nn
m = nn.Sequential(nn.Linear(3, 2), nn.ReLU(), nn.BatchNorm1d(2))
state = m.state_dict()
print(state._metadata, type(m.load_state_dict(state)).__name__, m.load_state_dict(state))
del state["2.num_batches_tracked"]
for given in (state, dict(state)):
    attempt(lambda: print(m.load_state_dict(given)))
for given in ({}, {"x": 1}, {"x": 1, "0.weight": torch.ones(2)}, {"0.weight": 3}, {"0.weight": None}, {"0.weight": torch.ones(2, 3).double()},
              {"2.num_batches_tracked": torch.tensor([3])}, {"2.num_batches_tracked": torch.tensor(3.5)}, {"0.weight": np.ones((2, 3))},
              {"0.weight": torch.ones(2, 3), "0": 3, "0.weight.x": 3, "a.b.c": 3, "2.x": 3, "_extra_state": 3}):
    for strict in (True, False):
        attempt(lambda: print(m.load_state_dict(given, strict=strict)))
print(m[2].num_batches_tracked, m[0].weight.dtype)
for wrong in (lambda: m.load_state_dict(3), lambda: m.load_state_dict([]), lambda: m.load_state_dict(), lambda: m.state_dict("a"), lambda: m.get_extra_state()):
    attempt(wrong)
given = {name: torch.ones_like(value) for name, value in m.state_dict().items()}
m.load_state_dict(given, assign=True)
print(type(m[0].weight).__name__, m[0].weight.requires_grad, m[0].weight.data_ptr() == given["0.weight"].data_ptr(), m[2].running_mean is given["2.running_mean"])
into = {}
print(m.state_dict(destination=into, prefix="p.") is into, list(into), list(m.state_dict({}, "q.", True)))

# %% more in a state, and hooks on it
class Counting(torch.nn.Module):
    count = 3
    def get_extra_state(self):
        return {"count": self.count}
    def set_extra_state(self, state):
        self.count = state["count"]
m = torch.nn.Sequential(Counting(), torch.nn.Linear(1, 1, bias=False))
print(list(m.state_dict()), m.state_dict()["0._extra_state"])
m.load_state_dict({"0._extra_state": {"count": 7}, "1.weight": torch.ones(1, 1)})
print(m[0].count)
attempt(lambda: m.load_state_dict({}))
m.register_state_dict_pre_hook(lambda m, prefix, keep: print("write", prefix, keep))
handle = m[1].register_state_dict_post_hook(lambda m, state, prefix, version: print("written", list(state), prefix, version))
m.register_load_state_dict_pre_hook(lambda m, state, prefix, version, strict, *lists: print("read", len(state), prefix, version, strict, lists))
m[1].register_load_state_dict_post_hook(lambda m, keys: keys.missing_keys.clear())
print(m.load_state_dict(m.state_dict()))
handle.remove()
attempt(lambda: print(m.load_state_dict({"0._extra_state": {"count": 8}})))

# %% what is filed under a name
nn = torch.nn
m = nn.Module()
m.a = nn.Parameter(torch.ones(1))
for value in (torch.ones(1), 3):
    attempt(lambda: setattr(m, "a", value))
m.a = None
print(m.a, m)
m.b = nn.Buffer(torch.ones(2))
m.c = nn.Buffer(torch.zeros(2), persistent=False)
print(isinstance(m.b, nn.Buffer), type(m.b).__name__, isinstance(torch.ones(1), nn.Buffer), [n for n, _ in m.named_buffers()], list(m.state_dict()))
m.register_buffer("c", torch.ones(1))
print(list(m.state_dict()))
m.b = nn.Parameter(torch.ones(2))
print([n for n, _ in m.named_parameters()], [n for n, _ in m.named_buffers()])
p = nn.Parameter(torch.tensor(3.0))
attempt(lambda: f"{p:.2f}")
class Early(nn.Module):
    def __init__(self, do):
        do(self)
for do in (lambda m: m.register_buffer("a", None), lambda m: m.register_parameter("a", None), lambda m: m.add_module("a", None),
           lambda m: setattr(m, "a", nn.Parameter(torch.ones(1))), lambda m: setattr(m, "a", nn.ReLU()), lambda m: setattr(m, "a", 3)):
    attempt(lambda: Early(do))
m = nn.Linear(2, 1)
m.weight.grad, m.bias.grad = torch.ones(1, 2), torch.ones(1)
grad = m.weight.grad
m.zero_grad(set_to_none=False)
print(m.weight.grad is grad, grad, m.double().weight.grad.dtype, m.weight.grad is grad, m.type(torch.float32).bias.dtype)

# %% modules in an order
nn = torch.nn
def many():
    return nn.Sequential(nn.Linear(3, 2), nn.ReLU(), nn.Tanh()), nn.ModuleList([nn.Linear(3, 2), nn.ReLU(), nn.Tanh()])
for k in range(2):
    for do in (lambda s: s.insert(0, nn.Identity()), lambda s: s.insert(-1, nn.ELU()), lambda s: s.insert(99, nn.ELU()), lambda s: s.insert("a", nn.ELU()),
               lambda s: s.extend([nn.ELU(), nn.ELU()]), lambda s: s.extend(3), lambda s: s.append(3), lambda s: s.pop(0),
               lambda s: s.pop(-1), lambda s: s.pop(99), lambda s: s.pop(slice(0, 2)), lambda s: s["0"], lambda s: s[1.5], lambda s: s[torch.tensor(1)],
               lambda s: s[::2], lambda s: s[-9], lambda s: s.__setitem__(0, nn.GELU()), lambda s: s.__setitem__(-1, nn.GELU()),
               lambda s: s.__setitem__(9, nn.GELU()), lambda s: s.__setitem__(0, 3), lambda s: s.__setitem__("a", nn.GELU()),
               lambda s: s.__delitem__(0), lambda s: s.__delitem__(slice(1, None)), lambda s: s.__delitem__(9), lambda s: s.__delitem__("a"),
               lambda s: s + nn.Sequential(nn.ELU()), lambda s: s + 3, lambda s: s + [nn.ELU()], lambda s: s.__iadd__(nn.Sequential(nn.ELU())),
               lambda s: s.__iadd__(3), lambda s: [name for name in dir(s) if name.isdigit()]):
        s = many()[k]
        attempt(lambda: print(do(s)))
        print(s)
s = many()[0]
for do in (lambda: s * 2, lambda: 2 * s, lambda: s * 1, lambda: s.__imul__(2), lambda: len(s)):
    attempt(lambda: print(do()))

# %% dictionaries of parameters
nn = torch.nn
p = nn.ParameterDict({"b": nn.Parameter(torch.ones(2, 3)), "a": torch.ones(2)})
p["c"], p["d"] = torch.zeros(1), 3
print(p, p["a"], p.a.requires_grad, list(p.keys()), list(p.items())[0], len(list(p.values())), "a" in p, "q" in p, len(p), list(p), list(reversed(p)))
print(p.get("a"), p.get("z"), p.get("z", 3), p.pop("a"), p.popitem(), p.setdefault("n", torch.ones(1)), p.setdefault("n", 3), p.setdefault("m"))
p.update({"v": torch.ones(1), "u": torch.ones(1)})
p.update([("w", torch.ones(1))])
p |= nn.ParameterDict({"r": torch.ones(1)})
print(p, p.copy(), p.fromkeys(["x", "y"], torch.ones(1)), p | {"s": torch.ones(1)}, [n for n, _ in p.named_parameters()], list(p.state_dict()))
for wrong in (lambda: p["q"], lambda: p.pop("q"), lambda: p.__delitem__("q"), lambda: p.update(3), lambda: p.update([("v",)]), lambda: p.update([3]), lambda: p(3),
              lambda: p.__setitem__(3, torch.ones(1)), lambda: p.__setitem__("a.b", torch.ones(1)), lambda: nn.ParameterDict(3), lambda: nn.ParameterDict().popitem(),
              lambda: nn.ParameterList()(3), lambda: nn.ParameterList()["a"]):
    attempt(wrong)
p.clear()
print(p)

# %% copies
import copy
nn = torch.nn
m = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2), nn.BatchNorm1d(2))
m[1].weight = m[0].weight
m.register_forward_hook(lambda m, a, o: print("hook"))
m(torch.ones(3, 2)).sum().backward()
c = copy.deepcopy(m)
print(c[0].weight is c[1].weight, c[0].weight is m[0].weight, c[0].weight.grad, copy.copy(m)[0].weight.grad is m[0].weight.grad, c(torch.ones(2, 2)).shape)
state = copy.deepcopy(m.state_dict())
print(type(state), state._metadata == m.state_dict()._metadata, state["2.running_mean"] is m[2].running_mean)
o = torch.optim.SGD(m.parameters(), lr=0.5, momentum=0.5)
o.step()
scheduler = torch.optim.lr_scheduler.StepLR(o, 1)
other = copy.deepcopy(scheduler)
print(other.optimizer is o, other.optimizer.param_groups[0]["params"][0] is m[0].weight, other.optimizer.state_dict()["param_groups"] == o.state_dict()["param_groups"])

# %% to another dtype, or somewhere else
nn = torch.nn
x = torch.ones(2, dtype=torch.float64)
for args, named in (((), {}), ((None,), {}), (("cpu",), {}), ((torch.float64,), {}), ((torch.float64, True), {}), (("cpu", torch.float16), {}), ((x,), {}), ((x.long(),), {}), ((float,), {}),
                    ((torch.int64,), {}), (("abc",), {}), ((torch.float32, torch.float64), {}), (("cpu", "float"), {}), ((), {"bad": 1}), ((torch.float64,), {"bad": 1}),
                    ((), {"dtype": torch.float16, "device": "cpu"}), (("cpu",), {"copy": True}), ((torch.float64,), {"non_blocking": True})):
    m = nn.Sequential(nn.Linear(2, 1), nn.BatchNorm1d(1))
    attempt(lambda: print(m.to(*args, **named) is m, m[0].weight.dtype, m[1].running_mean.dtype, m[1].num_batches_tracked.dtype))
    attempt(lambda: print(x.to(*args, **named).dtype))
b = nn.BatchNorm1d(2).eval()
b.running_mean = None
attempt(lambda: b(torch.ones(2, 2)))

# %% hooks on every module
nn = torch.nn
every = nn.modules.module
print(nn.modules.Linear is nn.Linear, every.Module is nn.Module)
class Two(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Sigmoid()
    def forward(self, x, scale=1.0):
        return self.inner(x * 2) * scale
m, x = Two(), torch.tensor(numbers(2), requires_grad=True)
say = lambda word: lambda m, *rest: print(word, type(m).__name__, len(rest))
own = [m.register_forward_pre_hook(say("own before")), m.register_forward_hook(say("own after")), m.register_full_backward_hook(say("own gradients")), m.register_full_backward_pre_hook(say("own gradients before"))]
handles = [every.register_module_forward_pre_hook(say("before")), every.register_module_forward_hook(say("after")), every.register_module_forward_hook(say("named"), with_kwargs=True),
    every.register_module_full_backward_pre_hook(say("gradients before")), every.register_module_full_backward_hook(say("gradients"))]
see(*torch.autograd.grad(m(x, scale=3.0).sum(), x))
attempt(lambda: every.register_module_backward_hook(say("bad")))
for handle in handles + own:
    handle.remove()
see(*torch.autograd.grad(m(x).sum(), x))
changing = [every.register_module_forward_pre_hook(lambda m, a: (a[0] + 1,)), every.register_module_forward_hook(lambda m, a, out: out * 2),
    every.register_module_full_backward_pre_hook(lambda m, grads: (grads[0] * 3,)), every.register_module_full_backward_hook(lambda m, grads, out: (grads[0] + 1,))]
see(m(x), *torch.autograd.grad(m(x).sum(), x))
for handle in changing:
    handle.remove()
with every.register_module_forward_hook(say("always"), always_call=True):
    attempt(lambda: m("a"))
see(m(x))

# %% hooks on what is registered; hooks by the names that they had
nn = torch.nn
every = nn.modules.module
tell = lambda m, name, value: print(type(m).__name__, name, type(value).__name__)
for kind in ("buffer", "module", "parameter"):
    with getattr(every, f"register_module_{kind}_registration_hook")(tell):
        m = nn.Sequential(nn.BatchNorm1d(1))
        m.w, m.z = nn.Parameter(torch.ones(1)), nn.Identity()
        m.register_buffer("q", None)
        m.register_parameter("r", None)
        m.add_module("n", None)
        m.q, m.z, m.n, m.r = torch.ones(2), None, nn.Linear(1, 1), nn.Parameter(torch.ones(1))
double = lambda m, name, value: nn.Parameter(value.detach() * 2)
with every.register_module_parameter_registration_hook(double), every.register_module_buffer_registration_hook(lambda m, name, value: value + 1):
    m = nn.Module()
    m.w = nn.Parameter(torch.ones(2))
    m.register_buffer("b", torch.zeros(2))
    m.b = torch.ones(2) * 5
see(m.w, m.b)
m = nn.Linear(1, 1)
state = m.state_dict()
first = m._register_load_state_dict_pre_hook(lambda state, prefix, *rest: print(list(state), repr(prefix), len(rest)))
second = m._register_load_state_dict_pre_hook(lambda module, state, prefix, *rest: print(module is m, len(rest)), with_module=True)
m.load_state_dict(state)
first.remove()
m.load_state_dict(state)
handle = m.register_forward_hook(lambda m, a, k, out: None, with_kwargs=True, always_call=True)
print(len(handle.hooks_dict_ref() if callable(handle.hooks_dict_ref) else 0), handle.id in m._forward_hooks_with_kwargs, handle.id in m._forward_hooks_always_called)
handle.remove()
print(len(m._forward_hooks), len(m._forward_hooks_with_kwargs), len(m._forward_hooks_always_called), len(m._forward_pre_hooks_with_kwargs))
