"""Spectrograms in tiles: 256 columns of sound as a small picture of decibels, at any zoom.

Level 0 has a column every `BASE_HOP` frames, each further level half as many. Where columns are
far apart, each is the loudest of a few windows spread over its time, so that the cost of a tile
does not grow with the zoom and a short sound is unlikely to fall between two columns.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.fft import rfft

if TYPE_CHECKING:
    from engine.types import AudioClip

COLUMNS = 256  # of one tile
BASE_HOP = 64  # frames between columns at level 0
LEVEL_DB = -125.0  # what tile value 0 means: this or less
DB_STEP = 0.5  # what one step of a tile value means
TOP_HZ = 22050.0
LOW_HZ = {"log": 32.703, "mel": 0.0, "linear": 0.0}  # log: from C1
SUBFRAMES = 4  # windows in one column, at most
NOTES = ("C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B")


@dataclass(frozen=True, slots=True)
class SpectrumSettings:
    """What a tile shows. `scale` is "log", "mel" or "linear"; `rows` span the whole axis."""

    n_fft: int = 2048
    scale: str = "log"
    rows: int = 256


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
