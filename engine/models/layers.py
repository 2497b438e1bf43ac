"""What more than one family uses identically: the transformer, and the band-split network of it.

Axes: `b` batch (any leading axes folded), `n` tokens, `h` heads, `d` features of one head,
`k` bands, `t` frames, `f` bins, `s` channels.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import torch
from einops import pack, rearrange, unpack
from torch import Tensor, nn
from torch.nn import functional as F


class RMSNorm(nn.Module):
    """`x / |x| * sqrt(dim) * gamma` over the last axis (Zhang and Sennrich, 2019)."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(dim))

    def forward(self, x: Tensor) -> Tensor:
        if lean(x):  # the same in fewer passes
            length = torch.linalg.vector_norm(x, dim=-1, keepdim=True).clamp_(min=1e-12)
            return (x * (self.gamma * x.shape[-1] ** 0.5)).div_(length)
        return F.rms_norm(x, self.gamma.shape, self.gamma.to(x.dtype), eps=1e-12)


class RotaryEmbedding(nn.Module):
    """Rotary positions on interleaved pairs (Su et al., 2021); `freqs` is kept with the weights."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.freqs = nn.Parameter(10_000.0 ** (-torch.arange(0, dim, 2) / dim), requires_grad=False)

    def forward(self, tokens: int) -> tuple[Tensor, Tensor]:
        """Return cosine and sine `(tokens, dim / 2)`."""
        positions = torch.arange(tokens, device=self.freqs.device, dtype=torch.float32)
        angles = positions[:, None] * self.freqs.float()
        return angles.cos(), angles.sin()


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Turn each pair of features of `(…, n, d)` by its position's angle."""
    cos = cos.repeat_interleave(2, -1).to(x.dtype)
    sin = torch.stack((-sin, sin), -1).flatten(-2).to(x.dtype)
    swapped = x.unflatten(-1, (-1, 2)).flip(-1).flatten(-2)
    return torch.addcmul(x * cos, swapped, sin)


def rotate_(x: Tensor, cos: Tensor, sin: Tensor) -> None:
    """The same in place, in one pass over memory instead of ten; gradients cannot follow."""
    turn = torch.view_as_complex(torch.stack((cos, sin), -1).to(x.dtype))
    torch.view_as_complex(x.unflatten(-1, (-1, 2))).mul_(turn)


SHORT = 64  # tokens; fewer attend to each other faster in plain products
PART = 192_000  # values that a layer works on at once: what it makes of them stays in the cache


def lean(x: Tensor) -> bool:
    """Whether to spare memory and its traffic: on a processor, where no gradient is asked for."""
    return x.device.type == "cpu" and not torch.is_grad_enabled()


def in_parts(layer: nn.Module, x: Tensor) -> Tensor:
    """`layer(x)` for `(…, dim)`, a few tokens at a time where that is faster."""
    if not lean(x) or x.numel() <= PART:
        return layer(x)
    tokens = x.flatten(0, -2)
    made: Tensor | None = None
    step = max(1, PART // x.shape[-1])
    for start in range(0, len(tokens), step):
        part = layer(tokens[start : start + step])
        if made is None:
            made = part.new_empty(len(tokens), part.shape[-1])
        made[start : start + step] = part
    return x if made is None else made.unflatten(0, x.shape[:-1])


class FeedForward(nn.Module):
    """Pre-normed two-layer perceptron with GELU."""

    def __init__(self, dim: int, mult: float, dropout: float) -> None:
        super().__init__()
        inner = int(dim * mult)
        self.net = nn.Sequential(
            RMSNorm(dim),
            nn.Linear(dim, inner),
            nn.GELU(),
            nn.Dropout(dropout),
            nn.Linear(inner, dim),
            nn.Dropout(dropout),
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.net(x)


def attended(query: Tensor, key: Tensor, value: Tensor, dropout: float) -> Tensor:
    """Scaled dot-product attention over `(…, n, d)`.

    PyTorch's fused one is slower than plain products on a processor where rows are as short as
    those of bands, where products are in 16 bits, and ten times where gradients follow.
    """
    plain = query.shape[-2] <= SHORT or query.dtype == torch.bfloat16 or torch.is_grad_enabled()
    if query.is_cuda or not plain:
        return F.scaled_dot_product_attention(query, key, value, dropout_p=dropout)
    weights = (query * query.shape[-1] ** -0.5 @ key.transpose(-2, -1)).softmax(-1)
    return F.dropout(weights, dropout) @ value


class Attention(nn.Module):
    """Pre-normed self-attention over `(b, n, dim)`, rotary positions, a sigmoid gate per head."""

    def __init__(
        self, dim: int, heads: int, dim_head: int, dropout: float, rotary: RotaryEmbedding
    ) -> None:
        super().__init__()
        inner = heads * dim_head
        self.heads = heads
        self.dropout = dropout
        self.rotary_embed = rotary
        self.norm = RMSNorm(dim)
        self.to_qkv = nn.Linear(dim, inner * 3, bias=False)
        self.to_gates = nn.Linear(dim, heads)
        self.to_out = nn.Sequential(nn.Linear(inner, dim, bias=False), nn.Dropout(dropout))

    def forward(self, x: Tensor) -> Tensor:
        x = self.norm(x)
        qkv = in_parts(self.to_qkv, x).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        turned, (cos, sin) = qkv[:2], self.rotary_embed(x.shape[1])
        if torch.is_grad_enabled() or torch.compiler.is_compiling():
            turned = rotate(turned, cos, sin)
        elif turned.dtype == torch.bfloat16:  # there are no complex numbers of such
            wide = turned.float()
            rotate_(wide, cos, sin)
            turned = wide.to(turned.dtype)
        else:
            rotate_(turned, cos, sin)
        out = attended(turned[0], turned[1], qkv[2], self.dropout if self.training else 0.0)
        # Contiguous first: the product over other strides takes twenty times as long.
        out = out.transpose(1, 2).contiguous() * self.to_gates(x).sigmoid().unsqueeze(-1)
        return in_parts(self.to_out, out.flatten(2))


class Transformer(nn.Module):
    """`depth` blocks of attention and feed-forward over `(b, n, dim)`, normed at the end or not."""

    def __init__(
        self,
        dim: int,
        depth: int,
        heads: int,
        dim_head: int,
        attn_dropout: float,
        ff_dropout: float,
        ff_mult: float,
        rotary: RotaryEmbedding,
        normed: bool,
    ) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            nn.ModuleList(
                [
                    Attention(dim, heads, dim_head, attn_dropout, rotary),
                    FeedForward(dim, ff_mult, ff_dropout),
                ]
            )
            for _ in range(depth)
        )
        self.norm = RMSNorm(dim) if normed else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        for attend, feed in cast("Iterable[tuple[Attention, FeedForward]]", self.layers):
            x = x + attend(x)
            x = x + in_parts(feed, x)
        return self.norm(x)


def over(transformer: Transformer, x: Tensor) -> Tensor:
    """`transformer(x)` for sequences `(a, b, n, dim)`, all at once or a few at a time in place."""
    if not lean(x):
        # Contiguous: a graphics card adds two orders of memory at half the speed.
        return transformer(x.flatten(0, 1).contiguous()).unflatten(0, x.shape[:2])
    for batch in x:
        for sequences in batch.split(max(1, PART // x[0, 0].numel())):
            sequences.copy_(transformer(sequences.contiguous()))
    return x


class ConvNeXt(nn.Module):
    """A residual block over time `(b, dim, t)`: each channel's neighbourhood, then all channels.

    Liu et al., "A ConvNet for the 2020s" (2022), in the one-dimensional form of Vocos.
    """

    def __init__(self, dim: int, inner: int, kernel: int = 7, scale: float = 1.0) -> None:
        super().__init__()
        self.dwconv = nn.Conv1d(dim, dim, kernel, padding=kernel // 2, groups=dim)
        self.norm = nn.LayerNorm(dim, eps=1e-6)
        self.pwconv1 = nn.Linear(dim, inner)
        self.pwconv2 = nn.Linear(inner, dim)
        self.gamma = nn.Parameter(torch.full((dim,), scale))

    def forward(self, x: Tensor) -> Tensor:
        out = self.norm(self.dwconv(x).transpose(1, 2))
        out = self.gamma * self.pwconv2(F.gelu(self.pwconv1(out)))
        return x + out.transpose(1, 2)


@dataclass(frozen=True, slots=True)
class BandSizes:
    """Sizes of a band-split network, whichever way the bands are laid out."""

    dim: int = 384
    depth: int = 6
    stereo: bool = True
    num_stems: int = 1
    time_transformer_depth: int = 1
    freq_transformer_depth: int = 1
    dim_head: int = 64
    heads: int = 8
    attn_dropout: float = 0.0
    ff_dropout: float = 0.0
    ff_mult: float = 4.0
    stft_n_fft: int = 2048
    stft_hop_length: int = 441
    stft_win_length: int = 2048
    stft_normalized: bool = False
    zero_dc: bool = False
    mask_estimator_depth: int = 2
    mlp_expansion_factor: float = 4.0


def _triangles(
    rate: int, n_fft: int, bands: int, low: float, high: float
) -> tuple[np.ndarray, np.ndarray]:
    """Triangles of Slaney's mel scale over FFT bins, negative outside of them, and their edges.

    The scale is that of the Auditory Toolbox (1998): linear below 1 kHz, logarithmic above.
    """
    step, corner = 200.0 / 3.0, 1000.0
    log_step = np.log(6.4) / 27.0
    knee = corner / step
    bottom, top = (
        hz / step if hz < corner else knee + np.log(hz / corner) / log_step for hz in (low, high)
    )
    mels = np.linspace(bottom, top, bands + 2)
    hz = np.where(mels < knee, mels * step, corner * np.exp(log_step * (mels - knee)))
    bins = np.fft.rfftfreq(n_fft, 1.0 / rate)
    rising = (bins - hz[:-2, None]) / np.diff(hz)[:-1, None]
    falling = (hz[2:, None] - bins) / np.diff(hz)[1:, None]
    return np.minimum(rising, falling), hz


def mel_bands(rate: int, n_fft: int, bands: int) -> np.ndarray:
    """Which FFT bins belong to which band: bool `(bands, n_fft // 2 + 1)`.

    A bin belongs to a band where the band's triangle is positive; the first and the last bin
    always belong to the first and the last band.
    """
    member: np.ndarray = _triangles(rate, n_fft, bands, 0.0, rate / 2)[0].astype(np.float32) > 0.0
    member[0, 0] = member[-1, -1] = True
    return member


def mel_weights(rate: int, n_fft: int, bands: int, low: float, high: float) -> np.ndarray:
    """Float32 `(bands, n_fft // 2 + 1)`: triangles from `low` to `high` Hz, each of unit area."""
    triangles, hz = _triangles(rate, n_fft, bands, low, high)
    weights = np.maximum(triangles, 0.0) * (2.0 / (hz[2:] - hz[:-2]))[:, None]
    return weights.astype(np.float32)


class BandSplit(nn.Module):
    """A normed, projected token per band: bands `(b, t, inputs)` -> `(b, t, bands, dim)`."""

    def __init__(self, dim: int, inputs: tuple[int, ...]) -> None:
        super().__init__()
        self.to_features = nn.ModuleList(
            nn.Sequential(RMSNorm(size), nn.Linear(size, dim)) for size in inputs
        )

    def forward(self, bands: Sequence[Tensor]) -> Tensor:
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

    def each(self, x: Tensor) -> Iterator[Tensor]:
        """What comes of each band, one after the other."""
        bands = x.unbind(dim=-2)
        return (estimate(band) for estimate, band in zip(self.to_freqs, bands, strict=True))

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([*self.each(x)], dim=-1)


class BandTokens(nn.Module):
    """The shared trunk: sound to a token per frame and band, by transformers over time and bands.

    `bands` are the bins of each band, without gaps; bands may overlap. The norm is after each
    transformer (`norm_each`) or once after the last.
    """

    rows: Tensor
    bands_per_bin: Tensor
    window: Tensor

    def __init__(self, config: BandSizes, bands: Sequence[np.ndarray], norm_each: bool) -> None:
        super().__init__()
        self.config = config
        self.channels = 2 if config.stereo else 1
        bins = np.concatenate(bands)
        # A row of the folded spectrum is `bin * channels + channel`.
        rows = (bins[:, None] * self.channels + np.arange(self.channels)).ravel()
        shared = np.bincount(bins, minlength=config.stft_n_fft // 2 + 1)
        self.register_buffer("rows", torch.from_numpy(rows), persistent=False)
        self.register_buffer("bands_per_bin", torch.from_numpy(shared), persistent=False)
        # Where each band lies among the real values `(bin, channel, real or imaginary)`.
        value = 2 * self.channels
        self.spans = [(int(band[0]) * value, (int(band[-1]) + 1) * value) for band in bands]
        window = torch.hann_window(config.stft_win_length)
        self.register_buffer("window", window, persistent=False)
        self.inputs = tuple(2 * len(band) * self.channels for band in bands)

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
                norm_each,
            )

        over_time, over_bands = RotaryEmbedding(config.dim_head), RotaryEmbedding(config.dim_head)
        self.band_split = BandSplit(config.dim, self.inputs)
        self.layers = nn.ModuleList(
            nn.ModuleList(
                [
                    transformer(config.time_transformer_depth, over_time),
                    transformer(config.freq_transformer_depth, over_bands),
                ]
            )
            for _ in range(config.depth)
        )
        self.final_norm = nn.Identity() if norm_each else RMSNorm(config.dim)

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

    def backbone(self, spectrum: Tensor) -> Tensor:
        """Complex `(b, channels, bins, frames)` -> band tokens `(b, frames, bands, dim)`."""
        rows = torch.view_as_real(rearrange(spectrum, "b s f t -> b t f s").contiguous())
        rows = rows.flatten(2).to(next(self.band_split.parameters()).dtype)
        x = self.band_split([rows[..., start:stop] for start, stop in self.spans])
        for over_time, over_bands in cast("Iterable[tuple[Transformer, Transformer]]", self.layers):
            x = over(over_time, x.transpose(1, 2)).transpose(1, 2)
            x = over(over_bands, x)
        return self.final_norm(x)

    def laid(self, heads: nn.ModuleList, tokens: Tensor, bins: int) -> Tensor:
        """What heads say of each band of `tokens`, the mean where bands overlap.

        Complex `(b, heads, channels, bins, t)`.
        """
        if lean(tokens):
            b, frames = tokens.shape[:2]
            size = bins * self.channels * 2
            total = tokens.new_zeros(b, len(heads), frames, size, dtype=torch.float32)
            for number, head in enumerate(cast("Iterable[MaskEstimator]", heads)):
                for (start, stop), band in zip(self.spans, head.each(tokens), strict=True):
                    total[:, number, :, start:stop] += band
        else:
            values = torch.stack([head(tokens) for head in heads], 1).float()
            values = torch.view_as_complex(values.unflatten(-1, (-1, 2)).contiguous())
            total = values.new_zeros(*values.shape[:3], bins * self.channels)
            total = torch.view_as_real(total.index_add(3, self.rows, values)).flatten(3)
        share = self.bands_per_bin[:bins].clamp(min=1).float().reciprocal()
        total.mul_(share.repeat_interleave(2 * self.channels))
        total = torch.view_as_complex(total.unflatten(3, (bins, self.channels, 2)))
        return rearrange(total, "b n t f s -> b n s f t")


class BandRoformer(BandTokens):
    """Sound in, stems out: a complex mask per band on the spectrum of the mix.

    `mask_layers` are the hidden layers of a mask head.
    """

    def __init__(
        self, config: BandSizes, bands: Sequence[np.ndarray], mask_layers: int, norm_each: bool
    ) -> None:
        super().__init__(config, bands, norm_each)
        self.mask_estimators = nn.ModuleList(
            MaskEstimator(config.dim, self.inputs, mask_layers, config.mlp_expansion_factor)
            for _ in range(config.num_stems)
        )

    def masks(self, tokens: Tensor) -> Tensor:
        """Band tokens -> complex masks `(b, stems, channels, bins, frames)`."""
        return self.laid(self.mask_estimators, tokens, len(self.bands_per_bin))

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

    def forward(self, sound: Tensor, match_length: bool = True) -> Tensor:
        """Separate `(b, channels, samples)`; several stems come as `(b, stems, channels, samples)`.

        Without `match_length` it ends with the last whole hop.
        """
        spectrum = self.spectrum(sound)
        masked = spectrum[:, None] * self.masks(self.backbone(spectrum))
        if self.config.zero_dc:
            masked[..., 0, :] = 0
        stems = self.sound(masked, sound.shape[-1] if match_length else None)
        return stems[:, 0] if self.config.num_stems == 1 else stems


Shapes = Mapping[str, tuple[int, ...]]


def band_sizes(shapes: Shapes) -> dict[str, Any]:
    """Read from a checkpoint's names and shapes what `BandSizes` calls by the same names.

    `mask_layers` (hidden layers of a mask head) and `inputs` (values per band) come beside them.
    Raises `KeyError` with the name of a tensor that every such network has.
    """

    def members(prefix: str) -> int:
        inside = (name[len(prefix) :] for name in shapes if name.startswith(prefix))
        return len({name.split(".")[0] for name in inside})

    def factor(size: int) -> float:
        """The float that gives `size` again in `int(dim * factor)`."""
        ratio = size / dim
        return ratio if int(dim * ratio) == size else math.nextafter(ratio, math.inf)

    block, head = "layers.0.0.layers.0", "mask_estimators.0.to_freqs.0.0"
    dim = shapes["band_split.to_features.0.1.weight"][0]
    heads = shapes[f"{block}.0.to_gates.weight"][0]
    bands = members("band_split.to_features.")
    mask_layers = members(f"{head}.") - 1
    return {
        "dim": dim,
        "depth": members("layers."),
        "num_stems": members("mask_estimators."),
        "time_transformer_depth": members("layers.0.0.layers."),
        "freq_transformer_depth": members("layers.0.1.layers."),
        "dim_head": shapes[f"{block}.0.to_out.0.weight"][1] // heads,
        "heads": heads,
        "ff_mult": factor(shapes[f"{block}.1.net.1.weight"][0]),
        "mlp_expansion_factor": factor(shapes[f"{head}.0.weight"][0]) if mask_layers else 4.0,
        "mask_layers": mask_layers,
        "inputs": [shapes[f"band_split.to_features.{b}.0.gamma"][0] for b in range(bands)],
    }


def transform_sizes(n_fft: int, said: Mapping[str, Any]) -> dict[str, Any]:
    """The rest of `BandSizes`, which no tensor shows: what is `said`, else as published."""
    return {
        "stft_n_fft": n_fft,
        "stft_hop_length": said.get("stft_hop_length", round(441 * n_fft / 2048)),
        "stft_win_length": said.get("stft_win_length", n_fft),
        "stft_normalized": said.get("stft_normalized", False),
        "zero_dc": said.get("zero_dc", False),
    }
