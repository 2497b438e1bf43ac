"""Where time and frequency lie in a picture."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF

from engine.spectrogram import TOP_HZ, SpectrumSettings, to_hz, to_unit


@dataclass(frozen=True, slots=True)
class Plane:
    """`start` to `stop` seconds to the right, axis units `low` to `high` upwards, in `area`."""

    area: QRectF
    start: float
    stop: float
    settings: SpectrumSettings
    low: float = 0.0
    high: float = 1.0

    def x(self, seconds: float) -> float:
        """Pixel of a moment."""
        part = (seconds - self.start) / (self.stop - self.start)
        return self.area.left() + part * self.area.width()

    def seconds(self, x: float) -> float:
        """Moment at a pixel."""
        part = (x - self.area.left()) / max(self.area.width(), 1)
        return self.start + part * (self.stop - self.start)

    def unit(self, y: float) -> float:
        """Place on the frequency axis at a pixel, as `to_unit` gives it."""
        part = (self.area.bottom() - y) / max(self.area.height(), 1)
        return self.low + part * (self.high - self.low)

    def y(self, hz: float) -> float:
        """Pixel of a frequency; 0 Hz and less lie at the lower end of the axis."""
        unit = to_unit(hz, self.settings) if hz > 0 else min(self.low, 0.0)
        part = (min(unit, max(self.high, 1.0)) - self.low) / (self.high - self.low)
        return self.area.bottom() - max(part, -1e4) * self.area.height()

    def hz(self, y: float) -> float:
        """Frequency at a pixel; 0 below the axis, `TOP_HZ` above it."""
        unit = self.unit(y)
        if unit <= 0:
            return 0.0
        return TOP_HZ if unit >= 1 else to_hz(unit, self.settings)

    def shifted(self, hz: float, units: float) -> float:
        """A frequency as many axis units higher; the open ends of the axis stay open."""
        if hz <= 0 or hz >= TOP_HZ:
            return hz
        return to_hz(min(max(to_unit(hz, self.settings) + units, 0.0), 1.0), self.settings)
