"""The pitch of one voice while it sounds: small and quick, for live input.

The method is McLeod's: the autocorrelation, normalised by the energy of the two parts that are
compared, has a maximum at every multiple of the period; the first one nearly as high as the
highest is the period. P. McLeod and G. Wyvill, "A smarter way to find pitch", ICMC 2005.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

SECONDS = 0.0464  # of sound in one estimate: three periods of C2
LOWEST, HIGHEST = 55.0, 1500.0  # Hz; a voice
NEAR = 0.9  # of the highest maximum: the first one above this is the period
CLEAR = 0.8  # a maximum below this is noise, or several voices
QUIET = 10.0 ** (-60.0 / 20.0)  # root mean square below which nobody sings


class Pitch(NamedTuple):
    """`hz` is NaN where nothing is sung; `clarity` runs from 0, noise, to 1, one steady period."""

    hz: float
    clarity: float


SILENT = Pitch(math.nan, 0.0)


class PitchTracker:
    """Estimates the pitch of `frames` frames of one channel at a time."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.frames = 2 ** round(math.log2(rate * SECONDS))
        self._padded = 2 * self.frames
        self._first = max(math.floor(rate / HIGHEST), 2)  # the shortest lag that is a pitch
        self._last = min(math.ceil(rate / LOWEST), self.frames - 2)

    def estimate(self, sound: np.ndarray) -> Pitch:
        """Return the pitch of float32 `(frames,)`, right in the middle of them."""
        sound = sound - sound.mean(dtype=np.float64)
        power = float(np.dot(sound, sound))
        if not power > QUIET**2 * len(sound):
            return SILENT
        spectrum = np.fft.rfft(sound, self._padded)
        power_spectrum = spectrum.real**2 + spectrum.imag**2
        same = np.fft.irfft(power_spectrum, self._padded)[: self._last + 2]
        ends = np.cumsum(np.square(sound))
        lags = np.arange(1, self._last + 2)
        both = np.empty(self._last + 2)  # the energy of the parts that each lag compares
        both[0] = 2 * ends[-1]
        both[1:] = ends[-1] - ends[lags - 1] + ends[-1 - lags]
        likeness = 2 * same / np.maximum(both, 1e-12)
        return self._first_near_highest(likeness)

    def _first_near_highest(self, likeness: np.ndarray) -> Pitch:
        below = np.flatnonzero(likeness < 0)
        if not len(below):
            return SILENT
        start = max(int(below[0]), self._first)  # past the maximum at lag 0
        inner = likeness[start : self._last + 1]
        tops = start + np.flatnonzero(
            (inner > likeness[start - 1 : self._last])
            & (inner >= likeness[start + 1 : self._last + 2])
        )
        if not len(tops):
            return SILENT
        highest = float(likeness[tops].max())
        if highest < CLEAR:
            return Pitch(math.nan, max(highest, 0.0))
        top = int(tops[likeness[tops] >= NEAR * highest][0])
        lag, height = _vertex(likeness, top)
        return Pitch(self.rate / lag, min(height, 1.0))


def _vertex(curve: np.ndarray, at: int) -> tuple[float, float]:
    """Place and height of the parabola through three neighbouring values."""
    left, middle, right = (float(value) for value in curve[at - 1 : at + 2])
    bend = left - 2 * middle + right
    shift = 0.5 * (left - right) / bend if bend < 0 else 0.0
    return at + shift, middle - 0.25 * (left - right) * shift
