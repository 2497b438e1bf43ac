"""Sound of a file that is still being read, found by seeking: for pictures only.

Three hours take a while to read; the picture of them needs a few hundred short looks.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Protocol

import numpy as np

from engine.peaks import Peaks

if TYPE_CHECKING:
    from engine.types import AudioClip

LONGEST_READ = 1 << 21  # frames looked for at a time: 16 MB of stereo


class Seeker(Protocol):
    """Reads from anywhere in a file: to the frame where `exact`, else near enough for a picture."""

    exact: bool

    def read(self, start: int, stop: int) -> np.ndarray:
        """Return float32 `(channels, stop - start)`; what cannot be found is silence."""

    def close(self) -> None:
        """Give the file back."""


class Preview:
    """Stands in for a clip until its job has written it all; any thread may read.

    What is written already comes from the clip. `peaks` has the minima and maxima of what was
    looked at elsewhere, so it is full of holes.
    """

    def __init__(self, clip: AudioClip, seeker: Seeker) -> None:
        self.settled = 0  # frames from the start that are in the clip; moved by the clip's job
        self.peaks = Peaks(clip.frames)
        self._clip = clip
        self._seeker: Seeker | None = seeker
        self._lock = threading.Lock()

    @property
    def frames(self) -> int:
        """Length, as far as it is known."""
        return self._clip.frames

    @property
    def rate(self) -> int:
        """Frames a second."""
        return self._clip.rate

    def read(self, start: int, stop: int) -> np.ndarray:
        """Return float32 `(channels, stop - start)`, near enough for a picture."""
        first, last = max(start, 0), min(stop, self.frames)
        if last <= max(self.settled, first) or last - first > LONGEST_READ:
            return self._clip.read(start, stop)
        with self._lock:
            if self._seeker is None:
                return self._clip.read(start, stop)
            found = self._seeker.read(first, last)
        out = np.zeros((self._clip.channels, stop - start), np.float32)
        out[:, first - start : last - start] = found
        self.peaks.update(first, found)
        return out

    def close(self) -> None:
        """Give the file back; from now on everything comes from the clip."""
        with self._lock:
            seeker, self._seeker = self._seeker, None
        if seeker is not None:
            seeker.close()
