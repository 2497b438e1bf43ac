"""Notes on the beat grid and in key: the other view of a melody, beside how it was sung."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engine.keys import scale
from engine.melody import CURVES, HIGHEST, LOWEST, Beat, Melody, Note

REACH = 0.8  # semitones that a pitch is moved to a tone of the key; else to the nearest semitone
ROUNDS = 0.45  # semitones beside a tone at which a pitch is still written as that tone
CLOSE = 0.5  # parts of a step of the grid: a shorter gap between two notes was none
SLACK = 0.03  # seconds that two notes of one voice may overlap, as notes played by hand do


def shown(melody: Melody) -> tuple[Note, ...]:
    """Return the notes of the view that is chosen; the k-th is `melody.notes[k]`, perhaps moved."""
    if not melody.quantised:
        return melody.notes
    placed = on_grid(melody.notes, melody.beat, one_voice(melody))
    pitches = in_key([note.pitch for note in placed], melody.key)
    return tuple(
        replace(note, pitch=pitch) for note, pitch in zip(placed, pitches.tolist(), strict=True)
    )


def named(melody: Melody) -> tuple[Note, ...]:
    """Return the view that is chosen, as other programs should read it.

    Most know whole semitones only, and somebody who sings between two of them means the one in
    the key. So what was sung is moved just as far as it must be to round to that; what was drawn
    or changed by hand stays.
    """
    notes = shown(melody)
    if melody.quantised:
        return notes
    sung = np.array([note.pitch for note in notes])
    tones = in_key(sung.tolist(), melody.key)
    meant = np.clip(sung, tones - ROUNDS, tones + ROUNDS)
    return tuple(
        note if note.own else replace(note, pitch=pitch)
        for note, pitch in zip(notes, meant.tolist(), strict=True)
    )


def one_voice(melody: Melody) -> bool:
    """Whether no two notes sound together, so that none may after an edit."""
    if melody.curves is not None and melody.curves.channels > CURVES:
        return False
    last = before = -math.inf
    for note in melody.notes:
        if note.start < last - SLACK or note.start <= before:
            return False
        last, before = max(last, note.start + note.length), note.start
    return True


def in_key(pitches: Sequence[float], key: str) -> np.ndarray:
    """Return whole MIDI numbers: the nearest tone of the key within `REACH`, else the nearest."""
    exact = np.asarray(pitches, float)
    if not len(exact):
        return exact
    tones = scale(key)
    nearest = np.floor(exact + 0.5)
    around = nearest[:, None] + np.array([0, -1, 1])
    inside = np.isin(around % 12, list(tones))
    away = np.where(inside, np.abs(around - exact[:, None]), np.inf)
    best = away.argmin(1)
    rows = np.arange(len(exact))
    chosen = np.where(away[rows, best] <= REACH, around[rows, best], nearest)
    return np.clip(chosen, LOWEST, HIGHEST)


def on_grid(notes: Sequence[Note], beat: Beat, one_voice: bool) -> list[Note]:
    """Return notes, sorted by their starts, on the nearest places of the grid.

    None is shorter than a step. Those of one voice keep their order and never overlap, and gaps
    too short to be meant close; where more notes are sung than the grid has places, they move as
    little as they can.
    """
    if not notes:
        return []
    step = beat.seconds / beat.grid
    sung = np.array([(note.start, note.stop) for note in notes], float)
    starts, stops = ((sung - beat.first) / step).T
    lowest = math.ceil(-beat.first / step - 1e-9)  # no note begins before 0 s
    if one_voice:
        first = _apart(starts, lowest)
        last = np.maximum(_nearest(stops), first + 1)
        follows = first[1:]
        touches = starts[1:] - stops[:-1] < CLOSE
        last[:-1] = np.where(touches, follows, np.minimum(last[:-1], follows))
    else:
        first = np.maximum(_nearest(starts), lowest)
        last = np.maximum(_nearest(stops), first + 1)
    begins = np.maximum(beat.first + first * step, 0.0)
    lengths = (last - first) * step
    return [
        replace(note, start=start, length=length)
        for note, start, length in zip(notes, begins.tolist(), lengths.tolist(), strict=True)
    ]


def _nearest(places: np.ndarray) -> np.ndarray:
    return np.floor(places + 0.5).astype(np.int64)


def _apart(places: np.ndarray, lowest: int) -> np.ndarray:
    """Whole places in the same order, no two the same, each the nearest where that can be.

    Where several want one place they are moved together, as in isotonic regression.
    """
    blocks: list[tuple[float, int, int]] = []  # sum of places, how many, where they stand
    for rank, place in enumerate(places.tolist()):
        total, count = place - rank, 1
        at = math.floor(total + 0.5)
        while blocks and blocks[-1][2] > at:
            total, count = total + blocks[-1][0], count + blocks[-1][1]
            blocks.pop()
            at = math.floor(total / count + 0.5)
        blocks.append((total, count, at))
    counts = [count for _, count, _ in blocks]
    stands = np.maximum(np.repeat([at for _, _, at in blocks], counts), lowest)
    return stands + np.arange(len(places))
