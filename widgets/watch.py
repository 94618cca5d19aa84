"""`watch()`: the graph grows while cells run, and every iteration is compared with the last.

    watch()                        # as the last line of a cell: later cells add to the picture

    with watch() as w:             # only what runs inside
        for x, y in batches:
            ...
    print(w)                       # the same in words

What ran is noted as plain data by `widgets.watching`; here it is sent to the page.
"""

from __future__ import annotations

import html
import sys
import threading
import time
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import traitlets

from . import pytorch
from .view import View
from .watching import Journal, compare
from .watching.for_minigrad import Minigrad, describe
from .watching.journal import KEPT, Run
from .watching.notebook import after_each_cell, show, variables
from .watching.pusher import INTERVAL, Pusher

YOUNG = 0.2  # seconds that an iteration runs before it is shown unfinished
SELDOM = 1.0  # seconds between updates with last_only
MOST = 3000  # nodes of all pictures that are kept; earlier iterations are told in words only
EMPTY = "Nothing has been computed yet. Run something with a tensor that requires grad."


class Watch(View):
    """The widget that `watch` returns: `stop()`, `resume()`, `iteration()`; a context manager.

    story, now: what is to be seen, all of it and the newest of it:
        {frames: {key: picture}, runs: [{first, last, frame, operations, done}], state, last_only}
    wish: what a button of the page asks for.
    """

    page = "watch/watch.js"
    styles = ("stepper/graph.css", "stepper/tools.css", "watch/watch.css")
    story = traitlets.Unicode("{}").tag(sync=True)
    now = traitlets.Unicode("{}").tag(sync=True)
    wish = traitlets.Unicode("").tag(sync=True)

    def __init__(self, last_only: bool = False) -> None:
        self.last_only = last_only
        self.journal = Journal(describe, history=not last_only)
        self.sources: list[Any] = [Minigrad(self.journal)]
        self.pusher = Pusher(self._push, SELDOM if last_only else INTERVAL)
        self.running = False
        self._frames: dict[Any, tuple[str, dict[str, Any]]] = {}
        self._lock = threading.Lock()
        self._forget = lambda: None
        self.entered = False  # as a `with` block, which another watch inside does not end
        super().__init__(title="minigrad: watched", still=f"<p>{EMPTY}</p>")
        self.observe(self._wished, names="wish")

    # ---- for the reader ----------------------------------------------------------------------

    def resume(self) -> Watch:
        """Watch from here on; a new iteration begins."""
        if not self.running:
            self.running = True
            if len(self.sources) == 1 and pytorch.loaded() is not None:
                from .watching.for_pytorch import PyTorch

                self.sources.append(PyTorch(self.journal))
            self.journal.end()
            for source in self.sources:
                source.changed = self.pusher.changed
                source.start()
            self.pusher.start()
            self._forget = after_each_cell(self._cell_ended)
            self.flush()
        return self

    def stop(self) -> Watch:
        """Watch no more. What was seen stays."""
        if self.running:
            self.running = False
            for source in self.sources:
                source.stop()
            self.pusher.stop()
            self._forget()
            self.flush()
        return self

    def iteration(self) -> None:
        """A new iteration begins here; from now on backward() and step() do not end one."""
        self.journal.iteration()
        self.pusher.changed()

    def failed(self, error: BaseException) -> None:
        """The watched program raised: the operation that failed is drawn, if it was one."""
        for source in self.sources:
            source.failed(error)
        self.journal.over = not self.journal.explicit

    def __enter__(self) -> Watch:
        self.entered = True
        self.resume()
        self._forget()
        show(self)
        return self

    def __exit__(self, kind: Any, error: BaseException | None, traceback: Any) -> None:
        self._look(sys._getframe(1))
        if error is not None:
            self.failed(error)
        self.entered = False
        self.stop()

    # ---- to the page -------------------------------------------------------------------------

    def _look(self, frame: Any) -> None:
        """Find the names of what is bound to variables by now."""
        for source in self.sources:
            source.bindings.look(frame, finish=True)

    def _cell_ended(self, error: BaseException | None) -> None:
        for source in self.sources:
            source.bindings.match(variables(), True)
        if error is not None:
            self.failed(error)
        self.flush()

    def _wished(self, change: Any) -> None:
        """A button was pressed. May run on another thread, while a cell runs."""
        word = change["new"].partition(" ")[0]
        if word == "stop":
            self.stop()
        elif word == "resume":
            self.resume()

    def _push(self) -> None:
        """Bring the page up to date while something runs."""
        try:
            runs = self.journal.story()
            young = time.monotonic() - self.journal.began < YOUNG
            if len(runs) > 1 and not runs[-1].passed and young and not self.last_only:
                runs.pop()  # it will be done in a moment
            with self._lock:
                self.now = self.text(self._told(runs, newest=True))
        except Exception as problem:  # a picture must never stop what it is a picture of
            self.log.warning("watch: %s", problem)

    def flush(self) -> None:
        """Bring the page up to date, at once and with all that is kept."""
        with self._lock:
            data = self._told(self.journal.story())
            _shorten(data)
            self.story = self.text(data)
            self.now = self.text({**data, "frames": {}})
            self.still = f"<pre>{html.escape(str(self))}</pre>"

    def _told(self, runs: list[Run], newest: bool = False) -> dict[str, Any]:
        """What `story` and `now` hold."""
        told_of = []
        frames: dict[str, Any] = {}
        for k, run in enumerate(runs):
            if newest and k < len(runs) - 1 and self._key(runs, k) not in self._frames:
                continue
            key, frame = self._frame(runs, k)
            if not newest or k == len(runs) - 1:
                frames[key] = frame
            told_of.append(
                {"first": run.first, "last": run.last, "frame": key,
                 "operations": run.operations, "done": run.passed}
            )  # fmt: skip
        state = "watching" if self.running else "stopped"
        return {"frames": frames, "runs": told_of, "state": state, "last_only": self.last_only}

    def _key(self, runs: list[Run], k: int) -> Any:
        """What a frame depends on: a run and, if it is done, the one before."""
        return _signature(runs[k]), _signature(runs[k - 1]) if self._compared(runs, k) else None

    def _compared(self, runs: list[Run], k: int) -> bool:
        """An iteration that still runs has not lost what it has not done yet."""
        last = k == len(runs) - 1
        return k > 0 and (not last or bool(runs[k].passed) or runs[k].failure is not None)

    def _frame(self, runs: list[Run], k: int) -> tuple[str, dict[str, Any]]:
        key = self._key(runs, k)
        if key not in self._frames:
            before = runs[k - 1] if self._compared(runs, k) else None
            self._frames[key] = (f"f{self._made}", compare(self.journal, runs[k], before))
            self._made += 1
            while len(self._frames) > KEPT + 1:
                del self._frames[next(iter(self._frames))]
        return self._frames[key]

    _made = 0

    def to_html(self, path: str | Path) -> Path:
        """Write a page that works by itself, offline. Returns its path."""
        self.flush()
        return super().to_html(path)

    # ---- in words ----------------------------------------------------------------------------

    def __repr__(self) -> str:
        state = "watching" if self.running else "stopped"
        runs = self.journal.story()
        count = runs[-1].last if runs else 0
        text = f"watch, {state}: {count} iteration{'s' * (count != 1)}; print(w) tells it in words"
        failure = runs[-1].failure if runs else None
        return text if failure is None else f"{text}. {failure.in_words()}"

    def __str__(self) -> str:
        runs = self.journal.story()
        lines = []
        for k, run in enumerate(runs):
            lines.append(heading(run))
            frame = self._frame(runs, k)[1]
            lines += [f"    {sentence}" for sentence in frame["words"]]
            if k in (0, len(runs) - 1):
                lines += [
                    f"    {node['label']} = {node['expression']}"
                    for node in frame["nodes"]
                    if node["expression"]
                    and node["id"] != "failed"
                    and node.get("mark") != "removed"
                ]
            if frame["failure"] is not None:
                lines.append(f"    {frame['failure']['words']}")
        return "\n".join(lines) or EMPTY


def _shorten(data: dict[str, Any]) -> None:
    """Leave out the oldest runs of a story whose pictures have too many nodes."""
    room = MOST
    kept: set[str] = set()
    for k, run in reversed(list(enumerate(data["runs"]))):
        if run["frame"] not in kept:
            room -= len(data["frames"][run["frame"]]["nodes"])
            if room < 0 and kept:
                data["runs"] = data["runs"][k + 1 :]
                break
            kept.add(run["frame"])
    data["frames"] = {key: frame for key, frame in data["frames"].items() if key in kept}


def heading(run: Run) -> str:
    """`Iterations 3 to 7, all alike: 12 operations`."""
    which = f"Iteration {run.first}" if run.first == run.last else (
        f"Iterations {run.first} to {run.last}, all alike")  # fmt: skip
    return f"{which}: {run.operations} operation{'s' * (run.operations != 1)}"


def attempt(run: Callable[[], Any]) -> tuple[Any, Watch | None]:
    """What `run()` returns, or the picture of where it failed."""
    watched = Watch()
    watched.resume()
    watched._forget()
    try:
        return run(), None
    except Exception as error:
        watched.failed(error)
        return None, watched
    finally:
        watched.stop()


_shown: Any = None  # weak reference to what a bare `watch()` returned last


def watch(last_only: bool = False) -> Watch:
    """Draw the graph of whatever is computed from here on, while it grows.

    As the last line of a cell it watches the cells that run later, until its Stop button, `stop()`
    or the next `watch()`. As `with watch() as w:` it watches the block, whatever else watches.

    An iteration ends with a `backward()` or an optimizer's `step()`, and the next operation that
    does not build on it begins the next one. If that is not what you mean, call `w.iteration()`
    where yours begins; then only that counts. Each iteration is compared with the one before it;
    iterations that are alike are kept as one, and of those the last 60. The page stops at once when
    its Stop button is pressed; the kernel may hear of it only when the running cell has ended.

    last_only: keep and draw only the last iteration, once a second; for long runs.

    Only plain data is kept, never a tensor or a graph. A program that raises is drawn up to the
    operation that failed. Operations under `no_grad` have no graph and are not drawn.
    Raises TypeError for a `last_only` that is neither True nor False.
    """
    global _shown
    if not isinstance(last_only, bool):
        raise TypeError(
            f"watch() takes no {type(last_only).__name__}: it draws whatever is computed from here "
            "on. Write watch(), or step_through(loss) for one result."
        )
    earlier = None if _shown is None else _shown()
    if earlier is not None and not earlier.entered:
        earlier.stop()
    made = Watch(last_only)
    _shown = weakref.ref(made)
    return made.resume()


def _signature(run: Run) -> Any:
    return tuple(run.entries), tuple(sorted(run.names.items())), run.failure and run.failure.text
