"""Make a network whose values come from a file: nothing is drawn by chance, and nothing is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import torch
from torch import nn
from torch.overrides import TorchFunctionMode

HELD = (torch.empty, torch.zeros, torch.ones)  # what layers make their weights with


class _Outline(TorchFunctionMode):
    """Weights get a shape and no memory; what a network computes for itself is real.

    `torch.device("meta")` sends ranges and random draws through Python, which imports torch's
    compiler: 0.7 s and 127,000 objects that each collection of garbage goes through again.
    """

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Iterable[type],
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        if getattr(func, "__module__", "") == nn.init.__name__:
            return None  # no layer asks for what it gets
        if func in HELD:
            return func(*args, **{**(kwargs or {}), "device": "meta"})
        return func(*args, **(kwargs or {}))


def outline(net: type[Any], config: Any) -> Any:
    """Return `net(config)` without weights, for `load_state_dict(…, assign=True)` to fill."""
    with _Outline():
        return net(config)
