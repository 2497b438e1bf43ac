"""Where stems and mixes go: what, as what, under which names, seen before it is written."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from app import export
from app.session import Session
from app.settings import Settings
from app.studio import Studio
from app.views.controls import Chooser, Elided, TextButton, heading
from engine.types import Track

FORMATS = (
    ("WAV, 24 bit", "wav", "24"),
    ("WAV, 32 bit float (exact)", "wav", "float"),
    ("WAV, 16 bit with dither", "wav", "16"),
    ("FLAC, 24 bit", "flac", "24"),
    ("FLAC, 16 bit with dither", "flac", "16"),
    ("MP3, 320 kbit/s", "mp3", "16"),
)
WIDTH = 560


class ExportDialog(QDialog):
    """Stays open beside the window; `Export` starts a job and closes it."""

    def __init__(
        self, session: Session, studio: Studio, settings: Settings, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._session, self._studio, self._settings = session, studio, settings
        self.setWindowTitle("Export")
        self.setModal(False)
        self.setFixedWidth(WIDTH)
        self._ticks: dict[int, QCheckBox] = {}

        self._what = QVBoxLayout()
        self._what.setSpacing(0)
        self._mix = QCheckBox("What you hear now, as one file")
        self._mix.setToolTip("The mix of all lanes with their gain, pan, mute and solo")
        self._mix.toggled.connect(self._preview)

        self._format = Chooser("Format")
        for text, kind, subtype in FORMATS:
            self._format.addItem(text, (kind, subtype))
        wanted = (settings.export_format, settings.export_subtype)
        at = [(kind, subtype) for _, kind, subtype in FORMATS]
        self._format.setCurrentIndex(at.index(wanted) if wanted in at else 0)
        self._format.currentIndexChanged.connect(self._preview)

        self._where = Chooser("Folder")
        self._where.addItem("Beside the song", "")
        if settings.export_folder:
            self._where.addItem(settings.export_folder, settings.export_folder)
            if not settings.export_beside:
                self._where.setCurrentIndex(1)
        self._where.addItem("Choose another folder…", None)
        self._where.setSizeAdjustPolicy(
            Chooser.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self._where.activated.connect(self._choose_folder)

        self._template = QLineEdit(settings.export_template)
        self._template.setAccessibleName("Name template")
        self._template.setToolTip("{source} is the song's file name, {stem} what the file holds")
        self._template.textChanged.connect(self._preview)

        self._names = QLabel()
        self._names.setTextFormat(Qt.TextFormat.PlainText)
        self._names.setWordWrap(True)
        self._names.setAccessibleName("Files that will be written")
        self._note = Elided(kind="small")

        self._go = TextButton("Export", "download", "primary")
        self._go.setDefault(True)
        self._go.clicked.connect(self._export)
        cancel = TextButton("Cancel")
        cancel.clicked.connect(self.close)

        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(8)
        column.addWidget(heading("WHAT"))
        column.addLayout(self._what)
        column.addWidget(self._mix)
        column.addSpacing(8)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for row, (text, field) in enumerate(
            (("Format", self._format), ("Folder", self._where), ("Name", self._template))
        ):
            label = QLabel(text)
            label.setProperty("kind", "dim")
            label.setBuddy(field)
            grid.addWidget(label, row, 0)
            grid.addWidget(field, row, 1)
        column.addLayout(grid)
        column.addSpacing(8)
        column.addWidget(heading("FILES"))
        column.addWidget(self._names)
        column.addWidget(self._note)
        column.addSpacing(8)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self._go)
        column.addLayout(buttons)
        session.lanes_changed.connect(self._list_tracks)
        self._list_tracks()

    def offer(self) -> None:
        """Open with the stems of the selected song ticked, or the song itself."""
        mix = self._studio.mix_of()
        wanted = self._studio.stems_of(mix.id) if mix is not None else []
        ids = {lane.track.id for lane in wanted} or {self._session.selected}
        for id, tick in self._ticks.items():
            tick.setChecked(id in ids)
        self._mix.setChecked(False)
        self._preview()
        self.show()
        self.raise_()
        self.activateWindow()
        QTimer.singleShot(0, self._go.setFocus)

    def _list_tracks(self) -> None:
        finished = {lane.track.id: lane.track for lane in self._session.lanes if not lane.filled}
        done = {t.id: t for t in self._session.project.tracks if t.id in finished}
        for id in set(self._ticks) - set(done):
            self._ticks.pop(id).deleteLater()
        for id, track in done.items():
            if id not in self._ticks:
                tick = self._ticks[id] = QCheckBox()
                tick.toggled.connect(self._preview)
                self._what.addWidget(tick)
            self._ticks[id].setText(self._label(track))
        self._preview()

    def _label(self, track: Track) -> str:
        if track.role == "mix":
            return f"{track.name} (the song as it is)"
        mix = self._session.lane(track.group)
        return f"{track.name} of {mix.track.name}" if mix is not None else track.name

    def _wish(self) -> export.Export:
        from engine.audio import Encoding

        kind, subtype = self._format.currentData()
        folder = self._where.currentData()
        tracks = [t for t in self._session.project.tracks if t.id in self._ticks]
        return export.Export(
            tracks=tuple(t for t in tracks if self._ticks[t.id].isChecked()),
            mixdown=self._session.project.tracks if self._mix.isChecked() else (),
            encoding=Encoding(kind, subtype),
            folder=Path(folder) if folder else None,
            template=self._template.text() or "{source}_({stem})",
        )

    def _preview(self) -> None:
        if not self.isVisible() and not self._ticks:
            return
        items = export.plan(self._wish())
        self._go.setEnabled(bool(items))
        shown = [item.path.name for item in items[:6]]
        if len(items) > 6:
            shown.append(f"and {len(items) - 6} more")
        self._names.setText("\n".join(shown) or "Nothing is ticked.")
        renamed = sum(item.renamed for item in items)
        if renamed:
            self._note.set_text(
                f"{'A file' if renamed == 1 else f'{renamed} files'} of that name exist"
                f"{'s' if renamed == 1 else ''} already; the new "
                f"{'one gets' if renamed == 1 else 'ones get'} a number. Nothing is overwritten."
            )
        else:
            self._note.set_text("Rate and length stay as they are; loudness is not touched.")
        self.adjustSize()

    def _choose_folder(self, index: int) -> None:
        if self._where.itemData(index) is None:
            start = self._settings.export_folder or str(Path.home())
            folder = QFileDialog.getExistingDirectory(self, "Folder for the files", start)
            if folder:
                self._where.insertItem(1, folder, folder)
            self._where.setCurrentIndex(1 if folder else 0)
        self._preview()

    def _export(self) -> None:
        wish = self._wish()
        settings = self._settings
        settings.export_format, settings.export_subtype = self._format.currentData()
        settings.export_beside = wish.folder is None
        settings.export_folder = str(wish.folder or settings.export_folder)
        settings.export_template = wish.template
        self._studio.export(wish)
        self.close()
