"""Where minigrad is known to differ from PyTorch: program → why. Each must differ, or it goes.

A test that is listed here and passes fails the run (`xfail_strict`).
"""

KNOWN: dict[str, str] = {}
