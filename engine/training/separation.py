"""Train the bundled separation model from nothing.

    python main.py train separation --data DATA --run RUN --compile --minutes 120

Run it again with the same `--run` and it goes on where it stopped; `--start` begins a run with
weights that exist, of as many layers or of fewer. On a CPU one process works on each core (small
layers run better so than with threads). On a GPU one process does all, fed by `--loaders`; the
bundled weights, of four layers at first, took eight minutes of one that another recipe shared, and
three more from there:

    GPU="--compile --batch 32 --echo 2 --depth 4"
    ONCE="--minutes 8 --loaders 9 --muon-lr 0.015 --adam-lr 2e-3"
    AGAIN="--minutes 3.3 --loaders 14 --muon-lr 0.012 --adam-lr 1.6e-3"
    python main.py train separation --data DATA --run RUN $GPU $ONCE
    python main.py train separation --run RUN --export
    START="--start RUN/vocals.safetensors"
    python main.py train separation --data DATA --run RUN2 $GPU $AGAIN $START
    python main.py train separation --run RUN2 --export $START --share 0.85

twice 95 minutes on two cores with AVX512-BF16, the first in which tape speeds were whole semitones:

    CORES="--compile --batch 8 --minutes 95 --muon-lr 0.006 --adam-lr 8e-4 --depth 4"
    START="--start RUN2/vocals.safetensors"
    python main.py train separation --data DATA --run RUN3 $CORES --seed 11 $START
    python main.py train separation --run RUN3 --export
    START="--start RUN3/vocals.safetensors"
    python main.py train separation --data DATA --run RUN4 $CORES --seed 12 $START
    python main.py train separation --run RUN4 --export $START --share 0.6

and seven minutes of a GPU again, with two layers more (examples used twice came in the same batch
before, now `loop.echoed` draws them):

    GPU="--compile --batch 16 --echo 3 --loaders 14 --minutes 6.9"
    RATES="--muon-lr 0.0085 --adam-lr 1.15e-3"
    START="--start RUN4/vocals.safetensors"
    python main.py train separation --data DATA --run RUN5 $GPU $RATES --seed 21 $START
    python main.py train separation --run RUN5 --export

`--compile` fuses the element-wise work between the matrix products: a third faster on a CPU with a
C++ compiler, after two minutes of compiling. `--dim 64 --depth 4` trains a narrower network, which
melody begins with. `--export` writes the averaged weights of one of the bundled size into
resources/weights and their digest into the card, those of another to RUN/vocals.safetensors; with
`--start OLD --share 0.8` a fifth of them are the weights that the run began with.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor
from torch.utils.data import IterableDataset

from engine.models.mel_band_roformer import Config, Net
from engine.training import loop
from engine.training.evaluate import development_clips, sdr
from engine.training.remix import Remixes, relevelled
from engine.weights import BUNDLED

COMPACT = Config(
    dim=96,
    depth=6,
    num_bands=40,
    heads=3,
    dim_head=32,
    stft_n_fft=4096,
    stft_hop_length=1024,
    stft_win_length=4096,
    mask_estimator_depth=1,
    mlp_expansion_factor=2.0,
)


def loss(net: Net, mix: Tensor, voice: Tensor) -> tuple[Tensor, Tensor]:
    """Return the loss and the mean SDR in dB of a batch `(b, 2, samples)`.

    L1 on the complex spectrum and on the waveform, relative to the mix, and the error's level in
    dB, bounded where nobody sings.
    """
    spectrum = net.spectrum(mix)
    masked = spectrum * net.masks(net.backbone(spectrum))[:, 0]
    error = net.sound(masked, mix.shape[-1]) - voice
    off = torch.view_as_real(masked - net.spectrum(voice))
    axes = (1, 2)
    spectral = off.abs().mean((1, 2, 3, 4)) / spectrum.abs().mean((1, 2, 3)).clamp(min=1e-4)
    waveform = error.abs().mean(axes) / mix.abs().mean(axes).clamp(min=1e-5)
    floor = 1e-3 * mix.square().sum(axes) + 1e-6
    energy = voice.square().sum(axes)
    ratio = 10 * torch.log10((error.square().sum(axes) + floor) / (energy + floor))
    decibels = 10 * torch.log10((energy + 1e-6) / (error.square().sum(axes) + 1e-6))
    sung = energy > 100 * floor.clamp(min=1e-9) * 0.1
    gain = (decibels * sung).sum() / sung.sum()
    return (spectral + waveform + 0.05 * ratio).mean(), gain.detach()


def deepened(weights: dict[str, Tensor], depth: int) -> dict[str, Tensor]:
    """The weights of a network with `depth` layers that hears exactly what one with fewer does.

    A layer that is added begins as the last one but adds nothing to its tokens yet (Wu et al.,
    "LLaMA Pro", 2024). As each transformer ends with a norm, which changes nothing the second
    time, the scales of the last norm move to the new end.
    """
    grown = dict(weights)
    last = len({name.split(".")[1] for name in weights if name.startswith("layers.")}) - 1
    norm = "layers.{}.1.norm.gamma".format
    for number in range(last + 1, depth):
        for name in [name for name in weights if name.startswith(f"layers.{last}.")]:
            adds = name.endswith(("to_out.0.weight", "net.4.weight", "net.4.bias"))
            copy = torch.zeros_like(weights[name]) if adds else weights[name].clone()
            grown[name.replace(f".{last}.", f".{number}.", 1)] = copy
        grown[f"layers.{number}.0.norm.gamma"] = torch.ones_like(weights[norm(last)])
        grown[norm(number - 1)] = torch.ones_like(weights[norm(last)])
    return grown


class Separation:
    """The recipe; see `loop.Recipe`. `dim` is the width of a token if not the bundled one."""

    def __init__(self, dim: int = 0, depth: int = 0) -> None:
        dim = dim or COMPACT.dim
        heads = dim // COMPACT.dim_head
        self.config = replace(COMPACT, dim=dim, heads=heads, depth=depth or COMPACT.depth)

    def net(self) -> Net:
        return Net(self.config)

    def start(self, net: Net, weights: dict[str, Tensor]) -> None:
        net.load_state_dict(deepened(weights, self.config.depth))

    def compile(self, net: Net, batch: list[Tensor]) -> None:
        loop.fuse(net, batch[0])

    def examples(
        self, options: argparse.Namespace, seed: int
    ) -> IterableDataset[tuple[Tensor, ...]]:
        return Remixes(options.data, options.cache, options.seconds, seed)

    def loss(self, net: Net, batch: list[Tensor]) -> tuple[Tensor, dict[str, Tensor]]:
        with loop.half(batch):
            value, gain = loss(net, *relevelled(*batch))
        return value, {"sdr": gain}

    def held_out(self, options: argparse.Namespace) -> list[tuple[str, Tensor, Tensor]]:
        return development_clips(options.data, every=options.develop_every)

    @torch.no_grad()
    def develop(self, net: Net, held_out: Any, device: str) -> dict[str, float]:
        """Median vocals SDR in dB of each development set."""
        scores: dict[str, list[float]] = {}
        for name, mix, voice in held_out:
            estimate = net(mix[None].to(device))[0].cpu()
            scores.setdefault(name, []).append(sdr(voice.numpy(), estimate.numpy()))
        return {name: float(np.median(values)) for name, values in scores.items()}


CARD = Path(__file__).parents[2] / "resources" / "models" / "vocals-s.toml"


def export(options: argparse.Namespace) -> None:
    """Write a run's averaged weights as float16 safetensors and bring the card up to date.

    Those of another size than the bundled one's stay in the run's folder.
    """
    saved, weights = loop.finished(options, lambda start, size: deepened(start, size["depth"]))
    if saved["config"] == asdict(COMPACT):
        path = loop.bundle(weights, CARD, BUNDLED)
    else:
        path = options.run / "vocals.safetensors"
        save_file({name: tensor.half() for name, tensor in weights.items()}, path)
    print(f"{saved['steps']} steps in {saved['spent'] / 60:.0f} minutes -> {path}")


def main(arguments: Sequence[str]) -> int:
    """Parse the command line and train; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    loop.arguments(parser, muon_lr=0.01, adam_lr=1e-3)
    parser.add_argument("--dim", type=int, default=0, help="another width, of whole heads")
    parser.add_argument("--depth", type=int, default=0, help="another number of layers")
    options = parser.parse_args(arguments)
    if options.export:
        export(options)
    else:
        loop.train(Separation(options.dim, options.depth), options)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
