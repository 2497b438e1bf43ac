"""Choose the device, load a card's network, keep the last ones ready."""

from __future__ import annotations

import gc
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import nn

from engine.cards import ModelCard
from engine.errors import DeviceUnavailable, WeightsMissing
from engine.jobs import check_cancelled
from engine.models import family, half
from engine.models.int8 import Int8Linear, quantise
from engine.models.outline import outline
from engine.models.replay import replay
from engine.weights import resolve

gc.freeze()  # what torch brings stays; to go through it again holds every thread up for 0.1 s


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


MISFITS = (SafetensorError, RuntimeError, TypeError, ValueError, LookupError, ArithmeticError)
KEPT_BYTES = 512e6  # what networks that wait may hold, so a large one is never beside another


class Nets:
    """Networks that stay loaded: the last one used, and older ones while all fit into a budget."""

    def __init__(self) -> None:
        self._nets: dict[tuple[str, ...], nn.Module] = {}  # the last used one is the last
        self._lock = threading.Lock()

    def get(self, key: tuple[str, ...], size: int, build: Callable[[], nn.Module]) -> nn.Module:
        """Return the network of that key, built (of about `size` bytes) unless it is here."""
        with self._lock:
            net = self._nets.pop(key, None)
            if net is None:
                self._make_room(size)  # before, so that two large ones never meet
                net = build()
                self._make_room(weigh(net))
            self._nets[key] = net
            return net

    def ids(self) -> frozenset[str]:
        """The ids of the cards whose networks are here."""
        with self._lock:
            return frozenset(key[0] for key in self._nets)

    def clear(self, id: str = "") -> None:
        """Let go of those of one card, or of all."""
        with self._lock:
            for key in [key for key in self._nets if key[0] == id]:
                del self._nets[key]
            self._make_room(0.0 if id else float("inf"))

    def _make_room(self, size: float) -> None:
        kept = sum(map(weigh, self._nets.values()))
        while self._nets and kept + size > KEPT_BYTES:
            kept -= weigh(self._nets.pop(next(iter(self._nets))))
        if torch.cuda.is_available():
            torch.cuda.empty_cache()


_nets = Nets()


def weigh(net: nn.Module) -> int:
    """Bytes of a network's weights and buffers."""
    packed = sum(layer.nbytes for layer in net.modules() if isinstance(layer, Int8Linear))
    return packed + sum(t.nbytes for ts in (net.parameters(), net.buffers()) for t in ts)


def load(card: ModelCard, device: str) -> nn.Module:
    """Return a card's network, ready on "cpu" or "cuda"; it stays loaded for the next time.

    Raises `WeightsMissing` when the file is absent, damaged or does not fit the card.
    """
    return _nets.get(
        (card.id, card.weights.sha256, device, card.precision),
        card.weights.bytes,
        lambda: _ready(card, device),
    )


def _ready(card: ModelCard, device: str) -> nn.Module:
    net = build(card, resolve(card))
    if card.precision == "reduced":
        if half.gain(device) >= half.WORTH:
            half.halve(net, device)
        elif device == "cpu":
            quantise(net)
    net.to(device)
    if device != "cpu":
        replay(net)
    return net


def build(card: ModelCard, path: Path) -> nn.Module:
    """Make a card's network with the weights of a file, on the processor, for use only.

    Raises `WeightsMissing` when they do not fit together.
    """
    kind = family(card.family)
    try:
        net = outline(kind.Net, kind.Config(**card.config))
        state = {name: t.to(torch.float32, copy=True) for name, t in load_file(path).items()}
        net.load_state_dict(state, strict=True, assign=True)
    except MISFITS as error:
        raise WeightsMissing(
            f"The weights of {card.title} do not fit its card.", str(error).splitlines()[0]
        ) from error
    return net.eval().requires_grad_(False)


def unload(id: str = "") -> None:
    """Give back the memory of one card's loaded networks, or of all."""
    _nets.clear(id)


def loaded() -> frozenset[str]:
    """The ids of the cards whose networks are in memory."""
    return _nets.ids()


@contextmanager
def interruptible(net: nn.Module) -> Iterator[None]:
    """Let a cancelled job leave a forward pass at its next layer by raising `Cancelled`."""
    hooks = [
        module.register_forward_pre_hook(lambda *_: check_cancelled())
        for module in net.modules()
        if isinstance(module, nn.Linear | Int8Linear)
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
