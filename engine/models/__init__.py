"""Network families: one file each, chosen by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.errors import EngineError


@dataclass(frozen=True, slots=True)
class Family:
    """A network class, its sizes and how to read other people's checkpoints of it."""

    Config: type[Any]
    Net: type[Any]
    convert: Callable[[dict[str, Any]], dict[str, Any]]


def family(name: str) -> Family:
    """Return the family of that name; raises `EngineError` for an unknown one."""
    match name:
        case "mel_band_roformer":
            from engine.models.mel_band_roformer import Config, Net, convert
        case _:
            raise EngineError(
                f"No model family is called {name!r}.", "Melic may be too old for it."
            )
    return Family(Config, Net, convert)
