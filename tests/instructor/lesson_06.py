"""Lesson 06: a solution for each exercise, and the mistakes that its check must tell apart."""

from tests.instructor.answers import Answers, Wrong


def raises(**changed):
    """The answer cell of the prediction."""
    told = {"A": False, "B": True, "C": True, "D": False, "E": True, "F": True, "G": True,
            "H": False} | changed  # fmt: skip
    return f"raises = {told!r}"


def gradient(square="y = y * y", returned="x.grad", tanh="y = x.tanh()"):
    """The answer cell of the first repair."""
    return f"""\
def gradient(values):
    x = values.clone().requires_grad_()
    {tanh}
    {square}
    y.sum().backward()
    return {returned}
"""


def train(before="pass", step="w -= rate * w.grad", after="w.clamp_(-1, 1)"):
    """The answer cell of the second repair."""
    return f"""\
def train(start, x, steps, rate):
    w = start.clone().requires_grad_()
    for _ in range(steps):
        loss = (w * w * x).sum()
        {before}
        loss.backward()
        with torch.no_grad():
            {step}
            {after}
        w.grad = None
    return w
"""


def fibonacci(
    last="f[n - 1]", returned="[a.grad.item(), b.grad.item()]", leaf="requires_grad=True"
):
    """The answer cell of the Fibonacci numbers."""
    return f"""\
def fibonacci_gradient(a, b, n):
    a = torch.tensor(a, dtype=torch.float64, {leaf})
    b = torch.tensor(b, dtype=torch.float64, {leaf})
    f = torch.zeros(n, dtype=torch.float64)
    f[0], f[1] = a, b
    for i in range(2, n):
        f[i] = f[i - 1] + f[i - 2]
    {last}.backward()
    for t in (a, b):
        if t.grad is None:
            t.grad = torch.zeros_like(t)
    return {returned}
"""


ANSWERS = {
    "06-raises": Answers(
        solution=raises(),
        wrong=(
            Wrong(raises(A=True), "needs its input x, not its result"),
            Wrong(raises(B=False), "written with its result"),
            Wrong(raises(C=False), "needs y on both sides"),
            Wrong(raises(D=True), "does not need y"),
            Wrong(raises(E=False), "one entry of it was written to"),
            Wrong(raises(F=False), "shares the counter"),
            Wrong(raises(G=False), "x is a leaf that requires grad"),
            Wrong(raises(H=True), "y is no leaf"),
            Wrong(raises(A=None), "Answer True or False"),
            Wrong(raises(B="True"), "without the quotes"),
            Wrong("raises = [False, True, True, False, True, True]", "must be a dictionary"),
        ),
    ),
    "06-written": Answers(
        solution="my_gradient = [2, 0, 60]",
        wrong=(
            Wrong("my_gradient = [2, 4, 60]", "overwritten by a number"),
            Wrong("my_gradient = [2, 0, 6]", "was multiplied by 10"),
            Wrong("my_gradient = [1, 0, 60]", "it is x[0]²"),
            Wrong("my_gradient = [2, 7, 60]", "overwritten by a number"),
            Wrong("my_gradient = 2", "a list of 3 numbers"),
            Wrong("my_gradient = [2, 4, 6]", "was multiplied by 10"),
            Wrong("my_gradient = [2, None, 60]", "overwritten by a number"),
            Wrong("my_gradient = [2, 0, 10]", "after it was x[2]²"),
            Wrong('my_gradient = ["2*x", 0, 60]', "Put the numbers into the formula"),
        ),
    ),
    "06-memory": Answers(
        solution=gradient(),
        also=(gradient(square="y = y**2"), gradient(square="y = y.clone(); y = y * y")),
        wrong=(
            Wrong(gradient(square="y.mul_(y)"), "the error of section 2"),
            Wrong(gradient(square="y.data.mul_(y.data)"), "behind autograd's back"),
            Wrong(gradient(square="pass"), "the square is missing"),
            Wrong(gradient(square="y = y.clone(); y.mul_(y)"), "a product needs its factors"),
            Wrong(gradient(square="y = y * y / len(y)"), "the gradient of the mean"),
            Wrong(gradient(square="y.detach().mul_(y)"), "the error of section 2"),
            Wrong(gradient(tanh="y = x.detach().tanh().requires_grad_(); x = y",
                           square="y = y * y"), "only the square is differentiated"),
            Wrong(gradient(square="y = y * y.detach()"), "The square is not differentiated"),
            Wrong(gradient(tanh="y = values.tanh().requires_grad_()"), "it returned None"),
        ),
    ),
    "06-clamp": Answers(
        solution=train(),
        also=(
            train(after="w.data.clamp_(-1, 1)"),  # the numbers are right: the lesson says why not
            train(step="w.copy_((w - rate * w.grad).clamp(-1, 1))", after="pass"),
        ),
        wrong=(
            Wrong(train(before="w.data.clamp_(-1, 1)", after="pass"), "As it stood"),
            Wrong(train(before="w.clamp_(-1, 1)", after="pass"), "It raised RuntimeError"),
            Wrong(train(after="pass"), "not clamped any more"),
            Wrong(train(after="w.clamp(-1, 1)"), "not clamped any more"),
            Wrong(train(before="w.detach().clamp_(-1, 1)", after="pass"), "It raised RuntimeError"),
            Wrong(train(after="w.clamp_(-2, 2)"), "clamped at its end"),
            Wrong(train(step="w.clamp_(-1, 1)", after="w -= rate * w.grad"), "out of the range"),
            Wrong(train(after="w = w.clamp(-1, 1)"), "not the leaf"),
            Wrong(train().replace("w.grad = None", "pass"), "still in w.grad"),
            Wrong(train(step="w -= rate * w.grad.clamp(-1, 1)", after="pass"), "not their grad"),
            Wrong(
                train(after="pass").replace("    return w", "    return w.detach().clamp(-1, 1)"),
                "Clamped only after the last step",
            ),
        ),
    ),
    "06-fibonacci": Answers(
        solution=fibonacci(),
        also=(
            fibonacci(returned="torch.stack([a.grad, b.grad])"),
            fibonacci(returned="[a.grad.reshape(1), b.grad.reshape(1)]"),
        ),
        wrong=(
            Wrong(fibonacci(returned="[b.grad.item(), a.grad.item()]"), "exchanged"),
            Wrong(fibonacci(last="f.sum()"), "the sum of all entries"),
            Wrong(fibonacci(leaf="requires_grad=False"), "It raised RuntimeError"),
            Wrong(fibonacci(returned="f[n - 1].item()"), "not its gradient"),
            Wrong(fibonacci().replace("f[0], f[1] = a, b",
                                      "f.requires_grad_(); f[0], f[1] = a, b"), "must not be"),
            Wrong(fibonacci().replace("f[i] =", "f.data[i] ="), "without its history"),
            Wrong(fibonacci(last="f"), "only for scalar outputs"),
            Wrong("def fibonacci_gradient(a, b, n): ...", "Not answered yet"),
        ),
    ),
}  # fmt: skip
