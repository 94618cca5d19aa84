"""The handle that registering a hook returns, under PyTorch's name for it."""

from ..autograd.hooks import RemovableHandle

__all__ = ["RemovableHandle"]

RemovableHandle.__module__ = __name__  # as it prints
