"""``python3 start.py`` opens the lessons, ``python3 start.py test`` runs the tests.

Only the question "is this Python new enough?" is asked here, in words that the oldest of Pythons
can read; everything else is in the folder launch.
"""

from __future__ import print_function

import os
import subprocess
import sys

OLDEST = (3, 11)


def newer_python():
    """Return a command on this machine that starts a Python new enough, or None."""
    with open(os.devnull, "w") as nowhere:
        for minor in range(20, OLDEST[1] - 1, -1):
            name = "python3.%d" % minor
            try:
                # Asked to run: a version manager puts names on PATH that start nothing.
                if subprocess.call([name, "-c", ""], stdout=nowhere, stderr=nowhere) == 0:
                    return name
            except OSError:
                pass
    return None


def refuse_old_python():
    """Say what is wrong with this Python, and what to do, then leave."""
    found = newer_python()
    if found:
        fix = "This machine has a newer one:  %s start.py" % found
    elif os.name == "nt":
        fix = "Install one from python.org or with:  winget install Python.Python.3.13"
    else:
        fix = "Install a newer Python (python.org, your system's packages, or conda) and use that."
    here = "%d.%d" % sys.version_info[:2]
    sys.stderr.write(
        "\nminigrad needs Python %d.%d or newer, and this is Python %s (%s).\n%s\n"
        % (OLDEST[0], OLDEST[1], here, sys.executable, fix)
    )
    return 2


if __name__ == "__main__":
    if sys.version_info < OLDEST:
        sys.exit(refuse_old_python())
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    from launch.commands import main

    sys.exit(main(sys.argv[1:]))
