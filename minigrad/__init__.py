"""minigrad: PyTorch's autograd, rebuilt on NumPy, with a heart that is read in an afternoon.

    import minigrad as torch

`minigrad/README.md` says which files the heart is, in which order to read them, and what the others
are for.
"""

from math import e, inf, nan, pi
from typing import Any

from . import (
    _C,
    attributes,
    autograd,
    calling,
    cuda,
    explaining,
    foreach,
    linalg,
    methods,
    nn,
    operators,
    optim,
    random,
    return_types,
    utils,
)
from . import trace as _recorded  # before the function of that name, so that it stays
from .absent import no_such
from .arguments import listed as _listed
from .autograd import (
    enable_grad,
    inference_mode,
    is_grad_enabled,
    is_inference_mode_enabled,
    no_grad,
    set_grad_enabled,
)
from .autograd.anomaly_mode import (
    is_anomaly_check_nan_enabled,
    is_anomaly_enabled,
    set_anomaly_enabled,
)
from .casting import (
    can_cast,
    is_complex,
    is_floating_point,
    is_tensor,
    numel,
    promote_types,
    result_type,
)
from .creation import (
    arange,
    empty,
    empty_like,
    empty_strided,
    eye,
    full,
    full_like,
    linspace,
    logspace,
    ones,
    ones_like,
    zeros,
    zeros_like,
)
from .device import (
    channels_last,
    contiguous_format,
    device,
    layout,
    memory_format,
    preserve_format,
    strided,
)
from .dtypes import (
    bool,
    double,
    dtype,
    finfo,
    float,
    float16,
    float32,
    float64,
    get_default_dtype,
    half,
    iinfo,
    int,
    int8,
    int16,
    int32,
    int64,
    long,
    set_default_dtype,
    short,
    uint8,
)
from .elsewhere import (
    accelerator,
    are_deterministic_algorithms_enabled,
    backends,
    get_default_device,
    is_warn_always_enabled,
    mps,
    set_default_device,
    set_warn_always,
    use_deterministic_algorithms,
    xpu,
)
from .from_data import as_tensor, asarray, from_numpy, tensor
from .legacy_types import (
    BoolTensor,
    ByteTensor,
    CharTensor,
    DoubleTensor,
    FloatTensor,
    HalfTensor,
    IntTensor,
    LongTensor,
    ShortTensor,
)
from .ops.activations import relu, sigmoid, tanh, threshold
from .ops.added_products import addbmm, addmm, addmv, addr, baddbmm
from .ops.arithmetic import div as true_divide
from .ops.arithmetic import mul, neg, reciprocal
from .ops.assignment import index_put
from .ops.axes import adjoint, flip, movedim, permute, roll, t, transpose
from .ops.axes import movedim as moveaxis
from .ops.axes import transpose as swapaxes
from .ops.axes import transpose as swapdims
from .ops.combining import addcdiv, addcmul, atan2, copysign, hypot, lerp, logaddexp, xlogy
from .ops.comparison import (
    allclose,
    bitwise_and,
    bitwise_left_shift,
    bitwise_not,
    bitwise_or,
    bitwise_right_shift,
    bitwise_xor,
    eq,
    equal,
    ge,
    gt,
    is_nonzero,
    isclose,
    isfinite,
    isin,
    isinf,
    isnan,
    isneginf,
    isposinf,
    le,
    logical_and,
    logical_not,
    logical_or,
    logical_xor,
    lt,
    ne,
    signbit,
)
from .ops.complex_words import imag, real
from .ops.convolution import conv1d, conv2d
from .ops.cross import cross
from .ops.cumulative import cumprod, cumsum, logcumsumexp
from .ops.distances import cdist, pdist
from .ops.division import divide as div
from .ops.division import floor_divide, fmod, remainder
from .ops.einsum import einsum
from .ops.elementary import (
    abs,
    acos,
    acosh,
    asin,
    asinh,
    atan,
    atanh,
    ceil,
    cos,
    cosh,
    erf,
    erfc,
    exp,
    exp2,
    expm1,
    floor,
    frac,
    log,
    log1p,
    log2,
    log10,
    logit,
    round,
    rsqrt,
    sgn,
    sign,
    sin,
    sinh,
    sqrt,
    tan,
    trunc,
)
from .ops.elementary import trunc as fix
from .ops.elimination import det, logdet
from .ops.elimination import inv as inverse
from .ops.elimination import slogdet_of_old as slogdet
from .ops.extremes import amax, amin, aminmax, argmax, argmin, max, median, min, nanmedian
from .ops.filling import bernoulli
from .ops.formats import clone
from .ops.gamma import digamma, igamma, igammac, lgamma, polygamma
from .ops.indexing import select
from .ops.joining import (
    atleast_1d,
    atleast_2d,
    atleast_3d,
    broadcast_tensors,
    cat,
    column_stack,
    dstack,
    hstack,
    meshgrid,
    repeat_interleave,
    stack,
    tile,
    vstack,
)
from .ops.joining import cat as concat
from .ops.joining import cat as concatenate
from .ops.limits import clamp, clamp_max, clamp_min, clip, fmax, fmin, maximum, minimum, where
from .ops.masking import masked_fill, masked_scatter, masked_select, nan_to_num
from .ops.matrix import bmm, dot, inner, matmul, mm, mv, outer, tensordot
from .ops.matrix import outer as ger
from .ops.moments import std, std_mean, var, var_mean
from .ops.multiples import add_multiple as add
from .ops.multiples import rsub
from .ops.multiples import sub_multiple as sub
from .ops.norms import norm
from .ops.orthogonal import qr_of_old as qr
from .ops.parts import (
    chunk,
    diagonal,
    dsplit,
    hsplit,
    narrow,
    split,
    split_with_sizes,
    tensor_split,
    unbind,
    unsafe_chunk,
    unsafe_split,
    unsafe_split_with_sizes,
    vsplit,
)
from .ops.picking import (
    gather,
    index_add,
    index_copy,
    index_fill,
    index_select,
    scatter,
    scatter_add,
    take,
)
from .ops.pooling import avg_pool1d, max_pool1d, max_pool2d
from .ops.powers import float_power, pow, square
from .ops.products import prod
from .ops.rarer_activations import celu, hardshrink, prelu, rrelu, rrelu_, selu
from .ops.reductions import all, any, count_nonzero, mean, nanmean, nansum, sum
from .ops.scattering import index_reduce, scatter_reduce
from .ops.shape import (
    broadcast_to,
    flatten,
    ravel,
    reshape,
    squeeze,
    unflatten,
    unsqueeze,
)
from .ops.similarity import cosine_similarity
from .ops.softmax import log_softmax, logsumexp, softmax
from .ops.sorting import (
    argsort,
    bucketize,
    msort,
    nonzero,
    searchsorted,
    sort,
    topk,
    unique,
    unique_consecutive,
)
from .ops.strided import _as_strided as as_strided
from .ops.triangles import diag, diag_embed, diagflat, trace, tril, triu
from .printing import set_printoptions
from .random import (
    Generator,
    default_generator,
    get_rng_state,
    initial_seed,
    manual_seed,
    seed,
    set_rng_state,
)
from .random_tensors import (
    multinomial,
    normal,
    rand,
    rand_like,
    randint,
    randint_like,
    randn,
    randn_like,
    randperm,
)
from .serialization import load, save
from .size import Size, broadcast_shapes
from .storage import TypedStorage, UntypedStorage, is_storage
from .tensor import Tensor
from .warn import silence_numpy as _silence_numpy

__version__ = "0.1.0"

newaxis = None

Tensor.__module__ = __name__  # as its class prints: <class 'minigrad.Tensor'>

for _name in ("get_default_dtype", "is_grad_enabled", "is_inference_mode_enabled"):
    globals()[_name] = explaining.taking_nothing(globals()[_name], f"torch.{_name}")

from_numpy = explaining.taking_one(from_numpy, "torch._VariableFunctionsClass.from_numpy")

for _name in ("tensor", "as_tensor", "asarray"):
    globals()[_name] = explaining.refusing(globals()[_name], _name)

_METHODS = """
abs_ absolute acos_ acosh_ arccos arccos_ arcsin arcsin_ arctan arctan2 arctan_ asin_ asinh_ atan_
atanh_ ceil_ clamp_ clamp_max_ clamp_min_ clip_ conj conj_physical cos_ cosh_ detach detach_
divide erf_ erfc_ exp2_ exp_ expm1_ fill_ fix_ floor_ frac_ greater greater_equal index_put_
is_conj is_inference is_neg isreal less less_equal log10_ log1p_ log2_ log_ multiply nan_to_num_
neg_ negative negative_ not_equal positive reciprocal_ relu_ resolve_conj resolve_neg round_
rsqrt_ sigmoid_ sin_ sinh_ sqrt_ square_ subtract tan_ tanh_ trunc_ zero_
"""
"""Methods that PyTorch has as functions too, and that are written only once."""

for _name in _METHODS.split():
    _function = methods.METHODS.get(_name) or getattr(Tensor, _name)
    globals()[_name] = calling.checked(_function, _name)

for _name, _function in list(globals().items()):
    if _name not in _METHODS.split() and _listed(_name):
        globals()[_name] = calling.checked(_function, _name, on_error=methods.histories_first)

globals().update(foreach.FUNCTIONS)

_silence_numpy()


def __getattr__(name: str) -> Any:
    raise no_such(__name__, name)
