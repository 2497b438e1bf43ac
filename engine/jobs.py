"""Run generators on named lanes; everything they say arrives in one mailbox."""

from __future__ import annotations

import itertools
import queue
import threading
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field

from engine.errors import Cancelled
from engine.events import Ended, Event, Started, State, Work

LANES = {"heavy": 1, "light": 2, "tiles": 2}  # workers; "heavy" is the one that holds a network

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

    def cancel(self) -> None:
        """Ask the job to end; it answers with `Ended(CANCELLED)` after at most one step of work."""
        self.cancelled = True


class Runner:
    """Worker threads for the lanes and the mailbox they all write to.

    `mailbox` holds `(Job, Event)`; each job ends with exactly one `Ended`.
    """

    def __init__(self) -> None:
        self.mailbox: queue.SimpleQueue[tuple[Job, Event]] = queue.SimpleQueue()
        self._numbers = itertools.count(1)
        self._queues: dict[str, queue.SimpleQueue[Job | None]] = {}
        self._live: set[Job] = set()
        self._threads: list[threading.Thread] = []
        for lane, workers in LANES.items():
            waiting = self._queues[lane] = queue.SimpleQueue()
            for number in range(workers):
                thread = threading.Thread(
                    target=self._serve, args=(waiting,), name=f"{lane}-{number}", daemon=True
                )
                thread.start()
                self._threads.append(thread)

    def submit(self, title: str, work: Callable[[], Work], lane: str = "light") -> Job:
        """Queue `work()` on a lane. The generator is made and run on the lane's own thread."""
        job = Job(next(self._numbers), title, lane, work)
        self._live.add(job)
        self._queues[lane].put(job)
        return job

    def close(self, timeout: float = 5.0) -> bool:
        """Cancel everything and wait; False if a lane still runs after `timeout` seconds."""
        deadline = time.monotonic() + timeout
        for job in tuple(self._live):
            job.cancel()
        for lane, workers in LANES.items():
            for _ in range(workers):
                self._queues[lane].put(None)
        for thread in self._threads:
            thread.join(max(deadline - time.monotonic(), 0.0))
        return not any(thread.is_alive() for thread in self._threads)

    def _serve(self, waiting: queue.SimpleQueue[Job | None]) -> None:
        while (job := waiting.get()) is not None:
            token = _current.set(job)
            try:
                ended = self._run(job)
            finally:
                _current.reset(token)
            job.state = ended.state
            self._live.discard(job)
            self.mailbox.put((job, ended))

    def _run(self, job: Job) -> Ended:
        if job.cancelled:
            return Ended(State.CANCELLED)
        job.state = State.RUNNING
        self.mailbox.put((job, Started()))
        try:
            work = job.work()
            try:
                while not job.cancelled:
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
