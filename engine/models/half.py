"""Products in 16-bit floats, where there are units made for them: on most graphics cards and on
processors with AVX512-BF16 or AMX.

Spectra, masks and positions stay in 32 bits; a token's values are small enough for 16.
"""

from __future__ import annotations

import time
from functools import lru_cache

import torch
from torch import nn

from engine.models.layers import RMSNorm

WORTH = 1.5  # times faster than float32; below it the loss of precision buys nothing
SIDES = {"cuda": 2048, "cpu": 256}  # rows and columns of the product that is tried
KINDS = {"cuda": torch.float16, "cpu": torch.bfloat16}
NARROW = 16  # inputs or outputs


@lru_cache(maxsize=2)
def gain(device: str) -> float:
    """How many times faster than in float32 a product is on "cuda" or "cpu", measured.

    Older cards and processors have no units for 16 bits and are many times slower. 0 where it
    fails. A processor uses one core, as it does for a window.
    """
    cores = torch.get_num_threads()
    try:
        if device == "cpu":
            torch.set_num_threads(1)
        x = torch.randn(SIDES[device], SIDES[device], device=device)
        y = x.to(KINDS[device])
        taken = [(_seconds(x), _seconds(y)) for _ in range(8)]  # in turn: other programs disturb
        full, half = map(min, zip(*taken, strict=True))
        return full / half
    except RuntimeError:
        return 0.0
    finally:
        torch.set_num_threads(cores)


def _seconds(x: torch.Tensor) -> float:
    """How long a product takes."""
    if x.is_cuda:
        torch.cuda.synchronize()
    began = time.perf_counter()
    x @ x
    if x.is_cuda:
        torch.cuda.synchronize()
    return time.perf_counter() - began


def halve(net: nn.Module, device: str) -> None:
    """Give a band-split network 16-bit products in place; positions and windows keep 32 bits.

    On a processor, whose 16 bits are coarser, only within layers: what goes from one to the next
    keeps 32, and so do the first ones.
    """
    if device == "cpu":
        for name, module in net.named_modules():
            first = name.startswith("band_split.")
            if isinstance(module, nn.Linear) and is_wide(module) and not first:
                module.bfloat16().register_forward_pre_hook(_coarsely)
    else:
        for module in net.modules():
            if isinstance(module, nn.Linear | RMSNorm):
                module.half()


def is_wide(layer: nn.Linear) -> bool:
    """Whether a layer's products take longer than to make its inputs coarser."""
    return min(layer.in_features, layer.out_features) >= NARROW


def _coarsely(_: nn.Module, inputs: tuple[torch.Tensor]) -> torch.Tensor:
    return inputs[0].bfloat16()


def is_halved(net: nn.Module) -> bool:
    """Whether a network has 16-bit products."""
    return any(p.dtype in KINDS.values() for p in net.parameters())
