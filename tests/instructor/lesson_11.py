"""Lesson 11: a solution for each exercise, and the mistakes that its check must tell apart."""

from tests.instructor.answers import Answers, Wrong

ASKED = (
    "v is x",
    "isinstance(v, torch.Tensor)",
    "isinstance(x, Variable)",
    "x.requires_grad",
    "after v.data.zero_(), x.sum() is 0",
    "v.is_leaf",
)


def variable(*told):
    """The answer cell of the prediction."""
    return f"prediction = {dict(zip(ASKED, told, strict=True))!r}"


def fitted(
    loss="loss.item()",
    update="with torch.no_grad(): a -= rate * a.grad; b -= rate * b.grad",
    empty="a.grad = b.grad = None",
    leaf="torch.zeros(1, dtype=x.dtype, requires_grad=True)",
):
    """The answer cell of the repair."""
    return f"""\
def fit_line(x, y, steps, rate):
    a = {leaf}
    b = {leaf}
    losses = []
    for _ in range(steps):
        loss = ((a * x + b - y) ** 2).mean()
        losses.append({loss})
        loss.backward()
        {update}
        {empty}
    return {{"losses": losses, "a": a, "b": b}}
"""


def factors(out_z="1/9", z_y="16*y", y_x="4", whole="64*y/9"):
    """The answer cell of the derivation."""
    asked = {"∂out/∂z": out_z, "∂z/∂y": z_y, "∂y/∂X": y_x, "∂out/∂X": whole}
    return f"my_factors = {asked!r}"


def leaky(returned="grad, None", change="grad[x < 0] *= ctx.slope"):
    """The answer cell of the operation."""
    return f"""\
class LeakyRelu(Function):
    @staticmethod
    def forward(ctx, x, slope):
        ctx.save_for_backward(x)
        ctx.slope = slope
        return x.clamp(min=0) + slope * x.clamp(max=0)

    @staticmethod
    def backward(ctx, grad_output):
        (x,) = ctx.saved_tensors
        grad = grad_output.clone()
        {change}
        return {returned}
"""


ANSWERS = {
    "11-variable": Answers(
        solution=variable(False, True, True, False, True, True),
        wrong=(
            Wrong(variable(True, True, True, False, True, True), "A new tensor comes out"),
            Wrong(variable(False, False, True, False, True, True), "Print type(v)"),
            Wrong(variable(False, True, False, False, True, True), "counts as a Variable"),
            Wrong(variable(False, True, True, True, True, True), "It was asked of v"),
            Wrong(variable(False, True, True, False, False, True), "share their memory"),
            Wrong(variable(False, True, True, False, True, False), "No recorded operation"),
        ),
    ),
    "11-fit": Answers(
        solution=fitted(),
        wrong=(
            Wrong(fitted(loss="loss.data[0]"), "It raised IndexError"),
            Wrong(fitted(update="a -= rate * a.grad; b -= rate * b.grad"), "It raised"),
            Wrong(fitted(empty="pass"), "empty them"),
            Wrong(
                fitted(update="with torch.no_grad(): a = a - rate * a.grad; b = b - rate * b.grad"),
                "remembers nothing",
            ),
            Wrong(fitted(loss="loss[0]"), "It raised IndexError"),
            Wrong(fitted(update="pass"), "It has not moved"),
            Wrong(fitted(leaf="Variable(torch.zeros(1, dtype=x.dtype), requires_grad=True)"),
                  "There is still Variable"),
            Wrong(fitted(update="a.data -= rate * a.grad; b.data -= rate * b.grad"),
                  "There is still .data"),
            Wrong(fitted(update="a.detach() - rate * a.grad; b.detach() - rate * b.grad"),
                  "It has not moved"),
        ),
    ),
    "11-notes": Answers(
        solution=factors(),
        wrong=(
            Wrong(factors(out_z="1/4"), "✗ ∂out/∂z"),
            Wrong(factors(z_y="16"), "✗ ∂z/∂y"),
            Wrong(factors(y_x="1"), "✗ ∂y/∂X"),
            Wrong(factors(whole="16*y/9"), "✗ ∂out/∂X"),
            Wrong(factors(out_z="1"), "what does mean divide by"),
            Wrong(factors(z_y="8*y**2"), "That is `z` itself"),
            Wrong(factors(y_x="6"), "That is the value of `y`"),
        ),
    ),
    "11-leaky": Answers(
        solution=leaky(),
        wrong=(
            Wrong(leaky(returned="grad"), "incorrect number of gradients"),
            Wrong(leaky(change="pass"), "passes unchanged"),
            Wrong(leaky(change="grad[x < 0] = 0"), "that is relu"),
            Wrong(leaky(change="grad[grad < 0] *= ctx.slope"), "x decides"),
            Wrong(leaky(change="grad[x < 0] = ctx.slope"), "do not put slope in its place"),
            Wrong(leaky().replace("ctx.slope = slope", "self.slope = slope"), "is ctx today"),
            Wrong(leaky(change="grad[x > 0] *= ctx.slope"), "exchanged"),
            Wrong(leaky(change="grad[x < 0] = ctx.slope; grad[x > 0] = 1"), "gradient is missing"),
            Wrong(leaky(returned="None, None"), "No gradient came back"),
            Wrong(leaky(returned="grad, 0"), "return None in its place"),
            Wrong(leaky(change="grad = grad * ctx.slope"), "negative entries alone"),
            Wrong(leaky(change="grad = x.clone(); grad[x < 0] *= ctx.slope"), "x was changed here"),
            Wrong(leaky().replace("(x)", "(x, slope)", 1), "is stored in ctx itself"),
        ),
    ),
}  # fmt: skip
