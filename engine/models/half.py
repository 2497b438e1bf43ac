"""Products in 16-bit floats, for graphics cards: half the memory, and units made for them.

Spectra, masks and positions stay in 32 bits; a token's values are small enough for 16.
"""

from __future__ import annotations

import time
from functools import lru_cache

import torch
from torch import nn

from engine.models.layers import RMSNorm

WORTH = 1.15  # times faster than float32; below it the loss of precision buys nothing
SIDE = 2048  # rows and columns of the product that is tried


@lru_cache(maxsize=1)
def gain() -> float:
    """How many times faster than in float32 a product is on the graphics card, measured.

    Older cards have no units for 16 bits and are many times slower. 0 where it fails.
    """
    try:
        x = torch.randn(SIDE, SIDE, device="cuda")
        return _fastest(x) / _fastest(x.half())
    except RuntimeError:
        return 0.0


def _fastest(x: torch.Tensor) -> float:
    taken = []
    for _ in range(8):
        torch.cuda.synchronize()
        began = time.perf_counter()
        x @ x
        torch.cuda.synchronize()
        taken.append(time.perf_counter() - began)
    return min(taken)


def halve(net: nn.Module) -> None:
    """Give a band-split network 16-bit products in place; positions and windows keep 32 bits."""
    for module in net.modules():
        if isinstance(module, nn.Linear | RMSNorm):
            module.half()


def is_halved(net: nn.Module) -> bool:
    """Whether a network has 16-bit products."""
    return any(p.dtype == torch.float16 for p in net.parameters())
