# fmt: off
# ruff: noqa
# Random numbers, which are the same for the same seed. (Cells: see tests/engine/observe.py.)

# %% uniform and normal numbers
for seed in (0, 1, -7, 2**40 + 3):
    torch.manual_seed(seed)
    see(torch.rand(3), torch.rand(2, dtype=torch.float64), torch.rand(2, 2, dtype=torch.float16), torch.rand(()))
    see(torch.randn(3), torch.randn(2), torch.randn(1, dtype=torch.float64), torch.rand(1), torch.randn(15), torch.randn(2, dtype=torch.float16))
    see(torch.randn(4, 4), torch.randn(5, 7), torch.randn(33, dtype=torch.float64), torch.rand(2))
torch.manual_seed(2)
x = torch.empty(6, 3)
see(x.uniform_(-1, 2), x.t().uniform_(), x.t().normal_(1, 3), x[::2].normal_(), x.normal_(), x.double().uniform_(5, 5.5), x.exponential_(), x.double().exponential_(2.0))
like = torch.ones(5, 4).t()
see(torch.rand_like(like), torch.randn_like(like), torch.randn_like(like[:2]), torch.rand_like(like, dtype=torch.float64, requires_grad=True))
see(torch.normal(0.5, 2.0, (4,)), torch.normal(0.5, 2.0, (17,)), torch.normal(torch.arange(4.0), 2.0), torch.normal(1.0, torch.arange(20.0)), torch.normal(torch.zeros(3), torch.ones(3)))
print(torch.randn_like(like).stride(), torch.rand(0).shape, torch.randn(0, 3).shape)

# %% whole numbers and throws of a coin
torch.manual_seed(5)
see(torch.randint(10, (5,)), torch.randint(-3, 4, (2, 3)), torch.randint(2**28 - 1, (3,)), torch.randint(2**28, (3,)), torch.randint(-(2**40), 2**41, (3,)), torch.randint(3, ()))
see(torch.randint(9, (4,), dtype=torch.float32), torch.randint(200, (4,), dtype=torch.uint8), torch.randint_like(torch.ones(3, 2).t(), 9), torch.randperm(12), torch.randperm(5, dtype=torch.int32), torch.randperm(1), torch.rand(1))
for dtype in (torch.float32, torch.float64, torch.float16, torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8, torch.bool):
    see(torch.zeros(4, dtype=dtype).random_())
    attempt(lambda: see(torch.zeros(3, dtype=dtype).random_(2), torch.zeros(3, dtype=dtype).random_(1, 100)))
    attempt(lambda: see(torch.zeros(2, dtype=dtype).random_(1, None)))
x = torch.zeros(3, 2)
see(x.random_(7), x.t().random_(1, 9), x.random_(to=4))
w = torch.ones(3, requires_grad=True)
for args in ((), (3,), (1, 3), (1, None)):
    y = (w * 1).random_(*args)
    print(y.grad_fn.name(), torch.autograd.grad(y.sum(), w)[0])
for call in (lambda: x.random_(5, 2), lambda: x.random_(0), lambda: w.random_(), lambda: x.random_("a"), lambda: x.random_(1.5), lambda: torch.zeros(2, dtype=torch.int8).random_(0, 300),
             lambda: torch.randint(-1, 3, (2,), dtype=torch.uint8), lambda: torch.randint(5, 2, (2,)), lambda: torch.ones(3).expand(2, 3).random_(), lambda: x.random_(-(2**24) - 2, 4)):
    attempt(call)
p, q = torch.full((9,), 0.3), torch.full((9,), 0.3, dtype=torch.float64)
see(torch.bernoulli(p), torch.bernoulli(q), torch.bernoulli(p, 0.6), p.clone().bernoulli_(0.5), p.clone().bernoulli_(q), torch.zeros(9, dtype=torch.int64).bernoulli_(p), torch.ones(4, 3).t().bernoulli_(0.5))

# %% what layers begin with, and what they drop
nn, init, F = torch.nn, torch.nn.init, torch.nn.functional
torch.manual_seed(3)
net = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
see(*net.parameters())
see(*nn.Conv2d(2, 3, 2).parameters(), nn.Embedding(4, 3).weight, *nn.Conv1d(1, 2, 3).parameters())
see(F.dropout(torch.ones(4, 5), 0.4), F.dropout(torch.ones(4, 5).t(), 0.4), nn.Dropout(0.25)(torch.ones(6)))
for fill in (init.uniform_, init.normal_, init.xavier_uniform_, init.xavier_normal_, init.kaiming_uniform_, init.kaiming_normal_, init.trunc_normal_, init.orthogonal_):
    see(fill(torch.empty(5, 3)), fill(torch.empty(3, 5)))
    see(fill(torch.empty(2, 3), generator=torch.Generator()))
see(init.trunc_normal_(torch.empty(6), 0.0, 1.0, 1.0, 4.0), init.trunc_normal_(torch.empty(3, 2), 1.0, 2.0, -1.0, 4.0))
attempt(lambda: see(init.trunc_normal_(torch.empty(6), 5.0, 1.0, 1.0, 2.5)))

# %% sources of random numbers of one's own
g = torch.Generator()
print(g.initial_seed(), g.device, g.manual_seed(-3) is g, g.initial_seed(), type(g), torch.manual_seed(4) is torch.default_generator, torch.initial_seed(), type(torch.seed()) is int)
g.manual_seed(7)
see(torch.rand(2, generator=g), torch.randn(3, generator=g), torch.randint(9, (3,), generator=g), torch.randperm(4, generator=g), torch.normal(0.0, 1.0, (2,), generator=g))
see(torch.empty(3).normal_(generator=g), torch.empty(3).uniform_(generator=g), torch.empty(6).bernoulli_(0.5, generator=g), torch.bernoulli(torch.full((6,), 0.5), generator=g), torch.zeros(3).random_(5, generator=g), torch.empty(2).exponential_(generator=g))
torch.manual_seed(0)
torch.randn(3)
torch.rand(700)
state = torch.get_rng_state()
print(state.dtype, state.shape, state.sum(), state[:24])
first = torch.randn(4), torch.rand(2)
torch.set_rng_state(state)
see(first, torch.randn(4), torch.rand(2))
with torch.random.fork_rng():
    a = torch.rand(2)
see(a, torch.rand(2), g.set_state(state) is g, torch.randn(4, generator=g), torch.rand(1, generator=g.clone_state()), torch.rand(1, generator=g))
for call in (lambda: torch.manual_seed(2**64), lambda: torch.manual_seed("a"), lambda: torch.manual_seed(None), lambda: print(torch.manual_seed(1.5).initial_seed()), lambda: g.manual_seed(1.5), lambda: g.manual_seed("a"), lambda: g.manual_seed(-2**63 - 1),
             lambda: torch.set_rng_state(torch.zeros(3)), lambda: torch.set_rng_state(torch.zeros(3, dtype=torch.uint8)), lambda: g.set_state(3), lambda: torch.rand(2, generator=3), lambda: torch.seed(1), lambda: torch.manual_seed()):
    attempt(call)

# %% a program that asks for a graphics card, and wants to be repeatable
device = torch.device("cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu")
print(device, torch.cuda.device_count(), torch.cuda.is_initialized(), torch.accelerator.is_available(), torch.accelerator.current_accelerator(), torch.xpu.is_available(), torch.get_default_device())
def everything(seed):
    torch.manual_seed(seed)
    torch.cuda.manual_seed(seed)
    torch.cuda.manual_seed_all(seed)
    torch.backends.cudnn.deterministic = True
    torch.backends.cudnn.benchmark = False
    torch.use_deterministic_algorithms(True)
everything(3)
net = torch.nn.Linear(2, 2).to(device)
see(net(torch.ones(1, 2, device=device)), net.weight.to(device) is net.weight)
print(torch.are_deterministic_algorithms_enabled(), torch.cuda.memory_allocated(), torch.cuda.empty_cache(), torch.cuda.get_rng_state_all(), torch.set_default_device(None))
torch.use_deterministic_algorithms(False)
for call in (torch.cuda.synchronize, torch.cuda.current_device, lambda: torch.cuda.get_device_name(0), lambda: torch.ones(2).cuda(), lambda: net.cuda(), lambda: torch.ones(2).to("cuda"), lambda: torch.ones(2, device="cuda")):
    attempt(call)

# %% random numbers around what has a history
o = torch.ones(3, requires_grad=True)
torch.manual_seed(1)
for out in (torch.normal(o, 2.0), torch.normal(1.0, o), torch.normal(o, o), torch.normal(o.detach(), o), torch.normal(torch.ones(2, 1), o), torch.normal(o.double(), 0.5)):
    see(out, torch.autograd.grad(out.sum(), o))
    print(out.grad_fn.name(), out._version, [n for n in dir(out.grad_fn) if n.startswith("_saved")])
for call in (lambda: torch.normal(o, -1.0), lambda: torch.normal(o, -o), lambda: torch.normal(o, torch.tensor(-1.0)), lambda: torch.normal(1.0, -1.0, (2,)), lambda: torch.normal(o, torch.ones(2)), lambda: torch.normal(o.int(), 1.0)):
    attempt(call)

# %% multinomial: places drawn with given chances
torch.manual_seed(4)
g = torch.Generator().manual_seed(5)
for dtype in (torch.float32, torch.float64, torch.float16):
    for shape in ((5,), (3, 7), (2, 300)):
        q = torch.rand(shape).to(dtype)
        for n in (1, 2, 5):
            see(torch.multinomial(q, n), torch.multinomial(q, n, True), q.multinomial(n, generator=g), q.multinomial(n, replacement=True))
q = torch.rand(3, 4, requires_grad=True)
print(torch.multinomial(q.t(), 3), q.multinomial(1).requires_grad, torch.multinomial(torch.tensor([0, 0.5, 0, 1]), 20, True), torch.rand(1))
print(torch.multinomial(q, 2, out=torch.empty(0, dtype=torch.int64)).shape, torch.multinomial(torch.zeros(0, 2), 1))

# %% multinomial: what is refused
p = torch.tensor([0.1, 0.2, 0.7])
for given in ((p, 4), (p, 0), (p, -1), (-p, 1), (p * 0, 1), (p.long(), 1), (torch.ones(2, 2, 2), 1), (torch.tensor(1.0), 1), (p, 1.5), (p,), (p * float("nan"), 1),
              (torch.zeros(0), 1), (torch.zeros(2, 0), 1), (3, 2), (p, None), (p, 2, 3), (-p, 5, True), (p * 0, 5, True), (p * float("inf"), 5, True)):
    attempt(lambda: torch.multinomial(*given))
attempt(lambda: torch.multinomial(p, 2, out=torch.empty(0)))

# %% gumbel_softmax: a soft draw, and a hard one with its gradient
torch.manual_seed(4)
logits = torch.tensor(numbers(3, 4), dtype=torch.float64, requires_grad=True)
for hard in (False, True):
    y = F.gumbel_softmax(logits, 0.5, hard)
    see(y, *torch.autograd.grad((y * torch.arange(4.0)).sum(), logits))
see(F.gumbel_softmax(logits.t(), dim=0), F.gumbel_softmax(logits, eps=1e-9))
for call in (lambda: F.gumbel_softmax(3), lambda: F.gumbel_softmax(logits, "a"), lambda: F.gumbel_softmax(logits, dim=4), lambda: F.gumbel_softmax(logits.long())):
    attempt(call)

# %% from characters to names: a bigram, sampled
torch.manual_seed(4)
words = ["emma", "olivia", "ava", "mia", "amelia", "isla"]
chars = ["."] + sorted(set("".join(words)))
pairs = [(chars.index(a), chars.index(b)) for w in words for a, b in zip("." + w, w + ".")]
xs, ys = torch.tensor(pairs).t()
W = torch.randn(len(chars), len(chars), requires_grad=True)
for _ in range(30):
    loss = F.cross_entropy(F.one_hot(xs, len(chars)).float() @ W, ys) + 0.01 * (W**2).mean()
    W.grad = None
    loss.backward()
    W.data -= 10 * W.grad
see(loss)
g = torch.Generator().manual_seed(2147483647)
for _ in range(4):
    at, name = 0, ""
    while len(name) < 12:
        at = torch.multinomial(W[at].softmax(0), 1, replacement=True, generator=g).item()
        if not at:
            break
        name += chars[at]
    print(name)
