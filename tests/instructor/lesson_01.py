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


ANSWERS = {
    "01-derivation": Answers(
        solution=factors(),
        wrong=(
            Wrong(factors(out_z="1/4"), "✗ ∂out/∂z"),
            Wrong(factors(z_y="16"), "✗ ∂z/∂y"),
            Wrong(factors(z_y="8*y"), "✗ ∂z/∂y"),
            Wrong(factors(y_x="4*x"), "✗ ∂y/∂x"),
            Wrong(factors(whole="1/3 * 16 * y"), "✗ ∂out/∂x"),
            Wrong(factors(whole=""), "Not answered yet"),
            Wrong("my_factors = '1/3'", "✗"),
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
            Wrong("my_prediction = [6, 2, None, True]", "must be a dictionary"),
            Wrong("my_prediction = {}", "Not answered yet"),
        ),
    ),
}
