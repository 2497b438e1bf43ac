"""How loud one lane is, as a thin pair of bars at the edge of its header."""

from __future__ import annotations

import math
import time

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app import theme
from app.playback import Player
from app.views.live import Live

FLOOR_DB = -48.0  # the low end
FALL = 30.0  # dB a second
FRESH = 0.008  # seconds for which all lanes share one look at the player
BAR = 3.0  # px


class TrackLevels:
    """The player's levels per track, asked for once per frame on behalf of all lanes."""

    def __init__(self, player: Player) -> None:
        self._player = player
        self._due: dict[int, tuple[float, float]] = {}
        self._asked = 0.0

    def take(self, id: int) -> tuple[float, float]:
        """The linear peaks `(left, right)` of a track since it was last asked for."""
        now = time.perf_counter()
        if now - self._asked > FRESH:
            self._asked = now
            for track, (left, right) in self._player.track_levels.items():
                before = self._due.get(track, (0.0, 0.0))
                self._due[track] = max(before[0], left), max(before[1], right)
        return self._due.pop(id, (0.0, 0.0))


class LaneMeter(Live):
    """Two bars from the bottom up; the sound itself is in the big meter and the spectrum."""

    def __init__(self, levels: TrackLevels, track_id: int, parent: QWidget) -> None:
        super().__init__()
        self.setParent(parent)
        self._levels, self._id = levels, track_id
        self.shown = [FLOOR_DB, FLOOR_DB]  # dB
        self._drawn = (0, 0)  # px
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFixedWidth(round(2 * BAR) + 1)

    def advance(self, seconds: float) -> bool:
        """Rise at once, fall 30 dB a second; drawn again only where a pixel changes."""
        for side, peak in enumerate(self._levels.take(self._id)):
            level = 20 * math.log10(peak) if peak > 1e-6 else FLOOR_DB
            fallen = self.shown[side] - FALL * seconds
            self.shown[side] = min(max(level, fallen, FLOOR_DB), 0.0)
        drawn = self._pixels(0), self._pixels(1)
        changed, self._drawn = drawn != self._drawn, drawn
        return changed

    def _pixels(self, side: int) -> int:
        return round((1 - self.shown[side] / FLOOR_DB) * self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.of(self)
        painter = QPainter(self)
        for side in (0, 1):
            x, tall = side * (BAR + 1), self._pixels(side)
            painter.fillRect(QRectF(x, 0, BAR, self.height()), QColor(tokens.hover))
            if tall:
                loud = self.shown[side] >= -0.1
                colour = QColor(tokens.danger if loud else tokens.sound)
                painter.fillRect(QRectF(x, self.height() - tall, BAR, tall), colour)
