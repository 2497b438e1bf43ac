"""How loud a file is: integrated loudness and true peak, measured as it streams by.

ITU-R BS.1770-4: the sound is weighted as the head and the ear do, and averaged over blocks of 0.4 s
that pass two gates; the true peak is what lies between the samples too. Channels count as they
stand in the file, so a mono file reads 3 LU less than the same sound in stereo.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from engine.events import Progress, Work
from engine.mixer import Mixdown
from engine.silences import silenced
from engine.types import AudioClip, Track

STEP, PER_BLOCK = 0.1, 4  # seconds between two blocks; steps in a block
PART = 5.0  # seconds measured between two chances to cancel
TAPS = 16  # samples that a point between samples is made of
CHUNK = 512  # frames that are looked at between the samples together, or not at all
SILENT = -math.inf
FULL_SCALE_TP = -1.0  # dBTP that a file should stay below: lossy codecs overshoot


@dataclass(frozen=True, slots=True)
class Loudness:
    """Integrated loudness in LUFS and true peak in dBTP; -inf for silence."""

    lufs: float
    peak_db: float

    def louder(self, gain_db: float) -> Loudness:
        """The same sound with a gain."""
        return Loudness(self.lufs + gain_db, self.peak_db + gain_db)


class LoudnessMeter:
    """Takes a sound block by block; a number for every 0.1 s is all that it keeps."""

    def __init__(self, rate: int, channels: int) -> None:
        from engine.matching import k_weighting  # brings SciPy, which a window need not wait for

        self._sections = k_weighting(rate)
        self._state = np.zeros((len(self._sections), channels, 2))
        self._step = max(round(STEP * rate), 1)
        self._steps: list[np.ndarray] = []  # mean squares, summed over the channels
        self._rest = np.zeros(0)  # squares that do not fill a step yet
        self._between = _Between(rate, channels)

    def feed(self, sound: np.ndarray) -> None:
        """Take in the float32 `(channels, n)` that follow."""
        from scipy import signal

        weighted, self._state = signal.sosfilt(self._sections, sound, axis=1, zi=self._state)
        squares = np.concatenate([self._rest, np.square(weighted).sum(0)])
        whole = len(squares) // self._step
        self._steps.append(squares[: whole * self._step].reshape(whole, self._step).mean(1))
        self._rest = squares[whole * self._step :]
        self._between.feed(sound)

    @property
    def result(self) -> Loudness:
        """The loudness of what was fed."""
        from engine.matching import gated

        steps = np.concatenate([np.zeros(0), *self._steps])
        if len(steps) >= PER_BLOCK:
            powers = np.convolve(steps, np.full(PER_BLOCK, 1 / PER_BLOCK), "valid")
        else:  # shorter than a block: all there is
            parts = [np.repeat(steps, self._step), self._rest]
            powers = np.concatenate(parts).mean(keepdims=True) if sum(map(len, parts)) else steps
        peak = self._between.peak
        return Loudness(gated(powers), 20 * math.log10(peak) if peak > 0 else SILENT)


class _Between:
    """The highest level at and between the samples, at four times the rate (BS.1770-4, annex 2).

    A chunk so quiet that nothing between its samples can exceed what was found is passed over.
    """

    def __init__(self, rate: int, channels: int) -> None:
        self.peak = 0.0
        self._times = 4 if rate < 80_000 else 2 if rate < 160_000 else 1
        self._kernel, self._overshoot = _kernel(self._times)
        self._before = np.zeros((channels, TAPS), np.float32)

    def feed(self, sound: np.ndarray) -> None:
        """Take in float32 `(channels, n)`."""
        if not sound.shape[1]:
            return
        self.peak = max(self.peak, float(np.abs(sound).max()))
        if self._times == 1:
            return
        from scipy import signal

        held = np.concatenate([self._before, sound], 1)
        self._before = held[:, -TAPS:].copy()
        for channel in held:
            for chunks in self._loud(channel):
                filled = signal.upfirdn(self._kernel, chunks, self._times, axis=1)
                inner = filled[:, TAPS * self._times : chunks.shape[1] * self._times]
                self.peak = max(self.peak, float(np.abs(inner).max(initial=0.0)))

    def _loud(self, channel: np.ndarray) -> Iterator[np.ndarray]:
        """Chunks with the `TAPS` frames before them that may hold a new peak, `(n, frames)`."""
        fresh = len(channel) - TAPS
        whole = fresh // CHUNK
        if whole:
            windows = np.lib.stride_tricks.sliding_window_view(channel, CHUNK + TAPS)[::CHUNK]
            windows = windows[:whole]
            loud = np.abs(windows).max(1) * self._overshoot > self.peak
            if loud.any():
                yield windows[loud]
        if fresh > whole * CHUNK:
            yield channel[None, whole * CHUNK :]


@lru_cache(maxsize=4)
def _kernel(times: int) -> tuple[np.ndarray, float]:
    """A low-pass that fills in `times - 1` points per sample, and the most it can overshoot by."""
    if times == 1:
        return np.ones(1, np.float32), 1.0
    middle = TAPS * times // 2
    at = np.arange(TAPS * times + 1) - middle
    kernel = np.sinc(at / times) * np.kaiser(len(at), 5.0)
    overshoot = max(float(np.abs(kernel[phase::times]).sum()) for phase in range(times))
    return kernel.astype(np.float32), overshoot


def measure_clip(clip: AudioClip, silences: Sequence[tuple[float, float]] = ()) -> Work:
    """Measure a clip as `export_clip` would write it; returns its `Loudness`."""

    def read(start: int, stop: int) -> np.ndarray:
        return silenced(clip.read(start, stop), start, clip.rate, silences)

    return (yield from _measure(read, clip.frames, clip.channels, clip.rate))


def measure_mix(tracks: Sequence[Track], rate: int) -> Work:
    """Measure what is heard of tracks as `export_mix` would write it; returns its `Loudness`."""
    mix = Mixdown(tracks, rate)
    return (yield from _measure(lambda start, stop: mix.read(stop - start), mix.frames, 2, rate))


def _measure(read: Callable[[int, int], np.ndarray], frames: int, channels: int, rate: int) -> Work:
    meter = LoudnessMeter(rate, channels)
    size = round(PART * rate)
    for start in range(0, frames, size):
        yield Progress(start / frames, "Measuring loudness")
        meter.feed(read(start, min(start + size, frames)))
    return meter.result


def gain_to(target: float, found: Loudness) -> float:
    """The gain in dB that brings a sound to a loudness, or as near as its peaks allow.

    Nothing is limited: a gain that would lift the true peak over -1 dBTP is cut to that.
    """
    if not math.isfinite(found.lufs):
        return 0.0
    return min(target - found.lufs, FULL_SCALE_TP - found.peak_db)


def gain_below(found: Sequence[Loudness]) -> float:
    """The one gain in dB, at most 0, that keeps all of these below -1 dBTP, if one would clip.

    Those that stay below full scale as they are stay untouched.
    """
    peak = max((each.peak_db for each in found), default=SILENT)
    return FULL_SCALE_TP - peak if peak > 0.0 else 0.0
