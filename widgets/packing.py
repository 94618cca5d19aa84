"""Long texts made short for a saved notebook, which keeps them once per widget.

A short text travels as it is, and can be read in the notebook file. A trace of 50 nodes is mostly
repetition: deflated it takes a ninth, and the page inflates it in a millisecond.
"""

from __future__ import annotations

import base64
import zlib

MARK = "deflate:"
SHORT = 12_000  # characters that travel as they are


def pack(text: str) -> str:
    """The text as it travels; static/shared/packing.js reads it."""
    if len(text) <= SHORT:
        return text
    return MARK + base64.b64encode(zlib.compress(text.encode(), 9)).decode()


def unpack(packed: str) -> str:
    """The text again."""
    if not packed.startswith(MARK):
        return packed
    return zlib.decompress(base64.b64decode(packed[len(MARK) :])).decode()
