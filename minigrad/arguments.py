"""Arguments by PyTorch's names, and PyTorch's words for those that do not fit.

`signatures.py` has the forms in which a function may be called; here a call is held against them.
`calling.py` makes the functions that ask for it.

Source: the rules of PyTorch's own parser (`torch/csrc/utils/python_arg_parser.cpp`).
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np

from . import signatures
from .dtypes import dtype
from .ops.refusals import type_name
from .tensor import Tensor

ALSO_NUMBERS = frozenset(
    "add sub mul div divide multiply subtract true_divide floor_divide copy_".split()  # noqa: SIM905
)
"""Functions that take a number where their form says Tensor."""

FLOAT, INT = (float, int, np.floating, np.integer), (int, np.integer)
KINDS: dict[str, tuple[type, ...]] = {
    "Tensor": (Tensor,),
    "Number": (*FLOAT, np.bool_),
    "float": FLOAT,
    "int": INT,
    "bool": (bool, np.bool_),
    "str": (str,),
    "torch.dtype": (dtype, type),
    "tuple of Tensors": (tuple, list),
}


SHORT = {"made": signatures.MADE, "out": "Tensor out = None", "outs": "tuple of Tensors out = None"}


EVERY_AXIS: tuple[int, ...] = ()
"""What None stands for where a form says `ints?`."""


class Parameter(NamedTuple):
    """A parameter of a form: its type and name, its default (a text), and if it goes by name."""

    kind: str
    name: str
    default: str | None
    by_name: bool


class Form(NamedTuple):
    """One way to call a function."""

    name: str
    parameters: tuple[Parameter, ...]
    shown: str
    old: bool


class Mismatch(Exception):
    """The arguments do not fit a form: in which way, in PyTorch's words."""


# ---- reading the table ---------------------------------------------------------------------------


@cache
def table(text: str) -> dict[str, str]:
    """Of each name forms, as `signatures.py` writes them."""
    entries: list[str] = []
    for line in text.strip().splitlines():
        following = line.startswith(" ") or (entries and ":" not in entries[-1])
        entries[-1:] = [entries[-1] + " " + line.strip()] if following else [*entries[-1:], line]
    parts = [entry.partition(":") for entry in entries]
    return {name: forms for names, _, forms in parts for name in names.split()}


def listed(name: str) -> bool:
    """True if the function of this name is in the table (which costs less than its forms)."""
    return _without_underscore(name) in table(signatures.OF_FUNCTIONS)


def _without_underscore(name: str) -> str:
    return name.removesuffix("_") if name[-2:-1] != "_" else name


@cache
def forms_of(name: str, method: bool) -> tuple[Form, ...]:
    """The forms of a function or a method; none if it is not in the table."""
    own = _without_underscore(name)
    functions, methods = table(signatures.OF_FUNCTIONS), table(signatures.OF_METHODS)
    if method:
        for key in (name, own):
            if key in methods:
                return tuple(_form(name, part) for part in methods[key].split("|"))
    if own not in functions and own in table(signatures.OF_NN):
        functions = table(signatures.OF_NN)
    if own not in functions:
        return ()
    forms = [_form(name, part) for part in functions[own].split("|")]
    return tuple(_as_method(form) for form in forms if _is_method(form)) if method else tuple(forms)


def _form(name: str, text: str) -> Form:
    text = " ".join(text.split())
    old = text.startswith("old ")
    by_name, parameters = False, []
    pieces = [SHORT.get(piece, piece) for piece in text.removeprefix("old ").split(", ")]
    for piece in ", ".join(pieces).split(", ") if text else ():
        if piece == "*":
            by_name = True
            continue
        declared, _, default = piece.partition(" = ")
        kind, _, own = declared.rpartition(" ")
        parameters.append(Parameter(kind, own, default or None, by_name))
    return _shown(Form(name, tuple(parameters), "", old))


def _shown(form: Form) -> Form:
    pieces = []
    for p in form.parameters:
        if p.by_name and "*" not in pieces:
            pieces.append("*")
        kind = "tuple of ints" if p.kind in ("ints", "ints?") else p.kind
        pieces.append(f"{kind} {p.name}" + (f" = {p.default}" if p.default else ""))
    return form._replace(shown=", ".join(pieces))


def _is_method(form: Form) -> bool:
    return form.parameters[0].kind == "Tensor"


def _as_method(form: Form) -> Form:
    kept = tuple(p for p in form.parameters[1:] if p.name != "out")
    return _shown(form._replace(parameters=kept))


# ---- holding a call against the forms ------------------------------------------------------------


def chosen(
    name: str, args: tuple[Any, ...], kwargs: dict[str, Any], method: bool
) -> tuple[Form, dict[str, Any]] | None:
    """The first form that fits, with what each parameter is; None for a name without forms.

    args: without the tensor itself, of a method. Raises TypeError in PyTorch's words if none fits.
    """
    forms = forms_of(name, method)
    for form in forms:
        try:
            return form, bound(form, args, kwargs)
        except Mismatch:
            pass
    if not forms:
        return None
    count = len(args) + len(kwargs)
    live = [form for form in forms if not form.old]
    likely = [
        form for form in live
        if sum(p.default is None for p in form.parameters) <= count <= len(form.parameters)
    ]  # fmt: skip
    if len(forms) == 1 or len(likely) == 1:
        try:
            bound((forms if len(forms) == 1 else likely)[0], args, kwargs)
        except Mismatch as error:
            raise TypeError(str(error)) from None
    raise TypeError(_combination(name, live, args, kwargs))


def bound(form: Form, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """The argument of each parameter. Raises Mismatch, saying what is wrong."""
    positional = [p for p in form.parameters if not p.by_name]
    if kwargs and not form.parameters:
        raise Mismatch(f"TensorBase.{form.name}() takes no keyword arguments")
    spread = len(positional) == 1 and positional[0].kind in ("ints", "tuple of ints")
    alone = spread and (not args or isinstance(args[0], INT) or _one_integer(args[0]))
    if len(args) > len(positional) and not alone:
        raise Mismatch(_too_many(form, len(positional), len(args)))
    found: dict[str, Any] = {}
    left = dict(kwargs)
    for k, parameter in enumerate(form.parameters):
        placed = k < len(args) and not parameter.by_name
        if not placed and parameter.name not in left:
            if parameter.default is None:
                raise Mismatch(_missing(form, k))
            continue
        value = args[k] if placed else left.pop(parameter.name)
        if value is None and parameter.kind == "ints?":
            found[parameter.name] = EVERY_AXIS
            continue
        if value is None and (parameter.default == "None" or parameter.name == "rounding_mode"):
            continue
        if spread and placed and alone and (len(args) > 1 or not fits(form, parameter, value)):
            _check_entries(form, parameter, args)
            found[parameter.name], args = args, args[:1]
            continue
        if not fits(form, parameter, value):
            raise Mismatch(_wrong(form, parameter, value, k + 1 if placed else 0))
        if parameter.kind in ("ints", "tuple of ints"):
            _check_entries(form, parameter, value)
        found[parameter.name] = value
    for name in left:
        known = name in [p.name for p in form.parameters]
        trouble = "multiple values for argument" if known else "an unexpected keyword argument"
        raise Mismatch(f"{form.name}() got {trouble} '{name}'")
    return found


def fits(form: Form, parameter: Parameter, value: Any) -> bool:
    """True if the value may be given for the parameter."""
    kind = parameter.kind.removesuffix("?")
    if kind in ("ints", "tuple of ints"):
        if isinstance(value, (tuple, list)):
            return not value or _is_integer(value[0])
        return kind == "ints" and _is_integer(value)
    if isinstance(value, Tensor) and kind in ("Number", "float", "int"):
        whole = value._array.dtype.kind in "iu" or kind != "int"
        return value._array.ndim == 0 and not value.requires_grad and whole
    if kind == "int":
        return _is_integer(value)
    if kind == "Tensor" and form.name.rstrip("_") in ALSO_NUMBERS | {"copy"}:
        return isinstance(value, (Tensor, *KINDS["Number"]))
    return isinstance(value, KINDS.get(kind, object))


def _check_entries(form: Form, parameter: Parameter, value: Any) -> None:
    """Raise TypeError, as PyTorch words it, for an entry that is no integer (the first one is)."""
    for place, entry in enumerate(value if isinstance(value, (tuple, list)) else ()):
        if not (isinstance(entry, INT) or _one_integer(entry)):
            raise TypeError(
                f"{form.name}(): argument '{parameter.name}' failed to unpack the object at pos "
                f'{place + 1} with error "type must be tuple of ints,but got '
                f'{type_name(entry)}"'
            )


def _is_integer(value: Any) -> bool:
    return (isinstance(value, INT) and not isinstance(value, bool)) or _one_integer(value)


def _one_integer(value: Any) -> bool:
    return isinstance(value, Tensor) and value._array.ndim == 0 and value._array.dtype.kind in "iu"


# ---- what PyTorch says ---------------------------------------------------------------------------


def _too_many(form: Form, most: int, count: int) -> str:
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


def _missing(form: Form, start: int) -> str:
    names = [f'"{p.name}"' for p in form.parameters[start:] if p.default is None]
    plural = "s" if len(names) == 1 else ""  # as PyTorch has it
    return (
        f"{form.name}() missing {len(names)} required positional argument{plural}: "
        + ", ".join(names)
    )  # fmt: skip


def _wrong(form: Form, parameter: Parameter, value: Any, position: int) -> str:
    kind = "tuple of ints" if parameter.kind in ("ints", "ints?") else parameter.kind
    place = f" (position {position})" if position else ""
    got = f"not {type_name(value)}"
    if kind == "tuple of ints" and isinstance(value, (tuple, list)) and position:
        got = f"but found element of type {type_name(value[0])} at pos 0"
    return f"{form.name}(): argument '{parameter.name}'{place} must be {kind}, {got}"


def _combination(
    name: str, forms: list[Form], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> str:
    kwargs = dict(reversed(kwargs.items()))  # PyTorch keeps them in a hash table
    got = [*map(type_name, args), *(f"{key}={type_name(v)}" for key, v in kwargs.items())]
    listed = ", ".join(got) + ("" if args or not kwargs else ", ")
    start = f"{name}() received an invalid combination of arguments - "
    if len(forms) == 1:
        unknown = [k for k in kwargs if k not in [p.name for p in forms[0].parameters]]
        if unknown:
            return start + "got unrecognized keyword arguments: " + ", ".join(unknown)
        return f"{start}got ({listed}), but expected ({forms[0].shown})"
    lines = [f"{start}got ({listed}), but expected one of:\n"]
    for form in forms:
        lines.append(f" * ({form.shown})\n")
        pieces = form.shown.split(", ")
        if len(pieces) != len(got):
            continue
        unknown = [k for k in kwargs if not any(piece.split(" ")[-1] == k for piece in pieces)]
        if unknown:
            lines.append(
                "      didn't match because some of the keywords were incorrect: "
                + ", ".join(unknown) + "\n"
            )  # fmt: skip
            continue
        marked = ", ".join(map(_marked, pieces, [*args, *kwargs.values()], got))
        lines.append(
            f"      didn't match because some of the arguments have invalid types: ({marked})\n"
        )
    return "".join(lines)


def _marked(piece: str, value: Any, got: str) -> str:
    """The type of an argument, between exclamation marks unless it is what the form says."""
    name, _, own = got.rpartition("=")
    if isinstance(value, tuple):
        comma = "," if len(value) == 1 else ""
        own = f"tuple of ({', '.join(map(type_name, value))}{comma})"
    elif isinstance(value, list):
        own = f"list of [{', '.join(map(type_name, value))}]"
    if piece.rpartition(" ")[0] == own:
        return got
    return f"!{name}={own}!" if name else f"!{own}!"
