"""The clicks of a count-in."""

from __future__ import annotations

import numpy as np

SLOWEST, FASTEST = 20.0, 400.0  # beats per minute
MOST_BEATS = 16
LEVEL = 0.35
FIRST_HZ, OTHER_HZ = 1760.0, 1320.0  # the first beat of a bar is higher
SECONDS = 0.06  # of one click
RISE = 0.001  # seconds


def count_in(beats: int, tempo: float, rate: int) -> np.ndarray:
    """Return float32 `(2, frames)`: one click at the start of each beat, `tempo` beats a minute."""
    beat = 60.0 / min(max(tempo, SLOWEST), FASTEST) * rate
    out = np.zeros((2, round(beats * beat)), np.float32)
    for number in range(beats):
        at = round(number * beat)
        click = _click(FIRST_HZ if number == 0 else OTHER_HZ, rate)[: out.shape[1] - at]
        out[:, at : at + len(click)] = click
    return out


def tempo_of(taps: list[float]) -> float | None:
    """Return the beats per minute of taps at these seconds; None for fewer than two.

    The middle of all gaps counts, so that one late finger does not matter.
    """
    if len(taps) < 2:
        return None
    return float(min(max(60.0 / max(np.median(np.diff(taps)), 1e-3), SLOWEST), FASTEST))


def _click(hz: float, rate: int) -> np.ndarray:
    time = np.arange(round(SECONDS * rate)) / rate
    swell = np.minimum(time / RISE, 1.0) * np.exp(-time / (SECONDS / 6))
    return (LEVEL * swell * np.sin(2 * np.pi * hz * time)).astype(np.float32)
