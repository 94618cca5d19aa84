"""Lesson 20: a solution for each exercise, and mistakes that its check must tell apart."""

from tests.instructor.answers import Answers, Wrong

ANSWERS = {
    "20-gradients": Answers(
        solution='my_prediction = {"x.grad": [2.0, -4.0], "y.grad": None}',
        wrong=(
            Wrong('my_prediction = {"x.grad": [1.0, -2.0], "y.grad": None}', "used twice"),
            Wrong('my_prediction = {"x.grad": [2.0, -4.0], "y.grad": 1.0}', "Only leaves keep"),
            Wrong("my_prediction = [2.0, -4.0]", "It must be a dictionary"),
        ),
    ),
    "20-energy": Answers(
        solution="def energy(x):\n    return (x * x).sum() / 2",
        wrong=(
            Wrong("def energy(x):\n    return (x * x).sum()", "The half is missing."),
            Wrong("def energy(x):\n    return x.sum()", "not the energy"),
            Wrong("def energy(x):\n    return (x.detach() ** 2).sum() / 2", "is the graph cut?"),
            Wrong("def energy(x):\n    return x.square_root()", "It raised AttributeError"),
        ),
    ),
}
