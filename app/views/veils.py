"""What lies over a lane's picture: hatching where no sound is yet, and the loop."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from app import theme
from app.session import Lane
from engine.types import Track

HATCH = 10  # pixels from line to line


def draw_unmade(
    painter: QPainter,
    size: QSizeF,
    lane: Lane,
    place: Callable[[float], float],
    tokens: theme.Tokens,
) -> None:
    """Hatch what is still being made; `place` gives the pixel of a moment in seconds."""
    if lane.filled is None:
        return
    rate, frames, at = lane.track.clip.rate, lane.track.clip.frames, 0
    hatch = _hatch(painter.device().devicePixelRatioF(), tokens.line)
    for start, stop in (*lane.filled, (frames, frames)):
        left, right = max(place(at / rate), 0.0), min(place(start / rate), size.width())
        if right > left:
            area = QRectF(left, 0, right - left, size.height())
            if lane.track.clip.preview is None:
                painter.fillRect(area, QColor(tokens.panel))
            else:  # its picture is there before its sound
                painter.setOpacity(0.5)
            painter.drawTiledPixmap(area, hatch, QPointF(left % HATCH, 0))
            painter.setOpacity(1.0)
        at = stop


def draw_silences(
    painter: QPainter,
    size: QSizeF,
    track: Track,
    place: Callable[[float], float],
    tokens: theme.Tokens,
) -> None:
    """Veil and hatch the mute ranges of a lane, with a line at either end."""
    if not track.silences:
        return
    hatch, veil = _hatch(painter.device().devicePixelRatioF(), tokens.dim), QColor(tokens.canvas)
    veil.setAlpha(170)
    for start, stop in track.silences:
        left, right = max(place(start), -1.0), min(place(stop), size.width() + 1)
        if right <= left:
            continue
        area = QRectF(left, 0, max(right - left, 1.0), size.height())
        painter.fillRect(area, veil)
        painter.drawTiledPixmap(area, hatch, QPointF(left % HATCH, 0))
        for x in (left, right - 1):
            painter.fillRect(QRectF(round(x), 0, 1, size.height()), QColor(tokens.text))


def draw_loop(
    painter: QPainter, size: QSizeF, left: float, right: float, tokens: theme.Tokens
) -> None:
    """Dim what lies outside the loop from `left` to `right` (pixels) and line its edges."""
    outside = QColor(tokens.canvas)
    outside.setAlpha(110)
    painter.fillRect(QRectF(0, 0, max(left, 0), size.height()), outside)
    painter.fillRect(QRectF(right, 0, max(size.width() - right, 0), size.height()), outside)
    for x in (left, right):
        painter.fillRect(QRectF(round(x), 0, 1, size.height()), QColor(tokens.accent))


def _hatch(ratio: float, colour: str) -> QPixmap:
    tile = QPixmap(round(HATCH * ratio), round(HATCH * ratio))
    tile.setDevicePixelRatio(ratio)
    tile.fill(Qt.GlobalColor.transparent)
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(colour), 1.5))
    for shift in (-HATCH, 0, HATCH):
        painter.drawLine(QPointF(shift - 2, HATCH + 2), QPointF(shift + HATCH + 2, -2))
    painter.end()
    return tile
