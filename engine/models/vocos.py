"""Vocos: a mel spectrogram to sound through one inverse short-time Fourier transform.

Siuzdak, "Vocos: Closing the gap between time-domain and Fourier-based neural vocoders" (2023).
Names and arithmetic follow the published checkpoints, which load with `strict=True`. Of the one
that hears codes of EnCodec the backbone and the head are here, not EnCodec itself.

Axes: `b` batch, `c` channels, `t` frames, `f` bins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.models.layers import ConvNeXt, Shapes

QUIETEST = 1e-7  # magnitude below which a mel spectrogram tells nothing
LOUDEST = 1e2  # magnitude of a bin that is not exceeded


@dataclass(frozen=True, slots=True)
class Config:
    """Sizes as published configurations call them; the defaults are those of mel-24khz.

    `padding` says where frames lie: "center", the first one around the first sample, or "same",
    where there are as many as hops. With `adanorm_num_embeddings` the norms have as many settings
    (EnCodec's bandwidths) and nothing is heard but what is handed in.
    """

    sample_rate: int = 24_000
    n_fft: int = 1024
    hop_length: int = 256
    n_mels: int = 100
    padding: str = "center"
    dim: int = 512
    intermediate_dim: int = 1536
    num_layers: int = 8
    adanorm_num_embeddings: int = 0


class ChosenNorm(nn.Module):
    """A norm over the last axis with several scales and shifts, of which `chosen` is used."""

    def __init__(self, settings: int, dim: int) -> None:
        super().__init__()
        self.chosen = 0
        self.scale = nn.Embedding(settings, dim)
        self.shift = nn.Embedding(settings, dim)
        nn.init.ones_(self.scale.weight)
        nn.init.zeros_(self.shift.weight)

    def forward(self, x: Tensor) -> Tensor:
        normed = F.layer_norm(x, x.shape[-1:], eps=1e-6)
        return normed * self.scale.weight[self.chosen] + self.shift.weight[self.chosen]


class Backbone(nn.Module):
    """`(b, c, t)` to `(b, t, dim)`: ConvNeXt blocks, never coarser in time."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        settings, dim = config.adanorm_num_embeddings, config.dim

        def norm() -> nn.Module:
            return ChosenNorm(settings, dim) if settings else nn.LayerNorm(dim, eps=1e-6)

        self.embed = nn.Conv1d(config.n_mels, dim, 7, padding=3)
        self.norm = norm()
        blocks = [
            ConvNeXt(dim, config.intermediate_dim, scale=1 / config.num_layers)
            for _ in range(config.num_layers)
        ]
        if settings:
            for block in blocks:
                block.add_module("norm", norm())
        self.convnext = nn.ModuleList(blocks)
        self.final_layer_norm = nn.LayerNorm(dim, eps=1e-6)

    def forward(self, x: Tensor) -> Tensor:
        x = self.norm(self.embed(x).mT).mT
        for block in self.convnext:
            x = block(x)
        return self.final_layer_norm(x.mT)


class Window(nn.Module):
    """The window of a transform, which is kept with the weights."""

    window: Tensor

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.register_buffer("window", torch.hann_window(config.n_fft))


class MelScale(nn.Module):
    """The mel scale's triangles over FFT bins `(f, n_mels)`, kept with the weights too."""

    fb: Tensor

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.register_buffer("fb", torch.from_numpy(_weights(config)))


class MelSpectrogram(nn.Module):
    """Sound `(b, samples)` to magnitudes `(b, n_mels, t)`."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        self.spectrogram = Window(config)
        self.mel_scale = MelScale(config)

    def forward(self, sound: Tensor) -> Tensor:
        c = self.config
        centred = c.padding == "center"
        if not centred:
            edge = (c.n_fft - c.hop_length) // 2
            sound = F.pad(sound[:, None], (edge, edge), mode="reflect")[:, 0]
        magnitude = torch.stft(
            sound,
            c.n_fft,
            c.hop_length,
            window=self.spectrogram.window,
            center=centred,
            return_complex=True,
        ).abs()
        return self.mel_scale.fb.mT @ magnitude


class Features(nn.Module):
    """Sound `(b, samples)` to log mel spectrograms `(b, n_mels, t)`."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.mel_spec = MelSpectrogram(config)

    def forward(self, sound: Tensor) -> Tensor:
        mel: Tensor = self.mel_spec(sound)
        return mel.clamp(min=QUIETEST).log()


class Head(nn.Module):
    """`(b, t, dim)` to sound: each frame's magnitudes and phases, joined by overlap-add."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        self.out = nn.Linear(config.dim, config.n_fft + 2)
        self.istft = Window(config)

    def forward(self, x: Tensor) -> Tensor:
        magnitude, phase = self.out(x).mT.float().chunk(2, 1)
        spectrum = torch.polar(magnitude.exp().clamp(max=LOUDEST), phase)
        n_fft, hop = self.config.n_fft, self.config.hop_length
        window = self.istft.window
        if self.config.padding == "center":
            return torch.istft(spectrum, n_fft, hop, window=window)
        frames = torch.fft.irfft(spectrum, n_fft, dim=1) * window[:, None]
        weights = window.square()[None, :, None].expand(1, -1, frames.shape[-1])
        edge = (n_fft - hop) // 2
        sound, weight = (
            F.fold(each, (1, (each.shape[-1] - 1) * hop + n_fft), (1, n_fft), stride=(1, hop))
            for each in (frames, weights)
        )
        return (sound / weight.clamp(min=1e-11))[:, 0, 0, edge:-edge]


def _weights(config: Config) -> np.ndarray:
    """Triangles of height one on the mel scale of HTK: float32 `(bins, n_mels)`."""
    top = 2595.0 * np.log10(1.0 + config.sample_rate / 2 / 700.0)
    hz = 700.0 * (10.0 ** (np.linspace(0.0, top, config.n_mels + 2) / 2595.0) - 1.0)
    bins = np.linspace(0.0, config.sample_rate / 2, config.n_fft // 2 + 1)[:, None]
    rising = (bins - hz[:-2]) / np.diff(hz)[:-1]
    falling = (hz[2:] - bins) / np.diff(hz)[1:]
    return np.maximum(np.minimum(rising, falling), 0.0).astype(np.float32)


class Net(nn.Module):
    """Log mel spectrograms `(b, n_mels, t)` to sound `(b, samples)`."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        if not config.adanorm_num_embeddings:
            self.feature_extractor = Features(config)
        self.backbone = Backbone(config)
        self.head = Head(config)

    @property
    def rate(self) -> int:
        """Samples a second."""
        return self.config.sample_rate

    @property
    def hop(self) -> int:
        """Samples between frames."""
        return self.config.hop_length

    def forward(self, mel: Tensor) -> Tensor:
        return self.head(self.backbone(mel))

    def features(self, sound: Tensor) -> Tensor:
        """The log mel spectrograms `(b, n_mels, t)` it was taught, of sound `(b, samples)`."""
        return self.feature_extractor(sound)


def infer(shapes: Shapes, said: Mapping[str, Any]) -> Config:
    """Read a network's sizes from a checkpoint's names and shapes.

    Rate, hop and padding show nowhere: they are as `said`, else as published. Raises `KeyError`
    naming a missing tensor and `ValueError` for sizes that are not possible.
    """
    dim, mels, _ = shapes["backbone.embed.weight"]
    n_fft = shapes["head.out.weight"][0] - 2
    settings = shapes.get("backbone.norm.scale.weight", (0,))[0]
    blocks = {name.split(".")[2] for name in shapes if name.startswith("backbone.convnext.")}
    hop = said.get("hop_length", n_fft // 4)
    padding = said.get("padding", "same" if settings else "center")
    if padding not in ("center", "same"):
        raise ValueError(f"its padding cannot be {padding!r}")
    if not 0 < hop < n_fft:
        raise ValueError(f"its frames of {n_fft} samples cannot lie {hop} apart")
    return Config(
        sample_rate=said.get("sample_rate", 24_000),
        n_fft=n_fft,
        hop_length=hop,
        n_mels=mels,
        padding=padding,
        dim=dim,
        intermediate_dim=shapes["backbone.convnext.0.pwconv1.weight"][0],
        num_layers=len(blocks),
        adanorm_num_embeddings=settings,
    )
