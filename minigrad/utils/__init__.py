"""What helps with training: checkpointing, and the handles of hooks."""

from . import checkpoint, hooks
