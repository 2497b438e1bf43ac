"""Through a vocoder and back: what one that was added makes of a sound's own mel spectrogram.

This is how a vocoder is judged alone, without a voice in front of it (copy-synthesis).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import soxr
import torch

from engine.cards import ModelCard
from engine.chunking import OverlapAdd, Plan
from engine.loader import load

WINDOW, OVERLAP = 8.0, 1.0  # seconds that are worked on at once, and shared by neighbours


def copied(sound: np.ndarray, rate: int, card: ModelCard, device: str = "cpu") -> np.ndarray:
    """Mono sound `(samples,)` at any rate to the same as the vocoder says it, at `card.rate`."""
    heard = sound if rate == card.rate else soxr.resample(sound, rate, card.rate)
    return through(load(card, device), heard, device)


@torch.inference_mode()
def through(net: Any, sound: np.ndarray, device: str = "cpu") -> np.ndarray:
    """The same with a vocoder's network, at its rate; float32 and as long as it was."""
    hop, n_fft = net.hop, net.config.n_fft
    room = max(len(sound), n_fft)  # a transform needs some samples
    padded = np.pad(np.asarray(sound, np.float32), (0, room + -room % hop - len(sound)))
    # Windows begin on whole hops, so that neighbours hear the same frames.
    window, overlap = (round(seconds * net.rate / hop) * hop for seconds in (WINDOW, OVERLAP))
    plan = Plan(len(padded), window, overlap)
    joined = OverlapAdd(plan)
    made = np.zeros_like(padded)
    for index in range(plan.count):
        stop = min(plan.start(index) + window, plan.frames)
        first = max(0, stop - window)  # the last one reaches back instead of into nothing
        part = torch.from_numpy(padded[first:stop].copy())[None].to(device)
        out = net(net.features(part)).float().cpu().numpy()[:, plan.start(index) - first :]
        for start, samples in joined.add(index, out):
            made[start : start + samples.shape[1]] = samples[0]
    return made[: len(sound)]
