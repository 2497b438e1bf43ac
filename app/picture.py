"""Pictures of lanes for papers and slides: PNG, SVG or PDF with axes, notes and a colour bar.

Everything is computed for the picture itself, at its own resolution: what is on the screen, or not
yet, plays no part. Text and axes are vectors where the format has them.
"""

from __future__ import annotations

import math
import os
from collections.abc import Generator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from PySide6.QtCore import QMarginsF, QPointF, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QImage,
    QPageLayout,
    QPageSize,
    QPaintDevice,
    QPainter,
    QPdfWriter,
    QPen,
    QPolygonF,
)
from PySide6.QtSvg import QSvgGenerator

from app import theme
from app.note_values import hertz
from app.views.display import Display
from app.views.frequency_axis import hz_ticks, note_ticks
from app.views.notes import Ink, Score, draw_curve, draw_notes, draw_words
from app.views.plane import Plane
from app.views.ruler import clock, division
from app.views.spectrogram import level_for, rows_for
from app.words import tr
from engine import tasks
from engine.errors import EngineError, UnwritableTarget
from engine.events import Event, Progress, Work
from engine.melody import Melody
from engine.peaks import BLOCK
from engine.spectrogram import BASE_HOP, COLUMNS, SpectrumSettings, TileKey
from engine.types import AudioClip, Track

FORMATS = {".png": "PNG", ".svg": "SVG", ".pdf": "PDF"}
DPI = 96
LARGEST = 150_000_000  # pixels: 600 MB while it is drawn
MARGIN = 16.0
TITLE, NAME, TIMES = 34.0, 22.0, 34.0  # heights: title, a lane's name, the time axis
NOTES, HERTZ, BAR = 44.0, 52.0, 84.0  # widths: note names, Hz, colour bar with its scale
STRIP = 48.0  # height of a waveform
GAP = 10.0  # between two lanes
LABEL_GAP = 24.0  # between two times
BELOW, ABOVE = 5.0, 15.0  # semitones beside the notes of a melody that is pictured as a whole
PER_SECOND, NARROWEST, WIDEST, TALL = 80.0, 900.0, 9000.0, 420.0  # px of its spectrogram


@dataclass(frozen=True, slots=True)
class Wish:
    """What to picture, as it is shown now.

    `width` and `height` are those of one lane's spectrogram in pixels at scale 1; `lut` gives the
    colour of each tile value (see `Display.lut`) and `ramp` those of the bar, from floor to top.
    """

    title: str
    tracks: tuple[Track, ...]
    start: float
    stop: float
    settings: SpectrumSettings
    low: float
    high: float
    lut: np.ndarray
    ramp: np.ndarray
    floor_db: float
    top_db: float
    width: float
    height: float
    font: QFont
    waveform: bool = True
    melody: bool = True
    light: bool = False
    scale: float = 1.0

    @property
    def size(self) -> QSizeF:
        """Of the whole picture, at scale 1."""
        lane = NAME + (STRIP + 4 if self.waveform else 0) + self.height + GAP
        height = 2 * MARGIN + TITLE + len(self.tracks) * lane - GAP + TIMES
        return QSizeF(math.ceil(2 * MARGIN + NOTES + self.width + HERTZ + BAR), math.ceil(height))

    @property
    def tokens(self) -> theme.Tokens:
        """The colours of the paper and of what is written on it."""
        return theme.LIGHT if self.light else theme.DARK


def write(wish: Wish, path: Path) -> Work:
    """Draw the picture into a file, of the kind that its name ends with; returns the path.

    It appears whole or not at all, and replaces one that is there. Raises `EngineError`,
    `UnwritableTarget`.
    """
    pixels = wish.size.width() * wish.size.height() * wish.scale**2
    if pixels > LARGEST:
        raise EngineError(
            f"The picture would have {pixels / 1e6:,.0f} million pixels.",
            "Choose a smaller scale, or picture one lane.",
        )
    pictures: list[QImage | None] = []
    for number, track in enumerate(wish.tracks):
        share = (number / len(wish.tracks), 1 / len(wish.tracks))
        pictures.append((yield from _spectrogram(wish, track.clip, share)))
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        {".png": _png, ".svg": _svg, ".pdf": _pdf}[path.suffix.lower()](wish, pictures, part)
        os.replace(part, path)
    except OSError as error:
        raise UnwritableTarget(
            f"“{path.name}” cannot be written to {path.parent}: {error.strerror or error}.",
            "Choose another folder or name.",
        ) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    yield Progress(1.0, path.name)
    return path


def render_melody(
    clip: AudioClip,
    melody: Melody,
    path: Path,
    *,
    title: str = "",
    role: str = "vocals",
    light: bool = True,
    scale: float = 2.0,
) -> Work:
    """Picture a whole melody over its sound, without a window; returns the path.

    The format is that of the name's ending, one of `FORMATS`. Raises what `write` raises.
    """
    application()
    display, pitches = Display(), [note.pitch for note in melody.notes]
    if pitches:
        display.show_band(hertz(min(pitches) - BELOW), hertz(max(pitches) + ABOVE))
    wish = Wish(
        title=title or path.stem,
        tracks=(Track(1, "", role, clip, melody=melody),),
        start=0.0,
        stop=max(clip.seconds, 0.1),
        settings=display.settings,
        low=display.low,
        high=display.high,
        lut=display.lut,
        ramp=display.colours(256),
        floor_db=display.floor_db,
        top_db=display.top_db,
        width=min(max(clip.seconds * PER_SECOND, NARROWEST), WIDEST),
        height=TALL,
        font=theme.font(),
        light=light,
        scale=scale,
    )
    return (yield from write(wish, path))


@lru_cache(maxsize=1)
def application() -> QGuiApplication:
    """What Qt needs before it can write text: the window's, or one without a screen."""
    there = QGuiApplication.instance()
    if isinstance(there, QGuiApplication):
        return there
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return QGuiApplication([])


def _spectrogram(
    wish: Wish, clip: AudioClip, share: tuple[float, float]
) -> Generator[Event, None, QImage | None]:
    """What is in view of a clip, in as many pixels as the picture has; None beyond its end."""
    first, last = wish.start * clip.rate, min(wish.stop, clip.seconds) * clip.rate
    if last <= first:
        return None
    part = (last - first) / ((wish.stop - wish.start) * clip.rate)
    columns = max(round(wish.width * wish.scale * part), 1)
    rows = max(round(wish.height * wish.scale), 1)
    tall = rows_for(rows / (wish.high - wish.low))
    settings = SpectrumSettings(wish.settings.n_fft, wish.settings.scale, tall)
    level = level_for((last - first) / columns, settings)
    hop = BASE_HOP << level
    begin = int(first) // (COLUMNS * hop)
    tiles = []
    end = -(-int(last + 1) // (COLUMNS * hop))
    for index in range(begin, end):
        key = TileKey(level, index, settings)
        tiles.append((yield from tasks.tile(clip, key)))
        done = share[0] + share[1] * (index + 1 - begin) / (end - begin)
        yield Progress(0.95 * done)
    values = np.concatenate(tiles, 1)
    x = (first + (np.arange(columns) + 0.5) * (last - first) / columns) / hop - begin * COLUMNS
    y = (wish.high - (np.arange(rows) + 0.5) * (wish.high - wish.low) / rows) * tall
    seen = wish.lut[_sampled(_sampled(values, y - 0.5, 0), x - 0.5, 1)]
    return QImage(seen.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32).copy()


def _sampled(values: np.ndarray, places: np.ndarray, axis: int) -> np.ndarray:
    """`values` (uint8) read between its rows or columns."""
    places = np.clip(places, 0, values.shape[axis] - 1)
    below = np.minimum(places.astype(np.int64), values.shape[axis] - 2)
    part = (places - below).astype(np.float32)
    part = part[:, None] if axis == 0 else part[None]
    lower, upper = values.take(below, axis), values.take(below + 1, axis)
    return np.rint(lower * (1 - part) + upper * part).astype(np.uint8)


def _png(wish: Wish, pictures: Sequence[QImage | None], path: Path) -> None:
    size = wish.size * wish.scale
    image = QImage(size.toSize(), QImage.Format.Format_RGB32)
    if image.isNull():
        raise OSError("there is not enough memory for a picture of this size")
    image.setDotsPerMeterX(round(DPI * wish.scale / 0.0254))
    image.setDotsPerMeterY(round(DPI * wish.scale / 0.0254))
    _draw(wish, pictures, image, wish.scale)
    if not image.save(str(path), "PNG"):
        raise OSError("the folder may be read-only, or the disk full")


def _svg(wish: Wish, pictures: Sequence[QImage | None], path: Path) -> None:
    _check(path)
    paper = QSvgGenerator()
    paper.setFileName(str(path))
    paper.setResolution(DPI)
    paper.setSize(wish.size.toSize())
    paper.setViewBox(QRect(0, 0, *wish.size.toSize().toTuple()))
    paper.setTitle(wish.title)
    _draw(wish, pictures, paper, 1.0)


def _pdf(wish: Wish, pictures: Sequence[QImage | None], path: Path) -> None:
    _check(path)
    paper = QPdfWriter(str(path))
    paper.setTitle(wish.title)
    paper.setCreator("Melic")
    paper.setResolution(DPI)
    page = QPageSize(
        wish.size * (72 / DPI), QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch
    )
    paper.setPageLayout(QPageLayout(page, QPageLayout.Orientation.Portrait, QMarginsF()))
    _draw(wish, pictures, paper, 1.0)


def _check(path: Path) -> None:
    """Raise `OSError` with its reason when the file cannot be made; Qt's writers keep silent."""
    with open(path, "wb"):
        pass


def _draw(wish: Wish, pictures: Sequence[QImage | None], paper: QPaintDevice, scale: float) -> None:
    painter = QPainter()
    if not painter.begin(paper):
        raise OSError("the drawing could not be begun")
    painter.setRenderHints(
        QPainter.RenderHint.Antialiasing
        | QPainter.RenderHint.TextAntialiasing
        | QPainter.RenderHint.SmoothPixmapTransform
        | QPainter.RenderHint.LosslessImageRendering
    )
    painter.scale(scale, scale)
    tokens, font = wish.tokens, theme.tabular(wish.font, 12)
    painter.fillRect(QRectF(QPointF(), wish.size), QColor(tokens.canvas))
    painter.setFont(theme.tabular(wish.font, 17, bold=True))
    painter.setPen(QColor(tokens.text))
    metrics = QFontMetricsF(painter.font())
    room = wish.size.width() - 2 * MARGIN
    title = metrics.elidedText(wish.title, Qt.TextElideMode.ElideRight, room)
    painter.drawText(QPointF(MARGIN, MARGIN + metrics.ascent()), title)
    painter.setFont(font)
    left, top = MARGIN + NOTES, MARGIN + TITLE
    first = top + NAME
    for track, picture in zip(wish.tracks, pictures, strict=True):
        painter.setPen(QColor(tokens.dim))
        painter.drawText(QPointF(left, top + NAME - 8), track.name)
        top += NAME
        if wish.waveform:
            _draw_waveform(painter, wish, track, QRectF(left, top, wish.width, STRIP))
            top += STRIP + 4
        area = QRectF(left, top, wish.width, wish.height)
        _draw_lane(painter, wish, track, picture, area)
        top += wish.height + GAP
    bottom = top - GAP
    _draw_times(painter, wish, QRectF(left, bottom, wish.width, TIMES))
    _draw_bar(painter, wish, QRectF(left + wish.width + HERTZ + 12, first, 14, bottom - first))
    if not painter.end():
        raise OSError("the drawing could not be finished")


def _draw_lane(
    painter: QPainter, wish: Wish, track: Track, picture: QImage | None, area: QRectF
) -> None:
    tokens, clip = wish.tokens, track.clip
    painter.fillRect(area, QColor(int(wish.lut[0])))
    if picture is not None:
        seconds = min(wish.stop, clip.seconds) - wish.start
        part = seconds / (wish.stop - wish.start)
        painter.drawImage(
            QRectF(area.topLeft(), QSizeF(part * area.width(), area.height())), picture
        )
    if wish.melody and track.melody is not None:
        _draw_melody(painter, wish, track.role, track.melody, area)
    view = (wish.settings, wish.low, wish.high, area.height())
    metrics = QFontMetricsF(painter.font())
    painter.setPen(QColor(tokens.dim))
    painter.drawText(QPointF(area.right() + 8, area.top() - 6), "Hz")
    for ticks, at, side in (
        (note_ticks(*view), area.left(), -1),
        (hz_ticks(*view), area.right(), 1),
    ):
        for tick in ticks:
            y = area.top() + tick.y
            painter.setPen(QPen(QColor(tokens.faint), 1))
            painter.drawLine(QPointF(at, y), QPointF(at + side * (5 if tick.strong else 3), y))
            painter.setPen(QColor(tokens.text if tick.strong else tokens.dim))
            wide = metrics.horizontalAdvance(tick.text)
            x = at + side * 8 - (wide if side < 0 else 0)
            painter.drawText(QPointF(x, y + metrics.capHeight() / 2), tick.text)
    painter.setPen(QPen(QColor(tokens.faint), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(area)


def _draw_melody(painter: QPainter, wish: Wish, role: str, melody: Melody, area: QRectF) -> None:
    plane = Plane(area, wish.start, wish.stop, wish.settings, wish.low, wish.high)
    ink = Ink.of(role, int(wish.lut[0]))
    painter.save()
    painter.setClipRect(area)
    score = Score(melody)
    draw_notes(painter, plane, score, ink, beyond=0.0)
    draw_curve(painter, plane, melody, beyond=0.0, vectors=True)
    draw_words(painter, plane, score, wish.font)
    painter.restore()


def _draw_waveform(painter: QPainter, wish: Wish, track: Track, area: QRectF) -> None:
    clip, tokens = track.clip, wish.tokens
    first, last = wish.start * clip.rate, min(wish.stop, clip.seconds) * clip.rate
    if last <= first:
        return
    part = (last - first) / ((wish.stop - wish.start) * clip.rate)
    pairs = _outline(clip, first, last, max(round(wish.width * part), 2))
    x = area.left() + (np.arange(len(pairs)) + 0.5) * part * area.width() / len(pairs)
    half = area.height() / 2 - 0.5
    y = area.center().y() - np.clip(pairs, -1, 1) * half
    y[:, 0] = np.maximum(y[:, 0], y[:, 1] + 0.7)  # silence is a line, not nothing
    line = [QPointF(*at) for at in zip(x.tolist(), y[:, 1].tolist(), strict=True)]
    line += [QPointF(*at) for at in zip(x[::-1].tolist(), y[::-1, 0].tolist(), strict=True)]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(tokens.role(track.role)))
    painter.drawPolygon(QPolygonF(line))


def _outline(clip: AudioClip, first: float, last: float, columns: int) -> np.ndarray:
    """Minimum and maximum of each column, float32 `(columns, 2)`."""
    if (last - first) / columns >= BLOCK:
        return clip.peaks.query(first, last, columns)
    sound = clip.read(int(first), int(last) + 1)
    edges = np.linspace(first, last, columns + 1) - int(first)
    a = np.minimum(edges[:-1].astype(np.int64), sound.shape[1] - 1)
    cuts = np.stack([a, np.minimum(np.maximum(edges[1:].astype(np.int64), a + 1), sound.shape[1])])
    padded = np.concatenate([sound, sound[:, -1:]], 1)
    low = np.minimum.reduceat(padded.min(0), cuts.T.ravel())[::2]
    high = np.maximum.reduceat(padded.max(0), cuts.T.ravel())[::2]
    return np.stack([low, high], 1)


def _draw_times(painter: QPainter, wish: Wish, area: QRectF) -> None:
    tokens, metrics = wish.tokens, QFontMetricsF(painter.font())
    span, hours = wish.stop - wish.start, wish.stop >= 3600
    step, parts = 1.0, 5
    for _ in range(3):  # a finer step may need a longer label
        wide = metrics.horizontalAdvance(clock(wish.stop, step, hours)) + LABEL_GAP
        step, parts = division(wide * span / area.width())
    small = step / parts
    for k in range(math.ceil(wish.start / small), math.floor(wish.stop / small) + 1):
        x = area.left() + (k * small - wish.start) / span * area.width()
        painter.setPen(QPen(QColor(tokens.faint), 1))
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.top() + (4 if k % parts else 7)))
        if k % parts == 0:
            text = clock(k * small, step, hours)
            painter.setPen(QColor(tokens.dim))
            x -= metrics.horizontalAdvance(text) / 2
            painter.drawText(QPointF(x, area.top() + 10 + metrics.ascent()), text)


def _draw_bar(painter: QPainter, wish: Wish, area: QRectF) -> None:
    tokens, metrics = wish.tokens, QFontMetricsF(painter.font())
    colours = np.ascontiguousarray(wish.ramp[::-1, None])
    image = QImage(colours.data, 1, len(colours), 3, QImage.Format.Format_RGB888)
    painter.drawImage(area, image.convertToFormat(QImage.Format.Format_RGB32))
    painter.setPen(QPen(QColor(tokens.faint), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(area)
    span = wish.top_db - wish.floor_db
    step = next((s for s in (5, 10, 20, 40) if s * area.height() / span >= 22), 60)
    for db in range(math.ceil(wish.floor_db / step) * step, math.floor(wish.top_db) + 1, step):
        y = area.top() + (wish.top_db - db) / span * area.height()
        painter.setPen(QPen(QColor(tokens.faint), 1))
        painter.drawLine(QPointF(area.right(), y), QPointF(area.right() + 4, y))
        painter.setPen(QColor(tokens.dim))
        text = f"{db} dB".replace("-", "−") if db == 0 or db + step > wish.top_db else f"−{-db}"
        painter.drawText(QPointF(area.right() + 8, y + metrics.capHeight() / 2), text)


def default_name(title: str, suffix: str) -> str:
    """A file name that every system takes."""
    kept = "".join(
        "_" if letter in '<>:"/\\|?*' or ord(letter) < 32 else letter for letter in title
    )
    return f"{kept.strip(' .') or tr('Picture')}{suffix}"


def pixel_size(wish: Wish) -> QSize:
    """Of a PNG, to be shown before it is made."""
    return (wish.size * wish.scale).toSize()
