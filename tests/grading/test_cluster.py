"""The same gradebook from a dask.distributed cluster, also when one of its workers is killed."""

import json
import os
import signal
import threading
import time
import warnings

import pytest

from launch.places import LESSONS
from launch.problem import Problem
from tests.grading.made import put
from tests.grading.submissions import answers, content, solved
from tests.instructor.session import Options, grade
from tests.instructor.workers import cluster
from tests.instructor.workers.task import Material, Task

# Of the cluster's own making, and no concern of ours.
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def scheduler():
    """A cluster of two processes, and the process ids of its workers."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from distributed import LocalCluster

        with LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as found:
            yield found


@pytest.mark.sandbox
def test_the_gradebook_is_the_same_and_a_killed_worker_loses_nothing(scheduler, tmp_path):
    wrong = {name: each.wrong for name, each in answers("02").items()}
    for k in range(8):
        codes = {name: mistakes[k % 3].code for name, mistakes in list(wrong.items())[: k % 4]}
        put(tmp_path / "subs" / f"s{k}", {"x.ipynb": content(solved("02", codes=codes))})

    def options(out, **more):
        return Options([tmp_path / "subs"], tmp_path / out, LESSONS, LESSONS / "checks", **more)

    assert grade(options("local", jobs=2)) == 0

    def kill_one():
        while len(list((tmp_path / "cluster" / "results").glob("*.json"))) < 3:
            time.sleep(0.02)
        os.kill(next(iter(scheduler.workers.values())).pid, signal.SIGKILL)

    killer = threading.Thread(target=kill_one)
    killer.start()
    assert grade(options("cluster", scheduler=scheduler.scheduler_address)) == 0
    killer.join()
    for name in ("gradebook.csv", "gradebook.json"):
        assert (tmp_path / "cluster" / name).read_bytes() == (
            tmp_path / "local" / name
        ).read_bytes()
    students = json.loads((tmp_path / "local" / "gradebook.json").read_text())["students"]
    assert len({student["points"] for student in students}) > 2


@pytest.mark.sandbox
def test_what_takes_too_long_is_given_up_on_a_cluster_too(scheduler):
    slow = content(solved("02", extra={"02-sum": ["import time\ntime.sleep(25)"] * 4}))
    task = Task("slow", Material(LESSONS, LESSONS / "checks"), "02", slow, "bubblewrap", 4.0)
    ((_, result),) = cluster.run(iter([task]), scheduler.scheduler_address)
    assert result["state"] == "needs a look"
    assert result["reason"].startswith("Given up after 4 s.")
    assert result["exercises"] == {}


def test_no_cluster_is_one_sentence(monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT", 1)
    with pytest.raises(Problem, match="No dask scheduler answers at tcp://"):
        list(cluster.run(iter(()), "tcp://127.0.0.1:9"))
