"""Where minigrad is known to differ from PyTorch: program → why. Each must differ, or it goes.

A test that is listed here and passes fails the run (`xfail_strict`).
"""

KNOWN = {
    "indexing: what comes out": "x[()] is an alias; a list that holds lists or slices",
    "indexing: wrong indices": "texts; strings are sequences to PyTorch",
    "indexing: loops over a tensor": "a loop selects where PyTorch unbinds",
    "leaves: graph": "where has no edge for its condition",
    "misuse: shapes that cannot be": "texts of permute, expand and float()",
    "misuse: wrong types": "x @ 2, np.array(x), unknown names",
    "promotion: tensors with numbers": "powers and clamp of truth values",
    "in_place_forms: of one": "names of the nodes of asinh_ and its like",
    "in_place_forms: of two": "the name in the error of floor_divide_",
    "in_place_forms: random numbers, written over": "the name of the node of bernoulli_",
}
