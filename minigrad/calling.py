"""A function of the package as it is called: PyTorch's names of the arguments, PyTorch's errors.

A call is checked when its combination of types is new. Then it costs one look into a dictionary.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from .arguments import EVERY_AXIS, NUMPY_NAMES, Form, Parameter, chosen, forms_of
from .device import refuse_pinned
from .ops.operation import Operation, parameters
from .tensor import Tensor
from .type_names import type_name
from .warn import warn
from .writing_out import into

ALIASES = {other: name for name, others in NUMPY_NAMES.items() for other in others}
"""NumPy's names, which PyTorch accepts: a caller's name → PyTorch's."""


REAL = ("Number", "float")
NUMBERS = (*REAL, "int", "ints", "ints?", "tuple of ints")
"""Types of parameters for which tensors without axes may stand."""

INERT = ("layout", "pin_memory")
"""Arguments that change nothing here, once they have been checked."""


def checked(
    function: Any, name: str, method: bool = False, on_error: Callable[..., None] | None = None,
    of_python: bool = False,
) -> Callable[..., Any]:  # fmt: skip
    """`function` under PyTorch's name for it, with its argument names and its errors.

    on_error: called with the arguments before an error of the function goes on.
    of_python: a method that PyTorch has written in Python: Python itself checks the arguments, and
        the functions to which they go on.
    """
    checks = Checks(function, name, method, on_error, of_python)
    straight = checks.straight

    def call(*args: Any, **kwargs: Any) -> Any:
        if kwargs:
            types: Any = (*map(type, args), *kwargs, *map(type, kwargs.values()))
        else:
            types = type(args[0]) if len(args) == 1 else tuple(map(type, args))
        plain = straight.get(types)
        if plain is None:
            return checks.carefully(types, args, kwargs)
        try:
            return plain(*args, **kwargs)
        except Exception as error:
            checks.explain(error, args, kwargs)
            raise

    checks.call = call
    call.__name__ = call.__qualname__ = name
    call.__doc__ = None if isinstance(function, Operation) else function.__doc__
    return call


class Checks:
    """The checks of one function's arguments. (See `checked`.)"""

    def __init__(
        self, function: Any, name: str, method: bool, on_error: Any, of_python: bool
    ) -> None:
        self.function, self.name, self.method = function, name, method
        self.on_error, self.of_python = on_error, of_python
        plain = inspect.unwrap(function)
        self.own = plain.arguments if isinstance(plain, Operation) else parameters(plain)
        self.skipped = int(method)
        flags = getattr(getattr(plain, "__code__", None), "co_flags", 0)
        self.starred = flags & inspect.CO_VARARGS != 0  # `*size`
        named = flags & inspect.CO_VARKEYWORDS != 0  # `**named`
        self.gathers = self.starred and not named and not of_python
        self.accepted: set[Any] = set()
        """Types of arguments that fit a form."""
        self.straight: dict[Any, Callable[..., Any]] = {}
        """Types of arguments that go on as they are, and the function that takes them."""
        self.call: Any = None
        """The function as its caller has it."""

    def carefully(self, types: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call the function with arguments of new types: check them, give them their names here."""
        asked = args
        operation = isinstance(self.function, Operation)  # whose code is written when first used
        plain = self.function.call if operation else self.function
        given = self._named(kwargs)
        known: Any = (*map(type, args), *given, *map(type, given.values()))
        plainly = tuple not in known and list not in known
        if not plainly:  # what is in them counts too
            known = (known, first_types((*args, *given.values())))
        twice = len(given) < len(kwargs)  # by two names: `x.sum(dim=0, axis=1)`
        if twice or known not in self.accepted:
            other, sure = self._check(args, kwargs)
            if other is not None:
                args, given = args[: self.skipped], other
            elif sure:
                self.accepted.add(known)
            plainly = plainly and sure
        if "out" in given and not self.method and "out" not in self.own:
            out = given.pop("out")
            if out is not None:
                return into(out, self.name, self.call, args, given)
        refuse_pinned(given.get("pin_memory"))
        own = self.own
        given = {
            _own(key, own): value for key, value in given.items() if key in own or key not in INERT
        }
        for key in set(given).difference(own) if self.gathers else ():
            first = (given.pop("input"),) if "input" in given else ()
            args = (*args, *first, given.pop(key))  # `x.view(size=(2, 3))`
        if any(isinstance(v, np.number) for v in (*args, *given.values())):
            args, given = _pythons(args, given)  # NumPy's numbers count as Python's
        elif plainly and given.keys() == kwargs.keys():
            self.straight[types] = plain
        try:
            return plain(*args, **given)
        except Exception as error:
            self.explain(error, asked, kwargs)
            raise

    def explain(self, error: Exception, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Raise PyTorch's error in place of the function's own, if the arguments fit no form."""
        self._check(args, kwargs)
        if self.of_python and isinstance(error, TypeError) and _from_binding(error):
            raise TypeError(f"Tensor.{error}".replace("._", ".").replace("_of()", "()")) from None
        if isinstance(error, (RuntimeError, IndexError)) and self.on_error is not None:
            self.on_error(*args)

    def _check(
        self, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[dict[str, Any] | None, bool]:
        """The arguments as they go on, if not as they are; may the next ones of these types do so?

        Raises PyTorch's TypeError for arguments that fit no form.
        """
        if self.of_python:
            return None, True
        if self.method:
            _check_self(self.name, args)
        known = chosen(self.name, args[self.skipped :], kwargs, self.method)
        if known is None:
            return None, True
        form, found = known
        if form.old:
            new = [form for form in forms_of(self.name, self.method) if not form.old]
            return _old_form(form, new, found), False
        tensors = {
            p.name: p.kind
            for p in form.parameters
            if p.kind in NUMBERS and _holds_tensor(found.get(p.name))
        }
        others = any(value is EVERY_AXIS for value in found.values()) or any(
            kind in REAL for kind in tensors.values()
        )
        places = sum(not parameter.by_name for parameter in form.parameters)
        several = not self.starred and len(args) - self.skipped > places  # `x.squeeze(0, 1)`
        if others or several or self._misnamed(kwargs):
            found |= {n: as_number(found[n]) for n, kind in tensors.items() if kind in REAL}
            given = [(k, p) for k, p in enumerate(form.parameters) if p.name in found]
            return {self._own(k, p): found[p.name] for k, p in given}, False
        return None, not tensors  # of another shape they would be no numbers

    def _misnamed(self, kwargs: dict[str, Any]) -> bool:
        """True if an argument has another name here."""
        keys = {_own(key, self.own) for key in self._named(kwargs)}.difference(INERT, ["out"])
        return not self.starred and not keys <= set(self.own)

    def _own(self, k: int, parameter: Parameter) -> str:
        """What a form's parameter, its `k`th, is called here."""
        known = parameter.by_name or self.starred or _own(parameter.name, self.own) in self.own
        return parameter.name if known else self.own[k + self.skipped]

    def _named(self, kwargs: dict[str, Any]) -> dict[str, Any]:
        """The arguments under PyTorch's names, where a caller used NumPy's."""
        if self.of_python:
            return dict(kwargs)
        return {k if k in self.own else ALIASES.get(k, k): value for k, value in kwargs.items()}


def _check_self(name: str, args: tuple[Any, ...]) -> None:
    """Raise TypeError if a method was asked of the class, for something that is no tensor."""
    if not args:
        raise TypeError(f"unbound method TensorBase.{name}() needs an argument")
    if not isinstance(args[0], Tensor):
        raise TypeError(
            f"descriptor '{name}' for 'torch._C.TensorBase' objects doesn't apply to a "
            f"'{type_name(args[0])}' object"
        )


def first_types(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Of each tuple and list, what its first entry is."""
    listed = [value for value in values if isinstance(value, (tuple, list))]
    return tuple([type(value[0]) if value else None for value in listed])


def _holds_tensor(value: Any) -> bool:
    values = value if isinstance(value, (tuple, list)) else (value,)
    return any(isinstance(part, Tensor) for part in values)


def as_number(value: Any) -> Any:
    """A Python number, for which a tensor without axes or one of NumPy's numbers may stand."""
    if isinstance(value, Tensor) and not (value._array.ndim or value.requires_grad):
        return value._array.item()
    return value.item() if isinstance(value, np.generic) else value


def as_float(value: Any) -> float:
    """The same, as a float. Raises TypeError for anything else."""
    number = as_number(value)
    if not isinstance(number, (int, float)):
        raise TypeError(f"a number is needed, not {type(number).__name__}")
    return float(number)


def _pythons(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """The arguments with Python's numbers in the place of NumPy's."""
    number = {key: v.item() if isinstance(v, np.number) else v for key, v in kwargs.items()}
    return tuple([v.item() if isinstance(v, np.number) else v for v in args]), number


def _from_binding(error: Exception) -> bool:
    """True if the call itself failed: no other function was entered."""
    return error.__traceback__ is not None and error.__traceback__.tb_next is None


def _own(key: str, names: tuple[str, ...]) -> str:
    """The name that a parameter has here."""
    return "self" if key == "input" and "input" not in names and "self" in names else key


def _old_form(old: Form, new: list[Form], found: dict[str, Any]) -> dict[str, Any]:
    warn(
        f"This overload of {old.name} is deprecated:\n\t{old.name}({old.shown})\nConsider using "
        "one of the following signatures instead:"
        + "".join(f"\n\t{form.name}({form.shown})" for form in new)
    )
    return found
