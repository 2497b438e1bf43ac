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

from engine.models.layers import BandSizes, BandTokens, MaskEstimator, mel_bands

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
        midi = torch.arange(BINS, device="cpu") / PER_SEMITONE + LOWEST
        hz = 440.0 * 2.0 ** ((midi - 69.0) / 12.0)
        place = hz * torch.tensor(HARMONICS, device="cpu")[:, None]
        place = (place * config.stft_n_fft / config.sample_rate).clamp(max=self.top - 1.001)
        self.register_buffer("below", place.long(), persistent=False)
        self.register_buffer("part", place - place.long(), persistent=False)

        h = config.hidden
        self.salience = nn.Sequential(
            nn.Conv2d(2 * len(HARMONICS), 16, (1, 5), padding=(0, 2)),
            nn.GELU(),
            nn.Conv2d(16, 16, (3, 11), padding=(1, 5)),
            nn.GELU(),
            nn.Conv2d(16, 1, (3, 5), padding=(1, 2)),
        )
        self.gather = nn.Sequential(nn.Linear(config.kept_bands * config.dim, h), nn.GELU())
        self.pitch = nn.Linear(h, BINS)
        self.mix_in = nn.Conv1d(h + BINS // PER_SEMITONE + 2, h, 5, padding=2)
        self.hold = nn.Conv1d(h, h, 7, padding=9, dilation=3)
        self.events = nn.Conv1d(h, 3, 5, padding=2)

    def spectra(self, sound: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return the spectrum's used bins `(b, s, top, t)`, their masks, and the tokens."""
        spectrum = self.spectrum(sound)
        tokens = self.backbone(spectrum)
        values = self.mask_estimators[0](tokens)
        values = torch.view_as_complex(values.float().unflatten(-1, (-1, 2)).contiguous())
        b, frames, _ = values.shape
        total = values.new_zeros(b, frames, self.top * self.channels)
        total = total.index_add(2, self.rows, values).unflatten(2, (self.top, self.channels))
        masks = total.permute(0, 3, 2, 1) / self.bands_per_bin[: self.top, None].clamp(min=1)
        return spectrum[:, :, : self.top], masks, tokens

    def harmonics(self, spectrum: Tensor) -> Tensor:
        """Complex `(b, s, top, t)` -> levels at the harmonics of each pitch `(b, 8, t, BINS)`."""
        level = spectrum.abs().square().sum(1).clamp(min=1e-10).sqrt().transpose(1, 2)
        reference = level.amax((1, 2), keepdim=True).clamp(min=1e-3)
        level = torch.log10(level / reference + 1e-4) / 4 + 1
        low, high = level[..., self.below], level[..., self.below + 1]
        return torch.lerp(low, high, self.part).permute(0, 2, 1, 3)

    def forward(self, sound: Tensor) -> Tensor:
        return self.heads(*self.spectra(sound))

    def heads(self, spectrum: Tensor, masks: Tensor, tokens: Tensor) -> Tensor:
        """Logits from what `spectra` returns."""
        masked = spectrum * masks
        stack = torch.cat([self.harmonics(masked), self.harmonics(spectrum)], 1)
        salience = self.salience(stack)[:, 0]
        features = self.gather(tokens.flatten(2))
        pitch = salience + self.pitch(features)
        semitones = F.max_pool1d(pitch, PER_SEMITONE).softmax(-1)
        levels = [
            torch.log10(each.abs().square().sum((1, 2)).clamp(min=1e-8))[..., None] / 4
            for each in (masked, spectrum)
        ]
        events = torch.cat([features, semitones, *levels], -1).transpose(1, 2)
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
