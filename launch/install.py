"""Install the packages of a lock file with pip: show how far it is, explain what went wrong."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

from launch.problem import Problem


class Offline(Problem):
    """The package index did not answer; nothing has been installed."""


_FETCHED = re.compile(r"(?:Collecting|Processing|Requirement already satisfied:) (\S+)")

# What pip prints, and what it means. The first that is found is reported.
_NO_SPACE = re.compile(r"No space left on device|disk full|Errno 28", re.I)
_NO_INDEX = re.compile(
    r"Failed to establish a new connection|Temporary failure in name resolution|getaddrinfo failed"
    r"|nodename nor servname|ConnectTimeoutError|ReadTimeoutError|Read timed out|ProxyError"
    r"|NewConnectionError|NameResolutionError|Network is unreachable|Connection broken"
    r"|Connection aborted|SSLError|CERTIFICATE_VERIFY_FAILED"
)
_NO_WHEEL = re.compile(r"No matching distribution found for (\S+)")
_WRONG_HASH = re.compile(r"DO NOT MATCH THE HASHES")
_DENIED = re.compile(r"Permission denied|Access is denied|WinError 32|WinError 5\b")


class Progress:
    """One line that is written over on a terminal; a line now and then in a log."""

    def __init__(self, total: int) -> None:
        self.total = max(total, 1)
        self.done = 0
        self.began = time.monotonic()
        self.terminal = sys.stdout.isatty()
        self.shown_at = 0.0
        self.width = 0

    def _show(self, text: str) -> None:
        if self.terminal:
            print("\r" + text.ljust(self.width), end="", flush=True)
            self.width = len(text)
        else:
            print(text, flush=True)

    def collecting(self, package: str) -> None:
        """Count one more package that pip has begun to fetch."""
        self.done = min(self.done + 1, self.total)
        share = self.done / self.total
        if self.terminal:
            bar = ("#" * round(24 * share)).ljust(24, ".")
            self._show(f"  [{bar}] {self.done}/{self.total} {package}"[:78])
        elif share >= self.shown_at:
            self._show(f"  {self.done}/{self.total} packages fetched, now {package}")
            self.shown_at = share + 0.2

    def unpacking(self) -> None:
        """Say that everything is fetched and is being written to the disk."""
        self._show(f"  {self.total} packages fetched; unpacking them…")

    def finish(self) -> None:
        """Say how long it took."""
        self._show(f"  installed in {time.monotonic() - self.began:.0f} s")
        if self.terminal:
            print()


def _explain(output: str, log: Path) -> Problem:
    """Turn what pip printed before it failed into a sentence and a fix."""
    if _NO_SPACE.search(output):
        return Problem(
            "The disk is full: the packages could not be unpacked.",
            "Make room (the environment needs about 600 MB) and run the same command again.",
        )
    if _WRONG_HASH.search(output):
        return Problem(
            "A package that was fetched is not the one that the lock names (its hash differs).",
            "Something on the way from the package index changes files, or a mirror holds other\n"
            f"builds. Try another network. What pip said is in {log}",
        )
    if _NO_INDEX.search(output):
        return Offline(
            "The packages could not be fetched: the package index did not answer.",
            "The first start needs the network (later ones do not). Connect and run the same\n"
            "command again. Behind a proxy, set HTTPS_PROXY first; pip's settings are honoured.\n"
            f"What pip said is in {log}",
        )
    missing = _NO_WHEEL.search(output)
    if missing:
        version = ".".join(map(str, sys.version_info[:2]))
        return Problem(
            f"There is no ready-made package {missing[1]} for Python {version} on this machine.",
            "Use Python 3.11, 3.12 or 3.13, or conda:  conda env create -f environment.yml\n"
            f"What pip said is in {log}",
        )
    if _DENIED.search(output):
        return Problem(
            "A file of the environment could not be written.",
            "Close the JupyterLab that is using it, and see that the folder may be written.\n"
            f"What pip said is in {log}",
        )
    tail = "\n".join("    " + line for line in output.strip().splitlines()[-8:])
    return Problem(
        f"pip could not install the packages:\n{tail}",
        f"Run the same command again. If it fails again, the whole of what pip said is in {log}",
    )


def _count(lock: Path) -> int:
    return sum("==" in line and line[:1].isalnum() for line in lock.read_text().splitlines())


def _follow(line: str, progress: Progress) -> None:
    """Show what a line of pip's says about how far it is."""
    fetched = _FETCHED.match(line)
    if fetched:
        file = fetched[1].replace("\\", "/").split("/")[-1]
        progress.collecting(re.split("[-=]", file)[0])
    elif line.startswith("Ignoring "):  # a package for another kind of machine
        progress.total -= 1
    elif line.startswith("Installing collected packages"):
        progress.unpacking()


def install(python: Path, lock: Path, log: Path, held: IO[str]) -> None:
    """Install exactly what `lock` names.

    Arguments:
        python: the environment's Python.
        lock: a requirements file with a version and hashes for every package.
        log: everything pip prints is written here.
        held: the open lock file (see `exclusive`): pip keeps it, so that nobody else changes the
            environment should this process be killed while pip goes on.

    Raises:
        Problem: pip failed; the message says why. `Offline` when nothing had been installed yet.
    """
    command = [str(python), "-m", "pip", "install", "--require-hashes", "--no-deps"]
    command += ["--only-binary", ":all:", "--no-compile", "--progress-bar", "off", "--no-input"]
    command += ["--disable-pip-version-check", "--retries", "2", "-r", str(lock)]
    # A "--user" from somebody's settings cannot be obeyed in an environment of its own.
    environ = dict(os.environ, PIP_USER="0", PYTHONUTF8="1", PYTHONUNBUFFERED="1")
    for name in ("PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_PREFIX", "PIP_NO_BINARY"):
        environ.pop(name, None)
    pass_fds = () if os.name == "nt" else (held.fileno(),)
    progress = Progress(_count(lock))
    lines = []
    with (
        open(log, "w", encoding="utf-8") as copy,
        subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environ,
            pass_fds=pass_fds,
            text=True,
            encoding="utf-8",
            errors="replace",
        ) as pip,
    ):
        assert pip.stdout is not None
        try:
            for line in pip.stdout:
                copy.write(line)
                lines.append(line)
                _follow(line, progress)
        except BaseException:
            pip.terminate()  # interrupted: pip is not to go on alone
            raise
    if pip.returncode:
        if progress.terminal:
            print()
        raise _explain("".join(lines), log)
    progress.finish()
