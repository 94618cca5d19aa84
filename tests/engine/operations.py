"""The table of operations: how each is called, and on what. One without a row fails a test.

A row covers one `Operation` object of `minigrad.ops` and gives expressions in x, y and z that run
it. From each row come programs (see `observe.py`) that compare with PyTorch: value, dtype, first
and second gradient, in float64 and float32, broadcast, with no entries, not contiguous, and with
inputs of other dtypes. `test_operations.py` compares the same expressions with finite differences.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.engine.observe import Program
from tests.engine.operations_on_numbers import TABLE as ON_NUMBERS
from tests.engine.operations_on_places import TABLE as ON_PLACES
from tests.engine.rows import CUBE, ONE, Row, Shapes, one, two

TABLE = [
    *ON_NUMBERS,
    *ON_PLACES,
    # arithmetic
    two("arithmetic.add", "x + y", "torch.add(x, y)", "x + x"),
    one("arithmetic.add", "x + 2", "1.5 + x", "True + x"),
    two("arithmetic.sub", "x - y", "x.sub(y)", "torch.sub(x, y)"),
    one("arithmetic.sub", "x - 2"),
    one("multiples._rsub", "2 - x", "1.5 - x", "torch.rsub(x, 3)"),
    two("arithmetic.mul", "x * y", "torch.mul(x, y)", "x * x"),
    one("arithmetic.mul", "x * 2", "-0.5 * x"),
    two("arithmetic.div", "x / y", "torch.div(x, y)", low=0.5),
    one("arithmetic.div", "x / 3", low=0.5),
    one("arithmetic.reciprocal", "1 / x", "2.5 / x", "torch.reciprocal(x)", low=0.5),
    one("arithmetic.neg", "-x", "torch.neg(x)", "x.neg()"),
    one("powers._pow", "x ** 2", "x ** 3", "x.pow(4)", "x ** 0", "x ** 1", "torch.pow(x, 2.0)"),
    one("powers._pow", "x ** 0.5", "x ** -1", "x ** -2", "x ** 2.5", "x ** -0.5", low=0.5),
    two("powers._pow_tensor", "x ** y", "torch.pow(x, y)", low=0.5),
    one("powers._pow_scalar", "2 ** x", "0.5 ** x", "1 ** x"),
    one("elementary.exp", "x.exp()", "torch.exp(x)"),
    one("elementary.log", "x.log()", "torch.log(x)", low=0.5),
    one("elementary.sqrt", "x.sqrt()", "torch.sqrt(x)", low=0.5),
    one("elementary.abs", "x.abs()", "torch.abs(x)", "abs(x)"),
    one("elementary.sgn", "x.sgn() + x", "torch.sgn(x) * x", "(x * 1).sgn_() * x"),
    one("elementary.sign", "x.sign()", "torch.sign(x) * x"),
    two("comparison.eq", "x == y", "torch.eq(x, y)", "x == x"),
    two("comparison.ne", "x != y", "torch.ne(x, y)"),
    two("comparison.lt", "x < y", "torch.lt(x, y)"),
    two("comparison.le", "x <= y", "x.le(y)", "torch.le(x, y)"),
    two("comparison.gt", "x > y", "torch.gt(x, y)"),
    two("comparison.ge", "x >= y", "x.ge(y)", "torch.ge(x, y)"),
    one("comparison.gt", "x > 0", "0.5 < x", "x == 1", "x != 1", "x <= 0", "x >= 0", "x < 0"),
    one("comparison.logical_not", "~(x > 0)", "(x > 0).logical_not()", "x.logical_not()"),
    two("comparison.bitwise_and", "(x > 0) & (y > 0)"),
    two("comparison.bitwise_or", "(x > 0) | (y > 0)"),
    one("type_casts._clone", "x.clone()", "torch.clone(x)"),
    one("type_casts._to", "x.to(torch.float64)", "x.float()", "x.double() * 2", "x.long()",
        "x.to(torch.float16).double()"),
    # activations
    one("activations.relu", "x.relu()", "torch.relu(x)"),
    one("activations.sigmoid", "x.sigmoid()", "torch.sigmoid(x)", "torch.sigmoid(x * 40)"),
    one("activations.tanh", "x.tanh()", "torch.tanh(x)"),
    one("limits._clamp", "x.clamp(min=0)", "x.clamp(max=0.5)", "torch.clamp(x, -1, 1)",
        "x.clamp(0.5, -0.5)", "x.clamp(-1)"),
    two("limits.maximum", "torch.maximum(x, y)", "x.maximum(x)"),
    two("limits.minimum", "torch.minimum(x, y)", "x.minimum(x)"),
    two("limits._where", "torch.where(x > 0, x, y)", "x.where(y > 0, y)",
        "torch.where(x > y, x * y, x - y)"),
    one("limits._where", "torch.where(x > 0, x, 0)", "torch.where(x > 0, 2.5, x)",
        "torch.where(x > 0, 1, 2)", "torch.where(x > 0, 1, 2.5)"),
    two("division._div_exact", "torch.div(x, y, rounding_mode=None)",
        "x.div(y, rounding_mode=None)", low=0.5),
    one("activations.threshold", "torch.threshold(x, 0.5, 9)",
        "torch.nn.functional.threshold(x, -0.25, 2.5)"),
    one("masking._nan_to_num", "torch.nan_to_num(x, 1.5, 2.5)", "x.nan_to_num()",
        "torch.nan_to_num_(x * 1, posinf=1.0)"),
    Row("comparison._isin", ("torch.isin(x, y)", "torch.isin(x, x)", "torch.isin(x, 1)",
        "torch.isin(1, x)", "torch.isin(x, y, assume_unique=False)"),
        (((2, 3), (4,)), ((0,), (2,)))),
    Row("comparison._isnotin", ("torch.isin(x, y, invert=True)",), (((2, 3), (4,)),)),
    # reductions
    Row("reductions._sum", ("x.sum()", "torch.sum(x)"), (*ONE, *CUBE)),
    Row("reductions._sum_dims", ("x.sum(0)", "x.sum(-1, keepdim=True)", "x.sum((0, 2))",
        "torch.sum(x, dim=[1, -1], keepdim=True)", "x.sum(dim=1)"), CUBE),
    Row("reductions._sum_dims", ("x.sum(0)", "x.sum(-1, True)"), (((),), ((3,),))),
    Row("reductions._mean", ("x.mean()", "torch.mean(x)"), (*ONE, *CUBE)),
    Row("reductions._mean_dims", ("x.mean(0)", "x.mean(-1, keepdim=True)", "x.mean((0, 2))",
        "torch.mean(x, dim=[1, -1], keepdim=True)"), CUBE),
    Row("extremes._aminmax", ("x.aminmax().max - 2 * x.aminmax().min",), (((2, 3),), ((),))),
    # matrix
    Row("matrix._mm", ("x @ y", "x.mm(y)", "torch.mm(x, y)", "torch.matmul(x, y)"),
        (((2, 3), (3, 4)), ((1, 3), (3, 1)), ((0, 3), (3, 2)), ((2, 0), (0, 3)))),
    Row("matrix._bmm", ("x @ y", "torch.matmul(x, y)"), (((2, 3, 4), (2, 4, 5)),)),
    Row("matrix._mv", ("x @ y", "x.matmul(y)"), (((2, 3), (3,)), ((0, 3), (3,)))),
    Row("matrix._dot", ("x @ y", "x.matmul(y)"), (((3,), (3,)), ((0,), (0,)))),
    Row("matrix._mm", ("(x @ y) * 2",), (((3,), (3, 4)),)),
    Row("matrix.matmul", ("(x @ y) * 2",), (((2, 1, 3, 4), (5, 4, 2)), ((2, 3, 4), (4,)),
        ((4,), (2, 4, 3)), ((2, 3, 4), (4, 5)), ((3, 4), (2, 4, 5)))),
    Row("singular._svd", ("torch.linalg.svdvals(x)", "torch.linalg.svd(x, False).S",
        "torch.linalg.svd(x, full_matrices=False)[0].abs()",
        "torch.linalg.svd(x, full_matrices=False).Vh.abs()", "torch.linalg.svd(x).S",
        "torch.linalg.svd(x)[0][..., :2].abs()", "torch.linalg.svd(x).Vh[..., :2, :].abs()"),
        (((2, 3),), ((3, 2),), ((2, 2),), ((2, 2, 3),)), kinds=False),
    Row("orthogonal._qr", ("torch.linalg.qr(x).R", "torch.linalg.qr(x)[0]",
        "torch.linalg.qr(x).R.sum() * torch.linalg.qr(x).Q"),
        (((3, 2),), ((2, 3),), ((2, 2),), ((2, 3, 2),)), low=-1, kinds=False),
    Row("solving._solve_triangular", ("torch.linalg.solve_triangular(x, y, upper=True)",
        "torch.linalg.solve_triangular(x, y, upper=False, unitriangular=True)",
        "torch.linalg.solve_triangular(x, y.mT, upper=False, left=False)",
        "torch.linalg.solve_triangular(x, y.mT, upper=True, left=False, unitriangular=True)"),
        (((3, 3), (3, 2)), ((2, 1, 3, 3), (2, 3, 2)), ((1, 1), (1, 1))), low=0.5, kinds=False),
    Row("elimination._solve", ("torch.linalg.solve(x + 4 * torch.eye(3), y)",
        "torch.linalg.solve(4 * torch.eye(3) - x, y.mT, left=False)"),
        (((3, 3), (3, 2)), ((2, 1, 3, 3), (2, 3, 2)), ((2, 3, 3), (3, 1))), kinds=False),
    Row("elimination._solve", ("torch.linalg.solve(x + 4 * torch.eye(3), y)",),
        (((3, 3), (3,)), ((2, 3, 3), (2, 3)), ((2, 3, 3), (3,))), kinds=False),
    Row("elimination._inv", ("torch.linalg.inv(x)", "torch.inverse(x)", "x.inverse()"),
        (((3, 3),), ((2, 2, 2),), ((0, 0),)), low=0.5, kinds=False),
    Row("elimination._det", ("torch.linalg.det(x)", "torch.det(x)", "x.det()"),
        (((3, 3),), ((2, 2, 2),), ((0, 0),)), kinds=False),
    Row("elimination._slogdet", ("torch.linalg.slogdet(x)[1]", "torch.slogdet(x).logabsdet",
        "x.slogdet()[1]", "torch.linalg.slogdet(x).sign * x.slogdet().logabsdet"),
        (((3, 3),), ((2, 2, 2),), ((0, 0),)), kinds=False),
    Row("elimination.logdet", ("torch.logdet(x @ x.mT)", "(x @ x.mT).logdet()"),
        (((3, 3),), ((2, 2, 2),)), kinds=False),
    Row("symmetric._cholesky", ("torch.linalg.cholesky(x @ x.mT + torch.eye(x.shape[-1]))",
        "torch.linalg.cholesky(x @ x.mT + torch.eye(x.shape[-1]), upper=True)"),
        (((3, 3),), ((2, 2, 2),), ((0, 0),)), kinds=False),
    Row("symmetric._eigh", ("torch.linalg.eigvalsh(x + x.mT)", "torch.linalg.eigh(x + x.mT)[0]",
        "torch.linalg.eigh(x + x.mT).eigenvectors.abs()", "torch.linalg.eigvalsh(x + x.mT, 'U')"),
        (((3, 3),), ((2, 2, 2),), ((0, 0),)), kinds=False),
    Row("norms.matrix_norm", ("torch.linalg.matrix_norm(x, 'nuc')", "torch.linalg.norm(x, 2)",
        "torch.linalg.matrix_norm(x, -2)", "torch.norm(x, 'nuc')",
        "torch.linalg.matrix_norm(x, 2, keepdim=True)"), (((2, 3),), ((3, 3),)), kinds=False),
    Row("norms.matrix_norm", ("torch.linalg.matrix_norm(x, 'nuc', (0, 1), True)",
        "torch.linalg.matrix_norm(x, 2, (2, 0))"), (((2, 3, 2),),), kinds=False),
    Row("padding._constant_pad", ("torch.nn.functional.pad(x, (1, 2))",
        "torch.nn.functional.pad(x, (1, 0, 0, 2), value=1.5)",
        "torch.nn.functional.pad(x, (-1, 2, 1, -1), 'constant', 2)",
        "torch.nn.functional.pad(x, ())"), (((2, 3),), ((2, 3, 4),), ((0, 3, 2),))),
    *(Row(f"padding_modes._{kind}_pad{axes}d", tuple(
        f"torch.nn.functional.pad(x, {size}, {mode!r})" for size in sizes),
        (((2, *range(3, 3 + axes)),), ((2, 1, *range(3, 3 + axes)),)))
      for kind, mode in (("reflection", "reflect"), ("replication", "replicate"))
      for axes, sizes in ((1, ((1, 2), (-1, 2))), (2, ((2, 1, 0, 2), (1, -2, 1, 1))),
                          (3, ((1, 2, 2, 1, 0, 2), (0, 0, -1, -1, 2, 1))))),
    Row("cross._cross", ("torch.linalg.cross(x, y)", "torch.cross(x, y, 1)", "x.cross(y, -1)"),
        (((2, 3), (2, 3)), ((1, 3), (2, 3)), ((0, 3), (0, 3)))),
    Row("pooling._max_pool", tuple(
        f"torch.nn.functional.{call}" for call in (
            "max_pool2d(x, 2)", "max_pool2d(x, 3, 1, 1)",
            "max_pool2d(x, (1, 2), (2, 1), ceil_mode=True)",
            "max_pool2d(x, 2, dilation=2, stride=1)", "max_pool2d(x, 2, return_indices=True)[0]")),
        (((2, 3, 4, 5),), ((2, 3, 3),), ((0, 2, 3, 3),))),
    Row("pooling._avg_pool", tuple(
        f"torch.nn.functional.{call}" for call in (
            "avg_pool2d(x, 2)", "avg_pool2d(x, 3, 1, 1)", "avg_pool2d(x, 3, 2, 1, True, False)",
            "avg_pool2d(x, (2, 3), divisor_override=5)", "avg_pool2d(x, 2, 2, 1, True)")),
        (((2, 3, 4, 5),), ((2, 3, 3),), ((0, 2, 3, 3),))),
    Row("adaptive_pooling._adaptive_avg_pool2d", (
        "torch.nn.functional.adaptive_avg_pool2d(x, 2)",
        "torch.nn.functional.adaptive_avg_pool2d(x, (None, 1))",
        "torch.nn.functional.interpolate(x, (5, 2), mode='area')"), (((1, 2, 3, 5),),),
        kinds=False),
    Row("adaptive_pooling._adaptive_avg_pool3d", (
        "torch.nn.functional.adaptive_avg_pool3d(x, 2)",
        "torch.nn.functional.adaptive_avg_pool3d(x, (2, 1, 4))"), (((2, 2, 3, 3),),)),
    *(Row(f"interpolation._upsample_{name}{len(shape)}d", tuple(
        f"torch.nn.functional.interpolate(x, {how}, mode={mode!r})" for how in (
            "2", "scale_factor=1.7", *(["5, align_corners=True"] if "linear" in mode else []))),
        (((1, 2, *shape),),), kinds=len(shape) != 2)
      for name, mode, shape in (
          ("nearest", "nearest", (3,)), ("nearest", "nearest", (3, 2)),
          ("nearest", "nearest", (2, 3, 2)), ("nearest_exact", "nearest-exact", (3,)),
          ("nearest_exact", "nearest-exact", (3, 2)), ("nearest_exact", "nearest-exact", (2, 3, 2)),
          ("linear", "linear", (3,)), ("bilinear", "bilinear", (3, 4)),
          ("trilinear", "trilinear", (2, 3, 2)), ("bicubic", "bicubic", (3, 4)))),
    Row("filling._copy", ("torch.nn.functional.pad(x, (2, 1), mode='circular')",
        "torch.nn.functional.pad(x, (-1, 2), 'circular')"), (((2, 3),), ((1, 2, 3),))),
    Row("filling._copy", ("torch.nn.functional.pad(x, (2, 1, 0, 3), mode='circular')",
        "torch.nn.functional.pad(x, (0, 1, -1, 2), 'circular')"), (((2, 3, 4),),), kinds=False),
    # shape
    Row("shape._view", ("x.view(6, 4)", "x.view(-1)", "x.reshape(4, -1)", "x.view((2, 12))",
        "torch.reshape(x, (24,))"), (((2, 3, 4),),)),
    Row("shape._view", ("x.reshape(3, 0)", "x.view(0)"), (((0, 3),),)),
    Row("shape._reshape_copy", ("x.t().reshape(-1)", "x.t().reshape(2, 3) * 2"), (((2, 3),),)),
    Row("axes.t_", ("x.t()", "torch.t(x)"), (((2, 3),), ((3,),), ((),), ((0, 3),))),
    Row("axes._permute", ("x.permute(2, 0, 1)", "x.permute((0, 2, 1))", "x.permute(-1, 0, 1)",
        "torch.permute(x, (2, 1, 0))", "x.permute(1, 2, 0) * 2"), CUBE),
    Row("axes._permute", ("x.T", "x.T @ x"), (((2, 3),),)),
    Row("axes._transpose", ("x.transpose(0, 1)", "x.transpose(-1, 0)", "torch.transpose(x, 1, 2)",
        "x.swapaxes(0, 2)", "x.mT"), CUBE),
    Row("shape._expand", ("x.expand(4, 2, 3)", "x.expand(-1, 3)", "x.expand(5, -1, 3) * 2"),
        (((2, 1),),)),
    Row("shape._expand", ("x.expand(3)", "x.expand(2, 2)", "x.expand((4,))"), (((),), ((1,),))),
    Row("shape._unsqueeze", ("x.unsqueeze(0)", "x.unsqueeze(-1)", "torch.unsqueeze(x, 1)"),
        (((2, 3),), ((0, 3),))),
    Row("shape._squeeze_dim", ("x.squeeze(0)", "x.squeeze(1)", "torch.squeeze(x, -1)"),
        (((1, 3, 1),), ((2, 1, 3),))),
    Row("shape._squeeze", ("x.squeeze()", "torch.squeeze(x) * 2"),
        (((1, 3, 1),), ((2, 3),), ((),))),
    # indexing
    Row("indexing._select", ("x[0]", "x[-1]", "x[1, 2]", "x[1, 2, 3]", "x[..., 0]", "x[:, 1]",
        "x[0] * x[1]"), (((2, 3, 4),),)),
    Row("indexing._slice", ("x[1:]", "x[:, ::2]", "x[-1:, 1:3, :2]", "x[..., 1:]", "x[:]",
        "x[5:]", "x[2:1]", "x[None, :, 1:, None]", "x[1:][0]"), (((2, 3, 4),),)),
    Row("indexing._index", ("x[[0, 0, 1]]", "x[:, [2, 0]]", "x[x > 0]", "x[torch.tensor([1, 0])]",
        "x[torch.tensor([[0, 1], [1, 1]])]", "x[[0, 1], [2, 2]]", "x[1, [0, 0]]", "x[[0], :, [1]]",
        "x[..., [0, 1, 1]]", "x[torch.tensor([True, False])]", "x[[-1]]", "x[[1], 1:]"),
        (((2, 3, 4),),)),
    # written to
    Row("filling._thrown", ("torch.bernoulli((x > 0) * x / x)", "((x > 0) * x / x).bernoulli()"),
        (((2, 3),),)),
    Row("filling._thrown_alike", ("torch.bernoulli(x, 1.0).detach()",
        "x.bernoulli(p=0.0).detach()"), (((2, 3),), ((),))),
    Row("filling._fill", ("(x * 2).fill_(3)",), (((2, 3),), ((),))),
    Row("filling._fill_tensor", ("(x * 2).fill_(y)",), (((2, 3), ()),)),
    Row("filling._zero", ("(x * 2).zero_() + x",), (((2, 3),), ((),))),
    Row("filling._copy", ("(x * 2).copy_(y)", "(x * 2).copy_(y) * x"),
        (((2, 3), (2, 3)), ((2, 3), (3,)), ((2, 3), ())), kinds=False),
]  # fmt: skip

REACHED_OTHERWISE = {
    "filling._around_means": "flat by agreement: programs/random_numbers.py",
    "filling._with_deviations": "flat by agreement: programs/random_numbers.py",
    "filling._around_both": "flat by agreement: programs/random_numbers.py",
    "filling._thrown_with": "flat by agreement: programs/slips.py",
    "arithmetic_tangents._still": "programs/recorded_gradients.py",
    "with_numbers._and_number": "the second gradient of log1p",
    "with_numbers._over": "the second gradient of mean",
    "with_numbers._times": "the second gradient of x ** 3",
    "convolution._convolution": "programs/convolutions.py",
    "convolution._convolution_backward": "programs/convolutions.py",
    "pooling._max_pool_backward": "the second gradient of max_pool2d",
    "pooling._avg_pool_backward": "the second gradient of avg_pool2d",
    "sliding_blocks._col2im": "programs/convolutions.py",
    "sliding_blocks._im2col": "programs/convolutions.py",
    "distances._cdist": "a second derivative is refused: programs/distances.py",
    "distances._cdist_back": "programs/distances.py",
    "distances._euclidean": "no tangent goes through: programs/distances.py",
    "distances._pdist": "a second derivative is refused: programs/distances.py",
    "distances._pdist_back": "programs/distances.py",
    "gamma.igamma": "no gradient of its first input, no tangent: programs/gamma.py",
    "gamma.igammac": "the same",
    "division.to_overwrite": "floor_divide_: programs/numbers_that_fit.py",
    "axes.primal": "unpack_dual: programs/recorded_gradients.py",
    "resizing._set": "set_: programs/numbers_that_fit.py",
    "rarer_activations._hardsigmoid_slope": "a second derivative is refused: programs/nn.py",
    "rarer_activations.hardsigmoid": "a second derivative is refused: programs/nn.py",
    "rarer_activations._hardshrink_backward": "the second gradient of hardshrink",
    "activations._threshold": "the second gradient of relu",
    "activations._leaky_slope": "the second gradient of leaky_relu",
    "activations._hardtanh_slope": "the second gradient of hardtanh",
    "indexing._scatter": "the second gradient of every row of indexing",
    "strided.as_strided": "writing through views: test_random_programs.py",
    "strided.put_strided": "writing through views: test_random_programs.py",
}
"""Operations that nobody calls by name, and where they are tested."""

KINDS = ("float16", "float32", "float64", "int32", "int64", "bool")


def setup(shapes: Shapes, kind: str, low: float, high: float, contiguous: bool = True) -> str:
    """The lines that make x, y and z."""
    lines = []
    for name, shape in zip("xyz", shapes):
        size = shape if contiguous else shape[::-1]
        arguments = ", ".join([*map(str, size), f"low={low}", f"high={high}"])
        flag = ", requires_grad=True" if kind.startswith("float") else ""
        leaf = name if contiguous else name + "0"
        lines.append(f"{leaf} = torch.tensor(numbers({arguments})).to(torch.{kind})"
                     + (".requires_grad_()" if flag else ""))  # fmt: skip
        if not contiguous:
            lines.append(f"{name} = {leaf}.permute({', '.join(map(str, range(len(shape))[::-1]))})")
    return "\n".join(lines) + "\n"


def programs() -> list[Program]:
    """The programs of the whole table, for `test_facts.py`."""
    return [program for row in TABLE for program in _programs(row)]


def _programs(row: Row) -> Iterator[Program]:
    file = row.covers.partition(".")[0]
    title = f"{row.covers} {row.expressions[0]}"
    for shapes in row.shapes:
        for kind in ("float64", "float32") if shapes == row.shapes[0] else ("float64",):
            yield Program(f"op_{file}", f"{title} {kind} {_shown(shapes)}", "".join(
                setup(shapes, kind, row.low, row.high) + _look(expression, shapes, "")
                for expression in row.expressions))  # fmt: skip
    shapes = row.shapes[0]
    if all(len(shape) > 1 for shape in shapes):
        yield Program(f"op_{file}", f"{title} not contiguous {_shown(shapes)}", "".join(
            setup(shapes, "float64", row.low, row.high, False) + _look(expression, shapes, "0")
            for expression in row.expressions))  # fmt: skip
    if row.kinds:
        yield Program(f"op_{file}", f"{title} of other dtypes {_shown(shapes)}", "".join(
            setup(shapes, kind, 1, 3) + f"attempt(lambda: see({expression}))\n"
            for kind in KINDS for expression in row.expressions))  # fmt: skip


def _look(expression: str, shapes: Shapes, suffix: str) -> str:
    leaves = ", ".join(name + suffix for name, _ in zip("xyz", shapes))
    return f"out = {expression}\nsee(out)\nderivatives(out, {leaves})\n"


def _shown(shapes: Shapes) -> str:
    return " ".join("x".join(map(str, shape)) or "0-d" for shape in shapes)
