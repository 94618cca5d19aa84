"""`torch.linalg`: norms of vectors and matrices, and the singular value decomposition."""

from .absent import absent
from .ops.norms import linalg_norm as norm
from .ops.norms import matrix_norm, vector_norm
from .ops.singular import svd, svdvals

__all__ = ["matrix_norm", "norm", "svd", "svdvals", "vector_norm"]

__getattr__ = absent("linalg")
