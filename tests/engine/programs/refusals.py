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

# %% functions that make tensors, called wrongly
x = torch.ones(2, 2)
for name in ("zeros", "ones", "empty", "rand", "randn"):
    f = getattr(torch, name)
    for wrong in (lambda: f(), lambda: f("a"), lambda: f(x, 3), lambda: f(2, x), lambda: f((2, "a")), lambda: f([2, 1.5]), lambda: f(2.0), lambda: f(None),
                  lambda: f(2, foo=3), lambda: f((x, x)), lambda: f(2, dtype="a")):
        attempt(lambda: print(wrong().shape))
for wrong in (lambda: torch.arange(), lambda: torch.arange("a"), lambda: torch.arange(1, 2, 3, 4), lambda: torch.linspace(1), lambda: torch.linspace(0, 1, "a"),
              lambda: torch.eye("a"), lambda: torch.eye(2, 3, 4), lambda: torch.randint(3), lambda: torch.randint(x, 3), lambda: torch.randperm(2.5),
              lambda: torch.full_like(x), lambda: torch.full_like(3, 3), lambda: torch.full_like(x, "a"), lambda: torch.rand_like(3), lambda: torch.rand_like(x, x),
              lambda: x.new_zeros(), lambda: x.new_zeros("a"), lambda: x.new_full(2), lambda: x.new_full(x, 2), lambda: x.float(3), lambda: x.cpu(foo=3),
              lambda: torch.normal("a"), lambda: torch.normal(0.0, 1.0), lambda: torch.searchsorted(x, "a"), lambda: torch.bucketize("a", x),
              lambda: torch.can_cast(x, x), lambda: torch.promote_types(torch.float32, 3), lambda: torch.unique(x, 3), lambda: torch.unflatten(x, "a", (2, 1)),
              lambda: x.index_put(3, x), lambda: x.index_put_((torch.tensor([0]),)), lambda: x.resize_("a"), lambda: torch.add(x), lambda: torch.add(x, 3, None),
              lambda: torch.abs(x, axis=3), lambda: x.abs(foo=3), lambda: torch.no_grad(1, 2), lambda: torch.no_grad(foo=3)):
    attempt(wrong)
for wrong in (lambda: torch.broadcast_tensors(x, 3), lambda: torch.broadcast_tensors(torch.ones(2), torch.ones(3)), lambda: torch.meshgrid(x[0], "a"),
              lambda: torch.atleast_1d(x, 3)):
    attempt(wrong)
see(torch.atleast_1d(torch.tensor(1.0), x), torch.atleast_2d([torch.tensor(1.0), x[0]]), torch.atleast_1d())

# %% functions of nn, called wrongly
F = torch.nn.functional
x = torch.ones(2, 2)
for name in ("relu", "silu", "relu6", "gelu", "elu", "leaky_relu", "softplus", "logsigmoid", "sigmoid", "tanh"):
    f = getattr(F, name)
    for wrong in (lambda: f(), lambda: f(3), lambda: f(None), lambda: f([1.0, 2.0]), lambda: f(np.ones(2)), lambda: f("a"), lambda: f(x, foo=3)):
        attempt(wrong)
for wrong in (lambda: F.relu(3, True), lambda: F.elu(x, "a"), lambda: F.leaky_relu(x, None), lambda: F.softplus(x, "a"), lambda: F.gelu(x, "tanh"), lambda: F.linear(x, 3),
              lambda: F.linear(3, x), lambda: F.linear(x), lambda: F.linear(x, x, 3), lambda: F.softmax(x, "a"), lambda: F.log_softmax(x, x), lambda: F.embedding(x, 3),
              lambda: F.embedding(3, x), lambda: F.layer_norm(x, "a"), lambda: F.layer_norm(3, (2,)), lambda: F.layer_norm(x), lambda: F.one_hot(3), lambda: F.one_hot(x, "a"),
              lambda: F.dropout(3), lambda: F.dropout(x, None), lambda: F.cross_entropy(3, x), lambda: F.cross_entropy(x, 3), lambda: F.nll_loss(x, None),
              lambda: F.threshold(3, 0, 0), lambda: F.hardtanh(3), lambda: F.relu(x, False, 3), lambda: torch.linalg.svd(3), lambda: torch.linalg.svd(x, "a"),
              lambda: torch.linalg.norm("a"), lambda: torch.linalg.norm(x, x), lambda: torch.linalg.vector_norm(x, "a"), lambda: torch.linalg.matrix_norm(3)):
    attempt(wrong)
nn = torch.nn
for wrong in (lambda: nn.MSELoss(x, x), lambda: nn.MSELoss(foo=3), lambda: nn.L1Loss(x), lambda: nn.CrossEntropyLoss(x, x), lambda: nn.CrossEntropyLoss(foo=3),
              lambda: nn.NLLLoss(3), lambda: nn.HuberLoss("mean", None), lambda: nn.Tanh(3), lambda: nn.Sigmoid(foo=3), lambda: nn.LogSoftmax(1, 2), lambda: nn.Linear(2),
              lambda: nn.Linear("a", 3), lambda: nn.Linear(x, 3), lambda: nn.Linear(2, 1.5), lambda: nn.Embedding("a", 3), lambda: nn.Embedding(2, None),
              lambda: nn.Dropout(None), lambda: nn.Dropout("a"), lambda: nn.ReLU(foo=3), lambda: nn.Module(3), lambda: nn.Module(foo=3)):
    attempt(wrong)
loss = nn.MSELoss(reduction="foo")
attempt(lambda: loss(x, x))
for size_average in (None, True, False):
    for reduce in (None, True, False):
        print(nn.L1Loss(size_average, reduce).reduction)
print(nn.GELU("tanh")(torch.tensor([1.0])), nn.CrossEntropyLoss(label_smoothing=0.5)(x, torch.tensor([0, 1])), nn.BCELoss(None, None, False)(x, x))

# %% optimizers and counts, called wrongly
x = torch.ones(2, requires_grad=True)
for kind in ("SGD", "Adam", "RMSprop"):
    make = getattr(torch.optim, kind)
    for wrong in (lambda: make([x], lr=torch.ones(2)), lambda: make([x], lr=torch.tensor([])), lambda: make([x], -1.0), lambda: make([x], foo=3), lambda: make(x), lambda: make([]),
                  lambda: make(3), lambda: make(["a"]), lambda: make([x * 2]), lambda: make()):
        attempt(wrong)
print(torch.optim.SGD([x], lr=torch.tensor(0.5)).param_groups[0]["lr"])
for wrong in (lambda: x.element_size(3), lambda: x.ndimension(foo=3), lambda: x.nelement(1, 2), lambda: x.zero_(3)):
    attempt(wrong)

# %% whole numbers that are too large, and memory that cannot be seen so
for call in (lambda: torch.tensor(2**63), lambda: torch.tensor([2**63]), lambda: torch.tensor([True, 2**63]), lambda: torch.tensor([[1], [2**63]]), lambda: torch.tensor([2**63], dtype=torch.int32),
             lambda: torch.as_tensor([2**64]), lambda: torch.full((2,), 2**63), lambda: torch.tensor([1]).fill_(2**63), lambda: torch.clamp(torch.tensor([1]), max=2**63),
             lambda: torch.ones(2).as_strided((2,), (-1,)), lambda: torch.ones(2).as_strided((-1,), (1,)), lambda: torch.ones(2).as_strided((2,), (1,), -1), lambda: torch.ones(2).as_strided_((2,), (-1,))):
    attempt(call)
print(torch.tensor([1.5, 2**63]), torch.tensor([2**63], dtype=torch.float32), torch.tensor([2**63 - 1, -2**63]), torch.full((1,), 2**63 - 1), torch.full((1,), -2**63))

# %% lerp asks its end for the dtype, though it be the weight as well
z = torch.tensor(1.0, dtype=torch.float64)
attempt(lambda: torch.lerp(torch.ones(2), z, z))
print(torch.lerp(torch.ones(2), torch.tensor(2.0), z))

# %% numbers and shapes that do not fit whole numbers
F = torch.nn.functional
for f in (lambda: F.threshold(torch.tensor([-1, 0, 1, 2]), -0.5, 1.5), lambda: F.threshold(torch.tensor([-1, 0, 1, 2]), 1.9, -1.5), lambda: F.threshold(torch.tensor([-1, 0]), float("inf"), 1),
          lambda: torch.arange(2).lerp_(torch.arange(3), 0.5), lambda: torch.tensor([True]).trace(), lambda: torch.cat([torch.zeros(0, requires_grad=True), torch.ones(2, 3)], 1).grad_fn.next_functions):
    try:
        print(f())
    except (RuntimeError, NotImplementedError) as error:
        print(type(error).__name__, error)
x = torch.zeros(0, requires_grad=True); y = torch.ones(2, 3, requires_grad=True)
(torch.cat([y, x, y], 1) * torch.arange(6.0)).sum().backward(); print(x.grad, y.grad)
