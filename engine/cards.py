"""Model cards: one TOML file per checkpoint, read strictly, no network and no torch needed."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from engine.errors import EngineError

FOLDER = Path(__file__).parent.parent / "resources" / "models"
MOST_SHIFTS = 16


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
    `overlap` are in seconds. `figures` are measured, each by the command in `measure`. A card with
    `members` has no weights of its own: it is the mean of other cards', weighted. With `shifts`
    each window is heard so many times, each time elsewhere and at another pitch, and the mean is
    taken. With `precision` "reduced" products are in 16-bit floats or, on a processor without
    units for those, in 8-bit integers, where a measured product says that this is faster;
    `quick_shifts` counts instead of `shifts` (unless 0) on a graphics card in such floats. With
    `in_tune` a song is heard as if its A4 were 440 Hz, as in most of what the network learnt from.
    """

    id: str
    title: str
    task: str  # "separate" | "transcribe" | "sing" | "vocode" | "speak"
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
    shifts: int = 1
    members: Mapping[str, float] = field(default_factory=dict)  # id: weight
    precision: str = "full"  # | "reduced"
    in_tune: bool = False
    quick_shifts: int = 0

    def hearings(self, quick: bool) -> int:
        """How often each window is heard; `quick`: on a graphics card in 16-bit floats."""
        return self.quick_shifts if quick and self.quick_shifts else self.shifts


_KINDS: dict[str, Any] = {
    "str": str,
    "int": int,
    "bool": bool,
    "float": (int, float),
    "tuple[str, ...]": tuple,
    "WeightFile": WeightFile,
}


def read_card(path: Path) -> ModelCard:
    """Read one card; raises `EngineError` naming the file when it is not a card."""
    try:
        found = path.stat()
    except OSError:
        return _read(path, 0, 0)  # says why
    return _read(path, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=64)
def _read(path: Path, _changed: int, _bytes: int) -> ModelCard:
    """Read one card as it was when last changed: the window asks for cards all the time."""
    try:
        stored = tomllib.loads(path.read_text("utf-8"))
        of_others = {"name": "", "sha256": "", "bytes": 0} if stored.get("members") else {}
        stored["weights"] = WeightFile(**stored.get("weights", of_others))
        stored["outputs"] = tuple(stored["outputs"])
        card = ModelCard(**stored)
        if fault := _fault(card):
            raise ValueError(fault)
        return card
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise EngineError(
            f"{path.name} is not a model card: {error}.", "Remove the file or restore Melic's own."
        ) from error


def _fault(card: ModelCard) -> str:
    """What is wrong with the values of a card, "" if nothing is."""
    for part in (card, card.weights):
        for each in fields(part):
            value = getattr(part, each.name)
            if not isinstance(value, _KINDS.get(str(each.type), Mapping)):
                return f"{each.name} cannot be {value!r}"
    name = card.weights.name
    if (name in ("", ".", "..") and not card.members) or set(name) & set("/\\:\0"):
        return f"{name!r} is not the plain name of a file"
    if not card.outputs or not all(isinstance(each, str) and each for each in card.outputs):
        return "outputs are not names of stems"
    if len(set(card.outputs)) < len(card.outputs):
        return "two outputs have one name"
    if not (card.rate >= 1_000 and card.channels in (1, 2)):
        return f"{card.channels} channels of {card.rate} Hz are not possible"
    for shifts, fewest in ((card.shifts, 1), (card.quick_shifts, 0)):
        if not fewest <= shifts <= MOST_SHIFTS:
            return f"windows cannot be heard {shifts} times"
    if not all(isinstance(w, int | float) and 0 < w < 1e6 for w in card.members.values()):
        return "the weights of its members are no numbers above 0"
    if not 0 <= 2 * card.overlap <= card.window <= 600:
        return f"windows of {card.window} s cannot overlap by {card.overlap} s"
    return ""


def write_card(card: ModelCard, folder: Path) -> Path:
    """Write a card as `folder/ID.toml`, whole or not at all; raises `OSError`."""
    sections: dict[str, list[str]] = {"": []}
    for each in fields(card):
        value = getattr(card, each.name)
        if value == each.default or (each.default_factory is not MISSING and not value):
            continue
        if isinstance(value, WeightFile):
            value = {part.name: getattr(value, part.name) for part in fields(value)}
        if isinstance(value, Mapping):
            sections[f"\n[{each.name}]"] = [f"{_key(k)} = {_toml(v)}" for k, v in value.items()]
        else:
            sections[""].append(f"{each.name} = {_toml(value)}")
    lines = [line for title, rows in sections.items() for line in (title, *rows) if line]
    path = folder / f"{card.id}.toml"
    part = path.with_suffix(".part")
    try:
        part.write_text("\n".join(lines) + "\n", "utf-8")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def _key(name: str) -> str:
    """A name as TOML has it: bare where it can be, as people write it."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _toml(name)


def _toml(value: Any) -> str:
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, str | bool):  # both are written as in JSON, except the character DEL
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return repr(value)


def own_folder() -> Path:
    """Where the cards of networks are that the user added."""
    return user_data_path("Melic") / "models"


def own_cards() -> tuple[list[ModelCard], dict[Path, EngineError]]:
    """The user's cards, and for each file that is no usable card the reason."""
    taken = {path.stem for path in FOLDER.glob("*.toml")}
    usable: list[ModelCard] = []
    broken: dict[Path, EngineError] = {}
    for path in sorted(own_folder().glob("*.toml"), key=lambda each: each.stem):
        try:
            card = read_card(path)
            if card.id != path.stem:
                raise EngineError(f"{path.name} is the card of {card.id!r}.", "Rename the file.")
            if card.id in taken:
                raise EngineError(f"Melic has a model {card.id!r} of its own.", f"Rename {path}.")
            usable.append(card)
        except EngineError as error:
            broken[path] = error
    return usable, broken


def cards(task: str | None = None) -> list[ModelCard]:
    """All cards, or those for one task: Melic's own, of which a task's first is its default, then
    the user's that can be used.
    """
    bundled = [read_card(path) for path in sorted(FOLDER.glob("*.toml"))]
    # What hears a voice comes before what hears any instrument.
    bundled.sort(key=lambda card: (card.task, card.family == "basic_pitch"))
    return [card for card in (*bundled, *own_cards()[0]) if task in (None, card.task)]


_UNUSED = {
    "vocode": "Kept, but no verb and no window uses it yet: singing and speaking have their own.",
    "speak": "Kept, but no verb and no window uses it yet: it makes mel spectrograms, not sound.",
}


def unused(card: ModelCard) -> str:
    """Why Melic does nothing with a model but keep it, "" for those it works with."""
    return _UNUSED.get(card.task, "")


def card(id: str) -> ModelCard:
    """The card with this id; raises `EngineError` that lists the known ones."""
    known = cards()
    for each in known:
        if each.id == id:
            return each
    names = ", ".join(each.id for each in known)
    raise EngineError(f"There is no model called {id!r}.", f"Known models: {names}.")
