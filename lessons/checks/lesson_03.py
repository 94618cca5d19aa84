"""Lesson 03, Jacobians and products."""

import numpy as np

import minigrad as torch
from widgets import Finding, compare, exercise, probe, recognise


def h(x):
    return torch.stack([x[0] ** 2 * x[1], x[0] - 4 * x[1], x[1] ** 3])


def _jacobian(x):
    return torch.autograd.functional.jacobian(h, torch.tensor(x)).numpy()


@exercise(
    "03-jacobian",
    kind="derivation",
    points=4,
    answer="my_jacobian",
    hints=(
        "Row 0 is about x₀² x₁. Its first entry is the derivative with respect to x₀.",
        "What does not stand in a formula has the derivative 0.",
    ),
    idea="Six derivatives, one per entry: the row says which output, the column which input.",
)
def by_hand(matrix):
    truth = _jacobian([2.0, 1.0])
    rows = matrix if isinstance(matrix, (list, tuple)) else getattr(matrix, "tolist", list)()
    rows = rows if isinstance(rows, (list, tuple)) else [rows]  # of one number
    if len(rows) == 2 and all(isinstance(r, (list, tuple)) and len(r) == 3 for r in rows):
        said = "Three outputs give three rows, two inputs give two columns. Yours is turned."
        return [Finding("the shape", False, said)]
    if len(rows) != 3 or any(not isinstance(r, (list, tuple)) or len(r) != 2 for r in rows):
        return [Finding("the shape", False, "It must be a list of 3 rows with 2 numbers each.")]
    said = {}
    for i in range(3):
        for j in range(2):
            formula = f"the {('first', 'second', 'third')[i]} formula"
            why = f"Differentiate {formula} with respect to x[{j}], and put in x = [2, 1]."
            if truth[i, j] == 0:
                why = f"Does x[{j}] stand in {formula}?"
            said[f"row {i}, column {j}"] = why
    prediction = {f"row {i}, column {j}": rows[i][j] for i in range(3) for j in range(2)}
    return compare(
        prediction, {name: truth[int(name[4]), int(name[-1])] for name in prediction}, said
    )


WEIGHTS = {
    "[1, 0]": "It picks the first row of the Jacobian, and that has a zero in it.",
    "[1, 1]": "It adds up the rows. Each column has only one entry that is not 0.",
    "[0, 0]": "No output counts. The gradient is a tensor all the same.",
    "[2, -1]": "Twice the first row minus the second.",
}


@exercise(
    "03-weights",
    kind="prediction",
    points=4,
    answer="x_grad",
    hints=(
        "Write down the 2×2 Jacobian of y first. It is diagonal.",
        "v times a diagonal matrix multiplies entry by entry.",
    ),
    idea="J has 3 and 5 on its diagonal, so the gradient is (3 v₀, 5 v₁).",
)
def weights(answers):
    truth = {}
    for name in WEIGHTS:
        x = torch.tensor([1.0, 2.0], requires_grad=True)
        y = x * torch.tensor([3.0, 5.0])
        y.backward(gradient=torch.tensor([float(part) for part in name[1:-1].split(",")]))
        truth[name] = x.grad
    if isinstance(answers, dict):  # one number does not stand for a list here
        answers = {k: [a] if isinstance(a, (int, float)) else a for k, a in answers.items()}
    return compare(answers, truth, WEIGHTS)


@exercise(
    "03-rows",
    kind="repair",
    points=4,
    answer="rows",
    hints=(
        "The graph is walked three times. Who frees what was saved after the first walk?",
        "What is in x.grad at the second turn, before the walk? And is found[0] a copy of x.grad, "
        "or x.grad itself?",
    ),
    idea="retain_graph=True for the walks, and an x.grad that is emptied before each of them. "
    "Or ask torch.autograd.grad, which adds nothing up.",
)
def rows(function):
    findings = []
    for _ in range(2):
        x = probe.numbers(2)
        truth = _jacobian(x)
        result = probe.run(function, x)
        what = f"at x = [{x[0]:.2f}, {x[1]:.2f}]"
        if isinstance(result.value, list) and any(row is None for row in result.value):
            said = "It holds None: y was computed from another x, so nothing arrives at this one."
            findings.append(Finding(what, False, said))
            continue
        named = {
            "Right.": truth,
            "All rows are the sum of the three: each turn adds to the same x.grad, and the list "
            "holds that one tensor three times.": [truth.sum(0)] * 3,
            "Each row has the rows before it in it: backward adds to x.grad.": np.cumsum(truth, 0),
            "The list holds the same tensor three times, so all rows are the last one.": (
                [truth[2]] * 3
            ),
            "All rows are 0: the list holds the same tensor three times, and it was emptied.": (
                0 * truth
            ),
            "That is the sum of the rows. A one-hot v picks one.": truth.sum(0),
            "That is the first row alone: where does the return stand?": truth[0],
            "That is the last row alone. Put each row into the list.": truth[2],
        }
        failed = ""
        if "second time" in result.text:
            failed = "It raised PyTorch's error for a second walk through a freed graph."
        otherwise = "These are not the rows of the Jacobian of h."
        findings.append(recognise(what, result, named, otherwise, failed))
    return findings


def _fewest(inputs, outputs):
    """Passes of the cheaper direction, counted while both are run."""
    weights = torch.tensor(probe.numbers(outputs, inputs))
    x = torch.tensor(probe.numbers(inputs), requires_grad=True)
    y = (weights @ x).sin()
    backward = forward = 0
    for row in torch.eye(outputs, dtype=torch.float64):
        torch.autograd.grad(y, x, row, retain_graph=True)
        backward += 1
    for column in torch.eye(inputs, dtype=torch.float64):
        torch.autograd.functional.jvp(lambda x: (weights @ x).sin(), x.detach(), column)
        forward += 1
    return min(backward, forward)


SIZES = {
    "1000 inputs, 1 output": (
        lambda: _fewest(1000, 1),
        "One output: one backward pass gives its row, and the row is the whole matrix.",
    ),
    "1 input, 1000 outputs": (
        lambda: _fewest(1, 1000),
        "One input: one forward pass gives its column, and the column is the whole matrix.",
    ),
    "50 inputs, 20 outputs": (
        lambda: _fewest(50, 20),
        "A pass for each output, or a pass for each input: which is less?",
    ),
    "the first row only, of 50 inputs and 20 outputs": (
        lambda: _fewest(50, 1),
        "A row is what one backward pass gives.",
    ),
}


@exercise(
    "03-passes",
    kind="prediction",
    points=3,
    answer="passes",
    hints=(
        "Backward: a pass for each output. Forward: a pass for each input.",
        "For one row there is no need for the others.",
    ),
    idea="Take the smaller one of the two numbers; and if only a part is wanted, count that part.",
)
def passes(answers):
    truth = {name: count() for name, (count, _) in SIZES.items()}
    return compare(answers, truth, {name: said for name, (_, said) in SIZES.items()})


@exercise(
    "03-samples",
    kind="code",
    points=5,
    answer="per_sample",
    transfer=True,
    hints=(
        "losses(w, samples) is a vector. Its Jacobian with respect to w has the rows you want.",
        "A one-hot v for each sample; keep the graph between the passes.",
    ),
    idea="As in exercise 3: loop over the samples with a one-hot vector, and collect the rows.",
)
def samples(function):
    findings = []
    for count, size in ((3, 2), (5, 4)):
        w, batch = probe.numbers(size), probe.numbers(count, size)
        s = batch @ w
        truth = (2 * np.sin(s) * np.cos(s))[:, None] * batch
        result = probe.run(function, w, batch)
        what = f"{count} samples, {size} weights"
        named = {
            "Right.": truth,
            "That is the sum over the samples: one gradient for all.": truth.sum(0),
            "That is the mean over the samples.": truth.mean(0),
            "Rows and columns are exchanged.": truth.T,
            "Each row has the rows before it in it: was w.grad emptied?": np.cumsum(truth, 0),
            "All rows are the same sum: the same tensor is in the list again and again.": [
                truth.sum(0)
            ]
            * count,
            "All rows are 0: the same tensor is in the list again and again, and it was emptied.": (
                0 * truth
            ),
            "That is the first sample alone: where does the return stand?": truth[0],
            "That is the last sample alone. Put each row into a list.": truth[-1],
        }
        findings.append(
            recognise(what, result, named, "These are not the gradients of the single losses.")
        )
    return findings
