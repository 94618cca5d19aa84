"""The answer key: every question of a derivation with its truth, tabulated at a handful of points.

An `AnswerKey` is plain data (`to_dict`, `from_dict`): checking an answer against it needs no
engine, is safe on any thread, and can be done in another process. `build` makes one.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

Arrays = list[np.ndarray]


@dataclass
class Question:
    """One derivative that is asked.

    kind        "element-wise" or "row" (a local factor), or "total" (∂out/∂wrt so far)
    truths      per point: what autograd says, in the shape of `wrt`
    differences per point: what finite differences say
    dense       per point: the Jacobian as a matrix, entries in C order; [] where it is too large
    also        other truths that are right too, by the name of their reading
    without     per factor's label: what comes out when that factor is forgotten
    uses        what each use of `wrt` contributes, where it is used more than once
    smooth      at the own point: 1 where the derivative exists, 0 at a kink
    """

    label: str
    of: str
    wrt: str
    kind: str
    whole: bool = False
    source: str = ""
    truths: Arrays = field(default_factory=list)
    differences: Arrays = field(default_factory=list)
    dense: Arrays = field(default_factory=list)
    also: dict[str, Arrays] = field(default_factory=dict)
    without: dict[str, Arrays] = field(default_factory=dict)
    uses: list[Arrays] = field(default_factory=list)
    smooth: np.ndarray = field(default_factory=lambda: np.ones(()))

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the derivative."""
        return self.truths[0].shape


@dataclass
class AnswerKey:
    """All questions of a derivation and the points at which they are answered.

    kinds[i]        "own", "near" (the own point moved by up to a tenth), "random", or "constants"
                    (random, and so are the constants)
    values[i]       every name's array there; `cotangent` too, where `out` is not a single number
    totals[name][i] ∂out/∂name
    note, tolerance as in `Problem`
    source          the lines of code on the way from `wrt` to `out`
    beside[i]       name → array of what may be named as well, and is not asked about
    disputed        autograd and finite differences agree nowhere: one of them is wrong
    """

    out: str
    wrt: str
    oracle: str
    kinds: list[str]
    values: list[dict[str, np.ndarray]]
    questions: list[Question]
    totals: dict[str, Arrays] = field(default_factory=dict)
    cotangent: str | None = None
    disputed: bool = False
    note: str = ""
    tolerance: float = 1e-6
    source: str = ""
    beside: list[dict[str, np.ndarray]] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """What an answer is expected to name."""
        return list(self.values[0])

    def at(self, point: int) -> dict[str, np.ndarray]:
        """Everything that may be named in an answer, at a point."""
        return {**(self.beside[point] if self.beside else {}), **self.values[point]}

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON; `from_dict` gives the same key back, to the last bit."""
        return _plain(asdict(self))

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> AnswerKey:
        """The key that `to_dict` made plain."""
        data = _arrays(data)
        questions = [Question(**question) for question in data.pop("questions")]
        return cls(questions=questions, **data)


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        plain = {"array": [float(v).hex() for v in value.ravel()], "shape": list(value.shape)}
        return plain | ({"bool": True} if value.dtype == bool else {})
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value


def _arrays(value: Any) -> Any:
    if isinstance(value, dict) and {"array", "shape"} <= set(value) <= {"array", "shape", "bool"}:
        entries = [float.fromhex(v) for v in value["array"]]
        array = np.array(entries, dtype=np.float64).reshape(value["shape"])
        return array != 0 if "bool" in value else array
    if isinstance(value, dict):
        return {key: _arrays(item) for key, item in value.items()}
    return [_arrays(item) for item in value] if isinstance(value, list) else value
