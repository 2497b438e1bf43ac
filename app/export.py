"""What an export will write: names first, shown to a person, then the work."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine import tasks
from engine.events import Event, Progress, Work
from engine.types import Track

if TYPE_CHECKING:
    from engine.audio import Encoding


@dataclass(frozen=True, slots=True)
class Export:
    """A wish: these tracks one by one, the mixdown of what is heard, or both.

    `folder` None means beside each song. `template` knows `{source}` and `{stem}`.
    """

    tracks: tuple[Track, ...]
    mixdown: tuple[Track, ...]
    encoding: Encoding
    folder: Path | None
    template: str


@dataclass(frozen=True, slots=True)
class Item:
    """One file to be written; `renamed` when the plain name was taken. No track: the mixdown."""

    path: Path
    renamed: bool
    track: Track | None = None


def plan(wish: Export) -> list[Item]:
    """Name every file so that nothing is overwritten."""
    from engine import audio  # brings the codecs, which the window does not wait for

    taken: set[Path] = set()
    items: list[Item] = []
    for track in (*wish.tracks, *((None,) if wish.mixdown else ())):
        of = track if track is not None else wish.mixdown[0]
        source = of.clip.origin.path or Path.home() / of.name
        stem = "Mix" if track is None or track.role == "mix" else track.name
        name = audio.stem_name(wish.template, source.stem, stem, wish.encoding.format)
        wanted = (wish.folder or source.parent) / name
        path, number = audio.free_name(wanted), 2
        while path in taken:
            path, number = wanted.with_stem(f"{wanted.stem} ({number})"), number + 1
            path = audio.free_name(path)
        taken.add(path)
        items.append(Item(path, path != wanted, track))
    return items


def write(wish: Export, items: Sequence[Item]) -> Work:
    """Write the files one after the other; returns their paths.

    The last `Progress` says what had to be changed on the way: samples cut, another rate.
    """
    paths: list[Path] = []
    remarks: list[str] = []
    for number, item in enumerate(items):
        item.path.parent.mkdir(parents=True, exist_ok=True)
        if item.track is None:
            rate = max(track.clip.rate for track in wish.mixdown)
            work = tasks.export_mix(wish.mixdown, rate, item.path, wish.encoding)
        else:
            stem = "" if item.track.role == "mix" else item.track.name
            work = tasks.export_clip(item.track.clip, item.path, wish.encoding, stem=stem)
        paths.append((yield from _part(work, item.path.name, number, len(items), remarks)))
    yield Progress(1.0, " ".join(remarks))
    return paths


def _part(
    work: Work, name: str, number: int, count: int, remarks: list[str]
) -> Generator[Event, None, Any]:
    """Run one of several works of equal size, its progress as a part of the whole."""
    note = ""
    try:
        while True:
            event = next(work)
            if isinstance(event, Progress):
                note = event.note
                event = Progress((number + event.done) / count, name, event.rate)
            yield event
    except StopIteration as stop:
        if note != f"Written: {name}":
            remarks.append(f"{name}: {note}")
        return stop.value
    finally:
        work.close()
