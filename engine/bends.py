"""Notes that are bent by hand: their pitch slides, as drawn pitch that belongs to the note.

Where a recording lies behind a melody, drawn pitch corrects its curve and stays where it is. Where
none does, it is part of the notes it lies on, and goes where they go.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np

from engine.melody import CURVE_RATE, HIGHEST, LOWEST, Drawn, Melody, Note

SLIDE = 0.16  # seconds in which the pitch goes to where it is bent
STRAIGHT = 0.3  # semitones: closer to its note a pitch is not bent
STILL = 0.01  # semitones that are no bend at all
_FUZZ = 1e-6  # frames; a time that is a frame's but for rounding is that frame's


def traced(note: Note, path: Sequence[tuple[float, float]]) -> Drawn | None:
    """The pitch of a note along a path of `(seconds, pitch)`, drawn away from one of its ends.

    Where the path goes straight up or down the pitch slides, and arrives by its last point; beyond
    that it stays. None for a path that is nowhere bent.
    """
    if all(abs(pitch - note.pitch) < STRAIGHT for _, pitch in path):
        return None
    first, last = _frames(note.start, note.stop)
    times = np.arange(first, max(last, first + 1)) / CURVE_RATE
    back = path[-1][0] < path[0][0]
    away = note.stop - times if back else times - note.start
    half = min(SLIDE, note.length) / 2
    places = [(abs(seconds - path[0][0]), pitch) for seconds, pitch in path]
    goal = max(places[-1][0] - half, half)
    between = [place for place in places[1:-1] if half <= place[0] < goal]
    turn = (goal, float(np.interp(goal, *np.array(places).T)))
    points = [(0.0, path[0][1]), (half, path[0][1]), *between, turn, (goal, path[-1][1])]
    pitches = np.interp(away, *np.array(points).T)
    width = round(2 * half * CURVE_RATE) | 1
    window = np.hanning(width + 2)[1:-1]
    padded = np.pad(pitches, width // 2, mode="edge")
    slid = np.convolve(padded, window / window.sum(), "valid")
    bent = np.flatnonzero(np.abs(slid - note.pitch) > STILL)  # the rest keeps its vibrato
    if not len(bent):
        return None
    begin, end = int(bent[0]), int(bent[-1]) + 1
    return Drawn((first + begin) / CURVE_RATE, tuple(slid[begin:end].tolist()))


def end_of(melody: Melody, index: int, first: bool = False) -> float:
    """The pitch with which a note ends, or begins."""
    note = melody.notes[index]
    piece = _piece(melody.drawn, *_frames(note.start, note.stop))
    at = 0 if first else -1
    drawn = len(piece) > 0 and piece[at] > 0  # NaN is not
    return float(piece[at]) if drawn else note.pitch


def bent(melody: Melody, index: int, pitch: float, first: bool = False) -> Melody:
    """A note that slides to a pitch at its end, or from one at its start; a straight one again."""
    note = melody.notes[index]
    begin, stop = _frames(note.start, note.stop)
    piece = _piece(melody.drawn, begin, stop)
    if not len(piece):
        return melody
    pitch = min(max(pitch, LOWEST), HIGHEST)
    goal = note.pitch if abs(pitch - note.pitch) < STRAIGHT else pitch
    whole = np.where(np.isnan(piece), note.pitch, piece)
    if first:
        whole = whole[::-1]
    reach = min(round(SLIDE * CURVE_RATE), max(len(whole) // 2, 1))
    way = np.arange(1, reach + 1) / reach
    base = whole[-reach - 1] if reach < len(whole) else note.pitch
    whole[-reach:] = base + (goal - base) * (0.5 - 0.5 * np.cos(np.pi * way))
    if first:
        whole = whole[::-1]
    new = np.where(np.abs(whole - note.pitch) > STILL, whole, np.nan)
    notes = [replace(each, own=True) if k == index else each for k, each in enumerate(melody.notes)]
    return replace(melody, notes=tuple(notes), drawn=_laid(melody.drawn, {begin: new}))


def along(before: Melody, after: Melody, moved: Mapping[int, Note]) -> Melody:
    """`after` with the bends of the notes that were at these places and are other notes now.

    A longer or shorter note is bent more slowly or quickly. What a moved note covers of others
    is no longer bent.
    """
    if before.curves is not None or not before.drawn:
        return after
    gone: dict[int, np.ndarray] = {}
    laid: dict[int, np.ndarray] = {}
    for k, note in moved.items():
        old = before.notes[k]
        if (old.start, old.length, old.pitch) == (note.start, note.length, note.pitch):
            continue
        first, last = _frames(old.start, old.stop)
        piece = _piece(before.drawn, first, last)
        gone[first] = np.full(len(piece), np.nan)
        begin, stop = _frames(note.start, note.stop)
        new = np.full(max(stop - begin, 0), np.nan)
        if len(piece) and len(new):
            part = (np.arange(begin, stop) / CURVE_RATE - note.start) / max(note.length, 1e-9)
            at = np.rint((old.start + part * old.length) * CURVE_RATE).astype(int) - first
            new = piece[np.clip(at, 0, len(piece) - 1)]
            new = np.where(new > 0, np.clip(new + note.pitch - old.pitch, LOWEST, HIGHEST), new)
        laid[begin] = new
    if not gone:
        return after
    return replace(after, drawn=_laid(_laid(before.drawn, gone), laid))


def without(melody: Melody, spans: Collection[tuple[float, float]]) -> Melody:
    """The melody without the bends of notes in spans of seconds, that are gone or covered."""
    if melody.curves is not None or not melody.drawn:
        return melody
    edges = (_frames(*span) for span in spans)
    gone = {first: np.full(max(last - first, 0), np.nan) for first, last in edges}
    return replace(melody, drawn=_laid(melody.drawn, gone))


def of(melody: Melody, note: Note) -> tuple[Drawn, ...]:
    """What is drawn on a note, as if the note began at 0 s."""
    first, last = _frames(note.start, note.stop)
    piece = _piece(melody.drawn, first, last)
    shift = first / CURVE_RATE - note.start
    return tuple(replace(each, start=each.start + shift) for each in _strokes(piece))


def _frames(start: float, stop: float) -> tuple[int, int]:
    """The first frame of a span of seconds, and that after its last one."""
    first, last = np.ceil(np.array([start, stop]) * CURVE_RATE - _FUZZ).astype(int).tolist()
    return max(first, 0), max(last, 0)


def _piece(drawn: Sequence[Drawn], first: int, last: int) -> np.ndarray:
    """What is drawn between two frames; NaN where nothing is."""
    out = np.full(max(last - first, 0), np.nan)
    for stroke in drawn:
        at = round(stroke.start * CURVE_RATE)
        a, b = max(at, first), min(at + len(stroke.pitches), last)
        if a < b:
            out[a - first : b - first] = stroke.pitches[a - at : b - at]
    return out


def _laid(drawn: Sequence[Drawn], pieces: Mapping[int, np.ndarray]) -> tuple[Drawn, ...]:
    """Strokes with others, by their first frames, in their place; NaN takes away."""
    ends = [round(stroke.start * CURVE_RATE) + len(stroke.pitches) for stroke in drawn]
    ends += [first + len(piece) for first, piece in pieces.items()]
    whole = _piece(drawn, 0, max(ends, default=0))
    for first, piece in pieces.items():
        whole[first : first + len(piece)] = piece
    return _strokes(whole)


def _strokes(whole: np.ndarray) -> tuple[Drawn, ...]:
    """Frames as strokes, without those that are NaN."""
    there = np.concatenate([[False], ~np.isnan(whole), [False]])
    edges = np.flatnonzero(np.diff(there.astype(int))).tolist()
    return tuple(
        Drawn(a / CURVE_RATE, tuple(whole[a:b].tolist()))
        for a, b in zip(edges[::2], edges[1::2], strict=True)
    )
