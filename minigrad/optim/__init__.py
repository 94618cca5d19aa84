"""Optimizers: how parameters follow their gradients.

To read in this order: optimizer, sgd, adam, rmsprop, lr_scheduler.
"""

from ..absent import absent
from . import lr_scheduler
from .adam import Adam, AdamW
from .optimizer import Optimizer
from .rmsprop import RMSprop
from .sgd import SGD

__getattr__ = absent("optim")
