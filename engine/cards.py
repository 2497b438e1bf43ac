"""Model cards: one TOML file per checkpoint, read strictly, no network and no torch needed."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import EngineError

FOLDER = Path(__file__).parent.parent / "resources" / "models"


@dataclass(frozen=True, slots=True)
class WeightFile:
    """The file a card's network is stored in, and how to know that it is the right one."""

    name: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class ModelCard:
    """A checkpoint and everything a person should know of it.

    `config` becomes the family's `Config(**config)`, so an unknown key is an error. `window` and
    `overlap` are in seconds. `figures` are measured, each by the command in `measure`.
    """

    id: str
    title: str
    task: str  # "separate"
    family: str  # a file in engine/models
    rate: int
    channels: int
    outputs: tuple[str, ...]
    window: float
    overlap: float
    licence: str
    source: str
    data: str
    measure: str
    weights: WeightFile
    config: Mapping[str, Any]
    figures: Mapping[str, float | str]


def read_card(path: Path) -> ModelCard:
    """Read one card; raises `EngineError` naming the file when it is not a card."""
    try:
        fields = tomllib.loads(path.read_text("utf-8"))
        fields["weights"] = WeightFile(**fields["weights"])
        fields["outputs"] = tuple(fields["outputs"])
        return ModelCard(**fields)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise EngineError(
            f"{path.name} is not a model card: {error}.", "Remove the file or restore Melic's own."
        ) from error


def cards(task: str | None = None, folder: Path = FOLDER) -> list[ModelCard]:
    """All cards, or those for one task; the default one comes first."""
    found = [read_card(path) for path in sorted(folder.glob("*.toml"))]
    return [card for card in found if task in (None, card.task)]


def card(id: str, folder: Path = FOLDER) -> ModelCard:
    """The card with this id; raises `EngineError` that lists the known ones."""
    known = cards(folder=folder)
    for each in known:
        if each.id == id:
            return each
    names = ", ".join(each.id for each in known)
    raise EngineError(f"There is no model called {id!r}.", f"Known models: {names}.")
