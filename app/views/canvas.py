"""A lane of the timeline: one track's waveform strip over its spectrogram."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, QTimer
from PySide6.QtGui import (
    QAction,
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app import theme
from app.command import ON_NOTES
from app.selecting import MARKERS, Selection
from app.views.display import Display
from app.views.frequency_axis import AxisLabels
from app.views.gestures import ZOOM, pinch_time, steps, wheel_time
from app.views.lane_picture import LanePicture
from app.views.marks import Mark, draw_brush, draw_span, draw_stroke
from app.views.melody_view import MelodyView, lane_help
from app.views.plane import Plane
from app.views.spectrogram import Mosaic
from app.views.time_axis import Cursor, TimeAxis
from app.views.tools import ARROWS, Hand, arrow_moves
from app.views.veils import draw_loop, draw_silences, draw_unmade
from app.words import tr
from engine.spectrogram import note_of, to_hz

if TYPE_CHECKING:
    from app.commands import Actions
    from app.jobs import JobCenter
    from app.notation import Notation
    from app.session import Lane, Session

GROWTH_MS = 80  # a lane being made is drawn again at most this often
STRIP_FROM = 96  # pixels of lane height below which the waveform gives way


class LaneCanvas(QWidget):
    """Shows one track; click to seek, wheel and drag to move about in time and frequency."""

    def __init__(
        self,
        session: Session,
        axis: TimeAxis,
        jobs: JobCenter,
        track_id: int,
        display: Display,
        selection: Selection | None = None,
        notation: Notation | None = None,
        keys: Actions | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.track_id = track_id
        self._selection = selection or Selection(self)
        self._hand, self._mark = Hand(self._selection, track_id), Mark()
        self._session, self._axis, self._display = session, axis, display
        self._lane: Lane | None = None
        self._picture = LanePicture(jobs, axis, display, self._tiles_came, self._wave_came)
        self._melody: MelodyView | None = None
        self._keys = keys
        if notation is not None:
            self._melody = MelodyView(
                self, session, notation, self._selection, display, axis, track_id, self._plane
            )
        self._labels = AxisLabels()
        self._pointer: QPointF | None = None
        self._grip: QPointF | None = None  # where the middle button holds the picture
        self._line = self._x(axis.playhead)
        self._hair: float | None = None  # seconds
        self._grown: tuple[int, int] | None = None
        self._growth = QTimer(self, interval=GROWTH_MS, singleShot=True)
        self._growth.timeout.connect(self._grow)

        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(40)

        axis.range_changed.connect(self._moved)
        axis.playhead_changed.connect(self._playhead_moved)
        axis.loop_changed.connect(self.update)
        axis.cursor_changed.connect(self._cursor_moved)
        display.analysis_changed.connect(self.update)
        display.view_changed.connect(self.update)
        display.colours_changed.connect(self.update)
        self._selection.changed.connect(self.update)
        self._selection.tool_changed.connect(self._tool_changed)
        session.lanes_changed.connect(self._refresh)
        session.filled.connect(self._filled)
        self.destroyed.connect(self._picture.stop)
        self._refresh()
        self._tool_changed()

    def sizeHint(self) -> QSize:
        return QSize(640, 220)

    @property
    def mosaic(self) -> Mosaic | None:
        """The tiles that were drawn last."""
        return self._picture.mosaic

    @property
    def melody(self) -> MelodyView | None:
        """Its notes, and the hand that writes them."""
        return self._melody

    # what is shown

    def _refresh(self) -> None:
        before = self._lane
        self._lane = lane = self._session.lane(self.track_id)
        if lane is None:
            self._picture.show(None)
            self.update()
            return
        clip = lane.track.clip
        if before is None or before.track.clip is not clip:
            self._picture.show(clip)
        if before is None or before.track.name != lane.track.name:
            self.setAccessibleName(tr("{name}, waveform and spectrogram", name=lane.track.name))
            if self._melody is None or not self._melody.chosen:
                self.setAccessibleDescription(lane_help())
        if before is not None and before.filled is not None and lane.filled is None:
            self._picture.forget()
        self.update()

    def _filled(self, track_id: int, start: int, stop: int) -> None:
        if track_id != self.track_id:
            return
        a, b = self._grown or (start, stop)
        self._grown = (min(a, start), max(b, stop))
        if not self._growth.isActive():
            self._growth.start()

    def _grow(self) -> None:
        self._lane = self._session.lane(self.track_id)
        if self._grown is not None:
            self._picture.spoil(*self._grown)
            self._grown = None
        self.update()

    def _tiles_came(self) -> None:
        self.update(self._spectrum_area().toAlignedRect())
        if self._lane is not None and self._lane.track.clip.preview is not None:
            self._picture.forget_wave()  # what was looked at for the tile shows the waveform too
            self._wave_came()

    def _wave_came(self) -> None:
        self.update(self._strip_area().toAlignedRect())

    # geometry

    def _strip_area(self) -> QRectF:
        height = 0 if self.height() < STRIP_FROM else min(max(self.height() // 4, 30), 96)
        return QRectF(0, 0, self.width(), height)

    def _spectrum_area(self) -> QRectF:
        top = self._strip_area().height()
        top += 1 if top else 0
        return QRectF(0, top, self.width(), max(self.height() - top, 1))

    def _plane(self) -> Plane:
        axis, display = self._axis, self._display
        view = (display.settings, display.low, display.high)
        return Plane(self._spectrum_area(), axis.start, axis.stop, *view)

    @property
    def spectrum_area(self) -> QRectF:
        """Where the spectrogram lies in the widget."""
        return self._spectrum_area()

    def _x(self, seconds: float) -> float:
        return (seconds - self._axis.start) / self._axis.span * self.width()

    def _seconds(self, x: float) -> float:
        return self._axis.start + x / max(self.width(), 1) * self._axis.span

    def _unit(self, y: float) -> float:
        area = self._spectrum_area()
        part = 1 - (y - area.top()) / area.height()
        return self._display.low + part * (self._display.high - self._display.low)

    # lines that move

    def _moved(self) -> None:
        self._line = self._x(self._axis.playhead)
        self.update()

    def _playhead_moved(self) -> None:
        self._update_line(self._line)
        self._line = self._x(self._axis.playhead)
        self._update_line(self._line)

    def _cursor_moved(self, cursor: Cursor | None) -> None:
        for seconds in (self._hair, None if cursor is None else cursor.seconds):
            if seconds is not None:
                self._update_line(self._x(seconds))
        self._hair = None if cursor is None else cursor.seconds

    def _update_line(self, x: float) -> None:
        if -4 < x < self.width() + 4:
            self.update(int(x) - 3, 0, 7, self.height())

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.of(self)
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(tokens.canvas))
        lane = self._lane
        if lane is None:
            return
        strip, spectrum = self._strip_area(), self._spectrum_area()
        if strip.height():
            end = self._x(lane.track.clip.seconds)
            self._picture.draw_strip(painter, strip, lane, end, tokens)
            painter.fillRect(QRectF(0, strip.bottom(), self.width(), 1), QColor(tokens.line))
        self._picture.draw_spectrum(painter, spectrum, lane, self._focus())
        size = QSizeF(self.size())
        if lane.track.voicing is None or lane.track.voicing.text:  # a melody shows its phrases
            draw_unmade(painter, size, lane, self._x, tokens)
        draw_silences(painter, size, lane.track, self._x, tokens)
        if self._melody is not None:
            self._melody.draw(painter, self._plane(), lane.track.role)
        if self._axis.loop is not None:
            left, right = (self._x(edge) for edge in self._axis.loop)
            draw_loop(painter, size, left, right, tokens)
        self._draw_selection(painter, size)
        self._labels.draw(painter, spectrum, self._plane(), self.font())
        if self._hair is not None:
            area = QRectF(round(self._x(self._hair)), 0, 1, self.height())
            painter.fillRect(area, QColor(255, 255, 255, 90))
        if self._pointer is not None and spectrum.contains(self._pointer):
            y = round(self._pointer.y())
            painter.fillRect(QRectF(0, y, self.width(), 1), QColor(255, 255, 255, 50))
        x = round(self._line)
        painter.fillRect(QRectF(x - 1, 0, 3, self.height()), QColor(0, 0, 0, 120))
        painter.fillRect(QRectF(x, 0, 1, self.height()), QColor(255, 255, 255))
        if self.hasFocus():
            painter.fillRect(QRectF(0, 0, 2, self.height()), QColor(tokens.accent))

    def _draw_selection(self, painter: QPainter, size: QSizeF) -> None:
        selection, plane = self._selection, self._plane()
        region = selection.region
        if region is not None and selection.track == self.track_id:
            self._mark.draw(painter, plane, region, handles=selection.tool == "box")
        elif region is not None:
            start, stop = region.span
            draw_span(painter, size, self._x(start), self._x(stop))
        draw_stroke(painter, plane, self._hand.stroke)
        if selection.tool == "brush" and self._pointer is not None:
            draw_brush(painter, plane, self._pointer, selection)

    def _focus(self) -> float:
        """The moment that should be sharp first: the pointer's, the playhead's or the middle."""
        axis = self._axis
        if self._pointer is not None:
            return self._seconds(self._pointer.x())
        if axis.start <= axis.playhead <= axis.stop:
            return axis.playhead
        return (axis.start + axis.stop) / 2

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._line = self._x(self._axis.playhead)
        super().resizeEvent(event)

    # hands

    def _tool_changed(self) -> None:
        self._shape_cursor(self._pointer)
        self.update()

    def _shape_cursor(self, at: QPointF | None) -> None:
        if self._melody is not None and self._melody.in_hand:
            self.setCursor(self._melody.cursor(at))
        else:
            self.setCursor(self._hand.cursor(at, self._plane()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._session.select(self.track_id)
            if self._melody is not None and self._melody.in_hand:
                pressed = self._melody.press(event.position(), event.modifiers())
            else:
                pressed = self._hand.press(event.position(), self._plane(), event.modifiers())
            if not pressed:
                self._axis.seek(self._seconds(event.position().x()))
        elif event.button() is Qt.MouseButton.MiddleButton:
            self._grip = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        else:
            super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        left = event.button() is Qt.MouseButton.LeftButton
        if not (left and self._melody is not None and self._melody.double_click(event.position())):
            super().mouseDoubleClickEvent(event)

    @property
    def _writing(self) -> bool:
        return self._melody is not None and self._melody.hand.dragging

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.MiddleButton:
            self._grip = None
        elif event.button() is Qt.MouseButton.LeftButton and self._writing:
            if not self._melody.release():
                self._axis.seek(self._seconds(event.position().x()))
        elif event.button() is Qt.MouseButton.LeftButton and self._hand.dragging:
            if not self._hand.release():
                self._axis.seek(self._seconds(event.position().x()))
        else:
            super().mouseReleaseEvent(event)
        self._tool_changed()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None:
            moved = event.position() - self._grip
            self._grip = event.position()
            self._axis.scroll_by(-moved.x() / max(self.width(), 1) * self._axis.span)
            view = self._display.high - self._display.low
            self._display.scroll_frequency(moved.y() / self._spectrum_area().height() * view)
        elif self._lane is not None:
            limit = self._lane.track.clip.seconds
            if self._writing:
                self._melody.move(event.position(), limit, event.modifiers())
                self.update()
            elif self._hand.move(event.position(), self._plane(), limit):
                self.update()
            self._shape_cursor(event.position())
        self._point(event.position())

    def leaveEvent(self, event: QEvent) -> None:
        self._point(None)
        super().leaveEvent(event)

    def _point(self, at: QPointF | None) -> None:
        for point in (self._pointer, at):
            if point is not None:
                self.update(0, int(point.y()) - 2, self.width(), 5)
        if self._selection.tool == "brush" and at != self._pointer:
            self.update()
        self._pointer = at
        self._axis.cursor_changed.emit(None if at is None else self.cursor_at(at))

    def cursor_at(self, at: QPointF) -> Cursor:
        """What lies at a point of the widget."""
        seconds = self._seconds(at.x())
        if self._lane is None or not self._spectrum_area().contains(at):
            return Cursor(seconds)
        hz = to_hz(self._unit(at.y()), self._display.settings)
        note, cents = note_of(hz) if hz > 8 else ("", 0.0)
        level = self._picture.level(self._lane.track.clip, seconds, self._unit(at.y()))
        return Cursor(seconds, hz, note, cents, level)

    def wheelEvent(self, event: QWheelEvent) -> None:
        at = event.position()
        right, up = steps(event)
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                view = self._display.high - self._display.low
                self._display.scroll_frequency(0.1 * (up or right) * view)
            else:
                self._display.zoom_frequency(self._unit(at.y()), ZOOM ** (up or right))
            event.accept()
        elif wheel_time(event, self._axis, self._seconds(at.x()), self.width()):
            event.accept()
        else:
            event.ignore()  # the lanes scroll
            return
        self._point(at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if (action := self._note_action(event)) is not None:
            self._session.select(self.track_id)
            self._melody.run(action, event.isAutoRepeat())
            return
        if self._spares_lane(event):
            return
        if not self._moves_selection(event):
            super().keyPressEvent(event)
            return
        assert self._lane is not None
        arrow_moves(self._selection, event, self._plane(), self._lane.track.clip.seconds)

    def _note_action(self, event: QKeyEvent) -> QAction | None:
        """What a key does to notes, while some are selected here or a tool for them is in hand."""
        if self._melody is None or self._keys is None or not self._melody.listens:
            return None
        return self._keys.scoped(ON_NOTES, event)

    def _spares_lane(self, event: QKeyEvent) -> bool:
        """Whether this is Del meant for notes, of which none is left: it must not take the lane."""
        writing = self._melody is not None and self._melody.in_hand
        return writing and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)

    def _moves_selection(self, event: QKeyEvent) -> bool:
        """Whether an arrow key is for what is marked here: with the tools that mark, it is."""
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        return (
            event.key() in ARROWS
            and held in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
            and self._selection.tool in MARKERS
            and self._hand.region() is not None
            and self._lane is not None
        )

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            tip = self._melody.tip(event.pos().toPointF()) if self._melody is not None else ""
            QToolTip.showText(event.globalPos(), tip, self)
            return True
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and (
                self._note_action(event) is not None
                or self._spares_lane(event)
                or self._moves_selection(event)
            )
        ):
            event.accept()
            return True
        if event.type() is QEvent.Type.NativeGesture and pinch_time(
            event, self._axis, self.width()
        ):
            return True
        return super().event(event)
