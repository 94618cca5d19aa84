"""What is folded together: modules, functions, loops, their iterations, and runs of the rest.

    root = tree(trace_data)       # a Group whose children are node ids and Groups, in order

Every group is a stretch of the forward pass without gaps, so that no edge ever leads from a later
child of a group to an earlier one: drawn as one box each, they still make a graph without cycles.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

LARGE = 200  # nodes; a larger graph starts folded, and what is long in it is folded into runs
CHILDREN = 32  # that a group may have in a large graph
MOST = 40  # boxes that a folded graph starts with
SHARED = 4  # operations that may use one leaf before it is drawn once per use


@dataclass
class Group:
    """One group. kind: "module", "function", "loop", "iteration", "run"; the root is a "graph"."""

    kind: str
    name: str
    children: list[Any] = field(default_factory=list)
    """Node ids, copies of leaves among them, and groups."""
    id: str = ""
    operations: int = 0

    def groups(self) -> Iterator[Group]:
        """This group and all in it, outer ones first."""
        unseen = [self]
        while unseen:
            group = unseen.pop()
            yield group
            unseen += [child for child in reversed(group.children) if isinstance(child, Group)]


def tree(data: dict[str, Any]) -> Group:
    """The operations of a trace in their groups; leaves and constants are not in it yet."""
    root = Group("graph", "")
    open_groups: list[tuple[Any, Group]] = []
    for node in data["nodes"]:
        if node["kind"] != "operation":
            continue
        path = _levels(node.get("scope", []))
        same = 0
        while same < min(len(path), len(open_groups)) and open_groups[same][0] == path[same][0]:
            same += 1
        del open_groups[same:]
        for key, kind, name in path[same:]:
            group = Group(kind, name)
            (open_groups[-1][1] if open_groups else root).children.append(group)
            open_groups.append((key, group))
        (open_groups[-1][1] if open_groups else root).children.append(node["id"])
    root.children = [_simple(child) for child in root.children]
    only = root.children[0] if len(root.children) == 1 else None
    if isinstance(only, Group) and only.kind != "module":
        root.children = only.children  # a box around everything says nothing
    if len(data["nodes"]) > LARGE:
        labels = {node["id"]: node["label"] for node in data["nodes"]}
        for group in list(root.groups()):
            _fold_runs(group, labels)
    for number, group in enumerate(root.groups()):
        group.id = f"g{number}"
    _count(root)
    return root


def _count(group: Group) -> int:
    group.operations = sum(_count(c) if isinstance(c, Group) else 1 for c in group.children)
    return group.operations


def _levels(scope: list[Any]) -> list[tuple[Any, str, str]]:
    """(key, kind, name) of each group around an operation; a loop is around its iterations."""
    levels: list[tuple[Any, str, str]] = []
    for kind, name, index in scope:
        if kind == "loop":
            levels.append((("loop", name), "loop", name))
            levels.append((("iteration", index), "iteration", f"iteration {index}"))
        else:
            levels.append(((kind, name, index), kind, name))
    return levels


def _simple(child: Any) -> Any:
    """A group of one operation is that operation; a group of one group is drawn as one."""
    if not isinstance(child, Group):
        return child
    child.children = [_simple(inner) for inner in child.children]
    if len(child.children) > 1:
        return child
    only = child.children[0]
    if isinstance(only, Group):
        kind = child.kind if child.kind != "iteration" else only.kind
        return Group(kind, f"{child.name} › {only.name}", only.children)
    return only


def _fold_runs(group: Group, labels: dict[str, str]) -> None:
    """Children of a long group, a run at a time: as few levels of runs as can be, of one size."""
    while (count := len(group.children)) > CHILDREN:
        levels = math.ceil(math.log(count) / math.log(CHILDREN))
        size = math.ceil(count ** (1 / levels))
        parts = [group.children[k : k + size] for k in range(0, count, size)]
        group.children = [
            Group("run", f"{_first(part[0], labels)} … {_last(part[-1], labels)}", part)
            if len(part) > 1
            else part[0]
            for part in parts
        ]


def _first(child: Any, labels: dict[str, str]) -> str:
    if isinstance(child, Group):
        return child.name.split(" … ")[0] if child.kind == "run" else child.name
    return labels[child]


def _last(child: Any, labels: dict[str, str]) -> str:
    if isinstance(child, Group):
        return child.name.split(" … ")[-1].removeprefix("iteration ")
    return labels[child]


def start_open(root: Group) -> set[str]:
    """The groups that are open at first: all, or in a large graph whole levels up to MOST boxes."""
    boxes = sum(len(group.children) for group in root.groups())
    if boxes <= LARGE:
        return {group.id for group in root.groups()}
    found: set[str] = set()
    shown, level = 1, [root]
    while level and shown + sum(len(group.children) - 1 for group in level) <= MOST:
        shown += sum(len(group.children) - 1 for group in level)
        found |= {group.id for group in level}
        level = [c for group in level for c in group.children if isinstance(c, Group)]
    return found | {root.id}


@dataclass
class Drawn:
    """Where everything is: which box an edge starts from, and which node a box shows."""

    parent: dict[str, Group] = field(default_factory=dict)
    """Box or group id → the group that it is a child of."""
    copies: dict[str, str] = field(default_factory=dict)
    """Box id → node id, for leaves that are drawn more than once."""
    start: dict[str, str] = field(default_factory=dict)
    """Edge id → the box that it starts from, if that is a copy."""


def add_leaves(root: Group, data: dict[str, Any]) -> Drawn:
    """Put leaves and constants beside their uses; what is used in many places is drawn in each.

    A variable of the reader's stays outside of all groups, a parameter is where it is used.
    """
    drawn = Drawn()
    for group in root.groups():
        for child in group.children:
            drawn.parent[child.id if isinstance(child, Group) else child] = group
    uses: dict[str, list[dict[str, Any]]] = {}
    for edge in data["edges"]:
        uses.setdefault(edge["from"], []).append(edge)
    before: dict[str, list[str]] = {}  # box → leaves that are drawn just before it
    loose = []
    for node in _users_first(data["nodes"], {edge["to"] for edge in data["edges"]}):
        edges: dict[str, list[str]] = {}  # the operation that uses it → by which edges
        for edge in uses.get(node["id"], ()):
            edges.setdefault(edge["to"], []).append(edge["id"])
        users = list(edges)
        if not users:
            loose.append(node["id"])
            continue
        per_use = len(users) > SHARED
        own = node.get("name") and "." not in node["name"]
        places: dict[Any, list[str]] = {}
        for user in users:
            place = user if per_use else root.id if own else drawn.parent[user].id
            places.setdefault(place, []).append(user)
        for number, members in enumerate(places.values()):
            box = node["id"] if len(places) == 1 else f"{node['id']}.{number}"
            if len(places) > 1:
                drawn.copies[box] = node["id"]
                drawn.start.update((edge, box) for user in members for edge in edges[user])
            at_root = own and not per_use
            group = root if at_root else drawn.parent[members[0]]
            drawn.parent[box] = group
            before.setdefault(_child_of(group, members[0], drawn), []).append(box)
    for group in root.groups():
        group.children = [
            part for child in group.children for part in (*_just_before(child, before), child)
        ]
    root.children = loose + root.children
    drawn.parent |= dict.fromkeys(loose, root)
    return drawn


def _users_first(nodes: list[dict[str, Any]], targets: set[str]) -> list[dict[str, Any]]:
    """What is no operation; first the leaves that come from others, as y = x.detach() does."""
    others = [node for node in nodes if node["kind"] != "operation"]
    derived = [node for node in others if node["id"] in targets]
    return [*reversed(derived), *(node for node in others if node["id"] not in targets)]


def _just_before(child: Group | str, before: dict[str, list[str]]) -> Iterator[str]:
    """The leaves that are drawn before a box, and those before them."""
    for leaf in before.get(child.id if isinstance(child, Group) else child, ()):
        yield from _just_before(leaf, before)
        yield leaf


def _child_of(group: Group, box: str, drawn: Drawn) -> str:
    """The child of `group` that a box is, or is in."""
    while drawn.parent[box] is not group:
        box = drawn.parent[box].id
    return box
