"""Find a Chromium or Chrome for the browser tests."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_MAC = ("Google Chrome.app/Contents/MacOS/Google Chrome", "Chromium.app/Contents/MacOS/Chromium")
_WINDOWS = (r"Google\Chrome\Application\chrome.exe", r"Chromium\Application\chrome.exe")


def find() -> str | None:
    """Return the path of a Chromium or Chrome, or None.

    The variable CHROME comes first; then the names on PATH; then the usual places of the system.
    """
    chosen = os.environ.get("CHROME")
    if chosen:
        return shutil.which(chosen)
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            return found
    places: list[Path] = []
    if sys.platform == "darwin":
        for folder in (Path("/Applications"), Path.home() / "Applications"):
            places += [folder / name for name in _MAC]
    elif os.name == "nt":
        for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
            if os.environ.get(variable):
                places += [Path(os.environ[variable]) / name for name in _WINDOWS]
    return next((str(place) for place in places if place.is_file()), None)


def how_to_install() -> str:
    """Return one sentence: how a browser gets onto this system."""
    chosen = os.environ.get("CHROME")
    if chosen:
        return f"The variable CHROME names {chosen}, which is not a program: mend or unset it."
    if sys.platform == "darwin":
        fix = "install Google Chrome, or:  brew install --cask chromium"
    elif os.name == "nt":
        fix = "install Google Chrome, or:  winget install Google.Chrome"
    elif shutil.which("apt-get"):
        fix = "sudo apt-get install chromium"
    else:
        fix = "install your system's package chromium"
    return f"{fix}  (or set the variable CHROME to the path of one)"


def install_on_debian() -> None:
    """As root on Debian, install what the browser tests and pictures use and is missing."""
    wanted = [] if find() else ["chromium", "fonts-dejavu-core"]
    if not shutil.which("dot"):
        wanted.append("graphviz")
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    if not wanted or not is_root or not shutil.which("apt-get"):
        return
    print(f"Installing with apt-get: {' '.join(wanted)}", flush=True)
    environ = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    for arguments in (
        ["update", "-qq"],
        ["install", "-y", "-qq", "--no-install-recommends", *wanted],
    ):
        done = subprocess.run(
            ["apt-get", *arguments],
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if done.returncode:
            print(f"apt-get {arguments[0]} failed:\n{done.stdout[-2000:]}", flush=True)
            return
