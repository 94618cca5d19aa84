"""Layers and the functions they are made of.

To read in this order: parameter, filing, module, state, containers, layers, activation_layers,
loss_layers; then functional, losses, init, utils.
"""

from ..absent import absent
from . import functional, init, utils
from .activation_layers import GELU, LeakyReLU, LogSoftmax, ReLU, Sigmoid, Softmax, Tanh
from .containers import ModuleList, Sequential
from .layers import BatchNorm1d, Dropout, Embedding, Flatten, Identity, LayerNorm, Linear
from .loss_layers import (
    BCELoss,
    BCEWithLogitsLoss,
    CrossEntropyLoss,
    HuberLoss,
    L1Loss,
    MSELoss,
    NLLLoss,
    SmoothL1Loss,
)
from .module import Module
from .parameter import Parameter

__getattr__ = absent("nn")
