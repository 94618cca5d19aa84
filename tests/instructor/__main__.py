"""`python3 -m tests.instructor`: release lessons, grade submissions, report."""

import sys

if __name__ == "__main__":  # the processes that grade import this module too
    from tests.instructor.command import main

    sys.exit(main(sys.argv[1:]))
