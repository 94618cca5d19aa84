"""Random programs: against live PyTorch, errors included, and against finite differences."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import minigrad
from tests.engine import observe
from tests.engine.observe import Program

QUICK = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)

SMOOTH = ("{a} + {b}", "{a} - {b}", "{a} * {b}", "{a} / ({b} * {b} + 1)", "-{a}", "{a} * 0.5",
          "1 - {a}", "{a}.tanh()", "{a}.sigmoid()", "({a} * 0.3).exp()", "({a} * {a} + 1).log()",
          "({a} * {a} + 1).sqrt()", "{a} ** 2", "2 / ({a} * {a} + 1)", "{a}.clone()",
          "2 ** {a}.tanh()",
          "{a}.sum(0)", "{a}.mean()", "{a}.sum(-1, keepdim=True)", "{a} * {b}.mean()",
          "{a} + {b}.sum()")  # fmt: skip
BENT = ("{a}.relu()", "{a}.clamp(-1, 1)", "{a}.abs()", "torch.maximum({a}, {b})",
        "torch.minimum({a}, {b})", "torch.where({a} > 0, {a}, {b})", "{a} * ({b} > 0)")  # fmt: skip
SHAPES = ("{a}.t()", "{a}.reshape(-1)", "{a}.unsqueeze(0)", "{a}.squeeze()", "{a}[0]",
          "{a}[..., 1:]",
          "{a}.expand(2, 3)", "{a}.view(-1)", "{a} @ {b}", "{a} @ {b}.t()",
          "{a}[[0, 0]]", "{a}[{a} > 0]",
          "{a}.transpose(0, -1)", "{a}.permute(1, 0)", "{a}.sum()")  # fmt: skip
HISTORY = (
    "{a}.detach()",
    "{a}.data",
    "{a}.double()",
    "{a}.clone().requires_grad_()",
)
WRITES = ("{a}.mul_({b})", "{a}.add_(1)", "{a}.sub_({b})", "{a}.tanh_()", "{a}.zero_()",
          "{a}.relu_()",
          "{a}.copy_({b})", "{a}.retain_grad()", "{a}.requires_grad_()", "{a}.fill_(0.5)",
          "{a}.sum().backward(retain_graph=True)", "{a}.sum().backward()")  # fmt: skip

LEAVES = """
t0 = torch.tensor(numbers(2, 3), dtype=torch.float64, requires_grad=True)
t1 = torch.tensor(numbers(3), dtype=torch.float64, requires_grad=True)
t2 = torch.tensor(numbers(2, 1), dtype=torch.float64)
t3 = torch.tensor(numbers(), dtype=torch.float64, requires_grad=True)
""".lstrip()
FIRST = 4


@st.composite
def programs(draw: Any, writes: bool) -> Program:
    """Statements on what came before, then backward from the sum of everything, then the grads."""
    lines, count = [LEAVES], FIRST
    templates = SMOOTH + BENT + SHAPES + HISTORY
    for _ in range(draw(st.integers(1, 12))):
        a, b = (f"t{draw(st.integers(0, count - 1))}" for _ in range(2))
        if writes and draw(st.integers(0, 2)) == 0:
            write = draw(st.sampled_from(WRITES)).format(a=a, b=b)
            if draw(st.integers(0, 3)) == 0:
                lines.append("with torch.no_grad():\n    ")
            lines.append(f"attempt(lambda: {write})\nsee({a}._version)\n")
            continue
        unrecorded = writes and draw(st.integers(0, 7)) == 0
        made = draw(st.sampled_from(SMOOTH if unrecorded else templates)).format(a=a, b=b)
        if unrecorded:  # but no views: in PyTorch they say that they require grad, and get none
            lines.append("with torch.no_grad():\n    ")
        lines.append(f"t{count} = attempt(lambda: {made})\n")
        lines.append(f"t{count} = {a} if t{count} is None else t{count}\nsee(t{count})\n")
        count += 1
    everything = " + ".join(f"t{k}.sum()" for k in range(count - 1, max(count - 4, 0) - 1, -1))
    lines.append(f"attempt(lambda: ({everything}).backward())\n")
    lines += [f"see(t{k}.grad, t{k}._version, t{k}.is_leaf)\n" for k in range(count)]
    return Program("random", "random", "".join(lines))


def agree(program: Program, torch: Any) -> None:
    torch.set_warn_always(True)
    found = observe.difference(observe.run(program, minigrad), observe.run(program, torch))
    assert found is None, f"\n{program.source}\n{found}"


@pytest.mark.oracle
@QUICK
@given(program=programs(writes=False))
def test_expressions_as_in_torch(program: Program, torch: Any) -> None:
    agree(program, torch)


@pytest.mark.oracle
@QUICK
@given(program=programs(writes=True))
def test_programs_that_write_as_in_torch(program: Program, torch: Any) -> None:
    agree(program, torch)


@st.composite
def expressions(draw: Any) -> str:
    """Smooth statements only, on shapes that always broadcast; `out` is a scalar."""
    lines, count = [], 3
    for _ in range(draw(st.integers(1, 10))):
        a, b = (f"t{draw(st.integers(0, count - 1))}" for _ in range(2))
        made = draw(st.sampled_from([t for t in SMOOTH if ".sum(0)" not in t])).format(a=a, b=b)
        if ".sum(-1" in made:
            made = f"({a} + t0).sum(-1, keepdim=True)"
        lines.append(f"t{count} = ({made}).tanh()")
        count += 1
    return "\n".join([*lines, f"out = (t{count - 1} * (t0 + t1)).sum() + t{count - 2}.mean()"])


@QUICK
@given(source=expressions(), seed=st.integers(0, 1000))
def test_expressions_against_finite_differences(source: str, seed: int) -> None:
    random = np.random.default_rng(seed)
    values = [random.uniform(-2, 2, shape) for shape in ((2, 3), (3,), (2, 1))]
    direction = [random.standard_normal(v.shape) for v in values]
    code = compile(source, "<random expression>", "exec")

    def run(move: float) -> tuple[Any, list[Any]]:
        leaves = [minigrad.tensor(v + move * d, requires_grad=True)
                  for v, d in zip(values, direction)]  # fmt: skip
        names = {"torch": minigrad} | {f"t{k}": leaf for k, leaf in enumerate(leaves)}
        exec(code, names)
        return names["out"], leaves

    out, leaves = run(0)
    out.backward()
    slope = sum((leaf.grad.numpy() * d).sum() for leaf, d in zip(leaves, direction)
                if leaf.grad is not None)  # fmt: skip
    expected = (run(1e-5)[0].item() - run(-1e-5)[0].item()) / 2e-5
    assert slope == pytest.approx(expected, rel=1e-5, abs=1e-6), source
