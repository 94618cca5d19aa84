# fmt: off
# ruff: noqa
# Whole trainings, from one seed to the last loss. (Cells: see tests/engine/observe.py.)

# %% a network that solves a differential equation
nn = torch.nn
torch.manual_seed(0)
net = nn.Sequential(nn.Linear(1, 8), nn.Tanh(), nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 1))
times = torch.linspace(0, 1, 12).view(-1, 1).requires_grad_()
start = torch.zeros(1, 1, requires_grad=True)
adam = torch.optim.Adam(net.parameters(), lr=1e-2)
for step in range(25):
    adam.zero_grad()
    u = net(times)
    du, = torch.autograd.grad(u, times, torch.ones_like(u), create_graph=True)
    ddu, = torch.autograd.grad(du, times, torch.ones_like(du), create_graph=True)
    loss = (net(start) - 1).pow(2).mean() + 1e-2 * (ddu + 2 * du + 4 * u).pow(2).mean()
    loss.backward()
    adam.step()
    if step % 8 == 0:
        see(loss)
see(net[0].weight)

# %% a critic whose slope is held at one
nn = torch.nn
torch.manual_seed(1)
critic = nn.Sequential(nn.Linear(2, 8), nn.LeakyReLU(0.2), nn.Linear(8, 1))
maker = nn.Sequential(nn.Linear(3, 8), nn.ReLU(True), nn.Linear(8, 2))
of_critic, of_maker = torch.optim.RMSprop(critic.parameters(), lr=5e-3), torch.optim.Adam(maker.parameters(), lr=1e-3, betas=(0.5, 0.9))
def penalty(real, made):
    share = torch.rand(len(real), 1).expand_as(real)
    between = (share * real + (1 - share) * made).requires_grad_(True)
    said = critic(between)
    slope = torch.autograd.grad(outputs=said, inputs=between, grad_outputs=torch.ones(said.size()), create_graph=True, retain_graph=True, only_inputs=True)[0]
    return (slope.view(len(real), -1).norm(2, dim=1) - 1).pow(2).mean()
for step in range(6):
    real, noise = torch.randn(8, 2) * 0.5 + 1, torch.randn(8, 3)
    made = maker(noise).detach()
    of_critic.zero_grad()
    loss = critic(made).mean() - critic(real).mean() + 10 * penalty(real, made)
    loss.backward()
    of_critic.step()
    of_maker.zero_grad()
    other = -critic(maker(noise)).mean()
    other.backward()
    of_maker.step()
    see(loss, other)

# %% learning to learn: a gradient through steps of descent
F = torch.nn.functional
torch.manual_seed(2)
w, b = torch.randn(1, 1, requires_grad=True), torch.zeros(1, requires_grad=True)
outer = torch.optim.SGD([w, b], lr=0.01)
for step in range(5):
    total = 0
    for task in range(3):
        slope, x = torch.rand(1) * 2, torch.randn(6, 1)
        fast = [w, b]
        for _ in range(2):
            loss = F.mse_loss(x @ fast[0] + fast[1], slope * x)
            grads = torch.autograd.grad(loss, fast, create_graph=True)
            fast = [p - 0.1 * g for p, g in zip(fast, grads)]
        x = torch.randn(6, 1)
        total = total + F.mse_loss(x @ fast[0] + fast[1], slope * x)
    outer.zero_grad()
    total.backward()
    outer.step()
    see(total, w.grad, b)

# %% gradients turned round, straight through, and the largest curvature
nn, F = torch.nn, torch.nn.functional
class Turned(Function):
    @staticmethod
    def forward(ctx, x, factor):
        ctx.factor = factor
        return x.view_as(x)
    @staticmethod
    def backward(ctx, grad):
        return -ctx.factor * grad, None
class Through(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return (x > 0).float()
    @staticmethod
    def backward(ctx, grad):
        x, = ctx.saved_tensors
        return F.hardtanh(grad) * (x.abs() < 1)
torch.manual_seed(3)
x = torch.randn(5, requires_grad=True)
y = Turned.apply(x, 0.5) + Through.apply(x)
y.sum().backward()
see(y, x.grad)
rounded = x + (x.round() - x).detach()
see(rounded, torch.autograd.grad(rounded.sum(), x))
net, data, labels = nn.Linear(4, 2), torch.randn(10, 4), torch.randint(0, 2, (10,))
params = list(net.parameters())
grads = torch.autograd.grad(F.cross_entropy(net(data), labels), params, create_graph=True)
v = [torch.randn_like(p) for p in params]
for _ in range(6):
    size = torch.sqrt(sum((a * a).sum() for a in v))
    v = [a / size for a in v]
    hv = torch.autograd.grad(sum((g * a).sum() for g, a in zip(grads, v)), params, retain_graph=True)
    see(sum((h * a).sum() for h, a in zip(hv, v)))
    v = [h.detach() for h in hv]

# %% a network with everything that draws lots
nn, F = torch.nn, torch.nn.functional
torch.manual_seed(4)
points = torch.randn(60, 2)
labels = (points[:, 0] * points[:, 1] > 0).long()
net = nn.Sequential(nn.Linear(2, 12), nn.BatchNorm1d(12), nn.ReLU(), nn.Dropout(0.2), nn.Linear(12, 2))
sgd = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9, weight_decay=1e-4)
slower = torch.optim.lr_scheduler.StepLR(sgd, 2, 0.5)
for epoch in range(4):
    order, total = torch.randperm(60), 0.0
    for rows in order.split(20):
        sgd.zero_grad()
        loss = F.cross_entropy(net(points[rows]), labels[rows], label_smoothing=0.05)
        loss.backward()
        total += nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        sgd.step()
    slower.step()
    see(total, slower.get_last_lr())
net.eval()
with torch.inference_mode():
    see(net(points[:4]).softmax(-1), net[1].running_mean)
encode, decode, pictures = nn.Linear(6, 4), nn.Linear(2, 6), torch.rand(5, 6)
mean, log_var = encode(pictures).chunk(2, dim=1)
drawn = mean + torch.randn_like(mean) * torch.exp(0.5 * log_var)
rebuilt = F.binary_cross_entropy(torch.sigmoid(decode(drawn)), pictures, reduction="sum")
apart = -0.5 * torch.sum(1 + log_var - mean.pow(2) - log_var.exp())
(rebuilt + apart).backward()
see(rebuilt, apart, encode.bias.grad)
policy, states, rewards = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2)), torch.randn(6, 3), torch.randn(6)
logs = F.log_softmax(policy(states), -1)
chosen = torch.bernoulli(logs.exp()[:, 1]).long()
loss = -(logs.gather(1, chosen.unsqueeze(1)).squeeze(1) * rewards).mean()
loss.backward()
see(chosen, loss, policy[0].bias.grad)
