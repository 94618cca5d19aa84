"""Lesson 03: a solution for each exercise, and the mistakes that its check must tell apart."""

from tests.instructor.answers import Answers, Wrong


def weights(first=(3, 0), ones=(3, 5), zeros=(0, 0), mixed=(6, -5)):
    """The answer cell of the first prediction."""
    told = {"[1, 0]": first, "[1, 1]": ones, "[0, 0]": zeros, "[2, -1]": mixed}
    return f"x_grad = {told!r}"


def rows(walk="y.backward(gradient=v, retain_graph=True)", empty="x.grad = None", kept="x.grad"):
    """The answer cell of the repair."""
    return f"""\
def rows(values):
    x = values.clone().requires_grad_()
    y = h(x)
    found = []
    for i in range(3):
        v = torch.zeros(3, dtype=y.dtype)
        v[i] = 1
        {empty}
        {walk}
        found.append({kept})
    return found
"""


def passes(losses=1, curve=1, matrix=20, row=1):
    """The answer cell of the second prediction."""
    names = (
        "1000 inputs, 1 output",
        "1 input, 1000 outputs",
        "50 inputs, 20 outputs",
        "the first row only, of 50 inputs and 20 outputs",
    )
    return f"passes = {dict(zip(names, (losses, curve, matrix, row), strict=True))!r}"


def samples(returned="torch.stack(found)", got="torch.autograd.grad(one, w, retain_graph=True)[0]"):
    """The answer cell of the single samples."""
    return f"""\
def per_sample(w, samples):
    w = w.clone().requires_grad_()
    found = []
    for one in losses(w, samples):
        found.append({got})
    return {returned}
"""


ANSWERS = {
    "03-jacobian": Answers(
        solution="my_jacobian = [[4, 4], [1, -4], [0, 3]]",
        also=("my_jacobian = torch.tensor([[4.0, 4.0], [1.0, -4.0], [0.0, 3.0]])",),
        wrong=(
            Wrong("my_jacobian = [[4, 1, 0], [4, -4, 3]]", "Yours is turned"),
            Wrong("my_jacobian = [[4, 4], [1, 4], [0, 3]]", "✗ row 1, column 1"),
            Wrong(
                "my_jacobian = [[4, 4], [1, -4], [1, 3]]", "Does x[0] stand in the third formula?"
            ),
            Wrong("my_jacobian = [[4, 2], [1, -4], [0, 3]]", "✗ row 0, column 1"),
            Wrong("my_jacobian = [4, 4]", "a list of 3 rows"),
            Wrong("my_jacobian = [[4, 4], [1, -4], [3, 0]]", "✗ row 2, column 0"),
            Wrong("my_jacobian = [[8, 4], [1, -4], [0, 3]]", "✗ row 0, column 0"),
            Wrong("my_jacobian = [[4, 4], [2, -4], [0, 3]]", "✗ row 1, column 0"),
            Wrong("my_jacobian = [[..., ...], [..., ...], [..., ...]]", "Not answered yet"),
        ),
    ),
    "03-weights": Answers(
        solution=weights(),
        also=(weights().replace("(3, 5)", "torch.tensor([3.0, 5.0])"),),
        wrong=(
            Wrong(weights(first=(3, 5)), "has a zero in it"),
            Wrong(weights(ones=(8, 8)), "adds up the rows"),
            Wrong(weights(zeros=None), "is a tensor all the same"),
            Wrong(weights(mixed=(6, 5)), "minus the second"),
            Wrong(weights(first=3), "has a zero in it"),
            Wrong(weights(first=(1, 0)), "has a zero in it"),
            Wrong(weights(ones=(3, 10)), "adds up the rows"),
            Wrong(weights(zeros="error"), "is a tensor all the same"),
        ),
    ),
    "03-rows": Answers(
        solution=rows(),
        wrong=(
            Wrong(rows(walk="y.backward(gradient=v)"), "second walk through a freed graph"),
            Wrong(rows(empty="pass"), "that one tensor three times"),
            Wrong(rows(empty="pass", kept="x.grad.clone()"), "has the rows before it"),
            Wrong(rows(empty="x.grad is None or x.grad.zero_()"), "the same tensor three times"),
            Wrong(
                rows()
                .replace("found.append(x.grad)", "found.append(x.grad); x.grad.zero_()")
                .replace("x.grad = None", "pass"),
                "and it was emptied",
            ),
            Wrong(rows().replace("return found", "return found[2]"), "the last row alone"),
            Wrong(
                rows().replace("    return", "        return").replace("found\n", "x.grad\n"),
                "where does the return stand?",
            ),
            Wrong(
                "def rows(values):\n    x = values.clone().requires_grad_()\n"
                "    h(x).sum().backward()\n    return x.grad",
                "A one-hot v picks one",
            ),
            Wrong(rows(kept="(x.grad,)"), "Return its entry"),
            Wrong(rows(kept="y.grad_fn"), "It returned"),
            Wrong(rows(kept="x.grad * 2"), "not the rows of the Jacobian"),
            Wrong(rows(empty="x.grad = 0"), "It raised TypeError"),
            Wrong(rows(empty="x = values.clone().requires_grad_()"), "from another x"),
            Wrong(rows(kept="x.grad[::-1]"), "It raised ValueError"),
        ),
    ),
    "03-passes": Answers(
        solution=passes(),
        wrong=(
            Wrong(passes(losses=1000), "the row is the whole matrix"),
            Wrong(passes(curve=1000), "the column is the whole matrix"),
            Wrong(passes(matrix=50), "which is less?"),
            Wrong(passes(row=50), "what one backward pass gives"),
            Wrong(passes(matrix=1000), "which is less?"),
            Wrong(passes(matrix=70), "which is less?"),
            Wrong(passes(losses=0), "the row is the whole matrix"),
        ),
    ),
    "03-samples": Answers(
        solution=samples(),
        wrong=(
            Wrong(samples("sum(found)"), "one gradient for all"),
            Wrong(samples("sum(found) / len(found)"), "the mean over the samples"),
            Wrong(samples("torch.stack(found).T"), "exchanged"),
            Wrong(samples(got="torch.autograd.grad(one, w)[0]"), "It raised RuntimeError"),
            Wrong(
                samples(got="(one.backward(retain_graph=True), w.grad.clone())[1]"),
                "was w.grad emptied?",
            ),
            Wrong(
                samples("found", got="(one.backward(retain_graph=True), w.grad)[1]"),
                "again and again",
            ),
            Wrong(
                "def per_sample(w, samples):\n    w = w.clone().requires_grad_()\n"
                "    losses(w, samples).backward()\n    return w.grad",
                "only for scalar outputs",
            ),
            Wrong("def per_sample(w, samples): return losses(w, samples)", "not the gradients"),
            Wrong(samples("torch.stack(found)[:3] * 2"), "not the gradients"),
            Wrong(samples("found[0]"), "the first sample alone"),
            Wrong(samples("found[-1]"), "the last sample alone"),
            Wrong(
                samples("found", got="torch.autograd.grad(one, w, retain_graph=True)"),
                "Return its entry",
            ),
            Wrong(samples("[one.mul_(0) for one in found]"), "and it was emptied"),
            Wrong("def per_sample(w, samples): ...", "Not answered yet"),
        ),
    ),
}
