"""What a person types, and what they are told."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from launch import browser, commands, lab
from launch.environment import is_ready
from launch.places import FIRST_LESSON, ROOT, SETTINGS
from launch.problem import Problem


@pytest.fixture
def started(monkeypatch):
    """The command line that would become JupyterLab."""
    lines: list[list[str]] = []

    def execve(program, command, environ):
        lines.append(command)
        raise SystemExit(0)

    monkeypatch.setattr(lab, "ensure", lambda group: Path(sys.executable))
    monkeypatch.setattr(lab, "lesson_folder", lambda: ROOT)
    monkeypatch.setattr(lab.os, "execve", execve)
    monkeypatch.chdir(ROOT)

    def start(*arguments: str) -> list[str]:
        with pytest.raises(SystemExit):
            commands.main(list(arguments))
        return lines[-1]

    return start


@pytest.fixture
def taken_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


@pytest.fixture
def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_no_command_opens_the_lessons(started):
    assert started() == started("lab")
    assert f"--LabApp.default_url=/lab/tree/{FIRST_LESSON}" in started()


def test_port_is_that_one_or_none(started, free_port):
    for arguments in (["--port", str(free_port)], ["lab", f"--port={free_port}"]):
        line = started(*arguments)
        assert f"--ServerApp.port={free_port}" in line
        assert "--ServerApp.port_retries=0" in line


def test_what_stands_after_two_dashes_is_jupyters(started):
    assert started("lab", "--no-browser", "--", "--LabApp.x=1", "--y")[-2:] == [
        "--LabApp.x=1",
        "--y",
    ]


def test_browser_opens_where_there_is_a_screen(started, monkeypatch):
    monkeypatch.setattr(lab.sys, "platform", "linux")
    for name in ("WAYLAND_DISPLAY", "WSL_DISTRO_NAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DISPLAY", ":0")
    assert "--no-browser" not in started()
    assert "--no-browser" in started("--no-browser")
    monkeypatch.delenv("DISPLAY")
    assert "--no-browser" in started()


@pytest.mark.parametrize("port", ["0", "70000", "eighty"])
def test_port_that_is_none(port, capsys):
    with pytest.raises(SystemExit):
        commands.main(["lab", "--port", port])
    assert "--port" in capsys.readouterr().err


def test_port_in_use(taken_port, start_environ):
    done = subprocess.run(
        [sys.executable, ROOT / "start.py", "lab", "--no-browser", "--port", str(taken_port)],
        env=start_environ,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert f"Port {taken_port} is in use" in done.stderr
    assert f"--port {taken_port + 1}" in done.stderr
    assert "Traceback" not in done.stderr


def test_copy_without_lessons(monkeypatch, tmp_path):
    monkeypatch.setattr(lab, "LESSONS", tmp_path)
    with pytest.raises(Problem, match="is not in"):
        lab.lesson_folder()


def test_interrupt_is_one_line(monkeypatch, capsys):
    def interrupted(group):
        raise KeyboardInterrupt

    monkeypatch.setattr(lab, "ensure", interrupted)
    monkeypatch.setattr(lab, "lesson_folder", lambda: ROOT)
    assert commands.main([]) == 130
    assert capsys.readouterr().err == "\nStopped. Run the same command again to go on.\n"


def test_settings_are_ones_that_jupyterlab_has():
    """A setting of an unknown name would be dropped silently."""
    shared = Path(sys.prefix) / "share" / "jupyter"
    for plugin, values in json.loads((SETTINGS / "overrides.json").read_text()).items():
        package, name = plugin.split(":")
        found = list(shared.glob(f"**/schemas/{package}/{name}.json*"))
        assert found, plugin
        assert set(values) <= set(json.loads(found[0].read_text())["properties"])


def test_python_command(start_environ):
    if not is_ready(Path(sys.prefix), "test"):
        pytest.skip("these tests were not started by start.py")
    done = subprocess.run(
        [
            sys.executable,
            ROOT / "start.py",
            "python",
            "-c",
            "import sys, launch; print(sys.prefix)",
        ],
        env=start_environ,
        cwd=os.sep,
        capture_output=True,
        text=True,
    )
    assert done.stdout.splitlines()[-1] == sys.prefix


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is sent as a signal here")
def test_second_start_needs_no_network_and_stops_cleanly(start_environ, free_port, tmp_path):
    if not is_ready(Path(sys.prefix), "lab"):
        pytest.skip("these tests were not started by start.py")
    nowhere = "http://127.0.0.1:9"
    environ = {**start_environ, "HTTPS_PROXY": nowhere, "HTTP_PROXY": nowhere}
    environ["PIP_INDEX_URL"] = nowhere
    log = tmp_path / "lab.log"
    began = time.monotonic()
    with (
        open(log, "w") as output,
        subprocess.Popen(
            [sys.executable, ROOT / "start.py", "lab", "--no-browser", "--port", str(free_port)],
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        ) as server,
    ):
        try:
            while True:
                assert server.poll() is None, log.read_text()
                assert time.monotonic() - began < 60, log.read_text()
                try:
                    ask(free_port, "/api")
                    break
                except urllib.error.URLError:
                    time.sleep(0.05)
            print(f"the server answered after {time.monotonic() - began:.2f} s")
            address = wait_for(log, rf"http://localhost:{free_port}(/lab/\S+)\?token=(\w+)")
            assert address[1] == f"/lab/tree/{FIRST_LESSON}"
            with pytest.raises(urllib.error.HTTPError, match="403"):
                ask(free_port, "/api/contents")
            listed = json.load(ask(free_port, f"/api/contents?token={address[2]}"))
            assert FIRST_LESSON in [entry["name"] for entry in listed["content"]]
        finally:
            server.send_signal(signal.SIGINT)
            try:
                assert server.wait(30) == 0
            finally:
                server.kill()  # else leaving the block would wait for ever
    assert "Traceback" not in log.read_text()


def ask(port: int, path: str):
    """Ask the server directly, whatever proxy the machine uses."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    return opener.open(f"http://127.0.0.1:{port}{path}", timeout=10)


def wait_for(log: Path, pattern: str) -> re.Match:
    """What JupyterLab prints once it listens."""
    for _ in range(200):
        found = re.search(pattern, log.read_text())
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"{pattern} is not in:\n{log.read_text()}")


# The browser of the tests.


def test_chosen_browser_comes_first(monkeypatch, tmp_path):
    chosen = tmp_path / "my browser"
    chosen.write_text("")
    chosen.chmod(0o755)
    monkeypatch.setenv("CHROME", str(chosen))
    assert browser.find() == str(chosen)
    chosen.unlink()
    assert browser.find() is None
    assert str(chosen) in browser.how_to_install()


def test_browser_in_the_usual_place_of_a_mac(monkeypatch, tmp_path):
    program = tmp_path / "Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
    program.parent.mkdir(parents=True)
    program.write_text("")
    monkeypatch.delenv("CHROME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(browser.sys, "platform", "darwin")
    assert browser.find() in (str(program), "/" + str(program.relative_to(tmp_path)))


def test_tests_that_cannot_run_are_reported(tmp_path):
    (tmp_path / "test_page.py").write_text(
        "import pytest\n@pytest.mark.browser\ndef test_click(chrome): pass\ndef test_sum(): pass\n"
    )
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", f"--rootdir={tmp_path}"]
    command += ["-c", str(ROOT / "pyproject.toml"), "-p", "no:cacheprovider", str(tmp_path)]
    environ = {**os.environ, "CHROME": str(tmp_path / "none"), "CI": ""}
    done = subprocess.run(command, env=environ, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert "NOT RUN: 1 browser tests" in done.stdout
    assert "test_page.py::test_click" in done.stdout.split("NOT RUN: 1 browser tests")[1]
    assert "1 passed, 1 skipped" in done.stdout
    environ["CI"] = "true"
    done = subprocess.run(command, env=environ, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1, done.stdout
    assert "CI=true, so this must run: The variable CHROME names" in done.stdout or (
        "CI=true, so this must run: no Chromium" in done.stdout
    )
