"""The one door from working threads into the window: a clock that empties the runner's mailbox."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from engine.events import Ended, Event, Filled, Progress, Started, State, Work
from engine.jobs import Job, Runner

TICK_MS = 33
TILE_TICK_MS = 12  # while pictures are awaited
BUDGET_SECONDS = 0.008  # of GUI thread per tick


@dataclass(slots=True)
class Status:
    """What is known about a job that a person can see. Times are `time.monotonic()`."""

    job: Job
    progress: Progress | None = None
    ended: Ended | None = None
    started_at: float = 0.0
    ended_at: float = 0.0
    folder: Path | None = None  # where its files go
    retry: Callable[[], object] | None = None
    note: str = ""  # one more fact for the list: a device, a path
    dismissed: bool = False

    @property
    def state(self) -> State:
        """Where the job is, as far as the window was told."""
        if self.ended is not None:
            return self.ended.state
        return State.RUNNING if self.started_at else State.QUEUED


class JobCenter(QObject):
    """Submits work and hands its events to the GUI thread, gathered and inside a time budget.

    Work on the "tiles" lane is for the eyes only: it is in no list and emits no signal.
    """

    changed = Signal(object)  # Job: it is new, started, or said something
    ended = Signal(object, object)  # Job, Ended

    def __init__(self, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self.pictures = 0  # how many were drawn since the start
        self._listeners: dict[Job, Callable[[Event], object] | None] = {}
        self._status: dict[Job, Status] = {}
        self._progress: dict[Job, Progress] = {}
        self._spans: dict[Job, list[Filled]] = {}
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._drain)

    @property
    def jobs(self) -> tuple[Job, ...]:
        """Jobs a person may see, oldest first: waiting, running and ended until dismissed."""
        return tuple(job for job, status in self._status.items() if not status.dismissed)

    @property
    def unfinished(self) -> tuple[Job, ...]:
        """Jobs a person may see that still wait or run."""
        return tuple(job for job in self.jobs if self._status[job].ended is None)

    def status(self, job: Job) -> Status:
        """What is known about a job of the list."""
        return self._status[job]

    def submit(
        self,
        title: str,
        work: Callable[[], Work],
        lane: str = "light",
        on_event: Callable[[Event], object] | None = None,
        *,
        folder: Path | None = None,
        retry: Callable[[], object] | None = None,
        listed: bool = True,
        background: bool = False,
    ) -> Job:
        """Queue work; `on_event` gets each of its events in the GUI thread, `Ended` last.

        Between two ticks only the newest `Progress` survives and touching `Filled` spans are one.
        `background` work lets all other work of its lane go first, also while it runs.
        """
        job = self._runner.submit(title, work, lane, background)
        self._listeners[job] = on_event
        if listed and lane != "tiles":
            self._status[job] = Status(job, folder=folder, retry=retry)
            self.changed.emit(job)
        self._wind()
        return job

    def cancel(self, job: Job) -> None:
        """End a job; one that still waits is gone at once, a running one at its next step."""
        waiting = job in self._listeners and job.state is State.QUEUED
        job.cancel()
        if waiting:
            self._deliver(job, Ended(State.CANCELLED))

    def dismiss(self, job: Job) -> None:
        """Take an ended job off the list."""
        status = self._status.get(job)
        if status is not None and status.ended is not None:
            status.dismissed = True
            self.changed.emit(job)

    @property
    def drawing(self) -> bool:
        """Whether pictures are awaited."""
        return any(job.lane == "tiles" for job in self._listeners)

    def close(self, timeout: float = 1.5) -> bool:
        """Cancel everything and wait; False when a thread has not ended after `timeout` seconds."""
        self._timer.stop()
        self._listeners.clear()
        return self._runner.close(timeout)

    def _wind(self) -> None:
        if not self._listeners:
            self._timer.stop()
            return
        interval = TILE_TICK_MS if self.drawing else TICK_MS
        if not self._timer.isActive() or self._timer.interval() != interval:
            self._timer.start(interval)

    def _drain(self) -> None:
        deadline = time.perf_counter() + BUDGET_SECONDS
        try:
            while time.perf_counter() < deadline:
                job, event = self._runner.mailbox.get_nowait()
                if job not in self._listeners:
                    continue  # ended for us already
                if isinstance(event, Progress):
                    self._progress[job] = event
                elif isinstance(event, Filled):
                    _gather(self._spans.setdefault(job, []), event)
                else:
                    self._flush(job)
                    self._deliver(job, event)
        except queue.Empty:
            pass
        for job in {*self._progress, *self._spans}:
            self._flush(job)
        self._wind()

    def _flush(self, job: Job) -> None:
        for span in self._spans.pop(job, ()):
            self._deliver(job, span)
        progress = self._progress.pop(job, None)
        if progress is not None:
            self._deliver(job, progress)

    def _deliver(self, job: Job, event: Event) -> None:
        if job not in self._listeners:
            return
        listener = self._listeners[job]
        status = self._status.get(job)
        if isinstance(event, Ended):
            del self._listeners[job]
            self.pictures += job.lane == "tiles"
        if status is not None:
            match event:
                case Started():
                    status.started_at = time.monotonic()
                case Progress():
                    status.progress = event
                case Ended():
                    status.ended, status.ended_at = event, time.monotonic()
        if listener is not None:
            listener(event)
        if status is None:
            return
        if not isinstance(event, Filled):
            self.changed.emit(job)
        if isinstance(event, Ended):
            self.ended.emit(job, event)


def _gather(spans: list[Filled], new: Filled) -> None:
    for number, old in enumerate(spans):
        if old.name == new.name and new.start <= old.stop and old.start <= new.stop:
            spans[number] = Filled(new.name, min(old.start, new.start), max(old.stop, new.stop))
            return
    spans.append(new)
