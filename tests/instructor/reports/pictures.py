"""Still pictures of the programs that are to be derived: their shape, and none of their numbers."""

from __future__ import annotations

from typing import Any

from widgets import draw, still


class Pictures:
    """The picture of an exercise's program, drawn once."""

    def __init__(self, course: Any) -> None:
        self.course = course
        self._drawn: dict[tuple[str, str], str] = {}

    def of(self, lesson: str, exercise: str) -> str:
        """The picture as HTML; empty where there is none, or where it would give something away.

        A prediction may ask for what a graph shows; a derivation asks for formulas, which it does
        not.
        """
        place = (lesson, exercise)
        if place not in self._drawn:
            self._drawn[place] = self._draw(*place)
        return self._drawn[place]

    def _draw(self, lesson: str, exercise: str) -> str:
        found = self.course.lessons.get(lesson)
        known = found.exercises.get(exercise) if found is not None else None
        if known is None or known.kind != "derivation" or known.program is None:
            return ""
        try:
            names = known.program()
            drawing = draw(names["out"], params=names, values=False, gradients=False)
        except Exception:  # a picture is an extra: without one the page is whole
            return ""
        words = drawing.words
        if len(drawing.svg) > still.MOST:
            return ""
        return (
            f"<figure>{still.image(drawing.svg, words)}"
            "<figcaption>The program as a graph.</figcaption></figure>"
        )
