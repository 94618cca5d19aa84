# fmt: off
# ruff: noqa
# The source notes' first, gradient and network cells. (Cells: see tests/engine/observe.py.)

# %% first cell
x = torch.ones(2,2, requires_grad=True)
y = x + 2
print(x.grad_fn, '\n')
print(y.grad_fn, '\n')
print(x, y)

# %% gradient cells
x = torch.ones(2,2, requires_grad=True)
y = x + 2
z = y*y*3
out = z.mean()
print(z,out)
print(y)
out.backward()
print(x.grad)
print(y.grad)
print(z.grad)
print(out.grad)
print(z.data)

# %% compute gradient, squares
X = torch.ones(2, 2)
print(X)
print(X.requires_grad)
X.requires_grad = True
print(X.requires_grad)
y = X + 2
print(y)
z = 2*(y**2)
print(z)
out = z.mean()
print(out)
out.backward()
print(X.grad)

# %% compute gradient, cubes
X = torch.ones(2,2, requires_grad=True)
y = X + 2
z = 2*(y**3)
out = z.mean()
out.backward()
print(X.grad)

# %% compute gradient, 42.6667
X = torch.ones(3,3,requires_grad=True)
y = 4*X + 2
z = 8*(y**2)
out = z.mean()
print(y, z, out)
out.backward()
print(X.grad)
print(z.data)
with torch.no_grad():
    h = z*2
    print(h.requires_grad)
print(z.requires_grad)

# %% network
N, Din, H, Dout = 6, 20, 5, 3
X = torch.tensor(numbers(N, Din))
y = torch.tensor(numbers(N, Dout))
w1 = torch.tensor(numbers(Din, H), requires_grad=True)
w2 = torch.tensor(numbers(H, Dout), requires_grad=True)
learning_rate = 0.00001
for i in range(4):
    y_pred = X.mm(w1).clamp(min=0).mm(w2)
    print(y_pred.shape)
    loss = (y_pred - y).pow(2).sum()
    see(y_pred, loss, loss.data)
    loss.backward()
    see(w1.grad, w2.grad)
    w1.data -= learning_rate * w1.grad.data
    w2.data -= learning_rate * w2.grad.data
    see(w1, w2, w1._version, w2.is_leaf)
    w1.grad.data.zero_()
    w2.grad.data.zero_()
    see(w1.grad, w1.grad._version)

# %% network under no_grad
X = torch.tensor(numbers(6, 20))
y = torch.tensor(numbers(6, 3))
w1 = torch.tensor(numbers(20, 5), requires_grad=True)
w2 = torch.tensor(numbers(5, 3), requires_grad=True)
for i in range(3):
    loss = ((X @ w1).relu() @ w2 - y).pow(2).mean()
    loss.backward()
    with torch.no_grad():
        w1 -= 0.01 * w1.grad
        w2 -= 0.01 * w2.grad
        see(w1, w2, w1._version)
        w1.grad = None
        w2.grad.zero_()

# %% type and custom functions of the notes
print(torch.ones(2).type())
class relu(torch.autograd.Function):
    @staticmethod
    def forward(ctx, input):
        ctx.save_for_backward(input)
        return input.clamp(min=0)
    #staticmethod
    def backward(ctx, grad_output):
        input, = ctx.saved_tensors
        grad_input = grad_output.clone()
        grad_input = grad_input * (input >= 0)
        return grad_input
class Exp(Function):
    @staticmethod
    def forward(ctx, i):
        result = i.exp()
        ctx.save_for_backward(result)
        return result
    @staticmethod
    def backward(ctx, grad_output):
        result, = ctx.saved_tensors
        return grad_output * result
x = torch.tensor([-1.0, 0.0, 2.0], requires_grad=True)
y = relu.apply(x)
print(y, y.grad_fn)
y.sum().backward()
print(x.grad)
z = Exp.apply(x)
see(z)
z.sum().backward()
see(x.grad)
