"""A small layered layout, for machines without Graphviz (after Sugiyama, Tagawa and Toda, 1981).

1. layers    every node below its inputs; a leaf directly above its first use
2. dummies   an edge over several layers gets a place in each of them
3. order     within a layer by the average position of the neighbours, swept down and up
4. x         neighbours pull each other into line, as far as the gaps allow
5. curves    through the dummies
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import pairwise
from typing import Any

NODE_GAP, RANK_GAP, MARGIN = 24, 40, 10  # px
DUMMY = (14, 0)
SWEEPS = 8
TANGLE = 2000  # places in layers that edges pass through; beyond it the long ones are drawn across

Edge = tuple[str, str, str]


def place(
    sizes: dict[str, tuple[int, int]],
    edges: list[Edge],
    top: Collection[str] = (),
    bottom: Collection[str] = (),
) -> dict[str, Any]:
    """The layout; see `widgets.layout`. The ids must be in topological order.

    top, bottom: ids that have the first and the last layer to themselves.
    """
    layer = layers(list(sizes), edges, top, bottom)
    boxes: dict[Any, tuple[int, int]] = dict(sizes)
    chains: dict[str, list[Any]] = {}
    tied = []
    longest = 6 if _passed(layer, edges) > TANGLE else len(sizes)
    for identity, start, end in edges:
        between = [(identity, k) for k in range(layer[start] + 1, layer[end])]
        if len(between) > longest:
            chains[identity] = [start, end]
            continue
        boxes.update(dict.fromkeys(between, DUMMY))
        chains[identity] = [start, *between, end]
        tied.append(chains[identity])
    rows: list[list[Any]] = [[] for _ in range(max(layer.values(), default=0) + 1)]
    for box in boxes:
        rows[box[1] if isinstance(box, tuple) else layer[box]].append(box)
    above, below = neighbours(boxes, tied)
    reorder(rows, above, below)
    x = columns(rows, boxes, above, below)
    y, height = heights(rows, boxes)
    left = min((x[box] - boxes[box][0] / 2 for box in boxes), default=0) - MARGIN
    width = max((x[box] + boxes[box][0] / 2 for box in boxes), default=0) - left + MARGIN
    return {
        "engine": "built-in",
        "width": round(width),
        "height": round(height),
        "nodes": {
            box: {"x": round(x[box] - left, 1), "y": y[box], "width": size[0], "height": size[1]}
            for box, size in sizes.items()
        },
        "edges": curves(edges, chains, {box: x[box] - left for box in boxes}, y, boxes),
    }


def tangled(sizes: dict[str, tuple[int, int]], edges: list[Edge]) -> bool:
    """Would a layered layout be slow? A leaf that is used everywhere makes it so."""
    return _passed(layers(list(sizes), edges), edges) > TANGLE


def _passed(layer: dict[str, int], edges: list[Edge]) -> int:
    return sum(layer[end] - layer[start] - 1 for _, start, end in edges)


def layers(
    ids: list[str], edges: list[Edge], top: Collection[str] = (), bottom: Collection[str] = ()
) -> dict[str, int]:
    """Node → layer, 0 at the top: the longest way from a leaf; leaves moved down to their use."""
    lowest = 1 if top else 0
    layer = dict.fromkeys(ids, lowest) | dict.fromkeys(top, 0)
    inputs: dict[str, list[str]] = {identity: [] for identity in ids}
    outputs: dict[str, list[str]] = {identity: [] for identity in ids}
    for _, start, end in edges:
        inputs[end].append(start)
        outputs[start].append(end)
    for identity in ids:
        above = (layer[start] + 1 for start in inputs[identity])
        layer[identity] = max(above, default=layer[identity])
    last = max((layer[i] + 1 for i in ids if i not in bottom), default=0)
    layer |= dict.fromkeys(bottom, last)
    for identity in ids:
        if not inputs[identity] and outputs[identity] and identity not in top:
            layer[identity] = min(layer[end] for end in outputs[identity]) - 1
    return layer


def neighbours(
    boxes: dict[Any, Any], chains: list[list[Any]]
) -> tuple[dict[Any, list[Any]], dict[Any, list[Any]]]:
    """Box → boxes of the layer above, and of the layer below, that it is joined to."""
    above: dict[Any, list[Any]] = {box: [] for box in boxes}
    below: dict[Any, list[Any]] = {box: [] for box in boxes}
    for chain in chains:
        for upper, lower in pairwise(chain):
            above[lower].append(upper)
            below[upper].append(lower)
    return above, below


def reorder(
    rows: list[list[Any]], above: dict[Any, list[Any]], below: dict[Any, list[Any]]
) -> None:
    """Sort each row by the average place of its neighbours, downwards and upwards in turn."""
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        near = above if down else below
        for previous, row in _pairs(rows, down):
            place = {box: k for k, box in enumerate(previous)}
            now = {box: k for k, box in enumerate(row)}

            def average(box: Any, near=near, place=place, now=now) -> float:
                found = [place[other] for other in near[box]]
                return sum(found) / len(found) if found else now[box]

            row.sort(key=average)


def columns(
    rows: list[list[Any]],
    boxes: dict[Any, tuple[int, int]],
    above: dict[Any, list[Any]],
    below: dict[Any, list[Any]],
) -> dict[Any, float]:
    """Box → x of its centre."""
    x: dict[Any, float] = {}
    for row in rows:
        at = 0.0
        for box in row:
            x[box] = at + boxes[box][0] / 2
            at += boxes[box][0] + NODE_GAP
    for sweep in range(2 * SWEEPS):
        down = sweep % 2 == 0
        near = above if down else below
        for _, row in _pairs(rows, down):
            wanted = [
                sum(x[other] for other in near[box]) / len(near[box]) if near[box] else x[box]
                for box in row
            ]
            for box, centre in zip(row, _apart(wanted, [boxes[box][0] for box in row])):
                x[box] = centre
    return x


def _apart(wanted: list[float], widths: list[int]) -> list[float]:
    """Places as near to the wanted ones as the widths allow: blocks that touch share the error."""
    blocks: list[list[float]] = []  # [sum of offsets to the first, count, width before the next]
    members: list[list[int]] = []
    for k, centre in enumerate(wanted):
        blocks.append([centre - widths[k] / 2, 1.0, widths[k] + NODE_GAP])
        members.append([k])
        while len(blocks) > 1 and _start(blocks[-2]) + blocks[-2][2] > _start(blocks[-1]):
            total, count, width = blocks.pop()
            blocks[-1][0] += total - count * blocks[-1][2]
            blocks[-1][1] += count
            blocks[-1][2] += width
            joined = members.pop()
            members[-1] += joined
    placed = [0.0] * len(wanted)
    for block, inside in zip(blocks, members, strict=True):
        at = _start(block)
        for k in inside:
            placed[k] = at + widths[k] / 2
            at += widths[k] + NODE_GAP
    return placed


def _start(block: list[float]) -> float:
    return block[0] / block[1]


def _pairs(rows: list[list[Any]], down: bool) -> list[tuple[list[Any], list[Any]]]:
    """(the row before, the row), going down or up."""
    order = rows if down else rows[::-1]
    return list(pairwise(order))


def heights(
    rows: list[list[Any]], boxes: dict[Any, tuple[int, int]]
) -> tuple[dict[Any, float], float]:
    """Box → y of its centre, and the height of the picture."""
    y: dict[Any, float] = {}
    top = float(MARGIN)
    for row in rows:
        tallest = max((boxes[box][1] for box in row), default=0)
        for box in row:
            y[box] = top + tallest / 2
            if isinstance(box, tuple):
                boxes[box] = (boxes[box][0], tallest)  # edges pass between boxes, not over corners
        top += tallest + RANK_GAP
    return y, top - RANK_GAP + MARGIN


def curves(
    edges: list[Edge],
    chains: dict[str, list[Any]],
    x: dict[Any, float],
    y: dict[Any, float],
    boxes: dict[Any, tuple[int, int]],
) -> dict[str, list[list[float]]]:
    """Edge → control points. Parallel edges bulge to either side."""
    twins: dict[tuple[str, str], list[str]] = {}
    for identity, start, end in edges:
        twins.setdefault((start, end), []).append(identity)
    result = {}
    for identity, start, end in edges:
        same = twins[start, end]
        bulge = (same.index(identity) - (len(same) - 1) / 2) * 30 if len(same) > 1 else 0.0
        stops = [[x[start], y[start] + boxes[start][1] / 2]]
        for box in chains[identity][1:-1]:
            half = boxes[box][1] / 2
            stops += [[x[box], y[box] - half], [x[box], y[box] + half]]
        stops.append([x[end], y[end] - boxes[end][1] / 2])
        stops[0][0] += _toward(bulge, boxes[start])
        stops[-1][0] += _toward(bulge, boxes[end])
        points = [stops[0]]
        for (x0, y0), (x1, y1) in pairwise(stops):
            third = (y1 - y0) / 3
            points += [[x0 + bulge / 2, y0 + third], [x1 + bulge / 2, y1 - third], [x1, y1]]
        result[identity] = [[round(px, 1), round(py, 1)] for px, py in points]
    return result


def _toward(bulge: float, box: tuple[int, int]) -> float:
    """How far from the middle of a box's edge a parallel curve starts."""
    limit = max(0.0, box[0] / 2 - 16)
    return max(-limit, min(limit, bulge / 2))
