"""A real separation model that is small enough for any test: random weights, true arithmetic."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from engine.cards import ModelCard, WeightFile
from engine.models import family
from engine.models.bs_roformer import Config as BsConfig
from engine.models.layers import BandRoformer
from engine.models.mel_band_roformer import Config
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
TINY_BS = BsConfig(
    dim=16,
    depth=1,
    freqs_per_bands=(8,) * 16 + (32,) * 8 + (129,),
    heads=2,
    dim_head=8,
    stft_n_fft=1024,
    stft_hop_length=256,
    stft_win_length=1024,
    mlp_expansion_factor=1.0,
)


def tiny_net(family_name: str = "mel_band_roformer", **sizes: Any) -> BandRoformer:
    """A network with seeded random weights, of the tiny sizes but for `sizes`."""
    kind = family(family_name)
    tiny = TINY if family_name == "mel_band_roformer" else TINY_BS
    torch.manual_seed(3)
    net: BandRoformer = kind.Net(replace(tiny, **sizes))
    with torch.no_grad():  # a mask of about one half: an audible, imperfect singer
        for mask in net.mask_estimators:
            for head in mask.to_freqs:
                head[0][-1].bias[::2] += 0.5
    return net.eval()


def tiny_card(
    folder: Path | None = None, net: BandRoformer | None = None, **changes: object
) -> ModelCard:
    """Write a network's weights where Melic looks for them and return their card."""
    net = net or tiny_net()
    folder = folder or folders()[0]
    folder.mkdir(parents=True, exist_ok=True)
    family_name = type(net).__module__.rsplit(".")[-1]
    path = folder / f"tiny-{family_name}.safetensors"  # a test may have one of each family
    save_file(net.state_dict(), path)
    fields: dict[str, object] = {
        "id": "tiny",
        "title": "Tiny",
        "task": "separate",
        "family": family_name,
        "rate": 44_100,
        "channels": net.channels,
        "outputs": ("vocals", "instrumental"),
        "window": 1.0,
        "overlap": 0.25,
        "licence": "CC0",
        "source": "random numbers",
        "data": "none",
        "measure": "none",
        "weights": WeightFile(path.name, digest(path), path.stat().st_size),
        "config": asdict(net.config),
        "figures": {},
    }
    return ModelCard(**(fields | changes))  # type: ignore[arg-type]
