"""From the curves of a network to notes: pure numpy, quick enough to follow a slider.

The pitch of one voice becomes notes by the cheapest path through states "silent" and one per half
semitone: every frame costs its distance from the state, every change of state a fixed price, which
an onset makes cheaper. (Potts smoothing by dynamic programming; Viterbi, 1967.)
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from engine.melody import (
    CURVE_RATE,
    CURVES,
    LEVEL,
    ONSET,
    PITCH,
    VOICED,
    Melody,
    Note,
    NoteSettings,
)

FIRST, LAST = 33.0, 93.0  # MIDI numbers of the lowest and the highest state: A1 and A6
STATES_PER_SEMITONE = 2
STEP = 2  # frames of the curves in one frame of the path
CHANGE = 3.0  # price of going to another state
FAR = 2.0  # semitones from which on a frame costs the same for every state
DULL = 1.0  # how much a semitone costs in one frame
DEAREST = 3.0  # what being silent costs at most where somebody surely sings, and the other way
TOUCH = 0.02  # seconds by which a note may lie over one of one's own
BESIDE = 10  # frames of the curves from an edge of the path within which an onset is that edge
UPON = 4  # frames of the curves from an edge within which an onset keeps two notes apart there
FINE = 0.05  # semitones between the pitches that a note may get
WIDTH = 0.4  # semitones: how far beside a pitch still counts for it, as a standard deviation
LOUD = 0.1  # RMS of a note of velocity 0.8


def contour(melody: Melody, start: float, stop: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return `(times, pitches, voiced)` of the pitch curve between two times in seconds.

    Float64 arrays of one length, `CURVE_RATE` frames a second; pitches are MIDI numbers, `voiced`
    probabilities. What was drawn lies over what was measured: its pitch is certain, 0 is silence.
    All are empty without curves of one voice and without drawn pitch.
    """
    curves = melody.curves
    measured = curves is not None and curves.channels == CURVES
    ends = [stroke.start + len(stroke.pitches) / CURVE_RATE for stroke in melody.drawn]
    if measured:
        assert curves is not None
        ends.append(curves.seconds)
    first = max(round(start * CURVE_RATE), 0)
    last = max(min(round(stop * CURVE_RATE) + 1, round(max(ends, default=0.0) * CURVE_RATE)), first)
    times = np.arange(first, last) / CURVE_RATE
    pitches, voiced = np.zeros(last - first), np.zeros(last - first)
    if measured:
        assert curves is not None
        values = curves.read(first, last)
        pitches, voiced = values[PITCH].astype(float), values[VOICED].astype(float)
    for stroke in melody.drawn:
        at = round(stroke.start * CURVE_RATE)
        a, b = max(at, first), min(at + len(stroke.pitches), last)
        if a < b:
            piece = np.array(stroke.pitches[a - at : b - at])
            pitches[a - first : b - first] = piece
            voiced[a - first : b - first] = piece > 0
    return times, pitches, voiced


def read(melody: Melody) -> tuple[Note, ...]:
    """Read the notes anew from the curves, by the settings.

    Notes of one's own stay, and push aside what they overlap; lyrics go on to the new notes.
    """
    curves, settings = melody.curves, melody.settings
    if curves is None:
        return melody.notes
    if curves.channels > CURVES:
        from engine import polyphony

        return _kept(melody, polyphony.notes(curves, settings), many=True)
    _, pitches, voiced = contour(melody, 0.0, curves.seconds)
    values = curves.read(0, len(pitches))
    return _kept(melody, one_voice(pitches, voiced, values[ONSET], values[LEVEL], settings))


def one_voice(
    pitches: np.ndarray,
    voiced: np.ndarray,
    onsets: np.ndarray,
    level: np.ndarray,
    settings: NoteSettings,
) -> list[Note]:
    """Notes of one voice from its curves, each `(frames,)`."""
    from scipy.ndimage import median_filter  # a fifth of the start: in the lane that reads notes

    if not len(pitches):
        return []
    width = round(settings.smoothing * CURVE_RATE) // 2 * 2 + 1
    smooth = median_filter(pitches, width, mode="nearest") if width > 1 else pitches
    path = _path(smooth[::STEP], voiced[::STEP], _strongest(onsets), settings)
    peaks = _peaks(onsets, settings)
    spans = _spans(path, peaks)
    spans = _merged(spans, smooth, set(peaks.tolist()), settings)
    shortest = max(round(settings.shortest * CURVE_RATE), 1)
    notes = []
    for start, stop in spans:
        if stop - start < shortest:
            continue
        notes.append(
            Note(
                start / CURVE_RATE,
                (stop - start) / CURVE_RATE,
                float(np.clip(_centre(smooth[start:stop], voiced[start:stop]), 0.0, 127.0)),
                velocity=_velocity(level[start:stop]),
                confidence=float(np.clip(voiced[start:stop].mean(), 0.0, 1.0)),
            )
        )
    return notes


def _strongest(onsets: np.ndarray) -> np.ndarray:
    """The onset curve on the path's frames: no peak is lost."""
    padded = np.pad(onsets, (0, -len(onsets) % STEP))
    return padded.reshape(-1, STEP).max(1)


def _path(
    pitches: np.ndarray, voiced: np.ndarray, onsets: np.ndarray, settings: NoteSettings
) -> np.ndarray:
    """The cheapest state of each frame: 0 is silence, k the k-th pitch. int `(frames,)`."""
    states = np.arange(FIRST, LAST, 1 / STATES_PER_SEMITONE)
    off = np.minimum(np.abs(pitches[:, None] - states), FAR) * DULL
    # Silence is as cheap as singing where `voiced` meets its threshold.
    odds = _logit(voiced) - _logit(np.array(settings.voiced))
    cost = np.empty((len(pitches), len(states) + 1), np.float32)
    cost[:, 0] = np.clip(2 * odds, 0.0, DEAREST)
    cost[:, 1:] = off * np.clip(voiced[:, None] * 2, 0.1, 1.0)
    cost[:, 1:] += np.clip(-2 * odds, 0.0, DEAREST)[:, None]
    price = (CHANGE * (1.0 - 0.8 * np.clip(onsets, 0.0, 1.0))).tolist()
    best = cost[0].copy()
    came = np.empty(len(pitches), np.int32)
    stayed = np.empty(cost.shape, bool)
    for frame in range(1, len(pitches)):
        cheapest = int(best.argmin())
        change = best[cheapest] + price[frame]
        came[frame] = cheapest
        np.less_equal(best, change, out=stayed[frame])
        np.minimum(best, change, out=best)
        best += cost[frame]
    path = np.empty(len(pitches), np.int32)
    path[-1] = best.argmin()
    for frame in range(len(pitches) - 1, 0, -1):
        here = path[frame]
        path[frame - 1] = here if stayed[frame, here] else came[frame]
    return path


def _logit(share: np.ndarray) -> np.ndarray:
    share = np.clip(share, 1e-3, 1 - 1e-3)
    return np.log(share / (1 - share))


def _peaks(onsets: np.ndarray, settings: NoteSettings) -> np.ndarray:
    """Frames of the onsets that are sure enough and not too near to a stronger one."""
    inner = onsets[1:-1]
    tops = 1 + np.flatnonzero(
        (inner >= max(settings.onset, 1e-3)) & (inner > onsets[:-2]) & (inner >= onsets[2:])
    )
    apart = max(round(settings.shortest * CURVE_RATE), 1)
    kept: list[int] = []
    for top in tops:
        if kept and top - kept[-1] < apart:
            if onsets[top] > onsets[kept[-1]]:
                kept[-1] = int(top)
        else:
            kept.append(int(top))
    return np.array(kept, np.int64)


def _spans(path: np.ndarray, peaks: np.ndarray) -> list[tuple[int, int]]:
    """Stretches `(start, stop)` of one state in frames of the curves, cut at onsets inside."""
    edges = np.flatnonzero(np.diff(path)) + 1
    bounds = [0, *edges.tolist(), len(path)]
    spans: list[tuple[int, int]] = []
    for a, b in itertools.pairwise(bounds):
        if path[a] == 0:
            continue
        start, stop = a * STEP, b * STEP
        # An onset beside an edge is that edge.
        inside = peaks[(peaks > start + BESIDE) & (peaks < stop - BESIDE)].tolist()
        cuts = [start, *inside, stop]
        spans += itertools.pairwise(cuts)
    return spans


def _merged(
    spans: list[tuple[int, int]], pitches: np.ndarray, peaks: set[int], settings: NoteSettings
) -> list[tuple[int, int]]:
    """Join neighbours of nearly one pitch with no onset between, and crumbs to what they touch."""
    shortest = max(round(settings.shortest * CURVE_RATE), 1)
    out: list[tuple[int, int]] = []
    for start, stop in spans:
        if (
            out
            and start - out[-1][1] <= 1
            and not any(p in peaks for p in range(start - UPON, start + UPON + 1))
        ):
            before = out[-1]
            near = abs(np.median(pitches[start:stop]) - np.median(pitches[before[0] : before[1]]))
            crumb = min(stop - start, before[1] - before[0]) < shortest
            if near < settings.merge or crumb:
                out[-1] = (before[0], stop)
                continue
        out.append((start, stop))
    return out


def _centre(pitches: np.ndarray, voiced: np.ndarray) -> float:
    """The pitch a listener names: where it stays longest, after the glide into it."""
    inner = slice(len(pitches) // 5, None)
    sure = voiced[inner] >= 0.5
    chosen = pitches[inner][sure] if sure.any() else pitches
    chosen = chosen[chosen > 0] if (chosen > 0).any() else chosen
    tried = np.arange(chosen.min(), chosen.max() + FINE, FINE)
    near = np.exp(-0.5 * np.square((tried[:, None] - chosen) / WIDTH)).sum(1)
    return float(tried[near.argmax()])


def _velocity(level: np.ndarray) -> float:
    loud = float(np.sqrt(np.mean(np.square(level)))) if len(level) else 0.0
    if loud <= 0.0:
        return 0.8
    return float(np.clip(0.8 + np.log10(loud / LOUD) * 0.5, 0.2, 1.0))


def _kept(melody: Melody, fresh: Iterable[Note], many: bool = False) -> tuple[Note, ...]:
    """Fresh notes beside those of one's own, which come first; lyrics stay where they were."""
    own = [note for note in melody.notes if note.own]
    free = list(fresh)
    for mine in own:
        free = [
            note
            for note in free
            if note.stop <= mine.start + TOUCH
            or note.start >= mine.stop - TOUCH
            or (many and abs(note.pitch - mine.pitch) >= 0.5)
        ]
    for start, stop, pitch in melody.settled:
        free = [
            note
            for note in free
            if min(note.stop, stop) - max(note.start, start) < note.length / 2
            or (many and abs(note.pitch - pitch) >= 0.5)
        ]
    for old in melody.notes:
        if not old.lyric or old.own:
            continue
        shared = [
            0.0 if note.lyric else min(note.stop, old.stop) - max(note.start, old.start)
            for note in free
        ]
        best = int(np.argmax(shared)) if shared else 0
        if shared and shared[best] > 0:
            free[best] = replace(free[best], lyric=old.lyric)
    return melody.with_notes([*own, *free]).notes
