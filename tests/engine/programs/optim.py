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

# %% options that do not fit, or not together
O = torch.optim
p = [torch.nn.Parameter(torch.ones(2)), torch.nn.Parameter(torch.ones(1))]
T = torch.tensor
for wrong in (lambda: O.SGD(p, lr="a"), lambda: O.SGD(p, lr=T([0.1, 0.2])), lambda: O.SGD(p, lr=float("nan")), lambda: O.Adam(p, lr=float("nan")), lambda: O.Adam(p, lr="a"),
              lambda: O.Adam(p, lr=None), lambda: O.Adam(p, betas=3), lambda: O.Adam(p, betas=(0.9,)), lambda: O.Adam(p, betas=(0.9, 0)), lambda: O.Adam(p, betas=[0.9, 0.99]),
              lambda: O.Adam(p, betas=(T(0.9), 0.99)), lambda: O.Adam(p, betas=(T(0.9), T(0.99))), lambda: O.Adam(p, betas=(T(0.9), T(0.99)), foreach=True),
              lambda: O.Adam(p, lr=T(0.1), foreach=True), lambda: O.Adam(p, eps="a"), lambda: O.RMSprop(p, alpha="a"), lambda: O.RMSprop(p, momentum=None),
              lambda: O.SGD(p, fused=True, foreach=True), lambda: O.Adam(p, fused=True, differentiable=True), lambda: O.AdamW(p, bad=3), lambda: O.AdamW(p, decoupled_weight_decay=True),
              lambda: O.SGD([np.ones(2)]), lambda: O.SGD([("a", p[0]), p[1]]), lambda: O.SGD([("a",)]), lambda: O.SGD([{"params": [("a", p[0])]}, {"params": [p[1]]}]),
              lambda: O.Optimizer(p, {"lr": 1}).step(), lambda: O.SGD(p).load_state_dict(3)):
    attempt(lambda: print(wrong()))
p[0].grad = torch.ones(2)
for make in (lambda: O.Adam(p, capturable=True), lambda: O.RMSprop(p, capturable=True), lambda: O.SGD(p, differentiable=True), lambda: O.Adam(p, betas=(T(0.9), T(0.99))),
             lambda: O.SGD(p, lr=T(0.1), momentum=0.5)):
    o = make()
    attempt(lambda: print(o.step()))
    see(p[0].detach())
group = {"params": p[0], "lr": 0.5}
o = O.SGD([group], lr=0.1)
print(o.param_groups[0] is group, group)

# %% hooks of optimizers, own ones, and states that know less
O = torch.optim
p = torch.nn.Parameter(torch.ones(2))
o = O.SGD([p], lr=0.5, momentum=0.5)
p.grad = grad = torch.ones(2)
handles = [o.register_step_pre_hook(lambda o, a, k: print("before", len(a), list(k))), o.register_step_post_hook(lambda o, a, k: print("after", len(a), list(k)))]
print(o.step(), o.step(closure=lambda: 3), p)
for handle in handles:
    handle.remove()
o.register_step_pre_hook(lambda o, a, k: ((o, lambda: 7), {}))
print(o.step())
o.register_state_dict_pre_hook(lambda o: print("write"))
o.register_state_dict_post_hook(lambda o, state: {**state, "more": 1})
o.register_load_state_dict_pre_hook(lambda o, state: print("read", list(state)))
o.register_load_state_dict_post_hook(lambda o: print("done"))
o.load_state_dict(o.state_dict())
o.zero_grad(set_to_none=False)
print(p.grad is grad, grad)
for make in (O.SGD, O.Adam, O.AdamW, O.RMSprop):
    o = make([p])
    o.load_state_dict({"state": {5: {"a": 1}, 0: {"step": torch.tensor(1.0), "b": torch.ones(2).double()}}, "param_groups": [{"params": [0], "lr": 0.5}]})
    print(o.param_groups, o.state)
class Own(O.Optimizer):
    def __init__(self, params):
        super().__init__(params, {"lr": 0.5})
    def step(self, closure=None):
        print("own step")
        for group in self.param_groups:
            for p in group["params"]:
                self.state[p]["count"] = self.state[p].get("count", 0) + 1
o = Own([p])
scheduler = O.lr_scheduler.StepLR(o, 1)
o.register_step_post_hook(lambda *a: print("after"))
o.step()
scheduler.step()
print(o, o.state_dict())

# %% schedules
S = torch.optim.lr_scheduler
def fresh(lr=0.1):
    return torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=lr)
class Half(S.LRScheduler):
    def get_lr(self):
        return [group["lr"] / 2 for group in self.optimizer.param_groups]
for make in (lambda o: S.StepLR(o, 2, gamma=0.5), lambda o: S.MultiStepLR(o, [1, 3, 3]), lambda o: S.ExponentialLR(o, 0.5), lambda o: S.LambdaLR(o, lambda epoch: 1 / (1 + epoch)),
             lambda o: S.CosineAnnealingLR(o, 3, 0.01), Half):
    for lr in (0.1, torch.tensor(0.1)):
        o = fresh(lr)
        s = make(o)
        for _ in range(8):
            o.step()
            s.step()
            see(s.get_last_lr(), o.param_groups[0]["lr"])
        print(list(s.state_dict()), s.base_lrs, s.state_dict()["_step_count"], o.param_groups[0]["initial_lr"])
        attempt(lambda: see(s.get_lr()))
        attempt(lambda: s.step(2))
        see(s.get_last_lr())
        again = make(o)
        see(again.base_lrs, again.get_last_lr())
        again.load_state_dict(s.state_dict())
        see(again.last_epoch)
o = fresh()
s = S.StepLR(o, 1)
s.step()
s.step()
o.step()
print(S.StepLR(o, 0).get_last_lr(), S.StepLR(o, "a").step_size, S.StepLR(o, 2, last_epoch=3).state_dict())
for wrong in (lambda: S.StepLR(o, 0).step(), lambda: S.StepLR(o, 2, "a"), lambda: S.StepLR(o), lambda: S.LambdaLR(o, [len, len]), lambda: S.LRScheduler(o), lambda: S.StepLR(o, 2, verbose=True),
              lambda: S.CosineAnnealingLR(o, 0).step(), lambda: S._LRScheduler(3)):
    attempt(wrong)

# %% clipping and beginnings that do not fit
U, I = torch.nn.utils, torch.nn.init
p = torch.nn.Parameter(torch.ones(2))
p.grad = torch.tensor([3.0, 4.0])
for call in (lambda: U.clip_grad_norm_(p, "a"), lambda: U.clip_grad_norm_(p, 1.0, "a"), lambda: U.clip_grad_norm_(iter([]), 1.0), lambda: U.clip_grad_norm_((q for q in ()), 1.0),
             lambda: U.clip_grad_value_(p, "a"), lambda: U.vector_to_parameters(3, [p]), lambda: U.get_total_norm([p.grad, p]), lambda: U.clip_grad_norm(p, 2.5, foreach=False),
             lambda: U.clip_grads_with_norm_(p, 1.0, torch.tensor(5.0)), lambda: U.get_total_norm([torch.tensor(float("nan"))], error_if_nonfinite=True)):
    attempt(lambda: see(call(), p.grad))
w = torch.zeros(300, 40)
for fill in (lambda: I.trunc_normal_(w), lambda: I.trunc_normal_(w, 5, 1), lambda: I.trunc_normal_(w, 0, 0.5, -2, 0.25)):
    print(fill() is w, w.min().item() >= -2, w.max().item() <= 2, abs(w.std().item() / 0.88 - 1) < 0.05)
for w in (torch.empty(3, 5), torch.empty(5, 3), torch.empty(2, 2, 2), torch.empty(3)):
    attempt(lambda: I.orthogonal_(w, 2))
    v = w.reshape(len(w), -1)
    v = v.T if v.ndim == 2 and v.shape[0] > v.shape[1] else v
    print(((v @ v.T).abs() * 100).round() / 100 if w.ndim > 1 else "")
for call in (lambda: I.uniform(torch.ones(2), 1.0, 1.0), lambda: I.constant(torch.ones(2), 3), lambda: I._calculate_fan_in_and_fan_out(torch.ones(2, 3, 4)),
             lambda: I._calculate_correct_fan(torch.ones(2, 3), "X"), lambda: I.calculate_gain("conv_transpose2d"), lambda: I.zeros_(3), lambda: I.xavier_uniform_(3)):
    attempt(lambda: print(call()))

# %% differentiated through steps, and by what they are made with
SGD, Adam, AdamW, RMSprop = torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW, torch.optim.RMSprop
double = lambda values, **options: torch.tensor(values, dtype=torch.float64, **options)
target = double([0.5, -1.0, 2.0])

def trained(make, steps=3):
    start = double([1.0, 2.0, -1.0], requires_grad=True)
    w = start * 1
    optimizer = make([w])
    for _ in range(steps):
        w.grad, = torch.autograd.grad(((w - target) ** 4).sum(), w, create_graph=True)
        optimizer.step()
    return start, w

for make in (
    lambda params: SGD(params, lr=0.01, differentiable=True, weight_decay=0.1),
    lambda params: Adam(params, lr=0.01, differentiable=True, maximize=True),
    lambda params: Adam(params, lr=0.01, differentiable=True, amsgrad=True, weight_decay=0.1),
    lambda params: AdamW(params, lr=0.01, differentiable=True),
    lambda params: RMSprop(params, lr=0.01, differentiable=True),
    lambda params: RMSprop(params, lr=0.01, differentiable=True, centered=True, weight_decay=0.1),
    lambda params: RMSprop(params, lr=0.01, differentiable=True, momentum=0.9),
    lambda params: SGD(params, lr=0.01, differentiable=True, momentum=0.9),
):
    for steps in (1, 3):
        start, w = trained(make, steps)
        see(w.detach())
        attempt(lambda: see(*torch.autograd.grad(w.sum(), start)))

for make in (
    lambda params, option: SGD(params, lr=option, differentiable=True),
    lambda params, option: SGD(params, lr=0.01, weight_decay=option, differentiable=True),
    lambda params, option: Adam(params, lr=option, differentiable=True),
    lambda params, option: Adam(params, lr=0.01, weight_decay=option, differentiable=True),
    lambda params, option: Adam(params, lr=0.01, betas=(option, double(0.9)), differentiable=True),
    lambda params, option: Adam(params, lr=0.01, betas=(double(0.9), option), differentiable=True),
    lambda params, option: AdamW(params, lr=option, weight_decay=0.1, amsgrad=True, differentiable=True),
):
    for steps in (1, 3):
        option = double(0.02, requires_grad=True)
        attempt(lambda: see(*torch.autograd.grad(trained(lambda params: make(params, option), steps)[1].sum(), option)))

# %% hooks on every optimizer
from importlib import import_module
every = import_module(torch.optim.Optimizer.__module__)
w = torch.ones(1, requires_grad=True)
optimizer, said = torch.optim.SGD([w], lr=1.0), []
say = lambda word: lambda optimizer, args, kwargs: said.append((word, type(optimizer).__name__, len(args), list(kwargs)))
handles = [every.register_optimizer_step_pre_hook(say("before")), every.register_optimizer_step_post_hook(say("after")), optimizer.register_step_pre_hook(say("own before")), optimizer.register_step_post_hook(say("own after"))]
(w * w).sum().backward()
optimizer.step()
torch.optim.Adam([w]).step(closure=None)
for handle in handles:
    handle.remove()
optimizer.step()
print(said)
