"""`torch.linalg`: norms of vectors and matrices, decompositions, triangular systems."""

from .absent import absent
from .calling import checked
from .explaining import explained
from .ops import cross as _cross
from .ops import norms, orthogonal, singular, solving

__all__ = [
    "cross",
    "matrix_norm",
    "norm",
    "qr",
    "solve_triangular",
    "svd",
    "svdvals",
    "vector_norm",
]

norm = explained("linalg_norm")(norms.linalg_norm)
vector_norm = explained("linalg_vector_norm")(norms.vector_norm)
matrix_norm = explained("linalg_matrix_norm")(norms.matrix_norm)
svd, svdvals = explained("linalg_svd")(singular.svd), explained("linalg_svdvals")(singular.svdvals)
cross = checked(_cross.linalg_cross, "linalg_cross")
qr = explained("linalg_qr")(orthogonal.qr)
solve_triangular = checked(solving.solve_triangular, "linalg_solve_triangular")

__getattr__ = absent("linalg")
