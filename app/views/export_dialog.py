"""Where stems and mixes go: what, as what, under which names, seen before it is written."""

from __future__ import annotations

from math import isfinite
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from app import export
from app.reading import put_in_order
from app.session import Session
from app.settings import Settings
from app.studio import Studio
from app.views.controls import Chooser, TextButton, heading
from app.views.export_table import FilesTable
from app.views.forms import cancel_button, form
from app.words import marked, tr
from engine.loudness import Loudness
from engine.types import Track

FORMATS = (
    (marked("WAV, 24 bit"), "wav", "24"),
    (marked("WAV, 32 bit float (exact)"), "wav", "float"),
    (marked("WAV, 16 bit with dither"), "wav", "16"),
    (marked("FLAC, 24 bit"), "flac", "24"),
    (marked("FLAC, 16 bit with dither"), "flac", "16"),
    (marked("MP3, 320 kbit/s"), "mp3", "16"),
)
LEVELS = (
    (marked("As it is"), export.KEEP),
    (marked("All lowered alike where one would clip, to −1 dBTP"), export.COMMON),
    (marked("Each to −14 LUFS (streaming)"), "-14"),
    (marked("Each to −16 LUFS (podcasts)"), "-16"),
    (marked("Each to −23 LUFS (broadcast)"), "-23"),
)
WIDTH = 800
NEAR = 0.1  # LU that a target may be missed by without a word


class ExportDialog(QDialog):
    """Stays open beside the window; `Export` starts a job and closes it."""

    def __init__(
        self, session: Session, studio: Studio, settings: Settings, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._session, self._studio, self._settings = session, studio, settings
        self.setWindowTitle(tr("Export"))
        self.setModal(False)
        self.setFixedWidth(WIDTH)
        self._ticks: dict[int, QCheckBox] = {}
        self._renamed = 0

        self._what = QVBoxLayout()
        self._what.setSpacing(0)
        self._mix = QCheckBox(tr("What you hear now, as one file"))
        self._mix.setToolTip(tr("The mix of all lanes with their gain, pan, mute and solo"))
        self._mix.toggled.connect(self._preview)

        self._format = Chooser(tr("Format"), tr("What the files are written as"))
        for text, kind, subtype in FORMATS:
            self._format.addItem(tr(text), (kind, subtype))
        wanted = (settings.export_format, settings.export_subtype)
        at = [(kind, subtype) for _, kind, subtype in FORMATS]
        self._format.setCurrentIndex(at.index(wanted) if wanted in at else 0)
        self._format.currentIndexChanged.connect(self._preview)

        self._where = Chooser(tr("Folder"), tr("Where the files go"))
        self._where.addItem(tr("Beside the song"), "")
        if settings.export_folder:
            self._where.addItem(settings.export_folder, settings.export_folder)
            if not settings.export_beside:
                self._where.setCurrentIndex(1)
        self._where.addItem(tr("Choose another folder…"), None)
        self._where.setSizeAdjustPolicy(
            Chooser.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self._where.activated.connect(self._choose_folder)

        self._template = QLineEdit(settings.export_template)
        self._template.setAccessibleName(tr("Name template"))
        self._template.setToolTip(
            tr("{source} is the song's file name, {stem} what the file holds")
        )
        self._template.textChanged.connect(self._preview)

        self._level = Chooser(
            tr("Level"),
            tr("Whether the loudness is changed; nothing is ever limited or compressed"),
        )
        for text, level in LEVELS:
            self._level.addItem(tr(text), level)
        self._level.setCurrentIndex(max(self._level.findData(settings.export_level), 0))
        self._level.currentIndexChanged.connect(self._preview)

        self.files = FilesTable(studio.jobs)
        self.files.measured.connect(self._remark)
        self._note = QLabel()
        self._note.setProperty("kind", "small")
        self._note.setWordWrap(True)
        self._note.setMinimumHeight(2 * self._note.fontMetrics().lineSpacing() + 4)

        self._go = TextButton(tr("Export"), "download", "primary")
        self._go.setToolTip(tr("Export\nWrite the files named above"))
        self._go.setDefault(True)
        self._go.clicked.connect(self._export)
        cancel = cancel_button(self)

        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(8)
        column.addWidget(heading(tr("WHAT")))
        column.addLayout(self._what)
        column.addWidget(self._mix)
        column.addSpacing(8)
        grid = form(
            (
                (tr("Format"), self._format),
                (tr("Folder"), self._where),
                (tr("Name"), self._template),
                (tr("Level"), self._level),
            )
        )
        column.addLayout(grid)
        column.addSpacing(8)
        title = QHBoxLayout()
        title.addWidget(heading(tr("FILES")))
        title.addStretch(1)
        how = QLabel(tr("Double-click or F2 changes title and artist"))
        how.setProperty("kind", "small")
        title.addWidget(how)
        column.addLayout(title)
        column.addWidget(self.files)
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
        self.files.edits.clear()
        self.show()
        self._preview()
        self.raise_()
        self.activateWindow()
        QTimer.singleShot(0, self._go, self._go.setFocus)

    def _list_tracks(self) -> None:
        finished = {
            lane.track.id: lane.track
            for lane in self._session.lanes
            if not lane.filled and lane.track.role != "notes"  # a silent file helps nobody
        }
        done = {t.id: t for t in self._session.project.tracks if t.id in finished}
        for id in set(self._ticks) - set(done):
            self._ticks.pop(id).deleteLater()
        for id, track in done.items():
            if id not in self._ticks:
                tick = self._ticks[id] = QCheckBox()
                tick.setToolTip(tr("Write this lane to a file of its own"))
                tick.toggled.connect(self._preview)
                self._what.addWidget(tick)
            self._ticks[id].setText(self._label(track))
        put_in_order(self)
        self._preview()

    def _label(self, track: Track) -> str:
        if track.role == "mix":
            return tr("{name} (the song as it is)", name=track.name)
        mix = self._session.lane(track.group) if track.group != track.id else None
        return (
            tr("{stem} of {song}", stem=track.name, song=mix.track.name)
            if mix is not None
            else track.name
        )

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
            level=self._level.currentData(),
            tags={id: dict(words) for id, words in self.files.edits.items()},
        )

    def _preview(self) -> None:
        if not self.isVisible() and not self._ticks:
            return
        wish = self._wish()
        items = export.plan(wish)
        self._go.setEnabled(bool(items))
        self._renamed = sum(item.renamed for item in items)
        if self.isVisible():
            self.files.show_files(wish, items)
        self._remark()
        self.adjustSize()

    def _remark(self) -> None:
        """Say what deserves a word about these files."""
        level, found = self._level.currentData(), self.files.found
        words = []
        if self._renamed:
            one = tr("A file of that name exists; the new one gets a number.")
            many = tr("{count} files exist; the new ones get numbers.", count=self._renamed)
            words.append(one if self._renamed == 1 else many)
        if level == export.KEEP:
            over = found is not None and any(each.peak_db > 0.0 for each in found)
            words.append(
                tr("Some peaks are over full scale and may clip; a level below cures that.")
                if over
                else tr("Rate and length stay as they are; loudness is not touched.")
            )
        elif found:
            words.append(self._level_words(level, found))
        self._note.setText(" ".join(filter(None, words)))

    def _level_words(self, level: str, found: list[Loudness]) -> str:
        gains = export.gains(level, found)
        if level == export.COMMON:
            if gains[0] == 0.0:
                return tr("Nothing would clip, so the level stays as it is.")
            return tr("All files are lowered by {gain:.1f} dB.", gain=-gains[0])
        words = []
        if any(
            isfinite(each.lufs) and each.lufs + gain < float(level) - NEAR
            for each, gain in zip(found, gains, strict=True)
        ):
            words.append(tr("Where peaks forbid it, a file stays below the target."))
        if len(found) > 1:
            words.append(tr("Stems brought to a target no longer add up to their song."))
        return " ".join(words)

    def _choose_folder(self, index: int) -> None:
        if self._where.itemData(index) is None:
            start = self._settings.export_folder or str(Path.home())
            folder = QFileDialog.getExistingDirectory(self, tr("Folder for the files"), start)
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
        settings.export_template, settings.export_level = wish.template, wish.level
        self._studio.export(wish, dict(self.files.known))
        self.close()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.files.forget()
