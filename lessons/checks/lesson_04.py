"""Lesson 04, the graph."""

import random
import time

import minigrad as torch
from widgets import Finding, compare, derive, exercise, probe, recognise


def two_paths():
    a = torch.tensor([1.0, 2.0, -1.5], requires_grad=True)
    b = a * a
    c = b * a + 2 * b
    out = c.sum()
    return locals()


@exercise(
    "04-paths",
    kind="derivation",
    points=5,
    answer="my_factors",
    program=two_paths,
    hints=(
        "On the line of c there are two names, b and a. For each, hold the other one still.",
        "∂out/∂a adds up everything that arrives at a: by way of b, and directly.",
    ),
    idea="Multiply along each path, and add the paths: (∂c/∂b)(∂b/∂a) + ∂c/∂a, times ∂out/∂c.",
)
def paths(factors):
    v = two_paths()
    result = derive(v["out"], v["a"], names=v).check(factors)
    a = v["a"].detach().numpy()
    named = {
        "That is only what comes by way of b. a stands on the line of c as well.": 2 * a * (a + 2),
        "That is only the direct path. a is used for b as well.": a**2,
        "The two paths were multiplied. Multiply along a path; add the paths.": 2 * a**3 * (a + 2),
        "Multiply by ∂b/∂a on the way through b.": a + 2 + a**2,
    }
    whole = result.rows[-1]
    known = (said for said, value in named.items() if probe.close(whole.yours, value, rtol=1e-5))
    said = None if whole.right or whole.yours is None else next(known, None)
    findings = result.findings()
    return [*findings[:-1], findings[-1]._replace(said=said)] if said else findings


PROGRAMS = {
    "(x + 3).sum()": (
        lambda x: (x + 3).sum(),
        "The derivative of x + 3 is 1, whatever x is.",
    ),
    "(x * x).sum()": (
        lambda x: (x * x).sum(),
        "The derivative of x * x needs x. It is saved, and freed.",
    ),
    "x.exp().sum()": (
        lambda x: x.exp().sum(),
        "The derivative of exp is exp itself: the result is saved, and freed.",
    ),
    "(x - x).sum()": (
        lambda x: (x - x).sum(),
        "The derivatives of a subtraction are 1 and -1. They need no value.",
    ),
    "x.sum()": (
        lambda x: x.sum(),
        "A sum passes on what arrives. It needs the shape of x, not its values.",
    ),
    "(x ** 2).sum()": (
        lambda x: (x**2).sum(),
        "The derivative of a power is 2 * x here: it needs x.",
    ),
}


def _raises_twice(program):
    out = program(torch.tensor([2.0], requires_grad=True))
    out.backward()
    try:
        out.backward()
    except RuntimeError:
        return True
    return False


@exercise(
    "04-twice",
    kind="prediction",
    points=4,
    answer="it_raises",
    hints=(
        "Write down the derivative of each operation. Does a tensor stand in it?",
        "Where the derivative is a plain 1 or -1, there is nothing to save.",
    ),
    idea="The second pass fails exactly where a derivative needs a tensor: x for a product of two "
    "tensors and for a power, the result for exp.",
)
def twice(answers):
    truth = {name: _raises_twice(program) for name, (program, _) in PROGRAMS.items()}
    return compare(answers, truth, {name: said for name, (_, said) in PROGRAMS.items()})


def _random_graph(size):
    """A graph as plain data: every name uses up to three earlier ones."""
    chance = random.SystemRandom()
    graph = {"n0": []}
    for k in range(1, size):
        sources = [f"n{chance.randrange(max(0, k - 3), k)}" for _ in range(chance.randint(1, 3))]
        graph[f"n{k}"] = [(source, chance.choice((-1.0, 0.5, 2.0))) for source in sources]
    return graph


def _by_engine(graph, output):
    """The gradients, by autograd."""
    values = {}
    for name, sources in graph.items():
        value = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
        for source, derivative in sources:
            value = value + derivative * values[source]
        value.retain_grad()
        values[name] = value
    values[output].backward()
    return {n: 0.0 if v.grad is None else v.grad.item() for n, v in values.items()}


def _shuffled(graph):
    """The same graph, with its names in another order: nobody may rely on it."""
    names = list(graph)
    random.SystemRandom().shuffle(names)
    return {name: graph[name] for name in names}


@exercise(
    "04-order",
    kind="repair",
    points=5,
    answer="gradients",
    hints=(
        "Before the walk, count for each name how many pairs will send something to it.",
        "A name is ready when its count has come down to zero. Names that the output does not "
        "lead to must not be counted.",
    ),
    idea="First walk from the output and count the pairs that point at each name; then walk "
    "again, take one off the count for each pair, and append a name only when nothing is missing.",
)
def order(function):
    small = {"a": [], "b": [("a", 1.0), ("a", 1.0)], "c": [("b", 1.0), ("b", 1.0)]}
    short_cuts = {"r": [], "a": [("r", 2.0)], "b": [("a", 0.5)], "d": [("a", 1.0), ("b", -1.0)],
                  "e": [("d", 3.0)], "f": [("e", 1.0), ("d", 2.0)], "x": [("a", 1.0)]}  # fmt: skip
    tries = {
        "a, b and c of section 2": (small, "c"),
        "short cuts, and a name that is not on the way": (short_cuts, "f"),
        "a random graph": (_random_graph(9), "n8"),
    }
    findings = []
    for what, (graph, output) in tries.items():
        result = probe.run(function, _shuffled(graph), output)
        truth = _by_engine(graph, output)
        if result.error:
            findings.append(Finding(what, False, result.failed))
        elif not isinstance(result.value, dict) or set(result.value) != set(graph):
            said = "It must return a dictionary with a number for every name of the graph."
            findings.append(Finding(what, False, said))
        else:
            off = [n for n in graph if not probe.close(result.value[n], truth[n])]
            said = "Right." if not off else _what_is_off(result.value, off, small is graph)
            in_order = probe.run(function, graph, output).value if off else None
            if in_order and all(probe.close(in_order.get(n), truth[n]) for n in graph):
                said = "Right only if the names are written down in the order of the computation."
            findings.append(Finding(what, not off, said))
    if all(finding.right for finding in findings):  # a wrong one might never end
        findings.append(_deep(function))
    return findings


BLINK = 0.3  # seconds; 23 steps take a thousandth of that, or seconds if it goes path by path


def _steps(depth):
    return {"n0": []} | {f"n{k}": [(f"n{k - 1}", 0.5)] * 2 for k in range(1, depth + 1)}


def _deep(function):
    for attempt in range(2):  # the machine may be busy with something else
        start = time.perf_counter()
        probe.run(function, _steps(23), "n23")
        if time.perf_counter() - start < BLINK:
            break
        if attempt:
            said = (
                "23 steps take too long already: each name passes on once for every path. With "
                "60 steps it would not end in years."
            )
            return Finding("60 steps deep", False, said)
    result = probe.run(function, _steps(60), "n60")
    if result.error:
        return Finding("60 steps deep", False, result.failed)
    right = probe.close(result.value["n0"], 1.0)
    return Finding("60 steps deep", right, "Right." if right else "Not 1 at n0.")


def _what_is_off(yours, off, small):
    name = off[-1]
    if small and probe.close(yours["a"], 8.0):
        return "a gets 8: b still passes on before everything has arrived at it."
    if yours[name] == 0.0:
        return f"Nothing reached {name}. Does something wait for a pair that never comes?"
    return f"The gradient of {name} is wrong: it was passed on too early, or more than once."


def _woven(pairs):
    made = [torch.tensor(1.0, requires_grad=True)]
    for i, j in pairs:
        made.append(made[i] * made[j])
    return made[-1]


def _nodes(out):
    """The nodes that can be reached, each once."""
    seen, unseen = [], [out.grad_fn]
    while unseen:
        node = unseen.pop()
        if not any(node is other for other in seen):
            seen.append(node)
            unseen.extend(following for following, _ in node.next_functions)
    return seen


def _by_path(pairs, leaf):
    """How many nodes a walk meets that goes every path; `leaf` for an AccumulateGrad."""
    counts = [leaf]
    for i, j in pairs:
        counts.append(1 + counts[i] + counts[j])
    return counts[-1]


def _random_pairs(size):
    chance = random.SystemRandom()
    return [(chance.randrange(k), chance.randrange(k)) for k in range(1, size + 1)]


@exercise(
    "04-count",
    kind="code",
    points=4,
    answer="operations",
    transfer=True,
    hints=(
        "Keep a set of the nodes that you have seen. A node that is in it is not counted again.",
        "Begin with out.grad_fn, and put what is in next_functions on a list of things to see.",
    ),
    idea="A list of nodes still to visit and a set of those seen; count each that is new and whose "
    "type is not named AccumulateGrad.",
)
def count_once(function):
    tries = {
        "three in a row": [(0, 0), (1, 1), (2, 2)],
        "two that are not used": [(0, 0), (1, 0), (2, 0), (1, 1), (4, 0)],
        "twelve in a row": [(k, k) for k in range(12)],
        "a random one": _random_pairs(12),
    }
    findings = []
    for what, pairs in tries.items():
        nodes = [type(node).__name__ for node in _nodes(_woven(pairs))]
        operations = len(nodes) - nodes.count("AccumulateGrad")
        named = {
            "Right.": operations,
            "You count a node once for each path that leads to it.": _by_path(pairs, 0),
            "You count a node once for each path that leads to it, and AccumulateGrad too.": (
                _by_path(pairs, 1)
            ),
            "One too many: AccumulateGrad is no operation.": len(nodes),
            "One is missing: the last product is an operation as well.": operations - 1,
            "You count all products. The last tensor does not remember those that it was not "
            "computed from.": len(pairs),
            "You count the kinds of nodes. Two multiplications are two nodes.": 1,
            "You count the kinds of nodes, AccumulateGrad too.": 2,
        }
        result = probe.run(function, pairs)
        otherwise = "That is not the number of different nodes."
        findings.append(recognise(what, result, named, otherwise))
    return findings


def _for_b(out, a, b, **options):
    try:
        return torch.autograd.grad(out, [a, b], **options)[1]
    except RuntimeError:
        return "error"


def _is_error(told):
    if isinstance(told, type):
        return issubclass(told, Exception)
    return isinstance(told, str) and told.lower().endswith("error")


def _backward(out, b):
    out.backward()
    return b.grad


UNUSED = {
    "torch.autograd.grad(out, [a, b])": (
        lambda out, a, b: _for_b(out, a, b),
        "b was not used at all. Section 3 shows what is said then.",
    ),
    "torch.autograd.grad(out, [a, b], allow_unused=True)": (
        lambda out, a, b: _for_b(out, a, b, allow_unused=True),
        "It is allowed now. But nothing arrived, and nothing is not a number.",
    ),
    "torch.autograd.grad(out, [a, b], allow_unused=True, materialize_grads=True)": (
        lambda out, a, b: _for_b(out, a, b, allow_unused=True, materialize_grads=True),
        "Where nothing arrived, a tensor of zeros is made.",
    ),
    "out.backward(), then b.grad": (
        lambda out, a, b: _backward(out, b),
        "backward only touches what it reaches.",
    ),
    "torch.autograd.grad(out + b * 0, [a, b])": (
        lambda out, a, b: _for_b(out + b * 0, a, b),
        "b is used here, and its derivative is a number.",
    ),
}


@exercise(
    "04-unused",
    kind="prediction",
    points=3,
    answer="for_b",
    hints=(
        "Not used is something else than used with a factor of 0.",
        "Run the last cell of section 3 again, with the options.",
    ),
    idea="No path: an error, or None where that is allowed. A path with a factor of 0: 0.",
)
def unused(answers):
    truth = {}
    for name, (program, _) in UNUSED.items():
        a, b = (torch.tensor([2.0], requires_grad=True) for _ in range(2))
        truth[name] = program(a * 3, a, b)
    if isinstance(answers, dict):  # "RuntimeError" is an error as well
        answers = {k: "error" if _is_error(told) else told for k, told in answers.items()}
    return compare(answers, truth, {name: said for name, (_, said) in UNUSED.items()})
