"""Mel-Band RoFormer: a complex mask per mel band from transformers over time and over bands.

Wang, Lu and Won, "Mel-RoFormer for Vocal Separation and Vocal Melody Transcription" (2024).
Parameter names and arithmetic follow the published checkpoints, which load with `strict=True`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import torch
from einops import pack, rearrange, unpack
from torch import Tensor, nn

from engine.models.layers import RMSNorm, RotaryEmbedding, Transformer


@dataclass(frozen=True, slots=True)
class Config:
    """Sizes of a network; the defaults are those of the published vocal model."""

    dim: int = 384
    depth: int = 6
    stereo: bool = True
    num_stems: int = 1
    time_transformer_depth: int = 1
    freq_transformer_depth: int = 1
    num_bands: int = 60
    dim_head: int = 64
    heads: int = 8
    attn_dropout: float = 0.0
    ff_dropout: float = 0.0
    ff_mult: float = 4.0
    sample_rate: int = 44_100
    stft_n_fft: int = 2048
    stft_hop_length: int = 441
    stft_win_length: int = 2048
    stft_normalized: bool = False
    mask_estimator_depth: int = 2
    mlp_expansion_factor: float = 4.0


def mel_bands(rate: int, n_fft: int, bands: int) -> np.ndarray:
    """Which FFT bins belong to which band: bool `(bands, n_fft // 2 + 1)`.

    A bin belongs to a band where the band's triangle of Slaney's mel scale (Auditory Toolbox, 1998:
    linear below 1 kHz, logarithmic above) is positive; the first and the last bin always belong
    to the first and the last band.
    """
    step, corner = 200.0 / 3.0, 1000.0
    log_step = np.log(6.4) / 27.0
    top = corner / step + np.log(max(rate / 2, corner) / corner) / log_step
    mels = np.linspace(0.0, top, bands + 2)
    knee = corner / step
    hz = np.where(mels < knee, mels * step, corner * np.exp(log_step * (mels - knee)))
    bins = np.fft.rfftfreq(n_fft, 1.0 / rate)
    rising = (bins - hz[:-2, None]) / np.diff(hz)[:-1, None]
    falling = (hz[2:, None] - bins) / np.diff(hz)[1:, None]
    member = np.minimum(rising, falling).astype(np.float32) > 0.0
    member[0, 0] = member[-1, -1] = True
    return member


class BandSplit(nn.Module):
    """A normed, projected token per band: `(b, t, sum of inputs) -> (b, t, bands, dim)`."""

    def __init__(self, dim: int, inputs: tuple[int, ...]) -> None:
        super().__init__()
        self.inputs = inputs
        self.to_features = nn.ModuleList(
            nn.Sequential(RMSNorm(size), nn.Linear(size, dim)) for size in inputs
        )

    def forward(self, x: Tensor) -> Tensor:
        bands = x.split(self.inputs, dim=-1)
        return torch.stack(
            [project(band) for project, band in zip(self.to_features, bands, strict=True)], dim=-2
        )


class MaskEstimator(nn.Module):
    """A perceptron per band: `(b, t, bands, dim) -> (b, t, sum of outputs)`."""

    def __init__(self, dim: int, outputs: tuple[int, ...], depth: int, expansion: float) -> None:
        super().__init__()
        hidden = int(dim * expansion)
        self.to_freqs = nn.ModuleList()
        for size in outputs:
            sizes = (dim, *(hidden for _ in range(depth)), size * 2)
            layers: list[nn.Module] = []
            for number, (i, o) in enumerate(itertools.pairwise(sizes)):
                layers += [nn.Tanh()] if number else []
                layers.append(nn.Linear(i, o))
            self.to_freqs.append(nn.Sequential(nn.Sequential(*layers), nn.GLU(dim=-1)))

    def forward(self, x: Tensor) -> Tensor:
        bands = x.unbind(dim=-2)
        return torch.cat([f(band) for f, band in zip(self.to_freqs, bands, strict=True)], dim=-1)


class Net(nn.Module):
    """Stereo sound in, stems out."""

    rows: Tensor
    bands_per_bin: Tensor
    window: Tensor

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        self.channels = 2 if config.stereo else 1
        member = torch.from_numpy(
            mel_bands(config.sample_rate, config.stft_n_fft, config.num_bands)
        )
        # A row of the folded spectrum is `bin * channels + channel`.
        band_bins = [torch.nonzero(band).flatten() for band in member]
        rows = torch.cat(band_bins)[:, None] * self.channels + torch.arange(self.channels)
        self.register_buffer("rows", rows.flatten(), persistent=False)
        self.register_buffer("bands_per_bin", member.sum(0), persistent=False)
        self.register_buffer("window", torch.hann_window(config.stft_win_length), persistent=False)
        inputs = tuple(2 * len(bins) * self.channels for bins in band_bins)

        def transformer(depth: int, rotary: RotaryEmbedding) -> Transformer:
            return Transformer(
                config.dim,
                depth,
                config.heads,
                config.dim_head,
                config.attn_dropout,
                config.ff_dropout,
                config.ff_mult,
                rotary,
            )

        over_time, over_bands = RotaryEmbedding(config.dim_head), RotaryEmbedding(config.dim_head)
        self.band_split = BandSplit(config.dim, inputs)
        self.layers = nn.ModuleList(
            nn.ModuleList(
                [
                    transformer(config.time_transformer_depth, over_time),
                    transformer(config.freq_transformer_depth, over_bands),
                ]
            )
            for _ in range(config.depth)
        )
        self.mask_estimators = nn.ModuleList(
            MaskEstimator(
                config.dim, inputs, config.mask_estimator_depth, config.mlp_expansion_factor
            )
            for _ in range(config.num_stems)
        )

    def spectrum(self, sound: Tensor) -> Tensor:
        """`(b, channels, samples)` -> complex `(b, channels, bins, frames)`."""
        c = self.config
        folded, lead = pack([sound], "* n")
        stft = torch.stft(
            folded,
            c.stft_n_fft,
            c.stft_hop_length,
            c.stft_win_length,
            self.window,
            normalized=c.stft_normalized,
            return_complex=True,
        )
        return unpack(stft, lead, "* f t")[0]

    def sound(self, spectrum: Tensor, samples: int | None) -> Tensor:
        """Complex `(…, bins, frames)` -> `(…, samples)`."""
        c = self.config
        folded, lead = pack([spectrum], "* f t")
        out = torch.istft(
            folded,
            c.stft_n_fft,
            c.stft_hop_length,
            c.stft_win_length,
            self.window,
            normalized=c.stft_normalized,
            length=samples,
        )
        return unpack(out, lead, "* n")[0]

    def backbone(self, spectrum: Tensor) -> Tensor:
        """Complex `(b, channels, bins, frames)` -> band tokens `(b, frames, bands, dim)`."""
        rows = rearrange(torch.view_as_real(spectrum), "b s f t c -> b t (f s) c")
        x = self.band_split(rows[:, :, self.rows].flatten(2))
        frames, bands = x.shape[1:3]
        for over_time, over_bands in cast("Iterable[tuple[Transformer, Transformer]]", self.layers):
            x = over_time(rearrange(x, "b t k d -> (b k) t d"))
            x = over_bands(rearrange(x, "(b k) t d -> (b t) k d", k=bands))
            x = rearrange(x, "(b t) k d -> b t k d", t=frames)
        return x

    def masks(self, tokens: Tensor) -> Tensor:
        """Band tokens -> complex masks `(b, stems, channels, bins, frames)`."""
        values = torch.stack([head(tokens) for head in self.mask_estimators], 1)
        values = torch.view_as_complex(values.float().unflatten(-1, (-1, 2)).contiguous())
        b, stems, frames, _ = values.shape
        bins = len(self.bands_per_bin)
        total = values.new_zeros(b, stems, frames, bins * self.channels)
        total = total.index_add(3, self.rows, values)
        return rearrange(total, "b n t (f s) -> b n s f t", s=self.channels) / self.bands_per_bin[
            :, None
        ].clamp(min=1)

    def forward(self, sound: Tensor, match_length: bool = True) -> Tensor:
        """Separate `(b, channels, samples)`; several stems come as `(b, stems, channels, samples)`.

        Without `match_length` it ends with the last whole hop.
        """
        spectrum = self.spectrum(sound)
        masked = spectrum[:, None] * self.masks(self.backbone(spectrum))
        stems = self.sound(masked, sound.shape[-1] if match_length else None)
        return stems[:, 0] if self.config.num_stems == 1 else stems


def convert(state: dict[str, Any]) -> dict[str, Tensor]:
    """Unwrap a foreign checkpoint: `state_dict` and `model.` prefixes."""
    inner = state.get("state_dict", state)
    return {name.removeprefix("model."): tensor for name, tensor in inner.items()}
