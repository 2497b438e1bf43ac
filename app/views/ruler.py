"""The ruler over the lanes: round times, the loop region and the head of the playhead."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QLine, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QPolygonF,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app import theme
from app.views.gestures import ZOOM, pinch_time, steps, wheel_time
from app.views.time_axis import Cursor, TimeAxis
from app.words import tr

HEIGHT = 34
BAND = 10.0  # height of the loop region
REACH = 6.0  # pixels within which an edge is caught
SLACK = 4.0  # pixels the pointer may move in a click
LABEL_GAP = 28.0
MINUTES = ((1, 5), (2, 4), (5, 5), (10, 5), (15, 3), (30, 6))  # seconds or minutes, parts
HOURS = ((1, 4), (2, 4), (5, 5), (10, 5), (20, 4))


def division(seconds: float) -> tuple[float, int]:
    """The round step of at least `seconds`, and into how many parts smaller ticks cut it."""
    if seconds <= 1:
        power = 10.0 ** math.floor(math.log10(max(seconds, 1e-9)))
        for step, parts in ((1, 5), (2, 4), (5, 5), (10, 5)):
            if power * step >= seconds * (1 - 1e-9):
                return power * step, parts
    for unit, choices in ((1, MINUTES), (60, MINUTES), (3600, HOURS)):
        for step, parts in choices:
            if step * unit >= seconds:
                return float(step * unit), parts
    return 3600.0 * math.ceil(seconds / 3600), 4


def clock(seconds: float, step: float, hours: bool) -> str:
    """A time as `m:ss` or `h:mm:ss`, with the decimals that `step` asks for."""
    decimals = max(0, math.ceil(-math.log10(step) - 1e-9)) if step < 1 else 0
    whole, part = divmod(round(seconds * 10**decimals), 10**decimals)
    minutes, second = divmod(whole, 60)
    text = f"{minutes // 60}:{minutes % 60:02}:{second:02}" if hours else f"{minutes}:{second:02}"
    return f"{text}.{part:0{decimals}}" if decimals else text


class Ruler(QWidget):
    """Click to seek, drag to loop, wheel to zoom; double-click or Esc ends the loop."""

    def __init__(self, axis: TimeAxis, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._axis = axis
        self._pressed: float | None = None  # x
        self._anchor: float | None = None  # seconds: the end of the loop that stays
        self._before: tuple[float, float] | None = None
        self._hair: float | None = None
        self._picture: QPixmap | None = None
        self._picture_for: object = None
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(tr("Time ruler"))
        hands = tr("Click to move the playhead, drag to loop, wheel to zoom; Escape ends the loop.")
        self.setAccessibleDescription(hands)
        self.setToolTip(hands)
        axis.range_changed.connect(self.update)
        axis.playhead_changed.connect(self.update)
        axis.loop_changed.connect(self.update)
        axis.cursor_changed.connect(self._cursor_moved)

    def sizeHint(self) -> QSize:
        return QSize(640, HEIGHT)

    def _x(self, seconds: float) -> float:
        return (seconds - self._axis.start) / self._axis.span * self.width()

    def _seconds(self, x: float) -> float:
        return self._axis.start + x / max(self.width(), 1) * self._axis.span

    def _cursor_moved(self, cursor: Cursor | None) -> None:
        self._hair = None if cursor is None else cursor.seconds
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.of(self)
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        view = (self._axis.start, self._axis.stop, self._axis.loop)
        wanted = (*view, self.size(), ratio, tokens)
        if self._picture is None or self._picture_for != wanted:
            self._picture = QPixmap(self.size() * ratio)
            self._picture.setDevicePixelRatio(ratio)
            self._picture_for = wanted
            self._draw_still(self._picture, tokens)
        painter.drawPixmap(0, 0, self._picture)
        if self._hair is not None:
            x = round(self._x(self._hair))
            painter.fillRect(QRectF(x, 0, 1, self.height()), QColor(tokens.faint))
        self._draw_head(painter, tokens)
        if self.hasFocus():
            painter.fillRect(QRectF(0, 0, 2, self.height()), QColor(tokens.accent))

    def _draw_still(self, picture: QPixmap, tokens: theme.Tokens) -> None:
        picture.fill(QColor(tokens.panel))
        painter = QPainter(picture)
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), QColor(tokens.line))
        self._draw_loop(painter, tokens)
        self._draw_ticks(painter, tokens)
        painter.end()

    def _draw_ticks(self, painter: QPainter, tokens: theme.Tokens) -> None:
        axis = self._axis
        font = theme.tabular(self.font(), 11)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        hours = axis.extent >= 3600
        step, parts = 1.0, 5
        for _ in range(3):  # a finer step may need a longer label
            width = metrics.horizontalAdvance(clock(axis.stop, step, hours)) + LABEL_GAP
            step, parts = division(width * axis.span / max(self.width(), 1))
        small = step / parts
        floor, scale = self.height() - 1, self.width() / axis.span
        minor, major = [], []
        painter.setPen(QColor(tokens.dim))
        for k in range(math.floor(axis.start / small), math.ceil(axis.stop / small) + 1):
            x = round((k * small - axis.start) * scale)
            if k % parts:
                minor.append(QLine(x, floor - 4, x, floor - 1))
            else:
                major.append(QLine(x, floor - 9, x, floor - 1))
                painter.drawText(QPointF(x + 4, floor - 7), clock(k * small, step, hours))
        painter.drawLines(major)
        painter.setPen(QColor(tokens.faint))
        painter.drawLines(minor)

    def _draw_loop(self, painter: QPainter, tokens: theme.Tokens) -> None:
        if self._axis.loop is None:
            return
        left, right = (self._x(edge) for edge in self._axis.loop)
        veil, band = QColor(tokens.accent), QColor(tokens.accent)
        veil.setAlpha(36)
        band.setAlpha(200)
        painter.fillRect(QRectF(left, 0, right - left, self.height() - 1), veil)
        painter.fillRect(QRectF(left, 0, right - left, 4), band)
        for x in (left, right):
            painter.fillRect(QRectF(round(x) - 1, 0, 2, self.height() - 1), QColor(tokens.accent))

    def _draw_head(self, painter: QPainter, tokens: theme.Tokens) -> None:
        x, floor = round(self._x(self._axis.playhead)) + 0.5, float(self.height())
        head = QPolygonF(
            [QPointF(x - 6, floor - 11), QPointF(x + 6, floor - 11), QPointF(x, floor - 1)]
        )
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(tokens.panel))
        painter.setBrush(QColor(tokens.sound))
        painter.drawPolygon(head)

    def _edge(self, x: float) -> int | None:
        """0 or 1 if the start or the end of the loop is in reach."""
        if self._axis.loop is None:
            return None
        away = [abs(self._x(edge) - x) for edge in self._axis.loop]
        nearest = away.index(min(away))
        return nearest if away[nearest] <= REACH else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        x = event.position().x()
        self._pressed, self._before = x, self._axis.loop
        edge = self._edge(x)
        self._anchor = None
        if edge is not None and self._axis.loop is not None:
            self._anchor = self._axis.loop[1 - edge]

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        if self._pressed is not None:
            if self._anchor is None and abs(x - self._pressed) > SLACK:
                self._anchor = self._seconds(self._pressed)
            if self._anchor is not None:
                self._axis.set_loop(self._anchor, min(self._seconds(x), self._axis.extent))
        elif self._edge(x) is not None:
            self.setCursor(Qt.CursorShape.SizeHorCursor)
        else:
            self.unsetCursor()
        self._axis.cursor_changed.emit(Cursor(self._seconds(x)))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self._pressed is not None:
            if self._anchor is None:
                self._axis.seek(self._seconds(event.position().x()))
            self._pressed = self._anchor = None
        else:
            super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._pressed = self._anchor = None
        self._axis.set_loop(None)

    def leaveEvent(self, event: QEvent) -> None:
        self._axis.cursor_changed.emit(None)
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._pressed is not None:
            self._pressed = self._anchor = None
            self._axis.set_loop(*(self._before or (None,)))
        elif event.key() == Qt.Key.Key_Escape and self._axis.loop is not None:
            self._axis.set_loop(None)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        seconds = self._seconds(event.position().x())
        right, up = steps(event)
        if not wheel_time(event, self._axis, seconds, self.width()):
            self._axis.zoom_at(seconds, ZOOM ** (up or right))
        event.accept()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.NativeGesture and pinch_time(
            event, self._axis, self.width()
        ):
            return True
        return super().event(event)
