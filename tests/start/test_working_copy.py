"""The reader's own lessons: an update brings what is new and never touches what was worked on."""

import pytest

from launch import working_copy
from launch.problem import Problem


@pytest.fixture
def folders(monkeypatch, tmp_path):
    """The project's lessons and the reader's folder."""
    ours, theirs = tmp_path / "lessons", tmp_path / "mine"
    ours.mkdir()
    monkeypatch.setattr(working_copy, "LESSONS", ours)
    monkeypatch.setenv("MINIGRAD_LESSONS", str(theirs))
    (ours / "01_a.ipynb").write_text("first")
    return ours, theirs


def test_lessons_are_handed_out_and_the_place_is_told(folders, capsys):
    _, theirs = folders
    assert working_copy.hand_out() == theirs
    assert (theirs / "01_a.ipynb").read_text() == "first"
    assert str(theirs) in capsys.readouterr().out


def test_untouched_lessons_follow_updates_and_touched_ones_are_kept(folders, capsys):
    ours, theirs = folders
    (ours / "02_b.ipynb").write_text("second")
    working_copy.hand_out()
    (theirs / "02_b.ipynb").write_text("second, with my answers")
    (ours / "01_a.ipynb").write_text("first, revised")
    (ours / "02_b.ipynb").write_text("second, revised")
    (ours / "03_c.ipynb").write_text("third")
    capsys.readouterr()
    working_copy.hand_out()
    assert {p.name: p.read_text() for p in theirs.glob("*.ipynb")} == {
        "01_a.ipynb": "first, revised",
        "02_b.ipynb": "second, with my answers",
        "03_c.ipynb": "third",
    }
    said = capsys.readouterr().out
    assert "There is a newer 02_b.ipynb; yours is kept" in said
    assert "01_a" not in said


def test_my_changes_to_a_lesson_that_has_no_update_are_not_worth_a_word(folders, capsys):
    _, theirs = folders
    working_copy.hand_out()
    (theirs / "01_a.ipynb").write_text("mine")
    capsys.readouterr()
    working_copy.hand_out()
    assert "newer" not in capsys.readouterr().out
    assert (theirs / "01_a.ipynb").read_text() == "mine"


def test_what_is_there_without_a_record_is_kept(folders):
    _, theirs = folders
    theirs.mkdir()
    (theirs / "01_a.ipynb").write_text("from elsewhere")
    for damaged in (None, "{", "[]"):
        if damaged is not None:
            (theirs / working_copy.RECORD).write_text(damaged)
        working_copy.hand_out()
        assert (theirs / "01_a.ipynb").read_text() == "from elsewhere"


def test_a_renamed_lesson_comes_anew(folders):
    _, theirs = folders
    working_copy.hand_out()
    (theirs / "01_a.ipynb").rename(theirs / "my 01.ipynb")
    working_copy.hand_out()
    assert (theirs / "01_a.ipynb").read_text() == "first"


def test_folder_that_cannot_be_written(folders, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("MINIGRAD_LESSONS", str(tmp_path / "file" / "inside"))
    with pytest.raises(Problem, match="MINIGRAD_LESSONS"):
        working_copy.hand_out()
