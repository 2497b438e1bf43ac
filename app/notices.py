"""Word of a long job's end for somebody who looks elsewhere: a sound, the taskbar, a message."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from app.jobs import JobCenter
from app.settings import Settings
from app.words import tr
from engine.events import Ended, State
from engine.jobs import Job

LONG_SECONDS = 20.0  # a job that took less was watched
MESSAGE_MS = 8000


class Notices(QObject):
    """Says when a long job ends well or fails, unless the settings say no."""

    def __init__(self, window: QWidget, jobs: JobCenter, settings: Settings) -> None:
        super().__init__(window)
        self._window, self._jobs, self._settings = window, jobs, settings
        self._tray: QSystemTrayIcon | None = None
        jobs.ended.connect(self._ended)

    def toggle(self) -> None:
        """Tell from now on, or no longer."""
        self._settings.notify = not self._settings.notify

    def _ended(self, job: Job, ended: Ended) -> None:
        status = self._jobs.status(job)
        took = status.ended_at - status.started_at if status.started_at else 0.0
        if not self._settings.notify or took < LONG_SECONDS:
            return
        if ended.state is State.CANCELLED:
            return
        well = ended.state is State.DONE
        self.tell(tr("Done") if well else tr("Failed"), job.title, well)

    def tell(self, what: str, title: str, well: bool = True) -> None:
        """Make a sound, and where another program is in front, show it too."""
        QApplication.beep()
        if QApplication.activeWindow() is not None:
            return
        QApplication.alert(self._window)
        if not QSystemTrayIcon.isSystemTrayAvailable() or not QSystemTrayIcon.supportsMessages():
            return
        if self._tray is None:
            self._tray = QSystemTrayIcon(self._window.windowIcon(), self)
            self._tray.setToolTip("Melic")
            self._tray.messageClicked.connect(self._come)
        self._tray.show()
        kind = QSystemTrayIcon.MessageIcon
        icon = kind.Information if well else kind.Warning
        self._tray.showMessage(what, title, icon, MESSAGE_MS)
        # It is there for the message alone.
        QTimer.singleShot(2 * MESSAGE_MS, self._tray, self._tray.hide)

    def _come(self) -> None:
        self._window.raise_()
        self._window.activateWindow()
