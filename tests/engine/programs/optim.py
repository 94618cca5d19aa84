# fmt: off
# ruff: noqa
# Optimizers. (Cells: see tests/engine/observe.py.)

# %% step by step
def train(make):
    a = torch.nn.Parameter(torch.tensor([[1.0, -2.0], [0.5, 3.0], [-1.0, 0.25]], dtype=torch.float64))
    b = torch.nn.Parameter(torch.tensor([0.5, -0.5], dtype=torch.float64))
    unused = torch.nn.Parameter(torch.ones(1))
    x = torch.tensor([[1.0, 2.0, -1.0], [0.5, -1.5, 2.0]], dtype=torch.float64)
    optimizer = make([{"params": [a]}, {"params": [b, unused], "lr": 0.03}])
    for k in range(6):
        optimizer.zero_grad(set_to_none=k % 2 == 0)
        loss = ((x @ a + b) ** 2).mean()
        loss.backward()
        print(optimizer.step())
        see(loss.item(), a.detach(), b.detach(), a._version, b._version, unused._version)
        if k == 3:
            state = optimizer.state_dict()
            optimizer = make([{"params": [a]}, {"params": [b, unused], "lr": 0.03}])
            optimizer.load_state_dict(state)
    print({k: list(s) for k, s in optimizer.state_dict()["state"].items()}, optimizer.state_dict()["param_groups"])
    print(optimizer)
    see(*[v for s in optimizer.state_dict()["state"].values() for v in s.values()])
O = torch.optim
for make in (lambda p: O.SGD(p, lr=0.1), lambda p: O.SGD(p, lr=0.1, momentum=0.9), lambda p: O.SGD(p, lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.1),
             lambda p: O.SGD(p, lr=0.01, momentum=0.5, dampening=0.2, maximize=True), lambda p: O.Adam(p, lr=0.1),
             lambda p: O.Adam(p, lr=0.1, betas=(0.5, 0.8), weight_decay=0.1, amsgrad=True), lambda p: O.AdamW(p, lr=0.1),
             lambda p: O.AdamW(p, lr=0.01, weight_decay=0.5, amsgrad=True, maximize=True), lambda p: O.RMSprop(p, lr=0.05),
             lambda p: O.RMSprop(p, lr=0.05, momentum=0.9, centered=True, weight_decay=0.1, alpha=0.5)):
    train(make)

# %% refused
O = torch.optim
p = [torch.nn.Parameter(torch.ones(2)), torch.nn.Parameter(torch.ones(1))]
for wrong in (lambda: O.SGD([]), lambda: O.SGD(torch.ones(2)), lambda: O.SGD([1]), lambda: O.SGD([p[0] * 2]), lambda: O.SGD(p, lr=-1),
              lambda: O.SGD(p, momentum=-1), lambda: O.SGD(p, weight_decay=-1), lambda: O.SGD(p, nesterov=True), lambda: len(O.SGD([p[0], p[0]]).param_groups),
              lambda: O.SGD([{"params": p[0]}, {"params": p[0]}]), lambda: O.SGD([{"params": {p[0]}}]), lambda: O.SGD([{"x": 1}]), lambda: O.SGD({"params": p}),
              lambda: O.SGD(p).add_param_group(3), lambda: O.SGD(p).add_param_group({"params": p[0]}), lambda: O.SGD(p).load_state_dict({"state": {}, "param_groups": []}),
              lambda: O.SGD(p).load_state_dict({"state": {}, "param_groups": [{"params": [0]}]}), lambda: O.Adam(p, lr=-1), lambda: O.Adam(p, eps=-1),
              lambda: O.Adam(p, betas=(1, 0.9)), lambda: O.Adam(p, betas=(0.9, 1.0)), lambda: O.Adam(p, weight_decay=-1), lambda: O.RMSprop(p, alpha=-1),
              lambda: O.RMSprop(p, momentum=-1), lambda: O.RMSprop(p, lr=-1), lambda: O.RMSprop(p, eps=-1), lambda: O.lr_scheduler.StepLR(3, 1),
              lambda: O.lr_scheduler.StepLR(O.SGD([torch.nn.Parameter(torch.ones(1))]), 2, last_epoch=3)):
    attempt(wrong)
print(O.SGD([("a", p[0]), ("b", p[1])], lr=0.1).state_dict(), O.SGD(p).step(lambda: 3))

# %% learning rates
S = torch.optim.lr_scheduler
for make in (lambda o: S.StepLR(o, 2, gamma=0.5), lambda o: S.ExponentialLR(o, 0.9), lambda o: S.LambdaLR(o, lambda epoch: 1 / (1 + epoch))):
    p = torch.nn.Parameter(torch.ones(1))
    optimizer = torch.optim.SGD([p], lr=0.1)
    scheduler = make(optimizer)
    print(scheduler.get_last_lr())
    for _ in range(5):
        p.grad = torch.ones(1)
        optimizer.step()
        scheduler.step()
        print([round(lr, 12) for lr in scheduler.get_last_lr()], scheduler.last_epoch, round(optimizer.param_groups[0]["lr"], 12))
    see(p.detach())
optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=0.1)
S.StepLR(optimizer, 1).step()
