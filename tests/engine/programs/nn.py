# fmt: off
# ruff: noqa
# Layers and losses. (Cells: see tests/engine/observe.py.)

# %% losses
F = torch.nn.functional
x = torch.tensor(numbers(4, 3), dtype=torch.float64, requires_grad=True)
y = torch.tensor(numbers(4, 3), dtype=torch.float64, requires_grad=True)
p = torch.tensor(numbers(4, 3, low=0.1, high=0.9), dtype=torch.float64, requires_grad=True)
w = torch.tensor([0.5, 1.0, 2.0], dtype=torch.float64)
t = torch.tensor([0, 2, 1, 2])
for reduction in ("mean", "sum", "none"):
    for loss in (lambda: F.mse_loss(x, y, reduction=reduction), lambda: F.l1_loss(x, y, reduction=reduction),
                 lambda: F.binary_cross_entropy(p, y.sigmoid(), reduction=reduction),
                 lambda: F.binary_cross_entropy_with_logits(x, p, reduction=reduction),
                 lambda: F.binary_cross_entropy_with_logits(x, p, weight=w, pos_weight=w, reduction=reduction),
                 lambda: F.nll_loss(x.log_softmax(1), t, w, ignore_index=1, reduction=reduction),
                 lambda: F.cross_entropy(x, t, reduction=reduction),
                 lambda: F.cross_entropy(x, t, w, reduction=reduction, ignore_index=1)):
        out = loss()
        see(out)
        print([type(node).__name__ for node, _ in out.grad_fn.next_functions])
        derivatives(out, *[leaf for leaf in (x, y, p) if torch.autograd.grad(out.sum(), leaf, retain_graph=True, allow_unused=True)[0] is not None])

# %% cross entropy with smooth and soft targets
F = torch.nn.functional
x = torch.tensor(numbers(4, 3), dtype=torch.float64, requires_grad=True)
p = torch.tensor(numbers(4, 3), dtype=torch.float64).softmax(1)
w = torch.tensor([0.5, 1.0, 2.0], dtype=torch.float64)
t = torch.tensor([0, 2, 1, 2])
for reduction in ("mean", "sum", "none"):
    for options in ({"label_smoothing": 0.2}, {"weight": w, "label_smoothing": 0.1}):
        see(F.cross_entropy(x, t, reduction=reduction, **options).detach(), F.cross_entropy(x, p, reduction=reduction, **options).detach())
        see(torch.autograd.grad(F.cross_entropy(x, t, reduction=reduction, **options).sum(), x))
see(F.cross_entropy(torch.zeros(2, 3, 2), torch.tensor([[0, 1], [2, 2]])), F.cross_entropy(x[0], t[1]))

# %% normalisation and embedding
F = torch.nn.functional
x = torch.tensor(numbers(4, 3), dtype=torch.float64, requires_grad=True)
w = torch.tensor(numbers(3), dtype=torch.float64, requires_grad=True)
b = torch.tensor(numbers(3), dtype=torch.float64, requires_grad=True)
m, v = torch.zeros(3, dtype=torch.float64), torch.ones(3, dtype=torch.float64)
for out in (F.layer_norm(x, (3,), w, b), F.layer_norm(x, (4, 3)) * w * b, F.batch_norm(x, m, v, w, b, training=True),
            F.batch_norm(x, m, v, w, b), F.batch_norm(x, None, None, w, b, True, eps=0.1)):
    see(out)
    derivatives(out ** 2, x, w, b)
see(m.detach(), v.detach())
i = torch.tensor([[0, 1], [1, 3]])
see(F.embedding(i, x), F.one_hot(i), F.one_hot(i, 6))
derivatives(F.embedding(i, x, padding_idx=1) ** 2, x)

# %% linear
F = torch.nn.functional
w = torch.tensor(numbers(2, 3), dtype=torch.float64, requires_grad=True)
b = torch.tensor(numbers(2), dtype=torch.float64, requires_grad=True)
for size in ((3,), (4, 3), (2, 4, 3)):
    x = torch.tensor(numbers(*size), dtype=torch.float64, requires_grad=True)
    out = F.linear(x, w, b)
    see(out)
    derivatives(out ** 2, x, w, b)
    out = F.linear(x, w)
    see(out)
    derivatives(out, x, w)

# %% as they print
nn = torch.nn
for m in (nn.Linear(3, 2), nn.Linear(3, 2, bias=False), nn.Sequential(nn.Linear(3, 2), nn.ReLU(), nn.Sequential(nn.Tanh())),
          nn.ModuleList([nn.Linear(1, 1), nn.ReLU(), nn.ReLU()]), nn.Dropout(0.2), nn.Embedding(4, 3), nn.Embedding(4, 3, padding_idx=1),
          nn.LayerNorm(3), nn.LayerNorm((2, 3), elementwise_affine=False), nn.BatchNorm1d(3), nn.Flatten(), nn.MSELoss(),
          nn.CrossEntropyLoss(), nn.BCEWithLogitsLoss(), nn.L1Loss(), nn.Softmax(1), nn.Sigmoid(), nn.ReLU(inplace=True),
          nn.Identity(), nn.LeakyReLU(), nn.GELU(), nn.Sequential(), nn.Parameter(torch.ones(2)),
          nn.Parameter(torch.ones(1, dtype=torch.float64), requires_grad=False)):
    print(m)

# %% what a module is made of
nn = torch.nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(2, 3)
        self.norm = nn.BatchNorm1d(3)
        self.rest = nn.Sequential(nn.ReLU(), nn.Linear(3, 1))
        self.again = self.first
        self.scale = nn.Parameter(torch.ones(1))
        self.register_buffer("seen", torch.zeros(1))
        self.register_buffer("secret", torch.zeros(1), persistent=False)
        self.nothing = None
    def forward(self, x):
        return self.rest(self.norm(self.first(x))) * self.scale
net = Net()
print(net)
for names in (net.named_parameters(), net.named_buffers(), net.named_children(), net.named_modules(), net.rest.named_parameters(prefix="p")):
    print([name for name, _ in names])
print(list(net.state_dict()), len(list(net.parameters())), len(list(net.modules())), net.training, net.norm.training)
print(net.eval().norm.training, net.train(True) is net, len(net.rest), net.rest[1], net.rest[-1] is net.rest[1], net.rest[:1])
print(all(p.requires_grad for p in net.requires_grad_(False).parameters()), net.first.weight.requires_grad)
print({p.dtype for p in net.double().parameters()}, net.norm.num_batches_tracked.dtype, net.first.weight.is_leaf)
net.float().requires_grad_()
net(torch.ones(4, 2)).sum().backward()
print(net.scale.grad.shape, net.norm.num_batches_tracked)
net.zero_grad(set_to_none=False)
print(net.scale.grad)
net.zero_grad()
print(net.scale.grad, isinstance(net.scale, torch.Tensor), net.scale.is_leaf)
del net.scale
attempt(lambda: net.scale)
order = []
net.apply(lambda module: order.append(type(module).__name__))
print(order)
handle = net.rest.register_forward_hook(lambda module, args, out: out * 0)
see(net(torch.ones(4, 2).detach()) if hasattr(net, "scale") else net.rest(torch.ones(1, 3)).detach())
handle.remove()

# %% dropout and init
F = torch.nn.functional
x = torch.ones(1000, requires_grad=True)
out = F.dropout(x, 0.25)
print(type(out.grad_fn).__name__, sorted(set(out.tolist())) == [0.0, 1 / 0.75] or sorted(set(round(v, 4) for v in out.tolist())))
print(F.dropout(x, 0.5, training=False) is x, F.dropout(x, 1.0).sum(), torch.nn.Dropout(0.5).eval()(x) is x)
w = torch.nn.Parameter(torch.empty(200, 100)) if hasattr(torch, "empty") else torch.nn.Parameter(torch.zeros(200, 100))
I = torch.nn.init
for fill, spread in ((lambda: I.uniform_(w, -1, 1), 3 ** -0.5), (lambda: I.normal_(w, 0, 2), 2), (lambda: I.xavier_uniform_(w), (2 / 300) ** 0.5),
                     (lambda: I.xavier_normal_(w), (2 / 300) ** 0.5), (lambda: I.kaiming_uniform_(w, nonlinearity="relu"), (2 / 100) ** 0.5),
                     (lambda: I.kaiming_normal_(w, mode="fan_out", nonlinearity="relu"), (2 / 200) ** 0.5)):
    print(fill() is w, w.requires_grad, w.is_leaf, abs(w.std().item() / spread - 1) < 0.05, abs(w.mean().item()) < 0.1)
see(I.zeros_(w).sum().item(), I.ones_(w).sum().item(), I.constant_(w, 3).mean().item())
for name in ("linear", "relu", "tanh", "sigmoid", "leaky_relu", "selu"):
    print(I.calculate_gain(name))

# %% clipping
p = [torch.nn.Parameter(torch.ones(2)), torch.nn.Parameter(torch.ones(3)), torch.nn.Parameter(torch.ones(1))]
p[0].grad, p[1].grad = torch.tensor([3.0, 4.0]), torch.ones(3)
see(torch.nn.utils.clip_grad_norm_(p, 1.0), p[0].grad, p[1].grad, torch.nn.utils.clip_grad_norm_(p, 10.0), p[0].grad)
see(torch.nn.utils.parameters_to_vector(p))
torch.nn.utils.vector_to_parameters(torch.arange(6.0), p)
see(*[q.detach() for q in p])

# %% cross entropy by steps: smoothing, weights, probabilities, and what is ignored
F = torch.nn.functional
w = torch.tensor([0.5, 1.0, 2.0])
for reduction in ("mean", "sum", "none"):
    for weight in (None, w):
        for target in (torch.tensor([1, -100]), torch.tensor([[0.5, 0.5, 0.0], [0.0, 0.25, 0.75]])):
            x = torch.tensor([[0.5, -1.0, 2.0], [1.0, 0.0, 0.5]], requires_grad=True)
            loss = F.cross_entropy(x, target, weight, reduction=reduction, label_smoothing=0.25)
            print(loss.grad_fn.name(), [edge and edge.name() for edge, _ in loss.grad_fn.next_functions])
            loss.sum().backward()
            see(loss, x.grad)
print(F.cross_entropy(torch.ones(0, 3), torch.ones(0, 3)), F.mse_loss(torch.ones(0), torch.ones(0)))

# %% functions as layers
nn = torch.nn
x = torch.tensor([-8.0, -0.5, 0.25, 7.0])
for layer in (nn.ELU(), nn.ELU(2.0, True), nn.SiLU(), nn.SiLU(True), nn.Softplus(), nn.Softplus(2, 3), nn.Hardtanh(), nn.Hardtanh(-2, 2, True), nn.ReLU6(), nn.ReLU6(True),
              nn.LogSigmoid(), nn.Threshold(0.1, 20), nn.Threshold(1, 2, True), nn.ReLU(True), nn.LeakyReLU(0.1, True), nn.Hardtanh(min_value=-3, max_value=3)):
    a = x.clone().requires_grad_()
    out = layer(a * 1)
    out.sum().backward()
    print(layer, out, a.grad)
for wrong in (lambda: nn.Hardtanh(2, 1), lambda: nn.Threshold(1), lambda: nn.ELU("a")(x), lambda: nn.SiLU()(3), lambda: nn.Softplus()(None), lambda: nn.ReLU6()([1.0]), lambda: nn.LogSigmoid()("a")):
    attempt(wrong)

# %% dictionaries of modules, lists of parameters
nn = torch.nn
d = nn.ModuleDict({"a": nn.ReLU(), "b": nn.Linear(2, 3)})
print(d, list(d), len(d), "a" in d, d["b"], list(d.items())[0], list(d.keys()), list(d.values())[:1], d.pop("a"), d)
d.update({"c": nn.Tanh()})
d.update([("e", nn.ReLU())])
d.update(nn.ModuleDict({"f": nn.Sigmoid()}))
print(d, [name for name, _ in d.named_parameters()])
del d["c"]
d.clear()
print(d)
for wrong in (lambda: nn.ModuleDict(3), lambda: nn.ModuleDict([1]), lambda: nn.ModuleDict({"a": 3}), lambda: nn.ModuleDict({1: nn.ReLU()}), lambda: nn.ModuleDict({"a.b": nn.ReLU()}),
              lambda: nn.ModuleDict([("a",)]), lambda: d["x"], lambda: d.pop("x"), lambda: nn.ParameterList(3), lambda: nn.ParameterList()[0]):
    attempt(wrong)
p = nn.ParameterList([torch.ones(2), nn.Parameter(torch.ones(2, 2)), 3])
print(p, len(p), p[0], p[-1], p[0:2], [name for name, _ in p.named_parameters()])
p.append(torch.zeros(1))
p += [nn.Parameter(torch.ones(3))]
p[0] = torch.zeros(4)
print(p, [tuple(one.shape) for one in p if not isinstance(one, int)], list(p.state_dict()))

# %% weights of losses
F = torch.nn.functional
x, y = torch.tensor([[0.5, -1.0, 2.0], [1.0, 0.25, -0.5]], requires_grad=True), torch.tensor([[0.25, 1.0, 0.0], [0.75, 0.5, 0.1]])
p = torch.tensor([[0.5, 0.25, 0.75], [0.1, 1.0, 0.0]], requires_grad=True)
weights = (y, torch.tensor([0.5, 1.0, 2.0]), y.double(), torch.tensor(2.0), torch.tensor([[0.5], [2.0]]), torch.tensor([1, 2, 3]), torch.ones(2), torch.ones(4, 2, 3),
           torch.ones(3).requires_grad_(), 3, [1.0], None)
for reduction in ("mean", "sum", "none", "no"):
    for w in weights:
        for name in ("mse_loss", "l1_loss", "huber_loss", "binary_cross_entropy", "binary_cross_entropy_with_logits", "pos_weight"):
            f, key = (F.binary_cross_entropy_with_logits, name) if name == "pos_weight" else (getattr(F, name), "weight")
            x.grad = p.grad = None
            def once():
                loss = f(p if name == "binary_cross_entropy" else x, y, reduction=reduction, **{key: w})
                loss.sum().backward()
                see(name, loss, x.grad, p.grad)
            attempt(once)
loss = F.binary_cross_entropy(p, y, weights[1])
print(loss.grad_fn._saved_weight, loss.grad_fn._saved_reduction)
w = torch.ones(3).requires_grad_()
for wrong in (lambda: F.nll_loss(x, torch.tensor([0, 2]), w), lambda: F.cross_entropy(x, torch.tensor([0, 2]), w), lambda: F.nll_loss(torch.ones(2, 3, 4), torch.zeros(2, 4).long(), w)):
    attempt(wrong)
print(F.mse_loss(x, y[0], weight=y), torch.broadcast_shapes((2, 1), (3,), 1), torch.broadcast_shapes())
for shapes in (((2, 3), (2,)), ((2, 3), (4, 3), (1, 1)), ((2,), (-1,))):
    attempt(lambda: torch.broadcast_shapes(*shapes))

# %% rows that are shortened, counted or given
nn, F = torch.nn, torch.nn.functional
places = torch.tensor([[0, 2], [2, 2]])
for options in ({"max_norm": 1.0}, {"max_norm": 1.0, "norm_type": 1.0}, {"max_norm": 0.5, "norm_type": float("inf")}, {"max_norm": -1.0}, {"scale_grad_by_freq": True},
                {"scale_grad_by_freq": True, "padding_idx": 2}, {"max_norm": torch.tensor(2.0), "norm_type": torch.tensor(1)}):
    w = torch.tensor([[1.0, 2.0], [3.0, -4.0], [0.5, 0.25]], requires_grad=True)
    out = F.embedding(places, w, **options)
    print(w._version, out.grad_fn._saved_scale_grad_by_freq)
    (out * torch.tensor([1.0, 3.0])).sum().backward()
    see(out, w, w.grad)
    layer = nn.Embedding(3, 2, **{k: v for k, v in options.items() if not torch.is_tensor(v)})
    print(layer, layer(places).shape)
w = torch.ones(3, 2)
for wrong in (lambda: F.embedding(places, w, max_norm="a"), lambda: F.embedding(places, w, max_norm=1.0, norm_type="a"), lambda: F.embedding(places.float(), w, max_norm=1.0),
              lambda: F.embedding(places + 5, w, max_norm=1.0), lambda: F.embedding(places - 3, w, max_norm=1.0), lambda: F.embedding(places, w[0], max_norm=1.0),
              lambda: F.embedding(places, w, scale_grad_by_freq=1), lambda: nn.Embedding(2, 3, _weight=w), lambda: nn.Embedding.from_pretrained(w[0])):
    attempt(wrong)
layer = nn.Embedding.from_pretrained(w, padding_idx=1)
print(layer, layer.weight.requires_grad, nn.Embedding.from_pretrained(w, False).weight.requires_grad, layer.weight.data_ptr() == w.data_ptr())
layer.reset_parameters()
print(layer.weight[1])

# %% numbers given as tensors, and NumPy's
F = torch.nn.functional
x, y = torch.tensor([[0.5, -1.0, 2.0], [1.0, 0.25, -0.5]]), torch.tensor([[0.25, 1.0, 0.0], [0.75, 0.5, 0.1]])
calls = (lambda v: F.leaky_relu(x, v), lambda v: F.elu(x, v), lambda v: F.softplus(x, v), lambda v: F.softplus(x, threshold=v), lambda v: F.hardtanh(x, -1, v),
         lambda v: F.threshold(x, v, 1), lambda v: F.threshold(x, 0.5, v), lambda v: F.leaky_relu(x * 1, v, True), lambda v: F.normalize(x, v), lambda v: F.normalize(x, eps=v),
         lambda v: F.smooth_l1_loss(x, y, beta=v), lambda v: F.huber_loss(x, y, delta=v), lambda v: F.layer_norm(x, (3,), eps=v), lambda v: F.batch_norm(x, None, None, training=True, eps=v),
         lambda v: F.cross_entropy(x, torch.tensor([0, 2]), label_smoothing=v))
for v in (torch.tensor(0.5), np.float64(0.5), np.float32(0.5), torch.tensor(1), np.int64(1), torch.tensor([0.5]), torch.tensor(0.5, requires_grad=True), True, None):
    for k, call in enumerate(calls):
        if not (k in (8, 9, 12, 13, 14) and (torch.is_tensor(v) or v is None)):
            attempt(lambda: see(k, call(v)))
out = torch.zeros(2, 3)
print(F.normalize(x, out=out) is out, out, F.relu_(x * 1), F.elu_(x * 1), F.leaky_relu_(x * 1), F.hardtanh_(x * 1), F.threshold_(x * 1, 0.5, 1))
attempt(lambda: F.normalize(x.requires_grad_(), out=out))

# %% batch normalisation with few options
nn, F = torch.nn, torch.nn.functional
x = torch.tensor([[0.5, -1.0, 2.0], [1.0, 0.25, -0.5]])
layer = nn.BatchNorm1d(3, bias=False)
see(layer, layer(x), layer.bias, list(layer.state_dict()), layer.running_mean)
layer.reset_running_stats()
see(layer.running_mean, layer.running_var, layer.num_batches_tracked)
layer.reset_parameters()
m, v = torch.zeros(3), torch.ones(3)
for call in (lambda: F.batch_norm(x, m, None, training=True), lambda: F.batch_norm(x, m, None), lambda: F.batch_norm(x, m, v, training=True, eps=0), lambda: F.batch_norm(x, m, v, eps=-1),
             lambda: F.batch_norm(x, m, v, eps=0), lambda: F.batch_norm(x, m, v, eps="a"), lambda: F.batch_norm(x, m.clone().requires_grad_(), v), lambda: F.batch_norm(x, m, v, training="a")):
    attempt(lambda: see(call()))
see(m, v)
print(nn.Unflatten(1, (3, 1)), nn.Unflatten(1, (3, 1))(x).shape)
for sizes in ((3, 2), (-1, 2), (-1, 3), (), (0, -1)):
    attempt(lambda: print(nn.Unflatten(1, sizes)(x).shape))

# %% rarer functions as layers
nn, F = torch.nn, torch.nn.functional
x = torch.tensor([[-8.0, -0.5, 0.25], [7.0, -2.0, 1.0]])
for layer in (nn.Mish(), nn.Mish(True), nn.SELU(), nn.SELU(True), nn.Hardsigmoid(), nn.Hardsigmoid(True), nn.Hardswish(), nn.Hardswish(True), nn.Softsign(), nn.Tanhshrink(),
              nn.CELU(), nn.CELU(2, True), nn.Softshrink(), nn.Softshrink(0.25), nn.Hardshrink(), nn.Softmin(1), nn.Softmin(), nn.PReLU(), nn.PReLU(3, 0.5), nn.GELU()):
    a = x.clone().requires_grad_()
    out = layer(a * 1)
    print(layer, list(layer.state_dict()))
    see(out, torch.autograd.grad(out.sum(), [a, *layer.parameters()]))
y = torch.autograd.grad(F.hardsigmoid(x.requires_grad_()).sum(), x, create_graph=True)[0]
print(y.grad_fn.name(), y.requires_grad)
attempt(lambda: y.sum().backward())
edge = torch.tensor([-3.0, 3.0, -0.5, 0.5, 0.0, float("nan"), float("inf"), -float("inf"), 100.0, -100.0], requires_grad=True)
functions = {"mish": F.mish, "selu": F.selu, "hardsigmoid": F.hardsigmoid, "hardswish": F.hardswish, "celu": F.celu, "softshrink": F.softshrink, "hardshrink": F.hardshrink,
             "softsign": F.softsign, "tanhshrink": F.tanhshrink, "softmin": lambda v: F.softmin(v, 0), "prelu": lambda v: F.prelu(v, torch.tensor([0.5]))}
for name, f in functions.items():
    see(name, f(edge), torch.autograd.grad(f(edge).sum(), edge))
    for wrong in (torch.tensor([1, 2]), torch.tensor([True, False]), 3, torch.ones(2).half(), torch.ones(2).double()):
        attempt(lambda: see(f(wrong)))
x = x.detach()
for wrong in (lambda: F.celu(x, 0), lambda: F.celu(x, "a"), lambda: F.softshrink(x, -1), lambda: F.softshrink(x.double(), -0.5), lambda: F.softshrink(x, "a"), lambda: F.hardshrink(x, None),
              lambda: F.prelu(x, torch.ones(2)), lambda: F.prelu(x, 0.25), lambda: F.prelu(x, torch.ones(1, 1)), lambda: F.prelu(torch.ones(3), torch.ones(3)),
              lambda: F.prelu(torch.tensor(1.0), torch.ones(2)), lambda: F.prelu(x, torch.ones(1).double()), lambda: nn.PReLU("a"), lambda: nn.PReLU(2)(x), lambda: nn.Softsign(3),
              lambda: F.celu((x * 1).requires_grad_() * 1, -1.0, True).sum().backward()):
    attempt(wrong)
out = F.celu(x.requires_grad_(), 2.0), F.selu(x), F.prelu(x, torch.tensor([0.5])), F.softshrink(x, 0.25)
print(out[0].grad_fn._saved_alpha, out[1].grad_fn._saved_alpha, out[1].grad_fn._saved_scale, out[2].grad_fn.next_functions, out[3].grad_fn._saved_lambd)

# %% divergence, hinges, and angles
nn, F = torch.nn, torch.nn.functional
x = torch.tensor([[0.5, -1.0, 2.0], [1.0, 0.25, -0.5]], requires_grad=True)
p = torch.tensor([[0.5, 0.25, 0.25], [0.1, 0.9, 0.0]], requires_grad=True)
for reduction in ("mean", "batchmean", "sum", "none", "no"):
    for log_target in (False, True):
        def once():
            x.grad = p.grad = None
            loss = F.kl_div(x.log_softmax(1), p, reduction=reduction, log_target=log_target)
            loss.sum().backward()
            see(loss, x.grad, p.grad)
        attempt(once)
        attempt(lambda: print(nn.KLDivLoss(reduction=reduction, log_target=log_target)(x, p)))
    for target in (torch.tensor([[1, -1, 1], [-1, -1, 1]]), torch.tensor([1.0, -1.0, 0.0])):
        def again():
            x.grad = None
            loss = F.hinge_embedding_loss(x, target, 1.5, reduction=reduction)
            loss.sum().backward()
            see(loss, x.grad)
        attempt(again)
        attempt(lambda: print(nn.HingeEmbeddingLoss(0.5, reduction=reduction)(x, target)))
for dim, eps in ((1, 1e-8), (0, 1e-8), (-1, 10.0)):
    x.grad = p.grad = None
    out = F.cosine_similarity(x, p, dim, eps)
    (out * torch.arange(1.0, 1 + len(out))).sum().backward()
    see(out, x.grad, p.grad, nn.CosineSimilarity(dim, eps)(x, p[0]))
i = torch.tensor([[1, 2, 3]])
for call in (lambda: F.cosine_similarity(x1=x, x2=p), lambda: F.cosine_similarity(x, p, 5), lambda: F.cosine_similarity(x, torch.ones(2)), lambda: F.cosine_similarity(i, i), lambda: F.cosine_similarity(x, i),
             lambda: F.cosine_similarity(x), lambda: F.cosine_similarity(3, x), lambda: F.cosine_similarity(x, p, eps="a"), lambda: F.cosine_similarity(x, p.double()), lambda: F.cosine_similarity(x, x * 0),
             lambda: F.kl_div(x, i), lambda: F.kl_div(x, 3), lambda: F.kl_div(x, p, reduction="sum", log_target=1), lambda: F.kl_div(x, p, False), lambda: F.kl_div(x, torch.ones(2), reduction="sum"),
             lambda: F.hinge_embedding_loss(x, 3), lambda: F.hinge_embedding_loss(x, i, "a"), lambda: F.hinge_embedding_loss(i, i), lambda: F.hinge_embedding_loss(x, torch.ones(2))):
    attempt(lambda: see(call()))
print(nn.CosineSimilarity(), nn.KLDivLoss(), nn.HingeEmbeddingLoss())

# %% nothing counts
for targets, weight in (([-100, -100], None), ([-100, 1], None), ([1, 1], [0.5, 0.25, 1.0])):
    for reduction in ("mean", "sum", "none"):
        for smoothing in (0.0, 0.1):
            for shape in ((2, 3), (1, 3, 2), (1, 3, 1, 2)):
                x = torch.linspace(-1, 2, 6).view(shape).requires_grad_()
                t = torch.tensor(targets).view(*shape[:1], *shape[2:])
                loss = torch.nn.functional.cross_entropy(x, t, None if weight is None else torch.tensor(weight), ignore_index=targets[0], reduction=reduction, label_smoothing=smoothing)
                loss.sum().backward(); see(loss, x.grad)
x, t = torch.linspace(-1, 2, 6).view(2, 3).requires_grad_(), torch.tensor([1, 1])
for given in ({"ignore_index": 1}, {"weight": torch.tensor([1.0, 0.0, 1.0])}):
    g, = torch.autograd.grad(torch.nn.functional.nll_loss(x, t, **given) * x.sum(), x, create_graph=True); g.sum().backward(); see(g, x.grad)
for shape in ((2, 3, 4), (2, 3, 2, 2, 2), (0, 3, 4), (2, 3, 0)):
    for reduction in ("mean", "none"):
        x = torch.linspace(-1, 2, 4 * 12)[:torch.Size(shape).numel()].reshape(shape).requires_grad_()
        loss = torch.nn.functional.nll_loss(x * 1, torch.zeros(shape[0], *shape[2:]).long(), reduction=reduction)
        see(loss); print(loss.grad_fn.next_functions[0][0].name(), loss._is_view()); see(torch.autograd.grad(loss, x, torch.ones_like(loss))[0])
