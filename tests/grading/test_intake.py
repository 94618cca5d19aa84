"""Who handed in what, in every usual shape of a folder."""

import json
import os
import zipfile

import pytest

from tests.grading.made import only, put, zipped
from tests.instructor.intake import collect
from tests.instructor.intake.found import Found
from tests.instructor.intake.students import whose

LESSON = "02_the_chain_rule_by_hand.ipynb"


SHAPES = {
    "a folder per student": ["Ada/02.ipynb", "Bo Li/02.ipynb"],
    "in a folder around all": ["hand-in/Ada/02.ipynb", "hand-in/Bo Li/02.ipynb"],
    "a folder per lesson": ["lesson 02/Ada.ipynb", "lesson 02/Bo Li.ipynb"],
    "name_lesson": [f"Ada_{LESSON}", "Bo Li_lesson02.ipynb"],
    "lesson_name": ["02_the_chain_rule_by_hand_Ada.ipynb", "02 - Bo Li.ipynb"],
    "moodle": [
        f"Ada_4711_assignsubmission_file_/{LESSON}",
        "Bo Li_4712_assignsubmission_file_/my work.zip/deep/in it.ipynb",
    ],
    "moodle, flat": [
        f"Ada_4711_assignsubmission_file_{LESSON}",
        "Bo Li_9_assignsubmission_file_x.ipynb",
    ],
    "canvas": [f"Ada_LATE_77_1001_{LESSON}", "Bo Li_78_1002_notebook-3.ipynb"],
    "nbgrader": [f"course/submitted/Ada/02/{LESSON}", f"course/submitted/Bo Li/02/{LESSON}"],
    "a zip per student": ["Ada.zip/hw/02.ipynb", "Bo Li.zip/02.ipynb"],
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_students_are_found_in_every_usual_shape(course, shape):
    places = [tuple(name.split("/")) for name in SHAPES[shape]]
    assert [owner.name for owner in whose(places, course)] == ["Ada", "Bo Li"]


@pytest.mark.parametrize("shape", ["moodle", "canvas", "nbgrader", "a folder per student"])
def test_folders_and_archives_are_the_same(course, handed_in, tmp_path, shape):
    names = [name.replace(".zip/", "/") for name in SHAPES[shape]]
    files = dict.fromkeys(names, handed_in("02"))
    put(tmp_path / "folder", files)
    (tmp_path / "all.zip").write_bytes(zipped(files))
    for given in (tmp_path / "folder", tmp_path / "all.zip"):
        found = collect([given], course)
        assert [(one.student, one.lesson, one.problem) for one in found] == [
            ("Ada", "02", ""),
            ("Bo Li", "02", ""),
        ]
        assert all(one.read() == handed_in("02") for one in found)


def test_one_student_alone_keeps_the_name(course):
    for name in ("Ada/02.ipynb", "class.zip/Ada/02.ipynb"):
        (owner,) = whose([tuple(name.split("/"))], course)
        assert owner.name == "Ada"
    pair = [("Ada", "02_final.ipynb"), ("Ada", "02_old (2).ipynb")]
    assert {owner.name for owner in whose(pair, course)} == {"Ada"}


def test_the_cells_say_which_lesson_whatever_the_file_is_called(course, handed_in, tmp_path):
    put(tmp_path, {"Ada/Untitled3.ipynb": handed_in("06"), "Bo/lesson 02.ipynb": handed_in("09")})
    assert [one.lesson for one in collect([tmp_path], course)] == ["06", "09"]


def test_older_formats_and_stripped_metadata_are_recognised(course, handed_in, tmp_path):
    notebook = json.loads(handed_in("03"))
    bare = {**notebook, "cells": [{**cell, "metadata": {}} for cell in notebook["cells"]]}
    sheets = {"nbformat": 3, "worksheets": [{"cells": notebook["cells"]}]}
    lost = {"nbformat": 4, "cells": [{"cell_type": "code", "source": "1", "metadata": {}}]}
    files = {
        "Ada/a.ipynb": json.dumps(bare).replace("\n", "\r\n").encode("utf-8-sig"),
        "Bo/b.ipynb": json.dumps(sheets).encode(),
        "Cy/03.ipynb": json.dumps(lost).encode(),
        "Di/d.ipynb": json.dumps(lost).encode(),
    }
    found = collect([put(tmp_path, files)], course)
    assert [one.lesson for one in found] == ["03", "03", "03", ""]
    assert found[3].problem == "It is a copy of no lesson of this course."
    assert [one.lesson for one in collect([tmp_path], course, "03")] == ["03"] * 4
    assert [one.student for one in collect([tmp_path], course, "05")] == ["Di"]


def test_the_newest_that_can_be_read_counts_and_that_is_said(course, handed_in, tmp_path):
    old, new = handed_in("02", "old"), handed_in("02", "new")
    put(tmp_path, {"Ada/02 (1).ipynb": new, "Ada/02.ipynb": old, "Ada/02 (2).ipynb": b"{broken"})
    for age, name in enumerate(("02 (2).ipynb", "02 (1).ipynb", "02.ipynb")):
        os.utime(tmp_path / "Ada" / name, (1e9 - age, 1e9 - age))
    one = only(collect([tmp_path], course))
    assert one.read() == new
    others = "Ada/02.ipynb, Ada/02 (2).ipynb"
    assert one.flags == (
        f"Handed in 3 times; the newest that can be read counts, not {others}.",
        "Ada/02 (2).ipynb is newer: It is not a notebook: no valid JSON.",
    )


def test_canvas_counts_uploads_when_the_times_are_the_same(course, handed_in, tmp_path):
    put(tmp_path, {
        f"ada_7_1_{LESSON}": handed_in("02", "old"),
        f"ada_7_2_{LESSON.replace('.ipynb', '-2.ipynb')}": handed_in("02", "new"),
    })  # fmt: skip
    for path in tmp_path.iterdir():
        os.utime(path, (1e9, 1e9))
    assert only(collect([tmp_path], course)).read() == handed_in("02", "new")


def test_two_people_of_one_name_are_two(course, handed_in, tmp_path):
    put(tmp_path, {
        f"Ann Lee_{number}_assignsubmission_file_/02.ipynb": handed_in("02", number)
        for number in ("11", "12")
    })  # fmt: skip
    names = [one.student for one in collect([tmp_path], course)]
    assert names == ["Ann Lee (11)", "Ann Lee (12)"]


def test_names_of_every_kind(course, handed_in, tmp_path):
    decomposed = "Zoe\u0308"
    names = ["李小龍", decomposed, "Иван Петров", "O'Neil <b>", "=1+1", "con", "a" * 200]
    archive = {f"{name}/02.ipynb": handed_in("02") for name in names}
    (tmp_path / "all.zip").write_bytes(zipped(archive))
    found = {one.student for one in collect([tmp_path], course)}
    assert found == {"李小龍", "Zoë", "Иван Петров", "O'Neil <b>", "=1+1", "con", "a" * 120}


def test_names_written_by_windows(course, handed_in, tmp_path):
    info = zipfile.ZipInfo("Ada Müller\\hw\\02.ipynb")
    info.filename = "Ada Müller\\hw\\02.ipynb"
    (tmp_path / "all.zip").write_bytes(zipped({info: handed_in("02"), "Bo/02.ipynb": b"{}"}))
    assert {one.student for one in collect([tmp_path], course)} == {"Ada Müller", "Bo"}


def test_what_nobody_handed_in_is_left_out(course, handed_in, tmp_path):
    copies = (".ipynb_checkpoints/02-checkpoint.ipynb", "__MACOSX/._02.ipynb", "._02.ipynb")
    files = {f"Ada/{name}": b"x" for name in (*copies, "notes.txt", "data.csv")}
    put(tmp_path, files | {"Ada/02.ipynb": handed_in("02")})
    assert only(collect([tmp_path], course)).file == "Ada/02.ipynb"


def test_one_students_broken_archive_leaves_the_others_alone(course, handed_in, tmp_path):
    files = {
        "Ada_1_assignsubmission_file_/02.ipynb": handed_in("02"),
        "Mallory_2_assignsubmission_file_/x.zip": b"no zip",
    }
    (tmp_path / "moodle.zip").write_bytes(zipped(files))
    found = collect([tmp_path / "moodle.zip"], course)
    assert [(one.student, bool(one.problem)) for one in found] == [
        ("Ada", False),
        ("Mallory", True),
    ]


def test_a_place_is_one_line():
    assert Found(("a", "b.ipynb")).name == "a/b.ipynb"
