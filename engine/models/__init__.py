"""Network families: one file each, chosen by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from engine.errors import EngineError

FAMILIES = {  # of which other people's checkpoints are taken in
    "mel_band_roformer": "Mel-Band RoFormer",
    "bs_roformer": "BS-RoFormer",
    "basic_pitch": "Basic Pitch",
    "istftnet": "HiFi-GAN/iSTFTNet",
    "vocos": "Vocos",
    "fastspeech2": "FastSpeech 2",
}


@dataclass(frozen=True, slots=True)
class Family:
    """A network class, its sizes and how to read them off other people's checkpoints of it.

    `infer(shapes, said)` takes the names and shapes of a checkpoint's tensors and what is said
    elsewhere of sizes that do not show in them, and returns a `Config`.
    """

    Config: type[Any]
    Net: type[Any]
    infer: Callable[..., Any]


def _not_read(shapes: Any, said: Any) -> Any:
    raise ValueError("checkpoints of this family are not read")


def family(name: str) -> Family:
    """Return the family of that name; raises `EngineError` for an unknown one."""
    module: ModuleType
    match name:
        case "mel_band_roformer":
            from engine.models import mel_band_roformer as module
        case "bs_roformer":
            from engine.models import bs_roformer as module
        case "melody_roformer":
            from engine.models import melody_roformer as module
        case "basic_pitch":
            from engine.models import basic_pitch as module
        case "istftnet":
            from engine.models import istftnet as module
        case "vocos":
            from engine.models import vocos as module
        case "fastspeech2":
            from engine.models import fastspeech2 as module
        case "voice":
            from engine.models import voice as module
        case _:
            raise EngineError(
                f"No model family is called {name!r}.", "Melic may be too old for it."
            )
    return Family(module.Config, module.Net, getattr(module, "infer", _not_read))
