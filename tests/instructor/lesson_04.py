"""Lesson 04: a solution for each exercise, and the mistakes that its check must tell apart."""

from tests.instructor.answers import Answers, Wrong


def factors(c="1", c_b="a + 2", c_a="b", b_a="2*a", whole="3*a**2 + 4*a"):
    """The answer cell of the derivation."""
    names = ("∂out/∂c", "∂c/∂b", "∂c/∂a", "∂b/∂a", "∂out/∂a")
    return f"my_factors = {dict(zip(names, (c, c_b, c_a, b_a, whole), strict=True))!r}"


def raises(**changed):
    """The answer cell of the prediction."""
    told = {"plus": False, "square": True, "exp": True, "minus": False, "sum": False,
            "power": True} | changed  # fmt: skip
    programs = ("(x + 3).sum()", "(x * x).sum()", "x.exp().sum()", "(x - x).sum()", "x.sum()",
                "(x ** 2).sum()")  # fmt: skip
    return f"it_raises = {dict(zip(programs, told.values(), strict=True))!r}"


COUNTED = """\
def gradients(graph, output):
    missing = {name: 0 for name in graph}
    seen, unseen = {output}, [output]
    while unseen:
        for source, _ in graph[unseen.pop()]:
            missing[source] += 1
            if source not in seen:
                seen.add(source)
                unseen.append(source)
    gradient = {name: 0.0 for name in graph}
    gradient[output] = 1.0
    ready = [output]
    while ready:
        name = ready.pop()
        for source, derivative in graph[name]:
            gradient[source] += gradient[name] * derivative
            missing[source] -= 1
            if not missing[source]:
                ready.append(source)
    return gradient
"""

GIVEN = """\
def gradients(graph, output):
    gradient = {name: 0.0 for name in graph}
    gradient[output] = 1.0
    ready = [output]
    while ready:
        name = ready.pop(POP)
        for source, derivative in graph[name]:
            gradient[source] += gradient[name] * derivative
            if CONDITION:
                ready.append(source)
    return gradient
"""

COUNT_ALL = """\
def gradients(graph, output):
    missing = {name: 0 for name in graph}
    for pairs in graph.values():
        for source, _ in pairs:
            missing[source] += 1
""" + COUNTED[COUNTED.index("    gradient = {") :]


def counting(start="[out.grad_fn]", skip='"AccumulateGrad"', seen="node in seen"):
    """The answer cell of the count."""
    return f"""\
def operations(depth):
    out = squares(depth)
    unseen, seen, number = {start}, set(), 0
    while unseen:
        node = unseen.pop()
        if {seen}:
            continue
        seen.add(node)
        number += type(node).__name__ != {skip}
        unseen.extend(following for following, _ in node.next_functions)
    return number
"""


def unused(plain="error", allowed=None, zeros=0, backward=None, factor=0):
    """The answer cell of the prediction about what was not used."""
    grad = "torch.autograd.grad(out, [a, b]"
    told = {
        f"{grad})": plain,
        f"{grad}, allow_unused=True)": allowed,
        f"{grad}, allow_unused=True, materialize_grads=True)": zeros,
        "out.backward(), then b.grad": backward,
        "torch.autograd.grad(out + b * 0, [a, b])": factor,
    }
    return f"for_b = {told!r}"


ANSWERS = {
    "04-paths": Answers(
        solution=factors(),
        wrong=(
            Wrong(factors(c="1/3"), "✗ ∂out/∂c"),
            Wrong(factors(c_b="a"), "✗ ∂c/∂b"),
            Wrong(factors(c_a="3*a**2"), "✗ ∂c/∂a"),
            Wrong(factors(b_a="a"), "✗ ∂b/∂a"),
            Wrong(factors(whole="2*a*(a + 2)"), "✗ ∂out/∂a"),
            Wrong(factors(whole="b"), "✗ ∂out/∂a"),
        ),
    ),
    "04-twice": Answers(
        solution=raises(),
        wrong=(
            Wrong(raises(plus=True), "whatever x is"),
            Wrong(raises(square=False), "needs x. It is saved"),
            Wrong(raises(exp=False), "the result is saved"),
            Wrong(raises(minus=True), "They need no value"),
            Wrong(raises(sum=True), "the shape of x"),
            Wrong(raises(power=False), "it needs x"),
        ),
    ),
    "04-order": Answers(
        solution=COUNTED,
        wrong=(
            Wrong(GIVEN.replace("POP", "").replace("CONDITION", "True"), "a gets 8"),
            Wrong(
                GIVEN.replace("POP", "0").replace("CONDITION", "source not in ready"),
                "too early, or more than once",
            ),
            Wrong(COUNT_ALL, "never comes"),
            Wrong(GIVEN.replace("POP", "").replace("CONDITION", "False"), "Nothing reached"),
            Wrong("def gradients(graph, output):\n    return 4.0", "must return a dictionary"),
        ),
    ),
    "04-count": Answers(
        solution=counting(),
        wrong=(
            Wrong(counting(skip='"nothing"'), "AccumulateGrad is no operation"),
            Wrong(counting(seen="False"), "once for each path"),
            Wrong(counting(start="[out.grad_fn.next_functions[0][0]]"), "One is missing"),
            Wrong("def operations(depth):\n    return count(squares(depth).grad_fn)", "path"),
            Wrong("def operations(depth):\n    return squares(depth).operations", "It raised"),
        ),
    ),
    "04-unused": Answers(
        solution=unused(),
        wrong=(
            Wrong(unused(plain=0), "was not used at all"),
            Wrong(unused(plain=None), "was not used at all"),
            Wrong(unused(allowed=0), "nothing is not a number"),
            Wrong(unused(zeros=None), "a tensor of zeros is made"),
            Wrong(unused(backward=0), "only touches what it reaches"),
            Wrong(unused(factor=None), "its derivative is a number"),
        ),
    ),
}
