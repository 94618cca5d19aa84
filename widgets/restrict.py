"""A trace cut down to the way to some leaves, as `backward(inputs=…)` walks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from minigrad.trace import Trace

from . import engines


def leaves(inputs: Any, names: dict[str, Any]) -> list[str] | None:
    """The labels of the wanted leaves, each of which gets a name if it has none in `names`.

    None if nothing was wanted. Raises TypeError for what is no tensor, ValueError for no leaf.
    """
    if inputs is None:
        return None
    given: Sequence[Any] = [inputs] if engines.is_tensor(inputs) else list(inputs)
    labels = []
    for position, tensor in enumerate(given):
        if not engines.is_tensor(tensor):
            raise TypeError(
                f"inputs must be tensors, but number {position} is a {type(tensor).__name__}"
            )
        if not (tensor.is_leaf and tensor.requires_grad):
            raise ValueError(
                f"inputs must be leaves that require grad; number {position} is not one. Leave "
                "inputs out to see every gradient, those of inner tensors too."
            )
        bound = (
            name for name, value in names.items() if value is tensor and not name.startswith("_")
        )
        label = next(bound, None)
        if label is None:
            label = next(free for k in range(len(names) + 1) if (free := f"input{k}") not in names)
            names[label] = tensor
        labels.append(label)
    return labels


def to_leaves(trace: Trace, labels: list[str]) -> Trace:
    """The trace with only those steps and products that lead to the leaves of these labels."""
    data = trace.to_dict()
    wanted = {node["id"] for node in data["nodes"] if node["is_leaf"] and node["name"] in labels}
    for edge in sorted(data["edges"], key=_order(data)):
        if edge["from"] in wanted:
            wanted.add(edge["to"])
    backward = []
    for step in data["backward"]:
        if step["node"] in wanted or step["kind"] == "seed":
            products = [product for product in step["products"] if product["to"] in wanted]
            rules = [product["rule"] for product in products] or step["rule"]
            backward.append({**step, "products": products, "rule": rules})
    return Trace.from_dict({**data, "backward": backward, "layout": None})


def _order(data: dict[str, Any]) -> Any:
    place = {node["id"]: k for k, node in enumerate(data["nodes"])}
    return lambda edge: place[edge["to"]]
