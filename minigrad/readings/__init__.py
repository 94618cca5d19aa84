"""Numbers that were read off tensors (`x.item()`, `x.tolist()`, …), and where they went.

A number knows nothing of the tensor that it came from. While recording is on, each reading is
noted; what was made of it is found by the value itself, or in the source code: in
`torch.tensor(number * 2)` stands `number`, and that was read off `x`. Read in this order:

    code      source code as data: what a frame is at, what a name was bound to
    log       the readings of one engine, and what was made of them
    search    from an expression back to the readings behind it
"""

from .log import Log, Number, Reading, cut

__all__ = ["Log", "Number", "Reading", "cut"]
