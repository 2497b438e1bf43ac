"""How loud a clip is to the ear, so that two can be compared at one loudness."""

from __future__ import annotations

import math

import numpy as np
from scipy import signal

from engine.events import Progress, Work
from engine.types import AudioClip

# Loudness is K-weighted and gated as ITU-R BS.1770-4 says, of two channels.
BLOCK, STEP = 0.4, 0.1  # seconds
ABSOLUTE_GATE, RELATIVE_GATE = -70.0, -10.0  # LUFS; LU below what passes the first
PARTS, PART = 12, 10.0  # a clip longer than these parts of so many seconds is only sampled
SILENT = -math.inf


def loudness(clip: AudioClip, span: tuple[float, float] | None = None) -> Work:
    """Measure a clip, or the seconds `span` of it; returns its loudness in LUFS, -inf for silence.

    Of what is longer than two minutes, twelve parts of ten seconds evenly spread are heard.
    """
    size = round(PART * clip.rate)
    first, last = (round(edge * clip.rate) for edge in span or (0.0, clip.frames / clip.rate))
    last = min(last, clip.frames)
    if last - first <= PARTS * size:
        starts = list(range(first, last, size))
    else:
        starts = [round(start) for start in np.linspace(first, last - size, PARTS)]
    powers = [np.zeros(0)]
    state = None
    for number, start in enumerate(starts):
        follows = number > 0 and starts[number - 1] + size == start
        yield Progress(number / len(starts))
        samples = clip.read(start, min(start + size, last))
        weighted, state = _weigh(samples, clip.rate, state if follows else None)
        powers.append(_powers(weighted, clip.rate))
    return gated(np.concatenate(powers))


def gated(powers: np.ndarray) -> float:
    """Return the loudness in LUFS of blocks with these K-weighted powers, summed over channels."""
    heard = powers[powers > 10 ** ((ABSOLUTE_GATE + 0.691) / 10)]
    if not len(heard):
        return SILENT
    heard = heard[heard > heard.mean() * 10 ** (RELATIVE_GATE / 10)]
    return float(-0.691 + 10 * np.log10(heard.mean()))


def _powers(weighted: np.ndarray, rate: int) -> np.ndarray:
    """Mean squares of `(channels, n)` in blocks that overlap, summed over the channels."""
    step = round(STEP * rate)
    whole = weighted.shape[1] // step
    per = round(BLOCK / STEP)
    square = (weighted.astype(np.float64) ** 2).sum(0)
    if weighted.shape[0] == 1:
        square = 2 * square  # one channel is heard from both sides
    if whole < per:  # shorter than a block
        return square.mean(keepdims=True)
    steps = square[: whole * step].reshape(whole, step).mean(1)
    return np.convolve(steps, np.full(per, 1 / per), "valid")


def _weigh(
    samples: np.ndarray, rate: int, state: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """Filter float32 `(channels, n)` as the head and the ear do."""
    sections = k_weighting(rate)
    if state is None:
        state = np.zeros((len(sections), samples.shape[0], 2))
    return signal.sosfilt(sections, samples, axis=1, zi=state)


def k_weighting(rate: int) -> np.ndarray:
    """Return the two second-order sections of BS.1770 at any rate, `(2, 6)`.

    The standard gives them at 48 kHz; these are the analogue filters behind them.
    """
    k, q = math.tan(math.pi * 1681.974450955533 / rate), 0.7071752369554196
    high = 10 ** (3.999843853973347 / 20)
    band = high**0.4996667741545416
    norm = 1 + k / q + k * k
    shelf = [
        (high + band * k / q + k * k) / norm,
        2 * (k * k - high) / norm,
        (high - band * k / q + k * k) / norm,
        1.0,
        2 * (k * k - 1) / norm,
        (1 - k / q + k * k) / norm,
    ]
    k, q = math.tan(math.pi * 38.13547087602444 / rate), 0.5003270373238773
    norm = 1 + k / q + k * k
    low_cut = [1.0, -2.0, 1.0, 1.0, 2 * (k * k - 1) / norm, (1 - k / q + k * k) / norm]
    return np.array([shelf, low_cut])
