"""Files and archives that must not be opened, or not to their end, and the reasons given."""

import json
import os
import re
import socket
import stat
import time
import zipfile

import pytest

from tests.grading.made import only, put, zipped
from tests.instructor.grading import grade
from tests.instructor.intake import archives, collect, folders
from tests.instructor.intake.archives import DEEPEST, MOST
from tests.instructor.intake.found import LARGEST

HOSTILE = {
    "link.ipynb": "It is a symbolic link, not a notebook.",
    "pipe.ipynb": "It is a named pipe, not a notebook.",
    "socket.ipynb": "It is a socket, not a notebook.",
    "folder.ipynb": "It is a folder, not a notebook.",
    "loop": "It is a link to a folder; links are not followed.",
    "huge.ipynb": "It has 500 MB; 64 MB are read. Ask for it without outputs.",
    "deep.ipynb": "Its JSON is nested too deeply to be a notebook.",
    "digits.ipynb": "It is not a notebook: no valid JSON.",
    "binary.ipynb": "It is not a notebook: no valid JSON.",
    "list.ipynb": "It is not a notebook: it has no cells.",
    "empty.ipynb": "The file is empty.",
    "broken.zip": "It is not a whole zip archive; ask for it again.",
    "work.rar": "Only zip archives are read; unpack it first.",
}


@pytest.mark.skipif(os.name == "nt", reason="Windows has neither pipes nor devices as files")
def test_hostile_files_are_set_aside_at_once_with_their_reason(course, tmp_path):
    student = tmp_path / "Mallory"
    student.mkdir()
    (student / "link.ipynb").symlink_to("/etc/passwd")
    os.mkfifo(student / "pipe.ipynb")
    with socket.socket(socket.AF_UNIX) as listening:
        here = os.getcwd()
        os.chdir(student)  # the name of a socket is short
        listening.bind("socket.ipynb")
        os.chdir(here)
    (student / "folder.ipynb").mkdir()
    (student / "loop").symlink_to(tmp_path)
    with open(student / "huge.ipynb", "wb") as file:
        file.truncate(500 << 20)
    (student / "deep.ipynb").write_bytes(b'{"cells":' + b"[" * 2_000_000)
    (student / "digits.ipynb").write_bytes(b'{"cells": [' + b"9" * 100_000 + b"]}")
    (student / "binary.ipynb").write_bytes(bytes(range(256)))
    (student / "list.ipynb").write_bytes(b'[{"cells": 1}]')
    (student / "empty.ipynb").write_bytes(b"  \n")
    (student / "broken.zip").write_bytes(b"PK\x03\x04 and no more")
    (student / "work.rar").write_bytes(b"Rar!")
    start = time.process_time()
    found = collect([tmp_path], course)
    assert {one.file.removeprefix("Mallory/"): one.problem for one in found} == HOSTILE
    assert time.process_time() - start < 5


@pytest.mark.skipif(not hasattr(os, "mknod") or os.geteuid() != 0, reason="needs root")
def test_a_device_is_not_read(course, tmp_path):
    try:
        os.mknod(tmp_path / "zero.ipynb", stat.S_IFCHR | 0o666, os.makedev(1, 5))
    except OSError:
        pytest.skip("no devices can be made here")
    assert only(collect([tmp_path], course)).problem == "It is a device, not a notebook."


def test_a_file_that_becomes_a_link_after_it_was_looked_at_is_not_followed(tmp_path):
    path = tmp_path / "02.ipynb"
    path.write_bytes(b"{}")
    (found,) = folders.below(tmp_path)
    path.unlink()
    path.symlink_to("/etc/passwd")
    with pytest.raises(Exception, match="cannot be read"):
        found.read()


def entry(name, **about):
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_DEFLATED
    for key, value in about.items():
        setattr(info, key, value)
    return info


def encrypted(files):
    """The archive with the mark of encryption on every entry."""
    data = bytearray(zipped(files))
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(sign)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(sign, at + 4)
    return bytes(data)


def lying(content):
    """An archive whose headers say that its notebook has ten bytes."""
    data = bytearray(zipped({"m.ipynb": content}))
    for sign, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.rfind(sign)
        data[at + offset : at + offset + 4] = (10).to_bytes(4, "little")
    return bytes(data)


def nested(depth, content):
    return nested(depth - 1, zipped({f"{depth}.zip": content})) if depth else content


def test_hostile_archives_are_set_aside_with_their_reason(course, tmp_path):
    bomb = b" " * (LARGEST + 1)
    archives = {
        "up": zipped({"../../evil.ipynb": b"{}"}),
        "windows up": zipped({"..\\..\\evil.ipynb": b"{}"}),
        "absolute": zipped({"/etc/evil.ipynb": b"{}"}),
        "drive": zipped({"C:\\evil.ipynb": b"{}"}),
        "link": zipped({entry("l.ipynb", external_attr=(stat.S_IFLNK | 0o777) << 16): b"/etc/x"}),
        "bomb": zipped({"b.ipynb": bomb}),
        "liar": lying(b"[" + b" " * 1000 + b"]"),
        "secret": encrypted({"s.ipynb": b"{}"}),
        "matryoshka": nested(DEEPEST + 1, zipped({"x.ipynb": b"{}"})),
        "crowd": zipped({f"{k}.txt": b"" for k in range(MOST + 1)}),
        "cut": zipped({"c.ipynb": b"{}" * 500})[:-30],
    }
    put(tmp_path, {f"Mallory/{name}.zip": data for name, data in archives.items()})
    before = set(tmp_path.parent.rglob("*"))
    found = {
        one.file.split("/")[1].removesuffix(".zip"): one for one in collect([tmp_path], course)
    }
    assert set(found) == set(archives)
    said = {name: one.problem for name, one in found.items()}
    for name in ("up", "windows up"):
        assert said[name] == "Its name in the archive leads out of the archive."
    for name in ("absolute", "drive"):
        assert said[name] == "Its name in the archive is an absolute path."
    assert said["link"] == "It is a symbolic link, not a notebook."
    assert said["bomb"] == "It has 64 MB unpacked; 64 MB are read."
    assert said["liar"].startswith(("It cannot be unpacked", "It is not a notebook"))
    assert said["secret"] == "It is encrypted."
    assert said["matryoshka"] == f"Archives lie in archives, more than {DEEPEST} deep."
    assert said["crowd"] == f"The archive has {MOST + 1} entries; {MOST} are read."
    assert said["cut"] == "It is not a whole zip archive; ask for it again."
    assert set(tmp_path.parent.rglob("*")) == before, "something was unpacked"


def test_a_students_archive_holds_no_more_than_it_may_and_costs_no_other(monkeypatch, tmp_path):
    monkeypatch.setattr(archives, "MOST_OF_ONE", 1_000_000)
    large = b'{"cells": []}' + b" " * 400_000
    inner = zipped({f"{k}/x.ipynb": large for k in range(4)})
    nested = zipped({f"{k}.zip": zipped({"x.ipynb": large}) for k in range(4)})
    files = {"Mallory/inner.zip": inner, "Eve/nested.zip": nested, "Ada/x.ipynb": large}
    put(tmp_path, {"all.zip": zipped(files)})
    found = list(folders.below(tmp_path / "all.zip"))
    refused = {one.name for one in found if "zip bomb" in one.problem}
    assert refused == {
        "Mallory/inner.zip/2/x.ipynb",
        "Mallory/inner.zip/3/x.ipynb",
        "Eve/nested.zip/2.zip/x.ipynb",
        "Eve/nested.zip/3.zip",
    }


def test_entries_that_lie_over_one_another_are_not_read(tmp_path):
    data = bytearray(zipped({f"{k}.ipynb": bytes(100_000) for k in range(20)}))
    at = data.find(b"PK\x01\x02")
    while at >= 0:  # each entry of the directory says that it is the first one, and its size
        data[at + 20 : at + 24] = (10_000).to_bytes(4, "little")
        data[at + 42 : at + 46] = bytes(4)
        at = data.find(b"PK\x01\x02", at + 4)
    put(tmp_path, {"x.zip": bytes(data)})
    (one,) = folders.below(tmp_path)
    assert one.problem == "It is not a whole zip archive; ask for it again."


def test_a_name_that_takes_long_to_read_is_refused(course, tmp_path):
    names = ["Mallory/" + "(1)" * 20_000 + ".ipynb", "(1)" * 20_000 + "/x.ipynb"]
    put(tmp_path, {"x.zip": zipped(dict.fromkeys(names, b"{}"))})
    for one in collect([tmp_path], course):
        assert one.problem == "Its name in the archive is longer than 255 letters."


def test_a_hundred_thousand_cells(course, handed_in):
    notebook = json.loads(handed_in("02"))
    crowd = {**notebook, "cells": [*notebook["cells"], *[{"cell_type": "code"}] * 100_000]}
    result = grade(course, "02", json.dumps(crowd).encode())
    assert result["state"] == "set aside"
    assert re.fullmatch(r"The notebook has 1000\d\d cells\.", result["reason"])
