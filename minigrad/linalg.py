"""`torch.linalg`: norms of vectors and matrices, decompositions, systems of equations."""

from .calling import checked
from .explaining import explained
from .ops import cross as _cross
from .ops import elimination, norms, orthogonal, singular, solving, symmetric
from .ops.refusals import LinAlgError

__all__ = [
    "LinAlgError",
    "cholesky",
    "cross",
    "det",
    "eigh",
    "eigvalsh",
    "inv",
    "matrix_norm",
    "norm",
    "qr",
    "slogdet",
    "solve",
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
solve = checked(elimination.solve, "linalg_solve")
inv, det = checked(elimination.inv, "linalg_inv"), checked(elimination.det, "linalg_det")
slogdet = checked(elimination.slogdet, "linalg_slogdet")
cholesky = checked(symmetric.cholesky, "linalg_cholesky")
eigh = checked(symmetric.eigh, "linalg_eigh")
eigvalsh = checked(symmetric.eigvalsh, "linalg_eigvalsh")
