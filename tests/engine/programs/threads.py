# fmt: off
# ruff: noqa
# Several threads at once. (Cells: see tests/engine/observe.py.)

# %% hooks on saving, and that they are disabled, belong to the thread
import threading

def elsewhere(action):
    thread = threading.Thread(target=action)
    thread.start()
    thread.join()

graph = torch.autograd.graph
packed, found = [], []

def pack(tensor):
    packed.append(threading.current_thread() is threading.main_thread())
    return tensor

def square():
    x = torch.ones(2, requires_grad=True)
    (x * x).sum().backward()
    found.append(x.grad)

def enter():
    try:
        with graph.saved_tensors_hooks(pack, lambda kept: kept):
            square()
        found.append("entered")
    except RuntimeError as error:
        found.append(str(error))

with graph.saved_tensors_hooks(pack, lambda kept: kept):
    elsewhere(square)
    square()
print(packed, found)
del packed[:], found[:]
with graph.disable_saved_tensors_hooks("not here"):
    elsewhere(enter)
    enter()
print(packed, found)

# %% hooks stay in force while another thread enters and leaves its own
import threading

graph = torch.autograd.graph
inside, leave = threading.Event(), threading.Event()
packed = []

def other():
    with graph.saved_tensors_hooks(lambda tensor: tensor, lambda kept: kept):
        inside.set()
        leave.wait()

x = torch.ones(2, requires_grad=True)
thread = threading.Thread(target=other)
thread.start()
inside.wait()
with graph.saved_tensors_hooks(lambda tensor: packed.append(1) or tensor, lambda kept: kept):
    x * x
    leave.set()
    thread.join()
    x * x
x * x
print(len(packed))

# %% inference mode belongs to the thread, and ends in each by itself
import threading

inside, leave, found = threading.Event(), threading.Event(), []

def other():
    with torch.inference_mode():
        inside.set()
        leave.wait()
        found.append((torch.ones(1) * 2).is_inference())

thread = threading.Thread(target=other)
thread.start()
inside.wait()
found.append((torch.ones(1) * 2).is_inference())
with torch.inference_mode():
    found.append((torch.ones(1) * 2).is_inference())
leave.set()
thread.join()
found.append(torch.is_inference_mode_enabled())
print(found)

# %% gradients of many threads add up, and one graph is freed once
import threading

def at_once(count, action):
    threads = [threading.Thread(target=action) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

x = torch.tensor(numbers(3), requires_grad=True)
at_once(8, lambda: [((x + 3) * (x + 4)).sum().backward() for _ in range(20)])
see(x.grad)
y, done = x.exp() * x, []

def once():
    try:
        y.sum().backward()
        done.append("went through")
    except RuntimeError as error:
        done.append(str(error).partition(".")[0])

at_once(1, once)
at_once(3, once)
print(sorted(done))
seen = []
z = x * 2
torch.autograd.graph.register_multi_grad_hook((x, z), lambda grads: seen.append(len(grads)))
at_once(4, lambda: (z * x).sum().backward(retain_graph=True))
print(seen)

# %% DataParallel on the CPU calls the module
layer = torch.nn.DataParallel(torch.nn.Linear(2, 1))
print(layer, layer.device_ids, list(layer.state_dict()))
x = torch.tensor(numbers(3, 2))
print(torch.equal(layer(x), layer.module(x)), layer.module.weight.grad)

# %% forward mode is suspended for the thread that runs a Function, not for others
import threading

forward_ad = torch.autograd.forward_ad
inside, leave, found = threading.Event(), threading.Event(), []

class Slow(Function):
    @staticmethod
    def forward(ctx, x):
        inside.set()
        leave.wait()
        return x * 2

    @staticmethod
    def jvp(ctx, tangent):
        return tangent * 2

with forward_ad.dual_level():
    dual = forward_ad.make_dual(torch.ones(2), torch.ones(2))
    thread = threading.Thread(target=lambda: found.append(Slow.apply(dual)))
    thread.start()
    inside.wait()
    see(forward_ad.unpack_dual(dual * 3).tangent)
    leave.set()
    thread.join()
    see(forward_ad.unpack_dual(found[0]).tangent)
