"""Train the bundled separation model from nothing.

    python main.py train separation --data DATA --run RUN --minutes 120

Run it again with the same `--run` and it goes on where it stopped; `--start` begins a run with
weights that exist. On a CPU one process works on each core (small layers run better so than with
threads); on a GPU one process does all. `--compile` fuses the element-wise work between the matrix
products: a third faster on a CPU with a C++ compiler, after two minutes of compiling.
`--export` writes the averaged weights into resources/weights and their digest into the card.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.distributed as dist
import torch.multiprocessing as mp
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.utils.data import DataLoader

from engine.models.mel_band_roformer import Config, Net
from engine.training.evaluate import development_clips, sdr
from engine.training.optimise import optimisers
from engine.training.remix import Remixes
from engine.weights import BUNDLED, digest

COMPACT = Config(
    dim=64,
    depth=4,
    num_bands=40,
    heads=2,
    dim_head=32,
    stft_n_fft=4096,
    stft_hop_length=1024,
    stft_win_length=4096,
    mask_estimator_depth=1,
    mlp_expansion_factor=2.0,
)
WARM_UP = 100  # steps
DECAY_FROM = 0.55  # share of the time after which the learning rate falls to nothing


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
    return (spectral + waveform + 0.05 * ratio).mean(), decibels[sung].mean().detach()


@torch.no_grad()
def develop(net: Net, clips: list[tuple[str, Tensor, Tensor]], device: str) -> dict[str, float]:
    """Median vocals SDR in dB of each development set."""
    scores: dict[str, list[float]] = {}
    net.eval()
    for name, mix, voice in clips:
        estimate = net(mix[None].to(device))[0].cpu()
        scores.setdefault(name, []).append(sdr(voice.numpy(), estimate.numpy()))
    net.train()
    return {name: float(np.median(values)) for name, values in scores.items()}


def share_gradients(net: nn.Module) -> None:
    """Average the gradients of all processes."""
    gradients = [p.grad for p in net.parameters() if p.grad is not None]
    flat = torch.cat([g.flatten() for g in gradients])
    dist.all_reduce(flat)
    flat /= dist.get_world_size()
    for gradient, part in zip(gradients, flat.split([g.numel() for g in gradients]), strict=True):
        gradient.copy_(part.view_as(gradient))


def work(rank: int, workers: int, options: argparse.Namespace) -> None:
    """One process of the training."""
    if workers > 1:
        torch.set_num_threads(1)
        meet = f"file://{options.run.resolve()}/meet-{os.getppid()}"
        dist.init_process_group("gloo", init_method=meet, rank=rank, world_size=workers)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.manual_seed(0)
    net = Net(COMPACT).to(device)
    if options.start:
        net.load_state_dict(load_file(options.start))
    average = {name: p.detach().clone() for name, p in net.state_dict().items()}
    optims = optimisers(net, options.muon_lr, options.adam_lr)
    steps, spent = 0, 0.0
    checkpoint = options.run / "checkpoint.pt"
    if checkpoint.exists():
        saved = torch.load(checkpoint, map_location=device, weights_only=True)
        net.load_state_dict(saved["net"])
        average = saved["average"]
        for optim, state in zip(optims, saved["optims"], strict=True):
            optim.load_state_dict(state)
        steps, spent = saved["steps"], saved["spent"]

    if options.compile:
        net.backbone = torch.compile(net.backbone, dynamic=False)  # type: ignore[method-assign]
        net.mask_estimators[0].compile(dynamic=False)
    data = Remixes(options.data, options.cache, options.seconds, seed=1000 * rank + steps)
    loader = iter(
        DataLoader(
            data,
            batch_size=options.batch // workers,
            num_workers=options.loaders,
            persistent_workers=options.loaders > 0,
        )
    )
    clips = development_clips(options.data, every=options.develop_every) if rank == 0 else []

    def save() -> None:
        state: dict[str, Any] = {
            "net": net.state_dict(),
            "average": average,
            "optims": [optim.state_dict() for optim in optims],
            "steps": steps,
            "spent": spent,
            "config": asdict(COMPACT),
        }
        torch.save(state, checkpoint.with_suffix(".part"))
        checkpoint.with_suffix(".part").replace(checkpoint)

    losses: list[float] = []
    gains: list[float] = []
    last_report = last_check = time.monotonic()
    while spent < options.minutes * 60:
        began = time.monotonic()
        share = torch.tensor(spent / (options.minutes * 60))
        if workers > 1:
            dist.broadcast(share, 0)
        slope = min(1.0, (steps + 1) / WARM_UP, (1 - float(share)) / (1 - DECAY_FROM))
        for optim, lr in zip(optims, (options.muon_lr, options.adam_lr), strict=True):
            for group in optim.param_groups:
                group["lr"] = lr * max(slope, 0.0)
        mix, voice = (part.to(device, non_blocking=True) for part in next(loader))
        value, gain = loss(net, mix, voice)
        for optim in optims:
            optim.zero_grad(set_to_none=True)
        value.backward()
        if workers > 1:
            share_gradients(net)
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        for optim in optims:
            optim.step()
        steps += 1
        decay = min(0.998, steps / (steps + 10))
        for name, parameter in net.state_dict().items():
            average[name].lerp_(parameter, 1 - decay)
        losses.append(value.item())
        if not torch.isnan(gain):
            gains.append(gain.item())
        now = time.monotonic()
        spent += now - began
        if workers > 1:  # all processes must agree on when to stop
            clock = torch.tensor(spent)
            dist.broadcast(clock, 0)
            spent = float(clock)
        if rank == 0 and now - last_report > 60:
            entry: dict[str, Any] = {
                "steps": steps,
                "minutes": round(spent / 60, 1),
                "loss": round(float(np.mean(losses)), 4),
                "sdr": round(float(np.mean(gains)), 2),
            }
            losses, gains, last_report = [], [], now
            if now - last_check > options.check_minutes * 60:
                held = Net(COMPACT).to(device)
                held.load_state_dict(average)
                entry |= {k: round(v, 2) for k, v in develop(held, clips, device).items()}
                save()
                last_check = time.monotonic()
            with (options.run / "log.jsonl").open("a") as report:
                print(json.dumps(entry), file=report)
            last_report = time.monotonic()
    if rank == 0:
        save()
    if workers > 1:
        dist.barrier()
        dist.destroy_process_group()


CARD = Path(__file__).parents[2] / "resources" / "models" / "vocals-s.toml"


def export(run: Path) -> None:
    """Write the averaged weights of a run as float16 safetensors and bring the card up to date."""
    saved = torch.load(run / "checkpoint.pt", map_location="cpu", weights_only=True)
    path = BUNDLED / "vocals-s.safetensors"
    save_file({name: tensor.half() for name, tensor in saved["average"].items()}, path)
    text = CARD.read_text("utf-8")
    text = re.sub(r'sha256 = ".*"', f'sha256 = "{digest(path)}"', text)
    text = re.sub(r"bytes = .*", f"bytes = {path.stat().st_size}", text)
    CARD.write_text(text, "utf-8")
    print(f"{saved['steps']} steps in {saved['spent'] / 60:.0f} minutes -> {path}")


def main(arguments: Sequence[str]) -> int:
    """Parse the command line and train; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, help="folder of the corpora")
    parser.add_argument("--run", type=Path, required=True, help="folder of the checkpoint")
    parser.add_argument("--cache", type=Path, help="packed recordings (default: RUN/corpus)")
    parser.add_argument("--start", type=Path, help="weights to begin a new run with (safetensors)")
    parser.add_argument("--compile", action="store_true", help="fuse operations (needs a compiler)")
    parser.add_argument("--minutes", type=float, default=120)
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--muon-lr", type=float, default=0.01)
    parser.add_argument("--adam-lr", type=float, default=1e-3)
    parser.add_argument("--loaders", type=int, default=0, help="processes that make examples")
    parser.add_argument(
        "--workers", type=int, default=0, help="training processes (default: cores)"
    )
    parser.add_argument("--check-minutes", type=float, default=10)
    parser.add_argument("--develop-every", type=int, default=5, help="use every n-th held-out clip")
    parser.add_argument("--export", action="store_true", help="write the run's weights and card")
    options = parser.parse_args(arguments)
    if options.export:
        export(options.run)
        return 0
    options.cache = options.cache or options.run / "corpus"
    options.run.mkdir(parents=True, exist_ok=True)
    workers = options.workers or (1 if torch.cuda.is_available() else os.cpu_count() or 1)
    if workers == 1:
        work(0, 1, options)
    else:
        mp.spawn(work, (workers, options), nprocs=workers)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
