"""Graders for the tests of what is around the grading: they do as the submission's text says."""

import json
import os
import signal
import time

from tests.instructor.workers.task import Task


def marks(task: Task):
    """Points for every exercise whose answer holds the word `right`; the rest is not answered.

    A notebook that holds `dies`, `never ends` or `waits` makes the process do so.
    """
    text = task.content.decode()
    if "dies" in text:
        os.kill(os.getpid(), signal.SIGKILL)
    if "never ends" in text:
        time.sleep(600)
    if "waits" in text:
        time.sleep(0.2)
    cells = [cell for cell in json.loads(text)["cells"] if "nbgrader" in cell["metadata"]]
    graded = {cell["metadata"]["nbgrader"]["grade_id"]: cell for cell in cells}
    exercises = {}
    for name, cell in graded.items():
        if name.endswith("-check"):
            continue
        source = "".join(cell["source"])
        points = graded[f"{name}-check"]["metadata"]["nbgrader"]["points"]
        right = "right" in source
        said = "Well." if right else "Look at <i>/srv/somewhere/secret.py</i> again."
        exercises[name] = {
            "points": float(points) if right else 0.0,
            "of": points,
            "state": "graded" if right or "wrong" in source else "not answered",
            "findings": [{"what": "it", "right": right, "said": said}],
            "reason": "",
            "instructor": "the hidden truth is 42.125",
        }
    return {
        "schema": 1,
        "lesson": task.lesson,
        "state": "graded",
        "reason": "",
        "isolation": task.isolation,
        "exercises": exercises,
        "cells": [],
        "flags": [],
        "seconds": 0.1,
        "cpu": 0.1,
    }
