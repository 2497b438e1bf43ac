"""Try a model on a few seconds of a song: the result lies in its place, all else is silent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from engine import tasks
from engine.errors import UnwritableTarget
from engine.events import Filled, Opened, Progress, Work
from engine.melody import Melody
from engine.types import AudioClip, Origin, Scratch

if TYPE_CHECKING:
    from engine.cards import ModelCard


@dataclass(frozen=True, slots=True)
class Tried:
    """What a model made of `start` to `stop` (seconds): its first stem, or notes on the sound."""

    clip: AudioClip
    start: float
    stop: float
    melody: Melody | None = None


def try_out(
    clip: AudioClip, card: ModelCard, scratch: Scratch, start: float, seconds: float, device: str
) -> Work:
    """Run a card's network on a part of a clip; see `tasks.try_model`."""
    frames = min(round(seconds * clip.rate), clip.frames)
    first = max(min(round(start * clip.rate), clip.frames - frames), 0)
    origin = Origin(clip.origin.path, "try", card.id, {}, clip.origin.notes)
    try:
        part = scratch.clip(clip.channels, frames, clip.rate, origin)
        part.write(0, clip.read(first, first + frames))
        out = scratch.clip(clip.channels, clip.frames, clip.rate, origin)
        yield Opened({"try": out})
        melody = None
        if card.task == "separate":
            wanted = card.outputs[0]
            for event in _events(work := _Kept(tasks.separate(part, card, scratch, device))):
                match event:
                    case Progress():
                        yield event
                    case Opened(clips):
                        made = clips[wanted]
                    case Filled(name, begin, end) if name == wanted:
                        out.write(first + begin, made.read(begin, end))
                        yield Filled("try", first + begin, first + end)
        else:
            out.write(first, part.read(0, frames))
            yield Filled("try", first, first + frames)
            for event in _events(work := _Kept(tasks.transcribe(part, card, scratch, device))):
                if isinstance(event, Progress):
                    yield event
            shift = first / clip.rate
            notes = work.result.melody.notes
            melody = Melody().with_notes(
                [replace(note, start=note.start + shift, own=True) for note in notes]
            )
    except OSError as error:
        raise UnwritableTarget(
            f"There is no room to try {card.title}: {error.strerror or error}.",
            "Free some space on the disk and try again.",
        ) from error
    return Tried(out, first / clip.rate, (first + frames) / clip.rate, melody)


class _Kept:
    """Work with the result it ended with."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.result: Any = None


def _events(kept: _Kept) -> Any:
    kept.result = yield from kept.work
