"""Lesson 07: a solution for each exercise, and the mistakes that its check must tell apart."""

from tests.instructor.answers import Answers, Wrong


def factors(
    p="2*(p - target)",
    r="2*(p - target) @ w2.T",
    h="(h > 0)",
    whole="x.T @ (2*(p - target) @ w2.T * (h > 0))",
):
    """The answer cell of the derivation."""
    asked = {"∂loss/∂p": p, "∂loss/∂r": r, "∂r/∂h": h, "∂loss/∂w1": whole}
    return f"my_factors = {asked!r}"


def added(two=12, cleared=6, optimizer=None):
    """The answer cell of the prediction."""
    names = (
        "two backward passes",
        "backward, w.grad.zero_(), backward",
        "backward, then zero_grad of an optimizer, nothing more",
    )
    return f"w_grad = {dict(zip(names, (two, cleared, optimizer), strict=True))!r}"


def line(update="w -= rate * w.grad", empty="w.grad.zero_()"):
    """The answer cell of the first repair."""
    return f"""\
def train_line(x, y, steps, rate):
    w = torch.zeros(1, dtype=x.dtype, requires_grad=True)
    for _ in range(steps):
        loss = ((w * x - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            {update}
        {empty}
    return w
"""


def two(between="second.backward()", first="first.backward(retain_graph=True)"):
    """The answer cell of the second repair."""
    return f"""\
def two_losses(start, x, rate):
    w = start.clone().requires_grad_()
    out = (w * w * x).tanh()
    first, second = out.sum(), (out**2).sum()
    {first}
    {between}
    with torch.no_grad():
        w -= rate * w.grad
    return w
"""


STEP = "exec('with torch.no_grad(): w -= rate * w.grad')"


def momentum(rule="v = mu * v + w.grad", step="w -= rate * v", empty="w.grad = None"):
    """The answer cell of the momentum."""
    return f"""\
def with_momentum(start, steps, rate, mu):
    w = start.clone().requires_grad_()
    v = torch.zeros_like(start)
    for _ in range(steps):
        bowl(w).backward()
        with torch.no_grad():
            {rule}
            {step}
        {empty}
    return w
"""


ANSWERS = {
    "07-first-layer": Answers(
        solution=factors(),
        wrong=(
            Wrong(factors(p="(p - target)"), "✗ ∂loss/∂p"),
            Wrong(factors(r="2*(p - target) * w2"), "✗ ∂loss/∂r"),
            Wrong(factors(r="w2.T @ (2*(p - target))"), "✗ ∂loss/∂r"),
            Wrong(factors(h="h"), "✗ ∂r/∂h"),
            Wrong(factors(h="relu(h)"), "That is `r` itself"),
            Wrong(factors(h="1"), "does `r` change there?"),
            Wrong(factors(p="2*(p - target).sum()"), "One sum too many"),
            Wrong(factors(whole="x.T @ (2*(p - target) @ w2.T) * (h > 0)"), "do not fit together"),
            Wrong(factors(whole="x.T @ (2*(p - target) @ w2.T)"), "✗ ∂loss/∂w1"),
            Wrong(factors(whole="(2*(p - target) @ w2.T * (h > 0)).T @ x"), "✗ ∂loss/∂w1"),
        ),
    ),
    "07-added": Answers(
        solution=added(),
        wrong=(
            Wrong(added(two=6), "backward adds to what is there"),
            Wrong(added(cleared=12), "empties it in between"),
            Wrong(added(optimizer=0), "takes the gradient away"),
            Wrong(added(optimizer=6), "takes the gradient away"),
        ),
    ),
    "07-loop": Answers(
        solution=line(),
        wrong=(
            Wrong(line(update="w += rate * w.grad"), "It goes uphill"),
            Wrong(line(empty="pass"), "The gradients of earlier steps"),
            Wrong(line(update="w = w - rate * w.grad"), "It raised"),
            Wrong(line(update="w - rate * w.grad"), "It has not moved"),
            Wrong(line(update="w.grad.zero_(); w -= rate * w.grad"), "It has not moved"),
            Wrong(line(empty="w.grad.zero_(); return w"), "It stopped after one step"),
            Wrong(line().replace(".mean()", ".sum()"), "it was the mean"),
            Wrong(line().replace("with torch.no_grad()", "if True"), "under with torch.no_grad()"),
            Wrong(line().replace("return w", "return"), "Is there a return?"),
            Wrong(line(update="w += rate * w.grad", empty="pass"), "It goes uphill"),
        ),
    ),
    "07-two": Answers(
        solution=two(),
        wrong=(
            Wrong(two(first="first.backward()"), "has freed what the second one needs"),
            Wrong(two(between=f"{STEP}; second.backward()"), "needs its old values"),
            Wrong(two(between="pass"), "Only the first loss"),
            Wrong(two(first="pass"), "Only the second loss"),
            Wrong(two(between="second.backward(); w.grad *= 2"), "That is two steps"),
            Wrong(two(between="second.backward(); w.grad *= 3"), "Not one step"),
            Wrong(two(between="w.grad.zero_(); second.backward()"), "Only the second loss"),
            Wrong(
                two(between="g = w.grad; g.zero_(); second.backward(); w.grad = g + w.grad"),
                "A copy would have kept it",
            ),
            Wrong(
                two(between="w.data -= rate * w.grad; second.backward()"), "behind autograd's back"
            ),
            Wrong(
                two(
                    between=f"{STEP}; w.grad = None; ((w * w * x).tanh() ** 2).sum().backward()",
                ),
                "the one at other weights",
            ),
            Wrong(
                two(between="w = w - rate * w.grad; second.backward()"),
                "Something is None here",
            ),
        ),
    ),
    "07-momentum": Answers(
        solution=momentum(),
        wrong=(
            Wrong(momentum(rule="v = w.grad"), "v has no memory"),
            Wrong(momentum(rule="v = v + w.grad"), "Nothing fades"),
            Wrong(momentum(rule="v = mu * v + (1 - mu) * w.grad"), "not with 1 - mu"),
            Wrong(momentum(empty="pass"), "Was w.grad emptied?"),
            Wrong(momentum(rule="v = mu * v + rate * w.grad"), "The rate is in it twice"),
            Wrong(momentum(rule="v = mu * (v + w.grad)"), "mu belongs to the old v alone"),
            Wrong(momentum(step="w + 0"), "It has not moved"),
            Wrong(momentum(step="w += rate * v"), "It goes uphill"),
            Wrong(momentum(step="w -= v"), "The rate is missing"),
            Wrong(momentum(rule="w -= rate * v", step="v = mu * v + w.grad"), "v comes first"),
            Wrong(
                momentum().replace("with torch.no_grad()", "if True"), "under with torch.no_grad()"
            ),
            Wrong("def with_momentum(start, steps, rate, mu): ...", "Not answered yet"),
        ),
    ),
}
