# fmt: off
# ruff: noqa
# What networks refuse: layers, losses and their functions. (Cells: see tests/engine/observe.py.)

# %% attributes and states that are refused
nn = torch.nn
l = nn.Linear(3, 2)
class Early(nn.Module):
    def __init__(self): self.a = nn.Parameter(torch.ones(2))
class Early2(nn.Module):
    def __init__(self): self.a = nn.ReLU()
class Empty(nn.Module):
    pass
m = Empty()
m.taken = 3
m.child = nn.ReLU()
m.register_buffer("buffer", torch.ones(2))
for wrong in (Early, Early2, lambda: m(1), lambda: l.foo, lambda: setattr(l, "weight", torch.ones(2)), lambda: setattr(l, "weight", 3),
              lambda: setattr(m, "child", 3), lambda: setattr(m, "buffer", 3),
              lambda: m.register_parameter("a.b", None), lambda: m.register_parameter("", None), lambda: m.register_parameter("a", 3),
              lambda: m.register_parameter("taken", None), lambda: m.register_parameter("a", torch.ones(1)), lambda: m.register_parameter(3, None),
              lambda: m.register_buffer("a.b", None), lambda: m.register_buffer("", None), lambda: m.register_buffer("taken", torch.ones(1)),
              lambda: m.register_buffer("q", 3), lambda: m.add_module("taken", nn.ReLU()), lambda: m.add_module("z", 3),
              lambda: m.add_module("z.z", nn.ReLU()), lambda: m.add_module("", nn.ReLU()), lambda: m.train(3),
              lambda: nn.Parameter(torch.tensor([1, 2])), lambda: nn.Parameter(3), lambda: l.to(torch.int64),
              lambda: l.load_state_dict({"weight": torch.ones(2, 2), "x": torch.ones(2)}), lambda: l.load_state_dict(3),
              lambda: nn.Sequential(l, l).load_state_dict({}), lambda: nn.Dropout(1.5)):
    attempt(wrong)
print(l.load_state_dict({"weight": torch.ones(2, 3)}, strict=False), l.load_state_dict(l.state_dict()))
see(l.weight.detach(), l.weight._version)

# %% losses and layers that are refused
F = torch.nn.functional
nn = torch.nn
x = torch.tensor(numbers(4, 3), requires_grad=True)
t = torch.tensor([0, 1, 2, 1])
for wrong in (lambda: nn.Linear(3, 2)(torch.ones(2, 4)), lambda: nn.Linear(3, 2)(torch.ones(4)), lambda: F.linear(torch.tensor(1.0), torch.ones(2, 3)),
              lambda: F.cross_entropy(x, t[:3]), lambda: F.cross_entropy(x, t + 3), lambda: F.nll_loss(x, t.float()),
              lambda: F.cross_entropy(x, t, reduction="no"), lambda: F.mse_loss(x, torch.ones(4, 1)), lambda: F.mse_loss(x, torch.ones(5, 1)),
              lambda: F.l1_loss(x, torch.ones(4, 1)), lambda: F.binary_cross_entropy_with_logits(x, torch.ones(4, 1)),
              lambda: F.softmax(x), lambda: F.log_softmax(x), lambda: F.mse_loss(x, x, reduce=False), lambda: F.mse_loss(x, x, size_average=False),
              lambda: F.dropout(x, 1.5), lambda: F.embedding(t, x, padding_idx=9), lambda: F.embedding(t.float(), x), lambda: F.embedding(t + 9, x),
              lambda: F.layer_norm(x, (2,)), lambda: nn.BatchNorm1d(4)(x), lambda: nn.BatchNorm1d(3)(torch.ones(1, 3)),
              lambda: nn.BatchNorm1d(3)(torch.ones(3)), lambda: F.one_hot(t.float()), lambda: F.one_hot(t, 2), lambda: F.one_hot(-t),
              lambda: F.batch_norm(x, None, None), lambda: nn.init.xavier_uniform_(torch.ones(2)), lambda: nn.init.calculate_gain("no")):
    attempt(wrong)

# %% targets and weights that do not fit the classes
F = torch.nn.functional
for shape in ((), (3,), (2, 3), (2, 3, 4), (2, 3, 4, 5), (0, 3), (2, 0)):
    for to in ((1,), (2,), (3,), (2, 4), (2, 3), (0,), (2, 4, 5), (2, 3, 4)):
        x, y = torch.ones(shape), torch.zeros(to, dtype=torch.int64)
        attempt(lambda: print(F.nll_loss(x, y)))
        attempt(lambda: print(F.cross_entropy(x, y)))
for kind in (torch.float64, torch.int64, torch.uint8, torch.int32, torch.bool):
    x, y, p = torch.ones(2, 3), torch.ones(2), torch.ones(2, 3)
    attempt(lambda: print(F.nll_loss(x, y.to(kind))))
    attempt(lambda: print(F.cross_entropy(x, p.to(kind))))
    attempt(lambda: print(F.nll_loss(x.to(kind), y.long())))
    attempt(lambda: print(F.nll_loss(x, y.long(), torch.ones(3).to(kind))))
for w in (torch.ones(2), torch.ones(1, 3), torch.ones(())):
    attempt(lambda: F.cross_entropy(x, y.long(), w))
    attempt(lambda: F.cross_entropy(x, p, w))
    attempt(lambda: F.nll_loss(torch.ones(2, 3, 4), torch.ones(2, 4).long(), w))
attempt(lambda: F.cross_entropy(x, p, ignore_index=1))
attempt(lambda: F.cross_entropy(x, p, label_smoothing=2.0))

# %% dtypes that losses and normalisations refuse
F = torch.nn.functional
kinds = (torch.float64, torch.float32, torch.float16, torch.int64, torch.bool)
for one in kinds:
    for other in kinds:
        x, y, w = torch.ones(2, 3).to(one), torch.ones(2, 3).to(other), torch.ones(3).to(other)
        for name in ("mse_loss", "smooth_l1_loss", "huber_loss", "binary_cross_entropy",
                     "binary_cross_entropy_with_logits"):
            attempt(lambda: print(name, getattr(F, name)(x, y).dtype))
        attempt(lambda: print(F.layer_norm(x, (3,), w, w).dtype))
        attempt(lambda: print(F.batch_norm(x, None, None, w, w, True).dtype))
x = torch.ones(2, 3).half()
w = torch.ones(3, requires_grad=True)
F.layer_norm(x, (3,), w).sum().backward()
print(w.grad.dtype)
for shape in ((), (3,), (2, 3), (0, 3), (2, 3, 4)):
    x, w = torch.ones(shape), torch.ones(2)
    for like in ((3,), (2, 3), (), (3.0,)):
        attempt(lambda: print(F.layer_norm(x, like)))
        attempt(lambda: print(F.layer_norm(x, like, w)))
    attempt(lambda: print(F.batch_norm(x, None, None, None, None, True)))
    attempt(lambda: print(F.batch_norm(x, w, w)))

# %% embeddings, clipping and initial values that do not fit
F = torch.nn.functional
for w in (torch.ones(3), torch.ones(2, 3), torch.ones(0, 3), torch.ones((), requires_grad=True)):
    for places in (torch.tensor([0, 1]), torch.tensor([5]), torch.tensor([0.0]), torch.tensor([], dtype=torch.int64)):
        attempt(lambda: print(F.embedding(places, w)))
x = torch.ones(2, 3, requires_grad=True)
attempt(lambda: torch.nn.utils.clip_grad_value_([x], 1.0))
attempt(lambda: torch.nn.init.eye_(torch.ones(3)))
print(torch.nn.init.eye_(x), x.grad_fn)

# %% functions of networks that are given what they do not take
F = torch.nn.functional
x, p, i, w = torch.ones(2, 3), torch.full((2, 3), 0.5), torch.tensor([0, 1]), torch.ones(3)
functions = {
    "mse_loss": (x, x), "l1_loss": (x, x), "smooth_l1_loss": (x, x), "huber_loss": (x, x),
    "binary_cross_entropy": (p, p), "binary_cross_entropy_with_logits": (x, p), "nll_loss": (x, i),
    "cross_entropy": (x, i), "dropout": (x, 0.5), "embedding": (i, x), "threshold": (x, 0.5, 1.0),
    "layer_norm": (x, (3,)), "batch_norm": (x, w, w), "pad": (x, (1, 1)), "normalize": (x,), "hardtanh": (x,),
}
for name, given in functions.items():
    f = getattr(F, name)
    attempt(lambda: f())
    attempt(lambda: f(*given, unknown=1))
    for place in range(len(given)):
        for wrong in (None, "a", 2.5, [1.0], np.ones(3)):
            attempt(lambda: print(name, f(*given[:place], wrong, *given[place + 1 :]).shape))
for call in (
    lambda: F.cross_entropy(x, i, weight="a"), lambda: F.cross_entropy(x, i, label_smoothing="a"),
    lambda: F.nll_loss(x, i, ignore_index=1.5), lambda: F.layer_norm(x, (3,), bias="a"),
    lambda: F.layer_norm(x, (3,), eps=None), lambda: F.batch_norm(x, w, w, momentum="a"),
    lambda: F.batch_norm(x, w, w, bias=3), lambda: F.dropout(x, training="a"), lambda: F.dropout(i),
    lambda: F.pad(x, (1, 1), value="a"), lambda: F.hardtanh(x, 2.0, 1.0), lambda: F.mse_loss(x, x, reduction=[1]),
    lambda: F.binary_cross_entropy_with_logits(x, p, pos_weight="a"), lambda: F.embedding(x > 0, x),
    lambda: F.binary_cross_entropy(p, x * 2), lambda: F.pad(x, (1.0, 1)),
):
    attempt(call)

# %% layers that are given what they do not take
x = torch.ones(2, 3)
for layer in (
    torch.nn.MSELoss(), torch.nn.CrossEntropyLoss(), torch.nn.BCELoss(), torch.nn.Tanh(), torch.nn.Sigmoid(),
    torch.nn.ReLU(), torch.nn.Dropout(), torch.nn.BatchNorm1d(3), torch.nn.Linear(3, 2), torch.nn.LayerNorm(3),
):
    for given in ((), (x,), (x, x, x), (3,), ("a", x), (x, None)):
        attempt(lambda: print(layer(*given).shape))
    attempt(lambda: layer(x, unknown=1))
for make in (
    lambda: torch.nn.Dropout(unknown=1), lambda: torch.nn.BatchNorm1d(3, unknown=1), lambda: torch.nn.MSELoss(unknown=1),
    lambda: torch.nn.ModuleList(3), lambda: torch.nn.ModuleList([3]), lambda: torch.nn.Sequential({"a": torch.nn.ReLU()}),
    lambda: torch.nn.Sequential(np.ones(3)), lambda: torch.nn.NLLLoss([1.0]),
):
    attempt(make)

# %% sizes of layers that are none
for make in (
    lambda: torch.nn.Linear("a", 2), lambda: torch.nn.Linear(3, -1), lambda: torch.nn.LayerNorm("a"),
    lambda: torch.nn.LayerNorm((2.5,)), lambda: torch.nn.LayerNorm(3, dtype=3), lambda: torch.nn.BatchNorm1d(None),
    lambda: torch.nn.BatchNorm1d(2.5), lambda: torch.nn.Embedding(-1, 3), lambda: torch.nn.Embedding(4, 3, 4),
    lambda: torch.nn.Embedding(4, 3, -5), lambda: torch.nn.Embedding(4, 3, "a"),
):
    attempt(make)
for layer in (torch.nn.LayerNorm(3, device="cpu"), torch.nn.LayerNorm(3, bias=False), torch.nn.BatchNorm1d(3),
              torch.nn.BatchNorm1d(3, affine=False), torch.nn.LayerNorm((2, 3), elementwise_affine=False)):
    print(layer, {n: (v.shape, v.tolist()) for n, v in layer.state_dict().items()})

# %% tensors as numbers of layers, and others of the same type that are none
nn, F = torch.nn, torch.nn.functional
x, t = torch.tensor([[0.5, -1.0, 2.0], [1.0, 0.25, -0.5]]), torch.tensor([0, 2])
for v in (torch.tensor(1), torch.tensor(0.5), torch.tensor([0.5, 1.0]), torch.tensor(2), np.float32(0.5), np.int64(1)):
    for call in (lambda: nn.LayerNorm(3, eps=v)(x), lambda: nn.BatchNorm1d(3, momentum=v)(x), lambda: F.cross_entropy(x, t, ignore_index=v), lambda: F.softmax(x, v),
                 lambda: x.flatten(v), lambda: nn.Embedding(3, 2, norm_type=v, max_norm=v)(t).shape, lambda: nn.Linear(3, v), lambda: nn.Softplus(v)(x), lambda: x.add(x, alpha=v),
                 lambda: torch.addcmul(x, x, x, value=v), lambda: torch.empty((v,)).shape, lambda: torch.clamp(x, max=v)):
        attempt(lambda: see(call()))

# %% what losses and slopes refuse first
F = torch.nn.functional
x, p = torch.tensor([[0.5, -1.0, 2.0], [1.0, 0.25, -0.5]]), torch.tensor([[0.5, 0.25, 0.25], [0.1, 0.9, 0.0]])
for call in (lambda: F.cosine_similarity(x, p[0, :2], eps=-1), lambda: F.cosine_similarity(x, p, eps=-0.5), lambda: F.prelu(x, torch.ones(1, 1).double()), lambda: F.prelu(x, torch.tensor([1, 2])),
             lambda: F.kl_div(x > 0, p, reduction="sum"), lambda: F.kl_div(x, x > 0, reduction="sum"), lambda: F.binary_cross_entropy_with_logits(x, p, pos_weight=x > 0),
             lambda: F.normalize(x, torch.tensor(0.5)), lambda: x.norm(torch.tensor(1)), lambda: x.norm(torch.tensor([1.0, 2.0]))):
    attempt(lambda: see(call()))
