"""The command that starts the process in the sandbox, and what that process can see.

With bubblewrap: no network, no other processes, an empty environment, and for files nothing but
Python, NumPy, minigrad and the folder `inside`, all of them read-only under names that tell nothing
of this machine, and a small folder of its own in memory. With plain processes: limits alone.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any, NamedTuple

from tests.instructor.course import ROOT

INSIDE = Path(__file__).resolve().parent / "inside"
PROBE = ROOT / "widgets" / "probe.py"
SYSTEM = ("/lib", "/lib64", "/etc/ld.so.cache")
PARTS = ("bin", "lib", "lib64")  # of a folder of programs: beside them may lie whatever, even us
ROOM = 64_000_000  # bytes of the folder in memory
ENVIRONMENT = {
    "PATH": "/usr/bin",
    "LANG": "C.UTF-8",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
}
COMPILED = "/compiled"
WAYS = ("bubblewrap", "process")


class SandboxFailed(Exception):
    """The sandbox itself could not be had: nobody's answer is to blame. A sentence says why."""


class Command(NamedTuple):
    """What to start: the arguments and the environment."""

    arguments: list[str]
    environment: dict[str, str]


def packages(without: tuple[str, ...]) -> dict[str, Path]:
    """name → folder of what can be imported in the sandbox, beside the standard library."""
    spec = importlib.util.find_spec("numpy")
    assert spec is not None
    assert spec.origin is not None
    numpy = Path(spec.origin).parent
    found = {"numpy": numpy, "minigrad": ROOT / "minigrad"}
    libraries = numpy.with_name("numpy.libs")  # where the wheel keeps its shared libraries
    if libraries.is_dir():
        found["numpy.libs"] = libraries
    return {name: folder for name, folder in found.items() if name not in without}


def command(
    isolation: str, pipes: tuple[int, int], without: tuple[str, ...], limits: Any, folder: Path
) -> Command:
    """For one sandbox. `folder`: an empty one, for plain processes alone.

    pipes: file descriptors, for requests and for replies. Raises SandboxFailed.
    """
    settings = {
        "pipes": pipes,
        "without": list(without),
        "alone": isolation == "process",
        "limits": {
            "memory": limits.memory,
            "cpu": limits.total,
            "file": ROOM,
            "files": 64,
            "processes": 64,
        },
    }
    if isolation == "process":
        return _plain(settings, without, folder)
    return _bubblewrap(settings, without)


def _plain(settings: dict[str, Any], without: tuple[str, ...], folder: Path) -> Command:
    links, home = folder / "packages", folder / "home"
    links.mkdir()
    home.mkdir()
    for name, place in packages(without).items():
        (links / name).symlink_to(place)
    settings |= {
        "packages": str(links),
        "inside": str(INSIDE),
        "probe": str(PROBE),
        "folder": str(home),
    }
    python = os.path.realpath(sys.executable)
    return Command([python, *_python_arguments(str(INSIDE), settings)], dict(ENVIRONMENT))


def _bubblewrap(settings: dict[str, Any], without: tuple[str, ...]) -> Command:
    program = shutil.which("bwrap")
    if program is None:
        raise SandboxFailed(
            "bubblewrap is not installed (apt-get install bubblewrap). Weaker isolation has to be "
            "asked for by name."
        )
    settings |= {
        "packages": "/packages",
        "inside": "/inside",
        "probe": "/inside-probe.py",
        "folder": "/tmp",
    }
    arguments = [program, "--unshare-all", "--die-with-parent", "--new-session", "--clearenv"]
    # The student's process is the first one: bubblewrap's own would lie beside it without limits.
    arguments += ["--as-pid-1"]
    arguments += ["--cap-drop", "ALL", "--uid", "1000", "--gid", "1000", "--hostname", "sandbox"]
    base = Path(sys.base_prefix).resolve()
    python = Path(os.path.realpath(sys.executable))
    programs = {"/usr": Path("/usr"), "/usr/local": Path("/usr/local")}
    if base not in programs.values():
        programs["/python"] = base
        python = Path("/python") / python.relative_to(base)
        arguments += ["--setenv", "LD_LIBRARY_PATH", "/python/lib"]
    for there, place in programs.items():
        for part in PARTS:
            arguments += ["--ro-bind-try", str(place / part), f"{there}/{part}"]
    for system in SYSTEM:
        arguments += ["--ro-bind-try", system, system]
    shown = {f"/packages/{name}": place for name, place in packages(without).items()}
    shown |= {"/inside": INSIDE, "/inside-probe.py": PROBE}
    for there, place in shown.items():
        arguments += ["--ro-bind", str(place), there]
    compiled: list[str] = []
    if sys.pycache_prefix is not None:  # where compiled files are, instead of beside the sources
        compiled = ["-X", f"pycache_prefix={COMPILED}"]
        for there, place in {**shown, str(python.parents[1]): base}.items():
            arguments += ["--ro-bind-try", f"{sys.pycache_prefix}{place}", f"{COMPILED}{there}"]
    arguments += ["--proc", "/proc", "--dev", "/dev", "--size", str(ROOM), "--tmpfs", "/tmp"]
    arguments += ["--remount-ro", "/", "--remount-ro", "/dev", "--chdir", "/tmp"]
    for name, value in ENVIRONMENT.items():
        arguments += ["--setenv", name, value]
    return Command(
        [*arguments, "--", str(python), *_python_arguments("/inside", settings, *compiled)],
        {},
    )


def _python_arguments(inside: str, settings: dict[str, Any], *more: str) -> list[str]:
    return ["-S", "-E", "-s", "-B", *more, f"{inside}/worker.py", json.dumps(settings)]
