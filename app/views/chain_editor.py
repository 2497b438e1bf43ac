"""A chain made by ticking: what is written, as what, under which names; saved as one's own."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from app.batching import Draft
from app.reading import put_in_order
from app.views.controls import Chooser, TextButton, heading
from app.views.forms import form
from app.words import said, tr
from engine.chain import Chain
from engine.errors import EngineError
from engine.steps import SONG, Export

PRACTICE_DB = -12.0


class ChainEditor(QDialog):
    """Emits `made` with the chain when it is saved; nothing happens when it is closed."""

    made = Signal(object)  # Chain

    def __init__(self, name: str, draft: Draft | None, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Edit chain"))
        self.setFixedWidth(480)
        first = draft or Draft(tr("{name}, my way", name=name))
        self._name = QLineEdit(first.name)
        self._name.setAccessibleName(tr("Name of the chain"))
        self._name.setToolTip(tr("A chain of yours with this name is replaced"))
        self._ticks = {
            sound: self._tick(text, why, sound in first.sounds)
            for sound, text, why in (
                ("vocals", tr("Vocals"), tr("The singer alone")),
                ("instrumental", tr("Instrumental"), tr("The band alone")),
                (SONG, tr("The song itself"), tr("The song as it is, in the format below")),
            )
        }
        self._practice = self._tick(
            tr("Practice track, singer at"),
            tr("The band with the singer in the background, to sing along"),
            first.practice_db is not None,
        )
        self._level = QDoubleSpinBox()
        self._level.setRange(-60.0, 0.0)
        self._level.setDecimals(1)
        self._level.setSuffix(" dB")
        self._level.setProperty("kind", "figure")
        self._level.setFixedWidth(88)
        known = first.practice_db is not None and first.practice_db > -60.0
        self._level.setValue(first.practice_db if known else PRACTICE_DB)
        self._level.setAccessibleName(tr("Level of the singer in the practice track"))
        self._level.setToolTip(tr("How loud the singer is in the practice track; 0 dB is as sung"))
        self._format = Chooser(tr("Format"), tr("What kind of file is written"))
        formats = (
            (tr("WAV, 24 bit"), "wav", "24"),
            (tr("WAV, 32 bit float (exact)"), "wav", "float"),
            (tr("WAV, 16 bit with dither"), "wav", "16"),
            (tr("FLAC, 24 bit"), "flac", "24"),
            (tr("FLAC, 16 bit with dither"), "flac", "16"),
            (tr("MP3, 320 kbit/s"), "mp3", ""),
        )
        for number, (text, kind, subtype) in enumerate(formats):
            self._format.addItem(text, (kind, subtype))
            if kind == first.format and subtype in ("", first.subtype):
                self._format.setCurrentIndex(number)
        self._template = QLineEdit(first.template)
        self._template.setAccessibleName(tr("Name template"))
        self._template.setToolTip(
            tr("{source} is the song's file name, {stem} what the file holds")
        )
        self._names = QLabel()
        self._names.setProperty("kind", "small")
        self._names.setWordWrap(True)
        self._save = TextButton(tr("Save"), "check", "primary")
        self._save.setToolTip(tr("Save the chain under its name and use it"))
        self._save.setDefault(True)
        self._save.clicked.connect(self._keep)
        cancel = TextButton(tr("Cancel"))
        cancel.setToolTip(tr("Leave the chain as it was"))
        cancel.clicked.connect(self.reject)

        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(8)
        if draft is None:
            more = QLabel(tr("This chain does more than can be ticked here: edit its file for"
                             " that. What you save here is a new chain."))  # fmt: skip
            more.setWordWrap(True)
            more.setProperty("kind", "dim")
            column.addWidget(more)
        column.addWidget(heading(tr("WRITE")))
        for tick in self._ticks.values():
            column.addWidget(tick)
        practice = QHBoxLayout()
        practice.setSpacing(8)
        practice.addWidget(self._practice)
        practice.addWidget(self._level)
        practice.addStretch(1)
        column.addLayout(practice)
        column.addSpacing(8)
        grid = form(
            (
                (tr("Format"), self._format),
                (tr("File name"), self._template),
                (tr("Save as"), self._name),
            )
        )
        column.addLayout(grid)
        column.addWidget(self._names)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self._save)
        column.addLayout(buttons)
        for tick in (*self._ticks.values(), self._practice):
            tick.toggled.connect(self._check)
        for line in (self._name, self._template):
            line.textChanged.connect(self._check)
        self._format.currentIndexChanged.connect(self._check)
        self._level.valueChanged.connect(self._check)
        self._check()
        put_in_order(self)

    def _tick(self, text: str, why: str, on: bool) -> QCheckBox:
        tick = QCheckBox(text)
        tick.setToolTip(why)
        tick.setChecked(on)
        return tick

    def _chain(self) -> Chain:
        """The chain as it is ticked. Raises `EngineError`."""
        kind, subtype = self._format.currentData()
        if not self._name.text().strip():
            raise EngineError("The chain has no name.", "Give it one.")
        draft = Draft(
            self._name.text(),
            tuple(sound for sound, tick in self._ticks.items() if tick.isChecked()),
            self._level.value() if self._practice.isChecked() else None,
            kind,
            subtype,
            self._template.text(),
        )
        return draft.chain()

    def _check(self) -> None:
        """Show the names that would be written, or why it would not work."""
        self._level.setEnabled(self._practice.isChecked())
        try:
            chain = self._chain()
        except EngineError as error:
            self._names.setText(f"{said(error.message)} {said(error.hint)}".strip())
            self._save.setEnabled(False)
            return
        names = [
            step.file_name(tr("Song"), name, "")
            for step in chain.steps
            if isinstance(step, Export)
            for name in step.what
        ]
        self._names.setText(", ".join(names))
        self._save.setEnabled(True)

    def _keep(self) -> None:
        try:
            chain = self._chain()
        except EngineError:
            return
        self.made.emit(chain)
        self.accept()
