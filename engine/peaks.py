"""The picture of a waveform at every zoom: minima and maxima over blocks of frames."""

from __future__ import annotations

import threading

import numpy as np

BLOCK = 256  # frames in one block of the finest level
FACTOR = 8  # blocks of one level in one block of the next
LEVELS = 5


class Peaks:
    """A min/max pyramid over all channels of a clip, filled in any order while it is written.

    Level `k` holds float32 `(blocks, 2)`: minimum and maximum of `BLOCK * FACTOR**k` frames.
    """

    def __init__(self, frames: int) -> None:
        self._lock = threading.Lock()
        self._levels: list[np.ndarray] = []
        self._allocate(frames)

    def _allocate(self, frames: int) -> None:
        old = self._levels
        levels: list[np.ndarray] = []
        for level in range(LEVELS):
            blocks = -(-frames // (BLOCK * FACTOR**level)) or 1
            grown = np.zeros((blocks, 2), np.float32)
            if old:
                keep = min(blocks, len(old[level]))
                grown[:keep] = old[level][:keep]
            levels.append(grown)
        self._levels = levels  # at once: `query` reads without the lock
        self.frames = frames

    def resize(self, frames: int) -> None:
        """Follow a clip whose true length became known; what was measured stays."""
        with self._lock:
            self._allocate(frames)

    def update(self, start: int, samples: np.ndarray) -> None:
        """Take in float32 `(channels, n)` written at frame `start`, each frame once."""
        if samples.shape[1] == 0:
            return
        low = high = samples[0]
        for channel in samples[1:]:  # 30 times faster than `min(0)` on interleaved sound
            low, high = np.minimum(low, channel), np.maximum(high, channel)
        first = start // BLOCK
        pad = start - first * BLOCK
        blocks = -(-(pad + len(low)) // BLOCK)
        edges = np.maximum(np.arange(blocks) * BLOCK - pad, 0)
        fresh = np.stack([np.minimum.reduceat(low, edges), np.maximum.reduceat(high, edges)], 1)
        with self._lock:
            for number, level in enumerate(self._levels):
                stop = min(first + len(fresh), len(level))
                if first >= stop:
                    return
                span = level[first:stop]
                np.minimum(span[:, 0], fresh[: stop - first, 0], out=span[:, 0])
                np.maximum(span[:, 1], fresh[: stop - first, 1], out=span[:, 1])
                if number + 1 < LEVELS:
                    above = first // FACTOR
                    count = -(-stop // FACTOR) - above
                    cuts = np.maximum((above + np.arange(count)) * FACTOR - first, 0)
                    fresh = np.stack(
                        [
                            np.minimum.reduceat(span[:, 0], cuts),
                            np.maximum.reduceat(span[:, 1], cuts),
                        ],
                        1,
                    )
                    first = above

    def query(self, start: float, stop: float, columns: int) -> np.ndarray:
        """Return float32 `(columns, 2)`: minimum and maximum of `columns` equal spans of frames.

        Meant for spans of at least `BLOCK` frames a column; nearer than that, read the samples.
        Frames outside the clip are silence.
        """
        width = (stop - start) / columns
        number = 0
        while number + 1 < LEVELS and width >= BLOCK * FACTOR ** (number + 1):
            number += 1
        level = self._levels[number]
        size = BLOCK * FACTOR**number
        edges = (start + width * np.arange(columns + 1)) / size
        first = np.floor(edges[:-1]).astype(np.int64)
        last = np.maximum(np.ceil(edges[1:]).astype(np.int64), first + 1)
        inside = (last > 0) & (first < len(level))
        out = np.zeros((columns, 2), np.float32)
        if inside.any():
            a = np.clip(first[inside], 0, len(level) - 1)
            b = np.clip(last[inside], a + 1, len(level))
            near = level[a[0] : b[-1]]
            padded = np.vstack([near, near[-1:]])  # so that an end index may be len(near)
            pairs = np.stack([a, b], 1).ravel() - a[0]
            out[inside, 0] = np.minimum.reduceat(padded[:, 0], pairs)[::2]
            out[inside, 1] = np.maximum.reduceat(padded[:, 1], pairs)[::2]
        return out
