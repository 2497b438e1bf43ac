"""The loop that every recipe trains in: resumable, on a GPU or with a process on each core."""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Protocol

import torch
import torch.distributed as dist
import torch.multiprocessing as mp
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.utils.data import DataLoader, IterableDataset

from engine.cards import read_card, write_card
from engine.models.half import WORTH, gain
from engine.training.optimise import optimisers
from engine.weights import digest

WARM_UP = 100  # steps
DECAY_FROM = 0.2  # share of the time after which the learning rate falls to nothing
ECHOED = 512  # examples at hand where each is used more than once


class Recipe(Protocol):
    """What differs between networks. Made once in every process; must be picklable."""

    def net(self) -> nn.Module:
        """A network with fresh weights; its `config` is kept in the checkpoint."""
        ...

    def start(self, net: nn.Module, weights: dict[str, Tensor]) -> None:
        """Give a fresh network weights that exist."""
        ...

    def compile(self, net: nn.Module, batch: list[Tensor]) -> None:
        """Let PyTorch fuse the parts where that pays; all batches are of the shape of this one."""
        ...

    def examples(self, options: argparse.Namespace, seed: int) -> IterableDataset[Any]:
        """Training examples without end, tuples of tensors."""
        ...

    def loss(self, net: nn.Module, batch: list[Tensor]) -> tuple[Tensor, dict[str, Tensor]]:
        """The loss of a batch, and figures to report (NaN where there is none)."""
        ...

    def held_out(self, options: argparse.Namespace) -> Any:
        """What `develop` measures on."""
        ...

    def develop(self, net: nn.Module, held_out: Any, device: str) -> dict[str, float]:
        """Figures on held-out material."""
        ...


def arguments(parser: argparse.ArgumentParser, muon_lr: float, adam_lr: float) -> None:
    """Add the options that every recipe has."""
    parser.add_argument("--data", type=Path, help="folder of the corpora")
    parser.add_argument("--run", type=Path, required=True, help="folder of the checkpoint")
    parser.add_argument("--cache", type=Path, help="packed recordings (default: RUN/corpus)")
    parser.add_argument(
        "--start", type=Path, nargs="+", default=[], help="weights to begin with (safetensors)"
    )
    parser.add_argument("--compile", action="store_true", help="fuse operations (needs a compiler)")
    parser.add_argument("--minutes", type=float, default=120)
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--muon-lr", type=float, default=muon_lr)
    parser.add_argument("--adam-lr", type=float, default=adam_lr)
    parser.add_argument("--loaders", type=int, default=0, help="processes that make examples")
    parser.add_argument("--seed", type=int, default=0, help="of the examples")
    parser.add_argument("--echo", type=int, default=1, help="times each example is used")
    parser.add_argument(
        "--workers", type=int, default=0, help="training processes (default: cores)"
    )
    parser.add_argument("--check-minutes", type=float, default=10)
    parser.add_argument("--develop-every", type=int, default=5, help="use every n-th held-out clip")
    parser.add_argument("--export", action="store_true", help="write the run's weights and card")
    parser.add_argument(
        "--share", type=float, default=1.0, help="of the run in what separation and melody export"
    )


def train(recipe: Recipe, options: argparse.Namespace) -> None:
    """Train until `options.minutes` are spent, from the run's checkpoint if there is one."""
    options.cache = options.cache or options.run / "corpus"
    options.run.mkdir(parents=True, exist_ok=True)
    workers = options.workers or (1 if torch.cuda.is_available() else os.cpu_count() or 1)
    if workers == 1:
        work(0, 1, recipe, options)
    else:
        mp.spawn(work, (workers, recipe, options), nprocs=workers)


def finished(
    options: argparse.Namespace, grown: Callable[..., dict[str, Tensor]] = lambda start, _: start
) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """The checkpoint of a run, and the weights to export.

    `share` of them are the run's own averaged ones, the rest those of the files that it started
    with: what a run unlearns, its start still knows (Wortsman et al., "Model soups", 2022).
    `grown(weights, config)` makes the start as large as the run.
    """
    saved = torch.load(options.run / "checkpoint.pt", map_location="cpu", weights_only=True)
    weights = saved["average"]
    for path in options.start:
        start = grown(load_file(path), saved["config"])
        for name in weights.keys() & start.keys():
            weights[name] = torch.lerp(start[name].float(), weights[name].float(), options.share)
    return saved, weights


def bundle(weights: Mapping[str, Tensor], card: Path, folder: Path) -> Path:
    """Write weights as float16 to the file in `folder` of a card, and its digest on the card."""
    known = read_card(card)
    path = folder / known.weights.name
    save_file({name: tensor.half() for name, tensor in weights.items()}, path)
    file = replace(known.weights, sha256=digest(path), bytes=path.stat().st_size)
    write_card(replace(known, weights=file), card.parent)
    return path


def echoed(batches: Iterable[list[Tensor]], times: int) -> Iterator[list[Tensor]]:
    """Batches in which each example comes about so many times.

    Where examples are made slower than they are learnt from: those of the last `ECHOED` that are
    used again come in other company (Choi et al., "Faster Neural Network Training with Data
    Echoing", 2019).
    """
    if times == 1:
        yield from batches
        return
    kept: list[Tensor] = []
    met = 0
    for batch in batches:
        kept = kept or [part.new_empty(ECHOED, *part.shape[1:]) for part in batch]
        device, size = batch[0].device, len(batch[0])
        places = torch.arange(met, met + size, device=device) % ECHOED
        met += size
        for all_kept, part in zip(kept, batch, strict=True):
            all_kept[places] = part
        for _ in range(times):
            chosen = torch.randint(min(met, ECHOED), (size,), device=device)
            yield [all_kept[chosen] for all_kept in kept]


def half(batch: list[Tensor]) -> torch.autocast:
    """Products in 16-bit floats where they are faster, within the context."""
    device = batch[0].device.type
    faster = batch[0].is_cuda or gain(device) >= WORTH
    return torch.autocast(device, torch.bfloat16, enabled=faster, cache_enabled=False)


class Part(nn.Module):
    """One method of a network, and the weights that it uses."""

    def __init__(self, method: Callable[[Tensor], Tensor], *used: nn.Module) -> None:
        super().__init__()
        self.method, self.used = method, nn.ModuleList(used)

    def forward(self, x: Tensor) -> Tensor:
        return self.method(x)


def fuse(net: Any, sound: Tensor) -> None:
    """Fuse what a band-split network does, in place, for batches of the shape of `sound`.

    On a graphics card only the transformers, whose code all share; what is left of launching
    kernels one by one is recorded and replayed (CUDA graphs), twice as fast as without.
    """
    if not sound.is_cuda:
        net.backbone = torch.compile(net.backbone, dynamic=False)
        net.mask_estimators[0].compile(dynamic=False)
        return
    for transformer in (t for pair in net.layers for t in pair):
        transformer.compile(dynamic=False)
    with half([sound]):
        spectrum = net.spectrum(sound)
        with torch.no_grad():
            tokens = net.backbone(spectrum)
        parts = (
            Part(net.backbone, net.band_split, net.layers, net.final_norm),
            Part(net.masks, net.mask_estimators),
        )
        samples = ((spectrum,), (tokens.requires_grad_(),))
        backbone, masks = torch.cuda.make_graphed_callables(parts, samples)
    net.backbone, net.masks = backbone.__call__, masks.__call__  # plain: no modules of the network


def share_gradients(net: nn.Module) -> None:
    """Average the gradients of all processes."""
    gradients = [
        p.grad if p.grad is not None else torch.zeros_like(p)
        for p in net.parameters()
        if p.requires_grad
    ]
    flat = torch.cat([g.flatten() for g in gradients])
    dist.all_reduce(flat)
    flat /= dist.get_world_size()
    for gradient, part in zip(gradients, flat.split([g.numel() for g in gradients]), strict=True):
        gradient.copy_(part.view_as(gradient))


def work(rank: int, workers: int, recipe: Recipe, options: argparse.Namespace) -> None:
    """One process of the training."""
    if workers > 1:
        torch.set_num_threads(1)
        meet = f"file://{options.run.resolve()}/meet-{os.getppid()}"
        dist.init_process_group("gloo", init_method=meet, rank=rank, world_size=workers)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.set_float32_matmul_precision("high")  # on a graphics card: products in TF32
    torch.manual_seed(0)
    net = recipe.net().to(device)
    for weights in options.start:
        recipe.start(net, load_file(weights))
    average = {name: p.detach().clone() for name, p in net.state_dict().items()}
    optims = optimisers(net, options.muon_lr, options.adam_lr)
    rates = [optim.param_groups[0]["lr"] for optim in optims]
    steps, spent = 0, 0.0
    checkpoint = options.run / "checkpoint.pt"
    if checkpoint.exists():
        saved = torch.load(checkpoint, map_location=device, weights_only=True)
        net.load_state_dict(saved["net"])
        average = saved["average"]
        for optim, state in zip(optims, saved["optims"], strict=True):
            optim.load_state_dict(state)
        steps, spent = saved["steps"], saved["spent"]
    loader = DataLoader(
        recipe.examples(options, seed=1_000_000 * options.seed + 1000 * rank + steps),
        batch_size=options.batch // workers,
        num_workers=options.loaders,
        persistent_workers=options.loaders > 0,
        pin_memory=device == "cuda",
    )
    on_device = ([part.to(device, non_blocking=True) for part in made] for made in loader)
    batches = echoed(on_device, options.echo)
    held_out = recipe.held_out(options) if rank == 0 else None

    def save() -> None:
        state: dict[str, Any] = {
            "net": net.state_dict(),
            "average": average,
            "optims": [optim.state_dict() for optim in optims],
            "steps": steps,
            "spent": spent,
            "config": asdict(recipe.net().config),  # type: ignore[call-overload]
        }
        torch.save(state, checkpoint.with_suffix(".part"))
        checkpoint.with_suffix(".part").replace(checkpoint)

    batch = next(batches)
    if options.compile:
        recipe.compile(net, batch)
    live = net.state_dict()
    told: dict[str, list[Tensor]] = {}
    last_report = last_check = time.monotonic()
    while spent < options.minutes * 60:
        began = time.monotonic()
        share = torch.tensor(spent / (options.minutes * 60))
        if workers > 1:
            dist.broadcast(share, 0)
        slope = min(1.0, (steps + 1) / WARM_UP, (1 - float(share)) / (1 - DECAY_FROM))
        for optim, lr in zip(optims, rates, strict=True):
            for group in optim.param_groups:
                group["lr"] = lr * max(slope, 0.0)
        value, figures = recipe.loss(net, batch)
        for optim in optims:
            optim.zero_grad(set_to_none=True)
        value.backward()
        if workers > 1:
            share_gradients(net)
        length = nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        if length.isfinite():
            for optim in optims:
                optim.step()
        steps += 1
        batch = next(batches)
        decay = min(0.998, steps / (steps + 10))
        torch._foreach_lerp_([*average.values()], [*live.values()], 1 - decay)
        for name, figure in {"loss": value.detach(), **figures}.items():
            told.setdefault(name, []).append(figure)
        now = time.monotonic()
        spent += now - began
        if workers > 1:  # all processes must agree on when to stop
            clock = torch.tensor(spent)
            dist.broadcast(clock, 0)
            spent = float(clock)
        if rank == 0 and now - last_report > 60:
            entry: dict[str, Any] = {"steps": steps, "minutes": round(spent / 60, 1)}
            for name, values in told.items():
                entry[name] = round(float(torch.stack(values).nanmean()), 4)
            told.clear()
            if now - last_check > options.check_minutes * 60:
                held = recipe.net().to(device)
                held.load_state_dict(average)
                held.eval()
                found = recipe.develop(held, held_out, device)
                entry |= {name: round(figure, 4) for name, figure in found.items()}
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
