"""Lesson 09: a solution for each exercise, and the mistakes that its check must tell apart."""

from tests.instructor.answers import Answers, Wrong


def factors(out_g="2*g", g_x="2*x", whole="4*x**3"):
    """The answer cell of the derivation."""
    asked = {"∂out/∂g": out_g, "∂g/∂x": g_x, "∂out/∂x": whole}
    return f"my_factors = {asked!r}"


def passes(gradient=1, product=2, hessian=101, dual=0):
    """The answer cell of the prediction."""
    names = (
        "the gradient",
        "the Hessian times a vector",
        "the Hessian",
        "the change in one direction, with dual numbers",
    )
    return f"passes = {dict(zip(names, (gradient, product, hessian, dual), strict=True))!r}"


def smooth(first="torch.autograd.grad(out, x, create_graph=True)", loss="penalty"):
    """The answer cell of the repair."""
    return f"""\
def penalty_gradient(w, x):
    w, x = w.clone().requires_grad_(), x.clone().requires_grad_()
    out = (w * x).tanh().sum()
    (g,) = {first}
    penalty = (g**2).sum()
    (result,) = torch.autograd.grad({loss}, w)
    return result
"""


def product(second="torch.autograd.grad((g * v).sum(), x)", leaf="x.clone().requires_grad_()"):
    """The answer cell of the Hessian's product."""
    return f"""\
def hessian_times(x, v):
    x = {leaf}
    (g,) = torch.autograd.grad(energy(x), x, create_graph=True)
    (result,) = {second}
    return result
"""


def zero(dtype="torch.float64", moved="x = (t - value / slope).item()", path="[start]", end="path"):
    """The answer cell of Newton's method."""
    return f"""\
def find_zero(p, start, steps):
    x, path = start, {path}
    for _ in range(steps):
        t = torch.tensor(x, dtype={dtype}, requires_grad=True)
        value = p(t)
        (slope,) = torch.autograd.grad(value, t, create_graph=True)
        {moved}
        path.append(x)
    return {end}
"""


IN_PLACE = """\
def find_zero(p, start, steps):
    x = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    path = [x]
    for _ in range(steps):
        value = p(x)
        (slope,) = torch.autograd.grad(value, x)
        with torch.no_grad():
            x -= value / slope
        path.append(x)
    return path
"""

ADDED_UP = """\
def find_zero(p, start, steps):
    x = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    path = [start]
    for _ in range(steps):
        value = p(x)
        value.backward()
        with torch.no_grad():
            x -= value / x.grad
        path.append(x.item())
    return path
"""


ANSWERS = {
    "09-penalty": Answers(
        solution=factors(),
        wrong=(
            Wrong(factors(out_g="g"), "✗ ∂out/∂g"),
            Wrong(factors(g_x="x**2"), "✗ ∂g/∂x"),
            Wrong(factors(g_x="2"), "✗ ∂g/∂x"),
            Wrong(factors(whole="2*x**2"), "✗ ∂out/∂x"),
            Wrong(factors(whole=""), "Not answered yet"),
        ),
    ),
    "09-count": Answers(
        solution=passes(),
        wrong=(
            Wrong(passes(gradient=100), "brings all entries"),
            Wrong(passes(product=101), "One pass for the gradient, one more"),
            Wrong(passes(hessian=100), "one for each of its 100 entries"),
            Wrong(passes(hessian=2), "one for each of its 100 entries"),
            Wrong(passes(dual=1), "go forward only"),
        ),
    ),
    "09-smooth": Answers(
        solution=smooth(),
        wrong=(
            Wrong(smooth("torch.autograd.grad(out, x)"), "So g has no history"),
            Wrong(smooth("torch.autograd.grad(out, x, retain_graph=True)"), "g has no history"),
            Wrong(smooth(loss="out"), "not of the penalty"),
            Wrong(smooth(loss="g.sum()"), "Not the gradient of the penalty"),
            Wrong(
                smooth("(out.backward(create_graph=True), x.grad)[1:]").replace(
                    "(result,) = torch.autograd.grad(penalty, w)",
                    "penalty.backward(); result = w.grad",
                ),
                "The gradient of out is in it as well",
            ),
            Wrong(smooth().replace("(penalty, w)", "(penalty, x)"), "with respect to x"),
            Wrong(smooth().replace("return result", "return penalty"), "the penalty itself"),
            Wrong(smooth().replace("return result", "return (result,)"), "Return its entry"),
            Wrong(
                smooth("torch.autograd.grad(out, x); g.requires_grad_()"),
                "the history was cut on the way",
            ),
        ),
    ),
    "09-hvp": Answers(
        solution=product(),
        wrong=(
            Wrong(product("torch.autograd.grad(g.sum(), x)"), "where is v?"),
            Wrong(product("torch.autograd.grad((g.detach() * v).sum(), x)"), "It raised"),
            Wrong(product(leaf="x"), "It raised RuntimeError"),
            Wrong(product("(g * v,)"), "before the second pass"),
            Wrong(product("((g * v).sum(),)"), "before the second pass"),
            Wrong(product("torch.autograd.grad(g * v, x)"), "sum first"),
            Wrong(
                product("torch.autograd.grad(g.sum(), x)").replace("return r", "return v * r"),
                "v came too late",
            ),
            Wrong("def hessian_times(x, v):\n    return hessian(energy, x) @ v", "ready-made"),
            Wrong(
                product(
                    "[torch.stack([torch.autograd.grad(one, x, retain_graph=True)[0] "
                    "for one in g]) @ v]"
                ),
                "7 backward passes for 6 entries",
            ),
            Wrong("def hessian_times(x, v):\n    return hvp(energy, x, v)[1]", "ready-made"),
            Wrong("def hessian_times(x, v): ...", "Not answered yet"),
        ),
    ),
    "09-zero": Answers(
        solution=zero(),
        wrong=(
            Wrong(zero(dtype="torch.float32"), "Use float64"),
            Wrong(zero(path="[]"), "The start belongs to the list"),
            Wrong(zero(end="path[-1]"), "Return all values"),
            Wrong(zero(moved="pass"), "Nothing moves"),
            Wrong(zero(moved="x = (t + value / slope).item()"), "It runs away"),
            Wrong(zero(moved="x = (t - 0.1 * slope).item()"), "Not the steps of Newton's"),
            Wrong(
                zero(moved="(h,) = torch.autograd.grad(slope, t); x = (t - slope / h).item()"),
                "looks for the lowest point",
            ),
            Wrong(zero().replace("range(steps)", "range(steps + 1)"), "One step too many"),
            Wrong(zero().replace("range(steps)", "range(steps - 1)"), "One step too few"),
            Wrong(IN_PLACE, "All entries are the last value"),
            Wrong(ADDED_UP, "The slopes of earlier steps"),
            Wrong("def find_zero(p, start, steps): ...", "Not answered yet"),
        ),
    ),
}
