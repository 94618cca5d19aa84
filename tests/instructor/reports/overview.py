"""The instructor's overview of a class: what was hard, why, and what is left to decide."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from tests.instructor.gradebook import Entry, Mark, by_student, number
from tests.instructor.reports.page import escape, file_name, link, page, table
from tests.instructor.reports.student import title_of

MOST_CAUSES = 12  # per lesson


def overview(entries: list[Entry], course: Any) -> str:
    """The page as HTML."""
    students = by_student(entries)
    undecided = [entry for entry in entries if entry.open]
    parts = [
        "<h1>The class at a glance</h1>",
        f"<p>{_count(len(entries), 'submission')} of {_count(len(students), 'student')}; "
        f"{_count(len(undecided), 'submission')} to look at.</p>",
        _isolation(entries),
        _undecided(undecided),
    ]
    by_lesson: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry.marks:
            by_lesson[entry.lesson].append(entry)
    for number_, own in sorted(by_lesson.items()):
        lesson = course.lessons.get(number_)
        parts.append(f"<h2>{escape(title_of(lesson) if lesson else f'Lesson {number_}')}</h2>")
        parts += [_exercises(own), _causes(own)]
    parts += [_everybody(students), _flags(entries)]
    return page("The class at a glance", "\n".join(parts))


def _count(many: int, what: str) -> str:
    return f"{many} {what}{'' if many == 1 else 's'}"


def _isolation(entries: list[Entry]) -> str:
    weaker = Counter(e.isolation for e in entries if e.isolation not in ("", "bubblewrap"))
    return "".join(
        f'<p class="note"><strong>Weaker isolation:</strong> {_count(many, "submission")} graded '
        f"with {escape(name)}. Their code could reach this machine; trust their points as far as "
        "you trust their authors.</p>"
        for name, many in weaker.items()
    )


def _undecided(entries: list[Entry]) -> str:
    if not entries:
        return ""
    rows = []
    for entry in entries:
        open_marks = [mark for mark in entry.marks.values() if mark.open]
        why = [entry.reason] if entry.state != "graded" else []
        why += [
            f"{mark.id}: {mark.instructor or mark.reason}"
            for mark in open_marks
            if mark.instructor or mark.reason
        ]
        rows.append(
            [
                link(f"students/{file_name(entry.student)}", entry.student),
                escape(entry.lesson or "?"),
                escape(entry.state),
                "<br>".join(escape(text, 400) for text in dict.fromkeys(why)),
                escape(entry.file),
            ]
        )
    return (
        "<h2>To look at</h2><p>Decide about them in <code>manual.csv</code> and run the same "
        "command again.</p>"
        + table("Submissions to look at", ["Student", "Lesson", "State", "Why", "File"], rows)
    )


def _exercises(entries: list[Entry]) -> str:
    marks: dict[str, list[Mark]] = defaultdict(list)
    for entry in entries:
        for mark in entry.marks.values():
            marks[mark.id].append(mark)
    rows = []
    for name, own in marks.items():
        decided = [mark for mark in own if not mark.open]
        of = own[0].of
        mean = sum(mark.points for mark in decided) / len(decided) if decided else 0.0
        full = sum(mark.points >= mark.of for mark in decided)
        empty = sum(mark.state == "not answered" for mark in decided)
        share = min(100, round(100 * mean / of))
        rows.append(
            [
                f"{escape(own[0].about['title'])} <span class='soft id'>{escape(name)}</span>",
                f'<span class="bar"><span class="meter" aria-hidden="true">'
                f'<span style="width:{share}%"></span></span> {share} %</span>',
                f"{number(mean)} of {number(of)}",
                f"{full} of {len(decided)}",
                str(empty),
                str(len(own) - len(decided)),
            ]
        )
    head = ["Exercise", "Share", "Mean points", "All right", "Not answered", "To decide"]
    return table("Points per exercise", head, rows, (2, 3, 4, 5))


def _causes(entries: list[Entry]) -> str:
    """What was said most often: to how many students, once each."""
    said: Counter[tuple[str, str, str]] = Counter()
    for entry in entries:
        for mark in entry.marks.values():
            if mark.state != "not answered":
                wrong = (f for f in mark.findings if not f["right"])
                first = next(wrong, None)
                if first is not None:
                    said[mark.id, first["what"][:200], first["said"][:400]] += 1
    rows = [
        [
            f'<span class="id">{escape(exercise)}</span>',
            f"<code>{escape(what)}</code>",
            escape(text),
            str(many),
        ]
        for (exercise, what, text), many in said.most_common(MOST_CAUSES)
    ]
    if not rows:
        return ""
    head = ["Exercise", "What", "What was said about it", "Students"]
    return "<h3>The most frequent wrong causes</h3>" + table(
        "The first thing that was wrong, by how many students have it", head, rows, (3,)
    )


def _everybody(students: dict[str, list[Entry]]) -> str:
    lessons = sorted({entry.lesson for own in students.values() for entry in own if entry.lesson})
    rows = []
    for student, own in students.items():
        of = {entry.lesson: entry for entry in own}
        row = [link(f"students/{file_name(student)}", student)]
        for lesson in lessons:
            row.append(_cell(of[lesson]) if lesson in of else '<span class="soft">–</span>')
        total, whole = sum(e.points for e in own), sum(e.of for e in own)
        rows.append([*row, f"{number(total)} of {number(whole)}"])
    head = ["Student", *(f"Lesson {lesson}" for lesson in lessons), "All"]
    numbers = tuple(range(1, len(head)))
    return "<h2>Everybody</h2>" + table("Points per student", head, rows, numbers)


def _cell(entry: Entry) -> str:
    points = f"{number(entry.points)} of {number(entry.of)}"
    return f'<span class="look">? {points}</span>' if entry.open else points


def _flags(entries: list[Entry]) -> str:
    flagged = [(entry, flag) for entry in entries for flag in entry.flags]
    if not flagged:
        return ""
    rows = [[escape(e.student), escape(e.lesson), escape(flag, 600)] for e, flag in flagged]
    return "<h2>Good to know</h2>" + table("Remarks", ["Student", "Lesson", "Remark"], rows)
