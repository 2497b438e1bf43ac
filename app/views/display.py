"""How spectrograms are drawn: one set of choices for all lanes, and the tiles that are ready."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.views.spectrogram import Tiles
from engine.spectrogram import DB_STEP, LEVEL_DB, SpectrumSettings, to_hz, to_unit

# Magma by Stéfan van der Walt and Nathaniel Smith (public domain, CC0), every 32nd of 512 colours.
MAGMA = (
    "000004 090721 1c1046 35106a 50127b 691c81 822581 9b2e7f b63679 "
    "cf406f e55063 f4695c fb8761 fea571 fec287 fde0a1 fcfdbf"
)
COLOUR_MAPS = {"magma": MAGMA, "grey": "0b0c0e ffffff", "inverse": "ffffff 0b0c0e"}
SCALES = ("log", "mel", "linear")
N_FFTS = (512, 1024, 2048, 4096, 8192, 16384)
FLOOR_DB = (-120.0, -20.0)  # how far each end of the colour bar may be drawn
TOP_DB = (-100.0, 0.0)
USUAL_DB = (-80.0, -5.0)
LEAST_DB = 10.0  # between floor and top
AIR = 0.08  # of a band, left free above and below it
DEEPEST = 1 / 32  # the smallest part of the frequency axis in view


class Display(QObject):
    """Settings shared by all lanes: analysis, frequency range in view, colours.

    `low` and `high` are the part of the frequency axis in view, in axis units: 0 is the lowest
    frequency, 1 the highest, and equal steps look equally tall (octaves, on the log axis).
    `lut` is the colour of each tile value.
    """

    analysis_changed = Signal()  # the tiles are others now
    view_changed = Signal()  # another part of the frequency axis is in view
    colours_changed = Signal()  # the same tiles look different now

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings = SpectrumSettings()
        self.tiles = Tiles()
        self.low, self.high = 0.0, 1.0
        self.colour_map = "magma"
        self.floor_db, self.top_db = USUAL_DB
        self.lut = self._lut()

    @property
    def scale(self) -> str:
        """The frequency axis: "log", "mel" or "linear"."""
        return self.settings.scale

    @property
    def n_fft(self) -> int:
        """Frames in one analysis window."""
        return self.settings.n_fft

    def settings_with(self, rows: int) -> SpectrumSettings:
        """The analysis at the height of a lane."""
        return SpectrumSettings(self.n_fft, self.scale, rows)

    def set_analysis(self, scale: str | None = None, n_fft: int | None = None) -> None:
        """Choose another frequency axis or window length; the same sounds stay in view."""
        before = self.settings
        settings = SpectrumSettings(n_fft or before.n_fft, scale or before.scale)
        if settings == before:
            return
        low, high = (to_unit(to_hz(edge, before), settings) for edge in (self.low, self.high))
        whole = (self.low, self.high) == (0.0, 1.0)
        self.settings = settings
        self._keep_inside(0.0 if whole else low, high)
        self.analysis_changed.emit()

    def set_colour_map(self, name: str) -> None:
        """Choose "magma", "grey" or "inverse"."""
        if name in COLOUR_MAPS and name != self.colour_map:
            self.colour_map = name
            self._recolour()

    def set_levels(self, floor_db: float, top_db: float) -> None:
        """Give the first and the last colour to these levels (dB re full scale)."""
        top = min(max(top_db, TOP_DB[0]), TOP_DB[1])
        floor = min(max(floor_db, FLOOR_DB[0]), FLOOR_DB[1], top - LEAST_DB)
        if (floor, top) != (self.floor_db, self.top_db):
            self.floor_db, self.top_db = floor, top
            self._recolour()

    def zoom_frequency(self, unit: float, factor: float) -> None:
        """Show `factor` times less of the frequency axis; `unit` stays where it is."""
        span = min(max((self.high - self.low) / factor, DEEPEST), 1.0)
        low = unit - (unit - self.low) * span / (self.high - self.low)
        self._set_view(low, low + span)

    def scroll_frequency(self, units: float) -> None:
        """Move up the frequency axis (or down, if negative); heights do not change."""
        self._set_view(self.low + units, self.high + units)

    def show_band(self, low_hz: float, high_hz: float) -> None:
        """Bring the frequencies from `low_hz` to `high_hz` into view, with some air around them."""
        low, high = (to_unit(max(hz, 1e-3), self.settings) for hz in (low_hz, high_hz))
        low = max(low, 0.0)
        air = AIR * (high - low)
        self._set_view(low - air, high + air)

    def fit_frequency(self) -> None:
        """Show the whole frequency axis."""
        self._set_view(0.0, 1.0)

    def _set_view(self, low: float, high: float) -> None:
        before = (self.low, self.high)
        self._keep_inside(low, high)
        if before != (self.low, self.high):
            self.view_changed.emit()

    def _keep_inside(self, low: float, high: float) -> None:
        span = min(max(high - low, DEEPEST), 1.0)
        self.low = min(max(low, 0.0), 1.0 - span)
        self.high = self.low + span

    def _recolour(self) -> None:
        self.lut = self._lut()
        self.colours_changed.emit()

    def colours(self, count: int) -> np.ndarray:
        """`count` colours from floor to top, uint8 `(count, 3)`."""
        stops = np.array([list(bytes.fromhex(c)) for c in COLOUR_MAPS[self.colour_map].split()])
        place = np.linspace(0, len(stops) - 1, count)
        ramp = [np.interp(place, np.arange(len(stops)), stops[:, c]) for c in range(3)]
        return np.rint(np.stack(ramp, 1)).astype(np.uint8)

    def _lut(self) -> np.ndarray:
        """Colour of each tile value as `0xffRRGGBB`, uint32 `(256,)`."""
        ramp = self.colours(512).astype(np.uint32)
        colour = 0xFF000000 | ramp[:, 0] << 16 | ramp[:, 1] << 8 | ramp[:, 2]
        level = LEVEL_DB + DB_STEP * np.arange(256)
        place = (level - self.floor_db) / (self.top_db - self.floor_db)
        return colour[np.clip(np.rint(place * 511), 0, 511).astype(np.int64)].astype(np.uint32)
