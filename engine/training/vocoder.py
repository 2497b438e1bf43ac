"""Train the bundled vocoder from nothing.

    python main.py train vocoder --data DATA --run RUN --minutes 60

Run it again with the same `--run` and it goes on where it stopped. The recordings are measured
once, in the first minutes. `train acoustic --export` brings the weights into the program.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import IterableDataset

from engine.models.voice import Config
from engine.models.voice import Vocoder as Net
from engine.training import loop
from engine.training.voice_corpus import held_out, measure
from engine.voice_features import HOP, RATE, filled

SIZES = (2048, 1024, 512, 256)  # windows of the spectra that are compared
SINGERS = 0.3  # share of examples that are sung


class Excerpts(IterableDataset[tuple[Tensor, ...]]):
    """Yields `(envelope, hz, voiced, sound)` of `frames` frames each, without end."""

    def __init__(self, data: Path, cache: Path, seconds: float, seed: int) -> None:
        kept = {f"kathleen-{id}" for id, _ in held_out(data)}
        self.paths = [path for path in measure(data, cache) if path.stem not in kept]
        self.frames, self.seed = int(seconds * RATE / HOP), seed

    def __iter__(self) -> Iterator[tuple[Tensor, ...]]:
        rng = np.random.default_rng(self.seed)
        takes = [
            [path for path in self.paths if path.stem.startswith("kathleen") is spoken]
            for spoken in (True, False)
        ]
        while True:
            sung = bool(takes[1]) and rng.random() < SINGERS
            with np.load(takes[sung][rng.integers(len(takes[sung]))]) as kept:
                whole = {name: kept[name] for name in kept.files}
            length = len(whole["hz"])
            for _ in range(max(1, min(length // self.frames, 4))):
                at = int(rng.integers(0, max(length - self.frames, 1)))
                yield excerpt(whole, at, self.frames, float(10 ** (rng.uniform(-12, 4) / 20)))


def excerpt(whole: dict[str, np.ndarray], at: int, frames: int, gain: float) -> tuple[Tensor, ...]:
    """`frames` frames from `at` on of a measured recording, made louder or softer."""
    part = slice(at, at + frames)
    short = max(frames - len(whole["hz"][part]), 0)
    envelope = whole["envelope"][part].astype(np.float32) + np.float32(2 * np.log(gain))
    heard = whole["sound"][at * HOP : (at + frames) * HOP]
    sound = heard * np.float32(gain / 32_767)
    values = (
        np.pad(envelope, ((0, short), (0, 0)), mode="edge").T,
        np.pad(filled(whole["hz"]).astype(np.float32)[part], (0, short), mode="edge"),
        np.pad(whole["voiced"][part], (0, short)),
        np.pad(sound, (0, frames * HOP - len(sound))),
    )
    return tuple(torch.from_numpy(np.ascontiguousarray(value)) for value in values)


def spectra(sound: Tensor) -> list[Tensor]:
    """Log magnitudes of `(b, samples)`, one tensor a window size."""
    found = []
    for size in SIZES:
        window = torch.hann_window(size, device=sound.device)
        stft = torch.stft(sound, size, size // 4, window=window, return_complex=True)
        found.append(torch.log(stft.abs() / window.square().sum().sqrt() + 1e-4))
    return found


def distance(a: list[Tensor], b: list[Tensor]) -> Tensor:
    """How far two sets of spectra are apart: L1 of log magnitudes, and of magnitudes."""
    total = torch.zeros((), device=a[0].device)
    for x, y in zip(a, b, strict=True):
        strong = (x.exp() - y.exp()).abs().mean((1, 2)) / x.detach().exp().mean((1, 2))
        total = total + (x - y).abs().mean() + strong.mean()
    return total / len(a)


def loss(net: Net, batch: list[Tensor]) -> tuple[Tensor, dict[str, Tensor]]:
    """Energy distance: two takes shall be as far from the recording as from one another.

    A plain distance would rather have partials than noise, whose chance values never agree; this
    one is smallest where the takes have the recording's distribution (Gritsenko et al., "A
    spectral energy distance for parallel speech synthesis", 2020).
    """
    envelope, hz, voiced, sound = batch
    filters = net.filters(envelope, hz, voiced)

    def take() -> list[Tensor]:
        phase = torch.rand(len(sound), device=sound.device)
        return spectra(net.sound(*filters, hz, torch.randn_like(sound), phase))

    real, one, two = spectra(sound), take(), take()
    near = distance(real, one) + distance(real, two)
    apart = distance(one, two)
    return near - apart, {"near": near.detach() / 2}


class Vocoder:
    """The recipe; see `loop.Recipe`."""

    def net(self) -> Net:
        return Net(Config())

    def start(self, net: Net, weights: dict[str, Tensor]) -> None:
        net.load_state_dict(weights)

    def compile(self, net: Net, batch: list[Tensor]) -> None:
        net.blocks.compile(dynamic=False)

    def examples(
        self, options: argparse.Namespace, seed: int
    ) -> IterableDataset[tuple[Tensor, ...]]:
        return Excerpts(options.data, options.cache, options.seconds, seed)

    def loss(self, net: Net, batch: list[Tensor]) -> tuple[Tensor, dict[str, Tensor]]:
        return loss(net, batch)

    def held_out(self, options: argparse.Namespace) -> list[list[Tensor]]:
        found = []
        for id, _ in held_out(options.data):
            with np.load(options.cache / f"kathleen-{id}.npz") as kept:
                whole = {name: kept[name] for name in kept.files}
            part = excerpt(whole, 0, len(whole["hz"]) - 1, 1.0)
            found.append([value[None] for value in part])
        return found

    @torch.no_grad()
    def develop(self, net: Net, held_out: Any, device: str) -> dict[str, float]:
        """The loss on held-out sentences."""
        values = []
        for part in held_out:
            values.append(loss(net, [value.to(device) for value in part])[0].item())
        return {"held out": float(np.mean(values))}


def main(arguments: Sequence[str]) -> int:
    """Parse the command line and train; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    loop.arguments(parser, muon_lr=0.01, adam_lr=8e-4)
    parser.set_defaults(batch=8, seconds=0.75)
    loop.train(Vocoder(), parser.parse_args(arguments))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
