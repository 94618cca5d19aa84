"""Where minigrad is known to differ from PyTorch: program → why. Each must differ, or it goes.

A test that is listed here and passes fails the run (`xfail_strict`).
"""

BOOL = "NumPy computes it for truth values where PyTorch refuses"

KNOWN = {
    "op_arithmetic: arithmetic.sub x - y of other dtypes 2x3 2x3": BOOL,
    "op_arithmetic: arithmetic.sub x - 2 of other dtypes 2x3": BOOL,
    "op_arithmetic: arithmetic._rsub 2 - x of other dtypes 2x3": BOOL,
    "op_arithmetic: arithmetic.neg -x of other dtypes 2x3": BOOL,
    "op_arithmetic: arithmetic._pow_tensor x ** y of other dtypes 2x3 2x3": BOOL,
    "op_arithmetic: arithmetic.abs x.abs() of other dtypes 2x3": BOOL,
    "op_arithmetic: arithmetic.sign x.sign() of other dtypes 2x3": BOOL,
    "op_activations: activations.relu x.relu() of other dtypes 2x3": BOOL,
    "op_activations: activations._where torch.where(x > 0, x, y) of other dtypes 2x3 2x3": BOOL,
    "op_matrix: matrix._bmm (x @ y) * 2 of other dtypes 2x3x4 4": BOOL,
    "custom: wrong number of gradients": "order of the checks",
    "custom: mark_dirty": "a leaf marked dirty is not refused",
    "in_place: history rewritten": "retain_grad before an in-place operation",
    "indexing: what comes out": "x[()] is not an alias; x[True]",
    "indexing: wrong indices": "the dimension that is named after an integer index",
    "indexing: loops over a tensor": "a loop selects where PyTorch unbinds",
    "leaves: generators and backward under no_grad": "a decorated generator",
    "leaves: graph": "some edges to inputs that are numbers",
    "leaves: dtypes on the way back": "no half()",
    "misuse: shapes that do not fit": "dtype names in the text of mm",
    "misuse: shapes that cannot be": "texts",
    "misuse: wrong types": "x @ 2",
    "promotion: tensors with numbers": BOOL,
    "promotion: functions of integers": BOOL,
    "promotion: making tensors": "lists of NumPy's float64",
    "promotion: refused": "texts",
}
