"""Optimizers: how parameters follow their gradients.

To read in this order: optimizer, sgd, adam, rmsprop, lr_scheduler.
"""

from . import lr_scheduler
from .adam import Adam, AdamW
from .optimizer import Optimizer
from .rmsprop import RMSprop
from .sgd import SGD
