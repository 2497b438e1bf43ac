"""The lanes, one below the other, under one ruler."""

from __future__ import annotations

from collections.abc import Generator, Iterator

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QScrollBar,
    QVBoxLayout,
    QWidget,
)

from app import theme
from app.commands import Actions
from app.dragging import TakeOut
from app.jobs import JobCenter
from app.notation import Notation
from app.selecting import Selection
from app.session import Session
from app.studio import Studio, Trouble
from app.transcribing import Transcribing
from app.turns import Turns
from app.views.canvas import LaneCanvas
from app.views.colorbar import ColorBar
from app.views.controls import Chooser, Elided, Hairline, IconButton, TextButton, heading
from app.views.display import COLOUR_MAPS, N_FFTS, SCALES, Display
from app.views.header import WIDTH, TrackHeader
from app.views.lane_meter import TrackLevels
from app.views.ruler import Ruler
from app.views.selection import ToolRow
from app.views.time_axis import TimeAxis
from app.words import marked, tr

LEAST, MOST = 72, 640  # px; height of a lane
COMFORT = 136  # px; a lane of its own choosing is not lower
GRIP = 5
SIGN = 18  # px; of a message
STEPS = 10_000  # of the time scroll bar

SCALE_NAMES = {"log": marked("Log"), "mel": marked("Mel"), "linear": marked("Linear")}
MAP_NAMES = {"magma": marked("Magma"), "grey": marked("Grey"), "inverse": marked("Inverse grey")}


class Strip(QWidget):
    """A message where something went wrong: what happened, what to do, copy, close."""

    closed = Signal()

    def __init__(self, trouble: Trouble) -> None:
        super().__init__()
        self.trouble = trouble
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Elided(trouble.message))
        if trouble.hint:
            words.addWidget(Elided(trouble.hint, "small"))
        row = QHBoxLayout(self)
        row.setContentsMargins(16 + SIGN + 8, 6, 8, 6)  # the sign is painted before the words
        row.setSpacing(8)
        row.addLayout(words, 1)
        if trouble.details:
            copy = TextButton(tr("Copy details"), "copy", "quiet")
            copy.setToolTip(tr("Copy details\nWhat a report needs"))
            copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(trouble.details))
            row.addWidget(copy)
        close = IconButton("x", tr("Close this message"), size=24, role="dim")
        close.clicked.connect(self.closed)
        row.addWidget(close)
        self.setAccessibleName(
            tr("Problem: {message} {hint}", message=trouble.message, hint=trouble.hint)
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.of(self)
        painter = QPainter(self)
        painter.fillRect(self.rect(), tokens.raised)
        painter.fillRect(0, 0, 3, self.height(), tokens.danger)
        sign = theme.icon("triangle-alert", tokens.danger)
        image = sign.pixmap(QSize(SIGN, SIGN), self.devicePixelRatioF())
        painter.drawPixmap(16, (self.height() - SIGN) // 2, image)


class _Grip(QWidget):
    """The lower edge of a lane: drag it to make the lane taller."""

    moved = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(GRIP)
        self.setCursor(Qt.CursorShape.SizeVerCursor)
        self._from = QPoint()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._from = event.globalPosition().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        here = event.globalPosition().toPoint()
        self.moved.emit(here.y() - self._from.y())
        self._from = here

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.of(self)
        painter = QPainter(self)
        painter.fillRect(self.rect(), tokens.panel)
        lit = tokens.accent if self.underMouse() else tokens.line
        painter.fillRect(0, GRIP // 2, self.width(), 1, lit)


class LaneRow(QWidget):
    """Header, canvas, lower edge."""

    header: TrackHeader

    def __init__(self, canvas: LaneCanvas) -> None:
        super().__init__()
        self.canvas = canvas
        self.own_height = 0  # chosen by a person; 0: share what there is
        self.strip: Strip | None = None
        self.grip = _Grip()
        self._middle = QHBoxLayout()
        self._middle.setContentsMargins(0, 0, 0, 0)
        self._middle.setSpacing(0)
        self._middle.addWidget(canvas, 1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addLayout(self._middle, 1)
        self._column.addWidget(self.grip)

    def complete(self, header: TrackHeader) -> None:
        """Put the header before the canvas."""
        self.header = header
        self._middle.insertWidget(0, header)

    def tell(self, trouble: Trouble) -> None:
        """Show a message at this lane."""
        self.quiet()
        self.strip = Strip(trouble)
        self.strip.closed.connect(self.quiet)
        self._column.insertWidget(0, self.strip)

    def quiet(self) -> None:
        """Take the message away."""
        if self.strip is not None:
            self.strip.deleteLater()
            self.strip = None


class _Lanes(QScrollArea):
    resized = Signal()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()


class Timeline(QWidget):
    """Ruler, lanes, time scroll bar and the choices of how sound is pictured."""

    arranged = Signal()  # a lane is shown that was not

    def __init__(
        self,
        session: Session,
        studio: Studio,
        jobs: JobCenter,
        axis: TimeAxis,
        display: Display,
        actions: Actions,
        selection: Selection,
        takeout: TakeOut,
        transcribing: Transcribing,
        notation: Notation,
        turns: Turns,
    ) -> None:
        super().__init__()
        self._turns, self._making = turns, False
        self._takeout, self._levels = takeout, TrackLevels(studio.player)
        self._transcribing, self._notation = transcribing, notation
        self._session, self._studio, self._jobs = session, studio, jobs
        self._axis, self._display, self._actions = axis, display, actions
        self._selection = selection
        self._rows: dict[int, LaneRow] = {}
        self._order: list[int] = []
        self._kept_heights: dict[str, int] = {}  # px, by role; of an earlier start

        corner = QWidget()
        corner.setFixedWidth(WIDTH)
        corner_row = QHBoxLayout(corner)
        corner_row.setContentsMargins(16, 0, 8, 0)
        corner_row.addWidget(heading(tr("TRACKS")))
        corner_row.addStretch(1)
        self._top = QHBoxLayout()
        self._top.setContentsMargins(0, 0, 0, 0)
        self._top.setSpacing(0)
        self._top.addWidget(corner)
        self._top.addWidget(Ruler(axis), 1)

        inside = QWidget()
        self._stack = QVBoxLayout(inside)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.setSpacing(0)
        self._stack.addStretch(1)
        self._scroll = _Lanes()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(inside)
        self._scroll.resized.connect(self._fit)

        self._time = QScrollBar(Qt.Orientation.Horizontal)
        self._time.setAccessibleName(tr("Part of the song in view"))
        self._time.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._time.valueChanged.connect(self._scrolled)
        axis.range_changed.connect(self._show_range)

        self._strips = QVBoxLayout()
        self._strips.setSpacing(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._strips)
        sound = QVBoxLayout()
        sound.setSpacing(0)
        sound.addLayout(self._top)
        sound.addWidget(Hairline())
        sound.addWidget(self._scroll, 1)
        bar = QHBoxLayout()
        bar.setContentsMargins(WIDTH, 0, 0, 0)
        bar.addWidget(self._time)
        sound.addLayout(bar)
        beside = QHBoxLayout()
        beside.setSpacing(0)
        beside.addLayout(sound, 1)
        beside.addWidget(Hairline(vertical=True))
        beside.addWidget(ColorBar(display))
        column.addLayout(beside, 1)
        column.addWidget(Hairline())
        column.addWidget(self._view_bar())

        session.lanes_changed.connect(self._arrange)
        session.selection_changed.connect(self._select)
        session.filled.connect(self._filled)
        jobs.changed.connect(self._soon)
        self._stale = QTimer(self)
        self._stale.setSingleShot(True)
        self._stale.setInterval(100)
        self._stale.timeout.connect(self._refresh_headers)
        self._arrange()
        self._show_range()

    def _view_bar(self) -> QWidget:
        display = self._display
        self._scale = Chooser(tr("Pitch axis"), tr("How frequencies are spread"))
        for scale in SCALES:
            self._scale.addItem(tr(SCALE_NAMES[scale]), scale)
        self._scale.activated.connect(lambda i: display.set_analysis(scale=self._scale.itemData(i)))
        self._window = Chooser(tr("Window"), tr("Long windows show pitch finely, short ones time"))
        for n_fft in N_FFTS:
            self._window.addItem(f"{n_fft}", n_fft)
        self._window.activated.connect(
            lambda i: display.set_analysis(n_fft=self._window.itemData(i))
        )
        self._colours = Chooser(tr("Colours"), tr("Of the spectrogram"))
        for name in COLOUR_MAPS:
            self._colours.addItem(tr(MAP_NAMES[name]), name)
        self._colours.activated.connect(lambda i: display.set_colour_map(self._colours.itemData(i)))
        display.analysis_changed.connect(self._show_display)
        display.colours_changed.connect(self._show_display)
        bar = QWidget()
        row = QHBoxLayout(bar)
        row.setContentsMargins(16, 4, 12, 4)
        row.setSpacing(6)
        for id, icon in (("zoom_out", "zoom-out"), ("zoom_in", "zoom-in"), ("fit", "scan")):
            action = self._actions[id]
            row.addWidget(IconButton(icon, action.text(), action))
        row.addSpacing(12)
        row.addWidget(ToolRow(self._actions))
        row.addStretch(1)
        for text, chooser in (
            (tr("Axis"), self._scale),
            (tr("Window"), self._window),
            (tr("Colours"), self._colours),
        ):
            label = QLabel(text)
            label.setProperty("kind", "small")
            label.setBuddy(chooser)
            row.addWidget(label)
            row.addWidget(chooser)
            row.addSpacing(8)
        self._show_display()
        return bar

    def _show_display(self) -> None:
        for chooser, value in (
            (self._scale, self._display.scale),
            (self._window, self._display.n_fft),
            (self._colours, self._display.colour_map),
        ):
            chooser.setCurrentIndex(chooser.findData(value))

    # What commands do here

    def next_scale(self) -> None:
        """Log, mel, linear, and round again."""
        self._display.set_analysis(scale=_next(SCALES, self._display.scale))

    def next_colours(self) -> None:
        """Magma, grey, inverse grey, and round again."""
        self._display.set_colour_map(_next(tuple(COLOUR_MAPS), self._display.colour_map))

    def grow(self, pixels: int) -> None:
        """Make the selected lane taller or lower."""
        row = self._rows.get(self._session.selected)
        if row is not None:
            self._grow(row, pixels)

    def even(self) -> None:
        """Let all lanes share the room again."""
        for row in self._rows.values():
            row.own_height = 0
        self._fit()

    def heights(self) -> str:
        """The heights that were given to lanes, by role, for the settings."""
        for row in self._rows.values():
            self._kept_heights[row.header.role] = row.own_height
        return " ".join(f"{role}:{pixels}" for role, pixels in self._kept_heights.items() if pixels)

    def set_heights(self, kept: str) -> None:
        """Give lanes that come from now on the heights of an earlier start."""
        pairs = (word.split(":") for word in kept.split() if word.count(":") == 1)
        self._kept_heights = {
            role: min(max(int(pixels), LEAST), MOST) for role, pixels in pairs if pixels.isdigit()
        }

    def tell(self, trouble: Trouble) -> None:
        """Show what went wrong, at its lane or at the top."""
        row = self._rows.get(trouble.track)
        if row is not None:
            row.tell(trouble)
            return
        strip = Strip(trouble)
        strip.closed.connect(strip.deleteLater)
        self._strips.addWidget(strip)
        while self._strips.count() > 3:
            oldest = self._strips.takeAt(0)
            if oldest is not None and (widget := oldest.widget()) is not None:
                widget.deleteLater()

    def canvas(self, id: int) -> LaneCanvas | None:
        """The picture of a lane."""
        row = self._rows.get(id)
        return row.canvas if row is not None else None

    # Keeping in step

    def _arrange(self) -> None:
        order = [lane.track.id for lane in self._session.lanes]
        for id in [id for id in self._rows if id not in order]:
            self._rows.pop(id).deleteLater()
        self._place(order)
        if not self._making and any(id not in self._rows for id in order):
            self._making = True
            self._turns.add(self._rows_made())
        self._refresh_headers()

    def _place(self, order: list[int]) -> None:
        """Show the lanes that are there in this order."""
        order = [id for id in order if id in self._rows]
        if order == self._order:
            return
        self._order = order
        for place, id in enumerate(order):
            row, item = self._rows[id], self._stack.itemAt(place)
            if item is None or item.widget() is not row:
                self._stack.insertWidget(place, row)
        self._fit()

    def _rows_made(self) -> Iterator[None]:
        """Make the lanes that are missing, a part at each step: whole, they would be felt."""
        while missing := [lane for lane in self._session.lanes if lane.track.id not in self._rows]:
            id = missing[0].track.id
            row = yield from self.row_made(id)
            yield
            order = [lane.track.id for lane in self._session.lanes]
            if id not in order:  # it went meanwhile
                row.deleteLater()
                continue
            self._rows[id] = row
            row.header.refresh()
            row.own_height = self._kept_heights.get(row.header.role, 0)
            self._place(order)
            self.arranged.emit()
            yield
            if id == self._session.selected and id in self._rows:
                self._scroll.ensureWidgetVisible(row, 0, 0)
        self._making = False

    def row_made(self, id: int) -> Generator[None, None, LaneRow]:
        """Make the row of a track, a part at each step; it is not shown yet."""
        canvas = LaneCanvas(
            self._session, self._axis, self._jobs, id, self._display, self._selection,
            self._notation, self._actions,
        )  # fmt: skip
        row = LaneRow(canvas)
        row.grip.moved.connect(lambda pixels: self._grow(row, pixels))
        yield
        header = TrackHeader(
            self._session, self._studio, self._actions, id, self._takeout, self._levels,
            self._transcribing,
        )  # fmt: skip
        yield
        row.complete(header)
        return row

    def _grow(self, row: LaneRow, pixels: int) -> None:
        row.own_height = min(max((row.own_height or row.height()) + pixels, LEAST), MOST)
        self._fit()

    def _fit(self) -> None:
        """Share the room between lanes nobody gave a height."""
        rows = [self._rows[id] for id in self._order]
        free = [row for row in rows if not row.own_height]
        room = self._scroll.viewport().height() - sum(row.own_height for row in rows)
        each = min(max(room // max(len(free), 1), COMFORT), MOST)
        for row in rows:
            row.setFixedHeight(row.own_height or each)
        bar = self._scroll.verticalScrollBar()
        needed = sum(row.own_height or each for row in rows) > self._scroll.viewport().height()
        self._top.setContentsMargins(0, 0, bar.sizeHint().width() if needed else 0, 0)

    def _filled(self, id: int, start: int, stop: int) -> None:
        self._soon()

    def _soon(self, *_: object) -> None:
        if not self._stale.isActive():
            self._stale.start()

    def _refresh_headers(self) -> None:
        for row in self._rows.values():
            row.header.refresh()

    def _select(self, id: int) -> None:
        for key, row in self._rows.items():
            row.header.set_selected(key == id)
        row = self._rows.get(id)
        if row is not None:
            self._scroll.ensureWidgetVisible(row, 0, 0)

    def _show_range(self) -> None:
        axis = self._axis
        share = axis.span / axis.extent
        self._time.blockSignals(True)
        self._time.setRange(0, round(STEPS * (1 - share)))
        self._time.setPageStep(max(round(STEPS * share), 1))
        self._time.setSingleStep(max(round(STEPS * share / 20), 1))
        self._time.setValue(round(STEPS * axis.start / axis.extent))
        self._time.blockSignals(False)

    def _scrolled(self, step: int) -> None:
        start = step / STEPS * self._axis.extent
        self._axis.set_range(start, start + self._axis.span)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()


def _next(values: tuple[str, ...], value: str) -> str:
    return values[(values.index(value) + 1) % len(values)]
