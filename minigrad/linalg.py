"""`torch.linalg`: norms of vectors and matrices, and the singular value decomposition."""

from .absent import absent
from .explaining import explained
from .ops import norms, singular

__all__ = ["matrix_norm", "norm", "svd", "svdvals", "vector_norm"]

norm = explained("linalg_norm")(norms.linalg_norm)
vector_norm = explained("linalg_vector_norm")(norms.vector_norm)
matrix_norm = explained("linalg_matrix_norm")(norms.matrix_norm)
svd, svdvals = explained("linalg_svd")(singular.svd), explained("linalg_svdvals")(singular.svdvals)

__getattr__ = absent("linalg")
