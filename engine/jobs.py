"""Run generators on named lanes; everything they say arrives in one mailbox."""

from __future__ import annotations

import ctypes
import itertools
import os
import queue
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field

from engine.errors import Cancelled
from engine.events import Ended, Event, Started, State, Work

# Workers. "heavy" is the one that holds a network; "ears" does what somebody waits to hear, so that
# it need not stand behind an import; "live" records, for as long as it takes.
LANES = {"heavy": 1, "light": 2, "tiles": 2, "ears": 1, "live": 1}


def give_way() -> None:
    """Let the screen and the sound go before this thread (Linux has priorities per thread)."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 5)


_current: ContextVar[Job | None] = ContextVar("current job", default=None)


def check_cancelled() -> None:
    """Raise `Cancelled` if this thread's job is no longer wanted (for use deep in a long call)."""
    job = _current.get()
    if job is not None and job.cancelled:
        raise Cancelled


@dataclass(eq=False)
class Job:
    """A piece of work that was submitted. `cancel` may be called from any thread, at any time."""

    id: int
    title: str
    lane: str
    work: Callable[[], Work] = field(repr=False)
    state: State = State.QUEUED
    cancelled: bool = False
    background: bool = False  # other work of its lane goes first, also while this one runs

    def cancel(self) -> None:
        """Ask the job to end; it answers with `Ended(CANCELLED)` after at most one step of work."""
        self.cancelled = True


_Turn = tuple[int, int, Job | None]  # rank, number, job: what a lane takes next is the least
_STOP: _Turn = (2, 0, None)


class Runner:
    """Worker threads for the lanes and the mailbox they all write to.

    `mailbox` holds `(Job, Event)`; each job ends with exactly one `Ended`.
    """

    def __init__(self) -> None:
        self.mailbox: queue.SimpleQueue[tuple[Job, Event]] = queue.SimpleQueue()
        self._numbers = itertools.count(1)
        self._queues: dict[str, queue.PriorityQueue[_Turn]] = {}
        self._live: set[Job] = set()
        self._threads: list[threading.Thread] = []
        for lane, workers in LANES.items():
            waiting = self._queues[lane] = queue.PriorityQueue()
            for number in range(workers):
                thread = threading.Thread(
                    target=self._serve, args=(waiting,), name=f"{lane}-{number}", daemon=True
                )
                thread.start()
                self._threads.append(thread)

    def submit(
        self, title: str, work: Callable[[], Work], lane: str = "light", background: bool = False
    ) -> Job:
        """Queue `work()` on a lane. The generator is made and run on the lane's own thread.

        `background` work gives way: whatever else comes to the lane is done first, if need be
        between two of its steps.
        """
        job = Job(next(self._numbers), title, lane, work, background=background)
        self._live.add(job)
        self._queues[lane].put((int(background), job.id, job))
        return job

    def close(self, timeout: float = 5.0) -> bool:
        """Cancel everything and wait; False if a lane still runs after `timeout` seconds."""
        deadline = time.monotonic() + timeout
        for job in tuple(self._live):
            job.cancel()
        for lane, workers in LANES.items():
            for _ in range(workers):
                self._queues[lane].put(_STOP)
        for thread in self._threads:
            thread.join(max(deadline - time.monotonic(), 0.0))
        return not any(thread.is_alive() for thread in self._threads)

    def _serve(self, waiting: queue.PriorityQueue[_Turn]) -> None:
        while (job := waiting.get()[2]) is not None:
            self._do(job, waiting)
            del job  # else its clips would stay until the next one comes

    def _do(self, job: Job, waiting: queue.PriorityQueue[_Turn]) -> None:
        token = _current.set(job)
        try:
            ended = self._run(job, waiting)
        finally:
            _current.reset(token)
        job.state = ended.state
        job.work = _nothing  # lists of ended jobs need not hold the clips it worked on
        self._live.discard(job)
        self.mailbox.put((job, ended))
        if job.lane in ("heavy", "light"):
            del ended
            _trim()

    def _give_way(self, waiting: queue.PriorityQueue[_Turn]) -> None:
        """Do what is no background work and waits for this thread."""
        while True:
            try:
                turn = waiting.get_nowait()
            except queue.Empty:
                return
            if turn[2] is None or turn[2].background:
                waiting.put(turn)
                return
            self._do(turn[2], waiting)

    def _run(self, job: Job, waiting: queue.PriorityQueue[_Turn]) -> Ended:
        if job.cancelled:
            return Ended(State.CANCELLED)
        job.state = State.RUNNING
        self.mailbox.put((job, Started()))
        try:
            work = job.work()
            try:
                while not job.cancelled:
                    if job.background:
                        self._give_way(waiting)
                    self.mailbox.put((job, next(work)))
            finally:
                work.close()
        except StopIteration as stop:
            return Ended(State.DONE, result=stop.value)
        except Cancelled:
            return Ended(State.CANCELLED)
        except BaseException as error:  # noqa: BLE001 - the mailbox is where every failure goes
            return Ended(State.FAILED, error=error)
        return Ended(State.CANCELLED)


def _nothing() -> Work:
    yield from ()


def _trim() -> None:
    """Give the system back what was freed: glibc keeps hundreds of megabytes for another time."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # another C library
            ctypes.CDLL(None).malloc_trim(0)
