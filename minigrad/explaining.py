"""Functions that in PyTorch are written in Python, or have errors of their own: whose word counts.

Such a function does its work first. If that fails, the error is PyTorch's if the arguments fit none
of its forms, else the function's own.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from .arguments import chosen, forms_of
from .calling import REAL, as_number, first_types
from .tensor import Tensor
from .writing_out import into


def taking_nothing(function: Callable[..., Any], name: str, own: int = 0) -> Callable[..., Any]:
    """A function that takes no arguments (of a method: none but the tensor, `own` is 1)."""

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        if kwargs:
            raise TypeError(f"{name}() takes no keyword arguments")
        if len(args) != own:
            raise TypeError(f"{name}() takes no arguments ({len(args) - own} given)")
        return function(*args)

    return call


def taking_one(function: Callable[[Any], Any], name: str) -> Callable[..., Any]:
    """A function that takes one argument, which has no name."""

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        if kwargs:
            raise TypeError(f"{name}() takes no keyword arguments")
        if len(args) != 1:
            raise TypeError(f"{name}() takes exactly one argument ({len(args)} given)")
        return function(*args)

    return call


def refusing(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    """`function`, whose errors give way to PyTorch's if its arguments fit none of its forms."""

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except Exception:
            chosen(name, args, kwargs, False)
            raise

    return call


def explained(name: str) -> Callable[[Any], Any]:
    """Decorator: a function's own errors about what it was given give way to PyTorch's.

    name: under which `signatures.py` has the forms of its first arguments.
    """

    def decorate(function: Any) -> Any:
        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            out = kwargs.pop("out", None)
            if out is not None:
                return into(out, name, call, args, kwargs)
            try:
                return function(*args, **kwargs)
            except Exception:
                if _binds(function, args, kwargs):  # else Python has said it
                    explain(name, args, kwargs)
                raise

        return call

    return decorate


def passing_on(name: str, **names: str) -> Callable[[Any], Any]:
    """Decorator for a function that in PyTorch is one of Python: it passes its arguments on, by
    place, to another, `name`, and has the errors of that one.

    names: what a parameter of the other function is called here, if not the same.
    """

    def decorate(function: Any) -> Any:
        signature = inspect.signature(function)
        parameters = forms_of(name, False)[0].parameters
        passed = [names.get(p.name, p.name) for p in parameters if not p.by_name]
        numbers = {names.get(p.name, p.name) for p in parameters if p.kind in (*REAL, "int")}
        accepted: set[Any] = set()

        def check(args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
            given = signature.bind(*args, **kwargs)
            given.apply_defaults()
            chosen(name, tuple([given.arguments.get(key) for key in passed]), {}, False)

        def plain(args: tuple[Any, ...], kwargs: dict[str, Any]) -> inspect.BoundArguments | None:
            """The arguments with Python's numbers, if others, or tensors, stand for them."""
            try:
                given = signature.bind(*args, **kwargs)
            except TypeError:  # the function will say it
                return None
            others = {
                key: as_number(value)
                for key, value in given.arguments.items()
                if key in numbers and isinstance(value, (Tensor, np.number))
            }
            given.arguments.update(others)
            return given if others else None

        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            types: Any = (*map(type, args), *kwargs, *map(type, kwargs.values()))
            if tuple in types or list in types:  # what is in them counts too
                types = (types, first_types(args))
            known = types in accepted
            other = None if known else plain(args, kwargs)
            try:
                if other is None:
                    out = function(*args, **kwargs)
                else:
                    out = function(*other.args, **other.kwargs)
            except Exception:
                if _binds(function, args, kwargs):  # else Python has said it
                    check(args, kwargs)
                raise
            if not known:
                check(args, kwargs)
                if other is None:
                    accepted.add(types)
            return out

        return call

    return decorate


def explain(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Raise PyTorch's TypeError if the first arguments fit none of the forms of a function."""
    known = forms_of(name, False)
    most = max(sum(not p.by_name for p in form.parameters) for form in known)
    names = {p.name for form in known for p in form.parameters}
    chosen(name, args[:most], {k: v for k, v in kwargs.items() if k in names}, False)


def _binds(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    try:
        inspect.signature(function).bind(*args, **kwargs)
    except TypeError:
        return False
    return True
