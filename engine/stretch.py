"""Sound at another speed or pitch, as a stream whose every frame has a known place in its source.

A phase vocoder: overlapping grains are taken from the source at the wanted speed and laid down at
an even pace, each rotated in phase so that it goes on where the one before left off. Pitch is
changed by stretching and then converting the rate.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import soxr

Read = Callable[[int], np.ndarray]  # the next n frames of a source, float32 (channels, n)

SLOWEST, FASTEST = 0.25, 2.0
WIDEST_CENTS = 1200.0  # transposition up or down
GRAIN = 0.093  # seconds: parts partials 25 Hz apart; longer ones smear what is struck
OVERLAP = 4  # grains that sound at once
FINE = 0.001  # seconds: how finely strikes are looked for
BEFORE, AFTER = 30, 20  # of these: what a strike rises above, and what must have risen
RISE = 6.0  # energy of a strike against what came before
APART = 0.05  # seconds between two strikes
TAPER = 0.001  # seconds in which a grain ends before a strike that is not its own
CHUNK = 1024  # frames of the source that are asked for at once


def ratio(cents: float) -> float:
    """Return what a transposition multiplies frequencies by."""
    return 2.0 ** (cents / 1200.0)


class Stretcher:
    """A source at `speed` times its pace, `cents` higher; both stay as they are for its life.

    Frame `n` that `read` gives is the source's frame `lead + n * speed`: `lead` frames are heard
    before, so that the very first one sounds whole. What is struck keeps its place exactly.
    """

    def __init__(self, source: Read, rate: int, speed: float, cents: float = 0.0) -> None:
        self._source = source
        self._rate = rate
        ratio_ = ratio(cents)
        self._hop = round(rate * GRAIN / OVERLAP)
        self._size = self._hop * OVERLAP
        self._step = speed / ratio_  # frames of the source per stretched frame
        warm = math.ceil(self._size / ratio_)  # frames given away until all grains overlap
        self._skip = warm
        self.lead = math.ceil(warm * speed) + self._size // 2 + self._hop
        self._origin = self.lead - warm * speed  # the source's frame of stretched frame 0
        self._strikes = _Strikes(rate)
        hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(self._size) / self._size)
        self._window = (hann * math.sqrt(8 / (3 * OVERLAP))).astype(np.float32)  # squares add to 1
        self._heard = np.zeros((2, 0), np.float32)  # of the source, from frame `_base`
        self._base = 0
        self._grain = 0  # number of the next grain
        self._before: np.ndarray | None = None  # spectrum of the last grain put out
        self._sum = np.zeros((2, self._size), np.float32)  # overlapping grains, not yet complete
        self._weight = np.zeros(self._size, np.float32)  # of each frame in that; 1 when complete
        self._converter: soxr.ResampleStream | None = None
        if cents:
            self._converter = soxr.ResampleStream(
                rate * ratio_, rate, 2, dtype="float32", quality="HQ"
            )
        self._ready = np.zeros((2, 0), np.float32)

    def read(self, frames: int) -> np.ndarray:
        """Return the next float32 `(2, frames)`."""
        wanted = frames + self._skip
        parts, have = [self._ready], self._ready.shape[1]
        while have < wanted:
            part = self._next()
            if self._converter is not None:
                part = self._converter.resample_chunk(np.ascontiguousarray(part.T)).T
            parts.append(part)
            have += part.shape[1]
        joined = np.concatenate(parts, 1)
        out = joined[:, self._skip : wanted].copy()
        self._skip = 0
        self._ready = joined[:, wanted:].copy()
        return out

    def _next(self) -> np.ndarray:
        """Lay the next grain down; return the `_hop` frames that are complete now."""
        half, number = self._size // 2, self._grain
        self._grain += 1
        centre = self._origin + (number * self._hop + half) * self._step
        self._hear(math.ceil(centre) + half + 2 * self._hop)
        at, struck, cut = round(centre), False, None
        for strike in self._strikes.between(at - half, at + half):
            owner = self._owner(strike)
            if owner == number and not struck:
                # Taken from where it lands on its moment, whatever the speed.
                at, struck = round(strike - (strike - centre) / self._step), True
            elif owner > number:
                cut = strike
                break
        turned = here = self._spectrum(at, cut)
        if self._before is not None:
            turned = _continue(self._before, self._spectrum(at - self._hop, cut), here, struck)
        self._before = turned
        self._sum += np.fft.irfft(turned, self._size, axis=1) * self._window
        self._weight += self._window * self._shape(at, cut)
        done = self._sum[:, : self._hop] / np.maximum(self._weight[: self._hop], 0.1)
        for kept in (self._sum.T, self._weight):
            kept[: -self._hop] = kept[self._hop :].copy()
            kept[-self._hop :] = 0.0
        return done

    def _owner(self, strike: int) -> int:
        """The number of the grain whose middle is nearest to a strike: the first to hold it."""
        return round(((strike - self._origin) / self._step - self._size // 2) / self._hop)

    def _spectrum(self, centre: int, cut: int | None) -> np.ndarray:
        """Return complex64 `(2, bins)` of the source around a frame, without what follows `cut`."""
        start = centre - self._size // 2 - self._base
        taken = np.zeros((2, self._size), np.float32)
        taken[:, max(-start, 0) :] = self._heard[:, max(start, 0) : start + self._size]
        return np.fft.rfft(taken * self._shape(centre, cut), axis=1)

    def _shape(self, centre: int, cut: int | None) -> np.ndarray:
        """Return the window around a frame, float32 `(size)`; it ends at `cut` if that is given."""
        if cut is None:
            return self._window
        left = cut - centre + self._size // 2 - np.arange(self._size)  # frames until the cut
        fade = np.clip(left / (TAPER * self._rate), 0.0, 1.0)
        return (self._window * fade).astype(np.float32)

    def _hear(self, stop: int) -> None:
        """Know the source up to a frame, and forget what no grain will need."""
        missing = stop - self._base - self._heard.shape[1]
        if missing > 0:
            parts = [self._heard]
            for _ in range(math.ceil(missing / CHUNK)):
                part = self._source(CHUNK)
                self._strikes.hear(part)
                parts.append(part)
            self._heard = np.concatenate(parts, 1)
        keep = stop - 2 * self._size - 4 * self._hop
        if keep - self._base > self._size:
            self._heard = self._heard[:, keep - self._base :].copy()
            self._base = keep
            self._strikes.forget(keep)


def _continue(
    before: np.ndarray, earlier: np.ndarray, here: np.ndarray, struck: bool
) -> np.ndarray:
    """Turn a spectrum so that it follows `before`, which was put out one hop ago.

    `earlier` is the source one hop before `here`: what turned it into `before` goes on turning
    `here`. Bins around a peak turn together and so do the channels, so that a partial keeps its
    shape and its place between left and right. When `struck`, what has risen is not turned: a
    stroke sounds as it is. All complex64 `(2, bins)`.
    """
    power = _power(here)
    starts = _regions(power)
    turn = np.add.reduceat((before * earlier.conj()).sum(0), starts)
    size = np.abs(turn)
    turn = np.where(size > 1e-20, turn / np.maximum(size, 1e-20), 1.0)
    if struck:
        risen = np.add.reduceat(power, starts) > 2 * np.add.reduceat(_power(earlier), starts)
        turn[risen] = 1.0
    counts = np.diff(starts, append=len(power))
    return here * np.repeat(turn, counts).astype(np.complex64)


def _power(spectrum: np.ndarray) -> np.ndarray:
    return (spectrum.real**2 + spectrum.imag**2).sum(0)


def _regions(power: np.ndarray) -> np.ndarray:
    """Return the first bin of each peak's region; a region ends halfway to the next peak."""
    middle = power[2:-2]
    left = (middle > power[1:-3]) & (middle > power[:-4])
    right = (middle >= power[3:-1]) & (middle >= power[4:])
    peaks = np.flatnonzero(left & right) + 2
    between = (peaks[1:] + peaks[:-1] + 1) // 2
    return np.concatenate([[0], between])


class _Strikes:
    """Where a source is struck: drums, plosives, clicks; found as it is heard."""

    def __init__(self, rate: int) -> None:
        self._block = round(FINE * rate)
        self._apart = round(APART * rate)
        self._found: list[int] = []
        self._rest = np.zeros(0, np.float32)  # squared slopes not yet in a block
        self._last = np.zeros(2, np.float32)  # the last sample of each channel
        self._slopes = np.zeros(0, np.float32)  # squared, of the blocks that are kept
        self._first = 0  # number of the first block that is kept
        self._looked = BEFORE  # number of the next block to be looked at

    def hear(self, samples: np.ndarray) -> None:
        """Take the next float32 `(2, n)` of the source."""
        slopes = np.diff(samples, axis=1, prepend=self._last[:, None])
        self._last = samples[:, -1].copy()
        joined = np.concatenate([self._slopes, self._rest, (slopes**2).sum(0)])
        whole = len(joined) // self._block
        self._slopes, self._rest = np.split(joined, [whole * self._block])
        energy = self._slopes.reshape(whole, self._block).sum(1, dtype=np.float64)
        self._look(energy)
        spare = min(self._looked - self._first - BEFORE, whole)
        if spare > 0:
            self._slopes = self._slopes[spare * self._block :]
            self._first += spare

    def _look(self, energy: np.ndarray) -> None:
        """Look at the blocks whose surroundings are known; `energy` is of the kept ones."""
        total = np.concatenate([[0.0], np.cumsum(energy)])
        numbers = np.arange(self._looked - self._first, len(energy) - AFTER)
        if not len(numbers):
            return
        before = (total[numbers] - total[numbers - BEFORE]) / BEFORE + 1e-12
        after = (total[numbers + AFTER] - total[numbers]) / AFTER
        struck = (energy[numbers] > RISE * before) & (after > RISE * before)
        for number in numbers[struck]:
            inside = self._slopes[number * self._block : (number + 1) * self._block]
            first = int(np.argmax(inside > inside.max() / 4))
            frame = (self._first + int(number)) * self._block + first
            if not self._found or frame - self._found[-1] > self._apart:
                self._found.append(frame)
        self._looked = self._first + len(energy) - AFTER

    def between(self, start: int, stop: int) -> list[int]:
        """The frames from `start` to `stop` that are struck, in order."""
        return [frame for frame in self._found if start <= frame < stop]

    def forget(self, before: int) -> None:
        """Forget what lies before a frame."""
        self._found = [frame for frame in self._found if frame >= before]
