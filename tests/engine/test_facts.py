"""Every program does here what it did in PyTorch, which is recorded; and the record is true.

A program that differs is printed by pytest with the first difference. After a change to a program:
`python -m tests.engine.record_facts`. PyTorch, where it is installed, is held against the record.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

import minigrad
from tests.engine import observe, operations
from tests.engine.known import KNOWN
from tests.engine.observe import Program

PROGRAMS = [*observe.written(), *operations.programs()]

facts = cache(observe.facts)


def cases(known: dict[str, str]) -> Any:
    """A parameter per program; those that are known to differ are expected to fail."""
    marks = {title: [pytest.mark.xfail(reason=reason)] for title, reason in known.items()}
    return pytest.mark.parametrize(
        "program",
        [
            pytest.param(program, id=str(program), marks=marks.get(str(program), ()))
            for program in PROGRAMS
        ],
    )


def fact_of(program: Program) -> observe.Seen:
    fact = facts(program.file).get(program.title)
    assert fact is not None, "no fact of this program; run python -m tests.engine.record_facts"
    assert fact["source"] == program.source, "changed since; python -m tests.engine.record_facts"
    seen: observe.Seen = fact["seen"]
    return seen


@cases(KNOWN)
def test_as_recorded(program: Program) -> None:
    found = observe.difference(observe.run(program, minigrad), fact_of(program))
    assert found is None, f"{program}\n{program.source}\n{found}"


@pytest.mark.oracle
@cases({})
def test_recorded_as_live(program: Program, torch: Any) -> None:
    torch.set_warn_always(True)
    found = observe.difference(observe.run(program, torch), fact_of(program))
    assert found is None, f"{program}\n{program.source}\n{found}"


def test_titles_are_unique() -> None:
    titles = [str(program) for program in PROGRAMS]
    assert len(titles) == len(set(titles))


def test_what_is_known_is_there() -> None:
    assert not set(KNOWN) - {str(program) for program in PROGRAMS}


def test_no_fact_without_its_program() -> None:
    for file in {path.stem for path in (observe.HERE / "facts").glob("*.json")}:
        titles = {p.title for p in PROGRAMS if p.file == file}
        assert not set(facts(file)) - titles, f"facts/{file}.json has facts of no program"
