"""What this program is, what it is made of, and what this computer can do."""

from __future__ import annotations

import platform
from pathlib import Path

from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QFontDatabase, QGuiApplication, QIcon
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from app import theme
from app.jobs import JobCenter
from app.views.controls import TextButton, heading
from app.words import tr
from engine.events import Ended, Event, Progress, State, Work
from engine.jobs import Job

MARKS = {True: "ok", False: "FAIL", None: "note"}


def version() -> str:
    """The program's version, from `pyproject.toml`."""
    import tomllib

    project = Path(__file__).parents[2] / "pyproject.toml"
    return str(tomllib.loads(project.read_text("utf-8"))["project"]["version"])


def examine() -> Work:
    """Look at this computer as `main.py doctor` does; the result is the text of a report."""
    from engine import doctor

    lines = []
    yield Progress(float("nan"))
    for check in doctor.checks():
        lines.append(f"{MARKS[check.ok]:<5} {check.name:<17} {check.text}")
        if check.hint and check.ok is not True:
            lines.append(f"{'':<23} {check.hint}")
        yield Progress(float("nan"))
    return "\n".join(lines)


class AboutDialog(QDialog):
    """Version, licences, and a report on this computer to copy."""

    def __init__(self, jobs: JobCenter, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("About Melic"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(640, 560)
        picture = QLabel()
        icon = QIcon(str(theme.RESOURCES / "icons" / "melic.svg"))
        picture.setPixmap(icon.pixmap(48, 48))
        self._version = f"Melic {version()}"
        title = QLabel(self._version)
        title.setProperty("kind", "title")
        words = QLabel(tr("A studio for the voice in music. Nothing leaves this computer."))
        words.setProperty("kind", "dim")
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addWidget(picture)
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(title)
        names.addWidget(words)
        top.addLayout(names, 1)
        licences = QLabel(
            tr(
                "Melic is built on Qt for Python (LGPL), PyTorch (BSD), NumPy and SciPy (BSD),"
                " FFmpeg through PyAV (LGPL), libsndfile (LGPL) and others, each under its own"
                " licence. Icons: Lucide (ISC). Font: Inter (OFL). Demo song: On the run by"
                " Joshua Morin (CC BY-SA). The licence of the model is shown in the inspector."
            )
        )
        licences.setWordWrap(True)
        self._report = QPlainTextEdit()
        self._report.setReadOnly(True)
        self._report.setTabChangesFocus(True)
        self._report.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        fixed.setPixelSize(12)
        self._report.setFont(fixed)
        self._report.setAccessibleName(tr("Report on this computer"))
        self._report.setToolTip(tr("What works here, what does not, and what to do"))
        self._report.setPlainText(tr("Looking…"))
        self._copy = TextButton(tr("Copy report"), "copy")
        self._copy.setToolTip(tr("Copy report\nVersion and findings, as a problem report needs"))
        self._copy.setEnabled(False)
        self._copy.clicked.connect(self._copy_report)
        close = TextButton(tr("Close"))
        close.setToolTip(tr("Close this window"))
        close.clicked.connect(self.close)
        buttons = QHBoxLayout()
        buttons.addWidget(self._copy)
        buttons.addStretch(1)
        buttons.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(8)
        column.addLayout(top)
        column.addSpacing(8)
        column.addWidget(heading(tr("LICENCES")))
        column.addWidget(licences)
        column.addSpacing(8)
        column.addWidget(heading(tr("THIS COMPUTER")))
        column.addWidget(self._report, 1)
        column.addLayout(buttons)
        self._open = True
        job = jobs.submit("Look at this computer", examine, "light", self._heard, listed=False)
        self.finished.connect(lambda _code: self._leave(jobs, job))

    def _leave(self, jobs: JobCenter, job: Job) -> None:
        self._open = False
        jobs.cancel(job)

    def _heard(self, event: Event) -> None:
        match event:
            case Ended(State.DONE, result=report) if self._open:
                self._report.setPlainText(report)
                self._copy.setEnabled(True)
            case Ended(State.FAILED, error=error) if self._open:
                self._report.setPlainText(str(error))
                self._copy.setEnabled(True)

    def _copy_report(self) -> None:
        system = f"{platform.platform()}, Python {platform.python_version()}, Qt {qVersion()}"
        text = "\n".join((self._version, system, "", self._report.toPlainText()))
        QGuiApplication.clipboard().setText(text)
