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

BACKWARDS = """\
def gradients(graph, output):
    gradient = dict.fromkeys(graph, 0.0)
    gradient[output] = 1.0
    for name in reversed(graph):
        for source, derivative in graph[name]:
            gradient[source] += gradient[name] * derivative
    return gradient
"""

ONCE = GIVEN.replace("POP", "").replace("CONDITION", "source not in done").replace(
    "        for source", "        done.add(name)\n        for source"
).replace("    ready = ", "    done, ready = set(), ")  # fmt: skip

BY_PATH = """\
def gradients(graph, output):
    gradient = dict.fromkeys(graph, 0.0)

    def send(name, new):
        gradient[name] += new
        for source, derivative in graph[name]:
            send(source, new * derivative)

    send(output, 1.0)
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
def operations(pairs):
    out = woven(pairs)
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
            Wrong(factors(whole="2*a*(a + 2)"), "only what comes by way of b"),
            Wrong(factors(whole="b"), "only the direct path"),
            Wrong(factors(whole="(a + 2) * b * 2*a"), "add the paths"),
            Wrong(factors(whole="a + 2 + b"), "on the way through b"),
            Wrong(factors(c_a="2*a"), "asked here is ∂c/∂a"),
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
            Wrong(raises(plus="False"), "without the quotes"),
            Wrong(raises(minus=0), "Answer True or False"),
            Wrong(raises(sum=None), "Answer True or False"),
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
            Wrong(BACKWARDS, "in the order of the computation"),
            Wrong(ONCE, "too early, or more than once"),
            Wrong(BY_PATH, "would not end in years"),
        ),
    ),
    "04-count": Answers(
        solution=counting(),
        also=(counting().replace("return number", "return torch.tensor(float(number))"),),
        wrong=(
            Wrong(counting(skip='"nothing"'), "AccumulateGrad is no operation"),
            Wrong(counting(seen="False"), "once for each path"),
            Wrong(
                counting(start="[node for node, _ in out.grad_fn.next_functions]"), "One is missing"
            ),
            Wrong("def operations(pairs):\n    return count(woven(pairs).grad_fn)", "path"),
            Wrong("def operations(pairs):\n    return woven(pairs).operations", "It raised"),
            Wrong(
                counting(seen="type(node) in seen").replace("add(node)", "add(type(node))"),
                "count the kinds",
            ),
            Wrong("def operations(pairs):\n    return [len(pairs), 1]", "not the number"),
            Wrong("def operations(pairs):\n    return len(pairs)", "You count all products"),
            Wrong("def operations(pairs):\n    return woven(pairs).grad_fn", "It returned Mul"),
            Wrong("def operations(pairs): ...", "Not answered yet"),
        ),
    ),
    "04-unused": Answers(
        solution=unused(),
        also=(unused(plain="RuntimeError"), unused(zeros=[0], factor=0.0)),
        wrong=(
            Wrong(unused(plain=0), "was not used at all"),
            Wrong(unused(plain=None), "was not used at all"),
            Wrong(unused(allowed=0), "nothing is not a number"),
            Wrong(unused(zeros=None), "a tensor of zeros is made"),
            Wrong(unused(backward=0), "only touches what it reaches"),
            Wrong(unused(factor=None), "its derivative is a number"),
            Wrong(unused(allowed="None"), "without the quotes"),
            Wrong(unused(backward="error"), "only touches what it reaches"),
            Wrong(unused(zeros="error"), "a tensor of zeros is made"),
        ),
    ),
}
