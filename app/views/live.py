"""Pictures of what is heard now, at the screen's rate."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QHideEvent,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app import theme
from app.words import tr
from engine.spectrogram import note_of

LOW_HZ, HIGH_HZ = 30.0, 20_000.0
OCTAVES = range(2, 10)  # C2 to C9 have a line
LEVELS = (-24, -48, -72)  # dB that have a line
SPECTRUM_DB = -96.0  # the low end
SPECTRUM_FALL = 90.0  # dB a second
HOLD = 1.5  # seconds a peak stays marked
PEAK_FALL = 12.0  # dB a second, for the line of held peaks
WINDOW = 0.17  # seconds of sound in one spectrum: tells C2 from D2
SMALL = 10  # px; figures along a scale
GUTTER = 24  # px; for dB at the right


class Live(QWidget):
    """A picture that moves at the screen's rate while it is shown."""

    def __init__(self) -> None:
        super().__init__()
        self._timer = QTimer(self, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._before = 0.0

    def advance(self, seconds: float) -> bool:
        """Take in what happened in the last `seconds`; returns whether the picture changed."""
        return False

    def showEvent(self, event: QShowEvent) -> None:
        self._before = time.perf_counter()
        self._timer.start(round(1000 / min(max(self.screen().refreshRate(), 30.0), 60.0)))

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()

    def _beat(self) -> None:
        now = time.perf_counter()
        if self.advance(now - self._before):
            self.update()
        self._before = now

    def small(self, painter: QPainter) -> None:
        """Write figures of a scale from now on."""
        painter.setFont(theme.tabular(self.font(), SMALL))


class LiveSpectrum(Live):
    """The spectrum of what is heard now, 30 Hz to 20 kHz on a log axis, in dB re full scale.

    `recent(n)` returns the float32 `(2, n)` just heard, `rate()` their rate. A full-scale sine
    reads 0 dB.
    """

    def __init__(self, recent: Callable[[int], np.ndarray], rate: Callable[[], int]) -> None:
        super().__init__()
        self._recent, self._rate = recent, rate
        self.curve = np.full(2, SPECTRUM_DB)  # dB, one value a column
        self.held = np.full(2, SPECTRUM_DB)
        self._age = np.zeros(2)
        self._plan: _Bands | None = None
        self._pointer: float | None = None
        self.setMouseTracking(True)
        self.setMinimumSize(120, 72)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("Spectrum of what is heard now"))

    def advance(self, seconds: float) -> bool:
        """Measure what was just heard; lines fall slowly enough to be read."""
        columns, rate = max(round(self._wide * self._ratio()), 2), self._rate()
        if self._plan is None or (self._plan.columns, self._plan.rate) != (columns, rate):
            self._plan = _Bands(columns, rate)
        if len(self.curve) != columns:
            self.curve, self.held = np.full((2, columns), SPECTRUM_DB)
            self._age = np.zeros(columns)
        fresh = self._plan.measure(self._recent(self._plan.frames))
        before = self.curve, self.held
        self.curve = np.maximum(fresh, self.curve - SPECTRUM_FALL * seconds)
        self._age = np.where(self.curve >= self.held, 0.0, self._age + seconds)
        sunk = np.where(self._age > HOLD, self.held - PEAK_FALL * seconds, self.held)
        self.held = np.maximum(sunk, self.curve)
        return bool((before[0] != self.curve).any() or (before[1] != self.held).any())

    def sizeHint(self) -> QSize:
        return QSize(280, 140)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme.of(self)
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens.canvas))
        self.small(painter)
        metrics = painter.fontMetrics()
        plot = QRectF(0, 0, self._wide, self.height() - metrics.height() - 2)
        painter.setPen(QColor(tokens.line))
        for number in OCTAVES:
            x = self._x(_c(number))
            painter.drawLine(QLineF(x, 0, x, plot.height()))
        for level in LEVELS:
            y = plot.height() * level / SPECTRUM_DB
            painter.drawLine(QLineF(0, y, plot.width(), y))
        if (self.held > SPECTRUM_DB).any():
            painter.drawImage(QPointF(0, 0), self._picture(plot.height(), tokens))
        painter.setPen(QColor(tokens.dim))
        self._draw_labels(painter, plot)
        if self._pointer is not None:
            self._draw_pointer(painter, plot, tokens)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer = event.position().x()
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._pointer = None
        self.update()

    @property
    def _wide(self) -> int:
        return self.width() - GUTTER

    def _x(self, hz: float) -> float:
        return self._wide * math.log(hz / LOW_HZ) / math.log(HIGH_HZ / LOW_HZ)

    def _ratio(self) -> float:
        return self.devicePixelRatioF()

    def _picture(self, height: float, tokens: theme.Tokens) -> QImage:
        """Both lines and what is under the lower one, a pixel of the screen each.

        Qt's own anti-aliased polygons take a hundred times as long for a curve as ragged as this.
        """
        ratio = self._ratio()
        rows = round(height * ratio)
        curve, held = (self._heights(line, rows) for line in (self.curve, self.held))
        columns = len(curve)
        image = np.zeros((rows, -(-columns // 4) * 4), np.uint8)  # Qt's rows start on a word
        shade = np.linspace(90, 12, rows).astype(np.uint8)[:, None]
        under = np.arange(rows, dtype=np.int16)[:, None] >= np.ceil(curve).astype(np.int16)
        np.multiply(under, shade, out=image[:, :columns])
        y, x, ink = _stroke(held, ratio, rows)
        free = image[y, x] == 0
        image[y[free], x[free]] = 128 + ink[free]
        y, x, ink = _stroke(curve, 1.25 * ratio, rows)
        before = image[y, x]
        image[y, x] = np.maximum(ink, np.where(before < 128, before, 0))
        out = QImage(image.data, columns, rows, image.shape[1], QImage.Format.Format_Indexed8)
        inks = (tokens.sound, tokens.dim)  # 128 strengths of each
        out.setColorTable([_inked(ink, n / 127) for ink in inks for n in range(128)])
        out = out.copy()  # the array goes, the picture stays
        out.setDevicePixelRatio(ratio)
        return out

    def _heights(self, line: np.ndarray, rows: int) -> np.ndarray:
        """Row of each column's level; silence lies out of sight."""
        return np.where(line > SPECTRUM_DB, line * (rows / SPECTRUM_DB), rows + 4).astype(
            np.float32
        )

    def _draw_labels(self, painter: QPainter, plot: QRectF) -> None:
        metrics = painter.fontMetrics()

        def centred(x: float, y: float, text: str) -> None:
            painter.drawText(QPointF(x - metrics.horizontalAdvance(text) / 2, y), text)

        skip = 1 if self._x(2 * LOW_HZ) > metrics.horizontalAdvance("C4") + 8 else 2
        for number in OCTAVES[::skip]:
            centred(self._x(_c(number)), self.height() - metrics.descent(), f"C{number}")
        for level in LEVELS:
            text = f"{level}".replace("-", "−")
            x = self.width() - metrics.horizontalAdvance(text)
            y = plot.height() * level / SPECTRUM_DB + metrics.capHeight() / 2
            painter.drawText(QPointF(x, y), text)
        if plot.height() > 84:
            for hz, text in ((100, "100 Hz"), (1000, "1 kHz"), (10_000, "10 kHz")):
                centred(self._x(hz), metrics.ascent() + 2, text)

    def _draw_pointer(self, painter: QPainter, plot: QRectF, tokens: theme.Tokens) -> None:
        x = min(max(self._pointer or 0.0, 0.0), self._wide - 1.0)
        hz = LOW_HZ * (HIGH_HZ / LOW_HZ) ** (x / self._wide)
        level = self.curve[int(x * len(self.curve) / self._wide)]
        note, _ = note_of(hz)
        text = f"{note}  {hz:.0f} Hz  " + (
            f"{level:.0f} dB".replace("-", "−") if level > SPECTRUM_DB else "silent"
        )
        metrics = painter.fontMetrics()
        painter.setPen(QColor(tokens.text))
        painter.drawLine(QLineF(x, 0, x, plot.height()))
        wide = metrics.horizontalAdvance(text) + 10
        left = x + 4 if x + wide + 4 < self.width() else x - wide - 4
        box = QRectF(left, metrics.height() + 4, wide, metrics.height() + 4)
        painter.setBrush(QColor(tokens.raised))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(QColor(tokens.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


class _Bands:
    """From sound to one level per column of a log-frequency axis."""

    def __init__(self, columns: int, rate: int) -> None:
        self.columns, self.rate = columns, rate
        self.frames = 2 ** round(math.log2(rate * WINDOW))
        self._window = np.hanning(self.frames).astype(np.float32)
        self._scale = 2.0 / float(self._window.sum())
        edges = LOW_HZ * (HIGH_HZ / LOW_HZ) ** (np.arange(columns + 1) / columns)
        edges = edges * self.frames / rate  # in bins
        top = self.frames // 2
        self._middle = np.minimum((edges[:-1] + edges[1:]) / 2, top)
        self._first = np.minimum(np.ceil(edges[:-1]).astype(np.int64), top)
        self._narrow = np.ceil(edges[1:]) - np.ceil(edges[:-1]) < 2  # less than two bins wide
        self._beyond = edges[:-1] > top

    def measure(self, samples: np.ndarray) -> np.ndarray:
        """Return dB `(columns,)` of float32 `(2, frames)`: the louder side, the loudest bin."""
        if not samples.any():
            return np.full(self.columns, SPECTRUM_DB)
        spectrum = np.abs(np.fft.rfft(samples * self._window)).max(0) * self._scale
        level = 20 * np.log10(np.maximum(spectrum, 1e-9))
        out = np.maximum.reduceat(level, self._first)
        out[self._narrow] = np.interp(self._middle[self._narrow], np.arange(len(level)), level)
        out[self._beyond] = SPECTRUM_DB
        return np.asarray(np.maximum(out, SPECTRUM_DB))


def _c(octave: int) -> float:
    """The C of an octave in Hz; C4 is middle C."""
    return 440.0 * 2.0 ** (octave - 4 - 9 / 12)


def _inked(colour: str, alpha: float) -> int:
    ink = QColor(colour)
    ink.setAlphaF(alpha)
    return ink.rgba()


def _stroke(line: np.ndarray, thick: float, rows: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The pixels `(y, x)` of a line at row `line` per column, and their ink, 0 to 127."""
    middles = (line[1:] + line[:-1]) / 2
    left, right = np.append(line[:1], middles), np.append(middles, line[-1:])
    high = np.minimum(np.minimum(left, right), line) - thick / 2
    low = np.maximum(np.maximum(left, right), line) + thick / 2
    first = np.floor(high).astype(np.int64)
    count = np.ceil(low).astype(np.int64) - first
    x = np.repeat(np.arange(len(line)), count)
    y = np.arange(len(x)) - np.repeat(np.cumsum(count) - count, count) + first[x]
    seen = (y >= 0) & (y < rows)
    x, y = x[seen], y[seen]
    cover = np.clip(np.minimum(low[x], y + 1) - np.maximum(high[x], y), 0, 1)
    return y, x, (127 * cover).astype(np.uint8)
