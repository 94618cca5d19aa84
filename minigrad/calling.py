"""A function of the package as it is called: PyTorch's names of the arguments, PyTorch's errors.

A call is checked when its combination of types is new. After that it costs one look into a set: 0.2
of the 2.1 µs that `x.relu()` takes on a small tensor, where the careful way would be 0.5.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from .arguments import EVERY_AXIS, NUMPY_NAMES, Form, Parameter, chosen, forms_of
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

INERT = ("layout", "pin_memory", "generator")
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
    plain = None if isinstance(function, Operation) else function
    own = _names(function)
    with_out = not method and "out" not in own
    skipped = int(method)
    aliases = {} if of_python else ALIASES
    code = getattr(inspect.unwrap(function), "__code__", None)
    starred = code is not None and code.co_flags & 4 != 0  # `*size`
    gathers = code is not None and code.co_flags & 12 == 4  # `*size`, and no `**named`
    accepted: set[Any] = set()
    straight: set[Any] = set()  # those of them whose arguments go on as they are

    def check(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The arguments as they go on, if not as they are; may the next ones of these types do so?

        Raises PyTorch's TypeError for arguments that fit no form.
        """
        if of_python:
            return None, True
        if method:
            _check_self(name, args)
        known = chosen(name, args[skipped:], kwargs, method)
        if known is not None and known[0].old:
            new = next(form for form in forms_of(name, method) if not form.old)
            return _old_form(known[0], new, known[1]), False
        if known is not None:
            form, found = known
            tensors = {
                p.name: p.kind
                for p in form.parameters
                if p.kind in NUMBERS and _holds_tensor(found.get(p.name))
            }
            others = any(value is EVERY_AXIS for value in found.values()) or any(
                kind in REAL for kind in tensors.values()
            )
            if others or misnamed(kwargs):
                numbers = {n: as_number(found[n]) for n, kind in tensors.items() if kind in REAL}
                found |= numbers
                places = enumerate(form.parameters)
                return {own_name(k, p): found[p.name] for k, p in places if p.name in found}, False
            return None, not tensors  # of another shape they would be no numbers
        return None, True

    def misnamed(kwargs: dict[str, Any]) -> bool:
        """True if an argument has another name here."""
        keys = {_own(key, own) for key in named(kwargs)}.difference(INERT, ["out"])
        return not starred and not keys <= set(own)

    def own_name(k: int, parameter: Parameter) -> str:
        """What a form's parameter is called here."""
        known = parameter.by_name or starred or _own(parameter.name, own) in own
        return parameter.name if known else own[k + skipped]

    def named(kwargs: dict[str, Any]) -> dict[str, Any]:
        return {k if k in own else aliases.get(k, k): value for k, value in kwargs.items()}

    def call(*args: Any, **kwargs: Any) -> Any:
        if kwargs:
            types: Any = (*map(type, args), *kwargs, *map(type, kwargs.values()))
        else:
            types = type(args[0]) if len(args) == 1 else tuple(map(type, args))
        if types not in straight:
            return carefully(types, args, kwargs)
        try:
            return plain(*args, **kwargs)  # type: ignore[misc]
        except Exception as error:
            explain(error, args, kwargs)
            raise

    def carefully(types: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        nonlocal plain
        asked = args
        if plain is None:
            plain = function.call  # an operation's code is written when it is first used
        given = named(kwargs)
        known: Any = (*map(type, args), *given, *map(type, given.values()))
        plainly = tuple not in known and list not in known
        if not plainly:  # what is in them counts too
            known = (known, _first_types((*args, *given.values())))
        if known not in accepted:
            other, sure = check(args, kwargs)
            if other is not None:
                args, given = args[:skipped], other
            elif sure:
                accepted.add(known)
            plainly = plainly and sure
        if with_out and "out" in given:
            out = given.pop("out")
            if out is not None:
                return into(out, name, call, args, given)
        given = {
            _own(key, own): value for key, value in given.items() if key in own or key not in INERT
        }
        for key in set(given).difference(own) if gathers else ():
            args = (*args, given.pop(key))  # `x.view(size=(2, 3))`
        if any(isinstance(v, np.number) for v in (*args, *given.values())):
            args, given = _pythons(args, given)  # NumPy's numbers count as Python's
        elif plainly and given.keys() == kwargs.keys():
            straight.add(types)
        try:
            return plain(*args, **given)
        except Exception as error:
            explain(error, asked, kwargs)
            raise

    def explain(error: Exception, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        check(args, kwargs)
        if of_python and isinstance(error, TypeError) and _from_binding(error):
            raise TypeError(f"Tensor.{error}".replace("._", ".").replace("_of()", "()")) from None
        if isinstance(error, (RuntimeError, IndexError)) and on_error is not None:
            on_error(*args)

    call.__name__ = call.__qualname__ = name
    call.__doc__ = None if isinstance(function, Operation) else function.__doc__
    return call


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
                types = (types, _first_types(args))
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


def _check_self(name: str, args: tuple[Any, ...]) -> None:
    """Raise TypeError if a method was asked of the class, for something that is no tensor."""
    if not args:
        raise TypeError(f"unbound method TensorBase.{name}() needs an argument")
    if not isinstance(args[0], Tensor):
        raise TypeError(
            f"descriptor '{name}' for 'torch._C.TensorBase' objects doesn't apply to a "
            f"'{type_name(args[0])}' object"
        )


def _first_types(values: tuple[Any, ...]) -> tuple[Any, ...]:
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


def _binds(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    try:
        inspect.signature(function).bind(*args, **kwargs)
    except TypeError:
        return False
    return True


def _from_binding(error: Exception) -> bool:
    """True if the call itself failed: no other function was entered."""
    return error.__traceback__ is not None and error.__traceback__.tb_next is None


def _own(key: str, names: tuple[str, ...]) -> str:
    """The name that a parameter has here."""
    return "self" if key == "input" and "input" not in names and "self" in names else key


def _old_form(old: Form, new: Form, found: dict[str, Any]) -> dict[str, Any]:
    warn(
        f"This overload of {old.name} is deprecated:\n\t{old.name}({old.shown})\nConsider using "
        f"one of the following signatures instead:\n\t{old.name}({new.shown})"
    )
    return found


def _names(function: Any) -> tuple[str, ...]:
    """The names of the parameters."""
    if isinstance(function, Operation):
        return function.arguments
    function = inspect.unwrap(function)
    return function.arguments if isinstance(function, Operation) else parameters(function)
