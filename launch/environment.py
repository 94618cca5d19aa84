"""The private environment: made once beside start.py, mended when it is found half-finished.

A file in it, written first and last, says whether it is whole and which locks it was made from.
"""

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import IO, Any

from launch.exclusive import exclusive
from launch.install import Offline, install
from launch.places import LOCKS, ROOT, environment_folder, python_in
from launch.problem import Problem

STAMP = "minigrad-environment.json"


def digest(lock: Path) -> str:
    """Return what changes when the lock file does (and not with the ends of its lines)."""
    return hashlib.sha256(lock.read_text(encoding="utf-8").encode()).hexdigest()


def read_stamp(folder: Path) -> dict[str, Any] | None:
    """Return what is recorded of an environment, or None if start.py did not make it."""
    try:
        found = json.loads((folder / STAMP).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (ValueError, NotADirectoryError):
        return {}
    return found if isinstance(found, dict) else {}


def write_stamp(folder: Path, stamp: dict[str, Any]) -> None:
    """Record `stamp` all at once: a reader sees the old one or the new one."""
    new = folder / (STAMP + ".new")
    new.write_text(json.dumps(stamp, indent=1), encoding="utf-8")
    os.replace(new, folder / STAMP)


def python_version(python: Path) -> str | None:
    """Return "3.12" for an environment's Python, or None if it does not run (any more)."""
    ask = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run(
            [python, "-I", "-S", "-c", ask], capture_output=True, text=True, timeout=60
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def is_ready(folder: Path, group: str) -> bool:
    """Say whether the environment holds exactly what the lock file of `group` names."""
    stamp = read_stamp(folder)
    if not stamp or stamp.get("state") != "ready":
        return False
    if stamp.get(group) != digest(LOCKS[group]):
        return False
    return stamp.get("python") == python_version(python_in(folder))


def conda_python(group: str) -> Path | None:
    """Return the active conda environment's Python if it has every package that `group` needs."""
    prefix = os.environ.get("CONDA_PREFIX")
    if not prefix or not python_in(Path(prefix)).exists():
        return None
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = list(project["dependencies"])
    if group == "test":
        wanted += project["optional-dependencies"]["test"]
    names = [re.split(r"[^A-Za-z0-9_.-]", line)[0] for line in wanted]
    ask = "import importlib.metadata as m, sys; [m.version(name) for name in sys.argv[1:]]"
    python = python_in(Path(prefix))
    done = subprocess.run([python, "-I", "-c", ask, *names], capture_output=True)
    return python if done.returncode == 0 else None


def ensure(group: str = "lab") -> Path:
    """Return the Python to use, after making or mending its environment where that is needed.

    Arguments:
        group: "lab", or "test" for what the tests need as well.

    Raises:
        Problem: it cannot be made; the message says why and what to do.
    """
    python = conda_python(group)
    if python:
        print(f"Using the active conda environment, {os.environ['CONDA_PREFIX']}")
        return python
    if group == "test" and conda_python("lab"):
        print("The active conda environment lacks what the tests need; using a private one.")
    folder = environment_folder()
    if not is_ready(folder, group):
        _prepare(folder, group)
    _point_at_project(folder)
    return python_in(folder)


def _prepare(folder: Path, group: str) -> None:
    def waiting() -> None:
        print("Another start.py is preparing the environment; waiting for it…", flush=True)

    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with exclusive(folder.with_name(folder.name + ".lock"), waiting) as held:
            if not is_ready(folder, group):
                _make(folder, group, held)
    except OSError as error:
        raise Problem(
            f"The environment could not be written in {folder.parent} ({error.strerror or error}).",
            "Copy the project to a folder of your own, or name another place for the environment\n"
            "with the variable MINIGRAD_ENV, and run the same command again.",
        ) from error


def _make(folder: Path, group: str, held: IO[str]) -> None:
    stamp = read_stamp(folder)
    version = python_version(python_in(folder)) if stamp else None
    if stamp and stamp.get("state") == "ready" and version and stamp.get("python") == version:
        print(f"Updating the environment in {folder}", flush=True)
        write_stamp(folder, {**stamp, "state": "building"})
        try:
            install(python_in(folder), LOCKS[group], folder / "install.log", held)
        except Offline:
            write_stamp(folder, stamp)  # nothing was changed: what worked before works still
            raise
        # The lock of the tests holds the lock of the lessons (tests/test_packaging.py).
        made = {"lab", group}
        kept = {} if group == "test" else {"test": stamp.get("test")}
    else:
        _clear(folder, stamp)
        print(f"Making a private environment in {folder}", flush=True)
        folder.mkdir(exist_ok=True)
        write_stamp(folder, {"state": "building"})
        _make_venv(folder)
        version = python_version(python_in(folder))
        install(python_in(folder), LOCKS[group], folder / "install.log", held)
        made, kept = {"lab", group}, {}
    ready: dict[str, Any] = {"state": "ready", "python": version, **kept}
    ready.update({name: digest(LOCKS[name]) for name in made})
    write_stamp(folder, ready)


def _clear(folder: Path, stamp: dict[str, Any] | None) -> None:
    """Remove what an interrupted start left; never a folder that start.py did not make."""
    if not folder.exists():
        return
    if stamp is None and (not folder.is_dir() or any(folder.iterdir())):
        raise Problem(
            f"{folder} is there already, and start.py did not make it.",
            "Move it away, or name another place with the variable MINIGRAD_ENV.",
        )
    if stamp is not None:
        print("The environment is half-finished or out of date: making it again.", flush=True)
        # The stamp goes last: should this be interrupted too, the folder is still known as ours.
        for entry in folder.iterdir():
            if entry.name != STAMP:
                if entry.is_dir() and not entry.is_symlink():
                    shutil.rmtree(entry)
                else:
                    entry.unlink()


def _make_venv(folder: Path) -> None:
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        version = ".".join(map(str, sys.version_info[:2]))
        raise Problem(
            f"This Python ({sys.executable}) cannot make environments: its venv is not whole.",
            f"On Debian and Ubuntu, install it and run the same command again:\n"
            f"    sudo apt-get install python3-venv      (or python{version}-venv)",
        )
    environ = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME")}
    done = subprocess.run(
        [sys.executable, "-m", "venv", str(folder)],
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise Problem(
            f"Python could not make an environment in {folder}:\n{done.stdout.strip()}",
            "On Debian and Ubuntu:  sudo apt-get install python3-venv",
        )


def _point_at_project(folder: Path) -> None:
    """Let the environment's Python find the project, also when an editor starts it.

    Only in the environment beside this project: another copy's is not to be turned towards us.
    """
    if folder.parent != ROOT:
        return
    text = f"{ROOT}\n"
    for packages in folder.glob("Lib/site-packages" if os.name == "nt" else "lib/python3*/site-*"):
        path = packages / "minigrad-lessons.pth"
        try:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                path.write_text(text, encoding="utf-8")
        except OSError:
            pass  # a read-only environment: PYTHONPATH, below, is enough


def environ_for(python: Path) -> dict[str, str]:
    """Return the variables with which to start the environment's Python: it finds this project.

    An environment shared between two copies of the project (MINIGRAD_ENV) imports the right one.
    """
    environ = dict(os.environ, PYTHONPATH=str(ROOT))
    environ.pop("PYTHONHOME", None)
    ours = environment_folder()
    if python == python_in(ours) and environ.get("PYTHONDONTWRITEBYTECODE"):
        del environ["PYTHONDONTWRITEBYTECODE"]
        # Nothing is to be written beside the sources. Without compiled files, though, everything
        # starts several times as slowly: they go where only start.py writes.
        environ.setdefault("PYTHONPYCACHEPREFIX", str(ours / "compiled"))
    environ["PATH"] = os.pathsep.join([str(python.parent), environ.get("PATH", "")])
    return environ
