r"""What an operation is: its forward, a derivative per input, what each derivative saves.

    mul = Operation("mul", "self other", np.multiply, shown="self * other")
    mul.derivative("self", r"grad \odot other", lambda grad, other: grad * other)
    mul.derivative("other", r"grad \odot self", lambda grad, self: grad * self)

A derivative takes the incoming cotangent `grad` and returns the outgoing one. Its other parameters
say what the forward pass must save for it: an input or an option by its name, `result`, or what is
read off an input: `self_sizes` is the shape of `self` (`READ` in `unrolled.py`). What one
derivative needs is saved only if that derivative will be asked for; what several need is always
saved. The names are PyTorch's (`grad_fn._saved_other`), and a node keeps the values in their order.
The text beside it is the formula that the lessons typeset (LaTeX, the same names).

From this table `unrolled.py` writes the code that runs: compute the result; if an input requires
grad and recording is on, make a node that keeps the edges and the saved values.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from copy import copy
from functools import cached_property, partial
from typing import Any

import numpy as np

from .. import watch
from ..autograd.grad_mode import state
from ..autograd.node import Nowhere, first_of_all, like_of, next_order
from ..dtypes import plain
from ..memory import arranged
from ..tensor import Tensor
from . import saved_attributes, unrolled
from .operands import mismatch, to_common, to_common_float
from .operation_node import OperationNode
from .refusals import no_forward, refusal


def parameters(function: Callable[..., Any]) -> tuple[str, ...]:
    """The names of a function's parameters. (`inspect.signature` takes far longer.)"""
    code = getattr(function, "__code__", None)
    if code is None or hasattr(function, "__wrapped__"):
        return tuple(inspect.signature(function).parameters)
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]


NAMES: set[str] = set()
"""The names of all operations."""


class Operation:
    """A differentiable function of tensors.

    name: PyTorch's name, such as "mul".
    inputs: the names of its tensor inputs, in order. An input may also be a Python number.
    forward: NumPy arrays (and options) → one NumPy array.
    options: the names of further arguments that are not tensors.
    node: the name of its `grad_fn`; by default made from `name`.
    shown: how an expression is written, with the inputs' and options' names in it.
    promote: None: inputs stay as they are. "common": they are brought to one dtype first.
        "float": and to a floating point dtype if they are integers.
    view: the result shares the memory of the first input.
    fit: the derivatives return cotangents in the shape and dtype of the result; the engine makes
        them fit the inputs. (`mul`: `grad * other` has the shape of the product, even if `self` was
        stretched to it.) Where several inputs are promoted this goes without saying.
    jvp: how tangents go forward. "entrywise" (the rule where dtypes are promoted): each entry of
        the result depends on the same entry of the inputs, so the derivatives above serve both
        directions. "linear": the operation applied to the tangents. "multilinear": the sum over
        the inputs, each in turn replaced by its tangent. "none": they do not, as in PyTorch. Else
        see `tangent`.
    rows: the derivatives are also right if further axes stand in front of those of `grad`, for
        many cotangents at once, see `autograd/rows.py`. (`grad * other` is; `grad.T` would turn the
        wrong axes.) By default true of "entrywise" operations and of no others.
    layout: how the entries of the result lie in memory. "C": row after row. Names of inputs: as
        those inputs lie, the first of them first, see `memory.arranged`. (`x.T * y` lies as `x.T`
        does, column after column.) By default the names of all inputs, if there are several and the
        operation is "entrywise"; else as NumPy does it.
    """

    node_base: type[OperationNode] = OperationNode

    def __init__(
        self,
        name: str,
        inputs: str,
        forward: Callable[..., Any],
        *,
        options: str = "",
        node: str | None = None,
        shown: str | None = None,
        promote: str | None = None,
        view: bool = False,
        fit: bool = False,
        jvp: str | None = None,
        rows: bool | None = None,
        layout: str | None = None,
    ) -> None:
        NAMES.add(name)
        self.name = name
        self.inputs = tuple(inputs.split())
        self.options = tuple(options.split())
        self.arguments = self.inputs + self.options
        self.forward = forward
        self.shown = shown or f"{name}({', '.join(self.arguments)})"
        self.promote = promote
        self.view = view
        self.fit = fit or (promote is not None and len(self.inputs) > 1)
        self.jvp = jvp or ("entrywise" if promote else "linear" if view else None)
        self.rows = self.jvp == "entrywise" if rows is None else rows
        self.rows_stated = rows is not None
        several = len(self.inputs) > 1 and self.jvp == "entrywise"
        self.layout = layout or (inputs if several else None)
        self.next_order = next_order
        self.tangent_rule: Callable[..., Any] | None = None
        self.tangent_needs: tuple[str, ...] = ()
        self.settings: dict[str, tuple[str, str]] = {}
        """Where an option is several in one: PyTorch's name of each → the option, and its name
        there. A title says those that are not as usual.
        """
        self.further: dict[str, Callable[..., Any]] = {}
        """What PyTorch's node saves besides, which only hooks see: a name → a function of
        arguments, by its parameters. The name decides its place: a result's is behind the inputs.
        """
        self.refuses: Exception | None = None
        """What its derivatives raise, if it has none."""
        self.promotion: Callable[..., Any] | None = None
        """In place of the usual promotion, for an operation that refuses some dtypes."""
        self.rules: dict[str, Callable[..., Any]] = {}
        self.latex: dict[str, str | Callable[..., str]] = {}
        self.on_arrays: dict[str, Callable[..., Any]] = {}
        """Of a derivative that does more with tensors: what it does with arrays alone, wherever
        these are not of float16.
        """
        self.needs: dict[str, tuple[str, ...]] = {}
        """For each input: what its derivative needs besides `grad`."""
        self.saving: dict[str, tuple[int, ...]] = {}
        """What may be saved, and the positions of the inputs whose derivatives need it."""
        node = node or "".join(part.capitalize() for part in name.split("_")) + "Backward0"
        self.node: Any = type(node, (self.node_base,), {"__slots__": (), "operation": self})

    def derivative(
        self,
        name: str,
        latex: str | Callable[..., str],
        rule: Callable[..., Any],
        needs: tuple[str, ...] | None = None,
        writes: int = 0,
    ) -> None:
        """Declare the derivative with respect to the input `name`.

        latex: the formula that is typeset, with the names of `rule`; where options decide, a
            function of these, by its parameters.
        needs: what the rule is given behind `grad`, if its parameters have other names.
        writes: how often PyTorch writes in place to what its rule returns (zeros that are filled).
        """
        user = self.inputs.index(name)
        needs = parameters(rule)[1:] if needs is None else needs
        self.rules[name], self.latex[name], self.needs[name] = rule, latex, needs
        self.on_arrays.pop(name, None)
        self.node.writes = writes or self.node.writes
        self._declared(name, rule)
        for need in needs:
            self.saving[need] = (*self.saving.get(need, ()), user)
            saved_attributes.attribute(self, need, need)
        self._changed()

    def _changed(self) -> None:
        """Tell the nodes what they save; forget the code that was written from an older table."""
        saved_attributes.settle(self)
        self.__dict__.pop("call", None)

    def _declared(self, name: str, rule: Callable[..., Any]) -> None:
        """What else a kind of operation has to know of a rule: this one nothing."""

    def shows(self, names: str, **others: Any) -> None:
        """Say what nodes show of what they saved, where PyTorch's show something else than what the
        derivatives need.

        names: of inputs, options, sizes as in a derivative's parameters. others: under another
        name: such a name, a function of such (by its parameters), or a constant.
        """
        saved_attributes.forget(self)
        for name in names.split():
            saved_attributes.attribute(self, name, name)
        for name, value in others.items():
            if isinstance(value, str):
                saved_attributes.attribute(self, name, value)
            else:
                saved_attributes.computed(self, name, value)
        self._changed()

    def tangent(
        self, rule: Callable[..., Any], needs: tuple[str, ...] | None = None
    ) -> Callable[..., Any]:
        """Declare how tangents go forward, where none of the usual ways fits.

        rule: its first parameter is a dictionary, input name → tangent (only those that have one);
        the others are inputs, options or `result`, by name (`needs`, if they have other names).
        Returns the tangent of the result.
        """
        self.tangent_rule = rule
        self.tangent_needs = parameters(rule)[1:] if needs is None else needs
        if self.jvp == "entrywise" and not self.rows_stated:  # it was no more than the usual way
            self.rows = False
        return rule

    @cached_property
    def call(self) -> Callable[..., Tensor]:
        """The function itself: inputs (tensors or Python numbers), then all options → result."""
        call, self.node.backward = unrolled.build(self, self._names())
        return call

    def operator(self, watched: Any, **names: Any) -> Callable[[Tensor, Any], Any]:
        """An operator of tensors, such as `__mul__`. `watched` does its work while somebody
        watches; `numbers` and `histories_first` are what `operators.py` has for all of them.
        """
        known: dict[str, Any] = self.call.__globals__
        known.update(names, watched=watched)
        return unrolled.build_operator(self, known)

    def computed_by(self, forward: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself with another forward; it records the same."""
        twin = copy(self)
        twin.forward = forward
        return unrolled.build(twin, twin._names())[0]

    def refuse(self) -> None:
        """Raise what stands for its derivatives, if it has none: anew, as errors hold frames."""
        if self.refuses is not None:
            raise type(self.refuses)(*self.refuses.args)

    def refusing(
        self, error: Exception, node: str | None = None, forward: str | None = None
    ) -> Operation:
        """The same operation, but its derivatives raise `error`: PyTorch lacks some in place.

        forward: how the error ends that forward mode raises, if it is another.
        """

        def rule(grad: Any) -> Any:
            twin.refuse()

        twin = Operation(
            self.name, " ".join(self.inputs), self.forward, options=" ".join(self.options),
            node=node or self.node.__name__, shown=self.shown, promote=self.promote,
        )  # fmt: skip
        twin.refuses, twin.next_order = error, first_of_all
        for name in self.inputs:
            twin.derivative(name, r"\text{not implemented}", rule)
        if forward is not None:
            twin.tangent(partial(no_forward, forward), ())
        if twin.node.__name__ == "NotImplemented":
            twin.node.name = lambda self: "torch::autograd::NotImplemented"
            if self.name != "set":  # these only know the inputs that require grad
                twin.node.next_functions = property(
                    lambda self: tuple(
                        (None, 0) if type(edge[0]) is Nowhere else edge
                        for edge in self.edges if edge is not None)
                )  # fmt: skip
        return twin

    def __call__(self, *args: Any, **named: Any) -> Tensor:
        """Compute the result, and record a node for it if there is something to differentiate."""
        return self.call(*args, **named)

    @property
    def source(self) -> str:
        """The code of `call` and `backward`, made from this table; an operator has the lines of
        `call` in it.
        """
        return unrolled.write(self)

    def _names(self) -> dict[str, Any]:
        """What the written-out code refers to."""
        rules = {f"d_{name}": rule for name, rule in (self.rules | self.on_arrays).items()}
        return rules | {
            "__name__": None,  # quiet, see `warn.py`
            "__spec__": unrolled.__spec__,
            "FLOATS": FLOATS,
            "HALF": FLOATS[2],
            "PLAIN": (float, int),
            "Node": self.node,
            "Tensor": Tensor,
            "arranged": arranged,
            "asarray": np.asarray,
            "forward": self.forward,
            "mismatch": mismatch,
            "refusal": refusal,
            "ndarray": np.ndarray,
            "new": object.__new__,
            "operation": self,
            "plain": plain,
            "promote": self.promotion
            or (to_common_float if self.promote == "float" else to_common),
            "watch": watch,
            "next_order": self.next_order,
            "unlike": unlike,
            "state": state,
        }

    def __repr__(self) -> str:
        return f"<operation {self.name}>"


FLOATS = tuple(np.dtype(kind) for kind in (np.float32, np.float64, np.float16))


def unlike(array: np.ndarray, *inputs: Any) -> tuple[Any, ...] | None:
    """(shape, dtype) of each input if one of them is not like the result, else None."""
    own = (array.shape, array.dtype)
    shapes = tuple([like_of(value) for value in inputs])
    for shape in shapes:
        if shape is not None and shape != own:
            return shapes
    return None
