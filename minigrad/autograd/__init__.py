"""The recording of operations and the walk back over the record."""

import minigrad as torch  # PyTorch's has the package by this name

from ..versions import _unsafe_preserve_version_counter, increment_version
from . import (
    _functions,
    anomaly_mode,
    forward_ad,
    function,
    functional,
    graph,
    profiler,
    profiler_util,
    variable,
)
from .anomaly_mode import detect_anomaly, set_detect_anomaly
from .differentiate import _calculate_shape, backward, grad
from .function import Function
from .grad_mode import (
    _force_original_view_tracking,
    enable_grad,
    inference_mode,
    is_grad_enabled,
    is_inference_mode_enabled,
    is_multithreading_enabled,
    is_view_replay_enabled,
    no_grad,
    set_grad_enabled,
    set_multithreading_enabled,
)
from .gradcheck import GradcheckError, gradcheck, gradgradcheck
from .gradient_edge import GradientEdge, get_gradient_edge
from .hooks import register_multi_grad_hook
from .mutation import allow_mutation_on_saved_tensors
from .profiler import kineto_available
from .saved_tensors import (
    SavedTensor,
    disable_saved_tensors_hooks,
    save_on_cpu,
    saved_tensors_hooks,
)
from .variable import Variable

__all__ = [
    "Function",
    "GradcheckError",
    "SavedTensor",
    "Variable",
    "backward",
    "detect_anomaly",
    "enable_grad",
    "grad",
    "gradcheck",
    "gradgradcheck",
    "inference_mode",
    "is_grad_enabled",
    "no_grad",
    "set_detect_anomaly",
    "set_grad_enabled",
]

_profiler_enabled = profiler.active
