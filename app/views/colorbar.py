"""Which colour is how loud: the dB scale of all spectrograms, with both ends to drag."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPolygonF,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app import theme
from app.views.display import FLOOR_DB, TOP_DB, USUAL_DB, Display
from app.views.gestures import steps
from app.words import tr

WIDTH = 68
BAR = 14.0  # pixels wide
EDGE = 14.0  # above and below the bar
LOUDEST, QUIETEST = TOP_DB[1], FLOOR_DB[0]
STEP = 2.0  # dB per key press or wheel step


class ColorBar(QWidget):
    """The colours from the floor to the top level; drag the ends, or the middle for both.

    Up and Down move the floor, with Shift the top; double-click goes back to the usual range.
    """

    def __init__(self, display: Display, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._display = display
        self._held: tuple[str, float, float, float] | None = None  # part, y, floor, top at press
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(WIDTH, 96)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Level colours"))
        display.colours_changed.connect(self._recoloured)
        self._recoloured()

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, 240)

    def _recoloured(self) -> None:
        floor, top = f"{self._display.floor_db:.0f}", f"{self._display.top_db:.0f}"
        text = tr("{floor} to {top} dB", floor=floor, top=top)
        self.setAccessibleDescription(
            tr("Colours span {range}. Up and Down move the floor, with Shift the top.", range=text)
        )
        self.setToolTip(
            f"{text}\n{tr('Drag the ends to change the contrast, double-click to reset')}"
        )
        self.update()

    def _bar(self) -> QRectF:
        return QRectF(10, EDGE, BAR, max(self.height() - 2 * EDGE, 1))

    def _y(self, db: float) -> float:
        bar = self._bar()
        return bar.top() + (LOUDEST - db) / (LOUDEST - QUIETEST) * bar.height()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens, display, bar = theme.of(self), self._display, self._bar()
        painter = QPainter(self)
        rows = 512
        level = np.linspace(LOUDEST, QUIETEST, rows)
        place = (level - display.floor_db) / (display.top_db - display.floor_db)
        ramp = display.colours(256)[np.clip(np.rint(place * 255), 0, 255).astype(np.int64)]
        pixels = np.ascontiguousarray(np.repeat(ramp[:, None], 4, axis=1))
        image = QImage(pixels.data, 4, rows, 12, QImage.Format.Format_RGB888)
        painter.drawImage(bar, image)
        painter.setPen(QColor(tokens.line))
        painter.drawRect(bar.adjusted(-0.5, -0.5, 0.5, 0.5))
        self._draw_scale(painter, tokens)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(tokens.panel))
        painter.setBrush(QColor(tokens.accent if self.hasFocus() else tokens.text))
        for db in (display.floor_db, display.top_db):
            y = self._y(db)
            painter.drawPolygon(QPolygonF([QPointF(0, y - 6), QPointF(9, y), QPointF(0, y + 6)]))

    def _draw_scale(self, painter: QPainter, tokens: theme.Tokens) -> None:
        bar = self._bar()
        font = theme.tabular(self.font(), 11)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        room = bar.height() / (LOUDEST - QUIETEST)
        step = next((s for s in (10, 20, 30, 60) if s * room >= 18), 120)
        for db in range(int(LOUDEST), int(QUIETEST) - 1, -step):
            y = self._y(db)
            painter.fillRect(QRectF(bar.right() + 1, round(y), 4, 1), QColor(tokens.faint))
            painter.setPen(QColor(tokens.dim))
            text = "0 dB" if db == 0 else f"−{-db}"
            painter.drawText(QPointF(bar.right() + 8, y + metrics.capHeight() / 2), text)

    def _part(self, y: float) -> str:
        top, floor = self._y(self._display.top_db), self._y(self._display.floor_db)
        if min(abs(y - top), abs(y - floor)) <= 10 or not top < y < floor:
            return "top" if abs(y - top) < abs(y - floor) else "floor"
        return "both"

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            y = event.position().y()
            self._held = (self._part(y), y, self._display.floor_db, self._display.top_db)
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        y = event.position().y()
        if self._held is None:
            ends = self._part(y) != "both"
            self.setCursor(Qt.CursorShape.SizeVerCursor if ends else Qt.CursorShape.OpenHandCursor)
            return
        part, from_y, floor, top = self._held
        moved = (from_y - y) / self._bar().height() * (LOUDEST - QUIETEST)
        if part == "both":
            moved = min(max(moved, QUIETEST - floor), LOUDEST - top)
        self._shift(part, floor, top, moved)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held = None
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._held = None
        self._display.set_levels(*USUAL_DB)

    def wheelEvent(self, event: QWheelEvent) -> None:
        part = self._part(event.position().y())
        right, up = steps(event)
        self._shift(part, self._display.floor_db, self._display.top_db, STEP * (up or right))
        event.accept()

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down)
            and not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
        ):
            event.accept()  # before it becomes a shortcut
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moved = {Qt.Key.Key_Up: STEP, Qt.Key.Key_Down: -STEP}.get(Qt.Key(event.key()))
        if moved is None:
            super().keyPressEvent(event)
            return
        part = "top" if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else "floor"
        self._shift(part, self._display.floor_db, self._display.top_db, moved)

    def _shift(self, part: str, floor: float, top: float, db: float) -> None:
        self._display.set_levels(
            floor + (db if part != "top" else 0.0), top + (db if part != "floor" else 0.0)
        )
