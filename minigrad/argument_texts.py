"""What PyTorch says of arguments that do not fit the forms of a function.

Source: PyTorch's own (`torch/csrc/utils/python_arg_parser.cpp` and `invalid_arguments.cpp`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .signatures import INTS
from .type_names import type_name

if TYPE_CHECKING:
    from .arguments import Form, Parameter


def too_many(form: Form, most: int, count: int) -> str:
    """Of more positional arguments than a form has places."""
    least = sum(p.default is None for p in form.parameters)
    if least != most:
        return (
            f"{form.name}() takes from {least} to {most} positional arguments but {count} were "
            "given"
        )
    if not form.parameters:
        return f"TensorBase.{form.name}() takes no arguments ({count} given)"
    plural, were = ("" if most == 1 else "s"), ("was" if count == 1 else "were")
    return f"{form.name}() takes {most} positional argument{plural} but {count} {were} given"


def missing(form: Form, start: int) -> str:
    """Of parameters from `start` on that nobody gave."""
    names = [f'"{p.name}"' for p in form.parameters[start:] if p.default is None]
    plural = "s" if len(names) == 1 else ""  # as PyTorch has it
    return (
        f"{form.name}() missing {len(names)} required positional argument{plural}: "
        + ", ".join(names)
    )  # fmt: skip


def unwanted(form: Form, placed: int, kwargs: dict[str, Any]) -> str:
    """What is wrong with keywords of which some were not needed."""
    names = [p.name for p in form.parameters]
    for name in kwargs:
        if name not in names:
            return f"{form.name}() got an unexpected keyword argument '{name}'"
        if names.index(name) < placed:
            return f"{form.name}() got multiple values for argument '{name}'"
    return "invalid keyword arguments"


def wrong(form: Form, parameter: Parameter, value: Any, position: int) -> str:
    """Of a value of another kind than the form says."""
    kind = "tuple of ints" if parameter.kind in INTS else parameter.kind.removesuffix("?")
    place = f" (position {position})" if position else ""
    got = f"not {type_name(value)}"
    if kind == "tuple of ints" and isinstance(value, (tuple, list)) and position:
        got = f"but found element of type {type_name(value[0])} at pos 0"
    return f"{form.name}(): argument '{parameter.name}'{place} must be {kind}, {got}"


def combination(name: str, forms: list[Form], args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    """Of arguments that fit none of several forms, which are listed."""
    kwargs = dict(reversed(kwargs.items()))  # PyTorch keeps them in a hash table
    got = [*map(type_name, args), *(f"{key}={type_name(v)}" for key, v in kwargs.items())]
    listed = ", ".join(got) + ("" if args or not kwargs else ", ")
    start = f"{name}() received an invalid combination of arguments - "
    if len(forms) == 1:
        unknown = _unknown(forms[0], kwargs)
        if unknown:
            return start + "got unrecognized keyword arguments: " + ", ".join(unknown)
        shown = _marked(forms[0], args, kwargs) or f"({listed})"
        return f"{start}got {shown}, but expected ({forms[0].shown})"
    lines = [f"{start}got ({listed}), but expected one of:\n"]
    for form in forms:
        lines.append(f" * ({form.shown})\n")
        marked = _marked(form, args, kwargs)
        if marked:
            wrong = ", ".join(_unknown(form, kwargs))
            trouble = (
                f"some of the keywords were incorrect: {wrong}" if wrong
                else f"some of the arguments have invalid types: {marked}"
            )  # fmt: skip
            lines.append(f"      didn't match because {trouble}\n")
    return "".join(lines)


def _unknown(form: Form, kwargs: dict[str, Any]) -> list[str]:
    """The keywords that PyTorch does not find in the text of a form: of those with a default it
    takes that for the name, and it looks only at as many as there are keywords.
    """
    names = [piece.rpartition(" ")[2] for piece in form.shown.split(", ")]
    return [key for key in kwargs if key not in names[max(len(names) - len(kwargs), 0) :]]


def _marked(form: Form, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    """The types of the arguments, between exclamation marks unless they are what the form says;
    empty if the form lists more or fewer of them.
    """
    pieces = [piece.rpartition(" ") for piece in form.shown.split(", ")]
    if len(pieces) != len(args) + len(kwargs):
        return ""
    marked = []
    for k, (kind, _, name) in enumerate(pieces):
        value = args[k] if k < len(args) else kwargs.get(name)
        own = _type_in_full(value)
        found = own if k < len(args) else f"{name}={own}"
        right = own in ("float", "int") if kind == "float" else own == kind
        marked.append(found if right else f"!{found}!")
    return f"({', '.join(marked)}{'' if args else ', '})"


def _type_in_full(value: Any) -> str:
    """The type of an argument; of a tuple or a list, those of its entries."""
    if isinstance(value, tuple):
        comma = "," if len(value) == 1 else ""
        return f"tuple of ({', '.join(map(type_name, value))}{comma})"
    if isinstance(value, list):
        return f"list of [{', '.join(map(type_name, value))}]"
    return type_name(value)
