"""How a melody looks over a lane's spectrogram: its notes with their syllables, and its pitch."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from app import theme
from app.note_values import hertz
from app.views.plane import Plane
from engine.melody import CURVES, HELD, Beat, Melody, Note
from engine.notes import contour
from engine.quantise import shown
from engine.spectrogram import SpectrumSettings

LEAST = 6.0  # px; a note is not flatter
MOST = 26.0  # px; nor taller, however near one looks
INSIDE = 15.0  # px of height from which a syllable stands in its note, not below it
WORD = 11  # px; height of syllables
TINY = 3.0  # px of width below which a note is a mere dash
MANY = 120  # notes in view from which they lose their round corners
WORDS = 240  # syllables in view from which none is legible
CLEAR, FAIR = 0.75, 0.5  # confidence from which a note is drawn as one that is sure, or likely
BEYOND = 12.0  # px that a bar reaches beyond the plane at most
FINEST = 30.0  # frames of the curve a pixel: with more of them it would be noise, and slow
LEAP = 2.5  # semitones between two points that are not joined
NAMES = 129  # MIDI numbers of the pitch scale, from -1 on, plus one

CASING = QColor(0, 0, 0, 170)
PITCH = QColor(255, 255, 255, 240)
FAINT = QColor(255, 255, 255, 120)
TEXT = QColor(244, 245, 248)
BACK = QColor(8, 9, 12, 185)


class Scale:
    """Pixels of pitches in a plane: exact at every semitone and even between them."""

    def __init__(self, plane: Plane) -> None:
        area = plane.area
        self._numbers = np.arange(-1, NAMES)
        self._places = _places(area.top(), area.height(), plane.settings, plane.low, plane.high)

    def y(self, pitches: np.ndarray) -> np.ndarray:
        """Pixel of each MIDI number."""
        return np.interp(pitches, self._numbers, self._places)

    def heights(self, pitches: np.ndarray) -> np.ndarray:
        """How tall a note of each pitch is: a semitone, as far as that can be seen."""
        tall = self.y(pitches - 0.5) - self.y(pitches + 0.5)
        return np.clip(tall, LEAST, MOST)


@lru_cache(maxsize=16)
def _places(
    top: float, height: float, settings: SpectrumSettings, low: float, high: float
) -> np.ndarray:
    plane = Plane(QRectF(0.0, top, 1.0, height), 0.0, 1.0, settings, low, high)
    return np.array([plane.y(hertz(float(number))) for number in range(-1, NAMES)])


class Score:
    """The notes of a melody in the view that is chosen, found by time.

    `notes[k]` is what `melody.notes[k]` looks like.
    """

    def __init__(self, melody: Melody) -> None:
        self.melody = melody
        self.notes: tuple[Note, ...] = shown(melody)
        self.starts = np.array([note.start for note in self.notes])
        self.stops = np.array([note.stop for note in self.notes])
        self.pitches = np.array([note.pitch for note in self.notes])
        self.sure = np.array([note.confidence for note in self.notes])
        self.worded = np.array([bool(note.lyric) for note in self.notes], bool)
        self._reach = np.maximum.accumulate(self.stops) if self.notes else self.stops
        self._sorted = bool((np.diff(self.starts) >= 0).all())

    def between(self, start: float, stop: float) -> np.ndarray:
        """Indices of the notes that sound between two times."""
        if not self.notes:
            return np.zeros(0, np.int64)
        first, last = 0, len(self.notes)
        if self._sorted:
            first = bisect_left(self._reach, start)
            last = bisect_left(self.starts, stop)
        some = np.arange(first, last)
        return some[(self.stops[some] > start) & (self.starts[some] < stop)]

    def seen(self, plane: Plane, beyond: float = BEYOND) -> tuple[np.ndarray, np.ndarray]:
        """Places of the notes in view, and where they lie as far as `beyond` px outside it."""
        some = self.between(plane.start, plane.stop)
        rects = self.rects(plane, Scale(plane), some)
        box = plane.area.adjusted(-beyond, -beyond, beyond, beyond)
        left, top = np.maximum(rects[:, 0], box.left()), np.maximum(rects[:, 1], box.top())
        wide = np.minimum(rects[:, 0] + rects[:, 2], box.right()) - left
        tall = np.minimum(rects[:, 1] + rects[:, 3], box.bottom()) - top
        inside = (wide > 0) & (tall > 0)
        return some[inside], np.stack([left, top, wide, tall], 1)[inside]

    def rects(self, plane: Plane, scale: Scale, some: np.ndarray) -> np.ndarray:
        """Left, top, width and height in pixels of some notes, float `(n, 4)`."""
        area = plane.area
        per_second = area.width() / (plane.stop - plane.start)
        left = area.left() + (self.starts[some] - plane.start) * per_second
        right = area.left() + (self.stops[some] - plane.start) * per_second
        right = np.maximum(right, left + 1.0)
        tall = scale.heights(self.pitches[some])
        return np.stack([left, scale.y(self.pitches[some]) - tall / 2, right - left, tall], 1)


@dataclass(frozen=True, slots=True)
class Ink:
    """Colours of a melody: the lane's hue, and what marks the notes that are selected."""

    hue: str
    chosen: str

    @staticmethod
    def of(role: str, ground: int) -> Ink:
        """For a lane of this role on a picture whose silence has the colour `ground` (0xRRGGBB)."""
        dark = QColor(ground).lightness() < 128
        tokens = theme.DARK if dark else theme.LIGHT
        return Ink(tokens.role(role), theme.DARK.accent)


def draw_notes(
    painter: QPainter,
    plane: Plane,
    score: Score,
    ink: Ink,
    chosen: Collection[int] = (),
    beyond: float = BEYOND,
) -> None:
    """Draw the notes in view: the surer a note, the fuller its bar and the stronger its line.

    Not every paper knows clipping: nothing reaches further than `beyond` px out of the plane.
    """
    some, rects = score.seen(plane, beyond)
    if not len(some):
        return
    sure = score.sure[some]
    plain = len(some) > MANY
    painter.save()
    painter.setClipRect(plane.area, Qt.ClipOperation.IntersectClip)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, not plain)
    for inside, strength in (
        (sure < FAIR, 0),
        ((sure >= FAIR) & (sure < CLEAR), 1),
        (sure >= CLEAR, 2),
    ):
        _draw_bars(painter, rects[inside], QColor(ink.hue), strength, plain)
    picked = np.isin(some, np.fromiter(chosen, np.int64, len(chosen)))
    if picked.any():
        _draw_chosen(painter, rects[picked], ink, plain)
    painter.restore()


def _draw_bars(
    painter: QPainter, rects: np.ndarray, hue: QColor, strength: int, plain: bool
) -> None:
    """Bars of one strength: 0 is a guess, dashed and nearly empty, 2 is sure."""
    if not len(rects):
        return
    fill, wide = QColor(hue), (1.0, 1.0, 1.75)[strength]
    fill.setAlpha((45, 105, 185)[strength])
    line = QPen(hue, wide)
    if strength == 0:
        line.setStyle(Qt.PenStyle.CustomDashLine)
        line.setDashPattern([3.0, 2.5])
    tiny = rects[:, 2] < TINY
    painter.setPen(Qt.PenStyle.NoPen)
    if tiny.any():
        full = QColor(hue)
        full.setAlpha((110, 180, 245)[strength])
        painter.setBrush(full)
        painter.drawRects(_qrects(rects[tiny]))
    bars = rects[~tiny]
    # Thousands of round bars would take longer than a frame; straight ones are ten times faster.
    for pen, brush, inset in (
        (QPen(CASING, wide + 2.0), QColor(8, 9, 12, (90, 140, 175)[strength]), wide / 2),
        (line, fill, wide / 2),
    ):
        painter.setBrush(brush)
        if plain:
            painter.setPen(QPen(line.color(), 1.0) if pen is line else Qt.PenStyle.NoPen)
            painter.drawRects(_qrects(bars))
        else:
            painter.setPen(pen)
            _draw_round(painter, bars, inset)


def _draw_chosen(painter: QPainter, rects: np.ndarray, ink: Ink, plain: bool) -> None:
    if plain and np.median(rects[:, 2]) < TINY:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ink.chosen))
        painter.drawRects(_qrects(rects))
        return
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, wide in ((CASING, 4.5), (QColor(ink.chosen), 2.25)):
        painter.setPen(QPen(colour, wide))
        if plain:
            painter.drawRects(_qrects(rects))
        else:
            _draw_round(painter, rects, -2.0)


def _qrects(rects: np.ndarray) -> list[QRectF]:
    return [QRectF(*rect) for rect in rects.tolist()]


def _draw_round(painter: QPainter, rects: np.ndarray, inset: float) -> None:
    """Round bars, each smaller by `inset` on all sides."""
    for left, top, wide, tall in rects.tolist():
        less = min(inset, wide / 2 - 0.25)
        radius = min(tall / 2, wide / 2, 4.0)
        bar = QRectF(left + less, top + inset, wide - 2 * less, tall - 2 * inset)
        painter.drawRoundedRect(bar, radius, radius)


def draw_words(painter: QPainter, plane: Plane, score: Score, font: QFont) -> None:
    """Write syllables into their notes or, where those are flat, below; never over another."""
    some, rects = score.seen(plane)
    places = np.flatnonzero(score.worded[some] & (rects[:, 2] >= TINY)).tolist()
    if not 0 < len(places) <= WORDS:
        return
    small = theme.tabular(font, WORD)
    metrics = QFontMetricsF(small)
    painter.save()
    painter.setClipRect(plane.area, Qt.ClipOperation.IntersectClip)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(small)
    high, bars = metrics.height() - 1.0, _qrects(rects)
    advances: dict[str, float] = {}
    written: list[QRectF] = []
    for place in places:
        lyric, bar = score.notes[some[place]].lyric, bars[place]
        text = "–" if lyric == HELD else lyric
        left = max(bar.left(), plane.area.left() + 1.0)
        inside = bar.height() >= INSIDE
        if text not in advances:
            advances[text] = metrics.horizontalAdvance(text)
        room = bar.right() - left - 6.0
        if not inside:
            top = bar.bottom() + 1.0
            if top + high > plane.area.bottom():
                top = bar.top() - high - 1.0
            box = QRectF(left, top, advances[text] + 5.0, high)
            near = [*bars[place + 1 : place + 4], *written[-3:]]
            free = [bar.left() - left - 6.0 for bar in near if bar.intersects(box)]
            room = min([advances[text], plane.area.right() - left - 6.0, *free])
        if advances[text] > room:
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room) if room > 18 else ""
        if not text.rstrip("…"):
            continue
        if inside:
            at = QPointF(left + 4.0, bar.center().y() + metrics.capHeight() / 2)
        else:
            box.setWidth(metrics.horizontalAdvance(text) + 5.0)
            written.append(box)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(BACK)
            painter.drawRoundedRect(box, 3.0, 3.0)
            at = QPointF(left + 2.5, box.top() + metrics.ascent() - 0.5)
        painter.setPen(TEXT)
        painter.drawText(at, text)
    painter.restore()


def draw_curve(
    painter: QPainter, plane: Plane, melody: Melody, beyond: float = BEYOND, vectors: bool = False
) -> None:
    """Draw the pitch in view: a bright line where somebody sings, a faint one where it may be.

    `beyond` is as in `draw_notes`. Without `vectors` it is ten times faster, and made of pixels.
    """
    curves = melody.curves
    if curves is not None and curves.channels != CURVES:
        return  # of many voices there is no one pitch
    if curves is None and not melody.drawn:
        return
    more = beyond * (plane.stop - plane.start) / max(plane.area.width(), 1.0)
    times, pitches, voiced = contour(melody, plane.start - more, plane.stop + more)
    step = math.floor(len(times) / max(plane.area.width(), 1.0))
    if step > FINEST or not len(times):
        return
    step = max(step, 1)
    times, pitches, voiced = times[::step], pitches[::step], voiced[::step]
    state = np.where(voiced >= melody.settings.voiced, 2, 0)
    state[(state == 0) & (voiced >= 0.5 * melody.settings.voiced)] = 1
    state[pitches <= 0] = 0
    per_second = plane.area.width() / (plane.stop - plane.start)
    x = plane.area.left() + (times - plane.start) * per_second
    y = Scale(plane).y(pitches)
    state[(y < plane.area.top()) | (y > plane.area.bottom())] = 0
    cut = (np.diff(state) != 0) | (np.abs(np.diff(pitches)) > LEAP)
    edges = [0, *(np.flatnonzero(cut) + 1).tolist(), len(state)]
    sung: list[QPolygonF] = []
    likely: list[QPolygonF] = []
    for first, last in pairwise(edges):
        if state[first] == 0:
            continue
        begin = first
        if first and state[first - 1] and abs(pitches[first] - pitches[first - 1]) <= LEAP:
            begin = first - 1  # so that a line goes on where it gets surer or fainter
        xs, ys = x[begin:last].tolist(), y[begin:last].tolist()
        if len(xs) == 1:
            xs, ys = [xs[0] - 0.5, xs[0] + 0.5], [ys[0], ys[0]]
        line = QPolygonF([QPointF(*at) for at in zip(xs, ys, strict=True)])
        (sung if state[first] == 2 else likely).append(line)
    painter.save()
    painter.setClipRect(plane.area, Qt.ClipOperation.IntersectClip)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for lines, colour, wide in ((likely, FAINT, 1.0), (sung, PITCH, 1.5)):
        if vectors:
            _stroke(painter, lines, CASING, wide + 1.5)
            _stroke(painter, lines, colour, wide)
        else:
            _trace(painter, lines, CASING, wide + 1.5)
            _trace(painter, lines, colour, wide)
    painter.restore()


def _stroke(painter: QPainter, lines: list[QPolygonF], colour: QColor, wide: float) -> None:
    pen = QPen(colour, wide)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    for line in lines:
        painter.drawPolyline(line)


def _trace(painter: QPainter, lines: list[QPolygonF], colour: QColor, wide: float) -> None:
    """Lines as wide as wanted, of hair lines beside each other: strokes take 5 ms and more."""
    ratio = painter.device().devicePixelRatioF()
    pen = QPen(colour, 1.0)
    pen.setCosmetic(True)
    painter.setPen(pen)
    half = (wide - 1.0 / ratio) / 2
    count = max(round(wide * ratio), 1)
    shifts = [(k / (count - 1) * 2 - 1) * half for k in range(count)] if count > 1 else [0.0]
    for shift in shifts:
        painter.translate(0.0, shift)
        for line in lines:
            painter.drawPolyline(line)
        painter.translate(0.0, -shift)
    for shift in (shifts[0], shifts[-1]) if count > 1 else ():
        painter.translate(shift, 0.0)  # where it is steep
        for line in lines:
            painter.drawPolyline(line)
        painter.translate(-shift, 0.0)


def draw_grid(painter: QPainter, plane: Plane, beat: Beat) -> None:
    """Lines between semitones, and of bars, beats and their parts, as far as they stay apart."""
    area, above = plane.area, np.arange(129)
    places = Scale(plane).y(above - 0.5)
    apart = np.abs(np.diff(places, append=2 * places[-1] - places[-2]))
    c_above = above % 12 == 0
    seen = (places >= area.top()) & (places <= area.bottom())
    for lines, shade in ((c_above & (apart >= 0.5), 46), (~c_above & (apart >= 4.0), 20)):
        rows = [round(y) for y in places[seen & lines].tolist()]
        _shade(painter, [QRectF(area.left(), y, area.width(), 1) for y in rows], shade)
    per_second = area.width() / (plane.stop - plane.start)
    part = beat.seconds / beat.grid
    for step, shade in (
        (part, 18),
        (beat.seconds, 32),
        (beat.seconds * beat.per_bar, 64),
    ):
        if step * per_second < 7.0:
            continue
        first = math.ceil((max(plane.start, 0.0) - beat.first) / step)
        last = math.floor((plane.stop - beat.first) / step)
        seconds = [beat.first + k * step - plane.start for k in range(first, last + 1)]
        columns = [round(area.left() + each * per_second) for each in seconds]
        _shade(painter, [QRectF(x, area.top(), 1, area.height()) for x in columns], shade)


def _shade(painter: QPainter, lines: list[QRectF], strength: int) -> None:
    """All at once: each call lets other threads go first, and a busy one takes its time."""
    painter.save()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(255, 255, 255, strength))
    painter.drawRects(lines)
    painter.restore()
