"""What of a trace is drawn: without the parts that were not asked for, and not without end."""

from __future__ import annotations

from collections import deque
from typing import Any

Data = dict[str, Any]


def shown(
    data: Data, *, values: bool, shapes: bool, gradients: bool, saved: bool, limit: int | None
) -> Data:
    """A copy of a trace's data for the picture. The order of the nodes stays topological."""
    kept = {step["node"] for step in data["backward"] if step["accumulate"] and gradients}
    nodes = [_without(node, values, shapes, node["id"] in kept) for node in data["nodes"]]
    found = {
        **data,
        "nodes": nodes,
        "backward": data["backward"] if gradients else [],
        "layout": None,
    }
    if limit is not None and len(nodes) > limit:
        found = nearest(found, limit)
    found = with_saved(found) if saved else found
    return {**found, "nodes": [{**node, "saved": []} for node in found["nodes"]]}  # no padlocks


def _without(node: Data, values: bool, shapes: bool, gradient: bool) -> Data:
    value = node["value"]
    if value is not None and not values:
        value = {"shape": value["shape"], "dtype": value["dtype"]} if shapes else None
    elif value is not None and not shapes:
        value = {**value, "shape_hidden": True}
    return {**node, "value": value, "requires_grad": gradient}


def nearest(data: Data, limit: int) -> Data:
    """The nodes that are nearest to the output, and one that stands for all others."""
    inputs: dict[str, list[str]] = {}
    for edge in data["edges"]:
        inputs.setdefault(edge["to"], []).append(edge["from"])
    kept = {data["output"]}
    waiting = deque(kept)
    while waiting and len(kept) < limit:
        for identity in inputs.get(waiting.popleft(), ()):
            if identity not in kept and len(kept) < limit:
                kept.add(identity)
                waiting.append(identity)
    nodes = [node for node in data["nodes"] if node["id"] in kept]
    rest = len(data["nodes"]) - len(nodes)
    edges: dict[Any, Data] = {}
    for edge in data["edges"]:
        if edge["to"] in kept:
            start = edge["from"] if edge["from"] in kept else "more"
            key = (start, edge["to"]) if start == "more" else edge["id"]
            edges.setdefault(key, {**edge, "from": start})
    return {
        **data,
        "nodes": [extra("more", f"… {rest} more nodes"), *nodes],
        "edges": list(edges.values()),
        "backward": [step for step in data["backward"] if step["node"] in kept],
    }


def with_saved(data: Data) -> Data:
    """A box in front of each operation for every tensor that it keeps for its backward pass."""
    nodes, edges = [], list(data["edges"])
    for node in data["nodes"]:
        labels = [f"saved {item['label']}, version {item['version']}" for item in node["saved"]]
        for k, label in enumerate(dict.fromkeys(labels)):
            box = extra(f"{node['id']}s{k}", label, "saved")
            nodes.append(box)
            edge = {"id": f"s{len(edges)}", "from": box["id"], "to": node["id"], "input": "saved"}
            edges.append(edge)
        nodes.append(node)
    return {**data, "nodes": nodes, "edges": edges}


def extra(identity: str, label: str, kind: str = "constant") -> Data:
    """A node that is none of the trace's."""
    return {
        "id": identity, "kind": kind, "name": None, "label": label, "operation": None,
        "expression": "", "grad_fn": None, "source": None, "value": None, "requires_grad": False,
        "is_leaf": False, "retains_grad": False, "saved": [],
    }  # fmt: skip
