"""What notes are written as, asked before they are written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
)

from app.scores import KINDS, Wish
from app.views import picture
from app.views.controls import Chooser, TextButton
from app.views.forms import cancel_button, form, present
from app.words import marked, tr

if TYPE_CHECKING:
    from app.main_window import MainWindow

PICTURES = ((marked("Picture: PNG, SVG or PDF"), "picture"),)
VIEWS = ((marked("As sung"), False), (marked("Quantised"), True))
WIDTH = 420


class NotesDialog(QDialog):
    """For the melody at hand; `Save` asks for a name and starts a job."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, kept = window, window.settings
        self.setWindowTitle(tr("Export notes"))
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(WIDTH)
        self._lane = QLabel()
        self._format = Chooser(tr("Format"), tr("What the notes are written as"))
        for text, value, _ in KINDS:
            self._format.addItem(tr(text), value)
        for text, value in PICTURES:
            self._format.addItem(tr(text), value)
        self._format.setCurrentIndex(max(self._format.findData(kept.notes_format), 0))
        self._format.currentIndexChanged.connect(self.refresh)
        self._view = Chooser(
            tr("Notes"), tr("As they were sung, or on the beat grid and in the key")
        )
        for text, value in VIEWS:
            self._view.addItem(tr(text), value)
        self._view.activated.connect(lambda i: window.tuning.set_quantised(self._view.itemData(i)))
        self._bends = QCheckBox(tr("Pitch bends"))
        self._bends.setToolTip(
            tr("Pitch bends\nGlides and vibrato too, for synthesisers; leave out for notation")
        )
        self._bends.setChecked(kept.notes_bends)
        self._told = QLabel()
        self._told.setProperty("kind", "small")
        self._told.setWordWrap(True)
        self._save = TextButton(tr("Save…"), "download", "primary")
        self._save.setToolTip(tr("Save…\nChoose a name and write the notes"))
        self._save.setDefault(True)
        self._save.clicked.connect(self._ask)
        cancel = cancel_button(self)

        grid = form(
            (
                (tr("Lane"), self._lane),
                (tr("Format"), self._format),
                (tr("Notes"), self._view),
            )
        )
        grid.addWidget(self._bends, 3, 1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self._save)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addLayout(grid)
        column.addWidget(self._told)
        column.addLayout(buttons)
        window.tuning.changed.connect(self.refresh)
        self.refresh()

    def offer(self) -> None:
        """Open, for the melody at hand."""
        self.refresh()
        present(self)

    def refresh(self, *_: object) -> None:
        """Show what would be written now."""
        tuning = self._window.tuning
        track, melody = tuning.track, tuning.melody
        self._save.setEnabled(track is not None)
        if track is None or melody is None:
            self._lane.setText("–")
            return
        self._lane.setText(track.name)
        engraved = self._format.currentData() == "musicxml"  # which knows nothing off the grid
        self._view.setCurrentIndex(int(melody.quantised or engraved))
        self._view.setEnabled(not engraved)
        self._bends.setVisible(self._format.currentData() == "mid")
        beat = melody.beat
        self._told.setText(
            tr(
                "{tempo} beats a minute, {count} to a bar; change it in the melody strip.",
                tempo=f"{beat.tempo:g}",
                count=beat.per_bar,
            )
        )
        self.adjustSize()

    def wish(self) -> Wish | None:
        """What would be written now, under the name that is proposed for it."""
        track = self._window.tuning.track
        suffix = next((end for _, kind, end in KINDS if kind == self._format.currentData()), "")
        if track is None or not suffix:
            return None
        path = self._window.scores.suggestion(track, suffix)
        bends = suffix == ".mid" and self._bends.isChecked()
        return Wish(track, self._format.currentData(), path, bends)

    def _ask(self) -> None:
        kept, wish = self._window.settings, self.wish()
        kept.notes_format = self._format.currentData()
        kept.notes_bends = self._bends.isChecked()
        if wish is None:
            self.close()
            self._window.session.select(self._window.tuning.track.id)
            picture.offer(self._window)
            return
        suffix = wish.path.suffix
        chosen, _ = QFileDialog.getSaveFileName(
            self,
            tr("Save the notes"),
            str(wish.path),
            f"{self._format.currentText()} (*{suffix})",
        )
        if chosen:
            self.close()
            self._window.scores.export(named(wish, Path(chosen)))


def named(wish: Wish, chosen: Path) -> Wish:
    """The wish under the name a person chose; one they saw and were asked about is replaced."""
    suffix = wish.path.suffix
    whole = chosen.suffix.lower() == suffix
    path = chosen if whole else chosen.with_name(f"{chosen.name}{suffix}")
    return Wish(wish.track, wish.format, path, wish.bends, overwrite=whole)
