"""pyproject.toml, environment.yml and the locks say the same thing."""

import re
import subprocess
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from launch.places import FIRST_LESSON, LOCKS, ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
SYSTEMS = [
    {"sys_platform": system, "platform_system": name, "os_name": os_name}
    for system, name, os_name in [
        ("linux", "Linux", "posix"),
        ("darwin", "Darwin", "posix"),
        ("win32", "Windows", "nt"),
    ]
]


def pins(group: str) -> dict[str, Requirement]:
    """The packages of a lock file by name."""
    found = {}
    for line in LOCKS[group].read_text(encoding="utf-8").splitlines():
        if line[:1].isalnum():
            pin = Requirement(line.rstrip("\\ "))
            assert canonicalize_name(pin.name) not in found, f"{pin.name} is locked twice"
            found[canonicalize_name(pin.name)] = pin
    return found


def test_conda_and_pip_get_the_same_packages():
    conda = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    assert {"pip": ["-e ."]} in conda, "lessons import minigrad and widgets"
    specs = {
        Requirement(line).name: Requirement(line).specifier for line in conda if line != conda[-1]
    }
    assert specs.pop("python") == PROJECT["requires-python"]
    assert specs.pop("graphviz") == "", "the program dot, which pip cannot bring"
    specs.pop("pip")
    specs["graphviz"] = specs.pop("python-graphviz")  # conda's name of the Python package
    pip = [Requirement(line) for line in PROJECT["dependencies"]]
    assert specs == {requirement.name: requirement.specifier for requirement in pip}


@pytest.mark.parametrize(
    ("group", "wanted"),
    [("lab", PROJECT["dependencies"]), ("test", PROJECT["dependencies"] + EXTRAS["test"])],
)
@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14"])
@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system["sys_platform"])
def test_lock_covers_every_requirement(group, wanted, python, system):
    locked = pins(group)
    machine = {**system, "python_version": python, "python_full_version": f"{python}.0"}
    for requirement in map(Requirement, wanted):
        pin = locked[canonicalize_name(requirement.name)]
        assert pin.marker is None or pin.marker.evaluate(machine)
        (version,) = (specifier.version for specifier in pin.specifier)
        assert requirement.specifier.contains(version), f"{pin} is not {requirement}"


def test_the_tests_run_on_what_the_lessons_run_on():
    test = pins("test")
    # A version: what only the tests need may want a package on more systems than the lessons do.
    assert {name: pin.specifier for name, pin in pins("lab").items()} == {
        name: test[name].specifier for name in pins("lab")
    }


@pytest.mark.parametrize("group", LOCKS)
def test_lock_is_exact_and_names_no_registry(group):
    text = LOCKS[group].read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*-", text.replace("    --hash=sha256:", ""), re.M), "a pip option"
    packages = re.split(r"\n(?=\w)", text.split("\n", 2)[2])
    assert len(packages) == len(pins(group))
    for package in packages:
        assert re.match(r"[\w.-]+==[\w.]+", package)
        assert "--hash=sha256:" in package


def test_python_floor_is_said_once_in_each_place():
    floor = PROJECT["requires-python"].removeprefix(">=")
    assert f"OLDEST = ({floor.replace('.', ', ')})" in (ROOT / "start.py").read_text()
    assert f"Python {floor} or newer" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_readme_is_one_screen_and_its_links_lead_somewhere():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 50
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert "://" in target or (ROOT / target).exists(), target
    assert (ROOT / "lessons" / FIRST_LESSON).is_file()


def test_no_registry_and_no_machine_path_is_committed():
    words = ["pypi.org/" + "simple", "files.python" + "hosted.org", "registry.npm" + "js.org"]
    words += ["/ro" + "ot/", "/wo" + "rk/main", "/home/" + "[a-z]", "C:.Users" + "."]
    command = ["git", "grep", "-nIE", "|".join(words).replace(".", r"\."), "--", "."]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode == 128:
        pytest.skip("not a git checkout")
    assert done.stdout == ""
