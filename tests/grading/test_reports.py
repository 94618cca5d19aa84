"""The pages: complete, harmless, and silent about everything that is not the student's."""

import re
import xml.etree.ElementTree as Xml

import pytest

from tests.instructor import reports
from tests.instructor.exercises import about
from tests.instructor.gradebook import as_csv, entries_of, harmless
from tests.instructor.manual import Decision
from tests.instructor.reports.page import PATHS, file_name
from tests.widgets.saved import picture

SECRET = "the hidden truth is 42.125"


def record(course, student, lesson="02", said="Look again.", **result):
    exercises = about(course.lessons[lesson])
    findings = [
        {"what": "first", "right": True, "said": "Right."},
        {"what": "second <b>", "right": False, "said": said},
        {"what": "third", "right": False, "said": "Never shown."},
    ]
    graded = {
        name: {
            "points": 1.5,
            "of": each["of"],
            "state": "graded",
            "findings": findings,
            "reason": "",
            "instructor": SECRET,
        }
        for name, each in exercises.items()
    }
    whole = {"state": "graded", "reason": "", "exercises": graded, "isolation": "bubblewrap"}
    return {
        "student": student,
        "lesson": lesson,
        "file": f"{student}/x.ipynb",
        "digest": student,
        "flags": [],
        "exercises": exercises,
        "result": {**whole, **result},
    }


@pytest.fixture
def made(course, tmp_path):
    """The reports of some records: name of the page → its text."""

    def make(records, decisions=None):
        entries, lost = entries_of(records, decisions or {})
        reports.write(tmp_path, entries, course)
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        return {path.name: path.read_text(encoding="utf-8") for path in files}, lost

    return make


def test_a_students_page_says_what_was_right_and_the_first_wrong_thing(course, made):
    files, _ = made([record(course, "Ada")])
    page = files[file_name("Ada")]
    exercise = course.lessons["02"].exercises["02-sum"]
    assert page.count('<span class="good">✓ right</span> <code>first</code>') == 4
    assert "<code>second &lt;b&gt;</code>: Look again." in page
    assert "1 of 3 are right, so 1.5 points." in page
    assert exercise.hints[0] in page
    assert "And one more is not right yet." in page
    for hidden in ("Never shown.", exercise.hints[1], exercise.idea, SECRET):
        assert hidden not in page
    assert re.search(r'<figure><img alt="Computation graph: [^"]+', page), "its program is drawn"


def test_the_picture_shows_no_number_of_the_program(course, made):
    page = made([record(course, "Ada", "06")])[0][file_name("Ada")]
    drawn = re.sub(r"<style>.*?</style>", "", picture(page))
    written = " ".join(re.sub(r"<[^>]+>", " ", drawn).split())
    assert "part overwritten" in written
    numbers = set(re.findall(r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.])", written))
    assert numbers == {"3"}, "the shape, and neither a value nor a gradient"


def test_no_page_of_a_student_knows_another_or_this_machine(course, made):
    path = "No such file: '/mnt/prof/hidden.py', D:\\prof\\x.py, /usr/lib/python3/y.py"
    files, _ = made([record(course, "Ada", said=path), record(course, "Bo Li")])
    page = files[file_name("Ada")]
    assert "No such file: &#x27;(a file)&#x27;, (a file), (a file)" in page
    assert "Bo" not in page.replace("viewBox", "")
    assert PATHS.sub("", "64*y/9 and ∂out/∂x and 1/2/3") == "64*y/9 and ∂out/∂x and 1/2/3"
    for name, text in files.items():
        if name.endswith(".html") and name != "overview.html":
            assert not re.search(r"prof|/usr|Traceback", text)


def test_why_a_person_must_look_is_not_for_the_student(course, made):
    why = "The check failed. KeyError: 'secret'"
    records = [record(course, "Ada", state="needs a look", reason=why, exercises={})]
    files, _ = made(records)
    assert "Your instructor will look at this." in files[file_name("Ada")]
    assert "secret" not in files[file_name("Ada")]
    assert "KeyError: &#x27;secret&#x27;" in files["overview.html"]
    assert "to be decided" in files[file_name("Ada")]


def test_markup_and_turned_letters_are_text(course, made):
    name = '<img src=x onerror="alert(1)">\u202etxet'
    files, _ = made([record(course, name, said="<script>alert(1)</script>")])
    for name_, text in files.items():
        if name_.endswith(".html"):
            assert "<script" not in text
            assert "<img src=x" not in text
    assert "\u202e" not in files["overview.html"]


def test_no_cell_of_the_spreadsheet_is_a_formula(course):
    entries, _ = entries_of([record(course, '=HYPERLINK("http://x")')], {})
    assert as_csv(entries).splitlines()[1].startswith("\"'=HYPERLINK(")
    for start in (*"=+-@\t\r", " =", "＝", "\u3000＋"):
        assert harmless(f"{start}x").startswith("'")
    assert harmless("Ada") == "Ada"
    split, _ = entries_of([record(course, "Ada;=1+1")], {})
    assert as_csv(split).splitlines()[1].startswith('"Ada;=1+1",'), "one cell, at a semicolon too"


def test_names_of_pages_are_safe_and_different():
    names = ["../../etc/passwd", "con", "Ada", "ada", "李小龍", "李小虎", "", "a" * 500]
    files = [file_name(name) for name in names]
    assert len({name.lower() for name in files}) == len(names)
    assert all(re.fullmatch(r"[a-z0-9-]{1,50}\.html", name) for name in files)


def test_the_overview_counts_causes_points_and_copies(course, made):
    twins = [record(course, "Ada"), {**record(course, "Bo"), "digest": "Ada"}]
    odd = record(course, "Cy", said="Something else.")
    decisions = {("Cy", "02", "02-sum"): Decision(4.0, "By hand.", 2)}
    files, lost = made([*twins, odd], decisions)
    overview = files["overview.html"]
    assert lost == []
    assert re.search(r"02-sum</span></th><td><code>second &lt;b&gt;</code></td>"
                     r"<td>Look again.</td><td class=\"number\">2</td>", overview)  # fmt: skip
    assert "2.333 of 4" in overview, "the mean of 1.5, 1.5 and 4"
    assert "Byte for byte the same file as that of Bo." in overview
    assert "same file" not in files[file_name("Ada")]
    assert "By hand." in files[file_name("Cy")]


def test_the_xml_is_xml_and_tells_failures_from_errors(course, made):
    odd = record(course, "B\x00\x1bo", state="set aside", reason="\ud800 no", exercises={})
    files, _ = made([record(course, "Ada"), odd])
    suites = Xml.fromstring(files["junit.xml"])
    counts = [(s.get("tests"), s.get("failures"), s.get("errors")) for s in suites]
    assert counts == [("4", "4", "0"), ("4", "0", "4")]
    assert SECRET in files["junit.xml"]


def test_every_page_fetches_nothing(course, made):
    files, _ = made([record(course, "Ada")])
    for name, text in files.items():
        if name.endswith(".html"):
            assert "default-src &#x27;none&#x27;" in text
            assert not re.search(r"(src|href)=\"(https?:)?//", text)
            assert text.count("<h1") == 1
            assert text.count("<table") == text.count("<caption")
