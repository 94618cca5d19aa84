"""The same gradebook from a dask.distributed cluster, also when one of its workers is killed."""

import os
import signal
import threading
import time
import warnings

import pytest

from launch.places import LESSONS
from launch.problem import Problem
from tests.grading import pretend
from tests.grading.made import put
from tests.instructor.session import Options, grade
from tests.instructor.workers import cluster

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


def test_the_gradebook_is_the_same_and_a_killed_worker_loses_nothing(
    scheduler, handed_in, tmp_path
):
    subs = put(
        tmp_path / "subs",
        {f"s{k:02}/x.ipynb": handed_in("02", "right waits" if k % 3 else "wrong waits")
         for k in range(12)},
    )  # fmt: skip

    def options(out, **more):
        checks = LESSONS / "checks"
        return Options([subs], tmp_path / out, LESSONS, checks, work=pretend.marks, **more)

    assert grade(options("local", jobs=2)) == 0

    def kill_one():
        while len(list((tmp_path / "cluster" / "results").glob("*.json"))) < 3:
            time.sleep(0.02)
        os.kill(next(iter(scheduler.workers.values())).pid, signal.SIGKILL)

    killer = threading.Thread(target=kill_one)
    killer.start()
    assert grade(options("cluster", scheduler=scheduler.scheduler_address)) == 0
    killer.join()
    for name in ("gradebook.csv", "gradebook.json", "overview.html", "junit.xml"):
        assert (tmp_path / "cluster" / name).read_bytes() == (
            tmp_path / "local" / name
        ).read_bytes()


def test_no_cluster_is_one_sentence(monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT", 1)
    with pytest.raises(Problem, match="No dask scheduler answers at tcp://"):
        list(cluster.run(iter(()), "tcp://127.0.0.1:9", 10))
