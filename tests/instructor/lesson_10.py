"""Lesson 10: a solution for each exercise, and the mistakes that its check must tell apart."""

from tests.instructor.answers import Answers, Wrong

PROGRAMS = ("x * x", "x * y", "x - y", "x.relu()", "x.sum()", "(x * y).exp()")


def kept(square=4000, product=8000, minus=0, relu=4000, total=0, both=12000):
    """The answer cell of the prediction."""
    told = (square, product, minus, relu, total, both)
    return f"kept = {dict(zip(PROGRAMS, told, strict=True))!r}"


def leak(added="loss.item()", mean="total / len(batches)"):
    """The answer cell of the repair."""
    return f"""\
def mean_loss(w, batches):
    w = w.clone().requires_grad_()
    total = 0
    for x in batches:
        loss = ((w * x) ** 2).sum()
        total = total + {added}
    return {mean}
"""


LOSSES = """\
def mean_loss(w, batches):
    w = w.clone().requires_grad_()
    losses = [((w * x) ** 2).sum() for x in batches]
    return sum(losses).detach() / len(batches)
"""


def count(
    note="found.add(tensor.data_ptr())", start="set()", returned="len(found)", run="chain(n)"
):
    """The answer cell of the count."""
    return f"""\
def count_saved(n):
    found = {start}

    def note(tensor):
        {note}
        return tensor

    with saved_tensors_hooks(note, lambda tensor: tensor):
        {run}
    return {returned}
"""


def stretches(first="torch.ones_like(x)", sent="grad", starts="range(0, n, every)"):
    """The answer cell of the checkpoints by hand."""
    return f"""\
def in_stretches(x, n, every):
    copies, here = [], x
    with torch.no_grad():
        for start in {starts}:
            copies.append((here, min(every, n - start)))
            for _ in range(min(every, n - start)):
                here = block(here)
    grad = {first}
    for copy, count in reversed(copies):
        begin = end = copy.detach().requires_grad_()
        for _ in range(count):
            end = block(end)
        (grad,) = torch.autograd.grad(end, begin, grad_outputs={sent})
    return grad
"""


WHOLE = """\
def in_stretches(x, n, every):
    begin = end = x.detach().requires_grad_()
    for _ in range(n):
        end = block(end)
    return torch.autograd.grad(end.sum(), begin)[0]
"""

AGAIN = """\
def in_stretches(x, n, every):
    grad = torch.ones_like(x)
    for k in reversed(range(n)):
        with torch.no_grad():
            here = x
            for _ in range(k):
                here = block(here)
        begin = here.detach().requires_grad_()
        (grad,) = torch.autograd.grad(block(begin), begin, grad_outputs=grad)
    return grad
"""

LAST = stretches().replace("reversed(copies)", "reversed(copies[-1:])")


ANSWERS = {
    "10-kept": Answers(
        solution=kept(),
        wrong=(
            Wrong(kept(square=8000), "they are the same tensor"),
            Wrong(kept(product=4000), "and the one for y needs x"),
            Wrong(kept(minus=8000), "1 and -1"),
            Wrong(kept(relu=8000), "One tensor tells that"),
            Wrong(kept(total=4000), "a shape is no tensor"),
            Wrong(kept(both=8000), "exp keeps its result"),
        ),
    ),
    "10-leak": Answers(
        solution=leak(),
        wrong=(
            Wrong(leak(added="loss"), "the graphs of all batches are still there"),
            Wrong(leak(added="loss.clone()"), "the graphs of all batches are still there"),
            Wrong(leak(added="loss", mean="(total / len(batches)).item()"), "are still there"),
            Wrong(LOSSES, "the graphs of all batches are still there"),
            Wrong(leak(mean="loss.item()"), "the last loss alone"),
            Wrong(leak(mean="None"), "Is there a return?"),
            Wrong(leak(mean="total"), "That is the sum"),
            Wrong(leak(mean="loss.item() / len(batches)"), "add up, do not overwrite"),
            Wrong(leak(added="loss.item() ** 2"), "Not the mean"),
            Wrong(leak(added="loss.detach", mean="total"), "It raised TypeError"),
        ),
    ),
    "10-count": Answers(
        solution=count(),
        wrong=(
            Wrong(count("found.append(tensor)", "[]"), "Shared memory counts once"),
            Wrong(count("found.add(tensor.data_ptr())", run="pass"), "inside of the with block"),
            Wrong(
                count("found[tensor.data_ptr()] = tensor.numel() * 4", "{}", "sum(found.values())"),
                "Those are bytes",
            ),
            Wrong(count("found.add(tensor.adress())"), "It raised AttributeError"),
            Wrong(count("found += 1", "0", "found"), "nonlocal"),
            Wrong("def count_saved(n):\n    return 3 * n", "Shared memory counts once"),
            Wrong("def count_saved(n):\n    return n", "Not the number of different"),
            Wrong(count(returned="found"), "It returned set"),
            Wrong("def count_saved(n): ...", "Not answered yet"),
        ),
    ),
    "10-stretches": Answers(
        solution=stretches(),
        wrong=(
            Wrong(WHOLE, "The largest graph has 6 blocks"),
            Wrong(AGAIN, "are enough"),
            Wrong(LAST, "the last stretch alone"),
            Wrong(stretches(sent="torch.ones_like(grad)"), "the first stretch alone"),
            Wrong(stretches(starts="range(0, n - n % every, every)"), "not the right one"),
            Wrong(stretches().replace("min(every, n - start)", "every"), "are enough"),
            Wrong(stretches().replace("in reversed(copies)", "in copies"), "not the right one"),
            Wrong(stretches().replace("copy.detach().requires_grad_()", "copy"), "It raised"),
            Wrong("def in_stretches(x, n, every): ...", "Not answered yet"),
        ),
    ),
}
