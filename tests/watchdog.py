"""Watches the GUI thread: how long each call out of Qt's event loop holds it, and who does.

    with watch():            # fails when a call takes more than 50 ms
        ...drive the window...

The verdict is by the thread's own processor time, so that other programs which keep the machine
busy are not held against this one; what the clock on the wall said is told too.
While a call lasts, another thread looks at its stack, so that the one who held it up can be named.
Needs `WatchedApplication`, which the tests under tests/app have.
"""

from __future__ import annotations

import gc
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QApplication

LIMIT = 0.05  # seconds of processor time
SUSPECT = 0.02  # seconds after which a call is looked into
LOOK = 0.005  # seconds between two looks at the stack
DEPTH = 6  # of our own calls that are named


@dataclass(frozen=True)
class Stall:
    """One call: who got what, how long it took, and where the thread was seen meanwhile."""

    what: str
    processor: float  # seconds
    wall: float  # seconds
    where: str

    def __str__(self) -> str:
        times = f"{1000 * self.processor:.0f} ms of processor time, {1000 * self.wall:.0f} ms"
        return f"{self.what}: {times}\n{self.where}"


class WatchedApplication(QApplication):
    """Tells how long each event takes.

    `longest` is the longest call since `forget`, in seconds of the thread's own processor time.
    """

    longest = 0.0
    began: float | None = None  # thread time when the present call was entered
    entered = float("inf")  # the same on the wall's clock
    told: Callable[[str, float, float], None] | None = None

    def forget(self) -> None:
        """Start again."""
        self.longest = 0.0

    def notify(self, receiver: QObject, event: QEvent) -> bool:
        if self.began is not None:  # an event inside another counts with it
            return super().notify(receiver, event)
        what = f"{type(receiver).__name__} {event.type().name}"  # both may be gone afterwards
        self.began, self.entered = time.thread_time(), time.perf_counter()
        wall = self.entered
        try:
            return super().notify(receiver, event)
        finally:
            took = time.thread_time() - self.began
            self.began, self.entered = None, float("inf")
            self.longest = max(self.longest, took)
            if self.told is not None:
                self.told(what, took, time.perf_counter() - wall)


@dataclass
class Watch:
    """What was seen so far; `calls` is how many events were handled."""

    limit: float
    stalls: list[Stall] = field(default_factory=list)
    calls: int = 0
    longest: float = 0.0  # processor time
    longest_wall: float = 0.0

    def summary(self) -> str:
        """One line with the figures."""
        return (
            f"{self.calls} calls, longest {1000 * self.longest:.0f} ms of processor time, "
            f"{1000 * self.longest_wall:.0f} ms on the wall"
        )


class _Sampler:
    """Looks at the GUI thread's stack, from another thread, while a call of it lasts too long."""

    def __init__(self, app: WatchedApplication) -> None:
        self._app = app
        self._thread = threading.main_thread().ident or 0
        self._seen: Counter[str] = Counter()
        self._over = threading.Event()
        self._looker = threading.Thread(target=self._run, name="watchdog", daemon=True)
        self._looker.start()

    def _run(self) -> None:
        while not self._over.wait(LOOK):
            if time.perf_counter() - self._app.entered > SUSPECT:
                self._seen[self._look()] += 1

    def _look(self) -> str:
        """The innermost calls of ours. Nothing here reads a file: the stack moves meanwhile."""
        frame, lines = sys._current_frames().get(self._thread), []
        while frame is not None and len(lines) < DEPTH:
            code = frame.f_code
            if any(part in code.co_filename for part in ("/app/", "/engine/")):
                lines.append(f"    {code.co_filename}:{frame.f_lineno} {code.co_qualname}")
            frame = frame.f_back
        return "\n".join(lines)

    def taken(self) -> str:
        """Where it was seen most often since it was last asked."""
        seen, self._seen = self._seen, Counter()
        return seen.most_common(1)[0][0] if seen else "    (not seen)"

    def close(self) -> None:
        self._over.set()
        self._looker.join()


@contextmanager
def watch(limit: float = LIMIT, fail: bool = True) -> Iterator[Watch]:
    """Watch everything the event loop does meanwhile; fails after it if a call was too long.

    `limit` is in seconds of the GUI thread's processor time.
    """
    app = QCoreApplication.instance()
    assert isinstance(app, WatchedApplication), "see tests/app/conftest.py"
    gc.collect()
    gc.freeze()  # to look through all that other tests left is not this window's doing
    seen, sampler = Watch(limit), _Sampler(app)

    def told(what: str, took: float, wall: float) -> None:
        seen.calls += 1
        seen.longest = max(seen.longest, took)
        seen.longest_wall = max(seen.longest_wall, wall)
        if wall > SUSPECT:
            where = sampler.taken()
            if took > limit:
                seen.stalls.append(Stall(what, took, wall, where))

    app.told = told
    try:
        yield seen
    finally:
        app.told = None
        sampler.close()
    if fail and seen.stalls:
        told_all = "\n".join(str(stall) for stall in seen.stalls)
        raise AssertionError(f"the window stood still {len(seen.stalls)} times:\n{told_all}")
