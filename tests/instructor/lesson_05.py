"""Lesson 05: a solution for each exercise, and the mistakes that its check must tell apart."""

from tests.instructor.answers import Answers, Wrong

PROGRAMS = ("a + b", "b.exp() * 3", "a.detach() * b", "a > 0", "(a > 0) * a", "a.double()")


def spreads(*told):
    """The answer cell of the prediction."""
    return f"requires_grad = {dict(zip(PROGRAMS, told, strict=True))!r}"


def trained(update, after="w.grad = None"):
    """The answer cell of the repair."""
    return f"""\
def train(start, steps, rate):
    w = start.clone().requires_grad_()
    for _ in range(steps):
        loss = ((w - 1) ** 2).sum()
        loss.backward()
        {update}
        {after}
    return {{"w": w, "is a leaf": w.is_leaf, "requires grad": w.requires_grad}}
"""


IN_PLACE = "with torch.no_grad(): w -= rate * w.grad"


def rounded(returned):
    """The answer cell of the rounding."""
    return f"def soft_round(x):\n    return {returned}"


ANSWERS = {
    "05-spreads": Answers(
        solution=spreads(True, False, False, False, True, True),
        wrong=(
            Wrong(spreads(False, False, False, False, True, True), "That is enough"),
            Wrong(spreads(True, True, False, False, True, True), "Nobody in it"),
            Wrong(spreads(True, False, True, False, True, True), "none of its history"),
            Wrong(spreads(True, False, False, True, True, True), "cannot grow a little"),
            Wrong(spreads(True, False, False, False, False, True), "a itself is a factor"),
            Wrong(spreads(True, False, False, False, True, False), "is an operation like others"),
            Wrong(spreads(True, True, True, True, True, True), "Nobody in it"),
            Wrong(spreads("True", False, False, False, True, True), "without the quotes"),
            Wrong(spreads(1, False, False, False, True, True), "Answer True or False"),
        ),
    ),
    "05-constant": Answers(
        solution='my_derivative = "k * 2 * x"',
        also=('my_derivative = "2*x*y"', 'my_derivative = "2*x**3"'),
        wrong=(
            Wrong('my_derivative = "4 * x**3"', "k is detached"),
            Wrong('my_derivative = "k"', "✗ ∂out/∂x"),
            Wrong('my_derivative = "2 * x"', "✗ ∂out/∂x"),
            Wrong('my_derivative = "2 * x * (k + y)"', "k is detached"),
            Wrong('my_derivative = "k * x"', "2 times too small"),
            Wrong('my_derivative = "0"', "does not change with"),
            Wrong("my_derivative = torch.ones(3)", "✗ ∂out/∂x"),
            Wrong('my_derivative = ""', "Not answered yet"),
        ),
    ),
    "05-train": Answers(
        solution=trained(IN_PLACE),
        also=(trained("w = (w - rate * w.grad).detach().requires_grad_()"),),
        wrong=(
            Wrong(trained("w = w - rate * w.grad", ""), "w is not the leaf any more"),
            Wrong(trained("w = w.detach() - rate * w.grad"), "nobody asked it to remember"),
            Wrong(trained("w.sub_(rate * w.grad)"), "Switch it off"),
            Wrong(trained("w = w - rate * w.grad", "w.retain_grad()"), "is a leaf: Not any more"),
            Wrong(trained("w -= rate * w.grad"), "It raised RuntimeError"),
            Wrong(trained(IN_PLACE, ""), "it was not emptied"),
            Wrong(trained("with torch.no_grad(): w - rate * w.grad"), "Nothing has moved"),
            Wrong(trained("with torch.no_grad(): w += rate * w.grad"), "the other way"),
            Wrong(trained("with torch.no_grad(): w = w - rate * w.grad"), "It raised"),
        ),
    ),
    "05-round": Answers(
        solution=rounded("x + (x.round() - x).detach()"),
        also=(rounded("x.round() + x - x.detach()"), rounded("x - (x - x.round()).detach()")),
        wrong=(
            Wrong(rounded("x.round()"), "which is flat"),
            Wrong(rounded("x.detach().round()"), "has no history"),
            Wrong(rounded("x + x.round() - x"), "which is flat"),
            Wrong(rounded("x"), "has to be x.round()"),
            Wrong(rounded("2 * x + (x.round() - 2 * x).detach()"), "It is doubled"),
            Wrong(rounded("(x.round() - x).detach()"), "has to be x.round()"),
            Wrong(rounded("x + x.round().detach()"), "has to be x.round()"),
            Wrong(rounded("x * (x.round() / x).detach()"), "should arrive at x as it came in"),
        ),
    ),
}
