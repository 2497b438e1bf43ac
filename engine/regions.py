"""Regions of time and frequency: what a person marks on a spectrogram, and how much of it where.

A region is a few shapes painted one after another; a shape adds to what was there or takes away.
`Region.cover` is the one definition of what lies inside: the picture shows it and the sound is
cut by it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.spectrogram import TOP_HZ

LOBE_HZ = 24.0  # a partial is never taken narrower on each side: half a window's main lobe
SHARE = 0.45  # of the distance between two partials that each may take on each side
SLACK = 0.02  # of a brush's size by which a stroke may be simplified
LEAST_HZ = 1.0  # below this there is no pitch

Point = tuple[float, float]  # seconds, Hz
Remap = Callable[[float], float]
Softness = float | np.ndarray  # Hz, for all frequencies or for each


@dataclass(frozen=True, slots=True)
class Box:
    """From `start` to `stop` seconds and `low` to `high` Hz."""

    start: float
    stop: float
    low: float
    high: float

    @property
    def span(self) -> tuple[float, float]:
        """First and last second."""
        return self.start, self.stop

    @property
    def band(self) -> tuple[float, float]:
        """Lowest and highest Hz."""
        return self.low, self.high

    @property
    def fineness(self) -> float:
        """Hz from its middle to its edge where it is narrowest."""
        return (self.high - self.low) / 2

    def mapped(self, seconds: float, remap: Remap) -> Box:
        """Later by `seconds`, every frequency sent through `remap`."""
        return Box(self.start + seconds, self.stop + seconds, remap(self.low), remap(self.high))

    def cover(
        self, times: np.ndarray, hz: np.ndarray, soft_seconds: float, soft_hz: Softness
    ) -> np.ndarray:
        """See `Region.cover`."""
        over_time = _rise(times - self.start, soft_seconds) * _rise(self.stop - times, soft_seconds)
        over_hz = np.ones(len(hz))
        if self.high < TOP_HZ:  # what reaches the top of the picture has no upper edge,
            over_hz *= _rise(self.high - hz, soft_hz)
        if self.low > 0:  # and what begins at 0 Hz no lower one
            over_hz *= _rise(hz - self.low, soft_hz)
        return over_hz[:, None] * over_time[None]


@dataclass(frozen=True, slots=True)
class Stroke:
    """A brush led along `points` (seconds, Hz), `seconds` wide in time and `semitones` in pitch."""

    points: tuple[Point, ...]
    seconds: float
    semitones: float

    @property
    def span(self) -> tuple[float, float]:
        """First and last second."""
        times = [at for at, _ in self.points]
        return min(times) - self.seconds / 2, max(times) + self.seconds / 2

    @property
    def band(self) -> tuple[float, float]:
        """Lowest and highest Hz."""
        hz, side = [hz for _, hz in self.points], 2 ** (self.semitones / 24)
        return min(hz) / side, max(hz) * side

    @property
    def fineness(self) -> float:
        """Hz from its middle to its edge where it is narrowest."""
        return min(hz for _, hz in self.points) * (2 ** (self.semitones / 24) - 1)

    def mapped(self, seconds: float, remap: Remap) -> Stroke:
        """Later by `seconds`, every frequency sent through `remap`."""
        return replace(self, points=tuple((at + seconds, remap(hz)) for at, hz in self.points))

    def cover(
        self, times: np.ndarray, hz: np.ndarray, soft_seconds: float, soft_hz: Softness
    ) -> np.ndarray:
        """See `Region.cover`; in units of the brush, an ellipse, what is within 1 of the path."""
        nearest = np.full((len(hz), len(times)), np.inf, np.float32)  # squared distance
        half_seconds, half_pitch = max(self.seconds, 1e-4) / 2, max(self.semitones, 1e-3) / 2
        x = times / half_seconds
        y = 12 * np.log2(np.maximum(hz, LEAST_HZ)) / half_pitch
        # One unit of distance is how many seconds and how many Hz: the softer edge decides.
        soft = np.maximum(
            soft_seconds / half_seconds,
            soft_hz / (np.maximum(hz, LEAST_HZ) * (2 ** (half_pitch / 12) - 1)),
        )[:, None]
        path = [
            (at / half_seconds, 12 * math.log2(max(tone, LEAST_HZ)) / half_pitch)
            for at, tone in self.points
        ]
        reach = 1 + soft_seconds / half_seconds
        for (x0, y0), (x1, y1) in zip(path, [*path[1:], path[-1]], strict=True):
            left, right = np.searchsorted(x, (min(x0, x1) - reach, max(x0, x1) + reach))
            rows = np.flatnonzero(abs(y - (y0 + y1) / 2) < abs(y1 - y0) / 2 + 1 + soft[:, 0])
            if right <= left or not len(rows):
                continue
            low, high = int(rows[0]), int(rows[-1]) + 1
            dx = (x[left:right][None] - x0).astype(np.float32)
            dy = (y[low:high, None] - y0).astype(np.float32)
            length = (x1 - x0) ** 2 + (y1 - y0) ** 2
            if length > 0:
                along = dx * np.float32((x1 - x0) / length) + dy * np.float32((y1 - y0) / length)
                np.clip(along, 0, 1, out=along)
                dx = dx - along * np.float32(x1 - x0)
                dy = dy - along * np.float32(y1 - y0)
            part = nearest[low:high, left:right]
            np.minimum(part, dx * dx + dy * dy, out=part)
        out = np.zeros(nearest.shape, np.float32)
        rows, columns = np.nonzero(nearest < np.square(1 + soft))
        away = np.sqrt(nearest[rows, columns])
        out[rows, columns] = _rise(1 - away, soft[rows, 0])
        return out


def simplified(points: Sequence[Point], seconds: float, semitones: float) -> tuple[Point, ...]:
    """A path without the points that lie on the way from one to the next, as a brush sees it.

    `seconds` and `semitones` are the brush's size; nothing moves by more than `SLACK` of it.
    """
    places = np.array(
        [(at / seconds, 12 * math.log2(max(hz, LEAST_HZ)) / semitones) for at, hz in points]
    )
    kept, anchor = [0], 0
    for here in range(2, len(points)):
        way = places[here] - places[anchor]
        between = places[anchor + 1 : here] - places[anchor]
        along = np.clip(between @ way / max(float(way @ way), 1e-12), 0, 1)
        if np.hypot(*(between - along[:, None] * way).T).max() > SLACK:
            anchor = here - 1
            kept.append(anchor)
    if len(points) > 1:
        kept.append(len(points) - 1)
    return tuple(points[k] for k in kept)


@dataclass(frozen=True, slots=True)
class Harmonic:
    """A tone that follows `ridge` (seconds, Hz of its fundamental) with all its partials.

    Partial `k` reaches `semitones` / 2 to each side of `k` times the fundamental, but at least
    `LOBE_HZ`, so that all of a steady partial is in, and never so far as to meet its neighbours.
    The width so grows with the partials as a singer's vibrato does.
    """

    ridge: tuple[Point, ...]
    semitones: float = 1.0
    top: float = TOP_HZ

    @property
    def span(self) -> tuple[float, float]:
        """First and last second."""
        return self.ridge[0][0], self.ridge[-1][0]

    @property
    def band(self) -> tuple[float, float]:
        """Lowest and highest Hz."""
        low = min(hz for _, hz in self.ridge)
        return low - self.fineness, self.top

    @property
    def fineness(self) -> float:
        """Hz from a partial's middle to its edge where that is narrowest."""
        low = min(hz for _, hz in self.ridge)
        return float(self._reach(np.array([low]), np.ones(1))[0])

    def _reach(self, fundamental: np.ndarray, partial: np.ndarray) -> np.ndarray:
        wide = np.maximum(partial * fundamental * (2 ** (self.semitones / 24) - 1), LOBE_HZ)
        return np.minimum(wide, SHARE * fundamental)

    def mapped(self, seconds: float, remap: Remap) -> Harmonic:
        """Later by `seconds`, the fundamental sent through `remap`."""
        return replace(self, ridge=tuple((at + seconds, remap(hz)) for at, hz in self.ridge))

    def cover(
        self, times: np.ndarray, hz: np.ndarray, soft_seconds: float, soft_hz: Softness
    ) -> np.ndarray:
        """See `Region.cover`."""
        at = np.array([seconds for seconds, _ in self.ridge])
        tone = np.array([max(hz, LEAST_HZ) for _, hz in self.ridge])
        start, stop = self.span
        over_time = _rise(times - start, soft_seconds) * _rise(stop - times, soft_seconds)
        out = np.zeros((len(hz), len(times)), np.float32)
        here = np.flatnonzero(over_time > 0)
        if not len(here):
            return out
        fundamental = np.exp(np.interp(times[here], at, np.log(tone)))[None]
        partial = np.maximum(np.rint(hz[:, None] / fundamental), 1)
        away = abs(hz[:, None] - partial * fundamental)
        soft = np.reshape(soft_hz, (-1, 1))
        inside = _rise(self._reach(fundamental, partial) - away, soft)
        inside *= (partial * fundamental <= self.top) * over_time[None, here]
        out[:, here[0] : here[-1] + 1] = inside
        return out


Shape = Box | Stroke | Harmonic


@dataclass(frozen=True, slots=True)
class Part:
    """One shape of a region; with `minus` it takes away."""

    shape: Shape
    minus: bool = False


@dataclass(frozen=True, slots=True)
class Region:
    """Shapes painted one after another. The first one adds."""

    parts: tuple[Part, ...]

    @staticmethod
    def of(shape: Shape) -> Region:
        """A region of one shape."""
        return Region((Part(shape),))

    @property
    def box(self) -> Box | None:
        """The box, if the region is one box and nothing else."""
        first = self.parts[0].shape
        return first if len(self.parts) == 1 and isinstance(first, Box) else None

    @property
    def last_box(self) -> Box | None:
        """The shape painted last, if it is a box: its edges can still be moved."""
        last = self.parts[-1].shape
        return last if isinstance(last, Box) else None

    def with_last(self, shape: Shape) -> Region:
        """This with another shape in place of the one painted last."""
        return Region((*self.parts[:-1], replace(self.parts[-1], shape=shape)))

    @property
    def span(self) -> tuple[float, float]:
        """First and last second of what was added."""
        return _hull(part.shape.span for part in self.parts if not part.minus)

    @property
    def band(self) -> tuple[float, float]:
        """Lowest and highest Hz of what was added."""
        return _hull(part.shape.band for part in self.parts if not part.minus)

    @property
    def fineness(self) -> float:
        """Hz from middle to edge of its narrowest shape: how fine the analysis has to be."""
        return min(part.shape.fineness for part in self.parts)

    def plus(self, shape: Shape) -> Region:
        """This and one more shape."""
        return Region((*self.parts, Part(shape)))

    def minus(self, shape: Shape) -> Region:
        """This without what a shape covers."""
        return Region((*self.parts, Part(shape, minus=True)))

    def mapped(self, seconds: float, remap: Remap) -> Region:
        """Later by `seconds`, every frequency sent through `remap` (which must rise)."""
        return Region(
            tuple(replace(part, shape=part.shape.mapped(seconds, remap)) for part in self.parts)
        )

    def cover(
        self,
        times: np.ndarray,
        hz: np.ndarray,
        soft_seconds: float = 0.0,
        soft_hz: Softness = 0.0,
    ) -> np.ndarray:
        """How much of each point lies inside, 0 to 1: float32 `(len(hz), len(times))`.

        `times` (seconds) and `hz` must rise. Edges are as wide as `soft_seconds` and `soft_hz`
        say, half of it to each side of where the edge is.
        """
        out = np.zeros((len(hz), len(times)), np.float32)
        for part in self.parts:
            start, stop = part.shape.span
            if stop + soft_seconds < times[0] or start - soft_seconds > times[-1]:
                continue
            inside = part.shape.cover(times, hz, soft_seconds, soft_hz)
            out = out * (1 - inside) if part.minus else np.maximum(out, inside)
        return out.astype(np.float32, copy=False)


def _rise(inwards: np.ndarray, soft: float | np.ndarray) -> np.ndarray:
    """0 outside an edge, 1 inside, half a cosine of width `soft` between."""
    place = np.clip(inwards / np.maximum(soft, 1e-9) + 0.5, 0.0, 1.0)
    return 0.5 - 0.5 * np.cos(np.pi * place)


def _hull(pairs: Iterable[tuple[float, float]]) -> tuple[float, float]:
    ends: Sequence[tuple[float, float]] = tuple(pairs)
    return min(low for low, _ in ends), max(high for _, high in ends)
