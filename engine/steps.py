"""What a chain can do with one song: each kind of step, its settings and its work.

To add a kind, write a `Step` and add its row to `STEPS`: chains, batches and the terminal know it
then. Settings are read strictly; see `engine.chain`.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from engine import cards, tasks
from engine.errors import EngineError, UnwritableTarget
from engine.events import Event, Progress, Work
from engine.types import AudioClip, Origin, Scratch

SONG = "song"  # the sound that every chain begins with
BLOCK_SECONDS = 4.0  # of sound mixed between two chances to cancel
LOUDEST_DB = 24.0
WORDS = frozenset({"source", "song", "stem", "model", "format"})  # that a file name may hold


@dataclass
class Outlook:
    """What a chain will have made before a step, known without running it."""

    sounds: dict[str, str] = field(default_factory=lambda: {SONG: ""})  # name: model behind it
    files: set[str] = field(default_factory=set)


@dataclass
class Piece:
    """One song on its way through a chain: the sounds there are, by name, and the files made.

    Files are written to `folder`; `name` is the song's in their names. `results` keeps what each
    model made, so that the same separation further down costs nothing.
    """

    name: str
    song: AudioClip
    scratch: Scratch
    folder: Path
    device: str = "auto"
    sounds: dict[str, AudioClip] = field(default_factory=dict)
    results: dict[str, Mapping[str, AudioClip]] = field(default_factory=dict)  # by model
    files: list[Path] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    null_db: float | None = None
    device_used: str = ""

    def __post_init__(self) -> None:
        self.sounds[SONG] = self.song


def within(work: Work, start: float, stop: float, note: str = "") -> Generator[Event, None, Any]:
    """Run work as the part `start` to `stop` of a whole; only its progress is passed on."""
    try:
        while True:
            event = next(work)
            if isinstance(event, Progress):
                done = 0.0 if math.isnan(event.done) else event.done
                yield Progress(start + (stop - start) * done, note or event.note, event.rate)
    except StopIteration as end:
        return end.value
    finally:
        work.close()


# -- reading settings: each takes a value of a file and returns it, or says what it must be ------


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("must be text in quotes")
    return value


def _name(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[\w][\w -]{0,39}", value):
        raise ValueError("must be a short name of letters, figures, spaces and hyphens")
    return value


def _names(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or not all(isinstance(each, str) for each in value):
        raise ValueError('must be a list of names such as ["vocals", "instrumental"]')
    if len(set(value)) < len(value):
        raise ValueError("names something twice")
    return tuple(value)


def _one_of(*known: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if not isinstance(value, str) or value not in known:
            raise ValueError(f"must be one of {', '.join(known)}, in quotes")
        return value

    return read


def _kbps(value: Any) -> int:
    if type(value) is not int or not (value == 0 or 32 <= value <= 320):
        raise ValueError("must be a number from 32 to 320, or 0 for the best variable rate")
    return value


def _template(value: Any) -> str:
    text = _text(value)
    for word in re.findall(r"\{(\w*)\}", text):
        if word not in WORDS:
            known = "{source}, {stem}, {model}, {format}"
            raise ValueError(f"knows no {{{word}}}, only {known}")
    if not text.strip() or len(text) > 120:
        raise ValueError("must be a name of at most 120 letters")
    if "/" in text or "\\" in text:
        raise ValueError("is a name, not a folder: it must have no slash")
    return text


def _gains(value: Any) -> tuple[tuple[str, float], ...]:
    if not isinstance(value, dict) or not value:
        raise ValueError("must hold levels in dB such as { vocals = -12, instrumental = 0 }")
    for name, gain in value.items():
        if type(gain) not in (int, float) or math.isnan(gain) or gain > LOUDEST_DB:
            most = f"at most {LOUDEST_DB:g}; -inf is off"
            raise ValueError(f"must give “{name}” a level in dB, {most}")
    return tuple((name, float(gain)) for name, gain in value.items())


def _tags(value: Any) -> tuple[tuple[str, str], ...]:
    from engine.tags import FIELDS

    known = [row[0] for row in FIELDS]
    if not isinstance(value, dict):
        raise ValueError('must hold words such as { album = "Practice" }')
    for name, word in value.items():
        if name not in known:
            raise ValueError(f"knows no “{name}”, only {', '.join(known)}")
        if not isinstance(word, str):
            raise ValueError(f"must give “{name}” text in quotes")
    return tuple(value.items())


def _setting(read: Callable[[Any], Any], default: Any = dataclasses.MISSING) -> Any:
    if default is dataclasses.MISSING:
        return field(metadata={"read": read})
    return field(default=default, metadata={"read": read})


# -- the kinds of steps --------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """One step with its settings. Equal steps give equal results."""

    @property
    def cost(self) -> float:
        """About how long it takes, in units of reading the song."""
        return 1.0

    def foresee(self, outlook: Outlook) -> None:
        """Add what this step will make; raises `ValueError` when it could not work."""
        raise NotImplementedError

    def identity(self) -> dict[str, Any]:
        """Everything the result depends on, apart from the song."""
        return dataclasses.asdict(self)

    def run(self, piece: Piece) -> Work:
        """Do it to one song. Raises `EngineError`."""
        raise NotImplementedError


@dataclass(frozen=True)
class Separate(Step):
    """Take the song apart; from here on its stems are known by their names."""

    model: str = _setting(_text, "")

    @property
    def cost(self) -> float:
        return 30.0

    @property
    def card(self) -> cards.ModelCard:
        """The model's card. Raises `EngineError` when there is none."""
        known = cards.cards("separate")
        if not self.model and not known:
            raise EngineError("There is no model for separation.", "Install Melic again.")
        card = cards.card(self.model) if self.model else known[0]
        if card.task != "separate":
            raise EngineError(f"{card.id} is no model for separation.")
        return card

    def foresee(self, outlook: Outlook) -> None:
        try:
            card = self.card
        except EngineError as error:
            raise ValueError(str(error)) from error
        outlook.sounds.update(dict.fromkeys(card.outputs, card.id))

    def identity(self) -> dict[str, Any]:
        return {"model": self.card.id, "weights": self.card.weights.sha256}

    def run(self, piece: Piece) -> Work:
        card = self.card
        if card.id not in piece.results:
            result = yield from tasks.separate(piece.song, card, piece.scratch, piece.device)
            piece.results[card.id] = result.clips
            piece.device_used = result.device
            null_db = -math.inf if piece.null_db is None else piece.null_db
            piece.null_db = max(null_db, result.null_db)
            if result.device_note:
                piece.remarks.append(result.device_note)
        piece.sounds.update(piece.results[card.id])


@dataclass(frozen=True)
class Mix(Step):
    """Add sounds up at levels of their own, under a new name; what is not named is left out."""

    name: str = _setting(_name)
    gains: tuple[tuple[str, float], ...] = _setting(_gains)

    def foresee(self, outlook: Outlook) -> None:
        _known([name for name, _ in self.gains], outlook)
        if self.name in outlook.sounds:
            raise ValueError(f"there is a “{self.name}” already: give the mix another name")
        if all(gain == -math.inf for _, gain in self.gains):
            raise ValueError("a mix in which everything is off is silence")
        models = {outlook.sounds[name] for name, _ in self.gains} - {""}
        outlook.sounds[self.name] = " ".join(sorted(models))

    def run(self, piece: Piece) -> Work:
        parts = [
            (piece.sounds[name], np.float32(10 ** (gain / 20)))
            for name, gain in self.gains
            if gain > -math.inf
        ]
        song = piece.song
        model = next((clip.origin.model for clip, _ in parts if clip.origin.model), "")
        origin = Origin(song.origin.path, "mix", model, dict(self.gains), song.origin.notes)
        try:
            clip = piece.scratch.clip(song.channels, song.frames, song.rate, origin)
            size = max(round(BLOCK_SECONDS * song.rate), 1)
            for start in range(0, song.frames, size):
                stop = min(start + size, song.frames)
                total = np.zeros((song.channels, stop - start), np.float32)
                for sound, gain in parts:
                    total += sound.read(start, stop) * gain
                clip.write(start, total)
                yield Progress(stop / song.frames, f"Mixing {self.name}")
        except OSError as error:
            raise UnwritableTarget(
                f"The mix could not be kept: {error.strerror or error}.",
                "Free some space on the disk of working files.",
            ) from error
        piece.sounds[self.name] = clip


@dataclass(frozen=True)
class Export(Step):
    """Write sounds to files. `level` "fit" makes all of them quieter by one gain if one is cut."""

    what: tuple[str, ...] = _setting(_names)
    format: str = _setting(_one_of("wav", "flac", "mp3"), "wav")
    subtype: str = _setting(_one_of("float", "24", "16"), "")
    kbps: int = _setting(_kbps, 320)
    template: str = _setting(_template, "{source}_({stem})")
    level: str = _setting(_one_of("as is", "fit"), "as is")
    tags: tuple[tuple[str, str], ...] = _setting(_tags, ())

    @property
    def cost(self) -> float:
        return len(self.what) * (4.0 if self.format == "mp3" else 1.0)

    def foresee(self, outlook: Outlook) -> None:
        _known(self.what, outlook)
        if self.format == "mp3" and self.subtype:
            raise ValueError("mp3 has no subtype: leave it out, and choose kbps instead")
        if self.format != "mp3" and self.kbps != 320:
            raise ValueError(f"{self.format} has no kbps: leave it out")
        if self.format == "flac" and self.subtype == "float":
            raise ValueError("flac cannot hold float: its subtype is 24 or 16")
        for name in self.what:
            file = self.file_name("Song", name, outlook.sounds[name])
            if file.casefold() in outlook.files:
                raise ValueError(
                    f"two files of one song would have the same name, such as “{file}”: "
                    "change the template, for instance with {stem}"
                )
            outlook.files.add(file.casefold())

    def identity(self) -> dict[str, Any]:
        return {**dataclasses.asdict(self), "subtype": self.subtype or "24"}

    def file_name(self, source: str, sound: str, model: str) -> str:
        """What the file of a sound is called."""
        from engine.encode import stem_name

        return stem_name(self.template, source, _stem_word(sound), self.format, model)

    def run(self, piece: Piece) -> Work:
        from engine.encode import Encoding, common_gain

        encoding = Encoding(self.format, self.subtype or "24", self.kbps)
        clips = [piece.sounds[name] for name in self.what]
        gain = common_gain(clips) if self.level == "fit" else 0.0
        if gain:
            piece.remarks.append(f"All {gain:.1f} dB quieter, so that nothing is cut.")
        for number, (sound, clip) in enumerate(zip(self.what, clips, strict=True)):
            name = self.file_name(piece.name, sound, clip.origin.model)
            stem = "" if sound == SONG else _stem_word(sound)
            path, note = piece.folder / name, ""
            export = tasks.export_clip(clip, path, encoding, True, dict(self.tags), stem, gain)
            for event in within(export, number / len(clips), (number + 1) / len(clips)):
                note = event.note if isinstance(event, Progress) else note
                yield event
            piece.files.append(path)
            if note != f"Written: {name}":  # something had to be changed
                piece.remarks.append(f"{name}: {note}")


STEPS: dict[str, type[Step]] = {"separate": Separate, "mix": Mix, "export": Export}


def settings(kind: type[Step]) -> dict[str, Callable[[Any], Any]]:
    """The settings a kind of step takes, and what reads each of them."""
    return {each.name: each.metadata["read"] for each in dataclasses.fields(kind)}


def _known(names: Sequence[str], outlook: Outlook) -> None:
    for name in names:
        if name not in outlook.sounds:
            there = ", ".join(outlook.sounds)
            raise ValueError(f"there is no “{name}” at this point, only {there}")


def _stem_word(sound: str) -> str:
    """A sound's name as it stands in file names and titles; the song itself is called Mix."""
    return "Mix" if sound == SONG else sound[:1].upper() + sound[1:]


def run(steps: Sequence[Step], piece: Piece) -> Work:
    """Take a song through all steps; `Progress` is that of the whole."""
    total = sum(step.cost for step in steps)
    before = 0.0
    for step in steps:
        yield from within(step.run(piece), before / total, (before + step.cost) / total)
        before += step.cost
