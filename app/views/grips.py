"""Handles to take a lane, or a part of it, out of the window by."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QEnterEvent, QFontMetricsF, QMouseEvent, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from app import theme
from app.dragging import Span, TakeOut
from app.views.controls import IconButton
from app.words import tr

DWELL_MS = 200  # that the pointer rests on a handle before the file is begun


class Pull:
    """One drag of a lane's file, from the press on; `part` gives what of the lane is meant."""

    def __init__(
        self, widget: QWidget, takeout: TakeOut, track_id: int, part: Callable[[], Span]
    ) -> None:
        self._widget, self._takeout, self._id, self._part = widget, takeout, track_id, part
        self._from: QPointF | None = None
        self.pulled = False  # far enough to be a drag

    def press(self, event: QMouseEvent) -> None:
        """The button went down: the file is needed soon."""
        self.pulled = False
        if event.button() == Qt.MouseButton.LeftButton and self._takeout.can_take(self._id):
            self._from = event.position()
            self._takeout.prepare(self._id, self._part())

    def move(self, event: QMouseEvent) -> None:
        """The pointer moved; begins the drag as soon as the file is there."""
        if self._from is None or self.pulled:
            return
        away = (event.position() - self._from).manhattanLength()
        if away >= QApplication.startDragDistance():
            self.pulled = True
            part = self._part()
            if self._takeout.ready(self._id, part) is None:
                self._widget.setCursor(Qt.CursorShape.BusyCursor)
            self._takeout.when_ready(self._id, part, self._go)

    def release(self) -> None:
        """The button went up."""
        self._from = None
        self._widget.unsetCursor()

    def _go(self, path: Path) -> None:
        if self._from is None or not QApplication.mouseButtons() & Qt.MouseButton.LeftButton:
            return  # let go before the file was there
        self._widget.unsetCursor()
        self._takeout.drag(self._widget, path, drag_picture(self._widget, path.name))
        self._from = None  # the system took the release


class Grip(IconButton):
    """Drag it out, or press it to copy the file.

    With `marked` it stands for what is marked of the lane, and is there only while something is.
    """

    def __init__(self, takeout: TakeOut, track_id: int, marked: bool = False) -> None:
        name = tr("Take the marked part out") if marked else tr("Take the lane out")
        super().__init__("box-select" if marked else "grip-vertical", name, size=24, role="dim")
        self._takeout, self._id = takeout, track_id
        self._marked = marked
        self._pull = Pull(self, takeout, track_id, self._part)
        self._dwell = QTimer(self, interval=DWELL_MS, singleShot=True)
        self._dwell.timeout.connect(lambda: takeout.prepare(track_id, self._part()))
        what = (
            tr("Drag what is marked of this lane to a folder or another program")
            if marked
            else tr("Drag this lane to a folder or another program")
        )
        self.setToolTip(f"{name}\n" + tr("{what}, or press to copy it as a file", what=what))
        self.clicked.connect(self._copy)

    def refresh(self) -> None:
        """Follow what is marked, and whether the lane is finished."""
        self.setEnabled(self._takeout.can_take(self._id))
        if self._marked:
            self.setVisible(self._part() is not None)

    def _part(self) -> Span:
        return self._takeout.span_of(self._id) if self._marked else None

    def _copy(self) -> None:
        self._takeout.copy(self._id, self._part())

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._dwell.start()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._dwell.stop()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self._pull.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pull.move(event)
        if self._pull.pulled:
            self.setDown(False)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pull.release()
        super().mouseReleaseEvent(event)  # a click only while it is still down


def drag_picture(widget: QWidget, name: str) -> QPixmap:
    """What hangs at the pointer while a file is dragged: its name on a card."""
    tokens, ratio = theme.of(widget), widget.devicePixelRatioF()
    font = theme.tabular(widget.font(), 12)
    metrics = QFontMetricsF(font)
    width, height = metrics.horizontalAdvance(name) + 40, 28.0
    picture = QPixmap(round(width * ratio), round(height * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QColor(tokens.line))
    painter.setBrush(QColor(tokens.raised))
    painter.drawRoundedRect(QRectF(0.5, 0.5, width - 1, height - 1), 6, 6)
    icon = theme.icon("audio-lines", tokens.accent).pixmap(16, 16)
    painter.drawPixmap(QPointF(10, 6), icon)
    painter.setFont(font)
    painter.setPen(QColor(tokens.text))
    painter.drawText(QRectF(32, 0, width, height), Qt.AlignmentFlag.AlignVCenter, name)
    painter.end()
    return picture
