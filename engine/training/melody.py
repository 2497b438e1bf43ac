"""Train the bundled network for vocal melody, from the weights of one that separates.

    python main.py train separation --data DATA --run VOICE --dim 64 --depth 4 --minutes 120
    python main.py train separation --run VOICE --export
    START="--start VOICE/vocals.safetensors"
    python main.py train melody --data DATA --run RUN $START --listen 30   # minutes: examples
    python main.py train melody --data DATA --run RUN $START --minutes 60

The separation network is kept as it is: what it hears of each example is written down once, and
the heads that write melodies are trained on that, many times faster than on sound. Both commands
may be repeated or run side by side, and go on where they stopped. Other options are those of
`train separation`. `--export` writes the averaged weights and their digest into the card.

    START="--start resources/weights/melody-s.safetensors"
    python main.py train melody --data DATA --run RUN2 $START --whole --compile --minutes 60

then trains all of it on sound, as the paper does: slower, and what it hears is tuned to its task.
Further files after `--start` give what they have in common with the network: a newer trunk, say.
The bundled weights had eight minutes of this on a GPU that another recipe shared, and then 50 on
two processor cores, with scores that the bundled voice sang; half of them are from before those:

    GPU="--batch 24 --echo 2 --loaders 6 --muon-lr 0.008 --adam-lr 1.2e-3"
    python main.py train melody --data DATA --run RUN3 $START --whole --compile --minutes 8 $GPU
    python main.py train melody --run RUN3 --export
    python main.py train singer --scores DATA/scores --out RUN4/corpus/singer --minutes 75
    CPU="--batch 16 --muon-lr 0.004 --adam-lr 6e-4"
    python main.py train melody --data DATA --run RUN4 $START --whole --compile --minutes 50 $CPU
    python main.py train melody --run RUN4 $START --export --share 0.5
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.multiprocessing as mp
from safetensors.torch import load_file
from torch import Tensor
from torch.nn import functional as F
from torch.utils.data import IterableDataset

from engine.melody import NoteSettings
from engine.models.melody_roformer import BINS, LOWEST, PER_SEMITONE, Config, Net, curves
from engine.notes import one_voice
from engine.training import loop
from engine.training.evaluate_melody import mir1k_dev, note_scores, pitch_scores, ultrastar_songs
from engine.training.remix import relevelled
from engine.training.sung import OFFSET, ONSET, PITCH, SURE, TOLD, VOICED, Sung
from engine.weights import BUNDLED

COMPACT = Config(
    dim=64,
    depth=4,
    heads=2,
    dim_head=32,
    stft_n_fft=4096,
    stft_hop_length=882,
    stft_win_length=4096,
    mask_estimator_depth=1,
    mlp_expansion_factor=2.0,
)
WIDTH = 1.25  # pitch bins: how far beside the true pitch still counts, as a standard deviation
NEAR = 2  # frames of 20 ms by which an onset may be off
UNTOLD = 0.8  # share of what an onset costs that is let off where not all onsets are known
SONG_SECONDS = 60.0  # of each held-out song that is watched while training


def near(moments: Tensor, frames: int) -> Tensor:
    """1 where one of the moments `(b, t)` is at most so many frames away."""
    return F.max_pool1d(moments[:, None], 2 * frames + 1, 1, frames)[:, 0]


def moment_loss(logits: Tensor, moments: Tensor, denied: Tensor | float = 1.0) -> Tensor:
    """Cross entropy `(b,)` that asks for one peak near each moment, and for none elsewhere.

    `denied` `(b, t)` is how sure it is that there is no moment where none is given.
    """
    best = F.max_pool1d(logits[:, None], 2 * NEAR + 1, 1, NEAR)[:, 0]
    hits = (F.softplus(-best) * moments).sum(1)
    quiet = (1 - near(moments, NEAR + 1)) * denied
    return (3 * hits + (F.softplus(logits) * quiet).sum(1)) / moments.shape[1]


def tone_loss(odds: Tensor, bins: Tensor) -> Tensor:
    """How unlikely a tone is in any octave `(b, t)`, by `odds` `(b, t, BINS)`; `bins` `(b, t)`.

    A note's written pitch is not what is sung in each of its frames, so no frame costs much.
    """
    octave = 12 * PER_SEMITONE
    classes = odds.unflatten(-1, (-1, octave)).sum(-2)
    away = torch.arange(octave, device=bins.device) - bins[..., None]
    near = ((away + octave / 2) % octave - octave / 2).abs() <= 0.8 * PER_SEMITONE
    return -torch.log((classes * near).sum(-1) + 0.05)


def loss(
    net: Net, level: Tensor, tokens: Tensor, labels: Tensor
) -> tuple[Tensor, dict[str, Tensor]]:
    """The loss of a batch of what `Net.listen` returns: pitch, voicing, onsets and offsets."""
    logits = net.heads(level.float(), tokens.float().unflatten(2, (-1, net.sizes.dim)))
    labels = labels[..., : logits.shape[1]]
    bins = (labels[:, PITCH] - LOWEST) * PER_SEMITONE
    sure = labels[:, SURE] * (bins >= 0) * (bins <= BINS - 1)
    target = torch.arange(BINS, device=bins.device) - bins[..., None]
    target = (-0.5 * (target / WIDTH).square()).softmax(-1)
    odds = logits[..., :BINS].log_softmax(-1)
    pitch = -(target * odds).sum(-1) * sure
    known = labels[:, SURE].amax(1)  # songs with coarse notes know no octave
    coarse = labels[:, VOICED].amax(1) * (1 - known)
    trust = 1 - 0.5 * coarse
    named = labels[:, VOICED] * (1 - known)[:, None]
    tone = tone_loss(odds.exp(), bins) * named
    voiced = F.binary_cross_entropy_with_logits(
        logits[..., BINS], labels[:, VOICED], reduction="none"
    ).mean(1)
    untold = labels[:, VOICED] * (1 - labels[:, TOLD])
    onset = moment_loss(logits[..., BINS + 1], labels[:, ONSET], 1 - UNTOLD * untold)
    offset = moment_loss(logits[..., BINS + 2], labels[:, OFFSET])
    parts = {
        "pitch": pitch.sum() / sure.sum().clamp(min=1),
        "tone": 0.5 * tone.sum() / named.sum().clamp(min=1),
        "voiced": (trust * voiced).mean(),
        "onset": (trust * onset).mean(),
        "offset": 0.3 * (trust * offset).mean(),
    }
    with torch.no_grad():
        found, _ = curves(logits)
        right = ((found - labels[:, PITCH]).abs() < 0.5) * sure
        figures = {name: part.detach() for name, part in parts.items()}
        figures["right"] = right.sum() / sure.sum()
    return torch.stack(list(parts.values())).sum(), figures


def listen(rank: int, options: argparse.Namespace) -> None:
    """Write down what the separation network hears of training examples, for `Heard`."""
    torch.set_num_threads(1)
    folder = options.run / "heard"
    folder.mkdir(parents=True, exist_ok=True)
    net = Melody().net().eval()
    for weights in options.start:
        Melody().start(net, load_file(weights))
    seed = 1000 * rank + len(list(folder.glob("*.npz")))
    began = time.monotonic()
    for number, (mix, _, labels) in enumerate(
        Sung(options.data, options.cache, options.seconds, seed)
    ):
        with torch.inference_mode():
            level, tokens = net.listen(mix[None])
        part = folder / f".{seed}-{number}.part"
        with part.open("wb") as file:
            np.savez(
                file,
                level=level[0].half().numpy(),
                tokens=tokens[0].flatten(1).half().numpy(),
                labels=labels.numpy(),
            )
        part.replace(folder / f"{seed}-{number}.npz")
        if time.monotonic() - began > 60 * options.listen:
            break


class Heard(IterableDataset[tuple[Tensor, ...]]):
    """What `listen` wrote, in random order without end; new files are taken in as they come."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.seed = folder, seed

    def __iter__(self) -> Iterator[tuple[Tensor, ...]]:
        rng = np.random.default_rng(self.seed)
        while True:
            files = sorted(self.folder.glob("*.npz"))
            for index in rng.permutation(len(files))[:200]:
                with np.load(files[index]) as kept:
                    level = kept["level"].astype(np.float32)
                    # A filter of the room or the microphone: the same for singer and mix.
                    bend = rng.normal(0, 3, 6)
                    curve = np.interp(np.linspace(0, 5, level.shape[1]), np.arange(6), bend)
                    level *= 10 ** (curve[:, None] / 20)
                    yield (
                        torch.from_numpy(level.astype(np.float32)),
                        torch.from_numpy(kept["tokens"]),
                        torch.from_numpy(kept["labels"]),
                    )


class Melody:
    """The recipe; see `loop.Recipe`. The separation network stays as it is."""

    def net(self) -> Net:
        net = Net(COMPACT)
        for part in (net.band_split, net.layers, net.mask_estimators):
            part.requires_grad_(False)
        return net

    def start(self, net: Net, weights: dict[str, Tensor]) -> None:
        """Take over what the separation network has in common."""
        own = net.state_dict()
        common = {k: v for k, v in weights.items() if k in own and own[k].shape == v.shape}
        net.load_state_dict(own | common)

    def compile(self, net: Net, batch: list[Tensor]) -> None:
        net.salience.compile(dynamic=False)

    def examples(
        self, options: argparse.Namespace, seed: int
    ) -> IterableDataset[tuple[Tensor, ...]]:
        return Heard(options.run / "heard", seed)

    def loss(self, net: Net, batch: list[Tensor]) -> tuple[Tensor, dict[str, Tensor]]:
        return loss(net, *batch)

    def held_out(self, options: argparse.Namespace) -> Any:
        singers = list(mir1k_dev(options.data, options.develop_every))
        return singers, list(ultrastar_songs(options.data))

    @torch.no_grad()
    def develop(self, net: Net, held_out: Any, device: str) -> dict[str, float]:
        """Mean raw pitch accuracy of MIR-1K's held-out singers, COnP of held-out songs."""
        scores: dict[str, list[float]] = {}
        singers, songs = held_out
        for clip in singers:
            for name, sound in (("voice", clip.voice), ("mix", clip.mix)):
                times, pitches, odds = hear(net, sound[None], clip.rate, device)
                hz = 440 * 2 ** ((pitches - 69) / 12) * np.where(odds[:, 0] >= 0.5, 1, -1)
                found = pitch_scores(clip.times, clip.hz, times, hz)
                scores.setdefault(f"{name} pitch", []).append(found.accuracy)
                scores.setdefault(f"{name} recall", []).append(found.recall)
                scores.setdefault(f"{name} false", []).append(found.false_alarm)
        for song in songs:
            sound = song.sound[:, : int(SONG_SECONDS * song.rate)]
            _, pitches, odds = hear(net, sound, song.rate, device)
            fine = np.repeat(pitches, 2), *np.repeat(odds, 2, 0).T[:2]
            notes = one_voice(*fine, np.zeros(2 * len(pitches)), NoteSettings())
            rows = np.array([(n.start, n.stop, n.pitch) for n in notes]).reshape(-1, 3)
            truth = song.notes[song.notes[:, 1] < SONG_SECONDS]
            scores.setdefault("songs", []).append(note_scores(truth, rows, 0.1).pitch)
        return {name: float(np.mean(values)) for name, values in scores.items()}


def hear(
    net: Net, sound: np.ndarray, rate: int, device: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Times in s, pitches as MIDI numbers, and probabilities `(frames, 3)`, 6 s at once."""
    import soxr

    sound = soxr.resample(sound.T, rate, net.sizes.sample_rate).T
    sound = np.broadcast_to(sound, (2, sound.shape[1]))
    hop = net.sizes.stft_hop_length
    step = 300 * hop
    pitches, odds = [], []
    for start in range(0, sound.shape[1], step):
        piece = sound[:, start : start + step]
        if piece.shape[1] < hop * 5:
            break
        found = curves(net(torch.from_numpy(np.array(piece, np.float32))[None].to(device)))
        keep = piece.shape[1] // hop
        pitches.append(found[0][0, :keep].cpu().numpy())
        odds.append(found[1][0, :keep].cpu().numpy())
    joined = np.concatenate(pitches)
    return np.arange(len(joined)) * hop / net.sizes.sample_rate, joined, np.concatenate(odds)


class Whole(Melody):
    """The recipe that trains all of the network on sound."""

    def net(self) -> Net:
        return Net(COMPACT)

    def compile(self, net: Net, batch: list[Tensor]) -> None:
        loop.fuse(net, batch[0])
        super().compile(net, batch)

    def examples(
        self, options: argparse.Namespace, seed: int
    ) -> IterableDataset[tuple[Tensor, ...]]:
        return Sung(options.data, options.cache, options.seconds, seed)

    def loss(self, net: Net, batch: list[Tensor]) -> tuple[Tensor, dict[str, Tensor]]:
        mix, voice, labels = batch
        with loop.half(batch):
            level, tokens = net.listen(relevelled(mix, voice)[0])
        return loss(net, level, tokens.flatten(2), labels)


CARD = Path(__file__).parents[2] / "resources" / "models" / "melody-s.toml"


def export(options: argparse.Namespace) -> None:
    """Write the averaged weights of a run as float16 safetensors and bring the card up to date."""
    saved, weights = loop.finished(options)
    path = loop.bundle(weights, CARD, BUNDLED)
    print(f"{saved['steps']} steps in {saved['spent'] / 60:.0f} minutes -> {path}")


def main(arguments: Sequence[str]) -> int:
    """Parse the command line and train; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    loop.arguments(parser, muon_lr=0.006, adam_lr=1e-3)
    parser.add_argument("--listen", type=float, metavar="MINUTES", help="make examples, first")
    parser.add_argument("--whole", action="store_true", help="train all of it, on sound")
    options = parser.parse_args(arguments)
    options.cache = options.cache or options.run / "corpus"
    if options.export:
        export(options)
    elif options.listen:
        mp.spawn(listen, (options,), nprocs=options.workers or os.cpu_count() or 1)
    else:
        loop.train(Whole() if options.whole else Melody(), options)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
