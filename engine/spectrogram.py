"""Spectrograms in tiles: 256 columns of sound as a small picture of decibels, at any zoom.

Level 0 has a column every `BASE_HOP` frames, each further level half as many. Where columns are
far apart, each is the loudest of a few windows spread over its time, so that the cost of a tile
does not grow with the zoom and a short sound is unlikely to fall between two columns.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from engine.jobs import check_cancelled
from engine.preview import Preview

if TYPE_CHECKING:
    from engine.types import AudioClip

COLUMNS = 256  # of one tile
BASE_HOP = 64  # frames between columns at level 0
LEVEL_DB = -125.0  # what tile value 0 means: this or less
DB_STEP = 0.5  # what one step of a tile value means
TOP_HZ = 22050.0
LOW_HZ = {"log": 32.703, "mel": 0.0, "linear": 0.0}  # log: from C1
SUBFRAMES = 2  # windows in one column, at most
BATCH = 1 << 18  # samples transformed at a time: a megabyte, kind to the processor's cache
TAPS = 4  # neighbouring bins on each side when a row falls between two bins
BLOCK_ROWS = 16  # rows interpolated at a time: too little for BLAS to wake other threads
NOTES = ("C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B")


@dataclass(frozen=True, slots=True)
class SpectrumSettings:
    """What a tile shows. `scale` is "log", "mel" or "linear"; `rows` span the whole axis."""

    n_fft: int = 2048
    scale: str = "log"
    rows: int = 256

    @property
    def finest(self) -> int:
        """The lowest level worth computing: a nearer column would show the same window again."""
        return max((self.n_fft // (64 * BASE_HOP)).bit_length() - 1, 0)


@dataclass(frozen=True, slots=True)
class TileKey:
    """One tile: columns `index * COLUMNS …` of a level. `clip` tells clips apart in a cache."""

    level: int
    index: int
    settings: SpectrumSettings = SpectrumSettings()
    clip: int = 0

    @property
    def hop(self) -> int:
        """Frames from column to column."""
        return BASE_HOP << self.level

    @property
    def span(self) -> tuple[int, int]:
        """First frame and the frame after the last of the time it pictures."""
        return self.index * COLUMNS * self.hop, (self.index + 1) * COLUMNS * self.hop


def _mel(hz: float) -> float:
    return 2595.0 * math.log10(1.0 + hz / 700.0)


def to_unit(hz: float, settings: SpectrumSettings) -> float:
    """Place of a frequency on the axis: 0 at the low end, 1 at the high end."""
    low = LOW_HZ[settings.scale]
    if settings.scale == "log":
        return math.log(max(hz, 1e-3) / low) / math.log(TOP_HZ / low)
    if settings.scale == "mel":
        return _mel(max(hz, 0.0)) / _mel(TOP_HZ)
    return hz / TOP_HZ


def to_hz(unit: float, settings: SpectrumSettings) -> float:
    """Frequency at a place on the axis; the inverse of `to_unit`."""
    low = LOW_HZ[settings.scale]
    if settings.scale == "log":
        return float(low * (TOP_HZ / low) ** unit)
    if settings.scale == "mel":
        return float(700.0 * (10.0 ** (unit * _mel(TOP_HZ) / 2595.0) - 1.0))
    return unit * TOP_HZ


def note_of(hz: float) -> tuple[str, float]:
    """Nearest note and the cents above it: `note_of(440) == ("A4", 0.0)`; C4 is MIDI note 60."""
    pitch = 69.0 + 12.0 * math.log2(hz / 440.0)
    nearest = round(pitch)
    return f"{NOTES[nearest % 12]}{nearest // 12 - 1}", 100.0 * (pitch - nearest)


def level_of(value: float) -> float:
    """Decibels (re a full-scale sine) that a tile value stands for."""
    return LEVEL_DB + DB_STEP * value


@dataclass(frozen=True, slots=True)
class _Warp:
    """How bins become rows: `fine` rows lie between bins, each `coarse` one holds several.

    `fine` has `(first bin, matrix (rows, bins))` per block of rows; `cuts` starts each coarse row
    and ends the last.
    """

    fine: tuple[tuple[int, np.ndarray], ...]
    cuts: np.ndarray


@lru_cache(maxsize=32)
def _warp(settings: SpectrumSettings, rate: int) -> _Warp:
    edges = np.array([to_hz(k / settings.rows, settings) for k in range(settings.rows + 1)])
    edges = edges[edges < rate / 2 + edges[1] - edges[0]] * settings.n_fft / rate  # in bins
    bins = settings.n_fft // 2 + 1
    between = int(np.searchsorted(np.diff(edges) >= 1.0, True))
    centres = (edges[:between] + edges[1 : between + 1]) / 2
    fine = []
    for at in range(0, between, BLOCK_ROWS):
        places = centres[at : at + BLOCK_ROWS, None]
        first = int(places[0, 0]) - TAPS
        last = min(int(places[-1, 0]) + TAPS + 1, bins - 1)
        taps = np.arange(first, last + 1)[None]
        away = places - taps
        kernel = np.sinc(away) * np.sinc(away / (TAPS + 1)) * (abs(away) <= TAPS + 1)
        # Seen from the middle of the window, the spectrum turns by half a circle less per bin.
        fine.append((first, (kernel * (1 - 2 * (taps % 2))).astype(np.float32)))
    cuts = np.minimum(np.rint(edges[between:]).astype(np.int64), bins)
    return _Warp(tuple(fine), cuts[: int(np.searchsorted(cuts, bins)) + 1])


def tile(clip: AudioClip | Preview, key: TileKey) -> np.ndarray:
    """Compute one tile: uint8 `(rows, COLUMNS)`, low rows low in pitch; see `level_of`.

    A sine of full scale in any channel reads 0 dB; rows above half the clip's rate stay 0.
    """
    settings, n_fft = key.settings, key.settings.n_fft
    warp = _warp(settings, clip.rate)
    between = sum(len(matrix) for _, matrix in warp.fine)
    used = between + max(len(warp.cuts) - 1, 0)
    power = np.zeros((used, COLUMNS), np.float32)
    windows = min(max(2 * key.hop // n_fft, 1), SUBFRAMES)
    if isinstance(clip, Preview) and key.hop > 2 * n_fft:
        windows = 1  # each is a seek, and soon the clip itself is there
    step = key.hop // windows
    batch = max(BATCH // (n_fft * windows), 1)
    for at in range(0, COLUMNS, batch):
        check_cancelled()
        count = min(batch, COLUMNS - at)
        first = (key.index * COLUMNS + at) * key.hop + step // 2 - n_fft // 2
        for frames in _windows(clip, first, step, count * windows, n_fft):
            heard = _rows(frames, warp)
            for k in range(windows):
                part = power[:, at : at + count]
                np.maximum(part, heard[:, k::windows], out=part)
    out = np.zeros((settings.rows, COLUMNS), np.uint8)
    out[:used] = _values(power, n_fft)
    return out


def columns(sound: np.ndarray, rate: int, hop: int, settings: SpectrumSettings) -> np.ndarray:
    """Picture sound that comes in: uint8 `(rows, n)`, the same values as in a tile.

    `sound` is float32 `(channels, n_fft + (n - 1) * hop)`; column k shows `n_fft` frames from
    frame `k * hop` on.
    """
    warp = _warp(settings, rate)
    power: np.ndarray | None = None
    for channel in sound:
        part = _rows(sliding_window_view(channel, settings.n_fft)[::hop], warp)
        power = part if power is None else np.maximum(power, part)
    assert power is not None
    out = np.zeros((settings.rows, power.shape[1]), np.uint8)
    out[: len(power)] = _values(power, settings.n_fft)
    return out


def _values(power: np.ndarray, n_fft: int) -> np.ndarray:
    """Powers of rows as tile values; a sine of full scale is 0 dB."""
    scale = 10.0 / math.log(10.0) / DB_STEP
    reference = (_window(n_fft).sum() / 2.0) ** 2
    level = np.log(np.maximum(power / np.float32(reference), 1e-13)) * np.float32(scale)
    values: np.ndarray = np.clip(np.rint(level - LEVEL_DB / DB_STEP), 0, 255)
    return values


def _window(n_fft: int) -> np.ndarray:
    return (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n_fft) / n_fft)).astype(np.float32)


def _windows(
    clip: AudioClip | Preview, first: int, step: int, count: int, n_fft: int
) -> Iterator[np.ndarray]:
    """Per channel, `(count, n_fft)` frames, `step` apart, from frame `first`."""
    if first + (count - 1) * step + n_fft <= 0 or first >= clip.frames:
        return
    if step <= 2 * n_fft:
        sound = clip.read(first, first + (count - 1) * step + n_fft)
        hop = step
    else:
        starts = range(first, first + count * step, step)
        sound = np.concatenate([clip.read(start, start + n_fft) for start in starts], 1)
        hop = n_fft
    alike = len(sound) == 2 and np.array_equal(sound[0], sound[1])
    for channel in sound[: 1 if alike else None]:
        yield sliding_window_view(channel, n_fft)[::hop]


def _rows(frames: np.ndarray, warp: _Warp) -> np.ndarray:
    """Power of each row of the axis, float32 `(rows, windows)`."""
    from scipy.fft import rfft  # half a second to import: on the lane, not at the start

    n_fft = frames.shape[1]
    spectrum = rfft(frames * _window(n_fft), axis=1, workers=1).T  # (bins, windows)
    parts = []
    for first, matrix in warp.fine:
        bins = spectrum[max(first, 0) : first + matrix.shape[1]]
        if first < 0:  # a real sound's spectrum below 0 Hz mirrors the one above
            bins = np.concatenate([spectrum[-first:0:-1].conj(), bins])
        bins = np.ascontiguousarray(bins, np.complex64).view(np.float32)
        parts.append(_square((matrix @ bins).view(np.complex64)))
    if len(warp.cuts) > 1:
        start = int(warp.cuts[0])
        power = np.ascontiguousarray(_square(spectrum.T[:, start : warp.cuts[-1]]).T)
        parts.append(np.maximum.reduceat(power, warp.cuts[:-1] - start, axis=0))
    return np.concatenate(parts)


def _square(spectrum: np.ndarray) -> np.ndarray:
    power: np.ndarray = np.square(spectrum.real)
    power += np.square(spectrum.imag)
    return power
