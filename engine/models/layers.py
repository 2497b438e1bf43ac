"""Layers that every transformer family uses identically.

Axes: `b` batch (any leading axes folded), `n` tokens, `h` heads, `d` features of one head.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class RMSNorm(nn.Module):
    """`x / |x| * sqrt(dim) * gamma` over the last axis (Zhang and Sennrich, 2019)."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(dim))

    def forward(self, x: Tensor) -> Tensor:
        return F.rms_norm(x, self.gamma.shape, self.gamma, eps=1e-12)


class RotaryEmbedding(nn.Module):
    """Rotary positions on interleaved pairs (Su et al., 2021); `freqs` is kept with the weights."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.freqs = nn.Parameter(10_000.0 ** (-torch.arange(0, dim, 2) / dim), requires_grad=False)

    def forward(self, tokens: int) -> tuple[Tensor, Tensor]:
        """Return cosine and sine `(tokens, dim / 2)`."""
        positions = torch.arange(tokens, device=self.freqs.device, dtype=torch.float32)
        angles = positions[:, None] * self.freqs.float()
        return angles.cos(), angles.sin()


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Turn each pair of features of `(…, n, d)` by its position's angle."""
    even, odd = x.unflatten(-1, (-1, 2)).unbind(-1)
    cos, sin = cos.to(x.dtype), sin.to(x.dtype)
    return torch.stack((even * cos - odd * sin, odd * cos + even * sin), -1).flatten(-2)


class FeedForward(nn.Module):
    """Pre-normed two-layer perceptron with GELU."""

    def __init__(self, dim: int, mult: float, dropout: float) -> None:
        super().__init__()
        inner = int(dim * mult)
        self.net = nn.Sequential(
            RMSNorm(dim),
            nn.Linear(dim, inner),
            nn.GELU(),
            nn.Dropout(dropout),
            nn.Linear(inner, dim),
            nn.Dropout(dropout),
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.net(x)


class Attention(nn.Module):
    """Pre-normed self-attention over `(b, n, dim)`, rotary positions, a sigmoid gate per head."""

    def __init__(
        self, dim: int, heads: int, dim_head: int, dropout: float, rotary: RotaryEmbedding
    ) -> None:
        super().__init__()
        inner = heads * dim_head
        self.heads = heads
        self.dropout = dropout
        self.rotary_embed = rotary
        self.norm = RMSNorm(dim)
        self.to_qkv = nn.Linear(dim, inner * 3, bias=False)
        self.to_gates = nn.Linear(dim, heads)
        self.to_out = nn.Sequential(nn.Linear(inner, dim, bias=False), nn.Dropout(dropout))

    def forward(self, x: Tensor) -> Tensor:
        x = self.norm(x)
        q, k, v = self.to_qkv(x).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        cos, sin = self.rotary_embed(x.shape[1])
        q, k = rotate(q, cos, sin), rotate(k, cos, sin)
        out = F.scaled_dot_product_attention(
            q, k, v, dropout_p=self.dropout if self.training else 0.0
        )
        out = out * self.to_gates(x).sigmoid().transpose(1, 2).unsqueeze(-1)
        return self.to_out(out.transpose(1, 2).flatten(2))


class Transformer(nn.Module):
    """`depth` blocks of attention and feed-forward over `(b, n, dim)`, normed at the end."""

    def __init__(
        self,
        dim: int,
        depth: int,
        heads: int,
        dim_head: int,
        attn_dropout: float,
        ff_dropout: float,
        ff_mult: float,
        rotary: RotaryEmbedding,
    ) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            nn.ModuleList(
                [
                    Attention(dim, heads, dim_head, attn_dropout, rotary),
                    FeedForward(dim, ff_mult, ff_dropout),
                ]
            )
            for _ in range(depth)
        )
        self.norm = RMSNorm(dim)

    def forward(self, x: Tensor) -> Tensor:
        for attend, feed in cast("Iterable[tuple[Attention, FeedForward]]", self.layers):
            x = x + attend(x)
            x = x + feed(x)
        return self.norm(x)
