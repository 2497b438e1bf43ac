"""Questions about notes and pitch curves, answered without a screen."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import replace

import numpy as np

from app.words import marked, tr
from engine import note_edits
from engine.melody import CURVE_RATE, CURVES, HELD, HIGHEST, LOWEST, Drawn, Melody, Note
from engine.notes import contour

SHORTEST = 0.03  # seconds; a note made by hand is not shorter
NAMES = (
    marked("C"), marked("C sharp"), marked("D"), marked("D sharp"), marked("E"), marked("F"),
    marked("F sharp"), marked("G"), marked("G sharp"), marked("A"), marked("A sharp"), marked("B"),
)  # fmt: skip


def hertz(pitch: float) -> float:
    """Frequency of a MIDI number, fraction and all."""
    return float(440.0 * 2.0 ** ((pitch - 69.0) / 12.0))


def pitch_of(hz: float) -> float:
    """MIDI number of a frequency, with its fraction."""
    return 69.0 + 12.0 * math.log2(max(hz, 1.0) / 440.0)


def describe(note: Note) -> str:
    """A note as it is said aloud."""
    pitch = round(note.pitch)
    parts = [f"{tr(NAMES[pitch % 12])} {pitch // 12 - 1}", f"{note.length:.2f} s"]
    if note.lyric == HELD:
        parts.append(tr("held"))
    elif note.lyric:
        parts.append(tr("syllable {lyric}", lyric=note.lyric))
    parts.append(tr("confidence {percent} %", percent=round(100 * note.confidence)))
    return ", ".join(parts)


def touched(before: Melody, after: Melody, chosen: Collection[int]) -> tuple[int, ...]:
    """Places in `after` of every note that an edit of some notes made or changed."""
    picked = set(chosen)
    others = {note for k, note in enumerate(before.notes) if k not in picked}
    return tuple(k for k, note in enumerate(after.notes) if note not in others)


def same(
    before: Melody,
    after: Melody,
    chosen: Collection[int],
    wanted: Iterable[Note] | None = None,
) -> tuple[int, ...]:
    """Where notes are after an edit; `wanted` says how they should be now, if they moved."""
    if not chosen:
        return ()
    places = touched(before, after, chosen)
    if len(places) == len(chosen):
        return places
    return nearest(after, wanted or [before.notes[k] for k in sorted(chosen)], places)


def nearest(
    melody: Melody, wanted: Iterable[Note], places: Collection[int] | None = None
) -> tuple[int, ...]:
    """Places of the notes that are most like each wanted one, among some or all."""
    notes = melody.notes
    among = range(len(notes)) if places is None else places
    found: set[int] = set()
    for note in wanted:
        unlike = [(_unlike(note, notes[k]), k) for k in among if k not in found]
        if unlike:
            found.add(min(unlike)[1])
    return tuple(sorted(found))


def _unlike(one: Note, other: Note) -> float:
    """How little two notes are the same: seconds apart, and what else tells them apart."""
    away = abs(one.start - other.start) + abs(one.stop - other.stop)
    return away + 0.2 * abs(one.pitch - other.pitch) + 0.3 * (one.lyric != other.lyric)


def sung_pitch(melody: Melody, start: float, stop: float) -> float | None:
    """The median pitch between two times, as a MIDI number; None where nobody sings."""
    if melody.curves is not None and melody.curves.channels != CURVES:
        return None
    _, pitches, voiced = contour(melody, start, stop)
    sung = pitches[(voiced >= melody.settings.voiced) & (pitches > 0)]
    return float(min(max(np.median(sung), LOWEST), HIGHEST)) if len(sung) else None


def cuttable(note: Note, at: float) -> bool:
    """Whether both parts of a note that is split there would be long enough."""
    return note.start + SHORTEST <= at <= note.stop - SHORTEST


def drawn_over(melody: Melody, notes: tuple[int, ...], sung: bool) -> Melody:
    """The melody whose curve runs straight through some notes, or is silent there."""
    for k in notes:
        note = melody.notes[k]
        first = math.ceil(note.start * CURVE_RATE)
        count = max(math.ceil(note.stop * CURVE_RATE) - first, 1)
        drawn = Drawn(first / CURVE_RATE, (note.pitch if sung else 0.0,) * count)
        melody = note_edits.with_drawn(melody, drawn)
    return melody


def undrawn(melody: Melody, spans: Iterable[tuple[float, float]]) -> Melody:
    """The melody without what was drawn by hand inside some spans of seconds."""
    strokes = list(melody.drawn)
    for start, stop in spans:
        kept: list[Drawn] = []
        for stroke in strokes:
            first = min(max(math.ceil((start - stroke.start) * CURVE_RATE), 0), len(stroke.pitches))
            last = min(max(math.ceil((stop - stroke.start) * CURVE_RATE), 0), len(stroke.pitches))
            before, after = stroke.pitches[:first], stroke.pitches[last:]
            if first >= last:
                kept.append(stroke)
                continue
            kept += [Drawn(stroke.start, before)] if before else []
            kept += [Drawn(stroke.start + last / CURVE_RATE, after)] if after else []
        strokes = kept
    return replace(melody, drawn=tuple(strokes))
