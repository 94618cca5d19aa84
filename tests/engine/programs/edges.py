# fmt: off
# ruff: noqa
# Edges, nodes and their hooks. (Cells: see tests/engine/observe.py.)

# %% an edge stands for a tensor
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x * 3
edge = torch.autograd.graph.get_gradient_edge(y)
print(type(edge).__name__, edge.output_nr, edge.node is y.grad_fn, torch.autograd.graph.get_gradient_edge(x).node)
z = (y ** 2).sum()
see(torch.autograd.grad(z, edge, retain_graph=True), torch.autograd.grad(z, [edge, x], retain_graph=True))
y *= 2
w = (y * x).sum()
see(torch.autograd.grad(w, (edge, y, x), retain_graph=True))
del y
see(torch.autograd.grad(edge, x, grad_outputs=torch.tensor([0.5, -2.0])))
torch.autograd.backward(edge, torch.tensor([1.0, 10.0]))
torch.autograd.backward((edge, w), [torch.tensor([1.0, 10.0]), None])
see(x.grad)
attempt(lambda: torch.autograd.graph.get_gradient_edge(x.detach()))

# %% what edges cannot do
GradientEdge = torch.autograd.graph.GradientEdge
x = torch.tensor([1.0, 2.0], requires_grad=True)
y, other = x * 3, (x * 2).clone()
edge = torch.autograd.graph.get_gradient_edge(y)
unused = GradientEdge(other.grad_fn, other.output_nr)
attempt(lambda: torch.autograd.grad(edge, x))
attempt(lambda: torch.autograd.grad(GradientEdge(y.grad_fn, 0), x))
see(torch.autograd.grad(GradientEdge(y.grad_fn, 0), x, torch.tensor([3.0, 4.0])))
attempt(lambda: torch.autograd.grad(edge, x, torch.ones(3)))
attempt(lambda: torch.autograd.backward(edge, torch.ones(3), inputs=(x,)))
attempt(lambda: torch.autograd.grad(y.sum(), [y, unused]))
attempt(lambda: see(torch.autograd.grad(y.sum(), [unused, y], allow_unused=True)))
attempt(lambda: see(torch.autograd.grad(y.sum(), [edge, other], materialize_grads=True)))
attempt(lambda: torch.autograd.grad(y.sum(), [y, unused], materialize_grads=True))
attempt(lambda: torch.autograd.grad(y.sum(), [x, "x"]))
attempt(lambda: torch.autograd.backward(y.sum(), inputs=[x, 3]))

# %% gradients that are not there
class Nothing(Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2
    @staticmethod
    def backward(ctx, grad):
        return None
x = torch.tensor(0.5, requires_grad=True)
a = torch.tensor(3.0, requires_grad=True)
attempt(lambda: torch.autograd.grad(Nothing.apply(x), x))
print(torch.autograd.grad(Nothing.apply(x), x, allow_unused=True))
first, = torch.autograd.grad(x * a, x, create_graph=True)
second, = torch.autograd.grad(first, x, create_graph=True, materialize_grads=True)
see(first, second, torch.autograd.grad(second, x, materialize_grads=True), torch.autograd.grad(first, x, materialize_grads=True))

# %% hooks of a tensor without a gradient
parts = torch.tensor([1.0, 2.0, 3.0], requires_grad=True).unbind()
parts[0].retain_grad()
handle = parts[0].register_hook(lambda grad: print("part 0:", grad))
parts[1].backward(retain_graph=True)
parts[0].backward(retain_graph=True)
handle.remove()
parts[0].register_hook(lambda grad: torch.ones(()))
attempt(lambda: parts[1].backward(retain_graph=True))
class Partly(Function):
    @staticmethod
    def forward(ctx, x, y):
        return x + y
    @staticmethod
    def backward(ctx, grad):
        return grad, None
x = torch.tensor(1.0, requires_grad=True)
y = torch.tensor(2.0, requires_grad=True)
y.register_hook(lambda grad: print("y:", grad))
Partly.apply(x * 2, y).backward()
print(x.grad, y.grad)

# %% which hooks run where the walk ends
def told(name):
    def hook(*grads):
        print(name, *grads)
    return hook
a = torch.tensor(1.0, requires_grad=True)
b = a * 2
c = b * 3
leaf = b.grad_fn.next_functions[0][0]
for tensor, node, name in ((a, leaf, "a"), (b, b.grad_fn, "b")):
    node.register_prehook(told(name + " prehook"))
    tensor.register_hook(told(name + " tensor"))
    node.register_hook(told(name + " hook"))
a.register_post_accumulate_grad_hook(lambda tensor: print("a accumulated", tensor.grad))
for inputs in ((b,), (a,), (a, b)):
    print("grad", len(inputs), torch.autograd.grad(c, inputs, retain_graph=True))
for inputs in ((b,), (a,), (a, b), None):
    a.grad = b.grad = None
    print("backward", inputs is not None and len(inputs))
    c.backward(inputs=inputs, retain_graph=True)
    print(a.grad, b.grad, b.retains_grad)

# %% after the accumulation
x = torch.tensor([1.0, 2.0], requires_grad=True)
x.register_post_accumulate_grad_hook(lambda tensor: tensor.grad)
attempt(lambda: x.sum().backward())
print(x.grad)

# %% a node, called
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = torch.tensor(3.0, requires_grad=True)
see((x * y).grad_fn(torch.tensor([1.0, -1.0])), x.sum().grad_fn(torch.tensor(2.0)))
var, mean = torch.var_mean(x)
see(var.grad_fn(torch.tensor(1.0), torch.tensor(2.0)))
attempt(lambda: x.sum().grad_fn())
attempt(lambda: x.sum().grad_fn(y, y))
attempt(lambda: var.grad_fn(y))

# %% the gradient of a nan at a kink
x = torch.tensor([float("nan"), 1.0, -1.0], requires_grad=True)
see(torch.autograd.grad(x.relu().sum(), x), torch.autograd.grad(x.relu().sum(), x, create_graph=True))
see(torch.autograd.grad(torch.threshold(x, 0.5, 2).sum(), x))
see(torch.nan_to_num(x, 3.0), torch.autograd.grad(torch.nan_to_num(x).sum(), x))

# %% a gradient of another dtype
x = torch.tensor([1.0, 2.0], requires_grad=True)
print(x.grad_dtype)
x.grad_dtype = torch.float64
for _ in range(2):
    (x * 3).sum().backward()
    print(x.grad, x.grad_dtype)
attempt(lambda: setattr(x, "grad_dtype", torch.int32))
attempt(lambda: setattr(x, "grad_dtype", "float"))
attempt(lambda: setattr(x, "grad", torch.ones(2)))
x.grad = None
x.grad_dtype = None
x.grad = torch.ones(2, dtype=torch.float64)
(x * 3).sum().backward()
print(x.grad, x.grad_dtype)
y = x * 2
attempt(lambda: y.grad_dtype)
def set_it():
    y.grad_dtype = torch.float64
attempt(set_it)

# %% what is saved in another dtype
x = torch.tensor([1.5, 2.0], requires_grad=True)
with torch.autograd.graph.saved_tensors_hooks(lambda value: value.double(), lambda value: value):
    y = (x * x).sum() + x.exp().sum() + (x * torch.ones(2, 2)).tanh().sum()
see(torch.autograd.grad(y, x, retain_graph=True), torch.autograd.grad(y, x, create_graph=True))

# %% only_inputs, of PyTorch's first years
x = torch.tensor([1.5, 2.0], requires_grad=True)
see(torch.autograd.grad(x.sum(), x, only_inputs=True), torch.autograd.grad(x.sum(), x, None, None, False, True, True))
see(torch.autograd.grad(x.sum(), x, only_inputs=False))

# %% grad mode inside of inference mode
for mode in (torch.enable_grad, lambda: torch.set_grad_enabled(True), torch.no_grad):
    with torch.inference_mode():
        with mode():
            print(torch.is_grad_enabled(), (torch.ones(2, requires_grad=True) * 2).requires_grad)
            with torch.inference_mode(False):
                print(torch.is_grad_enabled(), (torch.ones(2, requires_grad=True) * 2).requires_grad)
            print(torch.is_grad_enabled())
        print(torch.is_grad_enabled())

# %% frames that do not fit, and losses
x = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
pad = torch.nn.functional.pad
for frame in ((1,), (1, 2, 3), (1,) * 6, (-3, 0), 1):
    attempt(lambda: pad(x, frame))
attempt(lambda: pad(x, (1, 1), mode="nonsense"))
attempt(lambda: torch.nn.functional.smooth_l1_loss(x, x, beta=-1.0))
attempt(lambda: torch.nn.functional.huber_loss(x, x, delta=0.0))
see(torch.nn.functional.huber_loss(x, x + 2, weight=torch.tensor([[1.0, 2.0], [0.5, 0.0]])))
print(torch.nn.SmoothL1Loss(), torch.nn.HuberLoss())
attempt(lambda: torch.scatter_reduce(x, 0, torch.tensor([[0, 1]]), x, "most"))
attempt(lambda: torch.scatter_reduce(x, 0, torch.tensor([[0, 2]]), x, "sum"))
see(torch.scatter_reduce(torch.tensor(2.0), 0, torch.tensor(0), torch.tensor(3.0), "prod"))
see(torch.scatter_reduce(torch.tensor([5, 2]), 0, torch.tensor([0, 0]), torch.tensor([3, 9]), "mean"))
see(torch.scatter_reduce(torch.tensor([5, 2]), 0, torch.tensor([0, 0]), torch.tensor([3, 9]), "amax", include_self=False))
print(torch.empty_strided((2, 3), (1, 2)).stride(), torch.empty_strided((0, 3), (1, 2), dtype=torch.int64).dtype)
attempt(lambda: torch.empty_strided((2,), (1, 1)))
attempt(lambda: torch.empty_strided((2,), (-1,)))
attempt(lambda: torch.isin(1, 2))
attempt(lambda: torch.linalg.svdvals(torch.ones(2)))
attempt(lambda: torch.linalg.svdvals(torch.ones(2, 2, dtype=torch.int64)))
attempt(lambda: torch.linalg.matrix_norm(torch.ones(2, 2, dtype=torch.int64), 2))
attempt(lambda: torch.linalg.matrix_norm(torch.ones(2), "nuc"))
see(torch.linalg.matrix_norm(torch.zeros(0, 3), 2), torch.linalg.matrix_norm(torch.zeros(0, 3), "nuc"))

# %% pieces that share memory, and are no views to autograd
x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = x * 1
first, second = y.unsafe_split(2)
print(first._is_view(), first.grad_fn.name(), first._version)
first.mul_(5)
print(y, y._version, first._version, second._version, first.grad_fn.name())
first.sum().backward()
print(x.grad)

# %% detached in place after it was saved
for change in (lambda y: y.detach_(), lambda y: y.detach_().requires_grad_()):
    for f in (lambda y: y * y, lambda y: y.sin(), lambda y: y.max(0)[0], lambda y: y + 1, lambda y: y.tanh(),
              lambda y: torch.cat([y, y]).prod(0), lambda y: y / 2):
        x = torch.tensor([1.0, 2.0], requires_grad=True)
        y = x * 3
        z = f(y)
        seen_before = y.detach()
        change(y)
        print(y._version, seen_before._version, y.grad_fn)
        attempt(lambda: z.sum().backward(retain_graph=True))
        see(x.grad, y.grad)
        y.data.add_(1)
        attempt(lambda: see(torch.autograd.grad(z.sum(), x, create_graph=True)))
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x * 3
z = y * y
y.detach_()
print(z.grad_fn._saved_self)
y.add_(1)
print(y._version)
attempt(lambda: z.sum().backward())
z = y * x
z.sum().backward()
see(x.grad)
z = x * x
x.detach_()
z.sum().backward()

# %% a view of what was made in inference mode
with torch.inference_mode():
    x = torch.ones(2, 3, requires_grad=True)
    y = torch.ones(2, 3)
for value in (x, y):
    print(value.requires_grad, value.is_inference())
    for view in (value.view(6), value[0], value.t(), value.unbind(0)[0], value.expand(2, 2, 3), value.detach()):
        print(view.requires_grad, view.is_leaf, view.grad_fn, view._is_view(), view.is_inference())
        attempt(lambda: see(view * 2))
        attempt(lambda: view.add_(1))

# %% padding that does not fit
F = torch.nn.functional
for shape, size in (((2, 3), (3, 1)), ((2, 3), (-2, -2)), ((2, 3), (-2, -1)), ((2, 3), (1, 1, 1, 1)), ((3,), (1, 1)),
                    ((2, 3), ()), ((2, 3), (1,)), ((2, 0), (1, 1)), ((0, 2, 3), (1, 1)), ((2, 0, 4), (1, 1, 1, 1)),
                    ((2, 3, 4), (0, 0, 3, 1)), ((2, 3, 4, 4), (1, 1, 1, 1, 3, 0)),
                    ((2, 3, 4), (-2, -3, 0, 0)), ((1, 2, 3, 4, 5), (1, 1))):
    for mode in ("replicate", "reflect", "circular")[: 1 if shape == (2, 3, 4) else 3]:
        attempt(lambda: print(F.pad(torch.zeros(shape), size, mode).shape))
x = torch.ones(2, 3)
for wrong in (lambda: F.pad(x, (1, 1), "reflect", 1.0), lambda: F.pad(x, (1, 1), "other"), lambda: F.pad(x, 1),
              lambda: F.pad(x.bool(), (1, 1), "reflect"), lambda: F.pad(x.bool(), (1, 1), "circular"),
              lambda: F.pad(x, (1.0, 1)), lambda: F.pad(1, (1, 1)), lambda: F.pad(x, (1, 1), "reflect", 0.0)):
    attempt(lambda: see(wrong()))

# %% neighbours that repeat each other
for x in (torch.tensor([1.0, 1.0, 2.0, 1.0]), torch.tensor([[1, 1, 2], [1, 1, 2], [0, 0, 1]]), torch.tensor(3.0), torch.zeros(0), torch.zeros(0, 3), torch.zeros(2, 0)):
    for dim in (None, 0, 1, -1, 5):
        attempt(lambda: print(torch.unique_consecutive(x, return_inverse=True, return_counts=True, dim=dim)))
        attempt(lambda: print(torch.unique(x, return_counts=True, dim=dim)))

# %% two zeros multiplied at one place have no second derivative
x = torch.tensor([2.0, 3.0], requires_grad=True)
places = torch.tensor([0, 0, 1])
for values in ([0.0, 0.0, 4.0], [0.0, 5.0, 4.0]):
    src = torch.tensor(values, requires_grad=True)
    out = torch.scatter_reduce(x, 0, places, src, "prod")
    first = torch.autograd.grad(out.sum(), (x, src), create_graph=True)
    see(*first)
    attempt(lambda: see(*torch.autograd.grad(first[1].sum(), (x, src), allow_unused=True)))
