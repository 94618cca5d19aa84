"""Lesson 12: a solution for each exercise, and the mistakes that its check must tell apart."""

from tests.instructor.answers import Answers, Wrong


def multiply(a="g * b.data", b="g * a.data"):
    """The answer cell of the product."""
    return f"""\
def multiply(a, b):
    return Array(a.data * b.data, [(a, lambda g: {a}), (b, lambda g: {b})])
"""


ORDER = """\
def in_order(result):
    waiting, unseen = {id(result): 0}, [result]
    while unseen:
        for source, _ in unseen.pop().sources:
            if id(source) not in waiting:
                waiting[id(source)] = 0
                unseen.append(source)
            waiting[id(source)] += 1
    found, ready = [], [result]
    while ready:
        array = ready.pop()
        found.append(array)
        for source, _ in array.sources:
            waiting[id(source)] -= 1
            if not waiting[id(source)]:
                ready.append(source)
    return found
"""

FIRST_COME = """\
def in_order(result):
    found, seen = [result], {id(result)}
    for array in found:
        for source, _ in array.sources:
            if id(source) not in seen:
                seen.add(id(source))
                found.append(source)
    return found
"""

RECURSIVE = """\
def in_order(result):
    found, seen = [], set()

    def visit(array):
        if id(array) not in seen:
            seen.add(id(array))
            for source, _ in array.sources:
                visit(source)
            found.append(array)

    visit(result)
    return found[::-1]
"""

BY_DEPTH = """\
def in_order(result):
    found, waiting = [], [result]
    while waiting:
        array = waiting.pop()
        if not any(array is other for other in found):
            found.append(array)
            waiting += [source for source, _ in array.sources]
    return found
"""

EVERY_USE = """\
def in_order(result):
    found = [result]
    for array in found:
        found.extend(source for source, _ in array.sources)
    return found
"""


def pass_back(first="tensors[0].grad += 1", sent="source.grad + function(array.grad)"):
    """The answer cell of the walk."""
    return f"""\
def pass_back(tensors):
    for array in tensors:
        array.grad = np.zeros_like(array.data)
    {first}
    for array in tensors:
        for source, function in array.sources:
            source.grad = {sent}
"""


def stretched(same=1, row=3, column=4, number=12):
    """The answer cell of the prediction."""
    names = ("(3, 4)", "(4,)", "(3, 1)", "()")
    return f"gradient_of_b = {dict(zip(names, (same, row, column, number), strict=True))!r}"


def fit(front="gradient = gradient.sum(axis=0)", inner="gradient.sum(axis=axis, keepdims=True)"):
    """The answer cell of the shape."""
    return f"""\
def fit(gradient, shape):
    while gradient.ndim > len(shape):
        {front}
    for axis, length in enumerate(shape):
        if length == 1:
            gradient = {inner}
    return gradient
"""


def matmul(a="g @ b.data.T", b="a.data.T @ g"):
    """The answer cell of the matrix product."""
    return f"""\
def matmul(a, b):
    return Array(a.data @ b.data, [(a, lambda g: {a}), (b, lambda g: {b})])
"""


ANSWERS = {
    "12-multiply": Answers(
        solution=multiply(),
        wrong=(
            Wrong(multiply("g * a.data", "g * b.data"), "That is for the other one"),
            Wrong(multiply("b.data", "a.data"), "The incoming gradient is missing"),
            Wrong(multiply("g", "g"), "an addition's rule"),
            Wrong(multiply("g * b", "g * a"), "are in its .data"),
            Wrong(multiply().replace("lambda g: g * b.data", "b.data"), "A function belongs here"),
            Wrong(multiply().replace("lambda g:", "lambda:"), "It is given the incoming gradient"),
            Wrong(
                "def multiply(a, b):\n    return Array(a.data * b.data, [a, b])",
                "(array, function)",
            ),
            Wrong("def multiply(a, b):\n    return Array(a.data * b.data)", "sources needs a pair"),
            Wrong("def multiply(a, b):\n    return a.data * b.data", "has to return an Array"),
            Wrong("def multiply(a, b):\n    Array(a.data * b.data)", "has to return an Array"),
            Wrong(multiply().replace("[(a,", "[(a.data,"), "begins with the Array itself"),
            Wrong(multiply().replace("lambda g: g *", "g *"), "Only a function knows g"),
            Wrong(multiply().replace("a.data * b.data", "a.data + b.data"), "The result is not"),
        ),
    ),
    "12-order": Answers(
        solution=ORDER,
        wrong=(
            Wrong(FIRST_COME, "which was computed from it"),
            Wrong(RECURSIVE, "needs no call"),
            Wrong(EVERY_USE, "more than once"),
            Wrong("def in_order(result):\n    return [result]", "is missing, and"),
            Wrong("def in_order(result): ...", "a function without a return"),
            Wrong(BY_DEPTH, "which was computed from it"),
            Wrong(ORDER.replace("return found", "return {id(a): a for a in found}"), "is missing"),
            Wrong(ORDER.replace("return found", "return found[::-1]"), "stands before"),
        ),
    ),
    "12-back": Answers(
        solution=pass_back(),
        wrong=(
            Wrong(pass_back("pass", "function(array.grad)"), "Where does the first number"),
            Wrong(pass_back(sent="function(array.grad)"), "they have to be added"),
            Wrong(pass_back("pass"), "Where does the first number"),
            Wrong(pass_back(first="tensors[-1].grad += 1"), "the 1 belongs to tensors[0]"),
            Wrong(pass_back(sent="source.grad * function(array.grad)"), "got 0"),
            Wrong(pass_back("pass").replace("zeros_like", "ones_like"), "Only the result begins"),
            Wrong(
                pass_back().replace("in tensors:\n        for", "in tensors[::-1]:\n        for"),
                "got 0",
            ),
            Wrong("def pass_back(tensors): ...", "got no gradient"),
        ),
    ),
    "12-stretched": Answers(
        solution=stretched(),
        wrong=(
            Wrong(stretched(same=12), "Entries of b: 12"),
            Wrong(stretched(row=4), "Entries of b: 4"),
            Wrong(stretched(column=3), "Entries of b: 3"),
            Wrong(stretched(number=1), "Entries of b: 1,"),
        ),
    ),
    "12-fit": Answers(
        solution=fit(),
        wrong=(
            Wrong("def fit(gradient, shape):\n    return gradient", "It has the shape"),
            Wrong(fit(front="gradient = gradient.mean(axis=0)"), "is it a sum?"),
            Wrong(fit(front="gradient = gradient[0]"), "is it a sum?"),
            Wrong(fit(inner="gradient.sum(axis=axis)"), "It raised"),
            Wrong(fit(inner="gradient"), "It has the shape (3, 4), not (3, 1)"),
            Wrong(fit(front="gradient = gradient.max(axis=0)"), "is it a sum?"),
            Wrong("def fit(gradient, shape):\n    return gradient.sum()", "It has the shape ()"),
            Wrong(
                "def fit(gradient, shape):\n    return gradient.reshape(shape)",
                "It raised ValueError",
            ),
            Wrong(fit(front="gradient = gradient.sum(axis=-1)"), "It has the shape"),
            Wrong(
                "def fit(gradient, shape):\n    return np.broadcast_to(gradient.sum() / "
                "max(1, np.prod(shape)), shape)",
                "the wrong entries were added",
            ),
        ),
    ),
    "12-matmul": Answers(
        solution=matmul(),
        wrong=(
            Wrong(matmul("g @ b.data", "a.data @ g"), "Write the two shapes beside each other"),
            Wrong(
                matmul("g @ (b.data if len(a.data) == len(b.data) else b.data.T)", "a.data.T @ g"),
                "A transpose is missing",
            ),
            Wrong(matmul("g * b.data.sum()", "a.data.T @ g"), "It has the shape"),
            Wrong(matmul("b.data @ g.T", "g.T @ a.data"), "It has the shape (3, 2), and a has"),
            Wrong(matmul("b.data.T", "a.data.T"), "g does not stand in it"),
            Wrong(matmul("g * b.data.T", "a.data.T * g"), "Is it @"),
            Wrong(matmul("np.ones(g.shape) @ b.data.T"), "The incoming gradient is missing"),
            Wrong(matmul("a.data.T @ g", "g @ b.data.T"), "That is for the other one"),
            Wrong(matmul("b.data.T @ g", "g @ a.data.T"), "It raised ValueError"),
            Wrong(matmul(b="(g.T @ a.data).T * 2"), "the numbers are not"),
            Wrong("def matmul(a, b):\n    return Array(a.data @ b.data)", "sources needs a pair"),
        ),
    ),
}
