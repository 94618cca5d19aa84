"""Lesson 13: a solution for each exercise, and the mistakes that its check must tell apart."""

from tests.instructor.answers import Answers, Wrong

PROGRAMS = ("x + 2", "x - 2", "x * x", "x ** 2", "x.mean()", "x.view(-1)")


def names(*told):
    """The answer cell of the prediction."""
    return f"names = {dict(zip(PROGRAMS, told, strict=True))!r}"


RIGHT = ("AddBackward", "SubBackward", "MulBackward", "PowBackward", "MeanBackward", "ViewBackward")


def factors(out_s="1/s", s_e="1", e_x="e", whole="e/s"):
    """The answer cell of the derivation."""
    asked = {"∂out/∂s": out_s, "∂s/∂e": s_e, "∂e/∂x": e_x, "∂out/∂x": whole}
    return f"my_factors = {asked!r}"


def gradient(prediction="(weights * features).sum()", error="(prediction - target) ** 2"):
    """The answer cell of the repair."""
    return f"""\
def error_gradient(values, features, target):
    weights = torch.tensor(values, dtype=torch.float64, requires_grad=True)
    features = torch.tensor(features, dtype=torch.float64)
    prediction = {prediction}
    error = {error}
    error.backward()
    return weights.grad.tolist()
"""


def compared(dtype="engine.float64", out="(v * v.sin()).sum()", gap="abs(a - b)", grad="v.grad"):
    """The answer cell of the comparison."""
    return f"""\
def compare_engines(values):
    found = {{}}
    for name, engine in (("minigrad", minigrad), ("torch", torch)):
        v = engine.tensor(values, dtype={dtype}, requires_grad=True)
        {out}.backward()
        found[name] = {grad}
    pairs = zip(*(g if isinstance(g, list) else g.tolist() for g in found.values()), strict=True)
    found["largest difference"] = max({gap} for a, b in pairs)
    return found
"""


ANSWERS = {
    "13-names": Answers(
        solution=names(*RIGHT),
        wrong=(
            Wrong(names("PlusBackward", *RIGHT[1:]), "is called add"),
            Wrong(names(*RIGHT[:1], "MinusBackward", *RIGHT[2:]), "is called sub"),
            Wrong(names(*RIGHT[:2], "TimesBackward", *RIGHT[3:]), "is called mul"),
            Wrong(names(*RIGHT[:3], "PowerBackward", *RIGHT[4:]), "is called pow"),
            Wrong(names(*RIGHT[:4], "Mean", RIGHT[5]), "The method's own name"),
            Wrong(names("", *RIGHT[1:]), "Not answered yet"),
            Wrong(names("add", *RIGHT[1:]), "then Backward"),
            Wrong(names(*RIGHT[:3], "SquareBackward", *RIGHT[4:]), "is called pow"),
            Wrong(names(*RIGHT[:5], "ReshapeBackward"), "The method's own name"),
        ),
    ),
    "13-logsumexp": Answers(
        solution=factors(),
        wrong=(
            Wrong(factors(out_s="log(s)"), "✗ ∂out/∂s"),
            Wrong(factors(s_e="1/3"), "✗ ∂s/∂e"),
            Wrong(factors(e_x="x"), "✗ ∂e/∂x"),
            Wrong(factors(whole="1/s"), "✗ ∂out/∂x"),
            Wrong(factors(whole="e"), "✗ ∂out/∂x"),
        ),
    ),
    "13-item": Answers(
        solution=gradient(),
        wrong=(
            Wrong(gradient(error="torch.tensor((prediction - target) ** 2)"), "The graph is cut"),
            Wrong(gradient(prediction="(weights * features).sum().item()"), "It raised"),
            Wrong(gradient(error="(prediction - target) ** 2 / 2"), "The inner derivative"),
            Wrong(gradient(error="prediction - target"), "not of the error"),
            Wrong(gradient(prediction="weights * features"), "sum first"),
            Wrong(
                gradient("weights * features", "((prediction - target) ** 2).sum()"),
                "The prediction is one number",
            ),
            Wrong(gradient(prediction="(weights * features).mean()"), "not their mean"),
            Wrong(gradient().replace("weights.grad", "weights"), "Those are the weights"),
            Wrong(
                gradient(
                    error="torch.tensor(((prediction - target) ** 2).item(), requires_grad=True)"
                ),
                "Something is None here",
            ),
            Wrong(gradient(prediction="(weights * weights * features).sum()"), "Not the gradient"),
            Wrong(gradient(error="(prediction.detach() - target) ** 2"), "The graph is cut"),
        ),
    ),
    "13-compare": Answers(
        solution=compared(),
        wrong=(
            Wrong(compared(dtype="engine.float32"), "not float64's digits"),
            Wrong(compared(out="v.sin().sum()"), "the product rule"),
            Wrong(compared(gap="a - b - 1"), "without a sign"),
            Wrong(compared(grad="v.grad.tolist()"), "do not tell who made them"),
            Wrong(compared(out="(v * v.sin()).mean()"), "the gradient of the mean"),
            Wrong(compared(grad="v.grad.numpy()"), "do not tell who made them"),
            Wrong(compared(out="(v * v.cos()).sum()"), "Not the gradient of"),
            Wrong("def compare_engines(values):\n    return values", "must return a dictionary"),
            Wrong(compared(out="(v * v.sin())"), "sum first"),
            Wrong(compared(dtype="float64"), "It raised NameError"),
        ),
    ),
}
