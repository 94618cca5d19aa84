"""Lesson 01: a solution for each exercise, and the mistakes that its check must tell apart."""

from tests.instructor.answers import Answers, Wrong


def factors(out_z="1/3", z_y="16*y", y_x="4", whole="1/3 * 16 * y * 4"):
    """The answer cell of the derivation."""
    asked = {"∂out/∂z": out_z, "∂z/∂y": z_y, "∂y/∂x": y_x, "∂out/∂x": whole}
    return f"my_factors = {asked!r}"


def predicted(a=6, b=2, c=None, raises=True):
    """The answer cell of the prediction."""
    asked = {"a.grad": a, "b.grad": b, "c.grad": c, "the second backward raises": raises}
    return f"my_prediction = {asked!r}"


def repaired(before="", after="", returned="y.grad"):
    """The answer cell of the repair, with something put in before and after backward()."""
    return f"""\
def inner_gradient(values):
    x = values.clone().requires_grad_()
    y = x + 2
    {before}
    z = y * y * 3
    out = z.mean()
    out.backward()
    {after}
    return {returned}
"""


def cubes(leaf, returned="w.grad"):
    """The answer cell of the gradient in double precision."""
    return f"""\
def cubes_gradient(values):
    w = {leaf}
    (w**3).sum().backward()
    return {returned}
"""


ANSWERS = {
    "01-derivation": Answers(
        solution=factors(),
        also=(factors(out_z="1/len(x)", z_y="16(4x+2)", y_x=4, whole="256x/3 + 128/3"),),
        wrong=(
            Wrong(factors(out_z="1/4"), "✗ ∂out/∂z"),
            Wrong(factors(z_y="16"), "✗ ∂z/∂y"),
            Wrong(factors(z_y="8*y"), "✗ ∂z/∂y"),
            Wrong(factors(y_x="4*x"), "✗ ∂y/∂x"),
            Wrong(factors(whole="1/3 * 16 * y"), "✗ ∂out/∂x"),
            Wrong(factors(whole=""), "Not answered yet"),
            Wrong(factors(out_z="3"), "what does mean divide by?"),
            Wrong(factors(y_x="2"), "A constant that is added drops out"),
            Wrong(factors(z_y="16*x"), "At which tensor is it taken?"),
            Wrong(factors(whole="16*y*4"), "what does mean divide by?"),
            Wrong("my_factors = '1/3'", "✗"),
            Wrong("my_factors = {'out/z': '1/3'}", "nobody asked for 'out/z'"),
        ),
    ),
    "01-prediction": Answers(
        solution=predicted(),
        wrong=(
            Wrong(predicted(a=12), "Did the second backward get as far as a?"),
            Wrong(predicted(b=1), "before the step through a * a"),
            Wrong(predicted(b=None), "retain_grad() asked to keep"),
            Wrong(predicted(c=1), "nobody asked to keep its gradient"),
            Wrong(predicted(raises=False), "backward frees saved values"),
            Wrong(predicted(b=4), "before the step through a * a"),
            Wrong(predicted(c="None"), "without the quotes"),
            Wrong(predicted(raises=1), "Answer True or False"),
            Wrong("my_prediction = [6, 2, None, True]", "must be a dictionary"),
            Wrong("my_prediction = {}", "Not answered yet"),
        ),
    ),
    "01-repair": Answers(
        solution=repaired(before="y.retain_grad()"),
        also=(
            repaired(before="kept = []; y.register_hook(kept.append)", returned="kept[0]"),
            repaired(returned="x.grad"),
        ),
        wrong=(
            Wrong(repaired(), "nobody asked to keep its gradient"),
            Wrong(repaired(after="y.retain_grad()"), "nobody asked to keep its gradient"),
            Wrong(repaired(returned="6 * y.detach()"), "has the mean in it"),
            Wrong(repaired(returned="torch.ones_like(x)"), "That is ∂y/∂x"),
            Wrong(repaired(before="y = y.detach().requires_grad_()", after="y.grad *= 2"), "twice"),
            Wrong(repaired(before="y.retain_gradient()"), "It raised AttributeError"),
            Wrong(repaired(before="y.requires_grad_()"), "nobody asked to keep"),
            Wrong(repaired(before="x.retain_grad()"), "nobody asked to keep"),
            Wrong(repaired("y.retain_grad()", "(y * y * 3).mean().backward()"), "run twice"),
            Wrong(repaired(returned="torch.autograd.grad(z.mean(), z)[0]"), "That is ∂out/∂z"),
            Wrong(repaired(before="y = values + 2; y.retain_grad()"), "was requires_grad asked of"),
            Wrong(repaired(before="y.retain_grad"), "nobody asked to keep"),
            Wrong("inner_gradient = None", "Not answered yet"),
        ),
    ),
    "01-cast": Answers(
        solution=cubes("torch.tensor(values, dtype=torch.float64, requires_grad=True)"),
        wrong=(
            Wrong(cubes("torch.tensor(values, requires_grad=True).double()"), "is no leaf"),
            Wrong(cubes("torch.tensor(values, requires_grad=True)"), "not float64's digits"),
            Wrong(
                cubes("torch.tensor(values, requires_grad=True)", "w.grad.double()"),
                "not float64's digits",
            ),
            Wrong(
                cubes("torch.tensor(values, dtype=torch.float64, requires_grad=True)", "w**2"),
                "not the gradient of the sum of the cubes",
            ),
            Wrong(cubes("torch.tensor(values, dtype=torch.float64)"), "It raised RuntimeError"),
            Wrong(cubes("torch.tensor(values).double().requires_grad_()"), "was float32"),
            Wrong(
                cubes("torch.tensor(values, requires_grad=True).double().requires_grad_()"),
                "is no leaf",
            ),
            Wrong(
                cubes("torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)"),
                "not the gradient of the sum of the cubes",
            ),
            Wrong("cubes_gradient = 3", "must be a function"),
            Wrong(
                cubes(
                    "torch.tensor(values, dtype=torch.float64, requires_grad=True)",
                    "w.grad / len(values)",
                ),
                "the gradient of the mean",
            ),
        ),
    ),
}
