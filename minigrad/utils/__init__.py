"""What helps with training: checkpointing."""

from . import checkpoint
