"""Where minigrad is known to differ from PyTorch: program → why. Each must differ, or it goes.

A test that is listed here and passes fails the run (`xfail_strict`).
"""

KNOWN: dict[str, str] = {
    "sums: two gradients in one memory": "in PyTorch 2.13 two leaves may have their gradients in "
    "the same memory, so that what is added to one is added to both; here each has its own",
}
