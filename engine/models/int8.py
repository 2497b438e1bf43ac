"""Products in 8-bit integers: a processor does more of them at once, and weights take a quarter.

Weights have one scale for each output, found once; activations one for each part of the work, found
as it comes (dynamic quantisation, as `torch.ao.quantization` calls it).
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Sequence
from functools import lru_cache

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.models.layers import Attention, FeedForward

WORTH = 1.15  # times faster than float32; below it the loss of precision buys nothing
ROWS, NARROW, WIDE = 512, 384, 1536  # of the product that is tried
SMALLEST = 256 * 256  # weights of a layer; to turn inputs into integers costs smaller ones as much
FULL, HALF = 127, 63  # largest weight


class Int8Linear(nn.Module):
    """A linear layer whose weights and, while it works, inputs are 8-bit integers."""

    def __init__(self, weight: Tensor, bias: Tensor | None, largest: int) -> None:
        super().__init__()
        scale = weight.abs().amax(1).clamp(min=1e-12) / largest
        zero = torch.zeros(len(weight), dtype=torch.int64)
        with warnings.catch_warnings():  # a PyTorch to come will do without; ours is pinned
            warnings.simplefilter("ignore", UserWarning)
            rounded = torch.quantize_per_channel(weight, scale, zero, 0, torch.qint8)
        self.packed = torch.ops.quantized.linear_prepack(rounded, bias)
        self.nbytes = weight.numel()

    def forward(self, x: Tensor) -> Tensor:
        return torch.ops.quantized.linear_dynamic(x.contiguous(), self.packed, False)


class Direction(nn.Module):
    """`x / |x|` over the last axis: a norm whose scales are part of the layer behind it."""

    def forward(self, x: Tensor) -> Tensor:
        return x / torch.linalg.vector_norm(x, dim=-1, keepdim=True).clamp_(min=1e-12)


def fold(layers: nn.Module, norm: str, behind: Sequence[str]) -> None:
    """Give the scales of a norm to the layers that hear it: one pass less over all values."""
    gamma = layers.get_parameter(f"{norm}.gamma")
    setattr(layers, norm, Direction())
    for name in behind:
        weight = layers.get_parameter(f"{name}.weight")
        weight.data = weight * gamma * len(gamma) ** 0.5


@lru_cache(maxsize=1)
def largest_weight() -> int:
    """The largest 8-bit weight that this processor multiplies rightly.

    Older ones (AVX2) add two products in 16 bits, which overflow unless weights have 7 bits.
    """
    x = torch.full((ROWS, WIDE), 1.0)
    x[:, 0] = -1e-3  # no symmetric range: the others become 255
    weight = torch.ones(NARROW, WIDE)
    for largest in (FULL, HALF):
        made = Int8Linear(weight, None, largest)(x)
        if torch.allclose(made, F.linear(x, weight), rtol=0.02):
            return largest
    return 0


@lru_cache(maxsize=1)
def gain() -> float:
    """How many times faster than float32 such products are here, measured; 0 where they fail."""
    try:
        largest = largest_weight()
        if not largest:
            return 0.0
        x = torch.randn(ROWS, WIDE, generator=torch.Generator().manual_seed(0))
        plain = nn.Linear(WIDE, NARROW)
        layer = Int8Linear(plain.weight.detach(), None, largest)
        with torch.inference_mode():
            return _fastest(plain, x) / _fastest(layer, x)
    except RuntimeError:  # this PyTorch has no such products
        return 0.0


def _fastest(layer: nn.Module, x: Tensor) -> float:
    """Seconds of the fastest of several passes."""
    taken = []
    for _ in range(8):
        began = time.perf_counter()
        layer(x)
        taken.append(time.perf_counter() - began)
    return min(taken)


def quantise(net: nn.Module) -> bool:
    """Give a network 8-bit products in place, where they are faster here; say whether they are.

    Where its transformers are small, large heads alone would hardly make it faster.
    """

    def large(layer: nn.Module) -> bool:
        return layer.get_parameter("weight").numel() >= SMALLEST

    trunk = (module.to_qkv for module in net.modules() if isinstance(module, Attention))
    if gain() < WORTH or not any(map(large, trunk)):
        return False
    for module in [*net.modules()]:
        if isinstance(module, Attention) and large(module.to_qkv):
            fold(module, "norm", ["to_qkv", "to_gates"])
        if isinstance(module, FeedForward) and large(module.net[1]):
            fold(module.net, "0", ["1"])
        for name, child in module.named_children():
            if isinstance(child, nn.Linear) and large(child):
                bias = None if child.bias is None else child.bias.detach()
                setattr(module, name, Int8Linear(child.weight.detach(), bias, largest_weight()))
    return True


def is_quantised(net: nn.Module) -> bool:
    """Whether a network has 8-bit products."""
    return any(isinstance(module, Int8Linear) for module in net.modules())
