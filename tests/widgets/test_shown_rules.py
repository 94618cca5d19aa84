"""The formula that is shown beside a step computes what the step sends.

Every operation of the table runs, its walk is recorded, and each formula that can be read (by the
reader of derivations: most are more than words) is computed with the numbers beside it.
"""

import re

import numpy as np
import pytest

from minigrad.trace import record
from minigrad.trace.names import latex
from tests.engine.operations import TABLE
from tests.engine.test_operations import Case
from widgets.derivation import FormulaError, evaluate, parse
from widgets.formula import like_others

pytestmark = pytest.mark.filterwarnings("ignore:index_reduce")  # it warns, as PyTorch's does

LOOSE = {
    "matrix._mv", "added_products._addmv", "added_products._addr", "elimination.logdet",
    "symmetric._cholesky", "cross._cross",  # products of matrices: written as such, read entrywise
    "elimination._inv",
    "axes._transpose",  # ⊤ for any two axes
    "reductions._sum_dims", "reductions._mean_dims", "similarity.cosine_similarity",  # spread again
    "activations._softplus",  # beyond `threshold` it is straight
    "rarer_activations.mish",  # a part of it has a name
    "products._prod", "products._prod_dim",  # where an entry is 0, the product of the others
}  # fmt: skip
"""What is read otherwise than it is meant."""

SHAPES = [(row, next((s for s in row.shapes if 0 not in sum(s, ())), None)) for row in TABLE]
BEYOND = {
    "activations._gelu",
    "added_products._addbmm",
    "added_products._addmv",
    "added_products._baddbmm",
    "axes._flip",
    "axes._permute",
    "axes._roll",
    "elimination._slogdet",
    "cumulative._cumprod",
    "cumulative._cumsum",
    "cumulative._logcumsumexp",
    "division._fmod",
    "division._remainder",
    "elementary.abs",
    "elimination._det",
    "elimination._solve",
    "filling._copy",
    "filling._fill_tensor",
    "gamma._polygamma",
    "gamma.digamma",
    "gamma.lgamma",
    "joining.meshgrid",
    "joining.repeat_interleave",
    "limits._clamp",
    "limits._clamp_tensors",
    "losses._nll_loss",
    "losses._nll_loss2d",
    "losses._smooth_l1_loss",
    "added_products._addmm",
    "matrix._bmm",
    "matrix._mm",
    "matrix._mv",
    "products._prod_dim",
    "moments._std",
    "moments._var",
    "moments._var_mean",
    "normalization._native_batch_norm",
    "normalization._native_layer_norm",
    "norms._norm",
    "norms.matrix_norm",
    "norms.vector_norm",
    "orthogonal._qr",
    "parts._split",
    "parts._split_with_sizes",
    "parts._unbind",
    "parts._unsafe_split",
    "parts._unsafe_split_with_sizes",
    "scattering._index_reduce",
    "scattering._scatter_reduce",
    "shape._expand",
    "similarity.cosine_similarity",
    "singular._svd",
    "softmax._log_softmax",
    "softmax._softmax",
    "solving._solve_triangular",
    "symmetric._cholesky",
    "symmetric._eigh",
    "triangles._diag_embed",
    "triangles._trace",
    "triangles._tril",
    "triangles._triu",
}
"""Formulas with signs that the reader does not know, or with matrices beside each other."""

CASES = [
    pytest.param(row, expression, shapes, id=f"{row.covers} {expression}")
    for row, shapes in SHAPES
    for expression in row.expressions
    if "float16" not in expression and shapes is not None
]


def numbers(data):
    return np.asarray(data["values"], float).reshape(data["shape"])


def formulas(trace):
    """(the formula, with G for what arrived; what arrived; what was sent) of each product."""
    labels = {node["id"]: node["label"] for node in trace["nodes"]}
    for step in trace["backward"]:
        if step["kind"] == "operation" and "values" in step["incoming"]:
            own = step.get("label", labels[step["node"]])
            arrived = (
                rf"\frac{{\partial {latex(labels[trace['output']])}}}{{\partial {latex(own)}}}"
            )
            for product in step["products"]:
                if "values" not in product["contribution"]:
                    continue  # too many to be shown
                formula = product["rule"].split(r"\mathrel{+}= ")[1].replace(arrived, " G ")
                yield formula, numbers(step["incoming"]), numbers(product["contribution"])


def summed_to(found, shape):
    """What a formula gives, in the shape of the input: where that was stretched, added up."""
    if found.size == int(np.prod(shape)):
        return found.reshape(shape)
    if found.size < np.prod(shape):
        return np.broadcast_to(found, shape)
    found = found.sum(tuple(range(found.ndim - len(shape))))
    axes = tuple(k for k, n in enumerate(shape) if n == 1 and found.shape[k] > 1)
    return found.sum(axes, keepdims=True)


def read(formula, values):
    """What a formula gives; None if it is (partly) in words."""
    formula = re.sub(r"([A-Za-z])_\{(\d+)\}", r"\1\2", formula)  # t_{1} is called t1
    try:
        tree = parse(formula.replace("[", "(").replace("]", ")"), values)  # [x > 0] is 1 or 0
        return evaluate(tree, values)
    except FormulaError:
        return None


@pytest.mark.parametrize("row, expression, shapes", CASES)
def test_it_computes_what_is_sent(row, expression, shapes):
    case = Case(row, expression, shapes)
    if not case.smooth:
        return
    trace = record(case.out(), case.cotangent, names=dict(zip("xyz", case.inputs))).data
    for step in trace["backward"]:
        for rule in step["rule"]:
            assert "\\" not in like_others(rule), rule
    values = {
        n["label"]: numbers(n["value"]) for n in trace["nodes"] if "values" in (n["value"] or ())
    }
    for formula, arrived, sent in formulas(trace):
        if row.covers in LOOSE or "[1]" in formula:  # a second result has no name of its own
            continue
        found = read(formula, {**values, "G": arrived, "n": sent.size})
        if found is None:
            assert row.covers in BEYOND or r"\text{" in formula, formula
        else:
            np.testing.assert_allclose(
                summed_to(found, sent.shape), sent, 1e-4, 1e-6, err_msg=formula
            )
