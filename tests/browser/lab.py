"""A page object for JupyterLab: start it, open a notebook, run it, look at it, stop it.

    with Lab(folder, chrome) as lab:
        page = lab.open("notebook.ipynb")
        lab.run_all(page, outputs=2)

Everything that JupyterLab would read from or write to the person's own folders goes to a temporary
one, and the server has a process group of its own: a test that is killed leaves nothing behind that
`stop` would not find.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, TimeoutError, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
SLOW = "[anywidget] Failed to initialize model."
"""What anywidget says of a widget whose code was not there after two seconds. On a busy machine it
comes later, and is shown all the same; that it works is seen when it is operated."""
PATIENCE = 90  # seconds; a loaded machine takes thirty for what a quiet one does in ten


@contextlib.contextmanager
def browser(chrome: str) -> Iterator[Any]:
    """Chromium, driven by Playwright."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chrome, headless=True, args=FLAGS)
        try:
            yield started
        finally:
            started.close()


class Lab:
    """A JupyterLab server of its own and a browser that looks at it."""

    address = "lab/tree"

    def __init__(
        self,
        folder: Path,
        chrome: str,
        *,
        theme: str = "light",
        width: int = 1400,
        height: int = 1000,
        environ: dict[str, str] | None = None,
    ) -> None:
        self.folder = Path(folder)
        self.chrome = chrome
        self.theme = theme
        self.size = {"width": width, "height": height}
        self.environ = environ or {}
        self.token = secrets.token_hex(16)
        self.problems: list[str] = []
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Lab:
        try:
            self._start()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _start(self) -> None:
        home = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="minigrad-lab-")))
        self.port = _free_port()
        self.log = home / "server.log"
        log = self._stack.enter_context(self.log.open("w"))
        self.server = subprocess.Popen(
            self._command(), cwd=self.folder, env=self._environ(home), stdin=subprocess.DEVNULL,
            stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        self._stack.callback(stop, self.server)
        self._wait_for_server()
        self.browser = self._stack.enter_context(browser(self.chrome))
        self.context = self.browser.new_context(viewport=self.size)  # pages share what they fetched

    def _command(self) -> list[str]:
        return [
            sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root",
            f"--ServerApp.port={self.port}", "--ServerApp.port_retries=0",
            f"--IdentityProvider.token={self.token}", f"--ServerApp.root_dir={self.folder}",
            "--LabApp.expose_app_in_browser=True", "--LabApp.check_for_updates_class="
            "jupyterlab.NeverCheckForUpdate",
        ]  # fmt: skip

    def _environ(self, home: Path) -> dict[str, str]:
        environ = {**os.environ, **self.environ}
        for name in ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR"):
            environ[f"JUPYTER_{name}"] = str(home / name.lower())
        for name in ("SETTINGS_DIR", "WORKSPACES_DIR"):
            environ[f"JUPYTERLAB_{name}"] = str(home / name.lower())
        environ["IPYTHONDIR"] = str(home / "ipython")
        settings = home / "settings_dir" / "@jupyterlab" / "apputils-extension"
        settings.mkdir(parents=True)
        news = {"fetchNews": "false", "checkForUpdates": False}
        (settings / "notification.jupyterlab-settings").write_text(json.dumps(news))
        (settings / "themes.jupyterlab-settings").write_text(
            json.dumps({"theme": THEMES[self.theme]})
        )
        return environ

    def _wait_for_server(self) -> None:
        deadline = time.monotonic() + PATIENCE
        address = f"http://127.0.0.1:{self.port}/api/status?token={self.token}"
        while time.monotonic() < deadline:
            if self.server.poll() is not None:
                raise RuntimeError(
                    f"JupyterLab ended at its start:\n{self.log.read_text()[-3000:]}"
                )
            with contextlib.suppress(urllib.error.URLError, OSError):
                urllib.request.urlopen(address, timeout=2).close()
                return
            time.sleep(0.1)
        raise RuntimeError(f"JupyterLab did not answer:\n{self.log.read_text()[-3000:]}")

    def open(self, notebook: str) -> Page:
        """A page with the notebook, its kernel ready and idle.

        A kernel's first words can be lost where the page comes to listen too late; the page then
        waits for ever, and a person would load it again. So is it done here, once.
        """
        page = self.context.new_page()
        page.on("pageerror", lambda error: self._went_wrong(str(error)))
        page.set_default_timeout(PATIENCE * 1000)
        place = f"http://127.0.0.1:{self.port}/{self.address}/{notebook}"
        page.goto(f"{place}?token={self.token}&reset")
        try:
            page.wait_for_function(READY)
        except TimeoutError:
            page.goto(f"{place}?token={self.token}&reset")
            try:
                page.wait_for_function(READY)
            except TimeoutError as late:
                state = page.evaluate(STATE)
                log = self.log.read_text()[-3000:]
                raise RuntimeError(f"{notebook} is not ready: {state}\n{log}") from late
        return page

    def _went_wrong(self, error: str) -> None:
        if SLOW not in error:
            self.problems.append(error)

    def run_all(self, page: Page, outputs: int = 0) -> None:
        """Run all cells, and wait until the kernel is idle and so many cells have an output."""
        # Not awaited: the command's promise resolves only after the last cell.
        page.evaluate("() => void jupyterapp.commands.execute('notebook:run-all-cells')")
        page.wait_for_function(RAN)
        page.wait_for_function(READY)
        page.wait_for_function(OUTPUTS, arg=outputs)

    def execute(self, page: Page, command: str, **arguments: Any) -> None:
        """One of JupyterLab's commands, such as "docmanager:save"."""
        page.evaluate("([c, a]) => jupyterapp.commands.execute(c, a)", [command, arguments])

    def set_theme(self, page: Page, theme: str) -> None:
        """Switch to "light" or "dark", and wait until the page has it."""
        self.execute(page, "apputils:change-theme", theme=THEMES[theme])
        light = "true" if theme == "light" else "false"
        page.wait_for_function("light => document.body.dataset.jpThemeLight === light", arg=light)
        page.wait_for_timeout(300)  # the style sheet of the theme comes after its name

    def cells(self, page: Page) -> int:
        """How many cells the notebook has."""
        return page.evaluate(f"() => {PANEL}.content.model.cells.length")

    def mode(self, page: Page) -> str:
        """The notebook's mode: "command" or "edit"."""
        return page.evaluate(f"() => {PANEL}.content.mode")


PANEL = "jupyterapp.shell.currentWidget"
READY = f"""() => {{
  const session = globalThis.jupyterapp && {PANEL}?.sessionContext;
  return session?.isReady && session.session?.kernel?.status === "idle";
}}"""
STATE = f"""() => {{
  const session = globalThis.jupyterapp && {PANEL}?.sessionContext;
  const kernel = session?.session?.kernel;
  return {{ page: !!globalThis.jupyterapp, ready: session?.isReady, kernel: kernel?.status,
    connection: kernel?.connectionStatus }};
}}"""
RAN = f"""() => [...{PANEL}.content.model.cells].every(
  (cell) => cell.type !== "code" || cell.sharedModel.source.trim() === ""
    || cell.executionCount !== null)"""
OUTPUTS = f"""(wanted) => [...{PANEL}.content.model.cells].filter(
  (cell) => cell.type === "code" && cell.outputs.length).length >= wanted"""


def stop(server: subprocess.Popen[Any]) -> None:
    """End the server and the kernels that it started: its process group, politely and then not."""
    if os.name == "nt":
        server.terminate()
        server.wait(10)
        return
    for how in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(10)
            if how is signal.SIGTERM:
                time.sleep(0.2)
                continue
            return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def write_notebook(path: Path, *sources: str) -> Path:
    """A notebook of code cells."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    cells = [{**cell, "id": f"cell-{k}", "source": text} for k, text in enumerate(sources)]
    book = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": cells}
    path.write_text(json.dumps(book), encoding="utf-8")
    return path
