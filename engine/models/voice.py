"""A voice: phones and a pitch to the voice's envelope, and from that to sound.

`Acoustic` is the feed-forward transformer of FastSpeech 2 (Ren et al., 2021): an encoder over
phones, predictors of length, energy and pitch, a length regulator, and a decoder over frames, here
of ConvNeXt blocks. Pitch and envelope start from noise as well and are trained by an energy
distance, so they are sharp and every seed is another take; a score may stand in for what the
predictors say of length and pitch.

`Vocoder` is a source-filter vocoder in the spectrum. The source is known: all partials of the pitch
at one level, and white noise. A network of ConvNeXt blocks (as in Vocos, Siuzdak 2023) says for
each frame and bin how strong and in what phase the partials are and how strong the noise is, and an
inverse STFT gives sound (as in iSTFTNet, Kaneko et al. 2022). So the sung pitch is exact whatever
the network does, as in NSF vocoders (Wang et al. 2019) and DDSP (Engel et al. 2020).

Between the two lies the envelope of `engine.voice_features`, which tells the vowel and not the
note.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.models.layers import ConvNeXt, RotaryEmbedding, Transformer

PITCH_HZ = 220.0  # what octaves are counted from
NOISE = 16  # channels of noise that pitch and envelope start from
CLOSE = 4.0  # how far, in natural log of amplitude, a filter may leave the envelope


@dataclass(frozen=True, slots=True)
class Config:
    """Sizes of both networks.

    Frame k of an envelope is centred at sample `k * hop`; the vocoder has `steps` filters in each.
    Timbre follows pitch from `lowest` to `highest` octaves from 220 Hz, what was recorded.
    """

    phones: int = 55
    rate: int = 44_100
    hop: int = 512
    bands: int = 80
    low_hz: float = 40.0
    high_hz: float = 20_000.0
    dim: int = 192
    encoder_depth: int = 4
    heads: int = 3
    dim_head: int = 64
    ff_mult: float = 3.0
    pitch_depth: int = 3
    decoder_depth: int = 5
    decoder_expansion: float = 2.0
    dropout: float = 0.1
    lowest: float = -1.0
    highest: float = 0.7
    n_fft: int = 1024
    steps: int = 2
    filter_dim: int = 256
    filter_depth: int = 6
    expansion: float = 3.0


class Predictor(nn.Module):
    """Two convolutions over phones and a number for each (FastSpeech, section 3.3)."""

    def __init__(self, dim: int, dropout: float) -> None:
        super().__init__()
        self.convs = nn.ModuleList(nn.Conv1d(dim, dim, 3, padding=1) for _ in range(2))
        self.norms = nn.ModuleList(nn.LayerNorm(dim) for _ in range(2))
        self.dropout = nn.Dropout(dropout)
        self.last = nn.Linear(dim, 1)

    def forward(self, x: Tensor) -> Tensor:
        for conv, norm in zip(self.convs, self.norms, strict=True):
            x = self.dropout(norm(F.relu(conv(x.mT).mT)))
        return self.last(x)[..., 0]


class Acoustic(nn.Module):
    """Phones `(b, n)` as numbers to envelopes; the methods are its steps."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = c = config
        self.embed = nn.Embedding(c.phones, c.dim)
        self.layers = Transformer(
            c.dim,
            c.encoder_depth,
            c.heads,
            c.dim_head,
            c.dropout,
            c.dropout,
            c.ff_mult,
            RotaryEmbedding(c.dim_head),
            True,
        )
        self.near = ConvNeXt(c.dim, int(c.dim * c.ff_mult), 5)
        self.to_frames = Predictor(c.dim, 0.3)
        self.to_energy = Predictor(c.dim, 0.3)
        self.place = nn.Linear(5, c.dim)
        inner = int(c.dim * c.decoder_expansion)
        self.pitch_in = nn.Linear(c.dim + NOISE, c.dim)
        self.pitch_blocks = nn.ModuleList(
            ConvNeXt(c.dim, inner, 9, 1 / c.pitch_depth) for _ in range(c.pitch_depth)
        )
        self.pitch_out = nn.Linear(c.dim, 2)
        self.decode_in = nn.Linear(c.dim + NOISE + 3, c.dim)
        self.decode_blocks = nn.ModuleList(
            ConvNeXt(c.dim, inner, 9, 1 / c.decoder_depth) for _ in range(c.decoder_depth)
        )
        self.norm = nn.LayerNorm(c.dim, eps=1e-6)
        self.decode_out = nn.Linear(c.dim, c.bands)

    def encode(self, phones: Tensor) -> Tensor:
        """`(b, n)` -> `(b, n, dim)`."""
        x = self.embed(phones)
        x = self.near(x.mT).mT
        return self.layers(x)

    def lengths(self, x: Tensor) -> Tensor:
        """Natural log of the frames each phone lasts, `(b, n)`."""
        return self.to_frames(x)

    def energy(self, x: Tensor) -> Tensor:
        """Mean log power of each phone, of the bands' mean, over 4, counted from -12: `(b, n)`."""
        return self.to_energy(x)

    def expand(self, x: Tensor, frames: Tensor, energy: Tensor) -> Tensor:
        """Each phone as often as it lasts, with where in it we are: `(b, t, dim)`.

        All rows of `frames` have one sum, t.
        """
        ends = frames.cumsum(1)
        total = int(ends[0, -1])
        now = torch.arange(total, device=x.device).expand(len(x), total).contiguous()
        index = torch.searchsorted(ends, now, right=True).clamp(max=x.shape[1] - 1)
        length = frames.gather(1, index).float()
        since = (now - (ends.gather(1, index) - length)).float() + 0.5
        level = energy.gather(1, index)
        place = torch.stack(
            [
                since / length,
                torch.log(length) / 3,
                torch.exp(-since / 4),
                torch.exp((since - length) / 4),
                level,
            ],
            -1,
        )
        spread = x.gather(1, index[..., None].expand(-1, -1, x.shape[2]))
        return spread + self.place(place)

    def pitch(self, x: Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
        """Octaves from 220 Hz, and the logit of being voiced, both `(b, t)`.

        `noise` is white, `(b, t, NOISE)`.
        """
        x = self.pitch_in(torch.cat([x, noise], -1)).mT
        for block in self.pitch_blocks:
            x = block(x)
        octave, voiced = self.pitch_out(x.mT).unbind(-1)
        return octave, voiced

    def envelope(self, x: Tensor, octave: Tensor, voiced: Tensor, noise: Tensor) -> Tensor:
        """Log power `(b, bands, t)` at a pitch and voicing (0 … 1), both `(b, t)`."""
        c = self.config
        tone = octave.clamp(c.lowest, c.highest)
        slope = F.pad(tone[:, 1:] - tone[:, :-1], (0, 1)) * 10
        x = torch.cat([x, noise, torch.stack([tone * 2, slope, voiced], -1)], -1)
        x = self.decode_in(x).mT
        for block in self.decode_blocks:
            x = block(x)
        return (self.decode_out(self.norm(x.mT)).mT * 4) - 12


def mel(hz: np.ndarray) -> np.ndarray:
    """Slaney's mel scale (Auditory Toolbox, 1998): linear below 1 kHz, logarithmic above."""
    above = 15.0 + 27.0 * np.log(np.maximum(hz, 1000.0) / 1000.0) / np.log(6.4)
    return np.where(hz < 1000.0, hz * 3.0 / 200.0, above)


def band_centres(config: Config) -> np.ndarray:
    """Hz `(bands,)` of the envelope's bands, evenly spaced in mel."""
    low, high = mel(np.array(config.low_hz)), mel(np.array(config.high_hz))
    hz = np.linspace(0.0, config.rate / 2, 1 << 16)
    return np.interp(np.linspace(low, high, config.bands), mel(hz), hz)


def pulses(hz: Tensor, rate: int, phase: Tensor | None = None) -> Tensor:
    """All partials of a pitch, as cosines of one level, together of power 1 spread evenly.

    `hz` is `(b, samples)`; the sum of the partials below half the rate has a closed form.
    """
    turns = torch.cumsum(hz.double() / rate, -1)
    if phase is not None:
        turns = turns + phase[:, None]
    half = np.pi * torch.remainder(turns, 1.0)
    count = torch.floor(rate / 2 / hz.double())
    below = torch.sin(half)
    near = below.abs() < 1e-6
    ratio = torch.sin((2 * count + 1) * half) / torch.where(near, 1.0, below)
    total = torch.where(near, 2 * count + 1, ratio) / 2 - 0.5
    return (total * torch.sqrt(4 * hz.double() / rate)).float()


class Vocoder(nn.Module):
    """Log power envelopes `(b, bands, frames)`, pitch and voicing `(b, frames)` to sound.

    The pitch in Hz must be above 0 everywhere; voicing goes from 0 to 1. Frame k is centred at
    sample `k * hop`; `(b, frames * hop)` samples come out. `noise` is white, `(b, frames * hop)`.
    """

    to_bins: Tensor
    window: Tensor

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        bins = config.n_fft // 2 + 1
        hz = np.linspace(0.0, config.rate / 2, bins)
        eye = np.eye(config.bands)
        at, centres = mel(hz), mel(band_centres(config))
        rows = np.stack([np.interp(at, centres, row) for row in eye])
        self.register_buffer("to_bins", torch.from_numpy(rows).float(), persistent=False)
        self.register_buffer("window", torch.hann_window(config.n_fft), persistent=False)
        self.embed = nn.Conv1d(config.bands + 2, config.filter_dim, 7, padding=3)
        self.norm = nn.LayerNorm(config.filter_dim, eps=1e-6)
        self.blocks = nn.ModuleList(
            ConvNeXt(
                config.filter_dim,
                int(config.filter_dim * config.expansion),
                scale=1 / config.filter_depth,
            )
            for _ in range(config.filter_depth)
        )
        self.last_norm = nn.LayerNorm(config.filter_dim, eps=1e-6)
        self.head = nn.Linear(config.filter_dim, config.steps * bins * 3)
        nn.init.normal_(self.head.weight, std=1e-3)
        with torch.no_grad():
            self.head.bias.zero_()

    def filters(self, envelope: Tensor, hz: Tensor, voiced: Tensor) -> tuple[Tensor, Tensor]:
        """Complex filter of the partials and real one of the noise, `(b, bins, frames * steps)`."""
        c = self.config
        octave = torch.log2(hz / PITCH_HZ).clamp(-2.0, 2.0)
        level = (envelope + 12.0) / 4.0  # about -2 … 2
        x = self.embed(torch.cat([level, octave[:, None], voiced[:, None]], 1))
        x = self.norm(x.transpose(1, 2)).transpose(1, 2)
        for block in self.blocks:
            x = block(x)
        out = self.head(self.last_norm(x.transpose(1, 2)))
        out = out.unflatten(-1, (c.steps, 3, -1)).flatten(1, 2)  # (b, frames * steps, 3, bins)
        base = F.interpolate(
            torch.cat([envelope, envelope[..., -1:]], -1),
            size=c.steps * envelope.shape[-1] + 1,
            mode="linear",
            align_corners=True,
        )[..., :-1]
        base = torch.einsum("bkt,kf->btf", base, self.to_bins) / 2  # natural log of amplitude
        sung = voiced.repeat_interleave(c.steps, 1)[..., None]
        partials = base + CLOSE * torch.tanh(out[:, :, 0] / CLOSE) + torch.log(sung + 1e-4) / 2
        noise = base + CLOSE * torch.tanh((out[:, :, 1] - 1.5 * sung) / CLOSE)
        return torch.polar(partials.exp(), out[:, :, 2]).mT, noise.exp().mT

    def forward(
        self,
        envelope: Tensor,
        hz: Tensor,
        voiced: Tensor,
        noise: Tensor,
        phase: Tensor | None = None,
    ) -> Tensor:
        return self.sound(*self.filters(envelope, hz, voiced), hz, noise, phase)

    def sound(
        self, partials: Tensor, hiss: Tensor, hz: Tensor, noise: Tensor, phase: Tensor | None
    ) -> Tensor:
        """Both sources through their filters, `(b, samples)`; `phase` in turns, at the start."""
        c = self.config
        samples = hz.shape[-1] * c.hop
        smooth = F.interpolate(
            torch.cat([hz, hz[:, -1:]], 1)[:, None].log(),
            size=samples + 1,
            mode="linear",
            align_corners=True,
        )[:, 0, :-1].exp()
        spectrum = self._spectrum(pulses(smooth, c.rate, phase)) * partials
        spectrum = spectrum + self._spectrum(noise) * hiss
        spectrum = F.pad(spectrum, (0, 1))
        return torch.istft(spectrum, c.n_fft, c.hop // c.steps, window=self.window, length=samples)

    def _spectrum(self, sound: Tensor) -> Tensor:
        """Complex `(b, bins, frames * steps)`."""
        c = self.config
        hop = c.hop // c.steps
        stft = torch.stft(
            sound, c.n_fft, hop, window=self.window, pad_mode="constant", return_complex=True
        )
        return stft[..., :-1]


class Net(nn.Module):
    """Both, as they are kept in one file."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        self.acoustic = Acoustic(config)
        self.vocoder = Vocoder(config)
