"""What `versions()` tells: who shares memory, who wrote, who saved what at which version.

data = tell(engine, tensors, names)

data      {storages, story, error}
storage   {label, entries, dtype, bytes, values, counters}
          values: its first entries as texts, `LONGEST` at most
counter   {label, version, members, steps}: tensors that share a version counter
member    {label, shape, extent, stride, offset, how, words, covers}
          covers: which of the first entries of the storage it shows
step      {version, operation, where, text, saved}: one version, and the write that led to it
          (operation is "" for version 0, or where the write is not known)
saved     {node, name, what, where, text, state}: what is kept by a node at that version;
          state: "good", "overwritten" (a backward pass through it fails) or "freed"
story     sentences: written here, read there
"""

from .tell import tell

__all__ = ["tell"]
