"""A voice that needs no network: a tone at the pitch, and silence where nobody sings."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext

import numpy as np

from engine.cards import ModelCard, WeightFile
from engine.phonemes import PAUSE, VOWELS

RATE, HOP = 44_100, 512
CARD = ModelCard(
    id="toned",
    title="Toned",
    task="sing",
    family="acoustic",
    rate=RATE,
    channels=1,
    outputs=("voice",),
    window=0.0,
    overlap=0.0,
    licence="none",
    source="",
    data="",
    measure="",
    weights=WeightFile("toned.safetensors", "0" * 64, 0),
    config={},
    figures={},
)


class Toned:
    """As `engine.voices.Voice`; counts what it was asked for."""

    rate, hop, lowest, highest = RATE, HOP, 110.0, 440.0

    def __init__(self) -> None:
        self.sounds = self.asked = 0

    def interruptible(self) -> AbstractContextManager[None]:
        return nullcontext()

    def lengths(self, phones: Sequence[str]) -> np.ndarray:
        self.asked += 1
        return np.array([0.12 if phone in VOWELS else 0.08 for phone in phones])

    def contour(
        self, phones: Sequence[str], lengths: Sequence[float] | np.ndarray, seed: int = 0
    ) -> tuple[np.ndarray, np.ndarray]:
        edges = self._edges(lengths)
        voiced = np.repeat([float(phone in VOWELS) for phone in phones], np.diff(edges))
        falling = 220.0 * 2.0 ** (-np.arange(edges[-1]) / 400.0)  # as speech does
        return falling.astype(np.float32), voiced.astype(np.float32)

    def sound(
        self,
        phones: Sequence[str],
        lengths: Sequence[float] | np.ndarray,
        hz: np.ndarray,
        energy: float | np.ndarray = 1.0,
        seed: int = 0,
        sung: bool = False,
    ) -> np.ndarray:
        self.sounds += 1
        edges = self._edges(lengths)
        assert len(hz) == edges[-1]
        assert (hz > 0).all()
        loud = np.broadcast_to(np.asarray(energy, float), (len(phones),))
        gains = [0.3 * g * (p in VOWELS) for g, p in zip(loud, phones, strict=True)]
        assert all(phone != PAUSE or not gain for phone, gain in zip(phones, gains, strict=True))
        every = np.repeat(np.asarray(hz, float), HOP)
        tone = np.sin(2 * np.pi * np.cumsum(every) / RATE)
        return (np.repeat(np.repeat(gains, np.diff(edges)), HOP) * tone).astype(np.float32)

    def _edges(self, lengths: Sequence[float] | np.ndarray) -> np.ndarray:
        return np.round(np.cumsum([0.0, *lengths]) * RATE / HOP).astype(int)
