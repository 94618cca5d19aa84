"""A trace in words: the sentence of each step, and the whole as text."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import failure

Data = dict[str, Any]


def short(array: Data | None) -> str:
    """An array in one line: `4.5` if all entries are equal, else its entries, or its range."""
    if array is None:
        return "?"
    if "values" not in array:
        return f"{shape(array)} numbers from {array['min']:g} to {array['max']:g}"
    entries = flat(array["values"])
    if len(entries) > 1 and entries.count(entries[0]) == len(entries):
        return entry(entries[0])
    return _brackets(array["values"])


def told(array: Data) -> str:
    """As `short`, but says when one number stands for many entries: `all 4.5`."""
    text = short(array)
    return (
        f"all {text}" if array["shape"] and not text.startswith(("[", f"{shape(array)} ")) else text
    )


def entry(value: Any) -> str:
    """One number with up to four digits after the point: `4.5`, `0.3333`, `1.2e-05`."""
    if isinstance(value, (bool, str)):
        return str(value)
    if value != 0 and (abs(value) >= 1e6 or abs(value) < 1e-4):
        return f"{value:.4g}"
    return f"{value:.4f}".rstrip("0").rstrip(".")


def flat(values: Any) -> list[Any]:
    """The entries of nested lists of one depth, one after the other; of a number, that alone."""
    if not isinstance(values, list):
        return [values]
    while values and isinstance(values[0], list):
        values = [entry for part in values for entry in part]
    return values


def _brackets(values: Any) -> str:
    if isinstance(values, list):
        return "[" + ", ".join(_brackets(v) for v in values) + "]"
    return entry(values)


def shape(array: Data) -> str:
    """`2×3`, or `scalar`."""
    return "×".join(str(n) for n in array["shape"]) or "scalar"


def accumulation(label: str, before: Data | None, contribution: Data, after: Data) -> str:
    """`x.grad: 0 + 4.5 = 4.5`. A gradient that is still None counts as 0."""
    start = "0" if before is None else short(before)
    return f"{label}.grad: {start} + {short(contribution)} = {short(after)}"


MOST = 6
"""Results of one operation that are named."""


def forward_sentence(node: Data, cut: Data | None = None) -> str:
    """What a forward step does. `cut`: why the history of its inputs ends here."""
    value = node["value"]
    ends = f" Here the history ends. {cut['text']}" if cut else ""
    if node["kind"] == "leaf":
        return f"{node['label']} is a leaf that requires grad.{_entries(value)}{ends}"
    results = [(node["label"], value), *((r["label"], r["value"]) for r in node.get("more", ()))]
    rest = ", …" if len(results) > MOST else ""
    labels = ", ".join(label for label, _ in results[:MOST]) + rest
    values = ", ".join(told(one) for _, one in results[:MOST] if one) + rest
    result = f" = {values}" if value else ", a value that was not kept"
    kept = ", ".join(dict.fromkeys(s["label"] for s in node["saved"]))
    saved = f" It saves {kept} for the backward pass." if kept else ""
    if node.get("packed"):
        saved += " What it saves went through a hook, and is not looked at."
    return f"{labels} = {node['expression']}{result}.{saved}{ends}"


def _entries(value: Data | None) -> str:
    if not value:
        return ""
    if not value["shape"]:
        return f" Its value is {short(value)}."
    same = told(value).startswith("all ")
    if len(value["shape"]) == 1:
        count = "1 entry" if value["shape"] == [1] else f"{shape(value)} entries"
        return f" {count}, {told(value)}."
    return f" Shape {shape(value)}, {'all entries ' if same else ''}{short(value)}."


def operation_sentence(node: Data, step: Data, labels: dict[str, str], output: str) -> str:
    """What one node of the backward pass does."""
    first, *others = received(node["label"], step)
    parts = [f"{node['grad_fn']} receives ∂{output}/∂{first[0]} = {told(first[1])}"]
    parts[0] += "".join(f" and ∂{output}/∂{label} = {told(array)}" for label, array in others)
    for number, product in enumerate(step["products"]):
        to = product.get("label") or labels[product["to"]]
        verb = "and" if number else "sends"
        parts.append(f"{verb} {told(product['contribution'])} to {to}")
        if product["before"] is not None:
            parts[-1] += f" ({short(product['before'])} + {short(product['contribution'])}"
            parts[-1] += f" = {short(product['after'])})"
    sentence = ", ".join(parts) + "."
    if "hooked" in step:
        sentence += hook_sentence(step["hooked"])
    for product in step["products"]:
        if "alone" in product:
            to = product.get("label") or labels[product["to"]]
            sentence += f" A hook on {node['grad_fn']} changed what it sends to {to},"
            sentence += f" {told(product['alone'])}."
    for to in step["nothing"]:
        sentence += f" It sends nothing to {labels[to]}."
    if step["freed"]:
        freed = dict.fromkeys(s["label"] for s in node["saved"] if s["name"] in step["freed"])
        sentence += f" It frees the saved {', '.join(freed)}."
    return sentence


def hook_sentence(sent: Data) -> str:
    """What a hook of the reader's has changed."""
    return f" A hook changed what was sent, {told(sent)}."


def received(label: str, step: Data) -> list[tuple[str, Data]]:
    """What each result of a node is called, and the cotangent that arrived there."""
    more = step["products"][0].get("more", ()) if step["products"] else ()
    found = [(step.get("label", label), step["incoming"])]
    return found + [(other["label"], other["incoming"]) for other in more]


def describe(data: Data) -> str:
    """The whole trace as text: forward steps, then backward steps with their local Jacobians."""
    labels = {node["id"]: node["label"] for node in data["nodes"]}
    nodes = {node["id"]: node for node in data["nodes"]}
    lines = ["Forward"]
    for step in data["forward"]:
        lines.append("  " + step["text"] + _where(nodes[step["node"]]))
    lines.append("Backward")
    for step in data["backward"]:
        lines.append("  " + step["text"])
        for product in step["products"]:
            of, by = step.get("label", labels[step["node"]]), labels[product["to"]]
            by = product.get("label", by)
            lines.append(f"      ∂{of}/∂{by}: {_matrix(product['jacobian'])}")
            if "nudged" in product:
                other = _matrix(product["nudged"])
                lines[-1] += f"; but nudging {by}, its forward gives {other}"
            for other in product.get("more", ()):
                lines.append(f"      ∂{other['label']}/∂{by}: {_matrix(other['jacobian'])}")
    if data.get("error"):
        lines += ["Error", "  " + failure.sentence(data["error"], labels)]
        lines += ["  " + line for line in data["error"]["text"].splitlines()]
    return "\n".join(lines)


def _where(node: Data) -> str:
    source = node["source"]
    return f"    # {source['where']}" if source else ""


def _matrix(matrix: Data) -> str:
    rows, columns = matrix["shape"]
    if matrix["kind"] == "omitted":
        return f"{rows}×{columns}, left out: the graph is large"
    if matrix["kind"] == "large":
        structure = f"{matrix['structure']}, " if matrix.get("structure") else ""
        return f"{rows}×{columns}, {structure}not written out{_filled(matrix)}"
    values = flat(matrix["values"])
    same = len(values) > 1 and all(v == values[0] for v in values)
    content = f"all {entry(values[0])}" if same else _brackets(matrix["values"])
    kind = {"diagonal": "diagonal, ", "row": "a row, ", "dense": ""}[matrix["kind"]]
    return f"{rows}×{columns}, {kind}{content}"


def _filled(matrix: Data) -> str:
    """How much of a large matrix is not zero, by its map."""
    cells = matrix["map"]["cells"] if "map" in matrix else ""
    if not cells or matrix["structure"] == "diagonal":
        return ""
    filled = 1 - cells.count("0") / len(cells)
    return f" ({filled:.0%} of its blocks are not zero)"


def seed_sentence(label: str, incoming: Data) -> str:
    """Where the backward pass starts."""
    ones = "values" in incoming and np.all(np.asarray(incoming["values"], object) == 1)
    if ones and not incoming["shape"]:
        return f"The backward pass starts at {label} with ∂{label}/∂{label} = 1."
    return f"The backward pass starts at {label} with the gradient {short(incoming)}."
