"""Mel-RoFormer for vocal melody: the separation network listens, further heads write down.

Wang, Lu and Won, "Mel-RoFormer for Vocal Separation and Vocal Melody Transcription" (2024): the
network that was trained to separate is tuned on to say where notes begin, sound and end. Here it
keeps the lower mel bands and their masks, so that weights of `mel_band_roformer` are its start;
the masked spectrum, on an axis of semitones with its harmonics stacked (Bittner et al., 2022),
gives the exact pitch.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.models.layers import BandSizes, BandTokens, MaskEstimator, RMSNorm, mel_bands

LOWEST = 33.0  # MIDI number of the first pitch bin: A1
PER_SEMITONE = 5  # pitch bins
BINS = 300  # pitch bins: five octaves
HARMONICS = (0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0)
NEAR = 9  # pitch bins either side of the highest whose mean is the pitch


@dataclass(frozen=True, slots=True)
class Config(BandSizes):
    """Sizes of a network; `kept_bands` of `num_bands` mel bands are used, from the lowest."""

    num_bands: int = 40
    kept_bands: int = 30
    sample_rate: int = 44_100
    hidden: int = 128
    salience_channels: int = 8


class Net(BandTokens):
    """`(b, 2, samples)` in, logits `(b, frames, BINS + 3)` out: pitch bins, voiced, onset, offset.

    Frame k is centred at sample `k * stft_hop_length`.
    """

    below: Tensor
    part: Tensor

    def __init__(self, config: Config) -> None:
        member = mel_bands(config.sample_rate, config.stft_n_fft, config.num_bands)
        bands = [np.flatnonzero(band) for band in member[: config.kept_bands]]
        super().__init__(config, bands, True)
        self.sizes = config
        self.top = int(bands[-1][-1]) + 1  # FFT bins that are used
        self.mask_estimators = nn.ModuleList(
            [
                MaskEstimator(
                    config.dim,
                    self.inputs,
                    config.mask_estimator_depth,
                    config.mlp_expansion_factor,
                )
            ]
        )
        midi = torch.arange(BINS) / PER_SEMITONE + LOWEST
        hz = 440.0 * 2.0 ** ((midi - 69.0) / 12.0)
        place = hz * torch.tensor(HARMONICS)[:, None]
        place = (place * config.stft_n_fft / config.sample_rate).clamp(max=self.top - 1.001)
        self.register_buffer("below", place.long(), persistent=False)
        self.register_buffer("part", place - place.long(), persistent=False)

        h, c = config.hidden, config.salience_channels
        self.salience = nn.Sequential(
            nn.Conv2d(2 * len(HARMONICS), c, (1, 5), padding=(0, 2)),
            nn.GELU(),
            nn.Conv2d(c, c, (3, 9), padding=(1, 4)),
            nn.GELU(),
            nn.Conv2d(c, c, (3, 9), padding=(1, 4)),
            nn.GELU(),
            nn.Conv2d(c, 1, (3, 5), padding=(1, 2)),
        )
        self.gather = nn.Sequential(
            RMSNorm(config.kept_bands * config.dim),
            nn.Linear(config.kept_bands * config.dim, h),
            nn.GELU(),
        )
        self.pitch = nn.Linear(h, BINS)
        self.mix_in = nn.Conv1d(h + BINS // PER_SEMITONE + 2, h, 5, padding=2)
        self.hold = nn.Conv1d(h, h, 7, padding=9, dilation=3)
        self.events = nn.Conv1d(h, 3, 5, padding=2)

    def listen(self, sound: Tensor) -> tuple[Tensor, Tensor]:
        """What the separation network hears in `(b, s, samples)`.

        Amplitudes `(b, 2, top, t)` of the singer and of the mix, and the tokens `(b, t, k, d)`.
        """
        spectrum = self.spectrum(sound)
        tokens = self.backbone(spectrum)
        spectrum = spectrum[:, :, : self.top]
        masks = self.masks(tokens)
        both = torch.stack([spectrum * masks, spectrum], 1)
        return both.abs().square().sum(2).clamp(min=1e-12).sqrt(), tokens

    def masks(self, tokens: Tensor) -> Tensor:
        """Complex masks `(b, s, top, t)` of the FFT bins that are used."""
        return self.laid(self.mask_estimators, tokens, self.top)[:, 0]

    def harmonics(self, level: Tensor) -> Tensor:
        """Amplitudes `(b, 2, top, t)` -> log levels of all harmonics `(b, 16, t, BINS)`."""
        reference = level.amax((2, 3), keepdim=True).clamp(min=1e-3)
        level = torch.log10(level / reference + 1e-4) / 4 + 1
        low, high = (level.index_select(2, row.flatten()) for row in (self.below, self.below + 1))
        lines = torch.lerp(low, high, self.part.flatten()[:, None])
        return lines.unflatten(2, (len(HARMONICS), BINS)).flatten(1, 2).transpose(2, 3)

    def forward(self, sound: Tensor) -> Tensor:
        return self.heads(*self.listen(sound))

    def heads(self, level: Tensor, tokens: Tensor) -> Tensor:
        """Logits from what `listen` returns."""
        # Channels last in memory: the products of so few take a sixth of the time on a processor.
        lines = self.harmonics(level).contiguous(memory_format=torch.channels_last)
        salience = self.salience(lines)[:, 0]
        features = self.gather(tokens.flatten(2))
        pitch = salience + self.pitch(features)
        semitones = F.max_pool1d(pitch, PER_SEMITONE).softmax(-1)
        loud = torch.log10(level.square().sum(2).clamp(min=1e-8)).transpose(1, 2) / 4
        events = torch.cat([features, semitones, loud], -1).transpose(1, 2)
        events = F.gelu(self.mix_in(events))
        events = events + F.gelu(self.hold(events))
        return torch.cat([pitch, self.events(events).transpose(1, 2)], -1)


def curves(logits: Tensor) -> tuple[Tensor, Tensor]:
    """Logits `(b, t, BINS + 3)` -> pitch as MIDI numbers `(b, t)` and probabilities `(b, t, 3)`.

    The pitch is the mean of the bins around the likeliest one, weighted by their probabilities.
    """
    odds = logits[..., :BINS].softmax(-1)
    top = odds.argmax(-1, keepdim=True)
    bins = torch.arange(BINS, device=logits.device)
    near = odds * ((bins - top).abs() <= NEAR)
    mean = (near * bins).sum(-1) / near.sum(-1)
    return LOWEST + mean / PER_SEMITONE, logits[..., BINS:].sigmoid()
