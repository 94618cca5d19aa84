"""A prediction against what really happened."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from .exercise import Finding
from .probe import Outcome, close

NEARLY = 0.01  # as far from the truth as rounding by hand may be
PLAIN = re.compile(r"\s*(None|True|False|[\d\s.e()*/+-]+)\s*")  # not meant as a text
TUPLE = "Right, but in a tuple or a list of one, as torch.autograd.grad has it. Return its entry."
FORMULA = re.compile(r".*[*^/+].*", re.DOTALL)  # a text that is meant as one


def compare(prediction: Any, truth: Mapping[str, Any], because: Mapping[str, str]) -> list[Finding]:
    """A prediction against what really happened: one finding per entry of `truth`.

    prediction: name → what the reader expects: None, a number, a text, nested lists or a tensor.
    because: name → the idea, said when the prediction is wrong. The true value is not given away.
    """
    if not isinstance(prediction, Mapping):
        asked = ", ".join(repr(name) for name in truth)
        return [Finding("the answer", False, f"It must be a dictionary with the keys {asked}.")]
    findings = []
    for name, actual in truth.items():
        expected = prediction.get(name, ...)
        if expected is ... or (isinstance(expected, str) and not expected.strip()):
            findings.append(Finding(name, False, "Not answered yet."))
        elif agrees(expected, actual):
            findings.append(Finding(name, True, "Right."))
        else:
            said = _slip(expected, actual) or because.get(name, "That is not what happened.")
            findings.append(Finding(name, False, said))
    for name in prediction:
        if name not in truth:
            findings.append(Finding(str(name), False, "This was not asked; check the spelling."))
    return findings


def recognise(
    what: str,
    result: Outcome,
    named: Mapping[str, Any],
    otherwise: str,
    failed: str = "",
    rtol: float = 1e-9,
    gradient: int | None = None,
) -> Finding:
    """One finding about what a probe brought, which names the mistake if it is a known one.

    named: what to say → the value that it is said of; the first is the right one.
    otherwise: what to say of any other value. failed: in place of the error's own text.
    gradient: which input's gradient is looked at, in place of the value.
    """
    if gradient is not None and result.gradients is not None:
        result = result._replace(value=result.gradients[gradient])
    right = next(iter(named))
    if result.error:
        said = failed or result.failed
    elif result.value is None and gradient is not None:
        said = "No gradient came back: does backward return one?"
    elif result.value is None:
        said = "Not answered yet, or nothing has arrived: it returned None. Is there a return?"
    else:
        said = _known(result.value, named, rtol) or otherwise
        if said == otherwise:
            inner = _known(_unwrapped(result.value), named, rtol) or otherwise
            said = TUPLE if inner == right else inner
    return Finding(what, said == right, said)


def _known(value: Any, named: Mapping[str, Any], rtol: float) -> str | None:
    """The first text whose value it is; a plain number stands for a tensor of one entry as well."""
    for text, other in named.items():
        plain = isinstance(value, (int, float)) and np.size(other) == 1
        if close(np.reshape(value, np.shape(other)) if plain else value, other, rtol):
            return text
    return None


def _unwrapped(value: Any) -> Any:
    """The entry of a list of one, or of each that a list holds."""
    if not isinstance(value, list):
        return None
    if len(value) == 1:
        return value[0]
    inner = [row[0] for row in value if isinstance(row, list) and len(row) == 1]
    return inner if len(inner) == len(value) else None


def _slip(expected: Any, actual: Any) -> str:
    """What is wrong with how it was written down, though perhaps not with the idea; else empty."""
    if isinstance(expected, str) and not isinstance(actual, str) and PLAIN.fullmatch(expected):
        return "That is a text. Write it without the quotes."
    number = not isinstance(actual, (str, bool)) and actual is not None
    if isinstance(expected, str) and number and FORMULA.fullmatch(expected):
        return "That is a text. Put the numbers into the formula: a number belongs here."
    if isinstance(actual, bool) and not isinstance(expected, bool):
        return "Answer True or False."
    if agrees(expected, actual, NEARLY) and _has_fractions(actual):
        return "Nearly, if it was rounded. Give more digits, or a formula such as 128 / 3."
    return ""


def _has_fractions(actual: Any) -> bool:
    return bool(np.any(np.asarray(getattr(actual, "tolist", lambda: actual)(), float) % 1))


def agrees(expected: Any, actual: Any, rtol: float = 1e-3) -> bool:
    """True if a prediction and a result are the same: None only with None, numbers to `rtol`.

    A single number stands for a whole array of it; a text is compared without the white space and
    the capitals.
    """
    if expected is None or actual is None:
        return expected is None and actual is None
    if isinstance(expected, str) and isinstance(actual, str):
        return "".join(expected.split()).lower() == "".join(actual.split()).lower()
    if isinstance(expected, (str, bool)) or isinstance(actual, (str, bool)):
        return type(expected) is type(actual) and expected == actual
    try:
        said = np.asarray(getattr(expected, "tolist", lambda: expected)(), float)
        real = np.asarray(getattr(actual, "tolist", lambda: actual)(), float)
    except (TypeError, ValueError, OverflowError):
        return False
    if said.shape not in ((), real.shape):
        return False
    return bool(np.allclose(said, real, rtol=rtol, atol=1e-6, equal_nan=True))
