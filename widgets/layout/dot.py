"""Placing by Graphviz's `dot`, if it is installed and answers in time."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import Any

SECONDS = 2.0  # dot took minutes on large graphs with shared parameters
POINTS = 72.0  # Graphviz counts sizes in inches
NODE_GAP, RANK_GAP, MARGIN = 24, 40, 10  # px


def place(
    sizes: dict[str, tuple[int, int]], edges: list[tuple[str, str, str]]
) -> dict[str, Any] | None:
    """The layout, or None if there is no `dot`, or it fails, or takes longer than SECONDS."""
    program = shutil.which("dot")
    if program is None:
        return None
    try:
        done = subprocess.run(
            [program, "-Tjson0"],
            input=source(sizes, edges),
            capture_output=True,
            encoding="utf-8",
            timeout=SECONDS,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        return None if done.returncode else read(json.loads(done.stdout), list(sizes), edges)
    except (OSError, subprocess.SubprocessError, ValueError, KeyError):
        return None


def source(sizes: dict[str, tuple[int, int]], edges: list[tuple[str, str, str]]) -> str:
    """The graph in the DOT language. Numbers stand for ids, so nothing needs quoting."""
    number = {identity: k for k, identity in enumerate(sizes)}
    lines = [
        "digraph {",
        f"graph [rankdir=TB, nodesep={NODE_GAP / POINTS}, ranksep={RANK_GAP / POINTS}]",
        'node [shape=box, fixedsize=true, label=""]',
        "edge [arrowhead=none]",  # so that curves reach the boxes
    ]
    for identity, (width, height) in sizes.items():
        lines.append(f"{number[identity]} [width={width / POINTS}, height={height / POINTS}]")
    for k, (_, start, end) in enumerate(edges):
        lines.append(f"{number[start]} -> {number[end]} [id={k}]")
    return "\n".join([*lines, "}"])


def read(
    answer: dict[str, Any], ids: list[str], edges: list[tuple[str, str, str]]
) -> dict[str, Any]:
    """The layout from dot's JSON answer, where y points upwards."""
    left, bottom, right, top = map(float, answer["bb"].split(","))

    def point(text: str) -> list[float]:
        x, y = text.split(",")
        return [round(float(x) - left + MARGIN, 1), round(top - float(y) + MARGIN, 1)]

    nodes = {}
    for item in answer.get("objects", []):
        x, y = point(item["pos"])
        nodes[ids[int(item["name"])]] = {
            "x": x,
            "y": y,
            "width": round(float(item["width"]) * POINTS),
            "height": round(float(item["height"]) * POINTS),
        }
    curves = {
        edges[int(item["id"])][0]: [point(text) for text in item["pos"].split()]
        for item in answer.get("edges", [])
    }
    return {
        "engine": "dot",
        "width": round(right - left + 2 * MARGIN),
        "height": round(top - bottom + 2 * MARGIN),
        "nodes": {identity: nodes[identity] for identity in ids},
        "edges": {identity: curves[identity] for identity, *_ in edges},
    }
