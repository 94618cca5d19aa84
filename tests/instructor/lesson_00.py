"""Lesson 00: a solution for each exercise, and the mistakes that its check must tell apart."""

from tests.instructor.answers import Answers, Wrong


def repaired(made="torch.ones(3, requires_grad=True)", returned="x.grad"):
    """The answer cell of the repair."""
    return f"""\
def gradient_of_sum():
    x = {made}
    out = (x * 2).sum()
    out.backward()
    return {returned}
"""


def cubes(power="x * x * x", returned="x.grad", leaf="x.clone().requires_grad_()"):
    """The answer cell of the cubes."""
    return f"""\
def gradient_of_cubes(x):
    x = {leaf}
    ({power}).sum().backward()
    return {returned}
"""


ANSWERS = {
    "00-predict": Answers(
        solution='my_prediction = {"out grows by": 5}',
        wrong=(
            Wrong('my_prediction = {"out grows by": 15}', "and subtract"),
            Wrong('my_prediction = {"out grows by": 1}', "and subtract"),
            Wrong('my_prediction = {"out grows by": 10}', "and subtract"),
            Wrong("my_prediction = 5", "must be a dictionary"),
            Wrong('my_prediction = {"out grows by": "5"}', "without the quotes"),
            Wrong('my_prediction = {"out grows by": True}', "and subtract"),
            Wrong('my_prediction = {"out grows by": [5, 0, 0]}', "and subtract"),
        ),
    ),
    "00-derive": Answers(
        solution='dy_dx = "2*x"',
        also=('dy_dx = "x + x"', 'dy_dx = "2x"', 'dy_dx = "2·x**1"'),
        wrong=(
            Wrong('dy_dx = "x"', "✗ ∂y/∂x"),
            Wrong('dy_dx = "2"', "✗ ∂y/∂x"),
            Wrong('dy_dx = "x**2"', "✗ ∂y/∂x"),
            Wrong('dy_dx = "2*x**2"', "too high"),
            Wrong("dy_dx = 2", "A factor with `x` is missing"),
            Wrong("dy_dx = ...", "Not answered yet"),
            Wrong('dy_dx = ""', "Not answered yet"),
        ),
    ),
    "00-repair": Answers(
        solution=repaired(),
        wrong=(
            Wrong(repaired(made="torch.ones(3)"), "Nobody asked x to remember"),
            Wrong(repaired(returned="out"), "It should be 2"),
            Wrong(repaired(returned="x"), "That is x itself"),
            Wrong(repaired(made="torch.ones(3, requires_grad=False)"), "Nobody asked x"),
            Wrong(repaired(made="torch.ones(3, requires_grad=True) * 1"), "It returned None"),
            Wrong("gradient_of_sum = [2, 2, 2]", "must be a function"),
            Wrong(repaired(returned="None"), "It returned None"),
            Wrong(repaired(made="torch.ones(3, require_grad=True)"), "It raised TypeError"),
        ),
    ),
    "00-code": Answers(
        solution=cubes(),
        wrong=(
            Wrong(cubes(power="x * x"), "There are three factors"),
            Wrong(cubes(returned="x * x * x"), "not its gradient"),
            Wrong(cubes(returned="x.grad.sum()"), "Do not add them up"),
            Wrong(cubes(returned="(x**3).sum()"), "the sum itself"),
            Wrong(cubes(leaf="torch.ones(3, requires_grad=True)"), "that the function is given"),
            Wrong(cubes(power="x * x * x / len(x)"), "the gradient of the mean"),
            Wrong(cubes(returned="[x.grad]"), "returns a tuple"),
            Wrong(cubes(leaf="x"), "It raised RuntimeError"),
            Wrong(cubes(returned="None"), "it returned None"),
            Wrong("gradient_of_cubes = ...", "Not answered yet"),
        ),
    ),
}
