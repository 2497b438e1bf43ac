"""What changes without the focus being there is said aloud by screen readers."""

from __future__ import annotations

import math
import time

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

from app.jobs import JobCenter
from app.session import Session
from app.studio import Studio, Trouble
from app.words import tr
from engine.events import Ended, State
from engine.jobs import Job

EVERY_SECONDS = 10.0  # between two words about a job's progress
Heard = dict[int, tuple[str, bool, bool]]  # track id: name, muted, solo


def left_words(seconds: float) -> str:
    """Time left as a person would say it; empty when nobody knows."""
    if not math.isfinite(seconds):
        return ""
    if seconds < 90:
        return tr("about {count} s left", count=max(round(seconds / 10) * 10, 10))
    return tr("about {count} min left", count=round(seconds / 60))


def progress_words(title: str, done: float, seconds_left: float) -> str:
    """How far a job is, to be heard: `Separate Song, 62 %, about 40 s left`."""
    parts = [title]
    if math.isfinite(done):
        parts.append(f"{done * 100:.0f} %")
    return ", ".join(filter(None, [*parts, left_words(seconds_left)]))


class Voice(QObject):
    """Announces states and progress for the window `speaker`; `spoken` repeats each text."""

    spoken = Signal(str)

    def __init__(self, speaker: QWidget, session: Session, studio: Studio, jobs: JobCenter) -> None:
        super().__init__(speaker)
        self._speaker, self._session, self._studio, self._jobs = speaker, session, studio, jobs
        self._heard = self._look()
        self._last_progress = time.monotonic()
        session.lanes_changed.connect(self._lanes_changed)
        session.selection_changed.connect(self._selected)
        studio.transport.playing_changed.connect(
            lambda playing: self.say(tr("Playing") if playing else tr("Paused"))
        )
        studio.trouble.connect(self._trouble)
        jobs.changed.connect(self._progress)
        jobs.ended.connect(self._ended)

    def say(self, text: str, urgent: bool = False) -> None:
        """Let a screen reader speak, at its next pause or at once."""
        event = QAccessibleAnnouncementEvent(self._speaker, text)
        manner = QAccessible.AnnouncementPoliteness
        event.setPoliteness(manner.Assertive if urgent else manner.Polite)
        QAccessible.updateAccessibility(event)
        self.spoken.emit(text)

    def _look(self) -> Heard:
        return {t.id: (t.name, t.muted, t.solo) for t in self._session.tracks}

    def _lanes_changed(self) -> None:
        before, self._heard = self._heard, self._look()
        for id, (name, muted, solo) in self._heard.items():
            _, was_muted, was_solo = before.get(id, (name, muted, solo))
            if muted != was_muted:
                text = tr("{name} muted", name=name)
                self.say(text if muted else tr("{name} no longer muted", name=name))
            if solo != was_solo:
                text = tr("{name} solo", name=name)
                self.say(text if solo else tr("{name} no longer solo", name=name))

    def _selected(self, id: int) -> None:
        lane = self._session.lane(id)
        if lane is not None:
            words = [tr("{name} selected", name=lane.track.name)]
            words += [tr("muted")] if lane.track.muted else []
            words += [tr("solo")] if lane.track.solo else []
            self.say(", ".join(words))

    def _trouble(self, trouble: Trouble) -> None:
        self.say(f"{trouble.message} {trouble.hint}".strip(), urgent=True)

    def _progress(self, job: Job) -> None:
        now = time.monotonic()
        status = self._jobs.status(job)
        if status.state is not State.RUNNING or status.progress is None:
            return
        if now - max(self._last_progress, status.started_at) >= EVERY_SECONDS:
            self._last_progress = now
            progress = status.progress
            self.say(progress_words(job.title, progress.done, progress.seconds_left))

    def _ended(self, job: Job, ended: Ended) -> None:
        match ended.state:
            case State.DONE:
                self.say(tr("{title}: done", title=job.title))
            case State.CANCELLED:
                self.say(tr("{title}: cancelled", title=job.title))
            case State.FAILED:
                self.say(tr("{title}: failed", title=job.title), urgent=True)
