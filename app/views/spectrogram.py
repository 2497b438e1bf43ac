"""One lane's spectrogram as a picture: which tiles it needs, who computes them, how they join."""

from __future__ import annotations

import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from engine import tasks
from engine.events import Ended, Event, State
from engine.spectrogram import BASE_HOP, COLUMNS, SpectrumSettings, TileKey

if TYPE_CHECKING:
    from app.jobs import JobCenter
    from engine.jobs import Job
    from engine.types import AudioClip

BOUND = 96 << 20  # bytes of tiles kept
ROWS = (128, 256, 512, 1024, 2048)
DEEPEST = 16  # levels: a column is then 95 s of sound at 44.1 kHz
COARSE = 3  # levels between the sharp tiles and the first, rough ones
IN_FLIGHT = 3  # tiles asked for at a time


class Tiles:
    """Finished tiles of all lanes, the least recently used forgotten first."""

    def __init__(self, bound: int = BOUND) -> None:
        self._bound = bound
        self._bytes = 0
        self._images: OrderedDict[TileKey, np.ndarray] = OrderedDict()
        self._stale: set[TileKey] = set()
        self._numbers: weakref.WeakKeyDictionary[AudioClip, int] = weakref.WeakKeyDictionary()
        self._next = 1

    @property
    def bytes(self) -> int:
        """Memory the tiles take."""
        return self._bytes

    def number(self, clip: AudioClip) -> int:
        """The number that stands for a clip in keys; never given to another."""
        if clip not in self._numbers:
            self._numbers[clip] = self._next
            self._next += 1
        return self._numbers[clip]

    def get(self, key: TileKey) -> np.ndarray | None:
        """The tile, fresh or not."""
        image = self._images.get(key)
        if image is not None:
            self._images.move_to_end(key)
        return image

    def fresh(self, key: TileKey) -> bool:
        """Whether the tile is here and shows the sound as it is now."""
        return key in self._images and key not in self._stale

    def put(self, key: TileKey, image: np.ndarray, stale: bool = False) -> None:
        """Keep a tile; `stale` if the sound has changed since it was begun."""
        old = self._images.pop(key, None)
        self._bytes += image.nbytes - (0 if old is None else old.nbytes)
        self._images[key] = image
        (self._stale.add if stale else self._stale.discard)(key)
        while self._bytes > self._bound and len(self._images) > 1:
            gone, forgotten = self._images.popitem(last=False)
            self._bytes -= forgotten.nbytes
            self._stale.discard(gone)

    def spoil(self, number: int, start: int, stop: int) -> None:
        """Frames `start` to `stop` of a clip have changed: their tiles must be made again."""
        for key in self._images:
            if key.clip == number and touches(key, start, stop):
                self._stale.add(key)


def touches(key: TileKey, start: int, stop: int) -> bool:
    """Whether a tile pictures any of these frames; its windows reach a little over its edges."""
    first, last = key.span
    return start < last + key.settings.n_fft and stop > first - key.settings.n_fft


def level_for(frames_per_pixel: float, settings: SpectrumSettings) -> int:
    """The level whose columns are one to two pixels wide."""
    level = settings.finest
    while level < DEEPEST and (BASE_HOP << level) < frames_per_pixel:
        level += 1
    return level


def rows_for(pixels: float) -> int:
    """How many rows the whole axis needs if it were `pixels` tall on the screen."""
    return next((rows for rows in ROWS if rows >= 0.75 * pixels), ROWS[-1])


@dataclass(frozen=True, slots=True)
class Mosaic:
    """Tiles side by side: uint8 `(rows, columns)`, its first column at `start` frames."""

    image: np.ndarray
    start: int
    hop: int
    complete: bool  # every part is the sharp tile itself


class Spectrogram:
    """The tiles of one clip: those in view are computed, rough before sharp, near before far.

    `ready` is called (GUI thread) when the picture has changed.
    """

    def __init__(self, jobs: JobCenter, tiles: Tiles, ready: Callable[[], None]) -> None:
        self._jobs = jobs
        self._tiles = tiles
        self._ready = ready
        self._clip: AudioClip | None = None
        self._number = 0
        self._wanted: list[TileKey] = []
        self._asked: dict[TileKey, Job | None] = {}
        self._spoilt: set[TileKey] = set()  # asked for, and the sound changed since
        self._previewed = False  # tiles were made before the clip was read
        self._failed: set[TileKey] = set()

    def show(self, clip: AudioClip | None) -> None:
        """Picture another clip."""
        if clip is self._clip:
            return
        self.stop()
        self._clip = clip
        self._number = self._tiles.number(clip) if clip is not None else 0
        self._previewed = False
        self._failed.clear()

    def stop(self) -> None:
        """Ask for nothing more and call nobody."""
        self._clip, self._number = None, 0
        self._wanted = []
        for job in tuple(self._asked.values()):
            if job is not None:
                self._jobs.cancel(job)

    def spoil(self, start: int, stop: int) -> None:
        """Frames `start` to `stop` have changed."""
        if self._clip is not None and self._clip.preview is not None:
            self._previewed = True  # the picture of them was there before; see `mosaic`
            return
        self._tiles.spoil(self._number, start, stop)
        self._spoilt.update(key for key in self._asked if touches(key, start, stop))
        self._failed.clear()

    def mosaic(
        self,
        settings: SpectrumSettings,
        level: int,
        start: int,
        stop: int,
        focus: float,
        sounding: Iterable[tuple[int, int]] | None = None,
    ) -> Mosaic:
        """Join the tiles that picture frames `start` to `stop`, and ask for those that lack.

        `focus` (frames) says which come first. With `sounding`, only tiles that touch one of these
        spans are computed; the rest is still silence.
        """
        clip = self._clip
        assert clip is not None
        if clip.preview is not None:
            self._previewed = True
        elif self._previewed:  # once more from the sound itself: a preview is only nearly right
            self._previewed = False
            self.spoil(0, clip.frames)
        span = COLUMNS * (BASE_HOP << level)
        last = max(-(-clip.frames // span), 1)
        indices = range(max(start // span, 0), min(-(-stop // span), last))
        keys = [TileKey(level, i, settings, self._number) for i in indices]
        spans = None if sounding is None or self._previewed else tuple(sounding)
        image = np.zeros((settings.rows, len(keys) * COLUMNS), np.uint8)
        lacking, rough = [], []
        complete = True
        for place, key in enumerate(keys):
            part = image[:, place * COLUMNS : (place + 1) * COLUMNS]
            if spans is not None and not any(touches(key, a, b) for a, b in spans):
                continue
            tile = self._tiles.get(key)
            if tile is not None:
                part[:] = tile
            else:
                complete = False
                if self._borrow(key, part) > COARSE:
                    rough.append(_parent(key, min(COARSE, DEEPEST - level)))
            if not self._tiles.fresh(key):
                lacking.append(key)
        lacking.sort(key=lambda key: abs((key.index + 0.5) * span - focus))
        spare = [
            TileKey(level, i, settings, self._number)
            for i in (indices.stop, indices.start - 1)
            if spans is None and 0 <= i < last
        ]
        spare = [key for key in spare if not self._tiles.fresh(key)]
        self._want([*dict.fromkeys(rough), *lacking, *spare])
        hop = BASE_HOP << level
        return Mosaic(image, indices.start * span, hop, complete)

    def _borrow(self, key: TileKey, part: np.ndarray) -> int:
        """Fill a missing tile's place from other levels; returns how many levels off."""
        rows = len(part)
        for other in ROWS:
            tile = self._tiles.get(replace(key, settings=replace(key.settings, rows=other)))
            if tile is not None:
                part[:] = tile[np.arange(rows) * other // rows]
                return 0
        for up in range(1, DEEPEST - key.level + 1):
            tile = self._tiles.get(_parent(key, up))
            if tile is not None:
                first = (key.index * COLUMNS >> up) % COLUMNS
                part[:] = np.repeat(tile[:, first : first + max(COLUMNS >> up, 1)], 1 << up, 1)[
                    :, :COLUMNS
                ]
                return up
            if up == 1 and self._borrow_finer(key, part):
                return 0
        return DEEPEST

    def _borrow_finer(self, key: TileKey, part: np.ndarray) -> bool:
        if key.level == 0:
            return False
        found = False
        half = COLUMNS // 2
        for k in (0, 1):
            child = TileKey(key.level - 1, 2 * key.index + k, key.settings, key.clip)
            tile = self._tiles.get(child)
            if tile is not None:
                part[:, k * half : (k + 1) * half] = np.maximum(tile[:, ::2], tile[:, 1::2])
                found = True
        return found

    def _want(self, keys: list[TileKey]) -> None:
        self._wanted = [key for key in keys if key not in self._failed]
        wanted = set(self._wanted)
        for key, job in tuple(self._asked.items()):
            if key not in wanted and job is not None:
                self._jobs.cancel(job)
        self._pump()

    def _pump(self) -> None:
        clip = self._clip
        if clip is None:
            return
        for key in self._wanted:
            if len(self._asked) >= IN_FLIGHT:
                return
            if key not in self._asked and not self._tiles.fresh(key):
                self._asked[key] = None
                self._spoilt.discard(key)
                job = self._jobs.submit(
                    "Picture",
                    lambda key=key: tasks.tile(clip.preview or clip, key),
                    "tiles",
                    lambda event, key=key: self._answer(key, event),
                )
                if key in self._asked:
                    self._asked[key] = job

    def _answer(self, key: TileKey, event: Event) -> None:
        if not isinstance(event, Ended):
            return
        self._asked.pop(key, None)
        stale = key in self._spoilt
        self._spoilt.discard(key)
        if event.state is State.DONE:
            self._tiles.put(key, event.result, stale)
            if key.clip == self._number:
                self._ready()
        elif event.state is State.FAILED:
            self._failed.add(key)  # the sound cannot be read: no use asking again and again
        self._pump()


def _parent(key: TileKey, up: int) -> TileKey:
    return TileKey(key.level + up, key.index >> up, key.settings, key.clip)
