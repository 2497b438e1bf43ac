"""Where weight files are, and proof that they are the right ones."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from platformdirs import user_data_path

from engine.cards import ModelCard
from engine.errors import WeightsMissing

BUNDLED = Path(__file__).parent.parent / "resources" / "weights"


def folders() -> tuple[Path, ...]:
    """Where weights are looked for, in this order."""
    return (user_data_path("Melic") / "weights", BUNDLED)


def resolve(card: ModelCard, places: Sequence[Path] | None = None) -> Path:
    """Find a card's weight file and check its size and SHA-256.

    Raises `WeightsMissing` when it is nowhere, or is not the file that the card names.
    """
    wanted = card.weights
    for folder in places if places is not None else folders():
        path = folder / wanted.name
        if not path.is_file():
            continue
        if path.stat().st_size != wanted.bytes or digest(path) != wanted.sha256:
            raise WeightsMissing(
                f"The weights of {card.title} are damaged: "
                f"{path.name} is not the file its card names.",
                f"Delete {path} and put the original back.",
            )
        return path
    raise WeightsMissing(
        f"The weights of {card.title} are not on this machine.",
        f"Put {wanted.name} into {folders()[0]}.",
    )


def digest(path: Path) -> str:
    """SHA-256 of a file as a hexadecimal string."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
