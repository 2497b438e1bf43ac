"""How loud it is now, and what a separation left over."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QShowEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app import theme
from app.views.live import HOLD, SMALL, Live, LiveSpectrum
from app.words import tr

__all__ = ["LevelMeter", "LiveSpectrum", "NullMeter"]

FLOOR_DB = -60.0  # the low end of the level meter
FALL = 20.0  # dB a second
BAR, BARS = 5.0, 13.0  # px; one bar, and both with their gap
EDGE = 3.0  # px; room for the focus ring
GOOD_NULL = -100.0  # dB; below this the stems are the mix


class LevelMeter(Live):
    """Peak meter for left and right: -60 to 0 dB, held peaks, and a lamp once it clipped.

    `poll` returns the linear peaks since the last call. The figure is the highest peak since the
    last reset; a click or Return resets figure and lamp.
    """

    def __init__(self, poll: Callable[[], tuple[float, float]]) -> None:
        super().__init__()
        self._poll = poll
        self.shown = np.full(2, FLOOR_DB)  # dB
        self.held = np.full(2, FLOOR_DB)
        self.highest = -math.inf
        self._age = np.zeros(2)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._say()

    @property
    def clipped(self) -> bool:
        """Whether full scale was reached since the last reset."""
        return self.highest >= 0.0

    def reset(self) -> None:
        """Forget the highest peak and put the lamp out."""
        self.highest = -math.inf
        self.held[:] = self.shown
        self._say()
        self.update()

    def advance(self, seconds: float) -> bool:
        """Rise at once, fall 20 dB a second."""
        peaks = np.array(self._poll(), np.float64)
        level = 20 * np.log10(np.maximum(peaks, 1e-9))
        before = self.shown, self.held, self.highest
        self.shown = np.clip(np.maximum(level, self.shown - FALL * seconds), FLOOR_DB, 0.0)
        self._age = np.where(self.shown >= self.held, 0.0, self._age + seconds)
        sunk = np.where(self._age > HOLD, self.held - FALL * seconds, self.held)
        self.held = np.maximum(sunk, self.shown)
        was_clipped = self.clipped
        if level.max() > max(self.highest, FLOOR_DB):
            self.highest = float(level.max())
        if self.clipped and not was_clipped:
            self._say()
        return bool(
            (before[0] != self.shown).any()
            or (before[1] != self.held).any()
            or before[2] != self.highest
        )

    def sizeHint(self) -> QSize:
        return QSize(192, 32)

    def minimumSizeHint(self) -> QSize:
        return QSize(104, theme.CONTROL)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        self.small(painter)
        metrics = painter.fontMetrics()
        figures = metrics.horizontalAdvance("−60.0") + 4
        left, lamp = 14.0, self.width() - EDGE - figures - 6.0
        width = max(lamp - 4 - left, 10.0)
        top = (self.height() - BARS - metrics.height() + 2) / 2
        for channel, name in enumerate("LR"):
            y = top + channel * (BARS - BAR)
            painter.setPen(QColor(tokens.dim))
            painter.setFont(theme.tabular(self.font(), SMALL - 1))
            painter.drawText(QRectF(EDGE, y - 5, 8, BAR + 10), Qt.AlignmentFlag.AlignCenter, name)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.hover))
            painter.drawRoundedRect(QRectF(left, y, width, BAR), 2, 2)
            share = 1 - self.shown[channel] / FLOOR_DB
            if share > 0:
                painter.setBrush(QColor(tokens.sound))
                painter.drawRoundedRect(QRectF(left, y, width * share, BAR), 2, 2)
            held = 1 - self.held[channel] / FLOOR_DB
            if held > 0:
                painter.setBrush(QColor(tokens.text))
                painter.drawRect(QRectF(left + max(width * held - 2, 0), y, 2, BAR))
        painter.setBrush(QColor(tokens.danger if self.clipped else tokens.hover))
        painter.drawRoundedRect(QRectF(lamp, top, 6, BARS), 2, 2)
        self.small(painter)
        painter.setPen(QColor(tokens.danger if self.clipped else tokens.text))
        painter.drawText(
            QRectF(lamp + 6, top - 2, figures, BARS + 4),
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
            _decibels(self.highest),
        )
        painter.setPen(QColor(tokens.dim))
        taken: list[tuple[float, float]] = []
        for mark in (0, -60, -24, -12, -36, -48, -6):
            text = f"{mark}".replace("-", "−")
            wide = metrics.horizontalAdvance(text)
            x = max(left + width * (1 - mark / FLOOR_DB) - wide / 2, left)
            if all(x > stop + 4 or x + wide + 4 < start for start, stop in taken):
                taken.append((x, x + wide))
                painter.drawText(QPointF(x, top + BARS + metrics.ascent()), text)
        if self.hasFocus():
            painter.setPen(QPen(QColor(tokens.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.reset()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.reset()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    def _say(self) -> None:
        clip = tr("It clipped: {level} dB.", level=_decibels(self.highest)) if self.clipped else ""
        self.setAccessibleName(tr("Output level, clipped") if clip else tr("Output level"))
        what = tr("Output level and highest peak in dB. Click or Return to reset.")
        self.setToolTip(f"{clip} {what}".strip())


class NullMeter(QWidget):
    """What is left when the stems are taken from the mix, and whether that is nothing.

    `poll` returns the level in dB against the mix; NaN while nobody knows.
    """

    def __init__(self, poll: Callable[[], float]) -> None:
        super().__init__()
        self._poll = poll
        self._db = math.nan
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(
            tr(
                "The mix minus all its stems, measured. Below −100 dB nobody can hear it: "
                "the stems together are the song, nothing was lost and nothing added."
            )
        )
        self._timer = QTimer(self, interval=250)
        self._timer.timeout.connect(self.refresh)
        self.setAccessibleName(self.text)

    @property
    def text(self) -> str:
        """The reading in words."""
        label, level, word = self._parts()
        return f"{label}: {level}, {word}" if word else f"{label}: {level}"

    def _parts(self) -> tuple[str, str, str]:
        """What is measured, the reading, and what to think of it."""
        label = tr("Mix − stems")
        if math.isnan(self._db):
            return label, tr("not measured"), ""
        level = "−∞ dB" if self._db < -240 else f"{self._db:.0f} dB".replace("-", "−")
        return label, level, tr("good") if self._db <= GOOD_NULL else tr("bad")

    def refresh(self) -> None:
        """Read again."""
        level = self._poll()
        if level != self._db and not (math.isnan(level) and math.isnan(self._db)):
            self._db = level
            self.setAccessibleName(self.text)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, 24)

    def minimumSizeHint(self) -> QSize:
        return QSize(150, 24)

    def showEvent(self, event: QShowEvent) -> None:
        self.refresh()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.tabular(self.font()))
        metrics = painter.fontMetrics()
        label, level, word = self._parts()
        middle = self.height() / 2 + metrics.capHeight() / 2
        painter.setPen(QColor(tokens.dim))
        painter.drawText(QPointF(0, middle), label)
        x = metrics.horizontalAdvance(label + "  ")
        painter.setPen(QColor(tokens.text if word else tokens.dim))
        painter.drawText(QPointF(x, middle), level)
        if word:
            x += metrics.horizontalAdvance(level) + 10
            colour = QColor(tokens.good if self._db <= GOOD_NULL else tokens.danger)
            pill = QRectF(x, self.height() / 2 - 9, metrics.horizontalAdvance(word) + 14, 18)
            painter.setPen(QPen(colour, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(pill.adjusted(0.5, 0.5, -0.5, -0.5), 8.5, 8.5)
            painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, word)


def _decibels(level: float) -> str:
    if level < FLOOR_DB:
        return "−∞"
    return f"{level:+.1f}".replace("-", "−") if level >= 0 else f"{level:.1f}".replace("-", "−")
