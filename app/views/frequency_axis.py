"""Labels of the frequency axis: note names at one edge of a picture, Hz at the other."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap

from app import theme
from app.views.plane import Plane
from engine.spectrogram import SpectrumSettings, note_of, to_hz, to_unit

GAP = 15.0  # pixels between labels, at least
MARGIN = 6.0  # pixels from a label's middle to the edge of the picture, at least
NATURALS = (0, 2, 4, 5, 7, 9, 11)
HALO = QColor(8, 9, 12, 200)
EDGE = 56.0  # pixels at either edge for the labels
GRID = QColor(255, 255, 255, 16)
SIZE = 11  # pixels; of the letters
STRONG, WEAK = "#eceef3", "#bec4ce"  # inks
RIM = 3.0  # pixels of the pen behind a label
USUAL = (480.0, 300.0, 150.0)  # pixels; heights whose labels are drawn before they are needed


@dataclass(frozen=True, slots=True)
class Tick:
    """A label `y` pixels below the top of the picture; `strong` ones carry a line."""

    y: float
    text: str
    strong: bool


@lru_cache(maxsize=64)  # lanes of one height share them
def note_ticks(
    settings: SpectrumSettings, low: float, high: float, height: float
) -> tuple[Tick, ...]:
    """Octaves first (C2, C3, …), then as many notes between them as there is room for."""
    pitches = range(_pitch(to_hz(low, settings)), _pitch(to_hz(high, settings)) + 1)
    tiers = (
        [p for p in pitches if p % 24 == 12],  # C2, C4, C6 where lanes are small
        [p for p in pitches if p % 12 == 0],
        [p for p in pitches if p % 12 == 7],
        [p for p in pitches if p % 12 in NATURALS],
        list(pitches),
    )
    places = _Places(settings, low, high, height)
    for number, tier in enumerate(tiers):
        hertz = [440.0 * 2.0 ** ((pitch - 69) / 12) for pitch in tier]
        places.add(hertz, [note_of(hz)[0] for hz in hertz], strong=number < 2)
    return tuple(places.ticks)


@lru_cache(maxsize=64)
def hz_ticks(
    settings: SpectrumSettings, low: float, high: float, height: float
) -> tuple[Tick, ...]:
    """Round frequencies: even steps on the linear axis, 1-2-5 and finer on the others."""
    bottom, top = max(to_hz(low, settings), 1.0), to_hz(high, settings)
    places = _Places(settings, low, high, height)
    if settings.scale == "linear":
        step = _round_up((top - bottom) * 2 * GAP / max(height, 1.0))
        tiers = [_multiples(step, bottom, top)]
    else:
        tiers = [[step * 10.0**k for k in range(5)] for step in (1, 5, 2)]
        tiers += [_multiples(step, bottom, top) for step in (1000.0, 500.0, 100.0, 50.0, 10.0, 1.0)]
    for number, tier in enumerate(tiers):
        texts = [f"{hz / 1000:g}k" if hz >= 1000 else f"{hz:g}" for hz in tier]
        places.add(tier, texts, strong=number < 3)
    return tuple(places.ticks)


class _Places:
    """Labels so far; tiers come in order of importance."""

    def __init__(self, settings: SpectrumSettings, low: float, high: float, height: float) -> None:
        self._settings, self._low, self._high, self._height = settings, low, high, height
        self.ticks: list[Tick] = []

    def add(self, hertz: Sequence[float], texts: Sequence[str], strong: bool) -> None:
        """Add those of a rising tier that are far enough from what is there and from each other."""
        places = [self._y(hz) for hz in hertz]
        taken = [-math.inf, *sorted(tick.y for tick in self.ticks), math.inf]
        tier = [math.inf, *places, -math.inf]
        for k, y in enumerate(places):
            if MARGIN <= y <= self._height - MARGIN:
                at = bisect_left(taken, y)
                near = min(y - taken[at - 1], taken[at] - y, tier[k] - y, y - tier[k + 2])
                if near >= GAP:
                    self.ticks.append(Tick(y, texts[k], strong))

    def _y(self, hz: float) -> float:
        part = (to_unit(hz, self._settings) - self._low) / (self._high - self._low)
        return self._height * (1 - part)


def _pitch(hz: float) -> int:
    return round(69 + 12 * math.log2(max(hz, 8.0) / 440))


def _round_up(step: float) -> float:
    """The next of 1, 2, 5, 10, … above."""
    power = 10.0 ** math.floor(math.log10(max(step, 1e-6)))
    return next(power * k for k in (1, 2, 5, 10) if power * k >= step)


def _multiples(step: float, low: float, high: float) -> list[float]:
    first, last = math.ceil(low / step), math.floor(high / step)
    return [k * step for k in range(first, last + 1)] if last - first < 400 else []


def draw_label(
    painter: QPainter, font: QFont, x: float, y: float, text: str, colour: QColor, right: bool
) -> None:
    """Write over a picture: light on a dark rim, from `x` on (or up to it, if `right`)."""
    metrics = QFontMetricsF(font)
    left = x - metrics.horizontalAdvance(text) if right else x
    path = QPainterPath()
    path.addText(QPointF(left, y + metrics.capHeight() / 2), font, text)
    rim = QPen(HALO, 3)
    rim.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(path, rim)
    painter.fillPath(path, colour)


@lru_cache(maxsize=1024)  # as many as there are names of notes and round frequencies
def _drawn_label(text: str, font: QFont, ink: str, ratio: float) -> QPixmap:
    """A label on a rim of its own, which is slow to draw."""
    metrics = QFontMetricsF(font)
    width, height = metrics.horizontalAdvance(text) + 2 * RIM, metrics.height() + 2 * RIM
    out = QPixmap(math.ceil(width * ratio), math.ceil(height * ratio))
    out.setDevicePixelRatio(ratio)
    out.fill(Qt.GlobalColor.transparent)
    pen = QPainter(out)
    pen.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw_label(pen, font, RIM, height / 2, text, QColor(ink), False)
    pen.end()
    return out


def draw_axis(
    painter: QPainter,
    font: QFont,
    area: QRectF,
    notes: Iterable[Tick],
    hertz: Iterable[Tick],
) -> None:
    """Write both rows of labels inside `area`, on whole pixels."""
    ratio = painter.device().devicePixelRatioF()
    for ticks, right in ((notes, False), (hertz, True)):
        for tick in ticks:
            label = _drawn_label(tick.text, font, STRONG if tick.strong else WEAK, ratio)
            size = label.deviceIndependentSize()
            left = area.right() - 6 - size.width() + RIM if right else area.left() + 6 - RIM
            top = area.top() + tick.y - size.height() / 2
            at = QPointF(round(left * ratio) / ratio, round(top * ratio) / ratio)
            painter.drawPixmap(at, label)


def labels_drawn(
    settings: SpectrumSettings, low: float, high: float, font: QFont, ratio: float
) -> Iterator[None]:
    """Draw the labels of lanes of usual heights for later, a few a step."""
    view, small = (settings, low, high), theme.tabular(font, SIZE)
    for height in USUAL:
        for ticks in (note_ticks(*view, height), hz_ticks(*view, height)):
            for k, tick in enumerate(ticks):
                _drawn_label(tick.text, small, STRONG if tick.strong else WEAK, ratio)
                if k % 8 == 7:
                    yield
            yield


class AxisLabels:
    """Both rows of labels over a lane's picture, and its lines; kept until they change."""

    def __init__(self) -> None:
        self._labels: QPixmap | None = None
        self._for: object = None
        self._lines: list[float] = []

    def draw(self, painter: QPainter, area: QRectF, plane: Plane, font: QFont) -> None:
        """Draw them inside `area`, the picture of `plane`."""
        ratio = painter.device().devicePixelRatioF()
        wanted = (area, ratio, plane.settings, plane.low, plane.high)
        if self._labels is None or self._for != wanted:
            self._for = wanted
            self._labels = self._drawn(area.height(), ratio, plane, font)
        for y in self._lines:
            painter.fillRect(QRectF(0, area.top() + round(y), area.width(), 1), GRID)
        for left, part in ((0.0, 0.0), (area.width() - EDGE, EDGE * ratio)):
            source = QRectF(part, 0, EDGE * ratio, self._labels.height())
            painter.drawPixmap(QPointF(left, area.top()), self._labels, source)

    def _drawn(self, height: float, ratio: float, plane: Plane, font: QFont) -> QPixmap:
        out = QPixmap(round(2 * EDGE * ratio), round(height * ratio))
        out.setDevicePixelRatio(ratio)
        out.fill(Qt.GlobalColor.transparent)
        view = (plane.settings, plane.low, plane.high, height)
        notes, hertz = note_ticks(*view), hz_ticks(*view)
        lined = notes if plane.settings.scale == "log" else hertz
        self._lines = [tick.y for tick in lined if tick.strong]
        pen = QPainter(out)
        pen.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_axis(pen, theme.tabular(font, SIZE), QRectF(0, 0, 2 * EDGE, height), notes, hertz)
        pen.end()
        return out
