"""A lane of the timeline: one track's waveform strip over its spectrogram."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app import theme
from app.selecting import Selection
from app.views.display import Display
from app.views.frequency_axis import AxisLabels
from app.views.gestures import ZOOM, pinch_time, steps, wheel_time
from app.views.marks import Mark, draw_brush, draw_span, draw_stroke
from app.views.plane import Plane
from app.views.spectrogram import Mosaic, Spectrogram, level_for, rows_for
from app.views.time_axis import Cursor, TimeAxis
from app.views.tools import ARROWS, Hand, arrow_moves
from app.views.veils import draw_loop, draw_silences, draw_unmade
from app.views.waveform import Waveform
from app.words import tr
from engine.spectrogram import BASE_HOP, COLUMNS, level_of, note_of, to_hz

if TYPE_CHECKING:
    from app.jobs import JobCenter
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
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.track_id = track_id
        self._selection = selection or Selection(self)
        self._hand, self._mark = Hand(self._selection, track_id), Mark()
        self._session, self._axis, self._display = session, axis, display
        self._lane: Lane | None = None
        self._spectrogram = Spectrogram(jobs, display.tiles, self._tiles_came)
        self._waveform = Waveform(jobs, self._wave_came)
        self._mosaic: Mosaic | None = None
        self._mosaic_for: object = None
        self._picture: QImage | None = None
        self._picture_for: object = None
        self._strip: QImage | None = None
        self._strip_for: object = None
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
        self.destroyed.connect(self._spectrogram.stop)
        self.destroyed.connect(self._waveform.stop)
        self._refresh()
        self._tool_changed()

    def sizeHint(self) -> QSize:
        return QSize(640, 220)

    @property
    def mosaic(self) -> Mosaic | None:
        """The tiles that were drawn last."""
        return self._mosaic

    # what is shown

    def _refresh(self) -> None:
        before = self._lane
        self._lane = lane = self._session.lane(self.track_id)
        if lane is None:
            self._spectrogram.show(None)
            self._waveform.show(None)
            self._forget()
            return
        clip = lane.track.clip
        if before is None or before.track.clip is not clip:
            self._spectrogram.show(clip)
            self._waveform.show(clip)
            self._forget()
        if before is None or before.track.name != lane.track.name:
            self.setAccessibleName(tr("{name}, waveform and spectrogram", name=lane.track.name))
            self.setAccessibleDescription(
                tr(
                    "Click to move the playhead. Ctrl and wheel zooms time, Alt and wheel zooms "
                    "frequency, Shift and wheel scrolls time."
                )
            )
        if before is not None and before.filled is not None and lane.filled is None:
            self._forget()
        self.update()

    def _forget(self) -> None:
        self._mosaic_for = self._strip_for = None
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
            self._spectrogram.spoil(*self._grown)
            self._waveform.spoil(*self._grown)
            self._grown = None
        self._forget()

    def _tiles_came(self) -> None:
        self._mosaic_for = None
        self.update(self._spectrum_area().toAlignedRect())
        if self._lane is not None and self._lane.track.clip.preview is not None:
            self._wave_came()  # what was looked at for the tile shows the waveform too

    def _wave_came(self) -> None:
        self._strip_for = None
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
            self._draw_strip(painter, strip, tokens)
            painter.fillRect(QRectF(0, strip.bottom(), self.width(), 1), QColor(tokens.line))
        self._draw_spectrum(painter, spectrum)
        size = QSizeF(self.size())
        draw_unmade(painter, size, lane, self._x, tokens)
        draw_silences(painter, size, lane.track, self._x, tokens)
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

    def _draw_strip(self, painter: QPainter, area: QRectF, tokens: theme.Tokens) -> None:
        lane, ratio = self._lane, self.devicePixelRatioF()
        assert lane is not None
        rate = lane.track.clip.rate
        start, stop = self._axis.start * rate, self._axis.stop * rate
        back, wave = QColor(tokens.canvas), QColor(tokens.role(lane.track.role))
        width, height = round(area.width() * ratio), round(area.height() * ratio)
        wanted = (start, stop, width, height, wave.rgb(), back.rgb())
        if self._strip is None or self._strip_for != wanted:
            self._strip = self._waveform.image(start, stop, width, height, wave, back)
            self._strip.setDevicePixelRatio(ratio)
            self._strip_for = wanted
        end = self._x(lane.track.clip.seconds)
        painter.save()
        painter.setClipRect(QRectF(0, 0, end, area.height()), Qt.ClipOperation.IntersectClip)
        painter.drawImage(area.topLeft(), self._strip)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._waveform.draw_dots(painter, area, start, stop, wave)
        painter.restore()

    def _draw_spectrum(self, painter: QPainter, area: QRectF) -> None:
        lane, axis, display = self._lane, self._axis, self._display
        assert lane is not None
        clip, ratio = lane.track.clip, self.devicePixelRatioF()
        start, stop = axis.start * clip.rate, min(axis.stop * clip.rate, clip.frames)
        if stop <= start:
            return
        mosaic = self._tiles(start, stop, area, ratio)
        wanted = (id(mosaic), id(display.lut))
        if self._picture is None or self._picture_for != wanted:
            pixels = display.lut[mosaic.image[::-1]]
            rows, columns = pixels.shape
            self._picture = QImage(
                pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32
            ).copy()
            self._picture_for = wanted
        rows = len(mosaic.image)
        source = QRectF(
            (start - mosaic.start) / mosaic.hop,
            (1 - display.high) * rows,
            (stop - start) / mosaic.hop,
            (display.high - display.low) * rows,
        )
        left, right = self._x(start / clip.rate), self._x(stop / clip.rate)
        target = QRectF(left, area.top(), right - left, area.height())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(target, self._picture, source)

    def _tiles(self, start: float, stop: float, area: QRectF, ratio: float) -> Mosaic:
        """The mosaic that covers the view, made again only when its tiles are others."""
        lane, axis, display = self._lane, self._axis, self._display
        assert lane is not None
        clip = lane.track.clip
        rows = rows_for(area.height() * ratio / (display.high - display.low))
        settings = display.settings_with(rows)
        per_pixel = axis.span * clip.rate / max(self.width() * ratio, 1)
        level = level_for(per_pixel, settings)
        span = COLUMNS * (BASE_HOP << level)
        wanted = (settings, level, int(start) // span, -(-int(stop + 1) // span), clip.frames)
        if self._mosaic is None or self._mosaic_for != wanted:
            self._mosaic = self._spectrogram.mosaic(
                settings, level, int(start), int(stop + 1), self._focus() * clip.rate, lane.filled
            )
            self._mosaic_for = wanted
        return self._mosaic

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
        self.setCursor(self._hand.cursor(self._pointer, self._plane()))
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._session.select(self.track_id)
            if not self._hand.press(event.position(), self._plane(), event.modifiers()):
                self._axis.seek(self._seconds(event.position().x()))
        elif event.button() is Qt.MouseButton.MiddleButton:
            self._grip = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        else:
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.MiddleButton:
            self._grip = None
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
            if self._hand.move(event.position(), self._plane(), limit):
                self.update()
            self.setCursor(self._hand.cursor(event.position(), self._plane()))
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
        return Cursor(seconds, hz, note, cents, self._db(seconds, self._unit(at.y())))

    def _db(self, seconds: float, unit: float) -> float | None:
        mosaic, lane = self._mosaic, self._lane
        if mosaic is None or lane is None:
            return None
        rows, columns = mosaic.image.shape
        column = int((seconds * lane.track.clip.rate - mosaic.start) / mosaic.hop)
        row = min(max(int(unit * rows), 0), rows - 1)
        if not 0 <= column < columns or not 0 <= seconds <= lane.track.clip.seconds:
            return None
        return level_of(float(mosaic.image[row, column]))

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
        if not self._moves_selection(event):
            super().keyPressEvent(event)
            return
        assert self._lane is not None
        arrow_moves(self._selection, event, self._plane(), self._lane.track.clip.seconds)

    def _moves_selection(self, event: QKeyEvent) -> bool:
        """Whether an arrow key is for what is marked here: with the tools that mark, it is."""
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        return (
            event.key() in ARROWS
            and held in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
            and self._selection.tool != "navigate"
            and self._hand.region() is not None
            and self._lane is not None
        )

    def event(self, event: QEvent) -> bool:
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._moves_selection(event)
        ):
            event.accept()
            return True
        if event.type() is QEvent.Type.NativeGesture and pinch_time(
            event, self._axis, self.width()
        ):
            return True
        return super().event(event)
