# fmt: off
# ruff: noqa
# What concerns a whole backward pass. (Cells: see tests/engine/observe.py.)

# %% callbacks at the end of a pass
engine = torch.autograd.Variable._execution_engine
def later(text, more=None):
    def callback():
        print(text)
        if more:
            engine.queue_callback(more)
    return callback
class Asks(Function):
    @staticmethod
    def forward(ctx, x, text):
        ctx.text = text
        return x * 1
    @staticmethod
    def backward(ctx, grad):
        engine.queue_callback(later(ctx.text, later(ctx.text + ", afterwards")))
        return grad, None
class Within(Function):
    @staticmethod
    def forward(ctx, x):
        return x * 1
    @staticmethod
    def backward(ctx, grad):
        with torch.enable_grad():
            Asks.apply(torch.ones(1, requires_grad=True), "inner").backward()
        print("inner pass over")
        return grad
x = torch.ones(1, requires_grad=True)
x.register_hook(lambda grad: print("x"))
Within.apply(Asks.apply(x, "outer")).backward()
attempt(lambda: engine.queue_callback(later("no pass")))

# %% one hook for several tensors
graph = torch.autograd.graph
a, b, c, d = (torch.tensor([float(k), 1.0], requires_grad=True) for k in range(4))
y, z = a * b, b.sin()
handle = graph.register_multi_grad_hook((y, z, c), lambda grads: print("all", grads))
out = (y * z).sum()
out.backward(retain_graph=True)
out.backward(inputs=(b,), retain_graph=True)
torch.autograd.grad(out, z, retain_graph=True)
(y.sum() + c.sum()).backward(retain_graph=True)
d.sum().backward()
handle.remove()
out.backward(retain_graph=True)
handle = graph.register_multi_grad_hook([y, z], lambda grad: print("any", grad), mode="any")
out.backward(retain_graph=True)
out.backward(retain_graph=True)
handle.remove()
out.backward(retain_graph=True)
attempt(lambda: graph.register_multi_grad_hook((a,), print, mode="some"))

# %% where a nan comes from, and what that came from
import warnings
def explained(action):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        attempt(action)
    for warning in caught:
        if "Error detected" in str(warning.message) or "Previous calculation" in str(warning.message):
            print(str(warning.message).split("\n  File")[0].split(" (Triggered")[0])
def second(between):
    x = torch.tensor([0.0], requires_grad=True)
    y = x.sqrt()
    with torch.autograd.set_detect_anomaly(between, check_nan=False):
        first, = torch.autograd.grad(y, x, create_graph=True)
    with torch.autograd.detect_anomaly():
        (first * 0).backward()
def inside():
    with torch.autograd.detect_anomaly(check_nan=False):
        second(True)
explained(inside)
explained(lambda: second(False))

# %% gradients of a module
class Pair(torch.nn.Module):
    def forward(self, x, n, y):
        return x * n + y, n, x * y
def shown(name, result=None):
    def hook(module, *grads):
        print(name, type(module).__name__, *grads)
        return result and result(*grads)
    return hook
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = torch.tensor([3.0, 4.0])
module = Pair()
module.register_full_backward_pre_hook(shown("before"))
handle = module.register_full_backward_hook(shown("after"))
p, n, q = module(x, 2, y)
print(p.grad_fn.name(), n, p._is_view())
(p + q).sum().backward(retain_graph=True)
see(x.grad)
q.sum().backward()
handle.remove()
module.register_full_backward_hook(shown("doubled", lambda grad_input, grad_output: tuple(g and g * 2 for g in grad_input) if False else (grad_input[0] * 2, None, None)))
module.register_full_backward_pre_hook(shown("halved", lambda grad_output: (grad_output[0] / 2, None, grad_output[2])))
x.grad = None
p, n, q = module(x, 2, y)
(p * q).sum().backward()
see(x.grad)
wrong = Pair()
wrong.register_full_backward_hook(lambda *_: (None,))
attempt(lambda: wrong(x, 2, y)[0].sum().backward())
wrong = Pair()
wrong.register_full_backward_pre_hook(lambda *_: (None,))
attempt(lambda: wrong(x, 2, y)[0].sum().backward())
layer = torch.nn.Linear(2, 1)
with torch.no_grad():
    layer.weight.copy_(torch.tensor([[1.0, 2.0]]))
layer.register_full_backward_hook(shown("no input"))
layer(y).sum().backward()
with torch.no_grad():
    layer(x)
first, = torch.autograd.grad((module(x, 2, y)[0] ** 2).sum(), x, create_graph=True)
torch.autograd.grad(first.sum(), x)

# %% tensors: what may be deleted and set
x = torch.tensor([1.0, 2.0], requires_grad=True)
x.sum().backward()
del x.grad
print(x.grad)
def delete(name):
    delattr(x, name)
for name in ("data", "requires_grad"):
    attempt(lambda: delete(name))
def put(value):
    x.data = value
attempt(lambda: put(None))
attempt(lambda: put(torch.tensor([1, 2])))
put(torch.tensor([3.0, 4.0]))
print(x, x.volatile)
attempt(lambda: x.numpy())
with torch.no_grad():
    print(x.numpy())
with torch.inference_mode():
    y = torch.ones(2)
torch.autograd.graph.increment_version(y)
torch.autograd.graph.increment_version([x, x])
print(x._version)

# %% a dictionary of inputs
from collections import OrderedDict
x = torch.tensor(numbers(2, 2), requires_grad=True)
y = torch.tensor(numbers(2, 2), requires_grad=True)
def out(): return (x ** 2 + y * x).sum()
for inputs in ({"x": x, "y": y}, {"y": y}, {1: x}):
    found = torch.autograd.grad(out(), inputs)
    print(type(found).__name__, list(found))
    see(*found.values())
first = torch.autograd.grad((x ** 3).sum(), {"x": x}, create_graph=True)
see(torch.autograd.grad(first["x"].sum(), {"x": x})["x"])
see(torch.autograd.grad((x * 2).sum(), {"x": x, "y": y}, materialize_grads=True)["y"])
print(torch.autograd.grad((x * 2).sum(), {"x": x, "y": y}, allow_unused=True)["y"])
see(torch.autograd.grad(out(), {"x": x}, torch.ones(3), is_grads_batched=True)["x"])
out().backward(inputs={"x": x})
see(x.grad)
print(y.grad)
for inputs in ({}, OrderedDict(x=x), {"a": 1}, {"x": x, "b": torch.ones(1)}):
    attempt(lambda: torch.autograd.grad(out(), inputs))
    attempt(lambda: out().backward(inputs=inputs))
attempt(lambda: torch.autograd.grad((x * 2).sum(), {"x": x, "y": y}))

# %% what a running pass says of itself
say = torch._C
def ask(label):
    def hook(grad):
        node = say._current_autograd_node()
        print(label, node.name(), say._will_engine_execute_node(other), numbered.append(say._current_graph_task_id()))
    return hook
numbered = []
a = torch.tensor(1.0, requires_grad=True)
b = torch.tensor(2.0, requires_grad=True)
product = a * b
other = b.exp().grad_fn
out = product.sin()
out.register_hook(ask("out"))
product.register_hook(ask("product"))
product.grad_fn.register_hook(lambda gives, takes: ask("after")(None))
a.register_hook(ask("a"))
out.backward(retain_graph=True)
out.backward()
print(len(set(numbered)), numbered[-1] - numbered[0], say._current_autograd_node(), say._current_graph_task_id())
attempt(lambda: say._current_graph_task_execution_order())
attempt(lambda: say._will_engine_execute_node(other))
attempt(lambda: say._will_engine_execute_node(a))
leaves = [leaf.clone().grad_fn.next_functions[0][0] for leaf in (a, b)]
for pass_to in (torch.autograd.grad, lambda out, inputs: out.backward(inputs=inputs)):
    for which in range(3):
        product = a * b
        out = product.sin()
        out.grad_fn.register_prehook(lambda grads: [attempt(lambda: print(say._will_engine_execute_node(leaf))) for leaf in leaves] and None)
        pass_to(out, inputs=((a, b, product)[which],))
def order_of(out, **limits):
    out.register_hook(lambda grad: print([node.name() for node in say._current_graph_task_execution_order()]))
    with torch.autograd.set_multithreading_enabled(False):
        torch.autograd.grad(out, **limits)
order_of(((a * 2).sin() + a.cos() * b).exp(), inputs=(a, b))
order_of(((a * 2).sin() + a.cos() * b).exp(), inputs=(a,))
c = a * 2
order_of(c.sin() * c, inputs=(c,))
last = a.exp()
last.register_hook(lambda grad: say._current_graph_task_execution_order())
attempt(lambda: last.backward())

# %% nodes that no operation makes
made = torch._C._functions
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = made.DelayedError("it fails", 1)(x)
print(y.grad_fn.name(), type(y.grad_fn) is made.Error, torch.equal(x, y))
attempt(lambda: (y * 2).sum().backward())
see(torch.autograd.grad((y * x).sum(), y))
print(made.DelayedError("", 1)(torch.ones(1)).grad_fn, made.UndefinedGrad()(torch.ones(1)).grad_fn)
class Sees(Function):
    @staticmethod
    def forward(ctx, x):
        return x * 3
    @staticmethod
    def backward(ctx, grad):
        print(grad)
        return grad
made.UndefinedGrad()(Sees.apply(x).sum()).backward()
print(x.grad, isinstance((x * x).grad_fn.next_functions[0][0], made.AccumulateGrad))
z = x.clone()
z[0].mul_(2)
print(isinstance(z.grad_fn, made.CopySlices))

# %% views told anew by the operations that made them
force = torch.autograd._force_original_view_tracking
def history(node):
    return node.name() + "".join(f"({history(n)})" for n, _ in node.next_functions if n)
def change(x):
    base = x.clone()
    view = base.t()[0].view(-1, 1)
    view.mul_(torch.arange(1.0, 3.0).view(2, 1))
    return base, view
x = torch.arange(4.0).view(2, 2).requires_grad_()
for mode in (True, False):
    with force(mode):
        base, view = change(x)
        print(torch.autograd.is_view_replay_enabled(), history(view.grad_fn))
        derivatives(view * base, x)
force(True)
print(torch.autograd.is_view_replay_enabled(), history(change(x)[1].grad_fn))
force(False)
@force(True)
def within():
    return torch.autograd.is_view_replay_enabled()
print(within(), torch.autograd.is_view_replay_enabled())

# %% a version set by hand
x = torch.ones(2)
x.add_(1)
torch._C._autograd._unsafe_set_version_counter((x,), (7,))
print(x._version, x[0]._version)
attempt(lambda: torch._C._autograd._unsafe_set_version_counter((x,), (-1,)))

# %% a leaf that takes gradients of any dtype
class Doubles(Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2
    @staticmethod
    def backward(ctx, grad):
        return grad.double()
for kind in (torch.float32, torch.float16, None):
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    x.grad_dtype = kind
    Doubles.apply(x).sum().backward()
    print(x.grad)

# %% a gradient lies as its leaf does, if that has no gaps
leaves = [torch.rand(2, 2).t(), torch.rand(2, 3, 4).permute(2, 0, 1), torch.rand(2, 8)[:, ::2], torch.rand(3, 4)]
for leaf in leaves:
    for create in (False, True):
        a, b = leaf.detach().requires_grad_(), torch.rand(tuple(leaf.shape), requires_grad=True)
        for f in (lambda: a.sum(), lambda: (a * b).sum(), lambda: a.sum(0).sum(), lambda: a.exp().sum()):
            a.grad = b.grad = None
            f().backward(create_graph=create)
            see(a.grad.stride(), b.grad is None or b.grad.stride())

# %% numbers that say which node comes first, and what a pass keeps
x, y, z = (torch.ones(2, requires_grad=True) for _ in range(3))
a, b = x + y, y + z
c = a + b
for node, number in ((a.grad_fn, 100), (b.grad_fn, 99), (c.grad_fn, 98)):
    node._set_sequence_nr(number)
for name, tensor in (("a", a), ("b", b), ("c", c)):
    tensor.register_hook(lambda grad, name=name: print(name, torch._C._autograd._get_current_graph_task_keep_graph()))
c.sum().backward(retain_graph=True)
c.sum().backward()
see(a.grad_fn._sequence_nr(), torch.autograd.is_multithreading_enabled())

# %% the node that a pass starts from does not count for hooks on several tensors
for total in (False, True):
    for mode in ("all", "any"):
        for way in ("alone", "inputs", "two"):
            a = torch.ones(2, requires_grad=True)
            b = a * 2
            c = b * 3
            d = c.sum() if total else c
            one = torch.ones_like(d)
            torch.autograd.graph.register_multi_grad_hook((a, b, c), lambda grads: print(mode, way, grads), mode=mode)
            if way == "two":
                torch.autograd.backward([d, b], [one, torch.ones(2)])
            else:
                d.backward(one, inputs=[a] if way == "inputs" else None)

# %% what a hook on a finished gradient returns, the next one sees
q = torch.ones(2, requires_grad=True)
q.register_post_accumulate_grad_hook(lambda leaf: leaf.grad.zero_())
q.register_post_accumulate_grad_hook(lambda leaf: print(leaf, leaf.grad))
attempt(lambda: (q * q).sum().backward())
see(q.grad)

# %% a profile is entered once
once = torch.autograd.profiler.profile()
def enter():
    with once:
        pass
enter()
attempt(enter)
with (idle := torch.autograd.profiler.profile(enabled=False)), idle:
    print("entered twice")

# %% flags that are no whole numbers, and versions of gradients that were copied
a, b = torch.ones(2, 3, requires_grad=True), torch.ones(3, requires_grad=True)
for flag in ("x", 1.5, [], 3, True, None):
    attempt(lambda: (a * 2).sum().backward(retain_graph=flag))
    attempt(lambda: see(torch.autograd.grad((a * 2).sum(), b, allow_unused=flag)))
    attempt(lambda: see(torch.autograd.grad((a * 2).sum(), a, retain_graph=flag)))
for flag in ("x", 1.5, None):
    attempt(lambda: (a * 2).sum().backward(create_graph=flag))
    attempt(lambda: torch.autograd.grad((a * 2).sum(), a, create_graph=flag))
attempt(lambda: torch.autograd.grad((a * 2).sum(), b, materialize_grads="x"))
for pass_back in (lambda: a.sum(), lambda: (a * 2).sum(), lambda: a.mean(), lambda: a.exp().sum(), lambda: a.relu().sum(), lambda: a.t().sum(), lambda: (a * b).sum(), lambda: (a - b).sum(),
                  lambda: a.clamp(0, 3).sum(), lambda: torch.where(a > 0, a, b).sum(), lambda: a.flip(0).sum(), lambda: (a.reshape(-1) ** 2).sum(), lambda: a.double().sum()):
    a.grad = b.grad = None
    pass_back().backward()
    print(a.grad._version, None if b.grad is None else b.grad._version)
    pass_back().backward()
    print(a.grad._version, None if b.grad is None else b.grad._version)

# %% a second pass where nothing was saved, as nothing that was asked for needs it
F = torch.nn.functional
a = torch.ones(3, requires_grad=True)
A = torch.ones(3, 3, requires_grad=True)
B = torch.ones(1, 3, 3, requires_grad=True)
i, one, two, three = torch.tensor([1]), torch.ones(3), torch.ones(3, 3), torch.ones(1, 3, 3)
outs = [
    F.linear(two, two, a), torch.addmm(A, two, two), torch.addmv(a, two, one), torch.addr(A, one, one), torch.baddbmm(B, three, three),
    torch.addbmm(A, three, three), torch.addcmul(a, one, one), torch.addcdiv(a, one, one), a.index_add(0, i, torch.ones(1)),
    a.scatter_add(0, i, torch.ones(1)), a.scatter(0, i, torch.ones(1)), a.index_copy(0, i, torch.ones(1)), a % one, one % a, torch.fmod(a, one),
    torch.lerp(a, one, one), torch.lerp(a, one, 0.5), F.batch_norm(two, None, None, one, a, True), a * one, a / one, a + one,
    torch.where(one > 0, a, one), one.masked_scatter(one > 0, a), torch.clamp(one, min=a), F.pad(A[None], (1, 1), "reflect"),
]
for out in outs:
    node = out.grad_fn
    print(node.name(), [name for name in sorted(dir(node)) if name.startswith("_saved_") and isinstance(getattr(node, name), torch.Tensor)])
    out.sum().backward()
    attempt(lambda: print(out.sum().backward()))
F.linear(two, A, a).sum().backward()
out = F.linear(two, A, a)
out.sum().backward()
attempt(lambda: print(out.sum().backward()))
