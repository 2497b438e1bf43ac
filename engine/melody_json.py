"""A melody as JSON and back; what was written by others is checked value by value.

Notes and drawn pitch are lists of numbers, so that a long song stays a small text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from engine.melody import HIGHEST, LOWEST, Beat, Drawn, Melody, Note, NoteSettings

if TYPE_CHECKING:
    from engine.document import Reading
    from engine.types import AudioClip

MOST_NOTES = 100_000
MOST_PITCHES = 1_000_000
FARTHEST = 1e7  # seconds
SOUNDS = ("tone", "piano")


def written(melody: Melody, curves: int | None) -> dict[str, object]:
    """Return what `json` can write; `curves` is the number of the clip the curves lie in."""
    beat, settings = melody.beat, melody.settings
    return {
        "notes": [_note(note) for note in melody.notes],
        "curves": curves,
        "drawn": [[stroke.start, *stroke.pitches] for stroke in melody.drawn],
        "settled": melody.settled,
        "settings": {field.name: getattr(settings, field.name) for field in fields(settings)},
        "beat": {field.name: getattr(beat, field.name) for field in fields(beat)},
        "key": melody.key,
        "quantised": melody.quantised,
        "blend": melody.blend,
        "sound": melody.sound,
    }


def _note(note: Note) -> list[object]:
    """Seven values, and an eighth only where there are phones by hand: older Melics know seven."""
    values = [note.start, note.length, note.pitch, note.velocity]
    return [*values, note.lyric, note.confidence, note.own, *([note.phones] if note.phones else [])]


def read(value: object, clips: Mapping[int, AudioClip], reading: Reading) -> Melody | None:
    """Return the melody of a lane, None if it has none; what makes no sense is left out."""
    if value is None:
        return None
    if not isinstance(value, dict):
        reading.wrong += 1
        return None
    first = Melody()
    number = value.get("curves")
    curves = clips.get(number) if type(number) is int else None
    sound = value.get("sound", first.sound)
    melody = Melody(
        curves=curves,
        drawn=_drawn(value.get("drawn", []), reading),
        settled=_settled(value.get("settled", []), reading),
        settings=_settings(value.get("settings", {}), reading),
        beat=_beat(value.get("beat", {}), reading),
        key=_lyric(value.get("key", ""), reading),
        quantised=reading.flag(value.get("quantised", False)),
        blend=reading.number(value.get("blend", 0.0), 0.0, 0.0, 1.0),
        sound=sound if sound in SOUNDS else first.sound,
    )
    return melody.with_notes(_notes(value.get("notes", []), reading))


def _notes(value: object, reading: Reading) -> list[Note]:
    notes = []
    for entry in _listed(value, MOST_NOTES, reading):
        if not isinstance(entry, list) or len(entry) not in (7, 8):
            reading.wrong += 1
            continue
        start = reading.number(entry[0], -1.0, 0.0, FARTHEST)
        length = reading.number(entry[1], -1.0, 1e-3, FARTHEST)
        pitch = reading.number(entry[2], -1.0, LOWEST, HIGHEST)
        if min(start, length, pitch) < 0:
            continue
        velocity, confidence = (reading.number(v, 1.0, 0.0, 1.0) for v in (entry[3], entry[5]))
        lyric, own = _lyric(entry[4], reading), reading.flag(entry[6])
        phones = _lyric(entry[7], reading) if len(entry) == 8 else ""
        notes.append(Note(start, length, pitch, velocity, lyric, confidence, own, phones))
    return notes


def _drawn(value: object, reading: Reading) -> tuple[Drawn, ...]:
    strokes = []
    for entry in _listed(value, MOST_NOTES, reading):
        if not isinstance(entry, list) or not 2 <= len(entry) <= MOST_PITCHES:
            reading.wrong += 1
            continue
        start = reading.number(entry[0], -1.0, 0.0, FARTHEST)
        if start >= 0:
            pitches = tuple(reading.number(v, 0.0, LOWEST, HIGHEST) for v in entry[1:])
            strokes.append(Drawn(start, pitches))
    return tuple(strokes)


def _settled(value: object, reading: Reading) -> tuple[tuple[float, float, float], ...]:
    spans = []
    for entry in _listed(value, MOST_NOTES, reading):
        if not isinstance(entry, list) or len(entry) != 3:
            reading.wrong += 1
            continue
        start, stop = (reading.number(edge, -1.0, 0.0, FARTHEST) for edge in entry[:2])
        if 0 <= start < stop:
            spans.append((start, stop, reading.number(entry[2], LOWEST, LOWEST, HIGHEST)))
    return tuple(spans)


def _settings(value: object, reading: Reading) -> NoteSettings:
    first, given = NoteSettings(), _object(value, reading)
    limits = {"voiced": 1.0, "onset": 1.0, "shortest": 2.0, "smoothing": 1.0, "merge": 12.0}
    read = {
        name: reading.number(given.get(name, getattr(first, name)), getattr(first, name), 0.0, most)
        for name, most in limits.items()
    }
    return replace(first, **read)


def _beat(value: object, reading: Reading) -> Beat:
    first, given = Beat(), _object(value, reading)
    return Beat(
        reading.number(given.get("tempo", first.tempo), first.tempo, 1.0, 1000.0),
        reading.number(given.get("first", first.first), first.first, -FARTHEST, FARTHEST),
        reading.whole(given.get("per_bar", first.per_bar), first.per_bar, 1, 32),
        reading.whole(given.get("grid", first.grid), first.grid, 1, 32),
    )


def _listed(value: object, most: int, reading: Reading) -> list[Any]:
    if isinstance(value, list) and len(value) <= most:
        return value
    reading.wrong += 1
    return []


def _object(value: object, reading: Reading) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    reading.wrong += 1
    return {}


def _lyric(value: object, reading: Reading) -> str:
    return "" if value == "" else reading.text(value, "")
