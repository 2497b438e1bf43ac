"""Edits of a melody: each takes one and returns one. Places are those in `Melody.notes`.

What an edit touches becomes `own`. One voice stays one: the edited note wins, and what it covers
of others is cut off them. Notes stay at or after 0 s and within `LOWEST` to `HIGHEST`. Their bends
go with them: see `engine.bends`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

import numpy as np

from engine import bends
from engine.melody import CURVE_RATE, CURVES, HELD, HIGHEST, LOWEST, Drawn, Melody, Note
from engine.notes import contour
from engine.quantise import in_key, on_grid, one_voice

SHORTEST = 0.03  # seconds; what is left of a note must not be shorter
TOUCH = 1e-6  # seconds; notes that overlap by less touch, and rounding is to blame
HOLDS = frozenset({HELD, "+", "~"})  # what people type alone for a syllable that goes on


def added(melody: Melody, note: Note) -> Melody:
    """A note more."""
    under = ((max(n.start, note.start), min(n.stop, note.stop)) for n in melody.notes)
    covered = [(start, stop) for start, stop in under if start < stop]
    return _placed(bends.without(melody, covered), {}, [note])


def without(melody: Melody, indices: Iterable[int]) -> Melody:
    """Some notes less."""
    gone = set(indices)
    spans = [(melody.notes[k].start, melody.notes[k].stop) for k in gone]
    return _left(bends.without(melody, spans), gone)


def _left(melody: Melody, gone: Collection[int]) -> Melody:
    left = tuple(note for k, note in enumerate(melody.notes) if k not in gone)
    return replace(_settled(melody, left), notes=left)


def moved(melody: Melody, indices: Iterable[int], seconds: float, semitones: float) -> Melody:
    """Notes elsewhere; together they go no further than the first of them can."""
    chosen = _chosen(melody, indices)
    notes = chosen.values()
    if not notes:
        return melody
    seconds = max(seconds, -min(note.start for note in notes))
    up = HIGHEST - max(note.pitch for note in notes)
    semitones = max(min(semitones, up), LOWEST - min(note.pitch for note in notes))
    changed = {
        k: replace(note, start=note.start + seconds, pitch=note.pitch + semitones)
        for k, note in chosen.items()
    }
    return _placed(melody, changed) if seconds else _changed(melody, changed)


def transposed(melody: Melody, indices: Iterable[int], semitones: float) -> Melody:
    """Notes higher or lower."""
    return moved(melody, indices, 0.0, semitones)


def resized(melody: Melody, index: int, start: float, stop: float) -> Melody:
    """A note from `start` to `stop` (seconds), `SHORTEST` at least."""
    note = melody.notes[index]
    start = max(start, 0.0)
    if stop - start < SHORTEST:
        if start != note.start and stop >= SHORTEST:
            start = stop - SHORTEST  # its beginning was moved, so its end stays
        else:
            stop = start + SHORTEST
    return _placed(melody, {index: replace(note, start=start, length=stop - start)})


def split(melody: Melody, index: int, at: float) -> Melody:
    """A note as two that meet at a time (seconds); unchanged where one would be too short.

    The first keeps the syllable, the second holds it.
    """
    note = melody.notes[index]
    if not note.start + SHORTEST <= at + 1e-9 or not at - 1e-9 <= note.stop - SHORTEST:
        return melody
    one = replace(note, length=at - note.start, own=True)
    other = replace(one, start=at, length=note.stop - at, lyric=HELD if note.lyric else "")
    others = (n for k, n in enumerate(melody.notes) if k != index)
    return melody.with_notes((*others, one, other))


def merged(melody: Melody, indices: Iterable[int]) -> Melody:
    """Several notes as one, from the first start to the last stop, at the longest one's pitch.

    In one voice the notes between them are taken in, too.
    """
    chosen = _chosen(melody, indices)
    if len(chosen) > 1 and one_voice(melody):
        chosen = _chosen(melody, range(min(chosen), max(chosen) + 1))
    if len(chosen) < 2:
        return melody
    notes = list(chosen.values())
    lengths = np.maximum([note.length for note in notes], 1e-9)
    start = notes[0].start
    whole = replace(
        notes[int(lengths.argmax())],
        start=start,
        length=max(note.stop for note in notes) - start,
        velocity=float(np.average([note.velocity for note in notes], weights=lengths)),
        confidence=float(np.average([note.confidence for note in notes], weights=lengths)),
        lyric=_joined([note.lyric for note in notes]),
    )
    return _placed(_left(melody, chosen), {}, [whole])


def snapped(melody: Melody, indices: Iterable[int]) -> Melody:
    """Notes at the median of the pitch curve inside them; those without any stay as they are."""
    if melody.curves is not None and melody.curves.channels != CURVES:
        return melody
    changed: dict[int, Note] = {}
    for k, note in _chosen(melody, indices).items():
        _, pitches, voiced = contour(melody, note.start, note.stop)
        sung = pitches[(voiced >= melody.settings.voiced) & (pitches > 0)]
        if len(sung):
            pitch = float(np.clip(np.median(sung), LOWEST, HIGHEST))
            changed[k] = replace(note, pitch=pitch)
    return _changed(melody, changed)


def to_key(melody: Melody, indices: Iterable[int]) -> Melody:
    """Notes at the tones of the key that are nearest, or at whole semitones."""
    chosen = _chosen(melody, indices)
    pitches = in_key([note.pitch for note in chosen.values()], melody.key).tolist()
    return _changed(
        melody,
        {k: replace(n, pitch=p) for (k, n), p in zip(chosen.items(), pitches, strict=True)},
    )


def to_grid(melody: Melody, indices: Iterable[int]) -> Melody:
    """Notes on the nearest places of the beat grid."""
    chosen = _chosen(melody, indices)
    placed = on_grid(list(chosen.values()), melody.beat, one_voice(melody))
    return _placed(melody, dict(zip(chosen, placed, strict=True)))


def with_velocity(melody: Melody, indices: Iterable[int], velocity: float) -> Melody:
    """Notes sung at another strength, 0 … 1."""
    velocity = min(max(velocity, 0.0), 1.0)
    chosen = _chosen(melody, indices).items()
    return _changed(melody, {k: replace(note, velocity=velocity) for k, note in chosen})


def with_lyric(melody: Melody, index: int, text: str) -> Melody:
    """A note with another syllable; "" for none."""
    note = replace(melody.notes[index], lyric=" ".join(text.split()))
    return _changed(melody, {index: note})


def with_lyrics(melody: Melody, index: int, text: str) -> Melody:
    """A line laid over the notes from `index` on, a syllable each, as far as there are notes.

    Spaces part words, "-" inside a word parts syllables, and "-" alone holds the one before.
    """
    notes = zip(range(index, len(melody.notes)), syllables(text), strict=False)
    return _changed(melody, {k: replace(melody.notes[k], lyric=word) for k, word in notes})


def syllables(text: str) -> list[str]:
    """Return the syllables of a line as lyrics of notes: "hel-lo - you" → hel-, lo, -, you."""
    found: list[str] = []
    for word in text.split():
        parts = [part for part in re.split(f"{HELD}+", word) if part]
        if word in HOLDS or not parts:
            found.append(HELD)
            continue
        found += [f"{part}{HELD}" for part in parts[:-1]]
        found.append(parts[-1] + (HELD if word.endswith(HELD) else ""))
    return found


def with_drawn(melody: Melody, drawn: Drawn) -> Melody:
    """The pitch curve with a stroke laid over it; what it hides of older ones is forgotten."""
    early = max(-round(drawn.start * CURVE_RATE), 0)  # frames before 0 s
    pitches = tuple(
        min(max(pitch, LOWEST), HIGHEST) if pitch > 0 else 0.0 for pitch in drawn.pitches[early:]
    )
    if not pitches:
        return melody
    start = round(drawn.start * CURVE_RATE) + early
    stroke = Drawn(start / CURVE_RATE, pitches)
    seen = [old for old in melody.drawn if not _hidden(old, start, start + len(pitches))]
    return replace(melody, drawn=(*seen, stroke))


def _hidden(old: Drawn, start: int, stop: int) -> bool:
    first = round(old.start * CURVE_RATE)
    return start <= first and first + len(old.pitches) <= stop


def _chosen(melody: Melody, indices: Iterable[int]) -> dict[int, Note]:
    """The notes at these places, in order."""
    return {k: melody.notes[k] for k in sorted(set(indices))}


def _joined(lyrics: Sequence[str]) -> str:
    """One lyric for several: syllables of a word grow together, words stay apart."""
    words = [word for word in lyrics if word and word != HELD]
    if not words:
        return HELD if HELD in lyrics else ""
    line = words[0]
    for word in words[1:]:
        line = line[: -len(HELD)] + word if line.endswith(HELD) else f"{line} {word}"
    return line


def _changed(melody: Melody, changed: dict[int, Note]) -> Melody:
    """The melody with notes changed, but not their times."""
    edited = {k: _bounded(note) for k, note in changed.items()}
    after = melody.with_notes(edited.get(k, note) for k, note in enumerate(melody.notes))
    return bends.along(melody, after, edited)


def _placed(melody: Melody, changed: dict[int, Note], more: Iterable[Note] = ()) -> Melody:
    """The melody with notes changed and others added; in one voice these win over the rest."""
    moved = {k: _bounded(note) for k, note in changed.items()}
    edited = [*moved.values(), *(_bounded(note) for note in more)]
    if not edited:
        return melody
    rest = [note for k, note in enumerate(melody.notes) if k not in changed]
    if one_voice(melody):
        edited = _in_turn(edited)
        rest = _uncovered(rest, edited)
    after = _settled(melody, (*rest, *edited)).with_notes((*rest, *edited))
    return bends.along(melody, after, moved)


def _settled(melody: Melody, notes: Iterable[Note]) -> Melody:
    """The melody that remembers which notes that were read are not among these any more."""
    left = set(notes)
    gone = (note for note in melody.notes if not note.own and note not in left)
    spans = tuple((note.start, note.stop, note.pitch) for note in gone)
    return replace(melody, settled=melody.settled + spans) if spans else melody


def _bounded(note: Note) -> Note:
    return replace(
        note,
        start=max(note.start, 0.0),
        pitch=min(max(note.pitch, LOWEST), HIGHEST),
        own=True,
    )


def _in_turn(notes: Iterable[Note]) -> list[Note]:
    """Notes in order, each ending before the next begins."""
    ordered: list[Note] = []
    for note in sorted(notes, key=lambda n: n.start):
        if ordered and ordered[-1].stop > note.start:
            left = note.start - ordered[-1].start
            if left < SHORTEST:
                ordered.pop()
            else:
                ordered[-1] = replace(ordered[-1], length=left)
        ordered.append(note)
    return ordered


def _uncovered(notes: Sequence[Note], covers: Collection[Note]) -> list[Note]:
    """Notes without what others, in order and apart, lie over: the longest piece of each."""
    begins = np.array([cover.start for cover in covers])
    ends = np.array([cover.stop for cover in covers])
    firsts = np.searchsorted(ends, [note.start + TOUCH for note in notes], "right").tolist()
    lasts = np.searchsorted(begins, [note.stop - TOUCH for note in notes], "left").tolist()
    kept: list[Note] = []
    for note, first, last in zip(notes, firsts, lasts, strict=True):
        if first >= last:
            kept.append(note)
            continue
        edges = [note.start, *np.ravel((begins[first:last], ends[first:last]), "F"), note.stop]
        pieces = [(b - a, a) for a, b in zip(edges[::2], edges[1::2], strict=True)]
        length, start = max(pieces, key=lambda piece: piece[0])
        if length >= SHORTEST:
            kept.append(replace(note, start=float(start), length=float(length), own=True))
    return kept
