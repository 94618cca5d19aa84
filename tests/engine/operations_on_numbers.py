"""The rows of elementary functions, activations and reductions. See `rows.py`."""

from __future__ import annotations

from tests.engine.rows import CUBE, ONE, TWO, Row, one, two

F = "torch.nn.functional"

THREE = (
    ((2, 3), (2, 3), (2, 3)), ((2, 3), (), (3,)), ((), (2, 3), ()), ((3,), (2, 1), (2, 3)),
    ((0, 3), (1, 3), (3,)), ((), (), ()),
)  # fmt: skip
ALONG = (((2, 3),), ((),), ((2, 3, 4),), ((2, 1, 3),))
SQUARE = (((3, 4),), ((2, 3, 4),))

TABLE = [
    # elementary
    *(one(f"elementary.{name}", f"x.{name}()", f"torch.{name}(x)")
      for name in ("exp2", "expm1", "sin", "cos", "sinh", "cosh", "atan", "asinh", "erf", "erfc",
                   "floor", "ceil", "trunc", "frac")),
    *(one(f"elementary.{name}", f"x.{name}()", f"torch.{name}(x)", low=0.25, high=1.5)
      for name in ("log1p", "log2", "log10", "rsqrt", "tan")),
    *(one(f"elementary.{name}", f"x.{name}()", f"torch.{name}(x)", low=-0.9, high=0.9)
      for name in ("asin", "acos", "atanh")),
    one("elementary.acosh", "x.acosh()", "torch.acosh(x)", low=1.5, high=3),
    one("elementary.trunc", "torch.fix(x)"),
    one("elementary._round", "x.round()", "torch.round(x)"),
    one("elementary._round_decimals", "x.round(decimals=1)", "torch.round(x * 100, decimals=-1)"),
    # powers
    one("powers._pow", "x.square()", "torch.square(x)", "torch.float_power(x, 2)"),
    # arithmetic
    two("arithmetic._add_multiple", "torch.add(x, y, alpha=2)", "x.add(y, alpha=-3)"),
    one("arithmetic._add_multiple", "torch.add(x, 2, alpha=3)"),
    two("arithmetic._sub_multiple", "torch.sub(x, y, alpha=2)", "x.sub(y, alpha=2)"),
    two("arithmetic.div", "torch.true_divide(x, y)", low=0.5),
    two("arithmetic._rsub_tensor", "torch.rsub(x, y)", "torch.rsub(x, y, alpha=2)"),
    one("arithmetic._rsub", "torch.rsub(x, 2, alpha=3)"),
    two("arithmetic._div_rounded", "torch.div(x, y, rounding_mode='floor')",
        "x.div(y, rounding_mode='trunc')", low=0.5),
    one("arithmetic._div_rounded", "torch.div(x, 2, rounding_mode='trunc')",
        "torch.div(x, 2, rounding_mode='floor')"),
    # division
    Row("division._floor_divide", ("(x // y).detach()", "(x // 2).detach()", "(3 // y).detach()",
        "torch.floor_divide(x, y).detach()"), TWO, low=0.5),
    two("division._fmod", "torch.fmod(x, y)", "x.fmod(y)", low=0.5),
    one("division._fmod_number", "torch.fmod(x, 2)", "x.fmod(-0.7)", "torch.fmod(x, 1.5)"),
    two("division._remainder", "x % y", "torch.remainder(x, y)", low=0.5),
    one("division._remainder_number", "x % 2", "x % -0.7", "x.remainder(1.5)"),
    one("division._number_remainder", "(2 % x).detach()", "torch.remainder(2, x).detach()",
        low=0.5),
    # combining
    two("combining.atan2", "torch.atan2(x, y)", "x.atan2(y)", low=0.5),
    two("combining.hypot", "torch.hypot(x, y)", "x.hypot(y)", low=0.5),
    two("combining.logaddexp", "torch.logaddexp(x, y)", "x.logaddexp(y)"),
    two("combining._lerp_number", "torch.lerp(x, y, 0.3)", "x.lerp(y, 0.75)", "x.lerp(y, 2)"),
    Row("combining._lerp", ("torch.lerp(x, y, z)", "x.lerp(y, z)"), THREE),
    Row("combining._addcmul", ("torch.addcmul(x, y, z)", "x.addcmul(y, z, value=-2)"), THREE),
    Row("combining._addcdiv", ("torch.addcdiv(x, y, z)", "x.addcdiv(y, z, value=-2)"), THREE, 0.5),
    # limits
    Row("limits._clamp_tensors", ("torch.clamp(x, y, z)", "x.clamp(y, y + 1)"),
        (THREE[0], THREE[5])),
    two("limits._clamp_tensors", "x.clamp(min=y)", "x.clamp(max=y)"),
    one("limits._clamp", "torch.clip(x, -1, 1)", "x.clip(max=0)"),
    one("limits._clamp_min", "x.clamp_min(0.5)", "torch.clamp_min(x, 1)"),
    one("limits._clamp_max", "x.clamp_max(0.5)", "torch.clamp_max(x, 1)"),
    two("limits._clamp_min_tensor", "x.clamp_min(y)"),
    two("limits._clamp_max_tensor", "x.clamp_max(y)"),
    two("limits.fmax", "torch.fmax(x, y)", "x.fmax(x)"),
    two("limits.fmin", "torch.fmin(x, y)", "x.fmin(x)"),
    # comparison
    one("comparison.isnan", "x.isnan()", "torch.isnan(x / 0 - x / 0)"),
    one("comparison.isinf", "x.isinf()", "torch.isinf(x / 0)"),
    one("comparison.isposinf", "x.isposinf()", "torch.isposinf(x / 0)"),
    one("comparison.isneginf", "x.isneginf()", "torch.isneginf(x / 0)"),
    one("comparison.isfinite", "x.isfinite()", "torch.isfinite(x / 0)"),
    one("comparison.signbit", "x.signbit()", "torch.signbit(x * 0)"),
    two("comparison.logical_xor", "torch.logical_xor(x > 0, y > 0)", "x.logical_xor(y)"),
    one("comparison.logical_not", "torch.logical_not(x)"),
    two("comparison.logical_and", "x.logical_and(y)", "torch.logical_and(x > 0, y)"),
    two("comparison.logical_or", "x.logical_or(y)", "torch.logical_or(x > 0, y)"),
    two("comparison.bitwise_and", "x.long() & y.long()", "(x > 0) & (y > 0)", "x.long() & 3",
        "torch.bitwise_and(x.long(), 5)"),
    two("comparison.bitwise_or", "x.long() | y.long()", "(x > 0) | True", "x.int() | y.long()",
        "torch.bitwise_or(x.long(), y.long())"),
    two("comparison.bitwise_xor", "x.long() ^ y.long()", "1 ^ x.long()",
        "torch.bitwise_xor(x.long(), 3)"),
    two("comparison.bitwise_left_shift", "x.long() << 2",
        "torch.bitwise_left_shift(x.long(), 1)"),
    two("comparison.bitwise_right_shift", "x.long() >> 1",
        "torch.bitwise_right_shift(x.long(), 1)"),
    one("comparison._invert", "~x.long()", "~(x > 0)", "torch.bitwise_not(x > 0)"),
    # activations
    one("activations._leaky_relu", f"{F}.leaky_relu(x)", f"{F}.leaky_relu(x, 0.2)"),
    one("activations._elu", f"{F}.elu(x)", f"{F}.elu(x, alpha=2.0)"),
    one("activations.silu", f"{F}.silu(x)"),
    one("activations._softplus", f"{F}.softplus(x)", f"{F}.softplus(x, beta=2, threshold=1)"),
    one("activations.logsigmoid", f"{F}.logsigmoid(x)"),
    one("activations._hardtanh", f"{F}.hardtanh(x)", f"{F}.relu6(x * 4)"),
    one("activations._gelu", f"{F}.gelu(x)", f"{F}.gelu(x, approximate='tanh')"),
    # softmax
    Row("softmax._softmax", ("x.softmax(0)", "torch.softmax(x, -1)",
        "torch.softmax(x, dim=0, dtype=torch.float64)"), (*ALONG, ((2, 0),))),
    Row("softmax._log_softmax", ("x.log_softmax(0)", "torch.log_softmax(x, -1)"),
        (*ALONG, ((2, 0),))),
    Row("softmax._logsumexp", ("x.logsumexp(0)", "torch.logsumexp(x, -1, keepdim=True)"), ALONG),
    Row("softmax._logsumexp", ("x.logsumexp((0, 1))",), SQUARE),
    # running totals
    Row("cumulative._cumsum", ("x.cumsum(0)", "torch.cumsum(x, -1)"), (*ALONG, ((0, 3),))),
    Row("cumulative._cumprod", ("x.cumprod(0)", "torch.cumprod(x, -1)"), (*ALONG, ((0, 3),))),
    Row("cumulative._cumprod", ("(x * (x > 0)).cumprod(0)", "(x * (x < 1)).cumprod(-1)"),
        SQUARE[:1]),
    # extremes
    Row("extremes._max_all", ("x.max()", "torch.max(x)", "(x > 0).max()"), (*ALONG, SQUARE[0])),
    Row("extremes._min_all", ("x.min()", "torch.min(x)"), ALONG),
    Row("extremes._median_all", ("x.median()", "torch.median(x)"), ALONG),
    Row("extremes._max_along", ("x.max(0)[0]", "torch.max(x, dim=-1, keepdim=True).values"), ALONG),
    Row("extremes._min_along", ("x.min(0)[0]", "torch.min(x, -1).values"), ALONG),
    Row("extremes._max_along", ("x.max(0).indices * 1", "x.min(-1)[1] * 1"), ALONG),
    Row("extremes._median_along", ("x.median(0)[0]", "torch.median(x, -1, True).values"), ALONG),
    Row("extremes._amax", ("x.amax()", "x.amax(0)", "torch.amax(x, dim=(-1,), keepdim=True)"),
        ALONG),
    Row("extremes._amin", ("x.amin()", "x.amin(0)", "torch.amin(x, dim=(-1,), keepdim=True)"),
        ALONG),
    Row("extremes._amax", ("x.amax((0, 1))",), SQUARE),
    Row("extremes._aminmax", ("torch.aminmax(x)[0]", "torch.aminmax(x, dim=0).max"), SQUARE),
    Row("extremes.argmax", ("x.argmax()", "x.argmax(0)", "torch.argmax(x, dim=-1, keepdim=True)"),
        ALONG),
    Row("extremes.argmin", ("x.argmin()", "x.argmin(0)", "torch.argmin(x, dim=-1, keepdim=True)"),
        ALONG),
    two("limits.maximum", "torch.max(x, y)", "x.max(y)"),
    two("limits.minimum", "torch.min(x, y)", "x.min(y)"),
    # moments
    Row("moments._prod", ("x.prod()", "torch.prod(x)", "(x * (x > 0)).prod()"), (*ONE, *CUBE)),
    Row("moments._prod_dim", ("x.prod(0)", "torch.prod(x, -1, keepdim=True)"), ALONG),
    Row("moments._prod_dim", ("(x * (x > 0)).prod(0)", "(x * (x > -1)).prod(-1)"), SQUARE),
    Row("moments._var", ("x.var()", "torch.var(x, unbiased=False)", "x.var(0, correction=0)"),
        (((2, 3),), ((2, 3, 4),))),
    Row("moments._var", ("x.var((0, -1), keepdim=True)", "x.var(-1, False)"), CUBE[:1]),
    Row("moments._std", ("x.std()", "torch.std(x, unbiased=False)", "x.std(0, keepdim=True)"),
        (((2, 3),), ((2, 3, 4),))),
    Row("moments._var_mean", ("torch.var_mean(x)[0]", "torch.var_mean(x, 0)[1]",
        "torch.var_mean(x, -1)[0] * torch.var_mean(x, -1)[1]"), (((2, 3),), ((2, 3, 4),))),
    Row("moments._std_mean", ("torch.std_mean(x)[0]", "torch.std_mean(x, 0)[1]",
        "torch.std_mean(x, -1)[0] * torch.std_mean(x, -1)[1]"), (((2, 3),), ((2, 3, 4),))),
    # norms
    Row("norms._norm", ("x.norm()", "torch.norm(x)", "x.norm(1)", "x.norm(float('inf'))",
        "x.norm(-float('inf'))", "x.norm(0)", "torch.norm(x, p=2)"),
        (((2, 3),), ((),), ((2, 3, 4),))),
    Row("norms._norm", ("x.norm(3)", "x.norm(1.5)"), SQUARE),
    Row("norms._norm", ("x.norm(dim=0)", "x.norm(2, -1, True)", "x.norm(3, (0, 1))",
        "torch.linalg.norm(x, dim=0)", "torch.linalg.vector_norm(x, 3)",
        "torch.linalg.vector_norm(x, 1, dim=1, keepdim=True)"), SQUARE),
    # reductions
    Row("reductions._nansum", ("x.nansum()", "x.log().nansum()", "torch.nansum(x, 0)"), SQUARE),
    Row("reductions.all", ("x.all()", "(x > 0).all(0)", "torch.all(x > 0, dim=-1, keepdim=True)"),
        ALONG),
    Row("reductions.any", ("x.any()", "(x > 0).any(0)", "torch.any(x > 1, dim=-1, keepdim=True)"),
        ALONG),
    Row("reductions._count_nonzero", ("x.count_nonzero()", "torch.count_nonzero(x > 0, 0)"), ALONG),
]  # fmt: skip
