"""Choose the device, load a card's network, keep the last ones ready."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import nn

from engine.cards import ModelCard
from engine.errors import DeviceUnavailable, WeightsMissing
from engine.jobs import check_cancelled
from engine.models import family
from engine.weights import resolve


@lru_cache(maxsize=1)
def gpu_problem() -> str:
    """Say why no GPU can be used, "" when one can: a real product is computed and checked."""
    if torch.version.cuda is None and torch.version.hip is None:
        return "this PyTorch is built for the processor only"
    if not torch.cuda.is_available():
        return "no GPU, or its driver is missing or too old for this PyTorch"
    try:
        x = torch.randn(256, 256, generator=torch.Generator().manual_seed(0))
        product = (x.cuda() @ x.cuda()).cpu()
    except RuntimeError as error:  # no kernel image, out of memory, driver mismatch
        return f"the GPU failed a test product: {str(error).splitlines()[0]}"
    if not torch.allclose(product, x @ x, rtol=1e-2, atol=1e-1):
        return "the GPU gave a wrong product"
    return ""


def choose(device: str) -> tuple[str, str]:
    """Turn "auto", "cpu" or "cuda" into `(device, why)`; `why` is empty for a plain choice.

    Raises `DeviceUnavailable` when a GPU is asked for by name and cannot be used.
    """
    if device == "cpu":
        return "cpu", ""
    if device not in ("auto", "cuda"):
        raise DeviceUnavailable(f"There is no device called {device!r}.", "Use auto, cpu or cuda.")
    problem = gpu_problem()
    if not problem:
        return "cuda", ""
    if device == "cuda":
        raise DeviceUnavailable(f"The GPU cannot be used: {problem}.", "Choose auto or cpu.")
    return "cpu", problem


def cores() -> int:
    """How many processors this program may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@lru_cache(maxsize=2)
def _load(card_id: str, sha256: str, device: str, build: Any) -> nn.Module:
    net: nn.Module = build()
    return net.eval().requires_grad_(False).to(device)


def load(card: ModelCard, device: str) -> nn.Module:
    """Return a card's network, ready on "cpu" or "cuda"; the last two stay loaded.

    Raises `WeightsMissing` when the file is absent, damaged or does not fit the card.
    """
    return _load(card.id, card.weights.sha256, device, _Build(card))


class _Build:
    """Builds a card's network; all builders are equal, so a cache looks at its other keys only."""

    def __init__(self, card: ModelCard) -> None:
        self.card = card

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Build)

    def __hash__(self) -> int:
        return 0

    def __call__(self) -> nn.Module:
        kind = family(self.card.family)
        net: nn.Module = kind.Net(kind.Config(**self.card.config))
        path = resolve(self.card)
        try:
            state = {name: tensor.float() for name, tensor in load_file(path).items()}
            net.load_state_dict(state, strict=True)
        except (SafetensorError, RuntimeError) as error:
            raise WeightsMissing(
                f"The weights of {self.card.title} do not fit its card.", str(error).splitlines()[0]
            ) from error
        return net


def unload() -> None:
    """Give back the memory of all loaded networks."""
    _load.cache_clear()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


@contextmanager
def interruptible(net: nn.Module) -> Iterator[None]:
    """Let a cancelled job leave a forward pass at its next layer by raising `Cancelled`."""
    hooks = [
        module.register_forward_pre_hook(lambda *_: check_cancelled())
        for module in net.modules()
        if isinstance(module, nn.Linear)
    ]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


class Clock:
    """How fast work goes: units done so far, from the first `add` on."""

    def __init__(self, total: float) -> None:
        self.total = total
        self.done = 0.0
        self.began = time.monotonic()

    def add(self, amount: float) -> None:
        """Count work that is finished."""
        self.done += amount

    @property
    def rate(self) -> float:
        """Units a second."""
        return self.done / max(time.monotonic() - self.began, 1e-6)

    @property
    def left(self) -> float:
        """Seconds that remain at this rate; NaN before anything is done."""
        return (self.total - self.done) / self.rate if self.done else float("nan")
