"""Muted ranges of a lane: sorted pairs of seconds that do not touch."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

Ranges = tuple[tuple[float, float], ...]

FADE = 0.005  # seconds at either end of a range, inside it


def muted(ranges: Ranges, start: float, stop: float) -> Ranges:
    """Return the ranges with `start` to `stop` among them; those that touch become one."""
    if stop <= start:
        return ranges
    apart = [r for r in ranges if r[1] < start or r[0] > stop]
    touched = [r for r in ranges if r not in apart]
    first = min([start, *(r[0] for r in touched)])
    last = max([stop, *(r[1] for r in touched)])
    return tuple(sorted([*apart, (first, last)]))


def unmuted(ranges: Ranges, start: float, stop: float) -> Ranges:
    """Return the ranges without what lies from `start` to `stop`."""
    if stop <= start:
        return ranges
    left = [(first, min(last, start)) for first, last in ranges]
    right = [(max(first, stop), last) for first, last in ranges]
    return tuple(sorted((first, last) for first, last in {*left, *right} if first < last))


def silenced(
    block: np.ndarray, start: int, rate: int, ranges: Sequence[tuple[float, float]]
) -> np.ndarray:
    """Return float32 `(channels, n)` from frame `start` with the ranges silent.

    What lies outside of them stays bit for bit; a range fades over 5 ms, or half of itself.
    """
    stop = start + block.shape[1]
    out = block
    for begins, ends in ranges:
        first, last = round(begins * rate), round(ends * rate)
        low, high = max(first, start), min(last, stop)
        if low >= high:
            continue
        frames = np.arange(low, high)
        edge = np.minimum(frames - first, last - 1 - frames) + 1  # frames to the nearer end
        gain = np.clip(1.0 - edge / min(FADE * rate, (last - first) / 2), 0.0, 1.0)
        out = out.copy() if out is block else out
        out[:, low - start : high - start] *= gain.astype(np.float32)
    return out
