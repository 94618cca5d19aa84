# fmt: off
# ruff: noqa
# What is refused, and what is noticed late. (Cells: see tests/engine/observe.py.)

# %% flags that are no bool
for value in (1, 0, "a", torch.tensor(True), np.bool_(True), 1.0):
    attempt(lambda: torch.set_grad_enabled(value))
    print(torch.is_grad_enabled())
    attempt(lambda: torch.autograd.set_detect_anomaly(value))
    attempt(lambda: torch.autograd.set_detect_anomaly(True, value))
    attempt(lambda: torch.autograd.detect_anomaly(value).__enter__())
    print(torch.is_anomaly_enabled())
    attempt(lambda: setattr(torch.ones(2), "requires_grad", value))
    attempt(lambda: torch.ones(2).requires_grad_(value))
    attempt(lambda: torch.ones(2, requires_grad=value))
    attempt(lambda: torch.tensor([1.0], requires_grad=value))
    attempt(lambda: torch.nn.Parameter(torch.ones(2), value))
attempt(lambda: torch.ones(2, dtype=torch.int64).requires_grad_())
print(torch.ones(2, dtype=torch.int64).requires_grad_(False).requires_grad)

# %% differentiating what is no tensor
x = torch.ones(1, requires_grad=True)
y = x ** 2
for wrong in (lambda: torch.autograd.grad(None, x), lambda: torch.autograd.grad(3, x), lambda: torch.autograd.grad("y", x),
              lambda: torch.autograd.grad([y, None], x), lambda: torch.autograd.grad(y, None), lambda: torch.autograd.grad(y, 3),
              lambda: torch.autograd.grad(y, [x, None]), lambda: torch.autograd.grad(y, x, [3]), lambda: torch.autograd.grad(y, x, 3),
              lambda: torch.autograd.backward(None), lambda: torch.autograd.backward("a"), lambda: torch.autograd.backward([None]),
              lambda: torch.autograd.backward(y, np.ones(1)), lambda: y.backward([1.0]), lambda: y.backward(inputs=3),
              lambda: torch.autograd.graph.increment_version(3), lambda: torch.autograd.graph.increment_version([x, 3]),
              lambda: torch.autograd.graph.register_multi_grad_hook((torch.ones(2),), print),
              lambda: torch.autograd.graph.register_multi_grad_hook((x, y.detach()), print)):
    attempt(wrong)
print(x._version)

# %% a node called wrongly
x = torch.tensor([3.0, 1.0], requires_grad=True)
y = x * 2
for wrong in (lambda: y.grad_fn(), lambda: y.grad_fn(torch.ones(2), torch.ones(2)), lambda: y.grad_fn(2), lambda: y.grad_fn(a=2)):
    attempt(wrong)
see(y.grad_fn(torch.ones(2)), y.grad_fn(None))
values, places = (x * 1).max(0)
see(values.grad_fn(torch.tensor(2.0)))
attempt(lambda: values.grad_fn(torch.tensor(2.0), None))
values.grad_fn.register_prehook(print)
values.backward()
see(x.grad)

# %% attributes that cannot be set
x = torch.ones(2, requires_grad=True)
y = x * 2
for name in ("grad_fn", "is_leaf", "output_nr", "_version", "shape", "dtype", "_base", "retains_grad", "device", "ndim", "T"):
    attempt(lambda: setattr(y, name, 3))
    attempt(lambda: delattr(y, name))
y.note = 3
print(y.note)

# %% hooks on views that are out of date
def tell(name):
    return lambda grad: print(name, grad)
base = torch.tensor([1.0, 2.0], requires_grad=True).clone()
view, other = base[:1], base[1:]
view.register_hook(tell("lost"))
other.register_hook(tell("lost too"))
base.mul_(2)
view.register_hook(tell("lost as well"))
other.grad_fn
other.register_hook(tell("seen"))
(view + other).sum().backward()
view.register_hook(tell("later"))
base.sum().backward(retain_graph=True)
(view * 3).sum().backward()
class Sign:
    def __call__(self, grad): return grad[:1]
x = torch.ones(2, requires_grad=True)
x.register_hook(Sign())
attempt(lambda: x.sum().backward())
y = torch.ones(2, requires_grad=True) * 2
class Twice:
    def __call__(self, inputs, outputs): return inputs + inputs
y.grad_fn.register_hook(Twice())
attempt(lambda: y.sum().backward())

# %% marks on what is no tensor
for mark in ("mark_dirty", "mark_non_differentiable"):
    for value in (None, 3, [torch.ones(1)]):
        class Marked(Function):
            @staticmethod
            def forward(ctx, x):
                getattr(ctx, mark)(value)
                return x.clone()
            @staticmethod
            def backward(ctx, grad): return grad
        attempt(lambda: Marked.apply(torch.ones(2, requires_grad=True)))
class Stubborn(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.needs_input_grad = (False,)
        return x.clone()
    @staticmethod
    def backward(ctx, grad):
        print(ctx.needs_input_grad)
        return grad
Stubborn.apply(torch.ones(2, requires_grad=True)).sum().backward()
class Old(torch.autograd.function.InplaceFunction):
    @staticmethod
    def forward(ctx, x): return x.clone()
print(Old(True).inplace, Old().inplace)

# %% what a node shows of what it saved
x = torch.tensor([1.0, 2.0], requires_grad=True)
for f in (lambda x: x * 3, lambda x: x / 2.5, lambda x: x * True, lambda x: x ** 2, lambda x: 2 / x):
    node = f(x).grad_fn
    names = sorted(name for name in dir(node) if name.startswith("_saved"))
    print(node.name(), [(name, getattr(node, name)) for name in names])
print(x[[1, 0]].grad_fn._saved_indices, x.gather(0, torch.tensor([1])).grad_fn._saved_index)
print(x.masked_fill(x > 1, 0).grad_fn._saved_mask, x.index_select(0, torch.tensor([0])).grad_fn._saved_index)
print(x.max(0)[0].grad_fn._saved_indices, x.sort()[0].grad_fn._saved_indices, x.topk(1)[0].grad_fn._saved_indices)
unpacked = []
with torch.autograd.graph.saved_tensors_hooks(lambda t: t, lambda t: (unpacked.append(t.tolist()), t)[1]):
    y = x * (x + 1)
y.grad_fn._saved_other
print(unpacked)
y.grad_fn._raw_saved_self.unpack_hook
y.sum().backward()
print(unpacked)

# %% a forward mode level that is none
import warnings
warnings.simplefilter("ignore", DeprecationWarning)  # PyTorch's own, once, at the first tangent
fw = torch.autograd.forward_ad
x = torch.ones(2)
see(fw.unpack_dual(3), fw.unpack_dual(x))
with fw.dual_level():
    dual = fw.make_dual(x, x * 2)
    for wrong in (lambda: fw.make_dual(x, 3), lambda: fw.make_dual(3, x), lambda: fw.make_dual(None, x), lambda: fw.make_dual(dual, x),
                  lambda: fw.make_dual(x, dual), lambda: fw.make_dual(x, x, level=3), lambda: fw.unpack_dual(3),
                  lambda: fw.exit_dual_level(level=3), lambda: fw.enter_dual_level(), lambda: fw.make_dual(x)):
        attempt(wrong)
    print(dual, fw.make_dual(torch.ones(2, 3).t().requires_grad_(), torch.ones(3, 2)).grad_fn)
attempt(lambda: fw.exit_dual_level())

# %% writing through data where saved tensors may be overwritten
for write in (lambda t: t.data.mul_(2), lambda t: t.detach().mul_(2), lambda t: t.mul_(2), lambda t: t.view(3)[:1].zero_()):
    with torch.autograd.graph.allow_mutation_on_saved_tensors() as context:
        x = torch.ones(3, requires_grad=True)
        y = x.clone()
        out = (y ** 2).sum()
        write(y)
        print(type(context).__name__, len(context.cloned))
        see(torch.autograd.grad(out, x))
