"""What runs, in one quiet line; opened, everything that runs, waits or ended."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QColor, QDesktopServices, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app import theme
from app.jobs import JobCenter, Status
from app.studio import Studio, trouble_of
from app.views.controls import Elided, IconButton, TextButton
from app.words import said, tr
from engine.events import Ended, Progress, State
from engine.jobs import Job

STEPS = 1000  # of a bar
ROW = 44
MOST = 5  # rows before the list scrolls


class Bar(QProgressBar):
    """How far something is, drawn with the rest of the window: Qt's own draws at once."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.setTextVisible(False)
        self.setRange(0, STEPS)
        self.setFixedWidth(width)

    def show_part(self, done: float) -> None:
        """Show a part of 1; NaN while it is not known."""
        known = math.isfinite(done)
        value = round(done * STEPS) if known else -1
        if (self.maximum(), self.value()) == (STEPS if known else 0, value):
            return
        self.setUpdatesEnabled(False)
        self.setRange(0, STEPS if known else 0)
        if known:
            self.setValue(value)
        self.setUpdatesEnabled(True)


def left_text(seconds: float) -> str:
    """Time left, as roughly as it is known."""
    if not math.isfinite(seconds):
        return ""
    whole = max(round(seconds), 0)
    minutes = f"{whole % 3600 // 60:02d}" if whole >= 3600 else f"{whole // 60}"
    clock = f"{minutes}:{whole % 60:02d}"
    return tr("{time} left", time=f"{whole // 3600}:{clock}" if whole >= 3600 else clock)


def facts(status: Status) -> str:
    """What is known about a job in one line: how far, how fast, how long."""
    state, progress = status.state, status.progress
    if state is State.QUEUED:
        return tr("Waiting for its turn")
    if state is State.DONE:
        took = status.ended_at - status.started_at
        return "  ·  ".join(filter(None, (tr("Done"), f"{took:.1f} s", status.note)))
    if state is State.CANCELLED:
        return tr("Cancelled")
    if state is State.FAILED:
        assert status.ended is not None
        trouble = trouble_of(status.ended.error)
        return f"{trouble.message} {trouble.hint}".strip()
    return "  ·  ".join(_progress_words(progress)) or tr("Starting")


def _progress_words(progress: Progress | None) -> list[str]:
    if progress is None:
        return []
    words = [said(progress.note)] if progress.note else []
    if progress.rate > 0:
        words.append(tr("{rate}× real time", rate=f"{progress.rate:.1f}"))
    if math.isfinite(progress.done):
        words.append(f"{progress.done * 100:.0f} %")
    left = left_text(progress.seconds_left)
    return [*words, left] if left else words


def copy_details(job: Job, ended: Ended) -> None:
    """Put what a report on a failure needs onto the clipboard."""
    details = trouble_of(ended.error).details
    QGuiApplication.clipboard().setText(f"{job.title}\n{details}")


class _Light(QWidget):
    """A small light whose shape, too, says the state."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(16, 16)
        self._state = State.QUEUED

    def show_state(self, state: State) -> None:
        """Show another state."""
        if state is not self._state:
            self._state = state
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        icons = {
            State.DONE: ("check", tokens.good),
            State.FAILED: ("triangle-alert", tokens.danger),
            State.CANCELLED: ("x", tokens.dim),
        }
        if self._state in icons:
            name, colour = icons[self._state]
            image = theme.icon(name, colour).pixmap(QSize(16, 16), self.devicePixelRatioF())
            painter.drawPixmap(0, 0, image)
            return
        colour = QColor(tokens.accent)
        painter.setPen(colour)
        painter.setBrush(colour if self._state is State.RUNNING else Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QRectF(4.5, 4.5, 7, 7))


class JobRow(QWidget):
    """One job: state, title, facts, and what can be done about it."""

    def __init__(self, jobs: JobCenter, studio: Studio, job: Job) -> None:
        super().__init__()
        self.job, self._jobs, self._studio = job, jobs, studio
        self._light = _Light()
        self._title = Elided(job.title)
        self._facts = Elided(kind="small")
        self._bar = Bar(120)
        self._bar.setAccessibleName(tr("Progress of {title}", title=job.title))
        self._cancel = self._button(tr("Cancel"), tr("End this job"), self._end)
        self._retry = self._button(tr("Try again"), tr("Do it once more"), self._again)
        self._copy = self._button(
            tr("Copy details"), tr("Copy what a report needs"), self._copy_details
        )
        self._folder = self._button(tr("Open folder"), tr("Show the files"), self._open_folder)
        self._gone = IconButton("x", tr("Take off the list"), size=24, role="dim")
        self._gone.clicked.connect(lambda: jobs.dismiss(job))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._title)
        words.addWidget(self._facts)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 2, 12, 2)
        row.setSpacing(8)
        row.addWidget(self._light)
        row.addLayout(words, 1)
        row.addWidget(self._bar)
        for widget in (self._copy, self._retry, self._folder, self._cancel, self._gone):
            row.addWidget(widget)
        self.setFixedHeight(ROW)
        self.refresh()

    def _button(self, text: str, why: str, act: object) -> TextButton:
        button = TextButton(text, kind="quiet")
        button.setToolTip(f"{text}\n{why}")
        button.setAccessibleName(f"{text}: {self.job.title}")
        button.clicked.connect(act)
        return button

    def refresh(self) -> None:
        """Show the job as it is now."""
        status = self._jobs.status(self.job)
        state = status.state
        self._light.show_state(state)
        self._facts.set_text(facts(status))
        live = state in (State.QUEUED, State.RUNNING)
        done = status.progress.done if status.progress is not None else math.nan
        self._bar.setVisible(state is State.RUNNING)
        self._bar.show_part(done)
        self._cancel.setVisible(live)
        self._retry.setVisible(state in (State.FAILED, State.CANCELLED) and bool(status.retry))
        self._copy.setVisible(state is State.FAILED)
        self._folder.setVisible(state is State.DONE and status.folder is not None)
        self._gone.setVisible(not live)

    def _end(self) -> None:
        self._studio.cancel(self.job)

    def _again(self) -> None:
        retry = self._jobs.status(self.job).retry
        self._jobs.dismiss(self.job)
        if retry is not None:
            retry()

    def _copy_details(self) -> None:
        ended = self._jobs.status(self.job).ended
        if ended is not None:
            copy_details(self.job, ended)

    def _open_folder(self) -> None:
        folder = self._jobs.status(self.job).folder
        if folder is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


class JobsView(QWidget):
    """The line at the bottom, and the list it opens to.

    `arranged` tells of rows made since: Tab does not know their place yet.
    """

    arranged = Signal()

    def __init__(self, jobs: JobCenter, studio: Studio) -> None:
        super().__init__()
        self._jobs, self._studio = jobs, studio
        self._rows: dict[Job, JobRow] = {}
        self._stale: set[Job] = set()
        self._light = _Light()
        self._title = Elided("")
        self._facts = Elided("", "small")
        self._bar = Bar(160)
        self._bar.setAccessibleName(tr("Progress"))
        self._cancel = TextButton(tr("Cancel"), kind="quiet")
        self._cancel.setToolTip(tr("Cancel\nEnd the job that runs"))
        self._cancel.clicked.connect(self._end_first)
        self._folder = TextButton(tr("Open folder"), "folder-open", "quiet")
        self._folder.setToolTip(tr("Open folder\nShow the files"))
        self._folder.clicked.connect(self._open_folder)
        self._copy = TextButton(tr("Copy details"), "copy", "quiet")
        self._copy.setToolTip(tr("Copy details\nCopy what a report needs"))
        self._copy.clicked.connect(self._copy_details)
        self._more = IconButton("chevron-up", tr("Show all jobs"), size=24, role="dim")
        self._more.clicked.connect(self.toggle)
        self._line = QWidget()
        line = QHBoxLayout(self._line)
        line.setContentsMargins(12, 2, 8, 2)
        line.setSpacing(8)
        line.addWidget(self._light)
        self._title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        line.addWidget(self._title)
        line.addWidget(self._facts, 1)
        line.addWidget(self._bar)
        line.addWidget(self._cancel)
        line.addWidget(self._copy)
        line.addWidget(self._folder)
        line.addWidget(self._more)
        self._line.setFixedHeight(34)

        inside = QWidget()
        self._list = QVBoxLayout(inside)
        self._list.setContentsMargins(0, 4, 0, 4)
        self._list.setSpacing(0)
        self._list.addStretch(1)
        self._none = Elided(
            tr("No jobs yet. Opening, separating and exporting show up here."), "small"
        )
        self._none.setContentsMargins(36, 0, 12, 0)
        self._list.insertWidget(0, self._none)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(inside)
        self._scroll.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._scroll)
        column.addWidget(self._line)
        jobs.changed.connect(self._note)
        self._clock = QTimer(self)
        self._clock.setInterval(100)  # ten times a second is as often as figures can be read
        self._clock.timeout.connect(self._refresh)
        self._refresh()

    @property
    def is_open(self) -> bool:
        """Whether the list is shown."""
        return not self._scroll.isHidden()

    def toggle(self) -> None:
        """Show the list, or only the line."""
        self._scroll.setVisible(not self.is_open)
        self._more.ink("chevron-down" if self.is_open else "chevron-up", "dim")
        self._more.setToolTip(tr("Hide the list") if self.is_open else tr("Show all jobs"))
        if self.is_open:
            self._sync({*self._jobs.jobs, *self._rows}, self._jobs.jobs)
        self._show_line(self._jobs.jobs)

    def _fit(self) -> None:
        self._scroll.setFixedHeight(min(max(len(self._rows), 1), MOST) * ROW + 8)

    def _note(self, job: Job) -> None:
        if job not in self._stale:
            self._stale.add(job)
            if not self._clock.isActive():
                self._clock.start()
        if self._jobs.status(job).ended is not None or self._jobs.status(job).progress is None:
            self._refresh()

    def _refresh(self) -> None:
        stale, self._stale = self._stale, set()
        if not stale:
            self._clock.stop()
        shown = self._jobs.jobs
        if self.is_open:
            self._sync(stale, shown)
        self._show_line(shown)

    def _sync(self, stale: set[Job], shown: tuple[Job, ...]) -> None:
        """Bring the rows of the open list up to date."""
        known = set(self._rows)
        for job in sorted(stale, key=lambda job: job.id):
            if job not in shown:
                row = self._rows.pop(job, None)
                if row is not None:
                    row.deleteLater()
            elif job in self._rows:
                self._rows[job].refresh()
            else:
                self._rows[job] = JobRow(self._jobs, self._studio, job)
                self._list.insertWidget(0, self._rows[job])
        self._none.setVisible(not self._rows)
        self._fit()
        if self._rows.keys() - known:
            self.arranged.emit()

    def _foremost(self, shown: tuple[Job, ...]) -> Job | None:
        """The one job worth a line: what runs longest, else what ended last."""
        running = [j for j in shown if self._jobs.status(j).state is State.RUNNING]
        if running:  # what needs the network, but before it what a person waits for
            return min(running, key=lambda job: (job.lane != "heavy", job.background, job.id))
        ended = [j for j in shown if self._jobs.status(j).ended is not None]
        return max(ended, key=lambda j: self._jobs.status(j).ended_at, default=None)

    def _show_line(self, shown: tuple[Job, ...]) -> None:
        job = self._foremost(shown) if not self.is_open else None
        self._light.setVisible(job is not None)
        status = self._jobs.status(job) if job is not None else None
        running = status is not None and status.state is State.RUNNING
        self._bar.setVisible(running)
        self._cancel.setVisible(running)
        ended_well = status is not None and status.state is State.DONE
        exported = ended_well and status is not None and status.folder is not None
        self._folder.setVisible(exported)
        self._copy.setVisible(status is not None and status.state is State.FAILED)
        if job is None or status is None:
            self._title.set_text(tr("Jobs") if self.is_open else tr("Ready"))
            self._facts.set_text("")
            return
        self._light.show_state(status.state)
        self._title.set_text(job.title)
        waiting = sum(self._jobs.status(j).state is State.QUEUED for j in shown)
        more = f"  ·  {tr('{count} waiting', count=waiting)}" if waiting and running else ""
        self._facts.set_text(facts(status) + more)
        done = status.progress.done if status.progress is not None else math.nan
        self._bar.show_part(done)

    def _end_first(self) -> None:
        job = self._foremost(self._jobs.jobs)
        if job is not None:
            self._studio.cancel(job)

    def _copy_details(self) -> None:
        job = self._foremost(self._jobs.jobs)
        ended = self._jobs.status(job).ended if job is not None else None
        if job is not None and ended is not None:
            copy_details(job, ended)

    def _open_folder(self) -> None:
        job = self._foremost(self._jobs.jobs)
        folder = self._jobs.status(job).folder if job is not None else None
        if folder is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
