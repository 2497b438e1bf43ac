"""The files of an export, before they are written: how loud each is, and the tags it will carry."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from app import export, theme
from app.jobs import JobCenter
from app.words import tr
from engine.events import Ended, Event, Progress, State
from engine.jobs import Job
from engine.loudness import FULL_SCALE_TP, Loudness, gain_to
from engine.tags import Tags

FILE, LOUDNESS, PEAK, TITLE, ARTIST, COVER = range(6)
FIELDS = {TITLE: "title", ARTIST: "artist"}
WIDTHS = {LOUDNESS: 148, PEAK: 84, TITLE: 160, ARTIST: 112, COVER: 48}  # px
ROW, MOST_ROWS = 28, 6  # px; rows in view


class FilesTable(QTableWidget):
    """One row per file. Loudness is measured by jobs and appears as it comes."""

    measured = Signal()

    def __init__(self, jobs: JobCenter) -> None:
        super().__init__(0, 6)
        self._jobs = jobs
        self._wish: export.Export | None = None
        self._items: list[export.Item] = []
        self._measuring: dict[object, Job] = {}
        self._far: dict[object, float] = {}  # share of a file that is measured
        self._tags: dict[tuple[object, ...], list[Tags]] = {}
        self._asked: tuple[object, ...] = ()
        self.known: dict[object, Loudness] = {}  # by `export.sound_of`
        self.edits: dict[int, dict[str, str]] = {}  # by track id: tags that a person changed
        self.setHorizontalHeaderLabels(
            [tr("File"), tr("Loudness"), tr("True peak"), tr("Title"), tr("Artist"), tr("Cover")]
        )
        self.setAccessibleName(tr("Files that will be written"))
        self.setToolTip(
            tr(
                "The files as they will be written. Titles and artists can be changed: press F2 "
                "or double-click."
            )
        )
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)  # Tab leaves the table, arrows move in it
        self.setShowGrid(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW)
        head = self.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setSectionResizeMode(FILE, QHeaderView.ResizeMode.Stretch)
        head.setHighlightSections(False)
        head.setStyleSheet("QHeaderView::section { padding: 4px 3px; }")  # over the rows' text
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column, width in WIDTHS.items():
            self.setColumnWidth(column, width)
        self.cellChanged.connect(self._edited)

    # What is shown

    def show_files(self, wish: export.Export, items: Sequence[export.Item]) -> None:
        """Show what a wish will write, and measure what is not measured yet."""
        self._wish, self._items = wish, list(items)
        wanted = {export.sound_of(wish, item): item for item in items}
        for sound in set(self._measuring) - set(wanted):
            self._jobs.cancel(self._measuring.pop(sound))
        for sound, item in wanted.items():
            if sound not in self.known and sound not in self._measuring:
                self._measure(wish, item, sound)
        self._look_up(wish, items)
        self._draw()

    def forget(self) -> None:
        """End measuring; what is known stays only for the files that are shown."""
        measuring, self._measuring = self._measuring, {}
        for job in measuring.values():
            self._jobs.cancel(job)
        self._far.clear()
        self._asked = ()
        here = {export.sound_of(self._wish, i) for i in self._items} if self._wish else set()
        self.known = {sound: found for sound, found in self.known.items() if sound in here}

    @property
    def names(self) -> list[str]:
        """The files' names from top to bottom."""
        return [item.path.name for item in self._items]

    @property
    def found(self) -> list[Loudness] | None:
        """How loud every file is; None until all are measured."""
        if self._wish is None:
            return None
        sounds = [export.sound_of(self._wish, item) for item in self._items]
        return [self.known[s] for s in sounds] if all(s in self.known for s in sounds) else None

    def _measure(self, wish: export.Export, item: export.Item, sound: object) -> None:
        def on_event(event: Event) -> None:
            if self._measuring.get(sound) is not job:
                return  # forgotten: the dialog is on its way out and must not be drawn
            match event:
                case Progress(done):
                    self._far[sound] = done
                    self._draw()
                case Ended(state, result=result):
                    self._measuring.pop(sound, None)
                    self._far.pop(sound, None)
                    if state is State.DONE:
                        self.known[sound] = result
                    self._draw()
                    self.measured.emit()

        job = self._measuring[sound] = self._jobs.submit(
            "Measure loudness",
            lambda: export.measure(wish, item),
            on_event=on_event,
            listed=False,
            background=True,
        )

    def _look_up(self, wish: export.Export, items: Sequence[export.Item]) -> None:
        asked = tuple((item.id, export.sound_of(wish, item)) for item in items)
        if asked == self._asked:
            return
        self._asked = asked
        self._tags = {}

        def on_event(event: Event) -> None:
            match event:
                case Ended(State.DONE, result=tags) if asked == self._asked:
                    self._tags = {asked: tags}
                    self._draw()

        self._jobs.submit(
            "Read tags", lambda: export.tags_of(wish, items), on_event=on_event, listed=False
        )

    def _draw(self) -> None:
        wish = self._wish
        if wish is None or self.state() == QAbstractItemView.State.EditingState:
            return
        self.blockSignals(True)
        self.setRowCount(len(self._items))
        tokens = theme.of(self)
        tags = self._tags.get(self._asked)
        found = self.found
        levels = export.gains(wish.level, found) if found is not None else None
        for row, item in enumerate(self._items):
            self._put(row, FILE, item.path.name).setToolTip(str(item.path))
            sound = export.sound_of(wish, item)
            here = self.known.get(sound)
            gain = self._gain(here, levels, row)
            self._put(row, LOUDNESS, loudness_text(here, self._far.get(sound, 0.0), gain))
            cell = self._put(row, PEAK, peak_text(here, gain))
            over = here is not None and here.louder(gain).peak_db > 0.0
            cell.setForeground(QColor(tokens.danger if over else tokens.text))
            cell.setToolTip(_peak_words(over))
            kept = tags[row] if tags is not None else None
            for column, name in FIELDS.items():
                own = kept.text.get(name, ("",))[0] if kept is not None else ""
                self._put(row, column, self.edits.get(item.id, {}).get(name, own), edit=True)
            has_cover = kept is not None and kept.cover is not None
            self._put(row, COVER, tr("yes") if has_cover else "–")
        self.setFixedHeight(
            self.horizontalHeader().sizeHint().height()
            + ROW * min(max(len(self._items), 1), MOST_ROWS)
            + 2
        )
        self.blockSignals(False)

    def _gain(self, here: Loudness | None, levels: list[float] | None, row: int) -> float:
        """What will be done to a file's level, as far as that is known."""
        if levels is not None:
            return levels[row]
        level = self._wish.level if self._wish is not None else export.KEEP
        if here is None or level in (export.KEEP, export.COMMON):
            return 0.0
        return gain_to(float(level), here)

    def _put(self, row: int, column: int, text: str, edit: bool = False) -> QTableWidgetItem:
        cell = self.item(row, column)
        if cell is None:
            cell = QTableWidgetItem()
            self.setItem(row, column, cell)
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        cell.setFlags(flags | Qt.ItemFlag.ItemIsEditable if edit else flags)
        if cell.text() != text:
            cell.setText(text)
        return cell

    def _edited(self, row: int, column: int) -> None:
        cell, name = self.item(row, column), FIELDS.get(column)
        if name is not None and cell is not None and row < len(self._items):
            self.edits.setdefault(self._items[row].id, {})[name] = cell.text().strip()

    def event(self, event: QEvent) -> bool:
        # F2 opens a cell here before it becomes the window's list of keys.
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_F2
        ):
            event.accept()
            return True
        return super().event(event)


def loudness_text(here: Loudness | None, far: float, gain_db: float = 0.0) -> str:
    """`−14.2 LUFS`, or what it becomes, or how far the measuring is."""
    if here is None:
        return tr("measuring, {share:.0f} %", share=100 * far)
    if not math.isfinite(here.lufs):
        return tr("silent")
    if abs(gain_db) < 0.05:
        return f"{_figure(here.lufs)} LUFS"
    return f"{_figure(here.lufs)} → {_figure(here.lufs + gain_db)} LUFS"


def peak_text(here: Loudness | None, gain_db: float = 0.0) -> str:
    """`−0.3 dBTP`, as it will be written."""
    if here is None or not math.isfinite(here.peak_db):
        return "" if here is None else "−∞"
    return f"{_figure(here.peak_db + gain_db)} dBTP"


def _figure(level: float) -> str:
    return f"{level:.1f}".replace("-", "−")


def _peak_words(over: bool) -> str:
    if over:
        return tr("Between its samples the sound goes over full scale: players may clip it.")
    return tr("The highest level between the samples; {top:g} dBTP is safe.", top=FULL_SCALE_TP)
