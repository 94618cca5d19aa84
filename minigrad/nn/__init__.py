"""Layers and the functions they are made of.

To read in this order: parameter, module, containers, layers; then functional, losses, init, utils.
"""

from ..absent import absent
from . import functional, init, utils
from .containers import ModuleList, Sequential
from .layers import (
    GELU,
    BatchNorm1d,
    BCELoss,
    BCEWithLogitsLoss,
    CrossEntropyLoss,
    Dropout,
    Embedding,
    Flatten,
    HuberLoss,
    Identity,
    L1Loss,
    LayerNorm,
    LeakyReLU,
    Linear,
    LogSoftmax,
    MSELoss,
    NLLLoss,
    ReLU,
    Sigmoid,
    SmoothL1Loss,
    Softmax,
    Tanh,
)
from .module import Module
from .parameter import Parameter

__getattr__ = absent("nn")
