"""The story of some tensors' memory, as plain data: see `widgets.versioning`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from minigrad import recording

from .text import count

DEEP = 3  # unnamed operands of operands that are written out
SHORT = "…"
LONGEST = 24  # entries of a storage that are written out
Data = dict[str, Any]


def tell(
    engine: Any,
    tensors: Sequence[Any],
    names: Mapping[str, Any],
    read: tuple[str, int] | None = None,
) -> Data:
    """What is known of the memory of `tensors`, and of all that their graphs have saved.

    engine: answers questions about one kind of tensors. names: the reader's variables.
    read: the (file, line) of a backward pass that failed.
    """
    teller = _Teller(engine, tensors, names)
    teller.read = read
    return teller.data()


class _Teller:
    read: tuple[str, int] | None = None

    def __init__(self, engine: Any, tensors: Sequence[Any], names: Mapping[str, Any]) -> None:
        self.engine = engine
        named = {n: t for n, t in names.items() if isinstance(t, engine.tensor) and n[:1] != "_"}
        self.names = {id(tensor): name for name, tensor in reversed(named.items())}
        self.nodes = list(engine.nodes(tensors))
        self.saved = [(node, *one) for node in self.nodes for one in engine.saved(node)]
        asked = {engine.storage(t) for t in tensors}
        kept = {engine.storage(one[2]) for one in self.saved}
        found = [t for t in named.values() if engine.storage(t) in asked | kept]
        self.members: list[Any] = []
        for tensor in (*tensors, *found):
            if not any(tensor is known for known in self.members):
                self.members.append(tensor)

    def data(self) -> Data:
        storages: dict[Any, list[Any]] = {}
        for tensor in self.members:
            storages.setdefault(self.engine.storage(tensor), []).append(tensor)
        for _, _, tensor, _, _ in self.saved:
            storages.setdefault(self.engine.storage(tensor), [])
        told = [self._storage(key, members) for key, members in storages.items()]
        told.sort(key=_dull)
        return {"storages": told, "story": self._story(), "silent": self.engine.silent}

    # ---- names -------------------------------------------------------------------------------

    def name(self, tensor: Any) -> str:
        """The variable that a tensor is; or one that shows the same; or what computed it."""
        found = self.names.get(id(tensor))
        if found is None:
            geometry = self.engine.geometry(tensor)
            for other in self.members:
                same = self.engine.storage(other) == self.engine.storage(tensor)
                if same and self.engine.geometry(other) == geometry and id(other) in self.names:
                    return self.names[id(other)]
        return found or ""

    def label(self, tensor: Any) -> str:
        """As `name`, with a word where there is none."""
        return self.name(tensor) or self._made(tensor) or "a tensor without a name"

    def _made(self, tensor: Any, deep: int = DEEP) -> str:
        """What a tensor was computed by, written out."""
        made = (node for node in self.nodes if self.engine.result_of(node, tensor))
        return next((self._written(node, deep) for node in made), "")

    def _written(self, node: Any, deep: int = DEEP) -> str:
        """An operation written out, with those that computed its unnamed operands."""
        if not deep:
            return SHORT

        def word(value: Any) -> str:
            """An operand: a tensor, or the node that computed one that is gone."""
            if not isinstance(value, self.engine.tensor):
                return self._written(value, deep - 1)
            return self.name(value) or self._made(value, deep - 1) or SHORT

        return self.engine.expression(node, word) or self.engine.node_name(node)

    # ---- storages ----------------------------------------------------------------------------

    def _storage(self, key: Any, members: list[Any]) -> Data:
        saved = [one for one in self.saved if self.engine.storage(one[2]) == key]
        some = members[0] if members else saved[0][2]
        memory = self.engine.memory(some)
        counters: dict[Any, list[Any]] = {}
        for tensor in members:
            counters.setdefault(self.engine.counter(tensor), []).append(tensor)
        for one in saved:
            counters.setdefault(self.engine.counter(one[2]), [])
        own = next((t for t in members if self.engine.base(t) is None), some)
        return {
            "label": self.label(own) if members else self._label_of_saved(saved[0]),
            "entries": int(memory.size),
            "dtype": str(some.dtype).removeprefix("torch."),
            "bytes": int(memory.nbytes),
            "values": [f"{value:.4g}" for value in memory[:LONGEST].tolist()],
            "counters": [
                self._counter(k, group, [one for one in saved if self.engine.counter(one[2]) == k])
                for k, group in counters.items()
            ],
        }

    def _label_of_saved(self, one: Any) -> str:
        node, name, tensor, _, own = one
        found = self.name(tensor)
        if found or not own:
            return found or self.label(tensor)
        written = self._written(node)
        plain = self.engine.node_name(node)
        return f"{name} of {plain}" if written == plain else written

    def _counter(self, key: Any, members: list[Any], saved: list[Any]) -> Data:
        some = members[0] if members else saved[0][2]
        version = self.engine.version(some)
        writes = {write.version: write for write in self.engine.writes(some)}
        numbers = {0, version or 0, *writes, *(one[3] for one in saved)}
        labels = [self.label(t) for t in members] or [self._label_of_saved(saved[0])]
        return {
            "label": ", ".join(dict.fromkeys(labels)),
            "version": version,
            "members": [self._member(tensor) for tensor in members],
            "steps": [
                self._step(number, writes.get(number), [one for one in saved if one[3] == number],
                           version)
                for number in sorted(numbers)
            ],
        }  # fmt: skip

    def _step(self, number: int, write: Any, saved: list[Any], version: int | None) -> Data:
        place = None if write is None else (write.file, write.line)
        return {
            "version": number,
            "operation": "" if write is None else write.operation,
            **source(place),
            "saved": [self._saved(one, number != version) for one in saved],
        }

    def _saved(self, one: Any, overwritten: bool) -> Data:
        node, name, _, _, _ = one
        written, plain = self._written(node), self.engine.node_name(node)
        return {
            "node": plain,
            "name": name,
            "what": "" if written == plain else written,
            **source(self.engine.place(node)),
            "state": "overwritten" if overwritten else "good",
        }

    def _member(self, tensor: Any) -> Data:
        shape, stride, offset = self.engine.geometry(tensor)
        return {
            "label": self.label(tensor),
            "shape": list(shape),
            "extent": extent(shape),
            "stride": list(stride),
            "offset": int(offset),
            "how": self._how(tensor),
            "words": lies(shape, stride, offset),
            "covers": covers(shape, stride, offset),
        }

    def _how(self, tensor: Any) -> str:
        """How a tensor came to show this memory."""
        base = self.engine.base(tensor)
        if base is not None:
            return f"a view of {self.label(base)}"
        if tensor.requires_grad:
            return "requires grad"
        owners = [
            t
            for t in self.members
            if self.engine.storage(t) == self.engine.storage(tensor) and self.engine.base(t) is None
        ]
        first = next((t for t in owners if t.requires_grad), owners[0])
        if first is tensor:
            return "requires no grad"
        if self.engine.counter(first) == self.engine.counter(tensor):
            return "no history, the same counter, as detach() gives it: writes are noticed"
        return "no history and a counter of its own, as .data gives it: nobody notices its writes"

    # ---- the story ---------------------------------------------------------------------------

    def _story(self) -> list[str]:
        """For everything that was overwritten after it was saved: saved, written, read."""
        said = []
        for node, name, tensor, version, own in self.saved:
            now = self.engine.version(tensor)
            if now is None or now == version:
                continue
            what = self._label_of_saved((node, name, tensor, version, own))
            reader = self.engine.node_name(node)
            place = at(self.engine.place(node))
            said.append(
                f"{reader}{place} saved {what} at version {version}, for its backward pass."
            )
            writes = [write for write in self.engine.writes(tensor) if write.version > version]
            for write in writes:
                where = at((write.file, write.line))
                said.append(f"{write.operation}{where} wrote to it: version {write.version}.")
            if not writes:
                times = f"{now - version} times" if now > version + 1 else "once"
                said.append(f"Somebody wrote to it {times}: version {now}.")
            said.append(
                f"The backward pass{at(self.read)} came to {reader}, which reads it, and failed."
                if self.read is not None
                else f"A backward pass through {reader} reads it and fails."
            )
        said += self._unnoticed()
        freed = [self.engine.node_name(node) for node in self.nodes if self.engine.freed(node)]
        if freed:
            which = ", ".join(dict.fromkeys(freed))
            said.append(f"A backward pass has freed what was saved by {which}.")
        return said

    def _unnoticed(self) -> list[str]:
        """Writes through `.data` to what somebody has saved: no counter of theirs has moved."""
        said: dict[str, None] = {}
        for node, name, tensor, version, own in self.saved:
            for other in self.members:
                engine = self.engine
                aside = engine.storage(other) == engine.storage(tensor)
                if not aside or engine.counter(other) == engine.counter(tensor):
                    continue
                what = self._label_of_saved((node, name, tensor, version, own))
                for write in engine.writes(other):
                    said[
                        f"{write.operation}{at((write.file, write.line))} wrote to the memory of "
                        f"{what} through {self.label(other)}, which has a counter of its own: "
                        f"{engine.node_name(node)} does not notice, and computes with what is "
                        "there now."
                    ] = None
        return list(said)


def _dull(storage: Data) -> tuple[bool, bool]:
    """What has a story comes first, then what several tensors share."""
    counters = storage["counters"]
    written = len(counters) > 1 or any(counter["version"] for counter in counters)
    return not written, sum(len(counter["members"]) for counter in counters) < 2


def extent(shape: Sequence[int]) -> str:
    """A shape that nobody takes for a value: `2×3`, `3 entries`, `one number`."""
    if len(shape) == 1:
        return count(shape[0])
    return "×".join(map(str, shape)) or "one number"


def lies(shape: Sequence[int], stride: Sequence[int], offset: int) -> str:
    """Offset and strides in words."""
    if 0 in shape:
        return "has no entries"
    axes = [(k, n, step) for k, (n, step) in enumerate(zip(shape, stride, strict=True)) if n > 1]
    if not axes:
        return f"entry {offset}"
    count = 1
    in_order = True
    for _, n, step in reversed(axes):
        in_order &= step == count
        count *= n
    if in_order:
        return f"entries {offset} to {offset + count - 1}, in order"
    if len(shape) == 1:
        ((_, _, step),) = axes
        return f"entry {offset}" + (f", then every {nth(step)}" if step else ", again and again")
    steps = [
        f"the next along axis {k} is {f'{step} further' if step else 'the same again'}"
        for k, _, step in axes
    ]
    return f"from entry {offset} on; {', '.join(steps)}"


def nth(number: int) -> str:
    """`2nd`, `3rd`, `11th`."""
    ends = {1: "st", 2: "nd", 3: "rd"}
    return f"{number}{'th' if number % 100 in (11, 12, 13) else ends.get(number % 10, 'th')}"


def covers(shape: Sequence[int], stride: Sequence[int], offset: int) -> list[int]:
    """Which of the first entries of the memory belong to a tensor."""
    if 0 in shape:
        return []
    near = [  # steps that do not lead out of what is shown
        range(min(n, LONGEST // step + 1) if step else 1)
        for n, step in zip(shape, stride, strict=True)
    ]
    places: set[int] = {offset}
    for steps, step in zip(near, stride, strict=True):
        places = {at + k * step for at in places for k in steps if at + k * step < LONGEST}
    return sorted(place for place in map(int, places) if place < LONGEST)


def source(place: tuple[str, int] | None) -> Data:
    """Where something was written: {where, text, line}."""
    if place is None:
        return {"where": "", "text": "", "line": 0}
    text = recording.source_line(*place)[:400]
    return {"where": recording.place(*place), "text": text, "line": place[1]}


def at(place: tuple[str, int] | None) -> str:
    """` at In [3], line 2, y.add_(1),`; empty if it is not known."""
    if place is None:
        return ""
    found = source(place)
    where = found["where"].replace("\\", "/").rsplit("/", 1)[-1]
    return f" ({where}: `{found['text']}`)" if found["text"] else f" ({where})"
