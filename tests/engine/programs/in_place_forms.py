# fmt: off
# ruff: noqa
# The in-place form of everything that has one, and second names. (Cells: see observe.py.)

# %% of one
for name in ("abs_", "absolute", "absolute_", "acos_", "arccos", "arccos_", "arcsin", "arcsin_",
             "arctan", "arctan_", "asin_", "asinh_", "atan_", "atanh_", "ceil_", "cos_", "cosh_",
             "erf_", "erfc_", "exp2_", "expm1_", "fix_", "floor_", "frac_", "log10_", "log1p_",
             "log2_", "log_", "negative", "negative_", "reciprocal_", "round_", "rsqrt_", "sign_",
             "sin_", "sinh_", "square_", "tan_", "trunc_", "byte", "char", "short"):
    x = torch.tensor(numbers(3, low=0.1, high=0.9), dtype=torch.float64, requires_grad=True)
    y = x * 1
    z = getattr(y, name)()
    see(name, z, y._version)
    if z.requires_grad:
        z.backward(torch.tensor(numbers(3), dtype=torch.float64))
        see(x.grad)
for name in ("acosh", "acosh_"):
    x = torch.tensor(numbers(3, low=1.5, high=3), dtype=torch.float64, requires_grad=True)
    z = getattr(x * 1, name)()
    z.sum().backward()
    see(name, z, x.grad)

# %% of two
for name in ("arctan2", "arctan2_", "atan2_", "clamp_max_", "clamp_min_", "clip_", "divide",
             "divide_", "floor_divide_", "fmod_", "hypot_", "multiply", "multiply_", "pow_",
             "remainder_", "subtract", "subtract_", "true_divide_", "eq_", "ge_", "greater",
             "greater_", "greater_equal", "greater_equal_", "gt_", "le_", "less", "less_",
             "less_equal", "less_equal_", "lt_", "ne_", "not_equal", "not_equal_", "float_power_"):
    x = torch.tensor(numbers(3, low=0.1, high=2), dtype=torch.float64, requires_grad=True)
    v = torch.tensor(numbers(3, low=0.1, high=2), dtype=torch.float64, requires_grad=True)
    y = x * 1
    z = getattr(y, name)(v)
    see(name, z, y._version)
    if z.requires_grad:
        attempt(lambda: z.backward(torch.tensor(numbers(3), dtype=torch.float64)))
        see(x.grad, v.grad)

# %% of three, and along an axis
for name in ("addcdiv_", "addcmul_", "lerp_"):
    x, u, v = (torch.tensor(numbers(3, low=0.3), dtype=torch.float64, requires_grad=True)
               for _ in range(3))
    z = getattr(x * 1, name)(u, v)
    z.backward(torch.tensor(numbers(3), dtype=torch.float64))
    see(name, z, x.grad, u.grad, v.grad)
for name in ("cumsum_", "cumprod_"):
    x = torch.tensor(numbers(3), dtype=torch.float64, requires_grad=True)
    z = getattr(x * 1, name)(0)
    z.backward(torch.tensor(numbers(3), dtype=torch.float64))
    see(name, z, x.grad)

# %% of integers and truth values
for name in ("bitwise_and_", "bitwise_or_", "bitwise_xor_", "bitwise_left_shift_",
             "bitwise_right_shift_", "logical_and_", "logical_or_", "logical_xor_"):
    x = torch.tensor([1, 2, 0])
    see(name, getattr(x, name)(torch.tensor([2, 3, 1])), x._version)
for name in ("bitwise_not_", "logical_not_"):
    see(name, getattr(torch.tensor([1, 0]), name)(), getattr(torch.tensor([True]), name)())

# %% random numbers, written over
for write in (lambda y: y.uniform_(), lambda y: y.normal_(), lambda y: y.bernoulli_(),
              lambda y: y.exponential_(), lambda y: y.uniform_(2, 3), lambda y: y.bernoulli_(1.0)):
    x = torch.ones(3, requires_grad=True)
    y = x * 1
    print(write(y) is y, y.shape, y.dtype, y._version, y.requires_grad, type(y.grad_fn).__name__)
    y.sum().backward()
    print(x.grad)
print(torch.ones(2).uniform_(2, 3) >= 2, torch.ones(2).bernoulli_(1.0))
