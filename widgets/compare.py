"""A prediction against what really happened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .exercise import Finding
from .probe import Outcome, close


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
        if name not in prediction or prediction[name] is ... or prediction[name] == "":
            findings.append(Finding(name, False, "Not answered yet."))
        elif agrees(prediction[name], actual):
            findings.append(Finding(name, True, "Right."))
        else:
            findings.append(Finding(name, False, because.get(name, "That is not what happened.")))
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
) -> Finding:
    """One finding about what a probe brought, which names the mistake if it is a known one.

    named: what to say → the value that it is said of; the first is the right one.
    otherwise: what to say of any other value. failed: in place of the error's own text.
    """
    if result.error:
        said = failed or result.failed
    elif result.value is None:
        said = "Not answered yet: it returned None."
    else:
        known = (text for text, value in named.items() if close(result.value, value, rtol))
        said = next(known, otherwise)
    return Finding(what, said == next(iter(named)), said)


def agrees(expected: Any, actual: Any) -> bool:
    """True if a prediction and a result are the same: None only with None, numbers to 0.1 %.

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
    except (TypeError, ValueError):
        return False
    if said.shape not in ((), real.shape):
        return False
    return bool(np.allclose(said, real, rtol=1e-3, atol=1e-6, equal_nan=True))
