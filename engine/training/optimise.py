"""Muon for the matrices of the transformers, AdamW for everything else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import torch
from torch import Tensor, nn


def orthogonalise(matrices: Tensor, steps: int = 5) -> Tensor:
    """Bring all singular values of a stack `(k, rows, columns)` near 1.

    A quintic Newton-Schulz iteration with the coefficients of Jordan et al., "Muon: an optimizer
    for hidden layers in neural networks" (2024).
    """
    a, b, c = 3.4445, -4.7750, 2.0315
    x = matrices / (matrices.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    wide = x.shape[-2] > x.shape[-1]
    x = x.mT if wide else x
    for _ in range(steps):
        gram = x @ x.mT
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.mT if wide else x


class Muon(torch.optim.Optimizer):
    """Momentum whose update is orthogonalised; for weight matrices of hidden layers only."""

    def __init__(
        self,
        matrices: Iterable[Tensor],
        lr: float = 0.02,
        momentum: float = 0.95,
        decay: float = 0.0,
    ) -> None:
        super().__init__(matrices, {"lr": lr, "momentum": momentum, "decay": decay})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:
        for group in self.param_groups:
            same: dict[tuple[int, ...], list[Tensor]] = defaultdict(list)
            for parameter in group["params"]:
                if parameter.grad is not None:
                    same[tuple(parameter.shape)].append(parameter)
            for shape, parameters in same.items():
                for parameter in parameters:
                    if not self.state[parameter]:
                        self.state[parameter]["momentum"] = torch.zeros_like(parameter)
                moving = [self.state[parameter]["momentum"] for parameter in parameters]
                new = [parameter.grad for parameter in parameters]
                torch._foreach_lerp_(moving, new, 1 - group["momentum"])
                updates = torch._foreach_lerp(new, moving, group["momentum"])
                turned = orthogonalise(torch.stack(updates))
                scale = max(1.0, shape[0] / shape[1]) ** 0.5 * group["lr"]
                torch._foreach_mul_(parameters, 1 - group["lr"] * group["decay"])
                torch._foreach_add_(parameters, list(turned), alpha=-scale)


def optimisers(net: nn.Module, muon_lr: float, adam_lr: float) -> list[torch.optim.Optimizer]:
    """Muon for the matrices below `layers.` that learn, AdamW for the rest of a network."""
    hidden, rest = [], []
    for name, parameter in net.named_parameters():
        if parameter.requires_grad:
            matrix = parameter.ndim == 2 and name.startswith("layers.") and "gates" not in name
            (hidden if matrix else rest).append(parameter)
    adam = torch.optim.AdamW(rest, lr=adam_lr, betas=(0.9, 0.99), weight_decay=0.01, fused=True)
    return [Muon(hidden, lr=muon_lr, decay=0.01), adam] if hidden else [adam]
