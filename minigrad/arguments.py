"""Arguments by PyTorch's names, and PyTorch's words for those that do not fit.

`signatures.py` has the forms in which a function may be called; here a call is held against them.
`calling.py` makes the functions that ask for it.

Source: the rules of PyTorch's own parser (`torch/csrc/utils/python_arg_parser.cpp`).
"""

from __future__ import annotations

import operator
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from . import signatures
from .argument_texts import combination, missing, too_many, unwanted, wrong
from .device import device, layout, memory_format
from .dtypes import dtype, fits_long
from .random import Generator
from .signatures import INTS
from .storage import Storage
from .tensor import Tensor
from .type_names import type_name

ALSO_NUMBERS = frozenset(
    "add sub mul div divide multiply subtract true_divide floor_divide copy to".split()  # noqa: SIM905
)
"""Functions that take a number where their form says Tensor."""

FLOAT, INT = (float, int, np.floating, np.integer), (int, np.integer)
KINDS: dict[str, tuple[type, ...]] = {
    "Tensor": (Tensor,),
    "Number": (*FLOAT, np.bool_),
    "float": FLOAT,
    "int": INT,
    "bool": (bool,),
    "str": (str,),
    "torch.dtype": (dtype,),
    "torch.layout": (layout,),
    "torch.device": (device, str),
    "torch.memory_format": (memory_format,),
    "torch.Generator": (Generator,),
    "torch.Storage": (Storage,),
}
NUMPY_NAMES = {"dim": ("axis",), "keepdim": ("keepdims",), "input": ("x", "a", "x1"),
               "other": ("x2",)}  # fmt: skip
"""What else an argument may be called: NumPy's names for it."""


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
    if not method and own not in functions and own in table(signatures.OF_NN):
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
        kind = "tuple of ints" if p.kind in INTS else p.kind.removesuffix("?")
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
            found = bound(form, args, kwargs)
        except Mismatch:
            continue
        _check_sizes(form, found)
        return form, found
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
    raise TypeError(combination(name, live, args, kwargs))


def bound(form: Form, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """The argument of each parameter. Raises Mismatch, saying what is wrong."""
    if kwargs and not form.parameters:
        raise Mismatch(f"TensorBase.{form.name}() takes no keyword arguments")
    most = sum(not p.by_name for p in form.parameters)
    spread = most == 1 and form.parameters[0].kind == "tuple of ints"
    alone = spread and (not args or _is_index(args[0]))
    if len(args) > most and not alone:
        raise Mismatch(too_many(form, most, len(args)))
    found: dict[str, Any] = {}
    named = 0
    for k, parameter in enumerate(form.parameters):
        placed = k < len(args) and not parameter.by_name
        names = () if placed else (parameter.name, *NUMPY_NAMES.get(parameter.name, ()))
        key = next((name for name in names if name in kwargs), None)
        if not placed and key is None:
            if parameter.default is None:
                raise Mismatch(missing(form, k))
            continue
        value = args[k] if key is None else kwargs[key]
        named += not placed
        if value is None and parameter.kind == "ints?":
            found[parameter.name] = EVERY_AXIS
        elif value is None and (parameter.default == "None" or parameter.kind.endswith("?")):
            pass
        elif placed and alone and (len(args) > 1 or not fits(form, parameter, value)):
            _check_entries(form, parameter, args)
            found[parameter.name], args = args, args[:1]
        elif not fits(form, parameter, value):
            raise Mismatch(wrong(form, parameter, value, k + 1 if placed else 0))
        else:
            found[parameter.name] = value
    if named < len(kwargs):
        raise Mismatch(unwanted(form, len(args), kwargs))
    return found


def fits(form: Form, parameter: Parameter, value: Any) -> bool:
    """True if the value may be given for the parameter."""
    kind = parameter.kind.removesuffix("?")
    if kind in INTS:
        if isinstance(value, (tuple, list)):
            return not value or _is_index(value[0])
        return kind == "ints" and _is_index(value)
    if kind == "tuple of Tensors":
        return _all_tensors(form, parameter, value)
    if isinstance(value, Tensor) and kind in ("Number", "float", "int"):
        whole = value._array.dtype.kind in "iu" or kind != "int"
        return value._array.ndim == 0 and not value.requires_grad and whole
    if kind == "int" or (kind == "torch.device" and not isinstance(value, KINDS[kind])):
        return isinstance(value, INT) and not isinstance(value, bool)
    if kind == "torch.dtype" and isinstance(value, type):
        return value in (float, int, bool)
    if kind == "Tensor" and form.name.rstrip("_") in ALSO_NUMBERS:
        return isinstance(value, (Tensor, *KINDS["Number"]))
    return isinstance(value, KINDS.get(kind, object))


def _all_tensors(form: Form, parameter: Parameter, value: Any) -> bool:
    if not isinstance(value, (tuple, list)):
        return False
    for place, entry in enumerate(value):
        if not isinstance(entry, Tensor):
            raise TypeError(
                f"expected Tensor as element {place} in argument "
                f"{form.parameters.index(parameter)}, but got {type_name(entry)}"
            )
    return True


def _is_index(value: Any) -> bool:
    """True for what Python can index with, but for True and False."""
    try:
        operator.index(value)
    except TypeError:
        return False
    return not isinstance(value, bool)


def _check_sizes(form: Form, found: dict[str, Any]) -> None:
    """Raise TypeError, ValueError or OverflowError for what PyTorch cannot make a number of."""
    for parameter in form.parameters:
        value = found.get(parameter.name)
        if isinstance(value, int) and not -(2**63) <= value < 2**64:
            if parameter.kind in ("Number", "Tensor"):
                raise OverflowError("int too big to convert")
            if parameter.kind in (*INTS, "int"):
                raise ValueError("Overflow when unpacking long long")
        elif parameter.kind in INTS:
            _check_entries(form, parameter, value)


def _check_entries(form: Form, parameter: Parameter, value: Any) -> None:
    """Raise TypeError, as PyTorch words it, for an entry that is no integer (the first one is)."""
    for place, entry in enumerate(value if isinstance(value, (tuple, list)) else ()):
        if not (isinstance(entry, bool) or _is_index(entry)):
            raise TypeError(
                f"{form.name}(): argument '{parameter.name}' failed to unpack the object at pos "
                f'{place + 1} with error "type must be tuple of ints,but got '
                f'{type_name(entry)}"'
            )
        if isinstance(entry, int) and not fits_long(entry):
            raise TypeError(
                f"{form.name}(): argument '{parameter.name}' failed to unpack the object at pos "
                f'{place + 1} with error "Overflow when unpacking long long"'
            )
