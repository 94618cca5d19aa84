"""Where things are."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LESSONS = ROOT / "lessons"
FIRST_LESSON = "00_start_here.ipynb"
LOCKS = {"lab": ROOT / "locks" / "lab.txt", "test": ROOT / "locks" / "test.txt"}
SETTINGS = ROOT / "launch" / "settings"


def environment_folder() -> Path:
    """Return the folder of the private environment: MINIGRAD_ENV, or .venv beside start.py."""
    chosen = os.environ.get("MINIGRAD_ENV")
    return Path(chosen).expanduser().absolute() if chosen else ROOT / ".venv"


def python_in(environment: Path) -> Path:
    """Return the path of an environment's own Python."""
    if os.name == "nt":
        venv, conda = environment / "Scripts" / "python.exe", environment / "python.exe"
        return conda if conda.exists() else venv
    return environment / "bin" / "python"


def working_folder() -> Path:
    """Return the folder of the reader's own lessons: MINIGRAD_LESSONS, or one beside start.py."""
    chosen = os.environ.get("MINIGRAD_LESSONS")
    return Path(chosen).expanduser().absolute() if chosen else ROOT / "my_lessons"
