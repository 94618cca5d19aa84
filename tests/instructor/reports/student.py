"""A student's page: what was right, and where to go on with what was not.

It holds the student's own results alone. Of what is wrong it says the first thing, in the words
that the lesson itself would say, and gives a hint; no expected value, no path, no error of ours.
"""

from __future__ import annotations

from typing import Any

from tests.instructor.course import CourseError
from tests.instructor.gradebook import LOOK, Entry, Mark, number
from tests.instructor.reports.page import for_students, page, table
from tests.instructor.reports.pictures import Pictures

STATES = {
    "graded": "",
    "not answered": "Not answered yet.",
    "needs a look": "Your instructor will look at this.",
    "set aside": "This could not be graded.",
}


def student_page(student: str, entries: list[Entry], course: Any, pictures: Pictures) -> str:
    """The page as HTML."""
    parts = [f"<h1>{for_students(student)}</h1>"]
    graded = [entry for entry in entries if entry.marks]
    if len(graded) > 1:
        rows = [
            [f"Lesson {for_students(e.lesson)}", _points(e.points, e.of)] for e in graded
        ]  # a page with one lesson says it once
        parts.append(table("Your lessons", ["Lesson", "Points"], rows, (1,)))
    parts += [_lesson(entry, course, pictures) for entry in entries]
    return page(f"{student}: points and comments", "\n".join(parts))


def _points(points: float, of: float) -> str:
    return f"{number(points)} of {number(of)}"


def _lesson(entry: Entry, course: Any, pictures: Pictures) -> str:
    lesson = course.lessons.get(entry.lesson)
    title = f"Lesson {entry.lesson}" if lesson is None else title_of(lesson)
    parts = [f"<h2>{for_students(title if entry.lesson else 'A file of no lesson')}</h2>"]
    parts.append(f'<p class="soft">From {for_students(entry.file.rsplit("/", 1)[-1])}</p>')
    if entry.state in LOOK:
        # Why a person must look is the grader's business; why a file cannot be read, the student's.
        why = for_students(entry.reason) if entry.state == "set aside" else ""
        parts.append(f'<p class="note">{STATES[entry.state]} {why}</p>')
    if entry.comment:
        parts.append(_comment(entry.comment))
    if entry.marks and not (entry.state == "set aside" and not _touched(entry)):
        rows = [
            [for_students(m.about["title"]), _state(m), _mark_points(m)]
            for m in entry.marks.values()
        ]
        rows.append(["All", "", f"<strong>{_points(entry.points, entry.of)}</strong>"])
        parts.append(table("Your points", ["Exercise", "", "Points"], rows, (2,)))
        parts += [_exercise(entry, mark, pictures) for mark in entry.marks.values()]
    return "\n".join(parts)


def title_of(lesson: Any) -> str:
    """The heading of a lesson: 02 · The chain rule by hand."""
    try:
        cells = lesson.cells
    except CourseError:
        cells = []
    for cell in cells:
        if cell["cell_type"] == "markdown" and cell["source"].lstrip().startswith("# "):
            return f"Lesson {cell['source'].lstrip()[2:].splitlines()[0]}"
    return f"Lesson {lesson.number}"


def _touched(entry: Entry) -> bool:
    return any(mark.manual is not None or mark.comment for mark in entry.marks.values())


def _mark_points(mark: Mark) -> str:
    if mark.open:
        return f"to be decided, of {number(mark.of)}"
    return _points(mark.points, mark.of)


def _state(mark: Mark) -> str:
    if mark.open:
        return '<span class="look">? to be decided</span>'
    if mark.points >= mark.of:
        return '<span class="good">✓ all right</span>'
    if mark.state == "not answered" and mark.manual is None:
        return '<span class="soft">– not answered</span>'
    if mark.points:
        return '<span class="look">◐ partly right</span>'
    return '<span class="bad">✗ not right yet</span>'


def _exercise(entry: Entry, mark: Mark, pictures: Pictures) -> str:
    about = mark.about
    parts = [
        f"<article><h3>{for_students(about['title'])}</h3>"
        f"<p>{_state(mark)} <span class='soft'>·</span> {_mark_points(mark)} points</p>"
    ]
    reason = mark.reason if mark.state == "graded" else STATES[mark.state]
    if reason and mark.manual is None:
        parts.append(f"<p>{for_students(reason)}</p>")
    parts.append(_findings(mark))
    wrong = mark.points < mark.of and not mark.open
    if wrong:
        parts.append(f"<p><strong>A hint:</strong> {for_students(about['hint'])}</p>")
        parts.append(pictures.of(entry.lesson, mark.id))
    if mark.manual is not None:
        parts.append('<p class="soft">The points were decided by your instructor.</p>')
    if mark.comment:
        parts.append(_comment(mark.comment))
    return "".join([*parts, "</article>"])


def _findings(mark: Mark) -> str:
    """All that is right; of the rest the first, for the others often follow from it."""
    right = [finding for finding in mark.findings if finding["right"]]
    wrong = [finding for finding in mark.findings if not finding["right"]]
    items = [
        f'<li><span class="good">✓ right</span> <code>{for_students(f["what"], 200)}</code></li>'
        for f in right
    ]
    for finding in wrong[:1]:
        what, said = for_students(finding["what"], 200), for_students(finding["said"])
        items.append(f'<li><span class="bad">✗ not yet</span> <code>{what}</code>: {said}</li>')
    rest = ""
    if len(wrong) > 1:
        more = len(wrong) - 1
        what = "one more is" if more == 1 else f"{more} more are"
        rest = f'<p class="soft">And {what} not right yet. Begin with the first.</p>'
    if mark.findings and right and wrong and mark.manual is None:
        share = f"{len(right)} of {len(mark.findings)} are right, so {number(mark.points)} points."
        rest += f'<p class="soft">{share}</p>'
    return (f"<ul>{''.join(items)}</ul>" if items else "") + rest


def _comment(text: str) -> str:
    return f'<p class="note"><strong>From your instructor:</strong> {for_students(text, 5000)}</p>'
