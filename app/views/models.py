"""The model browser: a card for each model, with what is known of it and what can be done."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, QTimer, QUrl
from PySide6.QtGui import (
    QColor,
    QDesktopServices,
    QDragEnterEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app import theme
from app.modelling import CHECKPOINTS, Modelling, bytes_text, is_model, speed_text
from app.reading import put_in_order
from app.studio import Trouble
from app.turns import Turns
from app.views.controls import Elided, TextButton
from app.views.forms import present
from app.words import marked, said, tr
from engine import cards, downloads, speeds
from engine.cards import ModelCard
from engine.downloads import Published
from engine.jobs import Job

if TYPE_CHECKING:
    from app.main_window import MainWindow

SIZE = (820, 640)
NAME_WIDTH = 72
TASKS = {
    "separate": marked("separates"),
    "transcribe": marked("writes notes down"),
    "sing": marked("sings and speaks"),
}
NOT_STATED = "not stated"


class _Card(QWidget):
    """What all cards share: a title, facts, a row of buttons, and how far its job is."""

    def __init__(self, dialog: ModelsDialog, id: str) -> None:
        super().__init__()
        self.id, self._dialog = id, dialog
        self._lit = False
        self.title = QLabel()
        self.title.setProperty("kind", "title")
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.mark = QLabel()
        self.mark.setProperty("kind", "good")
        self.mark.setTextFormat(Qt.TextFormat.PlainText)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.title)
        head.addWidget(self.mark)
        head.addStretch(1)
        self._facts = QVBoxLayout()
        self._facts.setSpacing(2)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(4)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Progress"))
        self.state = Elided(kind="small")
        self.stop = TextButton(tr("Cancel"), kind="quiet")
        self.stop.setToolTip(tr("Cancel\nEnd it; of a download, what is there is kept"))
        self.stop.setAutoDefault(False)
        self.stop.clicked.connect(lambda: dialog.modelling.cancel(self.id))
        going = QHBoxLayout()
        going.setSpacing(8)
        going.addWidget(self.bar, 1)
        going.addWidget(self.state, 2)
        going.addWidget(self.stop)
        self._going = QWidget()
        going.setContentsMargins(0, 0, 0, 0)
        self._going.setLayout(going)
        self._going.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 10)
        column.setSpacing(6)
        column.addLayout(head)
        column.addLayout(self._facts)
        column.addWidget(self._going)
        column.addLayout(self.buttons)

    def fact(self, name: str, text: str) -> QLabel:
        """Add a line of a name and words."""
        row = QHBoxLayout()
        row.setSpacing(8)
        label, words = QLabel(name), QLabel(text)
        label.setProperty("kind", "small")
        label.setFixedWidth(NAME_WIDTH)
        label.setAlignment(Qt.AlignmentFlag.AlignTop)
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setWordWrap(True)
        words.setFont(theme.tabular(words.font(), 12))
        words.setAccessibleName(f"{name}: {text}")
        row.addWidget(label)
        row.addWidget(words, 1)
        self._facts.addLayout(row)
        return words

    def button(self, text: str, why: str, icon: str = "", kind: str = "quiet") -> TextButton:
        """Add a button that does not answer to Return from elsewhere."""
        button = TextButton(text, icon, kind)
        button.setToolTip(f"{text.rstrip('…')}\n{why}")
        button.setAccessibleName(f"{text.rstrip('…')}: {self.title.text()}")
        button.setAutoDefault(False)
        self.buttons.addWidget(button)
        return button

    def show_job(self, job: Job | None) -> None:
        """Show how far its job is, if it has one."""
        self._going.setVisible(job is not None)
        if job is None:
            return
        progress = self._dialog.jobs.status(job).progress
        known = progress is not None and math.isfinite(progress.done)
        self.bar.setRange(0, 1000 if known else 0)
        if progress is not None and known:
            self.bar.setValue(round(progress.done * 1000))
        note = said(progress.note) if progress is not None else tr("Waiting for its turn")
        self.state.set_text(note)

    def light(self, lit: bool) -> None:
        """Mark the card that was just added."""
        self._lit = lit
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(tokens.canvas))
        painter.setPen(QPen(QColor(tokens.accent if self._lit else tokens.line), 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)


class ModelItem(_Card):
    """A model that is here."""

    def __init__(self, dialog: ModelsDialog, card: ModelCard) -> None:
        super().__init__(dialog, card.id)
        self.card = card
        modelling = dialog.modelling
        self.title.setText(card.title)
        doing = tr(TASKS.get(card.task, card.task))
        if card.task == "separate":
            doing = tr("separates into {stems}", stems=", ".join(card.outputs))
        self.fact(tr("Task"), doing)
        quality = "\n".join(f"{name}: {value}" for name, value in card.figures.items())
        self.fact(tr("Quality"), quality or tr("nobody has measured it"))
        if card.figures and card.measure != NOT_STATED:
            self.fact(tr("Measured"), tr("here, with {command}", command=card.measure))
        parts = "" if not card.members else tr(", made of {ids}", ids=", ".join(card.members))
        self.fact(tr("Size"), bytes_text(card.weights.bytes) + parts)
        self.speed = self.fact(tr("Speed"), "")
        self.fact(tr("Licence"), _stated(card.licence))
        self.fact(tr("Source"), _stated(card.source))
        self.use = self.button(tr("Use"), tr("Let it do its task from now on"), "check")
        self.use.clicked.connect(lambda: modelling.use(card))
        self.tries = self.button(
            tr("Try on 10 s"), tr("From the playhead on: a lane that is heard alone, in a loop"),
            "repeat",
        )  # fmt: skip
        self.tries.clicked.connect(lambda: modelling.try_out(card))
        self.measure = self.button(
            tr("Measure"), tr("How fast it is on this computer: takes its time once"), ""
        )
        self.measure.clicked.connect(lambda: modelling.measure(card))
        self.unload = self.button(
            tr("Unload"), tr("Give back its memory; it is loaded again when it is needed"), ""
        )
        self.unload.clicked.connect(lambda: modelling.unload(card))
        self.buttons.addStretch(1)
        self.remove = self.button(
            tr("Remove…"), tr("Delete its weights and card from this computer"), "trash-2"
        )
        self.remove.clicked.connect(lambda: dialog.ask_remove(card))
        self.refresh()

    def refresh(self) -> None:
        """Show how things are with it."""
        modelling, card = self._dialog.modelling, self.card
        job, used, loaded = modelling.job(card.id), modelling.in_use(card), self._loaded()
        marks = [tr("in use")] if used else []
        self.mark.setText("  ·  ".join([*marks, *([tr("in memory")] if loaded else [])]))
        speed = modelling.speed(card)
        can = card.task in speeds.MEASURED
        words = speed_text(speed) if speed else tr("not measured on this computer")
        self.speed.setText(words if can or speed else tr("is not measured for this task"))
        self.speed.setAccessibleName(f"{tr('Speed')}: {self.speed.text()}")
        self.use.setEnabled(not used and card.task in TASKS)
        why = modelling.cannot_try(card)
        for button in (self.tries, self.measure):
            button.setVisible(can)
        self.tries.setEnabled(not why)
        usual = tr("From the playhead on: a lane that is heard alone, in a loop")
        self.tries.setToolTip(f"{tr('Try on 10 s')}\n{why or usual}")
        self.measure.setEnabled(can and job is None)
        self.unload.setEnabled(loaded and job is None)
        self.remove.setVisible(modelling.is_own(card))
        self.remove.setEnabled(job is None)
        self.show_job(job)

    def _loaded(self) -> bool:
        ids = self.card.members or [self.card.id]
        return any(id in self._dialog.modelling.loaded for id in ids)


class OfferItem(_Card):
    """A model that can be downloaded."""

    def __init__(self, dialog: ModelsDialog, wanted: Published) -> None:
        super().__init__(dialog, wanted.id)
        self.wanted = wanted
        self.title.setText(wanted.title)
        self.mark.setProperty("kind", "dim")
        self.mark.setText(tr("not on this computer"))
        self.fact(tr("Task"), tr("separates into {stems}", stems=", ".join(wanted.outputs)))
        quality = "\n".join(f"{name}: {value}" for name, value in wanted.figures.items())
        self.fact(tr("Quality"), quality)
        self.fact(tr("Size"), tr("{size} to download", size=bytes_text(wanted.bytes)))
        self.fact(tr("Licence"), _stated(wanted.licence))
        self.fact(tr("Source"), wanted.page)
        self.load = self.button(
            tr("Download"), tr("Fetch it from the Hugging Face hub, check it and use it"),
            "download", "",
        )  # fmt: skip
        self.load.clicked.connect(lambda: dialog.modelling.download(wanted))
        self.buttons.addStretch(1)
        self.refresh()

    def refresh(self) -> None:
        """Show how far it is."""
        job = self._dialog.modelling.job(self.id)
        kept = downloads.waiting(self.wanted)
        self.load.setText(" " + (tr("Go on downloading") if kept else tr("Download")))
        self.load.setEnabled(job is None)
        self.show_job(job)


class ModelsDialog(QDialog):
    """Stays open beside the window; takes files that are dropped on it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.modelling: Modelling = window.modelling
        self.jobs = window.jobs
        self._turns = Turns(self)
        self._items: dict[str, ModelItem | OfferItem] = {}
        self._shown: list[str] = []
        self._new = ""
        self.setWindowTitle(tr("Models"))
        self.setModal(False)
        self.setAcceptDrops(True)
        self.setMinimumSize(680, 420)
        self.resize(*SIZE)
        self._build()
        self._late = QTimer(self, singleShot=True)
        self._late.timeout.connect(self.refresh)
        self.modelling.changed.connect(self._soon)
        self.modelling.added.connect(self._added)
        window.session.selection_changed.connect(self._soon)
        window.session.lanes_changed.connect(self._soon)
        self.jobs.changed.connect(self._job_changed)
        window.studio.trouble.connect(self._tell)

    def _build(self) -> None:
        about = QLabel(tr("Drop a model’s file here, or choose one."))
        about.setProperty("kind", "dim")
        add = self._button(tr("Add from file…"), tr("Take a checkpoint in, as it is published"),
                           "plus")  # fmt: skip
        add.clicked.connect(self.ask_file)
        folder = self._button(tr("Open folder"), tr("Where your own models’ cards are kept"),
                              "folder-open")  # fmt: skip
        folder.clicked.connect(self._open_folder)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(about)
        head.addStretch(1)
        head.addWidget(add)
        head.addWidget(folder)
        self._strip = QLabel()
        self._strip.setProperty("kind", "danger")
        self._strip.setTextFormat(Qt.TextFormat.PlainText)
        self._strip.setWordWrap(True)
        self._strip.hide()
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 10, 0)
        self._column.setSpacing(10)
        self._column.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(inside)
        close = self._button(tr("Close"), tr("Close this window; what runs goes on"))
        close.clicked.connect(self.close)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 14, 16)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self._strip)
        column.addWidget(self._scroll, 1)
        column.addLayout(foot)

    def _button(self, text: str, why: str, icon: str = "") -> TextButton:
        button = TextButton(text, icon)
        button.setToolTip(f"{text.rstrip('…')}\n{why}")
        button.setAutoDefault(False)
        return button

    # Keeping in step

    def offer(self) -> None:
        """Open, with everything as it is now."""
        self._strip.hide()
        self.refresh()
        self.modelling.refresh_loaded()
        present(self)

    def item(self, id: str) -> ModelItem | OfferItem | None:
        """The card of a model, once it is shown."""
        return self._items.get(id)

    def _soon(self, *_: object) -> None:
        if self.isVisible() and not self._late.isActive():
            self._late.start(0)

    def refresh(self) -> None:
        """Show the models there are, a card at a time."""
        wanted: dict[str, ModelCard | Published] = {
            each.id: each for each in (*self.modelling.models(), *self.modelling.offered())
        }
        for id in [id for id, item in self._items.items() if not _same(item, wanted.get(id))]:
            gone = self._items.pop(id)
            self._column.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        if list(wanted) != self._shown or any(id not in self._items for id in wanted):
            self._shown = list(wanted)
            self._turns.add(self._filled(wanted))
        for item in self._items.values():
            item.refresh()

    def _filled(self, wanted: dict[str, ModelCard | Published]) -> Iterator[None]:
        for place, (id, each) in enumerate(wanted.items()):
            if id not in self._items:
                here = isinstance(each, ModelCard)
                self._items[id] = ModelItem(self, each) if here else OfferItem(self, each)
                self._column.insertWidget(place, self._items[id])
                self._items[id].light(id == self._new)
                put_in_order(self)
                yield
        if self._new in self._items:
            yield
            self._scroll.ensureWidgetVisible(self._items[self._new])

    def _job_changed(self, job: Job) -> None:
        for id, item in self._items.items():
            if self.modelling.job(id) is job:
                item.show_job(job)

    def _added(self, card: ModelCard) -> None:
        self._new = card.id
        self._strip.hide()

    def _tell(self, trouble: object) -> None:
        if isinstance(trouble, Trouble) and self.isVisible():
            self._strip.setText(f"{trouble.message} {trouble.hint}".strip())
            self._strip.setAccessibleName(self._strip.text())
            self._strip.show()

    # Doing it

    def ask_file(self) -> None:
        """Let a person choose checkpoints."""
        start = self._window.settings.open_folder or str(Path.home())
        kinds = " ".join(f"*{each}" for each in CHECKPOINTS)
        names, _ = QFileDialog.getOpenFileNames(
            self, tr("Add models"), start, f"{tr('Models')} ({kinds})"
        )
        self.add([Path(name) for name in names])

    def add(self, paths: list[Path]) -> None:
        """Take files in."""
        self._strip.hide()
        if paths:
            self._window.settings.open_folder = str(paths[0].parent)
            self.modelling.import_files(paths)

    def ask_remove(self, card: ModelCard) -> None:
        """Remove a model if that is really wanted."""
        if self._window.projects.questions.really_remove(card.title):
            self.modelling.remove(card)

    def _open_folder(self) -> None:
        folder = cards.own_folder()
        folder.mkdir(parents=True, exist_ok=True)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        urls = event.mimeData().urls()
        if any(url.isLocalFile() and is_model(Path(url.toLocalFile())) for url in urls):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        self.add([path for path in paths if is_model(path)])
        event.acceptProposedAction()


def _same(item: ModelItem | OfferItem, wanted: ModelCard | Published | None) -> bool:
    """Whether an item is of that very card."""
    return (item.card if isinstance(item, ModelItem) else item.wanted) == wanted


def _stated(text: str) -> str:
    return tr("not stated") if text == NOT_STATED else text
