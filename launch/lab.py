"""``start.py lab``: JupyterLab, opened on the first lesson."""

import argparse
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from launch.environment import ensure, environ_for
from launch.places import FIRST_LESSON, LESSONS, SETTINGS
from launch.problem import Problem
from launch.working_copy import hand_out

GENTLY = (
    "import signal; signal.signal(signal.SIGINT, lambda *_: signal.raise_signal(signal.SIGTERM)); "
    "from jupyterlab.labapp import main; main()"
)
"""JupyterLab asks for SIGINT itself where it has a terminal. Elsewhere a Ctrl-C would break off its
loop in the middle of a request, whose thread then keeps the process alive; SIGTERM ends it well."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.add_argument("--no-browser", action="store_true", help="only print the address to open")
    parser.add_argument(
        "--port", type=_port, help="the port to listen on (default: the first free)"
    )
    parser.add_argument(
        "jupyter", nargs="*", metavar="-- …", help="what stands after -- is handed to JupyterLab"
    )


def _port(text: str) -> int:
    port = int(text)
    if not 1 <= port <= 65535:
        raise argparse.ArgumentTypeError(f"{port} is not between 1 and 65535")
    return port


def lesson_folder() -> Path:
    """Return the folder that JupyterLab shows: the reader's own copy of the lessons."""
    if not (LESSONS / FIRST_LESSON).is_file():
        raise Problem(
            f"The first lesson, {FIRST_LESSON}, is not in {LESSONS}.",
            "This copy of the project is not whole: fetch it again.",
        )
    return hand_out()


def check_port(port: int) -> None:
    """Raise a Problem if somebody is listening on `port` already."""
    with socket.socket() as probe:
        if os.name != "nt":  # where it would allow two servers on one port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError as error:
            raise Problem(
                f"Port {port} is not one that you may use ({error.strerror}).",
                "Choose one above 1023, or leave --port out.",
            ) from error
        except OSError as error:
            raise Problem(
                f"Port {port} is in use by another program (another JupyterLab, perhaps).",
                f"Choose another:  --port {port + 1 if port < 65535 else 8888}\n"
                "or leave --port out, and the first free one is taken.",
            ) from error


def has_screen() -> bool:
    """Say whether a browser window can open here."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"))


def command_line(python: Path, folder: Path, options: argparse.Namespace) -> list[str]:
    """Return the command that starts JupyterLab on a folder of lessons."""
    command = [str(python), *(["-m", "jupyterlab"] if os.name == "nt" else ["-c", GENTLY])]
    command += [f"--ServerApp.root_dir={folder}"]
    command += [f"--LabApp.default_url=/lab/tree/{FIRST_LESSON}"]
    command += [f"--LabApp.app_settings_dir={SETTINGS}"]
    command += ["--ServerApp.answer_yes=True"]  # one Ctrl-C ends it; no question is asked
    if options.port:
        command += [f"--ServerApp.port={options.port}", "--ServerApp.port_retries=0"]
    if options.no_browser or not has_screen():
        command += ["--no-browser"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command += ["--allow-root"]
    return command + options.jupyter


def run(options: argparse.Namespace) -> int:
    """Make the environment if need be, then become JupyterLab."""
    if options.port:
        check_port(options.port)
    folder = lesson_folder()
    python = ensure("lab")
    command, environ = command_line(python, folder, options), environ_for(python)
    print("Starting JupyterLab. To stop it, press Ctrl-C here.", flush=True)
    if os.name != "nt":
        # Whoever started this may ignore or block SIGINT, and would hand that on: end it.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        os.chdir(folder)
        os.execve(command[0], command, environ)
    # Windows has no exec: wait for JupyterLab, and leave Ctrl-C to it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return subprocess.run(command, env=environ, cwd=folder).returncode
