"""Putting a nested layout together, for any choice of open groups; unfold.js does the same.

A group that opens needs room. Its level is stretched: x and y go through a map that never brings
two points nearer and makes the stretch that the group's box covers as wide as what is in it. Boxes
that did not overlap before do not overlap after it, whatever is open; nothing is laid out anew.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection
from itertools import pairwise
from typing import Any


def unfold(layout: dict[str, Any], opened: Collection[str] | None = None) -> dict[str, Any]:
    """The picture with these groups open, by default those that are open at first.

    {"width", "height", "boxes": {id: [x, y, width, height]}, "edges": {id: points}}; x, y is the
    centre. An open group's box comes before what is in it; an edge's id may be in several groups.
    """
    groups = layout["groups"]
    if opened is None:
        opened = {name for name, group in groups.items() if group["open"]}
    made = Unfolding(groups, opened)
    root = next(iter(groups))
    width, height = made.size(root)
    made.put(root, 0, 0)
    return {"width": width, "height": height, "boxes": made.boxes, "edges": made.edges}


class Unfolding:
    """One picture in the making."""

    def __init__(self, groups: dict[str, Any], opened: Collection[str]) -> None:
        self.groups, self.opened = groups, opened
        self.boxes: dict[str, list[float]] = {}
        self.edges: dict[str, list[list[float]]] = {}
        self.maps: dict[str, tuple[Map, Map]] = {}

    def is_open(self, box: str) -> bool:
        """Is it a group, and open?"""
        return box in self.groups and box in self.opened

    def size(self, name: str) -> tuple[float, float]:
        """Width and height of an open group, with the open groups in it."""
        group = self.groups[name]
        across, down = [], []
        for child, (x, y, width, height) in group["boxes"].items():
            if self.is_open(child):
                wide, high = self.size(child)
                across.append((x - width / 2, x + width / 2, wide))
                down.append((y - height / 2, y + height / 2, high))
        self.maps[name] = Map(across, group["width"]), Map(down, group["height"])
        return self.maps[name][0].total, self.maps[name][1].total

    def put(self, name: str, left: float, top: float) -> None:
        """Place what is in an open group whose upper left corner is there."""
        group = self.groups[name]
        across, down = self.maps[name]
        placed: dict[str, list[float]] = {}
        for child, (x, y, width, height) in group["boxes"].items():
            x0, x1 = across(x - width / 2), across(x + width / 2)
            y0, y1 = down(y - height / 2), down(y + height / 2)
            if self.is_open(child):
                width, height = self.maps[child][0].total, self.maps[child][1].total
            box = [left + (x0 + x1) / 2, top + (y0 + y1) / 2, width, height]
            placed[child] = self.boxes[child] = box
            if self.is_open(child):
                self.put(child, box[0] - width / 2, box[1] - height / 2)
        for edge, (start, end, points) in group["edges"].items():
            moved = [[left + across(x), top + down(y)] for x, y in points]
            for box_id, ends in ((start, (0, 1)), (end, (-1, -2))):
                if box_id in placed:
                    aim = self._end(
                        edge, box_id, placed[box_id], group["boxes"][box_id], points[ends[0]]
                    )
                else:  # a port, on the border of this group
                    aim = [moved[ends[0]][0], top + (0 if ends[0] == 0 else down.total)]
                shift = [aim[0] - moved[ends[0]][0], aim[1] - moved[ends[0]][1]]
                for k in ends:
                    moved[k] = [moved[k][0] + shift[0], moved[k][1] + shift[1]]
            self.edges[edge] = moved

    def _end(
        self, edge: str, child: str, box: list[float], before: list[float], point: list[float]
    ) -> list[float]:
        """Where an edge meets a box: where it did, or at the port of an open group."""
        down = 1 if point[1] > before[1] else -1
        if self.is_open(child):
            port = self.maps[child][0](self.groups[child]["ports"][edge])
            return [box[0] - box[2] / 2 + port, box[1] + down * box[3] / 2]
        return [box[0] + point[0] - before[0], box[1] + point[1] - before[1]]


class Map:
    """A stretched axis. Each (start, end, size) is given at least that size; nothing shrinks.

    Packing the slack to the left and to the right are both such maps; this is their average.
    """

    def __init__(self, wanted: list[tuple[float, float, float]], length: float) -> None:
        stops = sorted({0.0, float(length), *(p for a, b, _ in wanted for p in (a, b))})
        self.stops = stops
        forward = _packed(stops, wanted)
        mirrored = _packed(
            [length - stop for stop in reversed(stops)],
            [(length - b, length - a, size) for a, b, size in wanted],
        )
        self.total = max(forward[-1], mirrored[-1])
        self.at = [
            (left + self.total - right) / 2
            for left, right in zip(forward, reversed(mirrored), strict=True)
        ]

    def __call__(self, value: float) -> float:
        """Where a value is on the stretched axis."""
        stops, at = self.stops, self.at
        k = min(max(bisect_left(stops, value), 1), len(stops) - 1)
        a, b = stops[k - 1], stops[k]
        share = (value - a) / (b - a) if b > a else 0.0
        return at[k - 1] + share * (at[k] - at[k - 1])


def _packed(stops: list[float], wanted: list[tuple[float, float, float]]) -> list[float]:
    """The leftmost place of each stop."""
    place = {stops[0]: 0.0}
    ending: dict[float, list[tuple[float, float]]] = {}
    for start, end, size in wanted:
        ending.setdefault(end, []).append((start, size))
    for before, stop in pairwise(stops):
        place[stop] = max(
            place[before] + stop - before,
            *(place[start] + size for start, size in ending.get(stop, ())),
        ) if stop in ending else place[before] + stop - before  # fmt: skip
    return [place[stop] for stop in stops]
