"""A voice that is loaded: phones, their lengths and a pitch in, sound out."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import cast
from weakref import WeakKeyDictionary

import numpy as np
import torch
from torch import Tensor

from engine.cards import ModelCard
from engine.loader import interruptible, load
from engine.models.voice import NOISE, PITCH_HZ, Net
from engine.phonemes import PAUSE, PHONES, VOWELS

LOUDER = 0.8  # how far, in the network's unit of 8.7 dB of power, energy may be moved
# How far a take's chance goes, 1 being what the networks learnt: less is clearer. Chosen on
# sentences that the voice was trained on.
LIVELY = 0.5  # of the pitch
ROUGH = 0.1  # of the timbre
EVEN = 0.7  # how far a sung vowel's strength goes from what speech gives it to what is usual for it
_AROUND = (("D", "N"), ("S", "T"), ("M", "L"), ("B", "D"), ("HH", "Z"))  # consonants of usual words
SHORTEST = 2  # frames that a phone is heard for at least, as far as it depends on the voice

_usual: WeakKeyDictionary[Net, dict[str, float]] = WeakKeyDictionary()  # how strong vowels are


def load_voice(card: ModelCard, device: str = "cpu") -> Voice:
    """Load a card of the task "sing"; raises `WeightsMissing`."""
    return Voice(cast("Net", load(card, device)), device)


class Voice:
    """Both networks of a voice. `hop` samples make a frame; `lowest` and `highest` are the pitches
    in Hz between which the singer was recorded, not a limit.
    """

    def __init__(self, net: Net, device: str) -> None:
        self._net, self._device = net, device
        self.rate, self.hop = net.config.rate, net.config.hop
        self.lowest = PITCH_HZ * 2.0**net.config.lowest
        self.highest = PITCH_HZ * 2.0**net.config.highest

    def interruptible(self) -> AbstractContextManager[None]:
        """While this lasts, a cancelled job leaves a network at its next layer."""
        return interruptible(self._net)

    def frames(self, lengths: Sequence[float] | np.ndarray) -> np.ndarray:
        """How many frames each phone has, int `(n,)`, of lengths in seconds."""
        edges = np.round(np.cumsum([0.0, *lengths]) * self.rate / self.hop).astype(int)
        return np.diff(edges)

    @torch.inference_mode()
    def lengths(self, phones: Sequence[str]) -> np.ndarray:
        """Seconds `(n,)` that each phone lasts in speech."""
        if not phones:
            return np.zeros(0)
        logs = self._net.acoustic.lengths(self._encode(phones))[0].cpu().numpy()
        return np.exp(np.clip(logs, np.log(SHORTEST), np.log(100.0))) * self.hop / self.rate

    @torch.inference_mode()
    def contour(
        self, phones: Sequence[str], lengths: Sequence[float] | np.ndarray, seed: int = 0
    ) -> tuple[np.ndarray, np.ndarray]:
        """The pitch speech has on these phones, `(hz, voiced)` float32 `(frames,)` each."""
        spread, _ = self._spread(phones, lengths, 1.0)
        octave, voiced = self._net.acoustic.pitch(spread, LIVELY * self._noise(spread, seed))
        hz = PITCH_HZ * torch.exp2(octave.clamp(-2.5, 2.5))
        return hz[0].cpu().numpy(), voiced.sigmoid()[0].cpu().numpy()

    @torch.inference_mode()
    def sound(
        self,
        phones: Sequence[str],
        lengths: Sequence[float] | np.ndarray,
        hz: np.ndarray,
        energy: float | np.ndarray = 1.0,
        seed: int = 0,
        sung: bool = False,
    ) -> np.ndarray:
        """Mono float32 `(frames * hop,)` at `rate`; the same each time for the same seed.

        `hz` `(frames,)` is above 0 also where nothing is voiced. `energy` is a factor, or one for
        each phone: louder is also brighter. When `sung`, vowels are voiced from end to end, and
        about as strong where speech would swallow them.
        """
        spread, vowels = self._spread(phones, lengths, energy, EVEN if sung else 0.0)
        acoustic, vocoder = self._net.acoustic, self._net.vocoder
        noise = ROUGH * self._noise(spread, seed)
        voiced = acoustic.pitch(spread, noise)[1].sigmoid()
        if sung:
            voiced = torch.maximum(voiced, 0.98 * vowels)
        pitch = torch.from_numpy(np.asarray(hz, np.float32))[None].to(self._device)
        octave = torch.log2(pitch / PITCH_HZ)
        envelope = acoustic.envelope(spread, octave, voiced, noise)
        generator = torch.Generator().manual_seed(seed + 1)
        hiss = torch.randn(1, pitch.shape[1] * self.hop, generator=generator).to(self._device)
        return vocoder(envelope, pitch, voiced, hiss)[0].cpu().numpy()

    def _encode(self, *phones: Sequence[str]) -> Tensor:
        ids = [[PHONES.index(phone) for phone in each] for each in phones]
        return self._net.acoustic.encode(torch.tensor(ids, device=self._device))

    def _spread(
        self,
        phones: Sequence[str],
        lengths: Sequence[float] | np.ndarray,
        energy: float | np.ndarray,
        even: float = 0.0,
    ) -> tuple[Tensor, Tensor]:
        """The phones' features on every frame, and whether the frame is a vowel's.

        Vowels are made as strong as is usual for each by the share `even`.
        """
        x = self._encode(phones)
        frames = torch.from_numpy(self.frames(lengths))[None].to(self._device)
        factors = np.broadcast_to(np.asarray(energy, np.float32), (len(phones),))
        louder = np.clip(2 * np.log(np.maximum(factors, 1e-3)) / 4, -LOUDER, LOUDER)
        level = self._net.acoustic.energy(x)
        vowels = torch.tensor([[float(phone in VOWELS) for phone in phones]], device=self._device)
        if even:
            strengths = self._strengths()
            usual = torch.tensor([[strengths.get(phone, 0.0) for phone in phones]])
            level = level + even * vowels * (usual.to(self._device) - level)
        level = level + torch.from_numpy(louder).to(self._device)
        return (
            self._net.acoustic.expand(x, frames, level),
            vowels.repeat_interleave(frames[0], 1),
        )

    def _strengths(self) -> dict[str, float]:
        """The energy of each vowel where it is stressed, the mean over a few words."""
        if self._net not in _usual:
            _usual[self._net] = self._measured()
        return _usual[self._net]

    def _measured(self) -> dict[str, float]:
        vowels = sorted({phone[:-1] for phone in VOWELS})
        said = [[PAUSE, a, f"{v}1", b, "AH0", PAUSE] for v in vowels for a, b in _AROUND]
        energies = self._net.acoustic.energy(self._encode(*said))[:, 2]
        means = energies.reshape(len(vowels), -1).mean(1).tolist()
        return {f"{v}{stress}": m for v, m in zip(vowels, means, strict=True) for stress in "01"}

    def _noise(self, spread: Tensor, seed: int) -> Tensor:
        generator = torch.Generator().manual_seed(seed)
        return torch.randn(*spread.shape[:2], NOISE, generator=generator).to(self._device)
