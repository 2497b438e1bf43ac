"""Train the bundled voice's acoustic model from nothing: phones to envelope, pitch and lengths.

    python main.py train align --data DATA --out RUN/alignments.json
    python main.py train acoustic --data DATA --run RUN --cache CORPUS --minutes 60

`RUN/alignments.json` says when each phone sounds. Run it again with the same `--run` and it goes
on where it stopped. `--export --vocoder RUN` writes the averaged weights of both runs into
resources/weights and their digest into the card.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F
from torch.utils.data import IterableDataset

from engine.cards import FOLDER
from engine.models.voice import NOISE, PITCH_HZ, Config
from engine.models.voice import Acoustic as Net
from engine.phonemes import PHONES, VOWELS
from engine.training import loop
from engine.training.voice_corpus import held_out, measure
from engine.voice_features import HOP, RATE, filled
from engine.weights import BUNDLED

MOST_PHONES = 112  # of an example; more are cut off
PATCH = 4  # frames of an envelope that are compared as one
LINE = 16  # the same of a pitch curve
STRETCHED = 0.3  # share of examples whose vowels are drawn out, as in singing
SHIFTED = 0.4  # share whose pitch is told wrongly, so that timbre does not hang on it


@dataclass(frozen=True, slots=True)
class Take:
    """A sentence: numbers and frames of its phones `(n,)`, and what is heard `(frames, …)`."""

    phones: np.ndarray
    frames: np.ndarray
    envelope: np.ndarray
    octave: np.ndarray
    voiced: np.ndarray


def takes(data: Path, cache: Path, alignments: Path, measured: bool) -> list[Take]:
    """The sentences that are for training, or those that are for measuring only."""
    measure(data, cache)
    aligned = json.loads(alignments.read_text("utf-8"))
    kept = {id for id, _ in held_out(data)}
    found = []
    for id, entry in aligned.items():
        path = cache / f"kathleen-{id}.npz"
        if (id in kept) is measured and path.exists():
            with np.load(path) as recording:
                found.append(_take(entry["phones"], {n: recording[n] for n in recording.files}))
    return found


def _take(phones: Sequence[tuple[str, float, float]], recording: dict[str, np.ndarray]) -> Take:
    names, starts, stops = zip(*phones, strict=True)
    edges = np.round(np.array([*starts, stops[-1]]) * RATE / HOP).astype(int)
    edges = np.maximum.accumulate(np.clip(edges, 0, len(recording["hz"])))
    frames = np.diff(edges)
    ids = np.array([PHONES.index(name) for name in names])
    sounding = frames > 0
    part = slice(edges[0], edges[-1])
    return Take(
        ids[sounding],
        frames[sounding],
        recording["envelope"][part].astype(np.float32),
        np.log2(filled(recording["hz"]) / PITCH_HZ).astype(np.float32)[part],
        recording["voiced"][part].astype(np.float32),
    )


def stretched(take: Take, rng: np.random.Generator) -> Take:
    """The same with each vowel drawn out by a chance factor, up to a second."""
    vowels = np.array([PHONES[id] in VOWELS for id in take.phones])
    longer = np.where(vowels, np.exp(rng.uniform(0, 2.2, len(vowels))), 1.0)
    frames = np.clip(np.round(take.frames * longer), take.frames, np.maximum(take.frames, 90))
    frames = frames.astype(int)
    old, new = np.cumsum([0, *take.frames]), np.cumsum([0, *frames])
    at = np.interp(np.arange(new[-1]) + 0.5, new, old) - 0.5
    whole = np.arange(len(take.octave))

    def read(values: np.ndarray) -> np.ndarray:
        return np.interp(at, whole, values).astype(np.float32)

    below = np.clip(at.astype(int), 0, len(whole) - 2) if len(whole) > 1 else at.astype(int) * 0
    share = np.clip(at - below, 0, 1)[:, None]
    above = np.minimum(below + 1, len(whole) - 1)
    envelope = take.envelope[below] * (1 - share) + take.envelope[above] * share
    return Take(take.phones, frames, envelope, read(take.octave), read(take.voiced))


class Spoken(IterableDataset[tuple[Tensor, ...]]):
    """Yields sentences in a row, cut to `frames`, without end; see `example`."""

    def __init__(self, spoken: list[Take], frames: int, seed: int) -> None:
        self.takes, self.frames, self.seed = spoken, frames, seed

    def __iter__(self) -> Iterator[tuple[Tensor, ...]]:
        rng = np.random.default_rng(self.seed)
        while True:
            drawn = rng.random() < STRETCHED
            row: list[Take] = []
            while sum(len(take.octave) for take in row) < self.frames:
                take = self.takes[rng.integers(len(self.takes))]
                row.append(stretched(take, rng) if drawn else take)
            shift = float(rng.uniform(-0.6, 0.6)) if rng.random() < SHIFTED else 0.0
            yield example(row, self.frames, 0.0 if drawn else 1.0, shift)


def example(row: Sequence[Take], frames: int, counts: float, shift: float) -> tuple[Tensor, ...]:
    """`(phones, frames of each, counts, envelope, octave, voiced, told octave)`.

    `counts` says whether the lengths are to be learnt; the last phone, which is cut, never is.
    """
    phones = np.concatenate([take.phones for take in row])
    lengths = np.concatenate([take.frames for take in row])
    stop = min(int(np.searchsorted(np.cumsum(lengths), frames)) + 1, MOST_PHONES)
    phones, lengths = phones[:stop], lengths[:stop].copy()
    lengths[-1] += frames - lengths.sum()
    learn = np.full(stop, counts, np.float32)
    learn[-1] = 0.0
    octave = np.concatenate([take.octave for take in row])[:frames]
    parts = (
        np.pad(phones, (0, MOST_PHONES - stop)),
        np.pad(lengths, (0, MOST_PHONES - stop)),
        np.pad(learn, (0, MOST_PHONES - stop)),
        np.concatenate([take.envelope for take in row])[:frames].T.astype(np.float32),
        octave,
        np.concatenate([take.voiced for take in row])[:frames],
        octave + np.float32(shift),
    )
    return tuple(torch.from_numpy(np.ascontiguousarray(part)) for part in parts)


def energies(envelope: Tensor, lengths: Tensor) -> Tensor:
    """What `Net.energy` is to say: `(b, n)` of envelopes `(b, bands, t)`."""
    level = (envelope.mean(1) + 12.0) / 4.0
    total = F.pad(level.cumsum(1), (1, 0))
    ends = lengths.cumsum(1)
    sums = total.gather(1, ends) - total.gather(1, ends - lengths)
    return sums / lengths.clamp(min=1)


def apart(a: Tensor, b: Tensor, width: int) -> Tensor:
    """Mean Euclidean distance `(b,)` of patches `width` frames long of `(b, channels, t)`."""
    off = F.avg_pool1d((a - b).square().mean(1, keepdim=True), width, max(width // 2, 1))
    return torch.sqrt(off + 1e-6).mean((1, 2))


def loss(net: Net, batch: list[Tensor]) -> tuple[Tensor, dict[str, Tensor]]:
    """Squared error of log lengths and energies, energy distances of pitch and envelope."""
    phones, lengths, counts, envelope, octave, voiced, told = batch
    x = net.encode(phones)
    wanted = torch.log(lengths.clamp(min=1).float())
    sounding = (lengths > 0).float()
    off = (net.lengths(x) - wanted).square() * counts
    length = off.sum() / counts.sum().clamp(min=1)
    energy = energies(envelope, lengths)
    strength = ((net.energy(x) - energy).square() * sounding).sum() / sounding.sum()
    spread = net.expand(x, lengths, energy)

    def noise() -> Tensor:
        return torch.randn(*spread.shape[:2], NOISE, device=spread.device)

    one, two = net.pitch(spread, noise()), net.pitch(spread, noise())
    curves = [(value * voiced)[:, None] for value in (octave, one[0], two[0])]
    line = apart(curves[0], curves[1], LINE) + apart(curves[0], curves[2], LINE)
    line = (line - apart(curves[1], curves[2], LINE)).mean()
    sung = F.binary_cross_entropy_with_logits(torch.cat([one[1], two[1]]), voiced.repeat(2, 1))
    first, second = (net.envelope(spread, told, voiced, noise()) for _ in range(2))
    shape = apart(envelope, first, PATCH) + apart(envelope, second, PATCH)
    shape = (shape - apart(first, second, PATCH)).mean()
    near = (first.detach() - envelope).abs().mean()
    total = shape + 2 * line + 0.3 * sung + 0.3 * length + 0.3 * strength
    figures = {"shape": shape, "line": line, "voiced": sung, "length": length, "near": near}
    return total, {name: value.detach() for name, value in figures.items()}


class Acoustic:
    """The recipe; see `loop.Recipe`."""

    def net(self) -> Net:
        return Net(Config(phones=len(PHONES)))

    def start(self, net: Net, weights: dict[str, Tensor]) -> None:
        net.load_state_dict(weights)

    def compile(self, net: Net, batch: list[Tensor]) -> None:
        net.decode_blocks.compile(dynamic=False)

    def examples(
        self, options: argparse.Namespace, seed: int
    ) -> IterableDataset[tuple[Tensor, ...]]:
        spoken = takes(options.data, options.cache, options.run / "alignments.json", False)
        return Spoken(spoken, int(options.seconds * RATE / HOP), seed)

    def held_out(self, options: argparse.Namespace) -> list[list[Tensor]]:
        found = takes(options.data, options.cache, options.run / "alignments.json", True)
        return [[v[None] for v in example([t], len(t.octave), 1.0, 0.0)] for t in found]

    def loss(self, net: Net, batch: list[Tensor]) -> tuple[Tensor, dict[str, Tensor]]:
        return loss(net, batch)

    @torch.no_grad()
    def develop(self, net: Net, held_out: Any, device: str) -> dict[str, float]:
        """The parts of the loss on held-out sentences."""
        torch.manual_seed(0)
        found: dict[str, list[float]] = {}
        for part in held_out:
            _, figures = loss(net, [value.to(device) for value in part])
            for name, value in figures.items():
                found.setdefault(f"held {name}", []).append(value)
        return {name: float(np.mean(values)) for name, values in found.items()}


CARD = FOLDER / "kathleen.toml"


def export(run: Path, vocoder: Path) -> None:
    """Write the averaged weights of both runs as float16 safetensors and bring the card up to
    date.
    """
    weights: dict[str, Tensor] = {}
    for part, folder in (("acoustic", run), ("vocoder", vocoder)):
        saved = torch.load(folder / "checkpoint.pt", map_location="cpu", weights_only=True)
        weights |= {f"{part}.{name}": value for name, value in saved["average"].items()}
        print(f"{part}: {saved['steps']} steps in {saved['spent'] / 60:.0f} minutes")
    loop.bundle(weights, CARD, BUNDLED)


def main(arguments: Sequence[str]) -> int:
    """Parse the command line and train; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    loop.arguments(parser, muon_lr=0.01, adam_lr=1e-3)
    parser.add_argument("--vocoder", type=Path, help="with --export: the run of the vocoder")
    parser.set_defaults(batch=8, seconds=4.0)
    options = parser.parse_args(arguments)
    if options.export:
        export(options.run, options.vocoder)
    else:
        loop.train(Acoustic(), options)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
