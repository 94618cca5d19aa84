"""Layers and the functions they are made of.

To read in this order: parameter, filing, state, hooks, calls, module, containers,
parameter_containers, layers, normalization_layers, convolution, pooling, activation_layers,
loss_layers; then functional, activations, losses, init, utils.
"""

from . import functional, init, modules, utils
from .activation_layers import (
    CELU,
    ELU,
    GELU,
    SELU,
    Hardshrink,
    Hardsigmoid,
    Hardswish,
    Hardtanh,
    LeakyReLU,
    LogSigmoid,
    LogSoftmax,
    Mish,
    ReLU,
    ReLU6,
    RReLU,
    Sigmoid,
    SiLU,
    Softmax,
    Softmin,
    Softplus,
    Softshrink,
    Softsign,
    Tanh,
    Tanhshrink,
    Threshold,
)
from .containers import DataParallel, ModuleDict, ModuleList, Sequential
from .convolution import Conv1d, Conv2d, Fold, Unfold
from .layers import (
    CosineSimilarity,
    Dropout,
    Embedding,
    Flatten,
    Identity,
    Linear,
    PReLU,
    Unflatten,
    Upsample,
)
from .loss_layers import (
    BCELoss,
    BCEWithLogitsLoss,
    CrossEntropyLoss,
    HingeEmbeddingLoss,
    HuberLoss,
    KLDivLoss,
    L1Loss,
    MSELoss,
    NLLLoss,
    SmoothL1Loss,
)
from .module import Module
from .normalization_layers import (
    BatchNorm1d,
    BatchNorm2d,
    InstanceNorm1d,
    InstanceNorm2d,
    LayerNorm,
)
from .parameter import Buffer, Parameter
from .parameter_containers import ParameterDict, ParameterList
from .pooling import (
    AdaptiveAvgPool1d,
    AdaptiveAvgPool2d,
    AvgPool1d,
    AvgPool2d,
    MaxPool1d,
    MaxPool2d,
)
