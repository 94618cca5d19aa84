"""How PyTorch's functions may be called: `name …: form | form`, as its error texts show the forms.

A form lists the parameters: type, name, and `= …` if it may be left out; those after `*` by name
only. Short for what comes again and again: `out` is `Tensor out = None`, `outs` a tuple of them;
`ints` is a tuple of ints for which one int may stand; `made` the options of what is made anew.
`old` marks a form that PyTorch deprecates.
A method has the forms of the function without its first parameter and without `out`, unless it
is listed among `OF_METHODS`; the in-place form `name_` those of the method `name`.

Source: the texts of PyTorch 2.13's own errors; `arguments.py` reads this table.
"""

from __future__ import annotations

MADE = (
    "torch.dtype dtype = None, torch.layout layout = None, torch.device device = None, "
    "bool? pin_memory = False, bool? requires_grad = False"
)

INTS = ("ints", "ints?", "tuple of ints")

OF_FUNCTIONS = """
abs absolute bitwise_not exp2 fix frac log2 logical_not reciprocal rsqrt sigmoid sign square
signbit trunc acos acosh arccos asin arcsin asinh atan arctan atanh ceil cos cosh erf erfc exp expm1
floor log log10 log1p neg negative sgn sin sinh sqrt tan tanh isneginf isposinf msort positive
lgamma digamma:
    Tensor input, *, out
adjoint isfinite isinf isnan is_nonzero ravel t trace numel is_floating_point is_complex
is_inference detach
relu:
    Tensor input
clone: Tensor input, *, torch.memory_format memory_format = None
round: Tensor input, *, out | Tensor input, *, int decimals, out
add sub: Tensor input, Tensor other, *, Number alpha = 1, out
    | old Tensor input, Number alpha, Tensor other, *, out
subtract: Tensor input, Tensor other, *, Number alpha = 1, out
    | Tensor input, Number other, Number alpha = 1
rsub: Tensor input, Tensor other, *, Number alpha = 1 | Tensor input, Number other, Number alpha = 1
mul: Tensor input, Tensor other, *, out
multiply: Tensor input, Tensor other, *, out | Tensor input, Number other
div: Tensor input, Tensor other, *, out | Tensor input, Tensor other, *, str? rounding_mode, out
    | Tensor input, Number other, *, str? rounding_mode
divide: Tensor input, Tensor other, *, out | Tensor input, Tensor other, *, str? rounding_mode, out
    | Tensor input, Number other | Tensor input, Number other, *, str? rounding_mode
floor_divide true_divide: Tensor input, Tensor other, *, out | Tensor input, Number other
copysign eq fmod ge gt le lt ne greater greater_equal less less_equal not_equal:
    Tensor input, Tensor other, *, out | Tensor input, Number other, *, out
bitwise_and bitwise_left_shift bitwise_or bitwise_right_shift bitwise_xor remainder:
    Tensor input, Tensor other, *, out | Number self, Tensor other
    | Tensor input, Number other, *, out
xlogy: Tensor input, Tensor other, *, out | Number self, Tensor other, *, out
    | Tensor input, Number other, *, out
pow float_power: Tensor input, Tensor exponent, *, out | Number self, Tensor exponent, *, out
    | Tensor input, Number exponent, *, out
atan2 arctan2 fmax fmin hypot logaddexp maximum minimum logical_and logical_or logical_xor matmul
inner igamma igammac: Tensor input, Tensor other, *, out
equal: Tensor input, Tensor other
allclose isclose: Tensor input, Tensor other, float rtol = 1e-05, float atol = 1e-08,
    bool equal_nan = False
addcdiv addcmul: Tensor input, Tensor tensor1, Tensor tensor2, *, Number value = 1, out
    | old Tensor input, Number value, Tensor tensor1, Tensor tensor2, *, out
lerp: Tensor input, Tensor end, Tensor weight, *, out
    | Tensor input, Tensor end, Number weight, *, out
clamp clip: Tensor input, Tensor min = None, Tensor max = None, *, out
    | Tensor input, Number min = None, Number max = None, *, out
clamp_max: Tensor input, Tensor max, *, out | Tensor input, Number max, *, out
clamp_min: Tensor input, Tensor min, *, out | Tensor input, Number min, *, out
where: Tensor condition | Tensor condition, Tensor input, Tensor other, *, out
    | Tensor condition, Number self, Tensor other | Tensor condition, Tensor input, Number other
    | Tensor condition, Number self, Number other
masked_fill: Tensor input, Tensor mask, Tensor value | Tensor input, Tensor mask, Number value
masked_select: Tensor input, Tensor mask, *, out
masked_scatter: Tensor input, Tensor mask, Tensor source
sum: Tensor input, *, torch.dtype dtype = None
    | Tensor input, ints? dim, bool keepdim = False, *, torch.dtype dtype = None, out
mean: Tensor input, *, torch.dtype dtype = None, out
    | Tensor input, ints? dim, bool keepdim = False, *, torch.dtype dtype = None, out
nansum nanmean: Tensor input, ints dim = None, bool keepdim = False, *,
    torch.dtype dtype = None, out
prod: Tensor input, *, torch.dtype dtype = None
    | Tensor input, int dim, bool keepdim = False, *, torch.dtype dtype = None, out
cumsum cumprod: Tensor input, int dim, *, torch.dtype dtype = None, out
logcumsumexp: Tensor input, int dim, *, out
logsumexp: Tensor input, ints dim, bool keepdim = False, *, out
softmax log_softmax: Tensor input, int dim, torch.dtype dtype = None, *, out
nonzero: Tensor input, *, bool as_tuple = False, out
amax amin: Tensor input, ints? dim = [], bool keepdim = False, *, out
argmax argmin: Tensor input, int dim = None, bool keepdim = False, *, out
aminmax: Tensor input, *, int dim = None, bool keepdim = False, outs
max min: Tensor input, *, out | Tensor input, Tensor other, *, out
    | Tensor input, int dim, bool keepdim = False, *, outs
median nanmedian: Tensor input | Tensor input, int dim, bool keepdim = False, *, outs
all any: Tensor input, *, out | Tensor input, tuple of ints dim = None, bool keepdim = False, *, out
    | Tensor input, int dim, bool keepdim = False, *, out
count_nonzero: Tensor input, int dim = None | Tensor input, tuple of ints dim
std var: Tensor input, ints? dim, bool unbiased = True, bool keepdim = False, *, out
    | Tensor input, ints dim = None, *, Number correction = None, bool keepdim = False, out
    | Tensor input, bool unbiased = True
std_mean var_mean: Tensor input, ints dim, bool unbiased = True, bool keepdim = False
    | Tensor input, ints dim = None, *, Number correction = None, bool keepdim = False
    | Tensor input, bool unbiased = True
squeeze: Tensor input | Tensor input, int dim | Tensor input, tuple of ints dim
unsqueeze: Tensor input, int dim
transpose swapdims: Tensor input, int dim0, int dim1
swapaxes: Tensor input, int axis0, int axis1
permute flip: Tensor input, tuple of ints dims
tile: Tensor input, tuple of ints dims
roll: Tensor input, ints shifts, ints dims = []
reshape: Tensor input, tuple of ints shape
broadcast_to: Tensor input, tuple of ints size
flatten: Tensor input, int start_dim = 0, int end_dim = -1
movedim moveaxis: Tensor input, int source, int destination
    | Tensor input, tuple of ints source, tuple of ints destination
select: Tensor input, int dim, int index
narrow: Tensor input, int dim, Tensor start, int length
    | Tensor input, int dim, int start, int length
unbind: Tensor input, int dim = 0
chunk: Tensor input, int chunks, int dim = 0
tensor_split: Tensor input, tuple of ints indices, int dim = 0
    | Tensor input, Tensor tensor_indices_or_sections, int dim = 0
    | Tensor input, int sections, int dim = 0
hsplit vsplit dsplit: Tensor input, int sections
    | Tensor input, tuple of ints indices
split_with_sizes: Tensor input, tuple of ints split_sizes, int dim = 0
as_strided: Tensor input, tuple of ints size, tuple of ints stride, int storage_offset = None
diagonal: Tensor input, int offset = 0, int dim1 = 0, int dim2 = 1
diag_embed: Tensor input, int offset = 0, int dim1 = -2, int dim2 = -1
diagflat: Tensor input, int offset = 0
inverse: Tensor input, *, out
det logdet: Tensor input
slogdet: Tensor input, *, outs
qr: Tensor input, bool some = True, *, outs
diag tril triu: Tensor input, int diagonal = 0, *, out
cat concat concatenate stack: tuple of Tensors tensors, int dim = 0, *, out
hstack vstack dstack column_stack: tuple of Tensors tensors, *, out
cross: Tensor input, Tensor other, int? dim = None, *, out
linalg_cross: Tensor input, Tensor other, *, int dim = -1, out
repeat_interleave: Tensor input, Tensor repeats, int dim = None, *, int output_size = None
    | Tensor repeats, *, int output_size = None
    | Tensor input, int repeats, int dim = None, *, int output_size = None
gather: Tensor input, int dim, Tensor index, *, bool sparse_grad = False, out
scatter: Tensor input, int dim, Tensor index, Tensor src, *, out
    | Tensor input, int dim, Tensor index, Tensor src, *, str reduce, out
    | Tensor input, int dim, Tensor index, Number value, *, out
    | Tensor input, int dim, Tensor index, Number value, *, str reduce, out
scatter_add: Tensor input, int dim, Tensor index, Tensor src, *, out
index_select: Tensor input, int dim, Tensor index, *, out
index_add: Tensor input, int dim, Tensor index, Tensor source, *, Number alpha = 1, out
index_copy: Tensor input, int dim, Tensor index, Tensor source, *, out
index_fill: Tensor input, int dim, Tensor index, Tensor value
    | Tensor input, int dim, Tensor index, Number value
take: Tensor input, Tensor index, *, out
scatter_reduce: Tensor input, int dim, Tensor index, Tensor src, str reduce, *,
    bool include_self = True, out
threshold: Tensor input, Number threshold, Number value, *, out
selu: Tensor input
celu: Tensor input, Number alpha = 1
rrelu: Tensor input, Number lower = 0.125, Number upper = 0.3333333333333333,
    bool training = False, torch.Generator generator = None
rrelu_: Tensor input, Number lower = 0.125, Number upper = 0.3333333333333333,
    bool training = False, torch.Generator generator = None
polygamma: int n, Tensor input, *, out
hardshrink: Tensor input, Number lambd = 0.5, *, out
prelu: Tensor input, Tensor weight
cosine_similarity: Tensor x1, Tensor x2, int dim = 1, float eps = 1e-08
nan_to_num: Tensor input, float nan = None, float posinf = None, float neginf = None, *, out
isin: Tensor elements, Tensor test_elements, *, bool assume_unique = False, bool invert = False, out
    | Number element, Tensor test_elements, *, bool assume_unique = False, bool invert = False, out
    | Tensor elements, Number test_element, *, bool assume_unique = False, bool invert = False, out
unsafe_split: Tensor input, int split_size, int dim = 0
unsafe_chunk: Tensor input, int chunks, int dim = 0
unsafe_split_with_sizes: Tensor input, tuple of ints split_sizes, int dim = 0
index_reduce: Tensor input, int dim, Tensor index, Tensor source, str reduce, *,
    bool include_self = True, out
logit: Tensor input, float eps = None, *, out
pdist: Tensor input, float p = 2
im2col: Tensor input, tuple of ints kernel_size, tuple of ints dilation, tuple of ints padding,
    tuple of ints stride
col2im: Tensor input, tuple of ints output_size, tuple of ints kernel_size, tuple of ints dilation,
    tuple of ints padding, tuple of ints stride
conv1d conv2d: Tensor input, Tensor weight, Tensor bias = None, ints stride = 1, ints padding = 0,
    ints dilation = 1, int groups = 1 | Tensor input, Tensor weight, Tensor bias = None,
    ints stride = 1, str padding = "valid", ints dilation = 1, int groups = 1
max_pool1d max_pool2d: Tensor input, ints kernel_size, ints stride = [], ints padding = 0,
    ints dilation = 1, bool ceil_mode = False
avg_pool1d: Tensor input, ints kernel_size, ints? stride = [], ints padding = 0,
    bool ceil_mode = False, bool count_include_pad = True
avg_pool2d: Tensor input, ints kernel_size, ints? stride = [], ints padding = 0,
    bool ceil_mode = False, bool count_include_pad = True, int divisor_override = None
multinomial: Tensor input, int num_samples, bool replacement = False, *,
    torch.Generator generator = None, out
bernoulli: Tensor input, *, torch.Generator generator = None, out
    | Tensor input, float p, *, torch.Generator generator = None
topk: Tensor input, int k, int dim = -1, bool largest = True, bool sorted = True, *, outs
argsort: Tensor input, *, bool stable, int dim = -1, bool descending = False, out
    | Tensor input, int dim = -1, bool descending = False
sort: Tensor input, *, bool stable, int dim = -1, bool descending = False, outs
    | Tensor input, int dim = -1, bool descending = False, *, outs
mm bmm: Tensor input, Tensor mat2, *, out | Tensor input, Tensor mat2, torch.dtype out_dtype, *, out
mv: Tensor input, Tensor vec, *, out
dot: Tensor input, Tensor tensor, *, out
outer ger: Tensor input, Tensor vec2, *, out
addmm: Tensor input, Tensor mat1, Tensor mat2, *, Number beta = 1, Number alpha = 1, out
    | Tensor input, Tensor mat1, Tensor mat2, torch.dtype out_dtype, *, Number beta = 1,
    Number alpha = 1, out
    | old Number beta, Tensor input, Number alpha, Tensor mat1, Tensor mat2, *, out
    | old Number beta, Tensor input, Tensor mat1, Tensor mat2, *, out
addbmm: Tensor input, Tensor batch1, Tensor batch2, *, Number beta = 1, Number alpha = 1, out
    | old Number beta, Tensor input, Number alpha, Tensor batch1, Tensor batch2, *, out
    | old Number beta, Tensor input, Tensor batch1, Tensor batch2, *, out
baddbmm: Tensor input, Tensor batch1, Tensor batch2, *, Number beta = 1, Number alpha = 1, out
    | Tensor input, Tensor batch1, Tensor batch2, torch.dtype out_dtype, *, Number beta = 1,
    Number alpha = 1, out
    | old Number beta, Tensor input, Number alpha, Tensor batch1, Tensor batch2, *, out
    | old Number beta, Tensor input, Tensor batch1, Tensor batch2, *, out
addmv: Tensor input, Tensor mat, Tensor vec, *, Number beta = 1, Number alpha = 1, out
    | old Number beta, Tensor input, Number alpha, Tensor mat, Tensor vec, *, out
    | old Number beta, Tensor input, Tensor mat, Tensor vec, *, out
addr: Tensor input, Tensor vec1, Tensor vec2, *, Number beta = 1, Number alpha = 1, out
    | old Number beta, Tensor input, Number alpha, Tensor vec1, Tensor vec2, *, out
    | old Number beta, Tensor input, Tensor vec1, Tensor vec2, *, out
zeros ones: tuple of ints size, *, out, made
empty: tuple of ints size, *, torch.memory_format memory_format = None, out, made
full: tuple of ints size, Number fill_value, *, out, made
zeros_like ones_like empty_like: Tensor input, *, torch.memory_format memory_format = None, made
full_like: Tensor input, Number fill_value, *, torch.memory_format memory_format = None, made
rand randn: tuple of ints size, *, torch.Generator? generator, out, made
    | tuple of ints size, *, out, made
rand_like randn_like:
    Tensor input, *, torch.Generator? generator, torch.memory_format memory_format = None, made
    | Tensor input, *, torch.memory_format memory_format = None, made
randint: int high, tuple of ints size, *, torch.Generator? generator, out, made
    | int high, tuple of ints size, *, out, made
    | int low, int high, tuple of ints size, *, torch.Generator? generator, out, made
    | int low, int high, tuple of ints size, *, out, made
randint_like: Tensor input, int low, int high, *, torch.Generator? generator,
    torch.memory_format memory_format = None, made
    | Tensor input, int low, int high, *, torch.memory_format memory_format = None, made
    | Tensor input, Tensor high, *, torch.Generator? generator,
    torch.memory_format memory_format = None, made
    | Tensor input, Tensor high, *, torch.memory_format memory_format = None, made
    | Tensor input, int high, *, torch.Generator? generator,
    torch.memory_format memory_format = None, made
    | Tensor input, int high, *, torch.memory_format memory_format = None, made
normal: Tensor mean, Tensor std, *, torch.Generator generator = None, out
    | Tensor mean, float std = 1, *, torch.Generator generator = None, out
    | float mean, Tensor std, *, torch.Generator generator = None, out
    | float mean, float std, tuple of ints size, *, torch.Generator generator = None, out, made
can_cast: torch.dtype from_, torch.dtype to
promote_types: torch.dtype type1, torch.dtype type2
randperm: int n, *, torch.Generator? generator, out, made | int n, *, out, made
empty_strided: tuple of ints size, tuple of ints stride, *, made
eye: int n, *, out, made | int n, int m, *, out, made
arange: Number end, *, out, made | Number start, Number end, *, made
    | Number start, Number end, Number step = 1, *, out, made
linspace: Tensor start, Tensor end, int steps, *, out, made
    | Number start, Tensor end, int steps, *, out, made
    | Tensor start, Number end, int steps, *, out, made
    | Number start, Number end, int steps, *, out, made
logspace: Tensor start, Tensor end, int steps, float base = 10.0, *, out, made
    | Number start, Tensor end, int steps, float base = 10.0, *, out, made
    | Tensor start, Number end, int steps, float base = 10.0, *, out, made
    | Number start, Number end, int steps, float base = 10.0, *, out, made
bucketize: Tensor input, Tensor boundaries, *, bool out_int32 = False, bool right = False, out
    | Number self, Tensor boundaries, *, bool out_int32 = False, bool right = False
searchsorted: Tensor sorted_sequence, Tensor input, *, bool out_int32 = False, bool right = False,
    str side = None, Tensor sorter = None, out
    | Tensor sorted_sequence, Number self, *, bool out_int32 = False, bool right = False,
    str side = None, Tensor sorter = None, out
index_put: Tensor input, tuple of Tensors indices, Tensor values, bool accumulate = False
result_type: Tensor tensor, Tensor other | Number scalar, Tensor tensor
    | Tensor tensor, Number other | Number scalar1, Number scalar2
unflatten: Tensor input, int dim, tuple of ints sizes
"""

OF_METHODS = """
polygamma: int n
size stride: int dim = None
numpy: *, bool force = False
is_contiguous: *, torch.memory_format memory_format = None
requires_grad_: bool requires_grad = True
nonzero: | *, bool as_tuple
divide: Tensor other | Tensor other, *, str? rounding_mode | Number other
    | Number other, *, str? rounding_mode
repeat: tuple of ints repeats
view: torch.dtype dtype | tuple of ints size
expand: tuple of ints size, *, bool implicit = False
sum_to_size: tuple of ints size
view_as reshape_as expand_as type_as: Tensor other
to: torch.device device = None, torch.dtype dtype = None, bool non_blocking = False,
    bool copy = False, *, torch.memory_format memory_format = None
    | torch.dtype dtype, bool non_blocking = False, bool copy = False, *,
    torch.memory_format memory_format = None
    | Tensor tensor, bool non_blocking = False, bool copy = False, *,
    torch.memory_format memory_format = None
set_: | torch.Storage source
    | torch.Storage source, int storage_offset, tuple of ints size, tuple of ints stride = None
    | Tensor source
    | Tensor source, int storage_offset, tuple of ints size, tuple of ints stride = None
resize_as_: Tensor the_template, *, torch.memory_format memory_format = None
unfold: int dimension, int size, int step
repeat_interleave: Tensor repeats, int dim = None, *, int output_size = None
    | int repeats, int dim = None, *, int output_size = None
adjoint:
where: Tensor condition, Tensor other | Tensor condition, Number other
fill_: Tensor value | Number value
zero_ element_size ndimension nelement is_signed get_device:
copy_: Tensor other, bool non_blocking = False | old Tensor other, bool async = False
bernoulli_: Tensor p, *, torch.Generator generator = None
    | float p = 0.5, *, torch.Generator generator = None
random_: *, torch.Generator generator = None
    | int from, int? to, *, torch.Generator generator = None
    | int to, *, torch.Generator generator = None
uniform_: float from = 0, float to = 1, *, torch.Generator generator = None
normal_: float mean = 0, float std = 1, *, torch.Generator generator = None
exponential_: float lambd = 1, *, torch.Generator generator = None
mm bmm: Tensor mat2
addmm: Tensor mat1, Tensor mat2, *, Number beta = 1, Number alpha = 1
    | old Number beta, Number alpha, Tensor mat1, Tensor mat2
    | old Number beta, Tensor mat1, Tensor mat2
addbmm baddbmm: Tensor batch1, Tensor batch2, *, Number beta = 1, Number alpha = 1
    | old Number beta, Number alpha, Tensor batch1, Tensor batch2
    | old Number beta, Tensor batch1, Tensor batch2
addmv: Tensor mat, Tensor vec, *, Number beta = 1, Number alpha = 1
    | old Number beta, Number alpha, Tensor mat, Tensor vec
    | old Number beta, Tensor mat, Tensor vec
addr: Tensor vec1, Tensor vec2, *, Number beta = 1, Number alpha = 1
    | old Number beta, Number alpha, Tensor vec1, Tensor vec2
    | old Number beta, Tensor vec1, Tensor vec2
contiguous float double half int long short byte char bool cpu:
    *, torch.memory_format memory_format = None
new_empty new_zeros new_ones: tuple of ints size, *, made
new_tensor: object data, *, torch.dtype dtype = None, torch.device device = None,
    bool requires_grad = False
new_full: tuple of ints size, Number fill_value, *, made
resize_: tuple of ints size, *, torch.memory_format memory_format = None
"""

OF_NN = """
device: torch.device device | str type, int index = -1
tensor: object data, *, torch.dtype dtype = None, torch.device device = None,
    bool pin_memory = False, bool requires_grad = False
as_tensor: object data, *, torch.dtype dtype = None, torch.device device = None
asarray: object obj, *, torch.dtype dtype = None, torch.device device = None,
    bool? copy = None, bool requires_grad = False
new: *, torch.device device = None | torch.Storage storage | Tensor other
    | tuple of ints size, *, torch.device device = None
    | object data, *, torch.device device = None
split: Tensor input, int split_size, int dim = 0
    | Tensor input, tuple of ints split_size, int dim = 0
_unique2: Tensor input, bool sorted = True, bool return_inverse = False, bool return_counts = False
unique_dim: Tensor input, int dim, bool sorted = True, bool return_inverse = False,
    bool return_counts = False
unique_consecutive: Tensor input, bool return_inverse = False, bool return_counts = False,
    int dim = None
mish hardsigmoid hardswish: Tensor input
softshrink: Tensor input, Number lambd = 0.5
kl_div: Tensor input, Tensor target, reduction reduction = 1, *, bool log_target = False
hinge_embedding_loss: Tensor input, Tensor target, float margin = 1, reduction reduction = 1
pad: Tensor input, tuple of ints pad, str mode = "constant", float value = None
silu relu6: Tensor input
relu: Tensor input
gelu: Tensor input, *, str approximate = "none"
elu: Tensor input, Number alpha = 1
leaky_relu: Tensor input, Number negative_slope = 0.01
hardtanh: Tensor input, Number min_val = -1, Number max_val = 1
threshold: Tensor input, Number threshold, Number value
softplus: Tensor input, Number beta = 1, Number threshold = 20
log_sigmoid: Tensor input
cross_entropy_loss: Tensor input, Tensor target, Tensor weight = None, reduction reduction = 1,
    int ignore_index = -100, float label_smoothing = 0
binary_cross_entropy: Tensor input, Tensor target, Tensor weight = None, reduction reduction = 1
binary_cross_entropy_with_logits: Tensor input, Tensor target, Tensor weight = None,
    Tensor pos_weight = None, reduction reduction = 1
nll_loss_nd: Tensor input, Tensor target, Tensor weight = None, reduction reduction = 1,
    int ignore_index = -100
embedding: Tensor weight, Tensor indices, int padding_idx = None, bool scale_grad_by_freq = False,
    bool sparse = False
embedding_renorm: Tensor input, Tensor indices, float max_norm, float norm_type
smooth_l1_loss: Tensor input, Tensor target, reduction reduction = 1, float beta = 1
huber_loss: Tensor input, Tensor target, reduction reduction = 1, float delta = 1
linear: Tensor input, Tensor weight, Tensor bias = None
layer_norm: Tensor input, tuple of ints normalized_shape, Tensor weight = None, Tensor bias = None,
    float eps = 1e-05
batch_norm: Tensor input, Tensor weight = None, Tensor bias = None, Tensor running_mean = None,
    Tensor running_var = None, bool training = False, float momentum = 0.1, float eps = 1e-05
instance_norm: Tensor input, Tensor weight = None, Tensor bias = None, Tensor running_mean = None,
    Tensor running_var = None, bool use_input_stats = True, float momentum = 0.1, float eps = 1e-05
one_hot: Tensor input, int num_classes = -1
dropout: Tensor input, float p, bool train
cdist: Tensor x1, Tensor x2, float p = 2
linalg_svd: Tensor A, bool full_matrices = True, *, str driver = None, outs
linalg_solve_triangular: Tensor A, Tensor B, *, bool upper, bool left = True,
    bool unitriangular = False, out
linalg_solve: Tensor A, Tensor B, *, bool left = True, out
linalg_inv linalg_det: Tensor A, *, out
linalg_slogdet: Tensor A, *, outs
linalg_cholesky: Tensor input, *, bool upper = False, out
linalg_eigh: Tensor input, str UPLO = "L", *, outs
linalg_eigvalsh: Tensor input, str UPLO = "L", *, out
linalg_qr: Tensor A, str mode = "reduced", *, outs
linalg_svdvals: Tensor A, *, str driver = None, out
linalg_vector_norm: Tensor input, Number ord = 2, ints dim = None, bool keepdim = False,
    *, torch.dtype dtype = None, out
linalg_matrix_norm: Tensor input, Number ord, tuple of ints dim = {-2,-1}, bool keepdim = False, *,
    torch.dtype dtype = None, out
    | Tensor input, str ord = "fro", tuple of ints dim = {-2,-1}, bool keepdim = False, *,
    torch.dtype dtype = None, out
linalg_norm: Tensor input, Number ord = None, ints dim = None, bool keepdim = False, *,
    torch.dtype dtype = None, out
    | Tensor input, str ord, ints dim = None, bool keepdim = False, *,
    torch.dtype dtype = None, out
"""
"""Of `nn.functional` and `linalg`, by the names that their errors have."""
