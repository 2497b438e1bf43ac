"""FastSpeech 2: symbols of speech to a mel spectrogram, all frames at once.

Ren et al., "FastSpeech 2: Fast and High-Quality End-to-End Text to Speech" (2021). Names and
arithmetic follow the checkpoints published with ming024's implementation, which load with
`strict=True`, in all but one thing: there the energy is scaled by the control of the pitch, and its
own control does nothing. Here each control scales what it is called after.

Axes: `b` batch, `n` symbols, `t` frames, `d` features, `h` heads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from einops import rearrange
from torch import Tensor, nn
from torch.nn import functional as F

from engine.models.layers import Shapes, mel_weights

PHONES, FRAMES = "phoneme_level", "frame_level"  # what has one pitch, or one energy
QUIETEST = 1e-5  # magnitude below which a mel spectrogram tells nothing


@dataclass(frozen=True, slots=True)
class Config:
    """Sizes as published configurations call them; the defaults are those for LJSpeech."""

    symbols: int = 361  # the first one stands for nothing
    n_speaker: int = 0  # 0: one voice, which has no name
    encoder_layer: int = 4
    encoder_head: int = 2
    encoder_hidden: int = 256
    decoder_layer: int = 6
    decoder_head: int = 2
    conv_filter_size: int = 1024
    conv_kernel_size: tuple[int, ...] = (9, 1)
    filter_size: int = 256
    kernel_size: int = 3
    n_bins: int = 256
    pitch_feature: str = PHONES
    energy_feature: str = PHONES
    max_seq_len: int = 1000
    postnet_layers: int = 5
    postnet_dim: int = 512
    postnet_kernel: int = 5
    n_mel_channels: int = 80
    sampling_rate: int = 22_050
    filter_length: int = 1024
    hop_length: int = 256
    mel_fmin: float = 0.0
    mel_fmax: float = 8_000.0


def _positions(count: int, dim: int) -> Tensor:
    """Sinusoids of places `(1, count, dim)`, sine and cosine in turn (Vaswani et al., 2017)."""
    places = torch.arange(count, dtype=torch.float64)[:, None]
    angles = places / 10_000.0 ** (torch.arange(0, dim, 2, dtype=torch.float64) / dim)
    return torch.stack((angles.sin(), angles.cos()), -1).flatten(1)[None, :, :dim].float()


class Attention(nn.Module):
    """Self-attention over `(b, n, d)`, added and normed; `hidden` `(b, n)` are not looked at."""

    def __init__(self, dim: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.w_qs, self.w_ks, self.w_vs = (nn.Linear(dim, dim) for _ in range(3))
        self.fc = nn.Linear(dim, dim)
        self.layer_norm = nn.LayerNorm(dim)

    def forward(self, x: Tensor, hidden: Tensor) -> Tensor:
        q, k, v = (
            rearrange(project(x), "b n (h d) -> b h n d", h=self.heads)
            for project in (self.w_qs, self.w_ks, self.w_vs)
        )
        seen = F.scaled_dot_product_attention(q, k, v, attn_mask=~hidden[:, None, None])
        return self.layer_norm(x + self.fc(rearrange(seen, "b h n d -> b n (h d)")))


class FeedForward(nn.Module):
    """Two convolutions over `(b, n, d)`, added and normed."""

    def __init__(self, dim: int, inner: int, kernels: tuple[int, ...]) -> None:
        super().__init__()
        first, second = kernels
        self.w_1 = nn.Conv1d(dim, inner, first, padding=(first - 1) // 2)
        self.w_2 = nn.Conv1d(inner, dim, second, padding=(second - 1) // 2)
        self.layer_norm = nn.LayerNorm(dim)

    def forward(self, x: Tensor) -> Tensor:
        return self.layer_norm(x + self.w_2(self.w_1(x.mT).relu()).mT)


class Block(nn.Module):
    """One layer of the transformer; what is `hidden` comes out as zeros."""

    def __init__(self, config: Config, heads: int) -> None:
        super().__init__()
        dim = config.encoder_hidden
        self.slf_attn = Attention(dim, heads)
        self.pos_ffn = FeedForward(dim, config.conv_filter_size, tuple(config.conv_kernel_size))

    def forward(self, x: Tensor, hidden: Tensor) -> Tensor:
        x = self.slf_attn(x, hidden).masked_fill(hidden[..., None], 0)
        return self.pos_ffn(x).masked_fill(hidden[..., None], 0)


class Stack(nn.Module):
    """Places added, then the layers: `(b, n, d)` to the same."""

    def __init__(self, config: Config, layers: int, heads: int) -> None:
        super().__init__()
        table = _positions(config.max_seq_len + 1, config.encoder_hidden)
        self.position_enc = nn.Parameter(table, requires_grad=False)
        self.layer_stack = nn.ModuleList(Block(config, heads) for _ in range(layers))

    def forward(self, x: Tensor, hidden: Tensor) -> Tensor:
        count, dim = x.shape[1:]
        table = self.position_enc[:, :count]
        if table.shape[1] < count:  # longer than any it was taught
            table = _positions(count, dim).to(x)
        x = x + table
        for layer in self.layer_stack:
            x = layer(x, hidden)
        return x


class Encoder(Stack):
    """Symbols `(b, n)` to `(b, n, d)`."""

    def __init__(self, config: Config) -> None:
        super().__init__(config, config.encoder_layer, config.encoder_head)
        self.src_word_emb = nn.Embedding(config.symbols, config.encoder_hidden, padding_idx=0)

    def forward(self, symbols: Tensor, hidden: Tensor) -> Tensor:
        return super().forward(self.src_word_emb(symbols), hidden)


class Along(nn.Module):
    """A convolution over `(b, n, d)`."""

    def __init__(self, inputs: int, outputs: int, kernel: int) -> None:
        super().__init__()
        self.conv = nn.Conv1d(inputs, outputs, kernel, padding=(kernel - 1) // 2)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(x.mT).mT


class Predictor(nn.Module):
    """One number for each row of `(b, n, d)`, zero for what is `hidden`."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        dim, size, kernel = config.encoder_hidden, config.filter_size, config.kernel_size
        self.conv_layer = nn.ModuleDict(
            {
                "conv1d_1": Along(dim, size, kernel),
                "layer_norm_1": nn.LayerNorm(size),
                "conv1d_2": Along(size, size, kernel),
                "layer_norm_2": nn.LayerNorm(size),
            }
        )
        self.linear_layer = nn.Linear(size, 1)

    def forward(self, x: Tensor, hidden: Tensor) -> Tensor:
        layers = self.conv_layer
        for n in (1, 2):
            x = layers[f"layer_norm_{n}"](layers[f"conv1d_{n}"](x).relu())
        return self.linear_layer(x)[..., 0].masked_fill(hidden, 0)


class Utterance(NamedTuple):
    """What comes out. Pitch and energy are in standard deviations from the speaker's mean, one for
    each symbol or frame, after their controls; rows past the lengths mean nothing.
    """

    mel: Tensor  # (b, t, mels) natural logarithm, before the last layers
    refined: Tensor  # (b, t, mels) after them: what is heard
    frames: Tensor  # (b,) int64, how many of t are of each text
    pitch: Tensor
    energy: Tensor
    log_lengths: Tensor  # (b, n) logarithm of frames + 1, before the control
    lengths: Tensor  # (b, n) frames of each symbol, of which the whole part is made


class Wanted(NamedTuple):
    """What is given instead of predicted, each for itself or None; no control scales it."""

    lengths: Tensor | None = None  # (b, n) int64 frames
    pitch: Tensor | None = None
    energy: Tensor | None = None


class Prosody(nn.Module):
    """How long, how high and how loud each symbol is: `(b, n, d)` to `(b, t, d)`."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        self.duration_predictor = Predictor(config)
        self.pitch_predictor = Predictor(config)
        self.energy_predictor = Predictor(config)
        edges = config.n_bins - 1
        # Where the bins lie is kept with the weights; what is here spans the usual range.
        self.pitch_bins = nn.Parameter(torch.linspace(-3, 11, edges), requires_grad=False)
        self.energy_bins = nn.Parameter(torch.linspace(-1.5, 8, edges), requires_grad=False)
        self.pitch_embedding = nn.Embedding(config.n_bins, config.encoder_hidden)
        self.energy_embedding = nn.Embedding(config.n_bins, config.encoder_hidden)

    def tell(
        self, which: str, x: Tensor, hidden: Tensor, control: float, wanted: Tensor | None
    ) -> tuple[Tensor, Tensor]:
        """Predict "pitch" or "energy" and add what it sounds like."""
        predict, bins, sound = {
            "pitch": (self.pitch_predictor, self.pitch_bins, self.pitch_embedding),
            "energy": (self.energy_predictor, self.energy_bins, self.energy_embedding),
        }[which]
        value = predict(x, hidden)
        if wanted is None:
            wanted = value = value * control
        return x + sound(torch.bucketize(wanted, bins)), value

    def forward(
        self, x: Tensor, hidden: Tensor, controls: Mapping[str, float], wanted: Wanted
    ) -> tuple[Tensor, Tensor, dict[str, Tensor], Tensor, Tensor]:
        log_lengths = self.duration_predictor(x, hidden)
        levels = {"pitch": self.config.pitch_feature, "energy": self.config.energy_feature}
        given = {"pitch": wanted.pitch, "energy": wanted.energy}
        values: dict[str, Tensor] = {}
        for which, level in levels.items():
            if level == PHONES:
                x, values[which] = self.tell(which, x, hidden, controls[which], given[which])
        lengths = wanted.lengths
        if lengths is None:
            rounded = torch.round(log_lengths.exp() - 1) * controls["length"]
            lengths = rounded.clamp(min=0)
        whole = lengths.long()
        frames = whole.sum(1)
        x = nn.utils.rnn.pad_sequence(
            [row.repeat_interleave(times, 0) for row, times in zip(x, whole, strict=True)], True
        )
        hidden = torch.arange(x.shape[1], device=x.device) >= frames[:, None]
        for which, level in levels.items():
            if level == FRAMES:
                x, values[which] = self.tell(which, x, hidden, controls[which], given[which])
        return x, hidden, values, log_lengths, lengths


class PostNet(nn.Module):
    """What is added to a mel spectrogram `(b, t, mels)` at last (Shen et al., 2018)."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        sizes = [config.postnet_dim] * (config.postnet_layers - 1)
        pairs = zip([config.n_mel_channels, *sizes], [*sizes, config.n_mel_channels], strict=True)
        self.convolutions = nn.ModuleList(
            nn.Sequential(_Conv(inputs, outputs, config.postnet_kernel), nn.BatchNorm1d(outputs))
            for inputs, outputs in pairs
        )

    def forward(self, mel: Tensor) -> Tensor:
        x = mel.mT
        *layers, last = self.convolutions
        for layer in layers:
            x = layer(x).tanh()
        return last(x).mT


class _Conv(Along):
    def forward(self, x: Tensor) -> Tensor:
        return self.conv(x)


class Net(nn.Module):
    """Symbols `(b, n)`, 0 after the end of each text, to an `Utterance`.

    `speakers` `(b,)` are needed where there are several. The controls are factors of how long each
    symbol lasts, of its pitch and of its energy, counted from the speaker's mean.
    """

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        self.encoder = Encoder(config)
        self.variance_adaptor = Prosody(config)
        self.decoder = Stack(config, config.decoder_layer, config.decoder_head)
        self.mel_linear = nn.Linear(config.encoder_hidden, config.n_mel_channels)
        self.postnet = PostNet(config)
        if config.n_speaker:
            self.speaker_emb = nn.Embedding(config.n_speaker, config.encoder_hidden)

    def forward(
        self,
        symbols: Tensor,
        speakers: Tensor | None = None,
        *,
        length: float = 1.0,
        pitch: float = 1.0,
        energy: float = 1.0,
        wanted: Wanted | None = None,
    ) -> Utterance:
        hidden = symbols == 0
        x = self.encoder(symbols, hidden)
        if self.config.n_speaker:
            if speakers is None:
                raise ValueError("it has several speakers, and none is chosen")
            x = x + self.speaker_emb(speakers)[:, None]
        controls = {"length": length, "pitch": pitch, "energy": energy}
        x, past, values, log_lengths, lengths = self.variance_adaptor(
            x, hidden, controls, wanted or Wanted()
        )
        mel = self.mel_linear(self.decoder(x, past))
        refined = mel + self.postnet(mel)
        return Utterance(
            mel, refined, (~past).sum(1), values["pitch"], values["energy"], log_lengths, lengths
        )

    def features(self, sound: Tensor) -> tuple[Tensor, Tensor]:
        """What it is taught of sound `(b, samples)`: log mel `(b, mels, t)`, energy `(b, t)`."""
        c = self.config
        window = torch.hann_window(c.filter_length, device=sound.device)
        magnitude = torch.stft(
            sound, c.filter_length, c.hop_length, window=window, return_complex=True
        ).abs()
        weights = mel_weights(
            c.sampling_rate, c.filter_length, c.n_mel_channels, c.mel_fmin, c.mel_fmax
        )
        mel = torch.from_numpy(weights).to(sound.device) @ magnitude
        return mel.clamp(min=QUIETEST).log(), torch.linalg.vector_norm(magnitude, dim=1)


def infer(shapes: Shapes, said: Mapping[str, Any]) -> Config:
    """Read a network's sizes from a checkpoint's names and shapes.

    Heads, what has a pitch and an energy, and the sizes of its mel spectrogram show nowhere: they
    are as `said`, else as published. Raises `KeyError` naming a missing tensor and `ValueError`
    for sizes that are not possible.
    """

    def layers(prefix: str) -> int:
        inside = (name[len(prefix) :] for name in shapes if name.startswith(prefix))
        return len({name.split(".")[0] for name in inside})

    ffn = "encoder.layer_stack.0.pos_ffn"
    predictor = "variance_adaptor.pitch_predictor.conv_layer.conv1d_1.conv.weight"
    symbols, dim = shapes["encoder.src_word_emb.weight"]
    heads = {which: said.get(which, 2) for which in ("encoder_head", "decoder_head")}
    if any(type(count) is not int or count < 1 or dim % count for count in heads.values()):
        raise ValueError(f"{dim} features cannot be shared by heads as {heads}")
    features = {which: said.get(which, PHONES) for which in ("pitch_feature", "energy_feature")}
    if not set(features.values()) <= {PHONES, FRAMES}:
        raise ValueError(f"it cannot have {features}")
    rate = said.get("sampling_rate", 22_050)
    return Config(
        symbols=symbols,
        n_speaker=shapes.get("speaker_emb.weight", (0,))[0],
        encoder_layer=layers("encoder.layer_stack."),
        encoder_hidden=dim,
        decoder_layer=layers("decoder.layer_stack."),
        conv_filter_size=shapes[f"{ffn}.w_1.weight"][0],
        conv_kernel_size=tuple(shapes[f"{ffn}.{name}.weight"][2] for name in ("w_1", "w_2")),
        filter_size=shapes[predictor][0],
        kernel_size=shapes[predictor][2],
        n_bins=shapes["variance_adaptor.pitch_embedding.weight"][0],
        max_seq_len=shapes["encoder.position_enc"][1] - 1,
        postnet_layers=layers("postnet.convolutions."),
        postnet_dim=shapes["postnet.convolutions.0.0.conv.weight"][0],
        postnet_kernel=shapes["postnet.convolutions.0.0.conv.weight"][2],
        n_mel_channels=shapes["mel_linear.weight"][0],
        **heads,
        **features,
        sampling_rate=rate,
        filter_length=said.get("filter_length", 1024),
        hop_length=said.get("hop_length", 256),
        mel_fmin=float(said.get("mel_fmin") or 0.0),
        mel_fmax=float(said.get("mel_fmax", 8_000.0) or rate / 2),
    )
