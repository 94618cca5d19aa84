"""What is differentiated: a function at inputs of its own, or a tensor with the graph behind it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import minigrad

from . import graph

SHORT = 8  # characters of a function's name that still make a good label


@dataclass
class Question:
    """∂`out`/∂`inputs`, ready to be computed.

    engine: the module that made the tensors, minigrad or torch.
    call: computes the output from inputs again, for forward mode; or why that cannot be done.
    stages: the tensors on the way that everything goes through, `inputs` and `out` left out.
    """

    engine: Any
    out: Any
    inputs: list[Any]
    out_label: str
    input_labels: list[str]
    call: Callable[..., Any] | str
    stages: list[graph.Stage] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def ask(f: Any, x: Any, output: Any, names: Mapping[str, Any]) -> Question:
    """The question behind `jacobian(f, x)`. Raises TypeError, ValueError or RuntimeError."""
    several = isinstance(x, (tuple, list))
    inputs = list(x) if several else [x]
    engine = engine_of(inputs)
    labels = [_name(value, names) for value in inputs]
    fallback = (_parameter(f) or "x") if len(inputs) == 1 else "x{}"
    labels = [label or fallback.format(k) for k, label in enumerate(labels)]
    for label, value in zip(labels, inputs, strict=True):
        _floating(value, label)
    if isinstance(f, (list, tuple)) and f and all(callable(part) for part in f):
        return _of_function(engine, list(f), inputs, labels, output)
    if _is_tensor(f, engine) or isinstance(f, (list, tuple, dict)):
        return _of_output(engine, _chosen(f, output, engine, "You gave"), inputs, labels, names)
    if not callable(f):
        raise TypeError(
            f"jacobian() takes a function or an output tensor first, but got {type(f).__name__}. "
            "Write jacobian(f, x) with f a function of x, or jacobian(y, x) with y computed from x."
        )
    parts = list(f) if type(f).__name__ == "Sequential" else [f]
    name = _called(f, "f")
    if not name.isidentifier() or len(name) > SHORT or name in labels:
        name = "f"
    return _of_function(engine, parts, inputs, labels, output, name)


def _parameter(f: Any) -> str | None:
    """What a function calls its only parameter."""
    code = getattr(f, "__code__", None)
    if code is None or code.co_argcount != 1 or len(code.co_varnames[0]) > SHORT:
        return None
    return None if code.co_varnames[0] == "self" else str(code.co_varnames[0])


def engine_of(inputs: Sequence[Any]) -> Any:
    """The module whose tensors all inputs are. Raises TypeError for anything else."""
    torch = sys.modules.get("torch")
    for engine in (minigrad, torch):
        if inputs and hasattr(engine, "Tensor") and all(_is_tensor(x, engine) for x in inputs):
            return engine
    kinds = ", ".join(type(x).__name__ for x in inputs) or "nothing"
    raise TypeError(
        f"The inputs given to jacobian must be either a Tensor or a tuple of Tensors, but got "
        f"{kinds}. Make a tensor of it first: torch.tensor(…)."
    )


def _is_tensor(value: Any, engine: Any) -> bool:
    return isinstance(value, engine.Tensor)


def _floating(tensor: Any, label: str) -> None:
    if tensor.dtype.is_complex:
        raise RuntimeError(
            f"{label} has the dtype {tensor.dtype}, and Jacobians are shown of real numbers. Give "
            f"torch.view_as_real({label}), and make it complex inside the function."
        )
    if not tensor.is_floating_point():
        raise RuntimeError(
            "only Tensors of floating point dtype can require gradients\n"
            f"{label} has the dtype {tensor.dtype}: whole numbers have no slope. Use "
            f"{label}.float(); or leave an index out of the inputs: jacobian(lambda x: f(x, "
            f"{label}), x)."
        )
    if tensor.numel() == 0:
        raise ValueError(
            f"{label} has the shape {tuple(tensor.shape)}, and so no entry to differentiate by. "
            "A Jacobian needs at least one."
        )


@contextmanager
def _buffers_kept(parts: list[Any]) -> Iterator[None]:
    """Modules such as BatchNorm count what they see. What they are asked besides goes to copies."""
    modules = [m for part in parts if hasattr(part, "modules") for m in part.modules()]
    own = [(module._buffers, dict(module._buffers)) for module in modules]
    for buffers, kept in own:
        copies = {n: None if b is None else b.detach().clone() for n, b in kept.items()}
        buffers.update(copies)
    try:
        yield
    finally:
        for buffers, kept in own:
            buffers.update(kept)


NO_WAY = (
    "No history leads from the output back to the input, so every entry is 0. Either it was not "
    "computed from it, or something cut the history: detach(), no_grad(), .item(), a comparison, "
    "a cast to integers."
)


def _of_function(
    engine: Any, parts: list[Any], inputs: list[Any], labels: list[str], output: Any,
    name: str = "f",
) -> Question:  # fmt: skip
    """A function, or a composition of several: run once on copies of the inputs."""

    def call(*values: Any) -> Any:
        with _buffers_kept(parts):
            for part in parts:
                values = (part(*values),)
        return _chosen(values[0], output, engine, "The function returned")

    with engine.enable_grad():
        own = [x.detach().clone().requires_grad_(True) for x in inputs]
        values: tuple[Any, ...] = tuple(own)
        stages: list[graph.Stage] = []
        for part in parts:
            values = (part(*values),)
            if part is not parts[-1] and _is_tensor(values[0], engine) and values[0].numel():
                stages.append(graph.Stage(f"h{len(stages) + 1}", _part_name(part), values[0]))
        out = _chosen(values[0], output, engine, "The function returned")
    question = Question(engine, out, own, name, labels, call)
    if not out.requires_grad:
        question.notes.append(NO_WAY)
    elif len(parts) > 1:
        stages = [stage for stage in stages if stage.tensor.requires_grad]
        question.stages = [*stages, graph.Stage(name, _part_name(parts[-1]), out)]
    elif engine is minigrad:
        with suppress(graph.NotAgain):  # a part was overwritten: the function itself runs again
            again = graph.Rerun(out, own)
            question.out, question.inputs = again.out, again.inputs
            question.stages = again.stages({}, name)
    return question


def _of_output(
    engine: Any, out: Any, inputs: list[Any], labels: list[str], names: Mapping[str, Any]
) -> Question:
    """A tensor and inputs of its graph, which stays as it is."""
    label = _name(out, names) or "y"
    if not out.requires_grad:
        raise RuntimeError(
            "element 0 of tensors does not require grad and does not have a grad_fn\n"
            f"{label} has no graph. Make {labels[0]} with requires_grad=True before {label} is "
            "computed, and not under torch.no_grad(); or give a function: "
            f"jacobian(f, {labels[0]})."
        )
    for name, x in zip(labels, inputs, strict=True):
        if not x.requires_grad:
            raise RuntimeError(
                "One of the differentiated Tensors does not require grad\n"
                f"{name} needs requires_grad=True before {label} is computed from it."
            )
    missing = [name for name, x in zip(labels, inputs, strict=True) if not _leads(x, out)]
    if missing:
        raise RuntimeError(
            "One of the differentiated Tensors appears to not have been used in the graph. Set "
            f"allow_unused=True if this is the desired behavior.\n{label} was not computed from "
            f"{' and not from '.join(missing)}. Give the very tensor that it was computed from, "
            "not a copy or a detached one."
        )
    question = Question(engine, out, inputs, label, labels, "")
    if engine is not minigrad:
        question.call = f"it needs the function: jacobian(f, {labels[0]}) with {label} = f(…)"
        return question
    try:
        again = graph.Rerun(out, inputs)
    except graph.NotAgain as reason:
        question.call = str(reason)
        return question
    question.call = again.call
    question.stages = again.stages(names, label)
    question.out, question.inputs = again.out, again.inputs
    return question


def _leads(x: Any, out: Any) -> bool:
    """Was `out` computed from `x`? Asks the graph alone, which may have been freed."""
    if x is out:
        return True
    seen, waiting = set(), [out.grad_fn]
    while waiting:
        node = waiting.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        if node is x.grad_fn or (x.grad_fn is None and getattr(node, "variable", None) is x):
            return True
        waiting += [edge[0] for edge in node.next_functions]
    return False


def _chosen(value: Any, output: Any, engine: Any, who: str) -> Any:
    """The one tensor that is meant. Raises TypeError or ValueError if that is not clear."""
    if isinstance(value, (tuple, list, dict)):
        keys = list(value) if isinstance(value, dict) else list(range(len(value)))
        if output is None and len(keys) == 1:
            output = keys[0]
        if output not in keys:
            listed = ", ".join(
                f"{key!r} of shape {tuple(getattr(value[key], 'shape', ()))}" for key in keys
            )
            wanted = "" if output is None else f" There is no output {output!r}."
            example = f", for example output={keys[0]!r}" if keys else ""
            raise ValueError(
                f"{who} {len(keys)} outputs: {listed or 'none'}.{wanted} Choose the one whose "
                f"Jacobian you want with output=…{example}."
            )
        value = value[output]
    if not _is_tensor(value, engine):
        raise TypeError(
            "The outputs of the user-provided function given to jacobian must be either a Tensor "
            "or a tuple of Tensors but the given outputs of the user-provided function has type "
            f"{type(value)}.\nCompute with tensors all the way: .item(), float(…) and "
            ".numpy() leave the graph."
        )
    if value.is_complex():
        raise RuntimeError(
            f"The output has the dtype {value.dtype}, and Jacobians are shown of real numbers. "
            "Give its real and imaginary parts: torch.view_as_real(…), .real, .imag or .abs()."
        )
    if not value.is_floating_point():
        raise RuntimeError(
            "only Tensors of floating point dtype can require gradients\n"
            f"The output has the dtype {value.dtype}: argmax, comparisons and .long() have no "
            "slope. Give what they were computed from."
        )
    if value.numel() == 0:
        raise ValueError(
            f"The output has the shape {tuple(value.shape)}, and so no entry to differentiate."
        )
    return value


def _name(value: Any, names: Mapping[str, Any]) -> str:
    bound = (n for n, v in names.items() if v is value and not n.startswith("_"))
    return min(bound, key=len, default="")


def _called(f: Any, otherwise: str) -> str:
    """A function's name; that of the class for a Function's `apply`."""
    owner = getattr(f, "__self__", None)
    is_function = getattr(f, "__name__", "") == "apply" and isinstance(owner, type)
    return str(getattr(owner if is_function else f, "__name__", otherwise))


def _part_name(part: Any) -> str:
    name = _called(part, type(part).__name__)
    return name if name.isidentifier() else "function"
