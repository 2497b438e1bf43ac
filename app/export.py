"""What an export will write: names first, shown to a person, then the work."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine import tasks
from engine.events import Event, Progress, Work
from engine.types import Track

if TYPE_CHECKING:
    from engine.audio import Encoding
    from engine.loudness import Loudness

MIX = 0  # stands for the mixdown where tracks are told apart by their ids
KEEP, COMMON = "keep", "common"  # what becomes of the level, or a number of LUFS


@dataclass(frozen=True, slots=True)
class Export:
    """A wish: these tracks one by one, the mixdown of what is heard, or both.

    `folder` None means beside each song. `template` knows `{source}` and `{stem}`. `level` is
    "keep", "common" (one gain for all files, to -1 dBTP, if one of them would clip) or a target in
    LUFS for each file, such as "-14". `tags` changes single tags, by track id and `MIX`.
    """

    tracks: tuple[Track, ...]
    mixdown: tuple[Track, ...]
    encoding: Encoding
    folder: Path | None
    template: str
    level: str = KEEP
    tags: Mapping[int, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Item:
    """One file to be written; `renamed` when the plain name was taken. No track: the mixdown."""

    path: Path
    renamed: bool
    track: Track | None = None

    @property
    def id(self) -> int:
        """The track's id, or `MIX`."""
        return self.track.id if self.track is not None else MIX


def sound_of(wish: Export, item: Item) -> object:
    """What a file's loudness depends on: equal as long as that does not change."""
    if item.track is not None:
        return item.track.clip, item.track.silences
    parts = ((t.clip, t.silences, t.gain_db, t.pan, t.muted, t.solo) for t in wish.mixdown)
    return tuple(parts)


def plan(wish: Export) -> list[Item]:
    """Name every file so that nothing is overwritten."""
    from engine import audio  # brings the codecs, which the window does not wait for

    taken: set[Path] = set()
    items: list[Item] = []
    for track in (*wish.tracks, *((None,) if wish.mixdown else ())):
        of = track if track is not None else wish.mixdown[0]
        source = of.clip.origin.path or Path.home() / of.name
        stem = "Mix" if track is None or track.role in ("mix", "recording") else track.name
        name = audio.stem_name(wish.template, source.stem, stem, wish.encoding.format)
        wanted = (wish.folder or source.parent) / name
        path, number = audio.free_name(wanted), 2
        while path in taken:
            path, number = wanted.with_stem(f"{wanted.stem} ({number})"), number + 1
            path = audio.free_name(path)
        taken.add(path)
        items.append(Item(path, path != wanted, track))
    return items


def measure(wish: Export, item: Item) -> Work:
    """Measure one file before it is written; returns its `Loudness`."""
    from engine import loudness

    if item.track is not None:
        return (yield from loudness.measure_clip(item.track.clip, item.track.silences))
    return (yield from loudness.measure_mix(wish.mixdown, _rate(wish)))


def tags_of(wish: Export, items: Sequence[Item]) -> Work:
    """Look up what each file's tags will be, unchanged; returns a list of `Tags`."""
    from engine import encode

    found = []
    for item in items:
        yield Progress(float("nan"))
        if item.track is None:
            found.append(encode.mix_tags(wish.mixdown))
        else:
            found.append(encode.clip_tags(item.track.clip.origin, _stem(item.track)))
    return found


def gains(level: str, found: Sequence[Loudness]) -> list[float]:
    """The gain in dB of each file."""
    from engine import loudness

    if level == KEEP:
        return [0.0] * len(found)
    if level == COMMON:
        return [loudness.gain_below(found)] * len(found)
    return [loudness.gain_to(float(level), each) for each in found]


def write(
    wish: Export, items: Sequence[Item], known: Mapping[object, Loudness] | None = None
) -> Work:
    """Write the files one after the other; returns their paths.

    `known` holds what was measured already, by `sound_of`. The last `Progress` says what had to
    be changed on the way: samples cut, another rate, the level.
    """
    paths: list[Path] = []
    remarks: list[str] = []
    found: list[Loudness] = []
    for item in items if wish.level != KEEP else ():
        here = (known or {}).get(sound_of(wish, item))
        if here is None:
            here = yield from measure(wish, item)
        found.append(here)
    levels = gains(wish.level, found) if found else [0.0] * len(items)
    for number, (item, gain_db) in enumerate(zip(items, levels, strict=True)):
        item.path.parent.mkdir(parents=True, exist_ok=True)
        tags = wish.tags.get(item.id)
        if item.track is None:
            work = tasks.export_mix(
                wish.mixdown, _rate(wish), item.path, wish.encoding, gain_db=gain_db, tags=tags
            )
        else:
            work = tasks.export_clip(
                item.track.clip,
                item.path,
                wish.encoding,
                tags=tags,
                stem=_stem(item.track),
                gain_db=gain_db,
                silences=item.track.silences,
            )
        paths.append((yield from _part(work, item.path.name, number, len(items), remarks)))
        if abs(gain_db) >= 0.05:
            remarks.append(f"{item.path.name}: level changed by {gain_db:+.1f} dB.")
    yield Progress(1.0, " ".join(remarks))
    return paths


def _stem(track: Track) -> str:
    return "" if track.role in ("mix", "recording") else track.name


def _rate(wish: Export) -> int:
    return max(track.clip.rate for track in wish.mixdown)


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
