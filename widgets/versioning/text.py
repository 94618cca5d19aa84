"""What `versions()` tells, in words."""

from __future__ import annotations

from typing import Any


def describe(data: dict[str, Any]) -> str:
    """All storages with their tensors, writes and saved tensors; then the story."""
    lines = []
    for storage in data["storages"]:
        lines.append(
            f"Memory of {storage['label']}: {count(storage['entries'])} of {storage['dtype']}"
        )
        for counter in storage["counters"]:
            lines.append(f"  Version counter of {counter['label']}: {number(counter)}")
            for member in counter["members"]:
                lines.append("    {label}: {extent}, {how}; {words}".format(**member))
            lines += [line for step in counter["steps"] for line in _step(step)]
    if not data["storages"]:
        lines.append(
            "There is no tensor to show: give versions() the tensors whose memory you ask for, "
            "such as versions(x, y)."
        )
    if data["error"]:
        lines.append(f"The error: {data['error']}")
    lines += data["story"]
    if data["silent"]:
        lines.append(data["silent"])
    return "\n".join(lines)


def count(entries: int) -> str:
    """`1 entry`, `3 entries`."""
    return f"{entries} {'entry' if entries == 1 else 'entries'}"


def operands(shown: str | None, words: dict[str, str]) -> dict[str, str]:
    """The words for an operation's arguments, in brackets where `exp(y) * y + 1` would mislead."""
    if shown is None or " " not in shown or shown.endswith(")"):
        return words
    return {name: f"({word})" if _is_compound(word) else word for name, word in words.items()}


def _is_compound(word: str) -> bool:
    """Is there a space outside of all brackets?"""
    depth = 0
    for character in word:
        depth += (character in "([") - (character in ")]")
        if character == " " and not depth:
            return True
    return False


def number(counter: dict[str, Any]) -> str:
    """`version 2`."""
    if counter["version"] is None:
        return "none, as for all tensors of inference mode"
    return f"version {counter['version']}"


def _step(step: dict[str, Any]) -> list[str]:
    lines = []
    if step["operation"]:
        where = f" at {step['where']}: {step['text']}" if step["where"] else ""
        lines.append(f"    version {step['version']}: written by {step['operation']}{where}")
    for saved in step["saved"]:
        what = f" ({saved['what']})" if saved["what"] else ""
        state = "; OVERWRITTEN since" if saved["state"] == "overwritten" else ""
        lines.append(
            f"    saved at version {step['version']} by {saved['node']}{what} as {saved['name']}"
            f"{state}"
        )
    return lines
