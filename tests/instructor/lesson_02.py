"""Lesson 02: a solution for each exercise, and the mistakes that its check must tell apart."""

from tests.instructor.answers import Answers, Wrong


def factors(out_z="1", z_y="4*y**3", y_x="-3", whole="-12*y**3"):
    """The answer cell of the derivation."""
    asked = {"∂out/∂z": out_z, "∂z/∂y": z_y, "∂y/∂x": y_x, "∂out/∂x": whole}
    return f"my_factors = {asked!r}"


def predicted(summed="384", minus="2 * 8 * (-2) * (-4) / 9", outer="10 * 128 / 3", small="96"):
    """The answer cell of the prediction."""
    return f"""\
my_prediction = {{
    "mean() becomes sum()": {summed},
    "4 * X becomes -4 * X": {minus},
    "8 becomes 80": {outer},
    "ones(3, 3) becomes ones(2, 2)": {small},
}}"""


def nudging(copy="nudged = x.clone()", difference="(g(nudged) - g(x)) / h", outside="pass"):
    """The answer cell of the repair."""
    return f"""\
def numeric_gradient(x, h=1e-6):
    gradient = torch.zeros(len(x), dtype=torch.float64)
    {outside}
    for i in range(len(x)):
        {copy}
        nudged[i] += h
        gradient[i] = {difference}
    return gradient
"""


def both_sides(quotient="(g(up) - g(down)) / (2 * h)", moved="down[i] -= h"):
    """The answer cell of the central difference."""
    return f"""\
def central_difference(x, i, h):
    up, down = x.clone(), x.clone()
    up[i] += h
    {moved}
    return {quotient}
"""


ANSWERS = {
    "02-sum": Answers(
        solution=factors(),
        wrong=(
            Wrong(factors(out_z="1/3"), "✗ ∂out/∂z"),
            Wrong(factors(z_y="4*y"), "✗ ∂z/∂y"),
            Wrong(factors(z_y="3*y**4"), "✗ ∂z/∂y"),
            Wrong(factors(y_x="3"), "✗ ∂y/∂x"),
            Wrong(factors(y_x="-2"), "✗ ∂y/∂x"),
            Wrong(factors(whole="4*y**3"), "✗ ∂out/∂x"),
            Wrong(factors(whole="12*y**3"), "✗ ∂out/∂x"),
            Wrong(factors(y_x="-3*x"), "too high"),
            Wrong(factors(z_y="4*x**3"), "At which tensor is it taken?"),
            Wrong(factors(out_z="0"), "does not change with"),
        ),
    ),
    "02-changes": Answers(
        solution=predicted(),
        wrong=(
            Wrong(predicted(summed="128 / 3"), "a sum does not"),
            Wrong(predicted(minus="-128 / 3"), "stands in two places"),
            Wrong(predicted(outer="128 / 3"), "a factor of out"),
            Wrong(predicted(small="128 / 3"), "How many entries"),
            Wrong(predicted(summed="4 * 128 / 3"), "a sum does not"),
            Wrong(predicted(minus="14.2"), "Give more digits"),
            Wrong(predicted(outer="100 * 128 / 3"), "a factor of out"),
            Wrong(predicted(small="'96'"), "without the quotes"),
            Wrong("my_prediction = 42.667", "must be a dictionary"),
        ),
    ),
    "02-nudge": Answers(
        solution=nudging(),
        also=(
            nudging(
                copy="nudged = x.clone(); nudged[i] -= 2 * h", difference="(g(x) - g(nudged)) / h"
            ),
            nudging(
                copy="down = x.clone(); down[i] -= h; nudged = x.clone()",
                difference="(g(nudged) - g(down)) / (2 * h)",
            ),
        ),
        wrong=(
            Wrong(nudging(copy="pass", outside="nudged = x.clone()"), "are still in it"),
            Wrong(nudging(copy="nudged = x + h"), "not the partial derivatives"),
            Wrong(nudging(copy="nudged = x.clone(); nudged += h; nudged[i] -= h"), "entry i alone"),
            Wrong(nudging(difference="(g(x) - g(nudged)) / h"), "The sign is turned"),
            Wrong(
                nudging().replace("    return", "        return"), "where does the return stand?"
            ),
            Wrong(nudging(difference="(g(nudged) - g(x))"), "not the partial derivatives"),
            Wrong(nudging(copy="nudged = x.clone(); h = 1e-6"), "whatever h is"),
            Wrong(nudging(copy="nudged = x.copy()"), "It raised AttributeError"),
            Wrong(nudging(copy="nudged = x"), "not the partial derivatives"),
            Wrong(
                "def numeric_gradient(x, h=1e-6):\n    x = x.clone().requires_grad_()\n"
                "    g(x).backward()\n    return x.grad",
                "it is no finite difference",
            ),
            Wrong(nudging(copy="nudged = x.clone(); nudged[0] += h"), "not the partial"),
        ),
    ),
    "02-central": Answers(
        solution=both_sides(),
        also=(
            "def central_difference(x, i, h):\n    e = torch.eye(len(x))[i] * h\n"
            "    return (g(x + e) - g(x - e)) / (2 * h)",
        ),
        wrong=(
            Wrong(both_sides("(g(up) - g(x)) / h"), "to one side"),
            Wrong(both_sides("(g(x) - g(down)) / h"), "to the other side"),
            Wrong(both_sides("(g(up) - g(down)) / h"), "2h apart"),
            Wrong(both_sides("(g(down) - g(up)) / (2 * h)"), "The sign is turned"),
            Wrong(both_sides("g(up) - g(down)"), "Not divided"),
            Wrong(both_sides("(g(up) - g(down)) / 2 * h"), "into brackets"),
            Wrong(both_sides("(g(x + h) - g(x - h)) / (2 * h)"), "All entries were nudged"),
            Wrong(both_sides(moved="down = up; down[i] -= 2 * h"), "twice the same tensor"),
            Wrong(both_sides("(g((up + x) / 2) - g((down + x) / 2)) / h"), "are only h apart"),
            Wrong("def central_difference(x, i, h): ...", "Not answered yet"),
            Wrong(both_sides(moved="pass"), "The second point is x itself"),
            Wrong(both_sides("[(g(up) - g(down)).item() / (2 * h)]"), "Return its entry"),
        ),
    ),
}
