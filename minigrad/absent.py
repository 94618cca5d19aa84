"""What PyTorch has and minigrad has not: said by name, when it is asked for."""

from __future__ import annotations

from typing import Any

PACKAGE = __name__.rpartition(".")[0]


def no_such(module: str, name: str) -> AttributeError:
    """The error for a name that a module of this package has not."""
    known = f"{module}.{name}".replace(PACKAGE, "torch", 1)
    return AttributeError(
        f"module {module!r} has no attribute {name!r}: minigrad does not have {known}"
    )


class Absent:
    """An attribute that a tensor has in PyTorch: asking for it raises AttributeError, and says so.

    Not `__getattr__`, with which Python finds every attribute of a tensor more slowly.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type) -> Any:
        raise AttributeError(
            f"'{owner.__name__}' object has no attribute {self.name!r}: minigrad does not have "
            f"torch.Tensor.{self.name}"
        )


OF_TENSORS = """
angle apply_ arccosh arccosh_ arcsinh arcsinh_ arctanh arctanh_ argwhere as_strided_scatter
as_subclass bfloat16 bincount cauchy_ ccol_indices cdouble cfloat chalf cholesky cholesky_inverse
cholesky_solve coalesce col_indices conj_physical_ const_data_ptr corrcoef cov
crow_indices cummax cummin deg2rad deg2rad_ dense_dim dequantize diagonal_scatter diff dim_order
dist eig erfinv erfinv_ fill_diagonal_ fliplr flipud frexp gcd gcd_ geometric_ geqrf hash_tensor
heaviside heaviside_ histc histogram i0 i0_ index indices int_repr ipu is_coalesced is_distributed
is_ipu is_maia is_mkldnn is_mps is_mtia is_nested is_pinned is_same_size is_set_to is_shared
is_sparse_csr is_vulkan is_xla is_xpu istft kron kthvalue lcm lcm_ ldexp ldexp_ log_normal_
logaddexp2 lstsq lu lu_solve map2_ map_ matrix_exp matrix_power mode module_load mtia
mvlgamma mvlgamma_ nanquantile narrow_copy new_empty_strided nextafter nextafter_
nonzero_static orgqr ormqr pin_memory pinverse polygamma_ put put_ q_per_channel_axis
q_per_channel_scales q_per_channel_zero_points q_scale q_zero_point qscheme quantile rad2deg
rad2deg_ record_stream reinforce renorm renorm_ resize_as_sparse_ rot90 row_indices select_scatter
share_memory_ sinc sinc_ slice_inverse slice_scatter smm solve sparse_dim sparse_mask
sparse_resize_ sparse_resize_and_clear_ sspaddmm stft storage_type svd symeig take_along_dim
to_dense to_mkldnn to_padded_tensor to_sparse to_sparse_bsc to_sparse_bsr to_sparse_coo
to_sparse_csc to_sparse_csr triangular_solve values vdot xpu
"""
"""What tensors have in PyTorch 2.13 and not here, without the names that begin with `_`."""


def say_so(tensor: type) -> None:
    """Give the class of tensors an `Absent` for each of them."""
    for name in OF_TENSORS.split():
        setattr(tensor, name, Absent(name))


OF_MODULES = frozenset(
    "bfloat16 compile ipu mtia share_memory to_empty xpu".split()  # noqa: SIM905
)
"""What modules have in PyTorch and not here."""


def of_module(name: str) -> str:
    """What is added to the error for an attribute that a module has in PyTorch only."""
    return f": minigrad does not have torch.nn.Module.{name}" if name in OF_MODULES else ""
