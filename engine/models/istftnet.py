"""iSTFTNet and HiFi-GAN: a mel spectrogram to sound, by stages that each make time finer.

Kong, Kim and Bae, "HiFi-GAN" (2020) goes on to single samples; Kaneko et al., "iSTFTNet" (2022)
stops early and leaves the rest to an inverse short-time Fourier transform. Both have the same
layers, so one network is either. Names and arithmetic follow the published generators; their
weights are kept apart as direction and length (weight norm) until `fold` puts them together.

Axes: `b` batch, `t` frames of the mel spectrogram, `u` finer frames, `f` bins.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.models.layers import Shapes, mel_weights

SLOPE = 0.1  # of what is negative, between the layers
QUIETEST = 1e-5  # magnitude below which a mel spectrogram tells nothing


@dataclass(frozen=True, slots=True)
class Config:
    """Sizes as published configurations call them; the defaults are those of iSTFTNet (C8C8I).

    `resblock` is "1" for pairs of layers, "2" for single ones. A `gen_istft_n_fft` of 0 is
    HiFi-GAN. `fmin` and `fmax` are the edges of the mel scale in Hz.
    """

    resblock: str = "1"
    upsample_rates: tuple[int, ...] = (8, 8)
    upsample_kernel_sizes: tuple[int, ...] = (16, 16)
    upsample_initial_channel: int = 512
    resblock_kernel_sizes: tuple[int, ...] = (3, 7, 11)
    resblock_dilation_sizes: tuple[tuple[int, ...], ...] = ((1, 3, 5), (1, 3, 5), (1, 3, 5))
    gen_istft_n_fft: int = 16
    gen_istft_hop_size: int = 4
    num_mels: int = 80
    n_fft: int = 1024
    hop_size: int = 256
    win_size: int = 1024
    sampling_rate: int = 22_050
    fmin: float = 0.0
    fmax: float = 8_000.0


class Residual(nn.Module):
    """Layers of one kernel and growing dilation `(b, c, u)`, each added to what it hears."""

    def __init__(self, channels: int, kernel: int, dilations: tuple[int, ...], paired: bool):
        super().__init__()
        self.paired = paired

        def layers(dilations: tuple[int, ...]) -> nn.ModuleList:
            return nn.ModuleList(
                nn.Conv1d(channels, channels, kernel, dilation=d, padding=(kernel - 1) * d // 2)
                for d in dilations
            )

        if paired:
            self.convs1 = layers(dilations)
            self.convs2 = layers((1,) * len(dilations))
        else:
            self.convs = layers(dilations)

    def forward(self, x: Tensor) -> Tensor:
        if not self.paired:
            for conv in self.convs:
                x = x + conv(F.leaky_relu(x, SLOPE))
            return x
        for wide, narrow in zip(self.convs1, self.convs2, strict=True):
            x = x + narrow(F.leaky_relu(wide(F.leaky_relu(x, SLOPE)), SLOPE))
        return x


class Net(nn.Module):
    """Log mel spectrograms `(b, num_mels, t)` to sound `(b, t * hop_size)`.

    States are taken in with weight norm and without.
    """

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        channels = config.upsample_initial_channel
        bins = config.gen_istft_n_fft // 2 + 1
        self.conv_pre = nn.Conv1d(config.num_mels, channels, 7, padding=3)
        self.ups = nn.ModuleList()
        self.resblocks = nn.ModuleList()
        for rate, kernel in zip(config.upsample_rates, config.upsample_kernel_sizes, strict=True):
            self.ups.append(
                nn.ConvTranspose1d(
                    channels, channels // 2, kernel, rate, padding=(kernel - rate) // 2
                )
            )
            channels //= 2
            for size, dilations in zip(
                config.resblock_kernel_sizes, config.resblock_dilation_sizes, strict=True
            ):
                paired = config.resblock == "1"
                self.resblocks.append(Residual(channels, size, tuple(dilations), paired))
        outputs = 2 * bins if config.gen_istft_n_fft else 1
        self.conv_post = nn.Conv1d(channels, outputs, 7, padding=3)

    @property
    def rate(self) -> int:
        """Samples a second."""
        return self.config.sampling_rate

    @property
    def hop(self) -> int:
        """Samples between frames."""
        return self.config.hop_size

    def load_state_dict(
        self, state_dict: Mapping[str, Any], strict: bool = True, assign: bool = False
    ) -> Any:
        return super().load_state_dict(fold(state_dict), strict, assign)

    def forward(self, mel: Tensor) -> Tensor:
        x = self.stages(mel)
        if not self.config.gen_istft_n_fft:
            return self.conv_post(x)[:, 0].tanh()
        magnitude, phase = self.spectrum(x)
        n_fft = self.config.gen_istft_n_fft
        return torch.istft(
            torch.polar(magnitude.float(), phase.float()),
            n_fft,
            self.config.gen_istft_hop_size,
            window=torch.hann_window(n_fft, device=mel.device),
        )

    def stages(self, mel: Tensor) -> Tensor:
        """Up to the last layer: `(b, c, u)`."""
        x = self.conv_pre(mel)
        kernels = len(self.config.resblock_kernel_sizes)
        for stage, finer in enumerate(self.ups):
            x = finer(F.leaky_relu(x, SLOPE))
            blocks = self.resblocks[stage * kernels : (stage + 1) * kernels]
            x = torch.stack([block(x) for block in blocks]).mean(0)
        return F.leaky_relu(x)

    def spectrum(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Magnitude and phase `(b, f, u + 1)`; as published, the phase is the sine of a layer's
        output and so within one radian.
        """
        magnitude, phase = self.conv_post(F.pad(x, (1, 0), mode="reflect")).chunk(2, 1)
        return magnitude.exp(), phase.sin()

    def features(self, sound: Tensor) -> Tensor:
        """The log mel spectrograms `(b, num_mels, t)` it was taught, of sound `(b, samples)`."""
        c = self.config
        edge = (c.n_fft - c.hop_size) // 2
        window = torch.hann_window(c.win_size, device=sound.device)
        spectrum = torch.stft(
            F.pad(sound[:, None], (edge, edge), mode="reflect")[:, 0],
            c.n_fft,
            c.hop_size,
            c.win_size,
            window,
            center=False,
            return_complex=True,
        )
        magnitude = torch.sqrt(torch.view_as_real(spectrum).square().sum(-1) + 1e-9)
        weights = mel_weights(c.sampling_rate, c.n_fft, c.num_mels, c.fmin, c.fmax)
        return (torch.from_numpy(weights).to(sound.device) @ magnitude).clamp(min=QUIETEST).log()


def fold(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Put weights together that are kept as length (`weight_g`) and direction (`weight_v`).

    All else stays as it is; so does a length whose direction is missing, or the reverse.
    """
    folded = dict(state)
    for name, length in state.items():
        for ending, other in (
            ("weight_g", "weight_v"),
            ("parametrizations.weight.original0", "parametrizations.weight.original1"),
        ):
            home = name.removesuffix(ending)
            direction = state.get(home + other)
            if home == name or direction is None or direction.ndim < 2:
                continue
            norm = torch.linalg.vector_norm(
                direction, dim=tuple(range(1, direction.ndim)), keepdim=True
            )
            if norm.shape == length.shape:
                folded[f"{home}weight"] = direction * (length / norm)
                del folded[name], folded[home + other]
    return folded


def infer(shapes: Shapes, said: Mapping[str, Any]) -> Config:
    """Read a generator's sizes from the names and shapes of its folded state.

    Kernels of a finer stage are twice its rate and dilations are the published ones, unless it is
    `said` otherwise; so are the sizes of its mel spectrogram, of which only the bands show.
    Raises `KeyError` naming a missing tensor and `ValueError` for sizes that are not possible.
    """
    channels, mels, _ = shapes["conv_pre.weight"]
    outputs, _, _ = shapes["conv_post.weight"]
    stages = len({name.split(".")[1] for name in shapes if name.startswith("ups.")})
    kernels = tuple(shapes[f"ups.{stage}.weight"][2] for stage in range(stages))
    blocks = len({name.split(".")[1] for name in shapes if name.startswith("resblocks.")})
    paired = "resblocks.0.convs1.0.weight" in shapes
    first = "convs1" if paired else "convs"
    sizes = tuple(shapes[f"resblocks.{n}.{first}.0.weight"][2] for n in range(blocks // stages))
    layers = sum(name.startswith(f"resblocks.0.{first}.") for name in shapes) // 2
    published = ((1, 3, 5),) * len(sizes) if paired else ((1, 2), (2, 6), (3, 12))
    dilations = said.get("resblock_dilation_sizes", tuple(row[:layers] for row in published))
    rates = said.get("upsample_rates", tuple(kernel // 2 for kernel in kernels))
    n_fft = outputs - 2 if outputs > 1 else 0
    hop = said.get("gen_istft_hop_size", n_fft // 4) if n_fft else 0
    total = math.prod(rates) * (hop or 1)
    if len(rates) != stages or not all(
        1 <= rate <= kernel and (kernel - rate) % 2 == 0
        for rate, kernel in zip(rates, kernels, strict=True)
    ):
        raise ValueError(f"stages of {rates} do not go with kernels of {kernels}")
    if len(dilations) != len(sizes) or {len(row) for row in dilations} != {layers}:
        raise ValueError(f"dilations of {dilations} do not go with kernels of {sizes}")
    transform = said.get("n_fft", 4 * total)
    rate = said.get("sampling_rate", 22_050)
    low = float(said.get("fmin") or 0.0)
    top = float(said.get("fmax", 8_000.0) or rate / 2)
    if said.get("hop_size", total) != total:
        raise ValueError(f"it makes {total} samples of a frame, and {said['hop_size']} are said")
    if not (0 < total <= transform and 0 <= low < top <= rate / 2):
        raise ValueError(f"mel spectrograms of {transform} samples every {total} do not exist")
    return Config(
        resblock="1" if paired else "2",
        upsample_rates=tuple(rates),
        upsample_kernel_sizes=kernels,
        upsample_initial_channel=channels,
        resblock_kernel_sizes=sizes,
        resblock_dilation_sizes=tuple(map(tuple, dilations)),
        gen_istft_n_fft=n_fft,
        gen_istft_hop_size=hop,
        num_mels=mels,
        n_fft=transform,
        hop_size=total,
        win_size=said.get("win_size", transform),
        sampling_rate=rate,
        fmin=low,
        fmax=top,
    )
