"""Lesson 08: a solution for each exercise, and the mistakes that its check must tell apart."""

from tests.instructor.answers import Answers, Wrong


def function(name, parameters, forward, backward):
    """The answer cell of a Function."""
    return f"""\
class {name}(Function):
    @staticmethod
    def forward(ctx, {parameters}):
        {forward}

    @staticmethod
    def backward(ctx, grad_output):
        {backward}
"""


def sigmoid(returned="grad_output * s * (1 - s)", saved="s"):
    """The answer cell of the sigmoid."""
    forward = f"s = 1 / (1 + (-x).exp()); ctx.save_for_backward({saved}); return s"
    return function("Sigmoid", "x", forward, f"(s,) = ctx.saved_tensors; return {returned}")


def scale(returned="grad_output * ctx.factor, None"):
    """The answer cell of the factor."""
    return function(
        "Scale", "x, factor", "ctx.factor = factor; return x * factor", f"return {returned}"
    )


def linear(x="grad_output @ weight", weight="grad_output.T @ x", bias="grad_output.sum(0)"):
    """The answer cell of the linear layer."""
    return function(
        "Linear",
        "x, weight, bias",
        "ctx.save_for_backward(x, weight); return x @ weight.T + bias",
        f"x, weight = ctx.saved_tensors; return {x}, {weight}, {bias}",
    )


def kinks(relu=0, clamp=1, absolute=0, maximum=0.5):
    """The answer cell of the prediction."""
    names = ("x.relu()", "x.clamp(min=0)", "x.abs()", "torch.maximum(x, torch.zeros(1))")
    return f"at_the_kink = {dict(zip(names, (relu, clamp, absolute, maximum), strict=True))!r}"


def root(returned):
    """The answer cell of the square root."""
    return f"def safe_sqrt(x):\n    return {returned}"


ANSWERS = {
    "08-silu": Answers(
        solution='my_derivative = "s + x * s * (1 - s)"',
        wrong=(
            Wrong('my_derivative = "s * (1 - s)"', "✗ ∂out/∂x"),
            Wrong('my_derivative = "s"', "✗ ∂out/∂x"),
            Wrong('my_derivative = "x * s * (1 - s)"', "✗ ∂out/∂x"),
            Wrong('my_derivative = "s + x * (1 - s)"', "✗ ∂out/∂x"),
            Wrong('my_derivative = ""', "Not answered yet"),
        ),
    ),
    "08-sigmoid": Answers(
        solution=sigmoid(),
        wrong=(
            Wrong(sigmoid("s * (1 - s)"), "The incoming gradient is missing"),
            Wrong(sigmoid("grad_output"), "the derivative is missing"),
            Wrong(sigmoid(saved="x"), "not x"),
            Wrong(sigmoid("grad_output * (1 - s)"), "not enough"),
            Wrong(sigmoid("grad_output * s"), "the derivative of exp"),
            Wrong(sigmoid("grad_output, s"), "incorrect number of gradients"),
            Wrong(sigmoid("None"), "does backward return one"),
            Wrong(sigmoid("-grad_output * s * (1 - s)"), "The sign is wrong"),
            Wrong(sigmoid("grad_output + s * (1 - s)"), "The chain rule multiplies"),
            Wrong(sigmoid("(grad_output * s * (1 - s)).sum()"), "has the shape of its input"),
            Wrong(sigmoid().replace("(s,) =", "s ="), "is a tuple, also of one"),
            Wrong(sigmoid().replace("ctx.save_for_backward(s); ", ""), "Nothing was saved"),
            Wrong(sigmoid().replace("(-x)", "x"), "Is the minus sign"),
            Wrong(sigmoid().replace("; return s", ""), "Is there a return"),
            Wrong(
                function("Sigmoid", "x", "return x.exp()", "return grad_output"),
                "The result of forward",
            ),
        ),
    ),
    "08-scale": Answers(
        solution=scale(),
        wrong=(
            Wrong(scale("grad_output * ctx.factor"), "incorrect number of gradients"),
            Wrong(scale("grad_output, None"), "The factor is missing"),
            Wrong(scale("grad_output * 0 + ctx.factor, None"), "The incoming gradient is missing"),
            Wrong(scale("None, None"), "No gradient came back"),
            Wrong(scale("grad_output * ctx.factor, 0"), "return None in its place"),
            Wrong(scale("ctx.factor, None"), "A gradient is a tensor"),
            Wrong(scale("grad_output / ctx.factor, None"), "not divided by it"),
            Wrong(scale("ctx.factor"), "It raised"),
            Wrong(scale("grad_output * factor, None"), "Is it spelt right?"),
        ),
    ),
    "08-kinks": Answers(
        solution=kinks(),
        wrong=(
            Wrong(kinks(relu=1), "counts 0 to the flat side"),
            Wrong(kinks(clamp=0), "0 lies within"),
            Wrong(kinks(absolute=1), "What is sign(0)?"),
            Wrong(kinks(maximum=1), "they share the gradient"),
        ),
    ),
    "08-linear": Answers(
        solution=linear(),
        wrong=(
            Wrong(linear(weight="x.T @ grad_output"), "It raised RuntimeError"),
            Wrong(linear(bias="-grad_output.sum(0)"), "Not the right numbers"),
            Wrong(linear(bias="grad_output.mean(0)"), "Each row adds its own"),
            Wrong(linear(bias="grad_output[0]"), "one row only"),
            Wrong(linear(bias="(grad_output * 0 + 1).sum(0)"), "That counts the rows"),
            Wrong(linear(weight="grad_output.T @ x / len(x)"), "added up"),
            Wrong(linear(x="None"), "No gradient came back"),
            Wrong(linear(x="grad_output @ weight.T"), "has one of them to be transposed"),
            Wrong(linear(x="grad_output @ weight / len(x)"), "each row of x"),
            Wrong(linear(bias="grad_output.sum()"), "has the shape of its input"),
            Wrong(linear(bias="0 * weight.sum(1) + 1"), "The incoming gradient is missing"),
        ),
    ),
    "08-where": Answers(
        solution=root("torch.where(x > 0, torch.where(x > 0, x, 1.0).sqrt(), 0.0)"),
        wrong=(
            Wrong(root("torch.where(x > 0, x.sqrt(), 0.0)"), "There is still nan"),
            Wrong(root("x.clamp(min=0).sqrt()"), "Where x is not positive"),
            Wrong(root("(x.abs() + 1e-12).sqrt()"), "The result has changed"),
            Wrong(root("torch.where(x > 0, x.abs().sqrt(), 0.0)"), "There is still nan"),
            Wrong(root("x.sqrt() if x > 0 else 0.0"), "where asks it of every entry"),
            Wrong(root("torch.where(x > 0, x, 1.0).sqrt()"), "The result has changed"),
            Wrong(root("torch.where(x > 0, x.detach().sqrt(), 0.0)"), "No gradient came back"),
            Wrong(root("torch.where(x > 0, x.clamp(min=1).sqrt(), 0.0)"), "The result has changed"),
        ),
    ),
}
