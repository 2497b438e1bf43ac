"""A real separation model that is small enough for any test: random weights, true arithmetic."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import torch
from safetensors.torch import save_file

from engine.cards import ModelCard, WeightFile
from engine.models.mel_band_roformer import Config, Net
from engine.weights import digest, folders

TINY = Config(
    dim=16,
    depth=1,
    num_bands=12,
    heads=2,
    dim_head=8,
    stft_n_fft=1024,
    stft_hop_length=256,
    stft_win_length=1024,
    mask_estimator_depth=1,
    mlp_expansion_factor=1.0,
)


def tiny_card(folder: Path | None = None, **changes: object) -> ModelCard:
    """Write seeded random weights where Melic looks for them and return their card."""
    folder = folder or folders()[0]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "tiny.safetensors"
    torch.manual_seed(3)
    net = Net(TINY)
    with torch.no_grad():  # a mask of about one half: an audible, imperfect singer
        for head in net.mask_estimators[0].to_freqs:
            head[0][-1].bias[::2] += 0.5
    save_file(net.state_dict(), path)
    fields: dict[str, object] = {
        "id": "tiny",
        "title": "Tiny",
        "task": "separate",
        "family": "mel_band_roformer",
        "rate": 44_100,
        "channels": 2,
        "outputs": ("vocals", "instrumental"),
        "window": 1.0,
        "overlap": 0.25,
        "licence": "CC0",
        "source": "random numbers",
        "data": "none",
        "measure": "none",
        "weights": WeightFile(path.name, digest(path), path.stat().st_size),
        "config": asdict(TINY),
        "figures": {},
    }
    return ModelCard(**(fields | changes))  # type: ignore[arg-type]
