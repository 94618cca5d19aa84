"""The private environment: made, kept, mended, shared, and never somebody else's."""

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from launch import environment
from launch.environment import STAMP, ensure, is_ready, read_stamp, write_stamp
from launch.install import Offline, install
from launch.places import LOCKS, ROOT, python_in
from launch.problem import Problem


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """Where start.py keeps its environment in this test; the path holds a space."""
    chosen = tmp_path / "a folder" / "env"
    monkeypatch.setenv("MINIGRAD_ENV", str(chosen))
    monkeypatch.delenv("CONDA_PREFIX", raising=False)
    return chosen


@pytest.fixture
def made(monkeypatch) -> list[str]:
    """Making is quick here (a link to this Python, no packages) and what is done is listed."""
    done: list[str] = []

    def make_venv(folder: Path) -> None:
        python = python_in(folder)
        python.parent.mkdir(parents=True)
        if os.name == "nt":
            python.with_name("pyvenv.cfg").write_text("")
        python.symlink_to(sys.executable)
        done.append("venv")

    monkeypatch.setattr(environment, "_make_venv", make_venv)
    monkeypatch.setattr(environment, "install", lambda python, lock, *_: done.append(lock.stem))
    return done


def test_second_start_makes_nothing(folder, made):
    assert ensure() == python_in(folder)
    assert made == ["venv", "lab"]
    ensure()
    assert made == ["venv", "lab"]


def test_tests_are_added_once_and_the_lessons_keep_working(folder, made):
    ensure("lab")
    ensure("test")
    ensure("test")
    ensure("lab")
    assert made == ["venv", "lab", "test"]


def test_changed_lock_updates(folder, made, monkeypatch, tmp_path):
    ensure("test")
    lock = tmp_path / "lab.txt"
    lock.write_text(LOCKS["lab"].read_text() + "# newer\n")
    monkeypatch.setitem(environment.LOCKS, "lab", lock)
    ensure("lab")
    ensure("lab")
    assert made == ["venv", "test", "lab"]
    assert is_ready(folder, "test")


def test_line_endings_are_not_a_change(tmp_path):
    lock = tmp_path / "lab.txt"
    lock.write_bytes(LOCKS["lab"].read_bytes().replace(b"\n", b"\r\n"))
    assert environment.digest(lock) == environment.digest(LOCKS["lab"])


@pytest.mark.parametrize("during", ["venv", "packages"])
def test_interrupted_start_recovers(folder, made, monkeypatch, during):
    def interrupted(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(environment, "_make_venv" if during == "venv" else "install", interrupted)
        with pytest.raises(KeyboardInterrupt):
            ensure()
    (folder / "lib").mkdir(exist_ok=True)
    (folder / "lib" / "half-written").write_text("")
    assert not is_ready(folder, "lab")
    ensure()
    assert is_ready(folder, "lab")
    assert not (folder / "lib" / "half-written").exists()


def test_interrupted_update_makes_it_again(folder, made):
    ensure()
    write_stamp(folder, {**read_stamp(folder), "state": "building"})
    ensure()
    assert made == ["venv", "lab", "venv", "lab"]


def test_damaged_stamp_makes_it_again(folder, made):
    ensure()
    (folder / STAMP).write_text('{"state": "rea')
    ensure()
    assert made == ["venv", "lab", "venv", "lab"]


def test_python_that_went_away_makes_it_again(folder, made):
    ensure()
    python_in(folder).unlink()
    ensure()
    assert made == ["venv", "lab", "venv", "lab"]


def test_python_that_was_upgraded_makes_it_again(folder, made):
    ensure()
    write_stamp(folder, {**read_stamp(folder), "python": "3.9"})
    ensure()
    assert made == ["venv", "lab", "venv", "lab"]


def test_update_without_network_leaves_what_was_there(folder, made, monkeypatch):
    def offline(*_):
        raise Offline("what", "fix")

    ensure("lab")
    monkeypatch.setattr(environment, "install", offline)
    with pytest.raises(Offline):
        ensure("test")
    ensure("lab")
    assert made == ["venv", "lab"]


def test_a_folder_of_somebody_else_is_never_touched(folder, made):
    (folder / "thesis").mkdir(parents=True)
    with pytest.raises(Problem, match=r"start\.py did not make it"):
        ensure()
    assert (folder / "thesis").is_dir()
    assert made == []


def test_folder_that_cannot_be_written(tmp_path, monkeypatch, made):
    monkeypatch.delenv("CONDA_PREFIX", raising=False)
    (tmp_path / "file").write_text("")  # no folder can be made in it, not even by root
    monkeypatch.setenv("MINIGRAD_ENV", str(tmp_path / "file" / "env"))
    with pytest.raises(Problem, match=r"could not be written(.|\n)*MINIGRAD_ENV"):
        ensure()


def test_read_only_environment_that_is_ready_is_used(folder, made, monkeypatch):
    ensure()

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "write_text", refuse)
    monkeypatch.setattr(Path, "mkdir", refuse)
    assert ensure() == python_in(folder)


def test_missing_venv_module(folder, monkeypatch):
    found = environment.importlib.util.find_spec
    monkeypatch.setattr(
        environment.importlib.util, "find_spec", lambda name: name != "ensurepip" and found(name)
    )
    with pytest.raises(Problem, match="apt-get install python3-venv"):
        ensure()
    assert not is_ready(folder, "lab")


def test_two_starts_at_once_make_one_environment(folder, tmp_path):
    script = tmp_path / "start_slowly.py"
    script.write_text(
        textwrap.dedent("""
        import sys, time
        from pathlib import Path
        from launch import environment
        from launch.places import python_in

        def make_venv(folder):
            python_in(folder).parent.mkdir(parents=True)
            python_in(folder).symlink_to(sys.executable)
            print("venv", flush=True)

        environment._make_venv = make_venv
        environment.install = lambda *_: time.sleep(1)
        environment.ensure()
        """)
    )
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    starts = [
        subprocess.Popen([sys.executable, script], env=environ, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    said = [start.communicate(timeout=60)[0] for start in starts]
    assert [start.returncode for start in starts] == [0, 0, 0]
    assert sum("venv\n" in text for text in said) == 1
    assert sum("waiting" in text for text in said) == 2


def test_conda_environment_is_used_as_it_is(folder, made, monkeypatch):
    monkeypatch.setenv("CONDA_PREFIX", sys.prefix)  # it has every package, wherever it came from
    assert ensure("test") == python_in(Path(sys.prefix))
    assert made == []


def test_conda_environment_that_lacks_something_is_left_alone(folder, made, monkeypatch, tmp_path):
    bare = tmp_path / "conda"
    python_in(bare).parent.mkdir(parents=True)
    python_in(bare).symlink_to(sys.executable)
    monkeypatch.setenv("CONDA_PREFIX", str(bare))
    monkeypatch.setattr(environment, "python_version", lambda python: "3.11")
    assert environment.conda_python("lab") is None
    assert ensure() == python_in(folder)


def test_environment_beside_the_project_is_turned_to_it_and_a_shared_one_is_not(
    tmp_path, monkeypatch
):
    packages = (
        tmp_path / ".venv" / ("Lib" if os.name == "nt" else "lib/python3.12") / "site-packages"
    )
    packages.mkdir(parents=True)
    environment._point_at_project(tmp_path / ".venv")
    assert list(packages.iterdir()) == []
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    environment._point_at_project(tmp_path / ".venv")
    assert (packages / "minigrad-lessons.pth").read_text() == f"{tmp_path}\n"


def test_environment_imports_this_copy_of_the_project(start_environ):
    show = "import launch.places; print(launch.places.ROOT)"
    environ = environment.environ_for(Path(sys.executable))
    done = subprocess.run(
        [sys.executable, "-c", show], env=environ, cwd=os.sep, capture_output=True, text=True
    )
    assert done.stdout.strip() == str(ROOT)


def test_compiled_files_are_kept_where_none_may_be_written_beside_the_sources(
    start_environ, monkeypatch, tmp_path
):
    python = python_in(Path(sys.prefix))
    monkeypatch.setenv("MINIGRAD_ENV", sys.prefix)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.delenv("PYTHONPYCACHEPREFIX", raising=False)
    environ = environment.environ_for(python)
    assert environ["PYTHONPYCACHEPREFIX"] == str(Path(sys.prefix) / "compiled")
    (tmp_path / "found.py").write_text("")
    environ |= {"PYTHONPATH": str(tmp_path), "PYTHONPYCACHEPREFIX": str(tmp_path / "compiled")}
    subprocess.run([python, "-c", "import found"], env=environ, check=True)
    assert len(list((tmp_path / "compiled").rglob("found.*.pyc"))) == 1
    assert not (tmp_path / "__pycache__").exists()
    # Somebody else's environment, conda's for one, is left as it is.
    monkeypatch.setenv("MINIGRAD_ENV", str(tmp_path))
    assert "PYTHONPYCACHEPREFIX" not in environment.environ_for(python)


# The installer, with the real pip.


def installed(tmp_path, lock_text) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text(lock_text)
    with open(tmp_path / "held", "a") as held:
        install(Path(sys.executable), lock, tmp_path / "install.log", held)


def test_no_network(tmp_path, monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/nothing-listens-here")
    with pytest.raises(Offline, match=r"did not answer(.|\n)*needs the network(.|\n)*install\.log"):
        installed(tmp_path, f"minigrad-no-such-package==1.0 --hash=sha256:{'0' * 64}\n")
    assert "minigrad-no-such-package" in (tmp_path / "install.log").read_text()


def test_no_package_for_this_python(tmp_path, monkeypatch):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(Problem, match=r"no ready-made package minigrad-no-such-package==1\.0"):
        installed(tmp_path, f"minigrad-no-such-package==1.0 --hash=sha256:{'0' * 64}\n")


def test_what_is_there_already_needs_no_network(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    installed(tmp_path, LOCKS["test"].read_text())
    assert "installed in" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("said", "explained"),
    [
        ("ERROR: Could not install packages: [Errno 28] No space left on device", "disk is full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "its hash differs"),
        ("NewConnectionError(...)\nERROR: No matching distribution found for a", "did not answer"),
        ("PermissionError: [WinError 5] Access is denied: 'a.dll'", "could not be written"),
        ("something new", "something new"),
    ],
)
def test_what_pip_says_is_explained(said, explained, tmp_path):
    from launch.install import _explain

    assert explained in str(_explain(said, tmp_path / "install.log"))


def test_stamp_is_plain(folder, made):
    ensure()
    assert set(json.loads((folder / STAMP).read_text())) == {"state", "python", "lab"}
