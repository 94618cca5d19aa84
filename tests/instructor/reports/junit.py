"""The results as JUnit XML, which test viewers and continuous integration read."""

from __future__ import annotations

import re
from xml.etree import ElementTree as Xml

from tests.instructor.gradebook import Entry, Mark, number

NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_junit(entries: list[Entry]) -> str:
    """A suite per submission, a case per exercise; what needs a look is an error."""
    root = Xml.Element("testsuites", name="submissions")
    for entry in entries:
        name = f"{entry.student}, lesson {entry.lesson or '?'}"
        suite = Xml.SubElement(root, "testsuite", name=_xml(name), time=f"{entry.seconds:.3f}")
        for mark in entry.marks.values():
            _case(suite, entry, mark)
        if not entry.marks:
            case = Xml.SubElement(suite, "testcase", name=_xml(entry.file), classname=_xml(name))
            Xml.SubElement(case, "error", message=_xml(entry.reason))
        for kind in ("failure", "error"):
            count = sum(case.find(kind) is not None for case in suite)
            suite.set(f"{kind}s", str(count))
        suite.set("tests", str(len(suite)))
        if entry.flags:
            Xml.SubElement(suite, "system-out").text = _xml("\n".join(entry.flags))
    Xml.indent(root)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n' + Xml.tostring(root, encoding="unicode") + "\n"
    )


def _case(suite: Xml.Element, entry: Entry, mark: Mark) -> None:
    case = Xml.SubElement(
        suite, "testcase", name=_xml(mark.id), classname=_xml(f"{entry.student}.{entry.lesson}")
    )
    points = f"{number(mark.points)} of {number(mark.of)} points"
    if mark.open:
        kind, message = "error", mark.reason or entry.reason
    elif mark.points < mark.of:
        kind, message = "failure", points
    else:
        return
    found = Xml.SubElement(case, kind, message=_xml(message))
    lines = [f"{'+' if f['right'] else '-'} {f['what']}: {f['said']}" for f in mark.findings]
    found.text = _xml("\n".join([points, *lines, mark.reason, mark.instructor]).strip())


def _xml(text: str) -> str:
    return NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)[:20_000]
