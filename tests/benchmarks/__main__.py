"""`python -m tests.benchmarks`: the table, interleaved on one thread. `--quick` takes a tenth."""

import os
import sys

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"  # before NumPy is imported

from tests.benchmarks.measure import main  # noqa: E402

sys.exit(main(sys.argv[1:]))
