"""How a song is tuned: how far its notes lie from those of a piano at A4 = 440 Hz."""

from __future__ import annotations

import numpy as np

from engine.types import AudioClip

SPOTS, SPOT = 60, 1.0  # so many stretches of a song are heard, each of so many seconds
FINE = 0.19  # seconds of a transform
LOWEST_HZ, HIGHEST_HZ = 80.0, 2_000.0
FAINT = 0.03  # of a frame's highest peak: lower ones are not counted
SILENCE = 1e-5  # amplitude of a tone (-100 dBFS) that is not counted either
CERTAIN = 0.25  # of all peaks' amplitude: what must be left when off-key ones have cancelled out
IN_TUNE = 4.0  # cents that are not worth a resampling


def tuning(clip: AudioClip) -> float:
    """Return how many cents a clip is above A4 = 440 Hz, from -50 to 50; 0 where nobody can tell.

    The peaks of its spectra vote, each for its own distance from a semitone, on a circle: 50 cents
    above are 50 below. Silence, noise and what is nearly in tune are 0.
    """
    size = round(FINE * clip.rate)
    hz = np.arange(size // 2 + 1) * clip.rate / size
    low, high = np.searchsorted(hz, (LOWEST_HZ, min(HIGHEST_HZ, 0.45 * clip.rate)))
    window = np.hanning(size).astype(np.float32)
    votes, voters = 0j, 1e-9
    for start in _spots(clip):
        sound = clip.read(start, start + max(round(SPOT * clip.rate), size)).mean(0)
        sound = np.nan_to_num(sound, posinf=0.0, neginf=0.0)
        frames = np.lib.stride_tricks.sliding_window_view(sound, size)[:: size // 2]
        level = np.abs(np.fft.rfft(frames * window)) * (4 / size) + 1e-12
        before, here, after = (np.log(level[:, low + k : high + k]) for k in (-1, 0, 1))
        top = (here > before) & (here >= after)
        top &= here > np.maximum(here.max(1, keepdims=True) + np.log(FAINT), np.log(SILENCE))
        # The peak of the parabola through three logarithmic levels (Smith and Serra, 1987).
        beside = 0.5 * (before - after)[top] / (before - 2 * here + after)[top]
        peaks = (hz[low:high] * np.ones_like(here))[top] + beside * hz[1]
        weights = np.exp(here[top])
        votes += complex((weights * np.exp(2j * np.pi * 12 * np.log2(peaks / 440.0))).sum())
        voters += float(weights.sum())
    cents = float(np.angle(votes)) / (2 * np.pi) * 100
    return cents if abs(votes) > CERTAIN * voters and abs(cents) > IN_TUNE else 0.0


def _spots(clip: AudioClip) -> list[int]:
    """The frames from which on it is heard, all over the clip."""
    length = round(SPOT * clip.rate)
    count = min(max(clip.frames // length, 1), SPOTS)
    return np.linspace(0, max(clip.frames - length, 0), count).astype(int).tolist()
