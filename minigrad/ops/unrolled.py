"""Written for speed, as no other part so large is: each operation's code, in full.

An `Operation` is a table: a forward function, a rule per input, what each rule saves. To interpret
that table anew at every call costs more than the arithmetic on a small array, so the table is
turned into straight-line Python once, when the operation is first used. `print(mul.source)` shows
the result for `mul`; it starts like this:

    def call(self, other):
        if watch.active:
            return watch.around(operation, unwatched, (self, other,))
        if isinstance(self, Tensor):
            self_array = self._array
            ...

How fast the result is: a chain of 1,000 operations on 2×2 tensors is measured in
`tests/benchmarks/README.md`.
"""

from __future__ import annotations

import linecache
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from .operation import Operation


READ = {
    "sizes": "{0}.shape", "numel": "{0}.size", "ndim": "{0}.ndim",
    "strides": "({0}.shape, {0}.strides, {0}.itemsize)",
}  # fmt: skip
"""What else may be saved of an input: `self_sizes` is read off its array as this says."""

READERS = {what: eval("lambda array: " + text.format("array")) for what, text in READ.items()}


def read_off(need: str, by_name: dict[str, Any]) -> Any:
    """The same where nothing is written out: `self_sizes` of the values by their names."""
    name, _, what = need.rpartition("_")
    array = np.asarray(getattr(by_name[name], "_array", by_name[name]))
    return READERS[what](array)


def result_number(need: str) -> int | None:
    """Which of the results `result`, `result1`, … is; None for what is none."""
    return int(need.removeprefix("result") or 0) if need.startswith("result") else None


def write(operation: Operation) -> str:
    """The source of an operation's `call` and `backward`."""
    arguments = ", ".join(operation.arguments)
    lines = [
        f"def call({arguments}):",
        "    if watch.active:",
        f"        return watch.around(operation, unwatched, ({arguments},))",
        *_forward(operation),
        "",
        *_backward(operation),
        "",
    ]
    return "\n".join(lines)


def build(operation: Operation, names: dict[str, Any]) -> tuple[Callable[..., Any], ...]:
    """Compile the source; tracebacks and debuggers show its lines."""
    source, file = write(operation), f"<minigrad {operation.name}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    exec(compile(source, file, "exec"), names)
    head = f"def unwatched({', '.join(operation.arguments)}):"
    exec("\n".join([head, *_forward(operation)]), names)
    return names["call"], names["backward"]


def build_operator(operation: Operation, names: dict[str, Any]) -> Callable[..., Any]:
    """An operator of tensors, such as `__mul__`, with the operation's code in it: one call less."""
    lines = [
        "def operator(self, other):",
        "    if watch.active:",
        "        return watched(self, other)",
        "    try:",
        *("    " + line for line in _forward(operation, operator=True)),
        "    except RuntimeError:",
        "        histories_first(self, other)",
        "        raise",
    ]
    source, file = "\n".join([*lines, ""]), f"<minigrad operator {operation.name}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    exec(compile(source, file, "exec"), names)
    return names["operator"]


def _forward(op: Operation, operator: bool = False) -> list[str]:
    inputs = op.inputs
    first = f"{inputs[0]}_dtype"
    lines = []
    for name in inputs:
        lines += [
            f"    if {'True' if operator and name == 'self' else f'isinstance({name}, Tensor)'}:",
            f"        {name}_array = {name}._array",
        ]
        if op.rules:
            lines += [
                f"        {name}_edge = {name}._edge",
                f"        if {name}_edge is None and {name}._ask and state.grad_enabled:",
                f"            {name}_edge = {name}._get_edge()",
            ]
        if op.promote:
            lines.append(f"        {name}_dtype = {name}_array.dtype")
        lines.append("    else:")
        if operator and name == "other":
            lines += [
                "        if not isinstance(other, numbers):",
                "            return NotImplemented",
            ]
        lines += [
            f"        {name}_array = {name}",
            f"        {name}_edge = None",
        ]
        if op.promote:
            lines.append(f"        {name}_dtype = None")
            if name != inputs[0]:  # a Python number fits as it is, and much sooner (`y * 2`)
                lines += [
                    f"        if {first} in FLOATS and type({name}) in PLAIN:",
                    f"            {name}_dtype = {first}",
                    f"        elif type({name}) not in PLAIN:",
                    f"            {name} = {name}_array = plain({name})",
                ]
    arrays = ", ".join(f"{name}_array" for name in inputs)
    if op.promote:
        differs = [f"{name}_dtype is not {first}" for name in inputs[1:]]
        if op.promote == "float":
            differs.append(f"{first}.kind != 'f'" if len(inputs) == 1 else f"{first} not in FLOATS")
        lines += [
            f"    promoted = {' or '.join(differs) or False}",
            "    if promoted:",
            f"        {arrays}{',' * (len(inputs) == 1)} = promote(({arrays},))",
        ]
    forward = f"array = forward({', '.join([arrays, *op.options])})"
    lines += ["    try:", f"        {forward}"]
    if op.fit and len(inputs) > 1:
        lines += ["    except ValueError:", f"        raise mismatch({arrays}) from None"]
    lines += [
        "    except TypeError as error:",
        f"        raise refusal(error, operation, {arrays})",
    ]
    if op.layout == "C":
        lines.append("    array = asarray(array, order='C')")
    else:
        lines += [
            *(_arranged(op) if op.layout else []),
            f"    {'el' * bool(op.layout)}if type(array) is not ndarray:",
            "        array = asarray(array)",
        ]
    lines += [
        "    out = new(Tensor)",
        "    out._array = array",
        "    out._edge = None",
    ]
    if op.view:
        lines.append(f"    {inputs[0]}._share_memory_with(out)")
    if op.rules:
        lines += _record(op, operator)
    return [*lines, "    return out"]


def _arranged(op: Operation) -> list[str]:
    """Lay the result out as PyTorch does. NumPy does so already, row after row, if the first of at
    most two inputs lies like that.
    """
    assert op.layout is not None
    deciding = [f"{name}_array" for name in op.layout.split()]
    rows = f" and not {deciding[0]}.flags.c_contiguous" if len(deciding) < 3 else ""
    return [
        "    if array.ndim > 1:",
        f"        if {deciding[0]} is not {deciding[0].removesuffix('_array')}{rows}:",
        f"            array = arranged(array, {', '.join(deciding)})",
    ]


def _record(op: Operation, operator: bool) -> list[str]:
    def needed(users: tuple[int, ...]) -> str:  # what several derivatives need is always saved
        if len(op.inputs) == 1 or len(users) != 1:
            return ""
        return f"{op.inputs[users[0]]}_edge is not None"

    def when(users: tuple[int, ...], value: str) -> str:
        return f"({value}) if {needed(users)} else None" if needed(users) else value

    anyone = " or ".join(f"{name}_edge is not None" for name in op.inputs)
    lines = [
        f"    if ({anyone}) and state.grad_enabled:",
        "        node = new(Node)",
        f"        node.edges = ({', '.join(f'{name}_edge' for name in op.inputs)},)",
        "        node.order = next_order()",
        "        node.extras = node.versions = node.shapes = None",
    ]
    if op.fit and not op.promote:
        lines.append(f"        node.shapes = unlike(array, {', '.join(op.inputs)})")
    elif op.fit:
        shapes = [f"{name}_array.shape" for name in op.inputs]
        differs = [
            f"{name}_array is not {name} and {shape} != {shapes[0]}"
            for name, shape in zip(op.inputs[1:], shapes[1:])
        ]
        own = [f"({shapes[k]}, {name}_dtype)" for k, name in enumerate(op.inputs)]
        lines += [
            "        if promoted:",
            f"            node.shapes = unlike(array, {', '.join(op.inputs)})",
            f"        elif {' or '.join(differs)}:",
            f"            node.shapes = ({', '.join(own)})",
        ]
    touched = []
    values = []
    for need, users in op.saving.items():
        if need == "result":
            lines += [
                "        result = new(Tensor)",
                "        result._array = array",
                "        result._edge = None",
                "        result._counter = out._own_counter()",
            ]
            values.append("result")
        elif need in op.arguments:
            values.append(when(users, need))
            if need in op.inputs:
                saved = f"({needed(users)}) and " if needed(users) else ""
                if not (operator and need == "self"):
                    saved += f"isinstance({need}, Tensor) and "
                touched.append(f"{saved}{need}._counter.value")
        else:
            name, _, what = need.rpartition("_")
            values.append(when(users, READ[what].format(f"{name}_array")))
    lines.append(f"        node.saved = ({''.join(value + ', ' for value in values)})")
    if touched:
        lines += [f"        if {' or '.join(touched)}:", "            node.note_versions()"]
    return [
        *lines,
        "        out._set_edge((node, 0))" if op.view else "        out._edge = (node, 0)",
    ]


def _backward(op: Operation) -> list[str]:
    tensors = [need for need in op.saving if need in op.inputs or need == "result"]
    half = " or grad.dtype is HALF" if op.on_arrays else ""
    lines = [
        "def backward(node, incoming, as_tensors):",
        "    grad = incoming[0]",
        "    saved = node.saved",
        f"    if as_tensors or grad is None or saved is None or node.versions is not None{half}:",
        "        return node.carefully(incoming, as_tensors)",
    ]
    if op.saving:
        lines.append(f"    {', '.join(op.saving)}, = saved")
    for need in tensors:
        lines += [
            f"    if isinstance({need}, Tensor):",
            f"        if {need}._counter.value:",
            "            return node.carefully(incoming, as_tensors)",
            f"        {need} = {need}._array",
        ]
    results = []
    for name in op.inputs:
        if name not in op.rules:
            results.append("None")
            continue
        call = f"d_{name}({', '.join(['grad', *op.needs[name]])})"
        results.append(call if len(op.inputs) == 1 else f"{call} if {name}_edge else None")
    if len(op.inputs) > 1:
        lines.append(f"    {', '.join(f'{name}_edge' for name in op.inputs)} = node.edges")
    return [*lines, f"    return ({', '.join(results)},)"]
