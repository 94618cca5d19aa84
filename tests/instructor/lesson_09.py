"""Lesson 09: a solution for each exercise, and the mistakes that its check must tell apart."""

from tests.instructor.answers import Answers, Wrong


def factors(out_g="2*g", g_x="2*x", whole="4*x**3"):
    """The answer cell of the derivation."""
    asked = {"∂out/∂g": out_g, "∂g/∂x": g_x, "∂out/∂x": whole}
    return f"my_factors = {asked!r}"


def passes(gradient=1, product=2, hessian=1001, dual=0):
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


def root(dtype="torch.float64", moved="x = (t - p / slope).item()", path="[start]", end="path"):
    """The answer cell of the cube root."""
    return f"""\
def cube_root(c, start, steps):
    x, path = start, {path}
    for _ in range(steps):
        t = torch.tensor(x, dtype={dtype}, requires_grad=True)
        p = t**3 - c
        (slope,) = torch.autograd.grad(p, t)
        {moved}
        path.append(x)
    return {end}
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
            Wrong(passes(gradient=1000), "brings all entries"),
            Wrong(passes(product=1001), "One pass for the gradient, one more"),
            Wrong(passes(hessian=1000000), "one for each of its 1000 entries"),
            Wrong(passes(hessian=2), "one for each of its 1000 entries"),
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
        ),
    ),
    "09-hvp": Answers(
        solution=product(),
        wrong=(
            Wrong(product("torch.autograd.grad(g.sum(), x)"), "where is v?"),
            Wrong(product("torch.autograd.grad((g.detach() * v).sum(), x)"), "It raised"),
            Wrong(product(leaf="x"), "It raised RuntimeError"),
            Wrong(product("(g * v,)"), "Not the Hessian"),
            Wrong("def hessian_times(x, v): ...", "Not answered yet"),
        ),
    ),
    "09-root": Answers(
        solution=root(),
        wrong=(
            Wrong(root(dtype="torch.float32"), "Use float64"),
            Wrong(root(path="[]"), "The start belongs to the list"),
            Wrong(root(end="path[-1]"), "Return all values"),
            Wrong(root(moved="pass"), "Nothing moves"),
            Wrong(root(moved="x = (t - 0.1 * slope).item()"), "Not the steps of Newton's"),
            Wrong("def cube_root(c, start, steps): ...", "Not answered yet"),
        ),
    ),
}
