"""Basic Pitch: notes of any instrument, many at once, from a small network.

Bittner, Bosch, Rubinstein, Meseguer-Brocal and Ewert, "A Lightweight Instrument-Agnostic Model for
Polyphonic Note Transcription and Multipitch Estimation" (2022), in the variant that was published
with weights. `convert` reads those out of the published ONNX graph; the kernels of the constant-Q
transform are computed, as they are no weights.

Axes: `b` batch, `t` frames, `f` bins, `h` harmonics.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.models.layers import Shapes

RATE = 22_050  # Hz
HOP = 256  # samples between frames
WINDOW = 43_844  # samples that are heard at once
FRAMES = 172  # of a window
LOWEST = 21  # MIDI number of the first semitone: A0, 27.5 Hz
SEMITONES = 88
PER_SEMITONE = 3  # bins
BINS = 309  # of the transform, so that there is room for harmonics above the highest semitone
OCTAVE = 12 * PER_SEMITONE  # bins
TAPS = 256  # of every kernel
HARMONICS = (0.5, 1, 2, 3, 4, 5, 6, 7)
TRANSITION = 0.001  # of the low-pass, relative to its edge


@dataclass(frozen=True, slots=True)
class Config:
    """Channels of the hidden layers; the defaults are those of the paper."""

    contours: int = 8
    notes: int = 32
    onsets: int = 32


class ConstantQ(nn.Module):
    """`(b, samples)` at `RATE` to magnitudes `(b, t, BINS)`, octave by octave from the top.

    The sound is halved in rate for each octave below (Schörkhuber and Klapuri, 2010), with kernels
    of unit L1 norm that are then scaled by the root of their length.
    """

    kernels: Tensor
    low_pass: Tensor
    scale: Tensor

    def __init__(self) -> None:
        super().__init__()
        real, imaginary = _kernels()
        self.register_buffer("kernels", torch.cat((real, imaginary))[:, None], persistent=False)
        self.register_buffer("low_pass", _low_pass()[None, None], persistent=False)
        self.register_buffer("scale", _lengths(np.arange(BINS)).sqrt(), persistent=False)

    def forward(self, sound: Tensor) -> Tensor:
        sound = sound[:, None]
        octaves = []
        for octave in range(math.ceil(BINS / OCTAVE)):
            if octave:
                sound = F.conv1d(sound, self.low_pass, stride=2, padding=TAPS // 2 - 1)
            padded = F.pad(sound, (TAPS // 2, TAPS // 2), mode="reflect")
            parts = F.conv1d(padded, self.kernels, stride=HOP >> octave)
            octaves.append(parts.unflatten(1, (2, OCTAVE)).square().sum(1))
        frames = min(part.shape[-1] for part in octaves)
        power = torch.cat([part[..., :frames] for part in reversed(octaves)], 1)[:, -BINS:]
        return power.sqrt().mT * self.scale


def _frequencies(bins: np.ndarray) -> np.ndarray:
    """Hz of bins, counted from the lowest."""
    return 440.0 * 2 ** ((LOWEST - 69) / 12 + bins / OCTAVE)


def _lengths(bins: np.ndarray) -> Tensor:
    """Samples over which bins are measured, at the full rate."""
    quality = 1 / (2 ** (1 / OCTAVE) - 1)
    return torch.from_numpy(np.ceil(quality * RATE / _frequencies(bins))).float()


def _kernels() -> tuple[Tensor, Tensor]:
    """Real and imaginary kernels `(OCTAVE, TAPS)` of the highest octave."""
    bins = np.arange(BINS - OCTAVE, BINS)
    kernels = np.zeros((OCTAVE, TAPS), np.complex128)
    for kernel, hz, length in zip(
        kernels, _frequencies(bins), _lengths(bins).int().tolist(), strict=True
    ):
        first = -((length + 1) // 2)
        hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / length)
        wave = hann * np.exp(2j * np.pi * hz / RATE * np.arange(first, first + length))
        kernel[TAPS // 2 + first :][:length] = wave / np.abs(wave).sum()
    kernels = kernels.astype(np.complex64)
    return torch.from_numpy(kernels.real.copy()), torch.from_numpy(kernels.imag.copy())


def _low_pass() -> Tensor:
    """A filter `(TAPS,)` that keeps the lower half of the band: windowed frequency sampling."""
    grid = np.linspace(0, 1, TAPS + 1)
    edges = [0, 0.5 / (1 + TRANSITION), 0.5 * (1 + TRANSITION), 1]
    gains = np.interp(grid, edges, [1, 1, 0, 0])
    taps = np.fft.irfft(gains * np.exp(-0.5j * np.pi * (TAPS - 1) * grid))[:TAPS]
    return torch.from_numpy(taps * np.hamming(TAPS)).float()


class Net(nn.Module):
    """`(b, WINDOW)` at `RATE` to probabilities of onset and note `(b, t, 88)`, contour `(…, 264)`.

    A contour bin is a third of a semitone; semitone `n` lies on bin `3 n + 1` of the contours.
    """

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        self.transform = ConstantQ()
        self.scale = nn.Parameter(torch.tensor([2.5]))
        self.shift = nn.Parameter(torch.tensor([-0.9]))
        harmonics = len(HARMONICS)
        self.contour = nn.Sequential(
            nn.Conv2d(harmonics, config.contours, (3, 39), padding=(1, 19)),
            nn.ReLU(),
            nn.Conv2d(config.contours, 1, 5, padding=2),
        )
        self.note = nn.Sequential(
            nn.Conv2d(1, config.notes, 7, (1, PER_SEMITONE), padding=(3, 2)),
            nn.ReLU(),
            nn.Conv2d(config.notes, 1, (7, 3), padding=(3, 1)),
        )
        self.struck = nn.Sequential(
            nn.Conv2d(harmonics, config.onsets, 5, (1, PER_SEMITONE), padding=(2, 1)), nn.ReLU()
        )
        self.onset = nn.Conv2d(1 + config.onsets, 1, 3, padding=1)

    def forward(self, sound: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        onset, note, contour = self.logits(self.spectrum(sound))
        return onset.sigmoid(), note.sigmoid(), contour.sigmoid()

    def spectrum(self, sound: Tensor) -> Tensor:
        """The transform's decibels from 0, the window's lowest, to 1: `(b, t, BINS)`."""
        power = self.transform(sound).square()
        decibels = 10 * torch.log10(power + 1e-10)
        decibels = decibels - decibels.amin((1, 2), keepdim=True)
        return decibels / decibels.amax((1, 2), keepdim=True).clamp(min=1e-9)

    def logits(self, spectrum: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The same as `forward` from `spectrum`, before the sigmoid."""
        stack = harmonics(spectrum * self.scale + self.shift)
        contour = self.contour(stack)
        note = self.note(contour.sigmoid())
        onset = self.onset(torch.cat((note.sigmoid(), self.struck(stack)), 1))
        return onset[:, 0], note[:, 0], contour[:, 0]


def harmonics(spectrum: Tensor) -> Tensor:
    """Lay harmonics of a bin over each other: `(b, t, BINS)` to `(b, h, t, 3 * 88)`."""
    wide = PER_SEMITONE * SEMITONES
    rows = []
    for harmonic in HARMONICS:
        shift = round(OCTAVE * math.log2(harmonic))
        rows.append(F.pad(spectrum, (-shift, shift))[..., :wide])
    return torch.stack(rows, 1)


def infer(shapes: Shapes, said: Mapping[str, Any]) -> Config:
    """Read a network's sizes from a checkpoint's names and shapes; raises `KeyError`."""
    return Config(
        contours=shapes["contour.0.weight"][0],
        notes=shapes["note.0.weight"][0],
        onsets=shapes["struck.0.weight"][0],
    )


_LAYERS = {  # kernels of the published network's layers, and what they are called here
    (8, 3, 39): "contour.0",
    (8, 5, 5): "contour.2",
    (1, 7, 7): "note.0",
    (32, 7, 3): "note.2",
    (33, 3, 3): "onset",
}


def convert(
    nodes: Sequence[tuple[str, Sequence[str]]], tensors: Mapping[str, Any]
) -> dict[str, Tensor]:
    """Find the weights in a published ONNX graph, whose batch norms are folded into its layers.

    `nodes` are its operations, each with the names of its inputs, `tensors` its constants. What
    is not found is not in the result, so a graph of something else gives an incomplete state.
    """
    state: dict[str, Tensor] = {}
    for operation, inputs in nodes:
        held = [tensors[name] for name in inputs if name in tensors]
        if operation == "Conv" and len(held) == 2:
            shape = held[0].shape
            layer = _LAYERS.get(tuple(shape[1:]))
            if tuple(shape[1:]) == (8, 5, 5) and shape[0] > 1:
                layer = "struck.0"
            if layer:
                state[f"{layer}.weight"], state[f"{layer}.bias"] = map(torch.tensor, held)
        elif operation in ("Mul", "Add") and len(held) == 1 and held[0].shape == (1,):
            state["scale" if operation == "Mul" else "shift"] = torch.tensor(held[0])
    return state
