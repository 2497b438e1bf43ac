"""One lane's waveform strip, from a whole song in view down to single samples."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from engine.events import Ended, Event, State
from engine.peaks import BLOCK

if TYPE_CHECKING:
    from app.jobs import JobCenter
    from engine.types import AudioClip

PIECE = 1 << 17  # frames read at a time where the pyramid is too rough
FINE = 8  # frames in one pair of a piece
DIRECT = 2 * FINE  # frames per pixel below which samples are read at once
PIECES = 64  # kept per lane, 128 KiB each
BORROW = 16  # pixels between two looks at a file that is not read yet
DOTS = 5.0  # pixels per sample from which each sample is a dot


class Waveform:
    """Draws minima and maxima, or the samples themselves once there are pixels enough.

    Far out they come from the clip's pyramid; nearer, pieces of sound are read on the tiles lane
    (`ready` is called when one has come); nearest, a few thousand frames are read while drawing.
    """

    def __init__(self, jobs: JobCenter, ready: Callable[[], None]) -> None:
        self._jobs = jobs
        self._ready = ready
        self._clip: AudioClip | None = None
        self._pieces: OrderedDict[int, np.ndarray] = OrderedDict()
        self._asked: dict[int, bool] = {}  # False once the sound has changed since

    def show(self, clip: AudioClip | None) -> None:
        """Picture another clip."""
        if clip is not self._clip:
            self._clip = clip
            self._pieces.clear()
            self._asked = {}

    def stop(self) -> None:
        """Call nobody any more."""
        self.show(None)

    def spoil(self, start: int, stop: int) -> None:
        """Frames `start` to `stop` have changed."""
        for number in range(start // PIECE, -(-stop // PIECE)):
            self._pieces.pop(number, None)
            if number in self._asked:
                self._asked[number] = False

    def image(
        self, start: float, stop: float, width: int, height: int, colour: QColor, back: QColor
    ) -> QImage:
        """The strip as `width` x `height` pixels for frames `start` to `stop`."""
        if (stop - start) / width < 1:
            outlines = self._lines(start, stop, width)
        else:
            outlines = [self._pairs(start, stop, width)]
        cover = _cover(outlines[0], height)
        for outline in outlines[1:]:
            np.maximum(cover, _cover(outline, height), out=cover)
        image = QImage(cover.data, width, height, width, QImage.Format.Format_Indexed8)
        image.setColorTable(_blend(back, colour))
        return image.copy()

    def draw_dots(
        self, painter: QPainter, area: QRectF, start: float, stop: float, colour: QColor
    ) -> None:
        """Mark each sample where they are far enough apart."""
        scale = area.width() / (stop - start)
        if self._clip is None or scale < DOTS:
            return
        first = max(int(start) - 1, 0)
        sound = _heard(self._clip, first, min(int(stop) + 2, self._clip.frames))
        pen = QPen(colour, min(scale / 2, 5.0))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        x = (area.left() + (np.arange(first, first + sound.shape[1]) - start) * scale).tolist()
        for channel in sound:
            y = area.center().y() - np.clip(channel, -1, 1) * (area.height() / 2 - 1)
            painter.drawPoints([QPointF(*at) for at in zip(x, y.tolist(), strict=True)])

    def _lines(self, start: float, stop: float, width: int) -> list[np.ndarray]:
        """Per channel, the span of a line from sample to sample in each pixel."""
        assert self._clip is not None
        first = int(start) - 1
        sound = _heard(self._clip, first, int(stop) + 3)
        places = np.linspace(start - first, stop - first, 2 * width + 1)
        out = []
        for channel in sound:
            points = np.interp(places, np.arange(sound.shape[1]), channel).astype(np.float32)
            left, middle, right = points[:-1:2], points[1::2], points[2::2]
            low = np.minimum(np.minimum(left, middle), right)
            out.append(np.stack([low, np.maximum(np.maximum(left, middle), right)], 1))
        return out

    def _pairs(self, start: float, stop: float, width: int) -> np.ndarray:
        """Minimum and maximum of each pixel, float32 `(width, 2)`."""
        clip = self._clip
        if clip is None:
            return np.zeros((width, 2), np.float32)
        per_pixel = (stop - start) / width
        if per_pixel >= BLOCK:
            return _overview(clip, start, stop, width)
        if per_pixel < DIRECT:
            first, last = int(start), int(stop) + 2
            return _query(_folded(clip.read(first, last), 1), start - first, stop - first, width, 1)
        pairs = _overview(clip, start, stop, width)
        numbers = range(max(int(start) // PIECE, 0), min(int(stop), clip.frames - 1) // PIECE + 1)
        for number in numbers:
            piece = self._pieces.get(number)
            if piece is None:
                self._ask(clip, number)
                continue
            self._pieces.move_to_end(number)
            offset = number * PIECE
            a = max(int(np.ceil((offset - start) / per_pixel)), 0)
            b = min(int((offset + PIECE - start) / per_pixel), width)
            if b > a:
                low, high = start + a * per_pixel - offset, start + b * per_pixel - offset
                pairs[a:b] = _query(piece, low, high, b - a, FINE)
        return pairs

    def _ask(self, clip: AudioClip, number: int) -> None:
        if number in self._asked:
            return
        self._asked[number] = True

        def read() -> Generator[Event, None, np.ndarray]:
            sound = (clip.preview or clip).read(number * PIECE, (number + 1) * PIECE)
            return _folded(sound, FINE)
            yield  # a generator, like all work

        self._jobs.submit(
            "Waveform", read, "tiles", lambda event: self._answer(clip, number, event)
        )

    def _answer(self, clip: AudioClip, number: int, event: Event) -> None:
        if not isinstance(event, Ended) or clip is not self._clip:
            return
        current = self._asked.pop(number, False)
        if event.state is State.DONE:
            if current:
                self._pieces[number] = event.result
                while len(self._pieces) > PIECES:
                    self._pieces.popitem(last=False)
            self._ready()


def _overview(clip: AudioClip, start: float, stop: float, columns: int) -> np.ndarray:
    """Minimum and maximum of equal spans, float32 `(columns, 2)`, as far as they are known.

    Of a file that is being read, a column that nobody has looked at borrows from one near by.
    """
    pairs = clip.peaks.query(start, stop, columns)
    preview = clip.preview
    if preview is None or preview.settled >= stop:
        return pairs
    seen = preview.peaks.query(start, stop, columns)
    known = np.flatnonzero(seen.any(1))
    if len(known):
        at = np.arange(columns)
        before = known[np.maximum(np.searchsorted(known, at, "right") - 1, 0)]
        seen = np.where(np.abs(at - before)[:, None] <= BORROW, seen[before], 0)
    first = max(int((preview.settled - start) / (stop - start) * columns), 0)
    pairs[first:] = seen[first:]
    return pairs


def _heard(clip: AudioClip, start: int, stop: int) -> np.ndarray:
    """Frames of a clip, float32 `(channels, n)`; two equal channels are one."""
    sound = clip.read(start, stop)
    return sound[:1] if len(sound) == 2 and np.array_equal(sound[0], sound[1]) else sound


def _cover(pairs: np.ndarray, height: int) -> np.ndarray:
    """How much of each pixel lies between minimum and maximum, uint8 `(height, columns)`."""
    middle, half = np.float32(height / 2), np.float32(height / 2 - 1)
    edges = middle - np.clip(pairs, -1, 1) * half
    bottom, top = edges[:, 0], edges[:, 1]
    thin = np.maximum(1 - (bottom - top), 0) / 2  # silence is a line, not nothing
    top, bottom = top - thin, bottom + thin
    first, last = max(int(top.min()), 0), min(int(bottom.max()) + 1, height)
    rows = np.arange(first, last, dtype=np.float32)[:, None]
    cover = np.minimum(bottom, rows + 1)
    cover -= np.maximum(top, rows)
    np.maximum(cover, 0, out=cover)
    cover *= 255
    out = np.zeros((height, len(pairs)), np.uint8)
    out[first:last] = cover
    return out


def _folded(sound: np.ndarray, frames: int) -> np.ndarray:
    """Minima and maxima over all channels of float32 `(channels, n)`, `frames` at a time."""
    low = sound.min(0).reshape(-1, frames).min(1)
    high = sound.max(0).reshape(-1, frames).max(1)
    return np.stack([low, high], 1)


def _query(pairs: np.ndarray, start: float, stop: float, columns: int, size: int) -> np.ndarray:
    """Minimum and maximum of equal spans; `pairs` has one for each `size` frames from frame 0.

    Each span takes in the first frame of the next, so that neighbours touch.
    """
    edges = (start + (stop - start) / columns * np.arange(columns + 1)) / size
    first = np.clip(np.floor(edges[:-1]).astype(np.int64), 0, len(pairs) - 1)
    last = np.clip(np.floor(edges[1:]).astype(np.int64) + 1, first + 1, len(pairs))
    cuts = np.stack([first, last], 1).ravel()
    padded = np.vstack([pairs, pairs[-1:]])
    out = np.empty((columns, 2), np.float32)
    out[:, 0] = np.minimum.reduceat(padded[:, 0], cuts)[::2]
    out[:, 1] = np.maximum.reduceat(padded[:, 1], cuts)[::2]
    return out


def _blend(back: QColor, colour: QColor) -> list[int]:
    """256 colours from `back` to `colour` as `0xffRRGGBB`."""
    ends = np.array([back.getRgb()[:3], colour.getRgb()[:3]], np.float64)
    ramp = np.linspace(ends[0], ends[1], 256).round().astype(np.int64)
    return (0xFF000000 | ramp[:, 0] << 16 | ramp[:, 1] << 8 | ramp[:, 2]).tolist()
