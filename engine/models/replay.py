"""The many small kernels of a network, launched as one on a graphics card (CUDA graphs).

A processor needs longer to launch the kernels of a band-split network one by one than a graphics
card to run them. What was launched once for sound of some length can be launched again as a whole.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from weakref import WeakMethod

import torch
from torch import Tensor, nn

from engine.models.layers import BandTokens

KEPT = 3  # lengths of sound that stay recorded: a window may be heard at as many pitches


class Replayed:
    """A method of a network, `Tensor -> Tensor`, recorded when it meets a shape again.

    Where a gradient is asked for, and where recording fails, the method runs as it is.
    """

    def __init__(self, method: Callable[[Tensor], Tensor]) -> None:
        self._method = WeakMethod(method)  # no circle: a network is let go of at once
        self._lock = threading.Lock()
        self._met: set[torch.Size] = set()
        self._refused: set[torch.Size] = set()  # what cannot be recorded is not tried again
        self._recorded: dict[torch.Size, tuple[torch.cuda.CUDAGraph, Tensor, Tensor]] = {}

    def __call__(self, x: Tensor) -> Tensor:
        method = self._method()
        assert method is not None
        if torch.is_grad_enabled() or not x.is_cuda:
            return method(x)
        with self._lock:
            if x.shape in self._recorded:
                graph, given, made = self._recorded[x.shape]
                given.copy_(x)
                graph.replay()
                return made.clone()
            if x.shape in self._met and x.shape not in self._refused:
                self._record(method, x)
            self._met.add(x.shape)
        return method(x)

    def _record(self, method: Callable[[Tensor], Tensor], x: Tensor) -> None:
        graph, given = torch.cuda.CUDAGraph(), x.clone()
        try:
            with torch.cuda.graph(graph, capture_error_mode="thread_local"):
                made = method(given)
        except RuntimeError:  # no memory for it, or a kernel that cannot be recorded
            self._refused.add(x.shape)
            return
        while len(self._recorded) >= KEPT:
            del self._recorded[next(iter(self._recorded))]
        self._recorded[x.shape] = graph, given, made


def replay(net: nn.Module) -> None:
    """Record what a band-split network does between the transforms, in place; others stay."""
    if isinstance(net, BandTokens):
        for name in ("backbone", "masks"):
            setattr(net, name, Replayed(getattr(net, name)))
